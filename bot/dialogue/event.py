"""A life event: what has to be done, in order, on one screen; and one list of papers for all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.dialogue import fields, markup, wording
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply
from knowledge.bundle import Need, Paper, combine
from knowledge.events import Event, Step, available, needed
from knowledge.matching import Facet
from knowledge.procedure import Handling, Procedure, RequiredDocument

TITLE = "{name}: các việc cần làm"
FIRST = "Làm trước:"
BY = "Hạn: {by} ({source})."
ELSEWHERE = "Làm ở nơi khác"
PAPERS = "Giấy tờ chung"
OTHERS = "Sự kiện khác"
BACK = "Về các việc cần làm"
OF_CARD = "Cả gói việc: {name}"
ALL = "Anh/chị đang có việc gì? Chọn một mục, tôi nói rõ cần làm những gì, việc nào trước."
NONE = "Hiện chưa có gói việc nào. Anh/chị gõ việc cần làm giúp, ví dụ: “đăng ký khai sinh”."
GONE = "Mục này không còn nữa. Anh/chị chọn mục khác giúp:"
WHICH = "Anh/chị hỏi {what} của việc nào? Bấm vào việc đó, hoặc gõ số:"
WHICH_STEP = "Anh/chị hỏi về việc nào? Bấm vào việc đó, hoặc gõ số:"
PAPERS_TITLE = "{name}: giấy tờ chung"
PAPERS_LEAD = "Cho việc {steps}. Giấy trùng chỉ ghi một lần; số trong ngoặc là việc cần giấy đó."
LEFT_OUT = "Chưa tính việc tùy trường hợp: {steps}."
WITH_ALL = "Tính cả việc {steps}"
HEADINGS = {
    (Handling.HAND_IN, True): "Giấy tờ cần nộp",
    (Handling.HAND_IN, False): "Nộp khi thuộc trường hợp này",
    (Handling.SHOW, True): "Mang theo để xuất trình",
    (Handling.SHOW, False): "Mang theo khi thuộc trường hợp này",
    (Handling.LOOKED_UP, True): "Cán bộ tự tra cứu, không phải nộp",
    (Handling.LOOKED_UP, False): "Cán bộ tự tra cứu, chỉ nộp khi không tra được",
}

PAGE = 900
"""Visible characters of papers on one page; heading and notes come on top."""

FIRST_PAGE = 1080
"""Visible characters of the first page: its lead, which is as long as there are steps, and papers, at most ``PAGE``."""

_NAME = 150
_CONDITION = 70


def asked(text: str, services: Services) -> Event | None:
    """Return the event a question is nothing but, when we know something to do for it."""
    event = services.events.get(services.occasions.read(text) or "")
    return event if event is not None and available(event, services.catalogue) else None


def show(event: Event, session: Session, services: Services) -> tuple[Reply, Session]:
    """Open an event; its steps can be picked by button or by number."""
    steps = available(event, services.catalogue)
    update: dict[str, object] = {
        "event": event.id,
        "offered": tuple(step.code for step, _ in steps),
        "called": tuple(step.name for step, _ in steps),
    }
    update |= {"focus": None, "asked": None, "absent": None, "choosing": False, "rejected": (), "misses": 0}
    return Reply((Message(_body(event, services), _buttons(event, services)),)), session.model_copy(update=update)


def pressed(action: Action, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer a button about events: one of them, its papers, or all."""
    event = services.events.get(action.detail)
    if action.verb is Verb.EVENTS:
        return Reply((overview(services),)), session
    if event is None or not available(event, services.catalogue):
        return Reply((overview(services, GONE),)), session
    if action.verb in (Verb.BUNDLE, Verb.WHOLE):
        return Reply((papers(event, action.page, services, every_case=action.verb is Verb.WHOLE),)), session
    return show(event, session, services)


def command(argument: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer /sukien: open the event that is named, though a procedure bears the name as well; else list all."""
    event = services.events.called(argument)
    if event is None or not available(event, services.catalogue):
        event = asked(argument, services)
    return show(event, session, services) if event else (Reply((overview(services),)), session)


def offering(session: Session, services: Services) -> Event | None:
    """Return the event whose steps are what a number picks from."""
    event = services.events.get(session.event or "")
    if event is None:
        return None
    codes = tuple(step.code for step, _ in available(event, services.catalogue))
    return event if codes == session.offered else None


def opened(session: Session, services: Services) -> Event | None:
    """Return the event on the screen; None once one of its steps or something else was shown."""
    return offering(session, services) if session.focus is None else None


def follow_up(
    event: Event, asked_about: tuple[Facet, ...], what: str, session: Session, services: Services
) -> tuple[Reply, Session]:
    """Answer a question that names no need while an event is open: its papers, else which step is meant."""
    if asked_about == (Facet.PAPERS,):
        return Reply((papers(event, 0, services),)), session
    lead = WHICH.format(what=what) if what else WHICH_STEP
    message = again(lead, event, services)
    message = replace(message, body=f"{message.body}\n\n{_first(event)}")
    return Reply((message,)), session.model_copy(update={"wanted": asked_about})


def again(lead: str, event: Event, services: Services) -> Message:
    """Ask which step of an open event is meant."""
    steps = _names(available(event, services.catalogue))
    return Message("\n".join([markup.escape(lead), *steps]), _buttons(event, services))


def overview(services: Services, lead: str = ALL) -> Message:
    """List all events that have something to do."""
    known = [event for event in services.events.all if available(event, services.catalogue)]
    pressed_ = [Button(event.name, Action(Verb.EVENT, detail=event.id).payload()) for event in known]
    rows = tuple(tuple(pressed_[at : at + 2]) for at in range(0, len(pressed_), 2))
    return Message(lead if known else NONE, rows)


def button(procedure: Procedure, services: Services) -> tuple[Button, ...]:
    """Return the button under a procedure's answer that opens the event it belongs to, when there is one."""
    event = next(iter(services.events.holding(procedure.code)), None)
    return (_opening(event),) if event else ()


def named(said: str, services: Services) -> Button | None:
    """Return the button that opens the event of just this name; None when there is none, or the text opened it."""
    event = services.events.called(said, whole=True)
    if event is None or asked(said, services) or not available(event, services.catalogue):
        return None
    return _opening(event)


def _opening(event: Event) -> Button:
    return Button(OF_CARD.format(name=event.name.lower()), Action(Verb.EVENT, detail=event.id).payload())


def _body(event: Event, services: Services) -> str:
    numbers = {step.code: n for n, (step, _) in enumerate(available(event, services.catalogue), 1)}
    lines = [markup.escape(event.greeting), ""] if event.greeting else []
    lines += [markup.bold(TITLE.format(name=event.name)), _first(event)]
    for stage in event.stages:
        steps = [_step(step, numbers[step.code]) for step in stage.steps if step.code in numbers]
        lines += ["", markup.bold(stage.title), *steps] if steps else []
    if event.elsewhere:
        lines += ["", markup.bold(ELSEWHERE), *(f"• {markup.escape(each)}" for each in event.elsewhere)]
    return "\n".join(lines)


def _first(event: Event) -> str:
    return f"{markup.bold(FIRST)} {markup.escape(event.first)}"


def _step(step: Step, number: int) -> str:
    said = f"{number}. {markup.escape(step.name)}"
    if step.note:
        said += f": {markup.escape(step.note)}"
    if step.deadline:
        said += f". {markup.italic(BY.format(by=step.deadline.by, source=step.deadline.source))}"
    return said


def _names(steps: Iterable[tuple[Step, Procedure]]) -> list[str]:
    return [f"{n}. {markup.escape(step.name)}" for n, (step, _) in enumerate(steps, 1)]


def _buttons(event: Event, services: Services) -> tuple[tuple[Button, ...], ...]:
    rows = [
        (Button(f"{n}. {step.name}", Action(Verb.PICK, step.code).payload()),)
        for n, (step, _) in enumerate(available(event, services.catalogue), 1)
    ]
    whole = Button(PAPERS, Action(Verb.BUNDLE, detail=event.id).payload())
    return (*rows, (whole, Button(OTHERS, Action(Verb.EVENTS).payload())))


def papers(event: Event, page: int, services: Services, *, every_case: bool = False) -> Message:
    """Compose a page of an event's papers: 0 is the first one as a message of its own, 1 the first one in place."""
    steps = available(event, services.catalogue)
    counted = needed(steps, every_case=every_case)
    numbers = [number for number, _ in counted]
    named = [(n, steps[n - 1][0]) for n in numbers]
    room = min(PAGE, FIRST_PAGE - markup.visible(_lead(event, named, first=True)))
    pages = _paged(combine([record for _, record in counted], services.events.same_papers), numbers, room)
    at = min(max(page - 1, 0), len(pages) - 1)
    left = [n for n, _ in needed(steps, every_case=True) if n not in numbers]
    blocks = [_lead(event, named, first=at == 0), pages[at]]
    blocks += [markup.italic(LEFT_OUT.format(steps=_listed(left)))] if left else []
    blocks += [markup.italic(fields.PAGE.format(page=at + 1, pages=len(pages)))] if len(pages) > 1 else []
    verb = Verb.WHOLE if every_case else Verb.BUNDLE
    rows = [*_turning(Action(verb, detail=event.id), at, len(pages))]
    if left:
        rows.append(
            (Button(WITH_ALL.format(steps=_listed(left)), Action(Verb.WHOLE, detail=event.id, page=1).payload()),)
        )
    rows.append((Button(BACK, Action(Verb.EVENT, detail=event.id).payload()),))
    return Message("\n\n".join(blocks), tuple(rows), replaces=page > 0)


def _lead(event: Event, steps: list[tuple[int, Step]], *, first: bool) -> str:
    title = markup.bold(PAPERS_TITLE.format(name=event.name))
    names = "; ".join(f"{n} {markup.lower_first(step.name)}" for n, step in steps)
    return f"{title}\n{markup.escape(PAPERS_LEAD.format(steps=names))}" if first else title


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _turning(action: Action, at: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    row = []
    if at > 0:
        row.append(Button(fields.PREVIOUS, replace(action, page=at).payload()))
    if at + 1 < pages:
        row.append(Button(fields.NEXT, replace(action, page=at + 2).payload()))
    return (tuple(row),) if row else ()


def _paged(listed: Iterable[Paper], numbers: list[int], room: int) -> list[str]:
    """Return the papers in pages of about a screen, each beginning with the heading it goes on under.

    ``room`` is that of the first page.
    """
    pages: list[list[str]] = [[]]
    heading = ""
    for paper in listed:
        wanted = markup.bold(HEADINGS[paper.handling, paper.always])
        line = f"• {_paper(paper, numbers)}"
        most = room if len(pages) == 1 else PAGE
        if pages[-1] and markup.visible("\n".join([*pages[-1], wanted, line])) > most:
            pages.append([])
            heading = ""
        if wanted != heading:
            pages[-1] += ["", wanted] if pages[-1] else [wanted]
            heading = wanted
        pages[-1].append(line)
    return ["\n".join(page) for page in pages]


def _paper(paper: Paper, numbers: list[int]) -> str:
    """Say one paper, how many of it, and which steps need it, each with its condition."""
    document = RequiredDocument(name=paper.name, form=paper.form, originals=paper.originals, copies=paper.copies)
    groups: dict[str, list[str]] = {}
    for need in paper.needs:
        groups.setdefault(_condition(need), []).append(str(numbers[need.place]))
    told = "; ".join(", ".join(dict.fromkeys(places)) + said for said, places in groups.items())
    return f"{markup.escape(wording.paper(document, _NAME))} {markup.italic(f'[{told}]')}"


def _condition(need: Need) -> str:
    condition = need.document.condition
    return f": {markup.lower_first(markup.clip(condition.rstrip('.'), _CONDITION))}" if condition else ""
