"""A kitchen table for tests: a volunteer or two, a resident's case with questions, everything of the flow but files."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import members
from bot.assistance.consent import AGREED, NEW
from bot.assistance.desk import Desk
from bot.dialogue.services import Services
from knowledge.articles import Articles, load_articles
from knowledge.catalogue import Catalogue
from knowledge.grouping import Reading
from knowledge.phrases import load_phrases
from knowledge.procedure import CaseChoice, CaseQuestion, ChannelKind, RequiredDocument
from tests.bot.assistance import band
from tests.bot.assistance.band import Person
from tests.bot.dialogue import records
from tests.bot.dialogue.records import BIRTH, LICENCE, MARRIAGE, Script, answer

NOON = datetime(2026, 11, 25, 12, 0)
CODE = "000.00.53.H26-261122-0099"
ASKED = "đăng ký khai sinh cho cháu"
HOW = CaseQuestion(
    id="born",
    text="Bé có Giấy chứng sinh không?",
    choices=(CaseChoice(id="yes", text="Có"), CaseChoice(id="no", text="Chưa có")),
)
CASED = BIRTH.model_copy(
    update={
        "questions": (HOW,),
        "documents": (
            RequiredDocument(name="Giấy chứng sinh", originals=1, when={"born": ("yes",)}),
            RequiredDocument(name="Văn bản của người làm chứng", originals=1, when={"born": ("no",)}),
            RequiredDocument(name="Giấy tờ nơi cư trú", originals=1),
        ),
        "channels": tuple(channel for channel in BIRTH.channels if channel.kind is not ChannelKind.POST),
    }
)


def services() -> Services:
    """Return services that know a few procedures, the places, and the articles we ship."""
    known = Catalogue.of((CASED, MARRIAGE, LICENCE))
    lines = {ASKED: answer(CASED.code), "đổi bằng lái": answer(LICENCE.code), "kết hôn": answer(MARRIAGE.code)}
    return replace(
        band.placed(),
        catalogue=known,
        matcher=Script(lines),
        articles=Articles(load_articles(), Reading(load_phrases())),
        clock=lambda: NOON,
        look_ups=True,
        watched=lambda _: True,
        portal_url=records.PORTAL,
    )


class Table:
    """One team and its volunteers, each in a chat of their own."""

    def __init__(self, engine: AsyncEngine, team: int, known: Services, days: int = 30) -> None:
        self.engine = engine
        self.team = team
        self.known = known
        desk = Desk(days, (members.rows,))
        self._flows = (desk.flow(), desk.last())

    async def volunteer(self, name: str, *, leader: bool = False, channel: str = "telegram") -> Person:
        """Return a new volunteer of the team."""
        async with self.engine.begin() as connection:
            await band.member(connection, self.team, name, leader=leader, channel=channel)
        return self.person(f"chat of {name} in {self.team}", channel)

    def person(self, address: str, channel: str = "telegram") -> Person:
        """Return somebody in their chat."""
        return Person(self.engine, address, *self._flows, services=self.known, channel=channel)


async def laid(engine: AsyncEngine) -> Table:
    """Return a table with a team that has no volunteers yet."""
    async with engine.begin() as connection:
        team = await band.team(connection)
    return Table(engine, team, services())


async def agreed(who: Person, name: str = "") -> None:
    """Open a case for a resident."""
    await who.says("/hotro")
    await who.presses(NEW)
    await who.presses(AGREED)
    await (who.says(name) if name else who.presses("Bỏ qua"))


async def begun(who: Person, name: str = "") -> None:
    """Open a case for a resident and answer its questions, up to the list of papers."""
    await agreed(who, name)
    await who.says(ASKED)
    await who.presses("Làm thủ tục này")
    await who.presses("Có")
    await who.presses("Nộp qua mạng")


async def filed(who: Person, name: str = "", code: str = CODE) -> None:
    """Open a case, walk all steps, and write down its code."""
    await begun(who, name)
    await who.presses("Hướng dẫn nộp qua mạng")
    while "Xong" in who.labels:
        await who.presses("Xong")
    await who.says(code)
