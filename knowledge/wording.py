"""The words a clerk reads for the fields of a record and their values, and for what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from knowledge.procedure import Audience, ChannelKind, Handling, Level, MoneyKind, SetBy, TimeUnit

LEVELS = {
    Level.COMMUNE: "Cấp xã",
    Level.PROVINCE: "Cấp tỉnh",
    Level.MINISTRY: "Bộ, cơ quan trung ương",
    Level.OTHER: "Cơ quan khác",
}
AUDIENCE = {
    Audience.CITIZEN: "Công dân Việt Nam",
    Audience.OVERSEAS_VIETNAMESE: "Người Việt Nam ở nước ngoài",
    Audience.FOREIGNER: "Người nước ngoài",
    Audience.HOUSEHOLD_BUSINESS: "Hộ kinh doanh",
    Audience.COOPERATIVE: "Hợp tác xã",
    Audience.ENTERPRISE: "Doanh nghiệp",
    Audience.ORGANISATION: "Tổ chức",
    Audience.OFFICIAL: "Cán bộ, công chức, viên chức",
}
CHANNELS = {ChannelKind.IN_PERSON: "Trực tiếp", ChannelKind.ONLINE: "Trực tuyến", ChannelKind.POST: "Bưu chính"}
MONEY = {MoneyKind.CHARGE: "Phí", MoneyKind.FEE: "Lệ phí"}
SET_BY = {SetBy.NATION: "Cả nước", SetBy.PROVINCE: "Tỉnh"}
HANDLING = {Handling.HAND_IN: "Nộp", Handling.SHOW: "Xuất trình", Handling.LOOKED_UP: "Cơ quan tự tra cứu"}
UNITS = {TimeUnit.HOUR: "Giờ", TimeUnit.DAY: "Ngày", TimeUnit.WORKING_DAY: "Ngày làm việc", TimeUnit.MONTH: "Tháng"}

_CONDITION = {"condition": "Khi nào (bằng lời)", "when": "Tùy câu trả lời"}
LABELS: Mapping[str, Mapping[str, str]] = {
    "": {
        "code": "Mã thủ tục",
        "name": "Tên thủ tục",
        "names": "Tên thường gọi",
        "field": "Lĩnh vực",
        "levels": "Cấp thực hiện",
        "agency": "Cơ quan thực hiện",
        "audience": "Đối tượng",
        "summary": "Tóm tắt",
        "channels": "Cách nộp",
        "exemptions": "Miễn, giảm",
        "documents": "Giấy tờ",
        "questions": "Câu hỏi",
        "steps": "Các bước",
        "results": "Kết quả",
        "conditions": "Điều kiện",
        "legal_basis": "Căn cứ pháp lý",
        "decision": "Quyết định công bố",
        "in_force_since": "Có hiệu lực từ",
        "abolished_on": "Bãi bỏ từ",
        "successor": "Thủ tục thay thế",
        "family": "Nhóm thủ tục",
        "variant": "Khác thủ tục gốc ở chỗ",
        "provincial": "Chỉ một tỉnh có",
        "local_rules": "Quy định của tỉnh",
        "prior": "Mức hay được hỏi",
        "source": "Nguồn",
        "warnings": "Cảnh báo",
    },
    "channels": {"kind": "Cách nộp", "where": "Nơi nộp", "when": "Tùy câu trả lời"}
    | {"time_limits": "Thời hạn", "money": "Tiền"},
    "time_limits": {"amount": "Bao lâu", "unit": "Đơn vị", "note": "Ghi chú", **_CONDITION},
    "money": {
        "kind": "Loại",
        "amount": "Số tiền (đồng)",
        "unit": "Tính theo",
        "from_unit": "Từ đơn vị thứ",
        "to_unit": "Đến đơn vị thứ",
        "set_by": "Nơi quy định",
        "basis": "Văn bản quy định",
        "note": "Ghi chú",
        **_CONDITION,
    },
    "documents": {
        "name": "Tên giấy tờ",
        "form": "Mẫu số",
        "form_url": "Đường dẫn tải mẫu",
        "originals": "Bản chính",
        "copies": "Bản sao",
        "handling": "Nộp hay xuất trình",
        **_CONDITION,
    },
    "questions": {"id": "Mã câu hỏi", "text": "Câu hỏi", "choices": "Lựa chọn", "when": "Tùy câu trả lời"},
    "choices": {"id": "Mã lựa chọn", "text": "Lựa chọn", "note": "Điều cần biết khi chọn"},
    "steps": {"text": "Bước", "when": "Tùy câu trả lời"},
    "legal_basis": {"number": "Số văn bản", "title": "Tên văn bản"},
    "local_rules": {
        "province": "Mã tỉnh",
        "channel": "Cách nộp",
        "money": "Tiền",
        "time_limits": "Thời hạn",
        "basis": "Văn bản của tỉnh",
        "url": "Đường dẫn",
        "read_on": "Ngày đọc",
        "verified": "Đã so với nguồn thứ hai",
    },
    "source": {
        "name": "Tên nguồn",
        "url": "Đường dẫn nguồn",
        "read_on": "Ngày đọc nguồn",
        "verified": "Đã so với nguồn thứ hai",
        "note": "Ghi chú về nguồn",
    },
}
"""What each field is called, by the list or part of a record it stands in; "" for the record itself."""

CHOICES: Mapping[tuple[str, str], Mapping[Any, str]] = {
    ("", "levels"): LEVELS,
    ("", "audience"): AUDIENCE,
    ("channels", "kind"): CHANNELS,
    ("local_rules", "channel"): CHANNELS,
    ("money", "kind"): MONEY,
    ("money", "set_by"): SET_BY,
    ("documents", "handling"): HANDLING,
    ("time_limits", "unit"): UNITS,
}
"""The words of fields that have a fixed set of values."""

_NOTHING = object()
YES, NO = "có", "không"
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DAYS = {"read_on", "in_force_since", "abolished_on"}
_FAULTS = {
    "missing": "còn thiếu",
    "extra_forbidden": "không có mục",
    "string_too_short": "đang để trống",
    "string_type": "cần là chữ",
    "string_pattern_mismatch": "viết sai dạng",
    "enum": "không có trong các giá trị cho phép",
    "too_short": "có ít mục quá",
    "too_long": "có nhiều mục quá",
    "tuple_type": "cần là danh sách",
    "dict_type": "cần có từng mục con",
    "model_type": "cần có từng mục con",
    "mapping_type": "cần có từng mục con",
    "greater_than_equal": "nhỏ quá",
    "less_than_equal": "lớn quá",
}


def label(part: str, field: str) -> str:
    """Return what ``field`` is called in ``part`` of a record; the name itself for one we do not know."""
    return LABELS.get(part, {}).get(field, field)


def in_words(part: str, field: str, value: Any) -> str:
    """Return a value of a record's JSON as a clerk reads it; "" for what is empty."""
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dict):
        return when_text(value) if field == "when" else _item(field or part, value)
    if isinstance(value, list):
        return "; ".join(in_words(part, field, each) for each in value)
    if isinstance(value, str):
        day = _ISO_DAY.fullmatch(value) if field in _DAYS else None
        return "/".join(reversed(day.groups())) if day else CHOICES.get((part, field), {}).get(value, value)
    return f"{value:,}".replace(",", ".") if field == "amount" and isinstance(value, int) else f"{value}"


def _item(part: str, value: Mapping[str, Any]) -> str:
    """Return one paper, sum, question ... in a line: what is empty is left out."""
    plain = {"originals": 0, "copies": 0, "from_unit": 1, "verified": False, "set_by": SetBy.NATION}
    told = ((field, in_words(part, field, each)) for field, each in value.items() if plain.get(field, _NOTHING) != each)
    named = [
        f"{label(part, field).lower()} {words}" for field, words in told if words and field not in ("name", "text")
    ]
    head = [str(value[field]) for field in ("name", "text") if value.get(field)]
    return ", ".join(head + named)


def when_text(when: Mapping[str, Sequence[str]]) -> str:
    """Return a condition as it is written in a cell: ``who = self, family; late = yes``."""
    return "; ".join(f"{question} = {', '.join(choices)}" for question, choices in when.items())


def faults(error: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield where a record is not valid, as fields and places counted from 0, and what is wrong there in words."""
    for each in error.errors(include_url=False, include_context=False):
        kind, path = each["type"], each["loc"]
        if path[:1] == ("steps",) and len(path) > 2:  # text or a text with a condition: pydantic tries both
            if len(path) == 3 and (kind == "model_type" or (kind == "string_type" and isinstance(each["input"], dict))):
                continue
            path = (*path[:2], *path[3:])
        words = _FAULTS.get(kind) or next((text for start, text in _KINDS if kind.startswith(start)), "không đúng dạng")
        yield path, f"{words} “{path[-1]}”" if kind == "extra_forbidden" else words


_KINDS = (
    ("int", "cần là số nguyên"),
    ("float", "cần là số"),
    ("date", "cần là ngày"),
    ("bool", "cần là có hoặc không"),
)


def where(path: Sequence[int | str]) -> str:
    """Return the place of a fault in words: ``Giấy tờ 2 › Bản chính``."""
    part, told = "", list[str]()
    for step in path:
        if isinstance(step, int):
            told[-1:] = [f"{told[-1]} {step + 1}" if told else f"{step + 1}"]
            continue
        if step in LABELS.get(part, {}):
            told.append(LABELS[part][step])
        if step in LABELS:
            part = step
    return " › ".join(told) or "bản ghi"
