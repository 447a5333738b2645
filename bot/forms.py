"""Blank forms and filled samples that an office keeps in a folder, found anew whenever they are asked for.

``<folder>/<code>/<file>`` is a form, ``<folder>/<code>/mau-dien-san/<file>`` a sample of it filled in. Nothing outside
the folder is ever read: symbolic links are refused, and files are named by what was found, never by what was asked.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 20
SAMPLES = "mau-dien-san"

_CODE = re.compile(r"\d\.\d{6}", re.ASCII)
_OLE = b"\xd0\xcf\x11\xe0"
_KINDS = {
    ".pdf": ("application/pdf", b"%PDF"),
    ".doc": ("application/msword", _OLE),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ".xls": ("application/vnd.ms-excel", _OLE),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ".jpg": ("image/jpeg", b"\xff\xd8"),
    ".jpeg": ("image/jpeg", b"\xff\xd8"),
    ".png": ("image/png", b"\x89PNG"),
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Form:
    """One file of an office. ``digest`` names it on a button as long as it keeps its name and place."""

    code: str
    name: str
    sample: bool
    digest: str
    content_type: str
    path: Path

    def read(self) -> bytes | None:
        """Return the content, or None when the file is gone, has become a link, or too large."""
        try:
            number = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(number, "rb") as file:
                if not stat.S_ISREG(os.fstat(number).st_mode):
                    return None
                content = file.read(MOST_BYTES + 1)
        except OSError:
            return None
        return content if 0 < len(content) <= MOST_BYTES else None


class Forms:
    """The folder of an office; None: it keeps none."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._refused: set[str] = set()

    def of(self, code: str) -> tuple[Form, ...]:
        """Return the files for one procedure, forms before samples, in the order of their names."""
        if self._folder is None or not _CODE.fullmatch(code):
            return ()
        place = self._folder / code
        found = [*self._found(place, code, sample=False), *self._found(place / SAMPLES, code, sample=True)]
        return tuple(found[:MOST_FILES])

    def find(self, code: str, digest: str) -> Form | None:
        """Return the file that a button names, or None when it is there no more."""
        return next((form for form in self.of(code) if form.digest == digest), None)

    def _found(self, place: Path, code: str, *, sample: bool) -> Iterator[Form]:
        for entry in self._entries(place):
            if entry.name == SAMPLES and not sample and entry.is_dir(follow_symlinks=False):
                continue
            reason = _refused(entry)
            if reason is None:
                yield _form(entry, code, sample=sample)
            elif entry.path not in self._refused:
                self._refused.add(entry.path)
                _log.warning("a form is left out: %s/%s (%s)", place.name, ascii(entry.name), reason)

    def _entries(self, place: Path) -> list[os.DirEntry[str]]:
        if any(part.is_symlink() for part in (place, place.parent) if part != self._folder):
            return []
        try:
            with os.scandir(place) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError:
            return []


def _form(entry: os.DirEntry[str], code: str, *, sample: bool) -> Form:
    name = unicodedata.normalize("NFC", entry.name)
    digest = hashlib.sha256(f"{code}/{sample}/{name}".encode()).hexdigest()[:12]
    return Form(code, name, sample, digest, _KINDS[Path(name).suffix.lower()][0], Path(entry.path))


def _refused(entry: os.DirEntry[str]) -> str | None:
    """Return why a file cannot be given out, or None when it can."""
    try:
        return _fault(entry)
    except OSError:
        return "cannot be read"


def _fault(entry: os.DirEntry[str]) -> str | None:
    ending = Path(entry.name).suffix.lower()
    if not entry.is_file(follow_symlinks=False):
        return "not a plain file"
    if ending not in _KINDS or not entry.name.isprintable():
        return "not a kind of file we give out"
    size = entry.stat(follow_symlinks=False).st_size
    if not 0 < size <= MOST_BYTES:
        return "empty" if not size else "over 20 MB"
    with Path(entry.path).open("rb") as file:
        begins = file.read(8)
    return None if begins.startswith(_KINDS[ending][1]) else "its content is not what its name says"
