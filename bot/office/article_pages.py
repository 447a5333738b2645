"""Pages of the articles: what people read, and how one is begun."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.web_markup import blocks
from bot.dialogue import article as dialogue
from bot.numbers import natural
from bot.office import article_form, drafts, questions
from bot.office.drafts import Proposal
from bot.office.questions import Verdict
from bot.office.review import STATES, UNPUBLISHED
from bot.office.revisions import Revision, find
from bot.office.tables import Effect, RevisionState, Role, Subject
from bot.office.visit import Route, Visit, Waiting
from knowledge.articles import Article
from knowledge.calendar import now

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
WAITING = {RevisionState.REVIEW: "bài viết chờ duyệt", RevisionState.APPROVED: "bài viết chờ công bố"}


def routes() -> list[Route]:
    """Return the routes of the articles as people read them."""
    return [
        Route("GET", PATH, Role.VIEWER, listing, menu="Bài viết", notes=NOTES),
        Route("GET", PATH + "/moi", Role.EDITOR, new),
        Route("POST", PATH + "/moi", Role.EDITOR, add),
        Route("GET", ONE + "/{name}", Role.VIEWER, one),
        Route("POST", ONE + "/{name}/sua", Role.EDITOR, begin),
        Route("POST", ONE + "/{name}/bo", Role.EDITOR, drop),
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
    return await find(connection, UNPUBLISHED, subject=Subject.ARTICLE, scopes=visit.scopes, limit=1000)


async def listing(visit: Visit) -> web.StreamResponse:
    """List the articles people read, and the changes under way."""
    async with visit.office.engine.connect() as connection:
        under_way = await _open(visit, connection)
    return visit.page(
        "articles.html",
        articles=list(visit.office.services().articles),
        changes=[(each, title_of(each), STATES[each.state], _place(visit, each.scope)) for each in under_way],
        may=visit.clerk.may(Role.EDITOR),
    )


def title_of(revision: Revision) -> str:
    """Return the title an article has, or had when it is to go; its code when it never had one."""
    return str((revision.record or revision.base or {}).get("title") or revision.code)


def _place(visit: Visit, scope: str) -> str:
    return visit.office.territory.name(scope)


def standing_of(visit: Visit, name: str, scope: str) -> Article | None:
    """Return an article as people of a scope read it."""
    ground = visit.office.press.ground
    return visit.office.services().articles.at(*ground.wider(scope), scope).get(name)


async def one(visit: Visit) -> web.StreamResponse:
    """Show one article as people read it."""
    found = standing_of(visit, visit.request.match_info["name"], visit.clerk.scope)
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
    if (number := natural(group)) is not None:
        async with visit.office.engine.connect() as connection:
            found = await questions.wordings(connection, number, visit.scopes)
        said = [each.text for each in found]
    return _form(visit, article_form.begun(said, now().date()), {}, group=group if said else "")


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
        if under_way or standing_of(visit, name, clerk.scope):
            return _form(visit, record, {"title": TAKEN}, group)
        proposal = Proposal(name, clerk.scope, record, subject=Subject.ARTICLE)
        begun = await drafts.begin(connection, ground, clerk, proposal)
        if (number := natural(group)) is not None:
            await questions.judge(connection, clerk, visit.scopes, number, Verdict.ARTICLE, name)
    return visit.go(f"{DRAFT}/{begun.id}", "saved")


async def begin(visit: Visit) -> web.StreamResponse:
    """Begin a change of an article."""
    name, scope = visit.request.match_info["name"], visit.clerk.scope
    found = standing_of(visit, name, scope)
    if found is None:
        raise web.HTTPNotFound
    record = found.model_dump(mode="json", exclude_none=True)
    proposal = Proposal(name, scope, record, subject=Subject.ARTICLE)
    return await _begun(visit, proposal)


async def drop(visit: Visit) -> web.StreamResponse:
    """Propose that an article be no more."""
    name, scope = visit.request.match_info["name"], visit.clerk.scope
    if standing_of(visit, name, scope) is None:
        raise web.HTTPNotFound
    return await _begun(visit, Proposal(name, scope, None, Effect.REMOVED, Subject.ARTICLE))


async def _begun(visit: Visit, proposal: Proposal) -> web.Response:
    async with visit.office.engine.begin() as connection:
        begun = await drafts.begin(connection, visit.office.press.ground, visit.clerk, proposal)
    return visit.go(f"{DRAFT}/{begun.id}")
