"""What a printed file holds, read back by other libraries than those that made it."""

from __future__ import annotations

import ctypes

import pypdfium2
import zxingcpp
from PIL.Image import Image
from pypdfium2 import raw


def texts(pdf: bytes) -> list[str]:
    """Return the text of each page, with blanks made one space."""
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def whole(pdf: bytes) -> str:
    return " ".join(texts(pdf))


def pictures(pdf: bytes, scale: float = 2.0) -> list[Image]:
    return [page.render(scale=scale).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Return width and height of each page in whole millimetres."""
    document = pypdfium2.PdfDocument(pdf)
    return [(round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4)) for page in document]


def qr_codes(picture: Image) -> set[str]:
    """Return what the QR codes in a picture say."""
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def type_sizes(pdf: bytes) -> set[float]:
    """Return every size of type on any page, in points."""
    found: set[float] = set()
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        letters = (at for at in range(text.count_chars()) if not chr(raw.FPDFText_GetUnicode(text, at)).isspace())
        found.update(round(raw.FPDFText_GetFontSize(text, at), 1) for at in letters)
    return found


def fonts(pdf: bytes) -> dict[str, bool]:
    """Return the name of each font that text is set in, and whether it is embedded."""
    found: dict[str, bool] = {}
    for page in pypdfium2.PdfDocument(pdf):
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            font = raw.FPDFTextObj_GetFont(item)
            name = ctypes.create_string_buffer(128)
            raw.FPDFFont_GetBaseFontName(font, name, 128)
            found[name.value.decode()] = raw.FPDFFont_GetIsEmbedded(font) == 1
    return found
