"""The door of the office: every request passes here, and none reaches a room without the role its route needs.

In this order: is there an office at all, who is it, may they, does the request come from our own page, does its form
fit and carry our token. Only then the route's handler runs.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.web_guard import HEADERS, Refusal, is_ours, visitor
from bot.errors import Forbidden, OfficeError, Outdated
from bot.logs import outline
from bot.office import accounts, csrf, sessions
from bot.office.cookies import browser_cookie, session_cookie
from bot.office.forms import BAD_FORM, received
from bot.office.sessions import Session
from bot.office.visit import Office, Route, Visit
from bot.settings import Settings

SIGN_IN = "/canbo/vao"

NO_PAGE = "Không có trang này."
CLOSED = "Không có trang này."
HOW_TO_OPEN = (
    "Trang cán bộ chưa mở vì chưa có người quản trị nào. Trên máy này, trong một cửa sổ lệnh khác, gõ:\n\n"
    '    python -m bot staff add --name "Họ và tên" --role administrator --login ten-dang-nhap\n\n'
    "rồi mở đường dẫn mà lệnh in ra."
)
NOT_OURS = "Yêu cầu này không đến từ trang của chúng tôi nên không được nhận."
SIGNED_OUT = "Anh/chị chưa đăng nhập, hoặc phiên làm việc đã hết. Xin đăng nhập rồi làm lại."
NOT_ALLOWED = "Anh/chị không có quyền làm việc này. Nhờ người quản trị giúp nếu cần."
OLD_FORM = "Trang đã mở quá lâu nên chưa ghi gì. Anh/chị tải lại trang rồi làm lại giúp."
OUT_OF_ORDER = "Xin lỗi, hệ thống đang bận. Anh/chị thử lại sau ít phút."

_LOCAL = ("127.0.0.1", "localhost", "[::1]")
_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Door:
    """Turns routes into what our HTTP server serves. ``secret`` is the installation's."""

    def __init__(self, office: Office, table: Sequence[Route], settings: Settings, secret: bytes) -> None:
        self._office = office
        self._table = table
        self._menu = tuple(route for route in table if route.menu)
        self._settings = settings
        self._secret = secret
        secure = (settings.public_url or "").startswith("https://")
        self._session = session_cookie(secure)
        self._browser = browser_cookie(secure)
        self._is_open = False

    def routes(self) -> list[web.RouteDef]:
        """Return the office's routes, ready for ``Application.add_routes``."""
        return [web.route(route.method, route.path, self._guarded(route)) for route in self._table]

    def _guarded(self, route: Route) -> Handler:
        """Give every answer its protective headers, and every refusal its words."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                response = await self._answer(route, request)
            except Refusal as refusal:
                response = self._refused(refusal)
            except web.HTTPNotFound:
                response = self._refused(Refusal(404, NO_PAGE))
            except SQLAlchemyError as error:
                _log.warning("a page of the office could not reach the database: %s", outline(error))
                response = self._refused(Refusal(503, OUT_OF_ORDER, 10))
            except (web.HTTPException, web.RequestPayloadError, ConnectionError):
                response = self._refused(Refusal(400, BAD_FORM))
            except Exception as error:
                _log.error("a request to the office failed: %s", outline(error))
                response = self._refused(Refusal(500, OUT_OF_ORDER))
            if not response.prepared:
                response.headers.update(HEADERS)
                response.headers.setdefault("Cache-Control", "no-store")
            return response

        return handle

    async def _answer(self, route: Route, request: web.Request) -> web.StreamResponse:
        if not await self._open():
            local = request.host.rsplit(":", 1)[0] in _LOCAL and not self._settings.behind_proxy
            raise Refusal(404, HOW_TO_OPEN if local else CLOSED)
        if "\x00" in request.path:
            raise Refusal(404, NO_PAGE)  # in no address of ours, and no text to the database
        session = await self._who(request)
        if route.role is not None:
            if session is None:
                return self._stranger(request)
            if not session.clerk.may(route.role):
                return self._visit(route, request, session).page(
                    "plain.html", 403, title="Không có quyền", words=NOT_ALLOWED
                )
        visit = self._visit(route, request, session)
        if request.method == "POST":
            response = await self._posted(visit)
        else:
            response = await self._handled(visit)
        self._remember(visit, response)
        return response

    async def _posted(self, visit: Visit) -> web.StreamResponse:
        if not is_ours(visit.request, self._settings.public_url):
            raise Refusal(403, NOT_OURS)
        async with received(visit.request, visit.route.most_bytes) as form:
            if not csrf.same(visit.csrf, form.raw(csrf.FIELD)):
                return visit.page("plain.html", 403, title="Chưa ghi gì", words=OLD_FORM)
            visit.form = form
            return await self._handled(visit)

    async def _handled(self, visit: Visit) -> web.StreamResponse:
        try:
            return await visit.route.handle(visit)
        except web.HTTPNotFound:
            if visit.session is None:
                raise
            return visit.page("plain.html", 404, title="Không có trang này", words=NO_PAGE)
        except Refusal as refusal:
            return visit.page("plain.html", refusal.status, title="Chưa làm được", words=refusal.words)
        except OfficeError as error:
            status = 403 if isinstance(error, Forbidden) else 409 if isinstance(error, Outdated) else 400
            return visit.page("plain.html", status, title="Chưa làm được", words=str(error))

    async def _open(self) -> bool:
        """Say whether there is an administrator; once there was, somebody can always sign in to see to it."""
        if not self._is_open:
            async with self._office.engine.connect() as connection:
                self._is_open = await accounts.opened(connection)
        return self._is_open

    async def _who(self, request: web.Request) -> Session | None:
        token = self._session.read(request)
        if token is None:
            return None
        async with self._office.engine.begin() as connection:
            return await sessions.read(connection, token)

    def _visit(self, route: Route, request: web.Request, session: Session | None) -> Visit:
        browser = self._browser.read(request) or csrf.fresh()
        token = session.csrf if session else csrf.before_sign_in(self._secret, browser)
        place = visitor(request, self._settings.behind_proxy)
        sealed = hmac.new(self._secret, f"address {place}".encode(), hashlib.sha256).hexdigest()
        return Visit(self._office, route, request, token, browser, sealed, session, menu=self._menu)

    def _remember(self, visit: Visit, response: web.StreamResponse) -> None:
        """Give the browser its cookies: always to who is not signed in, else when a session began or ended."""
        if visit.session is None and self._browser.read(visit.request) != visit.browser:
            self._browser.write(response, visit.browser)
        if visit.began:
            self._session.write(response, visit.began)
        elif visit.ended:
            self._session.clear(response)

    def _stranger(self, request: web.Request) -> web.Response:
        """Send who is not signed in to do so.

        A link followed from elsewhere (Telegram) comes without the strict cookie of a session, though there may be one:
        such a page asks for itself once more, from here.
        """
        if request.method != "GET":
            raise Refusal(403, SIGNED_OUT)
        wanted = request.path_qs if request.path_qs.startswith("/canbo") else "/canbo"
        if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            return web.Response(text=self._office.view.render("again.html", wanted=wanted), content_type="text/html")
        place = SIGN_IN if wanted.rstrip("/") == "/canbo" else f"{SIGN_IN}?toi={quote(wanted, safe='')}"
        return web.Response(status=303, headers={"Location": place})

    @staticmethod
    def _refused(refusal: Refusal) -> web.Response:
        headers = {"Retry-After": str(refusal.seconds)} if refusal.seconds else {}
        return web.Response(text=refusal.words, status=refusal.status, headers=headers)
