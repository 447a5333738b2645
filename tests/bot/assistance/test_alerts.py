from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import speech, waiting
from bot.dossiers.dates import Quiet
from knowledge.calendar import VIETNAM
from tests.bot.assistance.band import BA_DINH
from tests.bot.assistance.helping import Somebody, Ward, ward

NEAR, FAR, HUE = "00008", "09880", "19804"
"""A commune beside Ba Dinh, one at the edge of Hanoi, one in another province."""


@pytest.fixture
def here(engine: AsyncEngine) -> Ward:
    return ward(engine)


async def heard(*people: Somebody) -> list[int]:
    return [len(await each.hears()) for each in people]


async def test_only_those_who_may_help_are_told(here: Ward) -> None:
    lan, off = await here.volunteer("Lan"), await here.volunteer("Tắt", on_duty=False)
    paused, blocked = await here.volunteer("Nghỉ"), await here.volunteer("Chặn")
    busy, closed = await here.volunteer("Bận"), await here.volunteer("Đóng")
    other = await here.volunteer("Huế", HUE)
    await here.run("UPDATE volunteer SET state = 'paused' WHERE name = 'Nghỉ'")
    await here.run("UPDATE chat SET blocked = true WHERE address LIKE 'chat of Chặn%'")
    await here.run("UPDATE team SET closed_at = now() WHERE name = 'Đội Đóng'")
    await here.run(
        "INSERT INTO help_request (chat_id, commune, state) "
        "SELECT id, '00004', 'live' FROM chat WHERE address LIKE 'chat of Bận%'"
    )
    citizen = await here.citizen()
    assert waiting.TOLD.format(count=1) in await here.asked(citizen)
    await here.alerts.round()
    assert await heard(lan, off, paused, blocked, busy, closed, other) == [1, 0, 0, 0, 0, 0, 0]


async def test_a_volunteer_who_asks_is_not_told_of_it(here: Ward) -> None:
    lan = await here.volunteer("Lan")
    await lan.says("/noio phường ba đình hà nội")
    assert waiting.NONE_ON.split(".")[0] in await here.asked(lan)
    assert await heard(lan) == [0]


async def test_who_comes_on_duty_later_is_told_once(here: Ward) -> None:
    lan, citizen = await here.volunteer("Lan"), await here.citizen()
    await here.asked(citizen)
    minh = await here.volunteer("Minh")
    await here.alerts.round()
    await here.alerts.round()
    assert await heard(lan, minh) == [1, 1]


async def test_it_goes_further_after_ten_minutes_and_after_ten_more(here: Ward) -> None:
    lan, near, far = await here.volunteer("Lan"), await here.volunteer("Gần", NEAR), await here.volunteer("Huế", HUE)
    hoa, nation = await here.officer("70", "01"), await here.officer("71", "")
    citizen = await here.citizen()
    await here.asked(citizen)
    everybody = (lan, near, far, hoa, nation)
    told: list[list[str]] = []
    assert await heard(*everybody) == [1, 0, 0, 0, 0]
    for interval, expected in (("9 minutes", [0] * 5), ("2 minutes", [0, 1, 0, 0, 0]), ("11 minutes", [0, 0, 0, 1, 0])):
        await here.later(interval)
        await here.alerts.round()
        assert await heard(*everybody) == expected, interval
        told.append(await citizen.hears())
        assert told[-1] == [] or told[-1][0] in await citizen.says("/nhogiup")
    assert told == [[], [speech.further(1)], [speech.further(2)]]
    await here.later("1 hour")
    await here.alerts.round()
    assert await heard(*everybody, citizen) == [0] * 6
    assert "Anh/chị đã nhận giúp" in await lan.sends(
        "help", "take", (await here.run("SELECT id FROM help_request"))[0][0]
    )


async def test_when_nobody_is_here_those_around_hear_at_once_the_nearest_five(here: Ward) -> None:
    communes = [
        code
        for code, each in sorted(here.services.places.gazetteer.communes.items())
        if each.province.code == "01" and code != BA_DINH
    ][:7]
    around = [await here.volunteer(code, code) for code in communes]
    citizen = await here.citizen()
    assert waiting.TOLD.format(count=5) in await here.asked(citizen)
    assert sum(await heard(*around)) == 5


async def test_the_whole_country_hears_when_nobody_is_nearer(here: Ward) -> None:
    await here.volunteer("Lan")
    nation, viewer = await here.officer("71", ""), await here.officer("72", "01", "viewer")
    citizen = await here.citizen()
    await here.asked(citizen)
    for _ in range(2):
        await here.later("11 minutes")
        await here.alerts.round()
    assert await heard(nation, viewer) == [1, 0]


async def test_without_an_office_it_does_not_go_to_staff(engine: AsyncEngine) -> None:
    here = ward(engine, office=False)
    lan, hoa, citizen = await here.volunteer("Lan"), await here.officer(), await here.citizen()
    await here.talking(citizen, lan)
    assert speech.TO_STAFF not in lan.labels
    await citizen.says("/ketthuc")
    await here.asked(citizen)
    for _ in range(3):
        await here.later("11 minutes")
        await here.alerts.round()
    assert await heard(hoa) == [0]
    assert await here.run("SELECT level FROM help_request WHERE state = 'waiting'") == [(1,)]


async def test_it_does_not_go_further_in_hours_that_are_closed(engine: AsyncEngine) -> None:
    hour = datetime.now(VIETNAM).hour
    here = ward(engine, closed=Quiet((hour - 1) % 24, (hour + 2) % 24))
    lan, near, citizen = await here.volunteer("Lan"), await here.volunteer("Gần", NEAR), await here.citizen()
    await here.asked(citizen)
    await here.later("11 minutes")
    await here.alerts.round()
    assert await heard(lan, near) == [1, 0]


async def test_silence_is_asked_about_once_then_ends_it(here: Ward) -> None:
    lan, citizen = await here.volunteer("Lan"), await here.citizen()
    await here.talking(citizen, lan)
    await here.later("119 minutes")
    await here.alerts.round()
    assert await heard(lan, citizen) == [0, 0]
    await here.later("2 minutes")
    await here.alerts.round()
    await here.alerts.round()
    assert [await lan.hears(), await citizen.hears()] == [[speech.NUDGE]] * 2
    await citizen.says("còn ạ")
    await lan.hears()
    await here.later("125 minutes")
    await here.alerts.round()
    assert [await lan.hears(), await citizen.hears()] == [[speech.NUDGE]] * 2
    await here.later("2 hours")
    await here.alerts.round()
    assert [await lan.hears(), await citizen.hears()] == [[speech.HELPER_SILENT], [speech.WENT_SILENT]]
    assert await here.run("SELECT state, outcome, ended_by FROM help_request") == [("ended", "silent", None)]
    assert await here.run("SELECT outcome FROM work") == [("silent",)]


async def test_what_nobody_takes_in_three_days_is_let_go(here: Ward) -> None:
    await here.volunteer("Lan")
    citizen = await here.citizen()
    await here.asked(citizen)
    await here.later("3 days")
    await here.alerts.round()
    assert await citizen.hears() == [speech.EXPIRED]
    assert await here.run("SELECT outcome, taken_at FROM help_request") == [("expired", None)]
    assert await here.run("SELECT FROM work") == []


async def test_when_the_helper_shuts_us_out_others_are_asked(here: Ward) -> None:
    lan, citizen = await here.volunteer("Lan"), await here.citizen()
    await here.talking(citizen, lan)
    minh = await here.volunteer("Minh")
    await here.run("UPDATE chat SET blocked = true WHERE address LIKE 'chat of Lan%'")
    await here.alerts.round()
    assert await citizen.hears() == [speech.HELPER_AWAY]
    assert await heard(lan, minh) == [0, 1]
    await minh.sends("help", "take", (await here.run("SELECT id FROM help_request"))[0][0])
    assert len(await citizen.hears()) == 1


async def test_when_an_officer_goes_another_may_take_it(here: Ward) -> None:
    lan, hoa, citizen = await here.volunteer("Lan"), await here.officer(), await here.citizen()
    number = await here.talking(citizen, lan)
    await lan.sends("talk", "staff", number)
    await citizen.sends("talk", "agree", number)
    await hoa.sends("help", "take", number)
    await here.run("UPDATE staff SET disabled = true")
    other = await here.officer("71")
    await citizen.hears()
    await here.alerts.round()
    assert await citizen.hears() == [speech.OFFICER_LEFT]
    assert await hoa.says("còn đây") != ""
    assert "Anh/chị đã nhận giúp" in await other.sends("help", "take", number)


async def test_who_shuts_us_out_is_not_waited_for(here: Ward) -> None:
    lan, one, two = await here.volunteer("Lan"), await here.citizen("1"), await here.citizen("2")
    await here.talking(one, lan)
    await here.asked(two)
    await here.run("UPDATE chat SET blocked = true WHERE address IN ('1', '2')")
    await here.alerts.round()
    assert await lan.hears() == [speech.ENDED_BY_CITIZEN]
    assert await here.run("SELECT DISTINCT state, outcome FROM help_request") == [("ended", "cancelled")]
