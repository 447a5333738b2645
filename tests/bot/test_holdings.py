"""A person sees what is held of them, and has it deleted."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import holdings
from bot.dossiers import record
from bot.holdings import FLOW
from tests.bot.assistance import band
from tests.bot.assistance.band import BA_DINH, Person, run
from tests.bot.dossiers.desk import CODE, SEALS, report

MINE = "own chat"
STAYS = {"chat", "barred", "volunteer", "help_request.helper_chat"}
"""What refers to a chat and is not deleted here; ``chat`` itself carries the answer."""

_REFERENCES = """
    SELECT conrelid::regclass::text AS holder, attname AS name FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid = 'chat'::regclass
"""


def person(engine: AsyncEngine) -> Person:
    return Person(engine, MINE, FLOW)


async def filled(engine: AsyncEngine) -> int:
    """Make a chat that has something in every table; return its number."""
    async with engine.begin() as connection:
        number = await band.chat(connection, MINE)
        other = await band.chat(connection, "helper's chat")
        kept = json.dumps(record.written(report(), SEALS))
        values: dict[str, Any] = {"chat": number, "other": other, "code": CODE, "report": kept}
        for statement in (
            "INSERT INTO message (chat_id, author, payload, state) VALUES (:chat, 'assistant', '{}', 'sent')",
            "INSERT INTO reminder (chat_id, topic, payload, due_at) VALUES (:chat, 'case 1.001193', '{}', now())",
            "INSERT INTO known (code, report) VALUES (:code, CAST(:report AS jsonb))",
            "INSERT INTO following (chat_id, known_id) SELECT :chat, id FROM known",
            "INSERT INTO lookup (chat_id, code) VALUES (:chat, :code)",
            "INSERT INTO proved (chat_id, code) VALUES (:chat, :code)",
            "INSERT INTO unanswered (text, kind) VALUES ('x', 'unknown')",
            "INSERT INTO wish (chat_id, unanswered) SELECT :chat, id FROM unanswered",
            "INSERT INTO subscriber (chat_id) VALUES (:chat)",
            "INSERT INTO broadcast (text) VALUES ('x')",
            "INSERT INTO broadcasted (broadcast, chat_id) SELECT id, :chat FROM broadcast",
            "INSERT INTO help_request (chat_id, commune, state, ended_at) VALUES (:chat, '00004', 'ended', now())",
            "INSERT INTO talked (request, side, body) SELECT id, 'citizen', 'x' FROM help_request",
            "INSERT INTO message (chat_id, author, payload, state)"
            " SELECT :other, 'assistant', jsonb_build_object('body', 'x', 'talk', id), 'sent' FROM help_request",
            "INSERT INTO alerted (request, chat_id) SELECT id, :chat FROM help_request",
            "INSERT INTO alerted (request, chat_id) SELECT id, :other FROM help_request",
            "INSERT INTO post (chat_id, payload) VALUES (:chat, '{}')",
            "INSERT INTO asked_rating (chat_id, about, kind) VALUES (:chat, 'x', 'answer')",
            "INSERT INTO feedback (code, chat_id, kind, text) VALUES ('PA-1', :chat, 'complaint', 'x')",
        ):
            await connection.execute(text(statement), values)
    return number


async def test_everything_that_names_a_chat_goes(engine: AsyncEngine) -> None:
    number = await filled(engine)
    me = person(engine)
    shown = await me.says("/dulieu")
    for words in (CODE, "Lời nhắc đang hẹn: 1", "Lần nhờ người giúp: 1", "Đăng ký nhận tin", holdings.NEVER):
        assert words in shown
    assert await me.presses(holdings.DELETE) == holdings.REALLY
    assert await me.presses(holdings.SURE) == holdings.DONE
    references = await run(engine, _REFERENCES)
    assert len(references) >= 14
    for holder, name in references:
        if holder in STAYS or f"{holder}.{name}" in STAYS:
            continue
        left = await run(engine, f"SELECT count(*) FROM {holder} WHERE {name} = :chat", chat=number)
        answers = 1 if holder == "message" else 0  # what was said just now
        assert left[0][0] == answers, holder
    assert await run(engine, "SELECT FROM talked") == []
    assert await run(engine, "SELECT FROM message WHERE payload ? 'talk' AND payload->>'talk' IS NOT NULL") == []
    assert await me.says("/dulieu") != shown


async def test_a_changed_mind_keeps_everything(engine: AsyncEngine) -> None:
    await filled(engine)
    me = person(engine)
    await me.says("/dulieu")
    await me.presses(holdings.DELETE)
    assert await me.presses(holdings.KEEP) == holdings.KEPT
    assert len(await run(engine, "SELECT FROM following")) == 1


async def test_what_others_need_is_ended_first(engine: AsyncEngine) -> None:
    number = await filled(engine)
    await run(engine, "INSERT INTO help_request (chat_id, commune) VALUES (:chat, '00004')", chat=number)
    me = person(engine)
    assert await me.sends("own", "sure") == holdings.OPEN_TALK
    await run(engine, "UPDATE help_request SET ended_at = now(), state = 'ended'")
    async with engine.begin() as connection:
        team = await band.team(connection, "Đội <1>", BA_DINH)
    values = {"chat": number, "team": team}
    await run(engine, "INSERT INTO volunteer (chat_id, team, name) VALUES (:chat, :team, 'Lan')", **values)
    assert "Đội &lt;1&gt;" in await me.sends("own", "sure")
    assert len(await run(engine, "SELECT FROM following")) == 1


async def test_who_was_removed_from_a_team_may_delete_all_the_same(engine: AsyncEngine) -> None:
    number = await filled(engine)
    async with engine.begin() as connection:
        team = await band.team(connection, "Đội <1>", BA_DINH)
    values = {"chat": number, "team": team}
    await run(engine, "INSERT INTO volunteer (chat_id, team, name) VALUES (:chat, :team, 'Lan')", **values)
    me = person(engine)
    shown = await me.says("/dulieu")
    assert "Đội &lt;1&gt;, với tên Lan" in shown
    assert holdings.NEVER not in shown
    await run(engine, "UPDATE volunteer SET state = 'removed'")
    assert holdings.REMOVED.format(team="Đội &lt;1&gt;", name="Lan") in await me.says("/dulieu")
    assert await me.sends("own", "sure") == holdings.DONE
    assert await run(engine, "SELECT FROM following") == []
    assert len(await run(engine, "SELECT FROM volunteer WHERE chat_id = :chat", chat=number)) == 1


async def test_a_reported_talk_stays_until_it_was_looked_at(engine: AsyncEngine) -> None:
    await filled(engine)
    await run(engine, "INSERT INTO flag (request, side) SELECT id, 'helper' FROM help_request")
    me = person(engine)
    assert holdings.REPORTED in await me.sends("own", "sure")
    assert len(await run(engine, "SELECT FROM talked")) == 1
    await run(engine, "UPDATE flag SET seen_at = now()")
    assert await me.sends("own", "sure") == holdings.DONE
    assert await run(engine, "SELECT FROM talked") == []


async def test_followed_dossiers_are_listed_with_what_was_last_said(engine: AsyncEngine) -> None:
    me = person(engine)
    assert await me.says("/hoso") == holdings.NO_DOSSIERS
    await filled(engine)
    said = await me.says("/hoso")
    assert f"<code>{CODE}</code>: đang xử lý" in said
    assert me.buttons[0].action == f"track:{CODE}"


async def test_who_has_said_nothing_is_told_that_nothing_is_held(engine: AsyncEngine) -> None:
    assert holdings.NOTHING in await person(engine).says("/dulieu")
