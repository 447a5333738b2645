"""The ranking: what is looked up of a question, and which plain facts move a procedure up or down."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from knowledge.catalogue import Catalogue
from knowledge.matching import Matcher
from knowledge.matching.entry import entry_of
from knowledge.matching.family import Modifiers
from knowledge.matching.index import MARKED
from knowledge.matching.question import FACET_WEIGHT, Question, Word
from knowledge.matching.rank import FEATURES, KEPT, Ranker, Ranking, weigh_terms
from knowledge.procedure import Audience, Level
from knowledge.vietnamese import fold
from tests.knowledge.matching.test_index import index_of
from tests.knowledge.records import record
from tests.knowledge.texts import anything

MODIFIERS = Modifiers([("đăng ký lại", "lại", "mất sổ"), ("lưu động",)])


def question(text: str, *, weights: dict[str, float] | None = None, **facts: Any) -> Question:
    """A question of plain words, commas ending clauses; words weigh 1 unless told."""
    words = tuple(
        Word(word, fold(word), (weights or {}).get(word, 1.0), clause)
        for clause, part in enumerate(text.split(","))
        for word in part.split()
    )
    plain: dict[str, Any] = {
        "expansions": (),
        "facets": (),
        "denied": frozenset(),
        "guessed": frozenset(),
        "codes": (),
        "accented": not text.isascii(),
        "notes": (),
    }
    return Question(words=words, **{**plain, **facts})


def ranked(text: str, *records: dict[str, Any], weights: dict[str, float], **facts: Any) -> tuple[list[str], Ranking]:
    """Rank made-up records by the features named in ``weights`` alone."""
    procedures = [record(f"1.{number:06}", **facts_of) for number, facts_of in enumerate(records)]
    entries = [entry_of(procedure, {}) for procedure in procedures]
    vector = np.array([weights.get(name, 0.0) for name in FEATURES], np.float32)
    ranking = Ranker(index_of(entries), entries, MODIFIERS, vector).rank(question(text, **facts))
    return [procedures[place].name for place in ranking.places], ranking


def test_words_pairs_and_marks_are_looked_up() -> None:
    terms = weigh_terms(question("khai sinh, con"))
    assert terms == {"khai": 1, "sinh": 1, "khai sinh": 1, "con": 1}
    assert weigh_terms(question("mất sổ"))[MARKED + "mất"] == 1
    assert weigh_terms(question("")) == {}


def test_neighbours_are_no_pair_across_a_comma() -> None:
    assert "sinh con" not in weigh_terms(question("khai sinh, con"))
    assert "sinh con" in weigh_terms(question("khai sinh con"))


def test_a_pair_is_no_stronger_than_its_weaker_word() -> None:
    terms = weigh_terms(question("khai sinh", weights={"sinh": 0.5}))
    assert terms["khai sinh"] == 0.5


def test_a_word_said_twice_counts_at_its_best() -> None:
    assert weigh_terms(question("phí khai phí", weights={"khai": 0.2}))["phi"] == 1
    weak = Word("phí", "phi", 0.2, 0)
    strong = Word("phí", "phi", 1.0, 1)
    for words in ((weak, strong), (strong, weak)):
        both = Question(words, (), (), frozenset(), frozenset(), (), True, ())
        assert weigh_terms(both)["phi"] == 1


def test_what_a_synonym_adds_weighs_less_than_what_was_said() -> None:
    terms = weigh_terms(question("sổ đỏ", expansions=((("giay", "chung", "nhan"), 1.0),)))
    assert 0 < terms["giay chung"] == terms["giay"] < terms["do"]


def test_the_title_that_is_asked_comes_first() -> None:
    names, _ = ranked(
        "cấp lại thẻ bạn đọc",
        {"name": "Cấp thẻ nhà báo"},
        {"name": "Cấp lại thẻ bạn đọc"},
        {"name": "Tách hộ"},
        weights={"title": 1},
    )
    assert names[0] == "Cấp lại thẻ bạn đọc"


@pytest.mark.parametrize(
    ("feature", "better", "worse"),
    [
        ("citizen", {"audience": (Audience.CITIZEN,)}, {"audience": (Audience.ENTERPRISE,)}),
        ("commune", {"levels": (Level.COMMUNE,)}, {"levels": (Level.MINISTRY,)}),
        ("province", {"levels": (Level.PROVINCE,)}, {"levels": (Level.COMMUNE,)}),
        ("local_copy", {"provincial": True}, {"provincial": False}),
        ("prior", {"prior": 0.9}, {"prior": 0.1}),
        ("bare_record", {"documents": (), "steps": ()}, {"steps": ("Nộp",)}),
        ("has_phrases", {"names": ("thẻ sách",)}, {"names": ()}),
    ],
)
def test_plain_facts_reach_the_ranker(feature: str, better: dict[str, Any], worse: dict[str, Any]) -> None:
    records = ({"name": "Cấp thẻ A", **worse}, {"name": "Cấp thẻ B", **better})
    names, _ = ranked("cấp thẻ", *records, weights={feature: 1})
    assert names == ["Cấp thẻ B", "Cấp thẻ A"]
    names, _ = ranked("cấp thẻ", *records, weights={feature: -1})
    assert names == ["Cấp thẻ A", "Cấp thẻ B"]


def _value(ranking: Ranking, names: list[str], name: str, feature: str) -> float:
    return float(ranking.features[names.index(name), FEATURES.index(feature)])


def test_modifiers_count_as_asked_or_unasked() -> None:
    titles = ({"name": "Khai sinh"}, {"name": "Đăng ký lại khai sinh"}, {"name": "Khai sinh lưu động"})
    names, ranking = ranked("mất sổ khai sinh", *titles, weights={"asked": 1, "unasked": -1})
    assert names[0] == "Đăng ký lại khai sinh"
    assert _value(ranking, names, "Khai sinh lưu động", "unasked") == 1
    assert _value(ranking, names, "Khai sinh", "unasked") == _value(ranking, names, "Khai sinh", "asked") == 0


def test_a_sibling_that_fits_better_outdoes_the_others() -> None:
    titles = ({"name": "Đăng ký khai sinh"}, {"name": "Đăng ký lại khai sinh lưu động"}, {"name": "Tách hộ"})
    names, ranking = ranked("khai sinh", *titles, weights={})
    outdone = {name: _value(ranking, names, name, "outdone") for name in names}
    assert outdone == {"Đăng ký khai sinh": 0, "Đăng ký lại khai sinh lưu động": 2, "Tách hộ": 0}
    names, ranking = ranked("mất sổ khai sinh lưu động", *titles, weights={"outdone": -1})
    assert names[-1] == "Đăng ký khai sinh"
    assert _value(ranking, names, "Đăng ký lại khai sinh lưu động", "outdone") == 0


def test_how_something_is_asked_asks_for_no_special_case() -> None:
    titles = ({"name": "Đăng ký lại khai sinh"},)
    names, ranking = ranked("mất sổ", *titles, weights={})
    assert _value(ranking, names, names[0], "asked") == 1
    weak = dict.fromkeys(("mất", "sổ"), FACET_WEIGHT)
    read = question("mất sổ khai sinh", weights=weak)
    entries = [entry_of(record("1.000001", **titles[0]), {})]
    ranking = Ranker(index_of(entries), entries, MODIFIERS, np.zeros(len(FEATURES), np.float32)).rank(read)
    assert _value(ranking, names, names[0], "asked") == 0


def test_what_is_taken_off_moves_a_procedure_down_with_all_that_is_known_of_it() -> None:
    titles = ({"name": "Cấp thẻ bạn đọc"}, {"name": "Cấp lại thẻ bạn đọc"})
    _, ranking = ranked("cấp thẻ bạn đọc", *titles, weights={"title": 1})
    lower = ranking.doubted([0], 3.0)
    assert lower.places.tolist() == ranking.places.tolist()[::-1]
    assert lower.features.tolist() == ranking.features.tolist()[::-1]
    assert lower.doubt is not None
    assert lower.doubt.tolist() == [0, 3]
    assert lower.scores[1] == pytest.approx(ranking.scores[0] - 3)


def test_words_ruled_out_count_against_titles_that_have_them() -> None:
    titles = ({"name": "Cấp hộ chiếu"}, {"name": "Cấp thẻ căn cước"})
    names, _ = ranked("cấp", *titles, weights={"denied": -1}, denied=frozenset({"ho", "chieu"}))
    assert names == ["Cấp thẻ căn cước", "Cấp hộ chiếu"]


def test_what_nobody_uses_makes_less_known() -> None:
    _, usual = ranked("cấp thẻ", {"name": "Cấp thẻ"}, weights={})
    _, strange = ranked("cấp thẻ blockchain metaverse", {"name": "Cấp thẻ"}, weights={})
    _, nothing = ranked("blockchain", {"name": "Cấp thẻ"}, weights={})
    assert usual.known == pytest.approx(1)
    assert usual.known > strange.known > nothing.known
    assert nothing.known == pytest.approx(0, abs=1e-2)


@given(text=anything)
def test_a_ranking_is_in_order_without_repeats_and_finite(matcher: Matcher, text: str) -> None:
    ranking = matcher.read(text).ranking
    assert len(ranking.places) == len(set(ranking.places.tolist())) == KEPT
    assert (np.diff(ranking.scores) <= 0).all()
    assert np.isfinite(ranking.features).all()
    assert 0 <= ranking.known <= 1


def test_contributions_add_up_to_the_score(matcher: Matcher, shipped: Catalogue) -> None:
    for text in ("đăng ký khai sinh", "mất bằng lái xe giờ làm sao", "tách thửa đất"):
        reading = matcher.read(text)
        for score, added in zip(
            reading.ranking.scores.tolist(), matcher.contributions(reading, 3).values(), strict=False
        ):
            assert sum(added.values()) == pytest.approx(score, abs=0.1)
            assert list(added.values()) == sorted(added.values(), key=abs, reverse=True)
