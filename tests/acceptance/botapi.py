"""A Bot API server for tests, as strict as Telegram's, that speaks real HTTP and delivers real updates."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from tests.acceptance.botmarkup import MarkupError, parse, units
from tests.patience import PATIENCE_SECONDS, until

TOKEN = "123456789:AAH-acceptance_test_token_0123456789"
NAME = "mot_cua_test_bot"
ME = {"id": 123456789, "is_bot": True, "first_name": "Một Cửa", "username": NAME, "supports_inline_queries": True}
_CALLBACK_SECONDS = 15.0


class RefusalError(Exception):
    """An error the server answers with."""

    def __init__(self, status: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        self.status = status
        self.description = description
        self.parameters = parameters


@dataclass
class Sent:
    """A message of the bot as its reader has it. ``versions`` counts edits; ``text`` is without marks."""

    chat: int
    number: int
    text: str
    marks: list[tuple[str, int, int, str]]
    buttons: list[list[dict[str, str]]]
    extra: dict[str, Any] = field(default_factory=dict)
    versions: int = 1
    at: float = field(default_factory=time.monotonic)

    def actions(self) -> dict[str, str]:
        """Return what each button sends, by its label."""
        return {each["text"]: each["callback_data"] for row in self.buttons for each in row if "callback_data" in each}


@dataclass(frozen=True)
class Upload:
    """A file the bot sent: how, under which name, and what is in it."""

    kind: str
    name: str
    content: bytes


@dataclass
class Fault:
    """Something to do wrong ``times`` times for calls of ``method``: answer an error, or hang up after taking it."""

    method: str
    status: int = 502
    description: str = "Bad Gateway"
    parameters: Mapping[str, Any] | None = None
    times: int = 1
    hang_up: bool = False


class BotApi:
    """The server. Updates are pushed with ``text``, ``press`` and ``push``; what the bot did stands in the lists."""

    def __init__(self, *, rate_limit: int | None = 31) -> None:
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.confirmed: dict[str, str | None] = {}
        self.inline: dict[str, list[dict[str, Any]]] = {}
        self.profile: dict[str, Any] = {}
        self.blocked: set[int] = set()
        self.faults: list[Fault] = []
        self.deliveries: list[int] = []
        self.webhook: dict[str, Any] = {}
        self.files: dict[str, Upload] = {}
        self.stalls: dict[str, asyncio.Event] = {}
        self.token = TOKEN
        self.latency = 0.0
        self._rate_limit = rate_limit
        self._recent: deque[float] = deque()
        self._chats: dict[int, str] = {}
        self._callbacks: dict[str, float] = {}
        self._inline_open: set[str] = set()
        self._pending: dict[int, dict[str, Any]] = {}
        self._in_flight: set[int] = set()
        self._numbers = itertools.count(1000)
        self._update_ids = itertools.count(70_000)
        self._news = asyncio.Condition()
        self._poller: asyncio.Task[Any] | None = None
        self._courier: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen on a free port."""
        application = web.Application(client_max_size=50 * 1024 * 1024)
        application.router.add_route("*", "/bot{token}/{method}", self._call)
        application.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        self._courier = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        """Stop listening and delivering."""
        assert self._runner
        assert self._session
        assert self._courier
        self._courier.cancel()
        await asyncio.gather(self._courier, return_exceptions=True)
        await self._session.close()
        await self._runner.cleanup()

    def forget(self) -> None:
        """Begin anew for another test with the same bot; what it set at its start stays."""
        self.sent.clear()
        self.calls.clear()
        self.confirmed.clear()
        self.inline.clear()
        self.blocked.clear()
        self.deliveries.clear()
        self.faults = []

    # What people do

    async def push(self, **content: Any) -> int:
        """Queue an update and return its number."""
        number = next(self._update_ids)
        async with self._news:
            self._pending[number] = {"update_id": number, **content}
            self._news.notify_all()
        return number

    async def text(self, chat: int, text: str, *, kind: str = "message", **extra: Any) -> int:
        """Somebody writes to the bot; a negative chat is a group."""
        return await self.push(**{kind: self.message(chat, text=text, **extra)})

    async def photo(self, chat: int, content: bytes, *, as_file: str = "", **extra: Any) -> str:
        """Somebody sends a picture, as a photo or as a file of the MIME type ``as_file``; return its file id."""
        number = f"picture-{next(self._numbers)}"
        self.files[number] = Upload("photo", "picture.jpg", content)
        known = {"file_id": number, "file_unique_id": number[-8:], "file_size": len(content)}
        small = {"file_id": f"{number}-small", "file_unique_id": "small", "width": 90, "height": 67}
        sizes = [small, {**known, "width": 1280, "height": 960}]
        shown = {"document": {**known, "mime_type": as_file}} if as_file else {"photo": sizes}
        await self.push(message=self.message(chat, **shown, **extra))
        return number

    async def document(self, chat: int, name: str, content: bytes, **extra: Any) -> str:
        """Somebody sends a file; return its file id."""
        number = f"document-{next(self._numbers)}"
        self.files[number] = Upload("document", name, content)
        known = {"file_id": number, "file_unique_id": number[-8:], "file_size": len(content), "file_name": name}
        await self.push(message=self.message(chat, document=known, **extra))
        return number

    async def press(self, message: Sent, data: str, person: int | None = None) -> str:
        """Somebody presses a button under a message; return the number of the press."""
        number = f"cb{next(self._numbers)}"
        self._callbacks[number] = time.monotonic()
        original = self.message(message.chat, text=message.text, message_id=message.number)
        original["from"] = ME
        await self.push(
            callback_query={
                "id": number,
                "from": self._person(person or abs(message.chat)),
                "message": original,
                "chat_instance": "1",
                "data": data,
            }
        )
        return number

    async def ask_inline(self, person: int, query: str) -> str:
        """Somebody types the bot's name in another chat; return the number of the query."""
        number = f"iq{next(self._numbers)}"
        self._inline_open.add(number)
        await self.push(inline_query={"id": number, "from": self._person(person), "query": query, "offset": ""})
        return number

    def message(self, chat: int, **content: Any) -> dict[str, Any]:
        """Return a message of a person, without sending it."""
        kind = "private" if chat > 0 else "supergroup"
        self._chats[chat] = kind
        where = {"id": chat, "type": kind} | ({"first_name": "Lan"} if chat > 0 else {"title": "Tổ dân phố"})
        number = {"message_id": next(self._numbers), "date": int(time.time())}
        return {**number, "chat": where, "from": self._person(abs(chat)), **content}

    def _person(self, number: int) -> dict[str, Any]:
        return {"id": number, "is_bot": False, "first_name": "Lan"}

    # What tests wait for

    def to(self, chat: int) -> list[Sent]:
        """Return what a chat has received, in order."""
        return [each for each in self.sent if each.chat == chat]

    async def until(self, condition: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
        """Wait until the condition holds and return its value; fail after ``seconds``."""
        return await until(condition, seconds)

    async def reply(self, chat: int, count: int = 1, seconds: float = PATIENCE_SECONDS) -> Sent:
        """Wait until a chat has ``count`` messages and return the last of them."""
        received: list[Sent] = await self.until(lambda: self.to(chat)[count - 1 :], seconds)
        return received[0]

    @property
    def waiting(self) -> int:
        """How many updates the bot has not yet confirmed."""
        return len(self._pending)

    # The server

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            if request.match_info["token"] != self.token:
                raise RefusalError(401, "Unauthorized")
            arguments = await _arguments(request)
            self.calls.append((method, arguments))
            fault = self._fault(method)
            if fault and not fault.hang_up:
                raise RefusalError(fault.status, fault.description, fault.parameters)
            handler = getattr(self, f"_on_{method.lower()}", None)
            if handler is None:
                raise RefusalError(404, "Not Found")
            result = await handler(arguments)
            await asyncio.sleep(self.latency)
            if fault and request.transport:
                request.transport.close()
            return web.json_response({"ok": True, "result": result})
        except RefusalError as refusal:
            body = {"ok": False, "error_code": refusal.status, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = dict(refusal.parameters)
            return web.json_response(body, status=refusal.status)

    async def _download(self, request: web.Request) -> web.Response:
        """Give out a file at the path ``getFile`` told; ``stalls`` holds what some wait for."""
        number = request.match_info["path"].removeprefix("files/")
        if request.match_info["token"] != self.token or number not in self.files:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        fault = self._fault("download")
        if fault:
            return web.Response(text=fault.description, status=fault.status)
        if number in self.stalls:
            await self.stalls[number].wait()
        return web.Response(body=self.files[number].content, content_type="application/octet-stream")

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method.lower() == method.lower() and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    async def _on_getme(self, _: dict[str, Any]) -> dict[str, Any]:
        return ME

    async def _on_getupdates(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise RefusalError(409, "Conflict: can't use getUpdates method while webhook is active")
        if self._poller and not self._poller.done():
            self._poller.cancel("conflict")
        self._poller = asyncio.current_task()
        offset = int(arguments.get("offset") or 0)
        self._pending = {number: update for number, update in self._pending.items() if number >= offset}
        try:
            async with asyncio.timeout(float(arguments.get("timeout") or 0)), self._news:
                await self._news.wait_for(lambda: self._pending)
        except TimeoutError:
            pass
        except asyncio.CancelledError as error:
            if error.args != ("conflict",):
                raise
            asyncio.current_task().uncancel()  # type: ignore[union-attr]
            raise RefusalError(409, "Conflict: terminated by other getUpdates request") from None
        return [self._pending[number] for number in sorted(self._pending)][: int(arguments.get("limit") or 100)]

    async def _on_setwebhook(self, arguments: dict[str, Any]) -> bool:
        secret = arguments.get("secret_token", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise RefusalError(400, "Bad Request: secret token contains unallowed characters")
        parts = urlsplit(arguments.get("url", ""))
        if parts.scheme != "https" and parts.hostname != "127.0.0.1":
            raise RefusalError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = {"url": arguments["url"], "secret": secret}
        async with self._news:
            self._news.notify_all()
        return True

    async def _on_deletewebhook(self, arguments: dict[str, Any]) -> bool:
        self.webhook = {}
        if arguments.get("drop_pending_updates") == "true":
            self._pending.clear()
        return True

    async def _on_sendmessage(self, arguments: dict[str, Any]) -> dict[str, Any]:
        chat = self._known_chat(arguments)
        self._limit_rate()
        text, marks = _body(arguments)
        extra = {name: value for name, value in arguments.items() if name in {"message_thread_id", "reply_parameters"}}
        message = Sent(chat, next(self._numbers), text, marks, _keyboard(arguments), extra)
        self.sent.append(message)
        return self._described(message)

    async def _on_senddocument(self, arguments: dict[str, Any]) -> dict[str, Any]:
        message, number = self._sent_file("document", arguments)
        kept = self.files[number]
        known = {"file_id": number, "file_unique_id": number[-8:], "file_name": kept.name}
        return {**self._described(message), "document": known | {"file_size": len(kept.content)}}

    async def _on_sendphoto(self, arguments: dict[str, Any]) -> dict[str, Any]:
        message, number = self._sent_file("photo", arguments)
        size = {"file_id": number, "file_unique_id": number[-8:], "width": 800, "height": 1100}
        return {**self._described(message), "photo": [size]}

    async def _on_getfile(self, arguments: dict[str, Any]) -> dict[str, Any]:
        number = arguments.get("file_id", "")
        if number not in self.files:
            raise RefusalError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self.files[number].content)
        if size > 20 * 1024 * 1024:
            raise RefusalError(400, "Bad Request: file is too big")
        known = {"file_id": number, "file_unique_id": number[-8:], "file_size": size}
        return known | {"file_path": f"files/{number}"}

    def _sent_file(self, kind: str, arguments: dict[str, Any]) -> tuple[Sent, str]:
        """Take a file that is uploaded, or one we have already by its id; return the message and the id."""
        chat = self._known_chat(arguments)
        self._limit_rate()
        given = arguments.get(kind)
        if isinstance(given, web.FileField):
            number = f"{kind}-{next(self._numbers)}-file"
            self.files[number] = _upload(kind, given)
        elif isinstance(given, str) and given in self.files and self.files[given].kind == kind:
            number = given
        else:
            raise RefusalError(400, "Bad Request: wrong file identifier/HTTP URL specified")
        caption, marks = _body({**arguments, "text": arguments["caption"]}) if "caption" in arguments else ("", [])
        if units(caption) > 1024:
            raise RefusalError(400, "Bad Request: message caption is too long")
        extra = {"file": self.files[number], "again": number is given}
        message = Sent(chat, next(self._numbers), caption, marks, _keyboard(arguments), extra)
        self.sent.append(message)
        return message, number

    async def _on_editmessagetext(self, arguments: dict[str, Any]) -> dict[str, Any]:
        chat = self._known_chat(arguments)
        number = int(arguments.get("message_id", 0))
        found = next((each for each in self.sent if (each.chat, each.number) == (chat, number)), None)
        if found is None:
            raise RefusalError(400, "Bad Request: message to edit not found")
        text, marks = _body(arguments)
        buttons = _keyboard(arguments)
        if (found.text, found.marks, found.buttons) == (text, marks, buttons):
            raise RefusalError(400, "Bad Request: message is not modified: specified new message content is the same")
        found.text, found.marks, found.buttons = text, marks, buttons
        found.versions += 1
        return self._described(found)

    async def _on_answercallbackquery(self, arguments: dict[str, Any]) -> bool:
        number = arguments.get("callback_query_id", "")
        if time.monotonic() - self._callbacks.get(number, -1e9) > _CALLBACK_SECONDS:
            raise RefusalError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if units(arguments.get("text", "")) > 200:
            raise RefusalError(400, "Bad Request: MESSAGE_TOO_LONG")
        self.confirmed[number] = arguments.get("text")
        return True

    async def _on_answerinlinequery(self, arguments: dict[str, Any]) -> bool:
        number = arguments.get("inline_query_id", "")
        if number not in self._inline_open:
            raise RefusalError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        results = json.loads(arguments["results"])
        identifiers = [each["id"] for each in results]
        if len(results) > 50 or len(set(identifiers)) != len(identifiers):
            raise RefusalError(400, "Bad Request: RESULT_ID_DUPLICATE")
        for each in results:
            if not each.get("title") or not 1 <= len(each["id"].encode()) <= 64:
                raise RefusalError(400, "Bad Request: RESULT_ID_INVALID")
            _body({"text": each["input_message_content"]["message_text"], **each["input_message_content"]})
        self.inline[number] = results
        return True

    async def _on_setmycommands(self, arguments: dict[str, Any]) -> bool:
        commands = json.loads(arguments["commands"])
        for each in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", each["command"]) or not 1 <= len(each["description"]) <= 256:
                raise RefusalError(400, "Bad Request: BOT_COMMAND_INVALID")
        self.profile["commands"] = commands
        return True

    async def _on_setmydescription(self, arguments: dict[str, Any]) -> bool:
        return self._describe("description", arguments, 512)

    async def _on_setmyshortdescription(self, arguments: dict[str, Any]) -> bool:
        return self._describe("short_description", arguments, 120)

    def _describe(self, name: str, arguments: dict[str, Any], most: int) -> bool:
        if len(arguments[name]) > most:
            raise RefusalError(400, "Bad Request: DESCRIPTION_TOO_LONG")
        self.profile[name] = arguments[name]
        return True

    def _known_chat(self, arguments: dict[str, Any]) -> int:
        chat = int(arguments.get("chat_id", 0))
        if chat not in self._chats:
            raise RefusalError(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _limit_rate(self) -> None:
        now = time.monotonic()
        while self._recent and now - self._recent[0] > 1:
            self._recent.popleft()
        self._recent.append(now)
        if self._rate_limit and len(self._recent) > self._rate_limit:
            raise RefusalError(429, "Too Many Requests: retry after 1", {"retry_after": 1})

    def _described(self, message: Sent) -> dict[str, Any]:
        chat = {"id": message.chat, "type": self._chats[message.chat]}
        return {"message_id": message.number, "date": int(time.time()), "chat": chat, "from": ME, "text": message.text}

    async def _deliver(self) -> None:
        """Carry updates to the webhook, each again and again until it hears 200: chats side by side, one in order."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                async with self._news:
                    await self._news.wait_for(lambda: self.webhook and self._next())
                    chosen = self._next()[:40]
                self._in_flight.update(chosen)
                for number in chosen:
                    tasks.create_task(self._carry(number))

    def _next(self) -> list[int]:
        """Return the first update of each chat of which none is on its way."""
        firsts: dict[object, int] = {}
        for number in sorted(self._pending):
            firsts.setdefault(_chat_of(self._pending[number]) or number, number)
        return [number for number in firsts.values() if number not in self._in_flight]

    async def _carry(self, number: int) -> None:
        assert self._session
        while self.webhook and number in self._pending:
            headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret"]}
            try:
                update = self._pending[number]
                async with self._session.post(self.webhook["url"], json=update, headers=headers) as response:
                    self.deliveries.append(response.status)
                    if response.status == 200:
                        self._pending.pop(number, None)
                        break
            except (aiohttp.ClientError, OSError):
                pass
            await asyncio.sleep(0.2)
        self._in_flight.discard(number)
        async with self._news:
            self._news.notify_all()


def _chat_of(update: Mapping[str, Any]) -> str:
    """Name the chat an update comes from; "" when it tells of none."""
    for content in update.values():
        message = content.get("message", content) if isinstance(content, dict) else None
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict):
            return f"chat {chat['id']}"
    return ""


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(await request.post())


def _upload(kind: str, given: web.FileField) -> Upload:
    content = given.file.read()
    if not given.filename or not content:
        raise RefusalError(400, "Bad Request: file must be non-empty")
    if len(content) > (10 if kind == "photo" else 50) * 1024 * 1024:
        raise RefusalError(413, "Request Entity Too Large")
    if kind == "photo" and not content.startswith((b"\x89PNG", b"\xff\xd8")):
        raise RefusalError(400, "Bad Request: IMAGE_PROCESS_FAILED")
    return Upload(kind, given.filename, content)


def _body(arguments: dict[str, Any]) -> tuple[str, list[tuple[str, int, int, str]]]:
    text, marks = arguments.get("text", ""), []
    if arguments.get("parse_mode") == "HTML":
        try:
            marked = parse(text)
        except MarkupError as error:
            raise RefusalError(400, f"Bad Request: can't parse entities: {error}") from error
        text, marks = marked.text, marked.marks
    if not text.strip():
        raise RefusalError(400, "Bad Request: message text is empty")
    if units(text) > 4096:
        raise RefusalError(400, "Bad Request: message is too long")
    return text, marks


def _keyboard(arguments: dict[str, Any]) -> list[list[dict[str, str]]]:
    rows: list[list[dict[str, str]]] = json.loads(arguments.get("reply_markup") or "{}").get("inline_keyboard", [])
    if len(rows) > 100 or any(len(row) > 8 for row in rows):
        raise RefusalError(400, "Bad Request: too many buttons")
    for button in (each for row in rows for each in row):
        if not button.get("text", "").strip():
            raise RefusalError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
        host = urlsplit(button.get("url", "https://x.vn")).hostname or ""
        if "." not in host:
            raise RefusalError(400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid")
    return rows
