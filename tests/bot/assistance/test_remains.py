"""After the time a case is kept, nothing of the resident is left: in no table, in no log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import members
from bot.assistance.desk import Desk
from bot.assistance.post import Postman
from bot.assistance.slips import Slips
from bot.dialogue import conversation
from bot.dialogue.turn import Reply, Turn, TurnKind
from bot.dossiers.lookup import LookUps
from bot.dossiers.register import Register
from bot.dossiers.routing import Route, Routing
from bot.effects import Effects
from bot.intake import APOLOGY, Intake
from bot.moment import Flows
from bot.storage.housekeeping import sweep
from bot.storage.notices import Notices
from tests.bot.assistance import band, table
from tests.bot.dossiers.desk import SEALS, Told, report

NAME = "Xyquýnh"
CODE = "000.00.53.H48-261122-0777"
ALWAYS = 3650


class Home:
    """Volunteers and residents with all that stores what they say."""

    def __init__(self, engine: AsyncEngine, seen: bool) -> None:
        self.engine = engine
        known = table.services()
        desk = Desk(30, (members.rows,))
        flows = Flows((desk.flow(), desk.last()), lambda: known)
        source = Told(*([report(CODE)] if seen else []))
        routing = Routing([Route(("*",), source), Route(("*", "BHXH"), Register(engine, SEALS))])
        self.look_ups = LookUps(engine, routing, SEALS, lambda: known)
        respond = partial(conversation.respond, services=known)
        self.intake = Intake(engine, respond, Effects(SEALS).store, flows=flows)
        self.files = Slips(engine, lambda: known)
        self.last = Reply(())

    async def says(self, who: str, words: str) -> None:
        """Type something, or press the button of the last answer that is called so."""
        buttons = {each.label: each.action for message in self.last.messages for row in message.buttons for each in row}
        if action := buttons.get(words):
            turn = Turn(TurnKind.ACTION, action)
        elif words.startswith(("aid:", "follow:")):
            turn = Turn(TurnKind.ACTION, words)
        else:
            command, _, rest = words[1:].partition(" ")
            turn = Turn(TurnKind.COMMAND, rest, command) if words[0] == "/" else Turn(TurnKind.TEXT, words)
        channel, address = who.split(" ", 1)
        reply = await self.intake.receive(channel, address, turn, said=words if channel == "web" else None)
        assert reply
        assert reply != APOLOGY
        self.last = reply
        for row in await band.run(self.engine, "SELECT id FROM lookup ORDER BY id"):
            await self.look_ups.answer(row.id)
        await Postman(self.engine, Notices(self.engine.url)).round()

    async def all_say(self, who: str, *words: str) -> None:
        for each in words:
            await self.says(who, each)


async def everything(engine: AsyncEngine, markers: Sequence[str]) -> set[str]:
    """Return the tables in which one of the markers stands anywhere."""
    found = set()
    names = await band.run(engine, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    async with engine.connect() as connection:
        for (name,) in names:
            rows = await connection.execute(text(f'SELECT CAST("{name}" AS text) FROM "{name}"'))
            if any(marker.lower() in row.lower() for (row,) in rows for marker in markers):
                found.add(name)
    return found


async def aged(engine: AsyncEngine, days: int) -> None:
    """Let so many days pass, for every moment in every table of ours."""
    columns = await band.run(
        engine,
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type LIKE 'timestamp%' AND table_name NOT LIKE 'procrastinate%' "
        "AND table_name NOT IN ('audit', 'revision', 'release')",
    )
    for name, column in columns:
        statement = f'UPDATE "{name}" SET "{column}" = "{column}" - make_interval(days => {days})'
        await band.run(engine, statement)


async def whole_sitting(home: Home, engine: AsyncEngine) -> None:
    """Two volunteers, one on the page and one on Telegram, help one resident from consent to the end."""
    async with engine.begin() as connection:
        team = await band.team(connection)
        await band.member(connection, team, "Lan", channel="web")
        await band.member(connection, team, "Minh", leader=True)
    lan, minh = f"web chat of Lan in {team}", f"telegram chat of Minh in {team}"
    await home.all_say(lan, "/hotro", "Mở việc mới", "Người dân đồng ý", NAME, table.ASKED, "Làm thủ tục này")
    await home.all_say(lan, "Có", "Nộp qua mạng", "☐ 1", "/hotro", f"{NAME}: Đăng ký khai sinh")
    await home.all_say(lan, f"{NAME} thì hỏi gì nữa không", f"Về hồ sơ của {NAME}", "Hướng dẫn nộp qua mạng")
    await home.all_say(lan, "Xong", "Bị vướng", "Mới có mức 1", "Báo đội trưởng", *["Xong"] * 5, f"mã {CODE}")
    await home.says(lan, "In phiếu cho người dân")
    file = home.last.messages[-1].file
    assert file
    assert await home.files.find(file.path)
    ((number, asked),) = await band.run(
        engine, "SELECT sitting.id, volunteer.id FROM sitting, volunteer WHERE volunteer.name = 'Minh'"
    )
    await home.all_say(lan, f"aid:sitopen:{number}", f"aid:handto:{number}:{asked}")
    await home.all_say(minh, "/hotro", "Xem: Đăng ký khai sinh", "Nhận", "Mã QR theo dõi", "/huy")
    await home.all_say(minh, CODE, f"aid:sitopen:{number}", "Kết thúc", "Đã nộp qua mạng")
    await home.all_say(lan, CODE, "5678", f"follow:{CODE}")  # what they should not do, after the end


@pytest.mark.parametrize("seen", [True, False])
async def test_nothing_of_the_resident_is_left(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture, seen: bool
) -> None:
    with caplog.at_level(logging.DEBUG, "bot"):
        home = Home(engine, seen)
        await whole_sitting(home, engine)
        assert {"sitting", "message", "chat"} <= await everything(engine, [NAME, CODE])
        await aged(engine, 29)
        assert await sweep(engine, ALWAYS, 30)
        assert "sitting" in await everything(engine, [NAME, CODE])
        await aged(engine, 2)
        assert await sweep(engine, ALWAYS, 30)
        assert await everything(engine, [NAME, CODE]) == set()
    assert not any(marker in caplog.text for marker in (NAME, CODE))
    assert await band.run(engine, "SELECT outcome, online FROM work") == [("online", True)]
    assert len(await band.run(engine, "SELECT id FROM chat")) == 2


async def test_what_the_resident_follows_stays_theirs(engine: AsyncEngine) -> None:
    home = Home(engine, seen=True)
    await whole_sitting(home, engine)
    path = "payload->'file'->>'path'"
    ((shown,),) = await band.run(engine, f"SELECT {path} FROM message WHERE {path} LIKE '/slip/%.png' LIMIT 1")
    await home.says("web resident", f"/start f_{shown.removeprefix('/slip/').removesuffix('.png')}")
    await aged(engine, 31)
    assert await sweep(engine, ALWAYS, 30)
    assert await everything(engine, [NAME]) == set()
    assert await everything(engine, [CODE]) == {"chat", "message", "known"}
    others = "SELECT address FROM chat WHERE CAST(chat AS text) LIKE :code"
    assert await band.run(engine, others, code=f"%{CODE}%") == [("resident",)]
    assert await band.run(engine, "SELECT address FROM following JOIN chat ON chat.id = chat_id") == [("resident",)]


async def test_an_untouched_case_ends_by_itself_and_counts_when_it_was_filed(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan = await laid.volunteer("Lan")
    await table.filed(lan, "Hòa")
    await table.begun(lan, "Mai")
    await aged(engine, 15)
    assert await sweep(engine, ALWAYS, 30)
    assert await band.run(engine, "SELECT outcome FROM sitting") == [("forgotten",), ("forgotten",)]
    assert await band.run(engine, "SELECT outcome, online FROM work") == [("online", True)]
    assert "Chưa có hồ sơ nào" in await lan.says("/hotro")
    await aged(engine, 31)
    assert await sweep(engine, ALWAYS, 30)
    assert await everything(engine, ["Hòa", "Mai"]) == set()


async def test_a_case_in_use_is_kept_and_a_silent_volunteer_too(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan = await laid.volunteer("Lan")
    await table.begun(lan, "Hòa")
    await aged(engine, 40)
    await band.run(engine, "UPDATE sitting SET touched_at = now()")
    await band.run(engine, "UPDATE message SET state = 'sent'")
    assert await sweep(engine, 30, 1)
    assert "Hồ sơ đang làm" in await lan.says("/hotro")
    assert any(label.startswith("Hòa") for label in lan.labels)


async def test_what_several_cases_left_in_a_chat_goes_and_the_one_in_hand_stays(engine: AsyncEngine) -> None:
    home = Home(engine, seen=False)
    async with engine.begin() as connection:
        await band.member(connection, await band.team(connection), "Lan", channel="web")
    ((address,),) = await band.run(engine, "SELECT address FROM chat")
    lan = f"web {address}"
    for name, code in (("Một", CODE), ("Hai", CODE.replace("0777", "0778"))):
        await home.all_say(lan, "/hotro", "Mở việc mới", "Người dân đồng ý", name, table.ASKED, "Làm thủ tục này")
        await home.all_say(lan, f"Về hồ sơ của {name}", "Ghi mã hồ sơ", code, f"Về hồ sơ của {name}", "Kết thúc")
        await home.says(lan, "Đi nộp trực tiếp")
    await home.says(lan, CODE)
    await aged(engine, 31)
    await home.all_say(lan, "/hotro", "Mở việc mới", "Người dân đồng ý")
    assert await sweep(engine, ALWAYS, 30)
    assert await everything(engine, [CODE, "Một"]) == set()
    await home.says(lan, "Ba")
    assert "Hồ sơ của Ba" in home.last.messages[0].body
