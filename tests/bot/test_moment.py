from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import beyond
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from bot.intake import APOLOGY, Intake
from bot.moment import Flow, Flows, Moment, Outcome, added
from tests.bot.dialogue.records import services as services_of
from tests.bot.test_intake import echo, rows, said


def intake(engine: AsyncEngine, services: Services, *flows: Flow) -> Intake:
    return Intake(engine, echo, flows=Flows(flows, lambda: services))


async def mine(moment: Moment) -> Outcome | None:
    if moment.turn.value != "mine":
        return None
    return Reply((Message("taken"),)), moment.session


async def never(moment: Moment) -> Outcome | None:
    raise AssertionError(moment.turn.value)


async def more(moment: Moment, reply: Reply, session: Session) -> Outcome:
    return added(reply, Reply((Message(f"after {moment.turn.value}"),))), session


@pytest.fixture
def services() -> Services:
    return services_of()


async def test_first_that_takes_a_turn_answers_it(engine: AsyncEngine, services: Services) -> None:
    await intake(engine, services, Flow(take=mine), Flow(take=never)).take("telegram", "7", said("mine"))
    await intake(engine, services, Flow(take=mine), Flow(after=more)).take("telegram", "7", said("x"))
    assert [row.payload["body"] for row in await rows(engine)] == ["taken", "0:x", "after x"]


async def test_a_failed_flow_leaves_nothing_and_answers(engine: AsyncEngine, services: Services) -> None:
    async def broken(moment: Moment) -> Outcome | None:
        await moment.connection.execute(text("INSERT INTO team (name, commune) VALUES ('x', '00004')"))
        raise ValueError("no")

    reply = await intake(engine, services, Flow(take=broken)).receive("telegram", "7", said("x"), update_id=4)
    assert reply == APOLOGY
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM team"))).scalar_one() == 0
        assert (await connection.execute(text("SELECT count(*) FROM received"))).scalar_one() == 1


async def test_a_flow_that_breaks_a_rule_of_the_tables_answers(engine: AsyncEngine, services: Services) -> None:
    async def broken(moment: Moment) -> Outcome | None:
        with pytest.raises(DBAPIError) as error:
            await moment.connection.execute(text("INSERT INTO team (name) VALUES ('x')"))
        raise error.value

    assert await intake(engine, services, Flow(take=broken)).receive("telegram", "7", said("x")) == APOLOGY


async def test_a_command_ends_the_waiting_for_words(engine: AsyncEngine, services: Services) -> None:
    seen: list[str | None] = []

    async def waits(moment: Moment) -> Outcome | None:
        seen.append(moment.session.awaiting)
        return Reply((Message("?"),)), moment.session.model_copy(update={"awaiting": "name"})

    taking = intake(engine, services, Flow(take=waits))
    for turn in (said("a"), said("b"), Turn(TurnKind.COMMAND, command="help")):
        await taking.take("telegram", "7", turn)
    assert seen == [None, "name", None]


DESPAIR, DANGER = "tôi không muốn sống nữa", "có người đang phá cửa"


def keeping(*replies: Message) -> Flow:
    """A flow that keeps whatever is typed for itself, and answers it with ``replies``."""

    async def take(moment: Moment) -> Outcome | None:
        return Reply(replies, talk=7), moment.session

    return Flow(take=take)


@pytest.mark.parametrize(("text", "words"), [(DESPAIR, beyond.DESPAIR), (DANGER, beyond.DANGER)])
async def test_despair_and_danger_told_to_a_flow_are_heard(
    engine: AsyncEngine, services: Services, text: str, words: str
) -> None:
    turns = (said(text), Turn(TurnKind.COMMAND, text, "gopy"))
    for number, turn in enumerate(turns):
        taking = intake(engine, services, keeping(Message("kept")))
        reply = await taking.receive("telegram", str(number), turn)
        assert reply is not None
        assert [(message.body, message.talk) for message in reply.messages] == [(words, 7), ("kept", None)]


async def test_who_writes_to_another_person_is_told_and_nothing_is_added(
    engine: AsyncEngine, services: Services
) -> None:
    flows = (keeping(), Flow(after=more))
    reply = await intake(engine, services, *flows).receive("telegram", "7", said(DESPAIR))
    assert reply is not None
    assert [message.body for message in reply.messages] == [beyond.DESPAIR]
    assert await intake(engine, services, *flows).receive("telegram", "7", said("xin chào")) == Reply((), talk=7)


async def test_what_was_said_already_is_not_said_twice(engine: AsyncEngine, services: Services) -> None:
    taking = intake(engine, services, keeping(Message(beyond.DESPAIR)))
    reply = await taking.receive("telegram", "7", said(DESPAIR))
    assert reply is not None
    assert len(reply.messages) == 1


async def test_what_staff_write_to_others_is_no_word_about_themselves(engine: AsyncEngine, services: Services) -> None:
    flow = replace(keeping(Message("kept")), official=True)
    reply = await intake(engine, services, flow).receive("telegram", "7", said(DESPAIR))
    assert reply is not None
    assert [message.body for message in reply.messages] == ["kept"]


async def test_a_button_says_nothing_in_words(engine: AsyncEngine, services: Services) -> None:
    taking = intake(engine, services, keeping(Message("kept")))
    reply = await taking.receive("telegram", "7", Turn(TurnKind.ACTION, DESPAIR))
    assert reply is not None
    assert [message.body for message in reply.messages] == ["kept"]
