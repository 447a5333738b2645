from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import tracking
from bot.dossiers.register import Row
from bot.dossiers.report import VIETNAM, Step
from bot.dossiers.status import Status
from bot.errors import SourceDown
from bot.storage.presence import mark
from tests.bot.dossiers.desk import CODE, NOON, Desk, Told, report


def later(hours: float = 1, status: Status = Status.SUPPLEMENT) -> Row:
    moment = NOON + timedelta(hours=hours)
    return Row(report(status=status, read_at=moment, missing=("Sổ đỏ",)), moment)


async def following(desk: Desk, *chats: str) -> None:
    """Let chats follow the dossier that stands in the register since noon; one of them has proved it its own."""
    await desk.register.put([Row(report(), NOON)])
    for chat in chats or ("7",):
        await desk.says(f"{CODE} số cuối 5678" if chat == "7" else CODE, chat)
        await desk.says(f"follow:{CODE}", chat)


async def heads(desk: Desk, chat: str = "7") -> list[str]:
    return [body.split("\n")[0] for body in await desk.said(chat)][2:]


async def test_each_follower_is_told_of_a_change_once(engine: AsyncEngine) -> None:
    desk = Desk(engine)
    await following(desk, "7", "8")
    await desk.register.put([later()])
    await desk.check()
    await desk.due()
    await desk.check()
    assert await heads(desk) == await heads(desk, "8") == [tracking.CHANGED]
    assert "Sổ đỏ" in (await desk.said())[-1]
    assert "Sổ đỏ" not in (await desk.said("8"))[-1], "who has not proved it is told the state only"


@pytest.mark.parametrize("minutes", [-2, 2])
async def test_a_push_beside_a_slower_portal_is_told(engine: AsyncEngine, minutes: int) -> None:
    """The row was written before or after the portal was last asked, which goes on telling of the day before."""
    steps = (Step(NOON - timedelta(days=1), "Phân công"),)
    desk = Desk(engine, Told(report(steps=steps)))
    await desk.register.put([Row(report(), NOON - timedelta(days=2))])
    await desk.says(CODE)
    await desk.says(f"follow:{CODE}")
    await desk.register.put([Row(report(status=Status.SUPPLEMENT), NOON + timedelta(minutes=minutes))])
    await desk.check()
    await desk.due()
    await desk.check()
    assert await heads(desk) == [tracking.CHANGED]
    assert Status.SUPPLEMENT.official in (await desk.said())[-1]


async def test_replicas_at_the_same_time_tell_once(engine: AsyncEngine) -> None:
    desk, other = Desk(engine), Desk(engine)
    await following(desk, *(str(chat) for chat in range(7, 17)))
    await desk.register.put([later()])
    (number,) = await desk.numbers("SELECT id FROM known")
    await asyncio.gather(*(each.watch.check(number) for each in (desk, other) * 3))
    for chat in range(7, 17):
        assert await heads(desk, str(chat)) == [tracking.CHANGED]


async def test_push_queues_the_dossier_at_once_and_only_when_something_changed(engine: AsyncEngine) -> None:
    desk = Desk(engine)
    await following(desk)
    await desk.run("DELETE FROM procrastinate_jobs")
    await desk.register.put([Row(report(), NOON + timedelta(minutes=5))])
    jobs = "SELECT id FROM procrastinate_jobs WHERE queue_name = 'news'"
    assert await desk.numbers(jobs) == []
    await desk.register.put([later()])
    await desk.register.put([later(2, Status.PROCESSING)])
    assert len(await desk.numbers(jobs)) == 1


async def test_one_who_looked_it_up_is_not_told_again(engine: AsyncEngine) -> None:
    desk = Desk(engine)
    await following(desk, "7", "8")
    await desk.register.put([later()])
    assert "Yêu cầu bổ sung" in await desk.says(CODE)
    await desk.check()
    assert tracking.CHANGED not in await heads(desk)
    assert await heads(desk, "8") == [tracking.CHANGED]


async def test_at_night_news_waits_for_the_morning(engine: AsyncEngine) -> None:
    desk = Desk(engine)
    await following(desk)
    desk.clock = NOON.replace(hour=21, minute=0)
    await desk.register.put([later(9)])
    await desk.check()
    assert await heads(desk) == []
    async with engine.connect() as connection:
        at = (await connection.execute(text("SELECT next_at FROM known"))).scalar_one()
    assert at == datetime(2026, 11, 24, 7, tzinfo=VIETNAM)
    desk.clock = at.astimezone(VIETNAM)
    await desk.due()
    await desk.check()
    assert await heads(desk) == [tracking.CHANGED]


async def test_own_questions_are_answered_at_night(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()), clock=NOON.replace(hour=23))
    assert "Đang xử lý" in await desk.says(CODE)


async def test_warned_two_working_days_before_and_when_late_once_each(engine: AsyncEngine) -> None:
    desk = Desk(engine)
    await following(desk)
    moments = [  # 24 November is a holiday; due on Friday the 27th
        datetime(2026, 11, 24, 12, tzinfo=VIETNAM),
        datetime(2026, 11, 25, 8, tzinfo=VIETNAM),
        datetime(2026, 11, 26, 8, tzinfo=VIETNAM),
        datetime(2026, 11, 27, 18, tzinfo=VIETNAM),
        datetime(2026, 11, 30, 8, tzinfo=VIETNAM),
    ]
    counted = []
    for desk.clock in moments:
        await desk.due()
        await desk.check()
        counted.append(await heads(desk))
    soon, late = tracking.SOON, tracking.LATE
    assert counted == [[], [soon], [soon], [soon], [soon, late]]


async def test_no_warning_while_the_clock_stands(engine: AsyncEngine) -> None:
    desk = Desk(engine)
    await following(desk)
    await desk.register.put([later()])
    desk.clock = datetime(2026, 12, 1, 8, tzinfo=VIETNAM)
    await desk.check()
    await desk.due()
    await desk.check()
    assert await heads(desk) == [tracking.CHANGED]


async def test_following_ends_with_the_dossier(engine: AsyncEngine) -> None:
    desk = Desk(engine)
    await following(desk, "7", "8")
    await desk.register.put([later(status=Status.RETURNED)])
    await desk.check()
    assert tracking.ENDED in (await desk.said())[-1]
    assert await desk.numbers("SELECT id FROM following") == []
    await desk.register.put([later(2, Status.PROCESSING)])
    await desk.check()
    assert await heads(desk) == [tracking.CHANGED]


async def test_blocked_chats_are_neither_told_nor_polled_for(engine: AsyncEngine) -> None:
    desk = Desk(engine)
    await following(desk)
    await mark(engine, "telegram", "7", blocked=True)
    await desk.register.put([later()])
    await desk.check()
    assert await heads(desk) == []
    await desk.due()
    await desk.run("DELETE FROM procrastinate_jobs")
    await desk.watch.queue()
    assert await desk.numbers("SELECT id FROM procrastinate_jobs") == []
    await mark(engine, "telegram", "7", blocked=False)
    await desk.due()
    await desk.watch.queue()
    assert len(await desk.numbers("SELECT id FROM procrastinate_jobs")) == 1


async def test_failing_source_is_asked_less_and_less(engine: AsyncEngine) -> None:
    source = Told(report())
    desk = Desk(engine, source)
    await desk.says(CODE)
    await desk.says(f"follow:{CODE}")
    source.error = SourceDown("502", 7200)
    waits = []
    for _ in range(3):
        await desk.due()
        await desk.check()
        async with engine.connect() as connection:
            at = (await connection.execute(text("SELECT next_at FROM known"))).scalar_one()
        waits.append(round((at - desk.clock).total_seconds() / 3600))
    assert waits == [2, 4, 8] or waits == [2, 4, 19]
    assert await heads(desk) == []


@pytest.mark.parametrize("told", [True, False])
async def test_an_interrupted_round_is_begun_again(engine: AsyncEngine, told: bool) -> None:
    """The first of two followers was told when the process died; the other is told after the restart."""
    desk = Desk(engine)
    await following(desk, "7", "8")
    await desk.register.put([later()])
    tell, count = desk.watch._tell_one, 0

    async def cut(*given: object) -> None:
        nonlocal count
        count += 1
        if count > told:
            raise asyncio.CancelledError
        await tell(*given)  # type: ignore[arg-type]

    desk.watch._tell_one = cut  # type: ignore[assignment, method-assign]
    with pytest.raises(asyncio.CancelledError):
        await desk.check()
    await Desk(engine).check()
    assert await heads(desk) == await heads(desk, "8") == [tracking.CHANGED]
