"""One place where dossiers are handed in, and what each column of a workbook says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.calendar import Hours
from knowledge.places import Commune


class Kind(StrEnum):
    """Who receives papers at an office: the one-stop counter, or the post in its place."""

    ONE_STOP = "Một cửa"
    POST = "Bưu chính"


@dataclass(frozen=True, slots=True)
class Office:
    """An office; ``hours`` None when nobody told them, degrees None likewise.

    A ``sample`` shows the shape of the data only: nobody may be sent there, its phone and map link are never shown.
    """

    name: str
    kind: Kind
    commune: Commune
    address: str
    hours: Hours | None
    phone: str | None
    map_url: str | None
    latitude: float | None
    longitude: float | None
    sample: bool
    read_on: date
    source: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what to write there, and the words to choose from, when there are some."""

    heading: str
    help: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    width: int = 16


YES, NO = "có", "không"
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
SHEET = "Nơi nộp"
_HOURS = "Giờ mở cửa, ví dụ 7:30-11:30, 13:30-17:00; không mở thì ghi nghỉ. Chưa biết thì để trống cả bảy ngày."
COLUMNS = {
    "name": Column("Tên nơi nộp", "Tên như trên biển hiệu.", True, width=42),
    "kind": Column("Loại", "Một cửa: bộ phận Một cửa. Bưu chính: điểm bưu chính nhận hồ sơ.", True, tuple(Kind)),
    "code": Column("Mã xã", "Mã 5 số của xã, phường (Quyết định 19/2025/QĐ-TTg). Không biết thì ghi hai cột sau."),
    "commune": Column("Xã, phường", "Tên xã, phường, đặc khu từ 1/7/2025. Bỏ trống được khi đã có mã.", width=24),
    "province": Column("Tỉnh, thành phố", "Chọn trong danh sách 34 tỉnh, thành phố.", width=24),
    "address": Column("Địa chỉ", "Số nhà, đường, thôn, đủ để đi tới.", True, width=42),
    **{f"day{number}": Column(day, _HOURS, width=24) for number, day in enumerate(WEEKDAYS)},
    "phone": Column("Điện thoại", "Số để người dân gọi. Để ô dạng Văn bản cho khỏi mất số 0 đầu."),
    "map_url": Column("Liên kết bản đồ", "Địa chỉ http:// hoặc https:// mở bản đồ.", width=32),
    "latitude": Column("Vĩ độ", "Độ thập phân, ví dụ 21,0285."),
    "longitude": Column("Kinh độ", "Độ thập phân, ví dụ 105,8542."),
    "sample": Column("Dữ liệu mẫu", "có: dòng mẫu, không có thật. không: địa chỉ thật đã kiểm tra.", True, (YES, NO)),
    "read_on": Column("Ngày đọc", "Ngày kiểm tra lại thông tin, ví dụ 22/11/2026.", True),
    "source": Column("Nguồn", "Lấy ở đâu: quyết định, trang web, người gọi điện hỏi.", True, width=32),
}
"""By the name of the value, in the order of the sheet."""
