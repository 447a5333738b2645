"""Small made-up records to build catalogues of."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.procedure import (
    Channel,
    ChannelKind,
    Money,
    MoneyKind,
    Procedure,
    RequiredDocument,
    Source,
    TimeLimit,
    TimeUnit,
)

READ_ON = date(2026, 7, 1)


def record(code: str = "1.000001", name: str = "Cấp thẻ bạn đọc", **facts: Any) -> Procedure:
    """A record with everything a reader needs; ``facts`` replace what it says."""
    channel = Channel(
        kind=ChannelKind.IN_PERSON,
        where="Ủy ban nhân dân xã",
        time_limits=(TimeLimit(amount=3, unit=TimeUnit.WORKING_DAY),),
        money=(Money(kind=MoneyKind.FEE, amount=8000),),
    )
    plain = {
        "field": "Thư viện",
        "channels": (channel,),
        "documents": (RequiredDocument(name="Tờ khai", originals=1),),
        "source": Source(name="Cổng Dịch vụ công quốc gia", read_on=READ_ON, verified=True),
    }
    return Procedure(code=code, name=name, **{**plain, **facts})


def portal(code: str = "1.000001", name: str = "Cấp thẻ bạn đọc", **fields: Any) -> dict[str, Any]:
    """A record as the national portal has it."""
    plain = {
        "code": code,
        "name": name,
        "field": "Thư viện",
        "level": "Cấp Xã",
        "subjects": ["Công dân Việt Nam"],
        "channels": [
            {"channel": "Trực tiếp", "time_limit": "3 Ngày làm việc", "fee_text": "", "fee_kind": "portal-no-data"}
        ],
        "documents": [{"case": None, "items": [{"name": "Tờ khai", "original": 1, "copies": 0}]}],
        "steps": "- Nộp hồ sơ\n- Nhận kết quả",
        "source_date": "2026-06-30",
    }
    return {**plain, **fields}


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write one JSON object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
