"""The simulated systems over HTTP: the national exchange, iGate, one of its own kind, and a page about them all."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random
from typing import Any

from aiohttp import web

from bot.dossiers.simulator import answers, page
from bot.dossiers.simulator.faults import Fault, Faults, mangled, read
from bot.dossiers.simulator.story import Dossier, Kind

USERNAME, PASSWORD = "mo-phong", "mo-phong"
DSTCODE = "VN:MO:PHONG"
CLIENT_ID, CLIENT_SECRET = "mo-phong", "mo-phong"
_BASIC = "Basic " + b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
_MAX_BODY = 64 * 1024
_HUGE = b'{"result": "' + b"x" * (3 << 20) + b'"}'


class Portal:
    """Serves made-up dossiers. ``now`` is the real time, ``seed`` that of sessions and of wrong types."""

    def __init__(self, dossiers: Iterable[Dossier], now: Callable[[], datetime], seed: int) -> None:
        self.dossiers = {dossier.code: dossier for dossier in dossiers}
        self.faults = Faults()
        self.asked = 0
        self.now = now
        self._chance = Random(seed)  # noqa: S311
        self._tickets: set[str] = set()

    def routes(self) -> list[web.RouteDef]:
        """Return what is served."""
        return [
            web.get("/", self._page),
            web.get("/faults", self._shown),
            web.post("/faults", self._order),
            web.delete("/faults", self._clear),
            web.post("/national/login", self._log_in),
            web.post("/national/service", self._national),
            web.post("/igate/token", self._token),
            web.get("/igate/pa/dossier-search/dvc", self._igate),
            web.get("/json/{code:.+}", self._plain),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        body = page.rendered(self.dossiers.values(), self.now(), self.faults, str(request.url.origin()))
        return web.Response(text=body, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def _shown(self, _request: web.Request) -> web.Response:
        return web.json_response(self.faults.shown())

    async def _order(self, request: web.Request) -> web.Response:
        """Switch a fault on or, with ``clear``, all off: by JSON, by a form of the page, or by a query."""
        by_form = request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}
        try:
            given: Any = dict(request.query)
            if by_form:
                given |= dict(await request.post())
            elif request.can_read_body:
                given |= await request.json()
            if given.get("fault") == "clear":
                self.faults.clear()
            else:
                self.faults.set(*read(given))
        except (ValueError, TypeError):
            known = [fault.value for fault in Fault]
            return web.json_response({"error": "fault, times (1-1000), seconds (0-120)", "faults": known}, status=400)
        if Fault.EXPIRED in self.faults.on:
            self._tickets.clear()
            del self.faults.on[Fault.EXPIRED]
        if by_form:
            raise web.HTTPSeeOther("/")
        return web.json_response(self.faults.shown())

    async def _clear(self, _request: web.Request) -> web.Response:
        self.faults.clear()
        return web.json_response(self.faults.shown())

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        given = await _object(request)
        right = (given.get("username"), given.get("password"), request.headers.get("dstcode"))
        if right != (USERNAME, PASSWORD, DSTCODE):
            return await self._answered(request, {"error_code": 1, "message": "Sai tài khoản", "session": ""})
        return await self._answered(request, {"error_code": 0, "session": self._ticket()})

    async def _national(self, request: web.Request) -> web.StreamResponse:
        given = await _object(request)
        if given.get("session") not in self._tickets:
            return await self._answered(request, {"error_code": "-2", "message": "Phiên làm việc đã hết hạn"})
        if given.get("service") != "TraCuuHoSo" or not given.get("madonvi"):
            return await self._answered(request, {"error_code": "-3", "message": "Dịch vụ không đúng"})
        dossier = self._known(given.get("mahoso"), Kind.NATIONAL)
        result = answers.national(dossier, self.now()) if dossier else []
        return await self._answered(request, {"error_code": "0", "result": result})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        if request.headers.get("Authorization") != _BASIC or form.get("grant_type") != "client_credentials":
            return await self._answered(request, {"error": "invalid_client"}, 401)
        return await self._answered(
            request, {"access_token": self._ticket(), "expires_in": 300, "token_type": "Bearer"}
        )

    async def _igate(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tickets:
            return await self._answered(request, {"error": "invalid_token"}, 401)
        dossier = self._known(request.query.get("code"), Kind.IGATE)
        content = [answers.igate(dossier, self.now())] if dossier else []
        return await self._answered(request, {"content": content, "last": True, "number": 0, "size": 10})

    async def _plain(self, request: web.Request) -> web.StreamResponse:
        dossier = self._known(request.match_info["code"], Kind.JSON)
        if dossier is None:
            return await self._answered(request, {"error": "not found"}, 404)
        return await self._answered(request, answers.plain(dossier, self.now()))

    def _known(self, code: object, kind: Kind) -> Dossier | None:
        dossier = self.dossiers.get(code) if isinstance(code, str) else None
        return dossier if dossier and dossier.kind is kind else None

    def _ticket(self) -> str:
        ticket = f"{self._chance.getrandbits(128):032x}"
        self._tickets.add(ticket)
        return ticket

    async def _answered(self, request: web.Request, data: Any, status: int = 200) -> web.StreamResponse:
        """Answer, unless a fault strikes."""
        self.asked += 1
        strikes = self.faults.strikes
        if strikes(Fault.SLOW):
            await asyncio.sleep(self.faults.seconds)
        if strikes(Fault.DROPPED) and request.transport:
            request.transport.close()
        if strikes(Fault.TOO_MANY):
            return web.Response(status=429, headers={"Retry-After": f"{self.faults.seconds:.0f}"})
        if strikes(Fault.ERROR):
            return web.Response(status=500, text="Internal Server Error")
        if strikes(Fault.REDIRECT):
            return web.Response(status=302, headers={"Location": "http://elsewhere.invalid/"})
        if strikes(Fault.HTML):
            return web.Response(text="<html><body>Hệ thống đang bảo trì</body></html>", content_type="text/html")
        if strikes(Fault.HUGE):
            return web.Response(body=_HUGE, content_type="application/json")
        if strikes(Fault.WRONG_TYPES):
            data = mangled(data, self._chance)
        body = json.dumps(data).encode()
        if strikes(Fault.TRUNCATED):
            body = body[: len(body) * 2 // 3]
        return web.Response(status=status, body=body, content_type="application/json")


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.content.read(_MAX_BODY))
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}
