"""Numbers, however they are written, said, grouped or broken into messages."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistance.catching.judging import caught

CHATTER = ["dạ", "bác chờ chút", "em ghi chưa", "rồi sao nữa", "cái này đúng không em", "để bác coi lại"]

WORDS = (
    ("không", "khong", "zero", "KHÔNG", "hông"),
    ("một", "mot", "Một", "one"),
    ("hai", "HAI", "two"),
    ("ba", "Ba", "three"),
    ("bốn", "bon", "tư", "four"),
    ("năm", "nam", "NĂM", "five"),
    ("sáu", "sau", "six"),
    ("bảy", "bẩy", "bay", "seven"),
    ("tám", "tam", "eight"),
    ("chín", "chin", "nine"),
)
SIGNS: tuple[Callable[[str], str], ...] = (
    lambda digit: digit,
    lambda digit: chr(0xFF10 + int(digit)),
    lambda digit: chr(0x660 + int(digit)),
    lambda digit: chr(0x966 + int(digit)),
    lambda digit: chr(0x1D7CE + int(digit)),
    lambda digit: chr(0x1D7F6 + int(digit)),
    lambda digit: "⓪①②③④⑤⑥⑦⑧⑨"[int(digit)],
    lambda digit: "⓿❶❷❸❹❺❻❼❽❾"[int(digit)],
    lambda digit: "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)],
    lambda digit: "₀₁₂₃₄₅₆₇₈₉"[int(digit)],
    lambda digit: "〇一二三四五六七八九"[int(digit)],
    lambda digit: digit + "\ufe0f\u20e3",
    lambda digit: digit + "\u0336",
    lambda digit: f"&#{ord(digit)};",
)
# A slash or a dot between pairs could be a date, a colon an hour: those stand between single digits only.
GAPS = (
    " ",
    "",
    "-",
    " - ",
    "_",
    "\n",
    "\u200b",
    "\u00a0",
    "…",
    "*",
    "|",
    "•",
    " → ",
    "~",
    "+",
    "\t",
    " rồi ",
    " tiếp ",
)
FINE = (*GAPS, ".", "/", ",", ":", "x", " số ", " xong ", " rồi đến ", "👉", " a ")
TENS = ("", "mười", "hai mươi", "ba mươi", "bốn mươi", "năm mươi", "sáu mươi", "bảy mươi", "tám mươi", "chín mươi")
ONES = ("", "mốt", "hai", "ba", "bốn", "lăm", "sáu", "bảy", "tám", "chín")

number = (
    st.sampled_from((6, 8, 9, 12, 16))
    .flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size))
    .filter(lambda digits: not digits.startswith(("18", "19", "20")))  # hotlines and years look so
)
about = st.sampled_from(("", "dạ ", "của cháu đây: ", "bác đọc giúp nhé, "))


@settings(max_examples=150, deadline=None)
@given(number, about, st.sampled_from(FINE), st.data())
def test_no_number_gets_through_digit_by_digit(number: str, about: str, gap: str, data: st.DataObject) -> None:
    sign = data.draw(st.sampled_from(SIGNS))
    assert caught(about + gap.join(map(sign, number)))


@settings(max_examples=150, deadline=None)
@given(number, about, st.sampled_from(FINE[1:]), st.data())
def test_no_number_gets_through_in_words(number: str, about: str, gap: str, data: st.DataObject) -> None:
    said = [data.draw(st.sampled_from((digit, *WORDS[int(digit)]))) for digit in number]
    gap = gap if len(gap.strip()) != 1 or not gap.isalpha() else f" {gap} "
    assert caught(about + (gap or " ").join(said))


@settings(max_examples=100, deadline=None)
@given(number, about, st.sampled_from(GAPS), st.sampled_from((2, 3, 4)))
def test_no_number_gets_through_in_groups(number: str, about: str, gap: str, size: int) -> None:
    assert caught(about + gap.join(number[at : at + size] for at in range(0, len(number), size)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(11, 99).filter(lambda pair: pair % 10), min_size=3, max_size=8), st.booleans())
def test_no_number_gets_through_in_tens(pairs: list[int], comma: bool) -> None:
    said = [f"{TENS[pair // 10]} {'một' if pair == 11 else ONES[pair % 10]}" for pair in pairs]
    assert caught((", " if comma else " ").join(said))


@settings(max_examples=60, deadline=None)
@given(number, st.data())
def test_no_number_gets_through_in_crumbs(number: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, 5))
    assert caught(number[cut:], [number[:cut]])
    assert caught(number[-1], list(number[:-1]))


@settings(max_examples=60, deadline=None)
@given(number, st.sampled_from(["nhé bác", "xong chưa", "ạ", "nha em", ""]), st.sampled_from(CHATTER), st.data())
def test_no_number_gets_through_in_crumbs_with_talk_around(
    number: str, tail: str, chatter: str, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(number) - 1))
    first, rest = f"{number[:cut]} {tail}", f"{number[cut:]} {tail}"
    assert caught(first) or caught(rest, [first, chatter])
