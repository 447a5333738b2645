"""The webhook: Telegram calls us, and hears 200 only when the update is committed."""

from __future__ import annotations

import hmac
import json
import logging

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Update

from bot.channels.telegram_inbox import Inbox
from bot.channels.telegram_reading import readable
from bot.logs import outline

PATH = "/telegram/webhook"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_MOST_BYTES = 1 << 20
_log = logging.getLogger(__name__)


class Webhook:
    """Serves Telegram's calls. Until ``inbox`` is set the answer is 503, and Telegram calls again."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._bot: Bot | None = None
        self._inbox: Inbox | None = None

    def open(self, bot: Bot, inbox: Inbox) -> None:
        """Begin to take updates."""
        self._bot, self._inbox = bot, inbox

    def routes(self) -> list[web.RouteDef]:
        """Return the one route, for the application's router."""
        return [web.post(PATH, self._called)]

    async def _called(self, request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        if (request.content_length or 0) > _MOST_BYTES:
            return web.Response(status=413)
        try:
            data = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if not isinstance(data, dict) or not isinstance(data.get("update_id"), int):
            return web.Response(status=400)
        return web.Response(status=await self._take(data))

    async def _take(self, data: dict[str, object]) -> int:
        """Handle one update and return the HTTP status that tells Telegram what became of it."""
        if self._inbox is None:
            return 503
        try:
            await self._inbox.handle(Update.de_json(readable(data), self._bot))
        except (SQLAlchemyError, OSError) as error:
            _log.warning("an update could not be stored; Telegram will send it again: %s", outline(error))
            return 503
        return 200
