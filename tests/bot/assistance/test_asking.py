from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import asking, speech, waiting
from bot.dialogue import commands, place, welcome
from bot.dossiers.dates import Quiet
from knowledge.calendar import VIETNAM
from tests.bot.assistance.band import BA_DINH, Person
from tests.bot.assistance.helping import Ward, ward
from tests.bot.dialogue.records import BIRTH


@pytest.fixture
def here(engine: AsyncEngine) -> Ward:
    return ward(engine)


async def test_where_what_when_and_a_last_look(here: Ward) -> None:
    lan = await here.volunteer()
    citizen = here.person("7")
    assert place.ASK[1:] in await citizen.says("/nhogiup")
    asked = await citizen.says("phường ba đình hà nội")
    assert "Phường Ba Đình" in asked
    assert "Gõ một câu ngắn" in asked
    assert await citizen.says("tôi tên Nguyễn Văn An, không vào được VNeID") == asking.ASK_WHEN
    look = await citizen.says("tối thứ bảy")
    assert "Phường Ba Đình" in look
    assert "không vào được VNeID" in look
    assert "Nguyễn" not in look
    assert "tối thứ bảy" in look
    assert await here.run("SELECT * FROM help_request") == []
    assert waiting.TOLD.format(count=1) in await citizen.presses(asking.SEND)
    (alert,) = await lan.hears()
    assert "không vào được VNeID" in alert
    assert lan.labels == [speech.TAKE]
    ((commune, state, wanted),) = await here.run("SELECT commune, state, wanted FROM help_request")
    assert (commune, state, wanted) == (BA_DINH, "waiting", "tối thứ bảy")
    assert (await here.run("SELECT session->'noted' FROM chat WHERE address = '7'")) == [({},)]


async def looked(citizen: Person) -> None:
    """Let somebody come as far as the last look."""
    await citizen.says("/nhogiup")
    await citizen.says("không nộp được hồ sơ")
    assert "không nộp được hồ sơ" in await citizen.presses(asking.NOW)


@pytest.mark.parametrize("words", ["gửi đi", "Dạ gửi giúp em ạ", "đồng ý"])
async def test_what_is_typed_at_the_last_look_sends_it(here: Ward, words: str) -> None:
    await here.volunteer()
    citizen = await here.citizen()
    await looked(citizen)
    assert waiting.TOLD.format(count=1) in await citizen.says(words)
    assert await here.run("SELECT subject FROM help_request") == [("không nộp được hồ sơ",)]


@pytest.mark.parametrize("words", ["thôi", "đừng gửi nữa"])
async def test_what_is_typed_at_the_last_look_lets_it_go(here: Ward, words: str) -> None:
    await here.volunteer()
    citizen = await here.citizen()
    await looked(citizen)
    assert await citizen.says(words) == asking.DROPPED
    assert await here.run("SELECT FROM help_request") == []


async def test_the_procedure_on_the_screen_is_one_tap(here: Ward) -> None:
    lan = await here.volunteer()
    citizen = await here.citizen()
    await citizen.says(f"/start p_{BIRTH.code}")
    await citizen.says("/nhogiup")
    (this,) = [label for label in citizen.labels if label.startswith("Việc đang xem")]
    await citizen.presses(this)
    assert "Đăng ký khai sinh" in await citizen.presses(asking.NOW)
    await citizen.presses(asking.SEND)
    assert "Đăng ký khai sinh" in (await lan.hears())[0]
    assert await here.run("SELECT subject, procedure FROM help_request") == [("", BIRTH.code)]


async def test_what_was_asked_in_vain_is_one_tap_and_the_way_here_is_offered(here: Ward) -> None:
    await here.volunteer()
    citizen = await here.citizen()
    await citizen.says("zzz qqq một")
    assert welcome.ASK_HELP not in citizen.labels
    await citizen.says("zzz qqq hai")
    await citizen.presses(welcome.ASK_HELP)
    (asked,) = [label for label in citizen.labels if label.startswith("Việc vừa hỏi")]
    assert await citizen.presses(asked) == asking.ASK_WHEN
    assert await citizen.says("thôi không cần nữa") == asking.DROPPED
    for words in ("cho gặp người", "nhờ người giúp"):
        await citizen.says(words)
        assert welcome.ASK_HELP in citizen.labels, words


@pytest.mark.parametrize("words", ["mã otp là 482913", "cccd của tôi 001090123456"])
async def test_secrets_are_neither_taken_nor_kept(here: Ward, words: str) -> None:
    await here.volunteer()
    citizen = await here.citizen(channel="web")
    await citizen.says("/nhogiup")
    said = await citizen.writes(words)
    assert said
    assert said != asking.ASK_WHEN
    await citizen.says("làm căn cước")
    assert (await citizen.writes(words)) != asking.ASK_WHEN
    rows = await here.run("SELECT payload::text FROM message UNION ALL SELECT session::text FROM chat")
    digits = [number for number in ("482913", "001090123456") if number in words]
    assert not [row for (row,) in rows if any(number in row for number in digits)]
    assert speech.HELD in str(rows)


async def test_one_open_request_that_can_be_seen_and_taken_back(here: Ward) -> None:
    lan = await here.volunteer()
    citizen = await here.citizen()
    await here.asked(citizen)
    state = await citizen.says("/nhogiup")
    assert waiting.STILL in state
    assert await citizen.presses(waiting.CANCEL) == waiting.CANCELLED
    assert await here.run("SELECT state, outcome, ended_by FROM help_request") == [("ended", "cancelled", "citizen")]
    await lan.hears()
    assert (await lan.presses(speech.TAKE)).startswith("Việc này đã có người nhận")


async def test_a_second_press_makes_no_second_request(here: Ward) -> None:
    await here.volunteer()
    citizen = await here.citizen()
    await here.asked(citizen)
    assert waiting.STILL in await citizen.sends("help", "send")
    assert len(await here.run("SELECT FROM help_request")) == 1


async def test_three_a_day(here: Ward) -> None:
    await here.volunteer()
    citizen = await here.citizen()
    for _ in range(3):
        await here.asked(citizen)
        await citizen.presses(waiting.CANCEL)
    assert await citizen.says("/nhogiup") == asking.ENOUGH.format(most=3)
    await here.later("1 day")
    assert "Gõ một câu ngắn" in await citizen.says("/nhogiup")


async def test_where_nobody_helps_that_is_said_at_once(here: Ward) -> None:
    citizen = await here.citizen()
    assert asking.NOBODY.format(place="Phường Ba Đình, TP. Hà Nội") in await citizen.says("/nhogiup")
    await here.officer(scope="46")
    assert "chưa có" in await citizen.says("/nhogiup")
    await here.officer("71", scope="01", role="viewer")
    assert "chưa có" in await citizen.says("/nhogiup")
    await here.officer("72", scope="")
    assert "Gõ một câu ngắn" in await citizen.says("/nhogiup")


async def test_turning_to_something_else_forgets_the_draft(here: Ward) -> None:
    await here.volunteer()
    citizen = await here.citizen()
    await citizen.says("/nhogiup")
    await citizen.says("xin giấy tạm trú")
    await citizen.says("/help")
    assert (await here.run("SELECT session->'noted', session->'awaiting' FROM chat WHERE address = 'citizen'")) == [
        ({}, None)
    ]
    assert asking.LOST in await citizen.sends("help", "send")
    await citizen.presses(asking.DROP)
    assert await here.run("SELECT FROM help_request") == []


async def test_a_place_asked_for_is_not_asked_for_ever(here: Ward) -> None:
    await here.volunteer()
    citizen = here.person("7")
    await citizen.says("/nhogiup")
    await citizen.says("/help")
    assert "Gõ một câu ngắn" not in await citizen.says("/noio phường ba đình hà nội")


async def test_groups_are_no_place_to_ask(here: Ward) -> None:
    assert await here.person("-100").says("/nhogiup") == asking.IN_GROUP


async def test_later_is_told_later(here: Ward) -> None:
    lan = await here.volunteer()
    citizen = await here.citizen()
    await citizen.says("/nhogiup")
    await citizen.says("làm căn cước cho con")
    await citizen.presses(asking.MORNING)
    sent = await citizen.presses(asking.SEND)
    tomorrow = datetime.now(VIETNAM) + timedelta(days=1)
    assert f"08:00 ngày {tomorrow:%d/%m}" in sent
    await here.alerts.round()
    assert await lan.hears() == []
    assert f"08:00 ngày {tomorrow:%d/%m}" in await citizen.says("/nhogiup")
    await here.later("2 days")
    await here.run("UPDATE volunteer SET on_duty_until = now() + interval '1 hour'")
    await here.alerts.round()
    assert len(await lan.hears()) == 1
    assert await citizen.hears() == [speech.OPENED_NOW]


async def test_outside_hours_it_is_kept_unless_somebody_is_there(engine: AsyncEngine) -> None:
    hour = datetime.now(VIETNAM).hour
    here = ward(engine, closed=Quiet((hour - 1) % 24, (hour + 2) % 24))
    lan = await here.volunteer(on_duty=False)
    citizen = await here.citizen()
    assert "Bây giờ không có ai trực" in await here.asked(citizen)
    await here.alerts.round()
    assert await lan.hears() == []
    await citizen.sends("help", "cancel", (await here.run("SELECT max(id) FROM help_request"))[0][0])
    await here.run("UPDATE volunteer SET on_duty_until = now() + interval '1 hour'")
    assert waiting.TOLD.format(count=1) in await here.asked(citizen)
    assert len(await lan.hears()) == 1


def test_the_command_is_named_where_commands_are() -> None:
    assert "/nhogiup" in commands.NO_SUCH
    assert "/nhogiup" in welcome.HELP
