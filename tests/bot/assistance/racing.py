"""One of two processes that race for the same requests: ``python -m tests.bot.assistance.racing ADDRESS SIDE``.

Round by round it waits at a row until the other side stands there too, then presses "Nhận giúp" for its volunteer of
that round. It ends silently; who has what stands in the database.
"""

from __future__ import annotations

import asyncio
import sys
import time

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance.accepting import FLOW
from bot.dialogue.session import Session
from bot.dialogue.turn import Reply, Turn, TurnKind
from bot.intake import Intake
from bot.moment import Flows
from bot.storage.engine import connect
from tests.bot.assistance.band import placed

LANES = 4
"""How many rounds are on at the same time."""

_ARRIVE = text("""
    UPDATE race SET ready = ready + 1, go_at = CASE WHEN ready = 1 THEN clock_timestamp() + interval '5 ms' END
    WHERE request = :request
""")
_GO = text("SELECT extract(epoch FROM go_at)::float FROM race WHERE request = :request")
_ROUNDS = text("SELECT request FROM race ORDER BY request")


def deaf(_turn: Turn, session: Session) -> tuple[Reply, Session]:
    """Stand for the conversation: no round may get as far as that."""
    raise AssertionError("the press was not taken")


async def main(address: str, side: str) -> None:
    engine = connect(make_url(address))
    known = placed()
    intake = Intake(engine, deaf, flows=Flows([FLOW], lambda: known))
    async with engine.connect() as connection:
        rounds = [int(number) for (number,) in await connection.execute(_ROUNDS)]
    await asyncio.gather(*(_lane(engine, intake, side, rounds[lane::LANES]) for lane in range(LANES)))
    await engine.dispose()


async def _lane(engine: AsyncEngine, intake: Intake, side: str, rounds: list[int]) -> None:
    for request in rounds:
        await _together(engine, request)
        await intake.receive("telegram", f"{side}{request}", Turn(TurnKind.ACTION, f"aid:help:take:{request}"))


async def _together(engine: AsyncEngine, request: int) -> None:
    """Wait until the other process stands at this round, and then for the moment both agreed on."""
    async with engine.begin() as connection:
        await connection.execute(_ARRIVE, {"request": request})
    go_at = None
    async with engine.connect() as connection:
        while go_at is None:
            go_at = (await connection.execute(_GO, {"request": request})).scalar_one()
            await asyncio.sleep(0.001)
    await asyncio.sleep(max(0.0, go_at - time.time()))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
