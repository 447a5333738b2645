"""Offices in words: where to hand in, open or closed; samples only with a warning, and without phone or map."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.dialogue import markup, parts, wording
from bot.dialogue.services import Services
from knowledge.offices import Kind, Office, State, state
from knowledge.places import Commune
from knowledge.procedure import ChannelKind, Level, Procedure
from knowledge.vietnamese import fold

AT_HOME = "Nơi nộp ở {commune}"
SAMPLE = "Địa chỉ dưới đây là MẪU, không có thật. Xin anh/chị đừng tìm đến."
UNKNOWN = "Tôi chưa có địa chỉ nơi nộp ở {commune}. Anh/chị hỏi Ủy ban nhân dân {kind} mình, hoặc xem tại {portal}."
SET_HOME = "Gõ /noio để ghi xã, phường của anh/chị, tôi chỉ nơi nộp gần nhà."
NEAR = "Gần anh/chị: {office}"
OPEN = "đang mở, đến {time}"
CLOSED = "đang đóng cửa, mở lại {time}"
HOLIDAY = "nghỉ {holiday}, mở lại {time}"
CLOSED_LONG = "đang đóng cửa"
NO_HOURS = "chưa rõ giờ mở cửa"
PHONE = "Điện thoại: {phone}"
MAP = "Xem bản đồ"
READ = "Nguồn: {source}, {day}."
MOST = 3


def block(commune: Commune, services: Services, *, post: bool = True) -> str:
    """Return the offices of a commune, or how to find one when we know none; ``post``: postal points too."""
    found = [office for office in services.offices.of(commune.code) if post or office.kind is Kind.ONE_STOP]
    if not found:
        portal = markup.link(parts.PORTAL, services.portal_url)
        kind = commune.name.split()[0].lower() if not commune.name.startswith("Đặc khu") else "đặc khu"
        return UNKNOWN.format(commune=markup.escape(commune.full), kind=kind, portal=portal)
    lines = [markup.bold(AT_HOME.format(commune=commune.full))]
    lines += [f"<b>{SAMPLE}</b>"] if found[0].sample else []
    return "\n".join([*lines, *(_entry(office, services) for office in found[:MOST])])


def at_home(procedure: Procedure, services: Services) -> str:
    """Return where in the person's own commune ``procedure`` is handed in; empty when it is not handed in there."""
    if not _at_commune(procedure):
        return ""
    if services.home is None:
        return markup.italic(SET_HOME) if len(services.places.gazetteer.communes) else ""
    post = any(channel.kind is ChannelKind.POST for channel in procedure.channels)
    return block(services.home, services, post=post)


def near(procedure: Procedure, services: Services) -> str:
    """Return one line with the real office of the person's commune and whether it is open; empty when there is none."""
    if services.home is None or not _at_commune(procedure):
        return ""
    real = [each for each in services.offices.of(services.home.code) if not each.sample and each.kind is Kind.ONE_STOP]
    return markup.escape(NEAR.format(office=f"{real[0].name} ({hours(real[0], services)})")) if real else ""


def brief(office: Office, services: Services, distance: float) -> str:
    """Return one line: name, how far, whether it is open."""
    away = f"{distance:.1f}".replace(".", ",")
    return markup.escape(f"{office.name}, cách {away} km, {hours(office, services)}")


def hours(office: Office, services: Services) -> str:
    """Say whether an office is open now, and until when, or when it opens."""
    now = services.clock()
    found = state(office, now, services.calendar)
    if found is None:
        return NO_HOURS
    if found.is_open and found.until:
        return OPEN.format(time=_clock(found.until))
    return _closed(found, now)


def _closed(found: State, now: datetime) -> str:
    if found.opens is None:
        return CLOSED_LONG
    ahead = found.opens.date() - now.date()
    day = "" if not ahead else " ngày mai" if ahead == timedelta(days=1) else f" {_day(found.opens)}"
    time = _clock(found.opens) + day
    return HOLIDAY.format(holiday=found.holiday, time=time) if found.holiday else CLOSED.format(time=time)


def _clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment:%M}"


def _day(moment: datetime) -> str:
    return f"{wording.WEEKDAYS[moment.weekday()]} {moment.day}/{moment.month}"


def _entry(office: Office, services: Services) -> str:
    lines = [f"• {markup.escape(office.name)}: {markup.escape(office.address)}"]
    lines.append(f"   {markup.escape(markup.capital(hours(office, services)))}.")
    if not office.sample:
        reach = [markup.escape(PHONE.format(phone=office.phone))] if office.phone else []
        reach += [markup.link(MAP, office.map_url)] if office.map_url else []
        lines += [f"   {'. '.join(reach)}."] if reach else []
        lines.append(f"   {markup.italic(READ.format(source=office.source, day=wording.day(office.read_on)))}")
    return "\n".join(lines)


def _at_commune(procedure: Procedure) -> bool:
    """Say whether the commune's one-stop office takes it; what the police take is handed in at theirs."""
    said = [channel.where or "" for channel in procedure.channels if channel.kind is ChannelKind.IN_PERSON]
    police = "cong an" in fold(" ".join((*said, procedure.agency or "")))
    return Level.COMMUNE in procedure.levels and not police
