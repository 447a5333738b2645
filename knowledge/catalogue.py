"""Many procedures at one moment: load, validate, look up."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.catalogue_file import decoded, read
from knowledge.errors import CatalogueError
from knowledge.places import Commune
from knowledge.procedure import Procedure

Local = Mapping[str, Mapping[str, Procedure | None]]
"""What differs from the national records, by scope (two digits a province, five a commune) and code; None: gone."""


@dataclass(frozen=True)
class Catalogue:
    """All procedures the assistant answers from, by code.

    ``release`` is a short digest of the content: two catalogues with the same release give the same answers, and a
    button pressed under an older release can be told from a current one. ``local`` is what provinces and communes have
    otherwise; ``for_place`` lays it on top.
    """

    procedures: Mapping[str, Procedure]
    release: str
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    local: Local = field(default_factory=dict)
    _digests: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    _local_digests: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False, compare=False)
    _placed: dict[tuple[str, ...], Catalogue] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, procedures: Iterable[Procedure], local: Local | None = None) -> Catalogue:
        """Build a catalogue; raise ``CatalogueError`` when two records share a code."""
        records = sorted(procedures, key=lambda record: record.code)
        repeated = [code for code, times in Counter(record.code for record in records).items() if times > 1]
        if repeated:
            raise CatalogueError(f"Mã thủ tục bị lặp: {', '.join(repeated)}")
        return cls._of({record.code: record for record in records}, local or {}, {}, {})

    @classmethod
    def _of(
        cls,
        records: dict[str, Procedure],
        local: Local,
        digests: Mapping[str, str],
        local_digests: Mapping[str, Mapping[str, str]],
    ) -> Catalogue:
        """Build from records in the order of their codes, some of whose digests are known."""
        digests = {code: digests.get(code) or digest_of(record) for code, record in records.items()}
        families: dict[str, list[str]] = {}
        whole = hashlib.sha256()
        for code, record in records.items():
            whole.update(digests[code].encode())
            if record.family:
                families.setdefault(record.family, []).append(code)
        told: dict[str, dict[str, str]] = {}
        for scope, changed in sorted(local.items()):
            known = local_digests.get(scope, {})
            told[scope] = {code: known[code] if code in known else digest_of(changed[code]) for code in sorted(changed)}
            for code, digest in told[scope].items():
                whole.update(f"{scope} {code} {digest}".encode())
        grouped = {family: tuple(codes) for family, codes in families.items()}
        return cls(records, whole.hexdigest()[:8], grouped, local, digests, told)

    def amended(self, changed: Mapping[str, Procedure | None], local: Local | None = None) -> Catalogue:
        """Return the catalogue with some records put in the place of theirs, or taken out where None stands."""
        records = {code: record for code, record in self.procedures.items() if code not in changed}
        records |= {code: record for code, record in changed.items() if record is not None}
        kept = {code: digest for code, digest in self._digests.items() if code not in changed}
        local = self.local if local is None else local
        known: dict[str, dict[str, str]] = {}
        for scope, told in self._local_digests.items():
            before, now = self.local[scope], local.get(scope, {})
            known[scope] = {code: told[code] for code in now if code in before and now[code] is before[code]}
        return self._of(dict(sorted(records.items())), local, kept, known)

    def for_place(self, commune: Commune | None) -> Catalogue:
        """Return the catalogue as it holds in a commune: its province's records on top, and its own on top of those.

        The same object for all places that have nothing of their own.
        """
        scopes = (commune.province.code, commune.code) if commune else ()
        own = tuple(scope for scope in scopes if self.local.get(scope))
        if not own:
            return self
        if own not in self._placed:
            changed: dict[str, Procedure | None] = {}
            for scope in own:
                changed.update(self.local[scope])
            self._placed[own] = self.amended(changed, {})
        return self._placed[own]

    def elsewhere(self, placed: Catalogue) -> frozenset[str]:
        """Return the codes that some place has, but not the one of ``placed``."""
        if not self.local:
            return frozenset()
        return frozenset(self.procedures).union(*self.local.values()).difference(placed.procedures)

    def everywhere(self) -> tuple[Procedure, ...]:
        """Return all records there are anywhere, one for each code: what a matcher must know.

        A record that some place has otherwise brings the names it has there; one that only a place has is its own.
        """
        found = dict(self.procedures)
        for changed in self.local.values():
            for code, record in changed.items():
                if record is not None:
                    found[code] = _named_too(found.get(code, record), record)
        return tuple(found.values())

    def get(self, code: str) -> Procedure | None:
        """Return the procedure of that code, or None."""
        return self.procedures.get(code)

    def digest(self, code: str) -> str:
        """Return ``digest_of`` the procedure of that code."""
        return self._digests.get(code, "")

    def by_field(self) -> dict[str, tuple[Procedure, ...]]:
        """Return the procedures in force grouped by field (lĩnh vực), fields and names in alphabetical order."""
        groups: dict[str, list[Procedure]] = {}
        for record in self.procedures.values():
            if record.abolished_on is None:
                groups.setdefault(record.field, []).append(record)
        return {name: tuple(sorted(group, key=lambda r: r.name)) for name, group in sorted(groups.items())}

    def related(self, code: str, limit: int = 6) -> tuple[Procedure, ...]:
        """Return procedures a reader of ``code`` may have meant or need next: its family first, then its field."""
        record = self.procedures.get(code)
        if record is None:
            return ()
        family = self.families.get(record.family or "", ())
        found = [self.procedures[other] for other in family if other != code]
        peers = (other for other in self.procedures.values() if other.field == record.field)
        found += sorted((p for p in peers if p.code != code and p not in found), key=lambda p: (-p.prior, p.code))
        return tuple(p for p in found if p.abolished_on is None)[:limit]

    def __iter__(self) -> Iterator[Procedure]:
        return iter(self.procedures.values())

    def __len__(self) -> int:
        return len(self.procedures)


def digest_of(record: Procedure | None) -> str:
    """Return a short digest of a record's content; "" for none."""
    return hashlib.sha256(record.model_dump_json().encode()).hexdigest()[:16] if record else ""


def _named_too(record: Procedure, other: Procedure) -> Procedure:
    """Return a record with the names that another of the same code has besides."""
    names = tuple(dict.fromkeys((*record.names, *other.names, *((other.name,) if other.name != record.name else ()))))
    return record if names == record.names else record.model_copy(update={"names": names})


def shipped_path() -> Path:
    """Return where the shipped ``procedures.json`` lies: beside the packages, or inside an installed wheel."""
    beside = Path(__file__).resolve().parent.parent / "procedures.json"
    return beside if beside.is_file() else Path(__file__).resolve().parent / "procedures.json"


def load(path: Path | None = None) -> Catalogue:
    """Read a catalogue file; raise ``CatalogueError`` naming the first fault in words."""
    path = path or shipped_path()
    return parse(decoded(path), path.name)


def parse(document: Any, name: str = "procedures.json") -> Catalogue:
    """Turn the decoded JSON of a catalogue file into a ``Catalogue``; raise ``CatalogueError`` when it is not valid."""
    found: list[Procedure] = []
    for record, fault in read(document, name):
        if fault:
            raise CatalogueError(fault)
        found += [record] if record else []
    return Catalogue.of(found)


def enrich(records: Iterable[Procedure], shipped: Catalogue) -> Iterator[Procedure]:
    """Yield ``records`` with the names people use, family and prior that the shipped catalogue knows of them."""
    for record in records:
        known = shipped.get(record.code)
        if known is None:
            yield record
        else:
            added = {"names": known.names, "family": known.family, "variant": known.variant, "prior": known.prior}
            yield record.model_copy(update=added)
