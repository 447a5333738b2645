"""JSON as we accept it from a person: strict where the standard library lets pass what somebody did not mean.

A key that stands twice, NaN, a number beyond all measure, half a character, or a value nested without end is no data of
ours; each is told with its place.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.errors import DecodingError

Path = tuple[int | str, ...]

DEEPEST = 30
"""A record of ours is nested eight deep."""
_DIGITS = 30
_SURROGATE = re.compile("[\ud800-\udfff]")
_CODE = re.compile(r'"code"\s*:\s*"([^"\\]{1,20})"')
_SYNTAX = {
    "Expecting value": "thiếu giá trị, hoặc thừa dấu phẩy",
    "Expecting property name": "thiếu tên mục trong dấu ngoặc kép, hoặc thừa dấu phẩy",
    "Expecting ','": "thiếu dấu phẩy hoặc dấu đóng ngoặc",
    "Expecting ':'": "thiếu dấu hai chấm sau tên mục",
    "Unterminated string": "chữ chưa đóng dấu ngoặc kép",
    "Invalid control character": "có ký tự điều khiển hoặc xuống dòng trong chữ",
    "Invalid \\": "dấu \\ viết sai",
    "Extra data": "còn nội dung thừa sau khi đã hết",
    "Illegal trailing comma": "thừa dấu phẩy",
    "Unexpected UTF-8 BOM": "tệp bắt đầu bằng dấu BOM, hãy lưu lại là UTF-8 không BOM",
}


class Repeated(dict[str, Any]):
    """An object in which the keys ``repeated`` stand more than once; the last value of each is kept."""

    repeated: tuple[str, ...] = ()


def decode(text: str) -> Any:
    """Return what ``text`` says; raise ``DecodingError`` in words, with the line, when it is no JSON.

    What is JSON but means nothing to us is kept for ``oddities``, which knows its place.
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except json.JSONDecodeError as error:
        words = next((words for start, words in _SYNTAX.items() if error.msg.startswith(start)), "viết sai dạng")
        codes = _CODE.findall(text, 0, error.pos)
        near = f", ở thủ tục {codes[-1]} hoặc ngay sau đó" if codes else ""
        raise DecodingError(f"dòng {error.lineno}, cột {error.colno}{near}: {words}") from error
    except RecursionError as error:
        raise DecodingError("lồng nhau quá sâu") from error


def oddities(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the place and, in words, the fault of whatever is JSON but no data of ours."""
    if len(path) > DEEPEST:
        yield path[:1], "lồng nhau quá sâu"
    elif isinstance(value, Mapping):
        for key in value.repeated if isinstance(value, Repeated) else ():
            yield (*path, key), "ghi hai lần"
        for key, each in value.items():
            yield from oddities(each, (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from oddities(each, (*path, place))
    elif isinstance(value, float) and not abs(value) < float("inf"):
        yield path, "không phải con số dùng được"
    elif isinstance(value, str) and _SURROGATE.search(value):
        yield path, "có ký tự hỏng"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    found = Repeated(plain)
    found.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return found


def _integer(digits: str) -> float:
    """Return a number; infinity for one so long that Python would not turn it back into text."""
    return int(digits) if len(digits) <= _DIGITS else float("inf")
