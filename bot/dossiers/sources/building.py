"""What the adapters share when they fill in a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.dossiers import wording
from bot.dossiers.report import VIETNAM, Step
from bot.dossiers.sources import values
from bot.dossiers.status import Status

Words = Callable[[str], Status | None]
"""Reads a state in a system's own words as one of the ten; None when they say none of them plainly."""

Now = Callable[[], datetime]

_MOST_STEPS = 50
_PLAIN = 0.75


@dataclass(frozen=True, slots=True)
class Reader:
    """How a source's words are read, and what time it is."""

    words: Words
    now: Now

    def status(self, value: object) -> tuple[Status | None, str]:
        """Return the state as one of the ten, and as the source said it when it used words."""
        said = values.text(value, 200)
        if said.isascii() and said.isdigit():
            number = int(said[:4])
            return (Status(number), "") if 1 <= number <= 10 else (None, said)
        return (self.words(said) if said else None), said


def spoken(said: str) -> Status | None:
    """Read a state in words, as one of the ten only when little else is said."""
    seen = wording.read(said)
    return seen.status if seen and seen.confidence >= _PLAIN else None


def usual() -> Reader:
    """Return the reader that the program uses."""
    return Reader(spoken, lambda: datetime.now(VIETNAM))


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the newest steps by time; one without a time stays behind its neighbour."""
    last: datetime | None = None
    placed: list[tuple[bool, float, int, Step]] = []
    for index, step in enumerate(steps):
        last = step.at or last
        placed.append((last is not None, last.timestamp() if last else 0.0, index, step))
    ordered = tuple(step for *_, step in sorted(placed, key=lambda place: place[:3]))
    return ordered[-_MOST_STEPS:]


def distinct(lines: Iterable[str]) -> tuple[str, ...]:
    """Return what is not empty, each once, in order."""
    return tuple(dict.fromkeys(line for line in lines if line))
