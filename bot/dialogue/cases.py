"""The dossiers a person is getting ready, as the session keeps them and as their records ask today."""

from __future__ import annotations

from bot.dialogue.services import Services
from bot.dialogue.session import Prepared, Session
from knowledge import case
from knowledge.guidance import Guidance, guide
from knowledge.procedure import Procedure

CHANGED = "Thủ tục này vừa được cập nhật. Tôi giữ lại những câu trả lời còn dùng được, anh/chị xem lại giúp."
OTHER_PAPERS = "Giấy tờ của thủ tục này vừa được cập nhật, anh/chị xem lại danh sách giúp."

MOST_CASES = 10


def find(session: Session, code: str) -> Prepared | None:
    """Return the case of that procedure, if one is being prepared."""
    return next((prepared for prepared in session.cases if prepared.code == code), None)


def put(session: Session, prepared: Prepared) -> Session:
    """Keep a case as the one touched last; the oldest beyond ten is let go."""
    others = tuple(each for each in session.cases if each.code != prepared.code)
    return session.model_copy(update={"cases": (prepared, *others)[:MOST_CASES]})


def new(procedure: Procedure) -> Prepared:
    """Return a case in which nothing was answered yet."""
    return Prepared(code=procedure.code, digest=case.digest(procedure), papers=case.papers_digest(procedure))


def current(procedure: Procedure, session: Session) -> tuple[Prepared, str]:
    """Return the case as its record asks today, and a sentence when the record asked otherwise before.

    Without one, a case whose list is shown at once: a button of an old list must not begin the questions again.
    """
    prepared = find(session, procedure.code)
    if prepared is None:
        return new(procedure).model_copy(update={"closed": True}), ""
    asks, papers = case.digest(procedure), case.papers_digest(procedure)
    update = {"answers": case.kept(procedure, prepared.answers), "digest": asks, "papers": papers}
    note = OTHER_PAPERS if prepared.papers not in ("", papers) else ""
    return prepared.model_copy(update=update), CHANGED if prepared.digest not in ("", asks) else note


def guidance_of(procedure: Procedure, prepared: Prepared, services: Services) -> Guidance:
    """Work out a case as it stands now, by the rules of the province the person lives in."""
    province = services.home.province.code if services.home else ""
    now = services.clock()
    return guide(procedure, prepared.answers, services.calendar, now, copies=prepared.copies, province=province)
