"""A case at the kitchen table as the database keeps it: opened, held by exactly one volunteer, changed, ended.

Every function works in the transaction of a turn; a case that is to be changed is locked until that turn is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import BigInteger, Integer, extract, func, insert, literal, select, text, update
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import opinion, tables, work
from bot.assistance.members import Helper
from bot.dialogue.session import Prepared

MOST_OPEN = 30
"""Cases one volunteer may have open at once."""

_IDLE_SECONDS = 600
"""The most that counts as time spent between two turns about a case."""


class End(StrEnum):
    """How a case ended. ``later``: it may be taken up again while it is kept; ``forgotten``: nobody touched it."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    LATER = "later"
    DROPPED = "dropped"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One case; the fields are those of the table (``bot.assistance.tables.Sitting``)."""

    id: int
    volunteer: int
    procedure: str | None
    first_name: str | None
    prepared: Prepared | None
    step: int
    stuck: str | None
    dossier: str | None
    recorded_at: datetime | None
    follows_left: int
    online: bool | None
    outcome: str | None
    offered_to: int | None
    chats: tuple[int, ...]
    seconds: int
    ended_at: datetime | None


_TABLE = tables.Sitting.__table__  # type: ignore[attr-defined]
_COLUMNS = [_TABLE.c[field.name] for field in fields(Sitting)]
_MINE = (
    select(*_COLUMNS)
    .where((_TABLE.c.ended_at.is_(None)) | (_TABLE.c.outcome == End.LATER))
    .order_by(_TABLE.c.touched_at.desc(), _TABLE.c.id)
    .limit(MOST_OPEN)
)
_COMMUNE = text("SELECT commune FROM volunteer JOIN team ON team.id = team WHERE volunteer.id = :id")
_SPENT = _TABLE.c.seconds + func.least(
    as_type(extract("epoch", func.now() - _TABLE.c.touched_at), Integer), literal(_IDLE_SECONDS)
)


async def opened(connection: AsyncConnection, helper: Helper) -> Sitting:
    """Open a case for a resident who has just agreed; one that was opened before and never used serves as well."""
    unused = (_TABLE.c.volunteer == helper.id, _TABLE.c.ended_at.is_(None), _TABLE.c.procedure.is_(None))
    empty = select(*_COLUMNS).where(*unused, _TABLE.c.first_name.is_(None)).limit(1).with_for_update()
    found = _read((await connection.execute(empty)).first())
    if found:
        return await change(connection, found, consent_at=func.now())
    values = {"volunteer": helper.id, "consent_at": func.now(), "chats": [helper.chat] if helper.chat else []}
    made = insert(_TABLE).values(**values).returning(*_COLUMNS)
    return _given((await connection.execute(made)).one())


async def of(connection: AsyncConnection, helper: Helper) -> list[Sitting]:
    """Return what a volunteer has in hand or put off, touched last first, to be shown in their chat."""
    shown = update(_TABLE).where(_TABLE.c.volunteer == helper.id, ~_TABLE.c.chats.contains([helper.chat]))
    await connection.execute(shown.values(chats=_TABLE.c.chats.concat(func.to_jsonb(literal(helper.chat, BigInteger)))))
    return [_given(row) for row in await connection.execute(_MINE.where(_TABLE.c.volunteer == helper.id))]


async def held(connection: AsyncConnection, helper: Helper, number: int) -> Sitting | None:
    """Return an open case that this volunteer holds, locked for a change; None when it is not theirs or has ended."""
    found = await _locked(connection, number, _TABLE.c.volunteer == helper.id, _TABLE.c.ended_at.is_(None))
    if found and helper.chat and helper.chat not in found.chats:
        return await change(connection, found, chats=[*found.chats, helper.chat])
    return found


async def put_off(connection: AsyncConnection, helper: Helper, number: int) -> Sitting | None:
    """Return a case that this volunteer put off, locked for a change."""
    return await _locked(connection, number, _TABLE.c.volunteer == helper.id, _TABLE.c.outcome == End.LATER)


async def offered(connection: AsyncConnection, helper: Helper, number: int) -> Sitting | None:
    """Return an open case that is being handed to this volunteer, locked for a change."""
    return await _locked(connection, number, _TABLE.c.offered_to == helper.id, _TABLE.c.ended_at.is_(None))


async def offers(connection: AsyncConnection, helper: Helper) -> list[Sitting]:
    """Return the cases that others want to hand to this volunteer."""
    waiting = select(*_COLUMNS).where(_TABLE.c.offered_to == helper.id, _TABLE.c.ended_at.is_(None))
    return [_given(row) for row in await connection.execute(waiting.order_by(_TABLE.c.id))]


async def linked(connection: AsyncConnection, digest: str) -> Sitting | None:
    """Return the case whose resident's link has a token of that digest."""
    return _read((await connection.execute(select(*_COLUMNS).where(_TABLE.c.follow == digest))).first())


async def commune(connection: AsyncConnection, sitting: Sitting) -> str | None:
    """Return the commune of the team whose volunteer has a case; None when that volunteer is gone."""
    found = await connection.execute(_COMMUNE, {"id": sitting.volunteer})
    return found.scalar_one_or_none()


async def change(connection: AsyncConnection, sitting: Sitting, **values: Any) -> Sitting:
    """Change columns of a case, and count the time since it was touched last."""
    stored = update(_TABLE).where(_TABLE.c.id == sitting.id).values(**values, touched_at=func.now(), seconds=_SPENT)
    return _given((await connection.execute(stored.returning(*_COLUMNS))).one())


async def end(connection: AsyncConnection, helper: Helper, sitting: Sitting, how: End) -> Sitting:
    """End a case and count it as work done."""
    online = None if how in (End.LATER, End.DROPPED) else how is End.ONLINE
    ended = await change(
        connection, sitting, ended_at=func.now(), outcome=how.value, online=online, offered_to=None, stuck=None
    )
    await work.note(connection, helper, "sitting", ended.procedure, how.value, online, round(ended.seconds / 60))
    if online is not None and ended.dossier:
        await opinion.after_sitting(connection, ended.id, ended.dossier, ended.procedure, helper.commune)
    return ended


async def resume(connection: AsyncConnection, sitting: Sitting) -> Sitting:
    """Take up a case again that was put off; what was counted stays counted."""
    again = update(_TABLE).where(_TABLE.c.id == sitting.id)
    values = {"ended_at": None, "outcome": None, "seconds": 0, "touched_at": func.now()}
    return _given((await connection.execute(again.values(**values).returning(*_COLUMNS))).one())


async def hand_over(connection: AsyncConnection, sitting: Sitting, helper: Helper) -> Sitting:
    """Make another volunteer the holder."""
    chats = [*sitting.chats, *([helper.chat] if helper.chat and helper.chat not in sitting.chats else [])]
    return await change(connection, sitting, volunteer=helper.id, offered_to=None, chats=chats)


async def _locked(connection: AsyncConnection, number: int, *conditions: Any) -> Sitting | None:
    found = select(*_COLUMNS).where(_TABLE.c.id == number, *conditions).with_for_update()
    return _read((await connection.execute(found)).first())


def _read(row: Any) -> Sitting | None:
    return None if row is None else _given(row)


def _given(row: Any) -> Sitting:
    values: Mapping[str, Any] = row._mapping
    return Sitting(**{**values, "prepared": _prepared(values["prepared"]), "chats": tuple(values["chats"])})


def _prepared(kept: Mapping[str, Any]) -> Prepared | None:
    """Read the state of the papers; what an older program kept otherwise is begun anew."""
    try:
        return Prepared.model_validate(kept) if kept else None
    except ValidationError:
        return None
