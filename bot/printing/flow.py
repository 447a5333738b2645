"""Text on pages: message bodies as paragraphs, and paragraphs broken into pages before anything is drawn."""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from bot.channels.web_markup import Block, Run, blocks
from bot.printing.fonts import printable
from bot.printing.paper import Paper

Placed = tuple[Flowable, float]
"""A flowable and how far below the top of its page it begins, in points."""

_TAGS = ("b", "i", "u")


def text(words: str, style: ParagraphStyle) -> Paragraph:
    """Return plain words as one paragraph."""
    return Paragraph(html.escape(printable(words), quote=False), style)


def line(source: str, style: ParagraphStyle, bullet: str | None = None) -> Paragraph:
    """Return one line of a message body as a paragraph, with ``bullet`` in front."""
    return Paragraph(_marked(blocks(source)[0].items[0]), style, bulletText=bullet)


def body(source: str, paper: Paper) -> list[Flowable]:
    """Return a message body (small HTML) as paragraphs, the first of them set off from what stands above."""
    return [
        flowable
        for number, block in enumerate(blocks(source))
        for flowable in _block(block, paper, opens=number == 0 or block.gap)
    ]


def _block(block: Block, paper: Paper, opens: bool) -> list[Flowable]:
    if block.kind == "p":
        return [_paragraph(block.items[0], paper, opens)]
    if block.kind == "ol":
        return [
            Paragraph(_marked(item), paper.item, bulletText=f"{number}.")
            for number, item in enumerate(block.items, block.start)
        ]
    style, bullet = (paper.under, "–") if block.kind == "sub" else (paper.item, "•")
    return [Paragraph(_marked(item), style, bulletText=bullet) for item in block.items]


def _paragraph(item: list[Run], paper: Paper, opens: bool) -> Paragraph:
    """Tell a heading (all bold) and a line that opens a list (all slanted, with a colon) from running text.

    Whole lines of slanted type are hard to read on paper, so such a line is set upright.
    """
    if all("b" in run.styles for run in item):
        return Paragraph(_marked(item), paper.heading)
    style = paper.opening if opens else paper.text
    if all("i" in run.styles for run in item):
        item = [replace(run, styles=tuple(each for each in run.styles if each != "i")) for run in item]
        style = paper.lead if item[-1].text.endswith(":") else style
    return Paragraph(_marked(item), style)


def _marked(item: Iterable[Run]) -> str:
    """Return runs in reportlab's own marks; a link also says where it leads, for paper cannot be pressed."""
    return "".join(_run(run) for run in item)


def _run(run: Run) -> str:
    marked = html.escape(printable(run.text), quote=False)
    if run.href:
        marked = f'<a href="{html.escape(run.href)}">{marked}</a> ({html.escape(urlsplit(run.href).netloc)})'
    for tag in _TAGS:
        if tag in run.styles:
            marked = f"<{tag}>{marked}</{tag}>"
    return marked


def pages(story: Iterable[Flowable], width: float, room: Callable[[int], float]) -> list[list[Placed]]:
    """Break a story into pages. ``room`` gives the height of each page, counted from 0; nothing is left off."""
    waiting = deque(story)
    made: list[list[Placed]] = []
    while waiting:
        made.append(_page(waiting, width, room(len(made))))
    return made or [[]]


def column(story: Iterable[Flowable], width: float, room: float) -> list[Placed] | None:
    """Place a story in one column of that height; None when it does not fit."""
    laid = pages(story, width, lambda _: room)
    return laid[0] if len(laid) == 1 else None


def _page(waiting: deque[Flowable], width: float, room: float) -> list[Placed]:
    """Take from ``waiting`` what fits one page."""
    page: list[Placed] = []
    top = gap = 0.0
    while waiting:
        flowable = waiting.popleft()
        start = top + max(gap, flowable.getSpaceBefore()) if page else 0.0
        left = room - start
        height = flowable.wrap(width, left)[1]
        if height + _companion(flowable, waiting, width) > left:
            pieces = [] if _keeps(flowable) else flowable.split(width, left)
            if pieces:
                page.append((pieces[0], start))
                waiting.extendleft(reversed(pieces[1:]))
            elif page:
                waiting.appendleft(flowable)
            else:
                page.append((flowable, start))  # nothing can be done: it is drawn, if need be over the foot
            return page
        page.append((flowable, start))
        top, gap = start + height, flowable.getSpaceAfter()
    return page


def _companion(flowable: Flowable, waiting: deque[Flowable], width: float) -> float:
    """Return the height of what must stand on the same page below ``flowable``: two lines of the next paragraph."""
    if not _keeps(flowable) or not waiting:
        return 0.0
    following = waiting[0]
    height = following.wrap(width, 10_000)[1]
    style = getattr(following, "style", None)
    least = 2 * style.leading if style else height
    gap = max(flowable.getSpaceAfter(), following.getSpaceBefore())
    rest = deque(list(waiting)[1:]) if _keeps(following) else deque[Flowable]()
    return gap + min(height, least) + _companion(following, rest, width)


def _keeps(flowable: Flowable) -> bool:
    return bool(flowable.getKeepWithNext())  # type: ignore[no-untyped-call]


def draw(canvas: Canvas, placed: Iterable[Placed], x: float, top: float, width: float) -> None:
    """Draw one page of a story with its upper left corner at (x, top)."""
    for flowable, distance in placed:
        height = flowable.wrap(width, 10_000)[1]
        flowable.drawOn(canvas, x, top - distance - height)
