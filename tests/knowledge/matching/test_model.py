"""The trained model is one readable file; a spoilt or foreign one is refused before it answers anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import ModelError
from knowledge.matching import Matcher
from knowledge.matching.decide import SIGNALS
from knowledge.matching.model import PATH, Judge, load_model, save_model
from knowledge.matching.rank import FEATURES
from knowledge.phrases import PhraseBook

EMPTY_BOOK: PhraseBook = {}


def _spoilt(tmp_path: Path, **changes: Any) -> Path:
    raw = json.loads(PATH.read_text(encoding="utf-8")) | changes
    path = tmp_path / "model.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    return path


def test_shipped_model_is_for_this_program() -> None:
    model = load_model()
    assert model.features == FEATURES
    assert model.first.signals == model.choices.signals == SIGNALS
    assert len(model.weights) == len(FEATURES)
    assert len(model.first.weights) == len(model.choices.weights) == len(SIGNALS)
    assert 0 < model.offer_from < model.answer_from < 1


def test_saving_again_changes_no_byte(tmp_path: Path) -> None:
    save_model(load_model(), tmp_path / "model.json")
    assert (tmp_path / "model.json").read_bytes() == PATH.read_bytes()


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b"\xff\xfe", b"[]", b"null", b"{}", PATH.read_bytes()[:-200]],
    ids=["missing", "empty", "cut", "not UTF-8", "a list", "null", "no keys", "cut short"],
)
def test_an_unreadable_model_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "model.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.json"):
        load_model(path)


@pytest.mark.parametrize(
    "changes",
    [{"weights": "many"}, {"answer_from": 1.5}, {"offer_from": -0.1}, {"first": {"signals": []}}, {"weights": [None]}],
)
def test_wrong_values_are_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ModelError):
        load_model(_spoilt(tmp_path, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"features": [*FEATURES[1:], FEATURES[0]]}, id="features in another order"),
        pytest.param({"features": [*FEATURES, "moon"], "weights": [0.0] * (len(FEATURES) + 1)}, id="one feature more"),
        pytest.param(
            {"first": {"signals": SIGNALS[1:], "weights": [0.0] * (len(SIGNALS) - 1), "bias": 0}}, id="one signal less"
        ),
        pytest.param({"choices": {"signals": ["x"], "weights": [0.0], "bias": 0}}, id="other signals for choices"),
        pytest.param({"weights": [0.0]}, id="weights missing"),
    ],
)
def test_a_model_for_another_program_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ModelError):
        Matcher((), EMPTY_BOOK, load_model(_spoilt(tmp_path, **changes)))


@given(st.lists(st.tuples(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300)), max_size=5), st.floats(-1e300, 1e300))
def test_a_judge_always_gives_a_probability(pairs: list[tuple[float, float]], bias: float) -> None:
    weights = tuple(weight for weight, _ in pairs)
    judge = Judge(signals=tuple("s" * len(pairs)), weights=weights, bias=bias)
    odds = judge.probability([value for _, value in pairs])
    assert 0 <= odds <= 1


def test_a_judge_weighs_as_it_was_taught() -> None:
    judge = Judge(signals=("a", "b"), weights=(2.0, -1.0), bias=0.5)
    assert judge.probability([0, 0.5]) == pytest.approx(0.5)
    assert judge.probability([1, 0]) > judge.probability([0, 0]) > judge.probability([0, 1])
    with pytest.raises(ValueError, match="zip"):
        judge.probability([1.0])
