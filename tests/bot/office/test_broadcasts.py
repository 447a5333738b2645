"""News on its pages: written, looked at, tried out, sent, rested, stopped and counted; each by whoever may."""

from __future__ import annotations

import asyncio

import pytest

from bot.office import broadcast_pages, broadcasts, news, staff
from bot.office.account_pages import NO_COMMUNE
from bot.office.accounts import Draft as Account
from bot.office.broadcast_pages import PATH
from bot.office.notice_pages import BAD_TIME
from bot.office.tables import BroadcastState, Role
from tests.bot.office.desk import Desk, Visitor, at_work, visitor
from tests.bot.office.test_broadcasting import people, to_the_end

HANOI, BA_DINH = "01", "00004"
WORDS = "Làm <căn cước>\nThứ bảy, nhà văn hóa tổ 5"


async def written(clerk: Visitor, **fields: str) -> str:
    """Write a draft and return where it is."""
    status, place = await clerk.post(f"{PATH}/moi", **{"text": WORDS, "pace": "900", "commune": "ba đình"} | fields)
    assert (status, place.endswith("?note=kept")) == (303, True), place
    return place.partition("?")[0]


async def states(desk: Desk) -> list[str]:
    return [state for (state,) in await desk.run("SELECT state FROM broadcast ORDER BY id")]


async def test_one_is_written_changed_looked_at_and_sent(desk: Desk, clerk: Visitor) -> None:
    await people(desk.engine, 3, commune=BA_DINH)
    await people(desk.engine, 2, commune=BA_DINH, channel="web")
    await people(desk.engine, 7)
    place = await written(clerk, text="x")
    assert await clerk.post(f"{place}/sua", text=WORDS, pace="900", version="1", commune="ba đình") == (
        303,
        f"{place}?note=kept",
    )
    status, page = await clerk.get(place)
    assert status == 200
    for words in ("Làm &lt;căn cước&gt;", "Phường Ba Đình", "<strong>5</strong> người", news.OFF, "Gửi cho 5 người"):
        assert words in page
    assert await clerk.post(f"{place}/gui", place, version="2", at="") == (303, f"{place}?note=started")
    assert await to_the_end(desk.engine) == 5
    await desk.run("UPDATE message SET state = 'sent' WHERE id IN (SELECT min(id) FROM message)")
    await desk.run(
        "UPDATE chat SET blocked = true WHERE id = (SELECT max(chat_id) FROM message WHERE state = 'queued')"
    )
    await desk.run("UPDATE message SET state = 'failed' WHERE state = 'queued'")
    _, page = await clerk.get(place)
    for words in ("<dd>3 người", "<dd>1 người", broadcast_pages.STATES[BroadcastState.DONE].capitalize()):
        assert words in page
    acts = [act for act in await desk.trail() if act.startswith("broadcast.")]
    assert acts == ["broadcast.write", "broadcast.write", "broadcast.start"]
    (_, listed) = await clerk.get(PATH)
    assert place in listed


async def test_it_rests_goes_on_and_stops_for_good(desk: Desk, clerk: Visitor) -> None:
    await people(desk.engine, 40, commune=BA_DINH)
    place = await written(clerk, pace="60")
    await clerk.post(f"{place}/gui", place, version="1")
    for act in ("tam-dung", "gui-tiep"):
        assert (await clerk.post(f"{place}/{act}", place))[0] == 303
        _, page = await clerk.get(place)
        assert (f'action="{place}/dung"' in page) == (act == "tam-dung")  # no single press stops what is going out
    assert await to_the_end(desk.engine) == 30
    await desk.run("UPDATE message SET state = 'sent' WHERE id IN (SELECT id FROM message ORDER BY id LIMIT 10)")
    assert (await clerk.post(f"{place}/dung", place))[0] == 303
    assert await states(desk) == ["stopped"]
    assert await desk.run("SELECT state, count(*) FROM message GROUP BY state") == [("sent", 10)]
    _, page = await clerk.get(place)
    assert "<dt>Không gửi nữa</dt><dd>30 người" in page
    for act in ("tam-dung", "gui-tiep", "dung", "gui", "bo"):
        status, page = await clerk.post(f"{place}/{act}", PATH + "/moi", version="4")
        assert (act, status) == (act, 400)
    assert await to_the_end(desk.engine) == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "  "}, broadcasts.NO_TEXT),
        ({"text": "a" * 1001}, "1000"),
        ({"pace": "100000"}, broadcasts.NO_PACE),
        ({"pace": ""}, broadcasts.NO_PACE),
        ({"commune": "Xứ Tiên"}, NO_COMMUNE),
        ({"province": "46"}, staff.NOT_YOURS),
        ({"province": ""}, ""),
    ],
)
async def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    desk: Desk, clerk: Visitor, fields: dict[str, str], words: str
) -> None:
    sent = {"text": "Tin", "pace": "60", "commune": ""} | fields
    status, page = await clerk.post(f"{PATH}/moi", **sent)
    if not words:
        assert status == 303
        return
    assert (status, words in page) == (400, True)
    assert sent["text"].strip() in page
    assert await states(desk) == []


async def test_nothing_goes_out_that_was_changed_is_late_or_reaches_nobody(desk: Desk, clerk: Visitor) -> None:
    place = await written(clerk)
    refused = {"": broadcasts.NOBODY, "2020-01-01T08:00": broadcasts.PAST, "mai": BAD_TIME}
    for at, words in refused.items():
        status, page = await clerk.post(f"{place}/gui", place, version="1", at=at)
        assert (status, words in page) == (400, True), at
    await people(desk.engine, 1, commune=BA_DINH)
    status, page = await clerk.post(f"{place}/gui", place, version="0")
    assert (status, broadcasts.CHANGED in page) == (400, True)
    status, page = await clerk.post(f"{place}/sua", text="Khác", pace="60", version="7")
    assert (status, broadcasts.CHANGED in page, "Khác" in page) == (400, True, True)
    assert await clerk.post(f"{place}/gui", place, version="1", at="2099-01-01T08:00") == (303, f"{place}?note=started")
    _, page = await clerk.get(place)
    assert broadcast_pages.AHEAD.capitalize() in page
    assert await to_the_end(desk.engine) == 0
    status, page = await clerk.post(f"{place}/sua", PATH + "/moi", text="Khác", pace="60", version="2")
    assert (status, broadcasts.NOT_DRAFT in page) == (400, True)


async def test_pressed_twice_at_once_it_starts_once(desk: Desk, clerk: Visitor) -> None:
    await people(desk.engine, 1, commune=BA_DINH)
    place = await written(clerk)
    token = await clerk.token(place)
    sends = [clerk.send(f"{place}/gui", {"csrf": token, "version": "1"}) for _ in range(2)]
    assert sorted([status for status, _ in await asyncio.gather(*sends)]) == [303, 400]
    assert (await desk.trail()).count("broadcast.start") == 1


async def test_one_tries_it_out_in_ones_own_chat(desk: Desk) -> None:
    clerk, token = await desk.hire(Account("Lan", Role.PUBLISHER, HANOI, telegram="42"))
    assert clerk.telegram == "42"
    async with visitor(desk, token) as somebody:
        place = await written(somebody)
        status, page = await somebody.post(f"{place}/thu", place)
        assert (status, broadcasts.NO_CHAT in page) == (400, True)
        await desk.run("INSERT INTO chat (channel, address) VALUES ('telegram', '42'), ('web', '42')")
        assert await somebody.post(f"{place}/thu", place) == (303, f"{place}?note=tried")
        ((channel, payload),) = await desk.run(
            "SELECT channel, payload FROM message JOIN chat ON chat.id = chat_id AND state = 'queued'"
        )
        assert channel == "telegram"
        assert payload["body"] == f"{broadcasts.TRIAL}\n\n{news.message(WORDS).body}"
        assert await desk.run("SELECT count(*) FROM broadcasted") == [(0,)]
        assert await somebody.post(f"{place}/bo", place) == (303, f"{PATH}?note=dropped")
    assert await states(desk) == []


async def test_others_places_are_not_ones_own(desk: Desk, clerk: Visitor) -> None:
    await people(desk.engine, 1)
    for scope in ("", HANOI, "46"):
        await desk.run("INSERT INTO broadcast (text, scope) VALUES (:text, :scope)", text=f"tin {scope}.", scope=scope)
    _, page = await clerk.get(PATH)
    assert [f"tin {scope}." in page for scope in ("", HANOI, "46")] == [True, True, False]
    assert (await clerk.get(f"{PATH}/3"))[0] == 404
    assert (await clerk.get(f"{PATH}/1/sua"))[0] == 303
    for number, status in ((1, 400), (3, 404)):
        for act in ("gui", "bo", "thu"):
            assert (await clerk.post(f"{PATH}/{number}/{act}", PATH + "/moi", version="1"))[0] == status
    assert await states(desk) == ["draft"] * 3
    async with at_work(desk, Account("Xem", Role.VIEWER)) as viewer:
        _, page = await viewer.get(f"{PATH}/1")
        assert "<button" not in page.split("<main", 1)[1]


async def test_how_often_people_of_a_place_were_written_to(desk: Desk, clerk: Visitor) -> None:
    for scope in ("", HANOI, BA_DINH, "46", "00008"):
        await desk.run("INSERT INTO broadcast (text, scope, state, starts_at) VALUES ('x', :s, 'done', now())", s=scope)
    await desk.run("UPDATE broadcast SET starts_at = now() - interval '31 days' WHERE scope = :s", s=HANOI)
    place = await written(clerk)
    _, page = await clerk.get(place)
    assert "đã được gửi 2 tin" in page
