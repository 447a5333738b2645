"""JSON as we accept it from a person: strict where the standard library lets pass what somebody did not mean.

A key that stands twice, NaN, a number beyond all measure, half a character, or a value nested without end is no data of
ours; each is told with its place.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

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


_SPACE = re.compile(r"[ \t\n\r]*")
_PIECE = 2**18
_GOES_ON = ".eE"
"""With these a number goes on whose digits alone are one already: "1." may be the beginning of "1.5"."""


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


def items(file: TextIO, key: str, beside: dict[str, Any]) -> Iterator[Any]:
    """Yield the items of the list under ``key`` of the one object in a file; its other members go into ``beside``.

    No more than an item and a piece of the file stand in memory. Raises ``DecodingError`` without words for whatever is
    not plainly so: ``decode`` has them.
    """
    window = _Window(file)
    window.take("{")
    while True:
        window.sign()
        name = window.value()
        window.take(":")
        if not isinstance(name, str) or name in beside:
            raise DecodingError
        beside[name] = None
        if name == key:
            yield from window.items()
        else:
            beside[name] = window.value()
        if window.sign() == "}":
            break
        window.take(",")
    window.take("}")
    if window.sign():
        raise DecodingError


class _Window:
    """The piece of a JSON file that is being decoded."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._ended = False

    def sign(self) -> str:
        """Return the next sign that is no space, "" at the end of the file."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more()

    def take(self, sign: str) -> None:
        """Go past a sign that must stand here."""
        if self.sign() != sign:
            raise DecodingError
        self._at += 1

    def value(self) -> Any:
        """Go past a value and return it; one that ends with the window may go on in the file."""
        self.sign()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                end = len(self._text)
            except RecursionError as error:
                raise DecodingError from error
            if end < len(self._text) and (self._ended or self._text[end] not in _GOES_ON):
                self._at = end
                return found
            if self._ended:
                raise DecodingError
            self._more()

    def items(self) -> Iterator[Any]:
        """Go past a list and yield its items."""
        self.take("[")
        while self.sign() != "]":
            yield self.value()
            if self.sign() != "]":
                self.take(",")
                if self.sign() == "]":
                    raise DecodingError
        self.take("]")

    def _more(self) -> None:
        piece = self._file.read(max(_PIECE, len(self._text) - self._at))
        self._text = self._text[self._at :] + piece
        self._at, self._ended = 0, not piece


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


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer)
