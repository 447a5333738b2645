"""The leaflet: one procedure on paper, to hang on a wall or to hand to somebody without a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportlab.platypus import Flowable

from bot.dialogue import choice, markup, papers, parts
from bot.printing import flow
from bot.printing.links import Doors
from bot.printing.panel import Invitation
from bot.printing.paper import Paper
from bot.printing.sheet import Sheet, printed
from knowledge.procedure import Audience, ChannelKind, Procedure

KIND = "TỜ HƯỚNG DẪN THỦ TỤC"
CODE = "Mã thủ tục: {code}. Lĩnh vực: {field}."
OFFICIAL = "Tên đầy đủ:"
FOR = "Dành cho:"
INVITATION = Invitation(
    "Cần hỏi thêm?", "Mở máy ảnh điện thoại, quét mã bên cạnh để xem bản mới nhất và hỏi bằng lời của mình."
)
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
    sheets = [
        Sheet(
            KIND,
            markup.title(procedure, _HEADLINE),
            procedure.code,
            partial(story, procedure, portal_url),
            doors.procedure(procedure.code),
            INVITATION,
        )
        for procedure in procedures
    ]
    return printed(sheets, paper, ", ".join(markup.title(each, 120) for each in procedures[:3]))


def story(procedure: Procedure, portal_url: str, paper: Paper) -> list[Flowable]:
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
        source(procedure),
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


def source(procedure: Procedure) -> str:
    """Return where the facts come from; that nobody compared them must not be overlooked."""
    return parts.source(procedure).replace(parts.UNVERIFIED, markup.bold(parts.UNVERIFIED))
