"""``python -m bot dossier look-up CODE``: asks the configured portals, so that one sees whether they answer."""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from bot import logs, settings
from bot.dossiers import code
from bot.dossiers.report import VIETNAM
from bot.dossiers.sources.building import usual
from bot.dossiers.sources.entries import Entries, configured
from bot.dossiers.sources.merged import Cause, Finding
from bot.dossiers.sources.opening import opened
from bot.errors import BotError, SettingsError

_CAUSES = {
    Cause.DOWN: "không trả lời được lúc này",
    Cause.REFUSED: "từ chối: kiểm tra địa chỉ, tài khoản, mật khẩu",
    Cause.UNREADABLE: "trả lời không đúng dạng đã khai",
}
_PRIVATE = ("owner", "proofs", "fresh")


def add(tasks: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command's parser."""
    parser = tasks.add_parser(
        "look-up",
        help="hỏi các nguồn trong SOURCES về một hồ sơ, để kiểm tra nguồn",
        epilog="Mã thoát: 0 có nguồn biết hồ sơ, 1 không nguồn nào biết hoặc có nguồn không trả lời, 2 gọi sai.",
    )
    parser.add_argument("code", help="mã hồ sơ")
    parser.add_argument("--json", action="store_true", help="in dạng JSON")
    return parser


def run(options: argparse.Namespace) -> int:
    """Look one dossier up and print what was found; no name of a person. Raises ``BotError``."""
    chosen = settings.load()
    logs.configure(chosen.log_level, chosen.secrets())
    if chosen.sources is None:
        raise SettingsError("Chưa khai nguồn hồ sơ: đặt SOURCES, xem docs/sources.example.toml.")
    known = code.parse(options.code, datetime.now(VIETNAM).date()).codes
    if len(known) != 1:
        raise SettingsError("Không thấy đúng một mã hồ sơ: thử python -m bot dossier parse.")
    finding = asyncio.run(_ask(configured(chosen.sources), known[0].code))
    print(json.dumps(_plain(finding), ensure_ascii=False, indent=2) if options.json else "\n".join(_lines(finding)))
    return 0 if finding.report else 1


async def _ask(entries: Entries, known: str) -> Finding:
    async with opened(entries, usual()) as routing:
        if not routing.serves(known):
            raise BotError("Không nguồn nào trong SOURCES nhận đơn vị của mã này: xem lại units.")
        return await routing.look_up(known)


def _plain(finding: Finding) -> dict[str, Any]:
    found = asdict(finding.report) if finding.report else None
    for name in _PRIVATE if found else ():
        found.pop(name)  # type: ignore[union-attr]
    troubles = [asdict(trouble) for trouble in finding.troubles]
    return {"report": _without_types(found), "troubles": troubles, "asked": finding.asked}


def _without_types(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_types(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_without_types(held) for held in value]
    return value.isoformat() if isinstance(value, date) else value


def _lines(finding: Finding) -> list[str]:
    lines = [f"{trouble.source}: {_CAUSES[trouble.cause]}." for trouble in finding.troubles]
    report = finding.report
    if report is None:
        return [*lines, "Không nguồn nào có hồ sơ này."] if finding.unknown else lines
    status = report.status.official if report.status else "chưa rõ là trạng thái nào"
    said = f" (nguồn ghi: {report.status_text})" if report.status_text else ""
    lines += [
        f"{report.source}: {status}{said}.",
        f"Thủ tục: {report.procedure_code or ''} {report.procedure_name}".rstrip(),
    ]
    lines += [f"Hẹn trả: {report.new_due or report.due:%d/%m/%Y}"] if report.new_due or report.due else []
    lines += [f"Còn thiếu: {paper}" for paper in report.missing]
    lines += [f"{step.at:%H:%M %d/%m/%Y} {step.what}" for step in report.steps if step.at]
    return lines
