"""Pages of the articles: what people read, how it is written, reviewed by a second person, and published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.web_markup import blocks
from bot.dialogue import article as dialogue
from bot.errors import Impossible
from bot.office import article_form, drafts, questions, review
from bot.office.article_form import LABELS, faults
from bot.office.drafts import Proposal
from bot.office.library import read_article
from bot.office.questions import Verdict
from bot.office.review import STATES, UNFINISHED, UNPUBLISHED
from bot.office.revisions import Revision, find, get
from bot.office.standing import current
from bot.office.tables import Effect, RevisionState, Role, Subject
from bot.office.visit import Route, Visit, Waiting
from knowledge.articles import Article

PATH = "/canbo/bai-viet"
ONE, DRAFT = PATH + "/bai", PATH + "/ban"
NOTES = {
    "saved": "Đã lưu nháp.",
    "submitted": "Đã gửi duyệt. Người khác sẽ xem.",
    "approved": "Đã duyệt.",
    "returned": "Đã trả lại cho người soạn.",
    "withdrawn": "Đã thôi bản này.",
    "published": "Đã công bố. Người dân hỏi sẽ thấy ngay.",
}
TAKEN = "Đã có bài tên này. Anh/chị mở bài đó để sửa, hoặc đặt tên khác."
FAULTY = "Bài còn chỗ chưa đúng: {faults}"
WAITING = {RevisionState.REVIEW: "bài viết chờ duyệt", RevisionState.APPROVED: "bài viết chờ công bố"}
PUBLISHED = "Bài viết: {title}"

_DIGITS = 19
"""Digits from which a number fits no row of a table."""


def routes() -> list[Route]:
    """Return the routes of the articles."""
    return [
        Route("GET", PATH, Role.VIEWER, listing, menu="Bài viết", notes=NOTES),
        Route("GET", PATH + "/moi", Role.EDITOR, new),
        Route("POST", PATH + "/moi", Role.EDITOR, add),
        Route("GET", ONE + "/{name}", Role.VIEWER, one),
        Route("POST", ONE + "/{name}/sua", Role.EDITOR, begin),
        Route("POST", ONE + "/{name}/bo", Role.EDITOR, drop),
        Route("GET", DRAFT + "/{id}", Role.VIEWER, draft, notes=NOTES),
        Route("POST", DRAFT + "/{id}", Role.EDITOR, save),
        Route("POST", DRAFT + "/{id}/gui", Role.EDITOR, submit),
        Route("POST", DRAFT + "/{id}/rut", Role.EDITOR, withdraw),
        Route("POST", DRAFT + "/{id}/duyet", Role.PUBLISHER, approve),
        Route("POST", DRAFT + "/{id}/tra", Role.PUBLISHER, send_back),
        Route("POST", DRAFT + "/{id}/cong-bo", Role.PUBLISHER, publish),
    ]


async def waiting(visit: Visit) -> list[Waiting]:
    """Say how many articles wait for a second person."""
    if not visit.clerk.may(Role.PUBLISHER):
        return []
    async with visit.office.engine.connect() as connection:
        found = await _open(visit, connection)
    return [Waiting(words, PATH, sum(each.state is state for each in found)) for state, words in WAITING.items()]


async def _open(visit: Visit, connection: AsyncConnection) -> list[Revision]:
    """Return the changes of articles under way in the visitor's part of the country."""
    scopes = visit.office.territory.within(visit.clerk.scope)
    return await find(connection, UNPUBLISHED, subject=Subject.ARTICLE, scopes=scopes, limit=1000)


async def listing(visit: Visit) -> web.StreamResponse:
    """List the articles people read, and the changes under way."""
    async with visit.office.engine.connect() as connection:
        under_way = await _open(visit, connection)
    return visit.page(
        "articles.html",
        articles=list(visit.office.services().articles),
        changes=[(each, _title(each), STATES[each.state], _place(visit, each.scope)) for each in under_way],
        may=visit.clerk.may(Role.EDITOR),
    )


def _title(revision: Revision) -> str:
    return str((revision.record or revision.base or {}).get("title") or revision.code)


def _place(visit: Visit, scope: str) -> str:
    return visit.office.territory.name(scope)


def _stands(visit: Visit, name: str, scope: str) -> Article | None:
    """Return an article as people of a scope read it."""
    ground = visit.office.press.ground
    return visit.office.services().articles.at(*ground.wider(scope), scope).get(name)


async def one(visit: Visit) -> web.StreamResponse:
    """Show one article as people read it."""
    found = _stands(visit, visit.request.match_info["name"], visit.clerk.scope)
    if found is None:
        raise web.HTTPNotFound
    shown = dialogue.message(found, visit.office.services())
    return visit.page(
        "article.html",
        article=found,
        path=f"{ONE}/{found.id}",
        place=_place(visit, visit.clerk.scope),
        blocks=[each.plain() for each in blocks(shown.body)],
        may=visit.clerk.may(Role.EDITOR),
    )


async def new(visit: Visit) -> web.StreamResponse:
    """Show an empty form, with what a group of people asked as its phrases when it begins there."""
    group = visit.request.query.get("cau", "")
    said: list[str] = []
    if group.isascii() and group.isdigit() and len(group) < _DIGITS:
        async with visit.office.engine.connect() as connection:
            found = await questions.wordings(connection, int(group), _scopes(visit))
        said = [each.text for each in found]
    return _form(visit, article_form.begun(said, date.today()), {}, group=group if said else "")


def _scopes(visit: Visit) -> questions.Scopes:
    return visit.office.territory.within(visit.clerk.scope)


def _form(visit: Visit, record: Mapping[str, Any], wrong_at: Mapping[str, str], group: str = "") -> web.Response:
    return visit.page(
        "article_new.html",
        400 if wrong_at else 200,
        record=record,
        wrong_at=wrong_at,
        group=group,
        place=_place(visit, visit.clerk.scope),
    )


async def add(visit: Visit) -> web.StreamResponse:
    """Begin an article that there is not yet; when it answers a group of questions, note that it will."""
    name = article_form.slug(visit.form.get("title"))
    record = article_form.record(visit.form, name)
    group = visit.form.get("cau")
    if not name:
        return _form(visit, record, {"title": article_form.BAD_TITLE}, group)
    ground, clerk = visit.office.press.ground, visit.clerk
    async with visit.office.engine.begin() as connection:
        under_way = await find(connection, UNPUBLISHED, subject=Subject.ARTICLE, code=name, scopes=[clerk.scope])
        if under_way or _stands(visit, name, clerk.scope):
            return _form(visit, record, {"title": TAKEN}, group)
        proposal = Proposal(name, clerk.scope, record, subject=Subject.ARTICLE)
        begun = await drafts.begin(connection, ground, clerk, proposal)
        if group.isascii() and group.isdigit() and len(group) < _DIGITS:
            await questions.judge(connection, clerk, _scopes(visit), int(group), Verdict.ARTICLE, name)
    return visit.go(f"{DRAFT}/{begun.id}", "saved")


async def begin(visit: Visit) -> web.StreamResponse:
    """Begin a change of an article."""
    name, scope = visit.request.match_info["name"], visit.clerk.scope
    found = _stands(visit, name, scope)
    if found is None:
        raise web.HTTPNotFound
    record = found.model_dump(mode="json", exclude_none=True)
    proposal = Proposal(name, scope, record, subject=Subject.ARTICLE)
    return await _begun(visit, proposal)


async def drop(visit: Visit) -> web.StreamResponse:
    """Propose that an article be no more."""
    name, scope = visit.request.match_info["name"], visit.clerk.scope
    if _stands(visit, name, scope) is None:
        raise web.HTTPNotFound
    return await _begun(visit, Proposal(name, scope, None, Effect.REMOVED, Subject.ARTICLE))


async def _begun(visit: Visit, proposal: Proposal) -> web.Response:
    async with visit.office.engine.begin() as connection:
        begun = await drafts.begin(connection, visit.office.press.ground, visit.clerk, proposal)
    return visit.go(f"{DRAFT}/{begun.id}")


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
    stands = _stands(visit, revision.code, revision.scope)
    said: list[dict[str, Any]] = []
    if revision.record and not wrong_at:
        found = read_article(revision.record, revision.code)
        said = [each.plain() for each in blocks(dialogue.message(found, services).body)] if found else []
    writes = revision.state in UNFINISHED and clerk.may(Role.EDITOR)
    return visit.page(
        "article_draft.html",
        revision=revision,
        title=_title(revision),
        path=f"{DRAFT}/{revision.id}",
        place=_place(visit, revision.scope),
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
    return faults(revision.record, visit.office.services().catalogue.procedures, date.today())


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
    said = visit.form.get("version")
    return int(said) if said.isascii() and said.isdigit() and len(said) < _DIGITS else -1


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
    summary = PUBLISHED.format(title=_title(revision))
    await visit.office.press.releases.publish(visit.clerk, {revision.id: _version(visit)}, summary)
    return visit.go(PATH, "published")
