"""The parts of an answer about one procedure: money, time, place, online, steps, law, conditions, source.

Each function returns a block of small HTML with its heading, or an empty string when the record says nothing.
"""

from __future__ import annotations

from bot.dialogue import markup, wording
from bot.dialogue.services import Services
from knowledge.procedure import ChannelKind, Level, Procedure

TIME = "Thời hạn"
PLACE = "Nơi nộp"
AGENCY = "Cơ quan giải quyết"
ONLINE = "Làm trực tuyến"
ONLINE_YES = "được, tại {portal}."
ONLINE_NO = "nguồn không ghi cách nộp trực tuyến, anh/chị nộp trực tiếp."
ONLINE_UNKNOWN = "nguồn không ghi, anh/chị hỏi nơi nhận hồ sơ."
PORTAL = "Cổng Dịch vụ công quốc gia"
AT_PORTAL = "trang của thủ tục này trên Cổng Dịch vụ công quốc gia"
STEPS = "Các bước"
LEGAL = "Căn cứ pháp lý"
TERMS = "Điều kiện"
RESULT = "Kết quả nhận được"
EXEMPT = "Được miễn hoặc giảm"
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
UNVERIFIED = "chưa kiểm chứng với nguồn thứ hai, anh/chị nên hỏi lại trước khi đi."
BEWARE = "Lưu ý: {warning}"
PROVINCIAL = "Thủ tục này do một tỉnh công bố, nơi khác có thể không có."


def heading(procedure: Procedure, with_summary: bool = False) -> str:
    lines = [markup.bold(markup.title(procedure)), f"{CODE}: <code>{procedure.code}</code>"]
    if procedure.provincial:
        lines.append(markup.italic(PROVINCIAL))
    if with_summary and procedure.summary:
        lines.append(markup.escape(markup.clip(procedure.summary, 160)))
    return "\n".join(lines)


def money(procedure: Procedure) -> str:
    """What it costs by channel, channels that cost the same told together, and who pays less."""
    block = _by_channel(wording.money_heading(procedure), procedure, wording.money_lines, wording.UNKNOWN_SUM)
    if procedure.exemptions:
        block += f"\n{EXEMPT}: {markup.escape(markup.clip('; '.join(procedure.exemptions), 300))}"
    return block


def time(procedure: Procedure) -> str:
    return _by_channel(TIME, procedure, wording.time_lines, wording.UNKNOWN_TIME)


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


def place(procedure: Procedure) -> str:
    """Where to go: what the record says of going in person, else who decides, else the level."""
    counters = [c.where for c in procedure.channels if c.kind is ChannelKind.IN_PERSON and c.where]
    levels = "; ".join(LEVELS[level] for level in procedure.levels if level in LEVELS)
    said = "; ".join(dict.fromkeys(counters)) or procedure.agency or levels or PLACE_UNKNOWN
    name = AGENCY if procedure.agency and not counters else PLACE
    return f"{markup.bold(name + ':')} {markup.escape(markup.clip(said, 300))}"


def online(procedure: Procedure, services: Services) -> str:
    if any(channel.kind is ChannelKind.ONLINE for channel in procedure.channels):
        return f"{markup.bold(ONLINE + ':')} {ONLINE_YES.format(portal=portal(procedure, services))}"
    return f"{markup.bold(ONLINE + ':')} {ONLINE_NO if procedure.channels else ONLINE_UNKNOWN}"


def portal(procedure: Procedure, services: Services) -> str:
    """Return a link to the procedure's own page when the record has one, else to the portal's front page."""
    if procedure.source.url:
        return markup.link(AT_PORTAL if "dichvucong.gov.vn" in procedure.source.url else PORTAL, procedure.source.url)
    return markup.link(PORTAL, services.portal_url)


def steps(procedure: Procedure) -> str:
    return _listed(STEPS, procedure.steps, numbered=True)


def results(procedure: Procedure) -> str:
    return _listed(RESULT, procedure.results) if procedure.results else ""


def terms(procedure: Procedure) -> str:
    return _listed(TERMS, procedure.conditions)


def legal(procedure: Procedure) -> str:
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


def source(procedure: Procedure) -> str:
    """One line: where and when the facts were read, and whether a second source agrees; then known defects."""
    read = SOURCE.format(name=procedure.source.name, day=wording.day(procedure.source.read_on))
    lines = [markup.italic(f"{read}; {VERIFIED if procedure.source.verified else UNVERIFIED}")]
    if procedure.warnings:
        lines.append(markup.italic(BEWARE.format(warning=markup.clip("; ".join(procedure.warnings), 200))))
    return "\n".join(lines)
