"""What a form sends: fields as text, files on disk, never more of either than the page may take."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.channels.web_guard import Refusal

BAD_FORM = "Trang gửi lên không đọc được. Anh/chị tải lại trang rồi thử lại giúp."
TOO_MUCH = "Nội dung gửi lên nhiều quá."
FILE_TOO_BIG = "Tệp lớn quá {most} MB nên không nhận được."
NO_FILES = "Trang này không nhận tệp."
TOO_SLOW = "Tệp gửi lâu quá nên chưa nhận được. Anh/chị thử lại khi mạng khỏe hơn."

_MOST_BYTES = 1024 * 1024
_MOST_FIELDS = 4000
_FIELD_BYTES = 64 * 1024
_MEMORY_BYTES = 1024 * 1024
_SECONDS = 300.0
_UNSTORABLE = {0: " ", **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file somebody sent. ``name`` is their word for it, good for showing only; ``body`` stands at its beginning."""

    name: str
    body: IO[bytes]
    size: int


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, in order, and its files by the name of their field. Files are gone after the request."""

    fields: tuple[tuple[str, str], ...] = ()
    files: dict[str, Sent] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of a field, without spaces around it."""
        return next((value.strip() for key, value in self.fields if key == name), default)

    def all(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [value.strip() for key, value in self.fields if key == name]

    def raw(self, name: str) -> str:
        """Return the first value of a field as it was typed."""
        return next((value for key, value in self.fields if key == name), "")


@asynccontextmanager
async def received(request: web.Request, most: int) -> AsyncIterator[Form]:
    """Read the form of a request; ``most`` is how large a file may be, 0: none is taken. Raises ``Refusal``."""
    if request.content_type == "application/x-www-form-urlencoded":
        yield Form(await _plain(request))
        return
    if request.content_type != "multipart/form-data":
        raise Refusal(415, BAD_FORM)
    if not most:
        raise Refusal(415, NO_FILES)
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(_SECONDS):
                form = await _parts(request, most, stack)
        except TimeoutError as error:
            raise Refusal(408, TOO_SLOW) from error
        except (ValueError, AssertionError) as error:
            raise Refusal(400, BAD_FORM) from error
        yield form


async def _plain(request: web.Request) -> tuple[tuple[str, str], ...]:
    if (request.content_length or 0) > _MOST_BYTES:
        raise Refusal(413, TOO_MUCH)
    try:
        body = (await request.read()).decode("ascii")
        pairs = parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except web.HTTPRequestEntityTooLarge as error:
        raise Refusal(413, TOO_MUCH) from error
    except ValueError as error:
        raise Refusal(400, BAD_FORM) from error
    return tuple((_clean(name), _clean(value)) for name, value in pairs)


async def _parts(request: web.Request, most: int, stack: AsyncExitStack) -> Form:
    if (request.content_length or 0) > most + _MOST_BYTES:
        raise _too_big(most)
    fields: list[tuple[str, str]] = []
    files: dict[str, Sent] = {}
    reader = await request.multipart()
    for _ in range(_MOST_FIELDS):
        part = await reader.next()
        if part is None:
            return Form(tuple(fields), files)
        if not isinstance(part, BodyPartReader) or not part.name:
            raise Refusal(400, BAD_FORM)
        if part.filename is None:
            fields.append((part.name, _clean((await _text(part)).decode())))
        elif part.filename:
            files[part.name] = await _file(part, most, stack)
    raise Refusal(413, TOO_MUCH)


async def _text(part: BodyPartReader) -> bytes:
    content = bytearray()
    while piece := await part.read_chunk():
        content += piece
        if len(content) > _FIELD_BYTES:
            raise Refusal(413, TOO_MUCH)
    return bytes(content)


async def _file(part: BodyPartReader, most: int, stack: AsyncExitStack) -> Sent:
    body = stack.enter_context(tempfile.SpooledTemporaryFile(_MEMORY_BYTES))  # noqa: SIM115 - the stack closes it
    size = 0
    while piece := await part.read_chunk(256 * 1024):
        size += len(piece)
        if size > most:
            raise _too_big(most)
        await asyncio.to_thread(body.write, piece)
    body.seek(0)
    return Sent(_clean(part.filename or ""), body, size)


def _too_big(most: int) -> Refusal:
    return Refusal(413, FILE_TOO_BIG.format(most=most // (1024 * 1024)))


def _clean(text: str) -> str:
    """Return text as PostgreSQL stores it, with the line ends of a file of ours."""
    return text.translate(_UNSTORABLE).replace("\r\n", "\n")
