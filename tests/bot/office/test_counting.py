"""What is counted of turns, through the real conversation and the real intake."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import conversation
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from bot.dialogue.upshot import Came, Upshot
from bot.intake import Intake
from bot.moment import Flow, Flows
from bot.office.counting import KINDS, count
from bot.storage.tables import Tally
from knowledge.matching import Facet
from knowledge.places import Finder, load_gazetteer
from tests.bot.dialogue import records
from tests.bot.dialogue.records import BIRTH, BIRTH_FOREIGN, MARRIAGE, answer, bare, offer
from tests.patience import PATIENCE_SECONDS

BA_DINH = "00004"
PLACES = Finder(load_gazetteer())
LATE = datetime(2026, 11, 22, 23, 30)  # of Vietnam, as the clock of the services tells it
Respond = Callable[[Turn, Session], tuple[Reply, Session]]


def services(clock: Callable[[], datetime] = lambda: LATE) -> Services:
    lines = {
        "khai sinh": answer(BIRTH.code),
        "sinh": offer(MARRIAGE.code, BIRTH.code),
        "kết hôn": answer(MARRIAGE.code),
        "lệ phí": bare(Facet.MONEY),
    }
    return replace(records.services(lines), places=PLACES, clock=clock, look_ups=True)


def intake(engine: AsyncEngine, known: Services, respond: Respond | None = None) -> Intake:
    flows = Flows([Flow(after=count)], lambda: known)
    return Intake(engine, respond or (lambda turn, session: conversation.respond(turn, session, known)), flows=flows)


async def tally(engine: AsyncEngine) -> list[Any]:
    statement = "SELECT kind, outcome, channel, commune, code, count, day FROM tally ORDER BY kind, outcome, code"
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


def asks(words: str) -> Turn:
    return Turn(TurnKind.TEXT, words)


def presses(verb: Verb, code: str = "") -> Turn:
    return Turn(TurnKind.ACTION, Action(verb, code).payload())


@pytest.mark.parametrize(
    ("turns", "counted"),
    [
        ([asks("khai sinh")], [("question", "answered", BIRTH.code)]),
        ([asks("sinh")], [("question", "offered", "")]),
        ([asks("sinh"), asks("1")], [("procedure", "opened", MARRIAGE.code), ("question", "offered", "")]),
        (
            [asks("sinh"), presses(Verb.PICK, BIRTH.code)],
            [("procedure", "opened", BIRTH.code), ("question", "offered", "")],
        ),
        ([asks("chuyện không ai hiểu")], [("question", "unknown", "")]),
        ([asks("1.001193")], [("question", "answered", BIRTH.code)]),
        ([asks("1.999999")], [("question", "unknown", "")]),
        (
            [asks("khai sinh"), asks("không đúng thủ tục này")],
            [("procedure", "rejected", BIRTH.code), ("question", "answered", BIRTH.code)],
        ),
        ([asks("khai sinh"), asks("lệ phí")], [("question", "answered", BIRTH.code)] * 2),
        ([asks("000.00.53.H48-261102-0099")], [("dossier", "looked_up", "")]),
        ([presses(Verb.CASE, MARRIAGE.code)], [("case", "begun", MARRIAGE.code), ("case", "listed", MARRIAGE.code)]),
        (
            [presses(Verb.CASE, MARRIAGE.code), presses(Verb.CASE, MARRIAGE.code), presses(Verb.READY, MARRIAGE.code)],
            [("case", "begun", MARRIAGE.code), ("case", "listed", MARRIAGE.code), ("case", "ready", MARRIAGE.code)],
        ),
        ([asks("chào"), asks("cảm ơn"), Turn(TurnKind.COMMAND, command="help"), asks("???")], []),
    ],
)
async def test_the_conversation_says_itself_what_came_of_a_turn(
    engine: AsyncEngine, turns: list[Turn], counted: list[tuple[str, str, str]]
) -> None:
    taking = intake(engine, services())
    for turn in turns:
        await taking.take("telegram", "7", turn)
    found = [(kind, outcome, code) for kind, outcome, _, _, code, times, _ in await tally(engine) for _ in range(times)]
    assert found == sorted(counted)


async def test_counts_add_up_by_channel_place_and_day_of_vietnam(engine: AsyncEngine) -> None:
    now = [LATE]
    known = services(lambda: now[0])
    first = intake(engine, known)
    async with engine.begin() as connection:
        session = Session(commune=BA_DINH).model_dump_json()
        await connection.execute(
            text("INSERT INTO chat (channel, address, session) VALUES ('web', 'a', CAST(:session AS jsonb))"),
            {"session": session},
        )
    for address in ("7", "8"):
        await first.take("telegram", address, asks("khai sinh"))
    await first.take("web", "a", asks("khai sinh"))
    now[0] += timedelta(minutes=31)
    await first.take("telegram", "7", asks("khai sinh"))
    today, tomorrow = LATE.date(), LATE.date() + timedelta(days=1)
    assert sorted(await tally(engine), key=str) == sorted(
        [
            ("question", "answered", "telegram", "", BIRTH.code, 2, today),
            ("question", "answered", "web", BA_DINH, BIRTH.code, 1, today),
            ("question", "answered", "telegram", "", BIRTH.code, 1, tomorrow),
        ],
        key=str,
    )


async def test_an_update_that_comes_twice_counts_once(engine: AsyncEngine) -> None:
    taking = intake(engine, services())
    for _ in range(3):
        await taking.take("telegram", "7", asks("khai sinh"), update_id=5)
    assert [row[5] for row in await tally(engine)] == [1]


async def test_many_at_once_are_all_counted_in_whatever_order_they_count(engine: AsyncEngine) -> None:
    codes = [BIRTH.code, MARRIAGE.code, BIRTH_FOREIGN.code]

    def respond(turn: Turn, session: Session) -> tuple[Reply, Session]:
        at = int(turn.value) % 3
        upshots = tuple(Upshot(Came.ANSWERED, code) for code in (*codes[at:], *codes[:at]))
        return Reply((Message("x"),), upshots=upshots), session

    taking = [intake(engine, services(), respond) for _ in range(2)]
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(taking[n % 2].take("telegram", str(n), asks(str(n))) for n in range(40)))
    assert [(row[4], row[5]) for row in await tally(engine)] == [(code, 40) for code in sorted(codes)]


async def test_codes_and_places_that_are_none_are_not_kept(engine: AsyncEngine) -> None:
    def respond(_: Turn, session: Session) -> tuple[Reply, Session]:
        upshots = (Upshot(Came.ANSWERED, "0.912345"), Upshot(Came.REJECTED, "Nguyễn Văn A"))
        return Reply((Message("x"),), upshots=upshots), session.model_copy(update={"commune": "0912345678"})

    await intake(engine, services(), respond).take("telegram", "7", asks("x"))
    assert [row[:6] for row in await tally(engine)] == [
        ("procedure", "rejected", "telegram", "", "", 1),
        ("question", "answered", "telegram", "", "", 1),
    ]


def test_everything_that_can_come_of_a_turn_is_a_count_of_something() -> None:
    assert set(KINDS) == set(Came)


NAMES = st.sampled_from(["Nguyễn Văn Anh", "tran thi bich", "Lê Hoàng", "0912 345 678", "001090123456", "1.234567"])
WORDS = st.sampled_from(
    ["khai sinh", "kết hôn", "sinh", "của", "tôi", "lệ phí", "2", "không phải", "hồ sơ", "1.001193"]
)
TEXTS = st.lists(st.one_of(NAMES, WORDS, st.text(max_size=12)), min_size=1, max_size=5).map(" ".join)


@given(said=TEXTS, before=st.sampled_from([Session(), Session(focus=BIRTH.code), Session(offered=(BIRTH.code,))]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_of_what_was_said_can_get_into_a_row(said: str, before: Session) -> None:
    """All columns but day and count are words of ours; the dialogue gives no other codes than known ones."""
    known = services()
    reply, _ = conversation.respond(asks(said), before, known)
    for upshot in reply.upshots:
        assert upshot.came in KINDS
        assert upshot.code == "" or known.catalogue.get(upshot.code) is not None


@given(said=TEXTS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_rows_hold_no_words_of_anybody(database: Any, said: str) -> None:
    from bot.storage.engine import connect

    async def rows() -> list[Any]:
        engine = connect(database)
        try:
            await intake(engine, services()).take("telegram", "7", asks(said))
            return await tally(engine)
        finally:
            await engine.dispose()

    for kind, outcome, channel, commune, code, _, _ in asyncio.run(rows()):
        assert (kind, outcome) in {(kind, str(came)) for came, kind in KINDS.items()}
        assert (channel, commune) == ("telegram", "")
        assert code == "" or re.fullmatch(r"\d\.\d{6}", code)
        assert code in ("", *(each.code for each in records.RECORDS))


def test_the_table_has_no_room_for_more() -> None:
    assert set(Tally.model_fields) == {"day", "kind", "outcome", "channel", "commune", "code", "count"}
