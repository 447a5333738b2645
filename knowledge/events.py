"""Life events: which procedures a birth, a wedding, a death, a move bring with them, in which order, and their papers.

The events stand in ``knowledge/events.json``: stages with steps, each step one procedure, with what is joined (liên
thông, Decree 63/2024/NĐ-CP as amended by Decree 301/2026/NĐ-CP), what the law wants done by when, and what is done
elsewhere (a notary, a court, a bank). ``knowledge.bundle`` makes one list of their papers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from knowledge import wording
from knowledge.catalogue import Catalogue
from knowledge.decoding import decode, oddities
from knowledge.errors import DecodingError, EventsError
from knowledge.procedure import Code, Procedure, Record, Text
from knowledge.vietnamese import fold, normalise
from knowledge.vietnamese.tokens import folded_words

PATH = Path(__file__).resolve().parent / "events.json"
MOST_STEPS = 9
"""Steps of one event that a person can still pick by typing a digit."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{1,23}$")]


class Deadline(Record):
    """By when the law wants it done, in words, and the act that says so."""

    by: Text
    source: Text


class Step(Record):
    """One procedure of an event.

    ``sometimes``: not everybody in this event needs it, the note says who; the combined list counts it on request.
    ``covers`` are the procedures that it joins into one submission; ``instead_of`` names the step that makes this one
    unnecessary: the separate way beside a joined one, whose papers the combined list leaves out.
    """

    code: Code
    name: Annotated[str, StringConstraints(min_length=1, max_length=44, strip_whitespace=True)]
    note: Text | None = Field(None, description="When or for whom it is needed.")
    deadline: Deadline | None = None
    sometimes: bool = False
    covers: tuple[Code, ...] = ()
    instead_of: Code | None = None


class Stage(Record):
    """Steps that belong to one time or one case."""

    title: Text
    steps: tuple[Step, ...] = Field(min_length=1)


class Event(Record):
    """A turn in a person's life and what has to be done then.

    ``phrases`` are whole questions without the words around them ("tôi mới", "thì cần làm gì"); ``first`` says what to
    begin with and why; ``elsewhere`` names what is no procedure of ours.
    """

    id: Slug
    name: Text
    phrases: tuple[Text, ...] = Field(min_length=1)
    greeting: Text | None = Field(None, description="A word of sympathy, where silence would be cold.")
    first: Text
    stages: tuple[Stage, ...] = Field(min_length=1)
    elsewhere: tuple[Text, ...] = ()

    def steps(self) -> tuple[Step, ...]:
        """Return the steps of all stages, in order."""
        return tuple(step for stage in self.stages for step in stage.steps)


@dataclass(frozen=True)
class Events:
    """All events in their order, and the papers that are one paper under several names (the first name is shown)."""

    all: tuple[Event, ...] = ()
    same_papers: tuple[tuple[str, ...], ...] = ()

    def get(self, event: str) -> Event | None:
        """Return the event of that id, or None."""
        return next((each for each in self.all if each.id == event), None)

    def called(self, text: str, *, whole: bool = False) -> Event | None:
        """Return the event of that name; case, marks and punctuation do not matter.

        Unless it must be the ``whole`` name, a part of it will do ("cửa hàng").
        """
        wanted = folded_words(text)
        ways = ((each, (each.name, *(() if whole else each.name.split(",")))) for each in self.all)
        return next((each for each, names in ways if wanted in map(folded_words, names)), None)

    def holding(self, code: str) -> tuple[Event, ...]:
        """Return the events a procedure belongs to: first where it is always needed, and needed soonest."""
        places: dict[str, tuple[bool, int]] = {}
        for event in self.all:
            for at, step in enumerate(event.steps()):
                if code in (step.code, *step.covers):
                    place = (step.code != code or step.instead_of is not None, at)
                    places[event.id] = min(place, places.get(event.id, place))
        return tuple(sorted((each for each in self.all if each.id in places), key=lambda each: places[each.id]))


class _File(Record):
    events: tuple[Event, ...]
    same_papers: tuple[tuple[Text, ...], ...] = ()


def load_events(path: Path = PATH) -> Events:
    """Read the events; raise ``EventsError`` naming the first fault in words."""
    try:
        raw = decode(path.read_text(encoding="utf-8"))
        for place, words in oddities(raw):
            raise EventsError(f"{path.name}, mục {'.'.join(map(str, place))}: {words}")
        read = _File.model_validate_json(json.dumps(raw), strict=True)
    except (OSError, UnicodeDecodeError) as error:
        raise EventsError(f"Không đọc được {path.name}: {error}") from error
    except DecodingError as error:
        raise EventsError(f"{path.name} không phải JSON hợp lệ: {error}") from error
    except ValidationError as error:
        place, words = next(wording.faults(error))
        raise EventsError(f"{path.name}, mục {'.'.join(map(str, place))}: {words}") from error
    return Events(read.events, read.same_papers)


def faults(events: Events, catalogue: Catalogue) -> Iterator[str]:
    """Yield, in words, what is wrong with the events for this catalogue."""
    seen: dict[str, str] = {}
    for event in events.all:
        for key in (f"#{event.id}", *(fold(normalise(phrase)) for phrase in event.phrases)):
            if seen.get(key, event.id) != event.id or (key.startswith("#") and key in seen):
                yield f"sự kiện {event.id}: “{key}” đã có ở sự kiện {seen[key]}"
            seen[key] = event.id
        yield from (f"sự kiện {event.id}: {fault}" for fault in _step_faults(event, catalogue))


def _step_faults(event: Event, catalogue: Catalogue) -> Iterator[str]:
    steps = event.steps()
    if len(steps) > MOST_STEPS:
        yield f"có {len(steps)} việc, nhiều nhất là {MOST_STEPS}"
    main = [step.code for step in steps if step.instead_of is None]
    for code in (code for step in steps for code in (step.code, *step.covers)):
        record = catalogue.get(code)
        if record is None:
            yield f"không có thủ tục {code}"
        elif record.abolished_on is not None:
            yield f"thủ tục {code} đã bị bãi bỏ"
    yield from (f"thủ tục {code} ghi hai lần" for code in sorted({code for code in main if main.count(code) > 1}))
    for step in steps:
        if step.instead_of is not None and step.instead_of not in main:
            yield f"{step.code} thay cho {step.instead_of}, nhưng không có việc đó"


def available(event: Event, catalogue: Catalogue) -> tuple[tuple[Step, Procedure], ...]:
    """Return the steps whose procedure the catalogue has in force, with that procedure."""
    found = ((step, catalogue.get(step.code)) for step in event.steps())
    return tuple((step, record) for step, record in found if record is not None and record.abolished_on is None)


def needed(steps: Sequence[tuple[Step, Procedure]], *, every_case: bool) -> tuple[tuple[int, Procedure], ...]:
    """Return, of ``available`` steps, number (from 1) and procedure of those that no other step makes unnecessary.

    Without ``every_case``, those that only some people need are left out, unless nothing else is there.
    """
    codes = {step.code for step, _ in steps}
    counted = [(n, step, record) for n, (step, record) in enumerate(steps, 1) if step.instead_of not in codes]
    always = [each for each in counted if not each[1].sometimes]
    return tuple((n, record) for n, _, record in (counted if every_case else always or counted))
