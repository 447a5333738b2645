"""The form of a record: which fields and lists stand on which page of it, and what is said beside each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.exchange.layout import BY_PART, OWNER, Column, Kind
from knowledge.wording import label

LINES = "names"
"""The list that is written as one text, a line for each."""

_HIDDEN = {("questions", "id"), ("choices", "id")}
_LONG = 30
_HELP: Mapping[tuple[str, str], str] = {
    ("", "names"): "Mỗi dòng một cách gọi, đúng như bà con hay nói: làm giấy khai sinh, khai sinh cho con.",
    ("", "field"): "Ví dụ: Hộ tịch. Chọn tên đã có thì thủ tục vào đúng nhóm.",
    ("", "levels"): "Chọn một hay nhiều cấp.",
    ("", "audience"): "Chọn những ai được làm.",
    ("", "in_force_since"): "Ngày thủ tục bắt đầu áp dụng.",
    ("", "abolished_on"): "Để trống nếu còn hiệu lực. Ghi ngày thì trợ lý báo bà con không nộp theo thủ tục này nữa.",
    ("", "successor"): "Mã thủ tục làm thay, khi đã bãi bỏ.",
    ("", "family"): "Chữ chung của các thủ tục gần nhau, ví dụ khai-sinh.",
    ("", "provincial"): "Đánh dấu nếu chỉ một tỉnh công bố.",
    ("", "source.read_on"): "Ngày anh/chị đọc nguồn.",
    ("", "source.verified"): "Đánh dấu khi đã so với một nguồn thứ hai.",
    ("documents", "handling"): "Nộp, chỉ xuất trình, hay cán bộ tự tra cứu.",
    ("documents", "originals"): "Số bản chính.",
    ("documents", "copies"): "Số bản sao.",
    ("local_rules", "province"): "Tỉnh, thành phố đặt quy định này.",
    ("local_rules", "read_on"): "Ngày anh/chị đọc văn bản.",
    ("local_rules", "verified"): "Đánh dấu khi đã so với một nguồn thứ hai.",
}
WHEN_HELP = (
    "Để trống: luôn luôn. Nhiều lựa chọn của cùng một câu hỏi: đúng một là đủ. Của các câu hỏi khác nhau: phải đúng cả."
)


@dataclass(frozen=True, slots=True)
class Blank:
    """One field of the form; ``kind`` is the name of its ``Kind`` in small letters."""

    part: str
    field: str
    kind: str
    label: str
    help: str
    needed: bool
    hidden: bool
    rows: int
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A list of the form; with ``plain`` each entry is one text. ``one`` is what an entry is called."""

    name: str
    title: str
    one: str
    blanks: tuple[Blank, ...]
    parts: tuple[Part, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form: fields of the record itself, then lists."""

    slug: str
    title: str
    blanks: tuple[Blank, ...]
    parts: tuple[Part, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields of a record that this page holds."""
        return tuple(
            dict.fromkeys([blank.field.partition(".")[0] for blank in self.blanks] + [part.name for part in self.parts])
        )


def _blank(column: Column) -> Blank:
    place = column.part, column.field
    rows = 1
    if column.kind is Kind.TEXT and column.width >= _LONG:
        rows = 3 if column.width >= 2 * _LONG else 2
    return Blank(
        column.part,
        column.field,
        column.kind.name.lower(),
        column.heading.rstrip(" *"),
        WHEN_HELP if column.kind is Kind.WHEN else _HELP.get(place, column.help),
        column.needed and column.kind is not Kind.YES,
        place in _HIDDEN,
        rows,
        column.choices,
    )


def _part(name: str, one: str, *parts: Part, title: str = "") -> Part:
    sheet = BY_PART[name]
    columns = [column for column in sheet.columns if column.field not in ("code", OWNER)]
    return Part(name, title or sheet.title, one, tuple(map(_blank, columns)), parts, plain=sheet.plain)


def _section(slug: str, title: str, fields: str, *parts: Part) -> Section:
    known = BY_PART[""].fields
    return Section(slug, title, tuple(_blank(known[field]) for field in fields.split()), parts)


_MONEY = _part("money", "khoản tiền", title="Phí, lệ phí")
_LIMITS = _part("time_limits", "thời hạn")
_ONE_A_LINE = Blank("", LINES, "lines", label("", LINES), _HELP["", LINES], False, False, 5, {})
_LINES = Part(LINES, "Tên thường gọi", "tên", (_ONE_A_LINE,))

SECTIONS = (
    _section("chung", "Tên và tóm tắt", "name field summary levels agency audience", _LINES),
    _section("giay-to", "Giấy tờ", "", _part("documents", "giấy tờ")),
    _section(
        "cach-nop",
        "Cách nộp, tiền, thời hạn",
        "",
        _part("channels", "cách nộp", _LIMITS, _MONEY),
        _part("exemptions", "trường hợp được miễn, giảm"),
    ),
    _section(
        "cau-hoi",
        "Câu hỏi tình huống",
        "",
        _part("questions", "câu hỏi", _part("choices", "lựa chọn", title="Các lựa chọn")),
    ),
    _section(
        "cac-buoc",
        "Các bước",
        "",
        _part("steps", "bước"),
        _part("results", "kết quả"),
        _part("conditions", "điều kiện"),
    ),
    _section(
        "can-cu",
        "Căn cứ, nguồn, hiệu lực",
        "decision in_force_since abolished_on successor source.name source.url source.read_on source.verified "
        "source.note family variant provincial prior",
        _part("legal_basis", "căn cứ"),
        _part("warnings", "điều chưa chắc"),
        _part("local_rules", "quy định của tỉnh", _LIMITS, _MONEY),
    ),
)
"""The pages of the form, in order."""


def section(slug: str) -> Section:
    """Return the page of that name; the first when there is none."""
    return next((each for each in SECTIONS if each.slug == slug), SECTIONS[0])


def section_of(key: str) -> Section:
    """Return the page that holds a field of a record; the first for one that stands on none."""
    return next((each for each in SECTIONS if key in each.keys), SECTIONS[0])
