"""The page of a lot: the drafts of one file, and what can be done with all of them."""

from __future__ import annotations

from aiohttp import web

from bot.office import lots, people
from bot.office.places import covers
from bot.office.review import STATES, UNPUBLISHED, handles
from bot.office.tables import RevisionState, Role
from bot.office.visit import Visit

LOT = "/canbo/nhap-xuat/lo"
NOTES = {
    "submit": "Đã gửi duyệt cả lô.",
    "approve": "Đã duyệt cả lô.",
    "withdraw": "Đã thôi cả lô.",
    "taken": "Đã nhận tệp thành các bản sửa đang soạn. Chưa ai thấy cho tới khi được duyệt và công bố.",
}

_SHOWN = 200


async def read_lot(visit: Visit, key: str) -> lots.Lot:
    """Return a lot; 404 when there is none, or one that is not all of the visitor's part of the country."""
    async with visit.office.engine.connect() as connection:
        found = await lots.read(connection, key)
    if not found.revisions or not all(covers(visit, each.scope) for each in found.revisions):
        raise web.HTTPNotFound
    return found


async def lot(visit: Visit) -> web.StreamResponse:
    """Show what came in one file, and what can be done with all of it."""
    found = await read_lot(visit, visit.request.match_info["key"])
    counts, clerk, ground = found.counts, visit.clerk, visit.office.press.ground
    edits, publishes = (
        clerk.may(role) and all(handles(clerk, ground.places, each) for each in found.revisions)
        for role in (Role.EDITOR, Role.PUBLISHER)
    )
    async with visit.office.engine.connect() as connection:
        known = await people.names(connection, {each.author for each in found.revisions})
    mine = any(each.author == clerk.id for each in found.revisions)
    return visit.page(
        "lot.html",
        lot=found,
        path=f"{LOT}/{found.key}",
        note=NOTES.get(visit.request.query.get("note", ""), ""),
        said=found.revisions[0].note,
        author=", ".join(known[each] for each in dict.fromkeys(each.author for each in found.revisions)),
        counts=[(STATES[state], counts[state]) for state in RevisionState if counts[state]],
        shown=found.revisions[:_SHOWN],
        states=STATES,
        submits=counts[RevisionState.DRAFT] and edits,
        approves=counts[RevisionState.REVIEW] and publishes and not mine,
        publishes=counts[RevisionState.APPROVED] and publishes,
        withdraws=any(counts[state] for state in UNPUBLISHED) and (publishes or (mine and edits)),
    )
