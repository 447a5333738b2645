from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from bot.assistance import members, opinion, ratings, sitting
from bot.assistance.opinion import CONTENT, ENOUGH, MORE, NEVER, QUESTIONS, SKIP, USEFUL
from bot.assistance.ratings import CRITERIA, Satisfaction, Thing
from bot.assistance.tables import Rated
from bot.dialogue.turn import TurnKind
from bot.dossiers.register import Row
from bot.dossiers.status import Status
from bot.storage import housekeeping
from bot.storage.tables import Following, Known
from knowledge.places import load_gazetteer
from tests.bot.assistance import band
from tests.bot.assistance.band import BA_DINH, Person, run
from tests.bot.dialogue.records import BIRTH, MARRIAGE
from tests.bot.dossiers.desk import CODE, NOON, report
from tests.bot.dossiers.desk import Desk as Dossiers

ASKED = QUESTIONS[Rated.ANSWER]
OPEN = f"/start p_{BIRTH.code}"


@pytest.fixture
def person(engine: AsyncEngine) -> Person:
    return Person(engine, "7", opinion.FLOW)


async def asked_now(engine: AsyncEngine) -> None:
    """Let a day pass since anything was asked."""
    await run(engine, "UPDATE asked_rating SET at = at - interval '25 hours'")


async def test_below_thanks_and_once_for_one_procedure(engine: AsyncEngine, person: Person) -> None:
    assert ASKED not in await person.says("cảm ơn")  # nothing was answered yet
    assert ASKED not in await person.says(BIRTH.code)
    said = await person.says("cảm ơn nhé")
    assert said.index("Không có gì") < said.index(ASKED)
    assert ASKED not in await person.says("cảm ơn nhé")
    await asked_now(engine)
    assert ASKED not in await person.says("tạm biệt")
    assert await run(engine, "SELECT about, kind FROM asked_rating") == [(f"answer.{BIRTH.code}", "answer")]


async def test_below_the_third_answer_and_once_a_day(engine: AsyncEngine, person: Person) -> None:
    said = [await person.says(words) for words in (BIRTH.code, "lệ phí bao nhiêu", "nộp ở đâu", "mất mấy ngày")]
    assert [ASKED in each for each in said] == [False, False, True, False]
    await person.says(MARRIAGE.code)
    assert ASKED not in await person.says("cảm ơn")
    await asked_now(engine)
    assert ASKED in await person.says("cảm ơn")


async def test_never_in_the_middle_of_a_case_but_at_its_end(person: Person) -> None:
    for words in (OPEN, OPEN):
        assert ASKED not in await person.says(words)
    assert ASKED not in await person(TurnKind.ACTION, f"case:{BIRTH.code}")
    assert ASKED not in await person.says("cảm ơn")
    assert ASKED not in await person.says("lệ phí bao nhiêu")
    assert ASKED not in await person(TurnKind.ACTION, f"finish:{BIRTH.code}")
    assert ASKED in await person(TurnKind.ACTION, f"ready:{BIRTH.code}")


async def test_not_in_groups(engine: AsyncEngine) -> None:
    group = Person(engine, "-100", opinion.FLOW)
    for words in (BIRTH.code, "lệ phí bao nhiêu", "nộp ở đâu", "cảm ơn"):
        assert ASKED not in await group.says(words)


async def test_four_levels_six_criteria_and_words_without_who_it_was(engine: AsyncEngine, person: Person) -> None:
    await person.says(f"/noio {load_gazetteer().communes[BA_DINH].full}")
    await person.says(BIRTH.code)
    await person.says("cảm ơn")
    assert person.labels[-5:] == [*USEFUL, NEVER]
    assert "Cảm ơn" in await person.presses(USEFUL[1])
    assert person.last.messages[0].replaces
    body = await person.presses(MORE)
    for at, name in enumerate(CRITERIA):
        assert f"{at + 1}/6" in body
        assert opinion.HEADINGS[name][0] in body
        body = await person.presses(SKIP if name == "conditions" else CONTENT[at % 4])
    assert body == opinion.ASK_WORDS
    assert await person.says("cô Nguyễn Thị Hoa rất nhiệt tình") == opinion.DONE
    ((kind, procedure, commune, level, criteria, words),) = await run(
        engine, "SELECT kind, procedure, commune, level, criteria, words FROM rating"
    )
    assert (kind, procedure, commune, level) == ("answer", BIRTH.code, BA_DINH, 2)
    assert criteria == {"access": 1, "procedure": 3, "conduct": 4, "result": 1, "feedback": 2}
    assert words == "cô [tên đã ẩn] rất nhiệt tình"
    assert await run(engine, "SELECT rating, kind FROM asked_rating") == [(None, "done")]
    assert await person.sends("rate", f"answer.{BIRTH.code}", 4) == opinion.OVER
    assert await run(engine, "SELECT level FROM rating") == [(2,)]


async def test_a_level_may_be_changed_until_it_is_done(engine: AsyncEngine, person: Person) -> None:
    await person.says(BIRTH.code)
    await person.says("cảm ơn")
    about = f"answer.{BIRTH.code}"
    said = await person.presses(USEFUL[3])
    assert said == opinion.SORRY
    assert opinion.SUGGEST in person.labels
    await person.sends("rate", about, 1)
    assert await run(engine, "SELECT level FROM rating") == [(1,)]
    assert await person.presses(ENOUGH) == opinion.DONE


async def test_secrets_in_words_are_refused_and_may_be_put_differently(engine: AsyncEngine, person: Person) -> None:
    await person.says(BIRTH.code)
    await person.says("cảm ơn")
    await person.presses(USEFUL[0])
    about = f"answer.{BIRTH.code}"
    await person.sends("ratecrit", about, "5.0")
    assert "không lưu" in await person.says("mã otp của tôi là 482913")
    assert person.last.kept
    assert await run(engine, "SELECT words FROM rating") == [(None,)]
    assert await person.says("trả lời nhanh") == opinion.DONE
    assert await run(engine, "SELECT words FROM rating") == [("trả lời nhanh",)]


async def test_whoever_turns_to_something_else_is_answered(person: Person) -> None:
    await person.says(BIRTH.code)
    await person.says("cảm ơn")
    await person.presses(USEFUL[0])
    await person.sends("ratecrit", f"answer.{BIRTH.code}", "5.0")
    assert await person.says("/help")
    assert await person.says(MARRIAGE.code) != opinion.DONE


async def test_do_not_ask_again_means_never(engine: AsyncEngine, person: Person) -> None:
    await person.says(BIRTH.code)
    await person.says("cảm ơn")
    assert await person.presses(NEVER) == opinion.STOPPED
    await asked_now(engine)
    await person.says(MARRIAGE.code)
    assert ASKED not in await person.says("cảm ơn")
    async with engine.begin() as connection:
        chat = await band.chat(connection, "7")
        await opinion.after_help(connection, chat, Thing("help.1", Rated.HELP))
        assert await opinion.after_result(connection, chat, 1, None) is None
    assert await person.told() == []


@pytest.mark.parametrize(
    "words",
    [("rate", "answer.1.001193", 1), ("ratecrit", "answer.1.001193", "0.1"), ("rate", "never", 1), ("rateend", "x")],
)
async def test_what_was_not_asked_is_not_rated(engine: AsyncEngine, person: Person, words: tuple[object, ...]) -> None:
    assert await person.sends(*words) in (opinion.OVER, opinion.DONE)
    assert await run(engine, "SELECT FROM rating") == []


@pytest.mark.parametrize(
    "words", [("rate", "a", 5), ("rate", "a", 0), ("ratecrit", "a", "6.1"), ("ratecrit", "a", "x")]
)
async def test_forged_buttons_do_nothing(engine: AsyncEngine, person: Person, words: tuple[object, ...]) -> None:
    assert await person.sends(*words)
    assert await run(engine, "SELECT FROM rating") == []


async def test_after_help_and_after_a_result(engine: AsyncEngine, person: Person) -> None:
    await person.says("/help")
    async with engine.begin() as connection:
        chat = await band.chat(connection, "7")
        for _ in range(2):
            await opinion.after_help(connection, chat, Thing("help.3", Rated.HELP, BIRTH.code, BA_DINH))
        first = await opinion.after_result(connection, chat, 9, BIRTH.code)
        assert first
        assert QUESTIONS[Rated.RESULT] in first.body
        assert await opinion.after_result(connection, chat, 9, BIRTH.code) is None
    (told,) = await person.told()
    assert QUESTIONS[Rated.HELP] in told
    await person.sends("rate", "help.3", 1)
    await person.sends("rate", "result.9", 3)
    today = (await run(engine, "SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"))[0][0]
    await person.sends("ratecrit", "result.9", "4.4")
    async with engine.connect() as connection:
        everywhere = await ratings.satisfaction(connection, today, today, None)
        here = await ratings.satisfaction(connection, today, today, (BA_DINH,))
        before = await ratings.satisfaction(connection, date(2020, 1, 1), date(2020, 1, 2), None)
    assert everywhere == [
        Satisfaction("help", BA_DINH, None, 1, 1),
        Satisfaction("result", None, "result", 4, 1),
        Satisfaction("result", None, None, 3, 1),
    ]
    assert here == everywhere[:1]
    assert before == []


async def test_housekeeping_forgets_whose_rating_it_was(engine: AsyncEngine, person: Person) -> None:
    await person.says(BIRTH.code)
    await person.says("cảm ơn")
    await person.presses(USEFUL[0])
    await housekeeping.sweep(engine, 90)
    assert (await run(engine, "SELECT rating IS NULL FROM asked_rating")) == [(False,)]
    await run(engine, "UPDATE asked_rating SET at = at - interval '3 days'")
    await housekeeping.sweep(engine, 90)
    assert (await run(engine, "SELECT rating, kind FROM asked_rating")) == [(None, "done")]
    assert await run(engine, "SELECT level FROM rating") == [(1,)]


async def test_a_resident_who_follows_is_asked_when_the_volunteer_ends_the_case(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        _, chat = await band.member(connection, await band.team(connection))
        helper = await members.volunteer_of(connection, chat)
        assert helper
        filed = await sitting.opened(connection, helper)
        filed = await sitting.change(connection, filed, dossier=CODE, procedure=BIRTH.code)
        resident = await band.chat(connection, "7")
        known = insert(Known).values(code=CODE).returning(col(Known.id))
        number = (await connection.execute(known)).scalar_one()
        for each in (resident, chat, await band.chat(connection, "-100")):
            await connection.execute(insert(Following).values(chat_id=each, known_id=number))
        await sitting.end(connection, helper, filed, sitting.End.ONLINE)
        dropped = await sitting.opened(connection, helper)
        await sitting.end(connection, helper, dropped, sitting.End.DROPPED)
    assert await run(engine, "SELECT chat_id FROM post") == [(resident,)]
    rows = await run(engine, "SELECT about, kind, procedure, commune FROM asked_rating")
    assert rows == [(f"sitting.{filed.id}", "help", BIRTH.code, BA_DINH)]


@pytest.mark.parametrize("status", [Status.RETURNED, Status.REFUSED])
async def test_followers_are_asked_once_when_a_result_is_returned(engine: AsyncEngine, status: Status) -> None:
    office = Dossiers(engine)
    office.watch._afterwards = office.look_ups._afterwards = opinion.after_result
    await office.register.put([Row(report(), NOON)])
    for chat in ("7", "8"):
        await office.says(CODE, chat)
        await office.says(f"follow:{CODE}", chat)
    moment = NOON + timedelta(hours=1)
    await office.register.put([Row(report(status=status, read_at=moment), moment)])
    asked = QUESTIONS[Rated.RESULT]
    assert (asked in await office.says(CODE, "8")) is (status is Status.RETURNED)
    await office.check()
    await office.due()
    await office.check()
    for chat in ("7", "8"):
        said = await office.said(chat)
        assert sum(asked in body for body in said) == (status is Status.RETURNED)
    assert asked not in await office.says(CODE, "9")
