"""A report as one picture: what matters most, for a chat on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from bot.dialogue.markup import clip
from bot.office.reports.report import Headline, Report, Table, amount, number
from bot.printing.fonts import BOLD, FAMILY, printable
from bot.printing.paper import BRAND, INK, PALE, opened
from bot.printing.picture import png

NAME = "Một Cửa"
TITLE = "Báo cáo"
MADE = "Lập lúc {made:%H:%M %d/%m/%Y}. Chỉ gồm số đếm, không có dữ liệu của ai."
MOST = 7
"""Bars of one table: as many as there are outcomes of questions, so that they add up to all."""
WANTED = ("Theo ngày", "Theo tháng", "Câu hỏi được trả lời thế nào", "Được hỏi nhiều nhất", "Hỏi hụt nhiều nhất")
TIMELY = "Hồ sơ xong trong kỳ, theo cấp"

_WIDTH = 148 * mm
_EDGE = 9 * mm
_INNER = _WIDTH - 2 * _EDGE
_CARD, _GAP = 17 * mm, 2.5 * mm
_COLUMNS = 26 * mm
_BAR = 8.6 * mm
_HEAD = 8 * mm


def draw(report: Report) -> bytes:
    """Return the picture as PNG. Raises ``PrintingError`` when the type is missing."""
    tables = _chosen(report)
    cards = -(-len(report.headlines) // 2) * (_CARD + _GAP)
    height = 34 * mm + cards + sum(_height(table) for table in tables) + 8 * mm
    made = BytesIO()
    canvas = opened(made, (_WIDTH, height), f"{TITLE}: {report.title}")
    top = _heading(canvas, report, height)
    top = _cards(canvas, report.headlines, top)
    for table in tables:
        top = _table(canvas, table, top)
    _said(canvas, MADE.format(made=report.made), _EDGE, 5 * mm, 8)
    canvas.save()
    return png(made.getvalue())


def _chosen(report: Report) -> list[Table]:
    tables = [table for section in report.sections for table in section.tables if table.rows]
    return [table for table in tables if table.title in (*WANTED, TIMELY)]


def _height(table: Table) -> float:
    return _HEAD + (_COLUMNS + 6 * mm if table.upright else min(len(table.rows), MOST) * _BAR)


def _heading(canvas: Canvas, report: Report, height: float) -> float:
    canvas.setFillColor(BRAND)
    canvas.rect(0, height - 24 * mm, _WIDTH, 24 * mm, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setFont(BOLD, 15)
    canvas.drawString(_EDGE, height - 10.5 * mm, printable(clip(f"{TITLE}: {report.place}", 60)))
    canvas.setFont(FAMILY, 11)
    canvas.drawString(_EDGE, height - 18 * mm, printable(report.period.words))
    canvas.drawRightString(_WIDTH - _EDGE, height - 18 * mm, NAME)
    return height - 29 * mm


def _cards(canvas: Canvas, headlines: Sequence[Headline], top: float) -> float:
    """Draw the numbers that matter most, two in a row, and return where the next thing begins."""
    wide = (_INNER - _GAP) / 2
    for place, each in enumerate(headlines):
        row, column = divmod(place, 2)
        left, bottom = _EDGE + column * (wide + _GAP), top - (row + 1) * _CARD - row * _GAP
        canvas.setFillColor(PALE)
        canvas.roundRect(left, bottom, wide, _CARD, 1.5 * mm, stroke=0, fill=1)
        _said(canvas, each.label, left + 3 * mm, bottom + _CARD - 5.5 * mm, 9, wide - 6 * mm)
        canvas.setFillColor(BRAND)
        canvas.setFont(BOLD, 15 if each.detail or each.value[:1].isdigit() else 10)
        canvas.drawString(left + 3 * mm, bottom + 4 * mm, printable(each.value))
        if each.detail:
            canvas.setFillColor(INK)
            canvas.setFont(FAMILY, 9)
            canvas.drawRightString(left + wide - 3 * mm, bottom + 4 * mm, printable(each.detail))
    return top - -(-len(headlines) // 2) * (_CARD + _GAP)


def _table(canvas: Canvas, table: Table, top: float) -> float:
    canvas.setFillColor(BRAND)
    canvas.setFont(BOLD, 11)
    title = f"Câu hỏi {table.title.lower()}" if table.upright else table.title
    canvas.drawString(_EDGE, top - 6 * mm, printable(title))
    body = top - _HEAD
    if table.upright:
        _columns(canvas, table, body)
    else:
        _bars(canvas, table, body)
    return top - _height(table)


def _columns(canvas: Canvas, table: Table, top: float) -> None:
    at = table.bars or 1
    largest = max((amount(row[at]) for row in table.rows), default=0) or 1
    wide, base = _INNER / len(table.rows), top - _COLUMNS
    every = -(-len(table.rows) // 8)
    for place, row in enumerate(table.rows):
        value, left = amount(row[at]), _EDGE + place * wide
        tall = (_COLUMNS - 5 * mm) * value / largest
        canvas.setFillColor(BRAND)
        canvas.rect(left + wide * 0.12, base, wide * 0.76, tall, stroke=0, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(FAMILY, 8)
        if place % every == 0:
            canvas.drawCentredString(left + wide / 2, base - 3.5 * mm, str(row[0]))
        if value and len(table.rows) <= 14:
            canvas.drawCentredString(left + wide / 2, base + tall + 1 * mm, number(value))


def _bars(canvas: Canvas, table: Table, top: float) -> None:
    at = table.bars or 1
    largest = max((amount(row[at]) for row in table.rows), default=0) or 1
    for place, row in enumerate(table.rows[:MOST]):
        line, value = top - place * _BAR, amount(row[at])
        _said(canvas, str(row[0]), _EDGE, line - 3.2 * mm, 9, _INNER)
        long = (_INNER - 22 * mm) * value / largest
        canvas.setFillColor(BRAND)
        canvas.rect(_EDGE, line - 7 * mm, max(long, 0.4 * mm if value else 0), 2.6 * mm, stroke=0, fill=1)
        _said(canvas, number(value), _EDGE + long + 1.5 * mm, line - 7 * mm, 8)


def _said(canvas: Canvas, words: str, x: float, y: float, size: float, room: float = _INNER) -> None:
    """Write a line, cut where it would leave its room."""
    words = printable(words)
    while len(words) > 8 and stringWidth(words, FAMILY, size) > room:
        words = clip(words, len(words) - 3)
    canvas.setFillColor(INK)
    canvas.setFont(FAMILY, size)
    canvas.drawString(x, y, words)
