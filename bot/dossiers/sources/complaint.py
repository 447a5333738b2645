"""What is wrong with an entry of the file of sources, in words for the person who wrote it."""

from __future__ import annotations

from typing import Any

_WORDS = {
    "missing": "còn thiếu",
    "extra_forbidden": "là mục không có trong hướng dẫn",
    "string_pattern_mismatch": 'phải có dạng như "H48", "000.00.53.H48", "BHXH" hoặc "*"',
    "string_too_short": "không được để trống",
    "string_too_long": "quá dài",
    "too_short": "không được để trống",
    "string_type": "phải là chữ trong dấu ngoặc kép",
    "tuple_type": "phải là danh sách trong dấu ngoặc vuông",
    "float_parsing": "phải là số",
    "float_type": "phải là số",
    "int_parsing": "phải là số nguyên",
    "int_type": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "dict_type": "phải là một bảng TOML",
    "model_type": "phải là một bảng TOML",
    "path_type": "phải là đường dẫn tệp",
}


def in_words(error: Any) -> str:
    """Say in words what is wrong with an entry."""
    path = [str(part) for part in error["loc"][1:]]
    name = ".".join(path[1:] if path and path[0] in {"national", "igate", "json"} else path)
    kind, context = error["type"], error.get("ctx", {})
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return 'kind phải là "national", "igate" hoặc "json"'
    if kind == "value_error":
        message = str(error["msg"]).removeprefix("Value error, ")
        return f"{name} {message}" if name else message
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = context.get("ge", context.get("le"))
        return f"{name} phải {'từ' if 'ge' in context else 'không quá'} {bound}{' trở lên' if 'ge' in context else ''}"
    if kind == "literal_error":
        return f"{name} phải là một trong: {str(context.get('expected')).replace(' or ', ', ')}"
    return f"{name} {_WORDS.get(kind, 'không hợp lệ')}" if name else _WORDS.get(kind, "không hợp lệ")
