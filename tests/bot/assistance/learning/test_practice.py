"""Volunteers practise: a made-up resident from the first words to the right list, and a round of questions."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance.desk import STRANGER, Desk
from bot.assistance.learning import meeting as learning_meeting
from bot.assistance.learning import practice as learning
from bot.assistance.learning import rounds as learning_round
from bot.assistance.learning import scenes as learning_scenes
from bot.assistance.learning import table as learning_table
from bot.assistance.learning.quiz import Rules, quiz
from bot.assistance.learning.scenes import Scene
from bot.dialogue.turn import TurnKind
from knowledge import case
from knowledge import catalogue as catalogues
from knowledge.procedure import CHANNEL
from tests.acceptance.botmarkup import parse
from tests.bot.assistance import band
from tests.bot.assistance.band import Person
from tests.bot.dialogue.records import Script, answer, offer

SHIPPED = catalogues.load()
LICENCE = next(scene for scene in learning_scenes.written() if scene.id == "mat-bang-lai")
KNOWN = replace(
    band.placed(),
    catalogue=SHIPPED,
    matcher=Script(
        {"bằng lái": offer("3.000347", "3.000348"), "khai sinh": answer("1.001193"), "tạm trú": answer("1.004194")}
    ),
)


async def volunteer(engine: AsyncEngine, *, rehearsal: tuple[str, ...] = ()) -> Person:
    async with engine.begin() as connection:
        await band.member(connection, await band.team(connection))
    await band.run(engine, "UPDATE chat SET address = '71'")
    return Person(engine, "71", learning.FLOW, services=replace(KNOWN, rehearsal=rehearsal))


async def meet(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, scene: Scene = LICENCE, **more: tuple[str, ...]
) -> Person:
    """Open practice and let this resident come in."""
    monkeypatch.setattr(learning_scenes, "written", lambda: (scene,))
    person = await volunteer(engine, **more)
    await person.sends("learn")
    assert scene.words in await person.presses(learning.MEET)
    return person


async def answers(person: Person, scene: Scene, **otherwise: str) -> str:
    """Answer the case questions as the resident told, or otherwise; return what is said in the end."""
    said = ""
    for _ in range(12):
        asked = [
            each.action.split(":") for each in person.buttons if each.action and each.action.startswith("aid:learnsay:")
        ]
        if not asked:
            return said
        question = asked[0][2]
        choice = otherwise.get(question, scene.answers.get(question, asked[0][3]))
        said = await person.sends("learnsay", question, choice)
    raise AssertionError("the questions did not end")


async def test_a_resident_is_understood_and_the_list_is_right(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await meet(engine, monkeypatch)
    said = await person.says("bằng lái")
    assert LICENCE.words in said
    assert {"Đổi giấy phép lái xe", "Cấp lại giấy phép lái xe"} <= set(person.labels)
    assert "Chưa đúng" in await person.presses("Đổi giấy phép lái xe")
    await person.says("bằng lái")
    assert "Đúng rồi" in await person.presses("Cấp lại giấy phép lái xe")
    said = await answers(person, LICENCE)
    assert learning_meeting.ALL_RIGHT.format(name="chú Bình") in said
    assert "✓" in said
    assert "⚠" not in said
    assert "MÔ PHỎNG" not in said
    assert learning_meeting.LOOK not in person.labels
    parse(said)


async def test_what_is_missing_and_what_is_too_much_is_told(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = next(each for each in learning_scenes.written() if each.id == "sinh-tai-nha")
    person = await meet(engine, monkeypatch, scene)
    await person.presses(learning_meeting.TELL)
    said = await answers(person, scene, birth="yes")
    assert "Anh/chị chọn “Có Giấy chứng sinh”, lời kể là “Không, có người làm chứng”" in said
    missing = re.findall(r"⚠ (.+) \(danh sách", said)
    assert missing == ["Văn bản của người làm chứng xác nhận việc sinh"]
    assert "Giấy chứng sinh (đã nộp" in said.partition(learning_meeting.SURPLUS)[2]
    parse(said)


async def test_a_demonstration_gives_the_code_of_a_made_up_dossier(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "000.00.53.H48-251102-0099"
    person = await meet(engine, monkeypatch, rehearsal=(code,))
    await person.presses(learning_meeting.TELL)
    said = await answers(person, LICENCE)
    assert f"MÔ PHỎNG: nộp xong, cổng sẽ đưa một mã hồ sơ. Mã bịa ra để tập: <code>{code}</code>." in said
    assert f"track:{code}" in [each.action for each in person.buttons]


async def test_a_procedure_that_would_serve_as_well_is_not_called_wrong(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = next(each for each in learning_scenes.written() if each.also)
    person = await meet(engine, monkeypatch, scene)
    assert "cũng làm được việc này" in await person.sends("learnpick", scene.also[0])


async def test_a_procedure_is_chosen_by_typing_and_each_has_residents(engine: AsyncEngine) -> None:
    person = await volunteer(engine)
    assert "Người dân ở đây là bịa ra" in await person.sends("learn")
    assert await person.says("gì đó không ai hiểu") == learning.UNHEARD
    assert "Đăng ký tạm trú" in await person.says("tạm trú")
    said = await person.presses(learning.MEET)
    assert "(người bịa ra để tập)" in said
    assert said != await person.presses(learning_meeting.ANOTHER)
    await person.sends("learn")
    await person.says("bằng lái")
    assert "tập thế nào" in await person.presses("Cấp lại giấy phép lái xe")
    assert await person.sends("learnof", "9.999999") == learning.NOTHING


async def test_a_round_of_questions_is_counted_and_the_best_is_kept(engine: AsyncEngine) -> None:
    person = await volunteer(engine)
    assert await round_of(person, wrong=2) == (3, 5)
    assert (await kept(engine)) == [("1.001193", 3, 5)]
    assert await round_of(person, wrong=0) == (5, 5)
    assert await round_of(person, wrong=4) == (1, 5)
    assert (await kept(engine)) == [("1.001193", 5, 5)]
    assert "cao nhất của anh/chị với thủ tục này: 5/5" in "".join(each.body for each in person.last.messages)


async def round_of(person: Person, wrong: int) -> tuple[int, int]:
    """Go through a round, wrong so many times; return what is told in the end."""
    said = await person.sends("quizof", "1.001193")
    for number in range(1, 6):
        assert f"Câu {number}/5" in said
        parse(said)
        right = await rights(person)
        said = await person.presses("ABCD"[(right + (number <= wrong)) % 4])
        assert ("Đúng rồi." in said) == (number > wrong)
    found = re.search(r"đúng (\d)/(\d) câu", said)
    assert found
    return int(found[1]), int(found[2])


async def rights(person: Person) -> int:
    """Return which choice of the question on the screen is right."""
    noted = (await band.run(person._engine, "SELECT session FROM chat WHERE address = '71'"))[0].session["noted"]
    birth = SHIPPED.get("1.001193")
    assert birth
    rules = Rules(KNOWN.calendar, KNOWN.clock())
    return quiz(birth, SHIPPED, rules, int(noted["learn seed"]))[int(noted["learn place"])].right


async def kept(engine: AsyncEngine) -> list[tuple[str, int, int]]:
    return [tuple(row) for row in await band.run(engine, 'SELECT procedure, "right", asked FROM quizzed')]


async def test_a_button_pressed_twice_or_of_an_old_question_counts_nothing(engine: AsyncEngine) -> None:
    person = await volunteer(engine)
    await person.sends("quizof", "1.001193")
    old = next(each.action or "" for each in person.buttons if each.label == "A")
    assert "Câu 2/5" in await person(TurnKind.ACTION, old)
    said = await person(TurnKind.ACTION, old)
    assert said.startswith(learning_round.OLD)
    assert "Câu 2/5" in said


@pytest.mark.parametrize(
    "words",
    [
        ("learnsay", "group", "bike"),
        ("learntell",),
        ("learnpick", "3.000348"),
        ("quiz", "0a1b2c", "1"),
        ("quizof", "x"),
        ("learnmeet", "x"),
    ],
)
async def test_buttons_of_exercises_long_gone_are_answered(engine: AsyncEngine, words: tuple[str, ...]) -> None:
    person = await volunteer(engine)
    said = await person.sends(*words)
    assert said
    assert {learning_table.PRACTICE, learning.MEET, learning_meeting.TELL} & set(person.labels)


async def test_who_is_no_volunteer_learns_how_one_becomes_one(engine: AsyncEngine) -> None:
    person = Person(engine, "9", learning.FLOW, services=KNOWN)
    for words in (("learn",), ("quizof", "1.001193"), ("learnmeet",)):
        assert await person.sends(*words) == STRANGER
    assert await band.run(engine, "SELECT FROM quizzed") == []


async def test_a_command_ends_the_exercise(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await meet(engine, monkeypatch)
    await person.says("/help")
    assert LICENCE.words not in await person.says("bằng lái")


@pytest.mark.parametrize("scene", learning_scenes.written(), ids=lambda each: each.id)
def test_every_answer_of_a_written_resident_can_be_given(scene: Scene) -> None:
    """Following the questions with the hidden answers ends in the case as it is written."""
    procedure = SHIPPED.get(scene.code)
    assert procedure
    given = {CHANNEL: scene.answers[CHANNEL]} if CHANNEL in scene.answers else {}
    while (question := case.pending(procedure, given)) is not None:
        assert question.id in scene.answers, question.text
        given = case.kept(procedure, {**given, question.id: scene.answers[question.id]})
    assert given == scene.answers


async def test_the_menu_of_volunteers_leads_to_practice_and_back(engine: AsyncEngine) -> None:
    await volunteer(engine)
    desk = Desk(30, (learning.rows,))
    person = Person(engine, "71", learning.FLOW, desk.flow(), services=KNOWN)
    menu = await person.says("/hotro")
    assert "Người dân ở đây là bịa ra" in await person.presses(learning_table.PRACTICE)
    assert await person.presses("Về việc hỗ trợ") == menu
