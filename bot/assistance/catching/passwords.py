"""Passwords in a text: what somebody says is their password, PIN or pass phrase, however the word itself is spelt."""

from __future__ import annotations

import re

from bot.assistance.catching.numerals import written
from bot.assistance.catching.plain import BREAK, folded
from bot.assistance.catching.wordlist import words

_SIGNS = str.maketrans("@$", "as")
_CUE = (
    r"(?<![^\W_])(?:m[a4]t[\W_]{0,3}kh[a4]u|m[\W_]?k(?:hau)?|mkhau|pass?(?:[\W_]?wor[dk]|wd|code|w|phrase)?|"
    r"p[\W_]?w|pwd|mat ma|ma (?:bao mat|mo khoa|bi mat|khoa)|(?:ma )?pin)(?![^\W_])"
)
_OWNERS = words("owners")
_OWNER = "|".join(sorted(_OWNERS, key=len, reverse=True))
_COPULA = r"la|laf|l|is|=|:|->|=>|→|chinh la|nhu sau|nhap"
_SAID = re.compile(
    rf"{_CUE}(?P<own>(?:[\W_]{{1,4}}(?:{_OWNER})(?![^\W_])){{0,8}})"
    rf"(?P<copula>[\W_]{{0,4}}?(?:(?<![^\W_])(?:{_COPULA})(?![^\W_])|[=:→]|->|=>))?"
    rf"[\s\"'“”‘’`:=<>*{BREAK}-]{{0,8}}(?P<value>[^\s{BREAK}]{{1,64}})"
)
_SPOKEN = re.compile(
    rf"{_CUE}(?:[\W_]{{1,4}}(?:{_OWNER})(?![^\W_])){{0,8}}[\W_]{{0,4}}(?:(?<![^\W_])(?:{_COPULA})(?![^\W_]))?"
    rf"(?:[\W_]{{0,4}}\d){{4}}"
)
_AFTER = re.compile(rf"(?P<value>[^\s{BREAK}]{{4,64}})[\s\"'”’,]{{1,3}}(?:chinh )?(?:la|=|:)\s(?:cai )?{_CUE}")
_LOGIN = re.compile(
    rf"(?<![^\W_])(?:user(?:name)?|login|nick|acc|tk|tai khoan|ten dang nhap)[\W_]{{1,3}}(?:la )?[^\s{BREAK}]{{2,64}}"
    rf"[\s,;/]{{1,3}}{_CUE}[\W_]{{1,3}}(?P<value>[a-z]{{5,32}})(?![^\W_])"
)
_SYLLABLES = re.compile(r"[aeiouy]+[^aeiouy]+[aeiouy]")
_ANY = re.compile(_CUE)
_NEAR = re.compile(r"[^\s.?!]{6,64}")
_CLOSE = 45
_PLAIN = words("no password")
_COUNTED = re.compile(r"\s*(?:ky tu|ki tu|chu|so|lan|cap|ngay|phut|the|tu|loai|den|-|buoc|dong|tieng)")
_AMOUNT = re.compile(r"[\d./:,-]+[đk]?")
_SIGNED = re.compile(r"[^\W_][+=_]\S|[@#$%^&*]")
_EDGE = "\"'“”‘’`.,;:!?()[]<>*…"
_LEAST_MIXED = 4
_LEAST_DIGITS = 3
_LONGEST_SYLLABLE = 7
_LEAST_ALONE = 6


def told(text: str, begins: int) -> bool:
    """Say whether a plain text tells a password at or behind ``begins``; what is before are earlier messages."""
    bare = folded(text).translate(_SIGNS)
    if not _ANY.search(bare):
        return False
    for found in _SAID.finditer(bare):
        if found.end() > begins and _secret(text, found):
            return True
    for found in _LOGIN.finditer(bare):
        if found.end() > begins and _SYLLABLES.search(found["value"]) and found["value"] not in _OWNERS:
            return True
    spoken = folded(written(text))
    if any(found.end() > spoken.rfind(BREAK) for found in _SPOKEN.finditer(spoken)):
        return True
    if any(found.end() > begins and _beside(text, found.end(), begins) for found in _ANY.finditer(bare)):
        return True
    if any(_mixed(text[slice(*found.span("value"))]) for found in _AFTER.finditer(bare) if found.end() > begins):
        return True
    alone = text[begins:].strip(" \n\t" + BREAK)
    asked = begins and _ANY.search(bare, 0, begins)
    return bool(asked and len(alone.split()) == 1 and _word_like_none(alone))


def _beside(text: str, at: int, begins: int) -> bool:
    """Say whether letters and digits in one word stand a little behind the word for a password."""
    sentence = re.split(r"[.?!\n]\s", text[max(at, begins) : at + _CLOSE], maxsplit=1)[0]
    return any(_jumbled(found.group().strip(_EDGE)) for found in _NEAR.finditer(sentence))


def _jumbled(word: str) -> bool:
    return (
        any(map(str.isalpha, word))
        and any(map(str.isdigit, word))
        and not re.search(r"[/-]", word)
        and len(word) >= _LEAST_ALONE
        and not _AMOUNT.fullmatch(word)
    )


def _secret(text: str, found: re.Match[str]) -> bool:
    start, end = found.span("value")
    value = text[start:end].strip(_EDGE)
    bare = folded(value)
    counted = value.isdigit() and len(value) <= _LEAST_MIXED and _COUNTED.match(folded(text[end : end + 12]))
    if not value or counted:
        return False
    if _mixed(value):
        return True
    if found["copula"]:
        return (value.isdigit() and len(value) >= _LEAST_DIGITS) or (value.isalpha() and bare not in _PLAIN)
    return _unsyllabic(value) and bare not in _OWNERS


def _mixed(value: str) -> bool:
    """Say whether something has what passwords have and words have not: digits or signs in it."""
    value = value.strip(_EDGE)
    if len(value) < _LEAST_MIXED or (_AMOUNT.fullmatch(value) and not value.isdigit()):
        return False
    return any(map(str.isdigit, value)) or bool(_SIGNED.search(value))


def _unsyllabic(value: str) -> bool:
    return value.isalpha() and (len(value) > _LONGEST_SYLLABLE or bool(re.search(r"[a-zà-ỹ][A-Z]", value)))


def _word_like_none(value: str) -> bool:
    value = value.strip(_EDGE)
    return (len(value) >= _LEAST_ALONE and _mixed(value)) or _unsyllabic(value)
