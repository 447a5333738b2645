from __future__ import annotations

from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import tracking
from bot.dossiers import lookup as module
from bot.dossiers.lookup import MOST_FOLLOWED
from bot.dossiers.status import Status
from bot.errors import SourceDown
from knowledge.matching import Facet
from tests.bot.dialogue import records
from tests.bot.dossiers.desk import CODE, OTHER, SEALS, Desk, Told, report


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GRID_SECONDS", 0.3)


async def test_without_a_proof_only_the_state_is_told(engine: AsyncEngine) -> None:
    said = await Desk(engine, Told(report())).says(f"hồ sơ {CODE} đến đâu rồi")
    assert "Đang xử lý" in said
    assert tracking.PROVE in said
    for secret in ("khai sinh", "chứng sinh", "Nguyễn"):
        assert secret not in said


@pytest.mark.parametrize("proof", ["5678", " 1 2 3 4 ", "4 số cuối cccd là 1234"])
async def test_with_a_proof_all_is_told_and_names_are_masked(engine: AsyncEngine, proof: str) -> None:
    desk = Desk(engine, Told(report()))
    await desk.says(CODE)
    said = await desk.says(proof)
    assert "Đăng ký khai sinh" in said
    assert "Giấy chứng sinh" in said
    assert "Nguyễn V*** A***" in said
    assert "Đăng ký khai sinh" in await desk.says(CODE), "what was proved once need not be proved again"
    assert "Đăng ký khai sinh" not in await desk.says(CODE, chat="8")


async def test_code_and_proof_may_be_typed_together(engine: AsyncEngine) -> None:
    assert "Giấy chứng sinh" in await Desk(engine, Told(report())).says(f"{CODE} cccd 5678")


async def test_a_wrong_proof_and_an_unknown_code_cannot_be_told_apart(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()))
    begun = monotonic()
    wrong = await desk.says(f"{CODE} số cuối 0000", chat="1")
    between = monotonic()
    unknown = await desk.says(f"{OTHER} số cuối 0000", chat="2")
    assert wrong == unknown == tracking.UNMATCHED
    assert min(between - begun, monotonic() - between) >= 0.29


async def test_a_dossier_without_proofs_is_never_told_whole(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report(proofs=())))
    assert tracking.NO_PROOF in await desk.says(CODE)
    assert await desk.says("0000") == tracking.UNMATCHED


async def test_in_a_group_nobody_is_asked_for_a_proof_nor_told_more(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()))
    said = await desk.says(CODE, chat="-100")
    assert "Đang xử lý" in said
    assert "bốn số cuối" not in said
    assert await desk.says("5678", chat="-100") == tracking.IN_GROUP
    assert await desk.numbers("SELECT id FROM attempt WHERE failed") == []
    assert "chứng sinh" not in await desk.says(CODE, chat="-100")


async def test_a_fault_of_ours_is_said_and_not_tried_for_ever(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    source = Told(report())
    source.error = ZeroDivisionError(CODE)
    desk = Desk(engine, source)
    assert "chưa hỏi được" in await desk.says(CODE)
    assert "ZeroDivisionError" in caplog.text
    assert CODE not in caplog.text


async def test_unknown_code(engine: AsyncEngine) -> None:
    assert await Desk(engine, Told()).says(CODE) == tracking.UNKNOWN.format(code=CODE)


async def test_unknown_code_of_a_unit_nobody_asks_for(engine: AsyncEngine) -> None:
    said = await Desk(engine).says(CODE)
    assert "Mã này đúng dạng" in said


async def test_a_question_beside_the_code_is_answered_too(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()))
    desk.lines["khai sinh cần giấy gì"] = records.answer(records.BIRTH.code, Facet.PAPERS)
    await desk.says(f"{CODE} khai sinh cần giấy gì")
    first, second = await desk.said()
    assert "Tờ khai" in first
    assert "Đang xử lý" in second


async def test_source_that_is_down_yields_what_it_said_last(engine: AsyncEngine) -> None:
    source = Told(report())
    desk = Desk(engine, source)
    source.error = SourceDown("502")
    assert "chưa hỏi được" in await desk.says(CODE)
    source.error = None
    await desk.says(CODE)
    source.error = SourceDown("502")
    said = await desk.says(f"{CODE} số cuối 5678")
    assert "Giấy chứng sinh" in said
    assert "lần trước" in said
    assert "Nguyễn" not in said, "names are not kept"


async def test_a_slow_source_is_announced_once(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SILENT_SECONDS", 0.1)
    source = Told(report())
    source.seconds = 0.3
    desk = Desk(engine, source)
    await desk.says(CODE)
    first, second = await desk.said()
    assert first == tracking.WAITING.format(code=CODE)
    assert "Đang xử lý" in second


async def test_an_answer_is_given_once_however_often_the_job_runs(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()))
    await desk.says(CODE)
    await desk.look_ups.answer(1)
    assert len(await desk.said()) == 1
    assert await desk.numbers("SELECT id FROM lookup") == []


async def test_one_who_forgets_the_conversation_meanwhile_gets_no_answer(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()))
    await desk.asks(CODE)
    await desk.run("DELETE FROM chat")
    await desk.look_ups.answer(1)
    assert await desk.numbers("SELECT id FROM message UNION ALL SELECT id FROM lookup") == []


async def test_neither_digits_nor_names_are_kept_in_the_clear(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()))
    await desk.says(f"{CODE} số cuối 5678", channel="web", visitor="203.0.113.9")
    tables = ("known", "attempt", "proved", "lookup", "message", "chat", "received")
    async with engine.connect() as connection:
        rows = [tuple(row) for table in tables for row in await connection.execute(text(f"SELECT * FROM {table}"))]
    dump = str(rows)
    assert SEALS.proof(CODE, "5678") in dump
    for secret in ("5678'", '"5678"', "Văn", "203.0.113.9", "số cuối 5678"):
        assert secret not in dump


async def test_followed_until_told_to_stop(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()))
    await desk.says(CODE)
    at_night = tracking.AT_NIGHT.format(begins=21, ends=7)
    assert await desk.says(f"follow:{CODE}") == tracking.FOLLOWED.format(code=CODE) + at_night
    assert await desk.says(f"follow:{CODE}") == tracking.FOLLOWED_ALREADY.format(code=CODE)
    assert len(await desk.numbers("SELECT id FROM following")) == 1
    assert await desk.says(f"unfollow:{CODE}") == tracking.LEFT.format(code=CODE)
    assert await desk.numbers("SELECT id FROM following") == []


async def test_a_forged_button_follows_nothing_unknown(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()))
    assert await desk.says(f"follow:{OTHER}") == tracking.UNKNOWN.format(code=OTHER)
    assert await desk.numbers("SELECT id FROM following") == []


async def test_an_ended_dossier_is_not_followed(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report(status=Status.RETURNED)))
    assert await desk.says(f"follow:{CODE}") == tracking.NOTHING_TO_FOLLOW.format(code=CODE)


async def test_a_dossier_that_has_ended_meanwhile_is_followed_no_more(engine: AsyncEngine) -> None:
    source = Told(report())
    desk = Desk(engine, source)
    await desk.says(f"track:{CODE}")
    await desk.says(f"follow:{CODE}")
    source.reports[CODE] = report(status=Status.RETURNED)
    await desk.says(f"track:{CODE}")
    assert await desk.numbers("SELECT id FROM following") == []


async def test_no_more_than_so_many_are_followed(engine: AsyncEngine) -> None:
    desk = Desk(engine, Told(report()))
    await desk.says("xin chào")
    for number in range(MOST_FOLLOWED):
        await desk.run(f"INSERT INTO known (code) VALUES ('H48-261102-{number:05}')")
    await desk.run("INSERT INTO following (chat_id, known_id) SELECT chat.id, known.id FROM chat, known")
    assert await desk.says(f"follow:{CODE}") == tracking.FULL.format(count=MOST_FOLLOWED)
