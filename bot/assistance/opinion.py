"""Asking what people thought: shortly, below what was answered, and never where it would be in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import post, ratings
from bot.assistance.catching.judging import caught
from bot.assistance.catching.refusal import explanation
from bot.assistance.pressing import button, pressed
from bot.assistance.ratings import CRITERIA, LEVELS, Thing
from bot.assistance.tables import Rated, Side
from bot.dialogue import markup, smalltalk
from bot.dialogue.session import Session
from bot.dialogue.smalltalk import Talk
from bot.dialogue.turn import Button, Message, Reply, TurnKind
from bot.dialogue.upshot import Came
from bot.moment import Flow, Moment, Outcome, added
from bot.privacy import anonymous

QUESTIONS: dict[str, str] = {
    Rated.ANSWER: "Câu trả lời có giúp được anh/chị không?",
    Rated.HELP: "Anh/chị thấy người giúp vừa rồi thế nào?",
    Rated.RESULT: "Hồ sơ đã trả kết quả. Anh/chị thấy cơ quan giải quyết thế nào?",
}
NAMELESS = "<i>Không ghi tên, không bắt buộc.</i>"
CONTENT = ("Rất hài lòng", "Hài lòng", "Chưa hài lòng lắm", "Không hài lòng")
USEFUL = ("Rất có ích", "Có ích", "Ít có ích", "Không có ích")
NEVER = "Đừng hỏi nữa"
THANKS = "Cảm ơn anh/chị. Nếu có thời gian, anh/chị cho ý kiến thêm sáu điều, mỗi điều một lần bấm."
SORRY = "Cảm ơn anh/chị đã nói thật. Anh/chị cho biết thêm điều gì chưa được, hoặc gửi góp ý để cán bộ trả lời."
MORE, ENOUGH, SKIP, SUGGEST, ASK_HELP = "Cho ý kiến thêm", "Xong", "Bỏ qua", "Gửi góp ý", "Nhờ người giúp"
HEADINGS = {
    "access": ("Tiếp cận dịch vụ", "Tìm nơi nộp, hỏi thông tin, nộp hồ sơ có dễ không?"),
    "conditions": ("Điều kiện đón tiếp", "Chỗ ngồi chờ, máy móc, trang web có tốt không?"),
    "procedure": ("Thủ tục", "Giấy tờ, các bước có rõ và gọn không?"),
    "conduct": ("Thái độ phục vụ", "Người hướng dẫn, cán bộ có lịch sự, tận tình không?"),
    "result": ("Kết quả và thời hạn", "Kết quả có đúng, có đúng hẹn không?"),
    "feedback": ("Tiếp nhận góp ý", "Góp ý có dễ không, có được trả lời không?"),
}
CRITERION = "<b>{at}/{count}. {name}</b>\n{question}"
ASK_WORDS = "Anh/chị muốn nói thêm gì thì gõ ở đây, không ghi tên hay số giấy tờ. Không có thì bấm “Xong”."
DONE = "Cảm ơn anh/chị. Ý kiến này giúp cán bộ phục vụ tốt hơn."
OVER = "Cảm ơn anh/chị, ý kiến này đã được ghi rồi."
STOPPED = "Vâng, từ nay tôi không hỏi nữa. Muốn góp ý lúc nào, anh/chị gõ /gopy."
HELD = "(ý kiến không được giữ)"

THIRD = 3
LONGEST = 500
AWAITING = "rate:words"
"""What we await from whoever may say more in words."""
_ABOUT = "rate about"
_ANSWERS = frozenset((Came.ANSWERED, Came.ARTICLE, Came.EVENT, Came.OPENED))
_BUSY = frozenset((Came.BEGUN, Came.LISTED, Came.OFFERED))


def question(thing: Thing) -> Message:
    """Compose the question about a thing."""
    words = USEFUL if thing.kind is Rated.ANSWER else CONTENT
    rows = _levels(words, lambda level: button(words[level - 1], "rate", thing.about, level))
    return Message(f"{QUESTIONS[thing.kind]}\n{NAMELESS}", (*rows, (button(NEVER, "ratenever"),)))


async def after_help(connection: AsyncConnection, chat: int, thing: Thing) -> None:
    """Ask a chat what it thought of help that has ended; it is said there once the transaction is stored."""
    if await ratings.ask(connection, chat, thing):
        await post.send(connection, chat, question(thing))


async def after_sitting(
    connection: AsyncConnection, number: int, dossier: str, procedure: str | None, commune: str
) -> None:
    """Ask whoever follows a dossier, and had no hand in filing it for others, what they thought of the volunteer."""
    for chat in await ratings.followers(connection, number, dossier):
        await after_help(connection, chat, Thing(f"sitting.{number}", Rated.HELP, procedure, commune))


async def after_result(connection: AsyncConnection, chat: int, dossier: int, procedure: str | None) -> Message | None:
    """Return what a chat is asked that was just told of a result; None when it is not to be asked."""
    thing = Thing(f"result.{dossier}", Rated.RESULT, procedure)
    return question(thing) if await ratings.ask(connection, chat, thing) else None


async def take(moment: Moment) -> Outcome | None:
    """Take what is pressed or typed in answer to our questions."""
    if moment.turn.kind is TurnKind.TEXT and moment.session.awaiting == AWAITING:
        return await _words(moment)
    match pressed(moment.turn):
        case ("ratenever",):
            await ratings.stop(moment.connection, moment.chat)
            return _say(moment, Message(STOPPED, replaces=True))
        case ("rate", about, level) if _level(level):
            return await _rated(moment, about, int(level))
        case ("rateon", about):
            return _say(moment, _criterion(about, 0))
        case ("ratecrit", about, said):
            return await _judged(moment, about, said)
        case ("rateend", about):
            await ratings.finish(moment.connection, moment.chat, about)
            return _say(moment, Message(DONE, replaces=True))
    return None


async def after(moment: Moment, reply: Reply, session: Session) -> Outcome:
    """Ask below an answer when it is time, and count what was answered in the life of this chat."""
    if _ABOUT in session.noted and session.awaiting != AWAITING:
        session = _forgotten(session)
    came = {upshot.came for upshot in reply.upshots}
    if came & _ANSWERS:
        session = session.model_copy(update={"answers": min(session.answers + 1, THIRD)})
    if not _is_time(moment, came, session):
        return reply, session
    thing = _answer(session, moment.services.clock().date())
    if not await ratings.ask(moment.connection, moment.chat, thing):
        return reply, session
    return added(reply, Reply((question(thing),))), session


FLOW = Flow(take=take, after=after)


def _is_time(moment: Moment, came: set[Came], session: Session) -> bool:
    """Say whether this is a moment to ask: nothing else is open, and they are done, or it is the third answer."""
    busy = session.asking or session.awaiting or session.sitting or session.choosing or session.placing is not None
    if moment.address.startswith("-") or busy or came & _BUSY or not session.answers:
        return False
    if Came.READY in came:
        return True
    if session.cases and session.cases[0].code == session.focus:
        return False
    if moment.turn.kind is TurnKind.TEXT and smalltalk.kind(moment.turn.value) in (Talk.THANKS, Talk.BYE):
        return not came
    return bool(came & _ANSWERS) and session.answers >= THIRD


def _answer(session: Session, today: date) -> Thing:
    """Name the answer that is on the screen: its procedure, or the day when it has none."""
    about = session.focus or f"{today:%Y%m%d}"
    return Thing(f"answer.{about}", Rated.ANSWER, session.focus, session.commune)


async def _rated(moment: Moment, about: str, level: int) -> Outcome:
    kind = await ratings.rate(moment.connection, moment.chat, about, level)
    if kind is None:
        return _say(moment, Message(OVER, replaces=True))
    rows: list[tuple[Button, ...]] = [(button(MORE, "rateon", about), button(ENOUGH, "rateend", about))]
    if level <= LEVELS[1]:
        return _say(moment, Message(THANKS, tuple(rows), replaces=True))
    rows.append((button(SUGGEST, "say"), *([button(ASK_HELP, "help")] if kind == Rated.ANSWER else [])))
    return _say(moment, Message(SORRY, tuple(rows), replaces=True))


async def _judged(moment: Moment, about: str, said: str) -> Outcome | None:
    """Take "2.3": the third criterion, third level; level 0 skips it."""
    at, _, level = said.partition(".")
    if at not in map(str, range(len(CRITERIA))) or not (level == "0" or _level(level)):
        return None
    if level != "0" and not await ratings.judge(moment.connection, moment.chat, about, CRITERIA[int(at)], int(level)):
        return _say(moment, Message(OVER, replaces=True))
    if int(at) + 1 < len(CRITERIA):
        return _say(moment, _criterion(about, int(at) + 1))
    noted = {**moment.session.noted, _ABOUT: about}
    session = moment.session.model_copy(update={"awaiting": AWAITING, "noted": noted})
    return Reply((Message(ASK_WORDS, ((button(ENOUGH, "rateend", about),),), replaces=True),)), session


async def _words(moment: Moment) -> Outcome:
    about = moment.session.noted.get(_ABOUT, "")
    found = caught(moment.turn.value)
    if found:
        rows = ((button(ENOUGH, "rateend", about),),)
        return Reply((Message(explanation(found, Side.NOTE), rows),), kept=HELD), moment.session
    words = markup.clip(anonymous(markup.tidy(moment.turn.value)), LONGEST)
    kept = bool(words) and await ratings.say(moment.connection, moment.chat, about, words)
    await ratings.finish(moment.connection, moment.chat, about)
    reply, session = _say(moment, Message(DONE if kept else OVER))
    return replace(reply, kept=words), session


def _criterion(about: str, at: int) -> Message:
    name, asked = HEADINGS[CRITERIA[at]]
    body = CRITERION.format(at=at + 1, count=len(CRITERIA), name=name, question=asked)
    rows = _levels(CONTENT, lambda level: button(CONTENT[level - 1], "ratecrit", about, f"{at}.{level}"))
    last = (button(SKIP, "ratecrit", about, f"{at}.0"), button(ENOUGH, "rateend", about))
    return Message(body, (*rows, last), replaces=True)


def _levels(words: tuple[str, ...], made: Callable[[int], Button]) -> tuple[tuple[Button, ...], ...]:
    buttons = [made(level) for level in LEVELS[: len(words)]]
    return (tuple(buttons[:2]), tuple(buttons[2:]))


def _level(said: str) -> bool:
    return said in map(str, LEVELS)


def _say(moment: Moment, message: Message) -> Outcome:
    return Reply((message,)), _forgotten(moment.session).model_copy(update={"awaiting": None})


def _forgotten(session: Session) -> Session:
    return session.model_copy(update={"noted": {key: said for key, said in session.noted.items() if key != _ABOUT}})
