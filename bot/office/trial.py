"""Files of procedures on their way in and out: what one would change where, and what can be made to take along."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.office.sheet import XLSX
from bot.office.shelf import Shelf
from bot.office.stand import Stand
from knowledge.catalogue import Catalogue
from knowledge.exchange.export import write_excel, write_json, write_tables
from knowledge.exchange.pack import Pack
from knowledge.importing import Plan, plan
from knowledge.incoming import Progress
from knowledge.procedure import Procedure

TEMPLATE = "mau.xlsx"
FILES: dict[str, tuple[str, Callable[[Path, Sequence[Procedure]], None]]] = {
    "procedures.json": ("application/json", write_json),
    "thu-tuc.zip": ("application/zip", write_tables),
    "thu-tuc.xlsx": (XLSX, write_excel),
    TEMPLATE: (XLSX, lambda path, _: write_excel(path, ())),
}
"""What can be taken out: the type of each file, and how it is written."""

_UNSAFE = re.compile(r"[^\w .()-]+")


@dataclass(frozen=True, slots=True)
class Made:
    """A file to be taken out; it lies on the disk, for many may wait to be fetched."""

    path: Path
    kind: str


@dataclass
class Trial:
    """A file that was read: what it would change in a scope, on what stood then."""

    name: str
    path: Path
    scope: str
    stand: Stand
    plan: Plan

    @property
    def records(self) -> Pack:
        """What it would add or change."""
        return self.plan.taken


def plan_of(path: Path, stand: Stand, scope: str, progress: Progress) -> Plan:
    """Say what a file would change of what stands in a scope; raise ``KnowledgeError`` when it is refused."""
    shelf = Shelf.of(stand.catalogue, stand.ground, scope)
    return plan(path, Catalogue.of(shelf.records.values()), progress)


def safe_name(name: str) -> str:
    """Return somebody's name for a file as one that is only a name."""
    plain = _UNSAFE.sub(" ", re.split(r"[/\\]", name)[-1]).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:60].strip(' .') or 'tep'}{dot}{ending[:10]}" if dot else plain[:60] or "tep"
