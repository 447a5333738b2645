"""Pictures of tables as SVG, drawn by us: bars beside their names, or columns from left to right.

Colours come from the style sheet, so that both schemes can be read; the table itself stands below for whoever does not
see the picture.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from bot.dialogue.markup import clip
from bot.office.reports.report import Table, amount, number

WIDTH = 320
MOST_BARS = 12

_ROW, _BAR = 33, 9
_HIGH, _FOOT, _HEAD = 140, 18, 16
_LABEL = 44
_VALUE_ROOM = 46


def draw(table: Table, name: str) -> Markup:
    """Return the picture of a table, empty when there is nothing to draw; no other on the page has its ``name``."""
    if table.bars is None or not any(amount(row[table.bars]) for row in table.rows):
        return Markup("")
    drawn, height = _columns(table) if table.upright else _bars(table)
    shown = len(table.rows) if table.upright else min(len(table.rows), MOST_BARS)
    described = (
        f"{table.heading[table.bars]}: {shown} mục, lớn nhất {number(_largest(table))}. Số liệu ở bảng bên dưới."
    )
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{name}-t {name}-d">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{described}</desc>{drawn}</svg>'
    ).format(width=WIDTH, height=height, name=name, title=table.title, described=described, drawn=drawn)


def _bars(table: Table) -> tuple[Markup, int]:
    at, largest = table.bars or 0, _largest(table)
    pieces = []
    for place, row in enumerate(table.rows[:MOST_BARS]):
        value, top = amount(row[at]), place * _ROW
        long = (WIDTH - _VALUE_ROOM) * value / largest
        pieces.append(_text(0, top + 12, clip(str(row[0]), _LABEL)))
        pieces.append(_block(0, top + 17, max(long, 1 if value else 0), _BAR))
        pieces.append(_text(long + 4, top + 26, number(value)))
    return Markup("").join(pieces), min(len(table.rows), MOST_BARS) * _ROW


def _columns(table: Table) -> tuple[Markup, int]:
    at, largest, count = table.bars or 0, _largest(table), len(table.rows)
    wide = WIDTH / count
    every = -(-count // 6)
    room = _HIGH - _HEAD - _FOOT
    pieces = [Markup('<line class="axis" x1="0" x2="{}" y1="{y}" y2="{y}"/>').format(WIDTH, y=_HIGH - _FOOT)]
    for place, row in enumerate(table.rows):
        value = amount(row[at])
        tall = room * value / largest
        left = place * wide
        pieces.append(_block(left + wide * 0.12, _HIGH - _FOOT - tall, wide * 0.76, tall))
        if place % every == 0:
            anchor = "start" if place == 0 else "middle"
            middle = left if place == 0 else left + wide / 2
            pieces.append(_text(middle, _HIGH - 4, str(row[0]), anchor))
        if value and count <= 14:
            pieces.append(_text(left + wide / 2, _HIGH - _FOOT - tall - 3, number(value), "middle"))
    if count > 14:
        pieces.append(_text(0, 11, f"Cao nhất: {number(largest)}"))
    return Markup("").join(pieces), _HIGH


def _text(x: float, y: float, words: str, anchor: str = "start") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, escape(words))


def _block(x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="block" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="1.5"/>').format(
        x, y, width, height
    )


def _largest(table: Table) -> float:
    return max(amount(row[table.bars or 0]) for row in table.rows)
