"""The page of one change: what differs, field by field, and what may be done with it now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible, Outdated
from bot.numbers import natural
from bot.office import drafts, people, preview, review, standing
from bot.office.editing import loaded, proposed, wrongs
from bot.office.procedure_pages import DRAFT, commune_of
from bot.office.review import CHANGED, STATES, UNFINISHED, UNPUBLISHED
from bot.office.revisions import Revision
from bot.office.tables import Effect, RevisionState, Role
from bot.office.visit import Route, Visit
from knowledge.revision import Change, diff
from knowledge.wording import in_words, label

NOTES = {
    "sent": "Đã gửi duyệt.",
    "approved": "Đã duyệt. Giờ có thể công bố.",
    "returned": "Đã trả lại cho người soạn.",
    "withdrawn": "Đã thôi bản sửa này.",
    "scheduled": "Đã hẹn. Bản sửa tự công bố khi ngày có hiệu lực bắt đầu.",
    "unscheduled": "Đã bỏ hẹn.",
    "merged": "Đã ghép với bản đang công bố. Anh/chị xem lại rồi gửi duyệt.",
}
EFFECTS = {
    Effect.RECORD: "",
    Effect.REMOVED: "Công bố bản này thì thủ tục không còn ở {place}.",
    Effect.BASE: "Công bố bản này thì bỏ bản riêng của cán bộ; {place} dùng lại bản gốc.",
}
GONE = "(bỏ trống)"
BAD_DAY = "Ngày {name} không đúng. Anh/chị chọn lại giúp."
NOT_READY = "Còn {count} chỗ phải sửa trước khi gửi duyệt: {first}."

_LONGEST = 300
_ACTING = (Role.EDITOR, Role.PUBLISHER)

Act = Callable[[AsyncConnection, Visit, int, int], Awaitable[Revision]]


def routes() -> list[Route]:
    """Return the routes of changes."""
    path = DRAFT + "/{id}"
    return [
        Route("GET", path, Role.VIEWER, show, notes=NOTES),
        Route("POST", path + "/gui", Role.EDITOR, submit),
        Route("POST", path + "/thoi", Role.EDITOR, _act(_withdraw, "withdrawn")),
        Route("POST", path + "/duyet", Role.PUBLISHER, _act(_approve, "approved")),
        Route("POST", path + "/tra-lai", Role.PUBLISHER, _act(_send_back, "returned")),
        Route("POST", path + "/hen", Role.PUBLISHER, _act(_schedule, "scheduled")),
        Route("POST", path + "/bo-hen", Role.PUBLISHER, _act(_unschedule, "unscheduled")),
    ]


async def show(visit: Visit) -> web.StreamResponse:
    """Show a change."""
    return await _show(visit)


async def _show(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    async with visit.office.engine.connect() as connection:
        revision = await loaded(visit, connection)
        overlay = await standing.current(connection, revision.code)
        known = await people.names(connection, [revision.author, revision.reviewer, revision.scheduled_by])
        wrote = await people.wrote(connection, revision.name, visit.clerk.id)
    ground, clerk = visit.office.press.ground, visit.clerk
    record = revision.record if revision.effect is Effect.RECORD else None
    faults = await wrongs(visit, revision, record) if record is not None else []
    behind = revision.state in UNPUBLISHED and review.overtaken(ground, overlay, revision)
    mine = wrote or clerk.id == revision.author
    place = visit.office.territory.name(revision.scope)
    edits, publishes = (clerk.may(role) and review.handles(clerk, ground.places, revision) for role in _ACTING)
    return visit.page(
        "revision.html",
        status,
        wrong=wrong,
        revision=revision,
        path=f"{DRAFT}/{revision.id}",
        name=(record or revision.base or {}).get("name", revision.code),
        state=STATES[revision.state],
        place=place,
        effect=EFFECTS[revision.effect].format(place=place),
        names=known,
        changes=changes(revision),
        faults=faults,
        behind=behind,
        said=preview.answer(record, visit.office.services(), commune_of(revision.scope)) if record else None,
        writable=edits and revision.state in UNFINISHED,
        form=_typed(visit, revision),
        reviews=publishes and revision.state is RevisionState.REVIEW,
        mine=mine,
        publishes=publishes and revision.state is RevisionState.APPROVED,
        withdraws=revision.state in UNPUBLISHED and edits and (mine or publishes),
        administrator=clerk.may(Role.ADMINISTRATOR),
    )


def _typed(visit: Visit, revision: Revision) -> dict[str, str]:
    """Return the fields around a change as typed, else as kept."""
    kept = {
        "number": revision.decision_number or "",
        "signed": revision.decision_date.isoformat() if revision.decision_date else "",
        "effective": revision.effective_on.isoformat() if revision.effective_on else "",
        "note": (revision.note or "") if revision.state is RevisionState.DRAFT else "",
    }
    return {name: visit.form.get(name, value) for name, value in kept.items()}


def changes(revision: Revision) -> list[Change]:
    """Return what a change differs in from what it was made on, in words; whole fields when it is not valid yet."""
    old = preview.candidate(revision.base)
    if revision.effect is not Effect.RECORD:
        return list(diff(old, None)) if revision.effect is Effect.REMOVED else []
    new = preview.candidate(revision.record)
    if new is not None and (old is not None or revision.base is None):
        return list(diff(old, new)) if old is not None else _whole(revision)
    return _whole(revision)


def _whole(revision: Revision) -> list[Change]:
    before, after = revision.base or {}, revision.record or {}
    return [
        Change((key,), label("", key), "", cut(in_words("", key, after.get(key)) or GONE))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]


def cut(text: str) -> str:
    """Return what fits a few lines."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"


async def submit(visit: Visit) -> web.StreamResponse:
    """Note the decision behind a change, and ask for its review."""
    form = visit.form
    try:
        signed, effective = (_day(form.get(name), words) for name, words in _DAYS)
    except Impossible as error:
        return await _show(visit, 400, str(error))
    ground, clerk = visit.office.press.ground, visit.clerk
    async with visit.office.engine.begin() as connection:
        revision = await loaded(visit, connection, lock=True)
        if form.get("version") != str(revision.version):
            raise Outdated(CHANGED)
        if revision.effect is Effect.RECORD:
            stops = [spot for spot in await wrongs(visit, revision, revision.record or {}) if spot.stops]
            if stops:
                first = f"{stops[0].label}: {stops[0].words}"
                return await _show(visit, 400, NOT_READY.format(count=len(stops), first=first))
        noted = replace(
            proposed(revision),
            note=form.get("note")[:2000] or None,
            decision_number=form.get("number")[:100] or None,
            decision_date=signed,
            effective_on=effective,
        )
        if noted != proposed(revision):
            revision = await drafts.write(connection, ground, clerk, revision.id, revision.version, noted)
        await review.submit(connection, ground, clerk, revision.id, revision.version)
    return visit.go(f"{DRAFT}/{revision.id}", "sent")


_DAYS = (("signed", "ký quyết định"), ("effective", "có hiệu lực"))


def _day(text: str, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Impossible(BAD_DAY.format(name=name)) from None


def _act(act: Act, note: str) -> Callable[[Visit], Awaitable[web.StreamResponse]]:
    """Return a handler that does one act of the review on the version its reader saw."""

    async def handle(visit: Visit) -> web.StreamResponse:
        version = natural(visit.form.get("version"), 9) or 0
        async with visit.office.engine.begin() as connection:
            revision = await loaded(visit, connection)
            await act(connection, visit, revision.id, version)
        return visit.go(f"{DRAFT}/{revision.id}", note)

    return handle


async def _approve(connection: AsyncConnection, visit: Visit, revision: int, version: int) -> Revision:
    return await review.approve(
        connection, visit.office.press.ground, visit.clerk, revision, version, visit.form.get("note") or None
    )


async def _send_back(connection: AsyncConnection, visit: Visit, revision: int, version: int) -> Revision:
    return await review.send_back(
        connection, visit.office.press.ground, visit.clerk, revision, version, visit.form.get("note")
    )


async def _withdraw(connection: AsyncConnection, visit: Visit, revision: int, version: int) -> Revision:
    return await review.withdraw(connection, visit.office.press.ground, visit.clerk, revision, version)


async def _schedule(connection: AsyncConnection, visit: Visit, revision: int, version: int) -> Revision:
    reason = visit.form.get("reason") or None
    return await review.schedule(connection, visit.office.press.ground, visit.clerk, revision, version, reason)


async def _unschedule(connection: AsyncConnection, visit: Visit, revision: int, version: int) -> Revision:
    return await review.unschedule(connection, visit.office.press.ground, visit.clerk, revision, version)


def row(visit: Visit, revision: Revision, known: dict[int | None, str]) -> dict[str, Any]:
    """Return a change as a line of a list."""
    return {
        "revision": revision,
        "path": f"{DRAFT}/{revision.id}",
        "name": (revision.record or revision.base or {}).get("name", revision.code),
        "state": STATES[revision.state],
        "place": visit.office.territory.name(revision.scope),
        "author": known.get(revision.author, ""),
        "own": review.handles(visit.clerk, visit.office.press.ground.places, revision),
    }
