"""What is published together: the gate, the trail, places of their own, what is imported anew, and the way back."""

from __future__ import annotations

import asyncio
from datetime import date

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Forbidden, GateClosed, Impossible, Outdated
from bot.office import drift, history, review
from bot.office.drafts import Proposal
from bot.office.gate import Grade, Report, Shift
from bot.office.standing import Ground
from bot.office.stock import Stock
from bot.office.tables import Effect, RevisionState, Role
from bot.storage.engine import driver_options
from knowledge.catalogue import Catalogue, digest_of
from tests.bot.dialogue.records import BIRTH, LICENCE, MARRIAGE
from tests.bot.office.newsroom import BA_DINH, BASE, HANOI, PLACES, opened, priced
from tests.patience import PATIENCE_SECONDS

WARD = priced(BIRTH, "Ủy ban nhân dân phường")
TOWN = priced(BIRTH, "Trung tâm Phục vụ hành chính công")
BROKEN = Report(5, broken=(Shift("làm giấy", (BIRTH.code,), Grade.RIGHT, Grade.WRONG),))
COMMUNE = PLACES.communes[BA_DINH]


def agency(catalogue: Catalogue, code: str = BIRTH.code) -> str | None:
    record = catalogue.get(code)
    return record.agency if record else None


async def test_what_is_published_stands_and_is_on_the_trail(engine: AsyncEngine) -> None:
    room = opened(engine)
    chief = await room.hire(Role.PUBLISHER)
    change = await room.approved(WARD)
    release = await room.publish(change, clerk=chief)
    assert agency(await room.catalogue()) == "Ủy ban nhân dân phường"
    done = await room.again(change)
    assert (done.state, done.release) == (RevisionState.PUBLISHED, release)
    assert (await room.trail())[-2:] == ["release.publish", "revision.publish"]
    async with engine.connect() as connection:
        kept, revisions = await history.one(connection, release)
        assert (kept.publisher, kept.summary, [each.id for each in revisions]) == (chief.id, "thử", [change.id])
        assert [each.id for each in await history.listed(connection)] == [release]


async def test_replicas_are_told_when_it_is_published(engine: AsyncEngine) -> None:
    room = opened(engine)
    change = await room.approved(WARD)
    options = driver_options(engine.url)
    async with await psycopg.AsyncConnection.connect(autocommit=True, **options) as listener:
        await listener.execute("LISTEN mot_cua_news")
        release = await room.publish(change)
        told = [each.payload async for each in listener.notifies(timeout=PATIENCE_SECONDS, stop_after=1)]
    assert told == [f"release {release}"]


async def test_the_trail_cannot_be_changed(engine: AsyncEngine) -> None:
    room = opened(engine)
    await room.approved(WARD)
    before = await room.trail()
    for statement in ("UPDATE audit SET act = 'x'", "DELETE FROM audit", "TRUNCATE audit", "TRUNCATE staff CASCADE"):
        with pytest.raises(DBAPIError, match="audit trail"):
            async with engine.begin() as connection:
                await connection.execute(text(statement))
    assert await room.trail() == before


async def test_an_act_that_fails_leaves_nothing_on_the_trail(engine: AsyncEngine) -> None:
    room = opened(engine)
    change = await room.approved(WARD)
    before = await room.trail()
    with pytest.raises(Outdated):
        await room.releases.publish(None, {change.id: change.version - 1})
    with pytest.raises(Impossible):
        await room.releases.publish(None, {})
    with pytest.raises(Impossible, match="999"):
        await room.releases.publish(None, {999: 1})
    assert await room.trail() == before


async def test_who_may_publish(engine: AsyncEngine) -> None:
    room = opened(engine)
    change = await room.approved(WARD)
    for clerk in (await room.hire(Role.EDITOR), await room.hire(Role.ADMINISTRATOR, HANOI)):
        with pytest.raises(Forbidden):
            await room.publish(change, clerk=clerk)
    assert await room.publish(change, clerk=await room.hire(Role.PUBLISHER))


async def test_a_release_that_breaks_too_much_needs_an_administrators_reason(engine: AsyncEngine) -> None:
    room = opened(engine)
    room.gate.report = BROKEN
    change = await room.approved(WARD)
    publisher, chief = await room.hire(Role.PUBLISHER), await room.hire(Role.ADMINISTRATOR)
    for clerk, reason in ((publisher, None), (publisher, "Luật mới"), (chief, None), (chief, " ")):
        with pytest.raises(GateClosed, match="hỏng 1 câu") as closed:
            await room.publish(change, clerk=clerk, reason=reason)
        assert closed.value.report == BROKEN
    release = await room.publish(change, clerk=chief, reason="Luật mới")
    assert room.gate.asked == 1, "one change is weighed once"
    async with engine.connect() as connection:
        kept, _ = await history.one(connection, release)
    assert kept.reason == "Luật mới"
    assert (kept.gate["broken"], kept.gate["worse"][0]["question"]) == (1, "làm giấy")


async def test_within_the_limit_no_reason_is_needed(engine: AsyncEngine) -> None:
    room = opened(engine, limit=1)
    room.gate.report = BROKEN
    assert await room.publish(await room.approved(WARD), clerk=await room.hire(Role.PUBLISHER))


async def test_of_two_who_publish_one_change_one_does(engine: AsyncEngine) -> None:
    room, other = opened(engine), opened(engine)
    change = await room.approved(WARD)
    told = await asyncio.gather(room.publish(change), other.publish(change), return_exceptions=True)
    assert sum(isinstance(each, int) for each in told) == 1
    assert sum(isinstance(each, Impossible | Outdated) for each in told) == 1


async def test_different_changes_at_once_are_both_published(engine: AsyncEngine) -> None:
    room, other = opened(engine), opened(engine)
    one, two = await room.approved(WARD), await room.approved(priced(MARRIAGE, "Phường"), MARRIAGE.code)
    assert len(set(await asyncio.gather(room.publish(one), other.publish(two)))) == 2
    now = await room.catalogue()
    assert (agency(now), agency(now, MARRIAGE.code)) == ("Ủy ban nhân dân phường", "Phường")


async def test_two_changes_of_one_record_do_not_go_together(engine: AsyncEngine) -> None:
    room = opened(engine)
    one, two = await room.approved(WARD), await room.approved(TOWN)
    with pytest.raises(Impossible, match=BIRTH.code):
        await room.publish(one, two)
    await room.publish(one)
    with pytest.raises(Outdated, match="mới hơn"):
        await room.publish(two)


async def test_new_removed_and_abolished_records(engine: AsyncEngine) -> None:
    room = opened(engine)
    new = BIRTH.model_copy(update={"code": "9.000001", "name": "Đăng ký khai sinh điện tử"})
    old = BIRTH.model_copy(update={"abolished_on": date(2026, 1, 1), "successor": new.code})
    changes = [
        await room.approved(new.model_dump(mode="json"), new.code),
        await room.approved(old.model_dump(mode="json")),
        await room.approved(None, LICENCE.code, effect=Effect.REMOVED),
    ]
    await room.publish(*changes)
    now = await room.catalogue()
    assert now.get(new.code) == new
    assert now.procedures[BIRTH.code].successor == new.code
    assert now.get(LICENCE.code) is None


async def test_a_place_keeps_its_own_when_the_nation_changes_and_is_warned(engine: AsyncEngine) -> None:
    room = opened(engine)
    await room.publish(await room.approved(WARD, scope=HANOI))
    assert (agency(await room.catalogue()), await _drifted(engine, room.ground)) == (BIRTH.agency, [])
    assert agency((await room.catalogue()).for_place(COMMUNE)) == "Ủy ban nhân dân phường"
    nation = await room.approved(TOWN)
    await room.publish(nation)
    assert agency((await room.catalogue()).for_place(COMMUNE)) == "Ủy ban nhân dân phường"
    assert await _drifted(engine, room.ground) == [(HANOI, "Trung tâm Phục vụ hành chính công")]


async def test_an_updated_file_keeps_what_staff_changed_and_warns(engine: AsyncEngine) -> None:
    room = opened(engine)
    change = await room.approved(WARD)
    await room.publish(change)
    renewed = BIRTH.model_copy(update={"agency": "Bộ Tư pháp"})
    ground = Ground(Catalogue.of([renewed, MARRIAGE]), PLACES)
    assert agency(await room.catalogue(ground)) == "Ủy ban nhân dân phường"
    assert (await room.catalogue(ground)).get(LICENCE.code) is None
    assert await _drifted(engine, ground) == [("", "Bộ Tư pháp")]
    chief = await room.hire(Role.PUBLISHER)
    async with engine.begin() as connection:
        with pytest.raises(Outdated):
            await drift.settle(connection, ground, chief, change.id, digest_of(BIRTH))
        await drift.settle(connection, ground, chief, change.id, digest_of(renewed))
    assert await _drifted(engine, ground) == []
    assert (await room.trail())[-1] == "revision.settle"


async def _drifted(engine: AsyncEngine, ground: Ground) -> list[tuple[str, str | None]]:
    async with engine.connect() as connection:
        found = await drift.drifts(connection, await Stock(ground).now(connection))
    return [(each.revision.scope, each.now.agency if each.now else None) for each in found]


async def test_taking_back_the_first_release_gives_the_file_again(engine: AsyncEngine) -> None:
    room = opened(engine)
    chief = await room.hire(Role.PUBLISHER)
    first = await room.publish(
        await room.approved(WARD), await room.approved(None, LICENCE.code, effect=Effect.REMOVED)
    )
    back = await room.releases.rollback(chief, first, "Nhầm")
    assert (await room.catalogue()).release == BASE.release
    assert await _drifted(engine, Ground(Catalogue.of([MARRIAGE]), PLACES)) == []
    async with engine.connect() as connection:
        kept, _ = await history.one(connection, back)
    assert (kept.reverts, kept.publisher, kept.reason) == (first, chief.id, "Nhầm")
    assert (await room.trail())[-1] == "release.rollback"


async def test_taking_back_gives_what_stood_before_and_can_be_taken_back(engine: AsyncEngine) -> None:
    room = opened(engine)
    await room.publish(await room.approved(WARD))
    second = await room.publish(await room.approved(TOWN))
    back = await room.releases.rollback(None, second)
    assert agency(await room.catalogue()) == "Ủy ban nhân dân phường"
    with pytest.raises(Impossible, match=str(back)):
        await room.releases.rollback(None, second)
    await room.releases.rollback(None, back)
    assert agency(await room.catalogue()) == "Trung tâm Phục vụ hành chính công"


async def test_what_was_changed_again_is_not_taken_back(engine: AsyncEngine) -> None:
    room = opened(engine)
    first = await room.publish(await room.approved(WARD))
    second = await room.publish(await room.approved(TOWN))
    with pytest.raises(Impossible, match=f"bản phát hành {second}"):
        await room.releases.rollback(None, first)
    with pytest.raises(Impossible, match="77"):
        await room.releases.rollback(None, 77)


async def test_one_goes_back_release_by_release(engine: AsyncEngine) -> None:
    room = opened(engine)
    releases = [await room.publish(await room.approved(each)) for each in (WARD, TOWN, priced(BIRTH, "Nơi khác"))]
    for place in (2, 1, 0):
        await room.releases.rollback(None, releases[place])
        with pytest.raises(Impossible, match="quay lại rồi"):
            await room.releases.rollback(None, releases[place])
    assert (await room.catalogue()).release == BASE.release


async def test_who_may_take_back(engine: AsyncEngine) -> None:
    room = opened(engine)
    release = await room.publish(await room.approved(WARD, scope=HANOI))
    for clerk in (await room.hire(Role.EDITOR, HANOI), await room.hire(Role.PUBLISHER, BA_DINH)):
        with pytest.raises(Forbidden):
            await room.releases.rollback(clerk, release)
    assert await room.releases.rollback(await room.hire(Role.PUBLISHER, HANOI), release)


async def test_a_draft_made_before_a_release_was_taken_back_is_overtaken(engine: AsyncEngine) -> None:
    room = opened(engine)
    release = await room.publish(await room.approved(WARD))
    editor = await room.hire(Role.EDITOR)
    draft = await room.begin(editor, Proposal(BIRTH.code, record=TOWN))
    await room.releases.rollback(None, release)
    with pytest.raises(Outdated):
        await room.do(review.submit, editor, draft)


async def test_a_record_this_program_cannot_read_does_not_stop_it(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    room = opened(engine)
    await room.publish(await room.approved(WARD))
    async with engine.begin() as connection:
        await connection.execute(text("""UPDATE revision SET record = record || '{"of_tomorrow": 1}'"""))
    assert (await room.catalogue()).release == BASE.release
    assert "cannot be read" in caplog.text
