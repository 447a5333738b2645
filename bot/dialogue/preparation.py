"""Getting one dossier ready: only the questions that still change something, then the list to tick off."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import answering, aside, cases, correction, event, markup, readiness, smalltalk
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared, Session
from bot.dialogue.smalltalk import Talk
from bot.dialogue.turn import Button, Message, Reply
from bot.dialogue.upshot import Came, Upshot
from knowledge import case
from knowledge.errors import CaseError
from knowledge.matching import Outcome
from knowledge.procedure import UNSURE, CaseQuestion, Procedure
from knowledge.vietnamese import normalise

ASKING = "Chuẩn bị hồ sơ: {title}"
CONTINUED = "Mình làm tiếp phần đang dở."
LINK_OLD = "Thủ tục này đã được cập nhật từ khi đường dẫn được tạo, nên tôi xin hỏi lại từ đầu."
LINK_GONE = "Đường dẫn này dẫn tới một thủ tục không còn trong danh mục. Anh/chị gõ việc cần làm giúp."
NUMBER = "Câu {number}"
NOT_SURE = "Không rõ"
AGAIN = "Tôi chưa hiểu câu trả lời này. Anh/chị bấm một nút bên dưới, hoặc gõ “không rõ”, “bỏ qua”."
EXPLAINED = "Câu này để biết anh/chị cần những giấy nào. Chưa rõ thì bấm “Không rõ”: tôi kể đủ giấy cho mọi trường hợp."
WAITING = "Vâng, anh/chị cứ xem lại. Lúc nào rõ thì trả lời câu này, hoặc bấm “Không rõ”."
BACK = "← Câu trước"
SKIP = "Bỏ qua, xem danh sách"
MOST_WORDS = 10
"""Words up to which a text that nobody understands is taken for an answer to the question asked."""

_LABEL = 60
_MOST_TOLD = 8

FEW_WORDS = 3
SURE = 0.7
"""So short a text, after a question, is about something else only when the matcher is this sure of it."""

_ASKS = re.compile(r"\?|\d{4}|^\s*/")
INVITATION = "Có người gửi cho anh/chị danh sách giấy tờ của “{title}”."
OPEN = "Mở danh sách này"


def start(procedure: Procedure, session: Session, services: Services) -> tuple[Reply, Session]:
    """Begin a case, or go on with the one begun before; a record that changed since keeps what still fits."""
    if cases.find(session, procedure.code) is None:
        return _go_on(procedure, cases.new(procedure), session, services)
    prepared, note = cases.current(procedure, session)
    half_done = bool(prepared.answers) and not prepared.closed and case.pending(procedure, prepared.answers)
    return _go_on(procedure, prepared, session, services, note or (CONTINUED if half_done else ""))


def restart(procedure: Procedure, session: Session, services: Services) -> tuple[Reply, Session]:
    """Ask all questions again; the papers ticked off stay so."""
    kept, _ = cases.current(procedure, session)
    fresh = kept.model_copy(update={"answers": {}, "closed": False})
    return _go_on(procedure, fresh, session, services)


def opened(token: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Open the case that a link carries; one's own ticks are kept."""
    procedure = services.catalogue.get(case.token_code(token) or "")
    if procedure is None or procedure.abolished_on is not None:
        return Reply((Message(LINK_GONE),)), session
    kept, _ = cases.current(procedure, session)
    session = session.model_copy(update={"offered": (), "called": (), "absent": None, "asked": None})
    try:
        answers = case.read_token(token, procedure)
    except CaseError:
        fresh = kept.model_copy(update={"answers": {}, "closed": False})
        return _go_on(procedure, fresh, session, services, LINK_OLD)
    return _go_on(procedure, kept.model_copy(update={"answers": answers, "closed": True}), session, services)


def invitation(token: str, services: Services) -> Message:
    """Name the case that a link carries, with a button that opens it."""
    procedure = services.catalogue.get(case.token_code(token) or "")
    if procedure is None or procedure.abolished_on is not None:
        return Message(LINK_GONE)
    body = markup.escape(INVITATION.format(title=markup.title(procedure, 90)))
    return Message(body, ((Button(OPEN, Action(Verb.OPEN, detail=token).payload()),),))


def answer(procedure: Procedure, detail: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Take one answer, given as "question:choice"; it may be to a question asked before."""
    question, _, choice = detail.partition(":")
    prepared, note = _asked(procedure, session)
    answers = case.kept(procedure, {**prepared.answers, question: choice})
    return _go_on(procedure, prepared.model_copy(update={"answers": answers}), session, services, note, in_place=True)


def back(procedure: Procedure, session: Session, services: Services) -> tuple[Reply, Session]:
    """Ask the last answered question again."""
    prepared, note = _asked(procedure, session)
    asked = [each.id for each in case.questions(procedure, prepared.answers) if each.id in prepared.answers]
    answers = {question: choice for question, choice in prepared.answers.items() if question not in asked[-1:]}
    update = {"answers": answers, "closed": False}
    return _go_on(procedure, prepared.model_copy(update=update), session, services, note, in_place=True)


def finish(procedure: Procedure, session: Session, services: Services) -> tuple[Reply, Session]:
    """Show the list now, with whatever was not answered left open."""
    prepared, note = _asked(procedure, session)
    return _go_on(procedure, prepared.model_copy(update={"closed": True}), session, services, note, in_place=True)


def typed(said: str, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Take a typed text as the answer to the question asked last; None when it is something else."""
    procedure = services.catalogue.get(session.asking or "")
    prepared = cases.find(session, session.asking or "")
    if procedure is None or prepared is None or prepared.closed:
        return None
    question = case.pending(procedure, prepared.answers)
    if question is None:
        return None
    meant = _meant(said, question, services)
    if meant is None and (again := _taken_back(said, procedure, prepared, session, services)):
        return again
    for is_so, note in ((smalltalk.puzzled, EXPLAINED), (smalltalk.waits, WAITING)):
        if meant is None and is_so(said):
            return Reply((ask(procedure, prepared, question, note, in_place=False),)), session
    if meant is None:
        return _again(said, procedure, prepared, question, session, services)
    if meant is answering.Way.BACK:
        return _fresh(back(procedure, session, services))
    if meant is answering.Way.SKIP:
        return _fresh(finish(procedure, session, services))
    return _fresh(answer(procedure, f"{question.id}:{meant}", session, services))


def _meant(said: str, question: CaseQuestion, services: Services) -> str | answering.Way | None:
    """Return what a typed text answers; a few words out of a label count unless they name a procedure."""
    meant = answering.meaning(said, question)
    if meant is None and smalltalk.kind(said) is Talk.UNSURE:
        return UNSURE
    if meant is None and (part := answering.part(said, question)):
        return None if services.matcher.match(said).outcome is Outcome.ANSWER else part
    if meant is None and (leant := answering.inclining(said, question)) and not aside.asks(said, services):
        match = services.matcher.match(said)
        return None if match.outcome is Outcome.ANSWER or match.facets else leant
    return meant


def _taken_back(
    said: str, procedure: Procedure, prepared: Prepared, session: Session, services: Services
) -> tuple[Reply, Session] | None:
    """Take a text that takes something back ("nhầm, 1 cơ") as another answer to the question answered last."""
    rest = correction.core(said)
    answered = [each for each in case.questions(procedure, prepared.answers) if each.id in prepared.answers]
    if rest == normalise(said) or not answered:
        return None
    meant = _meant(rest, answered[-1], services)
    if meant is None or isinstance(meant, answering.Way):
        return None
    return _fresh(answer(procedure, f"{answered[-1].id}:{meant}", session, services))


def _again(
    said: str, procedure: Procedure, prepared: Prepared, question: CaseQuestion, session: Session, services: Services
) -> tuple[Reply, Session] | None:
    """Ask the same question again after a short text that means nothing else; None when it means something."""
    if not _means_nothing(said, services):
        return None
    return Reply((ask(procedure, prepared, question, AGAIN, in_place=False),)), session


def _means_nothing(said: str, services: Services) -> bool:
    words = said.split()
    if len(words) > MOST_WORDS or _ASKS.search(said) or event.asked(said, services):
        return False
    if smalltalk.kind(normalise(said)) not in (None, Talk.FILLER, Talk.YES, Talk.NO, Talk.UNSURE):
        return False
    match = services.matcher.match(said)
    if match.facets or match.ask or aside.asks(said, services):
        return False
    hardly = len(words) <= FEW_WORDS and match.outcome is Outcome.OFFER
    return match.outcome is Outcome.UNKNOWN or (hardly and match.candidates[0].confidence < SURE)


def _fresh(answered: tuple[Reply, Session]) -> tuple[Reply, Session]:
    """Return a reply as a new message: there is no pressed button whose message it could replace."""
    reply, session = answered
    return replace(reply, messages=tuple(Message(each.body, each.buttons) for each in reply.messages)), session


def _asked(procedure: Procedure, session: Session) -> tuple[Prepared, str]:
    """Return the case a question belongs to; a button of a case long forgotten begins it anew."""
    if cases.find(session, procedure.code) is None:
        return cases.new(procedure), ""
    return cases.current(procedure, session)


def _go_on(
    procedure: Procedure,
    prepared: Prepared,
    session: Session,
    services: Services,
    note: str = "",
    in_place: bool = False,
) -> tuple[Reply, Session]:
    """Ask what is still to ask, else show the list."""
    question = None if prepared.closed else case.pending(procedure, prepared.answers)
    if question is None:
        prepared = prepared.model_copy(update={"closed": True})
        reply, after = readiness.show(procedure, prepared, session, services, note, in_place)
        return replace(reply, upshots=_came(prepared, session)), after
    update = {"focus": procedure.code, "choosing": False, "asking": procedure.code}
    reply = Reply((ask(procedure, prepared, question, note, in_place),), upshots=_came(prepared, session))
    return reply, cases.put(session, prepared).model_copy(update=update)


def _came(prepared: Prepared, before: Session) -> tuple[Upshot, ...]:
    """Say what is new of a case: it was begun, its list was reached."""
    known = cases.find(before, prepared.code)
    begun = (Upshot(Came.BEGUN, prepared.code),) if known is None else ()
    listed = prepared.closed and not (known and known.closed)
    return (*begun, Upshot(Came.LISTED, prepared.code)) if listed else begun


def ask(procedure: Procedure, prepared: Prepared, question: CaseQuestion, note: str, in_place: bool) -> Message:
    """Compose a question of a case: what was answered so far, ``note``, the question, its choices and the ways on."""
    told = case.told(procedure, prepared.answers)
    lines = [markup.bold(ASKING.format(title=markup.title(procedure, 110)))]
    lines += [markup.italic(note)] if note else []
    for asked, choice in told[-_MOST_TOLD:]:
        chosen = markup.clip(choice.text, _LABEL) if choice else NOT_SURE
        lines.append(f"✓ {markup.escape(markup.clip(asked.text, 110))} {markup.bold(chosen)}")
        if choice and choice.note and asked is told[-1][0]:
            lines.append(markup.italic(markup.clip(choice.note, 300)))
    lines += ["", f"{NUMBER.format(number=len(told) + 1)}. {markup.bold(question.text)}"]
    if _wordy(question):
        choices = (markup.escape(markup.clip(choice.text, 250)) for choice in question.choices)
        lines += [f"{number}. {text}" for number, text in enumerate(choices, 1)]
    return Message("\n".join(lines), _choices(procedure, question, answered=bool(told)), in_place)


def _wordy(question: CaseQuestion) -> bool:
    """Say whether a choice is too long for a button, so that all must be read in the message."""
    return any(len(choice.text) > _LABEL for choice in question.choices)


def _choices(procedure: Procedure, question: CaseQuestion, *, answered: bool) -> tuple[tuple[Button, ...], ...]:
    def button(choice: str, label: str) -> Button:
        return Button(label, Action(Verb.ANSWER, procedure.code, detail=f"{question.id}:{choice}").payload())

    texts = [choice.text for choice in question.choices]
    if _wordy(question):
        texts = [f"{number}. {text}" for number, text in enumerate(texts, 1)]
    rows = [
        (button(choice.id, markup.clip(text, _LABEL)),) for choice, text in zip(question.choices, texts, strict=True)
    ]
    ways = [Button(BACK, Action(Verb.BACK, procedure.code).payload())] if answered else []
    ways.append(Button(SKIP, Action(Verb.FINISH, procedure.code).payload()))
    return (*rows, (button(UNSURE, NOT_SURE),), tuple(ways))
