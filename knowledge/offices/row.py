"""One row of a workbook to one office; what is wrong is said by cell, all of it at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import urlsplit

from knowledge.calendar import Hours, Span, read_spans
from knowledge.errors import CalendarError
from knowledge.offices.office import COLUMNS, NO, YES, Kind, Office
from knowledge.places import Commune, Finder
from knowledge.places.distance import distance_km, near_vietnam
from knowledge.vietnamese import normalise

LONGEST = 300
_FARTHEST_KM = 60
_PHONE = re.compile(r"[+(]?\d[\d ().-]{2,24}")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")

Value = TypeVar("Value")
Cell = object
"""A value as the sheet has it: text, number, date, ``Refused``, or None."""


class CellError(ValueError):
    """What is wrong with one cell, in words."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell whose content is not read, and why."""

    reason: str


class Row:
    """The cells of one row by the name of the column; ``places`` are their addresses, ``faults`` what was found."""

    def __init__(self, cells: Mapping[str, Cell], places: Mapping[str, str], finder: Finder, today: date) -> None:
        self._cells = cells
        self._places = places
        self._finder = finder
        self._today = today
        self.faults: list[str] = []

    def office(self) -> Office | None:
        """Return the office, or None when there are faults."""
        commune = self._commune()
        hours = self._hours()
        latitude, longitude = self._read("latitude", _degrees), self._read("longitude", _degrees)
        self._check_point(commune, latitude, longitude)
        name, kind, address = self._read("name", _text), self._read("kind", _kind), self._read("address", _text)
        phone, map_url = self._read("phone", _phone), self._read("map_url", _link)
        sample, source = self._read("sample", _yes), self._read("source", _text)
        read_on = self._read("read_on", self._day)
        if self.faults or not (name and kind and address and source and commune and read_on) or sample is None:
            return None
        return Office(name, kind, commune, address, hours, phone, map_url, latitude, longitude, sample, read_on, source)

    def _read(self, column: str, convert: Callable[[Cell], Value]) -> Value | None:
        cell = self._cells.get(column)
        if cell is None or (isinstance(cell, str) and not normalise(cell)):
            if COLUMNS[column].needed:
                self._fault(column, f"thiếu “{COLUMNS[column].heading}”")
            return None
        if isinstance(cell, Refused):
            self._fault(column, cell.reason)
            return None
        try:
            return convert(cell)
        except CellError as fault:
            self._fault(column, str(fault))
            return None

    def _fault(self, column: str, words: str) -> None:
        self.faults.append(f"ô {self._places.get(column, '?')}: {words}")

    def _commune(self) -> Commune | None:
        coded = self._read("code", self._by_code)
        named = self._read("commune", _text)
        province = self._read("province", _text)
        if named and not coded and not self._cells.get("code"):
            return self._by_name(named, province)
        if not named and not self._cells.get("code"):
            self._fault("code", "thiếu mã xã, hoặc tên xã cùng tên tỉnh")
        if coded and named and not self._agree(coded, named):
            self._fault("commune", f"mã {coded.code} là {coded.full}, không phải “{named}”")
        return coded

    def _agree(self, commune: Commune, name: str) -> bool:
        found = self._finder.find(f"{name}, {commune.province.name}").places[:1]
        return bool(found) and found[0].commune == commune and not found[0].former

    def _by_code(self, cell: Cell) -> Commune:
        said = f"{cell:05d}" if isinstance(cell, int) and not isinstance(cell, bool) else _text(cell)
        commune = self._finder.get(said.zfill(5))
        if commune is None:
            raise CellError(f"không có mã xã “{said}”")
        return commune

    def _by_name(self, name: str, province: str | None) -> Commune | None:
        if not province:
            self._fault("province", "có tên xã thì cần cả tên tỉnh, thành phố")
            return None
        finding = self._finder.find(f"{name}, {province}")
        if finding.sure and not finding.sure.former:
            return finding.sure.commune
        may = "; ".join(place.commune.full for place in finding.places[:3])
        self._fault("commune", f"không rõ “{name}, {province}” là xã nào" + (f", có phải: {may}" if may else ""))
        return None

    def _hours(self) -> Hours | None:
        cells = [f"day{number}" for number in range(7)]
        if all(self._cells.get(cell) in (None, "") for cell in cells):
            return None
        week = tuple(self._read(cell, _spans) or () for cell in cells)
        if not any(week[:5]):
            self._fault("day0", "phải mở cửa ít nhất một ngày từ thứ Hai đến thứ Sáu")
        return Hours(week)

    def _check_point(self, commune: Commune | None, latitude: float | None, longitude: float | None) -> None:
        if (self._cells.get("latitude") in (None, "")) != (self._cells.get("longitude") in (None, "")):
            self._fault("latitude", "cần cả vĩ độ và kinh độ, hoặc bỏ trống cả hai")
        if latitude is None or longitude is None:
            return
        if not near_vietnam(latitude, longitude):
            self._fault("latitude", "tọa độ không nằm ở Việt Nam (có thể đã đổi chỗ vĩ độ và kinh độ)")
        elif commune and distance_km(latitude, longitude, commune.latitude, commune.longitude) > _FARTHEST_KM:
            self._fault("latitude", f"tọa độ cách {commune.full} hơn {_FARTHEST_KM} km")

    def _day(self, cell: Cell) -> date:
        if isinstance(cell, date):
            day = cell.date() if isinstance(cell, datetime) else cell
        else:
            said = _text(cell)
            found = _DAY.fullmatch(said)
            try:
                day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(said)
            except ValueError:
                raise CellError(f"không hiểu ngày “{said[:20]}”, cần dạng 22/11/2026") from None
        if day > self._today:
            raise CellError("ngày đọc nằm trong tương lai")
        return day


def _text(cell: Cell) -> str:
    said = normalise(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell))
    if len(said) > LONGEST:
        raise CellError(f"dài quá {LONGEST} chữ")
    return said


def _kind(cell: Cell) -> Kind:
    said = _text(cell).lower()
    for kind in Kind:
        if said == kind.lower():
            return kind
    raise CellError(f"loại “{said[:30]}” không có, chọn một trong: {', '.join(Kind)}")


def _yes(cell: Cell) -> bool:
    said = _text(cell).lower()
    if said not in (YES, NO):
        raise CellError(f"cần ghi “{YES}” hoặc “{NO}”")
    return said == YES


def _spans(cell: Cell) -> tuple[Span, ...]:
    try:
        return read_spans(_text(cell))
    except CalendarError as error:
        raise CellError(str(error)) from None


def _phone(cell: Cell) -> str:
    said = _text(cell)
    if isinstance(cell, int | float):
        raise CellError("số điện thoại đang là dạng số nên có thể mất số 0 đầu, hãy đổi ô sang dạng Văn bản")
    if not _PHONE.fullmatch(said):
        raise CellError("số điện thoại không hợp lệ")
    return said


def _link(cell: Cell) -> str:
    said = _text(cell)
    try:
        parts = urlsplit(said)
    except ValueError:
        raise CellError("liên kết không hợp lệ") from None
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in said:
        raise CellError("liên kết phải bắt đầu bằng http:// hoặc https://")
    return said


def _degrees(cell: Cell) -> float:
    try:
        return float(cell if isinstance(cell, int | float) else _text(cell).replace(",", "."))
    except ValueError:
        raise CellError("tọa độ phải là số, ví dụ 21,0285") from None
