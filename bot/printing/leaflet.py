"""The leaflet: one procedure on paper, to hang on a wall or to hand to somebody without a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from bot.dialogue import choice, markup, papers, parts
from bot.printing import flow, panel
from bot.printing.links import Doors, Link
from bot.printing.paper import Paper, opened
from knowledge.procedure import Audience, ChannelKind, Procedure

KIND = "TỜ HƯỚNG DẪN THỦ TỤC"
CODE = "Mã thủ tục: {code}. Lĩnh vực: {field}."
OFFICIAL = "Tên đầy đủ:"
FOR = "Dành cho:"
AGAIN = "{title} (tiếp theo)"
ONE_PAGE = "Mã {code}"
FOOT = "Mã {code}, trang {page}/{pages}"
FOOT_MORE = "Mã {code}, trang {page}/{pages}, còn tiếp"
AUDIENCES = {
    Audience.CITIZEN: "công dân Việt Nam",
    Audience.OVERSEAS_VIETNAMESE: "người Việt Nam ở nước ngoài",
    Audience.FOREIGNER: "người nước ngoài",
    Audience.HOUSEHOLD_BUSINESS: "hộ kinh doanh",
    Audience.COOPERATIVE: "hợp tác xã",
    Audience.ENTERPRISE: "doanh nghiệp",
    Audience.ORGANISATION: "cơ quan, tổ chức",
    Audience.OFFICIAL: "cán bộ, công chức",
}

_WHOLE = 10_000
"""Characters: more than any name has."""

_HEADLINE = 100
_LONG = 200
"""Characters of a name that no longer serves as a title."""


def leaflets(procedures: Sequence[Procedure], paper: Paper, doors: Doors, portal_url: str) -> bytes:
    """Return a PDF with one leaflet for each procedure, each on pages of its own, numbered for itself.

    The same input gives the same bytes. Raises ``PrintingError`` when the type is missing.
    """
    made = BytesIO()
    canvas = opened(made, paper.size, ", ".join(markup.title(each, 120) for each in procedures[:3]))
    for procedure in procedures:
        _leaflet(canvas, procedure, paper, doors, portal_url)
    canvas.save()
    return made.getvalue()


def _leaflet(canvas: Canvas, procedure: Procedure, paper: Paper, doors: Doors, portal_url: str) -> None:
    links = doors.procedure(procedure.code)
    laid = _laid_out(procedure, paper, links, portal_url)
    paper, top = laid.paper, laid.paper.size[1] - laid.paper.margin
    for number, placed in enumerate(laid.pages):
        if number == 0:
            panel.kind(canvas, KIND, paper)
            flow.draw(canvas, placed, paper.margin, top - paper.kind, paper.width)
            panel.draw(canvas, links, paper)
        else:
            flow.draw(canvas, [(laid.repeated, 0.0)], paper.margin, top, paper.width)
            flow.draw(canvas, placed, paper.margin, top - laid.heading, paper.width)
        panel.foot(canvas, _foot(procedure.code, number + 1, len(laid.pages)), paper)
        canvas.showPage()


@dataclass(frozen=True, slots=True)
class _Layout:
    """A leaflet on its pages. ``heading`` is the height of what is repeated on every page but the first."""

    paper: Paper
    pages: list[list[flow.Placed]]
    repeated: Flowable
    heading: float


def _laid_out(procedure: Procedure, paper: Paper, links: Sequence[Link], portal_url: str) -> _Layout:
    """Choose the largest type that needs the fewest pages."""
    layouts = [_layout(procedure, paper.set_in(body), links, portal_url) for body in paper.bodies]
    return min(layouts, key=lambda layout: len(layout.pages))


def _layout(procedure: Procedure, paper: Paper, links: Sequence[Link], portal_url: str) -> _Layout:
    repeated = flow.text(AGAIN.format(title=markup.title(procedure, _HEADLINE)), paper.lead)
    heading = repeated.wrap(paper.width, _WHOLE)[1] + paper.body
    first, later = paper.room - paper.kind - panel.height(links, paper), paper.room - heading
    pages = flow.pages(story(procedure, paper, portal_url), paper.width, lambda page: later if page else first)
    return _Layout(paper, pages, repeated, heading)


def _foot(code: str, page: int, pages: int) -> str:
    if pages == 1:
        return ONE_PAGE.format(code=code)
    return (FOOT if page == pages else FOOT_MORE).format(code=code, page=page, pages=pages)


def story(procedure: Procedure, paper: Paper, portal_url: str) -> list[Flowable]:
    """Return all that a leaflet says, in order."""
    title, official = markup.title(procedure, _WHOLE), ""
    if len(title) > _LONG:
        title, official = choice.everyday(procedure), f"{markup.bold(OFFICIAL)} {markup.escape(title)}"
    blocks = (
        _whom(procedure),
        papers.full(procedure),
        parts.money(procedure),
        parts.time(procedure),
        parts.place(procedure),
        _online(procedure, portal_url),
        official,
        _source(procedure),
    )
    told = [each for block in blocks if block for each in flow.body(block, paper)]
    return [flow.text(title, paper.named(title)), *told]


def _whom(procedure: Procedure) -> str:
    lines = [markup.escape(CODE.format(code=procedure.code, field=procedure.field))]
    whom = ", ".join(AUDIENCES[each] for each in procedure.audience)
    if whom:
        lines.append(f"{markup.bold(FOR)} {whom}.")
    if procedure.summary:
        lines.append(markup.escape(procedure.summary))
    if procedure.provincial:
        lines.append(markup.bold(parts.PROVINCIAL))
    return "\n".join(lines)


def _online(procedure: Procedure, portal_url: str) -> str:
    if any(channel.kind is ChannelKind.ONLINE for channel in procedure.channels):
        said = parts.ONLINE_YES.format(portal=markup.link(parts.PORTAL, procedure.source.url or portal_url))
    else:
        said = parts.ONLINE_NO if procedure.channels else parts.ONLINE_UNKNOWN
    return f"{markup.bold(parts.ONLINE + ':')} {said}"


def _source(procedure: Procedure) -> str:
    """Return where the facts come from; that nobody compared them must not be overlooked."""
    return parts.source(procedure).replace(parts.UNVERIFIED, markup.bold(parts.UNVERIFIED))
