"""What people say before a changed mind ("à nhầm, kết hôn chứ") taken off, so that the need itself can be looked up."""

from __future__ import annotations

import re

from knowledge.vietnamese import fold, normalise

_I = r"(?:toi|tui|minh|em|con|chau|tao|anh|chi|co|chu|bac)"
_OH = r"(?:(?:a|o|oi|u|y|ay|ua|ui|chet|thoi|da|xin loi)[ ,.!]+)*"
_GAP = r"(?:[ ,.;:!…-]+)"
_STOP = r"(?: *[,.;:!…-]+ *)"
_MISTAKE = r"(?:(?:noi|go|hoi|viet|bam) )?(?:nham|lon|lom)(?: roi| mat| mat roi| xiu| chut| ti)?"
_MEANT = rf"(?:y (?:cua )?{_I} (?:la|muon hoi|muon noi)|{_I} (?:muon )?hoi(?: la| ve| ve viec)?|{_I} can|ma la|phai la)"
_DENIED = r"khong(?: phai| dung)?(?: (?:vay|the|cai do|cai nay|dau|roi|a))*"
_BACK = rf"(?:(?:cho {_I} )?(?:quay|tro) (?:lai|ve)(?: (?:cai|thu tuc|chuyen|viec|phan|vu))*)"
_AGAIN = r"(?:thoi |the |vay )*hoi lai(?: (?:la|ve|cai))*"
_LEADS = re.compile(
    rf"{_OH}(?:{_MISTAKE}{_STOP}(?:{_DENIED}{_STOP})?(?:{_MEANT} )?"
    rf"|quen(?: mat| roi)?{_STOP}|(?:a|y|ay|ua|chet) {_MISTAKE} (?:{_MEANT} )?"
    rf"|{_DENIED}{_STOP}(?:{_MEANT} )?"
    rf"|(?:{_DENIED}{_GAP})?y (?:cua )?{_I} (?:la|muon hoi|muon noi) (?:la )?"
    rf"|khong phai [^,.]{{1,60}}? ma la |{_BACK} |{_AGAIN}{_GAP})"
)
_RETURNS = re.compile(rf"{_OH}(?:{_MISTAKE}{_STOP})?{_BACK} ")
_TAILS = {
    "chứ", "cơ", "cơ mà", "mới đúng", "thì sao", "thì răng", "thì thế nào", "nhé", "ạ", "nghe", "ấy", "đấy", "đó",
    "à", "hả", "thôi", "chu", "co ma", "moi dung", "thi sao", "thi rang", "thi the nao", "nhe", "a",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]")
_MOST_LEADS = 3
_LONGEST_LEAD = 80


def core(text: str) -> str:
    """Return what is asked once the words of a changed mind are off; ``text`` itself when there are none.

    A tail such as "chứ" or "cơ mà" goes only together with a beginning that takes something back.
    """
    said = left = normalise(text)
    for _ in range(_MOST_LEADS):
        folded = fold(left)
        found = _LEADS.match(folded, 0, _LONGEST_LEAD) if len(folded) == len(left) else None
        if found is None or not _WORD.search(left, found.end()):
            break
        left = left[found.end() :]
    return said if left == said else without_tail(left)


def returned(text: str) -> str:
    """Return what somebody says they go back to ("quay lại chuyện khai sinh"); empty when they do not say so."""
    said = normalise(text)
    folded = fold(said)
    found = _RETURNS.match(folded, 0, _LONGEST_LEAD) if len(folded) == len(said) else None
    return without_tail(said[found.end() :]) if found else ""


def without_tail(text: str) -> str:
    """Return ``text`` without the small words at its end that only lean on what went before ("thì sao", "cơ mà")."""
    words = normalise(text).split()
    while True:
        ends = (size for size in (3, 2, 1) if len(words) > size and _bare(words[-size:]) in _TAILS)
        size = next(ends, 0)
        if not size:
            return " ".join(words).rstrip(" ,;:")
        words = words[:-size]


def _bare(words: list[str]) -> str:
    return " ".join(words).lower().strip(" ,.!?…")
