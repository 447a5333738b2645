"""Sides of a procedure that no part of a record is named after: may somebody else go, copies or originals, who signs.

They are asked of the procedure on the screen ("nộp thay được không", "cần mấy bản", "ai ký"), and answered only by what
its record says.
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.dialogue import card, markup, papers, parts, sections, smalltalk
from bot.dialogue.action import Action, Verb
from bot.dialogue.phrases import Phrases, bare, groups, words
from bot.dialogue.services import Services
from bot.dialogue.turn import Button, Message
from knowledge.procedure import CaseQuestion, ChannelKind, Procedure, RequiredDocument
from knowledge.vietnamese import fold


class Side(StrEnum):
    """What may be asked of a procedure beside its facets."""

    PROXY = "proxy"
    COPIES = "copies"
    SIGNER = "signer"
    MORE = "more"
    HOURS = "hours"
    VALIDITY = "validity"
    LATE = "late"
    BENEFIT = "benefit"
    ANYWHERE = "anywhere"


PROXY = "Nhờ người khác đi thay"
NO_PROXY = (
    "Nguồn không ghi có được nhờ người khác đi thay hay không. Anh/chị hỏi nơi nhận hồ sơ trước khi đi, kẻo mất công."
)
NOTHING_MORE = "nguồn không ghi phải thêm giấy nào."
WITH = "thêm {papers}."
ONLINE = "Nộp hồ sơ qua mạng được, tại {portal}."
BY_POST = "Gửi hồ sơ qua bưu điện cũng được."
VALIDITY = "Thời hạn sử dụng của kết quả"
LATE = "Làm muộn, quá hạn"
BENEFIT = "Số tiền được nhận"
NOT_SAID = "Nguồn không ghi. Anh/chị hỏi giúp nơi nhận hồ sơ."
HOURS = "Mỗi nơi có thể khác đôi chút, anh/chị gọi hỏi trước khi đi, hoặc gõ “giờ làm việc” để xem giờ chung."
AGENCY = "Cơ quan giải quyết và ký kết quả"

_MOST_SENTENCES = 4
_LONGEST = 260
_GROUPS = groups("sides.txt")
_PHRASES = {side: Phrases(_GROUPS[side]) for side in Side}
_NAME_NO_NEED = frozenset(each for entries in _GROUPS.values() for entry in entries for each in (entry, bare(entry)))
_WHO_GOES = re.compile(r"^ai (?:sẽ )?(?:đi|nộp|làm|xin)\b", re.IGNORECASE)
_OPENS = re.compile(r"\bthứ (?:\d|hai|bảy)\b|\bgiờ hành chính\b|\bchủ nhật\b", re.IGNORECASE)
_LASTS = r"hiệu lực|giá trị (?:sử dụng|trong|đến)|thời hạn .{0,40}\b(?:năm|tháng|ngày)\b|gia hạn|hết hạn"
_IS_LATE = r"quá hạn|quá \d+ ngày|trễ hạn|\bmuộn\b|xử phạt|bị phạt|phạt tiền|trong (?:thời hạn )?\d+ ngày kể từ"
_SUM = r"\d[\d.,]*\s*(?:đồng|triệu)|lần mức (?:lương|chuẩn|tham chiếu)|tháng lương|% mức"
_OF_SENTENCES = {
    Side.BENEFIT: (BENEFIT, re.compile(_SUM, re.IGNORECASE)),
    Side.VALIDITY: (VALIDITY, re.compile(_LASTS, re.IGNORECASE)),
    Side.LATE: (LATE, re.compile(_IS_LATE, re.IGNORECASE)),
}
_KIN = (
    r"con (?:gai|trai|dau|re|toi|em|minh|tui)|vo|chong|me|bo|cha|anh (?:toi|em)|chi (?:toi|em)|em (?:toi|gai|trai)|"
    r"chau (?:toi|noi|ngoai)|nguoi (?:nha|than|khac)"
)
_KIN_MAY = re.compile(
    rf"\b(?:{_KIN})(?: (?:toi|em|minh|tui|chau|con))? (?:di |ra |len )?(?:di|nop|lam|lay|nhan) (?:co )?duoc "
    r"(?:khong|ko|k|hong|hok)\b"
)
_SPEAKS_OF_IT = re.compile(
    r"ủy quyền|uỷ quyền|nộp thay|làm thay|đi thay|ký thay|nộp hộ|thay mặt|nhờ người|người đại diện|đích thân|chính chủ|"
    r"có mặt|tự mình|trực tiếp đến|đến trực tiếp",
    re.IGNORECASE,
)


def asked(text: str) -> tuple[Side, ...]:
    """Return the sides a text asks about, in the order of ``Side``."""
    named = {side for side, phrases in _PHRASES.items() if phrases.within(text)}
    if _KIN_MAY.search(fold(" ".join(words(text)))):
        named.add(Side.PROXY)
    return tuple(side for side in Side if side in named)


def told(procedure: Procedure, sides: tuple[Side, ...]) -> tuple[Side, ...]:
    """Return those sides of which a record can tell: hours only where it has some."""
    return tuple(side for side in sides if side is not Side.HOURS or _hours(procedure))


def _hours(procedure: Procedure) -> tuple[str, ...]:
    """Return the counters of a record of which it says when they are open."""
    kinds = (channel for channel in procedure.channels if channel.kind is ChannelKind.IN_PERSON)
    return tuple(each.where for each in kinds if each.where and _OPENS.search(each.where))


def nothing_else(text: str) -> bool:
    """Say whether a text asks about a side and names no need: "con gái tôi đi làm thay được không"."""
    return bool(set(asked(text)) - {Side.HOURS}) and names_no_need(text)


def names_no_need(text: str) -> bool:
    """Say whether a text only asks, whoever is named in it: "mẹ tôi cần mang gì"."""
    return smalltalk.only_asks(text, _NAME_NO_NEED)


def answer(procedure: Procedure, sides: tuple[Side, ...], services: Services) -> Message:
    """Answer what was asked about those sides of a procedure, with all its papers when that was among it."""
    listed = Side.COPIES in sides or Side.MORE in sides
    blocks = [parts.heading(procedure)]
    blocks += [proxy(procedure, services)] if Side.PROXY in sides else []
    blocks += [_signer(procedure)] if Side.SIGNER in sides else []
    blocks += [f"{parts.place(procedure)}\n{HOURS}"] if Side.HOURS in sides else []
    blocks += [_sentences(*_OF_SENTENCES[side], procedure) for side in sides if side in _OF_SENTENCES]
    blocks += [f"{parts.place(procedure)}\n{parts.online(procedure, services)}"] if Side.ANYWHERE in sides else []
    blocks += [papers.full(procedure)] if listed else []
    blocks.append(parts.source(procedure, brief=True))
    back = Button(sections.BACK, Action(Verb.SHOW, procedure.code).payload())
    rows = card.buttons(procedure, services, also=() if listed else (Verb.SHOW,))
    return Message("\n\n".join(blocks), ((back,), *rows) if listed else rows)


def proxy(procedure: Procedure, services: Services) -> str:
    """Say what the record says of somebody else going: by who goes, else by papers and sentences that speak of it."""
    question = _who_goes(procedure)
    lines = _by_choice(question, procedure) if question else _spoken_of(procedure)
    kinds = {channel.kind for channel in procedure.channels}
    told = [f"• {markup.escape(line)}" for line in lines] or [markup.escape(NO_PROXY)]
    if ChannelKind.ONLINE in kinds:
        told.append(ONLINE.format(portal=parts.portal(procedure, services)))
    if ChannelKind.POST in kinds:
        told.append(BY_POST)
    return "\n".join([markup.bold(PROXY), *told])


def _who_goes(procedure: Procedure) -> CaseQuestion | None:
    """Return the case question that asks who goes, when the record has one."""
    return next((each for each in procedure.questions if _WHO_GOES.search(each.text)), None)


def _by_choice(question: CaseQuestion, procedure: Procedure) -> list[str]:
    """Return a line for each answer to who goes: what is handed in more, and what to know."""
    lines = []
    for choice in question.choices:
        more = [each for each in procedure.documents if _only_for(each, question, choice.id)]
        names = "; ".join(markup.lower_first(each.name) for each in more)
        said = WITH.format(papers=names) if names else NOTHING_MORE
        lines.append(f"{choice.text}: {said}" + (f" {choice.note}" if choice.note else ""))
    return lines


def _only_for(document: RequiredDocument, question: CaseQuestion, choice: str) -> bool:
    """Say whether a paper is there because of that answer: asked for with it, and not with every answer."""
    wanted = document.when.get(question.id, ())
    return choice in wanted and len(wanted) < len(question.choices)


def _spoken_of(procedure: Procedure) -> list[str]:
    """Return the papers and sentences of a record that speak of somebody else going, or of having to go oneself."""
    held = [each for each in procedure.documents if _speaks(f"{each.name}. {each.condition or ''}")]
    told = [f"{each.name} ({each.condition})" if each.condition else each.name for each in held]
    told += [each for each in (*procedure.conditions, *procedure.step_texts) if _speaks(each)]
    return [markup.clip(each, _LONGEST) for each in dict.fromkeys(told)][:_MOST_SENTENCES]


def _speaks(text: str) -> bool:
    return _SPEAKS_OF_IT.search(text) is not None


def _sentences(heading: str, about: re.Pattern[str], procedure: Procedure) -> str:
    """Tell under a heading what the sentences of a record say of something."""
    said = [*procedure.results, *procedure.conditions, *procedure.step_texts]
    said += [each.condition for channel in procedure.channels for each in channel.money if each.condition]
    found = [each for each in dict.fromkeys(said) if about.search(each)][:_MOST_SENTENCES]
    lines = [f"• {markup.escape(markup.capital(markup.clip(each, _LONGEST)))}" for each in found]
    return "\n".join([markup.bold(heading), *(lines or [NOT_SAID])])


def _signer(procedure: Procedure) -> str:
    """Say who decides; where to hand in stands below it when that is another place."""
    if not procedure.agency:
        return parts.place(procedure)
    return f"{markup.bold(AGENCY + ':')} {markup.escape(procedure.agency)}\n{parts.place(procedure)}"
