"""The desk where an export of the one-stop software is handed in: ``python -m bot dossier import FILE``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dossiers import columns, importing, spreadsheet
from bot.dossiers.columns import Column, Layout
from bot.dossiers.importing import Batch
from bot.dossiers.register import Register, count
from bot.dossiers.sources.building import Reader
from bot.errors import ImportFault

_KEPT = text("SELECT columns FROM mapping WHERE headings = :headings")
_KEEP = text("""
    INSERT INTO mapping (headings, columns) VALUES (:headings, CAST(:columns AS jsonb))
    ON CONFLICT (headings) DO UPDATE SET columns = EXCLUDED.columns, confirmed_at = now()
""")
_SHOWN_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Order:
    """What the person at the keyboard wants. ``wishes`` are columns named by hand (``due=Hạn chót``)."""

    path: Path
    as_of: datetime
    wishes: Sequence[str] = ()
    dry_run: bool = False


Confirm = Callable[[list[str]], bool]
"""Shows what each column is taken for and says whether that is right."""


async def hand_in(
    order: Order, engine: AsyncEngine, register: Register, reader: Reader, confirm: Confirm
) -> dict[str, Any]:
    """Import an export and return what became of its rows.

    Raises ``ImportFault`` when the file cannot be read, or when its columns are not confirmed.
    """
    lines = list(spreadsheet.read(order.path))
    layout, known = await _layout(lines, order, engine)
    if not known and not confirm(columns.described(layout)):
        raise ImportFault("Chưa nhập gì: chạy lại với --column (ví dụ --column due=“Hạn trả”) hoặc --yes để đồng ý.")
    batch = importing.rows(lines, layout, reader, order.as_of)
    if not batch.rows and not batch.faults:
        raise ImportFault("Tệp không có dòng hồ sơ nào dưới dòng tiêu đề.")
    outcomes = await (register.sort(batch.rows) if order.dry_run else register.put(batch.rows))
    if not order.dry_run:
        await _keep(layout, engine)
    return _result(layout, batch, count(outcomes), order.dry_run)


async def _layout(lines: Sequence[spreadsheet.Line], order: Order, engine: AsyncEngine) -> tuple[Layout, bool]:
    """Return how the table is read, and whether somebody confirmed just that before."""
    guessed = columns.guess(lines, order.wishes)
    async with engine.connect() as connection:
        kept = (await connection.execute(_KEPT, {"headings": guessed.key})).scalar_one_or_none()
    if kept is not None:
        guessed = guessed.with_columns({int(at): Column(name) for at, name in kept.items()})
    layout = columns.chosen(guessed, order.wishes)
    for needed in (Column.CODE, Column.STATUS):
        if layout.at(needed) is None:
            raise ImportFault(
                f"Không thấy cột {columns.MEANINGS[needed]}: chỉ rõ bằng --column {needed.value}=“tên cột”."
            )
    return layout, kept is not None and layout == guessed


async def _keep(layout: Layout, engine: AsyncEngine) -> None:
    chosen = json.dumps({str(at): column.value for at, column in layout.columns.items()})
    async with engine.begin() as connection:
        await connection.execute(_KEEP, {"headings": layout.key, "columns": chosen})


def _result(layout: Layout, batch: Batch, counts: dict[str, int], dry_run: bool) -> dict[str, Any]:
    return {
        "columns": {layout.headings[at]: column.value for at, column in layout.columns.items()},
        "rows": len(batch.rows) + len(batch.faults),
        **counts,
        "refused": len(batch.faults),
        "faults": [asdict(fault) for fault in batch.faults],
        "dry_run": dry_run,
    }


def in_words(result: dict[str, Any]) -> str:
    """Return the result as the person at the keyboard reads it."""
    begun = "Thử (chưa ghi gì)" if result["dry_run"] else "Đã nhập"
    lines = [
        f"{begun}: {result['rows']} dòng. Mới {result['new']}, thay đổi {result['changed']}, như cũ {result['same']}, "
        f"cũ hơn sổ {result['older']}, không nhận {result['refused']}."
    ]
    lines += [f"  ô {fault['place']}: {fault['reason']}" for fault in result["faults"][:_SHOWN_FAULTS]]
    left = len(result["faults"]) - _SHOWN_FAULTS
    return "\n".join([*lines, f"  … và {left} dòng khác (xem đủ bằng --json)"] if left > 0 else lines)
