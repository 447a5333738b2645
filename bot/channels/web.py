"""The chat page: the conversation in a browser, with or without scripts, on a phone or a kiosk.

A turn comes in by POST and its answer goes out three ways that agree: in the reply to the POST, on the event stream of
every open page of the conversation, and in the page itself when it is loaded again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.channels import web_guard, web_photos
from bot.channels.web_files import PATHS, Downloads
from bot.channels.web_guard import Refusal
from bot.channels.web_shown import Shown
from bot.channels.web_stream import Streams
from bot.channels.web_turns import BAD_FORM, number, read_turn, update_id
from bot.dialogue.services import Services
from bot.dialogue.turn import Reply, Turn, TurnKind
from bot.intake import Intake
from bot.logs import outline
from bot.printing.files import Files
from bot.settings import Settings
from bot.storage.feed import Feed
from bot.storage.tables import Author

CHANNEL = "web"
TOO_FAST = "Anh/chị gửi hơi nhanh. Xin chờ {seconds} giây rồi gửi lại."
NOT_OURS = "Yêu cầu này không đến từ trang của chúng tôi nên không được nhận."
PLACE = "Vị trí của tôi"
TOO_BIG = "Tin nhắn quá dài. Anh/chị viết ngắn lại giúp."
NO_SUCH_PAGE = "Không có trang này. Anh/chị cứ hỏi ngay ở đây."
OUT_OF_ORDER = "Xin lỗi, hệ thống đang bận. Anh/chị thử lại sau ít phút."

_MOST_BYTES = 128 * 1024
_SHOWN_CHARACTERS = 1_000
_ANSWER_SECONDS = 2.0
_LEAVING = Turn(TurnKind.COMMAND, command="ketthuc")
"""Ends what a person has open with another one, who would else go on writing to nobody."""

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Web:
    """What the page needs of the house."""

    intake: Intake
    feed: Feed
    services: Callable[[], Services]
    settings: Settings
    files: Files
    enclose: Callable[[str, str, bytes], Awaitable[str]] | None = None
    """Keeps a file for whoever a chat talks with; returns its name as ``Turn.file``, "" when nobody."""


def routes(given: Web) -> list[web.RouteDef]:
    """Return the page's routes, ready for ``Application.add_routes``."""
    chat = _Chat(given)
    return [
        web.get("/", _guarded(chat.page)),
        web.get("/kiosk", _guarded(chat.page)),
        web.get(r"/p/{code}", _guarded(chat.page)),
        web.get(r"/c/{case}", _guarded(chat.page)),
        web.get(r"/s/{handed}", _guarded(chat.page)),
        web.post("/", _guarded(chat.form)),
        web.post("/turn", _guarded(chat.turn)),
        web.post("/photo", _guarded(chat.photo)),
        web.post("/forget", _guarded(chat.forget)),
        web.get("/events", _guarded(chat.streams.events)),
        web.get("/assets/{name}", _guarded(chat.shown.asset)),
        web.get("/favicon.ico", _guarded(chat.shown.icon)),
        *(web.get(path, _guarded(chat.downloads.send)) for path in PATHS),
        web.get("/{lost:.*}", _guarded(chat.lost)),
    ]


def _guarded(handler: Handler) -> Handler:
    """Give every answer its protective headers, and every refusal its words."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            response = await handler(request)
        except Refusal as refusal:
            response = _refused(request, refusal)
        except SQLAlchemyError:
            response = _refused(request, Refusal(503, OUT_OF_ORDER, 10))
        except (web.HTTPException, web.RequestPayloadError, ConnectionError):
            response = _refused(request, Refusal(400, BAD_FORM))
        except Exception as error:
            _log.error("a request to the page failed: %s", outline(error))
            response = _refused(request, Refusal(500, OUT_OF_ORDER))
        if not response.prepared:
            response.headers.update(web_guard.HEADERS)
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def _refused(request: web.Request, refusal: Refusal) -> web.Response:
    headers = {"Retry-After": str(refusal.seconds)} if refusal.seconds else {}
    if request.path == "/turn" or _by_script(request):
        return web.json_response({"error": refusal.words}, status=refusal.status, headers=headers)
    return web.Response(text=refusal.words, status=refusal.status, headers=headers)


class _Chat:
    def __init__(self, given: Web) -> None:
        settings = given.settings
        self._web = given
        self.shown = Shown(given.feed, given.services, settings)
        self._cookie = web_guard.Cookie((settings.public_url or "").startswith("https://"), settings.retention_days)
        self._by_chat = web_guard.Limiter(settings.web_turns_per_minute)
        self._by_visitor = web_guard.Limiter(settings.web_turns_per_minute_per_ip)
        self.streams = Streams(given.feed, self._cookie, settings.behind_proxy)
        self._uploads = web_photos.Uploads(lambda: given.services().clock().date())
        self.downloads = Downloads(given.files, settings.web_turns_per_minute_per_ip, settings.behind_proxy)

    async def page(self, request: web.Request) -> web.Response:
        """Show the conversation; a link to one procedure shows that one below it."""
        address = self._cookie.read(request)
        return await self.shown.render(request, address)

    async def turn(self, request: web.Request) -> web.Response:
        """Take a turn from the page's script and answer with what is new since the entry it knows last."""
        self._check(request, "application/json")
        try:
            sent = json.loads(await self._body(request))
        except (ValueError, RecursionError):
            sent = None
        if not isinstance(sent, dict):
            raise Refusal(400, BAD_FORM)
        address = self._cookie.read(request) or self._cookie.new()
        toast = await self._take(request, address, sent)
        response = await self._news(address, sent.get("after"), toast)
        self._cookie.write(response, address)
        return response

    async def _news(self, address: str, after: Any, toast: str | None = None) -> web.Response:
        """Answer the page's script with what was said since the entry ``after``, and what stands above it now."""
        new = await self.shown.entries(address, number(after))
        return web.json_response({"entries": new, "toast": toast, "banners": await self.shown.banners(address)})

    async def form(self, request: web.Request) -> web.Response:
        """Take a turn from the plain form of a browser without scripts, and show the page again."""
        self._check(request, "application/x-www-form-urlencoded")
        await self._body(request)
        try:
            fields = await request.post()
        except (LookupError, ValueError) as error:
            raise Refusal(400, BAD_FORM) from error
        sent = {name: value for name, value in fields.items() if isinstance(value, str)}
        sent = sent | (
            {"kind": "action", "value": sent["action"]} if "action" in sent else {"value": sent.get("text", "")}
        )
        address = self._cookie.read(request) or self._cookie.new()
        try:
            await self._take(request, address, {"kind": "text", **sent})
        except Refusal as refusal:
            return await self.shown.render(
                request, address, status=refusal.status, notice=refusal.words, draft=sent["value"]
            )
        response = _see_other(request, "#latest")
        self._cookie.write(response, address)
        return response

    async def photo(self, request: web.Request) -> web.Response:
        """Take a photo of a receipt, from the page's script or its plain form; the picture is read and forgotten.

        While its sender talks with another person, it is a picture or file for that one.
        """
        self._check(request, "multipart/form-data")
        address = self._cookie.read(request) or self._cookie.new()
        try:
            who = self._counted(request, address)
            upload = await self._uploads.take(request)
        except Refusal as refusal:
            if _by_script(request):
                raise
            return await self.shown.render(request, address, status=refusal.status, notice=refusal.words)
        turn = await self._enclosed(address, upload)
        said = web_photos.FILE_SAID if turn.file else web_photos.SAID
        await self._receive(address, turn, upload.fields.get("id"), said, who)
        if _by_script(request):
            response = await self._news(address, upload.fields.get("after"))
        else:
            response = _see_other(request, "#latest")
        self._cookie.write(response, address)
        return response

    async def _enclosed(self, address: str, upload: web_photos.Upload) -> Turn:
        """Return the turn of an upload, with the file's name where it waits to go to another person."""
        if not upload.content or self._web.enclose is None:
            return upload.turn
        return replace(upload.turn, file=await self._web.enclose(CHANNEL, address, upload.content))

    async def forget(self, request: web.Request) -> web.Response:
        """Delete the conversation and everything said in it."""
        if not web_guard.is_ours(request, self._web.settings.public_url):
            raise Refusal(403, NOT_OURS)
        address = self._cookie.read(request)
        if address:
            await self._web.intake.receive(CHANNEL, address, _LEAVING)
            await self._web.feed.forget(address)
        response = _see_other(request)
        self._cookie.clear(response)
        return response

    async def lost(self, request: web.Request) -> web.Response:
        """Show the conversation to whoever followed a broken link."""
        address = self._cookie.read(request)
        return await self.shown.render(request, address, status=404, notice=NO_SUCH_PAGE)

    def _check(self, request: web.Request, content_type: str) -> None:
        if request.content_type != content_type:
            raise Refusal(415, BAD_FORM)
        if not web_guard.is_ours(request, self._web.settings.public_url):
            raise Refusal(403, NOT_OURS)

    @staticmethod
    async def _body(request: web.Request) -> bytes:
        if (request.content_length or 0) > _MOST_BYTES:
            raise Refusal(413, TOO_BIG)
        try:
            return await request.read()
        except web.HTTPRequestEntityTooLarge as error:
            raise Refusal(413, TOO_BIG) from error

    async def _take(self, request: web.Request, address: str, sent: dict[str, Any]) -> str | None:
        turn = read_turn(sent)
        who = self._counted(request, address)
        said = str(sent["value"]) if sent["kind"] == "text" else await self.shown.label(address, turn)
        if turn.kind is TurnKind.LOCATION:
            said = PLACE  # where it was is not kept
        if said is not None and len(said) > _SHOWN_CHARACTERS:
            said = said[:_SHOWN_CHARACTERS] + "…"
        origin = {"pressed": number(sent.get("message"))} if turn.kind is TurnKind.ACTION else None
        reply = await self._receive(address, turn, sent.get("id"), said, who, origin)
        return reply.toast if reply else None

    def _counted(self, request: web.Request, address: str) -> str:
        """Count a turn and return who sends it; raise ``Refusal`` when it comes too soon after others."""
        who = web_guard.visitor(request, self._web.settings.behind_proxy)
        seconds = self._by_visitor.wait(who) or self._by_chat.wait(address)
        if seconds:
            raise Refusal(429, TOO_FAST.format(seconds=seconds), seconds)
        return who

    async def _receive(
        self, address: str, turn: Turn, nonce: Any, said: str | None, who: str, origin: dict[str, Any] | None = None
    ) -> Reply | None:
        counted = update_id(address, nonce)
        reply = await self._web.intake.receive(
            CHANNEL, address, turn, update_id=counted, said=said, origin=origin, visitor=who
        )
        if reply and reply.effects and not reply.messages:
            await self._answered(address)
        return reply

    async def _answered(self, address: str) -> None:
        """Wait a moment for an answer that comes by itself: a browser without scripts hears of it only now."""
        newest = await self._web.feed.history(address, limit=1)
        if newest and newest[-1].author == Author.PERSON:
            await self._web.feed.wait(address, newest[-1].id, _ANSWER_SECONDS)


def _by_script(request: web.Request) -> bool:
    return request.headers.get("Accept") == "application/json"


def _see_other(request: web.Request, place: str = "") -> web.Response:
    page = "/kiosk" if "kiosk" in request.query else "/"
    return web.Response(status=303, headers={"Location": page + place})
