"""The stream of new entries to every open page of a conversation (server-sent events)."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.channels import web_guard, web_view
from bot.channels.web_guard import Cookie, Refusal
from bot.channels.web_turns import number
from bot.storage.feed import Feed

TOO_MANY_PAGES = "Có quá nhiều trang đang mở. Anh/chị đóng bớt giúp."
STREAMS_PER_CHAT = 8
STREAMS_PER_VISITOR = 300
"""Many people may share one address: an office, a mobile network."""

_BREATH_SECONDS = 20.0


async def entries(feed: Feed, address: str, after: int = 0) -> list[dict[str, Any]]:
    """Return the entries of a conversation after ``after`` as the page shows them."""
    return [web_view.entry(each.id, each.author, each.payload) for each in await feed.history(address, after)]


class Streams:
    """Keeps the open streams, a bounded number for each visitor and for each conversation."""

    def __init__(self, feed: Feed, cookie: Cookie, behind_proxy: bool) -> None:
        self._feed = feed
        self._cookie = cookie
        self._behind_proxy = behind_proxy
        self._open: Counter[tuple[str, str]] = Counter()

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream new entries; after a broken connection the browser says which one it saw last."""
        address = self._cookie.read(request)
        if address is None:
            return web.Response(status=204)  # tells the browser not to try again
        limits = {
            ("visitor", web_guard.visitor(request, self._behind_proxy)): STREAMS_PER_VISITOR,
            ("chat", address): STREAMS_PER_CHAT,
        }
        if any(self._open[key] >= most for key, most in limits.items()):
            raise Refusal(429, TOO_MANY_PAGES, 30)
        after = number(request.headers.get("Last-Event-ID") or request.query.get("after"))
        response = web.StreamResponse(
            headers=web_guard.HEADERS | {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        response.content_type = "text/event-stream"
        await response.prepare(request)
        self._open.update(limits.keys())
        try:
            await self._stream(response, address, after)
        except (ConnectionError, SQLAlchemyError):
            pass  # the reader is gone, or will be back once the database is
        finally:
            self._open.subtract(limits.keys())
            self._open = +self._open
        return response

    async def _stream(self, response: web.StreamResponse, address: str, after: int) -> None:
        await response.write(b"retry: 2000\n\n")
        while not self._feed.closed:
            for each in await entries(self._feed, address, after):
                after = each["id"]
                data = json.dumps(each, ensure_ascii=False)
                await response.write(f"id: {after}\ndata: {data}\n\n".encode())
            if not await self._feed.wait(address, after, _BREATH_SECONDS):
                await response.write(b": .\n\n")
