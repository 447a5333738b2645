"""However Vietnamese arrives, it has one form to keep and one to compare."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from knowledge.vietnamese import fold, normalise
from tests.knowledge.texts import SYLLABLES, anything, as_typed, old_place, vietnamese


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hòa giải", "hoà giải"),
        ("HÒA GIẢI", "HOÀ GIẢI"),
        ("sức khỏe", "sức khoẻ"),
        ("thủy lợi, tùy ý, lũy kế", "thuỷ lợi, tuỳ ý, luỹ kế"),
        ("qũy hưu, qúy tư", "quỹ hưu, quý tư"),
        ("toán, hoàn, khuyết", "toán, hoàn, khuyết"),
        ("mía, của, bưởi", "mía, của, bưởi"),
        ("ðăng ký ÐẤT", "đăng ký ĐẤT"),
        ("  đăng \t\r\n ký\u00a0xe ", "đăng ký xe"),
        ("hộ\u200b khẩu\ufeff", "hộ khẩu"),
        ("\u202ekhai sinh\u202c", "khai sinh"),
        ("khai\x00sinh\x1b", "khai sinh"),
        ("ＣＣＣＤ", "CCCD"),
        ("100 m²", "100 m2"),
        ("", ""),
        ("\u200b\u200b", ""),
    ],
)
def test_normalise(typed: str, kept: str) -> None:
    assert normalise(typed) == kept


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăng ký thường trú", "dang ky thuong tru"),
        ("đường ĐƯỜNG ðường", "duong duong duong"),
        ("Ưu đãi, ƯỢ", "uu dai, uo"),
        ("Giấy phép LÁI XE hạng A1", "giay phep lai xe hang a1"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(anything)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(anything)
def test_normalised_text_is_fit_to_show(text: str) -> None:
    kept = normalise(text)
    assert kept == " ".join(kept.split())
    assert not any(unicodedata.category(char) == "Cc" for char in kept)


@given(anything)
def test_composed_and_decomposed_are_one(text: str) -> None:
    assert normalise(unicodedata.normalize("NFC", text)) == normalise(unicodedata.normalize("NFD", text))


@given(anything)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(normalise(text))
    assert fold(once) == once


@given(as_typed())
def test_every_way_of_sending_a_text_is_one_form(pair: tuple[str, str]) -> None:
    kept, sent = pair
    assert normalise(sent) == kept
    assert fold(normalise(sent)) == fold(sent) == fold(kept)


@given(vietnamese)
def test_case_is_kept_and_does_not_count_for_comparing(text: str) -> None:
    assert normalise(text.upper()) == text.upper()
    assert fold(text.upper()) == fold(text)


@given(vietnamese)
def test_folded_vietnamese_is_plain(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert len(folded) == len(text)


def test_old_place_is_found_in_every_syllable_that_has_one() -> None:
    moved = {old_place(syllable): syllable for syllable in SYLLABLES if old_place(syllable) != syllable}
    assert len(moved) > 80
    assert {old: normalise(old) for old in moved} == moved
