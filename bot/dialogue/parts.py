"""The parts of an answer about one procedure: money, time, place, online, steps, law, conditions, source.

Each function returns a block of small HTML with its heading, or an empty string when the record says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.dialogue import markup, wording
from bot.dialogue.services import Services
from knowledge.procedure import Channel, ChannelKind, Level, Procedure

TIME = "Thời hạn"
PLACE = "Nơi nộp"
AGENCY = "Cơ quan giải quyết"
ONLINE = "Làm trực tuyến"
ONLINE_YES = "được, tại {portal}."
ONLINE_NO = "nguồn không ghi cách nộp trực tuyến, anh/chị nộp trực tiếp."
ONLINE_UNKNOWN = "nguồn không ghi, anh/chị hỏi nơi nhận hồ sơ."
PORTAL = "Cổng Dịch vụ công quốc gia"
STEPS = "Các bước"
LEGAL = "Căn cứ pháp lý"
TERMS = "Điều kiện"
RESULT = "Kết quả nhận được"
EXEMPT = "Được miễn hoặc giảm"
MORE_LINES = "và {count} mức khác, xem chi tiết"
MOST_LINES = 3
EXEMPT_BRIEF = "Có người được miễn hoặc giảm."
NOTHING = "Nguồn chưa ghi mục này. Anh/chị hỏi giúp nơi nhận hồ sơ."
CODE = "Mã thủ tục"
DECISION = "Quyết định công bố"
PLACE_UNKNOWN = "Nguồn chưa ghi rõ. Anh/chị có thể hỏi ở bộ phận Một cửa của xã, phường gần nhất."
LEVELS = {
    Level.COMMUNE: "bộ phận Một cửa (trung tâm phục vụ hành chính công) của xã, phường",
    Level.PROVINCE: "trung tâm phục vụ hành chính công của tỉnh, thành phố",
    Level.MINISTRY: "bộ, cơ quan trung ương",
}
SOURCE = "Nguồn: {name}, đọc ngày {day}"
VERIFIED = "đã đối chiếu nguồn thứ hai."
UNVERIFIED = "chưa kiểm chứng, anh/chị nên hỏi lại trước khi đi."
BEWARE = "Lưu ý: {warning}"
PROVINCIAL = "Thủ tục này do một tỉnh công bố, nơi khác có thể không có."


def heading(procedure: Procedure, with_summary: bool = False) -> str:
    """Return name and code, whether it is a province's own, and what it is for when ``with_summary``."""
    lines = [markup.bold(markup.title(procedure, 130)), f"{CODE}: <code>{procedure.code}</code>"]
    if procedure.provincial:
        lines.append(markup.italic(PROVINCIAL))
    if with_summary and procedure.summary:
        lines.append(markup.escape(markup.clip(procedure.summary, 130)))
    return "\n".join(lines)


def money(procedure: Procedure, brief: bool = False) -> str:
    """What it costs by channel, channels that cost the same told together, and who pays less."""
    read = partial(_first, wording.money_lines) if brief else wording.money_lines
    block = _by_channel(wording.money_heading(procedure), procedure, read, wording.UNKNOWN_SUM)
    if procedure.exemptions:
        block += "\n" + markup.escape(EXEMPT_BRIEF if brief else f"{EXEMPT}: {'; '.join(procedure.exemptions)}.")
    return block


def time(procedure: Procedure, brief: bool = False) -> str:
    """Return how long it takes, each way of handing in that differs; ``brief``: the first few limits only."""
    read = partial(_first, wording.time_lines) if brief else wording.time_lines
    return _by_channel(TIME, procedure, read, wording.UNKNOWN_TIME)


def _first(read: Callable[[Channel, bool], tuple[str, ...]], channel: Channel) -> tuple[str, ...]:
    """Return the first few brief lines of a channel, and how many more there are."""
    lines = read(channel, True)
    if len(lines) <= MOST_LINES:
        return lines
    return (*lines[: MOST_LINES - 1], MORE_LINES.format(count=len(lines) - MOST_LINES + 1))


def _by_channel(name: str, procedure: Procedure, read: wording.Read, unknown: str) -> str:
    groups = wording.by_channel(procedure, read) if procedure.channels else [("", (unknown,))]
    if len(groups) == 1 and len(groups[0][1]) == 1:
        return f"{markup.bold(name + ':')} {markup.escape(groups[0][1][0])}"
    lines = [markup.bold(name)]
    for label, said in groups:
        if label and len(said) == 1:
            lines.append(f"• {markup.escape(f'{label}: {markup.lower_first(said[0])}')}")
            continue
        lines += [f"• {markup.escape(label)}:"] if label else []
        lines += [("   – " if label else "• ") + markup.escape(markup.capital(line)) for line in said]
    return "\n".join(lines)


def place(procedure: Procedure, brief: bool = False) -> str:
    """Where to go: what the record says of going in person, else who decides, else the level."""
    counters = [c.where for c in procedure.channels if c.kind is ChannelKind.IN_PERSON and c.where]
    levels = "; ".join(LEVELS[level] for level in procedure.levels if level in LEVELS)
    said = "; ".join(dict.fromkeys(counters)) or procedure.agency or levels or PLACE_UNKNOWN
    name = AGENCY if procedure.agency and not counters else PLACE
    short = markup.clip(said.partition(";")[0], 110) if brief else markup.clip(said, 400)
    return f"{markup.bold(name + ':')} {markup.escape(short)}"


def online(procedure: Procedure, services: Services) -> str:
    """Say whether it can be handed in online, and where, or that the source does not say."""
    if any(channel.kind is ChannelKind.ONLINE for channel in procedure.channels):
        return f"{markup.bold(ONLINE + ':')} {ONLINE_YES.format(portal=portal(procedure, services))}"
    return f"{markup.bold(ONLINE + ':')} {ONLINE_NO if procedure.channels else ONLINE_UNKNOWN}"


def portal(procedure: Procedure, services: Services) -> str:
    """Return a link to the procedure's own page when the record has one, else to the portal's front page."""
    return markup.link(PORTAL, procedure.source.url or services.portal_url)


def steps(procedure: Procedure) -> str:
    """Return the steps, numbered."""
    return _listed(STEPS, procedure.step_texts, numbered=True)


def results(procedure: Procedure) -> str:
    """Return what one gets; empty when the source does not say."""
    return _listed(RESULT, procedure.results) if procedure.results else ""


def terms(procedure: Procedure) -> str:
    """Return the conditions one has to meet."""
    return _listed(TERMS, procedure.conditions)


def legal(procedure: Procedure) -> str:
    """Return the acts it rests on, and the decision that announced it."""
    acts = tuple(
        basis.title if basis.number.lower() in basis.title.lower() else f"{basis.number}: {basis.title}"
        for basis in procedure.legal_basis
    )
    block = _listed(LEGAL, acts)
    return f"{block}\n{DECISION}: {markup.escape(procedure.decision)}" if procedure.decision else block


def _listed(name: str, lines: tuple[str, ...], numbered: bool = False) -> str:
    if not lines:
        return f"{markup.bold(name)}\n{NOTHING}"
    marks = [f"{n}." for n in range(1, len(lines) + 1)] if numbered else ["•"] * len(lines)
    told = [f"{mark} {markup.escape(markup.capital(line))}" for mark, line in zip(marks, lines, strict=True)]
    return "\n".join([markup.bold(name), *told])


def source(procedure: Procedure, brief: bool = False) -> str:
    """One line: where and when the facts were read, and whether a second source agrees; then known defects."""
    read = SOURCE.format(name=procedure.source.name, day=wording.day(procedure.source.read_on))
    lines = [markup.italic(f"{read}; {VERIFIED if procedure.source.verified else UNVERIFIED}")]
    if procedure.warnings:
        told = markup.clip(procedure.warnings[0], 110) if brief else " ".join(procedure.warnings)
        lines.append(markup.italic(BEWARE.format(warning=told)))
    return "\n".join(lines)
