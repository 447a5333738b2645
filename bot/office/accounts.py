"""The accounts of staff: who has one, what each may do and where, and what only its owner may set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, Row, TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import AccountFault
from bot.office import audit, links, sessions
from bot.office.access import plain_login
from bot.office.agency import named, same
from bot.office.links import Purpose
from bot.office.sessions import CLERK, clerk
from bot.office.staff import NATION, Clerk, Territory
from bot.office.tables import Role

NO_NAME = "Xin ghi họ tên, từ 2 đến 80 ký tự."
BAD_LOGIN = "Tên đăng nhập gồm 3 đến 40 chữ thường không dấu, chữ số, dấu chấm, gạch nối hoặc gạch dưới."
BAD_TELEGRAM = "Số cuộc trò chuyện Telegram chỉ gồm chữ số."
BAD_SCOPE = "Không có địa bàn mang mã này: để trống (cả nước), hai số của tỉnh hoặc năm số của xã."
BAD_AGENCY = "Tên cơ quan dài quá 120 ký tự, hoặc không có chữ nào."
TAKEN = "Tên đăng nhập hoặc cuộc trò chuyện Telegram này đã thuộc về một tài khoản khác."
NOT_YOURS = "Tài khoản này ngoài địa bàn anh/chị phụ trách."
OTHER_AGENCY = "Anh/chị chỉ lập và sửa được tài khoản của cơ quan mình: {agency}."
WIDER = "Anh/chị chỉ giao được địa bàn mà mình phụ trách."
NOT_SELF = "Anh/chị không thể tự khóa hay tự đổi quyền của mình. Nhờ một người quản trị khác giúp."
LAST = "Đây là người quản trị cả nước cuối cùng còn làm việc, nên phải giữ lại."
CLOSED = "Tài khoản này đang khóa. Mở lại trước rồi mới làm được."
UNKNOWN = "Không có tài khoản này."

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}", re.ASCII)
_TELEGRAM = re.compile(r"-?\d{1,20}", re.ASCII)
_ALL = text(f"SELECT {CLERK} FROM staff ORDER BY disabled, lower(name), id")  # noqa: S608
_ONE = text(f"SELECT {CLERK} FROM staff WHERE id = :id FOR NO KEY UPDATE")  # noqa: S608
_NAMED = text(f"""
    SELECT {CLERK} FROM staff WHERE login = :word OR CAST(id AS text) = :word FOR NO KEY UPDATE
""")  # noqa: S608
_ADD = text("""
    INSERT INTO staff (name, login, role, scope, agency, telegram)
    VALUES (:name, :login, :role, :scope, :agency, :telegram) RETURNING id
""")
_CHANGE = text("""
    UPDATE staff SET name = :name, login = :login, role = :role, scope = :scope, agency = :agency, telegram = :telegram
    WHERE id = :id
""")
_DISABLE = text("UPDATE staff SET disabled = :off WHERE id = :id")
_RESET = text("""
    UPDATE staff SET password_hash = NULL, totp_secret = NULL, totp_step = NULL, failed_logins = 0, locked_until = NULL
    WHERE id = :id
""")
_HEADS = text("""
    SELECT id FROM staff WHERE role = 'administrator' AND scope = '' AND agency IS NULL AND NOT disabled
    ORDER BY id FOR NO KEY UPDATE
""")
"""Locked before any account is, so that two who change each other's never wait for one another. Not ``FOR UPDATE``: the
audit trail refers to whoever acts, and would wait for them."""
_COUNT = text("SELECT count(*) FROM staff WHERE role = 'administrator' AND NOT disabled")


@dataclass(frozen=True, slots=True)
class Draft:
    """An account as somebody filled it in."""

    name: str
    role: Role
    scope: str = NATION
    login: str = ""
    agency: str = ""
    telegram: str = ""

    def checked(self, territory: Territory) -> Draft:
        """Return the account in the form in which it is kept; raise ``AccountFault`` naming the first wrong thing."""
        tidy = Draft(
            " ".join(self.name.split()),
            self.role,
            self.scope.strip(),
            plain_login(self.login),
            " ".join(self.agency.split()),
            self.telegram.strip(),
        )
        for right, words in (
            (2 <= len(tidy.name) <= 80, NO_NAME),
            (not tidy.login or _LOGIN.fullmatch(tidy.login), BAD_LOGIN),
            (not tidy.telegram or _TELEGRAM.fullmatch(tidy.telegram), BAD_TELEGRAM),
            (territory.knows(tidy.scope), BAD_SCOPE),
            (len(tidy.agency) <= 120 and (not tidy.agency or named(tidy.agency)), BAD_AGENCY),
        ):
            if not right:
                raise AccountFault(words)
        return tidy

    def values(self) -> dict[str, str | None]:
        """Return the columns."""
        return {
            "name": self.name,
            "role": self.role.value,
            "scope": self.scope,
            "login": self.login or None,
            "agency": self.agency or None,
            "telegram": self.telegram or None,
        }


class Accounts:
    """Makes and changes accounts on behalf of ``by``: an administrator, or None for the command line.

    Each method raises ``AccountFault`` in words when that may not be done.
    """

    def __init__(self, connection: AsyncConnection, territory: Territory, by: Clerk | None) -> None:
        self._connection = connection
        self._territory = territory
        self._by = by

    async def all(self) -> list[Clerk]:
        """Return the accounts that ``by`` looks after, those still at work first."""
        rows = [clerk(row) for row in await self._connection.execute(_ALL)]
        return [each for each in rows if self._looks_after(each)]

    async def one(self, number: int) -> Clerk:
        """Return one account and keep it from changing meanwhile."""
        await self._heads()
        return self._mine((await self._connection.execute(_ONE, {"id": number})).first())

    async def named(self, word: str) -> Clerk:
        """Return the account of a login or a number."""
        await self._heads()
        return self._mine((await self._connection.execute(_NAMED, {"word": plain_login(word)})).first())

    async def add(self, draft: Draft) -> tuple[int, str]:
        """Make an account; return its number and the token of a link to enter with."""
        draft = draft.checked(self._territory)
        self._may_give(draft)
        number = int((await self._written(_ADD, draft.values())).scalar_one())
        await self._note("account.add", number, **draft.values())
        return number, await links.make(self._connection, number, Purpose.ENROL)

    async def change(self, number: int, draft: Draft) -> None:
        """Change an account. Whose role, scope or agency becomes another is signed out everywhere."""
        before = await self.one(number)
        draft = draft.checked(self._territory)
        moved = (draft.role, draft.scope, draft.agency) != (before.role, before.scope, before.agency or "")
        if moved:
            self._not_oneself(before)
            self._may_give(draft)
            if draft.role is not Role.ADMINISTRATOR or draft.scope or draft.agency:
                await self._not_last(before)
        await self._written(_CHANGE, {"id": number, **draft.values()})
        if moved:
            await sessions.close_all(self._connection, number)
        await self._note("account.change", number, **draft.values())

    async def disable(self, number: int) -> None:
        """Close an account and sign it out everywhere; its name stays in the audit trail."""
        before = await self.one(number)
        self._not_oneself(before)
        await self._not_last(before)
        await self._connection.execute(_DISABLE, {"id": number, "off": True})
        await self._shut(number)
        await self._note("account.disable", number)

    async def enable(self, number: int) -> None:
        """Open a closed account again."""
        await self.one(number)
        await self._connection.execute(_DISABLE, {"id": number, "off": False})
        await self._note("account.enable", number)

    async def reset(self, number: int) -> str:
        """Forget password and app of an account, sign it out everywhere; return the token of a link to enter with."""
        before = await self.one(number)
        if before.disabled:
            raise AccountFault(CLOSED)
        await self._connection.execute(_RESET, {"id": number})
        await self._shut(number)
        await self._note("account.reset", number)
        return await links.make(self._connection, number, Purpose.ENROL)

    async def link(self, number: int) -> str:
        """Return the token of a new link to enter with."""
        before = await self.one(number)
        if before.disabled:
            raise AccountFault(CLOSED)
        await self._note("account.link", number)
        return await links.make(self._connection, number, Purpose.ENROL)

    async def sign_out(self, number: int) -> None:
        """Sign an account out everywhere."""
        await self.one(number)
        await self._shut(number)
        await self._note("account.sign_out", number)

    async def _shut(self, number: int) -> None:
        await sessions.close_all(self._connection, number)
        await links.void(self._connection, number)

    async def _written(self, statement: TextClause, values: Mapping[str, object]) -> CursorResult[Any]:
        try:
            return await self._connection.execute(statement, values)
        except IntegrityError as error:
            raise AccountFault(TAKEN) from error

    async def _note(self, act: str, number: int, **detail: object) -> None:
        told = {name: value for name, value in detail.items() if value and name != "telegram"}
        await audit.record(self._connection, self._by.id if self._by else None, act, f"staff {number}", **told)

    def _mine(self, row: Row[Any] | None) -> Clerk:
        if row is None:
            raise AccountFault(UNKNOWN)
        found = clerk(row)
        if not self._looks_after(found):
            raise AccountFault(NOT_YOURS)
        return found

    def _looks_after(self, other: Clerk) -> bool:
        if self._by is None:
            return True
        return self._territory.covers(self._by.scope, other.scope) and self._within(other.agency)

    def _may_give(self, draft: Draft) -> None:
        if self._by and not self._territory.covers(self._by.scope, draft.scope):
            raise AccountFault(WIDER)
        if self._by and not self._within(draft.agency):
            raise AccountFault(OTHER_AGENCY.format(agency=self._by.agency))

    def _within(self, agency: str | None) -> bool:
        """Say whether an agency is the one to which ``by`` is bound, if to any."""
        return self._by is None or not self._by.agency or same(self._by.agency, agency)

    def _not_oneself(self, other: Clerk) -> None:
        if self._by and self._by.id == other.id:
            raise AccountFault(NOT_SELF)

    async def _not_last(self, other: Clerk) -> None:
        """Refuse to lose the last administrator of the whole country."""
        if await self._heads() == [other.id]:
            raise AccountFault(LAST)

    async def _heads(self) -> list[int]:
        """Return the administrators of the whole country and keep them from changing meanwhile."""
        return list((await self._connection.execute(_HEADS)).scalars())


async def opened(connection: AsyncConnection) -> bool:
    """Say whether there is an administrator, that is: whether the office is open."""
    return bool((await connection.execute(_COUNT)).scalar_one())
