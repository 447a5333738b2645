"""What is wrong with a record somebody writes, in words, each at the field where it is to be put right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from bot.office.filled import anchor
from bot.office.sections import section_of
from knowledge.catalogue import Catalogue
from knowledge.consistency import case_faults
from knowledge.procedure import Procedure, Step
from knowledge.validation import record_faults
from knowledge.vietnamese import fold
from knowledge.wording import CHANNELS, faults, where

NO_SUCCESSOR = "không có thủ tục nào mang mã này"
TAKEN = "tên “{name}” đã là tên thường gọi của {other}"
NOT_YET = "ngày này chưa tới"

_PAPER = re.compile(r"giấy tờ “(.+?)”")
_STEP = re.compile(r"bước “(.+?)”")
_QUESTION = re.compile(r"câu hỏi “([a-z0-9_]+)”")
_KIND = re.compile(r"\b(in_person|online|post)\b")
_QUOTED = re.compile(r"(?:địa chỉ không phải trang web|còn nhắc cơ quan cấp huyện): “(.+)”", re.DOTALL)
_PROVINCE = re.compile(r"quy định của tỉnh (\d\d)|.*\(tỉnh (\d\d)\)", re.DOTALL)
_ADDRESSES, _PLACES = {"url", "form_url"}, {"agency", "where", "steps", "text"}
_WORDS = (
    ("thành phần hồ sơ", "documents"),
    ("giấy tờ", "documents"),
    ("cách nộp", "channels"),
    ("khoản tiền", "channels"),
    ("thời hạn", "channels"),
    ("câu hỏi", "questions"),
    ("thay thế", "abolished_on"),
    ("bãi bỏ từ", "abolished_on"),
)


Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing wrong: where, in the tree; ``label`` says where in words. ``stops``: it must be put right first."""

    path: Path
    label: str
    words: str
    stops: bool = True

    @property
    def id(self) -> str:
        """The id on the page of what is wrong."""
        return anchor(self.path)

    @property
    def section(self) -> str:
        """The page of the form it stands on."""
        return section_of(str(self.path[0])).slug


def spots(tree: Mapping[str, Any], base: Procedure | None, catalogue: Catalogue, today: date) -> list[Spot]:
    """Return what is wrong with a record, what stops it from being published first.

    ``base`` is what it was made from: case questions that were faulty before stop nobody.
    """
    try:
        record = Procedure.model_validate_json(json.dumps(tree))
    except ValidationError as error:
        return list(dict.fromkeys(Spot(path, where(path), words) for path, words in _invalid(error)))
    known = set(case_faults(base)) if base else set()
    texts = list(_texts(record.model_dump(mode="json"), ()))
    found = [_placed(record, words, texts, stops=words not in known) for words in case_faults(record)]
    said = {f"{record.code}: {words}" for words in case_faults(record)}
    found += [
        _placed(record, words.partition(": ")[2], texts, stops=False)
        for words in record_faults(record)
        if words not in said
    ]
    found += _claims(record, base, catalogue)
    found += [
        Spot(("source", "read_on"), where(("source", "read_on")), NOT_YET)
        for day in [record.source.read_on]
        if day > today
    ]
    return sorted(dict.fromkeys(found), key=lambda spot: not spot.stops)


def _invalid(error: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    for path, words in faults(error):
        if len(path) > 1 and path[0] == "steps":  # the form has every step as a text with a condition
            yield (*path[:2], "text"), "đang để trống"
        else:
            yield tuple(path), words


def _claims(record: Procedure, base: Procedure | None, catalogue: Catalogue) -> Iterator[Spot]:
    heir = record.successor
    if heir and (base is None or base.successor != heir) and (heir == record.code or catalogue.get(heir) is None):
        yield Spot(("successor",), where(("successor",)), NO_SUCCESSOR)
    new = {fold(name.lower()): name for name in record.names if base is None or name not in base.names}
    if record.abolished_on is None and new:
        for other in catalogue:
            if other.code != record.code and other.abolished_on is None:
                for name in other.names:
                    if fold(name.lower()) in new:
                        words = TAKEN.format(name=new[fold(name.lower())], other=f"{other.code} {other.name}")
                        yield Spot(("names",), where(("names",)), words)


def _placed(record: Procedure, words: str, texts: Sequence[tuple[Path, str]], *, stops: bool) -> Spot:
    """Say where the part is that a fault in words names; ``texts`` are those of the record, each with its place."""
    path = _path(record, words, texts)
    return Spot(path, where(path), plain(record, words.removeprefix(f"{where(path)}: ")), stops)


def _path(record: Procedure, words: str, texts: Sequence[tuple[Path, str]]) -> Path:
    return _of_text(words, texts) or _of_province(record, words) or _of_part(record, words)


def _of_text(words: str, texts: Sequence[tuple[Path, str]]) -> Path | None:
    """Return the field that a fault names or quotes, as the form has it."""
    quoted = _QUOTED.fullmatch(words)
    keys = _ADDRESSES if words.startswith("địa chỉ") else _PLACES
    for path, text in texts:
        key = next(step for step in reversed(path) if isinstance(step, str))
        if (key in keys and text.startswith(quoted[1])) if quoted else words.startswith(f"{where(path)}: "):
            if path[0] == "names":
                return path[:1]
            return (*path, "text") if path[0] == "steps" and len(path) == 2 else path
    return None


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from _texts(each, (*path, key))


def _of_province(record: Procedure, words: str) -> Path | None:
    """Return the rule of a province that a fault is about."""
    found = _PROVINCE.match(words)
    provinces = [rule.province for rule in record.local_rules]
    code = (found[1] or found[2]) if found else ""
    return ("local_rules", provinces.index(code)) if code in provinces else None


def _of_part(record: Procedure, words: str) -> Path:
    names = [document.name for document in record.documents]
    steps = [step.text if isinstance(step, Step) else step for step in record.steps]
    for pattern, field, texts in ((_PAPER, "documents", names), (_STEP, "steps", steps)):
        found = pattern.search(words)
        place = _starting(texts, found[1]) if found and words.startswith(found[0]) else None
        if place is not None:
            return field, place
    kind = _KIND.search(words)
    if kind and words.startswith(("cách nộp", "khoản tiền", "thời hạn")):
        kinds = [channel.kind.value for channel in record.channels]
        return ("channels", kinds.index(kind[1])) if kind[1] in kinds else ("channels",)
    asked = _QUESTION.search(words)
    ids = [question.id for question in record.questions]
    if asked and words.startswith("câu hỏi") and asked[1] in ids:
        return "questions", ids.index(asked[1])
    return (next((field for start, field in _WORDS if start in words), "name"),)


def _starting(texts: Sequence[str], start: str) -> int | None:
    return next((place for place, text in enumerate(texts) if text.startswith(start)), None)


def plain(record: Procedure, words: str) -> str:
    """Return a fault with the words of questions, choices and channels in the place of their names in the file."""
    said = {question.id: question.text for question in record.questions}
    said |= {choice.id: choice.text for question in record.questions for choice in question.choices}
    words = re.sub(r"“([a-z0-9_]+)”", lambda name: f"“{said.get(name[1], name[1])}”", words)
    words = re.sub(r"\b([a-z0-9_]+)=([a-z0-9_]+)", lambda one: _answered(said, one[1], one[2]), words)
    return _KIND.sub(lambda kind: next(name.lower() for key, name in CHANNELS.items() if key.value == kind[1]), words)


def _answered(said: Mapping[str, str], question: str, choice: str) -> str:
    return f"“{said.get(question, question)}” là “{said.get(choice, choice)}”"
