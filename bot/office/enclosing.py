"""Pictures and PDF files that an officer sends from the console to the citizen they talk with.

As from every other side of a talk: cleaned, held until their sender says yes, gone when the talk is over.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import enclosures, post, relay, speech, talks
from bot.assistance.requests import Request
from bot.assistance.tables import Side
from bot.dossiers import receipt
from bot.errors import Impossible
from bot.office import audit
from bot.office.helping import OVER, own
from bot.office.staff import Clerk

NO_FILE = "Anh/chị chọn ảnh hoặc tệp trước."
IDENTITY = "Đây là ảnh căn cước nên tôi không chuyển, và không giữ lại."

_CHANNEL = text("SELECT channel FROM chat WHERE id = :chat")


def cleaned(content: bytes, today: date) -> tuple[str, bytes] | None:
    """Return the kind of a file and its content as it may pass, None if not. Raises ``Impossible`` for an ID card."""
    if receipt.read(content, today).outcome is receipt.Outcome.IDENTITY:
        raise Impossible(IDENTITY)
    return enclosures.clean(content)


async def lay(connection: AsyncConnection, clerk: Clerk, request: Request, file: tuple[str, bytes] | None) -> None:
    """Let a file wait for its officer's yes; raise ``Impossible`` in words when it may not pass."""
    await _live(connection, clerk, request)
    if file is None or not await enclosures.add(connection, request.id, Side.HELPER, *file):
        size = enclosures.MOST_BYTES // 2**20
        raise Impossible(relay.NOT_PASSED.format(size=size, most=enclosures.MOST))


def question(waits: list[enclosures.Enclosure]) -> str:
    """Return what an officer is asked before these files go; "" when there are none."""
    return relay.ASK_FILE.format(what=speech.counted(waits)) if waits else ""


async def send(connection: AsyncConnection, clerk: Clerk, request: Request) -> None:
    """Pass on what waits; raise ``Impossible`` in words when there is nothing, or the talk is over."""
    await _live(connection, clerk, request)
    files = await enclosures.send(connection, request.id, Side.HELPER)
    if not files:
        raise Impossible(relay.NO_FILE)
    channel = str((await connection.execute(_CHANNEL, {"chat": request.chat})).scalar_one_or_none())
    who = speech.OFFICER.format(name=clerk.name)
    for file in files:
        await talks.say(connection, request.id, Side.HELPER, f"({speech.sent(file)})")
        await post.send(connection, request.chat, speech.passed_file(who, file, request, channel))
        await audit.record(connection, clerk.id, "help.say", f"help {request.id}", file=file.kind)


async def _live(connection: AsyncConnection, clerk: Clerk, request: Request) -> None:
    """Hold the talk as it is until this is stored; raise ``Impossible`` when it is over or somebody else's by now."""
    if not await talks.touch(connection, request.id) or await own(connection, clerk, request.id) is None:
        raise Impossible(OVER)
