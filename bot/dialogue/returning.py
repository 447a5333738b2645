"""The way back: to a case that is half done, to the list something was picked from, to what was shown."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import cases, choice, correction, event, markup, opening, picking, preparation, proposal, smalltalk
from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared, Session
from bot.dialogue.smalltalk import Talk
from bot.dialogue.turn import Button, Message, Reply
from knowledge import case
from knowledge.procedure import Procedure

STILL_ASKING = "Câu đang hỏi dở:"
GO_ON = "Làm tiếp: {name}"
LIST_AGAIN = "Đây là danh sách lúc nãy. Anh/chị chọn giúp một mục:"

_TELLS_MORE = {Verb.PAPERS, Verb.COSTS, Verb.FORM, Verb.PERSON, Verb.WISH}
_LEAVES = (Talk.BYE,)
_APART = (Talk.PERSON, Talk.HELP, Talk.INSULT)


def half_done(session: Session, services: Services) -> Procedure | None:
    """Return the procedure of the case touched last whose questions are not all answered."""
    for prepared in session.cases:
        procedure = services.catalogue.get(prepared.code)
        if procedure is not None and _asks(procedure, prepared):
            return procedure
    return None


def _asks(procedure: Procedure, prepared: Prepared | None) -> bool:
    if prepared is None or prepared.closed or procedure.abolished_on is not None:
        return False
    return case.pending(procedure, prepared.answers) is not None


def back(session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Go back one step; None when nothing was shown yet."""
    pending = proposal.pending(session, services)
    if (found := event.offering(session, services)) and session.focus:
        return event.show(found, session, services)
    if len(proposal.known(session.offered, services)) > 1 and not pending:
        return proposal.again(LIST_AGAIN, session, services)
    begun = half_done(session, services)
    if begun is not None:
        return preparation.start(begun, session, services)
    if services.catalogue.get(session.focus or "") is not None:
        return opening.show(session.focus or "", session, services)
    return proposal.again(LIST_AGAIN, session, services) if pending else None


def on(session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Go on with the case that is half done, else with the choice after the one shown; None when there is neither."""
    begun = half_done(session, services)
    if begun is not None:
        return preparation.start(begun, session, services)
    codes = [procedure.code for procedure in proposal.known(session.offered, services)]
    after = codes[codes.index(session.focus) + 1 :] if session.focus in codes else []
    return opening.pick(after[0], session, services) if after else None


def named(said: str, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Go on with the half-done case that somebody says they go back to: "quay lại chuyện khai sinh"."""
    rest = correction.returned(said)
    known = [(each, services.catalogue.get(each.code)) for each in session.cases]
    begun = [procedure for each, procedure in known if procedure is not None and _asks(procedure, each)]
    at = picking.named(rest, begun) if rest and begun else None
    return preparation.start(begun[at], session, services) if at is not None else None


def resumed(said: str, before: Session, reply: Reply, after: Session, services: Services) -> tuple[Reply, Session]:
    """Ask the open question of a case again below what was asked beside it, or keep a button that goes on with it.

    The question comes again only while its procedure is still the one talked about.
    """
    procedure = services.catalogue.get(before.asking or "")
    prepared = cases.find(after, before.asking or "")
    talk = smalltalk.kind(said)
    if procedure is None or prepared is None or after.asking or not reply.messages or talk in _LEAVES:
        return reply, after
    question = case.pending(procedure, prepared.answers) if _asks(procedure, prepared) else None
    if question is None:
        return reply, after
    if after.focus == procedure.code and not proposal.pending(after, services) and talk not in _APART:
        asked = preparation.ask(procedure, prepared, question, STILL_ASKING, in_place=False)
        messages = (*map(_with_few_buttons, reply.messages), asked)
        return replace(reply, messages=messages), after.model_copy(update={"asking": procedure.code})
    *others, last = reply.messages
    return replace(reply, messages=(*others, _with_way_on(last, procedure))), after


def _with_few_buttons(message: Message) -> Message:
    """Leave out the buttons that lead away, lest the open question be pushed off a small screen."""
    rows = (tuple(button for button in row if _stays(button)) for row in message.buttons)
    return replace(message, buttons=tuple(row for row in rows if row))


def _stays(button: Button) -> bool:
    action = parse(button.action or "")
    return action is not None and action.verb in _TELLS_MORE


def _with_way_on(message: Message, procedure: Procedure) -> Message:
    label = markup.clip(GO_ON.format(name=choice.everyday(procedure)), choice.LABEL)
    button = Button(label, Action(Verb.CASE, procedure.code).payload())
    return replace(message, buttons=((button,), *message.buttons))
