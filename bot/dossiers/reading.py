"""What a text or a picture was found to hold of dossier codes."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

NONE_FOUND = "Không có mã hồ sơ nào."
NEARLY = "Gần giống mã hồ sơ: {text}. {message}"


class Kind(StrEnum):
    """Whose code it is: one of the public service portals, or of social insurance."""

    NATIONAL = "national"
    SOCIAL_INSURANCE = "social_insurance"


class Part(StrEnum):
    """The part of a code that a problem is about."""

    UNIT = "unit"
    DATE = "date"
    NUMBER = "number"
    SUFFIX = "suffix"


@dataclass(frozen=True, slots=True)
class Code:
    """One code: ``code`` in canonical form, then its parts; ``date`` is the day of filing, if the code tells it."""

    code: str
    kind: Kind
    unit: str
    unit_name: str
    date: datetime.date | None
    number: str
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A near miss: the ``text`` as typed, the ``part`` that is wrong, and a ``message`` in plain words."""

    text: str
    part: Part
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text holds: each code once, in order, and what looks like a code but is none."""

    codes: tuple[Code, ...] = ()
    problems: tuple[Problem, ...] = ()


def as_json(reading: Reading) -> str:
    """Return a reading as one JSON object with ``codes`` and ``problems``; dates as ``YYYY-MM-DD``."""
    return json.dumps(asdict(reading), ensure_ascii=False, indent=2, default=str)


def as_lines(reading: Reading) -> str:
    """Return a reading as lines for a person."""
    lines = [f"{code.code}  ({code.unit_name})" for code in reading.codes]
    lines += [NEARLY.format(text=problem.text, message=problem.message) for problem in reading.problems]
    return "\n".join(lines or [NONE_FOUND])
