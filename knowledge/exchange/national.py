"""Read records of the national public-service portal, one JSON object a line, plain or gzip.

The portal's defects are carried as warnings instead of being passed on as facts: zero money, missing time units, notes
filed among the papers, records with a name only.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import zlib
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import IO, Any, cast

from pydantic import ValidationError

from knowledge.errors import CatalogueError, reason
from knowledge.exchange.money import read_money
from knowledge.exchange.shape import misshapen
from knowledge.procedure import (
    Audience,
    Channel,
    ChannelKind,
    LegalBasis,
    Level,
    Money,
    Procedure,
    RequiredDocument,
    Source,
    TimeLimit,
    TimeUnit,
)
from knowledge.vietnamese import fold
from knowledge.wording import faults, where

LONGEST_LINE = 4 * 2**20
LARGEST_UNPACKED = 400 * 2**20
PORTAL = "Cổng Dịch vụ công quốc gia"
_LEVELS = {"cap xa": Level.COMMUNE, "cap tinh": Level.PROVINCE, "cap bo": Level.MINISTRY}
_AUDIENCE = {
    "cong dan viet nam": Audience.CITIZEN,
    "nguoi viet nam dinh cu o nuoc ngoai": Audience.OVERSEAS_VIETNAMESE,
    "nguoi nuoc ngoai": Audience.FOREIGNER,
    "hop tac xa": Audience.COOPERATIVE,
    "doanh nghiep": Audience.ENTERPRISE,
    "doanh nghiep viet nam": Audience.ENTERPRISE,
    "doanh nghiep co von dau tu nuoc ngoai": Audience.ENTERPRISE,
    "can bo, cong chuc, vien chuc": Audience.OFFICIAL,
}
_CHANNELS = {"trực tiếp": ChannelKind.IN_PERSON, "trực tuyến": ChannelKind.ONLINE, "bưu chính": ChannelKind.POST}
_UNITS = {
    "gio": TimeUnit.HOUR,
    "ngay": TimeUnit.DAY,
    "ngay lam viec": TimeUnit.WORKING_DAY,
    "thang": TimeUnit.MONTH,
}
_PLAIN_TIME = re.compile(r"(?:khong qua )?(\d+) (gio|ngay lam viec|ngay|thang)\.?")
_UNITLESS = re.compile(r"(\d+)(?: \(nguon khong hien don vi\))?")
_DASH = re.compile(r"^[\s\-–—+*•]+")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
_BLOCK_END = re.compile(r"(?i)<br\s*/?>|</(?:p|li|div|tr|h[1-6])\s*>")
_NOTE_GROUP = re.compile(r"^\W*(luu y|ghi chu)\b")
_FORM = re.compile(r"(?i)\(?(?:theo )?(mẫu(?: số)? [A-ZĐ0-9][\w\-./]*)\)?")


def read_national(path: Path) -> Iterator[Procedure]:
    """Yield the procedures of a portal export; raise ``CatalogueError`` naming the line that cannot be read."""
    for number, line, _ in read_lines(path):
        try:
            yield read_line(line)
        except CatalogueError as error:
            raise CatalogueError(f"{path.name}, dòng {number}: {error}") from error


def read_lines(path: Path) -> Iterator[tuple[int, bytes, float]]:
    """Yield number, content and the share of the file read so far, for every line that is not empty.

    Raises ``CatalogueError`` for a file that cannot be read, or that unpacks to more than any portal export.
    """
    total = 0
    try:
        with path.open("rb") as packed:
            size = packed.seek(0, 2) or 1
            packed.seek(0)
            stream = cast(IO[bytes], gzip.GzipFile(fileobj=packed) if path.suffix == ".gz" else packed)
            for number in count(1):
                line = stream.readline(LONGEST_LINE + 1)
                total += len(line)
                if not line:
                    return
                if len(line) > LONGEST_LINE or total > LARGEST_UNPACKED:
                    raise CatalogueError(f"{path.name}, dòng {number}: nội dung giải nén quá lớn")
                if line.strip():
                    yield number, line, packed.tell() / size
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CatalogueError(f"Không đọc được {path.name}: tệp nén hỏng, hoặc không phải tệp nén gzip") from error
    except OSError as error:
        raise CatalogueError(f"Không đọc được {path.name}: {reason(error)}") from error


def read_line(line: bytes) -> Procedure:
    """Read one line; raise ``CatalogueError`` saying in words what is wrong with it."""
    try:
        raw = json.loads(line)
        wrong = misshapen(raw)
        if wrong:
            raise CatalogueError(wrong)
        return to_procedure(raw)
    except ValidationError as error:
        raise CatalogueError("; ".join(f"{where(place)}: {words}" for place, words in faults(error))) from error
    except KeyError as error:
        raise CatalogueError(f"thiếu hoặc không hiểu mục {error}") from error
    except UnicodeDecodeError as error:
        raise CatalogueError("Không đọc được: không phải chữ UTF-8") from error
    except json.JSONDecodeError as error:
        raise CatalogueError("không phải JSON hợp lệ") from error
    except RecursionError as error:
        raise CatalogueError("không đúng dạng bản ghi của Cổng: lồng nhau quá sâu") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise CatalogueError("không đúng dạng bản ghi của Cổng") from error


def to_procedure(raw: dict[str, Any]) -> Procedure:
    """Turn one portal record into a procedure, its defects into warnings."""
    warnings: list[str] = []
    return Procedure(
        code=_needed(raw, "code"),
        name=_clean(_needed(raw, "name")),
        field=_clean(raw.get("field") or "Khác"),
        levels=_levels(raw.get("level")),
        agency=_clean(raw.get("agency") or raw.get("authority") or "") or None,
        audience=_audience(raw.get("subjects")),
        channels=_channels(raw.get("channels") or [], warnings),
        documents=_documents(raw.get("documents") or [], warnings),
        steps=_lines(raw.get("steps")),
        results=tuple(_clean(text) for text in raw.get("results") or [] if text and _clean(text)),
        conditions=_lines(raw.get("conditions")),
        legal_basis=_legal_basis(raw.get("legal_basis") or []),
        decision=_clean(raw.get("decision_no") or "") or None,
        provincial=bool(raw.get("provincial")),
        source=Source(
            name=PORTAL,
            url=raw.get("url") or None,
            read_on=_day(raw.get("source_date"), warnings),
            verified=False,
        ),
        warnings=tuple(_defects(raw, warnings)),
    )


def _needed(raw: dict[str, Any], key: str) -> str:
    """Return a text that must be there; raise ``KeyError`` when it is not."""
    found = raw[key]
    if found is None:
        raise KeyError(key)
    return str(found)


def _day(text: str | None, warnings: list[str]) -> date:
    """Read a date that may lack its day; without any date the record counts as very old."""
    parts = [int(part) for part in (text or "").split("-") if part.isascii() and part.isdigit()]
    if len(parts) < 3:
        warnings.append("Nguồn không ghi đủ ngày đọc")
    try:
        return date(*[*parts, 1, 1, 1][:3]) if parts else date(2000, 1, 1)
    except (ValueError, OverflowError) as error:
        raise CatalogueError("mục “source_date”: không có ngày này") from error


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", _DASH.sub("", _unmarked(text.replace("\0", " ")))).strip()


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line for line in map(_clean, _unmarked((text or "").replace("\0", "\n")).splitlines()) if line)


def _unmarked(text: str) -> str:
    """Return text without the tags and character references of HTML; what ends a block there ends a line."""
    return html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", text)))


def _levels(text: str | None) -> tuple[Level, ...]:
    if not text:
        return ()
    return tuple(dict.fromkeys(_LEVELS.get(fold(part.strip()), Level.OTHER) for part in text.split(",")))


def _audience(subjects: list[str] | None) -> tuple[Audience, ...]:
    found = (_AUDIENCE.get(fold(text.strip()), Audience.ORGANISATION) for text in subjects or [] if text)
    return tuple(dict.fromkeys(found))


def _channels(raw: list[dict[str, Any]], warnings: list[str]) -> tuple[Channel, ...]:
    by_kind: dict[ChannelKind, list[dict[str, Any]]] = {}
    for row in raw:
        by_kind.setdefault(_CHANNELS[_needed(row, "channel").lower()], []).append(row)
    channels = []
    for kind, rows in by_kind.items():
        limits = [read_time(row.get("time_limit"), warnings) for row in rows]
        money: list[Money] = []
        for row in rows:
            sums, warning = read_money(row.get("fee_text"), row.get("fee_kind") or "not-stated")
            money += sums
            if warning:
                warnings.append(warning)
        channels.append(
            Channel(
                kind=kind,
                time_limits=tuple(dict.fromkeys(limit for limit in limits if limit)),
                money=tuple(dict.fromkeys(money)),
            )
        )
    return tuple(channels)


def read_time(text: str | None, warnings: list[str]) -> TimeLimit | None:
    """Read a portal time limit; text that is no plain number is kept as a note."""
    text = _clean(text or "")
    if not text:
        return None
    plain = _PLAIN_TIME.fullmatch(fold(text))
    if plain:
        return TimeLimit(amount=int(plain.group(1)), unit=_UNITS[plain.group(2)])
    bare = _UNITLESS.fullmatch(fold(text))
    if bare:
        warnings.append("Nguồn không ghi đơn vị của thời hạn")
        return TimeLimit(note=f"Nguồn chỉ ghi số {bare.group(1)}, không ghi đơn vị")
    return TimeLimit(note=text[:500])


def _documents(groups: list[dict[str, Any]], warnings: list[str]) -> tuple[RequiredDocument, ...]:
    documents = []
    for group in groups:
        case = _clean(group.get("case") or "").rstrip(":") or None
        if case and _NOTE_GROUP.match(fold(case)):
            warnings.append("Nguồn để ghi chú lẫn trong thành phần hồ sơ")
            continue
        for item in group.get("items") or []:
            name = _clean(item.get("name") or "")
            if not name:
                continue
            glued = _FORM.search(name)
            documents.append(
                RequiredDocument(
                    name=name,
                    form=_clean(item.get("form") or "") or (glued.group(1) if glued else None),
                    originals=_count(item.get("original")),
                    copies=_count(item.get("copies")),
                    condition=case,
                )
            )
    return tuple(documents)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _legal_basis(raw: list[dict[str, Any]]) -> tuple[LegalBasis, ...]:
    found = {}
    for act in raw:
        title, number = _clean(act.get("name") or ""), _clean(act.get("code") or "")
        if title or number:
            found[number or title] = LegalBasis(number=number or title[:80], title=title or number)
    return tuple(found.values())


def _defects(raw: dict[str, Any], warnings: list[str]) -> Iterator[str]:
    yield from dict.fromkeys(warnings)
    if not raw.get("documents") and not raw.get("steps"):
        yield "Nguồn chỉ có tên thủ tục, chưa có nội dung"
    if raw.get("transcribed_by_hand"):
        yield "Chép tay từ nguồn công khai, chưa so lại"
    if raw.get("detail") == "partial":
        yield "Nguồn chỉ có một phần nội dung"
