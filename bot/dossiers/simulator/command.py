"""``python -m bot portal-simulator`` and ``python -m bot demo``."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot import logs, settings
from bot.dossiers.simulator.pointing import sources
from bot.dossiers.simulator.serving import Running, running
from bot.dossiers.simulator.story import MARK, Kind
from bot.errors import BotError, reason

PORT = 8090
_SPEED = 1440.0
_REHEARSED = 5
_AWAY: dict[str, Any] = {
    "telegram_bot_token": None,
    "database_url": None,
    "page_subtitle": f"{MARK}: hồ sơ ở đây là bịa ra để thử",
    "follow_minutes": 1,
    "quiet_hours": "0-0",
}
"""The settings of a demonstration: no real chats, no real data, and changes told as they come."""


def add_simulator(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the parser of ``portal-simulator``."""
    parser = commands.add_parser("portal-simulator", help="chạy cổng hồ sơ mô phỏng, để thử và phát triển")
    parser.add_argument("--port", type=int, default=PORT, help=f"cổng, mặc định {PORT}; 0 là cổng trống bất kỳ")
    _add_story(parser)
    parser.add_argument("--sources", type=Path, metavar="TỆP", help="ghi tệp nguồn hồ sơ (SOURCES) trỏ tới cổng này")
    parser.add_argument(
        "--certificate", type=Path, nargs=2, metavar=("CHỨNG_THƯ", "KHÓA"), help="hai tệp PEM, để có thêm cổng HTTPS"
    )
    return parser


def add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the parser of ``demo``."""
    about = "Không nối Telegram, không đụng tới dữ liệu thật: dữ liệu của bản thử ở thư mục demo trong MOT_CUA_DATA."
    parser = commands.add_parser("demo", help="chạy thử trợ lý với cổng hồ sơ mô phỏng", epilog=about)
    _add_story(parser)
    return parser


def _add_story(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, help="số sinh ra hồ sơ: cùng số thì cùng hồ sơ (mặc định 1)")
    parser.add_argument(
        "--speed",
        type=_speed,
        default=_SPEED,
        help="số ngày trôi qua trong một ngày (mặc định 1440: mỗi phút một ngày)",
    )


def _speed(given: str) -> float:
    speed = float(given)
    if not 0.001 <= speed <= 1e6:
        raise ValueError
    return speed


async def simulate(options: argparse.Namespace) -> None:
    """Serve the simulator until SIGTERM or SIGINT. Raises ``BotError``."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    certificate = tuple(options.certificate) if options.certificate else None
    async with running(options.port, options.seed, options.speed, certificate) as simulator:
        if options.sources:
            _write(options.sources, simulator.tls_address or simulator.address)
        print(f"{MARK}: mở trình duyệt tại: {simulator.address}", flush=True)
        if simulator.tls_address:
            print(f"HTTPS: {simulator.tls_address}", flush=True)
        await stop.wait()


async def demonstrate(options: argparse.Namespace, announce: Callable[[str], None]) -> None:
    """Run the assistant on a simulator, away from real chats and data. Raises ``BotError`` or ``KnowledgeError``."""
    from bot import app  # loading it takes seconds, for which wrong arguments need not wait

    with TemporaryDirectory(prefix="mot-cua-demo-") as folder:
        path = Path(folder) / "sources.toml"
        data = settings.load(telegram_bot_token=None).mot_cua_data / "demo"
        chosen = settings.load(**_AWAY, sources=path, mot_cua_data=data)
        logs.configure(chosen.log_level, chosen.secrets())
        async with running(0, options.seed, options.speed) as simulator:
            _write(path, simulator.address)

            def told(address: str) -> None:
                announce(address)
                print(*_hints(simulator), sep="\n", flush=True)

            await app.run(chosen, told, _rehearsal(simulator))


def _rehearsal(simulator: Running) -> tuple[str, ...]:
    """Return codes to practise with."""
    national = (each.code for each in simulator.portal.dossiers.values() if each.kind is Kind.NATIONAL)
    return tuple(islice(national, _REHEARSED))


def _hints(simulator: Running) -> list[str]:
    """Return what to try, for the person at the keyboard."""
    one = next(each for each in simulator.portal.dossiers.values() if each.kind is Kind.NATIONAL)
    return [
        f"{MARK}: mọi hồ sơ là bịa ra để thử. Danh sách mã hồ sơ và các lỗi cố ý: {simulator.address}",
        f"Thử gửi cho trợ lý: {one.code} (bốn số cuối: {one.phone[-4:]})",
    ]


def _write(path: Path, address: str) -> None:
    try:
        path.write_text(sources(address), encoding="utf-8")
    except OSError as error:
        raise BotError(f"Không ghi được tệp {path} ({reason(error)}).") from error
