from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web_markup import Block, Run, blocks, web_address
from bot.dialogue.card import card
from tests.bot.dialogue.records import BIRTH, services


def said(found: list[Block]) -> str:
    return "\n".join("".join(run.text for run in item) for block in found for item in block.items)


def test_styles_and_links() -> None:
    (block,) = blocks('Xem <b>Cổng</b> <a href="https://a.vn/?x=1&amp;y=2">tại <i>đây</i></a> &lt;b&gt;')
    assert block.items == [
        [
            Run("Xem "),
            Run("Cổng", ("b",)),
            Run(" "),
            Run("tại ", (), "https://a.vn/?x=1&y=2"),
            Run("đây", ("i",), "https://a.vn/?x=1&y=2"),
            Run(" <b>"),
        ]
    ]


def test_lists_and_gaps() -> None:
    found = blocks("<b>Giấy tờ</b>\n1. Đơn\n2. Ảnh\n<i>Khi cần:</i>\n• Giấy ủy quyền\n   – bản chính\n\nHết")
    assert [(block.kind, len(block.items), block.gap) for block in found] == [
        ("p", 1, False), ("ol", 2, False), ("p", 1, False), ("ul", 1, False), ("sub", 1, False), ("p", 1, True),
    ]  # fmt: skip
    assert said(found) == "Giấy tờ\nĐơn\nẢnh\nKhi cần:\nGiấy ủy quyền\nbản chính\nHết"


def test_list_that_begins_later_keeps_its_number() -> None:
    assert blocks("7. Kết hôn")[0].start == 7


def test_foreign_tags_leave_only_their_text() -> None:
    found = blocks(
        '<script>alert(1)</script><img src=x onerror=alert(1)><b onclick="x">a</b><a href="javascript:x">b</a>'
    )
    assert all(run.href is None for block in found for item in block.items for run in item)
    assert said(found).endswith("ab")


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "data:text/html,x", "//evil.vn", "http://", "http://[bad"]
)
def test_only_web_addresses_are_links(url: str | None) -> None:
    assert web_address(url) is None


def test_a_whole_answer_is_a_few_blocks() -> None:
    kinds = [block.kind for block in blocks(card(BIRTH, services()).body)]
    assert kinds.count("ol") == 1
    assert kinds.count("ul") == 3


@given(st.text())
def test_any_text_is_read_without_loss_of_words(text: str) -> None:
    body = html.escape(text, quote=False)
    kept = "".join(char for char in said(blocks(body)) if char.isalnum())
    assert kept == "".join(char for char in _without_marks(text) if char.isalnum())


def _without_marks(text: str) -> str:
    import re

    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(re.sub(r"^(\d{1,3}\. |• |\s+– )", "", line) for line in lines)


@given(st.text(alphabet="<>/abiu&;\n\"' =x", max_size=80))
def test_any_tag_soup_is_read(text: str) -> None:
    for block in blocks(text):
        assert block.plain()["items"]
