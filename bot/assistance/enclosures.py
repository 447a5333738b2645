"""Pictures and PDF files that pass in a talk: each waits for its sender's yes, and is gone when the talk is over.

A file from Telegram is kept as Telegram's name for it; whoever reads on the page gets it fetched at that moment. A file
from the page is kept whole, redrawn if it is a picture: what a camera wrote beside it (where, when) goes to nobody.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from PIL import Image, ImageOps
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.assistance.catching.judging import caught
from bot.assistance.tables import Side
from bot.dialogue.turn import Attachment, Turn
from bot.errors import Impossible, PrintingError
from bot.printing.files import JPEG, PDF, File, Make

MOST = 20
"""Files that one side may send in a talk."""
MOST_BYTES = 8 * 1024 * 1024
UNAVAILABLE = "Tệp này lớn quá, hoặc Telegram chưa đưa cho tôi. Anh/chị nhờ người bên kia gửi lại giúp."

PAGE = "page:"
"""Begins the name of a file that came from the page, as ``Turn.file`` has it; "page:0" is one that may not pass."""

PATH = "/trao/"
Fetch = Callable[[str, int], Awaitable[bytes]]
"""Fetches a file from Telegram by its id, of at most so many bytes; raises ``Impossible``."""

_NAMES = {"photo": "anh.jpg", "document": "tep.pdf"}
_TOKEN = re.compile(rf"{PATH}([\w-]{{22}})", re.ASCII)
_PDF = b"%PDF-"
_FORMATS = ("JPEG", "PNG", "WEBP")
_MOST_PIXELS = 60_000_000
_EDGE, _QUALITY = 2_400, 88
_AT_ONCE = 2
_LIVE_OF = text("""
    SELECT h.id, CASE WHEN h.chat_id = chat.id THEN 'citizen' ELSE 'helper' END AS side
    FROM chat JOIN help_request AS h ON h.chat_id = chat.id OR h.helper_chat = chat.id
    WHERE chat.channel = :channel AND chat.address = :address AND h.state = 'live' AND h.ended_at IS NULL
""")
_KEEP = text("""
    INSERT INTO enclosed (request, side, kind, remote, content, album)
    SELECT id, :side, :kind, :remote, CAST(:content AS bytea), :album FROM help_request
    WHERE id = :id AND state = 'live' AND ended_at IS NULL
    AND (SELECT count(*) FROM enclosed WHERE request = :id AND side = :side) < :most
    FOR SHARE RETURNING id
""")
_WAITING = text("""
    SELECT id, kind, remote, album FROM enclosed WHERE request = :id AND side = :side AND token IS NULL ORDER BY id
""")
_SEND = text("UPDATE enclosed SET token = :token WHERE id = :id AND token IS NULL")
_DROP = text("DELETE FROM enclosed WHERE request = :id AND side = :side AND token IS NULL")
_FORGET = text("DELETE FROM enclosed WHERE request = :id")
_SENT = text("""
    SELECT id, kind, remote, album, token FROM enclosed
    WHERE request = :id AND side = :side AND token IS NOT NULL ORDER BY id
""")
_FIND = text("""
    SELECT kind, remote, content FROM enclosed JOIN help_request ON help_request.id = request
    WHERE token = :token AND state = 'live' AND ended_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a talk. ``kind`` is "photo" or "document"; ``token`` is empty until its sender says yes."""

    id: int
    kind: str
    remote: str | None
    album: str | None
    token: str = ""

    @property
    def name(self) -> str:
        """What a reader's browser calls it; never what its sender calls it."""
        return _NAMES[self.kind]

    @property
    def path(self) -> str:
        """The address of the file below our own."""
        return f"{PATH}{self.token}"

    def attachment(self, channel: str) -> Attachment:
        """Return it as a reader on a channel gets it: on Telegram by Telegram's name, where it has one."""
        if self.remote and channel == "telegram":
            return Attachment("", self.name, self.remote)
        return Attachment(self.path, self.name)


async def keep(connection: AsyncConnection, number: int, side: Side, turn: Turn) -> bool:
    """Let the file of a turn wait for its sender's yes; False when it may not pass: too many, or of another kind."""
    if turn.file.startswith(PAGE):
        return turn.file != f"{PAGE}0"
    kind = turn.file.partition(":")[0]
    if kind == "document" and not _passable(turn.name):
        return False
    values = {"kind": kind, "remote": turn.file, "content": None, "album": turn.album or None}
    return await _kept(connection, number, side, values) is not None


async def add(connection: AsyncConnection, number: int, side: Side, kind: str, content: bytes) -> bool:
    """Let what ``clean`` returned wait for its sender's yes; False when they sent too many or the talk is over."""
    return bool(
        await _kept(connection, number, side, {"kind": kind, "content": content, "remote": None, "album": None})
    )


def _passable(name: str) -> bool:
    """Say whether a document may pass by what its sender calls it, which the reader on Telegram sees.

    "": it is a picture without a name.
    """
    return not name or (bool(re.search(r"\.(?:pdf|jpe?g|png|webp|heic)\Z", name, re.IGNORECASE)) and not caught(name))


async def _kept(connection: AsyncConnection, number: int, side: Side, values: Mapping[str, object]) -> int | None:
    about = {"id": number, "side": side.value, "most": MOST, **values}
    found = (await connection.execute(_KEEP, about)).first()
    return int(found.id) if found else None


async def waiting(connection: AsyncConnection, number: int, side: Side) -> list[Enclosure]:
    """Return the files of one side that wait for its yes, in order."""
    return [Enclosure(*row) for row in await connection.execute(_WAITING, {"id": number, "side": side.value})]


async def send(connection: AsyncConnection, number: int, side: Side) -> list[Enclosure]:
    """Give the other side what waits, each file by a path of its own; return them in order."""
    given = []
    for each in await waiting(connection, number, side):
        token = secrets.token_urlsafe(16)
        await connection.execute(_SEND, {"id": each.id, "token": token})
        given.append(Enclosure(each.id, each.kind, each.remote, each.album, token))
    return given


async def sent(connection: AsyncConnection, number: int, side: Side) -> list[Enclosure]:
    """Return the files that one side sent, in order."""
    return [Enclosure(*row) for row in await connection.execute(_SENT, {"id": number, "side": side.value})]


async def drop(connection: AsyncConnection, number: int, side: Side) -> None:
    """Forget what one side does not want to send."""
    await connection.execute(_DROP, {"id": number, "side": side.value})


async def forget(connection: AsyncConnection, number: int) -> None:
    """Forget all files of a talk that is over by now, or goes on with somebody else.

    Its row must have been changed before: a file that is on its way holds that up, and is then seen here.
    """
    await connection.execute(_FORGET, {"id": number})


def clean(content: bytes) -> tuple[str, bytes] | None:
    """Return the kind of a file and its content as it may pass: a PDF as it is, a picture redrawn; None for others."""
    if len(content) > MOST_BYTES:
        return None
    if content.startswith(_PDF):
        return "document", content
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            image.draft("RGB", (_EDGE, _EDGE))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (Exception, Image.DecompressionBombWarning):  # the decoders raise nearly anything on a damaged file
        return None
    upright.thumbnail((_EDGE, _EDGE))
    drawn = Image.new("RGB", upright.size, "white")
    drawn.paste(upright, mask=upright.getchannel("A"))
    out = BytesIO()
    drawn.save(out, "JPEG", quality=_QUALITY)
    return "photo", out.getvalue()


class Enclosures:
    """Takes files in from the page and finds those that readers ask for; ``fetch`` is None without Telegram."""

    def __init__(self, engine: AsyncEngine, fetch: Fetch | None) -> None:
        self._engine = engine
        self._fetch = fetch
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def take(self, channel: str, address: str, content: bytes) -> str:
        """Keep a file that came from the page while its sender talks; return its name, "" when they do not."""
        async with self._engine.connect() as connection:
            talk = (await connection.execute(_LIVE_OF, {"channel": channel, "address": address})).first()
        if talk is None:
            return ""
        async with self._room:
            cleaned = await asyncio.to_thread(clean, content)
        if cleaned is None:
            return f"{PAGE}0"
        values = {"kind": cleaned[0], "content": cleaned[1], "remote": None, "album": None}
        async with self._engine.begin() as connection:
            return f"{PAGE}{await _kept(connection, talk.id, Side(talk.side), values) or 0}"

    async def find(self, path: str) -> Make | None:
        """Return what makes the file of a path, as long as its talk is live; raise ``PrintingError`` in words."""
        wanted = _TOKEN.fullmatch(path)
        if wanted is None:
            return None
        async with self._engine.connect() as connection:
            row = (await connection.execute(_FIND, {"token": wanted[1]})).first()
        if row is None:
            return None
        if row.content is not None:
            return partial(_file, row.kind, bytes(row.content))
        if self._fetch is None:
            raise PrintingError(UNAVAILABLE)
        try:
            content = await self._fetch(row.remote.partition(":")[2], MOST_BYTES)
        except Impossible as error:
            raise PrintingError(UNAVAILABLE) from error
        return partial(_cleaned, content)


def _cleaned(content: bytes) -> File | None:
    found = clean(content)
    return _file(*found) if found else None


def _file(kind: str, content: bytes) -> File:
    return File(_NAMES[kind], JPEG if kind == "photo" else PDF, content, personal=True)
