from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import tracking
from bot.dossiers import lookup as module
from bot.dossiers.limits import OF_CHAT, OF_NETWORK, PROOFS_OF_CODE, Verdict, clear, judge
from tests.bot.dossiers.desk import CODE, OTHER, Desk, Told, report


class Door:
    """Judges look-ups, one after the other."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.count = 0

    async def asks(self, code: str, *askers: str, proof: bool = False, right: bool = False) -> Verdict:
        self.count += 1
        async with self.engine.begin() as connection:
            verdict = await judge(connection, self.count, code, askers or ("a",), proof=proof)
            if right:
                await clear(connection, self.count)
        return verdict

    async def ages(self, interval: str) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(f"UPDATE attempt SET at = at - interval '{interval}'"))


def scattered(number: int) -> str:
    return f"H48-2611{number % 28 + 1:02}-{1000 + 97 * number}"


async def test_many_codes_of_one_chat_are_too_many_for_an_hour(engine: AsyncEngine) -> None:
    door = Door(engine)
    for number in range(OF_CHAT.codes):
        assert await door.asks(scattered(number)) is Verdict.FREE
    assert await door.asks(CODE) is Verdict.MANY_CODES
    assert await door.asks(scattered(0)) is Verdict.FREE, "one's own may be asked for again"
    assert await door.asks(CODE, "b") is Verdict.FREE
    await door.ages("61 minutes")
    assert await door.asks(CODE) is Verdict.FREE


async def test_neighbours_in_sequence_are_noticed_sooner(engine: AsyncEngine) -> None:
    door = Door(engine)
    verdicts = [await door.asks(f"H48-261102-{number:04}") for number in range(100, 120)]
    assert verdicts.index(Verdict.MANY_CODES) == OF_CHAT.neighbours
    assert await door.asks("H48-261102-9000") is Verdict.FREE
    assert await door.asks("03706/2026/07906", "i") is Verdict.FREE


async def test_a_network_address_with_ever_new_chats_is_noticed(engine: AsyncEngine) -> None:
    door = Door(engine)
    verdicts = [await door.asks(scattered(number), f"chat {number}", "net") for number in range(OF_NETWORK.codes + 1)]
    assert verdicts[-2:] == [Verdict.FREE, Verdict.MANY_CODES]


async def test_wrong_proofs_of_one_chat(engine: AsyncEngine) -> None:
    door = Door(engine)
    for number in range(OF_CHAT.proofs):
        assert await door.asks(scattered(number % 3), proof=True) is Verdict.FREE
    assert await door.asks(CODE, proof=True) is Verdict.MANY_PROOFS
    assert await door.asks(CODE) is Verdict.FREE, "the state is still told"


async def test_wrong_proofs_of_one_dossier_from_many_chats(engine: AsyncEngine) -> None:
    door = Door(engine)
    for number in range(PROOFS_OF_CODE):
        assert await door.asks(CODE, f"chat {number}", proof=True) is Verdict.FREE
    assert await door.asks(CODE, "another", proof=True) is Verdict.LOCKED
    assert await door.asks(OTHER, "another", proof=True) is Verdict.FREE
    await door.ages("25 hours")
    assert await door.asks(CODE, "another", proof=True) is Verdict.FREE


async def test_right_proofs_do_not_count(engine: AsyncEngine) -> None:
    door = Door(engine)
    for _ in range(3 * PROOFS_OF_CODE):
        assert await door.asks(CODE, proof=True, right=True) is Verdict.FREE


async def test_one_look_up_counts_once_however_often_it_is_begun(engine: AsyncEngine) -> None:
    door = Door(engine)
    for _ in range(3 * PROOFS_OF_CODE):
        door.count = 0
        assert await door.asks(CODE, proof=True) is Verdict.FREE


async def test_a_blocked_asker_is_told_so_and_no_source_is_asked(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GRID_SECONDS", 0.01)
    source = Told(report())
    desk = Desk(engine, source)
    for number in range(OF_CHAT.proofs):
        assert await desk.says(f"{CODE} số cuối {number:04}") == tracking.UNMATCHED
    asked = len(source.asked)
    assert await desk.says(f"{CODE} số cuối 5678") == tracking.MANY_PROOFS, "not even the right one"
    assert len(source.asked) == asked
    assert "Đang xử lý" in await desk.says(CODE)
