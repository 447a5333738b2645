"""How a catalogue stands in tables: one for each part of a record, the columns of each, and what goes into a cell.

The tables are the same in Excel and in CSV. Rows of one procedure follow in the order in which they are told; a row
that belongs to another row names it: a sum says "Trực tuyến", or "Trực tuyến 2" when a procedure has two such channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Any

from knowledge.wording import CHOICES, NO, YES, label

OWNER = "owner"
"""The column that names the channel, local rule or question a row belongs to."""

RULE = "Quy định"
SEPARATOR = ";"
HELP_SHEET = "Hướng dẫn"
LIST_SHEET = "Danh mục"
FAULT_SHEET = "Lỗi"
BESIDE = (HELP_SHEET, LIST_SHEET, FAULT_SHEET)
"""What stands in our workbooks beside the tables."""


class Kind(Enum):
    """What a cell holds."""

    TEXT = auto()
    CODE = auto()
    INTEGER = auto()
    NUMBER = auto()
    DAY = auto()
    YES = auto()
    CHOICE = auto()
    SEVERAL = auto()
    WHEN = auto()


@dataclass(frozen=True)
class Column:
    """One column: the field it holds ("source.url" for a field of a field), its heading, and help for the clerk."""

    part: str
    field: str
    help: str
    kind: Kind = Kind.TEXT
    needed: bool = False
    width: int = 20
    named: str = ""

    @cached_property
    def heading(self) -> str:
        """What stands above the column, with a star when it must be filled in."""
        part, _, field = self.field.rpartition(".")
        return (self.named or label(part or self.part, field)) + (" *" if self.needed else "")

    @cached_property
    def choices(self) -> Mapping[str, str]:
        """The words to choose from, by the value each stands for."""
        if self.kind is Kind.YES:
            return {"true": YES.capitalize(), "false": NO.capitalize()}
        return {key.value: words for key, words in CHOICES.get((self.part, self.field), {}).items()}


@dataclass(frozen=True)
class Sheet:
    """One table: the part of a record it holds; ``plain``: each row is one text of a list."""

    part: str
    title: str
    columns: tuple[Column, ...]
    plain: bool = False

    @cached_property
    def fields(self) -> dict[str, Column]:
        """The columns of the sheet by field."""
        return {column.field: column for column in self.columns}


_CODE_HELP = "Mã thủ tục trên Cổng Dịch vụ công quốc gia, dạng 1.001193."
_WHEN_HELP = (
    "Để trống: luôn cần. Chỉ khi trả lời thế nào thì ghi mã câu hỏi = mã lựa chọn: nguoi_di = ho, khac; han = tre."
)
_OWNER_HELP = "Thuộc cách nộp nào: Trực tiếp, Trực tuyến, Bưu chính (cách thứ hai cùng loại: Trực tuyến 2), Quy định 1."


def _code(part: str) -> Column:
    return Column(part, "code", _CODE_HELP, Kind.CODE, needed=True, width=12, named=label("", "code"))


def _when(part: str) -> Column:
    return Column(part, "when", _WHEN_HELP, Kind.WHEN, width=28)


def _condition(part: str) -> Column:
    return Column(part, "condition", "Khi nào hoặc ai cần, nói bằng lời; để trống: luôn luôn.", width=30)


def _note(part: str, said: str = "Điều người đọc cần biết thêm.") -> Column:
    return Column(part, "note", said, width=36)


def _texts(field: str, said: str) -> Sheet:
    return Sheet(field, label("", field), (_code(field), Column("", field, said, needed=True, width=90)), plain=True)


_RECORD = Sheet(
    "",
    "Thủ tục",
    (
        _code(""),
        Column("", "name", "Tên chính thức, đúng từng chữ.", needed=True, width=50),
        Column("", "field", "Lĩnh vực, ví dụ Hộ tịch.", needed=True),
        Column("", "levels", "Một hay nhiều cấp, cách nhau bằng dấu chấm phẩy.", Kind.SEVERAL),
        Column("", "agency", "Cơ quan thực hiện.", width=30),
        Column("", "audience", "Ai được làm, cách nhau bằng dấu chấm phẩy.", Kind.SEVERAL, width=30),
        Column("", "summary", "Một câu dễ hiểu: thủ tục để làm gì, ai cần.", width=50),
        Column("", "decision", "Số quyết định công bố.", width=24),
        Column("", "in_force_since", "Ngày có hiệu lực, dạng 22/11/2026.", Kind.DAY, width=14),
        Column("", "abolished_on", "Ngày bãi bỏ, dạng 22/11/2026; để trống: còn hiệu lực.", Kind.DAY, width=14),
        Column("", "successor", "Mã thủ tục thay thế khi đã bãi bỏ.", Kind.CODE, width=12),
        Column("", "family", "Mã chung của các thủ tục gần nhau, ví dụ khai-sinh."),
        Column("", "variant", "Khác thủ tục gốc của nhóm ở chỗ nào; để trống: là thủ tục gốc."),
        Column("", "provincial", "Có nếu chỉ một tỉnh công bố; để trống: không.", Kind.YES, width=12),
        Column("", "prior", "Hay được hỏi đến đâu, từ 0 đến 1; để trống: 0.", Kind.NUMBER, width=12),
        Column("", "source.name", "Đọc ở đâu, ví dụ Cổng Dịch vụ công quốc gia.", needed=True, width=28),
        Column("", "source.url", "Đường dẫn tới nguồn.", width=28),
        Column("", "source.read_on", "Ngày đọc nguồn, dạng 22/11/2026.", Kind.DAY, needed=True, width=14),
        Column("", "source.verified", "Có nếu đã so với một nguồn thứ hai.", Kind.YES, needed=True, width=12),
        Column("", "source.note", "Điều còn thiếu hoặc chưa khớp giữa các nguồn.", width=36),
    ),
)

SHEETS = (
    _RECORD,
    _texts("names", "Mỗi dòng một cách gọi của người dân."),
    Sheet(
        "documents",
        label("", "documents"),
        (
            _code("documents"),
            Column("documents", "name", "Tên một giấy tờ.", needed=True, width=50),
            Column("documents", "form", "Số mẫu, khi có mẫu quy định.", width=16),
            Column("documents", "form_url", "Nơi tải mẫu.", width=24),
            Column("documents", "originals", "Số bản chính; để trống: 0.", Kind.INTEGER, width=10),
            Column("documents", "copies", "Số bản sao; để trống: 0.", Kind.INTEGER, width=10),
            Column("documents", "handling", "Nộp, chỉ xuất trình, hay cơ quan tự tra cứu; để trống: Nộp.", Kind.CHOICE),
            _condition("documents"),
            _when("documents"),
        ),
    ),
    Sheet(
        "channels",
        label("", "channels"),
        (
            _code("channels"),
            Column("channels", "kind", "Trực tiếp, Trực tuyến hay Bưu chính.", Kind.CHOICE, needed=True, width=14),
            Column("channels", "where", "Đến đâu, hoặc nộp ở trang nào.", width=60),
            _when("channels"),
        ),
    ),
    Sheet(
        "time_limits",
        "Thời hạn",
        (
            _code("time_limits"),
            Column("time_limits", OWNER, _OWNER_HELP, needed=True, width=14, named="Của cách nộp"),
            Column("time_limits", "amount", "Chỉ con số; để trống nếu nguồn không ghi số.", Kind.INTEGER, width=10),
            Column("time_limits", "unit", "Giờ, ngày, ngày làm việc, tháng.", Kind.CHOICE, width=16),
            _condition("time_limits"),
            _when("time_limits"),
            _note("time_limits"),
        ),
    ),
    Sheet(
        "money",
        "Tiền",
        (
            _code("money"),
            Column("money", OWNER, _OWNER_HELP, needed=True, width=14, named="Của cách nộp"),
            Column("money", "kind", "Phí (giá một dịch vụ) hay lệ phí.", Kind.CHOICE, needed=True, width=10),
            Column("money", "amount", "Số đồng; 0 là miễn phí; để trống: chưa biết hoặc tỉnh quy định.", Kind.INTEGER),
            Column("money", "unit", "Tính theo gì: bản, trang, hồ sơ, lần.", width=14),
            Column("money", "from_unit", "Từ bản, trang thứ mấy; để trống: 1.", Kind.INTEGER, width=12),
            Column("money", "to_unit", "Đến bản, trang thứ mấy; để trống: hết.", Kind.INTEGER, width=12),
            _condition("money"),
            _when("money"),
            Column("money", "set_by", "Cả nước hay Tỉnh quy định; để trống: Cả nước.", Kind.CHOICE, width=14),
            Column("money", "basis", "Số văn bản quy định mức này.", width=24),
            _note("money"),
        ),
    ),
    Sheet(
        "questions",
        label("", "questions"),
        (
            _code("questions"),
            Column("questions", "id", "Chữ thường không dấu, ví dụ nguoi_di; không trùng.", needed=True, width=14),
            Column("questions", "text", "Câu hỏi, nói dễ hiểu.", needed=True, width=60),
            _when("questions"),
        ),
    ),
    Sheet(
        "choices",
        label("questions", "choices"),
        (
            _code("choices"),
            Column("choices", OWNER, "Mã câu hỏi, như ở trang Câu hỏi.", needed=True, width=14, named="Của câu hỏi"),
            Column("choices", "id", "Chữ thường không dấu, ví dụ tre_han.", needed=True, width=14),
            Column("choices", "text", "Câu trả lời trong vài chữ, như trên nút bấm.", needed=True, width=40),
            _note("choices", "Điều người chọn câu này cần biết."),
        ),
    ),
    Sheet(
        "steps",
        label("", "steps"),
        (_code("steps"), Column("steps", "text", "Một bước.", needed=True, width=90), _when("steps")),
    ),
    _texts("results", "Mỗi dòng một kết quả."),
    _texts("conditions", "Mỗi dòng một yêu cầu, điều kiện."),
    _texts("exemptions", "Mỗi dòng một trường hợp được miễn hoặc giảm tiền."),
    Sheet(
        "legal_basis",
        label("", "legal_basis"),
        (
            _code("legal_basis"),
            Column("legal_basis", "number", "Số văn bản.", needed=True, width=28),
            Column("legal_basis", "title", "Tên văn bản.", needed=True, width=90),
        ),
    ),
    Sheet(
        "local_rules",
        label("", "local_rules"),
        (
            _code("local_rules"),
            Column("local_rules", "province", "Mã tỉnh hai chữ số: xem trang Danh mục.", needed=True, width=10),
            Column("local_rules", "channel", "Chỉ cho cách nộp nào; để trống: mọi cách.", Kind.CHOICE, width=14),
            Column("local_rules", "basis", "Số văn bản của tỉnh.", needed=True, width=28),
            Column("local_rules", "url", "Đường dẫn tới văn bản.", width=28),
            Column("local_rules", "read_on", "Ngày đọc, dạng 22/11/2026.", Kind.DAY, needed=True, width=14),
            Column("local_rules", "verified", "Có nếu đã so với một nguồn thứ hai.", Kind.YES, width=12),
        ),
    ),
    _texts("warnings", "Mỗi dòng một điều chưa chắc của nguồn, người đọc sẽ thấy."),
)
"""All tables, in the order of the workbook."""

BY_PART: Mapping[str, Sheet] = {sheet.part: sheet for sheet in SHEETS}


def nth(name: str, count: int) -> str:
    """Return how a row names the ``count``-th of its owners called ``name``."""
    return name if count == 1 else f"{name} {count}"


def dig(item: Mapping[str, Any], field: str) -> Any:
    """Return a field of a record's JSON, "source.url" of the part named before the point."""
    part, _, name = field.rpartition(".")
    return (item[part] if part else item).get(name)
