"""Pages on which administrators look after the accounts of their area."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import AccountFault
from bot.office.accounts import Accounts, Draft
from bot.office.agency import carried_out
from bot.office.shelf import Shelf
from bot.office.staff import LABELS, NATION, Clerk
from bot.office.tables import Role
from bot.office.visit import Route, Visit, Waiting

PATH = "/canbo/tai-khoan"
NOTES = {
    "changed": "Đã ghi thay đổi.",
    "disabled": "Đã khóa tài khoản và đăng xuất khỏi mọi thiết bị.",
    "enabled": "Đã mở lại tài khoản.",
    "out": "Đã đăng xuất tài khoản khỏi mọi thiết bị.",
}
NO_COMMUNE = "Không thấy xã, phường nào tên như vậy trong tỉnh đã chọn. Anh/chị ghi đủ tên, hoặc mã năm số."
NO_PROVINCE = "Chọn tỉnh trước, rồi mới ghi xã, phường."
NO_ROLE = "Xin chọn quyền."

Act = Callable[[Accounts, int], Awaitable[None]]


def routes() -> list[Route]:
    """Return the routes of the accounts."""
    administrator = Role.ADMINISTRATOR
    return [
        Route("GET", PATH, administrator, listing, menu="Tài khoản", notes=NOTES),
        Route("POST", PATH, administrator, add),
        Route("GET", PATH + "/{id}", administrator, one, notes=NOTES),
        Route("POST", PATH + "/{id}", administrator, change),
        Route("POST", PATH + "/{id}/khoa", administrator, disable),
        Route("POST", PATH + "/{id}/mo", administrator, enable),
        Route("POST", PATH + "/{id}/ra", administrator, sign_out),
        Route("POST", PATH + "/{id}/dat-lai", administrator, reset),
    ]


async def waiting(visit: Visit) -> list[Waiting]:
    """Count the accounts with which nobody can come in by themselves yet."""
    if not visit.clerk.may(Role.ADMINISTRATOR):
        return []
    async with visit.office.engine.connect() as connection:
        accounts = await _accounts(visit, connection).all()
    locked_out = [each for each in accounts if not each.disabled and not each.armed and not each.telegram]
    return [Waiting("Tài khoản chưa có cách tự đăng nhập", PATH, len(locked_out))]


async def listing(visit: Visit) -> web.StreamResponse:
    """Show the accounts, with a form for a new one."""
    return await _listing(visit)


async def _listing(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    async with visit.office.engine.connect() as connection:
        accounts = await _accounts(visit, connection).all()
    return visit.page(
        "accounts.html",
        status,
        wrong=wrong,
        accounts=[
            (each, LABELS[each.role], visit.office.territory.name(each.scope), way_in(each)) for each in accounts
        ],
        **_fields(visit, typed(visit)),
    )


async def add(visit: Visit) -> web.StreamResponse:
    """Make an account and show the link to hand over, once."""
    try:
        draft = read(visit)
        async with visit.office.engine.begin() as connection:
            _, token = await _accounts(visit, connection).add(draft)
    except AccountFault as fault:
        return await _listing(visit, 400, str(fault))
    return _handed(visit, draft.name, token)


async def one(visit: Visit) -> web.StreamResponse:
    """Show one account."""
    return await _one(visit)


async def _one(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    try:
        async with visit.office.engine.begin() as connection:
            account = await _accounts(visit, connection).one(visit.number("id"))
    except AccountFault as fault:
        return _unknown(visit, fault)
    fields = typed(visit) if visit.form.fields else kept(visit, account)
    ground = visit.office.press.ground
    shelf = Shelf.of(visit.office.services().catalogue, ground, account.scope)
    covered = carried_out(account, ground.places, shelf.records.values()) if account.agency else None
    path = f"{PATH}/{account.id}"
    return visit.page(
        "account.html",
        status,
        wrong=wrong,
        account=account,
        path=path,
        way=way_in(account),
        covered=covered,
        **_fields(visit, fields),
    )


async def change(visit: Visit) -> web.StreamResponse:
    """Change an account."""
    number = visit.number("id")
    try:
        draft = read(visit)
        async with visit.office.engine.begin() as connection:
            await _accounts(visit, connection).change(number, draft)
    except AccountFault as fault:
        return await _one(visit, 400, str(fault))
    return visit.go(f"{PATH}/{number}", "changed")


async def disable(visit: Visit) -> web.StreamResponse:
    """Close an account."""
    return await _done(visit, Accounts.disable, "disabled")


async def enable(visit: Visit) -> web.StreamResponse:
    """Open an account again."""
    return await _done(visit, Accounts.enable, "enabled")


async def sign_out(visit: Visit) -> web.StreamResponse:
    """Sign an account out everywhere."""
    return await _done(visit, Accounts.sign_out, "out")


async def _done(visit: Visit, act: Act, note: str) -> web.Response:
    number = visit.number("id")
    try:
        async with visit.office.engine.begin() as connection:
            await act(_accounts(visit, connection), number)
    except AccountFault as fault:
        return _unknown(visit, fault)
    return visit.go(f"{PATH}/{number}", note)


async def reset(visit: Visit) -> web.StreamResponse:
    """Forget the keys of an account and show the link with which its owner sets new ones, once."""
    try:
        async with visit.office.engine.begin() as connection:
            accounts = _accounts(visit, connection)
            account = await accounts.one(visit.number("id"))
            token = await accounts.reset(account.id)
    except AccountFault as fault:
        return _unknown(visit, fault)
    return _handed(visit, account.name, token)


def _accounts(visit: Visit, connection: AsyncConnection) -> Accounts:
    return Accounts(connection, visit.office.territory, visit.clerk)


def _unknown(visit: Visit, fault: AccountFault) -> web.Response:
    return visit.page("plain.html", 400, title="Chưa làm được", words=str(fault))


def _handed(visit: Visit, name: str, token: str) -> web.Response:
    return visit.page("handed.html", name=name, url=visit.office.access.link(token), back=PATH)


def read(visit: Visit) -> Draft:
    """Return the account of the form; raise ``AccountFault`` when its role or place is none."""
    form = visit.form
    try:
        role = Role(form.get("role"))
    except ValueError:
        raise AccountFault(NO_ROLE) from None
    scope = place(visit, form.get("province"), form.get("commune"))
    return Draft(form.get("name"), role, scope, form.get("login"), form.get("agency"), form.get("telegram"))


def place(visit: Visit, province: str, commune: str) -> str:
    """Return the scope that a province and a commune's name or code mean; raise ``AccountFault`` when there is none."""
    if not commune:
        return province
    if province == NATION:
        raise AccountFault(NO_PROVINCE)
    found = visit.office.territory.commune(province, commune)
    if found is None:
        raise AccountFault(NO_COMMUNE)
    return found


def typed(visit: Visit) -> dict[str, str]:
    """Return the fields as somebody typed them."""
    names = ("name", "login", "role", "province", "commune", "agency", "telegram")
    return {name: visit.form.get(name) for name in names} | {"role": visit.form.get("role", Role.VIEWER.value)}


def kept(visit: Visit, account: Clerk) -> dict[str, str]:
    """Return the fields of an account as they are kept."""
    province, commune = visit.office.territory.split(account.scope)
    return {
        "name": account.name,
        "login": account.login or "",
        "role": account.role.value,
        "province": province,
        "commune": commune,
        "agency": account.agency or "",
        "telegram": account.telegram or "",
    }


def _fields(visit: Visit, values: dict[str, str]) -> dict[str, object]:
    roles = [(role.value, label) for role, label in LABELS.items()]
    return {"fields": values, "roles": roles, "provinces": visit.office.territory.provinces()}


def way_in(account: Clerk) -> str:
    """Say how somebody comes in."""
    ways = [words for has, words in ((account.armed, "mật khẩu và mã"), (account.telegram, "Telegram")) if has]
    if account.disabled:
        return "Đã khóa"
    return "Vào bằng " + ", ".join(ways) if ways else "Chưa tự vào được"
