"""What may be held back, and what is said of it: to whoever wrote it, and to the other side."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.assistance.tables import Side


class Secret(StrEnum):
    """What a text would give away. ``otp``: any code; ``identity``: also passports, insurance."""

    OTP = "otp"
    PASSWORD = "password"  # noqa: S105
    IDENTITY = "identity"
    CARD = "card"
    PHONE = "phone"
    ACCOUNT = "account"


QUIET_WORDS = "Người bên kia vừa viết một điều không nên gửi qua đây, nên tin đó không được chuyển."
"""What the other side is told of a message that was held."""

_HELD = "Tin vừa rồi có {what}. Để giữ an toàn cho {whom}, tôi không chuyển tin này và cũng không lưu lại."
_WHOM = {Side.CITIZEN: "anh/chị", Side.HELPER: "bà con", Side.NOTE: "anh/chị"}
_NAMES = {
    Secret.OTP: "dãy số giống mã xác thực (OTP)",
    Secret.PASSWORD: "mật khẩu",
    Secret.IDENTITY: "số giấy tờ",
    Secret.CARD: "số thẻ hoặc số tài khoản",
    Secret.PHONE: "số điện thoại",
    Secret.ACCOUNT: "tên tài khoản để liên lạc riêng",
}
_ADVICE = {
    (Secret.OTP, Side.CITIZEN): "Mã này anh/chị tự nhập trên máy của mình, không đọc cho ai.",
    (Secret.OTP, Side.HELPER): "Mã này bà con tự nhập trên máy của họ, xin đừng hỏi và đừng đọc hộ.",
    (Secret.PASSWORD, Side.CITIZEN): "Mật khẩu anh/chị tự gõ trên máy của mình. Nếu đã lỡ đưa cho ai, xin đổi ngay.",
    (Secret.PASSWORD, Side.HELPER): "Mật khẩu bà con tự đặt và tự gõ, xin đừng đặt hộ hay giữ hộ.",
    (Secret.IDENTITY, Side.CITIZEN): "Số giấy tờ anh/chị tự điền vào tờ khai, hoặc đưa xem khi gặp trực tiếp ở quầy.",
    (Secret.IDENTITY, Side.HELPER): "Số giấy tờ bà con tự điền vào tờ khai.",
    (
        Secret.CARD,
        Side.CITIZEN,
    ): "Phí, lệ phí chỉ nộp trên Cổng Dịch vụ công quốc gia hoặc ở quầy, không chuyển cho ai.",
    (Secret.CARD, Side.HELPER): "Phí, lệ phí bà con tự nộp trên Cổng Dịch vụ công quốc gia hoặc ở quầy.",
    (Secret.PHONE, Side.CITIZEN): "Hai bên trao đổi ngay tại đây là đủ, không cần cho số điện thoại.",
    (Secret.PHONE, Side.HELPER): "Hai bên trao đổi ngay tại đây là đủ, không cần cho số điện thoại.",
    (Secret.ACCOUNT, Side.CITIZEN): "Hai bên trao đổi ngay tại đây là đủ, không cần nhắn riêng nơi khác.",
    (Secret.IDENTITY, Side.NOTE): "Ở đây không cần ghi số giấy tờ.",
    (Secret.CARD, Side.NOTE): "Ở đây không cần ghi số thẻ hay số tài khoản.",
    (Secret.PHONE, Side.NOTE): "Ở đây không cần ghi số điện thoại: có gì mới, tôi báo anh/chị ngay tại đây.",
}
_NEVER = "Cán bộ và tình nguyện viên không bao giờ hỏi mã OTP hay mật khẩu."
_REWORD = "Nếu tôi nhầm, xin viết lại câu đó bằng cách khác."


def explanation(secrets: Sequence[Secret], side: Side) -> str:
    """Return what is said to whoever wrote it: that nothing was passed on or kept, and what to do instead.

    ``side`` NOTE: it was written to us, for staff to read later.
    """
    what = " và ".join(_NAMES[secret] for secret in secrets)
    advice = (_ADVICE.get((secret, side)) or _ADVICE[secret, Side.CITIZEN] for secret in secrets)
    return "\n".join((_HELD.format(what=what, whom=_WHOM[side]), *advice, _NEVER, _REWORD))
