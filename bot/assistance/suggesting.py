"""/gopy: what kind, in one's own words, about which commune, a last look; and how far it is, by its code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.assistance import feedback
from bot.assistance.assent import assents
from bot.assistance.catching.judging import caught
from bot.assistance.catching.refusal import explanation
from bot.assistance.feedback import MOST_A_DAY, Item, Kind, Status
from bot.assistance.pressing import button, pressed
from bot.assistance.tables import FeedbackState, Side
from bot.dialogue import markup, picking, smalltalk
from bot.dialogue.session import Session
from bot.dialogue.smalltalk import Talk
from bot.dialogue.turn import Button, Message, Reply, TurnKind
from bot.moment import Flow, Moment, Outcome, added
from bot.privacy import anonymous
from knowledge.calendar import VIETNAM
from knowledge.places import Commune
from knowledge.vietnamese import fold, normalise

KINDS: dict[str, str] = {
    Kind.SUGGESTION: "Góp ý",
    Kind.COMPLAINT: "Phản ánh",
    Kind.REQUEST: "Kiến nghị",
}
BY_LAW = "Khiếu nại, tố cáo theo luật thì phải gửi đơn đúng thủ tục; góp ý ở đây không thay cho đơn ấy."
ASK_KIND = (
    "Anh/chị gửi đến cán bộ:\n"
    "• <b>Góp ý</b>: nên làm tốt hơn thế nào.\n"
    "• <b>Phản ánh</b>: việc chưa đúng, chưa hay đã gặp.\n"
    "• <b>Kiến nghị</b>: việc mong được giải quyết.\n\n" + BY_LAW
)
ASK_TEXT = (
    "Anh/chị gõ vào một tin: việc gì, ở bộ phận nào, hôm nào. Không cần ghi tên mình.\n\n"
    "<i>Xin đừng ghi số giấy tờ, số điện thoại. Tên người sẽ được ẩn đi.</i>"
)
ASK_PLACE = "Việc này ở xã, phường nào? Anh/chị gõ tên, hoặc bấm “Không nêu nơi”."
NO_PLACE = "Tôi không thấy xã, phường ấy. Anh/chị gõ lại, thêm tên tỉnh, hoặc bấm “Không nêu nơi”."
WHICH_PLACE = "Anh/chị chọn xã, phường:"
LOOK = "Tôi sẽ gửi đến cán bộ:\n<b>{kind}</b>{place}\n<blockquote>{text}</blockquote>"
HERE = ", {place}"
SEND, ELSEWHERE, NOWHERE, DROP = "Gửi", "Nơi khác", "Không nêu nơi", "Thôi"
SENT = (
    "Đã gửi. Mã của anh/chị: <code>{code}</code>\n"
    "Có trả lời, tôi báo anh/chị tại đây. Muốn xem đến đâu, gõ: /gopy {code}"
)
DROPPED = "Vâng, tôi không gửi. Muốn góp ý lúc nào, anh/chị gõ /gopy."
TOO_SHORT = "Anh/chị viết rõ hơn một chút giúp, ít nhất là một câu."
ENOUGH = "Hôm nay anh/chị đã gửi {most} lần. Mai anh/chị gửi tiếp giúp."
IN_GROUP = "Góp ý riêng thì nhắn cho tôi trong khung trò chuyện riêng, đừng nhắn trong nhóm."
LOST = "Tôi không còn nhớ góp ý đang viết dở. Mình làm lại từ đầu."
UNKNOWN = "Không có góp ý nào mang mã này. Anh/chị xem lại từng chữ giúp, ví dụ: /gopy PA-7K3M9Y."
STATUS = "<b>{kind}</b> mã <code>{code}</code>, gửi ngày {day}: {state}."
STATES = {
    FeedbackState.NEW: "đã nhận, đang chờ cán bộ xem",
    FeedbackState.TAKEN: "cán bộ đang xem xét",
    FeedbackState.ANSWERED: "đã có trả lời",
    FeedbackState.CLOSED: "đã khép lại",
}
ANSWER = "Trả lời của cán bộ:\n<blockquote>{answer}</blockquote>"
TOLD = "{head} mã <code>{code}</code> của anh/chị đã có trả lời.\n<blockquote>{answer}</blockquote>"
LEAD = "Muốn phản ánh, góp ý về cán bộ hay việc phục vụ, anh/chị bấm nút dưới đây. " + BY_LAW
OPEN = "Gửi góp ý, phản ánh"
HELD = "(tin không được giữ)"

LONGEST, SHORTEST = 1000, 12
MOST_PLACES = 4
OURS = "say:"
"""What we await begins so."""
_TEXT, _PLACE, _SURE = "say:text", "say:place", "say:sure"
_LABEL = 40
_KIND, _WORDS, _WHERE, _SHOWN = "say kind", "say text", "say commune", "say shown"
_KEYS = frozenset((_KIND, _WORDS, _WHERE, _SHOWN))
_ANGRY = re.compile(
    r"\b(?:phan anh|kien nghi|gop y|khieu nai|to cao|thai do|hach sach|nhung nhieu|sach nhieu|voi vinh|voi tien|"
    r"hanh dan|lam kho|doi hoi lo|quat nat)\b"
)
_AT_WHOM = re.compile(
    r"\b(?:can bo|cong chuc|nhan vien|mot cua|tiep dan|tiep nhan|phuc vu|lanh dao|chu tich|cong an|uy ban|ubnd|ong ay|"
    r"ba ay|ho so|tro ly)\b"
)
_WANTS = re.compile(
    r"\b(?:toi|em|minh|chau|con|tui|cho|xin|can|muon) (?:muon |xin |can )?(?:phan anh|gop y|kien nghi|to cao)\b"
)
_ASKS = re.compile(r"\bthu tuc\b|\bgiay to\b|\bho so gom\b|\bmau don\b")


async def take(moment: Moment) -> Outcome | None:
    """Answer /gopy, our buttons, and what is typed in answer to our questions."""
    turn, session = moment.turn, moment.session
    if turn.kind is TurnKind.COMMAND:
        return await _command(moment) if turn.command == "gopy" else None
    if turn.kind is TurnKind.TEXT:
        if code := feedback.code_in(turn.value):
            return await _far(moment, code)
        if session.awaiting == _TEXT:
            return await _said(moment)
        if session.awaiting == _SURE:
            return await _settled(moment, assents(turn.value))
        return _placed(moment) if session.awaiting == _PLACE else None
    match pressed(turn):
        case ("say",):
            return await _open(moment)
        case ("saydrop",):
            return _say(moment, DROPPED)
        case ("saykind", kind) if kind in KINDS:
            return _ask_text(moment, kind)
        case ("sayplace" | "saynone" | "sayat" | "saysend" as word, *rest):
            return await _further(moment, word, "".join(rest))
    return None


async def after(moment: Moment, reply: Reply, session: Session) -> Outcome:
    """Lead here whoever complains of somebody in so many words; forget a draft that was left."""
    if (session.awaiting or "").startswith(OURS):
        return reply, session
    session = _forgotten(session)
    complains_here = moment.turn.kind is TurnKind.TEXT and complains(moment.turn.value)
    if not complains_here or moment.address.startswith("-"):
        return reply, session
    return added(reply, Reply((Message(LEAD, ((button(OPEN, "say"),),)),))), session


FLOW = Flow(take=take, after=after)


def complains(said: str) -> bool:
    """Say whether somebody complains of how they were served, or says that they want to complain or suggest."""
    bare = fold(normalise(said[:LONGEST]))
    if _ASKS.search(bare):
        return False
    return bool(_WANTS.search(bare) or (_ANGRY.search(bare) and _AT_WHOM.search(bare)))


async def _command(moment: Moment) -> Outcome:
    said = moment.turn.value.strip()
    if not said:
        return await _open(moment)
    code = feedback.code_in(said)
    return await _far(moment, code) if code else _say(moment, UNKNOWN)


async def _open(moment: Moment, lead: str = "") -> Outcome:
    if moment.address.startswith("-"):
        return _say(moment, IN_GROUP)
    if await feedback.today(moment.connection, moment.chat) >= MOST_A_DAY:
        return _say(moment, ENOUGH.format(most=MOST_A_DAY))
    kinds = tuple(button(label, "saykind", kind) for kind, label in KINDS.items())
    return _say(moment, f"{lead}\n\n{ASK_KIND}" if lead else ASK_KIND, (kinds, (button(DROP, "saydrop"),)))


async def _far(moment: Moment, code: str) -> Outcome:
    """Say how far one is, to whoever has its code."""
    found = await feedback.status(moment.connection, code)
    return _say(moment, _status(code, found) if found else UNKNOWN)


def _status(code: str, found: Status) -> str:
    sent = found.at.astimezone(VIETNAM).strftime("%d/%m/%Y")
    head = STATUS.format(kind=KINDS.get(found.kind, ""), code=code, day=sent, state=STATES[found.state])
    return f"{head}\n{ANSWER.format(answer=lines(found.answer))}" if found.answer else head


def _ask_text(moment: Moment, kind: str) -> Outcome:
    return _say(moment, ASK_TEXT, ((button(DROP, "saydrop"),),), awaiting=_TEXT, noted={_KIND: kind})


async def _said(moment: Moment) -> Outcome:
    said = moment.turn.value
    found = caught(said)
    if found:
        return Reply(
            (Message(explanation(found, Side.NOTE), ((button(DROP, "saydrop"),),)),), kept=HELD
        ), moment.session
    words = markup.clip(anonymous(markup.tidy(said)), LONGEST)
    if len(words) < SHORTEST:
        return _say(moment, TOO_SHORT, ((button(DROP, "saydrop"),),), awaiting=_TEXT, noted=_draft(moment))
    noted = {**_draft(moment), _WORDS: words}
    home = moment.services.home
    reply, session = _look(moment, {**noted, _WHERE: home.code}) if home else _ask_place(moment, noted, ASK_PLACE)
    return replace(reply, kept=words), session


async def _settled(moment: Moment, sure: bool | None) -> Outcome | None:
    """Send, or let go, what was typed in so many words; None when it is something else."""
    noted = _draft(moment)
    if sure is None or _WORDS not in noted:
        return None
    return await _send(moment, noted) if sure else _say(moment, DROPPED)


def _placed(moment: Moment) -> Outcome:
    """Read a typed place, or which of those shown it is; somebody who will not say need not."""
    offered, said = moment.session.noted.get(_SHOWN, "").split(), moment.turn.value
    talk = smalltalk.kind(said)
    number = 0 if talk is Talk.YES and len(offered) == 1 else picking.picked(said, len(offered))
    if number is not None and number < len(offered):
        return _look(moment, {**_draft(moment), _WHERE: offered[number]})
    if talk in (Talk.NO, Talk.UNSURE):
        return _look(moment, {**_draft(moment), _WHERE: ""})
    finding = moment.services.places.find(normalise(moment.turn.value))
    if finding.sure:
        return _look(moment, {**_draft(moment), _WHERE: finding.sure.commune.code})
    found = [place.commune for place in finding.places[:MOST_PLACES]]
    return _ask_place(moment, _draft(moment), WHICH_PLACE if found else NO_PLACE, found)


async def _further(moment: Moment, word: str, code: str) -> Outcome:
    """Do what a button asks for once the words are there."""
    noted = _draft(moment)
    if _WORDS not in noted:
        return await _open(moment, LOST)
    if word == "sayplace":
        return _ask_place(moment, noted, ASK_PLACE)
    if word == "saynone" or (word == "sayat" and moment.services.places.get(code)):
        return _look(moment, {**noted, _WHERE: code})
    return await _send(moment, noted) if word == "saysend" else _ask_place(moment, noted, ASK_PLACE)


def _ask_place(moment: Moment, noted: dict[str, str], words: str, found: Sequence[Commune] = ()) -> Outcome:
    rows: list[tuple[Button, ...]] = [
        (button(markup.clip(commune.full, _LABEL), "sayat", commune.code),) for commune in found
    ]
    rows.append((button(NOWHERE, "saynone"), button(DROP, "saydrop")))
    return _say(moment, words, tuple(rows), awaiting=_PLACE, noted={**noted, _SHOWN: " ".join(c.code for c in found)})


def _look(moment: Moment, noted: dict[str, str]) -> Outcome:
    commune = moment.services.places.get(noted.get(_WHERE))
    where = HERE.format(place=markup.escape(commune.full)) if commune else ""
    body = LOOK.format(kind=KINDS[noted[_KIND]], place=where, text=markup.escape(noted[_WORDS]))
    rows = (
        (button(SEND, "saysend"), button(ELSEWHERE, "sayplace")),
        (button(NOWHERE, "saynone"), button(DROP, "saydrop")),
    )
    return _say(moment, body, rows if commune else (rows[0], rows[1][1:]), awaiting=_SURE, noted=noted)


async def _send(moment: Moment, noted: dict[str, str]) -> Outcome:
    if await feedback.today(moment.connection, moment.chat) >= MOST_A_DAY:
        return _say(moment, ENOUGH.format(most=MOST_A_DAY))
    where = noted.get(_WHERE) or None
    code = await feedback.add(moment.connection, moment.chat, Kind(noted[_KIND]), noted[_WORDS], where)
    return _say(moment, SENT.format(code=code))


def told(item: Item, answer: str) -> Message:
    """Compose what whoever wrote it is told once, when it is answered."""
    return Message(TOLD.format(head=KINDS.get(item.kind, ""), code=item.code, answer=lines(answer)))


def lines(said: str) -> str:
    """Return words of several lines as they may stand between tags."""
    return "\n".join(markup.escape(line) for line in said.splitlines())


def _draft(moment: Moment) -> dict[str, str]:
    return {key: said for key, said in moment.session.noted.items() if key in _KEYS}


def _say(
    moment: Moment,
    words: str,
    rows: tuple[tuple[Button, ...], ...] = (),
    awaiting: str | None = None,
    noted: dict[str, str] | None = None,
) -> Outcome:
    kept = _forgotten(moment.session).noted
    session = moment.session.model_copy(
        update={"awaiting": awaiting, "placing": None, "noted": {**kept, **(noted or {})}}
    )
    return Reply((Message(words, rows),)), session


def _forgotten(session: Session) -> Session:
    if not _KEYS & session.noted.keys():
        return session
    return session.model_copy(update={"noted": {key: said for key, said in session.noted.items() if key not in _KEYS}})
