from __future__ import annotations

import unicodedata
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.printing.fonts import printable
from bot.printing.paper import A4, opened
from tests.bot.printing import reading

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES) + "đ"
OTHERS = "₫–—…“”‘’•·×½²³≥≤°§"


def test_every_vietnamese_letter_and_sign_is_there() -> None:
    assert len(LETTERS) == 73
    everything = LETTERS + LETTERS.upper() + OTHERS
    assert printable(everything) == everything


def test_letters_in_pieces_are_put_together() -> None:
    pieces = unicodedata.normalize("NFD", "Đường Nguyễn Thị Ngọc Ẩn")
    assert printable(pieces) == "Đường Nguyễn Thị Ngọc Ẩn"
    assert printable("A\u031c\u0323") == "Ạ"  # the mark in between is not to be had


def test_what_has_no_letter_is_replaced() -> None:
    assert printable("№ 5 → ﬁ") == "Số  5 -> fi"
    assert printable("a\u200bb\U0001f600c漢\t") == "ab?c? "


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_printed(text: str) -> None:
    made = printable(text)
    assert printable(made) == made


def test_letters_are_embedded_and_can_be_read_back() -> None:
    from bot.printing import flow

    made = BytesIO()
    canvas = opened(made, A4.size, "Chữ")
    paper = A4.set_in(12)
    story = [flow.text(LETTERS, paper.text), flow.text(LETTERS.upper(), paper.heading)]
    flow.draw(canvas, flow.column(story, paper.width, paper.room) or [], 50, 700, paper.width)
    canvas.save()
    assert reading.whole(made.getvalue()).replace(" ", "") == LETTERS + LETTERS.upper()
    assert reading.fonts(made.getvalue()) == {"BeVietnamPro-Regular": True, "BeVietnamPro-Bold": True}
