"""``python -m bot dossier import FILE``: an export of the one-stop software goes into the register."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import logs
from bot import settings as all_settings
from bot.dossiers import desk, wording
from bot.dossiers.proof import shared_seals
from bot.dossiers.register import Register
from bot.dossiers.report import VIETNAM
from bot.dossiers.sources import values
from bot.dossiers.sources.building import Reader
from bot.dossiers.status import Status
from bot.errors import ImportFault
from bot.settings import Settings, plain
from bot.storage.task import at_hand

EPILOG = (
    "Cột được đoán theo tiêu đề và hỏi lại trước khi ghi; lần sau tệp có cùng tiêu đề thì không hỏi nữa. "
    "Nhập lại tệp mới hơn thì cập nhật. Họ tên không được lưu; số căn cước và số điện thoại chỉ giữ bốn số cuối, đã mã "
    "hóa. Mã thoát: 0 đã nhập (kể cả khi có dòng không nhận), 1 không nhập được, 2 gọi sai."
)


def add(tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command's parser."""
    parser = tasks.add_parser("import", help="nhập hồ sơ từ tệp Excel hoặc CSV của phần mềm một cửa", epilog=EPILOG)
    parser.add_argument("file", type=Path, help="tệp .xlsx hoặc .csv")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="LOẠI=CỘT",
        help="chỉ rõ một cột, ví dụ due=“Hạn trả” hoặc due=F",
    )
    parser.add_argument("--as-of", metavar="LÚC", help="lúc xuất tệp, ví dụ “20/11/2026 17:00”; mặc định: bây giờ")
    parser.add_argument("--dry-run", action="store_true", help="chỉ thử và báo kết quả, không ghi gì")
    parser.add_argument("--yes", action="store_true", help="đồng ý với cách hiểu các cột, không hỏi")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    return parser


def run(options: argparse.Namespace) -> str:
    """Import the file and return what to print. Raises ``BotError``."""
    chosen = all_settings.load()
    logs.configure(chosen.log_level, chosen.secrets())
    result = asyncio.run(_import(options, chosen))
    return json.dumps(result, ensure_ascii=False, indent=2) if options.json else desk.in_words(result)


async def _import(options: argparse.Namespace, chosen: Settings) -> dict[str, Any]:
    order = desk.Order(options.file, _as_of(options.as_of), tuple(options.column), options.dry_run)
    async with at_hand(chosen) as engine:
        register = Register(engine, await shared_seals(engine, plain(chosen.proof_secret)))
        reader = Reader(status_in, lambda: datetime.now(VIETNAM))
        return await desk.hand_in(
            order, engine, register, reader, lambda lines: options.yes or options.dry_run or _agreed(lines)
        )


def status_in(words: str) -> Status | None:
    """Read a status in the words of a one-stop program."""
    seen = wording.read(words)
    return seen.status if seen else None


def _as_of(words: str | None) -> datetime:
    now = datetime.now(VIETNAM)
    moment = values.moment(words) if words else now
    if moment is None or moment > now:
        raise ImportFault("--as-of phải là một lúc đã qua, viết như “20/11/2026 17:00”.")
    return moment


def _agreed(lines: list[str]) -> bool:
    """Show how the columns are understood, and ask whoever sits at the terminal."""
    print("Các cột được hiểu như sau:", *(f"  {line}" for line in lines), sep="\n", file=sys.stderr)
    if not sys.stdin.isatty():
        return False
    print("Đúng thì gõ “c” rồi Enter để nhập: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"c", "có", "co", "y", "yes"}
