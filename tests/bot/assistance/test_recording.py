from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from sqlalchemy.ext.asyncio import AsyncEngine
from zxingcpp import read_barcodes

from bot.assistance import desk, following, recording
from bot.assistance.slips import Slips
from bot.dialogue import tracking
from bot.dialogue.effect import LookUp
from bot.dialogue.turn import TurnKind
from bot.dossiers.receipt import Outcome as Photo
from bot.dossiers.register import Register, Row
from bot.dossiers.report import VIETNAM
from tests.bot.assistance import band, table
from tests.bot.assistance.table import ASKED, CODE, Table
from tests.bot.dossiers.desk import NOON, SEALS, Desk, Told, report


async def test_a_code_is_typed_or_photographed_and_its_flaws_are_named(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.filed(lan, "Hòa", code="H48-261322-0099")
    assert "tháng 13" in lan.last.messages[0].body
    assert "chưa thấy mã" in await lan.says("mã 12345")
    assert "2 mã" in await lan.says(f"{CODE} H48-261122-0001")
    assert "không đọc, không lưu gì" in await lan(TurnKind.PHOTO, Photo.IDENTITY)
    assert CODE in await lan(TurnKind.PHOTO, CODE)
    assert await band.run(engine, "SELECT dossier, online FROM sitting") == [(CODE, True)]
    ((session,),) = await band.run(engine, "SELECT session FROM chat")
    assert session["dossier"] is None


async def test_a_question_asked_meanwhile_is_answered(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    await lan.sends("sitcode", number)
    assert "Mã thủ tục" in await lan.says(ASKED)
    assert "Về hồ sơ của Hòa" in lan.labels


async def test_day_place_and_way_to_follow_are_told(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.filed(lan, "Hòa")
    said = lan.last.messages[0].body
    assert "Hẹn trả: thứ" in said
    assert "bộ phận Một cửa Phường Ba Đình" in said
    assert "07:30–11:30" in said
    ((kept,),) = await band.run(engine, "SELECT follow FROM sitting")
    token = path(lan).removeprefix("/slip/").removesuffix(".png")
    assert kept == following.digest(token)


def path(who: band.Person) -> str:
    file = who.last.messages[-1].file
    assert file
    return file.path


async def test_screen_and_slip_carry_the_same_link(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan = await laid.volunteer("Lan")
    await table.filed(lan, "Hòa")
    files = Slips(engine, lambda: laid.known)
    screen = await files.find(path(lan))
    await lan.presses("In phiếu cho người dân")
    slip = await files.find(path(lan))
    assert screen
    assert slip
    picture, paper = screen(), slip()
    assert picture
    assert paper
    assert picture.personal
    assert paper.personal
    pdf = PdfDocument(paper.content)
    assert len(pdf) == 1
    words = pdf[0].get_textpage().get_text_range()
    assert CODE in words
    assert "Hòa" in words
    links = {found.text for found in read_barcodes(Image.open(BytesIO(picture.content)).convert("L"))}
    token = path(lan).removeprefix("/slip/").removesuffix(".pdf")
    assert links == {f"https://mot.cua/s/f_{token}", f"https://t.me/motcua_bot?start=f_{token}"}
    assert {found.text for found in read_barcodes(pdf[0].render(scale=3).to_pil().convert("L"))} == links
    assert await files.find("/slip/" + "a" * 22 + ".pdf") is None
    assert await files.find("/slip/../x.pdf") is None


async def test_without_an_address_outside_there_is_no_code_but_a_slip(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    laid = Table(engine, laid.team, replace(laid.known, page_url="http://127.0.0.1:8080", bot_username=""))
    lan = await laid.volunteer("Lan")
    await table.filed(lan)
    assert recording.NO_LINK in lan.last.messages[0].body
    await lan.presses("In phiếu cho người dân")
    make = await Slips(engine, lambda: laid.known).find(path(lan))
    assert make
    assert make()


async def test_a_resident_follows_in_their_own_chat(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan = await laid.volunteer("Lan")
    await table.filed(lan, "Hòa")
    token = path(lan).removeprefix("/slip/").removesuffix(".png")
    for number in (1, 1, 2, 3):
        who = laid.person(str(number), "web" if number == 2 else "telegram")
        said = await (who.sends("sitwatch", token) if number == 2 else who.says(f"/start f_{token}"))
        assert CODE in said
        assert who.last.effects == (LookUp(CODE),)
    rows = await band.run(engine, "SELECT address FROM following JOIN chat ON chat.id = chat_id ORDER BY address")
    assert rows == [("1",), ("2",), ("3",)]
    over = following.OVER.format(uses=following.USES)
    assert await laid.person("4").says(f"/start f_{token}") == over
    assert CODE in await laid.person("1").says(f"/start f_{token}")
    assert await lan.says(f"/start f_{token}") == following.OURS
    await band.run(engine, "UPDATE sitting SET follows_left = 3, recorded_at = now() - interval '31 days'")
    assert await laid.person("5").says(f"/start f_{token}") == over


@pytest.mark.parametrize("token", ["x", "a" * 22, "a" * 40, "é" * 22])
async def test_a_forged_link_is_told(engine: AsyncEngine, token: str) -> None:
    somebody = (await table.laid(engine)).person("1")
    assert await somebody.says(f"/start f_{token}") == following.OVER.format(uses=following.USES)


async def test_other_links_are_left_alone(engine: AsyncEngine) -> None:
    somebody = (await table.laid(engine)).person("1")
    assert "Mã thủ tục" in await somebody.says("/start p_1_001193")


async def test_a_corrected_code_has_a_link_of_its_own(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan = await laid.volunteer("Lan")
    await table.filed(lan)
    old = path(lan).removeprefix("/slip/").removesuffix(".png")
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    await lan.sends("sitcode", number)
    assert "H48-261122-0001" in await lan.says("H48-261122-0001")
    assert old not in path(lan)
    assert "hết hạn" in await laid.person("1").says(f"/start f_{old}")


async def test_a_case_with_a_code_keeps_its_procedure(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.filed(lan, "Hòa")
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    assert desk.FILED in await lan.sends("sittake", number, "1.002801")
    assert desk.FILED in await lan.sends("sitask", number)


async def test_a_code_nobody_asked_for_is_kept_only_when_it_is_theirs(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    assert "của hồ sơ của Hòa" in await lan.says(f"mã {CODE}")
    await lan.presses("Chỉ tra cứu")
    assert await band.run(engine, "SELECT dossier FROM sitting") == [(None,)]
    assert "Anh/chị gõ" in await lan.sends("sitkeep", number)
    await lan.sends("sitopen", number)
    await lan(TurnKind.PHOTO, CODE)
    assert "Đã ghi mã hồ sơ" in await lan.presses("Ghi cho hồ sơ của Hòa")
    assert await band.run(engine, "SELECT dossier, session->'noted' FROM sitting, chat") == [(CODE, {})]


async def test_a_resident_hears_of_a_dossier_that_is_seen_later(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan = await laid.volunteer("Lan")
    await table.filed(lan, "Hòa")
    token = path(lan).removeprefix("/slip/").removesuffix(".png")
    await laid.person("7").says(f"/start f_{token}")
    source = Told()
    office = Desk(engine, source)
    await office.check()
    assert CODE not in office_said(await office.said())
    assert tracking.STILL_FOLLOWED in await office.says(CODE)
    assert tracking.STILL_FOLLOWED not in await office.says(CODE, "8")
    source.reports[CODE] = report(CODE)
    await office.due()
    await office.check()
    assert tracking.CHANGED in (await office.said())[-1]


async def test_news_are_not_promised_where_nobody_tells_of_the_office(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    laid = Table(engine, laid.team, replace(laid.known, watched=lambda _: False))
    lan = await laid.volunteer("Lan")
    await table.filed(lan, "Hòa")
    shown = next(line for line in lan.last.messages[0].body.split("\n") if line.startswith("Hẹn trả: "))
    token = path(lan).removeprefix("/slip/").removesuffix(".png")
    resident = laid.person("7")
    said = await resident.says(f"/start f_{token}")
    assert tracking.WILL_TELL not in said
    assert "chưa xem được hồ sơ của nơi nhận này" in said
    assert f"<a href='{laid.known.portal_url}'>".replace("'", '"') in said
    assert shown.removeprefix("Hẹn trả: ").removesuffix(" (dự kiến)") in said
    assert resident.last.effects == ()
    assert tracking.UNFOLLOW in resident.labels
    assert await band.run(engine, "SELECT expected IS NULL FROM following") == [(False,)]
    await Register(engine, SEALS).put([Row(report(CODE.replace("0099", "0001")), NOON)])
    assert tracking.WILL_TELL in await laid.person("8").says(f"/start f_{token}")


async def test_who_follows_is_reminded_though_the_dossier_is_never_seen(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    laid = Table(engine, laid.team, replace(laid.known, watched=lambda _: False))
    lan = await laid.volunteer("Lan")
    await table.filed(lan, "Hòa")
    token = path(lan).removeprefix("/slip/").removesuffix(".png")
    await laid.person("7").says(f"/start f_{token}")
    await band.run(engine, "UPDATE following SET expected = '2026-12-04', since = '2026-11-25 12:00+07'")  # a Friday
    office = Desk(engine)
    told = []
    for at in ((1, 12), (2, 22), (3, 8), (3, 12), (4, 12), (5, 12), (26, 6), (26, 12)):
        office.clock = datetime(2026, 12, *at, tzinfo=VIETNAM)
        await office.due()
        await office.check()
        told.append(len(await office.said()))
    first = told[0]
    assert told == [first, first, *[first + 1] * 5, first + 2], "reminded once in the morning, ended by day"
    *_, near, end = await office.said()
    assert "thứ Sáu 4/12/2026" in near
    assert "30 ngày" in end
    assert await band.run(engine, "SELECT id FROM following") == []


def office_said(bodies: list[str]) -> str:
    """Return what the office said of its own accord."""
    return "".join(body for body in bodies if "Từ nay" not in body)
