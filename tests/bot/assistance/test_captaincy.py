"""What a leader is shown of a month: sums, files, certificates, and to nobody else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

from openpyxl import load_workbook
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import captaincy, commendation, members, papers, teamwork
from bot.assistance.papers import Papers
from bot.dialogue.conversation import STALE
from bot.printing.certificate import TITLE
from bot.printing.files import Files
from tests.bot.assistance import band
from tests.bot.assistance.band import Person
from tests.bot.assistance.crew import NOON, person, staffed, worked
from tests.bot.printing import reading


async def test_a_leader_sees_the_month_and_goes_back_and_forth(engine: AsyncEngine) -> None:
    await staffed(engine)
    await worked(engine, 2)
    await worked(engine, 3, date(2026, 10, 5))
    await band.run(engine, "UPDATE volunteer SET on_duty_until = now() + interval '1 hour' WHERE id = 2")
    hung = person(engine, "1")
    said = await hung.sends("lead")
    for words in ("<b>Đội Thanh niên Ba Đình</b>", "Đang trực: Lan (đến ", "đang chờ: 0", "khai sinh: 1 nộp trực tuyến",
                  "• Lan: 0 giờ, 1 hồ sơ, 0 lượt từ xa", "<b>100%</b> (1/1"):  # fmt: skip
        assert words in said
    assert "Minh" not in said
    said = await hung.presses(captaincy.BEFORE)
    assert "• Minh" in said
    assert "Đang trực" not in said
    assert "• Lan" in await hung.presses(captaincy.AFTER)
    assert captaincy.AFTER not in hung.labels
    assert captaincy.NOTHING in await hung.sends("lead", "202501")
    assert captaincy.EXCEL not in hung.labels
    assert "• Lan" in await hung.sends("lead", "209901")


async def test_only_leaders_lead(engine: AsyncEngine) -> None:
    await staffed(engine)
    await worked(engine, 2)
    lan = person(engine, "2")
    for words in (("lead",), ("lead", "202611", "xlsx"), ("leadcert", 3, "202611"), ("team", "invite", 5),
                  ("team", "people"), ("team", "removed", 3)):  # fmt: skip
        assert await lan.sends(*words) == teamwork.LEADERS_ONLY
        assert await person(engine, "99").sends(*words) == STALE
    assert not any(message.file for message in lan.last.messages)
    assert await band.run(engine, "SELECT count(*) FROM invitation") == [(0,)]
    assert await band.run(engine, "SELECT count(*) FROM volunteer WHERE state = 'active'") == [(3,)]


def fetching(engine: AsyncEngine, hung: Person) -> Files:
    return Files(lambda: hung.known, Papers(engine, lambda: hung.known).find)


async def test_files_of_a_month(engine: AsyncEngine) -> None:
    await staffed(engine)
    await worked(engine, 2)
    await band.run(engine, "UPDATE volunteer SET name = '=HYPERLINK(1)' WHERE id = 3")
    await worked(engine, 3, kind="talk", outcome="done", online=None)
    hung = person(engine, "1")
    files = fetching(engine, hung)
    found = {}
    for label, name in (
        (captaincy.EXCEL, "bang-2026-11.xlsx"),
        (captaincy.PICTURE, "anh-2026-11.png"),
        (captaincy.CERTIFICATES, "giay-xac-nhan-2026-11.pdf"),
    ):
        await hung.sends("lead")
        await hung.presses(label)
        wanted = hung.last.messages[0].file
        assert wanted
        assert wanted.name == name
        file = await files.get(wanted.path)
        assert file
        assert file.personal
        found[label] = file.content
    files.close()
    book = load_workbook(BytesIO(found[captaincy.EXCEL]))
    people, procedures = ([[cell.value for cell in row] for row in page] for page in book)
    assert people[0] == list(commendation.COLUMNS)
    assert ["Lan", None, 0, 1, 0, 1, 1, 100] in people
    assert ["'=HYPERLINK(1)", None, 0, 0, 1, 0, 0, None] in people
    assert people[-1][:1] + people[-1][3:5] == ["Cộng", 1, 1]
    assert all(cell.data_type != "f" for page in book for row in page for cell in row)
    assert procedures[1][2:] == ["nộp trực tuyến", 1] or procedures[2][2:] == ["nộp trực tuyến", 1]
    picture = Image.open(BytesIO(found[captaincy.PICTURE]))
    assert picture.height < 1.6 * picture.width
    pages = reading.texts(found[captaincy.CERTIFICATES])
    assert len(pages) == 2
    assert all(TITLE.upper() in page for page in pages)
    assert any("Lan" in page and "nộp trực tuyến" in page for page in pages)
    assert any("HYPERLINK" in page and "nộp trực tuyến" not in page for page in pages)


async def test_a_certificate_needs_numbers(engine: AsyncEngine) -> None:
    await staffed(engine)
    hung = person(engine, "1")
    assert "chưa in giấy xác nhận được" in await hung.sends("leadcert", 2, "202611")
    assert "chưa in giấy xác nhận được" in await hung.sends("lead", "202611", "pdf")
    await worked(engine, 3)
    assert "chưa in giấy xác nhận được" in await hung.sends("leadcert", 2, "202611")
    assert hung.last.messages[0].file is None
    await hung.sends("leadcert", 3, "202611")
    wanted = hung.last.messages[0].file
    assert wanted
    files = fetching(engine, hung)
    file = await files.get(wanted.path)
    assert file
    assert "Minh" in "".join(reading.texts(file.content))
    files.close()


async def test_a_path_opens_nothing_when_changed_old_or_its_leader_leads_no_more(engine: AsyncEngine) -> None:
    await staffed(engine)
    await worked(engine, 2)
    hung = person(engine, "1")
    await hung.sends("lead", "202611", "xlsx")
    wanted = hung.last.messages[0].file
    assert wanted
    find = Papers(engine, lambda: hung.known).find
    assert await find(wanted.path)
    for other in (
        wanted.path.replace("202611", "202610"),
        wanted.path.replace("xlsx", "png"),
        re.sub(r"[0-9a-f]{32}$", "0" * 32, wanted.path),
        wanted.path.replace("/doi/1-", "/doi/2-"),
        "/doi/x",
        "/leaflet/1.001193.pdf",
    ):
        assert await find(other) is None
    late = person(engine, "1", NOON + timedelta(days=papers.GOOD_DAYS + 1)).known
    assert await Papers(engine, lambda: late).find(wanted.path) is None
    async with engine.begin() as connection:
        await members.part(connection, 1, removed=True)
    assert await find(wanted.path) is None
