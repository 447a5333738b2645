"""Suggestions and complaints: what came in, who sees to it, the answer; and how content people are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import feedback, post, ratings
from bot.assistance.catching.judging import caught
from bot.assistance.catching.refusal import Secret
from bot.assistance.feedback import PAGE, Item
from bot.assistance.opinion import CONTENT, HEADINGS
from bot.assistance.ratings import CRITERIA, LEVELS, Satisfaction
from bot.assistance.suggesting import KINDS, told
from bot.assistance.tables import FeedbackState, Rated
from bot.errors import Impossible, OfficeError
from bot.numbers import natural
from bot.office import audit
from bot.office.tables import Role
from bot.office.visit import Route, Visit, Waiting
from knowledge.calendar import VIETNAM

PATH = "/canbo/gop-y"
WAITING = "Góp ý, phản ánh mới"
NOTES = {
    "taken": "Đã nhận. Người gửi xem mã sẽ thấy là cán bộ đang xem xét.",
    "answered": "Đã trả lời. Người gửi được báo một lần trong cuộc trò chuyện của họ.",
    "closed": "Đã khép lại.",
}
STATES: dict[str, str] = {
    FeedbackState.NEW: "mới",
    FeedbackState.TAKEN: "đang xem xét",
    FeedbackState.ANSWERED: "đã trả lời",
    FeedbackState.CLOSED: "đã khép lại",
}
VIEWS: dict[str, tuple[str, tuple[FeedbackState, ...]]] = {
    "": ("Đang chờ", (FeedbackState.NEW, FeedbackState.TAKEN)),
    "tra-loi": ("Đã trả lời", (FeedbackState.ANSWERED,)),
    "khep": ("Đã khép lại", (FeedbackState.CLOSED,)),
}
THINGS: dict[str, str] = {
    Rated.ANSWER: "Câu trả lời của trợ lý",
    Rated.HELP: "Người giúp đỡ",
    Rated.RESULT: "Kết quả hồ sơ",
}
NO_ANSWER = "Anh/chị viết câu trả lời."
LONG_ANSWER = "Câu trả lời dài quá {most} chữ cái. Anh/chị viết gọn lại."
HIDE = "Câu trả lời có số giấy tờ, mã hoặc mật khẩu. Anh/chị bỏ đi, hướng dẫn bằng lời."
MOVED_ON = "Góp ý này đã có người trả lời hoặc khép lại."
NO_LONGER_NEW = "Góp ý này đã có người nhận."
LONGEST = 2000
DAYS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """How many gave each level to one thing; ``share`` is how many in a hundred were content or very content."""

    name: str
    counts: tuple[int, ...]
    total: int
    share: int


def routes() -> list[Route]:
    """Return the routes of suggestions and complaints."""
    return [
        Route("GET", PATH, Role.VIEWER, listing, menu="Góp ý"),
        Route("GET", PATH + "/{id}", Role.VIEWER, one, notes=NOTES),
        Route("POST", PATH + "/{id}/nhan", Role.EDITOR, take),
        Route("POST", PATH + "/{id}/tra-loi", Role.EDITOR, answer),
        Route("POST", PATH + "/{id}/khep", Role.EDITOR, close),
    ]


async def listing(visit: Visit) -> web.StreamResponse:
    """Show what came in, newest first, and how content people were lately."""
    seen = visit.request.query.get("xem", "")
    seen = seen if seen in VIEWS else ""
    at = natural(visit.request.query.get("trang", ""), 4) or 1
    offset = (at - 1) * PAGE
    today = datetime.now(VIETNAM).date()
    async with visit.office.engine.connect() as connection:
        found = await feedback.listed(connection, visit.scopes, VIEWS[seen][1], offset)
        thought = await ratings.satisfaction(connection, today - timedelta(days=DAYS - 1), today, visit.scopes)
    return visit.page(
        "feedbacks.html",
        rows=[
            (item, KINDS.get(item.kind, item.kind), STATES[item.state], _place(visit, item)) for item in found[:PAGE]
        ],
        views={name: label for name, (label, _) in VIEWS.items()},
        seen=seen,
        path=PATH,
        before=at - 1 if offset else 0,
        after=at + 1 if len(found) > PAGE else 0,
        levels=CONTENT,
        lines=lines(thought),
        days=DAYS,
    )


def lines(thought: Iterable[Satisfaction]) -> list[Line]:
    """Return what people thought by thing, then by criterion; only what somebody said something of."""
    counts: Counter[tuple[str, int]] = Counter()
    for each in thought:
        counts[each.criterion or each.kind, each.level] += each.times
    names = {**THINGS, **{name: HEADINGS[name][0] for name in CRITERIA}}
    found = ((label, tuple(counts[name, level] for level in LEVELS)) for name, label in names.items())
    return [Line(label, each, sum(each), round(100 * sum(each[:2]) / sum(each))) for label, each in found if sum(each)]


async def one(visit: Visit) -> web.StreamResponse:
    """Show one."""
    return await _shown(visit)


async def _shown(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    async with visit.office.engine.connect() as connection:
        item = await _found(visit, connection)
    return visit.page(
        "feedback.html",
        status,
        wrong=wrong,
        item=item,
        kind=KINDS.get(item.kind, item.kind),
        state=STATES[item.state],
        place=_place(visit, item),
        path=f"{PATH}/{item.id}",
        back=PATH,
        may=visit.clerk.may(Role.EDITOR),
        new=item.state == FeedbackState.NEW,
        open=item.state in (FeedbackState.NEW, FeedbackState.TAKEN),
        closed=item.state == FeedbackState.CLOSED,
        typed=visit.form.raw("answer"),
        longest=LONGEST,
    )


async def take(visit: Visit) -> web.StreamResponse:
    """See to one."""
    async with visit.office.engine.begin() as connection:
        item = await _found(visit, connection)
        done = await feedback.take(connection, visit.scopes, item.id, visit.clerk.id)
        if done:
            await _noted(visit, connection, "take", item)
    return visit.go(f"{PATH}/{item.id}", "taken") if done else await _shown(visit, 400, NO_LONGER_NEW)


async def answer(visit: Visit) -> web.StreamResponse:
    """Answer one, and tell whoever wrote it."""
    words = visit.form.get("answer")
    try:
        async with visit.office.engine.begin() as connection:
            item = await _found(visit, connection)
            _check(words)
            answered = await feedback.answer(connection, visit.scopes, item.id, visit.clerk.id, words)
            if answered is None:
                raise Impossible(MOVED_ON)
            if answered.chat is not None:
                await post.send(connection, answered.chat, told(item, words))
            await _noted(visit, connection, "answer", item)
    except OfficeError as error:
        return await _shown(visit, 400, str(error))
    return visit.go(f"{PATH}/{item.id}", "answered")


async def close(visit: Visit) -> web.StreamResponse:
    """Close one."""
    async with visit.office.engine.begin() as connection:
        item = await _found(visit, connection)
        done = await feedback.close(connection, visit.scopes, item.id, visit.clerk.id)
        if done:
            await _noted(visit, connection, "close", item)
    return visit.go(f"{PATH}/{item.id}", "closed") if done else await _shown(visit, 400, MOVED_ON)


async def waiting(visit: Visit) -> list[Waiting]:
    """Say how many nobody sees to yet, to whoever may."""
    if not visit.clerk.may(Role.EDITOR):
        return []
    async with visit.office.engine.connect() as connection:
        count = await feedback.waiting(connection, visit.scopes)
    return [Waiting(WAITING, PATH, count)]


async def _found(visit: Visit, connection: AsyncConnection) -> Item:
    item = await feedback.one(connection, visit.scopes, visit.number("id"))
    if item is None:
        raise web.HTTPNotFound
    return item


async def _noted(visit: Visit, connection: AsyncConnection, act: str, item: Item) -> None:
    detail = {"code": item.code, "scope": item.commune or ""}
    await audit.record(connection, visit.clerk.id, f"feedback.{act}", f"feedback {item.id}", **detail)


def _check(words: str) -> None:
    if not words:
        raise Impossible(NO_ANSWER)
    if len(words) > LONGEST:
        raise Impossible(LONG_ANSWER.format(most=LONGEST))
    if set(caught(words)) - {Secret.PHONE}:
        raise Impossible(HIDE)


def _place(visit: Visit, item: Item) -> str:
    return visit.office.territory.name(item.commune) if item.commune else "Không nêu nơi"
