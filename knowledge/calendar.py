"""When an office works, when a dossier counts as received, and when its result is due.

Rules followed:

- Civil Code 91/2015/QH13, articles 144-148: a term in hours begins at once; in days and months the first day is not
  counted; a term in months ends on the same day of the last month, or on its last day when it has no such day; a term
  that would end on a weekend or a public holiday ends with the next working day.
- Labour Code 45/2019/QH14, article 112, and the yearly notices on holidays: which days are holidays, which are given
  in compensation, which Saturdays are worked instead (package ``holidays``, Vietnam).
- One-stop mechanism, Decree 61/2018/ND-CP and Decree 118/2025/ND-CP: what is handed in after 15:00 is passed on at the
  start of the next working day, so "on the same day" then means that next day.

All moments are local time of Vietnam, UTC+7 without daylight saving: a naive ``datetime`` means just that, an
aware one is converted.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import holidays

from knowledge.errors import CalendarError
from knowledge.procedure import ChannelKind, TimeUnit

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
CHANGES = Path(__file__).resolve().parent / "data" / "days.tsv"
SAME_DAY_UNTIL = time(15)
DAY_OF_WORK = 8
"""Hours of work that law counts as one working day (Labour Code, article 105)."""
CLOCK_HOURS = 24
"""Terms of so many hours or more run by the clock; shorter ones count hours of work."""

_SPAN = re.compile(r"(\d{1,2})(?:[:hg.](\d{2})?)?\s*(?:-|đến)\s*(\d{1,2})(?:[:hg.](\d{2})?)?")
_CLOSED = {"", "-", "nghỉ", "đóng cửa", "không làm việc"}
_FARTHEST = 400

Span = tuple[time, time]
"""From opening to closing, within one day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of one week: for each day, Monday first, spans in order; an empty tuple means closed."""

    week: tuple[tuple[Span, ...], ...]

    def on(self, day: date) -> tuple[Span, ...]:
        """Return the spans of that day of the week, holidays not considered."""
        return self.week[day.weekday()]


def read_spans(text: str) -> tuple[Span, ...]:
    """Read "7:30-11:30, 13h30 - 17h", or "nghỉ" for closed; raise ``CalendarError`` when it makes no sense."""
    wanted = text.strip().lower().replace("–", "-")
    if wanted in _CLOSED:
        return ()
    spans: list[Span] = []
    for piece in re.split(r"[,;]", wanted):
        found = _SPAN.fullmatch(piece.strip())
        try:
            first, last = (
                (time(int(found[at]), int(found[at + 1] or 0)) for at in (1, 3)) if found else (time(), time())
            )
        except ValueError:
            first, last = time(), time()
        if first >= last or (spans and first < spans[-1][1]):
            raise CalendarError(f"không hiểu giờ “{text.strip()[:40]}”, cần dạng “7:30-11:30, 13:30-17:00” hoặc “nghỉ”")
        spans.append((first, last))
    return tuple(spans)


_DAY = read_spans("7:30-11:30, 13:30-17:00")
OFFICE_HOURS = Hours((_DAY,) * 5 + ((),) * 2)
"""Hours most commune offices keep; a province may set others."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What the yearly notices add to the law's holidays: days off by name, and weekend days that are worked."""

    off: tuple[tuple[date, str], ...] = ()
    worked: tuple[date, ...] = ()


def load_changes(path: Path = CHANGES) -> Changes:
    """Read ``DATE <tab> nghỉ|làm <tab> NAME`` lines; raise ``CalendarError`` naming the line that is malformed."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CalendarError(f"Không đọc được {path.name}: {error}") from error
    off, worked = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        try:
            day, kind, name = date.fromisoformat(parts[0]), parts[1], parts[2].strip()
        except (ValueError, IndexError):
            day, kind, name = date.min, "", ""
        if kind not in ("nghỉ", "làm") or not name:
            raise CalendarError(f"{path.name}, dòng {number}: cần ngày (2027-02-11), “nghỉ” hoặc “làm”, và tên ngày")
        if kind == "nghỉ":
            off.append((day, name))
        else:
            worked.append(day)
    return Changes(tuple(off), tuple(worked))


class Calendar:
    """Working days and hours of one office in Vietnam."""

    def __init__(self, hours: Hours = OFFICE_HOURS, changes: Changes = Changes()) -> None:
        if not any(hours.week[:5]):
            raise CalendarError("Cơ quan phải mở cửa ít nhất một ngày trong tuần, từ thứ Hai đến thứ Sáu")
        self.hours = hours
        self._changes = changes
        self._off = dict(changes.off)
        self._worked = frozenset(changes.worked)
        self._known = holidays.country_holidays("VN", language="vi")

    def keeping(self, hours: Hours) -> Calendar:
        """Return the same calendar for an office of other hours."""
        if hours == self.hours:
            return self
        other = Calendar(hours, self._changes)
        other._known = self._known  # holidays of a year are worked out once
        return other

    def is_working(self, day: date) -> bool:
        """Say whether public offices work that day: no weekend, no holiday, or a weekend day worked in exchange."""
        if day in self._off:
            return False
        return day in self._worked or self._known.is_working_day(day)

    def holiday_name(self, day: date) -> str | None:
        """Return what is celebrated, or why the day is off, in Vietnamese; None on any other day, weekend included."""
        if day in self._worked:
            return None
        return self._off.get(day) or self._known.get(day)

    def open_spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Return when the counter is open that day; a weekend day worked in exchange has the hours of a weekday."""
        if self.holiday_name(day):
            return ()
        spans = self.hours.on(day)
        if not spans and day.weekday() >= 5 and self.is_working(day):
            spans = next(filter(None, self.hours.week[:5]))
        return tuple((datetime.combine(day, first), datetime.combine(day, last)) for first, last in spans)

    def work_spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Return the hours that count as work in law: a counter open on a Saturday makes it no working day."""
        return self.open_spans(day) if self.is_working(day) else ()

    def is_open(self, moment: datetime) -> bool:
        """Say whether the counter is open at that moment; at the minute of closing it is not."""
        moment = local(moment)
        return any(first <= moment < last for first, last in self.open_spans(moment.date()))

    def received(self, moment: datetime, channel: ChannelKind) -> datetime:
        """Return when a dossier counts as received.

        ``moment`` is when the person stands at the counter, submits online, or when the post brings it. In person: at
        once while the counter is open, Saturdays included where it opens. Online and by post: at once within hours of
        work; at night, on weekends and holidays at the start of the next hours of work.
        """
        moment = local(moment)
        counter = channel is ChannelKind.IN_PERSON
        for day in _days(moment.date()):
            for first, last in self.open_spans(day) if counter else self.work_spans(day):
                if moment <= last:
                    return max(moment, first)
        raise CalendarError("Không tìm thấy ngày làm việc nào trong hơn một năm tới")

    def due(self, received: datetime, amount: int, unit: TimeUnit) -> datetime:
        """Return by when the result must be there, counted from a complete dossier: always a moment of work.

        Terms in days and months end when the office closes. Fewer than 24 hours are hours of work, eight of which make
        a working day, however long the office's own day; from 24 on hours run by the clock, and an end outside hours
        of work moves to the next one. An ``amount`` of 0 means "at once": see ``same_day``. Raises ``ValueError`` when
        ``amount`` is negative, ``CalendarError`` when no date can be told.
        """
        received = local(received)
        if amount < 0:
            raise ValueError("a term cannot be negative")
        if amount == 0:
            return self.same_day(received)
        try:
            match unit:
                case TimeUnit.HOUR:
                    return self._after_hours(received, amount)
                case TimeUnit.DAY:
                    return self._closing(received.date() + timedelta(days=amount))
                case TimeUnit.WORKING_DAY:
                    return self._closing(self._working_day(received.date(), amount))
                case TimeUnit.MONTH:
                    return self._closing(_months_later(received.date(), amount))
        except OverflowError as error:
            raise CalendarError("Thời hạn quá dài, không tính được ngày") from error

    def same_day(self, received: datetime) -> datetime:
        """Return when "within the day" ends: at closing time, of the next working day when received after 15:00."""
        start = self._next_work(local(received))
        if start.time() > SAME_DAY_UNTIL:
            return self._closing(start.date() + timedelta(days=1))
        return self._closing(start.date())

    def _after_hours(self, received: datetime, amount: int) -> datetime:
        if amount >= CLOCK_HOURS:
            return self._next_work(received + timedelta(hours=amount))
        start = self._next_work(received)
        whole = self._work_length(start.date())
        days, hours = divmod(amount, DAY_OF_WORK)
        left = whole * days + min(timedelta(hours=hours), whole)
        for day in _days(start.date()):
            for first, last in self.work_spans(day):
                span = max(last - max(start, first), timedelta())
                if left <= span:
                    return max(start, first) + left
                left -= span
        raise CalendarError("Không tìm thấy ngày làm việc nào trong hơn một năm tới")

    def _work_length(self, day: date) -> timedelta:
        return sum((last - first for first, last in self.work_spans(day)), timedelta())

    def _next_work(self, moment: datetime) -> datetime:
        return self.received(moment, ChannelKind.ONLINE)

    def _working_day(self, day: date, amount: int) -> date:
        while amount:
            day += timedelta(days=1)
            amount -= self.is_working(day)
        return day

    def _closing(self, day: date) -> datetime:
        """Return when the office closes that day, or the next day on which it works."""
        for each in _days(day):
            spans = self.work_spans(each)
            if spans:
                return spans[-1][1]
        raise CalendarError("Không tìm thấy ngày làm việc nào trong hơn một năm tới")


def local(moment: datetime) -> datetime:
    """Return a moment as naive local time of Vietnam."""
    return moment if moment.tzinfo is None else moment.astimezone(VIETNAM).replace(tzinfo=None)


def now() -> datetime:
    """Return the present as naive local time of Vietnam, to the minute."""
    return local(datetime.now(VIETNAM)).replace(second=0, microsecond=0)


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(_FARTHEST))


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
