from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import desk, handing
from tests.bot.assistance import band, table


async def test_a_case_changes_hands_with_its_state_only_when_accepted(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan, minh = await laid.volunteer("Lan"), await laid.volunteer("Minh")
    await table.begun(lan, "Hòa")
    await lan.presses("☐ 1")
    ((number, before),) = await band.run(engine, "SELECT id, prepared FROM sitting")
    await lan.sends("hand", number)
    await lan.presses("Minh")
    (asked,) = await minh.told()
    assert "Hòa" not in asked
    assert "Đăng ký khai sinh" in asked
    assert "Hồ sơ của Hòa" in await lan.sends("sitopen", number)
    await minh.says("/hotro")
    await minh.presses("Xem: Đăng ký khai sinh")
    assert "Hồ sơ của Hòa" in await minh.presses(handing.YES)
    (told,) = await lan.told()
    assert "Minh" in told
    assert await lan.sends("sitopen", number) == desk.NOT_YOURS
    assert "(đã có 1/2)" in await minh.sends("sit", number, "case")
    ((after, chats),) = await band.run(engine, "SELECT prepared, jsonb_array_length(chats) FROM sitting")
    assert (after, chats) == (before, 2)


async def test_refused_or_taken_back_it_stays(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan, minh = await laid.volunteer("Lan"), await laid.volunteer("Minh")
    await table.begun(lan, "Hòa")
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    await lan.sends("hand", number)
    await lan.presses("Minh")
    assert await minh.sends("handno", number) == handing.REFUSED
    ((way_back,),) = await band.run(engine, "SELECT CAST(payload AS text) FROM post WHERE payload::text LIKE '%chưa%'")
    assert f"aid:sitopen:{number}" in way_back
    assert "chưa nhận được" in (await lan.told())[0]
    await lan.sends("hand", number)
    await lan.presses("Minh")
    await lan.sends("handoff", number)
    assert "không cần chuyển" in (await minh.told())[-1]
    assert await minh.sends("handyes", number) == handing.TOO_LATE
    assert "Hồ sơ của Hòa" in await lan.sends("sitopen", number)


async def test_only_active_members_of_the_team_are_asked(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan = await laid.volunteer("Lan")
    async with engine.begin() as connection:
        elsewhere = await band.team(connection, "Đội khác")
        stranger, _ = await band.member(connection, elsewhere, "Tú")
        paused, _ = await band.member(connection, laid.team, "Sơn")
    await band.run(engine, "UPDATE volunteer SET state = 'paused' WHERE id = :id", id=paused)
    await table.begun(lan, "Hòa")
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    assert handing.NOBODY in await lan.sends("hand", number)
    for whom in (stranger, paused, 999, "x"):
        assert handing.NOT_THERE in await lan.sends("handto", number, whom)
    assert await band.run(engine, "SELECT offered_to FROM sitting") == [(None,)]


async def test_accepting_and_ending_at_once_has_one_outcome(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan, minh = await laid.volunteer("Lan"), await laid.volunteer("Minh")
    for _ in range(5):
        await table.begun(lan, "Hòa")
        ((number, other),) = await band.run(
            engine,
            "UPDATE sitting SET offered_to = (SELECT id FROM volunteer WHERE name = 'Minh') WHERE ended_at IS NULL "
            "RETURNING id, offered_to",
        )
        said = await asyncio.gather(minh.sends("handyes", number), lan.sends("sitclose", number, "online"))
        ((holder, ended),) = await band.run(
            engine, "SELECT volunteer, ended_at IS NOT NULL FROM sitting WHERE id = :id", id=number
        )
        assert (said[0] == handing.TOO_LATE) == ended
        assert (said[1] == desk.NOT_YOURS) == (not ended)
        assert (holder == other) == (not ended)
        await band.run(engine, "UPDATE sitting SET ended_at = now() WHERE ended_at IS NULL")
