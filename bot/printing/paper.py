"""The sheets we print on: their size, margins and type, chosen for readers of seventy with their glasses elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, BinaryIO

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4 as A4_SIZE
from reportlab.lib.pagesizes import A5 as A5_SIZE
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from bot.printing.fonts import BOLD, FAMILY, printable, register

INK: Color = HexColor("#15252a")
BRAND: Color = HexColor("#0a5f73")
PALE: Color = HexColor("#e6f0f2")

_LEADING = 1.38  # room for two marks above a capital: Ế, Ộ


def style(size: float, *, bold: bool = False, color: Color = INK, **more: Any) -> ParagraphStyle:
    """Return a way to set a paragraph; lengths in points."""
    face = BOLD if bold else FAMILY
    return ParagraphStyle(
        face, fontName=face, fontSize=size, leading=size * _LEADING, textColor=color,
        bulletFontName=face, bulletFontSize=size, bulletColor=color, allowWidows=0, allowOrphans=0, **more,
    )  # fmt: skip


def opened(file: BinaryIO, size: tuple[float, float], title: str) -> Canvas:
    """Return a canvas for a document; the same drawing gives the same bytes, at whatever time."""
    register()
    face: Any = FAMILY
    made = Canvas(file, size, invariant=1, pageCompression=1, initialFontName=face, lang="vi-VN")
    made.setTitle(printable(title))
    made.setAuthor("Một Cửa")
    return made


@dataclass(frozen=True)
class Paper:
    """One size of sheet; all lengths in points."""

    name: str
    size: tuple[float, float]
    margin: float
    bodies: tuple[float, ...]
    """Sizes of type to choose from, largest first; the last is the least one may ask of old eyes."""
    code: float
    """Side of a QR code."""
    body: float = 0.0
    """The size of type chosen."""

    def set_in(self, body: float) -> Paper:
        """Return this paper with type of that size."""
        return replace(self, body=body)

    @property
    def width(self) -> float:
        """Return the width of the text."""
        return self.size[0] - 2 * self.margin

    @property
    def kind(self) -> float:
        """Return the height of the line at the head of a first page."""
        return self.body * 2.4

    @property
    def band(self) -> float:
        """Return the height of the line at the foot of every page."""
        return self.body * 1.8

    @property
    def room(self) -> float:
        """Return the height of the text of a page without a heading."""
        return self.size[1] - 2 * self.margin - self.band

    @cached_property
    def text(self) -> ParagraphStyle:
        """A paragraph, or a line further down in a block."""
        return style(self.body, spaceAfter=self.body * 0.28)

    @cached_property
    def opening(self) -> ParagraphStyle:
        """The first line of a block."""
        return style(self.body, spaceBefore=self.body * 0.55, spaceAfter=self.body * 0.28)

    @cached_property
    def heading(self) -> ParagraphStyle:
        """The heading of a section, kept with what it heads."""
        size = self.body * 1.12
        return style(size, bold=True, color=BRAND, spaceBefore=self.body * 0.7, spaceAfter=size * 0.2, keepWithNext=1)

    @cached_property
    def lead(self) -> ParagraphStyle:
        """A line that opens the lines after it."""
        return style(self.body, bold=True, spaceBefore=self.body * 0.25, spaceAfter=self.body * 0.2, keepWithNext=1)

    @cached_property
    def item(self) -> ParagraphStyle:
        """A line with a number, bullet or box in front."""
        indent = self.body * 1.9
        return style(self.body, leftIndent=indent, bulletIndent=self.body * 0.2, spaceAfter=self.body * 0.3)

    @cached_property
    def boxed(self) -> ParagraphStyle:
        """A line with a box to tick and a number in front."""
        indent, number = self.body * 3.4, self.body * 1.7
        return style(self.body, leftIndent=indent, bulletIndent=number, spaceAfter=self.body * 0.45)

    @cached_property
    def under(self) -> ParagraphStyle:
        """A line below another line's bullet."""
        return style(self.body, leftIndent=self.body * 3.2, bulletIndent=self.body * 2.1, spaceAfter=self.body * 0.15)

    def named(self, text: str) -> ParagraphStyle:
        """Return the style of a title, smaller when the name is one of the long ones."""
        grown = 1.9 if len(text) < 60 else 1.6 if len(text) < 110 else 1.35
        return style(self.body * grown, bold=True, color=BRAND, spaceAfter=self.body * 0.35)


A4 = Paper("a4", A4_SIZE, margin=17 * mm, bodies=(15, 14, 13, 12, 11), code=36 * mm)
A5 = Paper("a5", A5_SIZE, margin=11 * mm, bodies=(12, 11, 10.5, 10), code=27 * mm)
PAPERS = {paper.name: paper for paper in (A4, A5)}
