from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import captaincy, commendation, duty, leading, members, papers, succession, teamwork, work
from bot.assistance.leading import Asked, Counted, Sum, month, read_month
from bot.assistance.papers import Papers
from bot.assistance.scene import TO_MENU
from bot.dialogue.conversation import STALE
from bot.dialogue.turn import TurnKind
from bot.printing.certificate import TITLE
from bot.printing.files import Files
from knowledge.calendar import VIETNAM
from tests.bot.assistance import band
from tests.bot.assistance.band import BA_DINH, Person
from tests.bot.printing import reading

NOVEMBER = month(date(2026, 11, 22))
NOON = datetime(2026, 11, 23, 12, 10)
KHAI_SINH = "1.001193"


async def staffed(engine: AsyncEngine) -> int:
    """Make a team of Hùng, its leader (1, chat "1"), Lan (2, chat "2") and Minh (3, chat "3")."""
    async with engine.begin() as connection:
        team = await band.team(connection)
        for at, name in enumerate(("Hùng", "Lan", "Minh"), 1):
            _, chat = await band.member(connection, team, name, leader=at == 1)
            values = {"address": str(at), "chat": chat}
            await connection.execute(text("UPDATE chat SET address = :address WHERE id = :chat"), values)
        return team


def person(engine: AsyncEngine, address: str, clock: datetime = NOON) -> Person:
    services = replace(band.placed(), clock=lambda: clock)
    return Person(engine, address, teamwork.FLOW, captaincy.FLOW, services=services)


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


async def worked(engine: AsyncEngine, volunteer: int, day: date = NOVEMBER.first, **values: object) -> None:
    told = {"kind": "sitting", "procedure": KHAI_SINH, "outcome": "online", "online": True} | values
    await band.run(
        engine,
        "INSERT INTO work (day, volunteer, team, commune, kind, procedure, outcome, online) "
        "VALUES (:day, :volunteer, 1, :commune, :kind, :procedure, :outcome, :online)",
        day=day, volunteer=volunteer, commune=BA_DINH, **told,
    )  # fmt: skip


async def served(engine: AsyncEngine, volunteer: int, began: datetime, ended: datetime) -> None:
    await band.run(
        engine,
        "INSERT INTO duty (volunteer, began_at, ended_at) VALUES (:volunteer, :began, :ended)",
        volunteer=volunteer, began=began.replace(tzinfo=VIETNAM), ended=ended.replace(tzinfo=VIETNAM),
    )  # fmt: skip


async def minutes(engine: AsyncEngine, span: leading.Span) -> dict[int, int]:
    async with engine.connect() as connection:
        figures = await leading.figures(connection, [1], span)
    return {each.id: each.sum.minutes for each in figures.members if each.sum.minutes}


async def test_hours_that_overlap_count_once_and_months_part_at_midnight_of_vietnam(engine: AsyncEngine) -> None:
    await staffed(engine)
    await served(engine, 2, datetime(2025, 3, 10, 8), datetime(2025, 3, 10, 10))
    await served(engine, 2, datetime(2025, 3, 10, 9), datetime(2025, 3, 10, 11))
    await served(engine, 2, datetime(2025, 3, 31, 23), datetime(2025, 4, 1, 2))
    await served(engine, 3, datetime(2025, 3, 1, 9), datetime(2025, 3, 1, 9))
    assert await minutes(engine, month(date(2025, 3, 1))) == {2: 240}
    assert await minutes(engine, month(date(2025, 4, 1))) == {2: 120}
    both = leading.Span(date(2025, 3, 1), date(2025, 4, 30))
    assert await minutes(engine, both) == {2: 360}


async def test_hours_that_are_still_to_come_do_not_count(engine: AsyncEngine) -> None:
    await staffed(engine)
    (row,) = await band.run(engine, "SELECT now() AS now")
    await band.run(
        engine,
        "INSERT INTO duty (volunteer, began_at, ended_at) "
        "VALUES (2, now() - interval '1 hour', now() + interval '3 hours')",
    )
    began = (row.now - timedelta(hours=1)).astimezone(VIETNAM)
    span = leading.Span(month(began.date()).first, month(row.now.astimezone(VIETNAM).date()).last)
    assert await minutes(engine, span) == {2: 60}
    later = month(span.last + timedelta(days=1))
    assert await minutes(engine, later) == {}


async def test_cases_by_member_procedure_and_outcome(engine: AsyncEngine) -> None:
    await staffed(engine)
    await worked(engine, 2)
    await worked(engine, 2, outcome="in_person", online=False)
    await worked(engine, 2, NOVEMBER.last, kind="talk", procedure=None, outcome="done", online=None)
    await worked(engine, 2, NOVEMBER.last, kind="talk", outcome="reported", online=None)
    await worked(engine, 2, NOVEMBER.last, outcome="later", online=None)
    await worked(engine, 2, date(2026, 12, 1))
    await band.run(engine, "UPDATE volunteer SET state = 'left', chat_id = NULL WHERE id IN (2, 3)")
    async with engine.connect() as connection:
        figures = await leading.figures(connection, [1], NOVEMBER)
    assert [each.name for each in figures.members] == ["Hùng", "Lan"]
    assert figures.total == Sum(0, 2, 1, 2, 1)
    assert figures.total.share == 50
    assert set(figures.counted) == {
        Counted(KHAI_SINH, "online", 1),
        Counted(KHAI_SINH, "in_person", 1),
        Counted(None, "done", 1),
        Counted(KHAI_SINH, "reported", 1),
        Counted(KHAI_SINH, "later", 1),
    }


@pytest.mark.parametrize(
    ("state", "level", "opens", "escalates", "expected"),
    [
        ("waiting", 0, "now()", "now() + interval '5 minutes'", Asked(1, 0, 0)),
        ("waiting", 0, "now() + interval '9 hours'", "NULL", Asked(1, 0, 0)),
        ("waiting", 0, "now()", "now() - interval '1 second'", Asked(1, 1, 0)),
        ("waiting", 1, "now()", "now() + interval '5 minutes'", Asked(1, 1, 0)),
        ("staff", 2, "now()", "NULL", Asked(1, 1, 0)),
        ("live", 0, "now()", "NULL", Asked(0, 0, 1)),
    ],
)
async def test_requests_open_and_overdue(
    engine: AsyncEngine, state: str, level: int, opens: str, escalates: str, expected: Asked
) -> None:
    async with engine.begin() as connection:
        chat = await band.chat(connection, "9")
        made = f"""
            INSERT INTO help_request (chat_id, commune, state, level, opens_at, escalates_at)
            VALUES ({chat}, '{BA_DINH}', '{state}', {level}, {opens}, {escalates})
        """
        await connection.execute(text(made))
        assert await leading.asked(connection, [BA_DINH, "00008"]) == {BA_DINH: expected}
        assert await leading.asked(connection, ["00008"]) == {}


def test_months() -> None:
    assert leading.Span(date(2026, 11, 1), date(2026, 11, 30)) == NOVEMBER
    assert read_month("202611") == read_month("2026-11") == NOVEMBER
    assert NOVEMBER.before == month(date(2026, 10, 9))
    assert NOVEMBER.label == "tháng\N{NO-BREAK SPACE}11/2026"
    assert NOVEMBER.during == f"trong {NOVEMBER.label}"
    long = leading.Span(date(2026, 9, 1), date(2026, 11, 30))
    assert long.during == long.label == f"từ tháng\N{NO-BREAK SPACE}9/2026 đến {NOVEMBER.label}"
    for said in ("", "2026", "202613", "2026-00", "199911", "2100-01", "２０２６11", "2026-11-01"):
        assert read_month(said) is None


def test_numbers_in_words() -> None:
    assert [commendation.decimal(each) for each in (0, 2.0, 34.5, 0.04)] == ["0", "2", "34,5", "0"]
    assert commendation.per_cent(None) == "–"
    assert Sum(filed=3, online=2).share == 67
    assert not Sum()
    assert Sum(minutes=5)


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


async def sitting(engine: AsyncEngine, volunteer: int, **values: object) -> None:
    await band.run(
        engine,
        "INSERT INTO sitting (volunteer, procedure, offered_to) VALUES (:volunteer, '1.001193', :offered)",
        volunteer=volunteer,
        offered=values.get("offered"),
    )


async def talk(engine: AsyncEngine, volunteer: int) -> None:
    async with engine.begin() as connection:
        citizen = await band.chat(connection, "50")
        values = {"citizen": citizen, "volunteer": volunteer, "commune": BA_DINH}
        await connection.execute(
            text("""
                INSERT INTO help_request (chat_id, commune, state, volunteer, helper_chat, taken_at)
                SELECT :citizen, :commune, 'live', id, chat_id, now() FROM volunteer WHERE id = :volunteer
            """),
            values,
        )


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


async def test_a_note_of_work_shows(engine: AsyncEngine) -> None:
    await staffed(engine)
    async with engine.begin() as connection:
        lan = await members.volunteer(connection, 2)
        assert lan
        await work.note(connection, lan, "talk", None, "done", None, 5)
        (today,) = (await connection.execute(text("SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"))).one()
        assert (await leading.figures(connection, [1], month(today))).total.talks == 1
