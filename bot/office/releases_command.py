"""``python -m bot releases``: what was published, what changed in it, and the way back, at the keyboard."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator

from sqlalchemy.ext.asyncio import AsyncEngine

from bot import logs
from bot import settings as all_settings
from bot.errors import BotError, OfficeError
from bot.office import history
from bot.office.history import Release
from bot.office.revisions import Revision, get, read_procedure
from bot.office.rollback import rollback
from bot.office.standing import Ground
from bot.office.tables import Effect, Subject
from bot.settings import Settings
from bot.storage.task import at_hand
from knowledge import catalogue as catalogues
from knowledge.calendar import VIETNAM
from knowledge.places import load_gazetteer
from knowledge.revision import diff, sentences

NONE = "Chưa có bản phát hành nào: đang dùng nguyên tệp danh mục."
DONE = (
    "Đã quay lại như trước bản phát hành {old}, thành bản phát hành {new}. Các máy đang chạy đổi theo trong vài giây."
)
EFFECTS = {Effect.REMOVED: "bỏ khỏi địa bàn này", Effect.BASE: "dùng lại bản gốc"}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command's parser."""
    parser = commands.add_parser("releases", help="các bản phát hành nội dung: xem, quay lại")
    tasks = parser.add_subparsers(dest="task", metavar="VIỆC", required=True)
    tasks.add_parser("list", help="liệt kê các bản phát hành, mới nhất trước")
    for name, words in (("show", "xem một bản đã đổi những gì"), ("rollback", "trả lại như trước một bản")):
        task = tasks.add_parser(name, help=words)
        task.add_argument("number", type=int, metavar="SỐ", help="số của bản phát hành")
    task.add_argument("--reason", help="lý do, ghi vào nhật ký")
    return parser


def run(options: argparse.Namespace) -> str:
    """Do one task and return what to print. Raises ``BotError`` or ``KnowledgeError``."""
    chosen = all_settings.load()
    logs.configure(chosen.log_level, chosen.secrets())
    return asyncio.run(_run(options, chosen))


async def _run(options: argparse.Namespace, chosen: Settings) -> str:
    ground = Ground(catalogues.load(chosen.catalogue), load_gazetteer())
    async with at_hand(chosen) as engine:
        try:
            return await _done(options, engine, ground)
        except OfficeError as error:
            raise BotError(str(error)) from error


async def _done(options: argparse.Namespace, engine: AsyncEngine, ground: Ground) -> str:
    async with engine.begin() as connection:
        match options.task:
            case "list":
                return "\n".join(_line(each) for each in await history.listed(connection)) or NONE
            case "show":
                release, revisions = await history.one(connection, options.number)
                lines = [_line(release)]
                for each in revisions:  # one at a time, for a release may hold the whole country's
                    (whole,) = await get(connection, [each.id])
                    lines += _changes(whole)
                return "\n".join(lines)
            case _:
                new = await rollback(connection, ground, None, options.number, options.reason)
                return DONE.format(old=options.number, new=new)


def _line(release: Release) -> str:
    gate = release.gate
    told = f"tốt lên {gate['improved']}, kém đi {gate['broken']}/{gate['asked']} câu" if gate else ""
    when = release.published_at.astimezone(VIETNAM)
    reason = f"lý do: {release.reason}" if release.reason else ""
    parts = (str(release.id), f"{when:%d/%m/%Y %H:%M:%S}", release.summary, told, reason)
    return "\t".join(part for part in parts if part)


def _changes(revision: Revision) -> Iterator[str]:
    """Yield what a revision changed, in words."""
    yield f"  {revision.code} {f'({revision.scope})' if revision.scope else ''}".rstrip()
    if revision.effect is not Effect.RECORD:
        yield f"    {EFFECTS[revision.effect]}"
    elif revision.subject is Subject.PROCEDURE:
        old, new = (read_procedure(each, revision.code) for each in (revision.base, revision.record))
        yield from (f"    {sentence}" for sentence in sentences(diff(old, new)))
