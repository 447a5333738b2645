"""Reports as they are kept in the database, and what of them is worth telling when it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from bot.dossiers.proof import Seals
from bot.dossiers.report import Report

_REPORT = TypeAdapter(Report)


def written(report: Report, seals: Seals) -> dict[str, Any]:
    """Return a report as JSON. Names do not go in, proofs only sealed: nobody needs more of them later."""
    kept = replace(report, owner="", proofs=seals.close(report.code, report.proofs))
    return dict(_REPORT.dump_python(kept, mode="json"))


def read(kept: dict[str, Any]) -> Report:
    """Read a report back; what a newer program added is dropped."""
    known = Report.__dataclass_fields__
    return _REPORT.validate_python({name: value for name, value in kept.items() if name in known})


def facts(report: Report) -> tuple[Any, ...]:
    """Return what a follower is told of: two reports that agree in this tell the same.

    Steps inside the office and remarks are left out: they change often and ask nothing of anybody.
    """
    return (
        report.status,
        "" if report.status else report.status_text,
        report.due,
        report.new_due,
        report.supply_by,
        report.missing,
        tuple((line.what, line.amount, line.paid) for line in report.money),
    )
