"""A typed answer to a case question: its number, its words, "không rõ", "quay lại", "bỏ qua"."""

from __future__ import annotations

import re
from enum import Enum

from rapidfuzz import fuzz, process

from bot.dialogue import picking
from knowledge.procedure import UNSURE, CaseQuestion
from knowledge.vietnamese import fold, normalise


class Way(Enum):
    """Where a person wants to go instead of answering."""

    BACK = "back"
    SKIP = "skip"


_WORD = re.compile(r"\w+")
_UNSURE = {
    "khong ro", "khong biet", "chua ro", "chua biet", "khong chac", "ko biet", "ko ro", "k biet", "hong biet", "k ro",
    "hong ro", "chua chac", "ko chac", "khong nho", "ko nho", "khong ro nua", "khong ro lam", "chiu",
}  # fmt: skip
_BACK = {"quay lai", "cau truoc", "lui lai", "tro lai", "back"}
_SKIP = {"bo qua", "xem danh sach", "xem luon", "khoi hoi", "skip"}
_PARTICLES = {"a", "ạ", "da", "dạ", "em", "chau", "nhe", "nha", "thi", "la", "minh", "oi", "vang", "vâng", "u"}
_MOST_WORDS = 10
_TWO = 2
_FEW_WORDS = 5
_ASKS = {"khong", "ko", "chua", "sao", "gi", "dau", "nao"}
_LEAST_PART = 4
"""Letters from which words out of a label may stand for it."""

_SURE = 88.0
_APART = 6.0
_SAYS_YES = [["co"], ["roi"], ["da"], ["dung"], ["phai"]]
_SAYS_NO = [["khong"], ["chua"]]
_YES = {"co", "roi", "co roi", "da co", "phai", "dung", "dung roi", "vang", "uh", "u", "ok"}
_NO = {"khong", "chua", "khong co", "chua co", "khong phai", "ko", "k", "hong", "hok"}
_BARELY = _YES | _NO | {"da", "duoc", "roi", "la"}
"""Words that say yes or no and nothing of what about."""


def meaning(said: str, question: CaseQuestion) -> str | Way | None:
    """Return the id of the choice that a text means, ``unsure``, another way to go, or None: it is no answer."""
    at = picking.picked(normalise(said), len(question.choices))
    if at is not None and at < len(question.choices):
        return question.choices[at].id
    words = [word for word in _words(said) if word not in _PARTICLES]
    if not words or len(words) > _MOST_WORDS:
        return None
    text = " ".join(words)
    for known, way in ((_UNSURE, UNSURE), (_BACK, Way.BACK), (_SKIP, Way.SKIP)):
        if text in known:
            return way
    if text in _YES | _NO:
        return _yes_or_no(text, question)
    return _named(text, question)


def part(said: str, question: CaseQuestion) -> str | None:
    """Return the only choice whose label has these words in a row ("qua mạng" of "Nộp qua mạng"), or None.

    Less sure than ``meaning``: the words may also be a question of their own. Words with marks must be spelt alike.
    """
    words = _spelt(said)
    if len("".join(words)) < _LEAST_PART or fold(" ".join(words)) in _YES | _NO:
        return None
    for stands in (_stands_in, _in_order):
        found = [choice.id for choice in question.choices if stands(words, _spelt(choice.text))]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def inclining(said: str, question: CaseQuestion) -> str | None:
    """Return the choice that a few words lean to ("không được miễn"), where one says yes and the other no.

    They must be words of the question or of its choices: "đủ rồi" says nothing about a fee.
    """
    words = [word for word in _words(said) if word not in _PARTICLES - {"da"}]
    told = {word for text in (question.text, *(choice.text for choice in question.choices)) for word in _words(text)}
    if not set(words) - _BARELY or not set(words) - _BARELY <= told:
        return None
    heads = [_words(choice.text)[:1] for choice in question.choices]
    if len(heads) != _TWO or not 1 < len(words) <= _FEW_WORDS or words[-1] in _ASKS:
        return None
    says = _SAYS_NO if words[0] in _NO else _SAYS_YES if words[0] in ("da", "co") or words[-1] == "roi" else ()
    found = [choice.id for choice, head in zip(question.choices, heads, strict=True) if head in says]
    return found[0] if len(found) == 1 else None


def _stands_in(words: list[str], label: list[str]) -> bool:
    places = range(len(label) - len(words) + 1)
    return any(all(w in (there, fold(there)) for w, there in zip(words, label[at:], strict=False)) for at in places)


def _in_order(words: list[str], label: list[str]) -> bool:
    """Say whether all the words stand in the label in their order, perhaps with others between: "chưa kết hôn"."""
    rest = iter(label)
    return len(words) > 1 and all(any(word in (there, fold(there)) for there in rest) for word in words)


def _yes_or_no(text: str, question: CaseQuestion) -> str | None:
    """Return the choice meant by a bare yes or no, when exactly one choice says yes, or no."""
    for known, heads in ((_YES, _SAYS_YES), (_NO, _SAYS_NO)):
        if text in known:
            meant = [each.id for each in question.choices if _words(each.text)[:1] in heads]
            return meant[0] if len(meant) == 1 else None
    return None


def _named(text: str, question: CaseQuestion) -> str | None:
    """Return the choice whose words the text is, allowing for typing errors; None when two are about as near."""
    labels = {each.id: " ".join(_words(each.text)) for each in question.choices}
    ranked = process.extract(text, labels, scorer=fuzz.ratio, limit=2)
    (_, best, choice), *rest = ranked
    if best >= _SURE and (not rest or best - rest[0][1] >= _APART):
        return str(choice)
    return None


def _words(text: str) -> list[str]:
    """Return the words of a text without tone marks and punctuation."""
    return _WORD.findall(fold(normalise(text)))


def _spelt(text: str) -> list[str]:
    """Return the words of a text as they are spelt, without particles and punctuation."""
    return [word for word in _WORD.findall(normalise(text).lower()) if word not in _PARTICLES]
