"""The command line: ``python -m bot [COMMAND]``; without a command it runs the assistant."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

from bot import logs, settings
from bot.dossiers import code, reading
from bot.dossiers import command as importing
from bot.dossiers.report import VIETNAM
from bot.dossiers.simulator import command as simulating
from bot.dossiers.sources import command as asking
from bot.errors import BotError, SettingsError
from bot.office import command as staffing
from bot.office import releases_command as releasing
from bot.office.reports import command as reporting
from bot.printing import command as printing
from knowledge.errors import KnowledgeError

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 cannot start or go on, 2 a wrong setting or argument."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    status: int = options.run(options)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bot", description="Trợ lý thủ tục hành chính Một Cửa.")
    parser.add_argument("--version", action="version", version=version("mot-cua"))
    parser.set_defaults(run=_run)
    commands = parser.add_subparsers(metavar="LỆNH", help="không có lệnh nào thì là run")

    run = commands.add_parser("run", help="chạy trợ lý (mặc định)")
    run.set_defaults(run=_run)

    table = commands.add_parser("settings", help="in bảng cài đặt")
    table.set_defaults(run=_settings)

    dossier = commands.add_parser("dossier", help="hồ sơ: tìm và kiểm tra mã, nhập từ phần mềm một cửa")
    _add_dossier(dossier.add_subparsers(metavar="VIỆC", required=True))

    staffing.add(commands).set_defaults(run=_printed(staffing.run))
    releasing.add(commands).set_defaults(run=_printed(releasing.run))
    printing.add(commands).set_defaults(run=_printed(printing.run))
    reporting.add(commands).set_defaults(run=_printed(reporting.run))
    simulating.add_simulator(commands).set_defaults(run=_simulator)
    simulating.add_demo(commands).set_defaults(run=_demo)
    return parser


def _simulator(options: argparse.Namespace) -> int:
    logs.configure()
    return _served(lambda: simulating.simulate(options))


def _demo(options: argparse.Namespace) -> int:
    return _served(lambda: simulating.demonstrate(options, _announce))


def _add_dossier(tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    found = "Mã thoát: 0 có mã hồ sơ, 1 không có, 2 gọi sai."
    parse = tasks.add_parser("parse", help="tìm mã hồ sơ trong một đoạn văn", epilog=found)
    parse.add_argument("text", help="đoạn văn, đặt trong dấu nháy")
    parse.add_argument("--json", action="store_true", help="in dạng JSON")
    parse.set_defaults(run=_parse)
    asking.add(tasks).set_defaults(run=_guarded(asking.run))
    importing.add(tasks).set_defaults(run=_printed(importing.run))


def _guarded(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Turn the faults of a command into a line of words and an exit code."""

    def guarded(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except SettingsError as error:
            return _fail(error, 2)
        except (BotError, KnowledgeError) as error:
            return _fail(error, 1)

    return guarded


def _printed(run: Callable[[argparse.Namespace], str]) -> Callable[[argparse.Namespace], int]:
    """Print what a command returns."""

    def printed(options: argparse.Namespace) -> int:
        print(run(options))
        return 0

    return _guarded(printed)


def _parse(options: argparse.Namespace) -> int:
    found = code.parse(options.text, datetime.now(VIETNAM).date())
    print(reading.as_json(found) if options.json else reading.as_lines(found))
    return 0 if found.codes else 1


def _settings(_options: argparse.Namespace) -> int:
    print(settings.table())
    return 0


def _run(_options: argparse.Namespace) -> int:
    return _served(_assistant)


async def _assistant() -> None:
    chosen = settings.load()
    logs.configure(chosen.log_level, chosen.secrets())
    from bot import app  # loading it takes seconds, for which a wrong setting need not wait

    await app.run(chosen, _announce)


def _served(serve: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Run what serves until it is told to stop, and return the exit code."""
    try:
        asyncio.run(serve())
    except SettingsError as error:
        return _fail(error, 2)
    except (BotError, KnowledgeError) as error:
        return _fail(error, 1)
    except (asyncio.CancelledError, KeyboardInterrupt):
        return 0
    except Exception as error:
        _log.error("unexpected: %s", logs.outline(error))
        return _fail("Chương trình gặp lỗi bất ngờ và phải dừng.", 1)
    return 0


def _announce(address: str) -> None:
    print(f"Mở trình duyệt tại: {address}", flush=True)


def _fail(reason: object, code: int) -> int:
    line = " ".join(logs.scrub(str(reason)).split())
    print(f"Lỗi: {line}", file=sys.stderr, flush=True)
    return code
