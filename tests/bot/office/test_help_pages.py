"""The room of those who ask for a person: over HTTP, with a citizen and volunteers on the other side."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from aiohttp import FormData
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import enclosures, parting, relay, speech, teamwork
from bot.assistance.succession import LEFT_ALONE
from bot.dialogue.turn import Turn, TurnKind
from bot.office import enclosing, help_pages, helping
from bot.office.accounts import Draft
from bot.office.help_pages import PATH
from bot.office.tables import Role
from tests.bot.assistance.helping import Somebody, Ward, ward
from tests.bot.assistance.test_enclosures import gets, photo
from tests.bot.channels.test_web_photos import OWN
from tests.bot.office.desk import Desk, head, open_desk, visitor


@dataclass
class Room:
    """The office, and a ward whose citizens it may help."""

    desk: Desk
    ward: Ward

    async def officer(self, scope: str = "01", role: Role = Role.EDITOR) -> str:
        """Return the link of a new officer."""
        return (await self.desk.hire(Draft("Hoa", role, scope)))[1]

    async def trail(self) -> list[str]:
        return [act for act in await self.desk.trail() if act.startswith("help.")]

    async def number(self) -> int:
        ((number,),) = await self.ward.run("SELECT max(id) FROM help_request")
        return int(number)


@pytest.fixture
async def room(engine: AsyncEngine) -> AsyncIterator[Room]:
    here = ward(engine)
    async with open_desk(engine, services=here.services) as desk:
        await desk.hire(head())
        yield Room(desk, here)


async def handed(room: Room) -> tuple[Somebody, Somebody, int]:
    """Let a citizen talk with a volunteer and agree to an officer."""
    lan, citizen = await room.ward.volunteer(), await room.ward.citizen()
    number = await room.ward.talking(citizen, lan)
    await citizen.says("máy báo sai")
    await lan.hears()
    await lan.sends("talk", "staff", number)
    await citizen.hears()
    await citizen.presses(speech.AGREE)
    return citizen, lan, number


async def test_an_officer_takes_what_was_handed_over_and_talks(room: Room) -> None:
    citizen, _, number = await handed(room)
    async with visitor(room.desk, await room.officer()) as hoa:
        _, home = await hoa.get("/canbo")
        assert help_pages.WAITING in home
        _, page = await hoa.get(PATH)
        assert "không vào được VNeID" in page
        assert "máy báo sai" not in page
        assert (await hoa.get(f"{PATH}/{number}"))[0] == 404
        status, place = await hoa.post(f"{PATH}/{number}/nhan", PATH)
        assert (status, place) == (303, f"{PATH}/{number}?note=taken")
        _, page = await hoa.get(f"{PATH}/{number}")
        assert "máy báo sai" in page
        assert help_pages.YOU not in re.findall(r"<strong>(.*?)</strong>", page)
        assert "<b>Hoa</b>, cán bộ bộ phận Một cửa" in (await citizen.hears())[0]
        await hoa.post(f"{PATH}/{number}", text="mai anh ra phường <nhé>")
        assert await citizen.hears() == ["<b>Hoa (cán bộ Một cửa):</b>\nmai anh ra phường &lt;nhé&gt;"]
        assert await citizen.says("vâng ạ") == ""
        assert "vâng ạ" in (await hoa.get(f"{PATH}/{number}"))[1]
        assert help_pages.TO_ANSWER in (await hoa.get("/canbo"))[1]
        assert (await hoa.post(f"{PATH}/{number}/ket-thuc", f"{PATH}/{number}"))[0] == 303
        assert (await citizen.hears())[0] == speech.ENDED_BY_HELPER
        status, page = await hoa.send(f"{PATH}/{number}", {"csrf": await hoa.token(PATH + f"/{number}"), "text": "a"})
        assert status == 400
    assert await room.trail() == ["help.take", "help.read", "help.say", "help.end"]


async def test_files_of_the_citizen_are_there_while_they_talk(room: Room) -> None:
    citizen, _, number = await handed(room)
    own = f"{PATH}/{number}"
    async with visitor(room.desk, await room.officer()) as hoa:
        await hoa.post(f"{own}/nhan", PATH)
        await citizen.does(Turn(TurnKind.PHOTO, "unreadable", file="photo:AgAC-1"))
        assert enclosures.PATH not in (await hoa.get(own))[1]
        await citizen.presses(relay.SEND_FILE)
        _, page = await hoa.get(own)
        assert "(gửi một ảnh)" in page
        assert re.search(rf'href="{enclosures.PATH}[\w-]{{22}}" download', page)
        await citizen.says("/ketthuc")
        assert enclosures.PATH not in (await hoa.get(own))[1]


def picture(name: str, content: bytes, token: str) -> FormData:
    form = FormData()
    form.add_field("csrf", token)
    form.add_field("file", BytesIO(content), filename=name)
    return form


async def test_an_officer_sends_a_file_after_a_warning(room: Room) -> None:
    citizen, _, number = await handed(room)
    own = f"{PATH}/{number}"
    async with visitor(room.desk, await room.officer()) as hoa:
        await hoa.post(f"{own}/nhan", PATH)
        token = await hoa.token(own)
        assert await hoa.send(f"{own}/tep", picture("001203012345.jpg", photo(), token)) == (303, own)
        await citizen.hears()
        _, page = await hoa.get(own)
        assert relay.ASK_FILE.format(what="ảnh này") in page
        assert await hoa.post(f"{own}/tep/gui", own) == (303, f"{own}?note=sent")
        assert await citizen.hears() == ["<b>Hoa (cán bộ Một cửa)</b> gửi một ảnh:"]
        file = citizen.last.messages[0].file
        assert file
        assert file.name == "anh.jpg"
        assert await gets(room.ward, file.path)
        assert "(gửi một ảnh)" in (await hoa.get(own))[1]
        assert (await hoa.post(f"{own}/tep/gui", own))[0] == 400
        await hoa.post(f"{own}/ket-thuc", own)
        assert await room.ward.run("SELECT FROM enclosed") == []
        status, page = await hoa.send(f"{own}/tep", picture("a.jpg", photo(), token))
        assert (status, helping.OVER in page) == (400, True)
    assert await room.trail() == ["help.take", "help.read", "help.say", "help.end"]


async def test_an_officer_s_file_may_stay_or_not_pass(room: Room) -> None:
    citizen, _, number = await handed(room)
    own = f"{PATH}/{number}"
    async with visitor(room.desk, await room.officer()) as hoa:
        await hoa.post(f"{own}/nhan", PATH)
        await citizen.hears()
        token = await hoa.token(own)
        await hoa.send(f"{own}/tep", picture("a.pdf", b"%PDF-1.7 ...", token))
        assert await hoa.post(f"{own}/tep/thoi", own) == (303, f"{own}?note=kept")
        for content in (b"PK\x03\x04 an application", b""):
            status, page = await hoa.send(f"{own}/tep", picture("a.jpg", content, token))
            assert (status, "Tệp này tôi không chuyển" in page) == (400, True)
        status, page = await hoa.send(f"{own}/tep", picture("a.jpg", OWN, token))
        assert (status, enclosing.IDENTITY in page) == (400, True)
        assert (await hoa.send(f"{own}/tep", picture("a.jpg", bytes(9 * 2**20), token)))[0] == 413
        status, page = await hoa.send(f"{own}/tep", {"csrf": token})
        assert (status, enclosing.NO_FILE in page) == (400, True)
        async with visitor(room.desk, await room.officer()) as other:
            strange = picture("a.jpg", photo(), await other.token(PATH))
            assert (await other.send(f"{own}/tep", strange))[0] == 404
    assert await citizen.hears() == []
    assert await room.ward.run("SELECT FROM enclosed") == []


async def test_secrets_of_officers_are_caught_too(room: Room) -> None:
    citizen, _, number = await handed(room)
    async with visitor(room.desk, await room.officer()) as hoa:
        await hoa.post(f"{PATH}/{number}/nhan", PATH)
        await citizen.hears()
        status, page = await hoa.post(f"{PATH}/{number}", text="đọc cho tôi mã OTP 482913")
        assert status == 400
        assert "482913" not in page
        assert "không chuyển" in page
    assert await citizen.hears() == []
    assert await room.ward.run("SELECT FROM talked WHERE body LIKE '%482%'") == []


async def test_staff_read_no_other_talk(room: Room) -> None:
    """Not one that goes on, and not one that ended."""
    lan, citizen = await room.ward.volunteer(), await room.ward.citizen()
    number = await room.ward.talking(citizen, lan)
    await citizen.says("chuyện riêng")
    async with visitor(room.desk, await room.officer("", Role.ADMINISTRATOR)) as chief:
        for path in (f"{PATH}/{number}", f"{PATH}/bao-cao/{number}"):
            assert (await chief.get(path))[0] == 404
        token = await chief.token(PATH)
        for path in (f"{PATH}/{number}", f"{PATH}/{number}/ket-thuc"):
            assert (await chief.send(path, {"csrf": token, "text": "a"}))[0] == 404
        assert (await chief.send(f"{PATH}/{number}/nhan", {"csrf": token}))[0] == 400
        await citizen.says("/ketthuc")
        assert (await chief.get(f"{PATH}/{number}"))[0] == 404
        assert "chuyện riêng" not in (await chief.get(PATH))[1]
    assert await room.trail() == []


async def test_what_was_said_before_without_leave_stays_closed(room: Room) -> None:
    lan, citizen = await room.ward.volunteer(), await room.ward.citizen()
    number = await room.ward.talking(citizen, lan)
    await citizen.says("chuyện riêng")
    await room.ward.run("UPDATE help_request SET state = 'waiting', volunteer = NULL, helper_chat = NULL")
    async with visitor(room.desk, await room.officer()) as hoa:
        await hoa.post(f"{PATH}/{number}/nhan", PATH)
        await citizen.says("câu mới")
        _, page = await hoa.get(f"{PATH}/{number}")
        assert "câu mới" in page
        assert "chuyện riêng" not in page
    async with visitor(room.desk, await room.officer()) as colleague:
        assert (await colleague.get(f"{PATH}/{number}"))[0] == 404


async def test_only_where_they_work_and_only_once(room: Room) -> None:
    _, _, number = await handed(room)
    async with visitor(room.desk, await room.officer("46")) as far:
        assert "VNeID" not in (await far.get(PATH))[1]
        assert (await far.post(f"{PATH}/{number}/nhan", PATH))[0] == 400
    async with visitor(room.desk, await room.officer()) as one, visitor(room.desk, await room.officer()) as two:
        assert (await one.post(f"{PATH}/{number}/nhan", PATH))[0] == 303
        assert (await two.post(f"{PATH}/{number}/nhan", PATH))[0] == 400


async def reported(room: Room) -> tuple[str, int, int]:
    """Let a citizen report a volunteer; return the link of who may see to it, and the numbers of talk and report."""
    lan, citizen = await room.ward.volunteer(), await room.ward.citizen()
    number = await room.ward.talking(citizen, lan)
    await lan.says("chuyển cho tôi ít tiền")
    await citizen.sends("talk", "report", number)
    await citizen.presses(parting.REASONS["money"])
    ((flag,),) = await room.ward.run("SELECT id FROM flag")
    return await room.officer("01", Role.PUBLISHER), number, flag


@pytest.mark.parametrize(("verdict", "state"), [("nothing", "active"), ("paused", "suspended"), ("removed", "removed")])
async def test_a_report_is_read_and_settled_once(room: Room, verdict: str, state: str) -> None:
    link, number, flag = await reported(room)
    path = f"{PATH}/bao-cao/{flag}"
    async with visitor(room.desk, link) as chief:
        assert help_pages.UNSEEN in (await chief.get("/canbo"))[1]
        assert "chuyển cho tôi" not in (await chief.get(PATH))[1]
        _, page = await chief.get(path)
        assert "chuyển cho tôi ít tiền" in page
        assert re.search(r"Lan, Đội Lan", page)
        assert (await chief.post(path, la="bậy"))[0] == 400
        assert (await chief.post(path, la=verdict))[0] == 303
        assert (await chief.post(path, path, la="removed"))[0] == 400
        assert help_pages.UNSEEN not in (await chief.get("/canbo"))[1]
    assert await room.ward.run("SELECT state FROM volunteer") == [(state,)]
    assert await room.trail() == ["help.report", "help.verdict"]
    ((detail, subject),) = await room.ward.run("SELECT detail, object FROM audit WHERE act = 'help.verdict'")
    assert (detail, subject) == ({"verdict": verdict}, f"help {number}")


async def test_who_must_rest_is_told_and_leaves_the_talk_of_the_moment_to_others(room: Room) -> None:
    link, _, flag = await reported(room)
    lan, other = room.ward.person("chat of Lan in 1"), await room.ward.citizen("another")
    number = await room.ward.talking(other, lan)
    await lan.hears()
    async with visitor(room.desk, link) as chief:
        assert (await chief.post(f"{PATH}/bao-cao/{flag}", la="paused"))[0] == 303
    assert await lan.hears() == [teamwork.YOU_REST]
    assert await other.hears() == [LEFT_ALONE]
    assert await room.ward.run(f"SELECT state, helper_chat FROM help_request WHERE id = {number}") == [
        ("waiting", None)
    ]
    await room.ward.alerts.round()
    assert await lan.hears() == []


async def test_reports_are_for_whoever_may_see_to_them(room: Room) -> None:
    _, _, flag = await reported(room)
    async with visitor(room.desk, await room.officer("46", Role.PUBLISHER)) as far:
        assert (await far.get(f"{PATH}/bao-cao/{flag}"))[0] == 404
    async with visitor(room.desk, await room.officer()) as editor:
        assert (await editor.get(f"{PATH}/bao-cao/{flag}"))[0] == 403
        assert 'id="bao-cao"' not in (await editor.get(PATH))[1]
