"""Which sources are asked for a dossier: those whose units its code begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.dossiers.report import Report
from bot.dossiers.sources.merged import Finding, ask
from bot.dossiers.sources.source import Source

_EVERY = "*"
_INSURANCE = "BHXH"


def _at_once(_patience: float) -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Route:
    """A source and the units it knows. ``link`` is the page where people look up dossiers of those units themselves.

    ``turn`` is ``Client.turn`` of a source whose rate is limited.
    """

    units: tuple[str, ...]
    source: Source
    link: str | None = None
    turn: Callable[[float], float] = _at_once

    def serves(self, code: str) -> bool:
        """Tell whether the source is to be asked for a code.

        ``H48`` stands for ``H48``, ``H48.12`` and ``000.00.53.H48``; ``BHXH`` for codes of social insurance; ``*`` for
        all others.
        """
        if "/" in code:
            return _INSURANCE in self.units
        unit = f".{code.partition('-')[0]}."
        return any(known == _EVERY or f".{known}." in unit for known in self.units)


class Routing:
    """All sources of this installation; there may be none."""

    def __init__(self, routes: Iterable[Route] = ()) -> None:
        self.routes = tuple(routes)

    def sources(self, code: str) -> tuple[Source, ...]:
        """Return the sources that are asked for a code."""
        return tuple(route.source for route in self.routes if route.serves(code))

    def serves(self, code: str) -> bool:
        """Tell whether any source is asked for a code."""
        return any(route.serves(code) for route in self.routes)

    def link(self, code: str) -> str | None:
        """Return the official look-up page for a code, when the file of sources names one."""
        return next((route.link for route in self.routes if route.link and route.serves(code)), None)

    def turn(self, code: str, patience: float) -> float:
        """Return the seconds to wait before looking up what nobody waits for; take the place if within patience."""
        return max((route.turn(patience) for route in self.routes if route.serves(code)), default=0.0)

    async def look_up(self, code: str, last: Report | None = None, patience: float | None = None) -> Finding:
        """Ask all sources that know the unit, side by side.

        ``code`` is in canonical form, ``last`` the report known so far, ``patience`` the seconds to wait at most.
        """
        return await ask(self.sources(code), code, last, patience)
