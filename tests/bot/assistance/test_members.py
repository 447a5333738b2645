from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import invitations, joining, members, work
from bot.assistance.invitations import Terms
from bot.assistance.members import Helper, Hindrance
from bot.assistance.scene import TO_MENU
from bot.assistance.tables import Membership
from bot.dialogue.conversation import STALE
from bot.errors import Impossible
from tests.bot.assistance import band
from tests.bot.assistance.band import Person
from tests.patience import until_blocked


async def test_a_chat_is_known_as_its_volunteer(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        team = await band.team(connection)
        number, chat = await band.member(connection, team, leader=True)
        found = await members.volunteer_of(connection, chat)
        name = "Thanh niên Ba Đình"
        assert found == Helper(number, "Lan", team, band.BA_DINH, True, Membership.ACTIVE, False, chat, name)
        assert await members.volunteer(connection, number) == found
        assert await members.volunteer_of(connection, await band.chat(connection, "somebody else")) is None


@pytest.mark.parametrize(
    ("change", "belongs", "on_duty"),
    [
        ("on_duty_until = now() + interval '1 hour'", True, True),
        ("on_duty_until = now() - interval '1 second'", True, False),
        ("on_duty_until = now() + interval '1 hour', state = 'paused'", True, False),
        ("on_duty_until = now() + interval '1 hour', state = 'suspended'", True, False),
        ("state = 'left'", False, False),
        ("state = 'removed'", False, False),
    ],
)
async def test_only_who_belongs_is_known_and_on_duty(
    engine: AsyncEngine, change: str, belongs: bool, on_duty: bool
) -> None:
    async with engine.begin() as connection:
        _, chat = await band.member(connection, await band.team(connection))
        await connection.execute(text(f"UPDATE volunteer SET {change}"))
        found = await members.volunteer_of(connection, chat)
        assert (found is not None) is belongs
        assert (found is not None and found.on_duty) is on_duty


async def test_nobody_belongs_to_a_closed_team(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        _, chat = await band.member(connection, await band.team(connection))
        await connection.execute(text("UPDATE team SET closed_at = now()"))
        assert await members.volunteer_of(connection, chat) is None


async def test_work_is_counted_for_the_helpers_team(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        team = await band.team(connection)
        number, chat = await band.member(connection, team)
        helper = await members.volunteer_of(connection, chat)
        assert helper
        await work.note(connection, helper, "sitting", "1.001193", "filed", True, 25)
        await work.note(connection, helper, "talk", None, "answered", None, -3)
        rows = await connection.execute(text("SELECT * FROM work ORDER BY id"))
        one, two = rows.mappings().all()
    assert (one["volunteer"], one["team"], one["commune"]) == (number, team, band.BA_DINH)
    assert (one["procedure"], one["online"], one["minutes"]) == ("1.001193", True, 25)
    assert (two["procedure"], two["online"], two["minutes"]) == (None, None, 0)


async def invited(engine: AsyncEngine, terms: Terms | None = None, team: int | None = None) -> str:
    """Return the token of an invitation into a team, made when none is given."""
    async with engine.begin() as connection:
        return await invitations.make(connection, team or await band.team(connection), terms or Terms())


def newcomer(engine: AsyncEngine, address: str = "71", channel: str = "telegram") -> Person:
    return Person(engine, address, joining.FLOW, channel=channel)


async def test_an_invitation_a_name_and_the_pledge_make_a_volunteer(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        team = await band.team(connection)
        _, chat = await band.member(connection, team, "Hùng", leader=True)
    token = await invited(engine, Terms(uses=2), team)
    lan = newcomer(engine)
    said = await lan.says(f"/start v_{token}")
    assert "đội tình nguyện <b>Thanh niên Ba Đình</b>, Phường Ba Đình, TP. Hà Nội." in said
    assert joining.PLEDGE in said
    assert await lan.says("0912345678") == joining.BAD_NAME
    assert "<b>Ngọc Lan</b>" in await lan.says(" Ngọc  Lan ")
    assert "<b>Lan</b>" in await lan.says("Lan")
    said = await lan.presses(joining.AGREE)
    assert said == joining.JOINED.format(
        name="Lan", what="tình nguyện viên", team="Thanh niên Ba Đình", commune="Phường Ba Đình, TP. Hà Nội"
    )
    assert lan.labels == [members.START_DUTY, members.TEAM, TO_MENU]
    rows = await band.run(engine, "SELECT name, leader, state, pledged_at FROM volunteer WHERE name = 'Lan'")
    assert [(row.name, row.leader, row.state) for row in rows] == [("Lan", False, "active")]
    assert rows[0].pledged_at
    assert await band.run(engine, "SELECT uses_left FROM invitation") == [(1,)]
    assert await band.run(engine, "SELECT payload->>'body' FROM post WHERE chat_id = :chat", chat=chat) == [
        (joining.NEWS.format(name="Lan", team="Thanh niên Ba Đình"),)
    ]
    (session,) = await band.run(engine, "SELECT session FROM chat WHERE address = '71'")
    assert session.session["noted"] == {}
    assert "ở trong đội <b>Thanh niên Ba Đình</b> rồi" in await lan.says(f"/start v_{token}")


@pytest.mark.parametrize("words", ["tôi cam kết", "Đồng ý"])
async def test_the_pledge_may_be_typed_and_is_nobodys_name(engine: AsyncEngine, words: str) -> None:
    lan = newcomer(engine)
    await lan.says(f"/start v_{await invited(engine)}")
    await lan.says("Lan")
    assert "Cảm ơn anh/chị <b>Lan</b>" in await lan.says(words)
    assert await band.run(engine, "SELECT name FROM volunteer") == [("Lan",)]


async def test_no_token_is_kept(engine: AsyncEngine) -> None:
    token = await invited(engine)
    lan = newcomer(engine)
    await lan.says(f"/start v_{token}")
    for table in ("invitation", "chat", "message"):
        rows = await band.run(engine, f"SELECT {table}::text AS whole FROM {table}")
        assert all(token not in row.whole for row in rows)


async def test_on_the_page_a_press_opens_the_invitation(engine: AsyncEngine) -> None:
    token = await invited(engine)
    lan = newcomer(engine, "cookie", "web")
    said = await lan.sends("join", token)
    assert joining.ASK_NAME in said
    assert joining.ON_THE_PAGE in said
    await lan.says("Lan")
    assert "tình nguyện viên" in await lan.presses(joining.AGREE)


@pytest.mark.parametrize("address", ["-1001234", "-1001234/7", "71/3"])
async def test_groups_do_not_join(engine: AsyncEngine, address: str) -> None:
    token = await invited(engine)
    assert await newcomer(engine, address).says(f"/start v_{token}") == joining.PRIVATE_ONLY


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE invitation SET expires_at = now()", Hindrance.EXPIRED),
        ("UPDATE invitation SET uses_left = 0", Hindrance.USED_UP),
        ("UPDATE team SET closed_at = now()", Hindrance.CLOSED),
        ("DELETE FROM invitation", Hindrance.UNKNOWN),
    ],
)
async def test_a_bad_invitation_is_told_when_opened_and_when_it_went_bad_meanwhile(
    engine: AsyncEngine, change: str, why: Hindrance
) -> None:
    token = await invited(engine)
    early, late = newcomer(engine, "1"), newcomer(engine, "2")
    await early.says(f"/start v_{token}")
    await early.says("Lan")
    await band.run(engine, change)
    assert await late.says(f"/start v_{token}") == joining.WHY_NOT[why]
    assert await early.presses(joining.AGREE) == joining.WHY_NOT[why]
    assert await band.run(engine, "SELECT count(*) FROM volunteer") == [(0,)]


@pytest.mark.parametrize("token", ["", "short", "A" * 22, "Lan'; DROP TABLE team", "ạ" * 22])
async def test_a_forged_invitation_is_told(engine: AsyncEngine, token: str) -> None:
    assert await newcomer(engine).says(f"/start v_{token}") == joining.WHY_NOT[Hindrance.UNKNOWN]


async def test_who_is_in_another_team_or_was_removed_is_told(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        number, _ = await band.member(connection, await band.team(connection, "Phụ nữ"))
    token = await invited(engine)
    await band.run(engine, "UPDATE chat SET address = '71'")
    assert "Anh/chị đang ở đội <b>Phụ nữ</b>" in await newcomer(engine).says(f"/start v_{token}")
    async with engine.begin() as connection:
        await members.part(connection, number, removed=True)
    assert await newcomer(engine).says(f"/start v_{token}") == joining.WHY_NOT[Hindrance.REMOVED]


@pytest.mark.parametrize("team_ends", [False, True])
async def test_who_goes_while_staff_let_them_rest_cannot_join_again(engine: AsyncEngine, team_ends: bool) -> None:
    async with engine.begin() as connection:
        number, _ = await band.member(connection, await band.team(connection, "Phụ nữ"))
        await connection.execute(text("UPDATE chat SET address = '71'"))
        assert await members.suspend(connection, number)
        await members.part(connection, number, removed=False)
        if team_ends:
            await connection.execute(text("UPDATE team SET closed_at = now()"))
    token = await invited(engine)
    assert await newcomer(engine).says(f"/start v_{token}") == joining.WHY_NOT[Hindrance.REMOVED]


async def test_who_left_may_join_again(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        team = await band.team(connection)
        number, _ = await band.member(connection, team)
        await connection.execute(text("UPDATE chat SET address = '71'"))
        await members.part(connection, number, removed=False)
    token = await invited(engine, team=team)
    lan = newcomer(engine)
    await lan.says(f"/start v_{token}")
    await lan.says("Lan")
    await lan.presses(joining.AGREE)
    assert await band.run(engine, "SELECT state, chat_id IS NULL FROM volunteer ORDER BY id") == [
        ("left", True),
        ("active", False),
    ]


async def test_the_last_use_goes_to_one_of_many_at_once(engine: AsyncEngine) -> None:
    token = await invited(engine, Terms(uses=3))
    people = [newcomer(engine, str(number)) for number in range(1, 9)]
    for person in people:
        await person.says(f"/start v_{token}")
        await person.says("Lan")
    said = await asyncio.gather(*(person.presses(joining.AGREE) for person in people))
    assert sum(words == joining.WHY_NOT[Hindrance.USED_UP] for words in said) == 5
    assert await band.run(engine, "SELECT count(*) FROM volunteer") == [(3,)]
    assert await band.run(engine, "SELECT uses_left FROM invitation") == [(0,)]


async def test_joining_waits_for_a_team_that_is_being_closed(engine: AsyncEngine) -> None:
    token = await invited(engine)
    lan = newcomer(engine)
    await lan.says(f"/start v_{token}")
    await lan.says("Lan")
    async with engine.begin() as connection:
        await connection.execute(text("SELECT FROM team FOR UPDATE"))
        pressing = asyncio.create_task(lan.presses(joining.AGREE))
        await until_blocked(engine, 1)
        await connection.execute(text("UPDATE team SET closed_at = now()"))
    assert await pressing == joining.WHY_NOT[Hindrance.CLOSED]
    assert await band.run(engine, "SELECT count(*) FROM volunteer") == [(0,)]


async def test_a_leader_whom_staff_let_rest_brings_in_nobody(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        team = await band.team(connection)
        hung, _ = await band.member(connection, team, "Hùng", leader=True)
        token = await invitations.make(connection, team, Terms(5), volunteer=hung)
        assert await members.suspend(connection, hung)
        assert not await members.suspend(connection, hung)
    assert await newcomer(engine).says(f"/start v_{token}") == joining.WHY_NOT[Hindrance.EXPIRED]


async def test_a_leader_who_goes_takes_their_invitations_along(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        team = await band.team(connection)
        hung, _ = await band.member(connection, team, "Hùng", leader=True)
        token = await invitations.make(connection, team, Terms(5), volunteer=hung)
        await members.part(connection, hung, removed=False)
    assert await newcomer(engine).says(f"/start v_{token}") == joining.WHY_NOT[Hindrance.EXPIRED]


async def test_declining_and_pressing_old_buttons(engine: AsyncEngine) -> None:
    token = await invited(engine)
    lan = newcomer(engine)
    await lan.says(f"/start v_{token}")
    assert await lan.presses(joining.DECLINE) == joining.DECLINED
    assert await lan.sends("pledge") == joining.LOST
    assert await lan.sends("team", "people") == STALE


@pytest.mark.parametrize("name", ["Lan", "Ngọc Lan", "H'Hen Niê", "Y-Blơ", "Nguyễn T. Hoa", "Đỗ Ân"])
def test_names(name: str) -> None:
    assert joining.name_of(name) == name


@pytest.mark.parametrize(
    "said", ["", "L", "Lan 2", "0912345678", "Lan <b>", "=Lan", "a" * 41, "Lan_1", "Лан", "..", "Lan\u202e1", "@lan"]
)
def test_no_names(said: str) -> None:
    assert joining.name_of(said) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_plain_name_or_none(said: str) -> None:
    name = joining.name_of(said)
    assert name is None or (2 <= len(name) <= 40 and not any(each.isdigit() or each in "<>&=+@" for each in name))


async def test_invitations_are_revoked_and_bounded(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        team, other = await band.team(connection), await band.team(connection, "Khác")
        token = await invitations.make(connection, team, Terms(uses=3, days=2, leader=True))
        (found,) = await invitations.open_of(connection, team)
        assert (found.uses_left, found.leader, found.open) == (3, True, True)
        assert not await invitations.revoke(connection, other, found.handle)
        assert await invitations.revoke(connection, team, invitations.handle(token))
        assert not await invitations.revoke(connection, team, found.handle)
        assert await invitations.open_of(connection, team) == []
        for terms in (Terms(0), Terms(201), Terms(1, 0), Terms(1, 91)):
            with pytest.raises(Impossible):
                await invitations.make(connection, team, terms)
        for _ in range(invitations.MOST_OPEN):
            await invitations.make(connection, team, Terms())
        with pytest.raises(Impossible):
            await invitations.make(connection, team, Terms())
        await connection.execute(text("UPDATE team SET closed_at = now()"))
        with pytest.raises(Impossible):
            await invitations.make(connection, other, Terms())
