"""Pages to come in by and to go: password and code, one-time link, sign-out."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.web_guard import Limiter, Refusal
from bot.office import audit, csrf, sessions
from bot.office.links import PATH, Purpose
from bot.office.tables import Role
from bot.office.visit import HOME, Route, Visit

NOT_LET_IN = (
    "Chưa vào được: tên, mật khẩu hoặc mã không đúng. Sai nhiều lần thì tài khoản tạm nghỉ từ năm phút trở lên; "
    "mã sáu số chỉ dùng được một lần."
)
LINK_SENT = (
    "Nếu tên này đã nối với Telegram, đường dẫn đăng nhập đang được gửi tới đó. Xin mở nó trong đúng trình duyệt này, "
    "trong vòng 10 phút."
)
LINK_BAD = (
    "Đường dẫn này không dùng được: đã dùng rồi, đã quá hạn, hoặc được xin từ một trình duyệt khác. "
    "Anh/chị xin đường dẫn mới giúp."
)
TOO_FAST = "Anh/chị thử hơi nhiều lần. Xin chờ {seconds} giây rồi thử lại."
NOTES = {"out": "Anh/chị đã đăng xuất.", "everywhere": "Anh/chị đã đăng xuất khỏi mọi thiết bị."}


class Signing:
    """Handles what is open to everybody; so many tries a minute for each network address."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    def routes(self) -> list[Route]:
        """Return the routes of sign-in and sign-out."""
        return [
            Route("GET", "/canbo/vao", None, self.form, notes=NOTES),
            Route("POST", "/canbo/vao", None, self.enter),
            Route("POST", "/canbo/xin-vao", None, self.ask),
            Route("GET", PATH + "{token}", None, self.link),
            Route("POST", PATH + "{token}", None, self.use_link),
            Route("POST", "/canbo/ra", Role.VIEWER, leave),
            Route("POST", "/canbo/ra-het", Role.VIEWER, leave_everywhere),
        ]

    async def form(self, visit: Visit) -> web.StreamResponse:
        """Show the form, or go on where somebody who is signed in wanted to go."""
        if visit.session:
            return visit.go(wanted(visit.request.query.get("toi", "")))
        return _form(visit)

    async def enter(self, visit: Visit) -> web.StreamResponse:
        """Sign in by password and code."""
        self._count(visit)
        form = visit.form
        token = await visit.office.access.by_password(
            form.get("login"), form.raw("password"), form.get("code"), visit.address
        )
        if token is None:
            return _form(visit, 403, wrong=NOT_LET_IN)
        await _drop(visit)
        visit.began = token
        return visit.go(wanted(form.get("toi")))

    async def ask(self, visit: Visit) -> web.StreamResponse:
        """Send a link to whoever has that name, and say the same whether anybody has."""
        if not visit.office.telegram:
            raise web.HTTPNotFound
        self._count(visit)
        await visit.office.access.ask_link(visit.form.get("login"), visit.browser)
        return visit.page("plain.html", title="Mở Telegram", words=LINK_SENT)

    async def link(self, visit: Visit) -> web.StreamResponse:
        """Ask whether to sign in: programs that look at links to show a picture of them must not use one up."""
        self._count(visit)
        used = await visit.office.access.peek(_token(visit), visit.browser)
        if used is None:
            return visit.page("plain.html", 404, title="Đường dẫn đã hết hạn", words=LINK_BAD)
        return visit.page("link.html", name=used.clerk.name, path=visit.request.path)

    async def use_link(self, visit: Visit) -> web.StreamResponse:
        """Sign in by a link; whoever has no keys yet is shown where to set them."""
        self._count(visit)
        entered = await visit.office.access.by_link(_token(visit), visit.browser, visit.address)
        if entered is None:
            return visit.page("plain.html", 404, title="Đường dẫn đã hết hạn", words=LINK_BAD)
        used, token = entered
        await _drop(visit)
        visit.began = token
        enrols = used.purpose is Purpose.ENROL and used.clerk.login and not used.clerk.armed
        return visit.go("/canbo/toi" if enrols else HOME)

    def _count(self, visit: Visit) -> None:
        seconds = self._limiter.wait(visit.address)
        if seconds:
            raise Refusal(429, TOO_FAST.format(seconds=seconds), seconds)


def _form(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    return visit.page(
        "sign_in.html",
        status,
        wrong=wrong,
        login=visit.form.get("login"),
        wanted=wanted(visit.form.get("toi") or visit.request.query.get("toi", "")),
        telegram=visit.office.telegram,
    )


def _token(visit: Visit) -> str:
    token = visit.request.match_info["token"]
    return token if csrf.plausible(token) else ""


async def _drop(visit: Visit) -> None:
    """End the session this browser had before: a new one never goes on under an old name."""
    if visit.session:
        async with visit.office.engine.begin() as connection:
            await sessions.close(connection, visit.session.digest)


async def leave(visit: Visit) -> web.StreamResponse:
    """Sign this browser out."""
    await _drop(visit)
    visit.ended = True
    return visit.go("/canbo/vao", "out")


async def leave_everywhere(visit: Visit) -> web.StreamResponse:
    """Sign all of one's browsers out, this one too."""
    clerk = visit.clerk
    async with visit.office.engine.begin() as connection:
        await sessions.close_all(connection, clerk.id)
        await audit.record(connection, clerk.id, "access.leave_all", f"staff {clerk.id}")
    visit.ended = True
    return visit.go("/canbo/vao", "everywhere")


def wanted(path: str) -> str:
    """Return where to go after sign-in: a page of the office, never another site."""
    parts = urlsplit(path)
    ours = path == HOME or path.startswith(f"{HOME}/")
    if not ours or parts.netloc or "\\" in path or any(char < " " for char in path):
        return HOME
    return HOME if parts.path.startswith(("/canbo/vao", "/canbo/ra")) else path
