from __future__ import annotations

from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.printing import qr
from bot.printing.paper import A4, opened
from tests.bot.printing import reading


@settings(max_examples=20, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=150))
def test_drawn_code_is_read_back(text: str) -> None:
    made = BytesIO()
    canvas = opened(made, A4.size, "QR")
    qr.draw(canvas, text, 100, 100, 80)
    canvas.save()
    assert reading.qr_codes(reading.pictures(made.getvalue(), 3)[0]) == {text}
