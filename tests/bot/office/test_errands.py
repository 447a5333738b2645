"""Questions asked in vain are grouped, told of and forgotten; articles of the office are laid over those that ship."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.effect import Missed, Vain
from bot.dialogue.turn import Message
from bot.errors import Impossible
from bot.office import library, unanswered
from bot.office.errands import Errands
from bot.office.library import read_article
from bot.office.revisions import Revision
from bot.office.sorting import Sorting
from bot.office.standing import Overlay
from bot.office.tables import Effect, RevisionState, Subject
from bot.storage.locks import Lock
from knowledge.articles import Articles
from knowledge.grouping import Reading
from tests.bot.dialogue.test_article import HOURS

READING = Reading({})


async def keep(engine: AsyncEngine, *asked: str, kind: Vain = Vain.UNKNOWN) -> None:
    async with engine.begin() as connection:
        for each in asked:
            await unanswered.keep(connection, Missed(each, kind))


async def groups(engine: AsyncEngine) -> list[int | None]:
    async with engine.connect() as connection:
        return list((await connection.execute(text("SELECT cluster FROM unanswered ORDER BY id"))).scalars())


async def test_questions_are_grouped_as_they_come_in(engine: AsyncEngine) -> None:
    await keep(engine, "nuôi chim yến", "giá vàng hôm nay", "em muốn nuôi chim yến ạ")
    assert await Sorting(engine, READING).sort() == 3
    first = await groups(engine)
    assert first[0] == first[2] != first[1]
    await keep(engine, "cho hỏi giá vàng hôm nay", "mượn đường dựng rạp")
    assert await Sorting(engine, READING).sort() == 2
    assert await groups(engine) == [*first, first[1], 5]
    assert await Sorting(engine, READING).sort() == 0


async def test_one_replica_sorts_at_a_time(engine: AsyncEngine) -> None:
    await keep(engine, "nuôi chim yến")
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(Lock.SORTING)})
        assert await Sorting(engine, READING).sort() == 0
    done = await asyncio.gather(*(Sorting(engine, READING).sort() for _ in range(4)))
    assert sum(done) == 1


async def test_further_questions_about_a_procedure_are_in_no_group(engine: AsyncEngine) -> None:
    await keep(engine, "lệ phí bao nhiêu", kind=Vain.FOLLOWUP)
    assert await Sorting(engine, READING).sort() == 0


async def test_all_errands_are_run(engine: AsyncEngine) -> None:
    await keep(engine, "nuôi chim yến")
    async with engine.begin() as connection:
        for statement in (
            "INSERT INTO chat (channel, address, session) VALUES ('telegram', '7', '{}')",
            "INSERT INTO wish SELECT chat.id, unanswered.id FROM chat, unanswered",
            "UPDATE unanswered SET verdict = 'article', answer = 'x', judged_at = now()",
            "INSERT INTO unanswered (text, kind, at) VALUES ('cũ', 'unknown', now() - interval '90 days')",
        ):
            await connection.execute(text(statement))
    told: list[Any] = []

    def news(*about: Any) -> Message:
        told.append(about)
        return Message("đây")

    await Errands(engine, Sorting(engine, READING), news, timedelta(days=30)).once()
    assert told == [("nuôi chim yến", "article", "x", False)]
    assert await groups(engine) == [1]


def published(record: dict[str, Any] | None, name: str, scope: str = "", effect: Effect = Effect.RECORD) -> Revision:
    empty: dict[str, Any] = dict.fromkeys(Revision.__dataclass_fields__)
    given = {"id": 1, "subject": Subject.ARTICLE, "code": name, "scope": scope, "effect": effect, "record": record}
    return Revision(**empty | given | {"state": RevisionState.PUBLISHED, "version": 1, "release": 1})


def test_published_articles_are_laid_over_those_that_ship() -> None:
    ours = HOURS.model_copy(update={"title": "Giờ làm việc mới"}).model_dump(mode="json")
    shipped = Articles([HOURS], READING)
    everywhere = library.laid(shipped, Overlay(1, (published(ours, HOURS.id),)))
    assert [each.title for each in everywhere] == ["Giờ làm việc mới"]
    removed = library.laid(shipped, Overlay(1, (published(None, HOURS.id, "01", Effect.REMOVED),)))
    assert (len(removed), len(removed.at("01", "00004"))) == (1, 0)


def test_one_that_cannot_be_read_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    stands = library.laid(Articles([HOURS], READING), Overlay(1, (published({"id": "x"}, HOURS.id),)))
    assert [each.title for each in stands] == [HOURS.title]
    assert "revision 1" in caplog.text


def test_a_record_of_another_name_is_refused() -> None:
    with pytest.raises(Impossible, match="gio-lam-viec"):
        read_article(HOURS.model_dump(mode="json"), "ten-khac")
    assert read_article(None, "x") is None
