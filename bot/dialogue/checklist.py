"""The checklist of one case as a message: papers to tick off, money, day, place, and what was left open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.dialogue import markup, offices, parts, wording
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared
from knowledge.case import told
from knowledge.guidance import Deadline, Guidance, Item, Way
from knowledge.price import Line, tiered
from knowledge.procedure import ChannelKind, Handling, TimeLimit

HEAD = "Hồ sơ của anh/chị: {title}"
CASE = "Trường hợp: {answers}."
UNSURE = "chưa rõ"
BARE = ("có", "không", "chưa", "rồi", "đã", "đúng", "phải")
BARE_WORDS = 2
PAPERS = "Giấy tờ cần nộp"
SHOW = "Mang theo để xuất trình, không phải nộp"
LOOKED_UP = "Cán bộ tự tra cứu, anh/chị không phải nộp"
HAVE = "đã có {have}/{all}"
NO_PAPERS = "Nguồn chưa ghi giấy tờ của thủ tục này. Anh/chị nên hỏi nơi nhận hồ sơ trước khi đi."
MORE_PAPERS = "… và {count} giấy nữa; bấm “Lưu PDF” để xem đủ."
PERHAPS = "Chỉ cần trong trường hợp riêng:"
LEFT_OPEN = "Vì chưa rõ “{question}”, danh sách này gồm cả giấy tờ của các trường hợp khác nhau."
LEFT_OPEN_MANY = "Vì còn {count} câu chưa rõ, danh sách này gồm cả giấy tờ của các trường hợp khác nhau."
MONEY = "Tiền phải nộp"
FREE = "không mất tiền"
AT_LEAST = "ít nhất {sum}, còn tùy mục dưới đây"
DEPENDS = "tùy trường hợp"
UNKNOWN_SUM = "chưa rõ số tiền, anh/chị hỏi nơi nhận hồ sơ"
TIMES = "{times} {unit} × {each}"
BY = "theo {basis}"
OF_PROVINCE = "mức của {province}, theo {basis}"
OF_SOME_PROVINCE = "mức riêng của tỉnh, theo {basis}"
ELSEWHERE = "Có tỉnh, thành phố thu mức khác. Gõ /noio ghi nơi ở, tôi tính đúng mức ở đó."
EXEMPT = "Được miễn hoặc giảm: {who}"
DONE = "Khi nào xong"
DONE_BY = "nộp {now} {way} thì {day} có kết quả"
DONE_FROM_TO = "nộp {now} {way} thì từ {first} đến {day} có kết quả, tùy trường hợp"
NOW = "hôm nay"
BY_POST = "gửi {way}, hồ sơ tới nơi {now} thì {day} có kết quả"
BY_POST_FROM_TO = "gửi {way}, hồ sơ tới nơi {now} thì từ {first} đến {day} có kết quả, tùy trường hợp"
LATER = "{done} ({condition}: {day})"
NOT_COUNTED = "nộp {way}: {note}"
NO_TIME = "chưa rõ thời hạn, anh/chị hỏi nơi nhận hồ sơ"
RECEIVED = "Giờ này cơ quan nghỉ, hồ sơ được tính là nhận lúc {moment}."
COMPLETE = "Tính từ khi hồ sơ đủ giấy tờ."
WAYS = {
    ChannelKind.IN_PERSON: "trực tiếp",
    ChannelKind.ONLINE: "qua mạng",
    ChannelKind.POST: "qua bưu điện",
}
AT = "tại {place}"
WHERE = "Nộp ở đâu"
ONLINE_AT = "qua mạng tại {portal}"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
HAS, HAS_NOT = "☑", "☐"

ROOM = 3400
"""Visible characters a checklist may have: it must stay one Telegram message, for ticks change it in place."""

_MESSAGE = 4000
MOST_PAPERS = 60
"""Papers that can be ticked off in one message; no keyboard takes many more buttons."""

_LENGTHS = tuple((name, condition, MOST_PAPERS) for name, condition in ((400, 300), (200, 120), (110, 70), (70, 40)))
_FEWER = tuple((70, 40, most) for most in (40, 30, 20, 12, 6))
_CASE = 700
_PRICE = 700


def body(guidance: Guidance, prepared: Prepared, services: Services, now: datetime, beside: int = 0) -> str:
    """Return the checklist: shorter names when it would not fit one message, then fewer papers and how many are left.

    ``beside`` visible characters stand in the same message.
    """
    room = min(ROOM, _MESSAGE - beside)
    for name, condition, most in (*_LENGTHS, *_FEWER):
        made = _body(guidance, prepared, services, now, name, condition, most)
        if markup.visible(made) <= room:
            break
    return made


def _body(
    guidance: Guidance, prepared: Prepared, services: Services, now: datetime, name: int, condition: int, most: int
) -> str:
    blocks = [
        _heading(guidance),
        papers(guidance, prepared, name, condition, most),
        left_open(guidance),
        money(guidance, services),
        time(guidance, now),
        where(guidance, services),
        parts.source(guidance.procedure, brief=True),
    ]
    return "\n\n".join(filter(None, blocks))


def _heading(guidance: Guidance) -> str:
    head = markup.bold(HEAD.format(title=markup.title(guidance.procedure, 110)))
    answered = case_words(guidance)
    told = markup.clip("; ".join(answered), _CASE)
    return f"{head}\n{markup.italic(CASE.format(answers=told))}" if answered else head


def case_words(guidance: Guidance) -> list[str]:
    """Return what was answered, one short phrase a question."""
    return [
        _answered(question.text, choice.text if choice else UNSURE)
        for question, choice in told(guidance.procedure, guidance.answers)
    ]


def _answered(question: str, answer: str) -> str:
    """Return an answer that can stand alone; a bare "có" or "chưa rõ" with its question before it."""
    bare = answer == UNSURE or (len(answer.split()) <= BARE_WORDS and answer.split()[0].lower() in BARE)
    return f"{markup.tidy(question).rstrip('?').strip()}: {markup.lower_first(answer)}" if bare else markup.tidy(answer)


def papers(
    guidance: Guidance, prepared: Prepared, name: int = 400, condition: int = 300, most: int = MOST_PAPERS
) -> str:
    """Return the papers, numbered as the buttons below number them, those one has marked; beyond ``most`` counted."""
    if not guidance.items:
        return f"{markup.bold(PAPERS)}\n{NO_PAPERS}"
    needed = guidance.needed
    have = sum(item.key in prepared.ticked for item in needed)
    lines: list[str] = []
    number = 0
    for heading, handling in ((PAPERS, Handling.HAND_IN), (SHOW, Handling.SHOW)):
        group = [item for item in needed[:most] if item.document.handling is handling]
        if group:
            count = f" ({HAVE.format(have=have, all=len(needed))})" if not lines else ""
            lines.append(markup.bold(heading) + count)
        for item in group:
            number += 1
            if not item.sure and (number == 1 or needed[number - 2].sure):
                lines.append(markup.italic(PERHAPS))
            mark = HAS if item.key in prepared.ticked else HAS_NOT
            lines.append(f"{mark} {number}. {paper(item, name, condition)}")
    if len(needed) > most:
        lines.append(markup.italic(MORE_PAPERS.format(count=len(needed) - most)))
    known = [item for item in guidance.items if item.document.handling is Handling.LOOKED_UP][:most]
    if known:
        lines.append(markup.bold(LOOKED_UP))
        lines += [f"• {paper(item, name, condition)}" for item in known]
    return "\n".join(lines)


def paper(item: Item, name: int = 400, condition: int = 300) -> str:
    """Return one paper in words, with its condition when it is not sure to be needed."""
    said = markup.escape(wording.paper(item.document, name))
    if item.sure or not item.document.condition:
        return said
    only = markup.lower_first(markup.clip(item.document.condition.rstrip("."), condition))
    return f"{said} {markup.italic(f'({only})')}"


def left_open(guidance: Guidance) -> str:
    """Say that the list is longer than it need be, because questions are not answered; empty when all are."""
    if not guidance.unsure:
        return ""
    if len(guidance.unsure) == 1:
        return markup.italic(LEFT_OPEN.format(question=guidance.unsure[0].text.rstrip(" ?")))
    return markup.italic(LEFT_OPEN_MANY.format(count=len(guidance.unsure)))


def money(guidance: Guidance, services: Services) -> str:
    """Return what the case costs, each way that differs on a line of its own, and whose rule it is."""
    groups: dict[str, list[str]] = {}
    for way in guidance.ways:
        groups.setdefault(markup.clip(price(way, services), _PRICE), []).append(_by(way, guidance))
    lines = [markup.bold(MONEY + ":")]
    if len(groups) < 2:
        lines[0] += f" {markup.escape(next(iter(groups), UNKNOWN_SUM))}"
    else:
        for said, ways in groups.items():
            by = ", ".join(dict.fromkeys(ways))
            lines.append(f"• {markup.escape(f'Nộp {by}: {said}')}")
    if guidance.procedure.local_rules and services.home is None:
        lines.append(markup.italic(ELSEWHERE))
    charged = any(line.amount != 0 for way in guidance.ways for line in way.price.lines)
    if guidance.procedure.exemptions and charged:
        who = markup.clip("; ".join(guidance.procedure.exemptions).rstrip("."), 240)
        lines.append(markup.escape(EXEMPT.format(who=who)))
    return "\n".join(lines)


def _by(way: Way, guidance: Guidance) -> str:
    """Return how one hands in: the way, or the place when two places take it that way."""
    same = [other for other in guidance.ways if other.channel.kind is way.channel.kind]
    if len(same) > 1 and way.channel.where:
        return AT.format(place=markup.clip(way.channel.where.partition(",")[0], 70))
    return WAYS[way.channel.kind]


def price(way: Way, services: Services) -> str:
    """Return the price of one way in words: the total, how it comes about, and the rule it comes from."""
    lines = way.price.lines
    if not lines:
        return UNKNOWN_SUM
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


def time(guidance: Guidance, now: datetime) -> str:
    """Return when the result is due if it is handed in now, each way that differs on a line of its own."""
    lines = list(dict.fromkeys(_time(way, _by(way, guidance), now) for way in guidance.ways)) or [NO_TIME]
    told = f"{markup.bold(DONE + ':')} {markup.escape(lines[0])}"
    if len(lines) > 1:
        told = "\n".join([markup.bold(DONE), *(f"• {markup.escape(markup.capital(line))}" for line in lines)])
    late = {way.received for way in guidance.ways if way.due and way.received > now}
    beside = [RECEIVED.format(moment=moment(max(late)))] if late else []
    beside += [COMPLETE] if any(way.due for way in guidance.ways) else []
    return f"{told}\n{markup.italic(' '.join(beside))}" if beside else told


def _time(way: Way, by: str, now: datetime) -> str:
    sure = [deadline for deadline in way.deadlines if deadline.sure]
    deadlines = sure or list(way.deadlines)
    dated = sorted(deadline.due for deadline in deadlines if deadline.due)
    if not deadlines:
        return NO_TIME
    if len(dated) < len(deadlines):
        return NOT_COUNTED.format(way=by, note="; ".join(dict.fromkeys(map(limit, deadlines))))
    said = _done(way, by, dated[0], dated[-1], now)
    late = max((each for each in way.deadlines if each.due and not each.sure), key=_when, default=None)
    if late and late.due and late.due.date() > dated[-1].date() and late.limit.condition:
        condition = markup.lower_first(late.limit.condition.rstrip("."))
        return LATER.format(done=said, condition=condition, day=day_words(late.due, now))
    return said


def _done(way: Way, by: str, first: datetime, last: datetime, now: datetime) -> str:
    """Say when the result is there; a closed counter takes nothing today, and the post arrives some other day."""
    post = way.channel.kind is ChannelKind.POST
    waits = way.channel.kind is ChannelKind.IN_PERSON and way.received.date() > now.date()
    start = f"{WEEKDAYS[way.received.weekday()]} {_date(way.received.date(), now.date())}" if waits else NOW
    one, other = day_words(first, now), day_words(last, now)
    if one == other:
        return (BY_POST if post else DONE_BY).format(now=start, way=by, day=other)
    return (BY_POST_FROM_TO if post else DONE_FROM_TO).format(now=start, way=by, first=one, day=other)


def _when(deadline: Deadline) -> datetime:
    return deadline.due or datetime.min


def limit(deadline: Deadline) -> str:
    """Return a time limit in words, its condition only when it may not apply."""
    plain: TimeLimit = deadline.limit
    if deadline.sure:
        plain = plain.model_copy(update={"condition": None})
    if plain.amount is not None:
        plain = plain.model_copy(update={"note": None})
    return markup.lower_first(wording.time_limit(plain))


def day_words(when: datetime, now: datetime) -> str:
    """Return a day as people say it, with the hour when it is today."""
    if when.date() == now.date():
        return f"{when:%H:%M} hôm nay"
    name = "ngày mai, " if when.date() == now.date() + timedelta(days=1) else ""
    return f"{name}{WEEKDAYS[when.weekday()]} {_date(when.date(), now.date())}"


def _date(when: date, today: date) -> str:
    return f"{when.day}/{when.month}" + (f"/{when.year}" if when.year != today.year else "")


def moment(when: datetime) -> str:
    """Return an hour and a day in words."""
    return f"{when:%H:%M} {WEEKDAYS[when.weekday()]} {when.day}/{when.month}"


def where(guidance: Guidance, services: Services) -> str:
    """Return where to hand in, each way on a line of its own."""
    lines = list(dict.fromkeys(_place(way, guidance, services) for way in guidance.ways))
    counter = any(way.channel.kind is ChannelKind.IN_PERSON for way in guidance.ways)
    near = offices.near(guidance.procedure, services) if counter else ""
    if len(lines) < 2:
        told = f"{markup.bold(WHERE + ':')} {lines[0]}" if lines else parts.place(guidance.procedure)
    else:
        told = "\n".join([markup.bold(WHERE), *(f"• {markup.capital(line)}" for line in lines)])
    return f"{told}\n{near}" if near else told


def _place(way: Way, guidance: Guidance, services: Services) -> str:
    if way.channel.kind is ChannelKind.ONLINE:
        return ONLINE_AT.format(portal=parts.portal(guidance.procedure, services))
    said = way.channel.where or guidance.procedure.agency or parts.PLACE_UNKNOWN
    return markup.escape(f"{WAYS[way.channel.kind]}: {markup.clip(said, 200)}")


def missing(items: Sequence[Item], prepared: Prepared) -> list[Item]:
    """Return the papers that are surely needed and not ticked."""
    return [item for item in items if item.sure and item.key not in prepared.ticked]
