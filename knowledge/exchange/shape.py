"""Of what kind the fields of a portal record must be, and which field is not, in words."""

from __future__ import annotations

from typing import Any

_SHAPE: dict[str, Any] = {
    **dict.fromkeys(("code", "name", "field", "level", "agency", "authority", "steps", "conditions"), str),
    **dict.fromkeys(("decision_no", "url", "source_date", "detail"), str),
    "subjects": [str],
    "results": [str],
    "channels": [dict.fromkeys(("channel", "time_limit", "fee_text", "fee_kind"), str)],
    "documents": [{"case": str, "items": [dict.fromkeys(("name", "form"), str)]}],
    "legal_basis": [dict.fromkeys(("name", "code"), str)],
}
"""The kinds of what we read of a record: text, lists, and groups of named fields."""


def misshapen(record: Any) -> str:
    """Say what of a record is not of the kind it must be; nothing when all is. What is null is left to its reader."""
    return _misshapen(record, _SHAPE, "bản ghi")


def _misshapen(value: Any, shape: Any, place: str) -> str:
    if value is None:
        return ""
    inner: list[tuple[Any, Any, str]] = []
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{place}: cần một danh sách"
        if None in value and isinstance(shape[0], dict):
            return f"{place}: có chỗ bỏ trống"
        inner = [(each, shape[0], place) for each in value]
    elif isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{place}: cần một nhóm mục có tên"
        inner = [(value.get(key), each, f"mục “{key}”") for key, each in shape.items()]
    elif not isinstance(value, str):
        return f"{place}: cần chữ"
    return next((wrong for each in inner if (wrong := _misshapen(*each))), "")
