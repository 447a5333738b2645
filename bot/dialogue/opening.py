"""One procedure on the screen: after a question, a pick from an offer, a link; alone, or with what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue import absence, choice, facets, proposal
from bot.dialogue.action import Verb
from bot.dialogue.proposal import known
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply
from bot.dialogue.upshot import Came
from knowledge.matching import Facet
from knowledge.procedure import Procedure

OTHER_CASES = "Đây là trường hợp thông thường. Trường hợp khác, anh/chị bấm vào mục có số ở dưới."
IN_TURN = "Mình xem lần lượt từng việc. Xem xong, anh/chị bấm vào mục tiếp theo ở dưới."


def show(code: str, session: Session, services: Services, asked: tuple[Facet, ...] = ()) -> tuple[Reply, Session]:
    """Show one procedure, what was asked about it first; say so when the catalogue has it no longer."""
    procedure = services.catalogue.get(code)
    if procedure is None:
        elsewhere = absence.named(code, services)
        return absence.elsewhere(*elsewhere, session, services) if elsewhere else absence.gone(code, session)
    update: dict[str, object] = {"focus": code, "wanted": (), "misses": 0, "absent": None, "choosing": False}
    if code not in session.offered or len(session.offered) == 1:
        update |= {"offered": (), "called": ()}
    return Reply((facets.answer(procedure, asked, services),)), session.model_copy(update=update)


def visit(code: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Show a procedure the person chose without a question (a list, a link, a code): the old question is over."""
    if code != session.focus:
        session = session.model_copy(update={"asked": None, "rejected": (), "wanted": ()})
    reply, session = show(code, session, services)
    return reply.told(Came.OPENED, code), session


def pick(code: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Show an offered procedure, with what was asked before the offer first."""
    reply, session = show(code, session, services, wanted(session) if code in session.offered else ())
    return reply.told(Came.OPENED, code), session


def with_cases(choices: Sequence[Procedure], session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer with the plain case and name the others beside it; the plain one counts as the first choice."""
    shown = choices[: proposal.MOST_CHOICES]
    reply, session = show(shown[0].code, session, services, wanted(session))
    answered = reply.messages[-1]
    _, rows = choice.listed(shown[1:], Verb.PICK, start=2, by_variant=True)
    *parts_of_it, wrong = answered.buttons
    message = Message(f"{answered.body}\n\n{OTHER_CASES}", (*parts_of_it, *rows, wrong))
    codes = tuple(procedure.code for procedure in shown)
    return replace(reply, messages=(message,)), session.model_copy(update={"offered": codes, "called": ()})


def in_turn(places: Sequence[int], session: Session, services: Services) -> tuple[Reply, Session]:
    """Show the first of several choices wanted, with buttons for those that come after."""
    offered = known(session.offered, services)
    _, rows = choice.listed(offered, Verb.PICK, names=session.called)
    reply, session = pick(offered[places[0]].code, session, services)
    answered = reply.messages[-1]
    *parts_of_it, wrong = answered.buttons
    following = [rows[place] for place in places[1:]]
    message = Message(f"{IN_TURN}\n\n{answered.body}", (*following, *parts_of_it, wrong))
    return replace(reply, messages=(message,)), session


def wanted(session: Session) -> tuple[Facet, ...]:
    """Return what was asked about before it was clear which procedure is meant."""
    known_facets = {str(facet) for facet in Facet}
    return tuple(Facet(name) for name in session.wanted if name in known_facets)
