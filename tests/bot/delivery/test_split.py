from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.split import plain, split

words = st.text(st.sampled_from("abđế ỉ.\n!?🙂👨‍👩‍👧́ "), max_size=60).map(html.escape)


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(["b", "i", "u", "a", "code", "blockquote"])

    def wrap(tag: str, body: str) -> str:
        return f'<{tag} href="https://x.vn/?a=1&amp;b=2">{body}</{tag}>' if tag == "a" else f"<{tag}>{body}</{tag}>"

    return st.builds(wrap, tags, inner) | st.lists(inner, max_size=6).map("".join)


bodies = st.recursive(words, wrapped, max_leaves=25)


class Reader(HTMLParser):
    """Reads strictly: raises on a tag that closes nothing, or is left open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.shown = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.shown += data


def shown(body: str) -> str:
    reader = Reader()
    reader.feed(body)
    reader.close()
    assert reader.open == []
    return reader.shown


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)


@settings(max_examples=300, deadline=None)
@given(bodies, st.integers(12, 80))
def test_parts_are_balanced_short_and_lose_no_letter(body: str, limit: int) -> None:
    parts = split(body, limit)
    assert all(0 < units(shown(part).strip()) <= limit for part in parts)
    assert squeeze("".join(shown(part) for part in parts)) == squeeze(shown(body))


@settings(deadline=None)
@given(st.text())
def test_any_text_at_all_is_cut(text: str) -> None:
    assert all(units_of_any(part) <= 10 for part in split(html.escape(text), 10))


def units_of_any(part: str) -> int:
    return len(html.unescape(part).encode("utf-16-le", "surrogatepass")) // 2


def test_short_body_is_one_part() -> None:
    assert split("<b>Xin chào</b>") == ("<b>Xin chào</b>",)


@pytest.mark.parametrize("body", ["", "  \n", "<b> </b>"])
def test_body_that_shows_nothing_gives_no_part(body: str) -> None:
    assert split(body) == ()


def test_cut_prefers_paragraph_then_line_then_sentence_then_word() -> None:
    assert split("aa bb. cc\ndd\n\nee ff", 14) == ("aa bb. cc\ndd", "ee ff")
    assert split("aa bb. cc\ndd ee ff gg", 14) == ("aa bb. cc", "dd ee ff gg")
    assert split("aa bb. cc ddd", 10) == ("aa bb.", "cc ddd")
    assert split("aaaa bbbb cccc", 10) == ("aaaa bbbb", "cccc")
    assert split("aaaaabbbbb", 5) == ("aaaaa", "bbbbb")


def test_tags_are_closed_and_opened_again() -> None:
    assert split('<b>một <a href="https://x.vn">hai ba</a></b>', 8) == (
        '<b>một <a href="https://x.vn">hai</a></b>',
        '<b><a href="https://x.vn">ba</a></b>',
    )


def test_entity_counts_one_and_stays_whole() -> None:
    assert split("&lt;&amp;&gt;" * 2, 3) == ("&lt;&amp;&gt;", "&lt;&amp;&gt;")


def test_emoji_counts_two_and_a_family_stays_together() -> None:
    assert split("🙂🙂🙂", 4) == ("🙂🙂", "🙂")
    family = "👨‍👩‍👧"
    assert split("aaaaa" + family, units(family) + 3) == ("aaaaa", family)


def test_limit_is_exact() -> None:
    assert len(split("a" * 4096)) == 1
    assert [len(part) for part in split("a" * 4097)] == [4096, 1]


def test_plain_keeps_words_and_addresses() -> None:
    assert plain('<b>Cổng</b> <a href="https://x.vn/?a=1&amp;b=2">ở đây</a> &lt;3') == (
        "Cổng ở đây (https://x.vn/?a=1&b=2) <3"
    )
