"""What stands on the slip of a dossier that was filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Receipt:
    """All in words but the code: ``due`` is when to expect the result, ``place`` and ``hours`` where to ask for it.

    ``first_name`` may be empty; nothing else of the resident is known.
    """

    code: str
    procedure: str
    first_name: str
    filed: date
    due: str
    place: str
    hours: str
