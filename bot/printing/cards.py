"""Small cards to cut out and hand round: several on a sheet of A4, each with what matters most and a QR code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from io import BytesIO
from itertools import cycle, islice

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from bot.dialogue import choice, markup, wording
from bot.dialogue.parts import TIME
from bot.errors import PrintingError
from bot.printing import flow, fonts, qr
from bot.printing.links import Doors, Link
from bot.printing.paper import BRAND, INK, opened, style
from knowledge.procedure import Handling, Procedure, RequiredDocument

MORE = "và {count} giấy tờ khác tùy trường hợp"
ONLY_MORE = "Giấy tờ: {count} loại, tùy trường hợp"
NO_PAPERS = "Giấy tờ: hỏi nơi nhận hồ sơ"
OTHERS = "; còn trường hợp khác"
DATED = "Mã {code}, thông tin ngày {day}"
UNVERIFIED = "chưa kiểm chứng"

_PAD = 6 * mm
_GAP = 3 * mm
_CAPTION = 4 * mm
_MARK = 4 * mm
_MEASURES = ((110, 3), (90, 3), (70, 3), (55, 3), (55, 2), (40, 2), (40, 1), (30, 1))
"""Characters a line may have, and how many papers are named: the most words first."""


def cards(procedures: Sequence[Procedure], per_page: int, doors: Doors) -> bytes:
    """Return a PDF of full A4 pages with 4 or 8 cards each; when the last page has room, cards are repeated.

    The same input gives the same bytes. Raises ``PrintingError`` when the type is missing.
    """
    form = FORMS[per_page]
    made = BytesIO()
    canvas = opened(made, A4, ", ".join(markup.title(each, 120) for each in procedures[:3]))
    count = -(-len(procedures) // per_page) * per_page
    for number, procedure in enumerate(islice(cycle(procedures), count)):
        row, column = divmod(number % per_page, 2)
        _card(canvas, procedure, doors, form, (column * form.width, A4[1] - (row + 1) * form.height))
        if number % per_page == per_page - 1:
            _cut_marks(canvas, form)
            canvas.showPage()
    canvas.save()
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of card. ``side`` is that of a QR code, which stands below the words or (``beside``) next to them."""

    rows: int
    bodies: tuple[float, ...]
    side: float
    beside: bool

    @property
    def width(self) -> float:
        """Width of a card, in points."""
        return A4[0] / 2

    @property
    def height(self) -> float:
        """Height of a card, in points."""
        return A4[1] / self.rows

    def words(self, codes: int) -> tuple[float, float]:
        """Return width and height that ``codes`` QR codes leave for words."""
        width, height = self.width - 2 * _PAD, self.height - 2 * _PAD
        if not codes:
            return width, height
        if self.beside:
            return width - self.side - _GAP, height
        return width, height - self.side - _CAPTION - _GAP


FORMS = {
    4: Form(rows=2, bodies=(13, 12, 11, 10), side=36 * mm, beside=False),
    8: Form(rows=4, bodies=(11, 10, 9.5, 9), side=25 * mm, beside=True),
}


def _card(canvas: Canvas, procedure: Procedure, doors: Doors, form: Form, corner: tuple[float, float]) -> None:
    x, y = corner[0] + _PAD, corner[1] + _PAD
    inner, links = form.width - 2 * _PAD, doors.procedure(procedure.code)
    if form.beside:
        links = links[:1]
    title, body = _fitted(procedure, form, len(links))
    top = corner[1] + form.height - _PAD
    flow.draw(canvas, title, x, top, inner)
    flow.draw(canvas, body, x, top, form.words(len(links))[0])
    taken = len(links) * form.side + (len(links) - 1) * _GAP
    left = x + inner - taken if form.beside else x + (inner - taken) / 2
    for number, link in enumerate(links):
        _code(canvas, link, left + number * (form.side + _GAP), y + _CAPTION, form.side)


def _code(canvas: Canvas, link: Link, x: float, y: float, side: float) -> None:
    qr.draw(canvas, link.url, x, y, side)
    canvas.setFillColor(INK)
    canvas.setFont(fonts.FAMILY, 9)
    canvas.drawCentredString(x + side / 2, y - 3 * mm, link.caption)


def _fitted(procedure: Procedure, form: Form, codes: int) -> tuple[list[flow.Placed], list[flow.Placed]]:
    """Return title and body of a card with the fewest words left off, in the largest type, that fit."""
    width, room = form.words(codes)
    for clip, papers in _MEASURES:
        for size in form.bodies:
            title = _title(procedure, size, clip)
            start = title.wrap(form.width - 2 * _PAD, room)[1] + size * 0.3
            placed = flow.column(_story(procedure, size, clip, papers), width, room - start)
            if placed:
                return [(title, 0.0)], [(each, start + distance) for each, distance in placed]
    raise PrintingError(f"Thủ tục {procedure.code} không vừa một thẻ nhỏ: in tờ A5 thay cho thẻ.")


def _title(procedure: Procedure, size: float, clip: int) -> Paragraph:
    title = markup.title(procedure, 400)
    title = title if len(title) <= clip else choice.everyday(procedure)
    return flow.text(markup.clip(title, clip), style(size * 1.3, bold=True, color=BRAND))


def _story(procedure: Procedure, size: float, clip: int, most: int) -> list[Flowable]:
    item = style(size, leftIndent=size * 1.5, spaceAfter=size * 0.15)
    line = style(size, spaceBefore=size * 0.25)
    listed, left = _papers(procedure, most)
    papers = [
        Paragraph(escape(fonts.printable(wording.paper(each, clip))), item, bulletText=f"{number}.")
        for number, each in enumerate(listed, 1)
    ]
    rest = (MORE if listed else ONLY_MORE).format(count=left) if left else "" if listed else NO_PAPERS
    return [
        *papers,
        *([flow.text(rest, item if listed else line)] if rest else []),
        flow.line(_money(procedure, clip), line),
        flow.line(_time(procedure, clip), line),
        flow.text(_dated(procedure), line),
    ]


def _papers(procedure: Procedure, most: int) -> tuple[list[RequiredDocument], int]:
    """Return the papers named on a card, those that everybody hands in first, and how many are left off."""
    brought = [each for each in procedure.documents if each.handling is not Handling.LOOKED_UP]
    brought.sort(key=lambda each: (each.handling is not Handling.HAND_IN, each.condition is not None))
    always = [each for each in brought if each.condition is None][:most]
    return always, len(brought) - len(always)


def _money(procedure: Procedure, clip: int) -> str:
    said, more = _first(procedure, partial(wording.money_lines, brief=True), wording.UNKNOWN_SUM)
    name = wording.money_heading(procedure)
    kind, colon, rest = said.partition(": ")
    if colon and kind in wording.KINDS.values():
        name, said = kind, rest
    return _named(name, said, more, clip)


def _time(procedure: Procedure, clip: int) -> str:
    said, more = _first(procedure, partial(wording.time_lines, brief=True), wording.UNKNOWN_TIME)
    return _named(TIME, said, more, clip)


def _named(name: str, said: str, more: bool, clip: int) -> str:
    return f"{markup.bold(name + ':')} {markup.escape(markup.clip(said, clip))}{OTHERS if more else ''}"


def _first(procedure: Procedure, read: wording.Read, unknown: str) -> tuple[str, bool]:
    """Return the first sum or time limit, and whether there are others."""
    groups = wording.by_channel(procedure, read) if procedure.channels else [("", (unknown,))]
    label, lines = groups[0]
    return f"{label}: {markup.lower_first(lines[0])}" if label else lines[0], len(groups) > 1 or len(lines) > 1


def _dated(procedure: Procedure) -> str:
    source = procedure.source
    said = DATED.format(code=procedure.code, day=wording.day(source.read_on))
    return said if source.verified else f"{said}; {UNVERIFIED}"


def _cut_marks(canvas: Canvas, form: Form) -> None:
    """Draw short lines where to cut, at the edges and at every crossing."""
    canvas.setStrokeGray(0.35)
    canvas.setLineWidth(0.6)
    for row in range(form.rows + 1):
        y = row * form.height
        canvas.line(form.width, max(0.0, y - _MARK), form.width, min(A4[1], y + _MARK))
        if 0 < row < form.rows:
            for x in (0.0, form.width, A4[0]):
                canvas.line(max(0.0, x - _MARK), y, min(A4[0], x + _MARK), y)
