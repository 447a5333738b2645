"""Files brought in and taken out: read first, then drafts of all or of nothing; what is harmful is refused in words."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import FormData
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.office import exchange_pages
from bot.office.accounts import Draft
from bot.office.review import STATES
from bot.office.tables import RevisionState, Role
from bot.office.trial import safe_name
from knowledge.catalogue_file import dump
from knowledge.exchange.export import write_excel
from tests.bot.dialogue.records import BIRTH, RECORDS
from tests.bot.office.desk import Desk, Visitor, at_work

PAGE = "/canbo/nhap-xuat"
COUNTRY = Path(__file__).resolve().parents[4] / "shared/data/national.jsonl.gz"
CHANGED = BIRTH.model_copy(update={"summary": "Câu mới từ tệp."})
NEW = BIRTH.model_copy(update={"code": "9.000001", "name": "Thủ tục mới", "names": ("thủ tục chưa ai nghe",)})


@pytest.fixture
async def editor(desk: Desk) -> AsyncIterator[Visitor]:
    async with at_work(desk, Draft("Lê Văn An", Role.EDITOR)) as somebody:
        yield somebody


async def sent(somebody: Visitor, name: str, body: bytes) -> tuple[int, str]:
    """Send a file and return where that leads once it is read."""
    form = FormData()
    form.add_field("csrf", await somebody.token(PAGE))
    form.add_field("file", BytesIO(body), filename=name)
    status, place = await somebody.send(PAGE, form)
    return await ended(somebody, place) if status == 303 else (status, place)


async def ended(somebody: Visitor, place: str) -> tuple[int, str]:
    """Wait until some work is done and return its page, or where that leads."""
    for _ in range(1000):
        status, page = await somebody.get(place)
        if "Đã xong" not in page:
            return status, page
        await asyncio.sleep(0.05)
    raise AssertionError(page)


def workbook(tmp_path: Path) -> bytes:
    path = tmp_path / "thu-tuc.xlsx"
    write_excel(path, RECORDS)
    return path.read_bytes()


async def test_a_file_becomes_drafts_after_a_look(desk: Desk, editor: Visitor) -> None:
    _, page = await sent(editor, "moi.json", dump([CHANGED, NEW]).encode())
    assert "Câu mới từ tệp." in page
    assert "Nhập thành 2 bản sửa" in page
    assert await desk.run("SELECT count(*) FROM revision") == [(0,)]
    work = re.search(r'action="(/canbo/nhap-xuat/viec/\w+)"', page)
    assert work
    _, place = await editor.post(work.group(1), PAGE)
    _, lot = await ended(editor, place)
    assert (await editor.get(work.group(1)))[0] == 404, "what was read is used up"
    assert lot.startswith("/canbo/nhap-xuat/lo/")
    _, page = await editor.get(lot)
    assert "Gửi duyệt cả lô" in page
    rows = await desk.run("SELECT code, state, record->>'summary', base IS NULL FROM revision ORDER BY code")
    assert rows == [("1.001193", "draft", "Câu mới từ tệp.", False), ("9.000001", "draft", BIRTH.summary, True)]
    assert (await desk.trail())[-3:] == ["revision.begin", "revision.begin", "import.take"]


async def test_what_is_hardly_meant_is_told_and_may_be_brought_in(editor: Visitor) -> None:
    odd = CHANGED.model_copy(update={"agency": "Ủy ban nhân dân huyện"})
    _, page = await sent(editor, "moi.json", dump([odd]).encode())
    assert "Nên xem lại" in page
    assert "còn nhắc cơ quan cấp huyện" in page
    assert "Nhập thành 1 bản sửa" in page


async def test_a_lot_is_sent_approved_and_never_by_its_author(desk: Desk, editor: Visitor) -> None:
    _, page = await sent(editor, "moi.json", dump([CHANGED, NEW]).encode())
    work = re.search(r'action="(/canbo/nhap-xuat/viec/\w+)"', page)
    assert work
    _, place = await editor.post(work.group(1), PAGE)
    lot = (await ended(editor, place))[1].split("?")[0]
    _, place = await editor.post(f"{lot}/submit", PAGE)
    assert (await ended(editor, place))[1] == f"{lot}?note=submit"
    assert await desk.run("SELECT DISTINCT state FROM revision") == [("review",)]
    await desk.run("UPDATE staff SET role = 'publisher' WHERE name = 'Lê Văn An'")
    _, place = await editor.post(f"{lot}/approve", PAGE)
    assert "không tự duyệt" in (await ended(editor, place))[1]
    async with at_work(desk, Draft("Phạm Bình", Role.PUBLISHER)) as other:
        assert "Duyệt cả lô" in (await other.get(lot))[1]
        _, place = await other.post(f"{lot}/approve", PAGE)
        assert (await ended(other, place))[1] == f"{lot}?note=approve"
    assert await desk.run("SELECT DISTINCT state FROM revision") == [("approved",)]


async def test_all_records_of_the_country_come_in_together(desk: Desk, editor: Visitor) -> None:
    if not COUNTRY.is_file():
        pytest.skip("needs the real data in shared/data/national.jsonl.gz beside the repository, which is not here")
    body = COUNTRY.read_bytes()
    codes = {json.loads(line)["code"] for line in gzip.decompress(body).splitlines()}
    _, page = await sent(editor, COUNTRY.name, body)
    said = re.search(r"Nhập thành (\d+) bản sửa", page)
    assert said
    count = int(said.group(1))
    assert count >= len(codes - {each.code for each in RECORDS}) > 2000
    work = re.search(r'action="(/canbo/nhap-xuat/viec/\w+)"', page)
    assert work
    _, place = await editor.post(work.group(1), PAGE)
    lot = (await ended(editor, place))[1]
    told = "SELECT count(*), count(DISTINCT code), count(*) FILTER (WHERE state = 'draft') FROM revision"
    assert await desk.run(told) == [(count, count, count)]
    assert f"{count} bản {STATES[RevisionState.DRAFT]}" in (await editor.get(lot))[1]


async def test_a_workbook_with_errors_comes_back_marked(editor: Visitor, tmp_path: Path) -> None:
    book = load_workbook(BytesIO(workbook(tmp_path)))
    book["Giấy tờ"]["E2"] = "=1+1"
    changed = BytesIO()
    book.save(changed)
    _, page = await sent(editor, "sua.xlsx", changed.getvalue())
    assert "có công thức" in page
    assert "Nhập thành" not in page
    marked = re.search(r'href="(\S+/loi.xlsx)"', page)
    assert marked
    async with editor.http.get(editor.desk.url + marked.group(1)) as answer:
        assert load_workbook(BytesIO(await answer.read()))["Lỗi"]["B2"].value == "E2"


def bomb() -> bytes:
    """A workbook that would unpack to half a gigabyte."""
    page = BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        with archive.open("xl/workbook.xml", "w", force_zip64=True) as part:
            for _ in range(500):
                part.write(b"\0" * 1024 * 1024)
    return page.getvalue()


def zipped(*names: str) -> bytes:
    page = BytesIO()
    with zipfile.ZipFile(page, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *names):
            archive.writestr(name, "<x/>")
    return page.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("bom.xlsx", bomb(), "giải nén quá lớn"),
        ("macro.xlsx", zipped("xl/vbaProject.bin"), "macro"),
        ("macro.xlsm", zipped(), "không nhận loại tệp này"),
        ("duong.xlsx", zipped("../../etc/passwd"), "không an toàn"),
        ("cu.xls", b"\xd0\xcf\x11\xe0", "không nhận loại tệp này"),
        ("anh.xlsx", b"\x89PNG\r\n", "không phải Excel"),
        ("sai.json", b"{", "không phải JSON hợp lệ"),
        ("khac.json", b"[]", "không phải procedures.json"),
        ("sau.json", b'{"procedures":' + b"[" * 100_000, "không phải JSON hợp lệ"),
        ("hong.jsonl.gz", b"\x1f\x8bhong", "hong.jsonl.gz"),
        ("../../etc/passwd", b"x", "không nhận loại tệp này"),
        ("virus.exe", b"MZ", "không nhận loại tệp này"),
    ],
)
async def test_harmful_files_are_refused_in_words(
    desk: Desk, editor: Visitor, name: str, body: bytes, words: str
) -> None:
    status, page = await sent(editor, name, body)
    assert status == 200
    assert words in page
    assert await desk.run("SELECT count(*) FROM revision") == [(0,)]


async def test_a_hundred_megabytes_are_refused_in_words(editor: Visitor) -> None:
    status, page = await sent(editor, "lon.json", b" " * 100 * 1024 * 1024)
    assert (status, "90 MB" in page) == (413, True)


async def test_no_file_is_told(editor: Visitor) -> None:
    form = FormData()
    form.add_field("csrf", await editor.token(PAGE))
    form.add_field("file", b"", filename="")
    status, page = await editor.send(PAGE, form)
    assert (status, "chọn tệp trước" in page) == (400, True)


async def test_nobody_sees_the_work_of_others(desk: Desk, editor: Visitor) -> None:
    form = FormData()
    form.add_field("csrf", await editor.token(PAGE))
    form.add_field("file", dump([NEW]).encode(), filename="moi.json")
    _, place = await editor.send(PAGE, form)
    async with at_work(desk, Draft("Người khác", Role.ADMINISTRATOR)) as other:
        assert (await other.get(place))[0] == 404
    await ended(editor, place)


@pytest.mark.parametrize("name", ["procedures.json", "thu-tuc.xlsx", "thu-tuc.zip", "mau.xlsx"])
async def test_all_can_be_taken_out(editor: Visitor, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_pages, "_PATIENCE", 60.0)
    async with editor.http.get(f"{editor.desk.url}{PAGE}/tai/{name}") as answer:
        body = await answer.read()
        assert answer.status == 200
        assert f'filename="{name}"' in answer.headers["Content-Disposition"]
    if name == "procedures.json":
        assert [each["code"] for each in json.loads(body)["procedures"]] == sorted(each.code for each in RECORDS)
    assert (await editor.get(f"{PAGE}/tai/../../etc/passwd"))[0] == 404
    noted = await editor.desk.run("SELECT object, detail FROM audit WHERE act = 'catalogue.export'")
    told = {"file": name, "scope": ""}
    assert noted == ([] if name == "mau.xlsx" else [("", told)]), "the empty template tells nobody anything"


async def test_what_is_taken_out_changes_nothing_when_brought_in(editor: Visitor, tmp_path: Path) -> None:
    _, page = await sent(editor, "thu-tuc.xlsx", workbook(tmp_path))
    assert "không làm thay đổi gì" in page


@given(st.text(max_size=300))
def test_any_name_of_a_file_becomes_a_plain_one(name: str) -> None:
    plain = safe_name(name)
    assert plain
    assert len(plain) < 80
    assert not set(plain) & set('/\\:*?"<>|\0\n')
    assert plain not in (".", "..")
    assert Path(plain).name == plain
