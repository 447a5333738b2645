"""Typing errors are repaired with the catalogue's own words; what is right is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from knowledge.errors import LexiconError
from knowledge.vietnamese import fold, normalise
from knowledge.vietnamese.spelling import (
    SYLLABLES,
    Repair,
    Speller,
    dictionary_syllables,
    load_syllables,
)
from tests.knowledge.texts import anything

PAIRS = {"khai sinh": 30, "khai tu": 9, "thuong tru": 12, "tam tru": 12, "ket hon": 20, "lai xe": 25, "ho khau": 4}
FREQUENCY = {
    **dict.fromkeys(("khai", "sinh", "thuong", "tru", "tam", "ket", "hon", "lai", "xe", "ho", "khau", "passport"), 10),
    "tu": 200,
    "qr": 3,
}
SPELLER = Speller(load_syllables(), FREQUENCY, lambda pair: PAIRS.get(pair, 0))


@pytest.mark.parametrize("word", ["khai", "đường", "duong", "passport", "qr", "123456", "ngoằn"])
def test_what_is_right_needs_no_repair(word: str) -> None:
    assert SPELLER.knows(word)


@pytest.mark.parametrize("word", ["khaai", "sinhh", "đuòng", "paspsort", "zzz", "ddawng", "khaisinh", ""])
def test_what_is_wrong_is_not_known(word: str) -> None:
    assert not SPELLER.knows(word)


@pytest.mark.parametrize(
    ("word", "before", "after", "repair"),
    [
        pytest.param("ddawng", None, None, Repair(("dang",), "keys"), id="telex"),
        pytest.param("thuwowngf", None, "tru", Repair(("thuong",), "keys"), id="telex, both horns"),
        pytest.param("d9a8ng", None, None, Repair(("dang",), "keys"), id="vni"),
        pytest.param("đuòng", None, None, Repair(("duong",), "marks"), id="wrong marks"),
        pytest.param("khaisinh", None, None, Repair(("khai", "sinh"), "cut"), id="blank forgotten"),
        pytest.param("hokhau", None, None, Repair(("ho", "khau"), "cut"), id="blank forgotten, short"),
        pytest.param("knai", None, "sinh", Repair(("khai",), "letter"), id="key beside"),
        pytest.param("thuonng", None, "tru", Repair(("thuong",), "letter"), id="letter doubled"),
        pytest.param("psasport", None, None, Repair(("passport",), "letter"), id="letters swapped"),
        pytest.param("snh", "khai", None, Repair(("sinh",), "letter"), id="letter lost"),
    ],
)
def test_repairs(word: str, before: str | None, after: str | None, repair: Repair) -> None:
    assert SPELLER.repair(word, before, after) == repair


@pytest.mark.parametrize("word", ["zzzz", "xqvwk", "", "a" * 500, "😀"])
def test_what_resembles_nothing_is_left(word: str) -> None:
    assert SPELLER.repair(word, None, None) is None


def test_neighbours_decide_between_equals() -> None:
    pairs = {"khai sinh": 3, "lai xe": 3}
    speller = Speller((), {"lai": 5, "khai": 5, "hai": 5}, lambda pair: pairs.get(pair, 0))
    assert speller.nearest("kai", None, "sinh") == "khai"
    assert speller.nearest("kai", None, "xe") == "lai"
    assert speller.nearest("kai", None, "com", fitting=True) is None
    assert speller.fits("khai", None, "sinh")
    assert not speller.fits("khai", "sinh", None)


_letters = st.sampled_from("abcdeghiklmnopqrstuvxy")
_word = st.text(_letters, min_size=3, max_size=9)


@st.composite
def _slip(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a word, and the same word with one slip of the finger."""
    word = draw(_word)
    place = draw(st.integers(0, len(word) - 2))
    other = draw(_letters)
    kind = draw(st.sampled_from(("lose", "add", "beside", "swap")))
    typed = {
        "lose": word[:place] + word[place + 1 :],
        "add": word[:place] + other + word[place:],
        "beside": word[:place] + other + word[place + 1 :],
        "swap": word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    }[kind]
    return word, typed


@given(_slip())
def test_one_slip_always_finds_the_word(pair: tuple[str, str]) -> None:
    word, typed = pair
    found = Speller((), {word: 1}, lambda _: 0).nearest(typed, None, None)
    assert found == (word if typed != word else None)


@given(_word, _word)
def test_nearest_is_never_further_than_one_slip(word: str, typed: str) -> None:
    found = Speller((), {word: 1}, lambda _: 0).nearest(typed, None, None)
    assert (found == word) == (OSA.distance(word, typed) == 1)


@given(anything, st.none() | _word, st.none() | _word)
def test_repair_takes_any_text_and_gives_plain_known_words(text: str, before: str | None, after: str | None) -> None:
    repair = SPELLER.repair(text.lower(), before, after)
    assert repair is None or all(SPELLER.knows(word) and word == fold(word) for word in repair.words)


def test_shipped_syllables_are_those_of_the_word_list() -> None:
    shipped = load_syllables()
    assert shipped == dictionary_syllables()
    assert [word for word in shipped if word != normalise(word).lower()] == []
    assert shipped >= {"giấy", "khai", "sinh", "quyền", "đường", "nghiệp", "thuỷ", "hoà", "xoong"}
    assert shipped.isdisjoint({"passport", "zalo", "cccd", "w", "f"})


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_syllables_missing_or_unreadable(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / SYLLABLES.name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LexiconError, match=r"syllables\.txt"):
        load_syllables(path)
