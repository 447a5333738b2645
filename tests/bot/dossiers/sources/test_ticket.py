from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.dossiers.sources.ticket import Ticket
from bot.errors import SourceRefused
from tests.bot.dossiers.sources.doubles import Clock


class Door:
    def __init__(self, seconds: float | None = None) -> None:
        self.issued = 0
        self.seconds = seconds

    async def issue(self) -> tuple[str, float | None]:
        await asyncio.sleep(0)
        self.issued += 1
        return f"vé {self.issued}", self.seconds


async def test_one_login_serves_all_who_come_at_once() -> None:
    door = Door()
    ticket = Ticket(door.issue, Clock())
    assert set(await asyncio.gather(*(ticket.current() for _ in range(10)))) == {"vé 1"}


async def test_one_new_login_serves_all_whose_session_expired() -> None:
    door = Door()
    ticket = Ticket(door.issue, Clock())
    old = await ticket.current()
    assert set(await asyncio.gather(*(ticket.instead_of(old) for _ in range(10)))) == {"vé 2"}
    assert await ticket.instead_of(old) == "vé 2"
    assert door.issued == 2


async def test_a_ticket_is_renewed_before_it_ends() -> None:
    clock, door = Clock(), Door(300)
    ticket = Ticket(door.issue, clock)
    await ticket.current()
    clock.now += 269
    assert await ticket.current() == "vé 1"
    clock.now += 1
    assert await ticket.current() == "vé 2"
    assert ticket.age == 0


async def test_a_refused_login_is_tried_again_by_the_next() -> None:
    answers: Iterator[SourceRefused | tuple[str, None]] = iter([SourceRefused("x"), ("vé", None)])

    async def issue() -> tuple[str, float | None]:
        answer = next(answers)
        if isinstance(answer, SourceRefused):
            raise answer
        return answer

    ticket = Ticket(issue, Clock())
    with pytest.raises(SourceRefused):
        await ticket.current()
    assert await ticket.current() == "vé"
