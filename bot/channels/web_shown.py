"""What a visitor of the page is shown: the conversation so far, what a link leads to, notices, and the page's files."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.channels import web_handed, web_view
from bot.channels.web_guard import Refusal
from bot.channels.web_stream import entries
from bot.dialogue import bulletin, commands, link, preparation, welcome
from bot.dialogue.action import Verb, parse
from bot.dialogue.conversation import respond
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Turn, TurnKind
from bot.settings import Settings
from bot.storage.feed import Feed

NO_SUCH_LINK = "Đường dẫn này không dẫn tới thủ tục nào. Anh/chị cứ hỏi ngay ở đây."

_IN_PLACE = (
    Verb.FIELD,
    Verb.FIELDS,
    Verb.ANSWER,
    Verb.BACK,
    Verb.FINISH,
    Verb.TICK,
    Verb.COPIES,
    Verb.BUNDLE,
    Verb.WHOLE,
)
"""Buttons that change the message they stand under: what was pressed is to be seen there."""

_IN_PLACE_BESIDE = re.compile(rf"sit:\d+:(?:{Verb.ANSWER}|{Verb.BACK}|{Verb.FINISH}|{Verb.TICK}|{Verb.COPIES})\b")
"""The same for the case of a resident, whose buttons name it."""


class Shown:
    """Shows the page; it reads what was said and changes nothing."""

    def __init__(self, feed: Feed, services: Callable[[], Services], settings: Settings) -> None:
        self._feed = feed
        self._services = services
        self._settings = settings
        self._page = web_view.Page()

    async def render(
        self,
        request: web.Request,
        address: str | None,
        *,
        status: int = 200,
        notice: str = "",
        draft: str = "",
    ) -> web.Response:
        """Show the page a request asked for, with the conversation of ``address`` and what its link leads to.

        ``notice`` stands above the conversation, ``draft`` in the field one writes in.
        """
        kiosk = request.path == "/kiosk" or "kiosk" in request.query
        code = request.match_info.get("code") or request.query.get("p", "")
        token = request.match_info.get("case", "")
        handed = request.match_info.get("handed", "")
        opened = _opened(code, token, handed)
        entries = await self.entries(address) if address else []
        text = self._page.render(
            kiosk=kiosk,
            idle_seconds=self._settings.kiosk_idle_seconds,
            days=self._settings.retention_days,
            subtitle=self._settings.page_subtitle,
            greeting=self._greeting(),
            entries=web_view.fold(entries),
            last=max((each["id"] for each in entries), default=0),
            opened=opened,
            preview=self._preview(opened) if opened else [],
            banners=await self.banners(address),
            notice=notice or (NO_SUCH_LINK if (code or token or handed) and not opened else ""),
            draft=draft,
        )
        return web.Response(text=text, status=status, content_type="text/html")

    async def entries(self, address: str, after: int = 0) -> list[dict[str, Any]]:
        """Return what was said since the entry ``after``."""
        return await entries(self._feed, address, after)

    async def banners(self, address: str | None) -> list[str]:
        """Return the notices that stand where this visitor lives."""
        services = self._services()
        if not services.banners:
            return []
        commune = await self._feed.commune(address) if address else None
        return [banner.text for banner in bulletin.on(services, commune)]

    async def label(self, address: str, turn: Turn) -> str | None:
        """Return what the person is shown to have said by pressing a button; turning a page says nothing."""
        action = parse(turn.value) if turn.kind is TurnKind.ACTION else None
        if action is None or action.verb in _IN_PLACE or _IN_PLACE_BESIDE.match(action.detail):
            return None
        return web_view.label_of(turn.value, [*self._greeting(), *await self.entries(address)])

    async def asset(self, request: web.Request) -> web.Response:
        """Answer with a file of the page, which never changes under its name."""
        for asset in self._page.assets.values():
            if asset.name == request.match_info["name"]:
                headers = {"Cache-Control": "public, max-age=31536000, immutable"}
                return web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8", headers=headers)
        raise Refusal(404, "Không có tệp này.")

    async def icon(self, _request: web.Request) -> web.Response:
        """Answer with the door that browsers show beside the title."""
        icon = self._page.assets["door.svg"]
        return web.Response(body=icon.body, content_type=icon.content_type, headers={"Cache-Control": "max-age=86400"})

    def _preview(self, opened: str) -> list[dict[str, Any]]:
        """Return what the link leads to, for whoever has no scripts; the script takes a turn instead."""
        if commands.linked_case(opened):
            return web_view.messages([preparation.invitation(opened.removeprefix(link.PREFIX), self._services())])
        if web_handed.known(opened):
            return web_view.messages([web_handed.message(opened)])
        reply, _ = respond(Turn(TurnKind.COMMAND, opened, "start"), Session(), self._services())
        return web_view.messages(reply.messages)

    def _greeting(self) -> list[dict[str, Any]]:
        return web_view.messages([welcome.welcome(self._services())])


def _opened(code: str, token: str, handed: str = "") -> str:
    """Return the argument of the command that opens what a link names, or nothing.

    A link names a procedure by its code, somebody's case by its token, or what was handed to somebody.
    """
    if handed:
        return handed if web_handed.known(handed) else ""
    if token:
        return link.PREFIX + token if commands.linked_case(link.PREFIX + token) else ""
    return f"p_{code}" if commands.linked_code(f"p_{code}") else ""
