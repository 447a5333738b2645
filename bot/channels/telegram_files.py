"""Files that Telegram keeps for us: fetched by their id, within limits, a passing fault tried again."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import aiohttp
from telegram import Bot
from telegram.error import BadRequest

from bot.errors import Impossible

TOO_LARGE = "Tệp lớn quá {most} MB nên Telegram không cho tôi tải. Anh/chị gửi tệp ấy ở trang Nhập, xuất."
UNAVAILABLE = "Xin lỗi, tôi chưa tải được tệp này từ Telegram. Anh/chị gửi lại giúp sau ít phút."

_TRIES = 2
_AGAIN_SECONDS = 0.5
_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 10.0
_WHOLE_SECONDS = 180.0
_log = logging.getLogger(__name__)


class TooLargeError(Exception):
    """The file is larger than what is wanted."""


class Fetcher:
    """Fetches files of one bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._session: aiohttp.ClientSession | None = None

    async def content(self, file: str, most: int) -> bytes:
        """Return a file of at most ``most`` bytes.

        Raises ``TooLargeError``, and whatever the network raises; its words may hold the address of the file, and so
        the bot's token: they are for nobody.
        """
        for left in reversed(range(_TRIES)):
            try:
                return await self._fetched(file, most)
            except TooLargeError:
                raise
            except Exception:
                if not left:
                    raise
            await asyncio.sleep(_AGAIN_SECONDS)
        raise AssertionError("unreachable")

    async def save(self, file: str, path: Path, most: int) -> None:
        """Put a file where ``path`` says; raise ``Impossible``, in words, when it cannot be had."""
        await asyncio.to_thread(path.write_bytes, await self.whole(file, most))

    async def whole(self, file: str, most: int) -> bytes:
        """Return a file of at most ``most`` bytes; raise ``Impossible``, in words for staff, when it cannot be had."""
        try:
            async with asyncio.timeout(_WHOLE_SECONDS):
                return await self.content(file, most)
        except TooLargeError:
            raise Impossible(TOO_LARGE.format(most=most // 2**20)) from None
        except Exception as error:
            _log.warning("a file could not be fetched: %s", type(error).__name__)
            raise Impossible(UNAVAILABLE) from None

    async def close(self) -> None:
        """Hang up."""
        if self._session:
            await self._session.close()

    async def _fetched(self, file: str, most: int) -> bytes:
        try:
            found = await self._bot.get_file(file, read_timeout=_SILENCE_SECONDS)
        except BadRequest as error:
            if "too big" in error.message.lower():
                raise TooLargeError from None
            raise
        if (found.file_size or 0) > most:
            raise TooLargeError
        if self._session is None:
            patience = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=_SILENCE_SECONDS)
            self._session = aiohttp.ClientSession(timeout=patience, trust_env=True, raise_for_status=True)
        content = bytearray()
        async with self._session.get(found.file_path or "") as response:
            async for piece in response.content.iter_chunked(64 * 1024):
                content += piece
                if len(content) > most:
                    raise TooLargeError
        return bytes(content)
