"""Pages on which a change of a procedure is written: one page of the form at a time, kept at every press.

Every button of the form, also one that adds a paper or opens another page, sends the page's fields and keeps them; so
nothing is lost without scripts either. With scripts the page sends itself while one types.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible
from bot.office import drafts, people, preview, standing
from bot.office.drafts import Proposal
from bot.office.faults import Spot, spots
from bot.office.filled import Tree, act, packed, performed, read, shown, tidied, unpacked
from bot.office.joining import join
from bot.office.places import covers
from bot.office.procedure_pages import DRAFT, commune_of
from bot.office.review import STATES, UNFINISHED, WRONG_STATE, allow_on
from bot.office.revisions import Revision, get
from bot.office.sections import SECTIONS, Section, section
from bot.office.tables import Effect, Role, Subject
from bot.office.view import moment
from bot.office.visit import Route, Visit
from knowledge.calendar import now
from knowledge.case import CHANNEL_CHOICES, CHANNEL_QUESTION
from knowledge.procedure import CHANNEL
from knowledge.revision import Conflict

NOTES = {
    "saved": "Đã lưu nháp.",
    "joined": "Người khác cũng vừa sửa bản này. Hai bên sửa các mục khác nhau nên đã ghép lại, không mất gì.",
}
SAVED = "Đã lưu nháp lúc {at}"
COLLIDED = "{name} vừa sửa bản này. Bấm “Lưu nháp” để xem và ghép hai bên; từ giờ trang không tự lưu nữa."
NO_FORM = "Bản này không có nội dung để sửa: nó bỏ bản đang có ở địa bàn."
LOST_PLACE = "Phần anh/chị gửi lên không đầy đủ. Anh/chị mở lại bản sửa rồi làm lại giúp."
PREVIEW = "xem-thu"
SUBMIT = "gui"
AUTOSAVE = "tu-luu"


def routes() -> list[Route]:
    """Return the routes of the form."""
    edit = DRAFT + "/{id}/sua"
    return [
        Route("GET", edit, Role.EDITOR, show, notes=NOTES),
        Route("POST", edit, Role.EDITOR, save),
    ]


async def loaded(visit: Visit, connection: AsyncConnection, *, lock: bool = False) -> Revision:
    """Return the revision of the path; 404 when there is none, or none of the visitor's part of the country."""
    try:
        (found,) = await get(connection, [visit.number("id")], lock=lock)
    except Impossible:
        raise web.HTTPNotFound from None
    if found.subject is not Subject.PROCEDURE or not covers(visit, found.scope):
        raise web.HTTPNotFound
    return found


def writable(revision: Revision) -> None:
    """Raise ``Impossible`` in words for a revision whose form nobody fills in any more, or that has none."""
    if revision.state not in UNFINISHED:
        raise Impossible(WRONG_STATE.format(state=STATES[revision.state]))
    if revision.effect is not Effect.RECORD:
        raise Impossible(NO_FORM)


async def wrongs(visit: Visit, revision: Revision, tree: Mapping[str, Any]) -> list[Spot]:
    """Return what is wrong with what a revision holds."""
    base = preview.candidate(revision.base)
    catalogue = visit.office.services().catalogue
    return await asyncio.to_thread(spots, tree, base, catalogue, now().date())


async def show(visit: Visit) -> web.StreamResponse:
    """Show a page of the form."""
    async with visit.office.engine.connect() as connection:
        revision = await loaded(visit, connection)
    writable(revision)
    allow_on(visit.clerk, Role.EDITOR, revision, visit.office.press.ground)
    return await _form(visit, revision, section(visit.request.query.get("phan", "")))


async def _form(visit: Visit, revision: Revision, page: Section) -> web.Response:
    tree = shown(revision.record or {})
    faults = await wrongs(visit, revision, revision.record or {})
    services = visit.office.services()
    return visit.page(
        "edit.html",
        revision=revision,
        path=f"{DRAFT}/{revision.id}",
        name=tree.get("name") or revision.code,
        place=visit.office.territory.name(revision.scope),
        section=page,
        sections=[(each, sum(spot.section == each.slug for spot in faults)) for each in SECTIONS],
        tree=tree,
        was=packed(_of(page, tree)),
        faults=faults,
        wrong_at=_by_id(faults),
        opened=_opener(faults),
        conditions=conditions(tree),
        provinces=visit.office.territory.provinces(),
        field_names=sorted({record.field for record in services.catalogue}),
        said=preview.answer(revision.record, services, commune_of(revision.scope)),
    )


def _opener(faults: list[Spot]) -> Callable[[str], bool]:
    """Return what says whether an entry of the form has something wrong inside, and must stand open."""
    ids = [f"{spot.id}-" for spot in faults]
    return lambda entry: any(each.startswith(f"{entry}-") for each in ids)


def _by_id(faults: list[Spot]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for spot in faults:
        found.setdefault(spot.id, []).append(spot.words)
    return found


def _of(page: Section, tree: Mapping[str, Any]) -> Tree:
    return {key: tree[key] for key in page.keys if key in tree}


def conditions(tree: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a condition can be on, for a drop-down: each question with its answers as (value, words)."""
    found = []
    for question in tree.get("questions") or []:
        if isinstance(question, dict) and question.get("id"):
            choices = [each for each in question.get("choices") or [] if isinstance(each, dict) and each.get("id")]
            options = [(f"{question['id']}={each['id']}", str(each.get("text", each["id"]))) for each in choices]
            found.append((str(question.get("text", question["id"])), options))
    kinds = dict.fromkeys(each.get("kind") for each in tree.get("channels") or [] if isinstance(each, dict))
    if len(kinds) > 1:
        options = [(f"{CHANNEL}={kind.value}", words) for kind, words in CHANNEL_CHOICES.items() if kind.value in kinds]
        found.append((CHANNEL_QUESTION, options))
    return found


async def save(visit: Visit) -> web.StreamResponse:
    """Keep a page of the form, do what its button asks, and go where that leads."""
    form = visit.form
    page, wanted = section(form.get("phan")), act(form.get("do"))
    filled, where = read(page, form), ""
    if wanted:
        filled, where = performed(filled, wanted)
    async with visit.office.engine.begin() as connection:
        revision = await loaded(visit, connection, lock=True)
        writable(revision)
        mine = _with(page, revision.record or {}, filled, blanks=wanted is not None)
        ours = tidied(mine)
        if form.get("version") != str(revision.version):
            theirs = await _theirs(connection, revision)
            if form.get("do") == AUTOSAVE:
                return web.json_response({"stop": COLLIDED.format(name=theirs)}, status=409)
            base = _base(visit, page, revision)
            mine, conflicts = join(base, ours, revision.record or {})
            own = await people.last_writer(connection, revision.name) == visit.clerk.id
            if conflicts and not own:
                return conflict_page(visit, revision, page, conflicts, base, ours)
            note = "joined"
        else:
            note = "saved"
        revision = await write(visit, connection, revision, mine)
    if form.get("do") == AUTOSAVE:
        return await _kept(visit, revision, page)
    return onward(revision, page, form.get("do"), where, note)


def _with(page: Section, record: Mapping[str, Any], filled: Tree, *, blanks: bool = False) -> Tree:
    """Return a record with one page of its form put in the place of what was there."""
    rest = {key: value for key, value in record.items() if key not in page.keys}
    return tidied({**rest, **filled}, blanks=blanks)


def _base(visit: Visit, page: Section, revision: Revision) -> Tree:
    """Return what the page showed when its form was opened, within what stands now."""
    was = unpacked(visit.form.get("was"))
    if was is None:
        raise Impossible(LOST_PLACE)
    return _with(page, revision.record or {}, {key: was[key] for key in page.keys if key in was})


async def _theirs(connection: AsyncConnection, revision: Revision) -> str:
    writer = await people.last_writer(connection, revision.name)
    return (await people.names(connection, [writer]))[writer]


async def write(visit: Visit, connection: AsyncConnection, revision: Revision, tree: Tree) -> Revision:
    """Keep what a form holds now, and return the revision as it stands; the same one when nothing differs."""
    record = tree | {"code": revision.code}
    record = standing.plain(preview.candidate(record)) or record
    if record == revision.record and revision.state in UNFINISHED[:1]:
        return revision
    proposal = replace(proposed(revision), record=record)
    ground = visit.office.press.ground
    return await drafts.write(connection, ground, visit.clerk, revision.id, revision.version, proposal)


def proposed(revision: Revision) -> Proposal:
    """Return what a revision proposes as it is."""
    return Proposal(
        revision.code, revision.scope, revision.record, revision.effect, revision.subject, revision.note,
        revision.decision_number, revision.decision_date, revision.effective_on,
    )  # fmt: skip


async def _kept(visit: Visit, revision: Revision, page: Section) -> web.Response:
    """Answer the page that sent itself: what is wrong now, and the answer as people would read it."""
    faults = await wrongs(visit, revision, revision.record or {})
    said = preview.answer(revision.record, visit.office.services(), commune_of(revision.scope))
    path = f"{DRAFT}/{revision.id}"
    return web.json_response(
        {
            "version": revision.version,
            "was": packed(_of(page, shown(revision.record or {}))),
            "saved": SAVED.format(at=moment(datetime.now(UTC))),
            "faults": [{"id": spot.id, "words": spot.words} for spot in faults if spot.section == page.slug],
            "preview": visit.office.view.render("edit_side.html", said=said, faults=faults, path=path),
        }
    )


def onward(revision: Revision, page: Section, do: str, where: str, note: str) -> web.Response:
    """Lead to where the form's button ``do`` goes, at the entry ``where``, with a note of what was done."""
    path = f"{DRAFT}/{revision.id}"
    name, _, slug = do.partition(" ")
    if name == "go" and slug == PREVIEW:
        place = f"{path}/{PREVIEW}"
    elif name == "go" and slug == SUBMIT:
        place = path
    else:
        slug = section(slug).slug if name == "go" else page.slug
        place = f"{path}/sua?phan={slug}" + (f"&note={note}" if name != "go" or note == "joined" else "")
    return web.Response(status=303, headers={"Location": place + (f"#{where}" if where else "")})


def conflict_page(
    visit: Visit, revision: Revision, page: Section, conflicts: tuple[Conflict, ...], base: Tree, mine: Tree
) -> web.Response:
    """Show what two people wrote at once, for whoever came second to choose; nothing is kept before."""
    hidden = {"version": str(revision.version), "phan": page.slug, "was": packed(base), "mine": packed(mine)}
    return visit.page(
        "conflict.html",
        409,
        revision=revision,
        conflicts=conflicts,
        hidden_fields=hidden,
        to=f"{DRAFT}/{revision.id}/ghep-nhap",
        back=f"{DRAFT}/{revision.id}/sua?phan={page.slug}",
        others="Người khác",
    )
