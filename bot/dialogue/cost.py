"""What a case costs, in words: each way to hand in, how the sum comes about, and whose rule it is."""

from __future__ import annotations

from collections.abc import Iterable

from bot.dialogue import markup, ways, wording
from bot.dialogue.services import Services
from knowledge.guidance import Guidance, Way
from knowledge.price import Line, tiered

MONEY = "Tiền phải nộp"
FREE = "không mất tiền"
AT_LEAST = "ít nhất {sum}, còn tùy mục dưới đây"
DEPENDS = "tùy trường hợp"
TIMES = "{times} {unit} × {each}"
BY = "theo {basis}"
OF_PROVINCE = "mức của {province}, theo {basis}"
OF_SOME_PROVINCE = "mức riêng của tỉnh, theo {basis}"
ELSEWHERE = "Có tỉnh, thành phố thu mức khác. Gõ /noio ghi nơi ở, tôi tính đúng mức ở đó."
EXEMPT = "Được miễn hoặc giảm: {who}"
_PRICE = 700


def money(guidance: Guidance, services: Services) -> str:
    """Return what the case costs, each way that differs on a line of its own, and whose rule it is."""
    groups: dict[str, list[str]] = {}
    for way in guidance.ways:
        groups.setdefault(markup.clip(price(way, services), _PRICE), []).append(ways.by(way, guidance))
    lines = [markup.bold(MONEY + ":")]
    if len(groups) < 2:
        lines[0] += f" {markup.escape(next(iter(groups), wording.UNKNOWN_SUM))}"
    else:
        for said, kinds in groups.items():
            by = ", ".join(dict.fromkeys(kinds))
            lines.append(f"• {markup.escape(f'Nộp {by}: {said}')}")
    if guidance.procedure.local_rules and services.home is None:
        lines.append(markup.italic(ELSEWHERE))
    charged = any(line.amount != 0 for way in guidance.ways for line in way.price.lines)
    if guidance.procedure.exemptions and charged:
        who = markup.clip("; ".join(guidance.procedure.exemptions).rstrip("."), 240)
        lines.append(markup.escape(EXEMPT.format(who=who)))
    return "\n".join(lines)


def price(way: Way, services: Services) -> str:
    """Return the price of one way in words: the total, how it comes about, and the rule it comes from."""
    lines = way.price.lines
    if not lines:
        return wording.UNKNOWN_SUM
    told = [_sum(line) for line in lines if line.times]
    rule = _rule(lines, services)
    if way.price.total == 0:
        return FREE + (f" ({rule})" if rule else "")
    if way.price.total is None:
        lead = AT_LEAST.format(sum=wording.vnd(way.price.at_least)) if way.price.at_least else DEPENDS
        only = told[0] if len(told) == 1 else f"{lead}: {'; '.join(told)}"
        return only + (f" ({rule})" if rule else "")
    total = wording.vnd(way.price.total)
    details = told if len(lines) > 1 or lines[0].times > 1 else []
    beside = "; ".join(filter(None, ("; ".join(details), rule)))
    return total + (f" ({beside})" if beside else "")


def _sum(line: Line) -> str:
    money = line.money
    if money.amount and money.unit and (line.times > 1 or (tiered(money) and line.times)):
        said = TIMES.format(times=line.times, unit=money.unit, each=wording.vnd(money.amount))
        return said if line.sure or not money.condition else f"{said}, {markup.lower_first(money.condition)}"
    plain = money.model_copy(update={"condition": None, "note": None}) if line.sure and money.amount else money
    return wording.money(plain.model_copy(update={"note": None}) if money.amount is not None else plain)


def _rule(lines: Iterable[Line], services: Services) -> str:
    """Return whose rule the sums are: a province's, with its name, or the nation's act when the record names it."""
    for line in lines:
        if line.rule:
            name = services.provinces.get(line.rule.province)
            known = OF_PROVINCE.format(province=name, basis=line.rule.basis) if name else ""
            return known or OF_SOME_PROVINCE.format(basis=line.rule.basis)
    bases = dict.fromkeys(line.money.basis for line in lines if line.money.basis)
    return BY.format(basis=", ".join(bases)) if bases else ""
