"""The index scores as the textbook says, and gives the same as comparing one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.matching.entry import Entry, entry_of, named_entry, outside_entry
from knowledge.matching.index import BODY, FIELD, MARKED, PAPERS, SAID, SIDES, TITLE, Index
from knowledge.names import Named
from knowledge.procedure import Audience, Level, RequiredDocument
from knowledge.vietnamese import fold
from knowledge.vietnamese.lexicon import Lexicon
from tests.knowledge.records import record

LEXICON = Lexicon(
    abbreviations={"gplx": (("giấy", "phép", "lái", "xe"),), "cc": (("căn", "cước"), ("công", "chứng"))},
    teencode={},
    synonyms={},
    filler={},
    facets={},
)


def entries(*names: str, said: Sequence[Sequence[str]] = ()) -> list[Entry]:
    phrases = {f"1.{n:06}": tuple(texts) for n, texts in enumerate(said)}
    return [entry_of(record(f"1.{n:06}", name), phrases) for n, name in enumerate(names)]


def index_of(found: Sequence[Entry]) -> Index:
    """Build an index with small word lists of its own."""
    return Index(found, LEXICON)


def ask(index: Index, text: str) -> list[tuple[int, float]]:
    """Weigh every known folded word and pair of ``text`` with 1."""
    folded = fold(text).split()
    terms = dict.fromkeys([*folded, *map(" ".join, pairwise(folded))])
    return [(index.vocabulary[term], 1.0) for term in terms if term in index.vocabulary]


def test_an_entry_keeps_what_ranking_needs() -> None:
    procedure = record(
        names=("thẻ mượn sách",),
        audience=(Audience.CITIZEN,),
        levels=(Level.COMMUNE,),
        results=("Thẻ",),
        documents=(RequiredDocument(name="Tờ khai"),),
        conditions=("Từ 14 tuổi",),
        steps=("Nộp hồ sơ",),
        prior=0.4,
        provincial=True,
    )
    entry = entry_of(procedure, {procedure.code: ("làm thẻ thư viện",)})
    assert entry.said == ("thẻ mượn sách", "làm thẻ thư viện")
    assert (entry.papers, entry.body) == ("Thẻ Tờ khai", "Từ 14 tuổi Nộp hồ sơ")
    assert (entry.citizen, entry.commune, entry.province, entry.local_copy) == (True, True, False, True)
    assert (entry.bare, entry.outside, entry.described, entry.prior) == (False, False, True, 0.4)
    assert entry_of(record(documents=(), steps=()), {}).bare
    assert not named_entry(Named("1.000009", "Tên", "Lĩnh vực"), {}).described
    assert outside_entry("thoi-tiet", ("mai mưa không",)).outside


def test_a_title_is_most_like_itself() -> None:
    titles = ("Đăng ký khai sinh", "Đăng ký khai tử", "Cấp giấy phép lái xe", "Tách hộ")
    index = index_of(entries(*titles))
    for place, title in enumerate(titles):
        terms = [(index.vocabulary[t], 1.0) for t in _all_terms(title)]
        norm = float(np.sqrt(sum(index.rarity[number] ** 2 for number, _ in terms)))
        cosine = index.score(terms)[TITLE] / norm
        assert int(cosine.argmax()) == place
        assert cosine[place] == pytest.approx(1, abs=1e-3)
        assert (cosine <= 1 + 1e-4).all()


def _all_terms(text: str) -> list[str]:
    said = text.lower().split()
    folded = fold(text).split()
    pairs = list(map(" ".join, pairwise(folded)))
    return [*folded, *pairs, *(MARKED + word for word in said if not word.isascii())]


def test_abbreviations_in_titles_are_written_out_when_they_mean_one_thing() -> None:
    index = index_of(entries("Đổi GPLX", "Nộp CC"))
    assert {"gplx", "lai xe"} <= index.vocabulary.keys()
    assert "can cuoc" not in index.vocabulary


def test_each_side_counts_only_its_own_text() -> None:
    first = record("1.000001", "Việc một", field="Lĩnh vực", steps=("Bước",), results=("Giấy",), conditions=())
    entry = entry_of(first, {"1.000001": ("lời dân nói",)})
    other = entry_of(record("1.000002", "Việc hai khác hẳn"), {})
    index = index_of([entry, other])
    sides = {"mot": TITLE, "noi": SAID, "giay": PAPERS, "buoc": BODY, "linh": FIELD}
    for word, side in sides.items():
        scores = index.score([(index.vocabulary[word], 1.0)])[:, 0]
        allowed = {side, SAID} if side == TITLE else {side}
        assert {number for number in range(SIDES) if scores[number] > 0} == allowed, word


@pytest.mark.parametrize("phrase", [0, 1, 2])
def test_a_phrase_asked_word_for_word_is_covered_whole(phrase: int) -> None:
    said = ["mất bằng lái", "bằng lái bị cướp giật", "rớt bóp có bằng lái xe"]
    index = index_of(entries("Cấp lại giấy phép lái xe", "Tách hộ", said=[said, []]))
    terms = [(index.vocabulary[t], index.rarity[index.vocabulary[t]]) for t in _all_terms(said[phrase])]
    norm = float(np.sqrt(sum(weight**2 for _, weight in terms)))
    raw = [(number, 1.0) for number, _ in terms]
    cosine, share = index.best_phrases(raw, [0, 1])
    assert cosine[0] / norm == pytest.approx(1, abs=1e-3)
    assert share.tolist() == [pytest.approx(1, abs=1e-3), 0]


_words = st.sampled_from("khai sinh tử hộ khẩu đất xe lái phép giấy".split())  # noqa: SIM905
_phrase = st.lists(_words, min_size=1, max_size=5).map(" ".join)


@given(st.lists(st.lists(_phrase, max_size=3), min_size=1, max_size=5), _phrase)
def test_phrases_kept_by_procedure_compare_as_one_by_one(said: list[list[str]], question: str) -> None:
    """Each phrase alone in an index of its own place gives the same best as all of them together."""
    index = index_of(entries(*["Tên"] * len(said), said=said))
    asked = dict(ask(index, question))
    cosine, share = index.best_phrases(list(asked.items()), list(range(len(said))))

    def one(phrase: str) -> tuple[float, float]:
        numbers = [index.vocabulary[term] for term in _all_terms(phrase)]
        weights = {number: index.rarity[number] for number in numbers}
        norm = float(np.sqrt(sum(weight**2 for weight in weights.values()))) + 1e-6
        hit = sum(weight**2 / norm for number, weight in weights.items() if number in asked)
        return hit, hit / norm

    for place, phrases in enumerate(said):
        each = [one(phrase) for phrase in phrases] or [(0.0, 0.0)]
        assert cosine[place] == pytest.approx(max(hit for hit, _ in each), abs=1e-4)
        assert share[place] == pytest.approx(max(part for _, part in each), abs=1e-4)


def test_pairs_and_words_count_procedures() -> None:
    index = index_of(entries("Đăng ký khai sinh", "Đăng ký khai tử", "Tách hộ 2025"))
    assert (index.pairs("dang ky"), index.pairs("khai sinh"), index.pairs("sinh khai")) == (2, 1, 0)
    counted = index.words()
    assert (counted["dang"], counted["tach"]) == (2, 1)
    assert "2025" not in counted
    assert not any(" " in word or word.startswith(MARKED) for word in counted)


def test_nothing_asked_scores_nothing() -> None:
    index = index_of(entries("Tách hộ"))
    assert index.score([]).tolist() == [[0.0]] * SIDES
    assert [best.tolist() for best in index.best_phrases([], [0])] == [[0.0], [0.0]]
