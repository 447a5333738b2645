"""The gate: which questions a change makes better and which worse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office.gate import Gate, Grade, Report, compare, grades, judged
from bot.office.matchers import Matchers
from knowledge.catalogue import Catalogue
from knowledge.matching import Matcher
from knowledge.procedure import Procedure
from knowledge.questions import LabelledQuestion
from tests.knowledge.records import record

CARD = record("1.000001", names=("làm thẻ thư viện",))
LOAN = record("1.000002", "Mượn sách về nhà", names=("mượn sách",))
QUESTIONS = [
    LabelledQuestion("làm thẻ thư viện", frozenset({CARD.code})),
    LabelledQuestion("mượn sách về nhà", frozenset({LOAN.code})),
    LabelledQuestion("thuê xe đạp", frozenset()),
]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matchers know the records they are given and nothing of the rest of the country."""
    monkeypatch.setattr("knowledge.matching.matcher.load_names", list)
    monkeypatch.setattr("knowledge.matching.matcher.load_phrases", dict)
    monkeypatch.setattr("bot.office.gate.load_questions", lambda _: QUESTIONS)


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    """A gate that asks our three questions."""
    matchers = Matchers()
    gate = Gate(matchers)
    yield gate
    gate.close()
    matchers.close()


def catalogue(*records: Procedure) -> Catalogue:
    return Catalogue.of(records)


async def test_a_new_name_makes_a_question_better(gate: Gate) -> None:
    silent = CARD.model_copy(update={"name": "Cấp giấy", "names": ()})
    report = await gate.weigh(catalogue(silent, LOAN), catalogue(CARD, LOAN))
    assert ([shift.question for shift in report.improved], report.broken) == (["làm thẻ thư viện"], ())
    assert (report.asked, report.improved[0].after) == (3, Grade.RIGHT)


async def test_a_name_that_draws_others_questions_is_told_with_them(gate: Gate) -> None:
    greedy = CARD.model_copy(update={"names": ("mượn sách về nhà", "mượn sách", "thuê xe đạp")})
    report = await gate.weigh(catalogue(CARD, LOAN), catalogue(greedy))
    broken = {shift.question: shift.after for shift in report.broken}
    assert broken["mượn sách về nhà"] is Grade.WRONG
    assert broken["thuê xe đạp"] is Grade.WRONG
    assert report.broken[0].after is Grade.WRONG, "the worst first"


async def test_what_replaced_a_procedure_answers_for_it(gate: Gate) -> None:
    new = LOAN.model_copy(update={"code": "1.000009"})
    old = LOAN.model_copy(update={"abolished_on": date(2026, 1, 1), "successor": new.code})
    assert (await gate.weigh(catalogue(CARD, LOAN), catalogue(CARD, old, new))).broken == ()
    gone = await gate.weigh(catalogue(CARD, LOAN), catalogue(CARD, new))
    assert [shift.question for shift in gone.broken] == ["mượn sách về nhà"]


async def test_questions_that_staff_have_judged_are_asked_too(gate: Gate, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            text("""INSERT INTO unanswered (text, kind, verdict, answer) VALUES
                ('xin cái thẻ đọc', 'unknown', 'procedure', '1.000001'), ('giá vàng', 'unknown', 'outside', NULL),
                ('aaa', 'unknown', 'spam', NULL), ('chưa ai xem', 'unknown', NULL, NULL)""")
        )
        more = await judged(connection)
    assert {(each.text, each.codes) for each in more} == {
        ("xin cái thẻ đọc", frozenset({"1.000001"})),
        ("giá vàng", frozenset()),
    }
    named = CARD.model_copy(update={"names": (*CARD.names, "xin cái thẻ đọc")})
    report = await gate.weigh(catalogue(CARD, LOAN), catalogue(named, LOAN), more)
    assert report.asked == 5
    assert report.broken == ()


def test_grades() -> None:
    world = catalogue(CARD, LOAN)
    asked = [
        *QUESTIONS,
        LabelledQuestion("làm thẻ thư viện", frozenset({LOAN.code})),
        LabelledQuestion("zzz", frozenset({"1"})),
    ]
    found = grades(Matcher(world), world, asked)
    assert found == [Grade.RIGHT, Grade.RIGHT, Grade.RIGHT, Grade.WRONG, Grade.NOTHING]


def test_what_is_kept_of_a_report_is_plain_and_bounded() -> None:
    many = [LabelledQuestion(f"câu {n}", frozenset({"1.000001"})) for n in range(300)]
    kept = compare(many, [Grade.RIGHT] * 300, [Grade.NOTHING] * 300).kept()
    assert (kept["asked"], kept["broken"], len(kept["worse"]), kept["better"]) == (300, 300, 100, [])
    assert kept["worse"][0] == {"question": "câu 0", "codes": ("1.000001",), "before": 3, "after": 1}
    assert Report().kept()["broken"] == 0
