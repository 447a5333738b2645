"""Single values out of JSON that nobody vouches for: what cannot be read is absent, neither guessed nor an error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from bot.dossiers.report import VIETNAM, local
from knowledge.vietnamese import fold

_TEXT_LIMIT = 500
_LIST_LIMIT = 200
_MOST_MONEY = 10**13
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_LED_IN = re.compile(r"(?:thứ \w+|chủ nhật|ngày|[ ,])+", re.IGNORECASE)
_DAY = r"(?P<day>\d\d?) ?(?:[/.-]|tháng) ?(?P<month>\d\d?) ?(?:[/.-]|năm) ?(?P<year>\d{4})"
_YEAR_FIRST = r"(?P<year>\d{4})[/.](?P<month>\d\d?)[/.](?P<day>\d\d?)"
_CLOCK = r"(?P<hour>\d\d?)[:h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?(?: ?(?P<half>SA|CH|AM|PM))?"
_WRITTEN = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"{_DAY}(?:[ T,]+{_CLOCK})?",
        rf"{_YEAR_FIRST}(?:[ T,]+{_CLOCK})?",
        rf"{_CLOCK}[ ,]+(?:ngày )?{_DAY}",
    )
)
_PLAIN_MONEY = re.compile(r"(\d{1,13})(?:[.,]0{1,2})?")
_GROUPED_MONEY = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|đ|₫)\.?$", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[A-Z]?\d{8,15}|[\d*xX]{0,12}[*xX]+\d{4}", re.ASCII)
_YES = frozenset({"true", "1", "yes", "y", "có", "đã thanh toán", "đã nộp", "đã thu"})
_ONLINE = frozenset(
    {
        "2",
        "truc tuyen",
        "nop truc tuyen",
        "tiep nhan truc tuyen",
        "qua mang",
        "nop qua mang",
        "online",
        "dvc truc tuyen",
    }
)
_OTHERWISE = frozenset(
    {
        "1", "3", "truc tiep", "nop truc tiep", "tiep nhan truc tiep", "buu chinh", "qua buu chinh", "buu dien",
        "qua buu dien", "buu chinh cong ich", "qua buu chinh cong ich", "nop qua buu chinh cong ich", "bcci",
    }
)  # fmt: skip
_NO = frozenset({"false", "0", "no", "n", "không", "chưa thanh toán", "chưa nộp", "chưa thu"})


class Fields:
    """One JSON object, whose names are found whatever their case."""

    def __init__(self, value: object) -> None:
        given = value if isinstance(value, Mapping) else {}
        self._values = {name.casefold(): held for name, held in given.items() if isinstance(name, str)}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._values

    def __getitem__(self, name: str) -> object:
        """Return the value, None when there is none; ``a.b`` looks into objects."""
        head, _, rest = name.partition(".")
        value: object = self._values.get(head.casefold())
        return Fields(value)[rest] if rest else value

    def values(self) -> Iterator[object]:
        """Return all values."""
        yield from self._values.values()


def text(value: object, limit: int = _TEXT_LIMIT) -> str:
    """Return one line without control characters or halves of surrogate pairs, at most ``limit`` long."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if not isinstance(value, str):
        return str(int(value)) if abs(value) < 1e15 and value == int(value) else ""
    kept = "".join(_shown(char) for char in value[: 4 * limit])
    line = " ".join(unicodedata.normalize("NFC", kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _shown(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in {"Cs", "Cf", "Co", "Cn"}:
        return ""
    return " " if kind == "Cc" else char


def moment(value: object) -> datetime | None:
    """Return a time between 2000 and 2100, in Vietnam's time; one without a zone is taken to be in it."""
    with suppress(ValueError, OverflowError):
        found = _numbered(value) or _written(text(value, 40))
        if found and 2000 < found.year < 2100:
            return local(found)
    return None


def _numbered(value: object) -> datetime | None:
    """Return the time that a number of milliseconds or seconds since 1970 means."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if 9e11 < value < 4.2e12:
        return datetime.fromtimestamp(value / 1000, VIETNAM)
    return datetime.fromtimestamp(value, VIETNAM) if 9e8 < value < 4.2e9 else None


def _written(line: str) -> datetime | None:
    if found := _DIGITS.fullmatch(line):
        return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
    led_in = _LED_IN.match(line)
    bare = line[led_in.end() :] if led_in else line
    for pattern in _WRITTEN:
        if found := pattern.fullmatch(bare):
            return _put_together(found)
    return datetime.fromisoformat(line) if line else None


def _put_together(found: re.Match[str]) -> datetime:
    """Return the time whose parts were found; "4:30 CH" is half past four in the afternoon."""
    year, month, day, hour, minute, second = (
        int(found[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    if found["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if found["half"].upper() in ("CH", "PM") else 0)
    return datetime(year, month, day, hour, minute, second)


def money(value: object) -> int | None:
    """Return a sum in VND."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return int(value) if 0 <= value < _MOST_MONEY and value == int(value) else None
    line = _CURRENCY.sub("", text(value, 40))
    if _GROUPED_MONEY.fullmatch(line) and len(line) < 18:
        return int(re.sub(r"[.,]", "", line))
    found = _PLAIN_MONEY.fullmatch(line)
    return int(found.group(1)) if found else None


def truth(value: object) -> bool | None:
    """Return yes or no when the value plainly says so."""
    if isinstance(value, bool):
        return value
    word = text(value, 40).casefold()
    return True if word in _YES else False if word in _NO else None


def online(value: object) -> bool | None:
    """Return whether a dossier was filed through a portal, when the value plainly says so.

    The national exchange writes 1 for in person, 2 for online, 3 for by post (field ``KenhThucHien``).
    """
    word = fold(text(value, 80)).casefold()
    if word in _ONLINE:
        return True
    return False if word in _OTHERWISE else None


def items(value: object) -> list[object]:
    """Return the elements of a list; a single object is a list of one."""
    if isinstance(value, Mapping):
        return [value]
    return list(value[:_LIST_LIMIT]) if isinstance(value, list) else []


def records(value: object) -> list[Fields]:
    """Return the objects of a list; a single object is a list of one."""
    return [Fields(item) for item in items(value) if isinstance(item, Mapping)]


def last_four(*values: object) -> tuple[str, ...]:
    """Return the last four digits of each identity or phone number, none twice; what stands before may be masked."""
    numbers = (re.sub(r"[\s.\-]", "", text(value, 40)) for value in values)
    return tuple(dict.fromkeys(number[-4:] for number in numbers if _NUMBER.fullmatch(number)))


def same_code(one: object, other: str) -> bool:
    """Tell whether two codes differ only in how they are separated and in case."""
    return _bare(text(one, 80)) == _bare(other)


def _bare(code: str) -> str:
    return re.sub(r"[\W_]", "", code).upper()
