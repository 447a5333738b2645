"""Learning finds what tells, is the same each time, and refuses what it cannot learn from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from knowledge.catalogue import Catalogue
from knowledge.errors import KnowledgeError
from knowledge.matching import Matcher
from knowledge.matching.decide import SIGNALS, Grouping
from knowledge.matching.matcher import Reading
from knowledge.matching.model import Model
from knowledge.matching.question import Question
from knowledge.matching.rank import FEATURES, Ranking
from knowledge.questions import LabelledQuestion
from knowledge.training import FOLDS, Example, blank_model, fit_judge, fit_ranker, read_examples, train
from tests.knowledge.records import record

NOTHING = Question((), (), (), frozenset(), frozenset(), (), True, ())


def _example(features: np.ndarray[Any, Any], right: int, weight: float = 1.0) -> Example:
    places = np.arange(len(features), dtype=np.int32)
    scores = np.zeros(len(features), np.float32)
    ranking = Ranking(places, scores, features.astype(np.float32), {}, 1.0, 1.0)
    hit = places == right
    return Example(LabelledQuestion("?", frozenset("a")), Reading(NOTHING, ranking, Grouping((), 0.0)), hit, weight)


def test_the_ranker_learns_which_features_tell() -> None:
    chance = np.random.default_rng(1)
    tables = chance.normal(size=(120, 8, len(FEATURES)))
    title, unasked = FEATURES.index("title"), FEATURES.index("unasked")
    examples = [_example(table, int((table[:, title] - table[:, unasked]).argmax())) for table in tables]
    weights = fit_ranker(examples)
    found = [
        int((table @ weights).argmax()) == int(e.right.argmax()) for table, e in zip(tables, examples, strict=True)
    ]
    assert np.mean(found) > 0.95
    assert weights[title] > 0 > weights[unasked]
    assert np.abs(np.delete(weights, [title, unasked])).max() < 0.3 * weights[title]


def test_a_question_that_weighs_more_is_heard_more() -> None:
    table = np.zeros((2, len(FEATURES)))
    table[0, 0] = 1
    many = [_example(table, 0, 0.01)] * 3
    assert fit_ranker([*many, _example(table, 1, 1.0)])[0] < 0 < fit_ranker([*many, _example(table, 1, 0.001)])[0]


def test_the_judge_is_calibrated() -> None:
    chance = np.random.default_rng(2)
    values = chance.normal(size=(4000, len(SIGNALS)))
    truth = 1 / (1 + np.exp(-(1.5 * values[:, 0] - values[:, 3] + 0.5)))
    right = chance.random(4000) < truth
    judge = fit_judge(values, right)
    said = np.array([judge.probability(row.tolist()) for row in values])
    assert np.abs(said - truth).mean() < 0.05
    for low in np.arange(0, 1, 0.2):
        held = (said >= low) & (said < low + 0.2)
        assert abs(said[held].mean() - right[held].mean()) < 0.06


def test_a_judge_of_what_is_always_right_is_sure() -> None:
    judge = fit_judge(np.zeros((50, len(SIGNALS))), np.ones(50, bool))
    assert judge.probability([0.0] * len(SIGNALS)) > 0.9


def _asked(shipped: Catalogue) -> list[LabelledQuestion]:
    chosen = [item for item in shipped if item.names and item.abolished_on is None][:40]
    inside = [LabelledQuestion(f"em muốn hỏi {item.names[0]}", frozenset({item.code})) for item in chosen]
    outside = ("mai mưa không", "nấu phở sao cho ngon", "giá vàng thế nào", "đá banh mấy giờ", "kể chuyện cười đi")
    return [*inside, *(LabelledQuestion(text, frozenset()) for text in outside)]


@pytest.fixture(scope="module")
def learned(shipped: Catalogue) -> tuple[Model, dict[str, Any]]:
    return train(shipped, _asked(shipped))


def test_what_was_learned_can_be_used(learned: tuple[Model, dict[str, Any]], shipped: Catalogue) -> None:
    model, figures = learned
    matcher = Matcher(shipped, model=model)
    assert matcher.match("em muốn đăng ký khai sinh").candidates[0].code == "1.001193"
    assert figures["top1"] >= 0.8
    assert figures["answered_right"] is None or figures["answered_right"] >= 0.9
    assert sum(row["n"] for row in figures["reliability"]) == model.trained_on["questions"]


def test_learning_again_gives_the_same_model(learned: tuple[Model, dict[str, Any]], shipped: Catalogue) -> None:
    assert train(shipped, _asked(shipped)) == learned


def test_questions_are_also_learned_without_their_marks(
    learned: tuple[Model, dict[str, Any]], shipped: Catalogue
) -> None:
    assert learned[0].trained_on["questions"] == 2 * len(_asked(shipped))


def test_questions_about_one_procedure_share_its_weight(matcher: Matcher) -> None:
    about = [
        LabelledQuestion(text, frozenset({"1.001193"})) for text in ("khai sinh", "làm khai sinh", "giấy khai sinh")
    ]
    outside = LabelledQuestion("mai mưa không", frozenset())
    *shared, alone = read_examples(matcher, [*about, about[0], outside])
    assert [example.weight for example in shared] == [0.5] * 4
    assert alone.weight == 1
    assert all(example.right.sum() == 1 for example in shared)


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    "questions",
    [
        pytest.param([LabelledQuestion("khai sinh", frozenset({"1.001193"}))], id="one"),
        pytest.param([LabelledQuestion(f"việc {n}", frozenset({f"9.{n:06}"})) for n in range(30)], id="unknown codes"),
    ],
)
def test_too_little_to_learn_from_is_said(questions: list[LabelledQuestion]) -> None:
    with pytest.raises(KnowledgeError, match="Quá ít câu hỏi"):
        train([record("1.001193", "Đăng ký khai sinh")], questions)


def test_a_blank_model_fits_the_program() -> None:
    assert (blank_model().features, blank_model().first.signals) == (FEATURES, SIGNALS)
    assert FOLDS > 1
