"""What a case costs: the sums that apply, how many times, and the total as far as it is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.case import Answers, Truth, holds
from knowledge.procedure import Channel, LocalRule, Money, Procedure

_PER_DOSSIER = ("hồ sơ", "trường hợp", "lần", "giao dịch", "vụ việc")


@dataclass(frozen=True, slots=True)
class Line:
    """One charge or fee of a case.

    ``sure``: it applies to this case; otherwise it may, as its condition says. ``times``: how often it is counted.
    ``rule``: the provincial rule it comes from, when it is not the national one.
    """

    money: Money
    sure: bool
    times: int = 1
    rule: LocalRule | None = None

    @property
    def amount(self) -> int | None:
        """The sum in VND, or None when it is not known."""
        return None if self.money.amount is None else self.money.amount * self.times


@dataclass(frozen=True, slots=True)
class Price:
    """What a case costs one way, in VND.

    ``total`` is None unless every sum that applies is known; ``at_least`` counts those that surely apply and are known.
    """

    lines: tuple[Line, ...]
    total: int | None
    at_least: int

    @property
    def by_the_copy(self) -> str | None:
        """What the price is counted by ("bản", "trang"), or None when it does not depend on a count."""
        return next((line.money.unit for line in self.lines if counted(line.money)), None)


def counted(money: Money) -> bool:
    """Say whether a sum is due for each copy, page or person rather than once for the dossier."""
    return bool(money.unit and money.amount and not money.unit.lower().startswith(_PER_DOSSIER))


def price(procedure: Procedure, channel: Channel, answers: Answers, copies: int = 1, province: str = "") -> Price:
    """Return what ``channel`` costs under ``answers``; a rule of ``province`` (code) stands in the nation's place.

    A sum with a condition in words that no case question settles may apply or not: it is listed, but not added up.
    What costs nothing however the questions are answered costs nothing before they are.
    """
    rule = next((rule for rule in rules(procedure, channel, province) if rule.money), None)
    lines = tuple(_lines(rule.money if rule else channel.money, answers, copies, rule))
    sure = [line for line in lines if line.sure]
    known = [line.amount for line in sure if line.amount is not None]
    free = all(line.amount == 0 and (line.sure or line.money.when) for line in lines)
    exact = bool(lines) and (free or len(known) == len(lines))
    return Price(lines, sum(known) if exact else None, sum(known))


def rules(procedure: Procedure, channel: Channel, province: str) -> tuple[LocalRule, ...]:
    """Return what ``province`` has set for ``channel``, the rule made for this kind of channel first."""
    found = [r for r in procedure.local_rules if r.province == province and r.channel in (None, channel.kind)]
    return tuple(sorted(found, key=lambda rule: rule.channel is None))


def _lines(sums: Iterable[Money], answers: Answers, copies: int, rule: LocalRule | None) -> Iterable[Line]:
    for money in sums:
        truth = holds(money.when, answers)
        if truth is not Truth.NO:
            settled = truth is Truth.YES and (bool(money.when) or tiered(money) or money.condition is None)
            times = units(money, copies) if counted(money) else 1
            yield Line(money, settled, times, rule)


def tiered(money: Money) -> bool:
    """Say whether a sum is due for some of the units only, such as from the third page on."""
    return money.from_unit > 1 or money.to_unit is not None


def units(money: Money, count: int) -> int:
    """Return for how many of ``count`` units a sum is due."""
    last = count if money.to_unit is None else min(count, money.to_unit)
    return max(last - money.from_unit + 1, 0)
