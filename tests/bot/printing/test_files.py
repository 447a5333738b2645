from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.dialogue import link
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared
from bot.errors import PrintingError
from bot.forms import Forms
from bot.printing import files as module
from bot.printing.files import PDF, File, Files, Make
from bot.printing.leaflet import leaflets
from bot.printing.links import Doors
from bot.printing.paper import A5
from bot.printing.picture import png
from knowledge.catalogue import Catalogue
from knowledge.places import Commune, Finder, Gazetteer, Province
from tests.bot.dialogue import records
from tests.bot.printing import reading
from tests.knowledge.cases import SUNDAY, library_card

CARD = library_card()

PATH = "/leaflet/1.001193.pdf?size=a5"


class Known:
    """Services that can change, as our name on Telegram does."""

    def __init__(self) -> None:
        self.now: Services = replace(records.services(), page_url="https://motcua.example.vn", bot_username="")

    def __call__(self) -> Services:
        return self.now


@pytest.fixture
def known() -> Known:
    return Known()


@pytest.fixture
def files(known: Known) -> Iterator[Files]:
    made = Files(known)
    yield made
    made.close()


async def test_others_are_asked_for_what_the_services_do_not_know(known: Known) -> None:
    asked: list[str] = []

    async def nothing(path: str) -> None:
        asked.append(path)

    async def find(path: str) -> Make | None:
        return (lambda: File("x.txt", "text/plain", path.encode())) if path == "/x" else None

    made = Files(known, nothing, find)
    file = await made.get("/x")
    assert file
    assert file.content == b"/x"
    assert await made.get("/y") is None
    assert await made.get(PATH)
    assert asked == ["/x", "/y"]
    made.close()


async def test_leaflet_by_its_path(files: Files) -> None:
    file = await files.get(PATH)
    assert file
    assert (file.name, file.content_type, file.personal) == ("Tờ hướng dẫn 1.001193.pdf", PDF, False)
    assert reading.sizes(file.content) == [(148, 210)]


async def test_leaflet_is_made_once_until_something_changes(files: Files, known: Known) -> None:
    first = await files.get(PATH)
    assert await files.get(PATH) is first
    known.now = replace(known.now, bot_username="motcua_bot")
    second = await files.get(PATH)
    assert first
    assert second
    assert len(reading.qr_codes(reading.pictures(first.content)[0])) == 1
    assert len(reading.qr_codes(reading.pictures(second.content)[0])) == 2


@pytest.mark.parametrize("path", ["", "/", "/leaflet/", "/leaflet/9.999999.pdf", "/leaflet/1.000001.pdf", "x" * 9000])
async def test_other_paths_name_nothing(files: Files, path: str) -> None:
    assert await files.get(path) is None


async def test_no_more_wait_than_can_be_served(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 2)
    wanted = [files.get(f"/leaflet/{record.code}.pdf") for record in records.RECORDS[:3]]
    made = await asyncio.gather(*wanted, return_exceptions=True)
    assert [isinstance(each, PrintingError) for each in made] == [False, False, True]
    assert await files.get(PATH)


@pytest.mark.parametrize("ending", ["pdf", "png"])
async def test_checklist_by_its_path(files: Files, known: Known, ending: str) -> None:
    kept = Prepared(code=CARD.code, answers={"term": "late", "who": "self"}, ticked=("abcdef",), copies=3)
    known.now = replace(known.now, catalogue=Catalogue.of((CARD,)), clock=lambda: SUNDAY)
    path = link.checklist(CARD, kept, ending)
    file = await files.get(path)
    assert file
    assert (file.name, file.personal) == (f"Danh sách giấy tờ {CARD.code}.{ending}", True)
    if ending == "pdf":
        assert "Đơn trình bày" in reading.whole(file.content)
    else:
        picture = Image.open(BytesIO(file.content))
        assert len(reading.qr_codes(picture)) == 1
        assert picture.width + picture.height < 10_000
        assert len(file.content) < 500_000

    known.now = replace(known.now, catalogue=Catalogue.of((library_card(questions=()),)))
    assert await files.get(path) is None, "the record asks otherwise now"
    known.now = replace(known.now, catalogue=Catalogue.of(()))
    assert await files.get(path) is None


def test_pages_become_one_picture() -> None:
    many = leaflets([records.LAND] * 6, A5, Doors(), records.PORTAL)
    picture = Image.open(BytesIO(png(many)))
    assert picture.height > 3 * picture.width
    assert picture.width + picture.height < 10_000


async def test_form_of_an_office_by_its_path(files: Files, known: Known, tmp_path: Path) -> None:
    (tmp_path / "1.001193").mkdir()
    (tmp_path / "1.001193" / "Tờ khai.pdf").write_bytes(b"%PDF")
    known.now = replace(known.now, forms=Forms(tmp_path))
    (form,) = known.now.forms.of("1.001193")
    file = await files.get(f"/forms/1.001193/{form.digest}")
    assert file
    assert (file.name, file.content, file.personal) == ("Tờ khai.pdf", b"%PDF", False)
    for path in (f"/forms/9.999999/{form.digest}", "/forms/1.001193/000000000000", "/forms/1.001193/../Tờ khai.pdf"):
        assert await files.get(path) is None
    form.path.write_bytes(b"")
    assert await files.get(f"/forms/1.001193/{form.digest}") is None


@settings(deadline=None)
@given(st.sampled_from(["", "/leaflet/", "/checklist/", "/forms/", "//", "/checklist/1001193_0000_0.pdf?"]), st.text())
def test_no_path_breaks_it(start: str, rest: str) -> None:
    async def got() -> object:
        files = Files(Known())
        try:
            return await files.get(start + rest)
        finally:
            files.close()

    assert asyncio.run(got()) is None


async def test_checklist_counts_by_the_rules_of_the_place_it_is_for(files: Files, known: Known) -> None:
    capital = Province("01", "Thành phố Hà Nội")
    home = Commune("00070", "Phường Hoàn Kiếm", capital, 21.0, 105.8)
    finder = Finder(Gazetteer({"01": capital}, {home.code: home}))
    known.now = replace(known.now, catalogue=Catalogue.of((CARD,)), clock=lambda: SUNDAY, places=finder)
    kept = Prepared(code=CARD.code, answers={"term": "late", "who": "self", "channel": "online"})
    for commune, total in ((home.code, "5.000 đồng"), ("", "4.000 đồng"), ("99999", "4.000 đồng")):
        file = await files.get(link.checklist(CARD, kept, "pdf", commune))
        assert file
        assert f"Tiền phải nộp: {total}" in reading.whole(file.content)
