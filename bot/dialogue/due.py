"""When the result of a case is due, in words; days and hours as people say them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.dialogue import markup, ways, wording
from knowledge.guidance import Deadline, Guidance, Way
from knowledge.procedure import ChannelKind, TimeLimit

DONE = "Khi nào xong"
DONE_BY = "nộp {now} {way} thì {day} có kết quả"
DONE_FROM_TO = "nộp {now} {way} thì từ {first} đến {day} có kết quả, tùy trường hợp"
NOW = "hôm nay"
BY_POST = "gửi {way}, hồ sơ tới nơi {now} thì {day} có kết quả"
BY_POST_FROM_TO = "gửi {way}, hồ sơ tới nơi {now} thì từ {first} đến {day} có kết quả, tùy trường hợp"
LATER = "{done} ({condition}: {day})"
NOT_COUNTED = "nộp {way}: {note}"
NO_TIME = "chưa rõ thời hạn, anh/chị hỏi nơi nhận hồ sơ"
RECEIVED = "Giờ này cơ quan nghỉ, hồ sơ được tính là nhận lúc {moment}."
COMPLETE = "Tính từ khi hồ sơ đủ giấy tờ."


def time(guidance: Guidance, now: datetime) -> str:
    """Return when the result is due if it is handed in now, each way that differs on a line of its own."""
    lines = list(dict.fromkeys(_time(way, ways.by(way, guidance), now) for way in guidance.ways)) or [NO_TIME]
    told = f"{markup.bold(DONE + ':')} {markup.escape(lines[0])}"
    if len(lines) > 1:
        told = "\n".join([markup.bold(DONE), *(f"• {markup.escape(markup.capital(line))}" for line in lines)])
    late = {way.received for way in guidance.ways if way.due and way.received > now}
    beside = [RECEIVED.format(moment=moment(max(late)))] if late else []
    beside += [COMPLETE] if any(way.due for way in guidance.ways) else []
    return f"{told}\n{markup.italic(' '.join(beside))}" if beside else told


def _time(way: Way, by: str, now: datetime) -> str:
    sure = [deadline for deadline in way.deadlines if deadline.sure]
    deadlines = sure or list(way.deadlines)
    dated = sorted(deadline.due for deadline in deadlines if deadline.due)
    if not deadlines:
        return NO_TIME
    if len(dated) < len(deadlines):
        return NOT_COUNTED.format(way=by, note="; ".join(dict.fromkeys(map(limit, deadlines))))
    said = _done(way, by, dated[0], dated[-1], now)
    late = max((each for each in way.deadlines if each.due and not each.sure), key=_when, default=None)
    if late and late.due and late.due.date() > dated[-1].date() and late.limit.condition:
        condition = markup.lower_first(late.limit.condition.rstrip("."))
        return LATER.format(done=said, condition=condition, day=day_words(late.due, now))
    return said


def _done(way: Way, by: str, first: datetime, last: datetime, now: datetime) -> str:
    """Say when the result is there; a closed counter takes nothing today, and the post arrives some other day."""
    post = way.channel.kind is ChannelKind.POST
    waits = way.channel.kind is ChannelKind.IN_PERSON and way.received.date() > now.date()
    start = f"{wording.WEEKDAYS[way.received.weekday()]} {_date(way.received.date(), now.date())}" if waits else NOW
    one, other = day_words(first, now), day_words(last, now)
    if one == other:
        return (BY_POST if post else DONE_BY).format(now=start, way=by, day=other)
    return (BY_POST_FROM_TO if post else DONE_FROM_TO).format(now=start, way=by, first=one, day=other)


def _when(deadline: Deadline) -> datetime:
    return deadline.due or datetime.min


def limit(deadline: Deadline) -> str:
    """Return a time limit in words, its condition only when it may not apply."""
    plain: TimeLimit = deadline.limit
    if deadline.sure:
        plain = plain.model_copy(update={"condition": None})
    if plain.amount is not None:
        plain = plain.model_copy(update={"note": None})
    return markup.lower_first(wording.time_limit(plain))


def day_words(when: datetime, now: datetime) -> str:
    """Return a day as people say it, with the hour when it is today."""
    if when.date() == now.date():
        return f"{when:%H:%M} hôm nay"
    name = "ngày mai, " if when.date() == now.date() + timedelta(days=1) else ""
    return f"{name}{wording.WEEKDAYS[when.weekday()]} {_date(when.date(), now.date())}"


def _date(when: date, today: date) -> str:
    return f"{when.day}/{when.month}" + (f"/{when.year}" if when.year != today.year else "")


def moment(when: datetime) -> str:
    """Return an hour and a day in words."""
    return f"{when:%H:%M} {wording.WEEKDAYS[when.weekday()]} {when.day}/{when.month}"
