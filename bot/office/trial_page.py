"""The page of a file that was read: what bringing it in would change, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.office import lots
from bot.office.jobs import Job
from bot.office.trial import Trial
from bot.office.visit import Visit
from knowledge.revision import sentences

_SHOWN = 200
_SENTENCES = 12


def trial_page(visit: Visit, job: Job, path: str) -> web.Response:
    """Show what the reading of a file found; ``path`` is where its job is told of."""
    trial: Trial = job.value
    found = trial.plan
    names = found.taken.names
    others = lots.foreign(visit.clerk, trial.stand, trial.scope, trial.records)
    changed: list[dict[str, Any]] = []
    for code, changes in list(found.changed.items())[:_SHOWN]:
        more = len(changes) - _SENTENCES
        changed.append({"code": code, "name": names[code], "told": sentences(changes[:_SENTENCES]), "more": more})
    return visit.page(
        "trial.html",
        trial=trial,
        path=path,
        place=visit.office.territory.name(trial.scope),
        others=lots.others_words(others) if others else "",
        errors=found.errors[:_SHOWN],
        error_count=len(found.errors),
        doubts=found.doubts[:_SHOWN],
        doubt_count=len(found.doubts),
        marks=any(fault.cell for fault in found.errors),
        added=[(code, names[code]) for code in found.added[:_SHOWN]],
        added_count=len(found.added),
        changed=changed,
        changed_count=len(found.changed),
        same=len(found.same),
        kept=len(found.kept),
        missing=len(found.missing),
    )
