"""What is left when an input method was off can be read: every syllable, typed by Telex or VNI, is found again."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.vietnamese.keying import compose, decode
from knowledge.vietnamese.normal import normalise
from tests.knowledge.texts import SYLLABLES, TONES, anything, apart

TELEX = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
VNI = {"ă": "a8", "â": "a6", "đ": "d9", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7"}
VNI_TONES = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
METHODS = [pytest.param(TELEX, TONES, id="telex"), pytest.param(VNI, VNI_TONES, id="vni")]

_SAME_VOWEL_TWICE = re.compile("o[ae]?o")
"""xoong, ngoéo: Telex itself takes the second o for the mark of the first and needs a third key to undo it."""

_SLIPS = frozenset(
    [
        "cuờng", "dướỉ", "gịa", "lưòi", "lưòng", "ngóeo", "ngươí", "ngườ", "rià",
        "sưòn", "sưót", "thuơng", "thưọng", "truờng", "tơì", "tươì", "đuờng",
    ]
)  # fmt: skip
"""Entries of the word list that are misspelt: no keys write them."""


def _well_formed(syllable: str) -> bool:
    bare, tone = apart(syllable)
    return len(tone) < 2 and syllable not in _SLIPS and not _SAME_VOWEL_TWICE.search(bare)


WRITABLE = [syllable for syllable in SYLLABLES if _well_formed(syllable)]


def keys(syllable: str, letters: dict[str, str], tones: dict[str, str], *, tone_last: bool = True) -> str:
    """Type ``syllable``: the tone key after everything, as most do, or right after its vowel."""
    bare, tone = apart(syllable)
    if tone_last:
        return "".join(letters.get(letter, letter) for letter in bare) + tones.get(tone, "")
    typed = ""
    for letter in unicodedata.normalize("NFC", syllable):
        one, mark = apart(letter)
        typed += letters.get(one, one) + tones.get(mark, "")
    return typed


def test_nearly_every_syllable_can_be_written() -> None:
    assert len(SYLLABLES) - len(WRITABLE) < 100


@pytest.mark.parametrize("tone_last", [True, False])
@pytest.mark.parametrize(("letters", "tones"), METHODS)
def test_every_syllable_is_found_again(letters: dict[str, str], tones: dict[str, str], tone_last: bool) -> None:
    typed = {syllable: keys(syllable, letters, tones, tone_last=tone_last) for syllable in WRITABLE}
    wrong = {s: (k, decode(k)) for s, k in typed.items() if k != s and normalise(decode(k) or "") != s}
    assert wrong == {}


def test_one_w_may_mark_both_vowels() -> None:
    typed = {s: keys(s, TELEX, TONES).replace("uwow", "uow") for s in WRITABLE if "ươ" in apart(s)[0]}
    assert len(typed) > 100
    assert {s: decode(k) for s, k in typed.items()} == {s: s for s in typed}


def test_a_tone_key_left_behind_a_word_that_has_its_marks() -> None:
    half = {s: apart(s)[0] + TONES[apart(s)[1]] for s in WRITABLE if apart(s)[1]}
    assert {s: normalise(decode(k) or "") for s, k in half.items()} == {s: s for s in half}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddawng", "đăng"),
        ("kys", "ký"),
        ("dangd", "đang"),
        ("khaaur", "khẩu"),
        ("cawn", "căn"),
        ("cuwowcs", "cước"),
        ("cuowcs", "cước"),
        ("giaasy", "giấy"),
        ("quyeenf", "quyền"),
        ("hoaf", "hoà"),
        ("thuowr", "thuở"),
        ("quowr", "quở"),
        ("nguoiwf", "người"),
        ("d9a8ng", "đăng"),
        ("nha62p", "nhầp"),
        ("đươngf", "đường"),
    ],
)
def test_real_left_overs(typed: str, meant: str) -> None:
    assert decode(typed) == meant


@pytest.mark.parametrize("word", ["anh", "bank", "x", "", "2025", "căn", "đất"])
def test_a_word_without_keys_is_left_alone(word: str) -> None:
    assert decode(word) is None


@given(anything)
def test_any_text_can_be_decoded(text: str) -> None:
    found = decode(text)
    assert found is None or found


@given(st.sampled_from(WRITABLE))
def test_tone_returns_to_its_vowel(syllable: str) -> None:
    bare, tone = apart(syllable)
    assert normalise(compose(list(bare), tone)) == syllable


def test_tone_without_a_vowel_is_dropped() -> None:
    assert compose(["b", "c"], "\u0301") == "bc"
    assert compose([], "\u0301") == ""
