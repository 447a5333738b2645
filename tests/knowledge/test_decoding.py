"""JSON as we accept it: what somebody did not mean is told with its place, never taken silently."""

from __future__ import annotations

import json
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.decoding import decode, items, oddities
from knowledge.errors import DecodingError

_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(_json)
def test_sound_json_is_read_as_the_library_reads_it(value: Any) -> None:
    text = json.dumps(value)
    assert decode(text) == json.loads(text)
    assert list(oddities(decode(text))) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param('{"a": 1, "b": 2, "a": 1}', [(("a",), "ghi hai lần")], id="the same value twice"),
        pytest.param('{"a": 1, "a": 2, "a": 3}', [(("a",), "ghi hai lần")], id="three times is told once"),
        pytest.param('[{"x": [{}, {"y": 1, "y": 2}]}]', [((0, "x", 1, "y"), "ghi hai lần")], id="deep inside"),
        pytest.param('{"a": [0, NaN]}', [(("a", 1), "không phải con số dùng được")], id="not a number"),
        pytest.param('{"a": -Infinity}', [(("a",), "không phải con số dùng được")], id="infinity"),
        pytest.param('{"a": 1e999}', [(("a",), "không phải con số dùng được")], id="a float too large"),
        pytest.param('{"a": ' + "9" * 5000 + "}", [(("a",), "không phải con số dùng được")], id="digits without end"),
        pytest.param(r'{"a": "x\ud800y"}', [(("a",), "có ký tự hỏng")], id="half a character"),
        pytest.param('{"a": ' + "[" * 40 + "]" * 40 + "}", [(("a",), "lồng nhau quá sâu")], id="nested too deep"),
    ],
)
def test_what_means_nothing_is_told_with_its_place(text: str, found: list[Any]) -> None:
    assert list(oddities(decode(text))) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "dòng 1, cột 1: thiếu giá trị"),
        ('{"a": 1,\n 5}', "dòng 2, cột 2: thiếu tên mục"),
        ('{"a" 1}', "dòng 1, cột 6: thiếu dấu hai chấm"),
        ("[1\n 2]", "dòng 2, cột 2: thiếu dấu phẩy"),
        ('["a]', "dòng 1, cột 2: chữ chưa đóng"),
        ('["a\n"]', "dòng 1, cột 4: có ký tự điều khiển hoặc xuống dòng"),
        (r'["\x"]', r"dòng 1, cột 3: dấu \\ viết sai"),
        ("{} {}", "dòng 1, cột 4: còn nội dung thừa"),
        ("\ufeff{}", "dòng 1, cột 1: .*không BOM"),
        ("[" * 200_000, "lồng nhau quá sâu"),
        ('[{"code": "1.000001"},\n {"code": "1.000002", }]', "dòng 2, .*ở thủ tục 1.000002 hoặc ngay sau đó"),
    ],
)
def test_no_json_is_refused_in_vietnamese_with_the_line(text: str, said: str) -> None:
    with pytest.raises(DecodingError, match=said):
        decode(text)


@given(st.text('{}[]",: 01.e-\\untrlfasé', max_size=30))
def test_any_text_is_read_as_the_library_reads_it_or_refused_in_words(text: str) -> None:
    with suppress(DecodingError):
        assert decode(text) == json.loads(text)


class Trickle(StringIO):
    """A file that gives a few letters at a time."""

    def __init__(self, text: str, most: int) -> None:
        super().__init__(text)
        self._most = most

    def read(self, size: int | None = -1) -> str:
        return super().read(self._most)


@pytest.mark.parametrize("number", ["0.5", "-1.25e-3", "1E+5", "12", "0"])
def test_a_number_is_not_cut_where_a_piece_ends(number: str) -> None:
    for most in range(1, 12):
        assert list(items(Trickle(f'{{"rows": [{number}]}}', most), "rows", {})) == [json.loads(number)]


_members = st.dictionaries(st.text(), _json, max_size=3)


@given(st.lists(_json, max_size=4), _members, st.sampled_from([None, 1]), st.integers(1, 40))
def test_items_are_those_of_the_whole_however_the_file_comes(
    rows: list[Any], members: dict[str, Any], indent: int | None, most: int
) -> None:
    text = json.dumps({"schema": 1, **members, "rows": rows, "after": 12}, indent=indent)
    beside: dict[str, Any] = {}
    assert list(items(Trickle(text, most), "rows", beside)) == rows
    assert {**beside, "rows": rows} == decode(text)


@given(st.lists(_json, max_size=3), st.data(), st.integers(1, 40))
def test_a_spoilt_file_never_passes_for_a_whole_one(rows: list[Any], data: st.DataObject, most: int) -> None:
    text = json.dumps({"schema": 1, "rows": rows})
    at = data.draw(st.integers(0, len(text)))
    spoilt = text[:at] + data.draw(st.sampled_from(["", ",", "]", "}", "{", '"', ":", "7"])) + text[at + 1 :]
    beside: dict[str, Any] = {}
    with suppress(DecodingError):
        read = list(items(Trickle(spoilt, most), "rows", beside))
        assert (beside | {"rows": read} if "rows" in beside else beside) == decode(spoilt)


@pytest.mark.parametrize(
    "text",
    [
        '{"rows": [1], "rows": [2]}',
        '{"rows": [1,]}',
        '{"rows": [1]',
        '{"rows": [1]} x',
        '{"rows": 1}',
        "[]",
        "",
        "[" * 9999,
    ],
)
def test_what_is_not_plainly_one_list_is_left_to_the_whole(text: str) -> None:
    with pytest.raises(DecodingError):
        list(items(StringIO(text), "rows", {}))
