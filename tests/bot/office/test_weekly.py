"""The report of the week: once, whoever sends it and however often somebody is killed in between."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

from bot.assistance import post
from bot.assistance.post import Postman
from bot.dialogue.turn import Message
from bot.office.reports import link as report_link
from bot.office.reports.report import Report
from bot.office.reports.reporting import Reporting
from bot.office.reports.weekly import Weekly
from bot.storage.engine import connect
from bot.storage.notices import Notices
from knowledge.catalogue import Catalogue
from tests.bot.dialogue.records import RECORDS
from tests.bot.office.desk import TERRITORY
from tests.bot.office.ledger import HANOI, HUE, TODAY, fill, run

CATALOGUE = Catalogue.of(RECORDS)
GROUP = "-1001234567890"


@pytest.fixture(autouse=True)
async def used_before(engine: AsyncEngine) -> None:
    """Somebody asked something long ago: there are weeks to report."""
    await run(
        engine,
        "INSERT INTO tally (day, kind, outcome, channel, commune, code, count)"
        " VALUES ('2026-01-05', 'question', 'answered', 'web', '', '', 1)",
    )


def weekly(engine: AsyncEngine, now: datetime = TODAY, chat: str | None = GROUP) -> Weekly:
    return Weekly(Reporting(engine, TERRITORY, lambda: CATALOGUE, lambda: now), chat)


async def hire(engine: AsyncEngine, telegram: str | None, scope: str, *, wants: bool = True, off: bool = False) -> None:
    await run(
        engine,
        "INSERT INTO staff (name, role, scope, telegram, weekly, disabled)"
        " VALUES ('Lan', 'viewer', :scope, :telegram, :wants, :off)",
        scope=scope, telegram=telegram, wants=wants, off=off,
    )  # fmt: skip


async def left(engine: AsyncEngine) -> dict[str, Any]:
    """Return what is left for each chat, by address."""
    rows = await run(engine, "SELECT address, payload FROM post JOIN chat ON chat.id = chat_id ORDER BY post.id")
    assert len({address for address, _ in rows}) == len(rows)
    return dict(tuple(row) for row in rows)


async def test_goes_to_the_chat_of_staff_and_to_who_wants_it_each_of_their_own_place(engine: AsyncEngine) -> None:
    await fill(engine)
    await hire(engine, "11", HANOI)
    await hire(engine, "12", HUE)
    await hire(engine, "13", "", wants=False)
    await hire(engine, "14", "", off=True)
    await hire(engine, None, "")
    assert await weekly(engine).send() == 3
    told = await left(engine)
    assert set(told) == {GROUP, "11", "12"}
    assert "Cả nước" in told[GROUP]["body"]
    assert "Câu hỏi: <b>20</b>" in told[GROUP]["body"]
    assert "Câu hỏi: <b>4</b>" in told["11"]["body"]
    assert "Thành phố Huế" in told["12"]["body"]
    for scope, address in ((HANOI, "11"), (HUE, "12"), ("", GROUP)):
        found = report_link.read_picture(told[address]["file"]["path"])
        assert found
        assert found[1] == scope
        assert found[0].words == "từ 16/11/2026 đến 22/11/2026"


@pytest.mark.parametrize(
    ("now", "sends"),
    [
        (TODAY - timedelta(minutes=1), None),
        (TODAY, 1),
        (TODAY + timedelta(days=6, hours=15), 1),
        (TODAY - timedelta(hours=9), 1),
    ],
)
async def test_waits_for_monday_at_eight(engine: AsyncEngine, now: datetime, sends: int | None) -> None:
    """Sunday evening still belongs to the week before, whose report has not been sent here."""
    assert await weekly(engine, now).send() == sends


async def test_nobody_to_send_to_is_sent_to_nobody_and_not_made_up_for_later(engine: AsyncEngine) -> None:
    assert await weekly(engine, chat=None).send() == 0
    await hire(engine, "11", HANOI)
    assert await weekly(engine).send() is None
    assert await weekly(engine, TODAY + timedelta(days=7)).send() == 2


async def test_a_new_installation_has_no_week_behind_it(engine: AsyncEngine) -> None:
    await run(engine, "DELETE FROM tally")
    assert await weekly(engine).send() is None
    assert await left(engine) == {}
    await fill(engine)
    assert await weekly(engine, TODAY + timedelta(days=7)).send() == 1


async def test_two_replicas_send_it_once(engine: AsyncEngine, database: URL) -> None:
    await fill(engine)
    await hire(engine, "11", HANOI)
    other = connect(database)
    try:
        for week in range(4):
            now = TODAY + timedelta(days=7 * week)
            senders = [weekly(each, now) for each in (engine, other, engine, other)]
            sent = await asyncio.gather(*(each.send() for each in senders))
            assert sorted(sent, key=str) == [2, None, None, None]
        assert (await run(engine, "SELECT count(*) FROM post"))[0][0] == 8
        assert (await run(engine, "SELECT count(*) FROM weekly"))[0][0] == 4
    finally:
        await other.dispose()


async def test_no_connection_is_held_while_a_report_is_put_together(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(engine)
    await hire(engine, "11", HANOI)
    compose, held = Reporting._composed, list[int]()
    pool = cast(QueuePool, engine.pool)

    def composing(reporting: Reporting, *told: Any) -> Report:
        held.append(pool.checkedout())
        return compose(reporting, *told)

    monkeypatch.setattr(Reporting, "_composed", composing)
    assert await weekly(engine).send() == 2
    assert held == [0, 0]


async def test_killed_half_way_it_is_neither_lost_nor_sent_twice(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("11", "12", "13"):
        await hire(engine, number, HANOI)
    send, sent = post.send, 0

    async def dying(connection: AsyncConnection, chat: int, message: Message) -> None:
        nonlocal sent
        await send(connection, chat, message)
        sent += 1
        if sent == 2:
            raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(post, "send", dying)
        with pytest.raises(asyncio.CancelledError):
            await weekly(engine).send()
    assert await left(engine) == {}
    assert await weekly(engine).send() == 4
    assert await weekly(engine).send() is None
    assert len(await left(engine)) == 4


async def test_it_goes_the_way_of_all_messages_with_its_picture(engine: AsyncEngine, database: URL) -> None:
    await fill(engine)
    await weekly(engine).send()
    await Postman(engine, Notices(database)).round()
    ((payload, state),) = await run(
        engine, "SELECT payload, state FROM message JOIN chat ON chat.id = chat_id WHERE address = :group", group=GROUP
    )
    assert state == "queued"
    assert payload["file"]["path"].startswith("/canbo/bao-cao.png?")
    assert "Trần Thị Bích" not in json.dumps(payload, ensure_ascii=False)
