"""A member of staff answers, in their own chat, people who asked in vain and wanted to be told."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from bot.dialogue import markup
from bot.dialogue.action import Action, Verb, digest, parse
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply, TurnKind
from bot.errors import Forbidden, Impossible, OfficeError
from bot.moment import Moment, Outcome
from bot.office import people, wishes
from bot.office.staff import Clerk, Territory
from bot.office.tables import Role
from bot.office.wishes import Asked
from bot.privacy import mask

LONGEST = 1000
HEAD = "Cán bộ một cửa trả lời"
ABOUT = "Hôm trước anh/chị hỏi: “{asked}”."
WAITING = "Bà con hỏi mà tôi chưa trả lời được, đang chờ tin:"
NOBODY = "Hiện không có ai chờ câu trả lời nào."
ONE = "Câu {group}. “{asked}”\n<b>{people}</b> người đang chờ."
TYPE = "Anh/chị gõ câu trả lời trong tin nhắn tiếp theo. Tôi cho xem trước rồi mới gửi. Thôi thì gõ /canbo."
PREVIEW = "<b>{people}</b> người sẽ nhận được:"
HIDDEN = "Các dãy số dài đã được ẩn. Số điện thoại cơ quan nên ghi trong bài viết."
SENT = "Đã gửi cho {people} người. Mỗi người nhận một lần."
NOT_ALLOWED = "Cần quyền soạn để trả lời người hỏi."
TOO_LONG = "Câu trả lời dài quá {most} chữ cái. Anh/chị gõ lại gọn hơn giúp. Thôi thì gõ /canbo."
STALE = "Bản này cũ rồi. Anh/chị bấm Viết lại rồi gõ câu trả lời."
ANSWER, SEND, AGAIN, ALL, BACK = "Trả lời câu {group}", "Gửi cho {people} người", "Viết lại", "Các câu khác", "Xem lại"
AWAITING = "desk:answer"

_COMMAND = "canbo"
_TYPED = re.compile(r"(?:trả|tra)\s*(?:lời|loi)\b\s*(?:câu\s*)?(?:(\d{1,18})\b)?(.*)", re.IGNORECASE | re.DOTALL)
_PRESSED = re.compile(r"(answers|answer|send)(?::(\d+))?(?::([0-9a-f]+))?")
_GROUP, _WORDS = "answer_to", "answer"
_CLIP = 120


class Answering:
    """The flow; ``territory`` says whose questions somebody answers."""

    def __init__(self, territory: Territory) -> None:
        self._territory = territory

    async def take(self, moment: Moment) -> Outcome | None:
        """Answer what is for this flow when it comes from a member of staff; to all others it is not there."""
        asked = _read(moment)
        if asked is None:
            return None
        clerk = await people.member(moment.connection, moment.channel, moment.address)
        if clerk is None:
            return None
        session = moment.session.model_copy(update={"placing": None, "asking": None, "awaiting": None})
        try:
            if not clerk.may(Role.EDITOR):
                raise Forbidden(NOT_ALLOWED)
            async with moment.connection.begin_nested():
                return await self._answer(moment, clerk, session, *asked)
        except OfficeError as error:
            return _say(html.escape(str(error), quote=False), _row((BACK, "wait"))), session

    async def _answer(
        self, moment: Moment, clerk: Clerk, session: Session, word: str, group: int, rest: str
    ) -> Outcome:
        if word == "list":
            return await self._listed(moment, clerk), session
        found = await wishes.asked(moment.connection, self._territory.within(clerk.scope), one=group)
        if not found:
            raise Impossible(wishes.NOBODY)
        if word == "send":
            return await self._send(moment, clerk, session, found[0], rest)
        return _preview(found[0], rest, session) if rest else _ask(found[0], session)

    async def _listed(self, moment: Moment, clerk: Clerk) -> Reply:
        found = await wishes.asked(moment.connection, self._territory.within(clerk.scope))
        if not found:
            return _say(NOBODY, _row((BACK, "wait")))
        rows = [_row((ANSWER.format(group=each.group), f"answer:{each.group}")) for each in found]
        return _say("\n\n".join([WAITING, *map(_one, found)]), *rows, _row((BACK, "wait")))

    async def _send(self, moment: Moment, clerk: Clerk, session: Session, found: Asked, mark: str) -> Outcome:
        said = session.noted.get(_WORDS, "")
        if session.noted.get(_GROUP) != str(found.group) or not said or digest(said) != mark:
            raise Impossible(STALE)
        scopes = self._territory.within(clerk.scope)
        count = await wishes.grant(moment.connection, clerk, scopes, found.group, said, _letter(said))
        left = {key: value for key, value in session.noted.items() if key not in (_GROUP, _WORDS)}
        reply = _say(SENT.format(people=count), _row((ALL, "answers"), (BACK, "wait")))
        return reply, session.model_copy(update={"noted": left})


def _read(moment: Moment) -> tuple[str, int, str] | None:
    """Return what a turn asks for: a word, the number of a group, and what stands behind; None: nothing of this."""
    turn, session = moment.turn, moment.session
    if turn.kind is TurnKind.TEXT:
        group = session.noted.get(_GROUP, "")
        return ("write", int(group), turn.value.strip()) if session.awaiting == AWAITING and group.isdigit() else None
    if turn.kind is TurnKind.COMMAND and turn.command == _COMMAND:
        typed = _TYPED.fullmatch(turn.value.strip())
        if typed is None:
            return None
        return ("write", int(typed[1]), typed[2].strip()) if typed[1] else ("list", 0, "")
    action = parse(turn.value) if turn.kind is TurnKind.ACTION else None
    if action is None or action.verb is not Verb.DESK:
        return None
    pressed = _PRESSED.fullmatch(action.detail)
    if pressed is None:
        return None
    return {"answer": "write", "answers": "list"}.get(pressed[1], "send"), int(pressed[2] or 0), pressed[3] or ""


def _ask(found: Asked, session: Session, words: str = "") -> Outcome:
    """Say ``words`` (default: what is to be answered), and take the next message for the answer."""
    noted = {**session.noted, _GROUP: str(found.group)}
    reply = _say(words or f"{_one(found)}\n\n{TYPE}", _row((ALL, "answers"), (BACK, "wait")))
    return reply, session.model_copy(update={"awaiting": AWAITING, "noted": noted})


def _preview(found: Asked, typed: str, session: Session) -> Outcome:
    said = mask(typed)
    if len(said) > LONGEST:
        return _ask(found, session, TOO_LONG.format(most=LONGEST))
    parts = [PREVIEW.format(people=found.people), _letter(said)(found.text).body]
    if said != typed:
        parts.append(markup.italic(HIDDEN))
    send = (SEND.format(people=found.people), f"send:{found.group}:{digest(said)}")
    reply = _say("\n\n".join(parts), _row(send), _row((AGAIN, f"answer:{found.group}"), (ALL, "answers")))
    return reply, session.model_copy(update={"noted": {**session.noted, _GROUP: str(found.group), _WORDS: said}})


def _letter(said: str) -> Callable[[str], Message]:
    """Return what makes the message to one who asked; lines of the answer stay."""
    words = "\n".join(markup.escape(line) for line in said.splitlines())

    def written(asked: str) -> Message:
        about = markup.escape(ABOUT.format(asked=markup.clip(asked, _CLIP)))
        return Message(f"{markup.bold(HEAD)}\n{about}\n\n{words}")

    return written


def _one(found: Asked) -> str:
    asked = markup.escape(markup.clip(found.text, _CLIP))
    return ONE.format(group=found.group, asked=asked, people=found.people)


def _say(body: str, *rows: tuple[Button, ...]) -> Reply:
    return Reply((Message(body, rows),))


def _row(*buttons: tuple[str, str]) -> tuple[Button, ...]:
    return tuple(Button(label, Action(Verb.DESK, detail=detail).payload()) for label, detail in buttons)
