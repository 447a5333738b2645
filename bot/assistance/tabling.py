"""The case questions and the papers of a resident, asked by the ordinary conversation on behalf of a sitting.

The conversation knows nothing of sittings. For one turn it is given the resident's case in the place of the volunteer's
own, and what it made of it goes into the row of the sitting. Buttons under its answers are made to name the sitting, so
that an old list pressed later never changes another resident's case.
"""

from __future__ import annotations

from dataclasses import replace

from bot.assistance import scene as words
from bot.assistance import sitting as sittings
from bot.assistance.pressing import button
from bot.assistance.scene import Row, Scene
from bot.assistance.sitting import Sitting
from bot.dialogue import cases, link, markup, readiness
from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.effect import Effect, Missed, Remind, Wish
from bot.dialogue.session import Prepared, Session
from bot.dialogue.turn import Attachment, Button, Message, Reply, Turn, TurnKind
from bot.moment import Outcome
from knowledge.procedure import Procedure

TAKE = "Làm thủ tục này"
CHANGE = "Đổi sang thủ tục này"
ONLINE = "Hướng dẫn nộp qua mạng"
PRINT = "In danh sách giấy tờ"
STALE = "Nút này đã cũ. Đây là hồ sơ lúc này:"
PRINTED = "Danh sách giấy tờ của “{title}”, đã đánh dấu giấy nào có. Trong đó không có tên ai."

BOUND = frozenset({Verb.CASE, Verb.ANSWER, Verb.BACK, Verb.FINISH, Verb.TICK, Verb.COPIES, Verb.RESTART})
"""What the buttons of a case do; under a sitting they name it."""

_ABOUT = BOUND - {Verb.CASE}
_DROPPED = frozenset({Verb.READY, Verb.REMIND, Verb.KEEP, Verb.PICTURE, Verb.SHARE})
_SIT = "sit"


def payload(sitting: Sitting, action: Action) -> str:
    """Return the payload of a button of a case that names its sitting instead of its procedure."""
    page = str(action.page) if action.verb is Verb.COPIES else ""
    parts = (_SIT, str(sitting.id), action.verb, action.detail, page)
    return Action(Verb.AID, detail=":".join(part for part in parts if part)).payload()


def read(said: tuple[str, ...], procedure: Procedure) -> Action | None:
    """Read the words of such a button, without the number of its sitting; None when they mean nothing."""
    verb, *rest = said or ("",)
    action = parse(":".join((verb, procedure.code, *rest)))
    return action if action and action.verb in BOUND else None


async def pressed(at: Scene, sitting: Sitting, procedure: Procedure, action: Action) -> Outcome:
    """Answer a button of a resident's case."""
    plain = Action(action.verb, procedure.code, action.page, action.detail).payload()
    return await _asked(at, sitting, procedure, Turn(TurnKind.ACTION, plain))


async def begun(at: Scene, sitting: Sitting, procedure: Procedure) -> Outcome:
    """Ask the case questions, or show the list when all are answered."""
    return await pressed(at, sitting, procedure, Action(Verb.CASE, procedure.code))


async def typed(at: Scene, sitting: Sitting, procedure: Procedure) -> Outcome:
    """Answer a text typed while a question of a resident's case waits for an answer."""
    return await _asked(at, sitting, procedure, at.moment.turn)


async def _asked(at: Scene, sitting: Sitting, procedure: Procedure, turn: Turn) -> Outcome:
    own = at.moment.session
    mine = (sitting.prepared,) if sitting.prepared else ()
    update = {"cases": mine, "commune": at.helper.commune, "placing": None, "awaiting": None, "asking": procedure.code}
    reply, after = await at.moment.answer(turn, own.model_copy(update=update))
    kept = cases.find(after, procedure.code)
    if kept:
        kept = kept.model_copy(update={"remind_on": None})
        sitting = await _stored(at, sitting, kept)
    commune = own.commune if after.commune == at.helper.commune else after.commune
    after = after.model_copy(update={"cases": own.cases, "commune": commune, "sitting": sitting.id})
    return dressed(reply, sitting), after


async def _stored(at: Scene, sitting: Sitting, kept: Prepared) -> Sitting:
    return await sittings.change(at.moment.connection, sitting, prepared=kept.model_dump(mode="json"))


def dressed(reply: Reply, sitting: Sitting) -> Reply:
    """Make an answer of the conversation one of a sitting: its buttons name it, and below stands the way back to it."""
    if not reply.messages:
        return reply
    messages = [_dressed(each, sitting) for each in reply.messages]
    listed = any(_verb(each) is Verb.READY for each in _all(reply.messages[-1].buttons))
    below = _below(sitting) if listed else (words.back(sitting),)
    messages[-1] = replace(messages[-1], buttons=(*messages[-1].buttons, *below))
    effects = tuple(each for each in reply.effects if not _ours_to_drop(each, sitting))
    return replace(reply, messages=tuple(messages), effects=effects)


def _ours_to_drop(effect: Effect, sitting: Sitting) -> bool:
    """Say whether an effect has no place here: a reminder of a case, or a question kept that names the resident."""
    if isinstance(effect, Missed | Wish):
        return bool(sitting.first_name) and (sitting.first_name or "").lower() in effect.text.lower()
    return isinstance(effect, Remind)


def _dressed(message: Message, sitting: Sitting) -> Message:
    """Bind the buttons of a message, and say whose case it is about: several may be open at once."""
    about = any(_verb(each) in _ABOUT for each in _all(message.buttons))
    body = f"{markup.italic(words.name(sitting))}\n{message.body}" if about else message.body
    return replace(message, body=body, buttons=_bound(message.buttons, sitting))


def _below(sitting: Sitting) -> tuple[Row, ...]:
    online = (button(ONLINE, "step", sitting.id),)
    return (online, (button(PRINT, "sitprint", sitting.id), *words.back(sitting)))


def _bound(rows: tuple[Row, ...], sitting: Sitting) -> tuple[Row, ...]:
    made = [tuple(found for each in row if (found := _made(each, sitting))) for row in rows]
    return tuple(row for row in made if row)


def _made(each: Button, sitting: Sitting) -> Button | None:
    """Return a button as it stands under a sitting; None when it has no place there."""
    action = parse(each.action) if each.action else None
    if action is None or action.verb not in BOUND | _DROPPED:
        return each
    if action.verb in _DROPPED:
        return None
    if action.argument == sitting.procedure:
        return Button(each.label, payload(sitting, action))
    if action.verb is not Verb.CASE or sitting.dossier:
        return None
    return button(CHANGE if sitting.procedure else TAKE, "sittake", sitting.id, action.argument)


def _verb(each: Button) -> Verb | None:
    action = parse(each.action) if each.action else None
    return action.verb if action else None


def _all(rows: tuple[Row, ...]) -> list[Button]:
    return [each for row in rows for each in row]


def printed(at: Scene, sitting: Sitting, procedure: Procedure) -> Outcome:
    """Give the list of papers as a file."""
    kept, _ = cases.current(procedure, Session(cases=(sitting.prepared or cases.new(procedure),)))
    name = readiness.FILE.format(code=procedure.code, ending="pdf")
    file = Attachment(link.checklist(procedure, kept, "pdf", at.helper.commune), name)
    body = markup.escape(PRINTED.format(title=markup.title(procedure, 110)))
    return at.say(Message(body, (words.back(sitting),), file=file), sitting=sitting)
