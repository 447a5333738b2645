from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import accepting, ending, speech
from bot.dialogue import conversation
from tests.bot.assistance.helping import Ward, ward

HUE = "19804"


@pytest.fixture
def here(engine: AsyncEngine) -> Ward:
    return ward(engine)


async def test_of_two_at_once_one_has_it_and_the_other_hears_so(here: Ward) -> None:
    lan, minh = await here.volunteer("Lan"), await here.volunteer("Minh")
    citizen = await here.citizen()
    await here.asked(citizen)
    await lan.hears()
    await minh.hears()
    said = await asyncio.gather(lan.presses(speech.TAKE), minh.presses(speech.TAKE))
    assert sorted(words == accepting.GONE for words in said) == [False, True]
    assert len(await citizen.hears()) == 1


async def test_nobody_fishes(here: Ward) -> None:
    await here.volunteer("Lan")
    citizen = await here.citizen()
    await here.asked(citizen)
    ((number,),) = await here.run("SELECT id FROM help_request")
    minh = await here.volunteer("Minh", on_duty=False)
    stranger = await here.citizen("8")
    assert await minh.sends("help", "take", number) == accepting.GONE
    assert await minh.sends("help", "take", number + 1) == accepting.GONE
    assert await stranger.sends("help", "take", number) == conversation.STALE
    assert await citizen.sends("help", "take", number) == conversation.STALE
    assert await here.run("SELECT state FROM help_request") == [("waiting",)]


async def test_one_talk_at_a_time(here: Ward) -> None:
    lan = await here.volunteer("Lan")
    one, two = await here.citizen("1"), await here.citizen("2")
    await here.asked(one)
    await here.asked(two)
    first, second = await here.run("SELECT id FROM help_request ORDER BY id")
    await lan.sends("help", "take", first[0])
    assert await lan.sends("help", "take", second[0]) == accepting.BUSY
    assert "Đang" not in await lan.says("/nhogiup")
    assert "đang giúp một người" in await lan.says("/nhogiup")


async def test_twenty_a_day_and_nothing_while_resting(here: Ward) -> None:
    lan, citizen = await here.volunteer("Lan"), await here.citizen()
    await here.asked(citizen)
    ((number,),) = await here.run("SELECT id FROM help_request")
    await here.run(
        "INSERT INTO help_request (chat_id, commune, state, volunteer, taken_at, ended_at) "
        "SELECT chat_id, commune, 'ended', (SELECT id FROM volunteer), now(), now() "
        "FROM help_request, generate_series(1, 20)"
    )
    assert await lan.sends("help", "take", number) == accepting.ENOUGH.format(most=20)
    await here.run("UPDATE volunteer SET state = 'paused'")
    assert await lan.sends("help", "take", number) == accepting.PAUSED


async def test_officers_take_only_where_they_work(here: Ward) -> None:
    await here.volunteer("Lan")
    citizen = await here.citizen()
    await here.asked(citizen)
    ((number,),) = await here.run("SELECT id FROM help_request")
    viewer = await here.officer("71", role="viewer")
    elsewhere = await here.officer("72", scope="46")
    gone = await here.officer("73")
    await here.run("UPDATE staff SET disabled = true WHERE telegram = '73'")
    assert await viewer.sends("help", "take", number) == conversation.STALE
    assert await gone.sends("help", "take", number) == conversation.STALE
    assert await elsewhere.sends("help", "take", number) == accepting.GONE
    hoa = await here.officer("74", scope="00004")
    assert "Anh/chị đã nhận giúp" in await hoa.sends("help", "take", number)
    assert await here.run("SELECT act, object FROM audit") == [("help.take", f"help {number}")]


async def test_who_goes_leaves_nobody_alone(here: Ward) -> None:
    lan, citizen = await here.volunteer("Lan"), await here.citizen()
    number = await here.talking(citizen, lan)
    await citizen.says("chào chị")
    minh = await here.volunteer("Minh")
    await here.run("UPDATE volunteer SET state = 'removed' WHERE name = 'Lan'")
    async with here.engine.begin() as connection:
        ((volunteer,),) = await here.run("SELECT id FROM volunteer WHERE name = 'Lan'")
        assert [each.id for each in await ending.forsake(connection, volunteer)] == [number]
    await here.alerts.round()
    assert len(await minh.hears()) == 1
    hoa = await here.officer()
    said = await hoa.sends("help", "take", number)
    assert "chào chị" not in said
