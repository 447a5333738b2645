"""``python -m bot report``: a report at the keyboard, in words, as JSON, as a workbook or as a picture."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from bot import logs
from bot import settings as all_settings
from bot.errors import BotError, OfficeError, SettingsError
from bot.office.reports import book as report_book
from bot.office.reports.period import chosen
from bot.office.reports.report import Cell, Report, number
from bot.office.reports.reporting import Reporting
from bot.office.staff import NATION, Territory
from bot.office.standing import Ground
from bot.office.stock import Stock
from bot.settings import Settings
from bot.storage.task import at_hand
from knowledge import catalogue as catalogues
from knowledge.calendar import now
from knowledge.places import load_gazetteer

NO_PLACE = "Không có địa bàn này: mã tỉnh hai số hoặc mã xã năm số."
WRITTEN = "Đã ghi {path}."
CANNOT_WRITE = "Không ghi được {path}: kiểm tra thư mục và quyền ghi."


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command's parser."""
    parser = commands.add_parser("report", help="báo cáo: câu hỏi, hồ sơ, hài lòng, tình nguyện viên")
    parser.add_argument("--from", dest="first", default="", metavar="NGÀY", help="ngày đầu, như 2026-11-01")
    parser.add_argument("--to", dest="last", default="", metavar="NGÀY", help="ngày cuối; mặc định: tuần này")
    parser.add_argument("--scope", default=NATION, metavar="MÃ", help="mã tỉnh hoặc mã xã; mặc định: cả nước")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="in dạng JSON")
    shape.add_argument("--xlsx", type=Path, metavar="TỆP", help="ghi tệp Excel")
    shape.add_argument("--png", type=Path, metavar="TỆP", help="ghi một hình tóm tắt")
    return parser


def run(options: argparse.Namespace) -> str:
    """Make one report and return what to print. Raises ``BotError`` or ``KnowledgeError``."""
    chosen_settings = all_settings.load()
    logs.configure(chosen_settings.log_level, chosen_settings.secrets())
    report = asyncio.run(_made(options, chosen_settings))
    if options.json:
        return json.dumps(as_data(report), ensure_ascii=False, indent=2)
    if options.xlsx:
        return _written(options.xlsx, lambda: report_book.workbook(report))
    if options.png:
        from bot.office.reports.picture import draw  # loaded only when a picture is wanted

        return _written(options.png, lambda: draw(report))
    return "\n".join(lines(report))


async def _made(options: argparse.Namespace, settings: Settings) -> Report:
    ground = Ground(catalogues.load(settings.catalogue), load_gazetteer())
    territory = Territory(ground.places)
    if not territory.knows(options.scope):
        raise SettingsError(NO_PLACE)
    try:
        period = chosen(options.first, options.last, "", now().date())
    except OfficeError as error:
        raise SettingsError(str(error)) from error
    async with at_hand(settings) as engine:
        async with engine.connect() as connection:
            catalogue = (await Stock(ground).now(connection)).catalogue
        return await Reporting(engine, territory, lambda: catalogue, now).make(period, options.scope)


def as_data(report: Report) -> dict[str, object]:
    """Return a report as JSON holds it; what the tables are called is what the page calls them."""
    return {
        "place": report.place,
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "made": report.made.isoformat(),
        "headlines": [asdict(each) for each in report.headlines],
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "note": section.lead,
                "tables": [
                    {"title": table.title, "columns": table.heading, "rows": table.rows, "note": table.note}
                    for table in section.tables
                ],
            }
            for section in report.sections
        ],
    }


def lines(report: Report) -> Iterator[str]:
    """Yield a report as lines, the cells of a row apart by tabs."""
    yield f"{report.title}. Lập lúc {report.made:%H:%M %d/%m/%Y}."
    for each in report.headlines:
        yield f"{each.label}\t{each.value}\t{each.detail}".rstrip()
    for section in report.sections:
        yield from ("", section.title.upper(), *([section.lead] if section.lead else []))
        for table in section.tables:
            yield from ("", table.title)
            if not table.rows:
                yield table.empty
                continue
            yield "\t".join(table.heading)
            yield from ("\t".join(map(_said, row)) for row in table.rows)
            yield from [table.note] if table.note else []


def _said(cell: Cell) -> str:
    return cell if isinstance(cell, str) else number(cell)


def _written(path: Path, make: Callable[[], bytes]) -> str:
    try:
        path.write_bytes(make())
    except OSError as error:
        raise BotError(CANNOT_WRITE.format(path=path)) from error
    return WRITTEN.format(path=path)
