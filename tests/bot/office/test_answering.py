"""Staff answer people who asked in vain, from their own chat, over the intake and a database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance.post import Postman
from bot.dialogue import commands, conversation
from bot.dialogue.effect import Missed, Vain
from bot.dialogue.turn import Turn, TurnKind
from bot.dossiers.proof import Seals
from bot.effects import Effects
from bot.intake import Intake
from bot.moment import Flows
from bot.office import answering, telegram, unanswered, wishes
from bot.office.counter import Counter
from bot.office.sorting import Sorting
from bot.office.tables import Role
from bot.office.telegram import StaffDesk
from bot.storage.notices import Notices
from knowledge.grouping import Reading
from knowledge.places import Finder
from tests.bot.dialogue import records
from tests.bot.office.desk import TERRITORY
from tests.bot.office.newsroom import HANOI, PLACES, Newsroom, opened
from tests.bot.office.test_broadcasting import run

BA_DINH, DA_NANG = "00004", "48"


@dataclass
class House:
    engine: AsyncEngine
    newsroom: Newsroom
    intake: Intake

    async def hire(self, role: Role, chat: str, scope: str = "") -> None:
        clerk = await self.newsroom.hire(role, scope)
        await run(self.engine, "UPDATE staff SET telegram = :chat WHERE id = :id", chat=chat, id=clerk.id)

    async def wish(self, question: str, chat: str, commune: str | None = None) -> None:
        """Let somebody ask in vain and want to be told."""
        async with self.engine.begin() as connection:
            await unanswered.keep(connection, Missed(question, Vain.UNKNOWN, (), commune))
        rows = await run(
            self.engine,
            "INSERT INTO chat (channel, address) VALUES ('telegram', :chat) "
            "ON CONFLICT (channel, address) DO UPDATE SET blocked = false RETURNING id",
            chat=chat,
        )
        async with self.engine.begin() as connection:
            await unanswered.wish(connection, rows[0][0], question)
        await Sorting(self.engine, Reading({})).sort()

    async def group(self) -> int:
        return int((await run(self.engine, "SELECT max(cluster) FROM unanswered"))[0][0])

    async def does(self, kind: TurnKind, value: str, command: str = "", chat: str = "7") -> Any:
        await self.intake.take("telegram", chat, Turn(kind, value, command))
        rows = await run(
            self.engine,
            "SELECT payload FROM message JOIN chat ON chat.id = chat_id WHERE address = :chat "
            "ORDER BY message.id DESC LIMIT 1",
            chat=chat,
        )
        return rows[0][0]

    async def says(self, argument: str, chat: str = "7") -> Any:
        return await self.does(TurnKind.COMMAND, argument, "canbo", chat)

    async def presses(self, payload: str, chat: str = "7") -> Any:
        return await self.does(TurnKind.ACTION, payload, chat=chat)

    async def types(self, words: str, chat: str = "7") -> Any:
        return await self.does(TurnKind.TEXT, words, chat=chat)

    async def heard(self, chat: str) -> list[str]:
        """Return what somebody was told, once the post was carried over."""
        await Postman(self.engine, Notices(self.engine.url)).round()
        rows = await run(
            self.engine,
            "SELECT payload FROM message JOIN chat ON chat.id = chat_id WHERE address = :chat ORDER BY message.id",
            chat=chat,
        )
        return [payload["body"] for (payload,) in rows]


@pytest.fixture
async def house(engine: AsyncEngine) -> House:
    services = replace(records.services(), office=True, places=Finder(PLACES))
    effects = Effects(Seals(b"x" * 32), StaffDesk(Finder(PLACES), "https://mot.cua", services.clock).serve)
    flows = Flows(Counter(engine, lambda: services, TERRITORY).flows(), lambda: services)
    intake = Intake(
        engine, lambda turn, session: conversation.respond(turn, session, services), effects.store, flows=flows
    )
    return House(engine, opened(engine), intake)


def buttons(payload: dict[str, Any]) -> dict[str, str]:
    return {button["label"]: button["action"] for row in payload["buttons"] for button in row}


async def test_it_is_shown_first_and_then_told_once_to_all_who_wait(house: House) -> None:
    await house.hire(Role.EDITOR, "7", HANOI)
    await house.wish("nuôi <chim yến> trong nhà", "21", BA_DINH)
    await house.wish("nuôi <chim yến> trong nhà", "22", BA_DINH)
    await house.wish("nuôi <chim yến> trong nhà", "22", BA_DINH)
    group = await house.group()
    waiting = await house.says("")
    assert f"<b>1</b> {telegram.WISHED}" in waiting["body"]
    listed = await house.presses(buttons(waiting)[telegram.REPLY])
    assert "nuôi &lt;chim yến&gt; trong nhà" in listed["body"]
    assert "<b>2</b> người đang chờ" in listed["body"]
    asked = await house.presses(buttons(listed)[answering.ANSWER.format(group=group)])
    assert answering.TYPE in asked["body"]
    preview = await house.types("Phải ở ngoài khu dân cư <b>.\nHỏi UBND phường, gọi 0912345678.")
    letter = preview["body"]
    for words in (answering.HEAD, "dân cư &lt;b&gt;.\nHỏi UBND", "[số đã ẩn]", answering.HIDDEN):
        assert words in letter
    assert await house.heard("21") == []
    send = buttons(preview)[answering.SEND.format(people=2)]
    assert (await house.presses(send))["body"] == answering.SENT.format(people=2)
    for chat in ("21", "22"):
        (body,) = await house.heard(chat)
        assert body in letter
        assert "nuôi &lt;chim yến&gt;" in body
    assert (await house.presses(send))["body"] == wishes.NOBODY
    assert len(await house.heard("21")) == 1
    assert await run(house.engine, "SELECT count(*) FROM wish") == [(0,)]
    assert await house.newsroom.trail() == ["question.answer"]
    assert telegram.WISHED not in (await house.says(""))["body"]


async def test_it_can_be_typed_in_one_line_and_written_anew(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    await house.wish("nuôi chim yến", "21")
    group = await house.group()
    first = await house.says(f"traloi {group} Được ạ")
    second = await house.says(f"Trả lời câu {group} Không được ạ")
    send = answering.SEND.format(people=1)
    assert (await house.presses(buttons(first)[send]))["body"] == answering.STALE
    asked = await house.presses(buttons(second)[answering.AGAIN])
    assert answering.TYPE in asked["body"]
    assert "quá 1000" in (await house.types("a" * 1001))["body"]
    third = await house.says(f"tra loi {group} Hỏi thú y xã")
    assert (await house.presses(buttons(third)[send]))["body"] == answering.SENT.format(people=1)
    assert [body.endswith("Hỏi thú y xã") for body in await house.heard("21")] == [True]


async def test_what_was_too_long_is_typed_again_and_is_still_the_answer(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    await house.wish("nuôi chim yến", "21", BA_DINH)
    await house.presses(f"desk:answer:{await house.group()}")
    refused = await house.types("x" * (answering.LONGEST + 1))
    assert refused["body"] == answering.TOO_LONG.format(most=answering.LONGEST)
    preview = await house.types("Phải ở ngoài khu dân cư.")
    assert answering.SEND.format(people=1) in buttons(preview)


async def test_what_is_typed_after_another_command_is_a_question_again(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    await house.wish("nuôi chim yến", "21")
    await house.says(f"traloi {await house.group()}")
    await house.says("")
    assert answering.HEAD not in (await house.types("đăng ký kết hôn"))["body"]


async def test_nobody_else_can_and_nobody_else_learns_of_it(house: House) -> None:
    await house.hire(Role.VIEWER, "8")
    await house.hire(Role.EDITOR, "9", DA_NANG)
    await house.wish("nuôi chim yến", "21", BA_DINH)
    group = await house.group()
    for argument in ("traloi", f"traloi {group} Được"):
        assert (await house.says(argument, "5"))["body"] == commands.NO_SUCH
        assert (await house.says(argument, "8"))["body"] == answering.NOT_ALLOWED
    for payload in ("desk:answers", f"desk:answer:{group}", f"desk:send:{group}:00000000"):
        assert (await house.presses(payload, "5"))["body"] == commands.NO_SUCH
    assert (await house.says("traloi", "9"))["body"] == answering.NOBODY
    assert (await house.says(f"traloi {group} Được", "9"))["body"] == wishes.NOBODY
    assert await house.heard("21") == []


async def test_whoever_left_the_office_while_writing_sends_nothing(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    await house.wish("nuôi chim yến", "21")
    group = await house.group()
    await house.says(f"traloi {group}")
    await run(house.engine, "UPDATE staff SET disabled = true")
    assert answering.HEAD not in (await house.types("Được"))["body"]
    assert await house.heard("21") == []


async def test_citizens_who_wait_for_an_officer_are_counted(house: House) -> None:
    await house.hire(Role.EDITOR, "7", HANOI)
    await house.hire(Role.EDITOR, "9", DA_NANG)
    await house.wish("x", "21", BA_DINH)
    for state, level, ended in (
        ("staff", 0, "NULL"),
        ("waiting", 2, "now()"),
        ("waiting", 2, "NULL"),
        ("waiting", 1, "NULL"),
        ("live", 2, "NULL"),
    ):
        await run(
            house.engine,
            "WITH made AS (INSERT INTO chat (channel, address) SELECT 'x', gen_random_uuid()::text RETURNING id) "
            f"INSERT INTO help_request (chat_id, commune, state, level, ended_at) "
            f"SELECT id, '{BA_DINH}', '{state}', {level}, {ended} FROM made",
        )
    assert f"<b>2</b> {telegram.HELP}" in (await house.says(""))["body"]
    assert telegram.HELP not in (await house.says("", "9"))["body"]
