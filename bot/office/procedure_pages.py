"""Pages of the procedures: look for one, see what people are told about it, begin to change it."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from bot.channels.web_markup import blocks
from bot.dialogue import card
from bot.errors import Impossible
from bot.office import drafts, preview, standing
from bot.office.agency import answers_for
from bot.office.drafts import Proposal
from bot.office.faults import spots
from bot.office.places import chosen_scope, covers, place_fields, seen_scope
from bot.office.review import STATES as STEPS
from bot.office.review import UNPUBLISHED
from bot.office.revisions import Revision, find
from bot.office.shelf import STATES, Shelf, states
from bot.office.standing import plain
from bot.office.tables import Effect, Role, Subject
from bot.office.visit import Route, Visit
from knowledge.calendar import now
from knowledge.procedure import Procedure, Source

PATH = "/canbo/thu-tuc"
DRAFT = "/canbo/ban-sua"
PORTAL = "Cổng Dịch vụ công quốc gia"
EXISTS = "Đã có thủ tục mã {code}: {name}. Anh/chị mở thủ tục đó để sửa."
BAD_CODE = "Mã thủ tục có dạng 1.001193: một chữ số, dấu chấm, sáu chữ số."
UNKNOWN = "Không có thủ tục mã {code} ở {place}."
OWN_RECORD = "Ở {place} không có bản riêng của thủ tục này."

_PER_PAGE = 100


def routes() -> list[Route]:
    """Return the routes of the procedures."""
    return [
        Route("GET", PATH, Role.VIEWER, listing, menu="Thủ tục"),
        Route("POST", PATH, Role.EDITOR, add),
        Route("GET", PATH + "/{code}", Role.VIEWER, one),
        Route("POST", PATH + "/{code}/sua", Role.EDITOR, begin),
    ]


async def listing(visit: Visit) -> web.StreamResponse:
    """Show what was looked for; without that, the fields and how much needs a second look."""
    return await _listing(visit)


async def _listing(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    query = visit.request.query
    words, field, state = (query.get(name, "")[:300].strip() for name in ("tim", "linh-vuc", "loc"))
    scope = seen_scope(visit)
    services, today = visit.office.services(), now().date()
    shelf = Shelf.of(services.catalogue, visit.office.press.ground, scope)
    records: list[Procedure] = []
    if words:
        records = await asyncio.to_thread(shelf.found, words, services)
    elif field:
        records = shelf.of_field(field)
    elif state in STATES:
        records = shelf.of_state(state, today)
    page = query.get("trang", "")
    at = max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return visit.page(
        "procedures.html",
        status,
        wrong=wrong,
        words=words,
        field=field,
        state=state,
        scope=scope,
        place=visit.office.territory.name(scope),
        rows=[_row(record, shelf, today) for record in records[(at - 1) * _PER_PAGE : at * _PER_PAGE]],
        found=len(records),
        page=at,
        pages=-(-len(records) // _PER_PAGE),
        fields=shelf.fields(),
        states={name: (label, len(shelf.of_state(name, today))) for name, label in STATES.items()},
        total=len(shelf.records),
        may=visit.clerk.may(Role.EDITOR),
        typed={"code": visit.form.get("code"), "name": visit.form.get("name")},
        **place_fields(visit, scope),
    )


def _row(record: Procedure, shelf: Shelf, today: date) -> dict[str, Any]:
    marks = [STATES[name] for name in STATES if name in states(record, today)]
    return {"record": record, "marks": marks + (["Có quy định riêng ở địa phương"] if record.code in shelf.own else [])}


async def add(visit: Visit) -> web.StreamResponse:
    """Begin a procedure that there is not yet."""
    code, name = visit.form.get("code"), visit.form.get("name")
    try:
        source = Source(name=PORTAL, read_on=now().date(), verified=False)
        record = Procedure(code=code, name=name or "…", field="…", source=source)
    except ValueError:
        return await _listing(visit, 400, BAD_CODE)
    scope = chosen_scope(visit)
    ground = visit.office.press.ground
    async with visit.office.engine.begin() as connection:
        stands = ground.stands(await standing.current(connection, code), code, scope)
        if stands is not None:
            raise Impossible(EXISTS.format(code=code, name=stands.name))
        tree = plain(record) or {}
        tree = {key: value for key, value in tree.items() if value != "…"}
        if visit.clerk.agency:
            tree["agency"] = visit.clerk.agency
        begun = await drafts.begin(connection, ground, visit.clerk, Proposal(code, scope, tree))
    return visit.go(f"{DRAFT}/{begun.id}/sua")


async def one(visit: Visit) -> web.StreamResponse:
    """Show one procedure: what people are told, where it comes from, who is changing it now."""
    code, scope = visit.request.match_info["code"], seen_scope(visit)
    ground, services, today = visit.office.press.ground, visit.office.services(), now().date()
    async with visit.office.engine.connect() as connection:
        overlay = await standing.current(connection, code)
        changes = [each for each in await find(connection, code=code) if each.subject is Subject.PROCEDURE]
    record = ground.stands(overlay, code, scope)
    local = _others(visit, overlay, code, scope)
    if record is None and not changes and not local:
        raise web.HTTPNotFound
    told = card.card(record, preview.services_with(services, record, commune_of(scope))) if record else None
    wrong = await asyncio.to_thread(spots, plain(record) or {}, record, services.catalogue, today) if record else []
    drifted = {each.revision.scope: each for each in ground.drifts(overlay)}
    drift = drifted.get(scope)
    territory = visit.office.territory
    return visit.page(
        "procedure.html",
        code=code,
        record=record,
        scope=scope,
        place=territory.name(scope),
        said=preview.Preview(blocks(told.body), tuple(b.label for row in told.buttons for b in row)) if told else None,
        faults=wrong,
        marks=[STATES[name] for name in STATES if record and name in states(record, today)],
        drift=drift,
        open=[_change(visit, each) for each in changes if each.state in UNPUBLISHED and covers(visit, each.scope)],
        history=[_change(visit, each) for each in changes if each.release is not None],
        local=local,
        own=scope in overlay.of(Subject.PROCEDURE) and code in overlay.of(Subject.PROCEDURE)[scope],
        may=visit.clerk.may(Role.EDITOR) and answers_for(visit.clerk, ground.places, plain(record)),
        **place_fields(visit, scope),
    )


def commune_of(scope: str) -> str | None:
    """Return the commune that a scope is; None for wider ones."""
    return scope if len(scope) == 5 else None


def _others(visit: Visit, overlay: standing.Overlay, code: str, scope: str) -> list[tuple[str, str]]:
    """Return the other places that have their own record of the procedure."""
    held = [place for place, codes in overlay.of(Subject.PROCEDURE).items() if code in codes and place != scope]
    return [(each, visit.office.territory.name(each)) for each in sorted(held) if covers(visit, each) or each == ""]


def _change(visit: Visit, revision: Revision) -> dict[str, Any]:
    return {
        "revision": revision,
        "state": STEPS[revision.state],
        "place": visit.office.territory.name(revision.scope),
        "path": f"{DRAFT}/{revision.id}",
    }


async def begin(visit: Visit) -> web.StreamResponse:
    """Begin a change of a procedure: to write it anew, to end it, or to let a place have what is below again."""
    code, scope = visit.request.match_info["code"], chosen_scope(visit)
    ground = visit.office.press.ground
    async with visit.office.engine.begin() as connection:
        overlay = await standing.current(connection, code)
        record = ground.stands(overlay, code, scope)
        own = overlay.of(Subject.PROCEDURE).get(scope, {}).get(code)
        if visit.form.get("lam") == "bo":
            if own is None:
                raise Impossible(OWN_RECORD.format(place=visit.office.territory.name(scope)))
            begun = await drafts.begin(connection, ground, visit.clerk, Proposal(code, scope, effect=Effect.BASE))
            return visit.go(f"{DRAFT}/{begun.id}")
        if record is None:
            raise Impossible(UNKNOWN.format(code=code, place=visit.office.territory.name(scope)))
        tree = plain(record) or {}
        ends = visit.form.get("lam") == "bai-bo"
        if ends:
            tree |= {"abolished_on": (now().date() + timedelta(days=1)).isoformat()}
        begun = await drafts.begin(connection, ground, visit.clerk, Proposal(code, scope, tree))
    return visit.go(f"{DRAFT}/{begun.id}/sua" + ("?phan=can-cu" if ends else ""))
