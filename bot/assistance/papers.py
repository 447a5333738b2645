"""Files for leaders in their chat: a month as Excel or as a picture, certificates, and the picture of an invitation.

A file is made when it is fetched, so its path says which; only a path that was given to a leader opens anything, for
some days, and as long as they lead.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.assistance import commendation, invitations, leading, members
from bot.assistance.commendation import Named
from bot.assistance.leading import Figures, Span
from bot.dialogue.services import Services
from bot.dialogue.turn import Attachment
from bot.office import sheet
from bot.printing.files import PDF, PNG, File, Make
from bot.printing.links import WEB, Doors, Link

GOOD_DAYS = 3
"""Days for which a path opens its file."""

NAMES = {"xlsx": "bang", "png": "anh", "pdf": "giay-xac-nhan"}
INVITATION = "loi-moi.png"

_NAME = "papers of teams"
_KEEP = text("INSERT INTO secret (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
_KEPT = text("SELECT value FROM secret WHERE name = :name")
_PATH = re.compile(r"/doi/((\d{1,18})-(\d{6})-(\d{1,18})-(\d{1,9})-(xlsx|png|pdf))-([0-9a-f]{32})", re.ASCII)
_INVITED = re.compile(rf"/doi/({invitations.PREFIX}[A-Za-z0-9_-]{{16,24}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file of a month; ``leader`` is who asked, ``member`` whose certificate it is (0: all)."""

    leader: int
    span: Span
    ending: str
    member: int = 0


async def secret(connection: AsyncConnection) -> bytes:
    """Return the secret that signs paths, kept in the database from the first time on."""
    await connection.execute(_KEEP, {"name": _NAME, "value": secrets.token_bytes(32)})
    return bytes((await connection.execute(_KEPT, {"name": _NAME})).scalar_one())


async def attachment(connection: AsyncConnection, wanted: Wanted, today: date) -> Attachment:
    """Return a file to go with a message to a leader."""
    until = today.toordinal() + GOOD_DAYS
    said = f"{wanted.leader}-{wanted.span.key}-{wanted.member}-{until}-{wanted.ending}"
    name = f"{NAMES[wanted.ending]}-{wanted.span.first:%Y-%m}.{wanted.ending}"
    return Attachment(f"/doi/{said}-{_sign(await secret(connection), said)}", name)


def invitation(token: str) -> Attachment:
    """Return the picture of an invitation; whoever knows the token may draw it."""
    return Attachment(f"/doi/{invitations.PREFIX}{token}", INVITATION)


def links(payload: str, services: Services) -> tuple[Link, ...]:
    """Return the links that open a payload, at least the one to our page."""
    doors = Doors(services.page_url, services.bot_username)
    return doors.handed(payload) or (Link(WEB, f"{services.page_url}/s/{payload}"),)


def _sign(key: bytes, said: str) -> str:
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:32]


class Papers:
    """Finds what paths name; ``find`` is a ``bot.printing.files.Find``."""

    def __init__(self, engine: AsyncEngine, services: Callable[[], Services]) -> None:
        self._engine = engine
        self._services = services

    async def find(self, path: str) -> Make | None:
        """Return what makes the file of a path; None when it opens nothing, or nothing any more."""
        services = self._services()
        if invited := _INVITED.fullmatch(path):
            return partial(_drawn, invited[1], services)
        found = _PATH.fullmatch(path)
        span = leading.read_month(found[3]) if found else None
        if found is None or span is None or int(found[5]) < services.clock().toordinal():
            return None
        async with self._engine.begin() as connection:
            if not hmac.compare_digest(_sign(await secret(connection), found[1]), found[7]):
                return None
            wanted = Wanted(int(found[2]), span, found[6], int(found[4]))
            return await _made(connection, wanted, services)


async def _made(connection: AsyncConnection, wanted: Wanted, services: Services) -> Make | None:
    leader = await members.volunteer(connection, wanted.leader)
    if leader is None or not leader.leader:
        return None
    figures = await leading.figures(connection, [leader.team], wanted.span)
    if wanted.member:
        figures = replace(figures, members=tuple(each for each in figures.members if each.id == wanted.member))
    commune = services.places.get(leader.commune)
    named = Named(leader.team_name, commune.full if commune else "")
    name = f"{NAMES[wanted.ending]}-{wanted.span.first:%Y-%m}.{wanted.ending}"
    return partial(_file, wanted.ending, name, figures, named, services)


def _file(ending: str, name: str, figures: Figures, named: Named, services: Services) -> File | None:
    if ending == "xlsx":
        return File(name, sheet.XLSX, commendation.workbook(figures, services.catalogue), personal=True)
    from bot.printing import certificate, roll  # loaded when the first file is asked for

    if ending == "png":
        return File(name, PNG, roll.picture(commendation.roll(figures, named)), personal=True)
    wanted = commendation.certified(figures.members, figures, named)
    made = certificate.certificates(wanted, services.clock().date()) if wanted else b""
    return File(name, PDF, made, personal=True) if made else None


def _drawn(payload: str, services: Services) -> File:
    from bot.printing import invitation as card

    return File(INVITATION, PNG, card.picture(links(payload, services)), personal=True)
