"""The resident's own way to their dossier: a link on the volunteer's screen or on a slip, good for a few chats.

Only the digest of the token stands in the row. The token itself is made again from a secret of this installation when
it is shown a second time, so that a slip and a screen carry the same one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import sitting as sittings
from bot.assistance.receipt import expected as expected_day
from bot.assistance.sitting import Sitting
from bot.dialogue import markup, tracking, welcome
from bot.dialogue.effect import LookUp
from bot.dialogue.turn import Message, Reply
from bot.dossiers import dates
from bot.dossiers.lookup import MOST_FOLLOWED
from bot.dossiers.report import local
from bot.moment import Moment, Outcome

PREFIX = "f_"
WORD = "sitwatch"
"""The button by which the page, without scripts, opens such a link."""

USES = 3
DAYS = 30
OVER = (
    "Mã QR này đã hết hạn hoặc đã dùng đủ {uses} lần. Anh/chị gõ mã hồ sơ ghi trên phiếu, tôi tra giúp rồi bấm “Theo "
    "dõi hồ sơ này”."
)
OURS = "Mã QR này để người dân quét bằng điện thoại của họ. Anh/chị đừng theo dõi hồ sơ thay người dân."

_NAME = "sitting links"
_KEEP = text("INSERT INTO secret (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
_KEPT = text("SELECT value FROM secret WHERE name = :name")
_FIND = text("""
    SELECT id, dossier, procedure, follows_left, chats,
        recorded_at < now() - make_interval(days => :days) AS old,
        EXISTS (SELECT FROM following JOIN known ON known.id = known_id WHERE chat_id = :chat AND code = dossier)
            AS already,
        (SELECT count(*) FROM following WHERE chat_id = :chat) AS others
    FROM sitting WHERE follow = :digest FOR UPDATE
""")
_USE = text("UPDATE sitting SET follows_left = follows_left - 1 WHERE id = :id")
_EXPECT = text("INSERT INTO known (code) VALUES (:code) ON CONFLICT DO NOTHING")
_FOLLOW = text("""
    INSERT INTO following (chat_id, known_id, told, expected, warned)
    SELECT :chat, id, version, :expected, CAST(:warned AS jsonb) FROM known WHERE code = :code
    ON CONFLICT DO NOTHING
""")
_PUSHED = text("SELECT EXISTS (SELECT FROM dossier WHERE starts_with(code, :unit))")
_UNIT = re.compile(r"[^/-]+[/-]")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


async def token(connection: AsyncConnection, sitting: Sitting, recorded_at: datetime) -> str:
    """Return the token of a case whose code was written down at that moment."""
    await connection.execute(_KEEP, {"name": _NAME, "value": secrets.token_bytes(32)})
    secret = bytes((await connection.execute(_KEPT, {"name": _NAME})).scalar_one())
    about = f"{sitting.id} {recorded_at.timestamp():.6f}"
    made = hmac.new(secret, about.encode(), hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def visited(moment: Moment, payload: str) -> Outcome | None:
    """Let a chat follow the dossier that a link names; None when the link is of another kind.

    It is followed though no source may know it yet: what was filed just now often takes hours to be seen. Where nobody
    tells us of dossiers of that office, news are not promised, only to be reminded of the day that we expect.
    """
    wanted = payload.strip()
    if not wanted.startswith(PREFIX):
        return None
    given = wanted.removeprefix(PREFIX)
    sealed = digest(given)
    values = {"digest": sealed, "chat": moment.chat, "days": DAYS}
    found = (await moment.connection.execute(_FIND, values)).first() if _TOKEN.fullmatch(given) else None
    session = moment.session.model_copy(update={"greeted": True, "awaiting": None})
    if found and moment.chat in found.chats:
        return Reply((Message(OURS),)), session
    if found is None or found.old or (found.follows_left < 1 and not found.already):
        return Reply((Message(OVER.format(uses=USES), ((welcome.browse_button(),),)),)), session
    if not found.already and found.others >= MOST_FOLLOWED:
        return Reply((Message(tracking.FULL.format(count=found.others)),)), session
    expected = await _expected(moment, sealed)
    near = (
        dates.near(expected, local(moment.services.clock()), moment.services.calendar.is_working) if expected else None
    )
    ahead = near is not None and near > local(moment.services.clock())
    if not found.already:
        await moment.connection.execute(_USE, {"id": found.id})
        await _follow(moment, found.dossier, expected, remind=ahead)
    seen = moment.services.watched(found.dossier) or await _pushed(moment.connection, found.dossier)
    procedure = moment.services.catalogue.get(found.procedure or "")
    title = markup.title(procedure, 110) if procedure else ""
    day = expected if near else None
    said = tracking.handed(found.dossier, title, moment.services, seen=seen, expected=day, remind=ahead)
    update = {"dossier": found.dossier, "sitting": None}
    effects = (LookUp(found.dossier),) if seen else ()
    return Reply((said,), effects=effects), session.model_copy(update=update)


async def _expected(moment: Moment, digest: str) -> date | None:
    """Return the day that stands on the slip."""
    sitting = await sittings.linked(moment.connection, digest)
    if sitting is None:
        return None
    return expected_day(sitting, moment.services.at(await sittings.commune(moment.connection, sitting)))


async def _follow(moment: Moment, code: str, expected: date | None, *, remind: bool) -> None:
    warned = [] if remind or expected is None else [dates.soon(expected)]
    values = {"chat": moment.chat, "code": code, "expected": expected, "warned": json.dumps(warned)}
    await moment.connection.execute(_EXPECT, {"code": code})
    await moment.connection.execute(_FOLLOW, values)


async def _pushed(connection: AsyncConnection, code: str) -> bool:
    """Say whether our own register has dossiers of the office that gave out a code."""
    unit = _UNIT.match(code)
    return bool(unit and (await connection.execute(_PUSHED, {"unit": unit.group()})).scalar_one())
