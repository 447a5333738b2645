"""Numbers said in words, written as numerals: with and without tones, misspelt, in English or Sino-Vietnamese.

Tens, hundreds and thousands are put together ("bốn trăm linh tám" is 408); digits said one by one stay apart.
"""

from __future__ import annotations

import re
from itertools import groupby

from bot.assistance.catching.plain import BREAK
from bot.assistance.catching.spoken import NO_NUMBER_AFTER, OTHER, Token, tokens_of

_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_LONG = 6
_ONLY_IN_TENS = frozenset(("lam", "nham", "tu"))
_BETWEEN_LIMITS = frozenset(("den", "toi", "hay", "va", "tu"))
_NUMBERS = frozenset("ndtm?hkole")
_LEFT_SINGLE = frozenset("nd")


def written(text: str, *, wide: bool = False) -> str:
    """Return a plain text with numbers in words as numerals: "bốn mươi tám hai" is "48 2", "hai nghìn lẻ ba" 2003.

    A round number keeps its last word ("150 nghìn"); "thứ hai" loses its number, for it is a day. ``wide``: where
    digits are told one by one, tens stand by themselves too: "bốn mươi tám hai" is "408 2".
    """
    return BREAK.join(_written(message, wide) for message in text.split(BREAK))


def _written(text: str, wide: bool) -> str:
    tokens = tokens_of(text)
    if wide:
        _set_tens_apart(tokens)
    if all(token.kind != "w" for token in tokens):
        tokens = [Token(0, 0, "0", "", ""), *tokens]
    out: list[str] = []
    at = 0
    for index, token in enumerate(tokens):
        if token.kind in "wf0":
            continue
        numeral, joined = _numeral(tokens, index)
        if numeral is None:
            token.kind = "w"
            continue
        gap = text[at : token.start]
        out.append("" if joined else gap)
        out.append(numeral)
        at = token.end
    out.append(text[at:])
    return "".join(out)


def _set_tens_apart(tokens: list[Token]) -> None:
    """Put a numeral for a ten that a digit follows, where single digits are told around it and no hundreds."""
    for spoken, group in groupby(tokens, lambda token: token.kind in "ndtm?cl" and not _YEAR.fullmatch(token.word)):
        run = list(group)
        kinds = [token.kind for token in run]
        pairs = list(zip((" ", *kinds[:-1]), kinds, (*kinds[1:], " "), strict=True))
        begins = run[0].word == "ba" and len(run) < _LONG  # "my father"
        singly = [b in "dl" and a not in "tm?c" and c not in "m?c" for a, b, c in pairs]
        singly = [single or token.digits == "0" for single, token in zip(singly, run, strict=True)]
        long = len(run) >= _LONG
        told = any(
            single and (long or token.word != "nam" or token is not run[-1])
            for single, token in zip(singly[begins:], run[begins:], strict=True)
        )
        if not spoken or not (told or ("?" in kinds and long)):
            continue
        for at, token in enumerate(run):
            unit = run[at + 1] if at + 1 < len(run) else OTHER
            alone = unit.kind in "dl" and (token.kind == "?" or unit.word not in _ONLY_IN_TENS)
            if token.kind in "tm?c" and alone:
                times = at and kinds[at - 1] in "dn" and token.kind in "mc"
                token.kind, token.digits, token.word = "n", "0" if times else "10", "0"


def _numeral(tokens: list[Token], index: int) -> tuple[str | None, bool]:
    """Return what a number word writes, None for a word that is no number here, and whether it joins what is before."""
    token = tokens[index]
    before = tokens[index - 1].kind if index else "w"
    after = tokens[index + 1].kind if index + 1 < len(tokens) else "w"
    if token.kind == "c":
        token.kind = "m" if before in _LEFT_SINGLE else "w"
    if token.kind == "w":
        return None, False
    if token.kind == "?":
        token.kind = _ten_or_times(tokens, index, before)
    if token.kind == "n":
        return _weekday(tokens, index, after), before in "mhkoe" and len(token.digits) == 1
    if token.kind in "dlb":
        return _digit(tokens, index, before, after)
    if token.kind == "e":
        token.kind = "m"
        return token.digits + ("" if after == "d" else "0"), before in "hk"
    if token.kind == "t" or (token.kind == "m" and before not in "ndt"):
        token.kind = "t"
        return "1" + ("" if _single(tokens, index + 1) else "0"), before in "hko"
    return _magnitude(tokens, index, before, after)


def _ten_or_times(tokens: list[Token], index: int, before: str) -> str:
    """Tell "mười" from "mươi" where no tone does: times ten after the first digit of a number, else ten."""
    if before not in _LEFT_SINGLE:
        return "t"
    further = tokens[index - 2].kind if index > 1 else "w"
    return "t" if further in _LEFT_SINGLE or further in "mt" else "m"


def _single(tokens: list[Token], index: int) -> bool:
    """Say whether a single digit comes that belongs to the ten before it."""
    if index >= len(tokens) or tokens[index].kind not in "dnl" or len(tokens[index].digits) != 1:
        return False
    if tokens[index].digits == "0":
        return False
    return index + 1 >= len(tokens) or tokens[index + 1].kind not in "mhc"


def _weekday(tokens: list[Token], index: int, after: str) -> str:
    token = tokens[index]
    day = token.digits in {"2", "3", "4", "5", "6", "7"} and index > 0 and tokens[index - 1].word == "thu"
    return "" if day and after == "w" else token.digits


def _digit(tokens: list[Token], index: int, before: str, after: str) -> tuple[str | None, bool]:
    token = tokens[index]
    if token.kind in "lb" and tokens[0].kind != "0" and not _accompanied(tokens, index):
        return None, False
    if token.word in ("lam", "nham") and token.kind != "d" and before not in "ndtm" and not _amid(tokens, index):
        return None, False
    if token.word == "nam" and (_years(tokens, index, after) or _before_year(tokens, index)):
        return None, False
    if token.word == "sau" and before not in _NUMBERS and after == "n" and len(tokens[index + 1].word) > 1:
        return None, False
    token.kind = "d"
    return _weekday(tokens, index, after), before in "tmhkoe"


def _accompanied(tokens: list[Token], index: int) -> bool:
    """Say whether numbers are beside a word that is one only there; behind "thông" and "đầu" there is no "tư"."""
    if index and tokens[index - 1].word in NO_NUMBER_AFTER:
        return False
    if tokens[index].kind == "b":
        return all(0 <= at < len(tokens) and tokens[at].kind in _NUMBERS for at in (index - 1, index + 1))
    left, right = (_beside(tokens, index, step) for step in (-1, 1))
    return left == 0 or right == 0 or (left is not None and right is not None)


def _beside(tokens: list[Token], index: int, step: int) -> int | None:
    """Return over how many words that do not join the next number is reached, at most one; None when there is none."""
    strange = 0
    for at in range(index + step, index + 5 * step, step):
        if not 0 <= at < len(tokens):
            return None
        if tokens[at].kind in _NUMBERS:
            return strange
        strange += tokens[at].kind == "w"
        if strange > 1:
            return None
    return None


def _years(tokens: list[Token], index: int, after: str) -> bool:
    """Say whether "năm" counts years: behind a number that begins nothing longer ("05 năm", "mười sáu năm")."""
    if not index or tokens[index - 1].kind not in _NUMBERS or tokens[0].kind == "0":
        return False
    if tokens[index].start - tokens[index - 1].end > 1:
        return False
    if after in _NUMBERS or after == "c" or _over_fillers(tokens, index, 1) in _NUMBERS:
        return False
    around = (*tokens[max(0, index - 3) : index], *tokens[index + 1 : index + 2])
    if any(token.word in ("lan", "dup", "kep") for token in around):
        return False
    start = index - 1
    if start and tokens[start].kind in "dnl" and tokens[start - 1].kind in "tm":
        start -= 1
    if tokens[start].kind in "mh":
        start -= 1
    return _over_fillers(tokens, start, -1) not in _NUMBERS


def _amid(tokens: list[Token], index: int) -> bool:
    """Say whether numbers are on both sides, over filling words at most."""
    return all(_over_fillers(tokens, index, step) in _NUMBERS for step in (-1, 1))


def _over_fillers(tokens: list[Token], index: int, step: int) -> str:
    """Return the kind of the next word before or behind that is no filling word; "đến" and the like stop the search."""
    at = index + step
    while 0 <= at < len(tokens) and tokens[at].kind == "f" and tokens[at].word not in _BETWEEN_LIMITS:
        at += step
    return tokens[at].kind if 0 <= at < len(tokens) else "w"


def _before_year(tokens: list[Token], index: int) -> bool:
    """Say whether "năm" is the word for a year: after a month, or before a year and not after a number."""
    if index > 1 and tokens[index - 2].word == "thang":
        return True
    number = index > 0 and tokens[index - 1].kind in _NUMBERS
    alone = index + 2 >= len(tokens) or tokens[index + 2].kind in "wf"
    longer = index > 1 and tokens[index - 2].kind in _NUMBERS
    if number and not longer and index + 1 < len(tokens) and alone:
        return bool(_YEAR.fullmatch(tokens[index + 1].word))
    rest = [token.word for token in tokens[index + 1 : index + 4]]
    if number or not rest:
        return False
    if _YEAR.fullmatch(rest[0]):
        return True
    spoken = (["hai", "nghin"], ["hai", "ngan"], ["mot", "nghin"], ["mot", "ngan"])
    return rest[:2] in spoken and (len(rest) == 2 or rest[2] in ("khong", "chin", "linh", "le", "muoi", "hai"))


def _magnitude(tokens: list[Token], index: int, before: str, after: str) -> tuple[str | None, bool]:
    kind = tokens[index].kind
    if before not in _NUMBERS:
        return None, False
    if kind == "m":
        return ("" if _single(tokens, index + 1) else "0"), True
    if kind == "o":
        known = before in "hkdnl" and after in "dnl"
        return (("00" if before == "k" else "0") if known else None), True
    if kind == "h" and index + 2 < len(tokens) and tokens[index + 2].kind == "h":
        return "00", True
    if kind == "h":
        return ("" if after in "dnt?o" else "00"), True
    return ("" if after in "dnt?o" else None), True
