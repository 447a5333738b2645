"""Dossier codes from a photo of the receipt: its QR code or barcode, rotated, small, or not quite sharp.

What a code holds may be somebody's identity number or address. Only dossier codes leave this module; the payload is
neither logged, nor stored, nor told to anybody.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import BytesIO
from urllib.parse import unquote

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from bot.dossiers import code

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is read."""

_MOST_PIXELS = 120_000_000
_MOST_PIXELS_WHOLE = 40_000_000  # formats that cannot be decoded at a smaller scale
_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC = re.compile(rb"....ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1|avi[fs])", re.DOTALL)
_IDENTITY = re.compile(r"\s*\d{12}\|(?:\d{9})?\|")
_FIELDS = re.compile(r"[\n\r\t|;,&?#\"'<>{}\[\]]+")
_USUAL, _LARGEST, _SMALL = 1_800, 4_000, 900
_SECONDS = 4.0
_CODES = zxingcpp.barcode_formats_from_str("QRCode,DataMatrix,PDF417,Aztec,Code128,Code39,Code93")


class Outcome(StrEnum):
    """What became of a photo."""

    CODES = "codes"
    UNREADABLE = "unreadable"
    OTHER = "other"
    IDENTITY = "identity"
    HEIC = "heic"
    DAMAGED = "damaged"
    TOO_LARGE = "large"
    UNAVAILABLE = "unavailable"
    """The channel could not get the picture; never returned by ``read``."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome for one photo, and the dossier codes found, in canonical form."""

    outcome: Outcome
    codes: tuple[str, ...] = ()


def read(picture: bytes, today: date) -> Receipt:
    """Return the dossier codes in a picture's QR codes and barcodes. Takes up to some seconds of one core."""
    if len(picture) > MOST_BYTES:
        return Receipt(Outcome.TOO_LARGE)
    if _HEIC.match(picture):
        return Receipt(Outcome.HEIC)
    try:
        with Image.open(BytesIO(picture), formats=_FORMATS) as image:
            most = _MOST_PIXELS if image.format == "JPEG" else _MOST_PIXELS_WHOLE
            if image.width * image.height > most:
                return Receipt(Outcome.TOO_LARGE)
            image.draft("L", (_LARGEST, _LARGEST))
            grey = _grey(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return Receipt(Outcome.TOO_LARGE)
    except Exception:  # the decoders raise nearly anything on a damaged file, and its content must not reach a log
        return Receipt(Outcome.DAMAGED)
    return _searched(grey, today)


def _grey(image: Image.Image) -> Image.Image:
    """Return the picture without colours; what is transparent becomes paper, for codes are often saved without it."""
    if image.mode not in ("RGBA", "LA", "PA") and not (image.mode in ("P", "RGB", "L") and image.has_transparency_data):
        return image.convert("L")
    ink = image.convert("RGBA")
    paper = Image.new("L", ink.size, 255)
    paper.paste(ink.convert("L"), mask=ink.getchannel("A"))
    return paper


def _searched(grey: Image.Image, today: date) -> Receipt:
    """Try the picture in one way after the other until a dossier code shows, or time is up."""
    until = time.monotonic() + _SECONDS
    worst = Outcome.UNREADABLE
    for view in _views(grey):
        payloads = [found.text for found in zxingcpp.read_barcodes(view, formats=_CODES) if found.valid]
        papers = [payload for payload in payloads if not _IDENTITY.match(payload)]
        codes = tuple(dict.fromkeys(each for payload in papers for each in _codes(payload, today)))
        if codes:
            return Receipt(Outcome.CODES, codes)
        if len(papers) < len(payloads):
            return Receipt(Outcome.IDENTITY)
        worst = Outcome.OTHER if payloads else worst
        if worst is Outcome.OTHER or time.monotonic() > until:
            break
    return Receipt(worst)


def _codes(payload: str, today: date) -> list[str]:
    """Return the codes in one word each; only where there is none, codes with spaces in them, within one field."""
    fields = _FIELDS.split(unquote(payload))
    words = [word for each in fields for word in each.split()]
    return _read(words, today) or _read(fields, today)


def _read(pieces: Iterable[str], today: date) -> list[str]:
    return [found.code for piece in pieces for found in code.parse(piece, today).codes]


def _views(grey: Image.Image) -> Iterator[Image.Image]:
    """Yield the picture as it is easiest to read first, then with ever more help."""
    usual = _fitted(grey, _USUAL)
    yield usual
    if max(grey.size) > _USUAL:
        yield _fitted(grey, _LARGEST)
    if max(grey.size) < _SMALL:
        yield grey.resize((grey.width * 3, grey.height * 3), Image.Resampling.BICUBIC)
    clear = ImageOps.autocontrast(usual, cutoff=1)
    yield clear.filter(ImageFilter.UnsharpMask(radius=4, percent=250, threshold=2))
    yield _fitted(clear, _SMALL)
    for angle in (20, 45, 70):
        yield usual.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BILINEAR)


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)
