"""The pages of volunteers: teams made, people invited and taken out, figures seen and taken along."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from aiohttp import ClientSession
from openpyxl import load_workbook
from PIL import Image

from bot.assistance import invitations, joining, members, teamwork
from bot.assistance.members import Hindrance
from bot.dialogue.services import Services
from bot.office import volunteer_files, volunteers
from bot.office.accounts import Draft as Account
from bot.office.tables import Role
from bot.office.volunteer_pages import PATH
from tests.bot.assistance import band
from tests.bot.assistance.band import BA_DINH, Person
from tests.bot.office.desk import Desk, Visitor, at_work
from tests.bot.printing import reading

HANOI = "01"
NOON = datetime(2026, 11, 23, 12, 10)


@pytest.fixture
def known() -> Services:
    return replace(band.placed(), clock=lambda: NOON)


async def file(clerk: Visitor, path: str) -> bytes:
    http: ClientSession = clerk.http
    async with http.get(clerk.desk.url + path) as answer:
        assert answer.status == 200, await answer.text()
        assert "attachment" in answer.headers["Content-Disposition"]
        return await answer.read()


async def team(desk: Desk, clerk: Visitor, name: str = "Đội thanh niên Ba Đình") -> int:
    status, place = await clerk.post(PATH, name=name, province=HANOI, commune="ba đình")
    assert status == 303, place
    return int(re.findall(r"/(\d+)\?", place)[0])


async def people(desk: Desk, team: int, *names: str) -> list[int]:
    """Add volunteers, the first a leader; chats are "1", "2", ... in all."""
    found = []
    async with desk.engine.begin() as connection:
        for at, name in enumerate(names):
            number, _ = await band.member(connection, team, name, leader=at == 0)
            found.append(number)
    await desk.run("UPDATE chat SET address = id::text WHERE address LIKE 'chat of %'")
    return found


async def worked(desk: Desk, volunteer: int, online: bool | None = True, day: str = "2026-11-03") -> None:
    await desk.run(
        "INSERT INTO work (day, volunteer, team, commune, kind, procedure, outcome, online) "
        "SELECT CAST(:day AS text)::date, id, team, :commune, 'sitting', '1.001193', 'online', :online "
        "FROM volunteer WHERE id = :volunteer",
        day=day, volunteer=volunteer, commune=BA_DINH, online=online,
    )  # fmt: skip


async def test_from_a_team_to_a_volunteer_and_out_again(desk: Desk, clerk: Visitor) -> None:
    number = await team(desk, clerk)
    assert await desk.run("SELECT name, commune FROM team") == [("Thanh niên Ba Đình", BA_DINH)]
    own = f"{PATH}/{number}"
    status, page = await clerk.post(f"{own}/moi", own, uses="2", days="3", leader="yes")
    assert status == 200
    token = re.findall(r"https://mot\.cua/s/v_([\w-]{22})<", page)[0]
    assert f"https://t.me/motcua_bot?start=v_{token}<" in page
    assert page.count('<svg class="qr"') == 2
    _, shown = await clerk.get(own)
    assert token not in shown
    assert "Còn 2 người, làm đội trưởng" in shown

    lan = Person(desk.engine, "71", joining.FLOW, teamwork.FLOW)
    await lan.says(f"/start v_{token}")
    await lan.says("Lan")
    assert "đội trưởng của đội <b>Thanh niên Ba Đình</b>" in await lan.presses(joining.AGREE)
    (who,) = await desk.run("SELECT id FROM volunteer")
    assert (await clerk.post(f"{own}/doi-truong", own, who=str(who.id), leader="no"))[1].endswith("note=follows")
    assert (await clerk.post(f"{own}/ra", own, who=str(who.id)))[1].endswith("note=removed")
    assert await lan.told() == [teamwork.YOU_ARE_OUT.format(team="Thanh niên Ba Đình")]
    assert await lan.says(f"/start v_{token}") == joining.WHY_NOT[Hindrance.REMOVED]
    assert (await clerk.post(f"{own}/cho-lai", own, who=str(who.id)))[1].endswith("note=readmitted")
    assert joining.ASK_NAME in await lan.says(f"/start v_{token}")

    which = (await desk.run("SELECT left(digest, 24) AS handle FROM invitation"))[0].handle
    assert (await clerk.post(f"{own}/thu-hoi", own, which=which))[1].endswith("note=revoked")
    assert await lan.says(f"/start v_{token}") == joining.WHY_NOT[Hindrance.EXPIRED]
    acts = ["add", "invite", "lead", "remove", "readmit", "revoke"]
    assert (await desk.trail())[-6:] == [f"team.{act}" for act in acts]
    assert not any("Lan" in row.detail for row in await desk.run("SELECT detail::text AS detail FROM audit"))


async def test_staff_let_somebody_rest_and_only_staff_end_it(desk: Desk, clerk: Visitor) -> None:
    number = await team(desk, clerk)
    who, _ = await people(desk, number, "Lan", "Minh")
    own, lan = f"{PATH}/{number}", Person(desk.engine, "1", teamwork.FLOW)
    assert (await clerk.post(f"{own}/nghi", own, who=str(who), rest="yes"))[1].endswith("note=rests")
    assert await lan.told() == [teamwork.YOU_REST]
    assert await lan.sends("team", "resume") == members.SUSPENDED
    status, page = await clerk.post(f"{own}/nghi", own, who=str(who), rest="yes")
    assert (status, volunteers.RESTS in page) == (400, True)
    assert "cán bộ cho tạm nghỉ" in page
    assert (await clerk.post(f"{own}/nghi", own, who=str(who), rest="no"))[1].endswith("note=helps")
    assert await lan.told() == [teamwork.YOU_HELP_AGAIN]
    status, page = await clerk.post(f"{own}/nghi", own, who=str(who), rest="no")
    assert (status, volunteers.DOES_NOT_REST in page) == (400, True)
    assert (await desk.trail())[-2:] == ["team.rest"] * 2


async def test_who_was_taken_out_of_a_team_that_ended_may_be_let_back(desk: Desk, clerk: Visitor) -> None:
    number = await team(desk, clerk)
    who, _ = await people(desk, number, "Lan", "Minh")
    own = f"{PATH}/{number}"
    await clerk.post(f"{own}/ra", own, who=str(who))
    await clerk.post(f"{own}/dong", own)
    assert "Cho Lan tham gia lại" in (await clerk.get(own))[1]
    assert (await clerk.post(f"{own}/cho-lai", own, who=str(who)))[1].endswith("note=readmitted")
    assert "Cho Lan tham gia lại" not in (await clerk.get(own))[1]


async def test_closing_frees_its_people(desk: Desk, clerk: Visitor) -> None:
    number = await team(desk, clerk)
    lan, _ = await people(desk, number, "Lan", "Minh")
    await desk.run("INSERT INTO sitting (volunteer) VALUES (:lan)", lan=lan)
    own = f"{PATH}/{number}"
    await clerk.post(f"{own}/moi", own, uses="1", days="1")
    assert (await clerk.post(f"{own}/dong", own))[1].endswith("note=closed")
    assert await desk.run("SELECT state, chat_id FROM volunteer ORDER BY id") == [("left", None), ("left", None)]
    assert await desk.run("SELECT ended_at IS NOT NULL, outcome FROM sitting") == [(True, "dropped")]
    assert await desk.run("SELECT count(*) FROM post") == [(2,)]
    assert await desk.run("SELECT expires_at <= now() FROM invitation") == [(True,)]
    _, page = await clerk.get(own)
    assert "đã giải thể ngày" in page
    assert "Tạo lời mời" not in page
    for act in ("/dong", "/moi", ""):
        status, page = await clerk.post(f"{own}{act}", "/canbo/toi", name="x", uses="1", days="1")
        assert (status, volunteers.CLOSED in page) == (400, True)
    await team(desk, clerk)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "  "}, volunteers.NO_NAME),
        ({"name": "Đội "}, volunteers.NO_NAME),
        ({"name": "123"}, volunteers.NO_NAME),
        ({"name": "a" * 61}, volunteers.LONG_NAME),
        ({"commune": ""}, volunteers.NO_COMMUNE),
        ({"province": "46", "commune": "40"}, "Không thấy xã, phường"),
        ({"name": "thanh niên ba đình"}, volunteers.TAKEN),
    ],
)
async def test_what_is_wrong_is_told(desk: Desk, clerk: Visitor, fields: dict[str, str], words: str) -> None:
    await team(desk, clerk)
    status, page = await clerk.post(PATH, **({"name": "Mới", "province": HANOI, "commune": BA_DINH} | fields))
    assert status == 400
    assert words in page
    assert await desk.run("SELECT count(*) FROM team") == [(1,)]


async def test_bad_terms_and_people_of_others(desk: Desk, clerk: Visitor) -> None:
    number, other = await team(desk, clerk), await team(desk, clerk, "Phụ nữ")
    (stranger,) = await people(desk, other, "Tú")
    own = f"{PATH}/{number}"
    for fields, words in (
        ({"uses": "0", "days": "1"}, invitations.BAD_USES),
        ({"uses": "x", "days": "1"}, invitations.BAD_USES),
        ({"uses": "1", "days": "999"}, invitations.BAD_DAYS),
    ):
        status, page = await clerk.post(f"{own}/moi", own, **fields)
        assert (status, words in page) == (400, True)
    for act in ("/ra", "/doi-truong", "/cho-lai", "/nghi"):
        status, page = await clerk.post(f"{own}{act}", own, who=str(stranger))
        assert (status, volunteers.NOBODY in page) == (400, True)
    status, page = await clerk.post(f"{own}/thu-hoi", own, which="0" * 24)
    assert (status, volunteers.NO_INVITATION in page) == (400, True)
    assert (await clerk.post(own, name="Đội Cựu chiến binh"))[1].endswith("note=renamed")
    assert await desk.run("SELECT name FROM team WHERE id = :id", id=number) == [("Cựu chiến binh",)]


async def test_others_teams_are_not_there(desk: Desk, clerk: Visitor) -> None:
    number = await team(desk, clerk)
    async with at_work(desk, Account("Võ Văn Bảy", Role.PUBLISHER, "46")) as far:
        _, page = await far.get(PATH)
        assert "Thanh niên Ba Đình" not in page
        for path in ("", "/bang.xlsx", "/anh.png", "/giay-xac-nhan.pdf"):
            status, page = await far.get(f"{PATH}/{number}{path}")
            assert (status, volunteers.GONE in page) == (400, True)
        for act in ("", "/dong", "/moi", "/ra"):
            status, page = await far.post(f"{PATH}/{number}{act}", PATH, name="x", uses="1", days="1")
            assert (status, volunteers.GONE in page) == (400, True)
    assert await desk.run("SELECT closed_at FROM team") == [(None,)]


async def test_viewers_see_but_change_nothing(desk: Desk, clerk: Visitor) -> None:
    number = await team(desk, clerk)
    await people(desk, number, "Lan")
    async with at_work(desk, Account("Đỗ Văn Xem", Role.VIEWER, BA_DINH)) as viewer:
        _, page = await viewer.get(f"{PATH}/{number}")
        assert "Lan" in page
        assert "Đưa ra khỏi đội" not in page
        _, page = await viewer.get(PATH)
        assert "Lập đội" not in page


async def test_figures_by_team_commune_and_province(desk: Desk, clerk: Visitor) -> None:
    one, two = await team(desk, clerk), await team(desk, clerk, "Phụ nữ")
    lan, minh = await people(desk, one, "Lan", "Minh")
    (tu,) = await people(desk, two, "Tú")
    for who, online in ((lan, True), (lan, False), (minh, None), (tu, True)):
        await worked(desk, who, online)
    await worked(desk, tu, day="2026-10-05")
    _, page = await clerk.get(PATH)
    assert "Theo xã, phường" in page
    assert "Theo tỉnh, thành phố" in page
    assert "67%" in page
    _, page = await clerk.get(f"{PATH}?tu=2026-10&den=2026-11")
    assert "từ tháng" in page
    assert "75%" in page
    book = load_workbook(BytesIO(await file(clerk, f"{PATH}.xlsx?tu=2026-10&den=2026-11")))
    assert book.sheetnames == ["Đội", "Xã, phường", "Tỉnh, thành phố", "Thủ tục"]
    rows = [[cell.value for cell in row] for row in book["Tỉnh, thành phố"]]
    assert rows[1][2:] == [4, 0, 4, 3, 75]
    async with at_work(desk, Account("Lê Văn An", Role.VIEWER, BA_DINH)) as local:
        _, page = await local.get(PATH)
        assert "Theo xã, phường" in page
        assert "Theo tỉnh" not in page


async def test_what_is_taken_along_of_a_team(desk: Desk, clerk: Visitor) -> None:
    number = await team(desk, clerk)
    own = f"{PATH}/{number}"
    status, page = await clerk.get(f"{own}/giay-xac-nhan.pdf")
    assert (status, volunteer_files.NO_FIGURES in page) == (400, True)
    lan, minh, _ = await people(desk, number, "Lan", "Minh", "Rảnh")
    await worked(desk, lan)
    await worked(desk, minh)
    await desk.run(
        "INSERT INTO duty (volunteer, began_at, ended_at) VALUES "
        "(:lan, '2025-03-05 08:00+07', '2025-03-05 11:30+07')", lan=lan
    )  # fmt: skip
    _, page = await clerk.get(f"{own}?tu=2025-03&den=2026-11")
    assert "3,5" in page
    months = "tu=2025-03&den=2026-11"
    all_ = reading.texts(await file(clerk, f"{own}/giay-xac-nhan.pdf?{months}"))
    assert len(all_) == 2
    (one,) = reading.texts(await file(clerk, f"{own}/giay-xac-nhan.pdf?{months}&nguoi={lan}"))
    for words in ("Lan", "Thanh niên Ba Đình", "Phường Ba Đình", "3,5", "từ tháng 3/2025 đến tháng 11/2026", "100%"):
        assert words in one
    assert reading.sizes(await file(clerk, f"{own}/giay-xac-nhan.pdf")) == [(297, 210)] * 2
    picture = Image.open(BytesIO(await file(clerk, f"{own}/anh.png")))
    assert picture.width > 1000
    book = load_workbook(BytesIO(await file(clerk, f"{own}/bang.xlsx")))
    assert [cell.value for cell in book["Thành viên"]["A"]][-1] == "Cộng"
    for which in ("0", "x", "999"):
        assert (await clerk.get(f"{own}/giay-xac-nhan.pdf?nguoi={which}"))[0] == 400
    assert set((await desk.trail())[-4:]) == {"team.export"}


async def test_months_that_make_no_sense_mean_this_one_and_order_is_no_matter(desk: Desk, clerk: Visitor) -> None:
    await team(desk, clerk)
    for query, shown in (
        ("tu=x&den=9999-99", ("2026-11", "2026-11")),
        ("tu=2026-10&den=2026-02", ("2026-02", "2026-10")),
        ("", ("2026-11", "2026-11")),
    ):
        _, page = await clerk.get(f"{PATH}?{query}")
        assert [f'value="{each}"' in page for each in shown] == [True, True]


async def test_who_waits_too_long_is_counted(desk: Desk, clerk: Visitor) -> None:
    number = await team(desk, clerk)
    async with desk.engine.begin() as connection:
        chat = await band.chat(connection, "9")
    await desk.run(
        "INSERT INTO help_request (chat_id, commune, escalates_at) VALUES (:chat, :commune, now() - interval '1 hour')",
        chat=chat,
        commune=BA_DINH,
    )
    _, page = await clerk.get(f"{PATH}/{number}")
    assert "chờ quá lâu: <strong>1</strong>" in page
    _, page = await clerk.get(PATH)
    assert "(1 quá lâu)" in page
