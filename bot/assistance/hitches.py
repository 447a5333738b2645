"""What stops people at a step of filing online, each with the one thing that helps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hitch:
    """A cause by its name on buttons, what it is called, what helps, and the article that tells more."""

    name: str
    label: str
    help: str
    article: str = ""


OTHER = Hitch(
    "other",
    "Chuyện khác",
    "Anh/chị gọi tổng đài 18001096 của Cổng Dịch vụ công quốc gia, hoặc chuyển hồ sơ cho đồng đội. Không ổn thì người "
    "dân đến bộ phận Một cửa, cán bộ làm cùng.",
)
DOWN = Hitch(
    "down",
    "Trang không mở được",
    "Thử mạng khác (Wi-Fi đổi sang 4G) và tải lại trang. Vẫn không được thì cổng đang bận: hẹn người dân lúc khác, "
    "thường sáng sớm hoặc buổi tối vào nhanh hơn.",
)
HITCHES: dict[str, tuple[Hitch, ...]] = {
    "portal": (DOWN, OTHER),
    "login": (
        Hitch(
            "password",
            "Quên mật khẩu VNeID",
            "Mở ứng dụng VNeID, bấm “Quên mật khẩu” rồi làm theo. Người dân tự gõ số căn cước và mã gửi về máy.",
            "vneid-quen-mat-khau",
        ),
        Hitch(
            "level",
            "Mới có mức 1",
            "Mức 1 không nộp được. Người dân mang thẻ căn cước đến công an xã, phường để làm mức 2, miễn phí. Hôm nay "
            "thì đi nộp trực tiếp.",
            "vneid-muc-2",
        ),
        Hitch(
            "otp",
            "Không nhận được mã OTP",
            "Xem máy có đang cầm đúng SIM đã đăng ký VNeID, còn sóng, chưa đầy tin nhắn. Chờ hai phút rồi bấm gửi lại. "
            "Không bao giờ nhờ người khác nhận mã thay.",
            "vneid-mat-dien-thoai",
        ),
        DOWN,
        OTHER,
    ),
    "choose": (
        Hitch(
            "missing",
            "Không tìm thấy thủ tục",
            "Gõ đúng mã thủ tục, có dấu chấm. Vẫn không thấy thì gõ vài chữ của tên thủ tục và chọn đúng tỉnh, thành "
            "phố.",
        ),
        Hitch(
            "office",
            "Không thấy nơi nhận",
            "Từ 1/7/2025 xã, phường đã sáp nhập, không còn cấp huyện: chọn tỉnh mới rồi tìm tên xã, phường mới. Không "
            "thấy thì nơi ấy chưa nhận qua mạng, người dân nộp trực tiếp.",
            "giay-to-sau-sap-nhap",
        ),
        DOWN,
        OTHER,
    ),
    "fill": (
        Hitch(
            "data",
            "Thông tin có sẵn bị sai",
            "Thông tin lấy từ dữ liệu dân cư, không sửa trên trang được. Người dân mang giấy khai sinh, căn cước đến "
            "công an xã, phường xin sửa trước, rồi mới nộp.",
        ),
        Hitch(
            "unclear",
            "Không biết điền ô nào",
            "Ô có dấu sao đỏ thì phải điền, ô khác bỏ trống được. Không chắc thì gọi 18001096, đừng đoán.",
        ),
        OTHER,
    ),
    "attach": (
        Hitch(
            "large",
            "Tệp quá lớn",
            "Chụp lại ở cỡ ảnh nhỏ hơn, hoặc gửi ảnh qua ứng dụng nhắn tin cho chính mình rồi tải về, ảnh sẽ nhẹ đi. "
            "Mỗi ảnh chỉ chụp một giấy.",
        ),
        Hitch(
            "format",
            "Trang không nhận tệp",
            "Trang thường nhận PDF, JPG, PNG. Máy iPhone chụp ra HEIC: vào Cài đặt, Camera, Định dạng, chọn “Tương "
            "thích nhất” rồi chụp lại.",
        ),
        Hitch(
            "lacking",
            "Thiếu giấy tờ",
            "Trang cho lưu nháp thì lưu, hẹn người dân ngày khác. Hồ sơ ở đây vẫn giữ, lúc nào cũng mở lại được.",
        ),
        OTHER,
    ),
    "pay": (
        Hitch(
            "failed",
            "Trả tiền không được",
            "Xem tài khoản còn đủ tiền, đã bật thanh toán qua mạng chưa, rồi thử cách khác trên trang. Không trả lại "
            "lần nữa khi chưa rõ đã trừ tiền hay chưa.",
        ),
        Hitch(
            "charged",
            "Đã trừ tiền, trang chưa báo",
            "Chụp lại tin báo trừ tiền, chờ khoảng 30 phút rồi mở lại hồ sơ trên trang. Vẫn chưa báo thì gọi 18001096. "
            "Đừng trả lần thứ hai.",
        ),
        Hitch(
            "account",
            "Không có tài khoản ngân hàng",
            "Trang không cho trả sau thì người dân nhờ con cháu trả bằng tài khoản của họ, hoặc đi nộp trực tiếp và "
            "trả tại quầy. Anh/chị không trả hộ.",
        ),
        OTHER,
    ),
    "submit": (
        Hitch(
            "sign",
            "Trang đòi chữ ký số",
            "Một số thủ tục phải ký số. Người dân chưa có thì đăng ký trong VNeID, hoặc đi nộp trực tiếp.",
            "chu-ky-so",
        ),
        Hitch(
            "error",
            "Bấm nộp thì báo lỗi",
            "Đọc dòng chữ đỏ: thường còn ô bắt buộc bỏ trống hoặc thiếu tệp. Sửa xong bấm lại. Lỗi lạ thì lưu nháp và "
            "thử sau.",
        ),
        DOWN,
        OTHER,
    ),
    "code": (
        Hitch(
            "lost",
            "Không thấy mã hồ sơ",
            "Vào mục quản lý hồ sơ đã nộp của người dân trên trang, hoặc xem tin nhắn, thư điện tử báo đã nhận hồ sơ.",
        ),
        OTHER,
    ),
}
"""By the name of the step (``bot.assistance.filing.STEPS``)."""


def find(step: str, name: str) -> Hitch | None:
    """Return a cause of a step."""
    return next((hitch for hitch in HITCHES.get(step, ()) if hitch.name == name), None)
