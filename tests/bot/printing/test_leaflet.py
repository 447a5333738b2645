from __future__ import annotations

import pytest

from bot.dialogue import markup, papers
from bot.printing.leaflet import leaflets
from bot.printing.links import Doors
from bot.printing.paper import A4, A5, PAPERS, Paper
from knowledge import catalogue
from knowledge.catalogue import Catalogue
from knowledge.procedure import Procedure
from tests.bot.dialogue import records
from tests.bot.printing import reading

DOORS = Doors("https://motcua.example.vn", "motcua_bot")
WEB = "https://motcua.example.vn/p/1.001193"
BOT = "https://t.me/motcua_bot?start=p_1_001193"
papers_in_use = pytest.mark.parametrize("paper", [A4, A5], ids=lambda paper: paper.name)


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return catalogue.load(None)


def leaflet(*procedures: Procedure, paper: Paper = A4, doors: Doors = DOORS) -> bytes:
    return leaflets(procedures, paper, doors, records.PORTAL)


@papers_in_use
def test_says_what_one_needs(paper: Paper) -> None:
    said = reading.whole(leaflet(records.BIRTH, paper=paper))
    for words in (
        "Đăng ký khai sinh", "Mã thủ tục: 1.001193", "Ghi nhận việc sinh và cấp Giấy khai sinh cho trẻ.",
        "Tờ khai đăng ký khai sinh (Mẫu TP/HT-2012-TKKS): 1 bản chính", "Nhờ người khác đi làm thay:",
        "Lệ phí: miễn phí", "Thời hạn: 1 ngày làm việc", "Ủy ban nhân dân cấp xã", "dichvucong.gov.vn",
        "đọc ngày 12/6/2026; đã đối chiếu nguồn thứ hai.", "motcua.example.vn", "t.me/motcua_bot",
    ):  # fmt: skip
        assert words in said


@papers_in_use
def test_size_type_and_fonts(paper: Paper) -> None:
    made = leaflet(records.LAND, paper=paper)
    assert set(reading.sizes(made)) == {(210, 297) if paper is A4 else (148, 210)}
    assert min(reading.type_sizes(made)) >= (11 if paper is A4 else 10)
    assert reading.fonts(made)
    assert all(reading.fonts(made).values())


@papers_in_use
def test_codes_open_the_page_and_the_bot(paper: Paper) -> None:
    first, *_ = reading.pictures(leaflet(records.BIRTH, paper=paper))
    assert reading.qr_codes(first) == {WEB, BOT}


def test_without_an_address_there_is_no_code() -> None:
    for doors, codes in ((Doors(), set()), (Doors("http://127.0.0.1:8080"), set()), (Doors("", "motcua_bot"), {BOT})):
        made = leaflet(records.BIRTH, doors=doors)
        assert reading.qr_codes(reading.pictures(made)[0]) == codes
        assert ("Cần hỏi thêm?" in reading.whole(made)) == bool(codes)


def test_unverified_is_said() -> None:
    assert "chưa kiểm chứng" in reading.whole(leaflet(records.LICENCE))


def test_thin_record_says_what_it_does_not_know() -> None:
    said = reading.whole(leaflet(records.THIN))
    assert 'Thủ tục <b>lạ</b> & "khó"'.removeprefix("Thủ tục ").capitalize() in said.replace("<B>", "<b>")
    assert papers.NONE_LISTED in said


def test_long_one_flows_on_with_its_heading_and_numbers() -> None:
    pages = reading.texts(leaflet(records.LAND, paper=A5))
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"trang {number}/{len(pages)}" in page
        assert ("(tiếp theo)" in page) == (number > 1)
    for paper in range(1, 15):
        assert f"Giấy tờ số {paper} về quyền sử dụng đất" in " ".join(pages)


def test_several_in_one_file_each_number_their_own_pages() -> None:
    pages = reading.texts(leaflet(records.BIRTH, records.LAND, paper=A4))
    assert pages[0].endswith("Mã 1.001193")
    assert f"trang 1/{len(pages) - 1}" in pages[1]


def test_same_input_same_bytes() -> None:
    assert leaflet(records.BIRTH) == leaflet(records.BIRTH)


@pytest.mark.parametrize("paper", list(PAPERS.values()), ids=list(PAPERS))
def test_no_word_of_what_we_ship_is_cut(paper: Paper, shipped: Catalogue) -> None:
    """The longest, the shortest and every fortieth record: all of their papers' words are on the leaflet."""
    by_length = sorted(shipped.procedures.values(), key=lambda each: len(each.model_dump_json()))
    for procedure in (*by_length[::40], *by_length[-2:]):
        said = "".join(reading.whole(leaflet(procedure, paper=paper)).split())
        for words in (markup.title(procedure, 5_000), *(document.name for document in procedure.documents)):
            whole = markup.tidy(words).rstrip(" .;,")
            assert "".join(whole.split()) in said, (procedure.code, words)
