"""What each column of an export means: guessed from its heading, confirmed by a person, kept for the next time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from openpyxl.utils import column_index_from_string
from rapidfuzz import fuzz

from bot.dossiers.spreadsheet import Line
from bot.errors import ImportFault
from knowledge.vietnamese import fold

_HEADING_ROWS = 30
_SURE = 90.0
_ASIDE = re.compile(r"\([^()]*\)")
_ORDINAL = re.compile(r"[(\[]?\d{1,2}[)\]]?")
_LETTERS = re.compile(r"[A-Za-z]{1,2}")
_SHORT = {"hs": "ho so", "kq": "ket qua", "gq": "giai quyet", "tthc": "thu tuc hanh chinh"}


class Column(StrEnum):
    """What a column may hold. ``IGNORED`` is known and not wanted: names of people are not kept."""

    CODE = "code"
    STATUS = "status"
    PROCEDURE_CODE = "procedure_code"
    PROCEDURE = "procedure"
    RECEIVED = "received"
    DUE = "due"
    NEW_DUE = "new_due"
    FINISHED = "finished"
    UPDATED = "updated"
    AGENCY = "agency"
    MISSING = "missing"
    AMOUNT = "amount"
    IDENTITY = "identity"
    PHONE = "phone"
    NOTE = "note"
    ONLINE = "online"
    IGNORED = "ignored"


MEANINGS = {
    Column.CODE: "mã hồ sơ",
    Column.STATUS: "trạng thái",
    Column.PROCEDURE_CODE: "mã thủ tục",
    Column.PROCEDURE: "tên thủ tục",
    Column.RECEIVED: "ngày tiếp nhận",
    Column.DUE: "ngày hẹn trả",
    Column.NEW_DUE: "ngày hẹn lại",
    Column.FINISHED: "ngày xong hoặc ngày trả",
    Column.UPDATED: "lúc cập nhật",
    Column.AGENCY: "đơn vị xử lý",
    Column.MISSING: "giấy tờ còn thiếu",
    Column.AMOUNT: "số tiền phải nộp",
    Column.IDENTITY: "số căn cước (chỉ giữ bốn số cuối, đã mã hóa)",
    Column.PHONE: "số điện thoại (chỉ giữ bốn số cuối, đã mã hóa)",
    Column.NOTE: "ghi chú",
    Column.ONLINE: "nộp qua mạng hay cách khác",
    Column.IGNORED: "bỏ qua, không lưu",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table's headings are, how they read, and which column holds what."""

    line: int
    headings: tuple[str, ...]
    columns: dict[int, Column]

    @property
    def key(self) -> str:
        """A name for tables with the same headings in the same order."""
        return hashlib.sha256(json.dumps([_plain(name) for name in self.headings]).encode()).hexdigest()

    def at(self, column: Column) -> int | None:
        """Return the place of a column, counted from 0."""
        return next((at for at, found in self.columns.items() if found is column), None)

    def with_columns(self, columns: Mapping[int, Column]) -> Layout:
        """Return the same table read differently."""
        return Layout(self.line, self.headings, dict(columns))


def guess(lines: Sequence[Line], wishes: Iterable[str] = ()) -> Layout:
    """Find the headings among the first rows: they name the code, or what a wish such as ``code=Số thứ hai`` names.

    Raises ``ImportFault`` when no row looks like headings.
    """
    stacked = [_stacked(lines, line) for line in lines[:_HEADING_ROWS]]
    found = [(_guessed(headings), headings, last) for headings, last in stacked]
    named = {_plain(heading) for kind, _, heading in (wish.partition("=") for wish in wishes) if kind == Column.CODE}
    lettered = any(_LETTERS.fullmatch(heading) for heading in named)
    fitting = [
        (columns, headings, last)
        for columns, headings, last in found
        if (len(columns) > 1 and (lettered or Column.CODE in columns.values()))
        or not named.isdisjoint(_plain(heading) for heading in headings)
    ]
    if not fitting:
        raise ImportFault(
            "Không thấy dòng tiêu đề có cột “Mã hồ sơ” (hoặc “Số hồ sơ”, “Số biên nhận”) trong 30 dòng đầu của tệp: "
            "kiểm tra tệp, hoặc lưu lại thành “CSV UTF-8” nếu chữ bị sai dấu."
        )
    columns, headings, last = max(fitting, key=lambda each: len(each[0]))
    return Layout(last, headings, columns)


def _stacked(lines: Sequence[Line], middle: Line) -> tuple[tuple[str, ...], int]:
    """Return the headings that a row and its neighbours make, and the number of the last row of them.

    Above may stand what reaches down into this row, below what parts its columns ("Ngày" over "tiếp nhận", "hẹn trả"),
    and under it all a row that only counts the columns.
    """
    near = {line.number - middle.number: line for line in lines if abs(line.number - middle.number) <= 2}
    headings, last = [_heading(cell) for cell in middle.cells], middle.number
    above, below = near.get(-1), near.get(1)
    for at, cell in enumerate(above.cells[: len(headings)] if above else ()):
        if not headings[at] and _guessed((_heading(cell),)):
            headings[at] = _heading(cell)
    if below and _parts(headings, below):
        headings, last = _parted(headings, below), below.number
    under = near.get(last + 1 - middle.number)
    if under and _counts(under):
        last = under.number
    return tuple(headings), last


def _parts(headings: Sequence[str], line: Line) -> bool:
    """Say whether a row goes on with the headings above it: most of it says so, and no code stands where it should."""
    code = next((at for at, column in _guessed(headings).items() if column is Column.CODE), None)
    if code is None or (code < len(line.cells) and line.cells[code] is not None):
        return False
    places = [at for at, cell in enumerate(line.cells) if cell is not None]
    made = _parted(headings, line)
    known = sum(bool(_guessed((made[at],))) for at in places if isinstance(line.cells[at], str))
    return len(places) > 1 and 2 * known > len(places)


def _parted(headings: Sequence[str], line: Line) -> list[str]:
    """Return headings of two rows as one; a group's name stands over the first of its columns only."""
    made, group = [], ""
    for at in range(max(len(headings), len(line.cells))):
        upper = headings[at] if at < len(headings) else ""
        lower = _heading(line.cells[at]) if at < len(line.cells) else ""
        group = upper or group
        whole = f"{group} {lower}".strip()
        made.append(upper if not lower else lower if _guessed((lower,)) or not _guessed((whole,)) else whole)
    return made


def _counts(line: Line) -> bool:
    words = [str(cell) for cell in line.cells if cell is not None]
    return len(words) > 1 and all(_ORDINAL.fullmatch(word) for word in words)


def chosen(layout: Layout, wishes: Iterable[str]) -> Layout:
    """Apply wishes such as ``due=Hạn chót`` or ``due=F``; raise ``ImportFault`` for one that cannot be."""
    columns = dict(layout.columns)
    for wish in wishes:
        name, _, heading = wish.partition("=")
        try:
            column = Column(name.strip().lower())
        except ValueError:
            names = ", ".join(column.value for column in Column)
            raise ImportFault(f"Không có loại cột “{name}”: dùng một trong {names}.") from None
        at = _place(layout, heading.strip())
        columns = {place: kept for place, kept in columns.items() if place != at and (kept is not column)}
        columns[at] = column
    return layout.with_columns(columns)


def described(layout: Layout) -> list[str]:
    """Return one line for each heading: what it is taken for."""
    lines = []
    for at, heading in enumerate(layout.headings):
        if heading:
            column = layout.columns.get(at)
            lines.append(f"{heading}  →  {MEANINGS[column] if column else 'không dùng'}")
    return lines


def _place(layout: Layout, heading: str) -> int:
    names = [_plain(name) for name in layout.headings]
    if _plain(heading) in names:
        return names.index(_plain(heading))
    if _LETTERS.fullmatch(heading):
        at = column_index_from_string(heading) - 1
        if at < len(names):
            return at
    raise ImportFault(f"Tệp không có cột “{heading}”.")


def _guessed(cells: Sequence[object]) -> dict[int, Column]:
    scored = []
    for at, cell in enumerate(cells):
        if isinstance(cell, str) and 1 < len(cell) <= 80:
            column, score = _likeliest(cell)
            if score >= _SURE:
                scored.append((score, -at, column))
    columns: dict[int, Column] = {}
    for _, at, column in sorted(scored, reverse=True):
        if column is Column.IGNORED or column not in columns.values():
            columns[-at] = column
    return dict(sorted(columns.items()))


@lru_cache(maxsize=4096)
def _likeliest(heading: str) -> tuple[Column, float]:
    """Return what a heading names most likely, and how likely; neighbouring rows are looked at again and again."""
    names = {_plain(heading), _plain(_ASIDE.sub(" ", heading))} - {""}
    scores = (
        (column, fuzz.ratio(name, known, score_cutoff=_SURE))
        for column, headings in _KNOWN.items()
        for known in headings
        for name in names
    )
    return max(scores, key=lambda each: each[1], default=(Column.IGNORED, 0.0))


def _heading(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _plain(heading: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", fold(heading).lower()).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def _known() -> dict[Column, tuple[str, ...]]:
    lines = Path(__file__).with_name("headings.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if not line.startswith("#"))
    return {Column(kind): tuple(_plain(name) for name in names.split(";")) for kind, names in pairs}


_KNOWN = _known()
