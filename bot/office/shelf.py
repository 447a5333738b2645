"""The procedures as staff see them: what stands in a place, found by words, by field, by what needs a look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.dialogue.services import Services
from bot.office.standing import Ground
from knowledge.catalogue import Catalogue
from knowledge.procedure import Procedure
from knowledge.validation import STALE_AFTER
from knowledge.vietnamese import fold

MOST_FOUND = 40
STATES = {
    "chua-kiem": "Chưa so với nguồn thứ hai",
    "cu": "Nguồn đọc đã quá sáu tháng",
    "canh-bao": "Có điều chưa chắc",
    "bai-bo": "Đã bãi bỏ",
}
"""What to list, by the name it has in an address."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All records that stand in one scope; ``own`` are the codes that are otherwise there than elsewhere."""

    records: Mapping[str, Procedure]
    own: frozenset[str]

    @classmethod
    def of(cls, catalogue: Catalogue, ground: Ground, scope: str) -> Shelf:
        """Return what stands in ``scope`` ("" for the whole country)."""
        records = dict(catalogue.procedures)
        own: set[str] = set()
        for each in (*ground.wider(scope), scope):
            for code, record in catalogue.local.get(each, {}).items():
                own.add(code)
                if record is None:
                    records.pop(code, None)
                else:
                    records[code] = record
        return cls(records, frozenset(own))

    def found(self, words: str, services: Services) -> list[Procedure]:
        """Return what the words mean: as the assistant understands them, then whatever has them in its names."""
        match = services.matcher.match(words)
        codes = dict.fromkeys([*match.choices, *(candidate.code for candidate in match.candidates)])
        wanted = fold(" ".join(words.lower().split()))
        for code, record in self.records.items():
            if wanted and any(wanted in fold(said.lower()) for said in (code, record.name, *record.names)):
                codes[code] = None
        return [self.records[code] for code in codes if code in self.records][:MOST_FOUND]

    def fields(self) -> list[tuple[str, int]]:
        """Return the fields in alphabetical order, with how many procedures in force each has."""
        counted: dict[str, int] = {}
        for record in self.records.values():
            if record.abolished_on is None:
                counted[record.field] = counted.get(record.field, 0) + 1
        return sorted(counted.items(), key=lambda item: fold(item[0].lower()))

    def of_field(self, field: str) -> list[Procedure]:
        """Return the procedures in force of one field."""
        return _sorted(record for record in self.records.values() if record.field == field and not record.abolished_on)

    def of_state(self, state: str, today: date) -> list[Procedure]:
        """Return what is in the state of that name (see ``STATES``)."""
        return _sorted(record for record in self.records.values() if state in states(record, today))


def states(record: Procedure, today: date) -> set[str]:
    """Return the states a record is in, by their names in ``STATES``."""
    if record.abolished_on is not None:
        return {"bai-bo"}
    found = {
        "chua-kiem": not record.source.verified,
        "cu": today - record.source.read_on > STALE_AFTER,
        "canh-bao": bool(record.warnings),
    }
    return {name for name, holds in found.items() if holds}


def _sorted(records: Iterable[Procedure]) -> list[Procedure]:
    return sorted(records, key=lambda record: fold(record.name.lower()))
