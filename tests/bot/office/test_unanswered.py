"""What is kept of questions asked in vain, and telling those who want to know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import commands
from bot.dialogue.effect import Effect, Missed, Vain, Wish
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from bot.dossiers.proof import Seals
from bot.effects import Effects
from bot.intake import Intake
from bot.office import unanswered

ASKED = "nuôi chim yến trong phố"
MISSED = Missed(ASKED, Vain.UNKNOWN, ("1.002801",), "00004")
MONTH = timedelta(days=30)


async def rows(engine: AsyncEngine, statement: str) -> list[Any]:
    async with engine.begin() as connection:
        found = await connection.execute(text(statement))
        return [tuple(row) for row in found] if found.returns_rows else []


async def said(engine: AsyncEngine, *effects: Effect, address: str = "7", channel: str = "telegram") -> None:
    reply = Reply((Message("ừ"),), effects=effects)
    intake = Intake(engine, lambda turn, session: (reply, session), Effects(Seals(b"x" * 32)).store)
    await intake.take(channel, address, Turn(TurnKind.TEXT, "hỏi"))


async def tell(engine: AsyncEngine, news: unanswered.News) -> int:
    async with engine.begin() as connection:
        return await unanswered.tell(connection, news)


def there_is(asked: str, verdict: str, answer: str, published: bool) -> Message | None:
    return Message(f"{asked}: {verdict} {answer} {published}")


async def test_a_question_is_kept_with_its_reply_and_without_who_asked(engine: AsyncEngine) -> None:
    await said(engine, MISSED)
    assert await rows(engine, "SELECT text, kind, codes, commune FROM unanswered") == [
        (ASKED, "unknown", ["1.002801"], "00004")
    ]
    assert await rows(engine, "SELECT count(*) FROM message") == [(1,)]


async def test_names_and_numbers_are_not_kept(engine: AsyncEngine) -> None:
    await said(engine, Missed("tôi là Nguyễn Văn An, 0912345678, sinh 12/3/1980", Vain.UNKNOWN))
    ((kept,),) = await rows(engine, "SELECT text FROM unanswered")
    assert not any(word in kept for word in ("Văn An", "0912345678", "1980"))


async def test_a_long_question_is_cut(engine: AsyncEngine) -> None:
    await said(engine, Missed("hỏi " * 400, Vain.UNKNOWN))
    assert await rows(engine, "SELECT length(text) FROM unanswered") == [(unanswered.LONGEST,)]


async def test_who_wished_is_told_once_and_then_forgotten(engine: AsyncEngine) -> None:
    await said(engine, MISSED)
    await said(engine, Wish(ASKED))
    await said(engine, Wish(ASKED))
    assert await tell(engine, there_is) == 0
    await rows(engine, "UPDATE unanswered SET verdict = 'procedure', answer = '1.002801', judged_at = now()")
    assert await tell(engine, lambda *_: None) == 0
    assert await tell(engine, there_is) == 1
    assert await tell(engine, there_is) == 0
    last = await rows(engine, "SELECT payload->>'body', state FROM message ORDER BY id DESC LIMIT 1")
    assert last == [(f"{ASKED}: procedure 1.002801 False", "queued")]
    assert await rows(engine, "SELECT count(*) FROM wish") == [(0,)]


async def test_a_page_finds_the_news_when_it_is_opened_again(engine: AsyncEngine) -> None:
    await said(engine, MISSED, Wish(ASKED), address="abc", channel="web")
    await rows(engine, "UPDATE unanswered SET verdict = 'article', answer = 'gio-lam-viec', judged_at = now()")
    assert await tell(engine, there_is) == 1
    assert await rows(engine, "SELECT state FROM message ORDER BY id DESC LIMIT 1") == [("sent",)]


async def test_a_wish_can_be_taken_back(engine: AsyncEngine) -> None:
    await said(engine, MISSED, Wish(ASKED))
    await said(engine, Wish(ASKED, off=True))
    assert await rows(engine, "SELECT count(*) FROM wish") == [(0,)]


async def test_who_has_all_forgotten_is_told_of_nothing_and_others_still_are(engine: AsyncEngine) -> None:
    for address in ("7", "8"):
        await said(engine, Wish(ASKED), Wish("nuôi ong"), address=address)
    (reply, session) = commands.answer("huy", "", Session(), cast(Services, None))
    await said(engine, *reply.effects)
    assert session == Session()
    left = "SELECT address, text FROM wish JOIN chat ON chat.id = chat_id JOIN unanswered ON unanswered.id = unanswered"
    assert sorted(await rows(engine, left)) == [("8", "nuôi chim yến trong phố"), ("8", "nuôi ong")]


async def test_a_wish_for_a_question_no_longer_kept_keeps_it_again(engine: AsyncEngine) -> None:
    await said(engine, Wish(ASKED))
    assert await rows(engine, "SELECT text, kind FROM unanswered JOIN wish ON id = unanswered") == [(ASKED, "unknown")]


async def test_a_release_with_the_answer_counts_as_published(engine: AsyncEngine) -> None:
    await said(engine, MISSED, Wish(ASKED))
    judge = "UPDATE unanswered SET verdict = 'procedure', answer = '1.002801', judged_at = now() - interval '1 hour'"
    await rows(engine, judge)
    await rows(engine, "INSERT INTO release (summary) VALUES ('x')")
    await rows(
        engine,
        "INSERT INTO revision (subject, code, state, release) "
        "SELECT 'procedure', '1.002801', 'published', id FROM release",
    )
    told: list[bool] = []

    def news(asked: str, verdict: str, answer: str, published: bool) -> Message | None:
        told.append(published)
        return None

    await tell(engine, news)
    assert told == [True]


@pytest.mark.parametrize(
    ("state", "seen", "kept"),
    [
        ({"choosing": True, "asked": "giấy tờ nhà"}, "2 hours", 1),
        ({"choosing": True, "asked": "giấy tờ nhà"}, "5 minutes", 0),
        ({"choosing": False, "asked": "giấy tờ nhà"}, "2 hours", 0),
        ({"choosing": True, "asked": "giấy tờ nhà", "missed": "giấy tờ nhà"}, "2 hours", 0),
        ({"choosing": True, "asked": None}, "2 hours", 0),
    ],
)
async def test_who_left_without_taking_an_offer_is_noted_once(
    engine: AsyncEngine, state: dict[str, Any], seen: str, kept: int
) -> None:
    session = Session(offered=("1.012345", "1.002801"), commune="00004", **state)
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO chat (channel, address, session, last_seen) "
                "VALUES ('web', 'a', :s, now() - CAST(:ago AS interval))"
            ),
            {"s": session.model_dump_json(), "ago": seen},
        )
        assert await unanswered.note_left(connection) == kept
        assert await unanswered.note_left(connection) == 0
    found = await rows(engine, "SELECT text, kind, codes, commune FROM unanswered")
    assert found == [("giấy tờ nhà", "offer", ["1.012345", "1.002801"], "00004")] * kept


async def test_old_questions_go_but_labelled_ones_stay_without_their_place(engine: AsyncEngine) -> None:
    for verdict in ("procedure", "outside", "spam", "article", None):
        async with engine.begin() as connection:
            await unanswered.keep(connection, Missed(str(verdict), Vain.UNKNOWN, (), "00004"))
            await connection.execute(
                text("UPDATE unanswered SET verdict = :v, at = now() - interval '40 days' WHERE text = :t"),
                {"v": verdict, "t": str(verdict)},
            )
    await said(engine, MISSED)
    async with engine.begin() as connection:
        await unanswered.sweep(connection, MONTH)
    assert await rows(engine, "SELECT text, commune FROM unanswered ORDER BY id") == [
        ("procedure", None), ("outside", None), (ASKED, "00004"),
    ]  # fmt: skip
