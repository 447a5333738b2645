"""Notices on their page, in the database, and in every replica."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import URL

from bot.dialogue.banner import Banner
from bot.office import notice_pages, notices, staff
from bot.office.account_pages import NO_COMMUNE
from bot.office.notice_pages import PATH
from bot.office.notices import Board, Notice
from bot.storage.notices import Notices
from tests.bot.office.desk import Desk, Visitor
from tests.patience import PATIENCE_SECONDS

HANOI, BA_DINH = "01", "00004"


async def test_one_is_written_shown_and_taken_down(desk: Desk, clerk: Visitor) -> None:
    said = {"text": "Nghỉ <Tết>", "commune": "ba đình", "starts": "2026-01-02T08:00", "ends": "2099-01-01T08:30"}
    assert await clerk.post(PATH, **said) == (303, f"{PATH}?note=published")
    (banner,) = await notices.banners(desk.engine)
    starts, ends = datetime(2026, 1, 2, 8), datetime(2099, 1, 1, 8, 30)
    assert banner == Banner(banner.id, "Nghỉ <Tết>", BA_DINH, starts, ends)
    _, page = await clerk.get(f"{PATH}?note=published")
    for words in (
        "Nghỉ &lt;Tết&gt;",
        "Phường Ba Đình",
        "08:00 02/01/2026",
        "Phạm Thị Hoa",
        notice_pages.ON,
        "Đã đăng.",
    ):
        assert words in page
    assert await clerk.post(f"{PATH}/{banner.id}/go", PATH) == (303, f"{PATH}?note=withdrawn")
    assert await notices.banners(desk.engine) == ()
    status, page = await clerk.post(f"{PATH}/{banner.id}/go", PATH)
    assert status == 400
    assert notices.GONE in page
    assert (await desk.trail())[-2:] == ["notice.publish", "notice.withdraw"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "  "}, notices.NO_TEXT),
        ({"text": "a" * 501}, "500"),
        ({"text": "x", "ends": "2020-01-01T00:00"}, notices.PAST),
        ({"text": "x", "starts": "2098-01-01T00:00", "ends": "2097-01-01T00:00"}, notices.BACKWARDS),
        ({"text": "x", "starts": "mai"}, notice_pages.BAD_TIME),
        ({"text": "x", "starts": "0001-01-01T00:00"}, notice_pages.BAD_TIME),
        ({"text": "x", "ends": "2098-01-01T00:00+00:00"}, notice_pages.BAD_TIME),
        ({"text": "x", "commune": "Xứ Tiên"}, NO_COMMUNE),
        ({"text": "x", "province": "46"}, staff.NOT_YOURS),
        ({"text": "x", "province": "98"}, staff.NOT_YOURS),
    ],
)
async def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    desk: Desk, clerk: Visitor, fields: dict[str, str], words: str
) -> None:
    status, page = await clerk.post(PATH, **fields)
    assert status == 400
    assert words in page
    assert fields["text"].strip() in page
    assert await desk.run("SELECT count(*) FROM notice") == [(0,)]


async def test_others_places_are_seen_only_above_and_left_alone(desk: Desk, clerk: Visitor) -> None:
    for scope in ("", HANOI, "46"):
        await desk.run("INSERT INTO notice (text, scope) VALUES (:text, :scope)", text=f"tin {scope}.", scope=scope)
    _, page = await clerk.get(PATH)
    assert [f"tin {scope}." in page for scope in ("", HANOI, "46")] == [True, True, False]
    assert page.count(">Gỡ<") == 1
    for number in (1, 3):
        status, page = await clerk.post(f"{PATH}/{number}/go", PATH)
        assert (status, staff.NOT_YOURS in page) == (400, True)
    assert len(await notices.banners(desk.engine)) == 3


def test_each_stage_has_its_word() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    hour = timedelta(hours=1)

    def word(starts: datetime, ends: datetime | None = None, gone: datetime | None = None) -> str:
        return notice_pages.state(Notice(1, "x", "", starts, ends, gone, ""), now)

    assert word(now - hour) == word(now - hour, now + hour) == notice_pages.ON
    assert word(now + hour) == notice_pages.AHEAD
    assert word(now - 2 * hour, now - hour) == notice_pages.OVER
    assert word(now - hour, None, now) == notice_pages.DOWN


async def test_every_replica_hears_of_it_at_once(desk: Desk, clerk: Visitor, database: URL) -> None:
    heard: asyncio.Queue[tuple[Banner, ...]] = asyncio.Queue()
    channel = Notices(database)
    tasks = [asyncio.create_task(each) for each in (channel.run(), Board(desk.engine, channel, heard.put_nowait).run())]
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await heard.get() == ()
            assert await heard.get() == ()  # again, woken as soon as the channel listens
            await clerk.post(PATH, text="Cổng bảo trì")
            assert [each.text for each in await heard.get()] == ["Cổng bảo trì"]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
