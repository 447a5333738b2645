"""A sheet: what is printed on one subject, on as many pages as it needs, the QR codes on the first of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from bot.printing import flow, panel
from bot.printing.links import Link
from bot.printing.panel import Invitation
from bot.printing.paper import Paper, opened

AGAIN = "{subject} (tiếp theo)"
ONE_PAGE = "Mã {code}"
FOOT = "Mã {code}, trang {page}/{pages}"
FOOT_MORE = "Mã {code}, trang {page}/{pages}, còn tiếp"

_ANY_HEIGHT = 10_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """``kind`` says at the head what this is, ``subject`` at the head of the following pages; ``code`` at every foot.

    ``story`` gives the text for a size of type; ``links`` are the QR codes, and ``invitation`` what is said of them.
    """

    kind: str
    subject: str
    code: str
    story: Callable[[Paper], list[Flowable]]
    links: tuple[Link, ...]
    invitation: Invitation


@dataclass(frozen=True, slots=True)
class _Layout:
    """A sheet on its pages. ``heading`` is the height of what is repeated on every page but the first."""

    paper: Paper
    pages: list[list[flow.Placed]]
    repeated: Flowable
    heading: float


def printed(sheets: Sequence[Sheet], paper: Paper, title: str) -> bytes:
    """Return a PDF of all sheets, each on pages of its own and in the largest type that needs the fewest pages.

    The same input gives the same bytes. Raises ``PrintingError`` when the type is missing.
    """
    made = BytesIO()
    canvas = opened(made, paper.size, title)
    for sheet in sheets:
        layouts = [_layout(sheet, paper.set_in(body)) for body in paper.bodies]
        _draw(canvas, sheet, min(layouts, key=lambda layout: len(layout.pages)))
    canvas.save()
    return made.getvalue()


def _layout(sheet: Sheet, paper: Paper) -> _Layout:
    repeated = flow.text(AGAIN.format(subject=sheet.subject), paper.lead)
    heading = repeated.wrap(paper.width, _ANY_HEIGHT)[1] + paper.body
    first = paper.room - paper.kind - panel.height(sheet.links, sheet.invitation, paper)
    later = paper.room - heading
    pages = flow.pages(sheet.story(paper), paper.width, lambda page: later if page else first)
    return _Layout(paper, pages, repeated, heading)


def _draw(canvas: Canvas, sheet: Sheet, laid: _Layout) -> None:
    paper, top = laid.paper, laid.paper.size[1] - laid.paper.margin
    for number, placed in enumerate(laid.pages, 1):
        if number == 1:
            panel.kind(canvas, sheet.kind, paper)
            flow.draw(canvas, placed, paper.margin, top - paper.kind, paper.width)
            panel.draw(canvas, sheet.links, sheet.invitation, paper)
        else:
            flow.draw(canvas, [(laid.repeated, 0.0)], paper.margin, top, paper.width)
            flow.draw(canvas, placed, paper.margin, top - laid.heading, paper.width)
        panel.foot(canvas, _foot(sheet.code, number, len(laid.pages)), paper)
        canvas.showPage()


def _foot(code: str, page: int, pages: int) -> str:
    if pages == 1:
        return ONE_PAGE.format(code=code)
    return (FOOT if page == pages else FOOT_MORE).format(code=code, page=page, pages=pages)
