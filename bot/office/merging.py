"""Pages on which two changes become one: two people's of one draft, or a draft's and what was published meanwhile."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible, Outdated
from bot.office import drafts, standing
from bot.office.editing import LOST_PLACE, conflict_page, loaded, onward, writable, write
from bot.office.filled import Tree, unpacked
from bot.office.joining import join
from bot.office.procedure_pages import DRAFT
from bot.office.review import CHANGED
from bot.office.revisions import Revision
from bot.office.sections import section
from bot.office.tables import Effect, Role
from bot.office.visit import Route, Visit
from knowledge.catalogue import digest_of
from knowledge.revision import Conflict


def routes() -> list[Route]:
    """Return the routes of joining."""
    return [
        Route("POST", DRAFT + "/{id}/ghep-nhap", Role.EDITOR, settle),
        Route("GET", DRAFT + "/{id}/ghep", Role.EDITOR, offer),
        Route("POST", DRAFT + "/{id}/ghep", Role.EDITOR, accept),
    ]


def _yielded(visit: Visit, conflicts: tuple[Conflict, ...]) -> list[tuple[str, ...]]:
    """Return the paths at which the other one's value was chosen."""
    return [each.path for place, each in enumerate(conflicts) if visit.form.get(f"chon.{place}") == "ho"]


async def settle(visit: Visit) -> web.StreamResponse:
    """Keep a draft that two people wrote at once, with what was chosen at each conflict."""
    form = visit.form
    page = section(form.get("phan"))
    was, mine = unpacked(form.get("was")), unpacked(form.get("mine"))
    async with visit.office.engine.begin() as connection:
        revision = await loaded(visit, connection, lock=True)
        writable(revision)
        if was is None or mine is None:
            raise Impossible(LOST_PLACE)
        theirs = revision.record or {}
        _, conflicts = join(was, mine, theirs)
        if form.get("version") != str(revision.version):
            return conflict_page(visit, revision, page, conflicts, was, mine)
        merged, _ = join(was, mine, theirs, _yielded(visit, conflicts))
        revision = await write(visit, connection, revision, merged)
    return onward(revision, page, "", "", "saved")


async def offer(visit: Visit) -> web.StreamResponse:
    """Show a change beside what was published since it was begun."""
    async with visit.office.engine.connect() as connection:
        revision = await loaded(visit, connection)
        conflicts, _, onto = await _published(visit, connection, revision, [])
    return visit.page(
        "conflict.html",
        revision=revision,
        conflicts=conflicts,
        hidden_fields={"version": str(revision.version), "onto": onto},
        to=f"{DRAFT}/{revision.id}/ghep",
        back=f"{DRAFT}/{revision.id}",
        others="Bản đã công bố",
    )


async def _published(
    visit: Visit, connection: AsyncConnection, revision: Revision, yielded: list[tuple[str, ...]]
) -> tuple[tuple[Conflict, ...], Tree, str]:
    ground = visit.office.press.ground
    overlay = await standing.current(connection, revision.code)
    stands = ground.stands(overlay, revision.code, revision.scope)
    if revision.effect is not Effect.RECORD:
        return (), {}, digest_of(stands)
    merged, conflicts = join(revision.base or {}, revision.record or {}, standing.plain(stands) or {}, yielded)
    return conflicts, merged, digest_of(stands)


async def accept(visit: Visit) -> web.StreamResponse:
    """Put a change on what is published now, with what was chosen at each conflict."""
    form = visit.form
    async with visit.office.engine.begin() as connection:
        revision = await loaded(visit, connection, lock=True)
        if form.get("version") != str(revision.version):
            raise Outdated(CHANGED)
        conflicts, _, _ = await _published(visit, connection, revision, [])
        _, merged, _ = await _published(visit, connection, revision, _yielded(visit, conflicts))
        ground = visit.office.press.ground
        await drafts.accept_merge(
            connection, ground, visit.clerk, revision.id, revision.version, merged, form.get("onto")
        )  # fmt: skip
    return web.Response(status=303, headers={"Location": f"{DRAFT}/{revision.id}?note=merged"})
