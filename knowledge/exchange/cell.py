"""One cell: from a value of a record to what stands in it, and back, with what is wrong said in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knowledge.exchange.layout import SEPARATOR, Column, Kind
from knowledge.plausibility import INVISIBLE
from knowledge.vietnamese import fold
from knowledge.wording import NO, YES, when_text

LONGEST = 32_767
"""Characters that one cell of Excel can hold."""

_CONTROL = re.compile(f"[{INVISIBLE}]")
_ESCAPED = re.compile(r"\\[^n\"\\/]")
_GROUPED = re.compile(r"\d{1,3}(?:[.\s]\d{3})+|\d+")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_PLAIN_CODE = re.compile(r"\d\.\d{1,6}")


class CellError(ValueError):
    """What is wrong with one cell, in words."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell whose content is not read, and why."""

    reason: str


Plain = str | int | float | bool | date | datetime | None
Cell = Plain | Refused


def clean(text: str) -> str:
    """Return text fit to keep: composed, one kind of line end, no characters that nobody sees, no spaces around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def is_clean(written: str) -> bool:
    """Say whether ``clean`` would leave every text in this JSON as it is, but for spaces around."""
    odd = _CONTROL.search(written) or _ESCAPED.search(written)
    return not odd and unicodedata.is_normalized("NFC", written)


def to_cell(column: Column, value: Any) -> Plain:
    """Return what stands in a cell for a value of a record's JSON; None for nothing."""
    if value is None or value in ([], {}):
        return None
    match column.kind:
        case Kind.WHEN:
            return when_text(value)
        case Kind.CHOICE:
            return column.choices[value]
        case Kind.SEVERAL:
            return f"{SEPARATOR} ".join(column.choices[each] for each in value)
        case Kind.YES:
            return (YES if value else NO).capitalize()
        case Kind.DAY:
            return date.fromisoformat(value)
        case Kind.INTEGER | Kind.NUMBER:
            number: int | float = value
            return number
    return str(value)


def from_cell(column: Column, cell: Cell) -> Any:
    """Return the value of a record's JSON for a cell, None for an empty one; raise ``CellError`` in words."""
    if isinstance(cell, Refused):
        raise CellError(cell.reason)
    if isinstance(cell, str):
        cell = clean(cell)
        if len(cell) > LONGEST:
            raise CellError(f"dài quá {LONGEST} chữ")
    if cell is None or cell == "":
        return None
    if column.kind in _READERS:
        return _READERS[column.kind](cell)
    text = _text(cell)
    match column.kind:
        case Kind.CHOICE:
            return _choice(column, text)
        case Kind.SEVERAL:
            return [_choice(column, each.strip()) for each in text.split(SEPARATOR) if each.strip()]
        case Kind.WHEN:
            return _when(text)
    return text


def _text(cell: Plain) -> str:
    if isinstance(cell, date):
        raise CellError("Excel đã đổi ô này thành ngày tháng: đổi định dạng ô sang Văn bản rồi gõ lại")
    if isinstance(cell, bool):
        return YES if cell else NO
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _code(cell: Plain) -> str:
    """Return a code; one that Excel took for a number has lost the zeros at its end."""
    text = _text(cell)
    return f"{text:0<8}" if not isinstance(cell, str) and _PLAIN_CODE.fullmatch(text) else text


def _integer(cell: Plain) -> int:
    if isinstance(cell, str) and _GROUPED.fullmatch(cell):
        return int(re.sub(r"\D", "", cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer():
        return int(cell)
    raise CellError(f"“{str(cell)[:30]}” không phải số nguyên")


def _number(cell: Plain) -> float:
    try:
        return float(cell.replace(",", ".") if isinstance(cell, str) else _plain(cell))
    except ValueError:
        raise CellError(f"“{str(cell)[:30]}” không phải số") from None


def _plain(cell: Plain) -> int | float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    raise ValueError


def _day(cell: Plain) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    found = _DAY.fullmatch(text)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
        return day.isoformat()
    except ValueError:
        raise CellError(f"không hiểu ngày “{text[:20]}”, cần dạng 22/11/2026") from None


def _yes(cell: Plain) -> bool:
    said = fold(_text(cell).lower())
    if said not in (fold(YES), fold(NO)):
        raise CellError(f"cần ghi “{YES}” hoặc “{NO}”")
    return said == fold(YES)


_READERS: dict[Kind, Callable[[Plain], Any]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.YES: _yes,
    Kind.CODE: _code,
}


def _choice(column: Column, text: str) -> str:
    said = fold(text.lower())
    for value, words in column.choices.items():
        if said == fold(words.lower()):
            return value
    raise CellError(f"“{text[:40]}” không có, chọn một trong: {'; '.join(column.choices.values())}")


def _when(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in text.split(SEPARATOR):
        if not part.strip():
            continue
        question, equals, said = part.partition("=")
        choices = [choice.strip() for choice in said.split(",") if choice.strip()]
        if not (question.strip() and equals and choices) or question.strip() in found:
            raise CellError(f"“{part.strip()[:40]}” không đúng dạng mã_câu_hỏi = mã_lựa_chọn, mã_lựa_chọn")
        found[question.strip()] = choices
    return found
