"""Pages of questions asked in vain: what people ask, how often and lately, and one press to say what it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue import facets, markup
from bot.errors import Impossible
from bot.numbers import natural
from bot.office import questions, wordings
from bot.office.agency import answers_for
from bot.office.questions import Group, Verdict
from bot.office.revisions import find
from bot.office.standing import current, plain
from bot.office.tables import Role, Subject
from bot.office.visit import Route, Visit, Waiting
from knowledge.grouping import Reading
from knowledge.matching import Facet
from knowledge.procedure import Procedure

PATH = "/canbo/cau-hoi"
KINDS = {
    "": "Tất cả",
    "unknown": "Không hiểu",
    "offer": "Không ai chọn mục đưa ra",
    "wrong": "Bị báo không đúng thủ tục",
}
VERDICTS = {
    Verdict.PROCEDURE: "Là thủ tục",
    Verdict.ARTICLE: "Đã có bài viết",
    Verdict.OUTSIDE: "Ngoài phạm vi",
    Verdict.SPAM: "Câu rác",
}
TRENDS = {1: "đang tăng", 0: "", -1: "đang giảm"}
NOTES = {
    "procedure": "Đã ghi nhận. Cách gọi của dân đã vào bản thảo của thủ tục ấy, chờ gửi duyệt.",
    "other": "Đã ghi nhận vào bộ câu hỏi mẫu. Thủ tục ấy của cơ quan khác nên cách gọi của dân chưa vào bản thảo nào.",
    "known": "Đã ghi nhận vào bộ câu hỏi mẫu. Không có cách gọi nào mới để thêm.",
    "article": "Đã ghi nhận. Cách hỏi của dân đã vào bản thảo của bài viết ấy, chờ gửi duyệt.",
    "done": "Đã ghi nhận.",
    "undone": "Đã bỏ kết luận. Các câu này chờ xem lại.",
}
UNKNOWN = "Không có thủ tục mã {code}. Anh/chị kiểm tra lại mã."
UNDER_WAY = "{title} (chưa công bố)"
NO_VERDICT = "Anh/chị chọn giúp câu này là gì."
WAITING = "nhóm câu hỏi chưa trả lời được"

_SHOWN = 30
_MOST_CHOICES = 6
_MOST_ASKED = 100
_EXAMPLES = 3


def routes() -> list[Route]:
    """Return the routes of the questions."""
    return [
        Route("GET", PATH, Role.VIEWER, listing, menu="Câu chưa trả lời được", notes=NOTES),
        Route("GET", PATH + "/hoi-lai", Role.VIEWER, follow_ups),
        Route("GET", PATH + "/{id}", Role.VIEWER, one, notes=NOTES),
        Route("POST", PATH + "/{id}", Role.EDITOR, judge),
        Route("POST", PATH + "/{id}/bo", Role.EDITOR, undo),
    ]


async def waiting(visit: Visit) -> list[Waiting]:
    """Say how many groups wait for a word of whoever may say it."""
    if not visit.clerk.may(Role.EDITOR):
        return []
    async with visit.office.engine.connect() as connection:
        count = await questions.waiting_count(connection, visit.scopes)
    return [Waiting(WAITING, PATH, count)]


@dataclass(frozen=True, slots=True)
class Row:
    """A group as the list shows it."""

    group: Group
    kinds: str
    trend: str
    near: list[Procedure] = field(default_factory=list)


async def listing(visit: Visit) -> web.StreamResponse:
    """List the groups that wait, or those that were judged."""
    query = visit.request.query
    kind, done = query.get("loai", ""), query.get("xem") == "xong"
    page = natural(query.get("trang", ""), 4) or 1
    kind = kind if kind in KINDS else ""
    async with visit.office.engine.connect() as connection:
        rows = await questions.groups(
            connection, visit.scopes, waiting=not done, kind=kind, limit=_SHOWN + 1, skip=(page - 1) * _SHOWN
        )
    return visit.page(
        "questions.html",
        rows=[_row(visit, each) for each in rows[:_SHOWN]],
        kinds=KINDS,
        kind=kind,
        done=done,
        before=_page(kind, done, page - 1) if page > 1 else "",
        after=_page(kind, done, page + 1) if len(rows) > _SHOWN else "",
    )


def _page(kind: str, done: bool, page: int) -> str:
    return f"{PATH}?{urlencode({'loai': kind, 'xem': 'xong' if done else '', 'trang': page})}"


def _row(visit: Visit, group: Group) -> Row:
    catalogue = visit.office.services().catalogue
    near = [record for code in group.near if (record := catalogue.get(code))]
    kinds = ", ".join(KINDS.get(kind, kind).lower() for kind in group.kinds)
    return Row(group, kinds, TRENDS[group.trend], near)


async def one(visit: Visit) -> web.StreamResponse:
    """Show one group: its wordings, what it may be, and what was said of it."""
    number, scopes = visit.number("id"), visit.scopes
    async with visit.office.engine.connect() as connection:
        found = await questions.groups(connection, scopes, one=number)
        if not found:
            raise web.HTTPNotFound
        said = await questions.wordings(connection, number, scopes)
        judged = await questions.judgements(connection, number, scopes)
        named = [await _named(visit, connection, each.verdict, each.answer) for each in judged]
    words = visit.request.query.get("tim", "")[:300].strip()
    row = _row(visit, found[0])
    services = visit.office.services()
    return visit.page(
        "question.html",
        row=row,
        path=f"{PATH}/{number}",
        said=said,
        waits=found[0].count - sum(each.count for each in judged),
        judged=[(each, VERDICTS[each.verdict], name) for each, name in zip(judged, named, strict=True)],
        words=words,
        choices=_choices(visit, words or found[0].text, row.near if not words else []),
        articles=list(services.articles),
        may=visit.clerk.may(Role.EDITOR),
    )


def _choices(visit: Visit, words: str, near: list[Procedure]) -> list[Procedure]:
    """Return the procedures that words may mean: what came near then, then what the assistant thinks of them now."""
    services = visit.office.services()
    match = services.matcher.match(words)
    codes = dict.fromkeys([*match.choices, *(each.code for each in match.candidates)])
    found = {each.code: each for each in near}
    found |= {code: record for code in codes if (record := services.catalogue.get(code))}
    return [each for each in found.values() if each.abolished_on is None][:_MOST_CHOICES]


async def _named(visit: Visit, connection: AsyncConnection, verdict: Verdict, answer: str | None) -> str:
    """Return what a verdict names, in words; an article may still be under way."""
    services = visit.office.services()
    if verdict is Verdict.PROCEDURE:
        record = services.catalogue.get(answer or "")
        return f"{answer} {markup.title(record, 100)}" if record else answer or ""
    found = services.articles.get(answer or "")
    if found or not answer:
        return found.title if found else ""
    drafts = [each for each in await find(connection, code=answer) if each.subject is Subject.ARTICLE]
    return next((UNDER_WAY.format(title=each.record.get("title", answer)) for each in drafts if each.record), answer)


async def judge(visit: Visit) -> web.StreamResponse:
    """Note what a group is; with a procedure or an article, propose its wordings there."""
    number, form = visit.number("id"), visit.form
    try:
        verdict = Verdict(form.get("la"))
    except ValueError as error:
        raise Impossible(NO_VERDICT) from error
    answer = form.get("ma") or None if verdict in _NAMED else None
    note = await _NAMED[verdict](visit, number, answer) if verdict in _NAMED else await _plainly(visit, number, verdict)
    return visit.go(f"{PATH}/{number}", note)


async def _plainly(visit: Visit, number: int, verdict: Verdict) -> str:
    async with visit.office.engine.begin() as connection:
        await questions.judge(connection, visit.clerk, visit.scopes, number, verdict)
    return "done"


async def _as_procedure(visit: Visit, number: int, code: str | None) -> str:
    services, ground = visit.office.services(), visit.office.press.ground
    elsewhere = services.matcher.match(code).elsewhere if code else None
    if not code or (services.catalogue.get(code) is None and (elsewhere is None or elsewhere[0] != code)):
        raise Impossible(UNKNOWN.format(code=code or ""))
    async with visit.office.engine.begin() as connection:
        said = await questions.wordings(connection, number, visit.scopes)
        await questions.judge(connection, visit.clerk, visit.scopes, number, Verdict.PROCEDURE, code)
        texts = [each.text for each in said]
        stands = plain(ground.stands(await current(connection, code), code, visit.clerk.scope))
        if stands and not answers_for(visit.clerk, ground.places, stands):
            return "other"
        draft = await wordings.name_procedure(connection, ground, visit.clerk, code, texts)
    return "procedure" if draft else "known"


async def _as_article(visit: Visit, number: int, name: str | None) -> str:
    services, ground = visit.office.services(), visit.office.press.ground
    async with visit.office.engine.begin() as connection:
        said = await questions.wordings(connection, number, visit.scopes)
        await questions.judge(connection, visit.clerk, visit.scopes, number, Verdict.ARTICLE, name)
        texts = [each.text for each in said]
        draft = await wordings.phrase_article(connection, ground, visit.clerk, services.articles, name or "", texts)
    return "article" if draft else "done"


_NAMED = {Verdict.PROCEDURE: _as_procedure, Verdict.ARTICLE: _as_article}


async def undo(visit: Visit) -> web.StreamResponse:
    """Take back what was said of a group, and its wordings out of one's own draft."""
    number, scopes = visit.number("id"), visit.scopes
    ground, clerk = visit.office.press.ground, visit.clerk
    async with visit.office.engine.begin() as connection:
        judged = await questions.judgements(connection, number, scopes)
        said = [each.text for each in await questions.wordings(connection, number, scopes)]
        await questions.undo(connection, clerk, scopes, number)
        for each in judged:
            if each.verdict in _NAMED and each.answer:
                subject = Subject(each.verdict)
                stands = await _stands(visit, subject, each.answer, connection)
                await wordings.take_back(connection, ground, clerk, subject, each.answer, stands, said)
    return visit.go(f"{PATH}/{number}", "undone")


async def _stands(visit: Visit, subject: Subject, answer: str, connection: AsyncConnection) -> Mapping[str, Any]:
    """Return the procedure or article as it stands, as it is kept."""
    if subject is Subject.ARTICLE:
        found = visit.office.services().articles.get(answer)
        return found.model_dump(mode="json", exclude_defaults=True) if found else {}
    ground = visit.office.press.ground
    return plain(ground.stands(await current(connection, answer), answer, visit.clerk.scope)) or {}


@dataclass(slots=True)
class Asked:
    """What was asked again about one side of a procedure; ``examples`` are the wordings asked most."""

    code: str
    name: str
    side: str
    count: int = 0
    examples: list[str] = field(default_factory=list)


async def follow_ups(visit: Visit) -> web.StreamResponse:
    """Show which side of which procedure people had to ask about again: its text may be unclear."""
    async with visit.office.engine.connect() as connection:
        rows = await questions.followed(connection, visit.scopes)
    catalogue, reading = visit.office.services().catalogue, visit.office.services().articles.reading
    names = {record.code: markup.title(record, 100) for code, *_ in rows if (record := catalogue.get(code))}
    asked = await asyncio.to_thread(by_side, rows, names, reading) if reading else []
    return visit.page("followups.html", rows=asked[:_MOST_ASKED])


def by_side(rows: Iterable[tuple[str, str, int]], names: Mapping[str, str], reading: Reading) -> list[Asked]:
    """Return what was asked again, by procedure and side, most often first; ``rows`` are (code, words, count)."""
    found: dict[tuple[str, Facet], Asked] = {}
    for code, said, count in rows:
        for facet in reading.facets(said) if code in names else ():
            asked = found.setdefault((code, facet), Asked(code, names[code], facets.WHICH[facet]))
            asked.count += count
            if len(asked.examples) < _EXAMPLES:
                asked.examples.append(said)
    return sorted(found.values(), key=lambda asked: (-asked.count, asked.code, asked.side))
