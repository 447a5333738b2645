"""One answer out of what several sources say, and out of what was known before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.dossiers.report import Report
from bot.dossiers.sources.source import Source
from bot.errors import SourceDown, SourceError, SourceRefused

_FACTS = ("procedure_code", "procedure_name", "received", "owner", "agency")
"""What does not change while a dossier is worked on, so that an older report may fill it in."""


class Cause(StrEnum):
    """Why a source did not tell: it is not reached, it does not let us ask, or its answer cannot be read."""

    DOWN = "down"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that did not tell; ``seconds`` is how long to leave it alone, None when it did not say."""

    source: str
    cause: Cause
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of a dossier now.

    ``report`` is the newest; with ``fresh`` False it is the last one known, because its source is in ``troubles``. No
    report and no troubles: all ``asked`` sources answered that there is no such dossier.
    """

    report: Report | None
    troubles: tuple[Trouble, ...] = ()
    asked: int = 0

    @property
    def unknown(self) -> bool:
        """Whether every source was asked, answered, and has no such dossier."""
        return self.report is None and self.asked > 0 and not self.troubles


async def ask(
    sources: Sequence[Source], code: str, last: Report | None = None, patience: float | None = None
) -> Finding:
    """Ask all sources side by side. ``last`` is the report known so far, ``patience`` the seconds to wait at most."""
    answers = await asyncio.gather(*(_answer(source, code, patience) for source in sources))
    told = [answer for answer in answers if isinstance(answer, Report)]
    troubles = tuple(answer for answer in answers if isinstance(answer, Trouble))
    report = _newest(told)
    if last and troubles and (report is None or last.event >= report.event):
        silent = {trouble.source for trouble in troubles}
        if report is None or last.source in silent:
            report = replace(last, fresh=False)
    return Finding(report, troubles, len(sources))


async def _answer(source: Source, code: str, patience: float | None) -> Report | Trouble | None:
    try:
        async with asyncio.timeout(patience):
            return await source.look_up(code)
    except TimeoutError:
        return Trouble(source.name, Cause.DOWN)
    except SourceDown as error:
        return Trouble(source.name, Cause.DOWN, error.seconds)
    except SourceError as error:
        return Trouble(source.name, Cause.REFUSED if isinstance(error, SourceRefused) else Cause.UNREADABLE)


def _newest(reports: Sequence[Report]) -> Report | None:
    """Return the report that tells of the latest event, with facts it lacks from the others."""
    if not reports:
        return None
    first, *others = sorted(reports, key=lambda report: (report.event, report.status is not None), reverse=True)
    for other in others:
        lacking = {name: getattr(other, name) for name in _FACTS if not getattr(first, name) and getattr(other, name)}
        proofs = tuple(dict.fromkeys((*first.proofs, *other.proofs)))
        first = replace(first, **lacking, proofs=proofs)
    return first
