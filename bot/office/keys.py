"""What opens one's own account: a password together with an authenticator app."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import AccountFault
from bot.office import audit, links, passwords, sessions
from bot.office.passwords import Passwords
from bot.office.staff import Clerk
from bot.office.totp import Codes, plausible

WRONG_PRESENT = "Mật khẩu hiện tại không đúng."
WRONG_CODE = "Mã sáu số không đúng hoặc đã dùng. Anh/chị chờ mã mới rồi nhập lại giúp."
NOT_SAME = "Hai lần nhập mật khẩu không giống nhau."
NEEDS_LOGIN = "Tài khoản này chưa có tên đăng nhập. Nhờ người quản trị đặt giúp."

_KEPT = text("SELECT password_hash, totp_secret, totp_step FROM staff WHERE id = :id")
_ARM = text("""
    UPDATE staff SET password_hash = :hash, totp_secret = :seed, totp_step = :step, failed_logins = 0,
        locked_until = NULL
    WHERE id = :id AND password_hash IS NOT DISTINCT FROM :before
""")
_COLUMNS = {"hash": "password_hash", "seed": "totp_secret"}


@dataclass(frozen=True, slots=True)
class Keys:
    """What somebody typed to set a new password, a new authenticator app, or both. ``seed`` is the app's."""

    current: str = ""
    password: str = ""
    again: str = ""
    seed: str = ""
    code: str = ""


class Locksmith:
    """Changes the keys of one's own account."""

    def __init__(self, hasher: Passwords, codes: Codes, clock: Callable[[], float] = time.time) -> None:
        self._hasher = hasher
        self._codes = codes
        self._clock = clock

    async def change(self, connection: AsyncConnection, owner: Clerk, keys: Keys, place: str) -> str:
        """Set what is given, sign all of one's browsers out, and return the token of a new session for this one.

        An account without keys needs both at once. Raises ``AccountFault`` naming what is wrong.
        """
        if not owner.login:
            raise AccountFault(NEEDS_LOGIN)
        kept = (await connection.execute(_KEPT, {"id": owner.id})).one()
        if kept.password_hash and not await self._hasher.fits(kept.password_hash, keys.current):
            raise AccountFault(WRONG_PRESENT)
        values = {"id": owner.id, "before": kept.password_hash, "hash": kept.password_hash, "seed": kept.totp_secret}
        values["step"] = kept.totp_step
        if keys.password or not kept.password_hash:
            values["hash"] = await self._hashed(owner.login, keys)
        if keys.code or keys.seed or not kept.totp_secret:
            values["seed"], values["step"] = keys.seed, self._step(owner, keys)
        if not (await connection.execute(_ARM, values)).rowcount:
            raise AccountFault(WRONG_PRESENT)
        await sessions.close_all(connection, owner.id)
        await links.void(connection, owner.id)
        changed = [name for name in ("hash", "seed") if values[name] != getattr(kept, _COLUMNS[name])]
        await audit.record(connection, owner.id, "account.keys", f"staff {owner.id}", changed=changed)
        return await sessions.begin(connection, owner.id, place)

    async def _hashed(self, login: str, keys: Keys) -> str:
        if keys.password != keys.again:
            raise AccountFault(NOT_SAME)
        if fault := passwords.fault(keys.password, login):
            raise AccountFault(fault)
        return await self._hasher.hashed(keys.password)

    def _step(self, owner: Clerk, keys: Keys) -> int:
        step = self._codes.step(owner.id, keys.seed, keys.code, self._clock()) if plausible(keys.seed) else None
        if step is None:
            raise AccountFault(WRONG_CODE)
        return step
