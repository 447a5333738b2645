"""Teams, talks, reports, feedback and news of one province, as somebody of another meets them: not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.dialogue.services import Services
from bot.office import broadcast_pages, feedback_pages, help_pages, volunteer_pages
from bot.office.accounts import Draft
from bot.office.tables import Role
from tests.bot.assistance import band
from tests.bot.assistance.band import BA_DINH
from tests.bot.office.desk import Desk, Visitor, at_work

HUE = "46"
SECRET = "Ngọc Lan"
ROOMS = (volunteer_pages, help_pages, feedback_pages, broadcast_pages)
TOUCHED = ("team", "volunteer", "invitation", "help_request", "talked", "flag", "feedback", "broadcast", "post")


@pytest.fixture
def known() -> Services:
    return band.placed()


@pytest.fixture
async def stranger(desk: Desk) -> AsyncIterator[Visitor]:
    """Somebody of Huế who may do everything there."""
    async with at_work(desk, Draft("Lê Văn Bình", Role.ADMINISTRATOR, HUE)) as somebody:
        yield somebody


async def one_of_each(desk: Desk) -> dict[str, int]:
    """Put one of each into Ba Đình, each with the same name in it; return their numbers by address."""
    async with desk.engine.begin() as connection:
        team = await band.team(connection, f"Đội {SECRET}")
        member, chat = await band.member(connection, team, SECRET)
        citizen = await band.chat(connection, "citizen")
    values: dict[str, Any] = {"commune": BA_DINH, "name": SECRET, "chat": chat, "citizen": citizen, "member": member}
    ((talk,),) = await desk.run(
        "INSERT INTO help_request (chat_id, commune, subject, state, volunteer, helper_chat, taken_at) "
        "VALUES (:citizen, :commune, :name, 'live', :member, :chat, now()) RETURNING id",
        **values,
    )
    await desk.run("INSERT INTO talked (request, side, body) VALUES (:talk, 'citizen', :name)", talk=talk, **values)
    ((flag,),) = await desk.run(
        "INSERT INTO flag (request, side, reason) VALUES (:talk, 'citizen', 'secret') RETURNING id", talk=talk
    )
    ((feedback,),) = await desk.run(
        "INSERT INTO feedback (code, kind, text, commune) VALUES ('PA-CDF346', 'complaint', :name, :commune) "
        "RETURNING id",
        **values,
    )
    ((news,),) = await desk.run(
        "INSERT INTO broadcast (text, scope, per_minute) VALUES (:name, :commune, 60) RETURNING id", **values
    )
    return {
        volunteer_pages.PATH: team,
        f"{help_pages.PATH}/bao-cao": flag,
        help_pages.PATH: talk,
        feedback_pages.PATH: feedback,
        broadcast_pages.PATH: news,
    }


async def state(desk: Desk) -> list[Any]:
    return [await desk.run(f"SELECT t::text FROM {table} AS t ORDER BY 1") for table in TOUCHED]


async def test_nothing_of_another_province_is_shown_or_changed(desk: Desk, stranger: Visitor) -> None:
    numbers = await one_of_each(desk)
    before, csrf = await state(desk), await stranger.token("/canbo/toi")
    fields = {"csrf": csrf, "who": "1", "name": "x", "text": "x", "answer": "x", "la": "removed", "version": "1"}
    tried = 0
    for route in (each for room in ROOMS for each in room.routes()):
        if "{id}" not in route.path:
            if route.method == "GET":
                assert SECRET not in (await stranger.get(route.path))[1], route.path
            continue
        (number,) = (numbers[path] for path in numbers if route.path.startswith(f"{path}/{{id}}"))
        path = route.path.replace("{id}", str(number))
        status, said = await (stranger.get(path) if route.method == "GET" else stranger.send(path, fields))
        assert status in (400, 403, 404), (route.method, route.path, status)
        assert SECRET not in said, route.path
        tried += 1
    assert tried > 25
    assert await state(desk) == before
