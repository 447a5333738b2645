"""``python -m bot staff``: who works in the office, looked after at the keyboard. Makes the first administrator."""

from __future__ import annotations

import argparse
import asyncio

from bot import logs
from bot import settings as all_settings
from bot.office.accounts import Accounts, Draft
from bot.office.links import PATH
from bot.office.staff import LABELS, Territory
from bot.office.tables import Role
from bot.settings import Settings
from bot.storage.task import at_hand
from knowledge.places import load_gazetteer

_HANDED = "Đường dẫn vào, dùng một lần trong một ngày, chỉ in ra lần này:\n{url}"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command's parser."""
    parser = commands.add_parser("staff", help="tài khoản của cán bộ: thêm, xem, khóa, đặt lại")
    tasks = parser.add_subparsers(dest="task", metavar="VIỆC", required=True)
    new = tasks.add_parser("add", help="thêm một tài khoản và in đường dẫn vào")
    new.add_argument("--name", required=True, help="họ tên")
    new.add_argument("--role", required=True, choices=[role.value for role in Role], help="quyền")
    new.add_argument("--login", default="", help="tên đăng nhập, để vào bằng mật khẩu và mã")
    new.add_argument("--scope", default="", help="mã tỉnh hai số hoặc mã xã năm số; mặc định: cả nước")
    new.add_argument("--agency", default="", help="cơ quan")
    new.add_argument("--telegram", default="", help="số cuộc trò chuyện Telegram, để nhận đường dẫn ở đó")
    tasks.add_parser("list", help="liệt kê các tài khoản")
    for name, words in (
        ("link", "in một đường dẫn vào mới"),
        ("reset", "xóa mật khẩu và ứng dụng mã, rồi in đường dẫn để đặt lại"),
        ("disable", "khóa tài khoản"),
        ("enable", "mở lại tài khoản"),
    ):
        task = tasks.add_parser(name, help=words)
        task.add_argument("who", help="tên đăng nhập hoặc số của tài khoản")
    return parser


def run(options: argparse.Namespace) -> str:
    """Do one task and return what to print. Raises ``BotError``."""
    chosen = all_settings.load()
    logs.configure(chosen.log_level, chosen.secrets())
    return asyncio.run(_run(options, chosen))


async def _run(options: argparse.Namespace, chosen: Settings) -> str:
    territory = Territory(load_gazetteer())
    async with at_hand(chosen) as engine, engine.begin() as connection:
        desk = Accounts(connection, territory, None)
        match options.task:
            case "add":
                draft = Draft(
                    options.name, Role(options.role), options.scope, options.login, options.agency, options.telegram
                )
                number, token = await desk.add(draft)
                return f"Đã thêm tài khoản số {number}.\n{_handed(chosen, token)}"
            case "list":
                return "\n".join(await _lines(desk, territory)) or "Chưa có tài khoản nào."
            case _:
                return await _one(options, chosen, desk)


async def _one(options: argparse.Namespace, chosen: Settings, desk: Accounts) -> str:
    account = await desk.named(options.who)
    match options.task:
        case "link":
            return _handed(chosen, await desk.link(account.id))
        case "reset":
            return f"Đã xóa cách đăng nhập cũ của {account.name}.\n{_handed(chosen, await desk.reset(account.id))}"
        case "disable":
            await desk.disable(account.id)
            return f"Đã khóa tài khoản của {account.name}."
        case _:
            await desk.enable(account.id)
            return f"Đã mở lại tài khoản của {account.name}."


async def _lines(desk: Accounts, territory: Territory) -> list[str]:
    return [
        "\t".join(
            (
                str(each.id),
                each.name,
                each.login or "-",
                LABELS[each.role],
                territory.name(each.scope),
                "đã khóa" if each.disabled else "đang dùng",
            )
        )
        for each in await desk.all()
    ]


def _handed(chosen: Settings, token: str) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(chosen.host, chosen.host)  # noqa: S104
    base = chosen.public_url or f"http://{host}:{chosen.port}"
    return _HANDED.format(url=f"{base}{PATH}{token}")
