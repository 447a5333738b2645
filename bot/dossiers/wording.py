"""What a status is called: by one-stop programs, each in its own way, and by people who paste what they see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rapidfuzz.distance import Indel

from bot.dossiers.status import Status
from knowledge.vietnamese import fold, normalise

LEAST = 0.6
"""Confidence from which words count as a status."""

_FILE = "states.txt"
_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"\b(?:trang thai|tinh trang)\s*(?:so|ma|:)?\s*(10|[1-9])(?!\d)")
_DENIED = re.compile(r"\b(?:chua|khong|chang|huy|neu|khi nao|bao gio|khi nao thi|bao gio thi)(?: duoc)?\Z")
_ASKED = re.compile(r"(?:roi |hay )?(?:chua|khong)\b")
_PAID = re.compile(r"\bda\Z")
_LESS = {
    Status.REGISTERED: re.compile(r"bo sung\b"),
    Status.RECEIVED: re.compile(r"bo sung\b"),
    Status.DONE: re.compile(r"mot phan\b"),
    Status.RETURNED: re.compile(r"mot phan\b|(?:cho|ve|ra) (?:bo phan|mot cua|don vi|phong|trung tam|ubnd|so)\b"),
}
"""What follows the words of a state and takes them back: a part only, or returned to another office."""
_FINISHED = re.compile(r"(?:da )?hoan thanh\b")
_WEIGHTY = frozenset(["chua", "cho", "khong", "da", "dang", "moi", "huy"])
"""Short words on which all depends: a slip of the finger must not make one out of another."""
_CUE = re.compile(r"\b(?:trang thai|tinh trang|nghia la|bao(?! lau| gio| nhieu)|ghi|hien)\b")
_MOST_WORDS = 60
_MOST_STRANGE = 2
_NEARLY = 0.9
_SHORTEST_NEAR = 8
_ABOUT = (
    "hồ sơ của tôi em mình nhà cháu bác anh chị con cho hỏi xin dạ ạ vâng thì là gì sao vậy thế nào nghĩa có phải hả "
    "nhỉ trạng thái tình trạng hiện đang đã bị được báo ghi hiển thị thấy trên cổng mạng hệ thống web trang dịch vụ "
    "công quốc gia vneid zalo nhắn tin giấy hẹn mã tra cứu ra nó này kia đó rồi mà giờ bây nay hôm qua làm tiếp theo "
    "cần phải với và nhưng vẫn còn ở tại nhé nha ơi ý hiểu giải thích giúp hộ khi bao lâu nữa mới xong chưa không"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A status read from words: ``words`` as they stood (folded), ``confidence`` from 0 to 1.

    ``alone`` says that little else was said: the words were pasted or asked about, not used in passing. ``literal``
    says that they stood there letter by letter.
    """

    status: Status
    confidence: float
    words: str
    alone: bool = False
    literal: bool = True


def read(text: str) -> Seen | None:
    """Return the status that ``text`` names, or None when it names none, or not clearly enough.

    Marks, case and small slips do not matter. Of several the last is taken: programs write the way a dossier went.
    """
    words = tuple(_WORD.findall(fold(normalise(text[:2_000]))))[:_MOST_WORDS]
    numbered = _NUMBERED.search(" ".join(words))
    if numbered:
        return Seen(Status(int(numbered[1])), 0.9, numbered.group(), True)
    hits = _longest_first(words)
    if not hits:
        return None
    start, end, status, likeness = max(hits)
    asked = {Status.SUPPLEMENT, Status.PAYMENT}
    if _FINISHED.match(" ".join(words[start:])) and any(hit[1] == start and hit[2] in asked for hit in hits):
        return None  # what was asked for is done; the dossier is not
    covered = {at for first, last, *_ in hits for at in range(first, last)}
    strange = [word for at, word in enumerate(words) if at not in covered and word not in _filler()]
    share = (end - start) / (end - start + len(strange))
    confidence = round(likeness * (0.6 + 0.4 * share), 3)
    alone = not strange or (len(strange) <= _MOST_STRANGE and bool(_CUE.search(" ".join(words))))
    seen = Seen(status, confidence, " ".join(words[start:end]), alone, likeness == 1)
    return seen if confidence >= LEAST else None


Hit = tuple[int, int, Status, float]


def _longest_first(words: tuple[str, ...]) -> list[Hit]:
    """Return where phrases stand in ``words``, none over another, longer ones first, none that is denied."""
    kept: list[Hit] = []
    for hit in sorted(_hits(words), key=lambda each: (-(each[1] - each[0]), -each[3])):
        if any(hit[0] < end and start < hit[1] for start, end, *_ in kept):
            continue
        kept.append(hit)
    return [hit for hit in kept if not _doubted(words, hit)]


def _doubted(words: tuple[str, ...], hit: Hit) -> bool:
    """Say whether what stands around a phrase denies it or asks for it: "chưa có kết quả", "có kết quả chưa"."""
    before, after = " ".join(words[: hit[0]]), " ".join(words[hit[1] :])
    less = _LESS.get(hit[2])
    paid = hit[2] is Status.PAYMENT and _PAID.search(before)
    return bool(_DENIED.search(before) or _ASKED.match(after) or paid or (less and less.match(after)))


def _hits(words: tuple[str, ...]) -> Iterator[Hit]:
    for phrase, status in _phrases():
        size = len(phrase)
        said, weighty = " ".join(phrase), _weighty(phrase)
        for start in range(len(words) - size + 1):
            window = words[start : start + size]
            if window == phrase:
                yield start, start + size, status, 1.0
            elif len(said) >= _SHORTEST_NEAR and window[0][:1] == phrase[0][:1] and _weighty(window) == weighty:
                likeness = Indel.normalized_similarity(" ".join(window), said, score_cutoff=_NEARLY)
                if likeness:
                    yield start, start + size, status, likeness


def _weighty(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word in _WEIGHTY]


@cache
def _phrases() -> tuple[tuple[tuple[str, ...], Status], ...]:
    lines = resources.files("bot.dossiers").joinpath(_FILE).read_text(encoding="utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if line and not line.startswith("#"))
    return tuple((tuple(_WORD.findall(fold(normalise(phrase)))), Status(int(number))) for number, phrase in pairs)


@cache
def _filler() -> frozenset[str]:
    return frozenset(fold(normalise(_ABOUT)).split())
