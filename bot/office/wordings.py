"""Words of people that become names of a procedure, or phrases of an article, by a draft that others review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible
from bot.office import drafts, review
from bot.office.drafts import Proposal
from bot.office.revisions import Revision, find
from bot.office.staff import Clerk
from bot.office.standing import Ground, current, plain
from bot.office.tables import Effect, RevisionState, Subject
from knowledge.articles import Articles
from knowledge.vietnamese import fold

NOTE = "Thêm cách gọi từ câu hỏi của người dân"
NO_ARTICLE = "Không có bài viết “{name}”."
MOST = 5
"""Wordings of one group that are added."""

_LONGEST = 120
_FEWEST_WORDS, _MOST_WORDS = 2, 16


def fit(said: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the wordings worth adding to those ``known``: short, whole, each once however it is spelt."""
    seen = {_plain(each) for each in known}
    found = []
    for each in said:
        name = " ".join(each.split()).rstrip(" ?.!,;")
        words = len(name.split())
        whole = "[" not in name and len(name) <= _LONGEST and _FEWEST_WORDS <= words <= _MOST_WORDS
        if whole and _plain(name) not in seen:
            seen.add(_plain(name))
            found.append(name)
    return found[:MOST]


async def name_procedure(
    connection: AsyncConnection, ground: Ground, clerk: Clerk, code: str, said: Iterable[str]
) -> Revision | None:
    """Propose wordings as names of a procedure, in the clerk's own draft of it if there is one.

    Returns None when there is nothing to add: they are known, or there is no record of the procedure yet.
    """
    stands = ground.stands(await current(connection, code), code, clerk.scope)
    if stands is None:
        return None
    return await _add(connection, ground, clerk, Subject.PROCEDURE, code, plain(stands) or {}, "names", said)


async def phrase_article(
    connection: AsyncConnection, ground: Ground, clerk: Clerk, articles: Articles, name: str, said: Iterable[str]
) -> Revision | None:
    """Propose wordings as phrases of an article; None when there is nothing to add."""
    found = articles.get(name)
    if found is None:
        raise Impossible(NO_ARTICLE.format(name=name))
    record = found.model_dump(mode="json", exclude_defaults=True)
    return await _add(connection, ground, clerk, Subject.ARTICLE, name, record, "phrases", said)


async def take_back(
    connection: AsyncConnection,
    ground: Ground,
    clerk: Clerk,
    subject: Subject,
    code: str,
    stands: Mapping[str, Any],
    said: Iterable[str],
) -> None:
    """Take wordings out of the clerk's own draft of what ``stands`` again; one that holds nothing else is withdrawn."""
    own = await _own(connection, clerk, subject, code)
    if own is None or own.record is None:
        return
    field = _field(subject)
    away = {_plain(each) for each in fit(said, ())}
    was = own.base or stands
    base = {_plain(each) for each in was.get(field, ())}
    kept = [each for each in own.record.get(field, ()) if _plain(each) not in away or _plain(each) in base]
    record = {**own.record, field: kept}
    written = await drafts.write(connection, ground, clerk, own.id, own.version, _proposal(own, record))
    if _same(record, was, field):
        await review.withdraw(connection, ground, clerk, written.id, written.version)


async def _add(
    connection: AsyncConnection,
    ground: Ground,
    clerk: Clerk,
    subject: Subject,
    code: str,
    record: Mapping[str, Any],
    field: str,
    said: Iterable[str],
) -> Revision | None:
    own = await _own(connection, clerk, subject, code)
    record = dict(own.record if own and own.record else record)
    known = record.get(field) or []
    title = record.get("name") or record.get("title") or ""
    new = fit(said, (*known, title))
    if not new:
        return own
    record[field] = [*known, *new]
    if own:
        return await drafts.write(connection, ground, clerk, own.id, own.version, _proposal(own, record))
    return await drafts.begin(
        connection, ground, clerk, Proposal(code, clerk.scope, record, subject=subject, note=NOTE)
    )


async def _own(connection: AsyncConnection, clerk: Clerk, subject: Subject, code: str) -> Revision | None:
    """Return the clerk's own unfinished draft of a record, if there is one."""
    states = (RevisionState.DRAFT, RevisionState.RETURNED)
    found = await find(connection, states, code=code, scopes=[clerk.scope])
    mine = (each for each in found if each.subject is subject and each.effect is Effect.RECORD)
    return next((each for each in mine if each.author == clerk.id), None)


def _proposal(own: Revision, record: Mapping[str, Any]) -> Proposal:
    return Proposal(
        own.code, own.scope, record, own.effect, own.subject, own.note, own.decision_number, own.decision_date,
        own.effective_on,
    )  # fmt: skip


def _field(subject: Subject) -> str:
    return "names" if subject is Subject.PROCEDURE else "phrases"


def _same(record: Mapping[str, Any], base: Mapping[str, Any], field: str) -> bool:
    return {**record, field: list(record.get(field, ()))} == {**base, field: list(base.get(field, ()))}


def _plain(said: str) -> str:
    return fold(" ".join(said.lower().split()))
