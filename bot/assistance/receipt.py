"""What a resident takes home of a dossier that was filed: code, day, place, hours. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from bot.assistance.sitting import Sitting
from bot.dialogue import cases, due, markup, parts, wording
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dossiers import code as codes
from bot.dossiers import units
from bot.dossiers.report import local
from bot.printing.receipt import Receipt
from knowledge.calendar import Hours
from knowledge.guidance import Way
from knowledge.offices import Kind
from knowledge.procedure import ChannelKind, Level, Procedure

BY = "{day} (dự kiến)"
SEE_RECEIPT = "xem trên giấy hẹn hoặc tin nhắn báo nhận hồ sơ"
AT_PROVINCE = "nơi ghi trên giấy hẹn, cơ quan của {province}"
AT_COMMUNE = "bộ phận Một cửa {commune}"
HOURS = "{days}, {spans}"

_LATE = time(16, 59)


def receipt(sitting: Sitting, services: Services) -> Receipt | None:
    """Return what is known of a case whose code was written down; None before."""
    procedure = services.catalogue.get(sitting.procedure or "")
    if procedure is None or sitting.dossier is None or sitting.recorded_at is None:
        return None
    filed = _filed(sitting.dossier, local(sitting.recorded_at).replace(tzinfo=None))
    place, hours = _place(procedure, sitting.dossier, services)
    return Receipt(
        sitting.dossier,
        markup.title(procedure, 160),
        sitting.first_name or "",
        filed.date(),
        _due(procedure, sitting, replace(services, clock=lambda: filed)),
        place,
        hours,
    )


def expected(sitting: Sitting, services: Services) -> date | None:
    """Return the day on which the result is due by the time limit of the procedure; None when that cannot be told."""
    procedure = services.catalogue.get(sitting.procedure or "")
    if procedure is None or sitting.dossier is None or sitting.recorded_at is None:
        return None
    filed = _filed(sitting.dossier, local(sitting.recorded_at).replace(tzinfo=None))
    way = _way(procedure, sitting, replace(services, clock=lambda: filed))
    return way.due.date() if way and way.due else None


def _filed(code: str, recorded: datetime) -> datetime:
    """Return when a dossier was handed in: what its code tells, else when the code was written down."""
    found = codes.parse(code, recorded.date()).codes
    day = found[0].date if found else None
    return datetime.combine(day, _LATE) if day and day < recorded.date() else recorded


def _due(procedure: Procedure, sitting: Sitting, services: Services) -> str:
    way = _way(procedure, sitting, services)
    return _day(way) if way else SEE_RECEIPT


def _way(procedure: Procedure, sitting: Sitting, services: Services) -> Way | None:
    """Return the way by which a case was filed, with what is due by it."""
    kept, _ = cases.current(procedure, Session(cases=(sitting.prepared or cases.new(procedure),)))
    ways = cases.guidance_of(procedure, kept, services).ways
    kind = ChannelKind.ONLINE if sitting.online else ChannelKind.IN_PERSON
    return next((each for each in ways if each.channel.kind is kind), ways[0] if ways else None)


def _day(way: Way) -> str:
    if way.due:
        return BY.format(day=f"{wording.WEEKDAYS[way.due.weekday()]} {way.due.day}/{way.due.month}/{way.due.year}")
    limits = list(dict.fromkeys(due.limit(each) for each in way.deadlines if each.sure))
    return "; ".join(limits) if limits else SEE_RECEIPT


def _place(procedure: Procedure, code: str, services: Services) -> tuple[str, str]:
    """Return where to ask for the result, and when it is open; an office that is a mere sample is never named."""
    usual = _hours(services.calendar.hours)
    if province := _elsewhere(code, services):
        return AT_PROVINCE.format(province=province), usual
    if services.home and (Level.COMMUNE in procedure.levels or not (procedure.levels or procedure.agency)):
        found = services.offices.of(services.home.code)
        real = next((each for each in found if not each.sample and each.kind is Kind.ONE_STOP), None)
        if real:
            return f"{real.name}, {real.address}", _hours(real.hours) if real.hours else usual
        return AT_COMMUNE.format(commune=services.home.full), usual
    where = next((c.where for c in procedure.channels if c.kind is ChannelKind.IN_PERSON and c.where), None)
    return markup.clip(where or procedure.agency or parts.PLACE_UNKNOWN, 200), usual


def _elsewhere(code: str, services: Services) -> str | None:
    """Return the province that gave out a code when that is not the one of here: nothing is to be had here then."""
    found = codes.parse(code, services.clock().date()).codes
    province = units.today(found[0].unit) if found and units.of_province(found[0].unit) else None
    home = services.home
    return province if province and home and province.casefold() != home.province.name.casefold() else None


def _hours(hours: Hours) -> str:
    """Return opening hours, days that are alike told together."""
    groups: list[tuple[int, int]] = []
    for day, spans in enumerate(hours.week):
        if groups and hours.week[groups[-1][0]] == spans:
            groups[-1] = (groups[-1][0], day)
        else:
            groups.append((day, day))
    told = []
    for first, last in groups:
        if hours.week[first]:
            begins, ends = wording.WEEKDAYS[first], wording.WEEKDAYS[last]
            days = begins if first == last else f"{begins} đến {ends}"
            spans_said = ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in hours.week[first])
            told.append(HOURS.format(days=days, spans=spans_said))
    return "; ".join(told)
