"""Pages of a change of an article: what it would say, what differs, its way past a second person to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.web_markup import blocks
from bot.dialogue import article as dialogue
from bot.errors import Impossible
from bot.numbers import natural
from bot.office import article_form, drafts, review
from bot.office.article_form import LABELS, faults
from bot.office.article_pages import DRAFT, NOTES, PATH, standing_of, title_of
from bot.office.drafts import Proposal
from bot.office.library import read_article
from bot.office.review import STATES, UNFINISHED, UNPUBLISHED
from bot.office.revisions import Revision, get
from bot.office.standing import current
from bot.office.tables import Effect, RevisionState, Role, Subject
from bot.office.visit import Route, Visit
from knowledge.articles import Article
from knowledge.calendar import now

FAULTY = "Bài còn chỗ chưa đúng: {faults}"
PUBLISHED = "Bài viết: {title}"


def routes() -> list[Route]:
    """Return the routes of changes of articles."""
    return [
        Route("GET", DRAFT + "/{id}", Role.VIEWER, draft, notes=NOTES),
        Route("POST", DRAFT + "/{id}", Role.EDITOR, save),
        Route("POST", DRAFT + "/{id}/gui", Role.EDITOR, submit),
        Route("POST", DRAFT + "/{id}/rut", Role.EDITOR, withdraw),
        Route("POST", DRAFT + "/{id}/duyet", Role.PUBLISHER, approve),
        Route("POST", DRAFT + "/{id}/tra", Role.PUBLISHER, send_back),
        Route("POST", DRAFT + "/{id}/cong-bo", Role.PUBLISHER, publish),
    ]


async def _loaded(visit: Visit, connection: AsyncConnection) -> Revision:
    """Return the change of the path; 404 when it is none of an article, or of another part of the country."""
    try:
        (found,) = await get(connection, [visit.number("id")])
    except Impossible:
        raise web.HTTPNotFound from None
    if found.subject is not Subject.ARTICLE or not visit.office.territory.covers(visit.clerk.scope, found.scope):
        raise web.HTTPNotFound
    return found


async def draft(visit: Visit) -> web.StreamResponse:
    """Show a change: what it would say, what differs, and what may be done with it."""
    async with visit.office.engine.connect() as connection:
        revision = await _loaded(visit, connection)
        overlay = await current(connection, revision.code)
    return _shown(visit, revision, overlaid=revision.code in overlay.of(Subject.ARTICLE).get(revision.scope, {}))


def _shown(visit: Visit, revision: Revision, *, overlaid: bool = False) -> web.Response:
    services, clerk = visit.office.services(), visit.clerk
    wrong_at = _faults(visit, revision)
    stands = standing_of(visit, revision.code, revision.scope)
    said: list[dict[str, Any]] = []
    if revision.record and not wrong_at:
        found = read_article(revision.record, revision.code)
        said = [each.plain() for each in blocks(dialogue.message(found, services).body)] if found else []
    writes = revision.state in UNFINISHED and clerk.may(Role.EDITOR)
    return visit.page(
        "article_draft.html",
        revision=revision,
        title=title_of(revision),
        path=f"{DRAFT}/{revision.id}",
        place=visit.office.territory.name(revision.scope),
        state=STATES[revision.state],
        blocks=said,
        changes=changes(stands, revision.record) if revision.record else [],
        removed=revision.effect is Effect.REMOVED,
        record=revision.record or {},
        wrong_at=wrong_at if revision.record else {},
        labels=LABELS,
        writes=writes and revision.effect is Effect.RECORD,
        submits=writes,
        withdraws=revision.state in UNPUBLISHED and (clerk.id == revision.author or clerk.may(Role.PUBLISHER)),
        reviews=revision.state is RevisionState.REVIEW and clerk.may(Role.PUBLISHER) and clerk.id != revision.author,
        publishes=revision.state is RevisionState.APPROVED and clerk.may(Role.PUBLISHER),
        live=overlaid or stands is not None,
    )


def changes(stands: Article | None, record: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what differs from the article people read now: label, old, new."""
    if stands is None:
        return []
    old, found = stands.model_dump(mode="json"), []
    for field, label in LABELS.items():
        was, now = (_in_words(field, each.get(field)) for each in (old, record))
        if was != now:
            found.append((label, was, now))
    return found


def _in_words(field: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return " · ".join(str(value[key]) for key in ("name", "url", "read_on", "note") if value.get(key))
    if isinstance(value, list | tuple):
        return ("\n" if field == "phrases" else ", ").join(map(str, value))
    return str(value or "")


def _faults(visit: Visit, revision: Revision) -> dict[str, str]:
    if revision.record is None:
        return {}
    return faults(revision.record, visit.office.services().catalogue.procedures, now().date())


async def save(visit: Visit) -> web.StreamResponse:
    """Keep what is written, whatever is still wrong with it."""
    ground, clerk = visit.office.press.ground, visit.clerk
    async with visit.office.engine.begin() as connection:
        revision = await _loaded(visit, connection)
        record = article_form.record(visit.form, revision.code)
        proposal = Proposal(revision.code, revision.scope, record, subject=Subject.ARTICLE, note=revision.note)
        await drafts.write(connection, ground, clerk, revision.id, _version(visit), proposal)
    return visit.go(f"{DRAFT}/{revision.id}", "saved")


def _version(visit: Visit) -> int:
    """Return the version of the change that the form was made for; one nobody saw when it does not say."""
    said = natural(visit.form.get("version"))
    return -1 if said is None else said


async def submit(visit: Visit) -> web.StreamResponse:
    """Ask for a review; refused while anything is wrong."""
    async with visit.office.engine.begin() as connection:
        revision = await _loaded(visit, connection)
        wrong = _faults(visit, revision)
        if wrong:
            raise Impossible(FAULTY.format(faults=" ".join(wrong.values())))
        read_article(revision.record, revision.code)
        await review.submit(connection, visit.office.press.ground, visit.clerk, revision.id, _version(visit))
    return visit.go(f"{DRAFT}/{revision.id}", "submitted")


async def withdraw(visit: Visit) -> web.StreamResponse:
    """Let go of a change."""
    async with visit.office.engine.begin() as connection:
        revision = await _loaded(visit, connection)
        await review.withdraw(connection, visit.office.press.ground, visit.clerk, revision.id, _version(visit))
    return visit.go(PATH, "withdrawn")


async def approve(visit: Visit) -> web.StreamResponse:
    """Let a change through that somebody else wrote."""
    async with visit.office.engine.begin() as connection:
        revision = await _loaded(visit, connection)
        await review.approve(connection, visit.office.press.ground, visit.clerk, revision.id, _version(visit))
    return visit.go(f"{DRAFT}/{revision.id}", "approved")


async def send_back(visit: Visit) -> web.StreamResponse:
    """Return a change to its author."""
    note = visit.form.get("note")
    async with visit.office.engine.begin() as connection:
        revision = await _loaded(visit, connection)
        await review.send_back(connection, visit.office.press.ground, visit.clerk, revision.id, _version(visit), note)
    return visit.go(f"{DRAFT}/{revision.id}", "returned")


async def publish(visit: Visit) -> web.StreamResponse:
    """Publish a change that was let through; people read it at once."""
    async with visit.office.engine.connect() as connection:
        revision = await _loaded(visit, connection)
    summary = PUBLISHED.format(title=title_of(revision))
    await visit.office.press.releases.publish(visit.clerk, {revision.id: _version(visit)}, summary)
    return visit.go(PATH, "published")
