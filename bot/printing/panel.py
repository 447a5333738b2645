"""What stands around the text of a printed page: the line at its head, the QR codes, the line at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from bot.printing import flow, qr
from bot.printing.fonts import BOLD, FAMILY
from bot.printing.links import Link
from bot.printing.paper import BRAND, INK, PALE, Paper, style

NAME = "Một Cửa"
_PAD = 3 * mm
_ANY_HEIGHT = 10_000


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is said beside the QR codes: what they are for, and how to use them."""

    lead: str
    how: str


def kind(canvas: Canvas, words: str, paper: Paper) -> None:
    """Say at the head of a page what it is."""
    base = paper.size[1] - paper.margin - paper.body
    canvas.setFillColor(BRAND)
    canvas.setFont(BOLD, paper.body)
    canvas.drawString(paper.margin, base, words)
    canvas.drawRightString(paper.size[0] - paper.margin, base, NAME)
    canvas.setStrokeColor(BRAND)
    canvas.setLineWidth(1.2)
    canvas.line(paper.margin, base - paper.body * 0.5, paper.size[0] - paper.margin, base - paper.body * 0.5)


def foot(canvas: Canvas, words: str, paper: Paper) -> None:
    """Name the page at its foot."""
    canvas.setFillColor(INK)
    canvas.setFont(FAMILY, paper.body)
    canvas.drawCentredString(paper.size[0] / 2, paper.margin, words)


def height(links: Sequence[Link], invitation: Invitation, paper: Paper) -> float:
    """Return how much room the QR codes take above the foot; 0 when there is none to show."""
    return _box(links, invitation, paper)[1] + _PAD if links else 0.0


def draw(canvas: Canvas, links: Sequence[Link], invitation: Invitation, paper: Paper) -> None:
    """Draw the QR codes with their captions in a box above the foot."""
    if not links:
        return
    words, tall = _box(links, invitation, paper)
    bottom = paper.margin + paper.band
    canvas.setFillColor(PALE)
    canvas.roundRect(paper.margin, bottom, paper.width, tall, 2 * mm, stroke=0, fill=1)
    for number, link in enumerate(reversed(links), 1):
        x = paper.size[0] - paper.margin - number * (paper.code + _PAD)
        _code(canvas, link, x, bottom + tall - _PAD - paper.code, paper)
    flow.draw(canvas, words, paper.margin + _PAD, bottom + tall - _PAD, _room(links, paper))


def _room(links: Sequence[Link], paper: Paper) -> float:
    return paper.width - len(links) * (paper.code + _PAD) - 2 * _PAD


def _box(links: Sequence[Link], invitation: Invitation, paper: Paper) -> tuple[list[flow.Placed], float]:
    """Return the words beside the codes, and the height of the box around both."""
    least, room = paper.bodies[-1], _room(links, paper)
    words = [
        flow.text(invitation.lead, style(least * 1.2, bold=True, color=BRAND, spaceAfter=3)),
        flow.text(invitation.how, style(least)),
        *(Paragraph(_address(each.typed, least, room), style(least, spaceBefore=3)) for each in links if each.typed),
    ]
    placed = flow.column(words, room, _ANY_HEIGHT) or []
    last, top = placed[-1]
    tall = top + last.wrap(room, _ANY_HEIGHT)[1]
    return placed, max(tall, paper.code + least * 1.6) + 2 * _PAD


def _code(canvas: Canvas, link: Link, x: float, y: float, paper: Paper) -> None:
    canvas.setFillGray(1)
    canvas.rect(x, y, paper.code, paper.code, stroke=0, fill=1)
    qr.draw(canvas, link.url, x, y, paper.code)
    canvas.setFillColor(INK)
    canvas.setFont(FAMILY, paper.bodies[-1])
    canvas.drawCentredString(x + paper.code / 2, y - paper.body * 1.15, link.caption)


def _address(typed: str, size: float, room: float) -> str:
    """Return an address to type, on two lines when it is too long for one."""
    host, slash, path = typed.partition("/")
    if stringWidth(typed, FAMILY, size) <= room:
        return typed
    return f"{host}<br/>{slash}{path}"
