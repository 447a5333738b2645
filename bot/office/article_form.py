"""The form of an article: read into a record that may still have faults, and the faults in words, each at its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.office.forms import Form
from bot.office.wordings import fit
from knowledge.articles import LONGEST_BODY
from knowledge.vietnamese import fold

LABELS = {
    "title": "Tên bài",
    "body": "Nội dung",
    "phrases": "Người dân hỏi thế nào",
    "procedures": "Thủ tục liên quan",
    "source": "Nguồn",
}
NO_TITLE = "Anh/chị ghi tên bài."
LONG_TITLE = "Tên bài dài quá 100 chữ cái."
BAD_TITLE = "Tên bài cần có ít nhất hai chữ cái."
NO_BODY = "Anh/chị viết nội dung."
LONG_BODY = "Nội dung dài quá {most} chữ cái, người đọc trên điện thoại sẽ bỏ dở. Anh/chị viết gọn lại."
NO_PHRASE = "Anh/chị ghi ít nhất một câu hỏi, để người hỏi tìm thấy bài này."
LONG_PHRASE = "Có câu dài quá 200 chữ cái, hoặc quá 200 câu."
BAD_CODE = "Mã “{code}” không có trong danh mục."
MANY_CODES = "Nhiều nhất 8 thủ tục liên quan."
NO_SOURCE = "Anh/chị ghi nguồn: văn bản, thông báo, hoặc trang thông tin."
BAD_DAY = "Ngày đọc nguồn không đúng, hoặc ở tương lai."
BAD_URL = "Địa chỉ bắt đầu bằng https:// hoặc http://."

_WORD = re.compile(r"[a-z0-9]+")
_URL = re.compile(r"https?://[^\s/]+\.[^\s/]+\S*")
_LONGEST_TITLE, _LONGEST_PHRASE, _MOST_PHRASES, _MOST_CODES = 100, 200, 200, 8


def slug(title: str) -> str:
    """Return the name of an article made of its title, from the first letter on; "" when that leaves hardly any."""
    words = "-".join(_WORD.findall(fold(title))).lstrip("-0123456789")[:40].strip("-")
    return words if len(words) > 1 else ""


def record(form: Form, name: str) -> dict[str, Any]:
    """Return what the form holds as the record of the article ``name``; it may have faults."""
    source: dict[str, Any] = {
        "name": form.get("source"),
        "read_on": form.get("read_on"),
        "verified": form.get("verified") == "on",
    }
    source |= {key: value for key in ("url", "note") if (value := form.get(key))}
    lines = form.get("phrases").splitlines()
    found = {
        "id": name,
        "title": " ".join(form.get("title").split()),
        "body": form.get("body"),
        "phrases": list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip())),
        "procedures": list(dict.fromkeys(re.split(r"[\s,;]+", form.get("procedures").strip()))),
        "source": source,
    }
    found["procedures"] = [code for code in found["procedures"] if code]
    return found


def faults(record: Mapping[str, Any], known: Mapping[str, object], today: date) -> dict[str, str]:
    """Return what is wrong, by field; ``known`` holds the procedures of the catalogue by code."""
    found = {
        "title": _title(str(record.get("title") or "")),
        "body": _body(str(record.get("body") or "")),
        "phrases": _phrases(record.get("phrases") or []),
        "procedures": _codes(record.get("procedures") or [], known),
        **_source(record.get("source") or {}, today),
    }
    return {field: words for field, words in found.items() if words}


def _title(title: str) -> str:
    if not title:
        return NO_TITLE
    return LONG_TITLE if len(title) > _LONGEST_TITLE else "" if slug(title) else BAD_TITLE


def _body(body: str) -> str:
    if not body:
        return NO_BODY
    return LONG_BODY.format(most=LONGEST_BODY) if len(body) > LONGEST_BODY else ""


def _phrases(phrases: list[str]) -> str:
    if not phrases:
        return NO_PHRASE
    return LONG_PHRASE if len(phrases) > _MOST_PHRASES or max(map(len, phrases)) > _LONGEST_PHRASE else ""


def _codes(codes: list[str], known: Mapping[str, object]) -> str:
    bad = next((code for code in codes if code not in known), None)
    if bad is not None:
        return BAD_CODE.format(code=bad[:20])
    return MANY_CODES if len(codes) > _MOST_CODES else ""


def _source(source: Mapping[str, Any], today: date) -> dict[str, str]:
    url = source.get("url") or ""
    try:
        read = date.fromisoformat(str(source.get("read_on") or ""))
    except ValueError:
        read = date.max
    return {
        "source": "" if source.get("name") else NO_SOURCE,
        "read_on": BAD_DAY if read > today else "",
        "url": "" if not url or _URL.fullmatch(url) else BAD_URL,
    }


def begun(said: list[str], today: date) -> dict[str, Any]:
    """Return the record of an article that is to answer what people asked."""
    source = {"name": "", "read_on": today.isoformat(), "verified": False}
    return {"id": "", "title": "", "body": "", "phrases": fit(said, ()), "procedures": [], "source": source}
