"""Check the articles that ship: everything in them that would mislead a reader or lead nowhere, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from knowledge.articles import PATH, Article, article
from knowledge.decoding import decode, oddities
from knowledge.errors import ArticlesError, DecodingError, reason
from knowledge.procedure import Procedure
from knowledge.vietnamese.normal import fold, normalise

_LINK = re.compile(r"\[[^\[\]]+\]\(https://[^\s()<>*\"/]+\.[^\s()<>*\"]+\)")
_HALF_A_LINK = re.compile(r"\S*\]\s?\(\S*|https?://\S*")
_PAGE = re.compile(r"https?://[^\s/]+\.[^\s]+")


def read(path: Path | None = None) -> tuple[list[Article], list[str]]:
    """Return the articles of a file that can be read, and in words what is wrong with the others."""
    path = path or PATH
    try:
        raw = decode(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, DecodingError) as error:
        return [], [f"Không đọc được {path.name}: {reason(error)}"]
    if not isinstance(raw, list):
        return [], [f"{path.name}: cần một danh sách bài viết"]
    found: dict[str, Article] = {}
    faults = [
        f"{path.name}, bài thứ {int(place) + 1}, mục {'.'.join(map(str, rest))}: {words}"
        for (place, *rest), words in oddities(raw)
    ]
    for number, each in enumerate(raw, 1):
        try:
            one = article(each, f"{path.name}, bài thứ {number}")
        except ArticlesError as error:
            faults.append(str(error))
            continue
        if one.id in found:
            faults.append(f"{path.name}, bài thứ {number}: tên {one.id} đã có")
        found.setdefault(one.id, one)
    return list(found.values()), faults


def faults(articles: Iterable[Article], records: Mapping[str, Procedure], today: date) -> Iterator[str]:
    """Yield what is wrong with articles beside these procedures, by code; without any they are not looked at."""
    named = {fold(normalise(name)): code for code, each in records.items() for name in (each.name, *each.names)}
    asked: dict[str, str] = {}
    for each in articles:
        own = [*_text_faults(each), *_source_faults(each, today), *_procedure_faults(each, records)]
        for phrase in each.phrases:
            key = fold(normalise(phrase))
            if key in named:
                own.append(f"cách hỏi “{phrase}” là tên của thủ tục {named[key]}")
            if asked.setdefault(key, each.id) != each.id:
                own.append(f"cách hỏi “{phrase}” đã thuộc bài {asked[key]}")
        yield from (f"bài {each.id}: {fault}" for fault in dict.fromkeys(own))


def _text_faults(each: Article) -> Iterator[str]:
    if not each.phrases:
        yield "không có cách hỏi nào, nên không ai tìm ra"
    for broken in _HALF_A_LINK.findall(_LINK.sub(" ", each.body)):
        yield f"đường dẫn viết sai: “{broken[:60]}”"


def _source_faults(each: Article, today: date) -> Iterator[str]:
    if each.source.read_on > today + timedelta(days=1):
        yield f"nguồn đọc ngày {each.source.read_on:%d/%m/%Y}, còn chưa tới"
    if each.source.url and not _PAGE.fullmatch(each.source.url):
        yield f"địa chỉ không phải trang web: “{each.source.url[:60]}”"


def _procedure_faults(each: Article, records: Mapping[str, Procedure]) -> Iterator[str]:
    for code in each.procedures if records else ():
        record = records.get(code)
        if record is None:
            yield f"không có thủ tục {code} trong danh mục"
        elif record.abolished_on is not None:
            yield f"dẫn tới thủ tục {code} đã bãi bỏ"
