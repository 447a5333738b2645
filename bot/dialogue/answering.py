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
_UNSURE = {"khong ro", "khong biet", "chua ro", "chua biet", "khong chac", "ko biet", "ko ro", "k biet", "hong biet"}
_BACK = {"quay lai", "cau truoc", "lui lai", "tro lai", "back"}
_SKIP = {"bo qua", "xem danh sach", "xem luon", "khoi hoi", "skip"}
_PARTICLES = {"a", "ạ", "da", "dạ", "em", "chau", "nhe", "nha", "thi", "la", "minh", "oi", "vang", "vâng", "u"}
_MOST_WORDS = 10
_SURE = 88.0
_APART = 6.0
_SAYS_YES = [["co"], ["roi"], ["da"], ["dung"], ["phai"]]
_SAYS_NO = [["khong"], ["chua"]]
_YES = {"co", "roi", "co roi", "da co", "phai", "dung", "dung roi", "vang", "uh", "u", "ok"}
_NO = {"khong", "chua", "khong co", "chua co", "khong phai", "ko", "k", "hong", "hok"}


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
    return _yes_or_no(text, question) or _named(text, question)


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
