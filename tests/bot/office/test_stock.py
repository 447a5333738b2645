"""What stands is the same whether it was read at once or release by release, and nothing is read twice."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from bot.office import stock as stocks
from bot.office.revisions import find, get
from bot.office.stand import Laid, Stand
from bot.office.stock import Stock
from bot.office.tables import Effect, Subject
from knowledge.catalogue import digest_of
from tests.bot.dialogue.records import BIRTH, LICENCE, MARRIAGE
from tests.bot.office.newsroom import BA_DINH, GROUND, HANOI, opened, priced

SCOPES = ("", HANOI, BA_DINH)
OFFICES = ("Phường", "Xã", "Trung tâm")


def change(chance: random.Random) -> Laid:
    """Return something staff may publish."""
    base = chance.choice([BIRTH, MARRIAGE, LICENCE, BIRTH.model_copy(update={"code": "9.000001"})])
    effect = chance.choice([Effect.RECORD, Effect.RECORD, Effect.REMOVED, Effect.BASE])
    record = base.model_copy(update={"agency": chance.choice(OFFICES)}) if effect is Effect.RECORD else None
    return Laid(base.code, chance.choice(SCOPES), effect, record)


@pytest.mark.parametrize("seed", range(30))
def test_release_by_release_it_is_what_it_would_be_at_once(seed: int) -> None:
    chance = random.Random(seed)
    stand = Stand.bare(GROUND)
    last: dict[tuple[str, str], Laid] = {}
    for _ in range(12):
        published = {(each.code, each.scope): each for each in (change(chance) for _ in range(chance.randint(1, 3)))}
        stand = stand.with_these(published.values())
        last |= published
    whole = Stand.bare(GROUND).with_these(last.values())
    assert stand.catalogue.release == whole.catalogue.release
    assert dict(stand.catalogue.procedures) == dict(whole.catalogue.procedures)
    assert {scope: dict(held) for scope, held in stand.catalogue.local.items()} == whole.catalogue.local
    for code in {code for code, _ in last}:
        placed = stand.catalogue.for_place(GROUND.places.communes[BA_DINH])
        assert stand.stands(code, BA_DINH) == placed.get(code)
        for scope in SCOPES:
            assert stand.digest_below(code, scope) == digest_of(stand.below(code, scope))


async def test_only_what_is_newer_is_read(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    room, follower, seen = opened(engine), Stock(GROUND), list[list[int]]()
    read = stocks._read

    def noted(rows: Sequence[Row[Any]], records: Mapping[int, str | None]) -> Any:
        seen.append([row.id for row in rows])
        return read(rows, records)

    monkeypatch.setattr(stocks, "_read", noted)
    first = await room.approved(priced(BIRTH, "Phường"))
    async with engine.connect() as connection:
        assert (await follower.now(connection)).catalogue is GROUND.base
    await room.publish(first)
    async with engine.connect() as connection:
        one = await follower.now(connection)
        assert await follower.now(connection) is one
    second = await room.approved(priced(MARRIAGE, "Xã"), MARRIAGE.code, HANOI)
    await room.publish(second)
    async with engine.connect() as connection:
        two = await follower.now(connection)
    assert seen == [[each] for each in (first.id, first.id, second.id, second.id)], (
        "who publishes weighs it, others follow"
    )
    assert two.catalogue.procedures[BIRTH.code] is one.catalogue.procedures[BIRTH.code]
    assert (two.catalogue.release, two.release) == ((await room.catalogue()).release, one.release + 1)


async def test_what_was_approved_is_read_ahead(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    room, follower, seen = opened(engine), Stock(GROUND), list[int]()
    read = stocks._read

    def noted(rows: Sequence[Row[Any]], records: Mapping[int, str | None]) -> Any:
        seen.extend(row.id for row in rows)
        return read(rows, records)

    assert await follower.ahead(engine) is None
    both = [await room.approved(priced(BIRTH, "Phường")), await room.approved(priced(MARRIAGE, "Xã"), MARRIAGE.code)]
    monkeypatch.setattr(stocks, "_read", noted)
    ahead = await follower.ahead(engine)
    async with engine.connect() as connection:
        assert (await follower.now(connection)).catalogue is GROUND.base
    assert ahead
    await room.publish(*both)
    async with engine.connect() as connection:
        stand = await follower.now(connection)
    assert stand.catalogue is ahead.catalogue
    assert (stand.catalogue.release, stand.release) == ((await room.catalogue()).release, 1)
    assert sorted(seen) == sorted([each.id for each in both] * 3), "once ahead, once weighed, once by a fresh look"


async def test_no_connection_is_held_while_what_was_approved_is_laid(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, follower, held = opened(engine), Stock(GROUND), list[int]()
    await room.approved(priced(BIRTH, "Phường"))
    read, lay = stocks._read, Stand.with_these
    pool = cast(QueuePool, engine.pool)

    def reading(rows: Sequence[Row[Any]], records: Mapping[int, str | None]) -> Any:
        held.append(pool.checkedout())
        return read(rows, records)

    def laying(stand: Stand, *changes: Any) -> Stand:
        held.append(pool.checkedout())
        return lay(stand, *changes)

    monkeypatch.setattr(stocks, "_read", reading)
    monkeypatch.setattr(Stand, "with_these", laying)
    assert await follower.ahead(engine)
    assert held == [0, 0]


async def test_what_was_approved_may_be_changed_or_published_in_part(engine: AsyncEngine) -> None:
    room, follower = opened(engine), Stock(GROUND)
    one, two = await room.approved(priced(BIRTH, "Phường")), await room.approved(priced(MARRIAGE, "Xã"), MARRIAGE.code)
    await follower.ahead(engine)
    await room.publish(one)
    async with engine.connect() as connection:
        assert (await follower.now(connection)).catalogue.release == (await room.catalogue()).release
    ahead = await follower.ahead(engine)
    assert ahead
    assert ahead.catalogue.procedures[MARRIAGE.code].agency == "Xã"
    async with engine.begin() as connection:
        changed = """UPDATE revision SET record = record || '{"agency": "Khác"}' WHERE id = :id"""
        await connection.execute(text(changed), {"id": two.id})
    await room.publish(two)
    async with engine.connect() as connection:
        assert (await follower.now(connection)).catalogue.procedures[MARRIAGE.code].agency == "Khác"


async def test_after_going_back_the_file_stands(engine: AsyncEngine) -> None:
    room, follower = opened(engine), Stock(GROUND)
    release = await room.publish(
        await room.approved(priced(BIRTH, "Phường"), scope=HANOI),
        await room.approved(None, LICENCE.code, effect=Effect.REMOVED),
    )
    async with engine.connect() as connection:
        assert (await follower.now(connection)).catalogue.get(LICENCE.code) is None
    await room.releases.rollback(None, release)
    async with engine.connect() as connection:
        stand = await follower.now(connection)
    assert (stand.catalogue.release, dict(stand.catalogue.local)) == (GROUND.base.release, {})


async def test_an_older_database_is_read_anew(engine: AsyncEngine) -> None:
    room, follower = opened(engine), Stock(GROUND)
    await room.publish(await room.approved(priced(BIRTH, "Phường")))
    await room.publish(await room.approved(priced(MARRIAGE, "Xã"), MARRIAGE.code))
    async with engine.connect() as connection:
        await follower.now(connection)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE revision SET release = NULL, state = 'approved' WHERE release = 2"))
        await connection.execute(text("DELETE FROM release WHERE id = 2"))
    async with engine.connect() as connection:
        stand = await follower.now(connection)
    assert (stand.release, stand.catalogue.procedures[MARRIAGE.code]) == (1, MARRIAGE)


async def test_brief_revisions_hold_name_and_agency_only(engine: AsyncEngine) -> None:
    room = opened(engine)
    changed = await room.approved(priced(BIRTH, "Phường"))
    removed = await room.approved(None, LICENCE.code, effect=Effect.REMOVED)
    async with engine.connect() as connection:
        brief = await get(connection, [changed.id, removed.id], brief=True)
        found = await find(connection, subject=Subject.PROCEDURE, code=BIRTH.code, brief=True)
        assert await find(connection, subject=Subject.ARTICLE, brief=True) == []
    was, now = ({"name": BIRTH.name, "agency": agency} for agency in (BIRTH.agency, "Phường"))
    gone = {"name": LICENCE.name, "agency": LICENCE.agency}
    assert [(each.record, each.base) for each in brief] == [(now, was), (None, gone)]
    assert [each.record for each in found] == [now]
    assert brief[0].version == changed.version
