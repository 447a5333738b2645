"""Questions that say something against a look-alike procedure: it is hardly ever answered with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.matching import Matcher, Outcome
from knowledge.matching.family import twin_key
from knowledge.questions import LabelledQuestion, load_questions
from knowledge.vietnamese import fold

QUESTIONS = load_questions([Path(__file__).parents[2] / "data" / "contrasts.jsonl"])
MOST_WRONG = 2
FEWEST_ANSWERED = 0.65


def _right(question: LabelledQuestion, code: str, matcher: Matcher) -> bool:
    acts = {twin_key(matcher.names[wanted]) for wanted in question.codes if wanted in matcher.names}
    return twin_key(matcher.names[code]) in acts


@pytest.mark.parametrize("typed", [str, fold], ids=["with marks", "without marks"])
def test_contrasts_over_the_national_catalogue(national_matcher: Matcher, typed: Callable[[str], str]) -> None:
    answered = [
        (question, match.candidates[0].code)
        for question in QUESTIONS
        if (match := national_matcher.match(typed(question.text))).outcome is Outcome.ANSWER
    ]
    wrong = [(question.text, code) for question, code in answered if not _right(question, code, national_matcher)]
    assert len(wrong) <= MOST_WRONG, wrong
    assert len(answered) >= FEWEST_ANSWERED * len(QUESTIONS)
