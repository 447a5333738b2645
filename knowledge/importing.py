"""Take a file into a catalogue: read it, say what would change, then write everything or nothing.

A file is our own ``procedures.json``, our Excel workbook, or records of the national portal. Records that a file does
not name stay as they are: a procedure ends by its date of abolition, never by being left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from knowledge.catalogue import Catalogue
from knowledge.consistency import case_faults
from knowledge.exchange.fault import Fault
from knowledge.exchange.pack import Pack
from knowledge.incoming import MOST_FAULTS, Incoming, Progress, read
from knowledge.procedure import Channel, Procedure, SetBy
from knowledge.revision import Change, diff
from knowledge.validation import record_faults, shared_names

_OURS = (
    "names",
    "summary",
    "exemptions",
    "questions",
    "in_force_since",
    "abolished_on",
    "successor",
    "family",
    "variant",
    "local_rules",
    "prior",
)
"""What the portal never says, so that a record of its keeps what we know."""

_FACTS = (
    "levels",
    "agency",
    "audience",
    "channels",
    "documents",
    "steps",
    "results",
    "conditions",
    "legal_basis",
    "decision",
)
"""What the portal says; where it says nothing, what we have stays."""

_GUIDED = ("documents", "channels", "steps")
"""Parts that depend on answers to case questions: one cannot be exchanged without the others."""

_KEPT = "Giấy tờ, cách nộp và các bước giữ theo bản đọc ngày "


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: what there was, what it would put in, and how each code fares.

    ``same`` are records that stay as they are; those of them in ``kept`` stay because ours was read later. ``missing``
    are ours that the file does not name. With ``errors`` nothing may be written; ``doubts`` only want a second look.
    """

    before: Catalogue
    taken: Pack
    added: tuple[str, ...]
    changed: Mapping[str, tuple[Change, ...]]
    same: tuple[str, ...]
    kept: tuple[str, ...]
    missing: tuple[str, ...]
    errors: tuple[Fault, ...]
    doubts: tuple[Fault, ...] = ()

    @property
    def records(self) -> tuple[Procedure, ...]:
        """The whole catalogue afterwards, by code; opened anew each time."""
        return tuple(_after(self.before, self.taken))


def plan(path: Path, current: Catalogue, progress: Progress = lambda _: None) -> Plan:
    """Say what importing the file at ``path`` would do to ``current``.

    Raises ``ExchangeError`` or ``CatalogueError`` for a file that is refused as a whole.
    """
    incoming = read(path, progress)
    taken = incoming.records
    added, same, kept, changed = [], [], [], {}
    missing = tuple(code for code in current.procedures if code not in taken.names)
    for code in tuple(taken.names):
        ours = current.get(code)
        if ours is None:
            added.append(code)
            continue
        told = taken.of(code)
        record = carried(ours, told) if incoming.national else told
        stays = record != ours and incoming.national and _stays(ours, told)
        if record == ours or stays:
            same.append(code)
            taken.drop(code)
            kept += [code] if stays else []
        else:
            changed[code] = diff(ours, record)
            taken.put(record)
    errors = tuple(incoming.errors or _contradictions(current, incoming))
    doubts = (*incoming.doubts, *(() if errors else islice(_doubts(current, incoming), MOST_FAULTS)))
    return Plan(current, taken, tuple(added), changed, tuple(same), tuple(kept), missing, errors, doubts)


def _after(before: Catalogue, taken: Pack) -> Iterator[Procedure]:
    """Yield all records once these are taken in, by code."""
    for code in sorted(before.procedures.keys() | taken.names.keys()):
        yield taken.of(code) if code in taken.names else before.procedures[code]


def carried(ours: Procedure, portal: Procedure) -> Procedure:
    """Return the portal's record with what only we know: everyday names, case questions, rules of provinces ...

    What the portal leaves empty stays ours. Where parts of ours depend on case questions, papers, channels and steps
    stay ours together, and a warning says from when they are.
    """
    taken: dict[str, Any] = {field: getattr(ours, field) for field in _OURS}
    taken |= {field: getattr(ours, field) for field in _FACTS if not getattr(portal, field)}
    if ours.questions and any(getattr(ours, field) != getattr(portal, field) for field in _GUIDED):
        since = next((said[len(_KEPT) :][:10] for said in ours.warnings if said.startswith(_KEPT)), None)
        since = since or f"{ours.source.read_on:%d/%m/%Y}"
        note = f"{_KEPT}{since}; cần so lại với nguồn đọc ngày {portal.source.read_on:%d/%m/%Y}."
        taken |= {field: getattr(ours, field) for field in _GUIDED}
        taken["warnings"] = (*(said for said in ours.warnings if not said.startswith(_KEPT)), note)
    elif portal.channels:
        known = {channel.kind: channel for channel in reversed(ours.channels)}
        taken["channels"] = tuple(_joined(known.get(channel.kind), channel) for channel in portal.channels)
    return portal.model_copy(update=taken)


def _joined(ours: Channel | None, portal: Channel) -> Channel:
    """Return the portal's channel; where it gives no place, no plain time or no plain sum, ours stands."""
    if ours is None:
        return portal
    timed = any(limit.amount is not None for limit in portal.time_limits)
    priced = any(money.amount is not None or money.set_by is SetBy.PROVINCE for money in portal.money)
    kept = {
        "where": portal.where or ours.where,
        "time_limits": portal.time_limits if timed else ours.time_limits or portal.time_limits,
        "money": portal.money if priced else ours.money or portal.money,
    }
    return portal.model_copy(update=kept)


def _stays(ours: Procedure, portal: Procedure) -> bool:
    """Say whether ours is to be relied on more: read later, or read the same day and then worked on."""
    if ours.source.read_on != portal.source.read_on:
        return ours.source.read_on > portal.source.read_on
    return bool(ours.source.verified or ours.questions or ours.summary)


def _contradictions(before: Catalogue, incoming: Incoming) -> Iterator[Fault]:
    """Yield what the import would newly break: case questions that lead nowhere, everyday names with two owners."""
    for record in incoming.records:
        old = before.get(record.code)
        if incoming.national and old is None:
            continue
        known = set(case_faults(old)) if old else set()
        for words in case_faults(record):
            if words not in known:
                yield replace(incoming.places[record.code], words=f"{record.code}: {words}")
    owned = set(shared_names(before))
    for words in shared_names(_after(before, incoming.records)):
        if words not in owned:
            code = words.partition(":")[0]
            yield replace(incoming.places.get(code, Fault("", "")), words=words)


def _doubts(before: Catalogue, incoming: Incoming) -> Iterator[Fault]:
    """Yield what a reader would newly be misled by, in the words of ``validate``; it may be meant, so nothing stops."""
    for record in incoming.records:
        old = before.get(record.code)
        known = set(record_faults(old)) if old else set()
        for words in record_faults(record):
            if words not in known:
                yield replace(incoming.places[record.code], words=words)
