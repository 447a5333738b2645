"""The form of a draft: what it answers the page that sends itself, and which day it takes for today."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from knowledge.calendar import now
from tests.bot.dialogue.records import BIRTH
from tests.bot.office.desk import Desk, Visitor


@pytest.fixture(params=["UTC", "Etc/GMT+12"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock is set to another part of the world; people still read the time of Vietnam."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


async def begun(clerk: Visitor) -> str:
    """Begin a change and return where it is written."""
    status, place = await clerk.post(
        f"/canbo/thu-tuc/{BIRTH.code}/sua", f"/canbo/thu-tuc/{BIRTH.code}?noi=01", tinh="01"
    )
    assert status == 303, place
    return place


@pytest.mark.usefixtures("elsewhere")
async def test_a_draft_that_saves_itself_tells_the_time_of_vietnam(clerk: Visitor) -> None:
    path = await begun(clerk)
    before = now()
    _, said = await clerk.post(path, phan="chung", do="tu-luu", version="1", name=BIRTH.name, field=BIRTH.field)
    told = json.loads(said)["saved"].removeprefix("Đã lưu nháp lúc ")
    assert told in {f"{each:%H:%M %d/%m/%Y}" for each in (before, now())}


@pytest.mark.usefixtures("elsewhere")
async def test_a_new_procedure_was_read_today_in_vietnam(desk: Desk, clerk: Visitor) -> None:
    before = now().date()
    await clerk.post("/canbo/thu-tuc", code="1.999999", name="Thủ tục mới", tinh="01")
    (draft,) = await desk.run("SELECT record->'source'->>'read_on' AS day FROM revision WHERE code = '1.999999'")
    assert draft.day in {before.isoformat(), now().date().isoformat()}


@pytest.mark.usefixtures("elsewhere")
async def test_a_source_read_today_in_vietnam_is_not_of_tomorrow(clerk: Visitor) -> None:
    path = await begun(clerk)
    fields = {"source.name": "Cổng", "source.read_on": now().date().isoformat()}
    _, said = await clerk.post(path, phan="can-cu", do="tu-luu", version="1", **fields)
    assert "source-read_on" not in {each["id"] for each in json.loads(said)["faults"]}
