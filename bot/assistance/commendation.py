"""The figures of a team made ready to be shown: words, an Excel workbook, a picture, certificates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.assistance.leading import Counted, Figures, Member, Sum
from bot.dialogue import choice, markup
from bot.office import sheet
from bot.printing.certificate import Certificate
from bot.printing.roll import Line, Roll
from knowledge.catalogue import Catalogue

HOURS, SITTINGS, TALKS, ONLINE = "giờ trực", "hồ sơ làm cùng bà con", "lượt giúp từ xa", "nộp trực tuyến"
ALL_CASES = "hồ sơ, lượt giúp"
HEADS = ("Giờ trực", "Hồ sơ", "Giúp từ xa", "Trực tuyến")
UNCLEAR = "Chưa rõ thủ tục"
OTHER = "kết quả khác"
OUTCOMES = {
    "online": "nộp trực tuyến",
    "in_person": "nộp tại bộ phận Một cửa",
    "later": "để lần sau",
    "dropped": "không nộp nữa",
    "forgotten": "bỏ dở",
    "done": "giúp từ xa xong",
    "handed": "chuyển cho cán bộ",
    "silent": "dừng giữa chừng",
    "reported": "bị phản ánh",
}
PEOPLE, PROCEDURES = "Thành viên", "Thủ tục"
COLUMNS = ("Tên", "Đội trưởng", "Giờ trực", "Hồ sơ cùng bà con", "Giúp từ xa", "Đã nộp", "Nộp trực tuyến", "Tỷ lệ (%)")
COUNTED = ("Mã thủ tục", "Thủ tục", "Kết quả", "Số lượt")
TOTAL = "Cộng"

_NONE = "–"


@dataclass(frozen=True, slots=True)
class Named:
    """What a team is called, and its commune in full."""

    team: str
    commune: str


def decimal(number: float) -> str:
    """Return a number as people in Vietnam write it, with one decimal when it has any: "34,5", "12"."""
    return f"{number:.1f}".removesuffix(".0").replace(".", ",")


def per_cent(share: int | None) -> str:
    """Return a share; a dash when there is nothing to share."""
    return _NONE if share is None else f"{share}%"


def facts(total: Sum) -> tuple[tuple[str, str], ...]:
    """Return the sums with what each counts."""
    return (
        (decimal(total.hours), HOURS),
        (str(total.sittings), SITTINGS),
        (str(total.talks), TALKS),
        (per_cent(total.share), ONLINE),
    )


def outcome(counted: Counted) -> str:
    """Return an outcome in words."""
    return OUTCOMES.get(counted.outcome, OTHER)


def procedure(code: str | None, catalogue: Catalogue) -> str:
    """Return what people call a procedure."""
    record = catalogue.get(code or "")
    return markup.capital(choice.everyday(record)) if record else (code or UNCLEAR)


def by_procedure(figures: Figures, catalogue: Catalogue) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return each procedure with how often it came to which outcome, the most frequent procedure first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for each in figures.counted:
        found.setdefault(procedure(each.procedure, catalogue), []).append((each.count, outcome(each)))
    return sorted(found.items(), key=lambda item: (-sum(count for count, _ in item[1]), item[0]))


def roll(figures: Figures, named: Named) -> Roll:
    """Return the picture of a team's months: who did most stands first."""
    lines = [Line(each.name, _numbers(each.sum)) for each in ranked(figures.members) if each.sum]
    return Roll(named.team, named.commune, figures.span.label, facts(figures.total), HEADS, lines)


def ranked(members: Iterable[Member]) -> list[Member]:
    """Return members in the order of what they did: cases and talks, then hours."""
    return sorted(members, key=lambda each: (-each.sum.cases, -each.sum.minutes, each.name, each.id))


def _numbers(done: Sum) -> tuple[str, ...]:
    return decimal(done.hours), str(done.sittings), str(done.talks), per_cent(done.share)


def certified(members: Iterable[Member], figures: Figures, named: Named) -> list[Certificate]:
    """Return the certificates of those members who did anything: nothing is confirmed that was not counted."""
    return [
        Certificate(each.name, named.team, named.commune, figures.span.during, _confirmed(each.sum))
        for each in members
        if each.sum
    ]


def _confirmed(done: Sum) -> tuple[tuple[str, str], ...]:
    told = [(decimal(done.hours), HOURS)] if done.minutes else []
    if done.cases:
        told.append((str(done.cases), ALL_CASES))
    if done.share is not None:
        told.append((per_cent(done.share), ONLINE))
    return tuple(told)


def workbook(figures: Figures, catalogue: Catalogue) -> bytes:
    """Return the months of a team as Excel: who did what, and how cases of each procedure ended."""
    people: list[sheet.Row] = [person_row(each.name, each.leader, each.sum) for each in ranked(figures.members)]
    people.append(person_row(TOTAL, False, figures.total))
    return sheet.as_book([(PEOPLE, COLUMNS, people), (PROCEDURES, COUNTED, counted_rows(figures, catalogue))])


def counted_rows(figures: Figures, catalogue: Catalogue) -> list[sheet.Row]:
    """Return the rows of the sheet of procedures."""
    return [
        (each.procedure or "", procedure(each.procedure, catalogue), outcome(each), each.count)
        for each in figures.counted
    ]


def person_row(name: str, leader: bool, done: Sum) -> sheet.Row:
    """Return a row of the sheet of people; a share of nothing stays empty."""
    share = "" if done.share is None else done.share
    return name, "x" if leader else "", done.hours, done.sittings, done.talks, done.filed, done.online, share
