"""Asking for a person: where, what for, when, and a last look before it goes out. One open request for each chat.

Where somebody lives is asked by the ordinary conversation (``bot.dialogue.place``): while that goes on, ``noted`` has
the mark ``_STEP``, and once a commune is known the next question stands in the place of its answer. What was noted is
dropped as soon as the person turns to something else.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from bot.assistance import requests, speech, waiting
from bot.assistance.alerts import Alerts
from bot.assistance.assent import assents
from bot.assistance.catching.judging import caught
from bot.assistance.catching.refusal import explanation
from bot.assistance.pressing import button, number, pressed
from bot.assistance.tables import Side
from bot.dialogue import markup, place, smalltalk, welcome
from bot.dialogue.action import Verb
from bot.dialogue.session import Session
from bot.dialogue.smalltalk import Talk
from bot.dialogue.turn import Button, Message, Reply, TurnKind
from bot.moment import Flow, Moment, Outcome
from bot.privacy import anonymous
from knowledge.calendar import VIETNAM
from knowledge.matching import Outcome as Matched
from knowledge.places import Commune

LEAD = "Tôi tìm người giúp anh/chị: tình nguyện viên hoặc cán bộ ở gần, nhắn qua đây, không mất tiền."
WHERE = "Trước hết, {ask}"
ASK_SUBJECT = (
    "Ở <b>{place}</b>. Anh/chị cần giúp việc gì? Gõ một câu ngắn, ví dụ: “không đăng nhập được VNeID để nộp hồ sơ”.\n\n"
    "<i>Đừng ghi số căn cước, số điện thoại, mật khẩu.</i>"
)
THIS, ASKED, ELSEWHERE = "Việc đang xem: {title}", "Việc vừa hỏi: {title}", "Không phải nơi này"
TOO_SHORT = "Anh/chị gõ giúp một câu ngắn về việc cần giúp."
ASK_WHEN = "Anh/chị muốn được giúp lúc nào? Bấm một nút, hoặc gõ, ví dụ: “sau 5 giờ chiều thứ bảy”."
NOW, AFTERNOON, MORNING = "Bây giờ", "Chiều nay", "Sáng mai"
LOOK = (
    "Tôi sẽ nhờ người giúp ở <b>{place}</b>:\n{about}\n\n"
    "Người giúp chỉ thấy mấy dòng trên, không thấy tên, số điện thoại hay tài khoản của anh/chị."
)
SEND, DROP = "Gửi", "Thôi"
DROPPED = "Vâng, tôi không gửi. Cần người giúp lúc nào, anh/chị gõ /nhogiup."
ENOUGH = "Hôm nay anh/chị đã nhờ {most} lần. Mai anh/chị nhờ tiếp giúp."
HELPING = "Anh/chị đang giúp một người. Xong việc ấy rồi hãy nhờ giúp."
IN_GROUP = "Nhờ giúp riêng thì nhắn cho tôi trong khung trò chuyện riêng, đừng nhắn trong nhóm."
NOBODY = "Xin lỗi, ở {place} chưa có tình nguyện viên hay cán bộ nào giúp qua đây."
LOST = "Tôi không còn nhớ yêu cầu đang viết dở. Mình làm lại từ đầu."

MOST_A_DAY = 3
LONGEST = 300
"""Characters of what somebody needs help with; the rest is cut off."""

_STEP, _SUBJECT, _PROCEDURE, _WANTED, _OPENS = "help", "subject", "procedure", "wanted", "opens"
_KEYS = frozenset((_STEP, _SUBJECT, _PROCEDURE, _WANTED, _OPENS))
_PLACE, _WHAT, _WHEN, _SURE = "place", "what", "when", "sure"
_OWN = "help:"
_NO = (Talk.NO, Talk.WRONG, Talk.BYE)
_LEAST = 4
_SHOWN = 36
_NOON, _LATEST_AFTERNOON, _DAWN = 13, 16, 8


class Asking:
    """The citizen's side until somebody takes the request; ``alerts`` tell of it."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts

    def flow(self) -> Flow:
        """Return what looks at turns before the conversation does, and at what it answered."""
        return Flow(take=self.take, after=self.after)

    async def take(self, moment: Moment) -> Outcome | None:
        """Answer /nhogiup, the buttons of this flow, and what is typed in answer to its questions."""
        turn, session = moment.turn, moment.session
        if turn.kind is TurnKind.COMMAND:
            return await self._open(moment) if turn.command == "nhogiup" else None
        asks = turn.kind is TurnKind.TEXT and session.awaiting in (_OWN + _WHAT, _OWN + _WHEN)
        if asks and smalltalk.kind(turn.value) in _NO:
            return _say(moment, DROPPED, session=_forgotten(session))
        if turn.kind is TurnKind.TEXT and session.awaiting == _OWN + _WHAT:
            return await self._subject(moment, turn.value)
        if turn.kind is TurnKind.TEXT and session.awaiting == _OWN + _WHEN:
            return self._time(moment, turn.value)
        if turn.kind is TurnKind.TEXT and session.noted.get(_STEP) == _SURE:
            return await self._settled(moment, assents(turn.value))
        words = pressed(turn)
        return await self._pressed(moment, words[1:]) if words[:1] == ("help",) else None

    async def after(self, moment: Moment, reply: Reply, session: Session) -> Outcome:
        """Go on once the commune is known; forget what was noted when the person turned to something else."""
        if not session.noted.get(_STEP) or _is_ours(moment):
            return reply, session
        if session.noted[_STEP] == _PLACE:
            if session.placing is not None:
                return reply, session
            home = moment.services.places.get(session.commune)
            if home and _placed(moment):
                if not await self._alerts.anybody(moment.connection, home):
                    return _nobody(replace(moment, session=session), home)
                asked, session = self._ask_subject(moment, session, home)
                return replace(reply, messages=asked.messages, effects=reply.effects), session
        return reply, _forgotten(session)

    async def _pressed(self, moment: Moment, words: tuple[str, ...]) -> Outcome | None:
        match words:
            case ():
                return await self._open(moment)
            case ("move",):
                return self._ask_place(moment)
            case ("cancel", _):
                return await waiting.cancel(moment, number(words, 1))
        if words[0] in ("this", "asked", "at", "send", "drop") and not moment.session.noted.get(_STEP):
            return await self._open(moment, LOST if words[0] != "drop" else "")
        match words:
            case ("this",):
                return self._noted_subject(moment, "", moment.session.focus)
            case ("asked",):
                return await self._subject(moment, moment.session.missed or "")
            case ("at", which):
                return self._slot(moment, which)
            case ("send",):
                return await self._send(moment)
            case ("drop",):
                return _say(moment, DROPPED, session=_forgotten(moment.session))
        return None

    async def _open(self, moment: Moment, lead: str = "") -> Outcome:
        """Show the request that is open, or begin one."""
        if moment.address.startswith("-"):
            return _say(moment, IN_GROUP)
        request = await requests.of_chat(moment.connection, moment.chat)
        if request is not None:
            return await waiting.shown(moment, request)
        if await requests.live_of(moment.connection, moment.chat) is not None:
            return _say(moment, HELPING)
        if await requests.asked_today(moment.connection, moment.chat) >= MOST_A_DAY:
            return _say(moment, ENOUGH.format(most=MOST_A_DAY), session=_forgotten(moment.session))
        home = moment.services.home
        if home is None:
            return self._ask_place(moment)
        if not await self._alerts.anybody(moment.connection, home):
            return _nobody(moment, home)
        return self._ask_subject(moment, moment.session, home, lead)

    def _ask_place(self, moment: Moment) -> Outcome:
        reply, session = place.ask(moment.session)
        body = WHERE.format(ask=markup.lower_first(reply.messages[0].body))
        if moment.session.noted.get(_STEP) != _PLACE:
            body = f"{LEAD}\n\n{body}"
        return Reply((Message(body),)), _noted(session, {_STEP: _PLACE}).model_copy(update={"awaiting": None})

    def _ask_subject(self, moment: Moment, session: Session, home: Commune, lead: str = "") -> Outcome:
        rows: list[tuple[Button, ...]] = []
        record = moment.services.catalogue.get(session.focus or "")
        if record is not None:
            rows.append((button(THIS.format(title=markup.title(record, _SHOWN)), "help", "this"),))
        elif session.missed:
            rows.append((button(ASKED.format(title=markup.clip(session.missed, _SHOWN)), "help", "asked"),))
        rows.append((button(ELSEWHERE, "help", "move"), button(DROP, "help", "drop")))
        body = ASK_SUBJECT.format(place=markup.escape(home.full))
        if lead or moment.session.noted.get(_STEP) != _PLACE:
            body = f"{lead or LEAD}\n\n{body}"
        session = _noted(session, {_STEP: _WHAT}).model_copy(update={"awaiting": _OWN + _WHAT, "placing": None})
        return Reply((Message(body, tuple(rows)),)), session

    async def _subject(self, moment: Moment, said: str) -> Outcome:
        found = caught(said, strangers=True)
        if found:
            return _held(moment, explanation(found, Side.CITIZEN))
        subject = markup.clip(anonymous(markup.tidy(said)), LONGEST)
        if len(subject) < _LEAST:
            return _say(moment, TOO_SHORT)
        match = await asyncio.to_thread(moment.services.matcher.match, subject)
        sure = match.outcome is Matched.ANSWER and match.candidates
        return self._noted_subject(moment, subject, match.candidates[0].code if sure else None)

    def _noted_subject(self, moment: Moment, subject: str, procedure: str | None) -> Outcome:
        noted = {_STEP: _WHEN, _SUBJECT: subject, _PROCEDURE: procedure or ""}
        session = _noted(moment.session, noted).model_copy(update={"awaiting": _OWN + _WHEN})
        row = [button(NOW, "help", "at", "now")]
        if _now(moment).hour < _LATEST_AFTERNOON:
            row.append(button(AFTERNOON, "help", "at", "noon"))
        row.append(button(MORNING, "help", "at", "dawn"))
        return _say(moment, ASK_WHEN, (tuple(row), (button(DROP, "help", "drop"),)), session=session)

    def _slot(self, moment: Moment, which: str) -> Outcome:
        """Take one of the times on the buttons; what is told later has its moment noted."""
        now = _now(moment)
        dawn = (now + timedelta(days=1)).replace(hour=_DAWN, minute=0, second=0, microsecond=0)
        noon = now.replace(hour=_NOON, minute=30, second=0, microsecond=0)
        slots = {"now": (NOW, now), "noon": (AFTERNOON, max(noon, now)), "dawn": (MORNING, dawn)}
        label, at = slots.get(which, slots["now"])
        return self._look(moment, label.lower(), at if at > now else None)

    def _time(self, moment: Moment, said: str) -> Outcome:
        found = caught(said, strangers=True)
        if found:
            return _held(moment, explanation(found, Side.CITIZEN))
        wanted = markup.clip(anonymous(markup.tidy(said)), 100)
        return self._look(moment, wanted or NOW.lower(), None)

    def _look(self, moment: Moment, wanted: str, opens: datetime | None) -> Outcome:
        home = moment.services.home
        noted = moment.session.noted
        if home is None or _SUBJECT not in noted:
            return _say(moment, LOST, session=_forgotten(moment.session))
        more = {_STEP: _SURE, _WANTED: wanted, _OPENS: opens.isoformat() if opens else ""}
        session = _noted(moment.session, {**noted, **more}).model_copy(update={"awaiting": None})
        about = speech.told(moment.services, noted[_SUBJECT], noted.get(_PROCEDURE), wanted)
        body = LOOK.format(place=markup.escape(home.full), about=about)
        return _say(moment, body, ((button(SEND, "help", "send"), button(DROP, "help", "drop")),), session=session)

    async def _settled(self, moment: Moment, sure: bool | None) -> Outcome | None:
        """Send, or let go, what was typed in so many words; None when it is something else."""
        if sure is None:
            return None
        return await self._send(moment) if sure else _say(moment, DROPPED, session=_forgotten(moment.session))

    async def _send(self, moment: Moment) -> Outcome:
        noted, home = moment.session.noted, moment.services.home
        if home is None or noted.get(_STEP) != _SURE:
            return await self._open(moment, LOST)
        if await requests.busy(moment.connection, moment.chat):
            return await self._open(moment)
        if await requests.asked_today(moment.connection, moment.chat) >= MOST_A_DAY:
            return _say(moment, ENOUGH.format(most=MOST_A_DAY), session=_forgotten(moment.session))
        if not await self._alerts.anybody(moment.connection, home):
            return _nobody(moment, home)
        opens = datetime.fromisoformat(noted[_OPENS]) if noted.get(_OPENS) else None
        request = await requests.add(
            moment.connection,
            moment.chat,
            home.code,
            noted.get(_SUBJECT, ""),
            noted.get(_PROCEDURE) or None,
            noted.get(_WANTED) or None,
            opens,
        )
        if request is None:
            return await self._open(moment)
        told = await self._alerts.begin(moment.connection, request)
        request = await requests.one(moment.connection, request.id) or request
        now = await requests.clock(moment.connection)
        said = waiting.sent(now, request, told, self._alerts.span, office=moment.services.office)
        body = f"{said}\n\n{waiting.UNTIL_THEN}"
        rows = ((button(waiting.CANCEL, "help", "cancel", request.id),),)
        session = _forgotten(moment.session).model_copy(update={"misses": 0})
        return _say(moment, body, rows, session=session, talk=request.id)


def _is_ours(moment: Moment) -> bool:
    """Say whether a turn belongs to this flow."""
    turn = moment.turn
    if turn.kind is TurnKind.COMMAND:
        return turn.command == "nhogiup"
    if turn.kind is TurnKind.TEXT:
        return (moment.session.awaiting or "").startswith(_OWN)
    return pressed(turn)[:1] == ("help",)


def _placed(moment: Moment) -> bool:
    """Say whether a turn was an answer to where the person lives."""
    return moment.session.placing is not None or moment.turn.value.startswith(f"{Verb.LIVE}:")


def _noted(session: Session, noted: dict[str, str]) -> Session:
    """Return a session with these notes of ours, and those of others."""
    others = {key: value for key, value in session.noted.items() if key not in _KEYS}
    return session.model_copy(update={"noted": {**others, **noted}})


def _forgotten(session: Session) -> Session:
    awaiting = None if (session.awaiting or "").startswith(_OWN) else session.awaiting
    return _noted(session, {}).model_copy(update={"awaiting": awaiting})


def _nobody(moment: Moment, home: Commune) -> Outcome:
    """Say that there is nobody to ask here, and where there is somebody."""
    body = f"{NOBODY.format(place=markup.escape(home.full))}\n\n{welcome.person(moment.services)}"
    return _say(moment, body, ((button(ELSEWHERE, "help", "move"),),), session=_forgotten(moment.session))


def _held(moment: Moment, words: str) -> Outcome:
    """Explain why words were not taken; they are not kept either."""
    reply, session = _say(moment, words)
    return replace(reply, kept=speech.HELD), session


def _now(moment: Moment) -> datetime:
    """Return the time in Vietnam."""
    return moment.services.clock().replace(tzinfo=VIETNAM)


def _say(
    moment: Moment, body: str, rows: speech.Rows = (), *, session: Session | None = None, talk: int | None = None
) -> Outcome:
    return Reply((Message(body, rows, talk=talk),)), session or moment.session
