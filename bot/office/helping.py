"""Helping citizens from the office: who waits, taking them on, writing to them; and reports of talks.

What was said in a talk is read by nobody here but the officer who has it, and of what came before them only with the
citizen's leave; and by whoever looks into a report of it. Reading and acts are noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import accepting, ending, members, post, relay, requests, speech, talks, teamwork
from bot.assistance.catching.judging import caught
from bot.assistance.catching.refusal import explanation
from bot.assistance.requests import Ending, Request
from bot.assistance.tables import Side
from bot.assistance.talks import Said
from bot.errors import Impossible
from bot.office import audit
from bot.office.questions import Scopes
from bot.office.staff import Clerk

GONE = "Việc này đã có người nhận, hoặc không còn chờ nữa."
OVER = "Cuộc trò chuyện này đã kết thúc nên tin chưa được gửi."
EMPTY = "Anh/chị viết giúp nội dung."
SETTLED = "Báo cáo này đã có kết luận."


class Verdict(StrEnum):
    """What is made of a report: nothing was wrong, or the volunteer rests until staff end it, or goes."""

    NOTHING = "nothing"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Report:
    """A talk that one side reported. ``volunteer`` is whom the citizen talked with, None when that was an officer."""

    id: int
    request: int
    side: Side
    reason: str
    at: datetime
    verdict: Verdict | None
    commune: str
    volunteer: int | None
    name: str | None
    team: str | None
    state: str | None


_SCOPED = "(CAST(:scopes AS text[]) IS NULL OR commune = ANY(:scopes))"
_OPEN = text(f"""
    SELECT {requests.COLUMNS} FROM help_request
    WHERE ended_at IS NULL AND state IN ('waiting', 'staff') AND {_SCOPED} ORDER BY level DESC, id LIMIT 200
""")  # noqa: S608
_MINE = text(f"""
    SELECT {requests.COLUMNS} FROM help_request WHERE ended_at IS NULL AND state = 'live' AND staff = :staff ORDER BY id
""")  # noqa: S608
_ANSWERING = text("""
    SELECT count(*) FROM help_request AS h WHERE h.ended_at IS NULL AND h.state = 'live' AND h.staff = :staff
    AND h.helper_chat IS NULL AND 'helper' <> coalesce((
        SELECT side FROM talked WHERE request = h.id AND at >= h.taken_at ORDER BY id DESC LIMIT 1
    ), 'citizen')
""")
_REPORT = """
    SELECT flag.id, flag.request, flag.side, flag.reason, flag.at, flag.verdict, help_request.commune,
        CASE WHEN help_request.staff IS NULL THEN volunteer.id END, volunteer.name, team.name, volunteer.state
    FROM flag JOIN help_request ON help_request.id = flag.request
    LEFT JOIN volunteer ON volunteer.id = help_request.volunteer LEFT JOIN team ON team.id = volunteer.team
"""
_SCOPED_REPORT = _SCOPED.replace("commune", "help_request.commune")
_REPORTS = text(f"{_REPORT} WHERE {_SCOPED_REPORT} ORDER BY flag.verdict IS NOT NULL, flag.id DESC LIMIT 100")
_ONE_REPORT = text(f"{_REPORT} WHERE flag.id = :id AND {_SCOPED_REPORT}")
_UNSEEN = text(f"""
    SELECT count(*) FROM flag JOIN help_request ON help_request.id = flag.request
    WHERE flag.verdict IS NULL AND {_SCOPED_REPORT}
""")  # noqa: S608
_SETTLE = text("""
    UPDATE flag SET verdict = :verdict, staff = :staff, seen_at = now() WHERE id = :id AND verdict IS NULL RETURNING id
""")
_READ_LATELY = text("""
    SELECT FROM audit WHERE staff = :staff AND act = :act AND object = :object AND at > now() - interval '1 hour'
""")


async def open_(connection: AsyncConnection, scopes: Scopes) -> list[Request]:
    """Return the requests of these communes that nobody has yet, those meant for staff first."""
    return requests.read((await connection.execute(_OPEN, {"scopes": _listed(scopes)})).all())


async def mine(connection: AsyncConnection, clerk: Clerk) -> list[Request]:
    """Return the talks that an officer has now."""
    return requests.read((await connection.execute(_MINE, {"staff": clerk.id})).all())


async def to_answer(connection: AsyncConnection, clerk: Clerk) -> int:
    """Return in how many talks of an officer in the console the citizen spoke last."""
    return int((await connection.execute(_ANSWERING, {"staff": clerk.id})).scalar_one())


async def take(connection: AsyncConnection, clerk: Clerk, scopes: Scopes, number: int, place: str) -> Request:
    """Give a request to an officer in the console, whose ``place`` is HTML; raise ``Impossible`` when it is gone."""
    request = await requests.one(connection, number)
    if request is None or (scopes is not None and request.commune not in scopes):
        raise Impossible(GONE)
    accepted = await requests.accept_as_staff(connection, number, None, clerk.id)
    if accepted is None:
        raise Impossible(GONE)
    await audit.record(connection, clerk.id, "help.take", f"help {number}")
    await accepting.introduce(connection, accepted, clerk, place)
    return accepted


async def own(connection: AsyncConnection, clerk: Clerk, number: int) -> Request | None:
    """Return a request that an officer has or had; None for everybody else's."""
    request = await requests.one(connection, number)
    return request if request and request.staff == clerk.id else None


async def transcript(connection: AsyncConnection, clerk: Clerk, request: Request) -> list[Said]:
    """Return what an officer may read of their talk: their own part, and with leave what came before."""
    if request.handover_agreed_at:
        await _noted(connection, clerk, "help.read", f"help {request.id}")
        return await talks.talked(connection, request.id, request.asked_at)
    return await talks.talked(connection, request.id, request.taken_at or request.asked_at)


async def answer(connection: AsyncConnection, clerk: Clerk, request: Request, body: str) -> None:
    """Pass an officer's words on to the citizen; raise ``Impossible`` in words when they are not."""
    body = body.strip()
    if not body:
        raise Impossible(EMPTY)
    if len(body) > relay.LONGEST:
        raise Impossible(relay.TOO_LONG)
    said, lately = await talks.recent(connection, request.id, Side.HELPER)
    if lately >= relay.MOST_A_MINUTE:
        raise Impossible(relay.TOO_FAST)
    if found := caught(body, said):
        raise Impossible(explanation(found, Side.HELPER))
    if not await talks.touch(connection, request.id):
        raise Impossible(OVER)
    await talks.say(connection, request.id, Side.HELPER, body)
    who = speech.OFFICER.format(name=clerk.name)
    await post.send(connection, request.chat, speech.passed(who, body, request, Side.HELPER))
    await audit.record(connection, clerk.id, "help.say", f"help {request.id}")


async def finish(connection: AsyncConnection, clerk: Clerk, request: Request) -> None:
    """End an officer's talk; nothing when it is over already."""
    if await ending.finish(connection, request, Side.HELPER, Ending.DONE):
        await audit.record(connection, clerk.id, "help.end", f"help {request.id}")


async def reports(connection: AsyncConnection, scopes: Scopes) -> list[Report]:
    """Return the reports of these communes, those without a verdict first."""
    return [_report(row) for row in await connection.execute(_REPORTS, {"scopes": _listed(scopes)})]


async def report(connection: AsyncConnection, scopes: Scopes, number: int) -> Report | None:
    """Return one report of these communes."""
    row = (await connection.execute(_ONE_REPORT, {"id": number, "scopes": _listed(scopes)})).first()
    return _report(row) if row else None


async def unseen(connection: AsyncConnection, scopes: Scopes) -> int:
    """Return how many reports of these communes wait for a verdict."""
    return int((await connection.execute(_UNSEEN, {"scopes": _listed(scopes)})).scalar_one())


async def reported(connection: AsyncConnection, clerk: Clerk, found: Report) -> list[Said]:
    """Return all that was said in a talk that was reported; that it was read is noted."""
    await _noted(connection, clerk, "help.report", f"help {found.request}")
    request = await requests.one(connection, found.request)
    return await talks.talked(connection, found.request, request.asked_at) if request else []


async def settle(connection: AsyncConnection, clerk: Clerk, found: Report, verdict: Verdict) -> None:
    """Note what is made of a report, and let the volunteer rest or go; raise ``Impossible`` when that was done."""
    values = {"id": found.id, "staff": clerk.id, "verdict": verdict}
    if (await connection.execute(_SETTLE, values)).first() is None:
        raise Impossible(SETTLED)
    helper = await members.volunteer(connection, found.volunteer) if found.volunteer else None
    if helper and verdict is Verdict.PAUSED:
        await teamwork.suspend(connection, helper)
    if helper and verdict is Verdict.REMOVED:
        await teamwork.dismiss(connection, helper)
    await audit.record(connection, clerk.id, "help.verdict", f"help {found.request}", verdict=verdict)


async def _noted(connection: AsyncConnection, clerk: Clerk, act: str, subject: str) -> None:
    """Note that something was read, once an hour: a page that is looked at is asked for again and again."""
    values = {"staff": clerk.id, "act": act, "object": subject}
    if (await connection.execute(_READ_LATELY, values)).first() is None:
        await audit.record(connection, clerk.id, act, subject)


def _listed(scopes: Scopes) -> Sequence[str] | None:
    return None if scopes is None else list(scopes)


def _report(row: Sequence[object]) -> Report:
    values = list(row)
    values[2] = Side(str(values[2]))
    values[5] = Verdict(str(values[5])) if values[5] else None
    return Report(*values)  # type: ignore[arg-type]
