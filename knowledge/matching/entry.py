"""What is kept of each procedure to index and rank it, whether we have its record, its name only, or it is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from weakref import ref

from knowledge.matching.family import twin_key
from knowledge.names import Named
from knowledge.phrases import PhraseBook
from knowledge.procedure import Audience, Level, Procedure

_BODY_CHARS = 6000
_PAPERS_CHARS = 3000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one procedure to index and rank it: a few texts and facts, none of its parts."""

    code: str
    name: str
    said: tuple[str, ...]
    papers: str
    body: str
    field: str
    citizen: bool
    commune: bool
    province: bool
    local_copy: bool
    bare: bool
    prior: float
    outside: bool = False
    described: bool = True


def entry_of(procedure: Procedure, phrases: PhraseBook) -> Entry:
    """Gather the index text of one procedure and the phrases people use for it."""
    papers = " ".join((*procedure.results, *(paper.name for paper in procedure.documents)))
    body = " ".join((*procedure.conditions, *procedure.step_texts))
    return Entry(
        code=procedure.code,
        name=procedure.name,
        said=(*procedure.names, *phrases.get(procedure.code, ())),
        papers=papers[:_PAPERS_CHARS],
        body=body[:_BODY_CHARS],
        field=procedure.field,
        citizen=Audience.CITIZEN in procedure.audience,
        commune=Level.COMMUNE in procedure.levels,
        province=Level.PROVINCE in procedure.levels,
        local_copy=procedure.provincial,
        bare=not procedure.documents and not procedure.steps,
        prior=procedure.prior,
    )


def named_entry(named: Named, phrases: PhraseBook) -> Entry:
    """Return the entry of a procedure known by name only."""
    return Entry(
        code=named.code,
        name=named.name,
        said=phrases.get(named.code, ()),
        papers="",
        body="",
        field=named.field,
        citizen=named.citizen,
        commune=named.commune,
        province=named.province,
        local_copy=named.local_copy,
        bare=False,
        prior=0.0,
        described=False,
    )


def outside_entry(topic: str, phrases: tuple[str, ...]) -> Entry:
    """Return the entry of a topic that is no procedure; its code is empty."""
    return Entry(
        code="",
        name="",
        said=phrases,
        papers="",
        body="",
        field=topic,
        citizen=False,
        commune=False,
        province=False,
        local_copy=False,
        bare=False,
        prior=0.0,
        outside=True,
    )


class Entries:
    """Entries made, so that those of records that are the same need not be made again.

    It does not keep the records; a record counts as the same only while it is the same object.
    """

    def __init__(self, phrases: PhraseBook, known: Iterable[Named]) -> None:
        """Take the phrases people use, and the procedures ``known`` by name only."""
        self._phrases = phrases
        self._named = [named_entry(named, phrases) for named in known]
        self._made: dict[str, tuple[ref[Procedure], Entry]] = {}

    def gather(self, procedures: Iterable[Procedure]) -> tuple[list[Entry], dict[str, str]]:
        """Return the entries of ``procedures`` and of those known by name only, and the names of the codes we describe.

        What an abolished procedure is called goes to its successor. The procedures known by name only follow the
        others, but for twins of one that is described: what they are called goes to that one.
        """
        entries: dict[str, Entry] = {}
        names: dict[str, str] = {}
        more: dict[str, list[str]] = {}
        owner: dict[str, str] = {}
        for procedure in procedures:
            names[procedure.code] = procedure.name
            entry = self._entry(procedure)
            if procedure.abolished_on is None:
                entries[procedure.code] = entry
                owner[twin_key(procedure.name)] = procedure.code
            elif procedure.successor:
                more.setdefault(procedure.successor, []).extend((procedure.name, *entry.said))
                owner.setdefault(twin_key(procedure.name), procedure.successor)
        undescribed = []
        for entry in self._named:
            twin = owner.get(twin_key(entry.name))
            if entry.code in names:
                continue
            if twin is None:
                undescribed.append(entry)
            else:
                more.setdefault(twin, []).extend(entry.said)
        for code, said in more.items():
            if code in entries:
                entries[code] = replace(entries[code], said=tuple(dict.fromkeys((*entries[code].said, *said))))
        return [*entries.values(), *undescribed], names

    def _entry(self, procedure: Procedure) -> Entry:
        made = self._made.get(procedure.code)
        if made and made[0]() is procedure:
            return made[1]
        entry = entry_of(procedure, self._phrases)
        self._made[procedure.code] = ref(procedure), entry
        return entry
