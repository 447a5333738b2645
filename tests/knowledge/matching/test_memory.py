"""A matcher renewed for a changed catalogue is the one that would be built from nothing."""

from __future__ import annotations

import random

import numpy as np
import pytest

from knowledge.catalogue import Catalogue
from knowledge.matching import Matcher, Outcome
from knowledge.procedure import Procedure, RequiredDocument
from tests.knowledge.records import record

PHRASES: dict[str, tuple[str, ...]] = {"1.000002": ("mượn sách về nhà",)}
RECORDS = (
    record("1.000001", names=("làm thẻ thư viện",)),
    record("1.000002", "Mượn sách", documents=(RequiredDocument(name="Thẻ bạn đọc còn hạn"),)),
    record("1.000003", "Trả sách quá hạn", steps=("Nộp lại sách", "Nộp tiền chậm trả")),
)
WORDS = ("thẻ", "đọc", "mượn", "sách", "kho", "hiếm", "bạn", "quá hạn", "trẻ em", "lưu động")


def alike(one: Matcher, other: Matcher) -> bool:
    """Say whether two matchers hold the same, term for term and number for number."""
    a, b = one._index, other._index
    arrays = ("places", "impacts", "weight", "frequency", "title_norm", "_phrase_terms", "_phrase_impacts")
    same = [np.array_equal(getattr(a, name), getattr(b, name)) for name in arrays]
    same += [
        np.array_equal(getattr(one._ranker, name), getattr(other._ranker, name)) for name in ("_static", "_standing")
    ]
    same += [np.array_equal(one._ranker._title_modifiers, other._ranker._title_modifiers)]
    lists = [
        (list(a.vocabulary), list(b.vocabulary)),
        (list(a.words().items()), list(b.words().items())),
        (list(one._speller._deletes.items()), list(other._speller._deletes.items())),
        (one.twins, other.twins),
    ]
    return one.names == other.names and all(same) and all(mine == theirs for mine, theirs in lists)


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize("seed", range(12))
def test_renewed_again_and_again_it_equals_a_fresh_one(seed: int) -> None:
    chance = random.Random(seed)
    records = {each.code: each for each in RECORDS}
    matcher = Matcher(records.values(), PHRASES)
    for _ in range(4):
        code = chance.choice([*records, "1.000009"])
        words = " ".join(chance.sample(WORDS, 3))
        old = records.get(code, record(code))
        papers = (RequiredDocument(name=words),)
        changes = ({"name": words}, {"names": (words,)}, {"documents": papers}, {"prior": chance.random()}, None)
        change = chance.choice(changes)
        records.pop(code, None)
        if change or not records:
            records[code] = old.model_copy(update=change or {})
        matcher = matcher.renewed(records.values())
        assert alike(matcher, Matcher(records.values(), PHRASES))


def test_new_names_are_found_and_old_ones_forgotten(matcher: Matcher, shipped: Catalogue) -> None:
    birth = shipped.procedures["1.001193"]
    said = "rước rồng con về sổ phường"
    named = birth.model_copy(update={"names": (*birth.names, said)})
    renewed = matcher.renewed(shipped.amended({birth.code: named}))
    assert matcher.match(said).outcome is not Outcome.ANSWER
    found = renewed.match(said)
    assert (found.outcome, found.candidates[0].code) == (Outcome.ANSWER, birth.code)
    assert renewed.renewed(shipped).match(said) == matcher.match(said)


def test_what_is_taken_out_is_not_found(matcher: Matcher, shipped: Catalogue) -> None:
    gone: dict[str, Procedure | None] = {"1.001193": None}
    renewed = matcher.renewed(shipped.amended(gone))
    assert "1.001193" in matcher.names
    assert all(each.code != "1.001193" for each in renewed.match("đăng ký khai sinh").candidates)


def test_what_is_not_read_needs_no_other_matcher(matcher: Matcher, shipped: Catalogue) -> None:
    birth = shipped.procedures["1.001193"]
    elsewhere = birth.model_copy(update={"agency": "Ủy ban nhân dân phường", "channels": ()})
    assert matcher.renewed(shipped.amended({birth.code: elsewhere})) is matcher
    weighty = birth.model_copy(update={"prior": birth.prior / 2})
    assert matcher.renewed(shipped.amended({birth.code: weighty})) is not matcher


def test_the_one_renewed_stays_as_it_was(matcher: Matcher, shipped: Catalogue) -> None:
    before = matcher.match("đăng ký khai sinh cho con")
    matcher.renewed(list(shipped)[:20])
    assert matcher.match("đăng ký khai sinh cho con") == before
