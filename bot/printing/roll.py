"""What a team did in a month as one picture to share: the sums, and the members with theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from bot.printing import flow, panel
from bot.printing.fonts import BOLD, FAMILY, printable
from bot.printing.paper import A5, BRAND, INK, PALE, opened, style
from bot.printing.picture import png

KIND, TEAM = "Đội tình nguyện", "Đội {name}"
MORE = "và {count} người khác"
MOST = 12
"""Members named; more would be too small to read on a phone."""

_PAPER = A5.set_in(10)
_ROW, _COLUMN = 7.6 * mm, 19.5 * mm


@dataclass(frozen=True, slots=True)
class Line:
    """A member with the numbers of the columns, as they are written."""

    name: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roll:
    """``facts`` are the sums, each number with what it counts; ``heads`` name the columns of ``lines``."""

    team: str
    commune: str
    months: str
    facts: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    lines: Sequence[Line]


def picture(roll: Roll) -> bytes:
    """Return the month of a team as a PNG; raise ``PrintingError`` when the type is missing."""
    made = BytesIO()
    canvas = opened(made, _PAPER.size, roll.team)
    panel.kind(canvas, KIND, _PAPER)
    top = _PAPER.size[1] - _PAPER.margin - _PAPER.kind - 2 * mm
    top = _headline(canvas, roll, top)
    top = _facts(canvas, roll.facts, top)
    _table(canvas, roll, top - 4 * mm)
    canvas.showPage()
    canvas.save()
    return png(made.getvalue())


def _headline(canvas: Canvas, roll: Roll, top: float) -> float:
    words = [
        flow.text(TEAM.format(name=roll.team), style(17, bold=True, color=BRAND, spaceAfter=2)),
        flow.text(f"{roll.commune}, {roll.months}", style(11, spaceAfter=6)),
    ]
    placed = flow.column(words, _PAPER.width, 10_000) or []
    flow.draw(canvas, placed, _PAPER.margin, top, _PAPER.width)
    last, distance = placed[-1]
    return top - distance - last.wrap(_PAPER.width, 10_000)[1] - 4 * mm


def _facts(canvas: Canvas, facts: Sequence[tuple[str, str]], top: float) -> float:
    """Draw the sums two by two; return where they end."""
    gap, tall = 3 * mm, 17 * mm
    wide = (_PAPER.width - gap) / 2
    for at, (number, what) in enumerate(facts):
        row, column = divmod(at, 2)
        x, y = _PAPER.margin + column * (wide + gap), top - (row + 1) * tall - row * gap
        canvas.setFillColor(PALE)
        canvas.roundRect(x, y, wide, tall, 2 * mm, stroke=0, fill=1)
        canvas.setFillColor(BRAND)
        canvas.setFont(BOLD, 17)
        canvas.drawCentredString(x + wide / 2, y + 8 * mm, printable(number))
        canvas.setFillColor(INK)
        canvas.setFont(FAMILY, 9.5)
        canvas.drawCentredString(x + wide / 2, y + 3 * mm, printable(what))
    rows = -(-len(facts) // 2)
    return top - rows * tall - (rows - 1) * gap


def _table(canvas: Canvas, roll: Roll, top: float) -> None:
    shown = list(roll.lines[:MOST])
    columns = [_PAPER.size[0] - _PAPER.margin - at * _COLUMN for at in reversed(range(len(roll.heads)))]
    _write(canvas, "", roll.heads, columns, top - 5 * mm, FAMILY, 8.5)
    canvas.setStrokeColor(BRAND)
    canvas.setLineWidth(0.8)
    canvas.line(_PAPER.margin, top - 7 * mm, _PAPER.size[0] - _PAPER.margin, top - 7 * mm)
    base = top - 7 * mm
    for line in shown:
        base -= _ROW
        name = _fitted(canvas, line.name, columns[0] - _COLUMN - _PAPER.margin + 4 * mm)
        _write(canvas, name, line.numbers, columns, base + 2 * mm, FAMILY, 10.5)
    if len(roll.lines) > len(shown):
        _write(canvas, MORE.format(count=len(roll.lines) - len(shown)), (), columns, base - _ROW + 2 * mm, FAMILY, 10)


def _write(
    canvas: Canvas, name: str, numbers: Sequence[str], columns: Sequence[float], base: float, face: str, size: float
) -> None:
    canvas.setFillColor(INK)
    canvas.setFont(face, size)
    canvas.drawString(_PAPER.margin, base, printable(name))
    for number, right in zip(numbers, columns, strict=False):
        canvas.drawRightString(right, base, printable(number))


def _fitted(canvas: Canvas, name: str, room: float) -> str:
    """Return a name cut so that it fits."""
    plain = printable(name)
    if canvas.stringWidth(plain, FAMILY, 10.5) <= room:
        return plain
    while plain and canvas.stringWidth(f"{plain}…", FAMILY, 10.5) > room:
        plain = plain[:-1]
    return f"{plain.rstrip()}…"
