"""Check what ships: catalogue, articles, life events, phrases, word lists, model; and say how far to rely on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from knowledge import catalogue as catalogues
from knowledge import catalogue_file, events, proofreading
from knowledge.articles import Article
from knowledge.changes import load_outdated
from knowledge.consistency import case_faults
from knowledge.errors import KnowledgeError
from knowledge.matching.model import load_model
from knowledge.occasion import Occasions
from knowledge.phrases import conflicts, load_phrases
from knowledge.places import load_gazetteer
from knowledge.plausibility import implausible
from knowledge.procedure import Procedure, TimeUnit
from knowledge.vietnamese.lexicon import load_lexicon
from knowledge.vietnamese.normal import fold, normalise

STALE_AFTER = timedelta(days=180)
LONGEST_TERM = timedelta(days=3660)
"""A longer time limit is a slip of the pen, and no date could be told for it."""

_DAYS = {TimeUnit.HOUR: 1 / 24, TimeUnit.DAY: 1, TimeUnit.WORKING_DAY: 1.5, TimeUnit.MONTH: 30.5}
_DISTRICT = re.compile(
    r"\b(cấp huyện|(ubnd|uỷ ban nhân dân|công an|phòng tư pháp|toà án nhân dân) (quận|huyện|thị xã))\b"
)
_PAGE = re.compile(r"https?://[^\s/]+\.[^\s]+")


def validate(path: Path, today: date | None = None) -> dict[str, Any]:
    """Return counts, coverage by field, what is unverified or stale, and every error in words.

    Articles and life events are checked with our own catalogue, the one they were written for.
    """
    today = today or date.today()
    phrases, errors = _supporting_files()
    records, unread = _read(path)
    errors += unread
    errors += [fault for record in records for fault in record_faults(record)]
    errors += [fault for record in records for fault in _unlikely_days(record, today)]
    errors += _unknown_provinces(records)
    errors += [] if unread else _lost_successors(records)
    errors += shared_names(records)
    errors += _mixed_families(records)
    ours = path.resolve() == catalogues.shipped_path().resolve()
    errors += dict.fromkeys(_event_faults(records)) if ours and not unread else ()
    articles, faults = _articles([] if unread else records, today) if ours else ([], [])
    errors += faults
    return {
        "procedures": len(records),
        "with_case_questions": sum(bool(record.questions) for record in records),
        "verified": sum(record.source.verified for record in records),
        "unverified": [record.code for record in records if not record.source.verified],
        "stale": [record.code for record in records if today - record.source.read_on > STALE_AFTER],
        "by_field": dict(sorted(Counter(record.field for record in records).items())),
        "phrases": phrases,
        "articles": len(articles),
        "articles_unverified": [each.id for each in articles if not each.source.verified],
        "articles_stale": [each.id for each in articles if today - each.source.read_on > STALE_AFTER],
        "errors": errors,
    }


def _read(path: Path) -> tuple[list[Procedure], list[str]]:
    """Return the records of a catalogue file that can be read, and in words what is wrong with the others."""
    records: list[Procedure] = []
    errors: list[str] = []
    try:
        for record, fault in catalogue_file.read(catalogue_file.decoded(path), path.name):
            records += [record] if record else []
            errors += [fault] if fault else []
    except KnowledgeError as error:
        errors.append(str(error))
    if not records and not errors:
        errors.append(f"{path.name}: không có thủ tục nào")
    return records, errors


def _supporting_files() -> tuple[int, list[str]]:
    try:
        load_lexicon()
        load_model()
        load_outdated()
        return sum(map(len, load_phrases().values())), conflicts()
    except KnowledgeError as error:
        return 0, [str(error)]


def _unlikely_days(record: Procedure, today: date) -> Iterator[str]:
    """Yield sources that nobody can have read yet: such a record would never be called stale."""
    read = [("nguồn", record.source.read_on)]
    read += [(f"quy định của tỉnh {rule.province}", rule.read_on) for rule in record.local_rules]
    for name, day in read:
        if day > today + timedelta(days=1):
            yield f"{record.code}: {name} đọc ngày {day:%d/%m/%Y}, còn chưa tới"


def _unknown_provinces(records: list[Procedure]) -> list[str]:
    """Return rules of provinces that do not exist since 1 July 2025: nobody lives where they would count."""
    ruled = [(record.code, rule.province) for record in records for rule in record.local_rules]
    if not ruled:
        return []
    try:
        known = load_gazetteer().provinces
    except KnowledgeError as error:
        return [str(error)]
    return [f"{code}: không có tỉnh nào mang mã “{province}”" for code, province in ruled if province not in known]


def _lost_successors(records: list[Procedure]) -> list[str]:
    """Return successors to which nobody can be sent on: not in the catalogue, or the record itself."""
    codes = {record.code for record in records}
    return [
        f"{record.code}: thủ tục thay thế {record.successor} không có trong danh mục"
        for record in records
        if record.successor and record.successor not in codes - {record.code}
    ]


def _mixed_families(records: list[Procedure]) -> list[str]:
    """Return variants that nobody could be asked to choose between: two bases, two alike, one of no family."""
    seen: dict[tuple[str, str | None], str] = {}
    found = []
    for record in records:
        if record.variant and not record.family:
            found.append(f"{record.code}: ghi “khác thủ tục gốc ở chỗ” nhưng không thuộc nhóm thủ tục nào")
        if record.family and record.abolished_on is None:
            other = seen.setdefault((record.family, record.variant), record.code)
            if other != record.code:
                alike = f"cùng là biến thể “{record.variant}”" if record.variant else "cùng là thủ tục gốc"
                found.append(f"{record.code}: {alike} của nhóm “{record.family}” với {other}")
    return found


def _articles(records: list[Procedure], today: date) -> tuple[list[Article], list[str]]:
    """Return the articles that ship, and what is wrong with them beside these records."""
    articles, faults = proofreading.read()
    return articles, [*faults, *proofreading.faults(articles, {each.code: each for each in records}, today)]


def _event_faults(records: list[Procedure]) -> list[str]:
    """Return what is wrong with the life events for our own catalogue; for another they only show what it has."""
    if not records:
        return []
    try:
        known = events.load_events()
        Occasions(known)
        return list(events.faults(known, catalogues.Catalogue.of(records)))
    except KnowledgeError as error:
        return [str(error)]


def record_faults(record: Procedure) -> Iterator[str]:
    """Yield, in words, what a reader would be misled by in one record."""
    own = (
        *_gaps(record),
        *implausible(record),
        *_paper_faults(record),
        *_channel_faults(record),
        *_local_faults(record),
    )
    yield from (f"{record.code}: {fault}" for fault in dict.fromkeys((*own, *case_faults(record))))


def _gaps(record: Procedure) -> Iterator[str]:
    if record.abolished_on is None:
        if not record.channels:
            yield "không có cách nộp nào"
        if not record.documents:
            yield "không có thành phần hồ sơ"
        if record.successor:
            yield "có thủ tục thay thế nhưng chưa ghi ngày bãi bỏ"
    for where in (record.agency, *(channel.where for channel in record.channels), *record.step_texts):
        if where and _DISTRICT.search(normalise(where).lower()):
            yield f"còn nhắc cơ quan cấp huyện: “{where[:80]}”"


def _paper_faults(record: Procedure) -> Iterator[str]:
    """Yield addresses that are no web pages, and papers that stand there twice."""
    urls = [record.source.url, *(document.form_url for document in record.documents)]
    for url in (*urls, *(rule.url for rule in record.local_rules)):
        if url and not _PAGE.fullmatch(url):
            yield f"địa chỉ không phải trang web: “{url[:60]}”"
    papers = Counter((each.name, each.handling, each.condition, str(each.when)) for each in record.documents)
    yield from (f"giấy tờ “{name[:60]}” ghi {times} lần" for (name, *_), times in papers.items() if times > 1)


def _channel_faults(record: Procedure) -> Iterator[str]:
    ways = [(channel.kind, channel.where) for channel in record.channels]
    if len(set(ways)) != len(ways):
        yield "một cách nộp ghi hai lần"
    limits = [limit for channel in record.channels for limit in channel.time_limits]
    limits += [limit for rule in record.local_rules for limit in rule.time_limits]
    for limit in limits:
        if limit.amount and limit.unit and limit.amount * _DAYS[limit.unit] > LONGEST_TERM.days:
            yield f"thời hạn {limit.amount} dài hơn mười năm"
        if (limit.amount is None) != (limit.unit is None):
            yield "thời hạn thiếu con số hoặc thiếu đơn vị"
        if limit.amount is None and not limit.note:
            yield "thời hạn bỏ trống mà không nói vì sao"


def _local_faults(record: Procedure) -> Iterator[str]:
    for (province, kind), times in Counter((rule.province, rule.channel) for rule in record.local_rules).items():
        if times > 1:
            yield f"quy định của tỉnh {province} cho {kind or 'mọi cách nộp'} ghi {times} lần"
    for rule in record.local_rules:
        if rule.channel and record.channels and rule.channel not in {channel.kind for channel in record.channels}:
            yield f"quy định của tỉnh {rule.province}: thủ tục không nhận nộp theo cách {rule.channel}"
        if not rule.money and not rule.time_limits:
            yield f"quy định của tỉnh {rule.province} không đặt khoản tiền hay thời hạn nào"


def shared_names(records: Iterable[Procedure]) -> list[str]:
    """Return, in words, each everyday name that two records claim."""
    owner: dict[str, str] = {}
    found = []
    for record in records:
        for name in record.names if record.abolished_on is None else ():
            key = fold(normalise(name))
            other = owner.setdefault(key, record.code)
            if other != record.code:
                found.append(f"{record.code}: tên thường gọi “{name}” đã thuộc {other}")
    return found
