"""Signing in: by a password with a one-time code, or by a link that comes to one's Telegram.

Who is not let in learns nothing but that: the words and the time are the same for a name nobody has, a wrong password,
a wrong or used code, and an account that rests after too many of them.
"""

from __future__ import annotations

import asyncio
import html
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.delivery import notice
from bot.dialogue.turn import Button, Message
from bot.office import audit, links, sessions
from bot.office.links import Purpose, Used
from bot.office.passwords import Passwords
from bot.office.totp import Codes

TRIES = 5
"""Wrong tries after which an account rests: five minutes, twice as long after each further one, a day at most."""

MOST_LINKS = 3
"""Links somebody gets in ten minutes."""

LINK = "Chào {name}, đây là đường dẫn đăng nhập trang cán bộ, dùng được một lần trong 10 phút:\n{url}"
LINK_BOUND = "Mở trong đúng trình duyệt vừa xin. Nếu anh/chị không xin, cứ bỏ qua tin này và báo cho người quản trị."
LINK_BUTTON = "Đăng nhập"

_AT_LEAST_SECONDS = 1.0
_COUNT = text(f"""
    UPDATE staff SET failed_logins = least(failed_logins + 1, 1000),
        locked_until = CASE WHEN failed_logins + 1 >= {TRIES}
            THEN now() + least(interval '1 day', interval '5 minutes' * power(2, least(failed_logins + 1 - {TRIES}, 9)))
        END
    WHERE login = :login AND NOT disabled AND (locked_until IS NULL OR locked_until <= now())
    RETURNING id, password_hash, totp_secret, locked_until IS NOT NULL
""")  # noqa: S608
_LET_IN = text("""
    UPDATE staff SET failed_logins = 0, locked_until = NULL, totp_step = :step
    WHERE id = :id AND NOT disabled AND password_hash = :hash AND totp_secret = :seed
      AND coalesce(totp_step, -1) < :step
    RETURNING id
""")
_REACHED = text("SELECT id, name, telegram FROM staff WHERE login = :login AND NOT disabled AND telegram IS NOT NULL")
_CHAT = text("""
    INSERT INTO chat (channel, address, session) VALUES ('telegram', :address, '{}')
    ON CONFLICT (channel, address) DO UPDATE SET channel = EXCLUDED.channel RETURNING id
""")


@dataclass(frozen=True, slots=True)
class _Tried:
    id: int
    hash: str | None
    seed: str | None
    rests: bool


class Access:
    """Lets staff in. ``address`` is our own, as staff's browsers reach it."""

    def __init__(
        self,
        engine: AsyncEngine,
        codes: Codes,
        passwords: Passwords,
        address: str,
        clock: Callable[[], float] = time.time,
        at_least: float = _AT_LEAST_SECONDS,
    ) -> None:
        self._engine = engine
        self._codes = codes
        self._passwords = passwords
        self._address = address
        self._clock = clock
        self._at_least = at_least

    async def by_password(self, login: str, password: str, code: str, place: str) -> str | None:
        """Sign in and return the token of a new session, or None. ``place``: the sealed network address.

        Each try is counted before it is looked at, so that many at once are no more than as many one after another.
        """
        started = asyncio.get_running_loop().time()
        token = await self._try(plain_login(login), password, code, place)
        if token is None:
            await asyncio.sleep(started + self._at_least - asyncio.get_running_loop().time())
        return token

    async def _try(self, login: str, password: str, code: str, place: str) -> str | None:
        async with self._engine.begin() as connection:
            row = (await connection.execute(_COUNT, {"login": login})).first()
        tried = _Tried(*row) if row else None
        right = await self._passwords.fits(tried.hash if tried else None, password)
        step = self._codes.step(tried.id, tried.seed, code, self._clock()) if tried and tried.seed else None
        async with self._engine.begin() as connection:
            if tried is None:
                return None
            if right and step is not None:
                values = {"id": tried.id, "hash": tried.hash, "seed": tried.seed, "step": step}
                if (await connection.execute(_LET_IN, values)).first():
                    await audit.record(connection, tried.id, "access.password", f"staff {tried.id}")
                    return await sessions.begin(connection, tried.id, place)
            act = "access.rest" if tried.rests else "access.wrong"
            await audit.record(connection, None, act, f"staff {tried.id}")
        return None

    async def by_link(self, token: str, browser: str | None, place: str) -> tuple[Used, str] | None:
        """Use a link up and return whom it signed in, with the token of a new session; None when it is no good."""
        async with self._engine.begin() as connection:
            used = await links.use(connection, token, browser)
            if used is None:
                return None
            await audit.record(connection, used.clerk.id, "access.link", f"staff {used.clerk.id}")
            return used, await sessions.begin(connection, used.clerk.id, place)

    async def peek(self, token: str, browser: str | None) -> Used | None:
        """Say whom a link would sign in."""
        async with self._engine.connect() as connection:
            return await links.peek(connection, token, browser)

    async def ask_link(self, login: str, browser: str) -> None:
        """Send a link for one browser to whoever has that name and a chat with us; say nothing when nobody has."""
        started = asyncio.get_running_loop().time()
        async with self._engine.begin() as connection:
            found = (await connection.execute(_REACHED, {"login": plain_login(login)})).first()
            if found and await links.recent(connection, found.id) < MOST_LINKS:
                token = await links.make(connection, found.id, Purpose.SIGN_IN, browser)
                await self._send(connection, found.name, found.telegram, token)
                await audit.record(connection, found.id, "access.ask", f"staff {found.id}")
        await asyncio.sleep(started + self._at_least - asyncio.get_running_loop().time())

    async def _send(self, connection: AsyncConnection, name: str, telegram: str, token: str) -> None:
        chat = await chat_of(connection, telegram)
        url = self.link(token)
        words = LINK.format(name=html.escape(name, quote=False), url=html.escape(url, quote=False))
        room = await notice.hold(connection, chat)
        if room:
            button = Button(LINK_BUTTON, url=url)
            await notice.say(connection, room, Message(f"{words}\n{LINK_BOUND}", ((button,),)))

    def link(self, token: str) -> str:
        """Return the address that a one-time token opens."""
        return f"{self._address}{links.PATH}{token}"


async def chat_of(connection: AsyncConnection, telegram: str) -> int:
    """Return the row of a chat on Telegram by its address, made when it is not there yet."""
    return int((await connection.execute(_CHAT, {"address": telegram})).scalar_one())


def plain_login(login: str) -> str:
    """Return a login as it is kept: small letters, no spaces around."""
    return unicodedata.normalize("NFKC", login[:200]).strip().lower().replace("\x00", "")
