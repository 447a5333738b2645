"""From a ranking to acts with their shares, and to the signals the judges look at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.matching.decide import CHOICES, OUTSIDE, SIGNALS, group_twins, signals
from knowledge.matching.rank import FEATURES, Ranking
from tests.knowledge.matching.test_rank import question

WORDS = question("đăng ký khai sinh")


def ranking(scores: list[float], **columns: list[float]) -> Ranking:
    features = np.zeros((len(scores), len(FEATURES)), np.float32)
    for name, values in columns.items():
        features[:, FEATURES.index(name)] = values
    facts: dict[str, Any] = {"terms": {}, "mass": 3.0, "known": 1.0}
    places = np.arange(len(scores), dtype=np.int32)
    return Ranking(places, np.array(scores, np.float32), features, **facts)


def test_twins_share_one_place() -> None:
    grouping = group_twins(ranking([2.0, 1.9, 1.9]), ["a", "b", "b"])
    assert [group.rows for group in grouping.groups] == [(1, 2), (0,)]
    assert grouping.outside == 0


def test_what_is_outside_is_no_act() -> None:
    grouping = group_twins(ranking([3.0, 1.0]), [OUTSIDE, "a"])
    assert [group.rows for group in grouping.groups] == [(1,)]
    assert grouping.outside == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-5)


def test_nothing_ranked() -> None:
    assert group_twins(ranking([]), []).groups == ()


_scores = st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=12).map(lambda found: sorted(found, reverse=True))


@given(_scores, st.data())
def test_all_shares_add_up_to_one_and_the_likeliest_act_is_first(scores: list[float], data: st.DataObject) -> None:
    twins = data.draw(st.lists(st.sampled_from([OUTSIDE, *"abcd"]), min_size=len(scores), max_size=len(scores)))
    grouping = group_twins(ranking(scores), twins)
    shares = [group.share for group in grouping.groups]
    assert sum(shares) + grouping.outside == pytest.approx(1, abs=1e-4)
    assert shares == sorted(shares, reverse=True)
    rows = sorted(row for group in grouping.groups for row in group.rows)
    assert rows == [row for row, twin in enumerate(twins) if twin != OUTSIDE]
    for group in grouping.groups:
        assert len({twins[row] for row in group.rows}) == 1


@given(_scores)
def test_signals_are_numbers_whatever_the_scores(scores: list[float]) -> None:
    held = ranking(scores)
    found = signals(held, group_twins(held, [str(n) for n in range(len(scores))]), WORDS)
    assert len(found) == len(SIGNALS)
    assert np.isfinite(found).all()


def _signal(name: str, scores: list[float], **columns: list[float]) -> float:
    held = ranking(scores, **columns)
    found = signals(held, group_twins(held, [str(n) for n in range(len(scores))]), WORDS)
    return found[SIGNALS.index(name)]


def test_a_clear_lead_looks_surer_than_a_close_race() -> None:
    for name in ("share_first", "lead"):
        assert _signal(name, [9.0, 1.0]) > _signal(name, [9.0, 8.9])


def test_a_lead_in_what_is_said_is_against_all_others() -> None:
    scores = [5.0, 4.0, 3.0]
    assert _signal("said_lead", scores, said=[0.5, 0.2, 0.1]) == pytest.approx(0.3)
    assert _signal("said_lead", scores, said=[0.2, 0.1, 0.6]) == pytest.approx(-0.4)
    assert _signal("phrase_lead", [5.0], phrase=[0.7]) == pytest.approx(0.7)


def test_the_first_act_may_have_the_best_title_or_not() -> None:
    assert _signal("title_first", [5.0, 4.0], title=[0.5, 0.5]) == 1
    assert _signal("title_first", [5.0, 4.0], title=[0.4, 0.5]) == 0


def test_only_what_would_be_offered_counts_as_best_said() -> None:
    scores = [9.0 - n for n in range(CHOICES + 1)]
    last = [0.0] * CHOICES + [1.0]
    assert _signal("best_said", scores, said=last) == 0
    assert _signal("best_said", scores, said=last[::-1]) == 1
