"""Citizens ask for news and stop it, over the intake and a database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.delivery.split import plain
from bot.dialogue import conversation, markup, place
from bot.dialogue.services import Services
from bot.dialogue.turn import Turn, TurnKind
from bot.intake import Intake
from bot.moment import Flows
from bot.office import news
from bot.office.counter import Counter
from knowledge.places import Finder
from tests.bot.dialogue import records
from tests.bot.office.desk import TERRITORY
from tests.bot.office.newsroom import PLACES
from tests.bot.office.test_broadcasting import run

ON, OFF = "aid:news:on", "aid:news:off"


@dataclass
class Citizen:
    """Somebody in their chat."""

    engine: AsyncEngine
    services: Services

    async def does(self, kind: TurnKind, value: str = "", command: str = "", channel: str = "telegram") -> Any:
        flows = Flows(Counter(self.engine, lambda: self.services, TERRITORY).flows(), lambda: self.services)
        intake = Intake(
            self.engine, lambda turn, session: conversation.respond(turn, session, self.services), flows=flows
        )
        reply = await intake.receive(channel, "7", Turn(kind, value, command))
        assert reply
        return reply.messages[-1]

    async def asks(self) -> Any:
        return await self.does(TurnKind.COMMAND, "", news.COMMAND)

    async def presses(self, payload: str) -> Any:
        return await self.does(TurnKind.ACTION, payload)

    async def types(self, words: str) -> Any:
        return await self.does(TurnKind.TEXT, words)

    async def receives(self) -> bool:
        return bool((await run(self.engine, "SELECT count(*) FROM subscriber"))[0][0])


@pytest.fixture
def citizen(engine: AsyncEngine) -> Citizen:
    return Citizen(engine, replace(records.services(), office=True, places=Finder(PLACES)))


def payloads(message: Any) -> list[str]:
    return [button.action for row in message.buttons for button in row]


async def test_it_says_what_comes_and_begins_with_a_tap_only(citizen: Citizen) -> None:
    asked = await citizen.asks()
    assert (asked.body, payloads(asked), await citizen.receives()) == (news.WHAT, [ON], False)
    assert (await citizen.presses(ON)).body == news.WELCOME_NATION
    assert await citizen.receives()
    told = await citizen.types("phường ba đình hà nội")
    assert "Phường Ba Đình" in told.body
    again = await citizen.asks()
    assert ("Phường Ba Đình" in again.body, payloads(again)) == (True, [OFF, "move"])
    assert (await citizen.presses(ON)).body == news.WELCOME.format(place="Phường Ba Đình, TP. Hà Nội")
    assert await run(citizen.engine, "SELECT count(*) FROM subscriber") == [(1,)]


async def test_one_tap_stops_it(citizen: Citizen) -> None:
    assert payloads(news.message("x")) == [OFF]
    await citizen.presses(ON)
    assert (await citizen.presses(OFF)).body == news.STOPPED
    assert not await citizen.receives()
    assert (await citizen.presses(OFF)).body == news.NOT_RECEIVING
    assert (await citizen.asks()).body == news.WHAT


async def test_whoever_stops_is_not_asked_where_they_live_any_more(citizen: Citizen) -> None:
    await citizen.presses(ON)
    await citizen.presses(OFF)
    assert place.NO_SUCH.partition("{")[0] not in (await citizen.types("xã không có thật")).body


async def test_without_an_office_nothing_is_promised(citizen: Citizen) -> None:
    citizen.services = replace(citizen.services, office=False)
    assert (await citizen.asks()).body == news.NO_NEWS
    assert (await citizen.presses(ON)).body == news.NO_NEWS
    assert not await citizen.receives()


async def test_on_the_page_it_is_the_same(citizen: Citizen) -> None:
    assert (await citizen.does(TurnKind.ACTION, ON, channel="web")).body == news.WELCOME_NATION
    assert await citizen.receives()


def test_lines_of_news_stay_and_nothing_of_it_is_a_tag() -> None:
    body = news.message("Một <b>\n\nHai & ba ").body
    assert "Một &lt;b&gt;\n\nHai &amp; ba\n" in body


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_whatever_staff_type_reads_as_they_typed_it(words: str) -> None:
    said = "\n".join(markup.tidy(line) for line in words.strip().splitlines())
    assert plain(news.message(words).body) == f"{news.HEAD}\n{said}\n\n{news.FOOT}"
