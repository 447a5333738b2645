"""A whole office for tests: a chat that asks, sources that answer as told, and the jobs between them done by hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.conversation import respond
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Reply, Turn, TurnKind
from bot.dossiers.dates import Quiet
from bot.dossiers.lookup import LookUps
from bot.dossiers.proof import Seals
from bot.dossiers.register import Register
from bot.dossiers.report import VIETNAM, Report
from bot.dossiers.routing import Route, Routing
from bot.dossiers.sources.source import Source
from bot.dossiers.status import Status
from bot.dossiers.watch import Watch
from bot.effects import Effects
from bot.intake import Intake
from knowledge.matching import Match
from tests.bot.dialogue import records

CODE = "000.00.53.H48-261102-0099"
OTHER = "000.00.53.H48-261102-0100"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=VIETNAM)
SEALS = Seals(b"a secret for tests")


def report(code: str = CODE, status: Status = Status.PROCESSING, **facts: Any) -> Report:
    """A dossier handed in on 2 November and due on Friday, 27 November 2026."""
    whole = Report(
        code,
        "nguồn thử",
        facts.pop("read_at", NOON),
        status,
        procedure_name="Đăng ký khai sinh",
        received=datetime(2026, 11, 2, 9, tzinfo=VIETNAM),
        due=datetime(2026, 11, 27, 17, tzinfo=VIETNAM),
        owner="Nguyễn Văn An",
        missing=("Giấy chứng sinh",),
        proofs=("5678", "1234"),
    )
    return replace(whole, **facts)


class Told:
    """A source that says what it was told to."""

    name = "nguồn thử"

    def __init__(self, *reports: Report) -> None:
        self.reports = {each.code: each for each in reports}
        self.error: Exception | None = None
        self.seconds = 0.0
        self.asked: list[str] = []

    async def look_up(self, code: str) -> Report | None:
        self.asked.append(code)
        await asyncio.sleep(self.seconds)
        if self.error:
            raise self.error
        return self.reports.get(code)


class Desk:
    """One office on one database; ``clock`` is the time in Vietnam."""

    def __init__(self, engine: AsyncEngine, *sources: Source, clock: datetime = NOON) -> None:
        self.engine = engine
        self.clock = clock
        self.lines: dict[str, Match] = {}
        self.register = Register(engine, SEALS)
        routing = Routing([Route(("*", "BHXH"), source) for source in (*sources, self.register)])
        self.look_ups = LookUps(engine, routing, SEALS, self.services)
        self.watch = Watch(engine, routing, SEALS, self.services, timedelta(hours=1), Quiet())
        self.intake = Intake(engine, self._respond, Effects(SEALS).store)

    def services(self) -> Services:
        return replace(records.services(self.lines), look_ups=True, clock=lambda: self.clock.replace(tzinfo=None))

    def _respond(self, turn: Turn, session: Session) -> tuple[Reply, Session]:
        return respond(turn, session, self.services())

    async def says(self, words: str, chat: str = "7", channel: str = "telegram", visitor: str = "") -> str:
        """Say or press something and return what was answered last."""
        await self.asks(words, chat, channel, visitor)
        for number in await self.numbers("SELECT id FROM lookup ORDER BY id"):
            await self.look_ups.answer(number)
        return (await self.said(chat))[-1]

    async def asks(self, words: str, chat: str = "7", channel: str = "telegram", visitor: str = "") -> None:
        """Say or press something; nothing is looked up yet."""
        kind = TurnKind.ACTION if words.partition(":")[0] in ("track", "follow", "unfollow") else TurnKind.TEXT
        await self.intake.receive(channel, chat, Turn(kind, words), said=words, visitor=visitor)

    async def check(self) -> None:
        """Do what is due for followed dossiers."""
        due = "SELECT id FROM known WHERE next_at <= now() ORDER BY id"
        for number in await self.numbers(due):
            await self.watch.check(number)

    async def due(self) -> None:
        """Let every followed dossier be due."""
        await self.run("UPDATE known SET next_at = now() - interval '1 second'")

    async def said(self, chat: str = "7") -> list[str]:
        """Return the bodies of all that was said in a chat."""
        statement = text("""
            SELECT m.payload->>'body' FROM message m JOIN chat c ON c.id = m.chat_id
            WHERE c.address = :chat AND m.author = 'assistant' ORDER BY m.id
        """)
        async with self.engine.connect() as connection:
            return list((await connection.execute(statement, {"chat": chat})).scalars())

    async def numbers(self, statement: str) -> list[int]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(text(statement))).scalars())

    async def run(self, statement: str) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(statement))
