"""The command line: ``python -m bot [run | settings]``."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from importlib.metadata import version

from bot import logs, settings
from bot.errors import BotError, SettingsError
from knowledge.errors import KnowledgeError

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 cannot start or go on, 2 a wrong setting or argument."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser("python -m bot", description="Trợ lý thủ tục hành chính Một Cửa.")
    parser.add_argument("--version", action="version", version=version("mot-cua"))
    parser.add_argument(
        "command",
        nargs="?",
        choices=["run", "settings"],
        default="run",
        help="run: chạy trợ lý (mặc định); settings: in bảng cài đặt",
    )
    if parser.parse_args(arguments).command == "settings":
        print(settings.table())
        return 0
    return _run()


def _run() -> int:
    try:
        chosen = settings.load()
        logs.configure(chosen.log_level, chosen.secrets())
        from bot import app  # loading it takes seconds, for which a wrong setting need not wait

        asyncio.run(app.run(chosen, _announce))
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
