"""Practice for volunteers before they sit beside somebody: made-up residents, and short questions about a procedure."""

from __future__ import annotations

import asyncio
import secrets

from bot.assistance.desk import STRANGER
from bot.assistance.learning import meeting, rounds
from bot.assistance.learning.table import Row, Table, menu_row, to_menu
from bot.assistance.members import Helper, volunteer_of
from bot.assistance.pressing import button, pressed
from bot.dialogue import markup
from bot.dialogue.turn import Message, Reply, TurnKind
from bot.moment import Flow, Moment, Outcome
from knowledge.matching import Outcome as Matched
from knowledge.procedure import Procedure

MENU = (
    "<b>Luyện tập</b>\n"
    "Người dân ở đây là bịa ra để tập. Làm sai không sao, không có gì gửi đi đâu. "
    "Chỉ điểm cao nhất của câu hỏi nhanh được giữ lại.\n\n"
    "Anh/chị bấm một nút, hoặc gõ thủ tục muốn tập, ví dụ: khai sinh."
)
MEET, ASK, OTHER = "Gặp một người dân", "Câu hỏi nhanh", "Thủ tục khác"
WHICH = "Anh/chị muốn tập thủ tục nào?"
HOW = "<b>{title}</b>\nAnh/chị muốn tập thế nào?"
UNHEARD = "Tôi chưa tìm thấy thủ tục nào như vậy có bài tập. Anh/chị gõ cách khác, ví dụ: khai sinh, tạm trú, hộ chiếu."
NOTHING = "Thủ tục này không có câu hỏi theo từng trường hợp nên chưa có bài tập. Anh/chị chọn thủ tục khác giúp."

_WHICH = "learn:which"
_WORDS = ("learn", "learnof", "learnmeet", "learnpick", "learnsay", "learntell", "quizany", "quizof", "quiz")


def rows(_: Helper) -> tuple[Row, ...]:
    """Return the row of the volunteers' menu that leads here."""
    return (menu_row(),)


async def take(moment: Moment) -> Outcome | None:
    """Answer our buttons, and what is typed while we wait for it."""
    said, awaiting = pressed(moment.turn), moment.session.awaiting or ""
    typed = moment.turn.kind is TurnKind.TEXT and awaiting.startswith("learn:")
    if not typed and said[:1] not in [(word,) for word in _WORDS]:
        return None
    helper = await volunteer_of(moment.connection, moment.chat)
    if helper is None:
        return Reply((Message(STRANGER),)), moment.session.model_copy(update={"awaiting": None})
    table = Table(moment, helper)
    if typed:
        return await (_which(table) if awaiting == _WHICH else meeting.searched(table))
    return await _pressed(table, said)


FLOW = Flow(take=take)


async def _pressed(table: Table, said: tuple[str, ...]) -> Outcome:
    match said:
        case ("learnof", code):
            return _how(table, code)
        case ("learnmeet",):
            return meeting.begin(table, None)
        case ("learnmeet", code):
            return meeting.begin(table, table.procedure(code))
        case ("learnpick", code):
            return meeting.picked(table, code)
        case ("learnsay", question, choice):
            return meeting.told(table, question, choice)
        case ("learntell",):
            return meeting.given_away(table)
        case ("quizany",):
            return await rounds.begin(table, _any(table))
        case ("quizof", code):
            return await rounds.begin(table, table.procedure(code))
        case ("quiz", key, choice):
            return await rounds.answered(table, key, choice)
        case _:
            return menu(table)


def menu(table: Table) -> Outcome:
    """Offer the ways to practise, and wait for a procedure to be typed."""
    buttons = ((button(MEET, "learnmeet"),), (button(ASK, "quizany"),), to_menu())
    return table.say(Message(MENU, buttons), awaiting=_WHICH)


async def _which(table: Table) -> Outcome:
    """Offer the procedures that what was typed may mean."""
    services = table.moment.services
    match = await asyncio.to_thread(services.matcher.match, table.moment.turn.value)
    codes = dict.fromkeys((*match.choices, *(each.code for each in match.candidates)))
    meant = () if match.outcome is Matched.UNKNOWN else tuple(filter(None, map(table.procedure, codes)))
    if not meant:
        return table.say(Message(UNHEARD, (to_menu(),)), awaiting=_WHICH)
    if match.outcome is Matched.ANSWER:
        return _how(table, meant[0].code)
    listed = tuple((button(markup.title(each, 60), "learnof", each.code),) for each in meant[:4])
    return table.say(Message(WHICH, (*listed, to_menu())), awaiting=_WHICH)


def _how(table: Table, code: str) -> Outcome:
    procedure = table.procedure(code)
    if procedure is None:
        return table.say(Message(NOTHING, (menu_row(),)), awaiting=_WHICH)
    ways = ((button(MEET, "learnmeet", code),), (button(ASK, "quizof", code),), (button(OTHER, "learn"),))
    return table.say(Message(HOW.format(title=markup.escape(markup.title(procedure))), ways))


def _any(table: Table) -> Procedure | None:
    """Return a procedure that volunteers meet often."""
    found = [procedure for scene in table.scenes() if (procedure := table.procedure(scene.code))]
    return secrets.choice(found) if found else None
