"""The figures mean what they say; and a release must reach those set here, on questions it was never trained on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from knowledge.evaluation import Trial, by_group, measure, misses, perturb, reliability, resident_mb, run
from knowledge.matching import Candidate, Match, Matcher, Outcome
from knowledge.noise import NOISES
from knowledge.questions import LabelledQuestion, load_questions
from tests.knowledge.conftest import ROOT

ANSWER, OFFER, UNKNOWN = Outcome.ANSWER, Outcome.OFFER, Outcome.UNKNOWN


def trial(
    right: Sequence[str],
    ranked: str,
    outcome: Outcome = ANSWER,
    seconds: float = 0.001,
    group: str = "",
    odds: float = 0.9,
) -> Trial:
    """A question whose right codes are ``right``, ranked as the letters of ``ranked``; an offer offers all of them."""
    candidates = tuple(Candidate(code, odds) for code in ranked)
    choices = tuple(ranked) if outcome is OFFER else ()
    return Trial(LabelledQuestion("?", frozenset(right), group), Match(outcome, candidates, choices), seconds)


def test_shares_are_over_what_they_name() -> None:
    figures = measure(
        [
            trial("a", "abc", ANSWER),
            trial("b", "abc", ANSWER),
            trial("c", "abc", OFFER),
            trial("z", "abc", OFFER),
            trial("d", "abcd", UNKNOWN),
            trial("", "a", ANSWER),
            trial("", "a", OFFER),
            trial("", "", UNKNOWN),
        ]
    )
    assert (figures["n"], figures["out_of_scope_n"]) == (5, 3)
    assert (figures["top1"], figures["top3"], figures["top4"]) == (0.2, 0.6, 0.8)
    assert figures["mrr10"] == round((1 + 1 / 2 + 1 / 3 + 0 + 1 / 4) / 5, 4)
    assert (figures["answered"], figures["answered_right"]) == (0.4, 0.5)
    assert (figures["offered_right"], figures["abstained"]) == (0.5, 0.2)
    assert figures["out_of_scope_answered"] == round(1 / 3, 4)


def test_any_of_several_right_codes_counts() -> None:
    assert trial("xc", "abc").rank == 3
    assert trial("x", "abc").rank is None
    assert trial("cx", "abc", OFFER).offered_right


def test_times_are_in_milliseconds_over_all_questions() -> None:
    trials = [trial("a" if n % 2 else "", "a", seconds=n / 1000) for n in range(1, 101)]
    assert measure(trials)["latency_ms"] == {"p50": 51.0, "p99": 100.0, "max": 100.0}


def test_nothing_asked_is_no_figure() -> None:
    figures = measure([])
    assert figures["n"] == figures["out_of_scope_n"] == 0
    shares = {"top1", "top3", "top4", "mrr10", "answered", "answered_right", "offered_right", "abstained"}
    assert {figures[name] for name in shares | {"out_of_scope_answered"}} == {None}
    assert figures["latency_ms"] == {"p50": None, "p99": None, "max": None}
    assert by_group([]) == {}
    assert misses([]) == reliability([]) == []


def test_keys_are_those_that_were_agreed() -> None:
    assert list(measure([])) == [
        *("n", "top1", "top3", "top4", "mrr10", "answered", "answered_right", "offered_right", "abstained"),
        *("out_of_scope_n", "out_of_scope_answered", "latency_ms"),
    ]


def test_groups_are_measured_alone() -> None:
    groups = by_group([trial("a", "a", group="short"), trial("b", "a", group="story"), trial("a", "a")])
    assert {name: row["top1"] for name, row in groups.items()} == {"short": 1.0, "story": 0.0}


def test_misses_are_wrong_firsts_and_what_should_not_have_been_answered() -> None:
    trials = [trial("a", "ab"), trial("b", "ab"), trial("c", "ab"), trial("", "a"), trial("", "a", OFFER)]
    assert [(miss["codes"], miss["rank"]) for miss in misses(trials)] == [(["b"], 2), (["c"], None), ([], None)]
    assert misses(trials)[0]["ranking"][0] == {"code": "a", "confidence": 0.9, "features": {}}


def test_reliability_sets_what_was_said_against_what_was_right() -> None:
    trials = [trial("a", "a", odds=0.92), trial("b", "a", odds=0.98), trial("a", "a", odds=0.3), trial("", "a", odds=1)]
    low, high = reliability(trials)
    assert (low["from"], low["n"], low["said"], low["right"]) == (0.3, 1, 0.3, 1.0)
    assert (high["from"], high["n"], high["right"]) == (0.9, 3, round(1 / 3, 4))


@pytest.mark.parametrize("noise", sorted(NOISES))
def test_noise_changes_the_words_and_never_the_labels(noise: str) -> None:
    asked = load_questions([ROOT / "tests" / "data" / "questions.jsonl"])[:60]
    noisy = perturb(asked, noise, 1)
    assert perturb(asked, noise, 1) == noisy
    assert [(q.codes, q.group) for q in noisy] == [(q.codes, q.group) for q in asked]
    changed = sum(old.text != new.text for old, new in zip(asked, noisy, strict=True))
    assert changed > 40


def test_running_asks_each_question_in_order(matcher: Matcher) -> None:
    asked = [LabelledQuestion("đăng ký khai sinh", frozenset({"1.001193"})), LabelledQuestion("", frozenset())]
    trials = run(matcher, asked)
    assert [one.question for one in trials] == asked
    assert trials[0].rank == 1
    assert all(one.seconds > 0 for one in trials)
    assert run(matcher, []) == []


def test_memory_is_told_where_the_system_tells() -> None:
    found = resident_mb()
    assert found is None or 20 < found < 4000


# The gate of a release: figures over the whole national catalogue, with room for the small sets they are taken on.

TAUGHT = ROOT / "knowledge" / "questions.jsonl"
UNSEEN = ROOT / "tests" / "data" / "questions.jsonl"


@pytest.fixture(scope="module")
def unseen(national_matcher: Matcher) -> list[Trial]:
    """Questions that nothing was ever trained on, asked over the national catalogue."""
    return run(national_matcher, load_questions([UNSEEN]))


def test_gate_on_our_own_questions(national_matcher: Matcher) -> None:
    figures = measure(run(national_matcher, load_questions([TAUGHT])))
    assert figures["top1"] >= 0.80
    assert figures["answered_right"] >= 0.96
    assert figures["out_of_scope_answered"] <= 0.03


def test_gate_on_unseen_questions(unseen: list[Trial]) -> None:
    figures = measure(unseen)
    assert figures["n"] >= 300
    assert figures["top1"] >= 0.79
    assert figures["top4"] >= 0.93
    assert figures["answered_right"] >= 0.96
    assert figures["answered"] >= 0.50
    assert figures["out_of_scope_answered"] <= 0.03


def test_gate_on_the_time_a_question_takes(unseen: list[Trial]) -> None:
    """Generous, as machines that run tests are shared; the benchmark holds the real figures."""
    assert measure(unseen)["latency_ms"]["p50"] < 25


@pytest.mark.parametrize(("noise", "lost"), [("strip", 0.04), ("typo1", 0.06), ("typo2", 0.10), ("teencode", 0.08)])
def test_gate_on_haste(national_matcher: Matcher, unseen: list[Trial], noise: str, lost: float) -> None:
    asked = [one.question for one in unseen if one.question.codes]
    noisy = measure(run(national_matcher, perturb(asked, noise, 1)))
    assert noisy["top1"] >= measure(unseen)["top1"] - lost


def test_what_is_said_with_confidence_is_right_as_often_as_said(unseen: list[Trial]) -> None:
    sure = [one for one in reliability(unseen, 5) if one["from"] >= 0.8]
    assert sure
    assert all(one["right"] >= one["said"] - 0.07 for one in sure)
