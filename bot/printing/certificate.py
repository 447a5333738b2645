"""Certificates that somebody took part as a volunteer: A4 landscape, a page for each, with room to sign and seal.

They bear no state emblem: the office that signs makes them its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from bot.printing import flow
from bot.printing.fonts import BOLD, FAMILY, ITALIC, printable
from bot.printing.paper import BRAND, INK, PALE, opened, style

TITLE = "Giấy xác nhận tham gia"
WHOM = "Xác nhận anh/chị"
WHAT = "đã tham gia đội tình nguyện <b>{team}</b>, {commune}, giúp người dân làm thủ tục hành chính {months}."
SIGNED = "…………, ngày …… tháng …… năm {year}"
BY = "Đại diện đơn vị xác nhận"
HOW = "(ký, ghi rõ họ tên, đóng dấu)"

_SIZE = landscape(A4)
_EDGE = 12 * mm
_NAME_SIZES = (38, 34, 30, 26, 22, 16)
_SIZES = (16, 14, 12, 10)
_ROOM = 28 * mm
"""What the sentence may take between the name and the numbers."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is confirmed. ``months`` is as in "trong tháng 11/2026"; ``facts`` are numbers, each with what it counts."""

    name: str
    team: str
    commune: str
    months: str
    facts: tuple[tuple[str, str], ...]


def certificates(wanted: Sequence[Certificate], today: date) -> bytes:
    """Return a PDF with a page for each; raise ``PrintingError`` when the type is missing."""
    made = BytesIO()
    canvas = opened(made, _SIZE, TITLE)
    for each in wanted:
        _page(canvas, each, today)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _page(canvas: Canvas, wanted: Certificate, today: date) -> None:
    width, height = _SIZE
    _frame(canvas)
    _centred(canvas, TITLE.upper(), height - 41 * mm, BOLD, 30, BRAND)
    _centred(canvas, WHOM, height - 57 * mm, FAMILY, 16)
    _name(canvas, wanted.name, height - 76 * mm)
    _sentence(canvas, wanted, height - 85 * mm)
    _facts(canvas, wanted.facts, 74 * mm)
    right = width - _EDGE - 62 * mm
    for words_, base, face, size in (
        (SIGNED.format(year=today.year), 62 * mm, ITALIC, 12),
        (BY, 55 * mm, BOLD, 13),
        (HOW, 49.5 * mm, ITALIC, 11),
    ):
        canvas.setFillColor(INK)
        canvas.setFont(face, size)
        canvas.drawCentredString(right, base, words_)


def _frame(canvas: Canvas) -> None:
    width, height = _SIZE
    canvas.setStrokeColor(BRAND)
    for inset, line in ((_EDGE, 2.4), (_EDGE + 2.2 * mm, 0.8)):
        canvas.setLineWidth(line)
        canvas.roundRect(inset, inset, width - 2 * inset, height - 2 * inset, 4 * mm, stroke=1, fill=0)


def _name(canvas: Canvas, name: str, base: float) -> None:
    """Write the name as large as it fits."""
    room = _SIZE[0] - 2 * (_EDGE + 15 * mm)
    fitting = [size for size in _NAME_SIZES if canvas.stringWidth(printable(name), BOLD, size) <= room]
    _centred(canvas, name, base, BOLD, fitting[0] if fitting else _NAME_SIZES[-1])


def _sentence(canvas: Canvas, wanted: Certificate, top: float) -> None:
    """Write what was done as large as it fits above the numbers."""
    said = WHAT.format(team=_plain(wanted.team), commune=_plain(wanted.commune), months=_plain(wanted.months))
    width = _SIZE[0] - 2 * (_EDGE + 22 * mm)
    laid = [flow.column([flow.line(said, style(size, alignment=TA_CENTER))], width, _ROOM) for size in _SIZES]
    fitting = [placed for placed in laid if placed and len(placed) == 1]
    flow.draw(canvas, (fitting or [[(flow.line(said, style(_SIZES[-1], alignment=TA_CENTER)), 0.0)]])[0],
              (_SIZE[0] - width) / 2, top, width)  # fmt: skip


def _facts(canvas: Canvas, facts: Sequence[tuple[str, str]], bottom: float) -> None:
    """Draw the numbers side by side, what each counts below it."""
    wide, tall, gap = 50 * mm, 22 * mm, 6 * mm
    left = (_SIZE[0] - len(facts) * wide - (len(facts) - 1) * gap) / 2
    for at, (number, what) in enumerate(facts):
        x = left + at * (wide + gap)
        canvas.setFillColor(PALE)
        canvas.roundRect(x, bottom, wide, tall, 3 * mm, stroke=0, fill=1)
        for words, base, face, size in ((number, bottom + 11 * mm, BOLD, 22), (what, bottom + 4.5 * mm, FAMILY, 11.5)):
            canvas.setFillColor(BRAND if face == BOLD else INK)
            canvas.setFont(face, size)
            canvas.drawCentredString(x + wide / 2, base, printable(words))


def _centred(canvas: Canvas, words: str, base: float, face: str, size: float, color: Color = INK) -> None:
    canvas.setFillColor(color)
    canvas.setFont(face, size)
    canvas.drawCentredString(_SIZE[0] / 2, base, printable(words))


def _plain(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
