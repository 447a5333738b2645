"""Two processes behind a balancer: whichever is asked tells how far some work is, and what came of it."""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office import exchange_pages, tickets
from bot.office.accounts import Draft
from bot.office.tables import Role
from bot.office.trial import plan_of
from knowledge.catalogue_file import dump
from tests.bot.dialogue.records import BIRTH
from tests.bot.office.desk import Desk, Visitor, at_work, open_desk
from tests.bot.office.test_exchange_pages import PAGE, ended

CHANGED = BIRTH.model_copy(update={"summary": "Câu mới từ tệp."})


@pytest.fixture
async def editor(desk: Desk) -> AsyncIterator[Visitor]:
    async with at_work(desk, Draft("Lê Văn An", Role.PUBLISHER)) as somebody:
        yield somebody


@pytest.fixture
async def elsewhere(engine: AsyncEngine, editor: Visitor) -> AsyncIterator[Visitor]:
    """The same browser, as another process on the same database gets to see it."""
    async with open_desk(engine) as other:
        yield Visitor(other, editor.http)


async def brought(somebody: Visitor, body: bytes, name: str = "moi.json") -> str:
    form = FormData()
    form.add_field("csrf", await somebody.token(PAGE))
    form.add_field("file", BytesIO(body), filename=name)
    status, place = await somebody.send(PAGE, form)
    assert status == 303
    return place


async def test_what_one_read_another_shows_and_takes_once(editor: Visitor, elsewhere: Visitor) -> None:
    place = await brought(editor, dump([CHANGED]).encode())
    assert "Câu mới từ tệp." in (await ended(editor, place))[1]
    _, page = await ended(elsewhere, place)
    assert "Câu mới từ tệp." in page
    _, work = await elsewhere.post(place, PAGE)
    assert (await ended(elsewhere, work))[1].startswith("/canbo/nhap-xuat/lo/")
    _, work = await editor.post(place, PAGE)
    assert "đã nhập rồi" in (await ended(editor, work))[1]
    assert await editor.desk.run("SELECT count(*) FROM revision") == [(1,)]
    assert await editor.desk.run("SELECT count(*) FROM ticket_file") == [(0,)]


async def test_a_press_that_reaches_another_process_loses_nothing(editor: Visitor, elsewhere: Visitor) -> None:
    place = await brought(editor, dump([CHANGED]).encode())
    await ended(editor, place)
    assert await elsewhere.post(place, PAGE) == (303, place), "read there too, and shown once more"
    assert "Nhập thành 1 bản sửa" in (await ended(elsewhere, place))[1]
    assert await editor.desk.run("SELECT count(*) FROM revision") == [(0,)]


async def test_how_far_it_is_is_told_everywhere(
    editor: Visitor, elsewhere: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, told = threading.Event(), threading.Event()

    def slow(path: Any, stand: Any, scope: str, progress: Any) -> Any:
        progress(0.4)
        told.set()
        gate.wait()
        return plan_of(path, stand, scope, progress)

    monkeypatch.setattr("bot.office.exchange_pages.plan_of", slow)
    try:
        place = await brought(editor, dump([CHANGED]).encode())
        assert "Đã xong" in (await elsewhere.get(place))[1]
        async with at_work(editor.desk, Draft("Người khác", Role.ADMINISTRATOR)) as other:
            assert (await Visitor(elsewhere.desk, other.http).get(place))[0] == 404
    finally:
        gate.set()
    assert "Câu mới từ tệp." in (await ended(editor, place))[1]


async def test_faults_and_where_it_led_are_told_everywhere(editor: Visitor, elsewhere: Visitor) -> None:
    place = await brought(editor, b"{", "hong.json")
    assert "không phải JSON" in (await ended(editor, place))[1]
    assert "không phải JSON" in (await ended(elsewhere, place))[1]
    place = await brought(editor, dump([CHANGED]).encode())
    await ended(editor, place)
    _, work = await editor.post(place, PAGE)
    _, lot = await ended(editor, work)
    assert await elsewhere.get(work) == (303, lot)


async def test_what_was_made_is_made_again_where_it_is_asked_for(
    editor: Visitor, elsewhere: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_pages, "_PATIENCE", 0.0)
    status, place = await editor.get(f"{PAGE}/tai/procedures.json")
    if status == 303:
        await ended(editor, place)
    else:
        [(key,)] = await editor.desk.run("SELECT key FROM ticket")
        place = f"{PAGE}/viec/{key}"
    assert BIRTH.code in (await ended(elsewhere, place))[1]


async def test_marked_cells_come_from_any_process(editor: Visitor, elsewhere: Visitor) -> None:
    body = dump([CHANGED]).encode()
    place = await brought(editor, body)
    await ended(editor, place)
    assert await elsewhere.get(f"{place}/loi.xlsx") == (303, place)
    assert "Câu mới từ tệp." in (await ended(elsewhere, place))[1]


async def test_work_that_died_is_told_of(editor: Visitor, elsewhere: Visitor) -> None:
    place = await brought(editor, dump([CHANGED]).encode())
    await ended(editor, place)
    dead = "UPDATE ticket SET done = false, fault = NULL, place = NULL, seen_at = now() - interval '21 seconds'"
    await editor.desk.run(dead)
    assert "Câu mới từ tệp." in (await ended(elsewhere, place))[1], "a file is read again"
    _, work = await elsewhere.post(place, PAGE)
    await ended(elsewhere, work)
    await editor.desk.run(dead)
    assert tickets.STOPPED in (await editor.get(work))[1]


async def test_a_ticket_and_its_file_are_forgotten(editor: Visitor, engine: AsyncEngine) -> None:
    place = await brought(editor, dump([CHANGED]).encode())
    await ended(editor, place)
    assert re.fullmatch(rf"{PAGE}/viec/[0-9a-f]{{16}}", place)
    await editor.desk.run("UPDATE ticket SET seen_at = now() - interval '2 hours'")
    async with engine.begin() as connection:
        await tickets.sweep(connection)
    told = "SELECT (SELECT count(*) FROM ticket), (SELECT count(*) FROM ticket_file)"
    assert await editor.desk.run(told) == [(0, 0)]
