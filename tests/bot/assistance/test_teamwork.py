"""A team looking after itself: resting, inviting, removing, leaving."""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import captaincy, duty, members, succession, teamwork
from bot.assistance.scene import TO_MENU
from bot.dialogue.conversation import STALE
from bot.dialogue.turn import TurnKind
from tests.bot.assistance import band
from tests.bot.assistance.band import Person
from tests.bot.assistance.crew import NOVEMBER, person, sitting, staffed, talk, worked
from tests.bot.assistance.test_captaincy import fetching
from tests.bot.printing import reading


async def test_only_staff_end_a_rest_that_staff_ordered(engine: AsyncEngine) -> None:
    await staffed(engine)
    hung = Person(engine, "1", teamwork.FLOW, captaincy.FLOW, duty.FLOW)
    await hung.sends("team")
    await hung.presses(teamwork.REST)
    async with engine.begin() as connection:
        found = await members.volunteer(connection, 1)
        assert found
        assert await teamwork.suspend(connection, found)
    assert await hung.told() == [teamwork.YOU_REST]
    for pressed in (("team", "resume"), ("team", "pause"), ("duty", 2), ("team", "invite", 5), ("team", "people"),
                    ("team", "removed", 2), ("lead",), ("leadcert", 2, NOVEMBER.key)):  # fmt: skip
        assert await hung.sends(*pressed) == members.SUSPENDED
        assert hung.labels in ([members.TEAM], [members.TEAM, TO_MENU])
    await hung.sends("team")
    assert hung.labels == [teamwork.LEAVE, TO_MENU]
    assert await band.run(engine, "SELECT name, state FROM volunteer ORDER BY id") == [
        ("Hùng", "suspended"),
        ("Lan", "active"),
        ("Minh", "active"),
    ]
    async with engine.begin() as connection:
        assert await teamwork.restore(connection, found)
        assert not await teamwork.restore(connection, found)
    assert await hung.told() == [teamwork.YOU_HELP_AGAIN]
    assert await hung.sends("duty", 2) != members.SUSPENDED


async def test_a_leader_whom_staff_let_rest_inherits_nothing(engine: AsyncEngine) -> None:
    await staffed(engine)
    async with engine.begin() as connection:
        await members.suspend(connection, 1)
        lan = await members.volunteer(connection, 2)
        assert lan
        assert await succession.heir(connection, lan) is None


async def test_resting_and_going_on(engine: AsyncEngine) -> None:
    await staffed(engine)
    lan = person(engine, "2")
    said = await lan.sends("team")
    assert "3 thành viên. Đội trưởng: Hùng." in said
    assert teamwork.NOBODY in said
    assert teamwork.INVITE not in lan.labels
    await lan.presses(teamwork.REST)
    assert lan.labels == [members.GO_ON, members.TEAM, TO_MENU]
    await lan.presses(members.TEAM)
    assert teamwork.REST not in lan.labels
    await lan.presses(members.GO_ON)
    assert lan.labels == [members.START_DUTY, members.TEAM, TO_MENU]


async def test_inviting_and_revoking(engine: AsyncEngine) -> None:
    await staffed(engine)
    hung = person(engine, "1")
    await hung.sends("team")
    await hung.presses(teamwork.INVITE)
    said = await hung.presses("5 người")
    links = re.findall(r'href="([^"]+)"', said)
    assert links[0].startswith("https://mot.cua/s/v_")
    assert links[1].startswith("https://t.me/motcua_bot?start=v_")
    assert "30/11/2026" in said
    picture = hung.last.messages[0].file
    assert picture
    files = fetching(engine, hung)
    file = await files.get(picture.path)
    assert file
    assert reading.qr_codes(Image.open(BytesIO(file.content))) == set(links)
    files.close()
    assert await band.run(engine, "SELECT team, uses_left, volunteer, leader FROM invitation") == [(1, 5, 1, False)]
    assert await hung.presses(teamwork.REVOKE) == teamwork.REVOKED
    assert await band.run(engine, "SELECT uses_left FROM invitation") == [(0,)]


async def test_removing_hands_on_what_was_open_and_tells(engine: AsyncEngine) -> None:
    await staffed(engine)
    await sitting(engine, 2)
    await sitting(engine, 3, offered=2)
    await talk(engine, 2)
    hung, lan = person(engine, "1"), person(engine, "2")
    await hung.sends("team", "people")
    await hung.presses("Lan")
    await hung.presses(teamwork.REMOVE)
    assert await hung.presses(teamwork.REMOVE) == teamwork.HAS_REMOVED.format(name="Lan")
    assert await band.run(engine, "SELECT volunteer, offered_to FROM sitting ORDER BY id") == [(1, None), (3, None)]
    assert await band.run(engine, "SELECT state, volunteer, helper_chat FROM help_request") == [("waiting", None, None)]
    assert await lan.told() == [teamwork.YOU_ARE_OUT.format(team="Thanh niên Ba Đình")]
    assert "1 hồ sơ" in (await hung.told())[0]
    assert len(await person(engine, "50").told()) == 1
    assert await lan.sends("team") == STALE
    assert await hung.sends("team", "removed", 2) == teamwork.NOT_THERE


async def test_leaders_are_not_removed_by_leaders_nor_members_of_others(engine: AsyncEngine) -> None:
    await staffed(engine)
    await band.run(engine, "UPDATE volunteer SET leader = true WHERE id = 3")
    async with engine.begin() as connection:
        stranger, _ = await band.member(connection, await band.team(connection, "Khác"), "Tú")
    hung = person(engine, "1")
    assert await hung.sends("team", "removed", 3) == teamwork.NOT_LEADERS
    assert await hung.sends("team", "removed", 1) == teamwork.NOT_LEADERS
    assert await hung.sends("team", "removed", stranger) == teamwork.NOT_THERE
    assert await band.run(engine, "SELECT count(*) FROM volunteer WHERE state = 'active'") == [(4,)]


async def test_leaving_hands_on_or_closes(engine: AsyncEngine) -> None:
    await staffed(engine)
    await sitting(engine, 2)
    lan, hung = person(engine, "2"), person(engine, "1")
    await lan.sends("team", "leave")
    assert teamwork.TO_LEADER in lan.last.messages[0].body
    assert await lan.presses(teamwork.LEAVE) == teamwork.HAS_LEFT.format(team="Thanh niên Ba Đình")
    assert await band.run(engine, "SELECT volunteer FROM sitting") == [(1,)]
    assert teamwork.LEFT_NEWS.format(name="Lan", team="Thanh niên Ba Đình") in await hung.told()
    assert teamwork.TO_NOBODY in await hung.sends("team", "leave")
    await hung.sends("team", "gone")
    assert await band.run(engine, "SELECT ended_at IS NULL FROM sitting") == [(False,)]
    assert await band.run(engine, "SELECT chat_id FROM volunteer WHERE id < 3") == [(None,), (None,)]


async def test_many_members_are_paged(engine: AsyncEngine) -> None:
    team = await staffed(engine)
    async with engine.begin() as connection:
        for at in range(20):
            await band.member(connection, team, f"Bạn {chr(65 + at)}")
    hung = person(engine, "1")
    assert "trang 1/3" in await hung.sends("team", "people")
    assert "trang 2/3" in await hung.presses(teamwork.LATER)
    assert {teamwork.EARLIER, teamwork.LATER} <= set(hung.labels)
    assert "trang 3/3" in await hung.sends("team", "people", 99)


async def test_payloads_are_buttons_of_ours(engine: AsyncEngine) -> None:
    await staffed(engine)
    await worked(engine, 2)
    hung = person(engine, "1")
    for words in (("team",), ("team", "people"), ("team", "one", 2), ("team", "invite", 1), ("lead",)):
        await hung.sends(*words)
        for each in hung.buttons:
            assert each.action
            assert len(each.action.encode()) <= 64
            stale = await hung(TurnKind.ACTION, each.action) == STALE
            assert stale is (each.label == TO_MENU), each.label
