from __future__ import annotations

from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.platypus import Paragraph

from bot.printing import flow
from bot.printing.paper import A4, A5, opened
from tests.bot.printing import reading

PAPER = A5.set_in(10)


def words(pages: list[list[flow.Placed]]) -> str:
    """Draw the pages and return the words that can be read on them."""
    made = BytesIO()
    canvas = opened(made, A4.size, "Chữ")
    for page in pages:
        flow.draw(canvas, page, 50, 800, PAPER.width)
        canvas.showPage()
    canvas.save()
    return reading.whole(made.getvalue())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 120), min_size=1, max_size=12), st.integers(60, 400))
def test_nothing_is_left_off_and_nothing_overflows(lengths: list[int], room: int) -> None:
    said = [" ".join(f"từ{at}" for at in range(length)) for length in lengths]
    pages = flow.pages([flow.text(each, PAPER.text) for each in said], PAPER.width, lambda _: room)
    assert words(pages) == " ".join(said)
    for page in pages:
        flowable, top = page[-1]
        assert top + flowable.wrap(PAPER.width, 10_000)[1] <= room + 0.01


def test_heading_never_stands_alone_at_the_foot() -> None:
    filler = flow.text("lời", PAPER.text)
    heading, line = flow.text("Giấy tờ", PAPER.heading), flow.text("Tờ khai", PAPER.item)
    pages = flow.pages([filler, filler, heading, line], PAPER.width, lambda _: 3.9 * PAPER.text.leading)
    assert [words([page]) for page in pages] == ["lời lời", "Giấy tờ Tờ khai"]


def test_message_body_becomes_headings_lists_and_lines() -> None:
    body = "<b>Giấy tờ</b>\n1. Tờ khai\n2. Đơn <i>(nếu có)</i>\n<i>Khi mất:</i>\n• Giấy A &amp; B\n   – bản sao"
    made = flow.body(body, PAPER)
    assert [type(each) for each in made] == [Paragraph] * 6
    assert [each.style for each in made if isinstance(each, Paragraph)][0::3] == [PAPER.heading, PAPER.lead]
    assert words(flow.pages(made, PAPER.width, lambda _: 800)) == (
        "Giấy tờ 1. Tờ khai 2. Đơn (nếu có) Khi mất: • Giấy A & B – bản sao"
    )


def test_link_says_where_it_leads() -> None:
    (made,) = flow.body('Xem <a href="https://dichvucong.gov.vn/tthc/1">Cổng</a>.', PAPER)
    assert words([[(made, 0.0)]]) == "Xem Cổng (dichvucong.gov.vn)."


def test_marks_in_words_are_words() -> None:
    assert words([[(flow.text("<b>a</b> & <", PAPER.text), 0.0)]]) == "<b>a</b> & <"
