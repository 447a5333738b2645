"""Reports against rows made by hand: sums, shares with their counts, whose numbers one sees, and nothing of anybody."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.upshot import Came
from bot.errors import Impossible
from bot.office.reports import asked as report_asked
from bot.office.reports import book as report_book
from bot.office.reports import chart as report_chart
from bot.office.reports import dossiers as report_dossiers
from bot.office.reports import link as report_link
from bot.office.reports import people as report_people
from bot.office.reports.asked import OUTCOMES
from bot.office.reports.period import NAMED, Period, chosen, week_of
from bot.office.reports.picture import MOST, draw
from bot.office.reports.report import NONE, Cell, Headline, Report, Table, number, share
from bot.office.reports.reporting import Reporting
from bot.office.reports.said import NOTHING, message
from knowledge.catalogue import Catalogue
from tests.bot.dialogue.records import BIRTH, MARRIAGE, RECORDS
from tests.bot.office.desk import TERRITORY
from tests.bot.office.ledger import ABSENT, BA_DINH, HANOI, HUE, MONDAY, PHU_XUAN, SUNDAY, TODAY, fill, tally

WEEK = Period(MONDAY, SUNDAY)
CATALOGUE = Catalogue.of(RECORDS)


def reporting(engine: AsyncEngine) -> Reporting:
    return Reporting(engine, TERRITORY, lambda: CATALOGUE, lambda: TODAY)


async def report(engine: AsyncEngine, scope: str = "", period: Period = WEEK) -> Report:
    return await reporting(engine).make(period, scope)


def tables(made: Report) -> Iterator[tuple[str, Table]]:
    for section in made.sections:
        for each in section.tables:
            yield f"{section.id}/{each.title}", each


def table(made: Report, title: str) -> dict[Cell, tuple[Cell, ...]]:
    """Return the rows of a table by what stands first."""
    (found,) = [each for _, each in tables(made) if each.title == title]
    assert all(len(row) == len(found.heading) for row in found.rows)
    return {row[0]: row[1:] for row in found.rows}


def headlines(made: Report) -> dict[str, tuple[str, str]]:
    return {each.label: (each.value, each.detail) for each in made.headlines}


async def test_questions_add_up(engine: AsyncEngine) -> None:
    await fill(engine)
    made = await report(engine)
    assert table(made, "Câu hỏi được trả lời thế nào") == {
        report_asked.OUTCOMES[Came.ANSWERED]: (11, "55,0%"),
        report_asked.OUTCOMES[Came.ARTICLE]: (1, "5,0%"),
        report_asked.OUTCOMES[Came.EVENT]: (0, "0,0%"),
        report_asked.OUTCOMES[Came.OFFERED]: (4, "20,0%"),
        report_asked.OUTCOMES[Came.ABSENT]: (2, "10,0%"),
        report_asked.OUTCOMES[Came.UNKNOWN]: (1, "5,0%"),
        report_asked.OUTCOMES[Came.OUTSIDE]: (1, "5,0%"),
    }
    days = table(made, "Theo ngày")
    assert len(days) == 7
    assert days["16/11"] == (9, 9, 0, 0)
    assert days["17/11"] == (0, 0, 0, 0)
    assert days["22/11"] == (11, 3, 4, 3)
    assert table(made, "Theo kênh") == {"Telegram": (13, "65,0%"), "Trang hỏi đáp": (7, "35,0%")}
    assert table(made, "Theo lĩnh vực") == {"Hộ tịch": (11, "84,6%"), "Hải quan": (2, "15,4%")}
    assert table(made, "Theo tỉnh, thành phố") == {
        report_asked.NOWHERE: (14, "70,0%"),
        "Thành phố Hà Nội": (4, "20,0%"),
        "Thành phố Huế": (2, "10,0%"),
    }
    wanted = table(made, "Được hỏi nhiều nhất")
    assert list(wanted.values()) == [(MARRIAGE.code, 8, 3, 5), (BIRTH.code, 8, 8, 0)]
    assert list(table(made, "Hỏi hụt nhiều nhất").values()) == [(ABSENT, 2, 2, 0), (BIRTH.code, 1, 0, 1)]
    assert [row[0] for row in table(made, "Chuẩn bị và tra cứu hồ sơ").values()] == [4, 3, 1, 7]
    assert headlines(made)["Trả lời ngay"] == ("60,0%", "12/20")
    assert headlines(made)["Chưa hiểu, chưa có hướng dẫn"] == ("15,0%", "3/20")


async def test_dossiers_are_early_on_their_day_or_late(engine: AsyncEngine) -> None:
    await fill(engine)
    made = await report(engine)
    assert table(made, "Hồ sơ xong trong kỳ, theo cấp") == {
        "Cấp xã": (3, 1, 1, 1, "66,7%", 1),
        "Chưa rõ cấp": (1, 0, 1, 0, "100,0%", 0),
    }
    assert table(made, "Hồ sơ xong trong kỳ, theo đơn vị") == {
        "UBND phường Ba Đình": (2, 1, 1, 0, "100,0%", 1),
        "Sở Tư pháp": (1, 0, 0, 1, "0,0%", 0),
        "tỉnh Thừa Thiên Huế cũ, nay thuộc thành phố Huế": (1, 0, 1, 0, "100,0%", 0),
    }
    pending = table(made, "Hồ sơ đang giải quyết lúc này")
    assert [row[0] for row in pending.values()] == [1, 1, 1, 0]
    assert table(made, "Nộp qua mạng") == {
        "Sổ hồ sơ và các cổng": (3, 2, "66,7%"),
        "Tình nguyện viên giúp nộp": (3, 2, "66,7%"),
    }
    assert headlines(made)["Hồ sơ xong đúng hoặc trước hạn"] == ("75,0%", "3/4")


async def test_opinions_work_and_help_add_up(engine: AsyncEngine) -> None:
    await fill(engine)
    made = await report(engine)
    assert table(made, "Mức độ hài lòng theo việc") == {
        "Người giúp đỡ": (1, 0, 1, 0, 0, "100,0%"),
        "Kết quả hồ sơ": (2, 1, 0, 0, 1, "50,0%"),
    }
    assert table(made, "Câu trả lời có ích không") == {"Câu trả lời của trợ lý": (1, 0, 0, 1, 0, "0,0%")}
    assert headlines(made)["Hài lòng"] == ("66,7%", "2/3")
    assert table(made, "Theo sáu tiêu chí") == {
        report_people.CRITERIA["conduct"]: (1, 1, 0, 0, 0, "100,0%"),
        report_people.CRITERIA["result"]: (1, 0, 0, 1, 0, "0,0%"),
    }
    assert table(made, "Phản ánh, kiến nghị") == {"Phản ánh, kiến nghị": (3, 2, "66,7%")}
    place = TERRITORY.name(BA_DINH)
    assert table(made, "Theo đội") == {"Đội 1": (place, 3, 1, "2/3", 1.5, 1, 2.0)}
    assert table(made, "Ai nhận, nhanh hay chậm") == {
        "Tình nguyện viên": (2, "50,0%", 2, 0),
        "Người nay không còn trong đội": (1, "25,0%", 0, 1),
        "Chưa có ai nhận": (1, "25,0%", 0, 1),
    }
    assert headlines(made)["Nhờ giúp có người nhận trong 10 phút"] == ("50,0%", "2/4")


async def test_index_groups_say_what_there_is_no_number_of(engine: AsyncEngine) -> None:
    await fill(engine)
    made = await report(engine)
    (section,) = [each for each in made.sections if each.id == "chi-so"]
    told = {str(row[0]): row[1] for each in section.tables for row in each.rows}
    assert len(section.tables) == 6
    assert told["Hồ sơ xong đúng hoặc trước hạn"] == "75,0% (3/4)"
    assert told["Hồ sơ đang giải quyết đã quá hạn, lúc này"] == "33,3% (1/3)"
    assert told["Hài lòng với kết quả hồ sơ"] == "50,0% (1/2)"
    assert told["Phản ánh, kiến nghị nhận trong kỳ đã trả lời"] == "66,7% (2/3)"
    assert [words for words, value in told.items() if value == NONE] == [
        "Thủ tục công khai đúng hạn trên Cơ sở dữ liệu quốc gia",
        "Hồ sơ được số hóa; kết quả cấp bản điện tử",
        "Hồ sơ trả tiền qua mạng",
    ]


@pytest.mark.parametrize(
    ("scope", "asked", "dated", "teams"),
    [("", 20, 4, 1), (HANOI, 4, 3, 1), (BA_DINH, 4, 2, 1), (HUE, 2, 1, 0), (PHU_XUAN, 2, 0, 0), ("00008", 0, 0, 0)],
)
async def test_each_place_counts_its_own(engine: AsyncEngine, scope: str, asked: int, dated: int, teams: int) -> None:
    await fill(engine)
    made = await report(engine, scope)
    assert made.headlines[0].value == str(asked)
    assert sum(int(row[0]) for row in table(made, "Hồ sơ xong trong kỳ, theo cấp").values()) == dated
    assert len(table(made, "Theo đội")) == teams
    rated = table(made, "Mức độ hài lòng theo việc")
    assert bool(rated) is bool(teams)


def test_a_commune_is_told_from_another_whose_name_begins_alike() -> None:
    place = report_dossiers.Place(TERRITORY)
    names = TERRITORY.communes(HANOI)
    assert place.scope("H26.1", f"UBND {names[BA_DINH].upper()}, TP. Hà Nội") == BA_DINH
    assert place.scope("000.01.02.H26", "Sở Tư pháp") == HANOI
    assert place.scope("H57", "") == HUE
    assert place.scope("G01.899", f"Công an {names[BA_DINH]}") is None
    assert place.scope("", "") is None
    for code, name in names.items():
        assert place.scope("H26", f"Ủy ban nhân dân {name}") == code


async def test_an_empty_period_says_so_in_words(engine: AsyncEngine) -> None:
    made = await report(engine)
    for name, each in tables(made):
        assert bool(each.rows) is name.startswith("chi-so/")
        assert len(each.empty) > 10
    assert made.headlines[0] == Headline("Câu hỏi", "0")
    assert {each.value for each in made.headlines[1:]} == {NONE}
    assert NOTHING in message(made, "").body
    Image.open(io.BytesIO(draw(made))).verify()


async def test_workbook_shows_all_and_no_cell_is_a_formula(engine: AsyncEngine) -> None:
    await fill(engine)
    await engine_rename(engine, '=HYPERLINK("http://x")')
    made = await report(engine)
    book = load_workbook(io.BytesIO(report_book.workbook(made)))
    assert len(book.sheetnames) == 1 + len(list(tables(made)))
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or str(cell.value).startswith(("=", "+", "@"))]
    values = [cell.value for cell in cells]
    for _, each in tables(made):
        for row in each.rows:
            assert {value for value in row if not isinstance(value, str)} <= set(values)
    assert '\'=HYPERLINK("http://x")' in values
    sheet = book["Theo lĩnh vực"]
    assert [cell.value for cell in sheet[4]] == ["Lĩnh vực", "Số câu", "Tỷ lệ"]
    assert [cell.value for cell in sheet[5]] == ["Hộ tịch", 11, "84,6%"]


async def engine_rename(engine: AsyncEngine, name: str) -> None:
    from tests.bot.office.ledger import run

    await run(engine, "UPDATE team SET name = :name", name=name)


async def test_no_report_holds_anything_of_anybody(engine: AsyncEngine) -> None:
    await fill(engine)
    made = await report(engine)
    said = message(made, "").body + repr(made)
    assert "Trần Thị Bích" not in said
    assert "riêng của một người" not in said
    assert "phản ánh của" not in said
    assert "H26.1-261110-0001" not in said


async def test_pictures_have_a_name_and_every_row_a_bar(engine: AsyncEngine) -> None:
    await fill(engine)
    made = await report(engine)
    drawn = [(each, str(report_chart.draw(each, f"t{at}"))) for at, (_, each) in enumerate(tables(made))]
    assert [each.title for each, picture in drawn if picture]
    for each, picture in drawn:
        assert bool(picture) is (each.bars is not None and bool(each.rows))
        if picture:
            assert picture.count('class="block"') == min(
                len(each.rows), report_chart.MOST_BARS if not each.upright else 99
            )
            assert "<title id=" in picture
            assert "<desc id=" in picture


def test_names_in_pictures_are_words() -> None:
    odd = Table("x", ("a", "b"), (('<script>"', 2), ("&", 0)), "", bars=1)
    picture = str(report_chart.draw(odd, "t"))
    assert "<script" not in picture
    assert "&lt;script&gt;&#34;" in picture
    assert report_chart.draw(replace(odd, rows=(("x", 0),)), "t") == ""


@pytest.mark.parametrize("days", [1, 7, 31, 62, 800])
async def test_picture_of_any_period_can_be_sent(engine: AsyncEngine, days: int) -> None:
    await fill(engine)
    made = await report(engine, period=Period(date.fromordinal(SUNDAY.toordinal() - days + 1), SUNDAY))
    picture = Image.open(io.BytesIO(draw(made)))
    assert picture.width + picture.height < 9_500
    assert picture.width > 900


def test_columns_of_numbers_are_known() -> None:
    rows = (("a", 1, "2/3", NONE, "Xã"), ("b", 2.5, "–", "50,0%", "1"))
    assert Table("x", ("", "", "", "", ""), rows, "").counted == {1, 2, 3}


async def test_a_long_period_is_told_by_month(engine: AsyncEngine) -> None:
    await tally(engine, date(2026, 1, 31), "question answered web", 3)
    await tally(engine, date(2026, 3, 1), "question offered web", 4)
    made = await report(engine, period=Period(date(2026, 1, 15), date(2026, 11, 22)))
    months = table(made, "Theo tháng")
    assert len(months) == 11
    assert months["01/2026"] == (3, 3, 0, 0)
    assert months["03/2026"] == (4, 0, 4, 0)


async def test_message_is_short_and_carries_the_picture(engine: AsyncEngine) -> None:
    await fill(engine)
    told = message(await report(engine, HANOI), HANOI)
    assert 6 <= len(told.body.splitlines()) <= 10
    assert "Thành phố Hà Nội, từ 16/11/2026 đến 22/11/2026" in told.body
    assert told.file
    assert report_link.read_picture(told.file.path) == (WEEK, HANOI)
    make = await reporting(engine).picture(told.file.path)
    assert make
    file = make()
    assert file
    assert file.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("path", ["", "/canbo/bao-cao", "/canbo/bao-cao.png", "/canbo/bao-cao.png?tu=x&den=y", "/x"])
async def test_other_paths_name_no_picture(engine: AsyncEngine, path: str) -> None:
    assert await reporting(engine).picture(path) is None


def test_periods() -> None:
    today = date(2026, 11, 22)  # a Sunday
    words = {name: make(today).words for name, (_, make) in NAMED.items()}
    assert words == {
        "tuan": "từ 16/11/2026 đến 22/11/2026",
        "tuan-truoc": "từ 09/11/2026 đến 15/11/2026",
        "thang": "từ 01/11/2026 đến 22/11/2026",
        "thang-truoc": "từ 01/10/2026 đến 31/10/2026",
        "nam": "từ 01/01/2026 đến 22/11/2026",
    }
    assert chosen("", "", "thang", today) == NAMED["thang"][1](today)
    assert chosen("", "", "gì đó", today) == NAMED["tuan"][1](today)
    assert chosen("2026-11-01", "", "", today) == Period(date(2026, 11, 1), today)
    assert week_of(today) == WEEK
    for first, last in (("2026-11-23", ""), ("x", ""), ("", "2026-13-01"), ("0001-01-01", ""), ("2001-01-01", "")):
        with pytest.raises(Impossible):
            chosen(first, last, "", today)


def test_numbers_are_written_as_people_here_write_them() -> None:
    assert [number(each) for each in (0, 12345, 1234.5, 0.25)] == ["0", "12.345", "1.234,5", "0,2"]
    assert [share(1, 3), share(0, 5), share(5, 5), share(0, 0)] == ["33,3%", "0,0%", "100,0%", "–"]


def test_the_picture_leaves_out_no_outcome_of_questions() -> None:
    assert len(OUTCOMES) <= MOST
