"""Notices to everybody: written by staff, shown from one moment to another in a part of the country, taken down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.dialogue.banner import Banner
from bot.errors import Impossible
from bot.logs import outline
from bot.office import audit
from bot.office.staff import Clerk, Territory
from bot.storage.notices import ANNOUNCE, Notices
from knowledge.calendar import VIETNAM, local

TOPIC = "banners"
LONGEST = 500

NO_TEXT = "Anh/chị viết nội dung thông báo."
LONG_TEXT = "Thông báo dài quá {most} chữ cái. Anh/chị viết gọn lại, người dân đọc lướt trên điện thoại."
BACKWARDS = "Giờ kết thúc phải sau giờ bắt đầu."
PAST = "Giờ kết thúc đã qua."
NOT_ALLOWED = "Cần quyền duyệt và công bố để đăng hoặc gỡ thông báo."
GONE = "Không thấy thông báo này, hoặc đã gỡ rồi."
OLD_DRAFT = "Bản này đã đăng, hoặc đã có bản mới hơn. Các thông báo đang hiện có ở mục Thông báo trên trang cán bộ."

_LOOK_SECONDS = 30.0
_AGAIN_SECONDS = 1.0
_log = logging.getLogger(__name__)

_COLUMNS = "notice.id, text, notice.scope, starts_at, ends_at, withdrawn_at, coalesce(staff.name, '')"
_OPEN = text("""
    SELECT id, text, scope, starts_at, ends_at FROM notice
    WHERE version > 0 AND withdrawn_at IS NULL AND (ends_at IS NULL OR ends_at > now())
    ORDER BY starts_at DESC, id DESC LIMIT 500
""")
_LISTED = text(f"""
    SELECT {_COLUMNS} FROM notice LEFT JOIN staff ON staff.id = author
    WHERE version > 0 AND (CAST(:scopes AS text[]) IS NULL OR notice.scope = '' OR notice.scope = ANY(:scopes))
    ORDER BY notice.id DESC LIMIT 100
""")  # noqa: S608
_ADD = text("""
    INSERT INTO notice (text, scope, author, starts_at, ends_at, version)
    VALUES (:text, :scope, :author, coalesce(:starts, now()), :ends, :version) RETURNING id
""")
_DROP_DRAFTS = text("DELETE FROM notice WHERE author = :author AND version = 0")
_POST = text("""
    UPDATE notice SET version = 1, starts_at = greatest(starts_at, now()), created_at = now()
    WHERE id = :id AND author = :author AND version = 0 AND (ends_at IS NULL OR ends_at > now())
    RETURNING text, scope
""")
_LOCK = text("SELECT scope FROM notice WHERE id = :id AND version > 0 AND withdrawn_at IS NULL FOR UPDATE")
_WITHDRAW = text("UPDATE notice SET withdrawn_at = now(), version = version + 1 WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice as somebody writes it; times are local time of Vietnam.

    ``starts`` None: at once; ``ends`` None: until it is taken down.
    """

    text: str
    scope: str
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as staff see it; ``name`` is who wrote it."""

    id: int
    text: str
    scope: str
    starts_at: datetime
    ends_at: datetime | None
    withdrawn_at: datetime | None
    name: str


async def add(connection: AsyncConnection, territory: Territory, clerk: Clerk, draft: Draft) -> int:
    """Publish a notice and return its number; raise ``OfficeError`` when it is not theirs to do, or has a fault."""
    number = await _insert(connection, territory, clerk, draft, version=1)
    await _published(connection, clerk, number, draft.text, draft.scope)
    return number


async def sketch(connection: AsyncConnection, territory: Territory, clerk: Clerk, draft: Draft) -> int:
    """Keep a notice that is not published yet, in the place of an earlier one of theirs; raise like ``add``."""
    await connection.execute(_DROP_DRAFTS, {"author": clerk.id})
    return await _insert(connection, territory, clerk, draft, version=0)


async def post(connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int) -> None:
    """Publish what ``sketch`` kept; raise ``OfficeError`` when it is out already, or no longer theirs to do."""
    found = (await connection.execute(_POST, {"id": number, "author": clerk.id})).first()
    if found is None:
        raise Impossible(OLD_DRAFT)
    territory.let_publish(clerk, found.scope, NOT_ALLOWED)
    await _published(connection, clerk, number, found.text, found.scope)


async def withdraw(connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int) -> None:
    """Take a notice down; raise ``OfficeError`` when it is down, or not theirs to take down."""
    scope = (await connection.execute(_LOCK, {"id": number})).scalar_one_or_none()
    if scope is None:
        raise Impossible(GONE)
    territory.let_publish(clerk, scope, NOT_ALLOWED)
    await connection.execute(_WITHDRAW, {"id": number})
    await audit.record(connection, clerk.id, "notice.withdraw", f"notice {number}", scope=scope)
    await connection.execute(ANNOUNCE, {"topic": TOPIC})


async def listed(connection: AsyncConnection, territory: Territory, clerk: Clerk) -> list[Notice]:
    """Return the latest notices of the clerk's part of the country and of the whole country, newest first."""
    scopes = territory.within(clerk.scope)
    values = {"scopes": None if scopes is None else list(scopes)}
    return [Notice(*row) for row in await connection.execute(_LISTED, values)]


async def _insert(
    connection: AsyncConnection, territory: Territory, clerk: Clerk, draft: Draft, *, version: int
) -> int:
    territory.let_publish(clerk, draft.scope, NOT_ALLOWED)
    _check(draft)
    starts, ends = (moment.replace(tzinfo=VIETNAM) if moment else None for moment in (draft.starts, draft.ends))
    values = {"text": draft.text.strip(), "scope": draft.scope, "author": clerk.id, "starts": starts, "ends": ends}
    return int((await connection.execute(_ADD, values | {"version": version})).scalar_one())


async def _published(connection: AsyncConnection, clerk: Clerk, number: int, words: str, scope: str) -> None:
    await audit.record(connection, clerk.id, "notice.publish", f"notice {number}", text=words, scope=scope)
    await connection.execute(ANNOUNCE, {"topic": TOPIC})


def _check(draft: Draft) -> None:
    if not draft.text.strip():
        raise Impossible(NO_TEXT)
    if len(draft.text.strip()) > LONGEST:
        raise Impossible(LONG_TEXT.format(most=LONGEST))
    if draft.ends and draft.ends <= local(datetime.now(VIETNAM)):
        raise Impossible(PAST)
    if draft.ends and draft.starts and draft.ends <= draft.starts:
        raise Impossible(BACKWARDS)


async def banners(engine: AsyncEngine) -> tuple[Banner, ...]:
    """Return the notices of now and later."""
    async with engine.connect() as connection:
        rows = (await connection.execute(_OPEN)).all()
    return tuple(
        Banner(row.id, row.text, row.scope, _minute(row.starts_at), _minute(row.ends_at) if row.ends_at else None)
        for row in rows
    )


def _minute(moment: datetime) -> datetime:
    """Return the minute a moment lies in: the clock of the conversation knows no seconds."""
    return local(moment).replace(second=0, microsecond=0)


class Board:
    """Keeps a replica's notices as they stand in the database; ``post`` is given them on the event loop."""

    def __init__(self, engine: AsyncEngine, notices: Notices, post: Callable[[tuple[Banner, ...]], None]) -> None:
        self._engine = engine
        self._notices = notices
        self._post = post

    async def run(self) -> None:
        """Follow them until cancelled."""
        while True:
            with self._notices.waiting(TOPIC) as news:
                try:
                    self._post(await banners(self._engine))
                except (SQLAlchemyError, OSError) as error:
                    _log.warning("notices could not be read; trying again: %s", outline(error))
                    await asyncio.sleep(_AGAIN_SECONDS)
                    continue
                try:
                    await asyncio.wait_for(news.wait(), _LOOK_SECONDS)
                except TimeoutError:
                    continue  # news can be missed while the database is away
