"""QR codes as vectors: sharp at any size, and readable by a machine of the cheapest kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel
from reportlab.pdfgen.canvas import Canvas

QUIET = 4
"""Modules of white around a code that ISO/IEC 18004 asks for."""


@lru_cache(512)
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the squares of the QR code of ``text``, row by row from the top, dark ones true; without quiet zone."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text.encode()))
    code.make()
    return tuple(tuple(map(bool, row)) for row in code.modules or ())


def draw(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    """Draw the code of ``text`` with its quiet zone as a square of ``size`` points, lower left corner at (x, y)."""
    rows = modules(text)
    unit = size / (len(rows) + 2 * QUIET)
    canvas.saveState()
    canvas.setFillGray(0)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        top = y + size - (QUIET + number) * unit
        for start, length in _runs(row):
            path.rect(x + (QUIET + start) * unit, top - unit, length * unit, unit)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def _runs(row: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Return start and length of each stretch of dark squares."""
    at = 0
    for dark, squares in groupby(row):
        length = len(list(squares))
        if dark:
            yield at, length
        at += length
