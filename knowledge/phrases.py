"""The phrase book: how people put their needs, by procedure.

Plain text files under ``knowledge/phrasebook``, one per field, easy to extend by hand::

    # Hộ tịch

    1.001193 Đăng ký khai sinh
    - làm giấy khai sinh cho con mới đẻ

A header line is a code and a short title for the reader; each following ``- `` line is one phrase of that procedure.
"""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.errors import PhraseBookError
from knowledge.vietnamese import fold, normalise

FOLDER = Path(__file__).resolve().parent / "phrasebook"
_HEADER = re.compile(r"(\d\.\d{6})\b")

PhraseBook = dict[str, tuple[str, ...]]


def load_phrases(folder: Path = FOLDER) -> PhraseBook:
    """Read every file of ``folder``; raise ``PhraseBookError`` naming the first malformed line."""
    phrases: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        for _, code, phrase in _read(path):
            phrases.setdefault(code, []).append(phrase)
    return {code: tuple(dict.fromkeys(said)) for code, said in phrases.items()}


def conflicts(folder: Path = FOLDER) -> list[str]:
    """Return, in words, each phrase that stands under two codes: it would pull to both and help neither."""
    owner: dict[str, tuple[str, str]] = {}
    found = []
    for path in sorted(folder.glob("*.txt")):
        for number, code, phrase in _read(path):
            place = f"{path.name}, dòng {number}"
            other, first = owner.setdefault(fold(phrase), (code, place))
            if other != code:
                found.append(f"{place}: “{phrase}” đã đứng dưới mã {other} ({first})")
    return found


def _read(path: Path) -> list[tuple[int, str, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PhraseBookError(f"Không đọc được {path.name}: {error}") from error
    found = []
    code = None
    for number, line in enumerate(text.splitlines(), 1):
        line = normalise(line)
        header = _HEADER.match(line)
        if header:
            code = header.group(1)
        elif line.startswith("- ") and code:
            found.append((number, code, line[2:].strip()))
        elif line and not line.startswith("#"):
            raise PhraseBookError(f"{path.name}, dòng {number}: không hiểu dòng “{line[:60]}”")
    return found
