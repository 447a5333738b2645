"""Staff in their own chat, over the intake and a database; and everybody else, who learns nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import commands, conversation
from bot.dialogue.effect import Missed, Vain
from bot.dialogue.session import Session
from bot.dialogue.turn import Turn, TurnKind
from bot.dossiers.proof import Seals
from bot.effects import Effects
from bot.intake import Intake
from bot.office import links, notices, staff, telegram, unanswered
from bot.office.drafts import Proposal
from bot.office.sorting import Sorting
from bot.office.staff import Clerk
from bot.office.tables import Effect, Role
from bot.office.telegram import StaffDesk
from knowledge.grouping import Reading
from knowledge.places import Finder
from tests.bot.dialogue import records
from tests.bot.dialogue.records import BIRTH
from tests.bot.office.newsroom import HANOI, PLACES, Newsroom, opened

ADDRESS = "https://mot.cua"


@dataclass
class House:
    """The bot with its office behind it."""

    engine: AsyncEngine
    newsroom: Newsroom
    intake: Intake

    async def hire(self, role: Role, chat: str, scope: str = "") -> Clerk:
        clerk = await self.newsroom.hire(role, scope, "Lan <b>")
        await self.run("UPDATE staff SET telegram = :chat WHERE id = :id", chat=chat, id=clerk.id)
        return clerk

    async def run(self, statement: str, **values: object) -> Any:
        async with self.engine.begin() as connection:
            result = await connection.execute(text(statement), values)
            return result.all() if result.returns_rows else None

    async def says(self, argument: str = "", chat: str = "7", channel: str = "telegram") -> dict[str, Any]:
        return await self._does(Turn(TurnKind.COMMAND, argument, "canbo"), chat, channel)

    async def presses(self, payload: str, chat: str = "7") -> dict[str, Any]:
        return await self._does(Turn(TurnKind.ACTION, payload), chat, "telegram")

    async def _does(self, turn: Turn, chat: str, channel: str) -> dict[str, Any]:
        await self.intake.take(channel, chat, turn)
        rows = await self.run("SELECT payload FROM message ORDER BY id DESC LIMIT 1")
        payload: dict[str, Any] = rows[0][0]
        return payload


@pytest.fixture
async def house(engine: AsyncEngine) -> House:
    services = replace(records.services(), office=True, places=Finder(PLACES))
    desk = StaffDesk(Finder(PLACES), ADDRESS, services.clock)
    effects = Effects(Seals(b"x" * 32), desk.serve)
    intake = Intake(engine, lambda turn, session: conversation.respond(turn, session, services), effects.store)
    return House(engine, opened(engine), intake)


def buttons(payload: dict[str, Any]) -> list[str]:
    return [button["action"] for row in payload["buttons"] for button in row if button["action"]]


async def test_nobody_else_learns_that_there_is_an_office(house: House) -> None:
    clerk = await house.hire(Role.PUBLISHER, "7")
    await house.run("INSERT INTO notice (text, author, version) VALUES ('x', :id, 0)", id=clerk.id)
    strange = Turn(TurnKind.COMMAND, "", "khongco")
    assert (await house._does(strange, "8", "telegram"))["body"] == commands.NO_SUCH
    for argument in ("", "vao", "thongbao Nghỉ Tết"):
        assert (await house.says(argument, "8")) == await house._does(strange, "8", "telegram")
        assert (await house.says(argument, "7", "web"))["body"] == commands.NO_SUCH
    for payload in ("desk:wait", "desk:link", "desk:post:1", "desk:drop:1"):
        assert (await house.presses(payload, "8"))["body"] == commands.NO_SUCH
    assert await house.run("SELECT version FROM notice") == [(0,)]
    assert await house.run("SELECT count(*) FROM login_link") == [(0,)]


async def test_one_who_left_is_nobody(house: House) -> None:
    clerk = await house.hire(Role.ADMINISTRATOR, "7")
    await house.run("UPDATE staff SET disabled = true WHERE id = :id", id=clerk.id)
    assert (await house.says())["body"] == commands.NO_SUCH


async def test_without_an_office_it_is_a_command_like_any_other() -> None:
    reply, _ = commands.answer("canbo", "", Session(), records.services())
    assert (reply.messages[0].body, reply.effects) == (commands.NO_SUCH, ())


async def test_what_waits_is_counted_by_role_and_place(house: House) -> None:
    publisher = await house.hire(Role.PUBLISHER, "7")
    await house.hire(Role.EDITOR, "8", HANOI)
    await house.hire(Role.VIEWER, "9")
    assert "Không có việc gì" in (await house.says())["body"]
    approved = await house.newsroom.approved(None, effect=Effect.REMOVED)
    assert approved.author != publisher.id
    async with house.engine.begin() as connection:
        await unanswered.keep(connection, Missed("nuôi chim yến", Vain.UNKNOWN, (), "00004"))
    await Sorting(house.engine, Reading({})).sort()
    body = (await house.says())["body"]
    assert telegram.APPROVED in body
    assert telegram.ASKED in body
    assert telegram.REVIEW not in body
    assert "Lan &lt;b&gt;" in body
    assert telegram.APPROVED not in (await house.says("", "8"))["body"]
    assert telegram.ASKED in (await house.says("", "8"))["body"]
    assert "Không có việc gì" in (await house.says("", "9"))["body"]


async def test_what_people_complain_of_is_counted_where_it_is_seen_to(house: House) -> None:
    await house.hire(Role.PUBLISHER, "7", HANOI)
    await house.hire(Role.EDITOR, "8", HANOI)
    await house.hire(Role.PUBLISHER, "9", "48")
    await house.hire(Role.VIEWER, "10")
    await house.run("INSERT INTO feedback (code, kind, text, commune) VALUES ('G1', 'complaint', 'x', '00004')")
    await house.run(
        "WITH c AS (INSERT INTO chat (channel, address) VALUES ('telegram', '21') RETURNING id), "
        "h AS (INSERT INTO help_request (chat_id, commune) SELECT id, '00004' FROM c RETURNING id) "
        "INSERT INTO flag (request, side) SELECT id, 'citizen' FROM h"
    )
    heard = {chat: (await house.says("", chat))["body"] for chat in ("7", "8", "9", "10")}
    assert [chat for chat, body in heard.items() if f"<b>1</b> {telegram.OPINION}" in body] == ["7", "8"]
    assert [chat for chat, body in heard.items() if f"<b>1</b> {telegram.REPORTED}" in body] == ["7"]


async def test_ones_own_change_does_not_wait_for_oneself(house: House) -> None:
    publisher = await house.hire(Role.PUBLISHER, "7")
    other = await house.hire(Role.PUBLISHER, "8")
    revision = await house.newsroom.begin(publisher, Proposal(BIRTH.code, "", None, Effect.REMOVED))
    await house.run("UPDATE revision SET state = 'review' WHERE id = :id", id=revision.id)
    assert telegram.REVIEW not in (await house.says())["body"]
    assert telegram.REVIEW in (await house.says("", "8"))["body"]
    assert other.id != publisher.id


async def test_a_link_signs_in_once_and_is_not_given_without_end(house: House) -> None:
    clerk = await house.hire(Role.VIEWER, "7")
    payload = await house.says("vao")
    found = re.search(rf"{ADDRESS}{links.PATH}(\S+)", payload["body"])
    assert found
    async with house.engine.begin() as connection:
        used = await links.use(connection, found[1], "any browser")
        assert used
        assert used.clerk.id == clerk.id
        assert await links.use(connection, found[1], "any browser") is None
    assert [(await house.presses("desk:link"))["body"] == telegram.ENOUGH for _ in range(3)] == [False, False, True]
    assert await house.newsroom.trail() == ["access.ask"] * 3


async def test_a_notice_is_shown_first_then_posted_once_and_taken_down(house: House) -> None:
    await house.hire(Role.PUBLISHER, "7", HANOI)
    preview = await house.says("thongbao Cổng <bảo trì>\nđến: 23:59 31/12/2099\nnơi: phường Ba Đình, Hà Nội")
    assert "Phường Ba Đình" in preview["body"]
    assert "Cổng &lt;bảo trì&gt;" in preview["body"]
    assert "đến 23:59 31/12/2099" in preview["body"]
    assert await notices.banners(house.engine) == ()
    post, _ = buttons(preview)
    posted = await house.presses(post)
    assert posted["body"] == telegram.POSTED
    (banner,) = await notices.banners(house.engine)
    assert (banner.text, banner.scope) == ("Cổng <bảo trì>", "00004")
    assert (await house.presses(post))["body"] == notices.OLD_DRAFT
    assert (await house.presses(buttons(posted)[0]))["body"] == telegram.TAKEN_DOWN
    assert await notices.banners(house.engine) == ()
    assert (await house.presses(buttons(posted)[0]))["body"] == notices.GONE
    assert await house.newsroom.trail() == ["notice.publish", "notice.withdraw"]


async def test_what_is_not_right_is_told_in_words_and_nothing_is_kept(house: House) -> None:
    await house.hire(Role.PUBLISHER, "7", HANOI)
    await house.hire(Role.EDITOR, "8")
    refused = {
        "thongbao Tin\nđến: chiều": "chiều",
        "thongbao Tin\nđến: 1/1/2020": notices.PAST,
        "thongbao Tin\nnơi: Huế": staff.NOT_YOURS,
        "thongbao đến: 14:00 1/1/2099": notices.NO_TEXT,
        "thongbao " + "a" * 501: "500",
        "bậy": telegram.UNKNOWN,
        "post:1": telegram.UNKNOWN,
    }
    for said, words in refused.items():
        assert words in (await house.says(said))["body"], said
    assert (await house.says("thongbao Tin", "8"))["body"] == notices.NOT_ALLOWED
    assert "<code>" in (await house.says("thongbao"))["body"]
    assert await house.run("SELECT count(*) FROM notice") == [(0,)]


async def test_only_the_latest_draft_of_its_author_can_be_posted(house: House) -> None:
    await house.hire(Role.PUBLISHER, "7")
    await house.hire(Role.PUBLISHER, "8")
    first, second = buttons(await house.says("thongbao Một"))[0], buttons(await house.says("thongbao Hai"))[0]
    assert (await house.presses(first))["body"] == notices.OLD_DRAFT
    assert (await house.presses(second, "8"))["body"] == notices.OLD_DRAFT
    await house.presses(second)
    assert [each.text for each in await notices.banners(house.engine)] == ["Hai"]
