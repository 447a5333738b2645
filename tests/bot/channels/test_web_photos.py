"""Photos sent from the page, over real HTTP: read, answered, refused, and never kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData
from sqlalchemy import text
from sqlalchemy.engine import URL

from bot.channels import web, web_photos
from bot.channels.web_turns import BAD_FORM
from bot.dialogue.turn import Turn
from bot.moment import Flow, Flows, Moment, Outcome
from bot.storage.engine import connect
from tests.bot.channels.browser import Browser, words
from tests.bot.channels.house import open_house
from tests.bot.dialogue import records
from tests.bot.dossiers.pictures import jpeg, sheet, symbol

CODE = "000.00.53.H48-220921-0099"
RECEIPT = jpeg(sheet(symbol(f"{CODE}|Nguyễn Văn An|001205123456")))
OWN = jpeg(sheet(symbol("001205123456|012345678|Nguyễn Văn An|")))
"""The picture of an identity card."""
SCRIPT = {"Accept": "application/json"}


def form(picture: bytes | None = RECEIPT, **fields: str) -> FormData:
    data = FormData()
    for name, value in fields.items():
        data.add_field(name, value, content_type="text/plain")
    if picture is not None:
        data.add_field("photo", BytesIO(picture), filename="anh.jpg", content_type="image/jpeg")
    return data


async def sent(browser: Browser, data: FormData) -> dict[str, Any]:
    response, body = await browser.post("/photo", data=data, headers=SCRIPT)
    assert response.status == 200, body
    answer: dict[str, Any] = json.loads(body)
    return answer


async def test_a_receipt_is_read_and_the_picture_is_not_kept(browser: Browser, database: URL) -> None:
    said, answered = (await sent(browser, form()))["entries"]
    assert words(said) == web_photos.SAID
    assert CODE in words(answered)
    engine = connect(database)
    async with engine.connect() as connection:
        kept = str((await connection.execute(text("SELECT payload FROM message"))).all())
    await engine.dispose()
    assert "001205123456" not in kept
    assert "Nguyễn" not in kept


async def test_while_its_sender_talks_it_is_for_the_other_side(database: URL) -> None:
    """A picture that may go to nobody, or whose sender talks with nobody, goes to us as ever."""
    taken: list[tuple[str, str, int]] = []
    turns: list[Turn] = []

    async def enclose(channel: str, address: str, content: bytes) -> str:
        taken.append((channel, address, len(content)))
        return "page:7" if len(taken) == 1 else ""

    async def look(moment: Moment) -> Outcome | None:
        turns.append(moment.turn)
        return None

    async with open_house(database, flows=Flows([Flow(take=look)], records.services), enclose=enclose) as opened:
        visitor = Browser(opened)
        answers = [await sent(visitor, form(picture)) for picture in (RECEIPT, RECEIPT, OWN)]
        await visitor.session.close()
    shown = [words(entry) for entry in answers[-1]["entries"] if entry["author"] == "person"]
    assert shown == [web_photos.FILE_SAID, web_photos.SAID, web_photos.SAID]
    assert [turn.file for turn in turns] == ["page:7", "", ""]
    assert [(channel, size) for channel, _, size in taken] == [("web", len(RECEIPT))] * 2


async def test_a_photo_as_large_as_phones_make_them_is_taken(browser: Browser) -> None:
    assert CODE in words((await sent(browser, form(RECEIPT + bytes(7 << 20))))["entries"][-1])


async def test_what_cannot_be_read_is_said_in_words(browser: Browser) -> None:
    answered = (await sent(browser, form(jpeg(sheet()))))["entries"][-1]
    assert "chụp lại" in words(answered)
    assert "HEIC" in words((await sent(browser, form(b"\0\0\0\x18ftypheic" + bytes(99))))["entries"][-1])


async def test_sending_again_counts_once_and_brings_only_what_is_new(browser: Browser) -> None:
    first = (await sent(browser, form(id="1-2-3")))["entries"]
    again = (await sent(browser, form(id="1-2-3", after=str(first[0]["id"]))))["entries"]
    assert [each["id"] for each in again] == [first[1]["id"]]


async def test_without_scripts_the_page_comes_back_with_the_answer(browser: Browser) -> None:
    response, _ = await browser.post("/photo", data=form())
    assert (response.status, response.headers["Location"]) == (303, "/#latest")
    assert CODE in (await browser.get("/"))[1]


@pytest.mark.parametrize("script", [True, False])
async def test_no_photo_and_too_large_a_photo_are_refused(browser: Browser, script: bool) -> None:
    empty, large = form(None, id="x"), form(bytes(web_photos.MOST_BYTES + 1))
    for data, status, said in ((empty, 400, web_photos.NO_PHOTO), (large, 413, web_photos.TOO_BIG)):
        response, body = await browser.post("/photo", data=data, headers=SCRIPT if script else {})
        assert response.status == status
        assert (json.loads(body)["error"] == said) if script else (said in body)


async def test_a_form_cut_short_or_of_another_kind_is_refused(browser: Browser) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x", b'--x\r\nContent-Disposition: form-data; name="photo"\r\n\r\nabc'):
        response, _ = await browser.post("/photo", data=body, headers=kind)
        assert response.status == 400
    response, said = await browser.post("/photo", json={"photo": "x"})
    assert (response.status, said) == (415, BAD_FORM)
    response, _ = await browser.post("/photo", data=b"", headers={"Content-Type": "multipart/form-data"})
    assert response.status == 400


async def test_another_sites_form_is_refused(browser: Browser) -> None:
    response, said = await browser.post("/photo", data=form(), headers={"Origin": "https://evil.example"})
    assert (response.status, said) == (403, web.NOT_OURS)


async def test_photos_count_as_turns(database: URL) -> None:
    async with open_house(database, web_turns_per_minute=2) as house:
        visitor = Browser(house)
        await visitor.turn("1.001193")
        await sent(visitor, form())
        response, body = await visitor.post("/photo", data=form(), headers=SCRIPT)
        assert response.status == 429
        assert "Retry-After" in response.headers
        assert "chờ" in json.loads(body)["error"]
        await visitor.session.close()


async def test_so_many_at_once(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_photos, "_AT_ONCE", 0)
    response, body = await browser.post("/photo", data=form(), headers=SCRIPT)
    assert (response.status, json.loads(body)["error"]) == (503, web_photos.BUSY)


async def test_one_that_comes_too_slowly(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_photos, "_SECONDS", 0.2)

    async def slowly() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="photo"\r\n\r\nabc'
        await asyncio.sleep(2)

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    response, body = await browser.post("/photo", data=slowly(), headers=SCRIPT | kind)
    assert (response.status, json.loads(body)["error"]) == (408, web_photos.TOO_SLOW)
