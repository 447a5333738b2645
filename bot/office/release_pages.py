"""Pages of the releases: what is on its way, each one there was, going back, and what changed below our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible
from bot.office import drift, history, people, preview
from bot.office.gate import Grade
from bot.office.history import Release
from bot.office.places import covers
from bot.office.procedure_pages import DRAFT
from bot.office.review import handles
from bot.office.revision_pages import changes, row
from bot.office.revisions import Revision, find, get
from bot.office.standing import plain
from bot.office.tables import RevisionState, Role, Subject
from bot.office.visit import Route, Visit, Waiting
from knowledge.catalogue import Catalogue, digest_of
from knowledge.revision import diff

PATH = "/canbo/phat-hanh"
NOTES = {
    "published": "Đã công bố. Trợ lý trả lời theo bản mới trong vài giây.",
    "back": "Đã quay lại. Trợ lý trả lời như trước bản phát hành đó trong vài giây.",
    "settled": "Đã ghi là xem rồi; bản riêng vẫn giữ nguyên.",
}
GRADES = {
    Grade.WRONG: "trả lời sai",
    Grade.NOTHING: "không hiểu, hoặc mời chọn mà thiếu thủ tục đúng",
    Grade.OFFERED: "mời chọn, có thủ tục đúng",
    Grade.RIGHT: "trả lời đúng",
}
NO_TOPIC = "không phải thủ tục"

_MOST = 500
_FEW_CHANGES = 30


def routes() -> list[Route]:
    """Return the routes of releases."""
    return [
        Route("GET", PATH, Role.VIEWER, listing, menu="Bản phát hành", notes=NOTES),
        Route("GET", PATH + "/{id}", Role.VIEWER, one, notes=NOTES),
        Route("POST", PATH + "/{id}/quay-lai", Role.PUBLISHER, roll_back),
        Route("GET", PATH + "/lech/{id}", Role.EDITOR, drifted),
        Route("POST", PATH + "/lech/{id}", Role.PUBLISHER, settle),
    ]


async def listing(visit: Visit) -> web.StreamResponse:
    """Show what is on its way, and the releases so far."""
    async with visit.office.engine.connect() as connection:
        groups = {state: await _seen(visit, connection, state) for state in _ON_THE_WAY}
        releases = await history.listed(connection)
        drifts = await drift.drifts(connection, await visit.office.press.stock.now(connection))
        numbers = [each.author for group in groups.values() for each in group] + [each.publisher for each in releases]
        known = await people.names(connection, numbers)
    rows = {state: [row(visit, each, known) for each in group] for state, group in groups.items()}
    approved = rows[RevisionState.APPROVED]
    free = [each for each in approved if each["revision"].scheduled_by is None]
    return visit.page(
        "releases.html",
        review=rows[RevisionState.REVIEW],
        approved=[each for each in free if each["own"]],
        others=[each for each in free if not each["own"]],
        scheduled=[each for each in approved if each["revision"].scheduled_by is not None],
        drafts=rows[RevisionState.RETURNED] + rows[RevisionState.DRAFT],
        drifts=[row(visit, each.revision, known) for each in drifts if covers(visit, each.revision.scope)],
        releases=[(each, known[each.publisher]) for each in releases],
        publishes=visit.clerk.may(Role.PUBLISHER),
        most=_MOST,
    )


_ON_THE_WAY = (RevisionState.REVIEW, RevisionState.APPROVED, RevisionState.RETURNED, RevisionState.DRAFT)


async def _seen(visit: Visit, connection: AsyncConnection, state: RevisionState) -> list[Revision]:
    return await find(connection, [state], subject=Subject.PROCEDURE, scopes=visit.scopes, limit=_MOST, brief=True)


def _handles(visit: Visit, revision: Revision) -> bool:
    return handles(visit.clerk, visit.office.press.ground.places, revision)


async def one(visit: Visit) -> web.StreamResponse:
    """Show a release: what it changed and what the gate said."""
    async with visit.office.engine.connect() as connection:
        try:
            release, found = await history.one(connection, visit.number("id"))
        except Impossible:
            raise web.HTTPNotFound from None
        known = await people.names(connection, [release.publisher, *(each.author for each in found)])
        few = len(found) <= _FEW_CHANGES
        shown = await get(connection, [each.id for each in found]) if few else found[:_MOST]
    own = all(covers(visit, each.scope) and _handles(visit, each) for each in found)
    return visit.page(
        "release.html",
        release=release,
        publisher=known[release.publisher],
        rows=[row(visit, each, known) | {"changes": changes(each)[:30] if few else []} for each in shown],
        count=len(found),
        gate=_gate(visit, release),
        back=own and visit.clerk.may(Role.PUBLISHER),
    )


def _gate(visit: Visit, release: Release) -> dict[str, Any] | None:
    kept = release.gate
    if not kept:
        return None
    better, worse = (shifts(visit, [_Shift(each) for each in kept.get(name, [])]) for name in ("better", "worse"))
    counts = {name: kept.get(name, 0) for name in ("asked", "improved", "broken")}
    return counts | {"better": better, "worse": worse}


class _Shift:
    """A shift as it is kept with a release."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.question = str(kept.get("question", ""))
        self.codes = [str(code) for code in kept.get("codes", [])]
        self.before, self.after = int(kept.get("before", 0)), int(kept.get("after", 0))


def shifts(visit: Visit, changed: Sequence[Any]) -> list[dict[str, str]]:
    """Return questions whose reply changes, in words: the ``question``, what it ``meant``, ``before`` and ``after``."""
    catalogue = visit.office.services().catalogue
    said = []
    for shift in changed[:100]:
        told = {"question": shift.question, "meant": meant(shift.codes, catalogue)}
        said.append(told | {"before": GRADES[Grade(shift.before)], "after": GRADES[Grade(shift.after)]})
    return said


def meant(codes: Sequence[str], catalogue: Catalogue) -> str:
    """Return what a question is about: procedures by name; by their codes only where we have none of them."""
    names = dict.fromkeys(record.name for code in codes if (record := catalogue.get(code)))
    return "; ".join(names or codes) or NO_TOPIC


async def roll_back(visit: Visit) -> web.StreamResponse:
    """Put back what stood before a release."""
    number = visit.number("id")
    release = await visit.office.press.releases.rollback(visit.clerk, number, visit.form.get("reason") or None)
    return visit.go(f"{PATH}/{release}", "back")


async def drifted(visit: Visit) -> web.StreamResponse:
    """Show what changed below a change of the office."""
    async with visit.office.engine.connect() as connection:
        drifts = await drift.drifts(connection, await visit.office.press.stock.now(connection))
        number = visit.number("id")
        found = next((each for each in drifts if each.revision.id == number), None)
        if found is None or not covers(visit, found.revision.scope):
            raise web.HTTPNotFound
        (whole,) = await get(connection, [number])
        known = await people.names(connection, [whole.author])
    base, record = preview.candidate(whole.base), preview.candidate(whole.record)
    return visit.page(
        "drift.html",
        row=row(visit, found.revision, known),
        path=f"{PATH}/lech/{found.revision.id}",
        moved=list(diff(base, found.now)),
        differs=list(diff(found.now, record)) if found.now and record else [],
        seen=digest_of(found.now),
        settles=visit.clerk.may(Role.PUBLISHER) and _handles(visit, whole),
        gone=plain(found.now) is None,
    )


async def settle(visit: Visit) -> web.StreamResponse:
    """Note that somebody has looked at what changed below, and lets the change stand."""
    async with visit.office.engine.begin() as connection:
        seen = visit.form.get("seen")
        await drift.settle(connection, visit.office.press.ground, visit.clerk, visit.number("id"), seen)
    return visit.go(PATH, "settled")


async def waiting(visit: Visit) -> list[Waiting]:
    """Count what waits for a review, for publication, for its author, and for a second look."""
    clerk = visit.clerk
    found: list[Waiting] = []
    async with visit.office.engine.connect() as connection:
        if clerk.may(Role.PUBLISHER):
            review = await _seen(visit, connection, RevisionState.REVIEW)
            others = [each for each in review if each.author != clerk.id and _handles(visit, each)]
            approved = await _seen(visit, connection, RevisionState.APPROVED)
            free = [each for each in approved if each.scheduled_by is None and _handles(visit, each)]
            drifts = await drift.drifts(connection, await visit.office.press.stock.now(connection))
            moved = sum(covers(visit, each.revision.scope) and _handles(visit, each.revision) for each in drifts)
            found += [
                Waiting("Bản sửa chờ anh/chị duyệt", PATH, len(others)),
                Waiting("Bản sửa đã duyệt, chờ công bố", PATH, len(free)),
                Waiting("Bản riêng có bản gốc đã đổi", PATH, moved),
            ]
        if clerk.may(Role.EDITOR):
            returned = await _seen(visit, connection, RevisionState.RETURNED)
            own = [each for each in returned if each.author == clerk.id]
            path = f"{DRAFT}/{own[0].id}" if len(own) == 1 else PATH
            found.append(Waiting("Bản sửa của anh/chị bị trả lại", path, len(own)))
    return found
