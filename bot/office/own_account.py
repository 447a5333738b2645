"""The page of one's own account: password, authenticator app, where one is signed in."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from sqlalchemy import text

from bot.channels.web_guard import Limiter, Refusal
from bot.errors import AccountFault
from bot.office import audit, sessions
from bot.office.keys import Keys
from bot.office.passwords import SHORTEST
from bot.office.signing import TOO_FAST
from bot.office.staff import LABELS
from bot.office.tables import Role
from bot.office.totp import plausible
from bot.office.visit import Route, Visit
from bot.printing import qr

PATH = "/canbo/toi"
NOTES = {
    "keys": "Đã đổi. Mọi thiết bị khác đã được đăng xuất.",
    "closed": "Đã đăng xuất thiết bị đó.",
    "weekly": "Từ nay anh/chị nhận báo cáo tuần qua Telegram, 8 giờ sáng thứ Hai.",
    "not_weekly": "Anh/chị không nhận báo cáo tuần nữa.",
}


_WEEKLY = text("UPDATE staff SET weekly = :weekly WHERE id = :id")
_WANTS = text("SELECT weekly FROM staff WHERE id = :id")


class OwnAccount:
    """Handles one's own account; so many tries of the present password a minute."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    def routes(self) -> list[Route]:
        """Return the routes of one's own account."""
        return [
            Route("GET", PATH, Role.VIEWER, show, menu="Tài khoản của tôi", notes=NOTES),
            Route("POST", PATH, Role.VIEWER, self.change),
            Route("POST", PATH + "/phien", Role.VIEWER, close),
            Route("POST", PATH + "/bao-cao", Role.VIEWER, change_weekly),
        ]

    async def change(self, visit: Visit) -> web.StreamResponse:
        """Set a password, an app, or both; this browser goes on under a new session, all others are signed out."""
        seconds = self._limiter.wait(str(visit.clerk.id))
        if seconds:
            raise Refusal(429, TOO_FAST.format(seconds=seconds), seconds)
        form = visit.form
        keys = Keys(
            form.raw("current"), form.raw("password"), form.raw("again"), form.get("seed"), form.get("code")
        )  # fmt: skip
        try:
            async with visit.office.engine.begin() as connection:
                visit.began = await visit.office.locksmith.change(connection, visit.clerk, keys, visit.address)
        except AccountFault as fault:
            return await _page(visit, 400, str(fault))
        return visit.go(PATH, "keys")


async def show(visit: Visit) -> web.StreamResponse:
    """Show one's own account."""
    return await _page(visit)


async def close(visit: Visit) -> web.StreamResponse:
    """Sign one of one's own browsers out."""
    clerk = visit.clerk
    async with visit.office.engine.begin() as connection:
        if await sessions.close_of(connection, clerk.id, visit.form.get("which")):
            await audit.record(connection, clerk.id, "access.leave_one", f"staff {clerk.id}")
    return visit.go(PATH, "closed")


async def change_weekly(visit: Visit) -> web.StreamResponse:
    """Begin or stop to get the report of the week in one's own chat."""
    clerk, wanted = visit.clerk, visit.form.get("weekly") == "1"
    async with visit.office.engine.begin() as connection:
        await connection.execute(_WEEKLY, {"id": clerk.id, "weekly": wanted})
        await audit.record(connection, clerk.id, "report.weekly", f"staff {clerk.id}", weekly=wanted)
    return visit.go(PATH, "weekly" if wanted else "not_weekly")


async def _page(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    clerk, office = visit.clerk, visit.office
    async with office.engine.connect() as connection:
        seats = await sessions.of(connection, clerk.id)
        weekly = (await connection.execute(_WANTS, {"id": clerk.id})).scalar_one()
    given = visit.form.get("seed")
    seed = given if plausible(given) else office.codes.new_seed()
    rows = qr.modules(office.codes.address(clerk.id, seed, clerk.login or ""))
    return visit.page(
        "own_account.html",
        status,
        wrong=wrong,
        role=LABELS[clerk.role],
        place=office.territory.name(clerk.scope),
        here=visit.session.digest if visit.session else "",
        same=visit.address,
        seats=seats,
        weekly=weekly,
        seed=seed,
        secret=_in_fours(office.codes.shown(clerk.id, seed)),
        size=len(rows) + 2 * qr.QUIET,
        squares=squares(rows),
        shortest=SHORTEST,
    )


def squares(rows: Sequence[Sequence[bool]]) -> str:
    """Return the dark squares of a QR code as the path of an SVG, one unit each, behind the quiet zone."""
    return "".join(
        f"M{column + qr.QUIET} {row + qr.QUIET}h1v1h-1z"
        for row, line in enumerate(rows)
        for column, dark in enumerate(line)
        if dark
    )


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
