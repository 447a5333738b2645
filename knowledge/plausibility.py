"""What no record of ours can mean: sums, counts and days beyond all measure, text that nobody can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from knowledge.procedure import Money, Procedure
from knowledge.wording import where

INVISIBLE = "\0-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff"
"""Characters that nobody sees, as they stand in a class of a regular expression; line breaks and tabs are none."""

LEAST_SUM = 100
"""The smallest sum anybody still counts in, in VND."""
GREATEST_SUM = 1_000_000_000
MOST_SHEETS = 99

_LONGEST = {"name": 2000, "names": 500, "text": 500, "field": 200, "variant": 200}
_LONGEST_TEXT = 20_000
_ONE_LINE = {"name", "names", "field", "variant"}
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_BROKEN = "\ufffd"


def implausible(record: Procedure) -> Iterator[str]:
    """Yield, in words, what cannot be meant; what is said of a text stands after the place of it."""
    yield from _texts(record.model_dump(mode="json", exclude_defaults=True), ())
    yield from _sums(record)
    for document in record.documents:
        if max(document.originals, document.copies) > MOST_SHEETS:
            yield f"giấy tờ “{document.name[:60]}”: cần hơn {MOST_SHEETS} bản, xin xem lại"
    if record.in_force_since and record.abolished_on and record.in_force_since > record.abolished_on:
        yield (f"bãi bỏ từ {record.abolished_on:%d/%m/%Y}, trước ngày có hiệu lực {record.in_force_since:%d/%m/%Y}")


def _texts(value: Any, path: tuple[int | str, ...]) -> Iterator[str]:
    if isinstance(value, str):
        yield from (f"{where(path)}: {fault}" for fault in _text(value, path))
    elif isinstance(value, dict):
        yield from chain.from_iterable(_texts(each, (*path, key)) for key, each in value.items())
    elif isinstance(value, list):
        yield from chain.from_iterable(_texts(each, (*path, place)) for place, each in enumerate(value))


def _text(text: str, path: tuple[int | str, ...]) -> Iterator[str]:
    field = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    longest = _LONGEST_TEXT if path[0] == "steps" else _LONGEST.get(field, _LONGEST_TEXT)
    if len(text) > longest:
        yield f"dài quá {longest} chữ cái"
    if _UNSEEN.search(text):
        yield "có ký tự điều khiển hoặc ký tự không nhìn thấy trong chữ"
    if _BROKEN in text:
        yield "có chữ bị hỏng (�)"
    if field in _ONE_LINE and "\n" in text:
        yield "xuống dòng giữa chừng"


def _sums(record: Procedure) -> Iterator[str]:
    sums = [(channel.kind.value, money) for channel in record.channels for money in channel.money]
    sums += [(f"tỉnh {rule.province}", money) for rule in record.local_rules for money in rule.money]
    yield from (f"khoản tiền {money.amount} ({place}): {fault}" for place, money in sums for fault in _sum(money))


def _sum(money: Money) -> Iterator[str]:
    if money.amount and money.amount < LEAST_SUM:
        yield f"nhỏ hơn {LEAST_SUM} đồng, có lẽ ghi thiếu số 0"
    if money.amount and money.amount > GREATEST_SUM:
        yield "lớn hơn một tỷ đồng, có lẽ ghi thừa số 0"
    if money.to_unit is not None and money.to_unit < money.from_unit:
        yield f"tính từ đơn vị thứ {money.from_unit} mà chỉ đến thứ {money.to_unit}"
