"""Photos of receipts and files for somebody one talks with, from the page: taken in, read for dossier codes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from aiohttp import BodyPartReader, web

from bot.channels.web_guard import Refusal
from bot.dialogue.turn import Turn, TurnKind
from bot.dossiers.receipt import Outcome, read

MOST_BYTES = 8 * 1024 * 1024
"""The largest picture the page may send."""

SAID, FILE_SAID = "Ảnh giấy hẹn", "Ảnh, tệp"
TOO_BIG = "Ảnh, tệp lớn quá. Là giấy hẹn thì anh/chị chỉ chụp phần có mã rồi gửi lại giúp."
NO_PHOTO = "Anh/chị chưa chọn ảnh."
TOO_SLOW = "Ảnh gửi lâu quá nên chưa nhận được. Anh/chị thử lại khi mạng khỏe hơn, hoặc gõ mã hồ sơ."
BUSY = "Nhiều người đang gửi ảnh cùng lúc. Anh/chị thử lại sau ít giây giúp, hoặc gõ mã hồ sơ."
_FIELD_BYTES = 100
_MOST_PARTS = 8
_AT_ONCE = 12
_READ_AT_ONCE = 2
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Upload:
    """What came with the form: the turn that the picture makes, the fields ``id`` and ``after`` of the script.

    ``content`` is the file itself; empty when it may go to nobody.
    """

    turn: Turn
    content: bytes
    fields: dict[str, str]


class Uploads:
    """Takes in pictures, so many at once; each is read for codes."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._arriving = 0
        self._cores = asyncio.Semaphore(_READ_AT_ONCE)

    async def take(self, request: web.Request) -> Upload:
        """Return what is in a form with a picture; raise ``Refusal`` in words when it cannot be taken."""
        if (request.content_length or 0) > MOST_BYTES + 10_000:
            raise Refusal(413, TOO_BIG)
        if self._arriving >= _AT_ONCE:
            raise Refusal(503, BUSY, 5)
        self._arriving += 1
        try:
            async with asyncio.timeout(_SECONDS):
                picture, fields = await _parts(request)
        except TimeoutError as error:
            raise Refusal(408, TOO_SLOW) from error
        finally:
            self._arriving -= 1
        if not picture:
            raise Refusal(400, NO_PHOTO)
        async with self._cores:
            found = await asyncio.to_thread(read, picture, self._today())
        content = b"" if found.outcome is Outcome.IDENTITY else picture
        return Upload(Turn(TurnKind.PHOTO, " ".join(found.codes) or found.outcome), content, fields)


async def _parts(request: web.Request) -> tuple[bytes, dict[str, str]]:
    """Read a multipart form, never more of it than a picture may be."""
    picture, fields = b"", {}
    try:
        form = await request.multipart()
        for _ in range(_MOST_PARTS):
            part = await form.next()
            if part is None:
                break
            if not isinstance(part, BodyPartReader):
                raise Refusal(400, NO_PHOTO)
            content = await _content(part, MOST_BYTES if part.name == "photo" else _FIELD_BYTES)
            if part.name == "photo":
                picture = content
            elif part.name:
                fields[part.name] = content.decode("utf-8", "replace")
    except (ValueError, AssertionError) as error:
        raise Refusal(400, NO_PHOTO) from error
    return picture, fields


async def _content(part: BodyPartReader, most: int) -> bytes:
    content = bytearray()
    while piece := await part.read_chunk(64 * 1024):
        content += piece
        if len(content) > most:
            raise Refusal(413, TOO_BIG)
    return bytes(content)
