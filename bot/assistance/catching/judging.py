"""What must not pass between two people who do not know each other: codes, passwords, identity, card and phone numbers.

A text is undressed (``plain``), its numbers in words become numerals (``numerals``), and what stands together is read
as one number, whatever is between its digits (``runs``): signs, line breaks, messages, "rồi", "tiếp". What has a
harmless form (``harmless``) may pass, unless it stands where a code is being told. When in doubt a text is held: it can
be put differently, a code once read out cannot be taken back.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bot.assistance.catching import cues, harmless, passwords, runs
from bot.assistance.catching.plain import plain
from bot.assistance.catching.refusal import Secret
from bot.assistance.catching.runs import Digits, Page

_MOST_BEFORE = 12
_LONGEST_BEFORE = 1500
_LEAST_CODE = 4
_NEAR_BEFORE = 60
_NEAR_BEHIND = 30
_CRUMBS_APART = 6
_FEW = 2
_LONGEST_CODE = 8
_LONGEST_IDENTITY = 12
_LONGEST_HARMLESS = 80
_PASSPORT = 7

_ACCOUNT = re.compile(r"(?<![\w.])@[A-Za-z]\w{4,31}(?!\w)|(?i:\b(?:t|m|zalo|telegram|wa)\.me/\w)")
_PAUSE = re.compile(r"[^\s\-–.]")

_ENDLESS = re.compile(rf"(?:\d[\W_]{{0,3}}){{{_LONGEST_HARMLESS + 1}}}")
_PROCEDURE = re.compile(r"[1-6]\.(?:0[01]|11)\d{4}(?!\d)")
_PROCEDURES = re.compile(rf"{_PROCEDURE.pattern}(?:(?:\s?[-–,;]\s?|\s(?:va|hoac|den)\s){_PROCEDURE.pattern}){{1,9}}")
_PROCEDURE_DIGITS = 7
_MOBILE = re.compile(r"(?:0|84|0084)(?:[35789]\d{8}|2\d{8,9})")


def caught(text: str, before: Sequence[str] = (), *, strangers: bool = False) -> tuple[Secret, ...]:
    """Return what must not be passed on of a ``text``; nothing when it may pass.

    ``before`` are the same person's messages of the last minutes, oldest first: a number may be told in crumbs. Those
    that were themselves held are left out of account, for nobody saw them. ``strangers``: it goes to somebody who is
    not to learn where else the writer can be reached.
    """
    earlier = [plain(message[-_LONGEST_BEFORE:]) for message in before[-_MOST_BEFORE:]]
    earlier = [message for message in earlier if not _numbers(runs.as_typed((), message))]
    now = plain(text)
    page = runs.as_typed(earlier, now)
    found = _numbers(page)
    *before_it, digits = _crumbs(earlier, now)
    if before_it:
        found |= _numbers(runs.as_typed(before_it, digits))
    if passwords.told(page.text, page.begins):
        found.add(Secret.PASSWORD)
    if strangers and _ACCOUNT.search(now):
        found.add(Secret.ACCOUNT)
    return tuple(secret for secret in Secret if secret in found)


def _crumbs(earlier: Sequence[str], now: str) -> list[str]:
    """Return the digits of this message and of earlier ones, when they are all it has and little stands between them.

    A message that speaks of codes goes with them as it is.
    """
    crumbs = [runs.crumb(now)]
    for message in reversed(earlier if crumbs[0] else ()):
        if told := runs.crumb(message):
            crumbs.append(told)
        elif cues.codes(runs.as_typed((), message)):
            crumbs.append(message)
        elif len(message.split()) > _CRUMBS_APART:
            break
    return crumbs[::-1]


def _numbers(typed: Page) -> set[Secret]:
    if _ENDLESS.search(typed.bare, typed.begins):
        return {Secret.CARD}
    return {secret for page in runs.in_numerals(typed) for secret in _on_page(page, typed)}


def _on_page(page: Page, typed: Page) -> set[Secret]:
    digits = runs.numerals(page)
    if runs.size(digits) < _LEAST_CODE:
        return set()
    codes = cues.codes(page)
    covers = _covers(page, digits, codes)
    bare = _uncovered(digits, covers)
    hidden = [(page, run) for run in runs.alike(bare)]
    numerals = runs.numerals(typed)
    strange = [*runs.scattered(numerals), *(runs.near(numerals) if runs.nothing_else(typed) else ())]
    hidden += [(typed, run) for run in strange if not _excused(typed, run)]
    if codes:
        hidden += [(page, run) for run in runs.near(bare)]
    found = {_judged(page, run, covers, codes) for run in runs.together(digits)}
    found |= {_kind(where, run) for where, run in hidden if run[-1].end > where.begins}
    return {secret for secret in found if secret}


def _excused(typed: Page, run: Sequence[Digits]) -> bool:
    """Say whether numerals told now are all parts of something harmless: "ảnh 2x3, 3x4, 4x6"."""
    if len(run) > _LONGEST_HARMLESS:
        return False
    first = max(0, run[0].start - _NEAR_BEFORE)
    spans = harmless.spans(typed.bare[first : run[-1].end + _NEAR_BEHIND])
    now = [number for number in run if number.end > typed.begins]
    return all(any(span.start <= number.start - first < span.end for span in spans) for number in now)


def _covers(page: Page, digits: Sequence[Digits], codes: Sequence[tuple[int, int]]) -> dict[int, bool]:
    """Return the numerals that are harmless, by where they start: for sure, or perhaps (False).

    Only what is around long enough numbers is looked at.
    """
    least = _LEAST_CODE if codes else runs.LEAST
    starts = [number.start for number in digits]
    covers: dict[int, bool] = {}
    for first, last in _windows(digits, least):
        for span in harmless.spans(page.bare[first:last]):
            at = bisect_left(starts, first + span.start)
            while at < len(digits) and digits[at].end <= first + span.end:
                covers[starts[at]] = covers.get(starts[at], False) or span.sure
                at += 1
    return covers


def _windows(digits: Sequence[Digits], least: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text that have numbers of so many digits, with what is around them."""
    begin, end = 0, -1
    for run in runs.together(digits):
        if not least <= runs.size(run) <= _LONGEST_HARMLESS:
            continue
        first, last = max(0, run[0].start - _NEAR_BEFORE), run[-1].end + _NEAR_BEHIND
        if first > end:
            if end > 0:
                yield begin, end
            begin = first
        end = last
    if end > 0:
        yield begin, end


def _uncovered(digits: Sequence[Digits], covers: Mapping[int, bool]) -> list[Digits]:
    """Leave out what is harmless; nothing joins across it."""
    left: list[Digits] = []
    apart = False
    for number in digits:
        covered = number.start in covers
        if not covered:
            left.append(Digits(number.start, number.end, runs.APART) if apart else number)
        apart = covered
    return left


def _judged(
    page: Page, run: Sequence[Digits], covers: Mapping[int, bool], codes: Sequence[tuple[int, int]]
) -> Secret | None:
    """Return what one number is, None when it may pass."""
    if runs.size(run) < _LEAST_CODE or run[-1].end <= page.begins:
        return None
    if not _named(page, run) and _told(page, run[0].start, codes):
        return _kind(page, run)
    excused = all(covers.get(number.start) for number in run if number.end > page.begins)
    if excused:
        return None
    left = _left(page, run, covers)
    return _kind(page, run) if left >= runs.LEAST or (left >= _LEAST_CODE and _near(page, run, codes)) else None


def _named(page: Page, run: Sequence[Digits]) -> bool:
    """Say whether a number is codes of procedures, or one with a few digits more, or the code of a dossier.

    It is none where a code to confirm something is spoken of just before.
    """
    start = run[0].start
    if cues.CODE.search(page.bare, max(page.begins, start - _NEAR_BEFORE), start):
        return False
    procedure = _PROCEDURE.match(page.bare, start)
    if procedure and runs.size(run) < _PROCEDURE_DIGITS + _LEAST_CODE:
        return True
    several = _PROCEDURES.match(page.bare, start)
    return bool(several and several.end() >= run[-1].end) or _dossier(page, run)


def _left(page: Page, run: Sequence[Digits], covers: Mapping[int, bool]) -> int:
    """Count the digits that nothing excuses. A harmless form among other digits is none."""
    total = runs.size(run)
    loose = sum(number.size for number in run if number.start not in covers)
    if loose >= _FEW and total - loose < runs.LEAST and _grown_together(page, run, covers):
        return total
    if loose >= _FEW:
        loose += sum(number.size for number in run if covers.get(number.start) is False)
    return total if loose >= _LEAST_CODE else loose


def _grown_together(page: Page, run: Sequence[Digits], covers: Mapping[int, bool]) -> bool:
    """Say whether nothing but spaces and dashes stands between something harmless and other digits."""
    return any(
        (one.start in covers) != (other.start in covers) and not _PAUSE.search(page.bare, one.end, other.start)
        for one, other in pairwise(run)
    )


def _dossier(page: Page, run: Sequence[Digits]) -> bool:
    """Say whether a number is a whole code of a dossier."""
    start = run[0].start
    return harmless.dossier(page.bare[start : start + _LONGEST_HARMLESS]) >= run[-1].end - start


def _told(page: Page, start: int, codes: Sequence[tuple[int, int]]) -> bool:
    """Say whether a code is being told just here: "mã OTP của em là"."""
    at = bisect_right(codes, start, key=lambda span: span[1])
    last = codes[at - 1][1] if at else -_NEAR_BEFORE
    return start - last < _NEAR_BEFORE and runs.telling(page.bare[last:start])


def _near(page: Page, run: Sequence[Digits], codes: Sequence[tuple[int, int]]) -> bool:
    """Say whether codes are spoken of near a number, or in an earlier message."""
    first, last = run[0].start - _NEAR_BEFORE, run[-1].end + _NEAR_BEHIND
    return any(end <= page.begins or (end > first and start < last) for start, end in codes)


def _kind(page: Page, run: Sequence[Digits]) -> Secret:
    number = page.number(run)
    about = page.bare[max(0, run[0].start - _NEAR_BEFORE) : run[0].start]
    if len(number) > _LONGEST_IDENTITY or (cues.BANK.search(about) and len(number) > _LONGEST_CODE):
        return Secret.CARD
    if _MOBILE.fullmatch(number) or (cues.CALL.search(about) and len(number) > _LONGEST_CODE):
        return Secret.PHONE
    passport = run[0].size >= _PASSPORT and page.bare[run[0].start - 1 : run[0].start].isalpha()
    return Secret.IDENTITY if len(number) > _LONGEST_CODE or passport else Secret.OTP
