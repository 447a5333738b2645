from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.delivery import worker as module
from bot.delivery.outbox import Held, Outbox
from bot.delivery.pace import Paces
from bot.delivery.sender import Part
from bot.delivery.worker import MAX_ATTEMPTS, Worker, backoff
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply, Turn, TurnKind
from bot.errors import DeliveryError, Gone, Moved, Refused, SlowDown, Uneditable, Unreachable
from bot.intake import Intake
from bot.storage.notices import Notices
from tests.patience import PATIENCE_SECONDS, until


class Recorder:
    """A channel that notes what arrives, after raising the errors it was given."""

    channel = "telegram"

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.arrived: list[tuple[str, str, Part]] = []
        self.addresses: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    def limits(self, address: str) -> tuple[float, int]:
        return (1000.0, 1000)

    async def send(self, address: str, part: Part, origin: Mapping[str, Any]) -> str:
        return await self._take("send", address, part)

    async def edit(self, address: str, part: Part, origin: Mapping[str, Any]) -> str:
        return await self._take("edit", address, part)

    async def _take(self, how: str, address: str, part: Part) -> str:
        self.addresses.append(address)
        await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)
        self.arrived.append((how, address, part))
        return str(len(self.arrived))

    @property
    def texts(self) -> list[str]:
        return [part.text for _, _, part in self.arrived]


def says(*messages: Message) -> Any:
    def respond(turn: Turn, session: Session) -> tuple[Reply, Session]:
        return Reply(messages or (Message(turn.value),)), session

    return respond


async def queue(engine: AsyncEngine, *values: str, address: str = "5", messages: tuple[Message, ...] = ()) -> None:
    intake = Intake(engine, says(*messages))
    for value in values or ("x",):
        await intake.receive("telegram", address, Turn(TurnKind.TEXT, value), origin={"edit": 3})


@asynccontextmanager
async def working(engine: AsyncEngine, database: URL, sender: Recorder, count: int = 1) -> AsyncIterator[list[Worker]]:
    notices = Notices(database)
    fast = (1000.0, 1000)
    workers = [
        Worker(Outbox(engine, "telegram"), sender, notices, Paces(engine, "telegram", fast)) for _ in range(count)
    ]
    tasks = [asyncio.create_task(notices.run()), *(asyncio.create_task(each.run()) for each in workers)]
    try:
        yield workers
    finally:
        for each in workers:
            await each.stop(patience=0.5)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def settled(engine: AsyncEngine) -> list[Any]:
    """Wait until nothing is queued and return the messages."""

    async def found() -> list[Any] | None:
        async with engine.connect() as connection:
            rows = list(await connection.execute(text("SELECT state, attempts, sent FROM message ORDER BY id")))
        return rows if all(row.state != "queued" for row in rows) else None

    return list(await until(found))


async def noted(engine: AsyncEngine) -> bool:
    """Say whether it is noted of some part that it has arrived."""
    async with engine.connect() as connection:
        return bool((await connection.execute(text("SELECT 1 FROM message WHERE sent <> '[]'"))).first())


@pytest.fixture(autouse=True)
def no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "backoff", lambda attempts: 0.01)


async def test_messages_arrive_in_order_and_are_recorded(engine: AsyncEngine, database: URL) -> None:
    await queue(engine, *(str(n) for n in range(10)))
    async with working(engine, database, sender := Recorder()):
        found = await settled(engine)
    assert sender.texts == [str(n) for n in range(10)]
    assert [(row.state, row.sent) for row in found] == [("sent", [str(n + 1)]) for n in range(10)]


async def test_new_message_goes_without_another_look(
    engine: AsyncEngine, database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 3600)
    async with working(engine, database, sender := Recorder()):
        await queue(engine, "first")
        await settled(engine)
        await queue(engine, "now")
        await settled(engine)
    assert sender.texts == ["first", "now"]


async def test_workers_of_two_replicas_send_each_message_once(engine: AsyncEngine, database: URL) -> None:
    for chat in range(10):
        await queue(engine, "a", "b", "c", address=str(chat + 1))
    async with working(engine, database, sender := Recorder(), count=2):
        await settled(engine)
    assert len(sender.arrived) == 30
    for chat in range(10):
        assert [part.text for _, to, part in sender.arrived if to == str(chat + 1)] == ["a", "b", "c"]


async def test_long_message_goes_on_where_it_stopped(engine: AsyncEngine, database: URL) -> None:
    body = "\n\n".join(letter * 3000 for letter in "abc")
    button = Button("Các bước", action="steps")
    await queue(engine, messages=(Message(body, ((button,),)),))
    sender = Recorder()
    async with working(engine, database, sender):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not sender.arrived:  # noqa: ASYNC110
                await asyncio.sleep(0)
        sender.gate.clear()
        await until(partial(noted, engine))  # to stop is to wait for half a second only
    first = len(sender.arrived)
    assert 0 < first < 3
    sender.gate.set()
    async with working(engine, database, sender):
        await settled(engine)
    assert [text[0] for text in sender.texts] == ["a", "b", "c"]
    assert [bool(part.buttons) for _, _, part in sender.arrived] == [False, False, True]


@pytest.mark.parametrize("error", [Unreachable("502"), SlowDown(0.05), RuntimeError("a fault of ours")])
async def test_passing_fault_is_tried_again(engine: AsyncEngine, database: URL, error: Exception) -> None:
    await queue(engine, "a", "b")
    async with working(engine, database, sender := Recorder(error)):
        await settled(engine)
    assert sender.texts == ["a", "b"]


async def test_lasting_fault_is_given_up_and_the_next_message_goes(engine: AsyncEngine, database: URL) -> None:
    await queue(engine, "a", "b")
    async with working(engine, database, sender := Recorder(*(Unreachable("502") for _ in range(MAX_ATTEMPTS)))):
        found = await settled(engine)
    assert [row.state for row in found] == ["failed", "sent"]
    assert sender.texts == ["b"]


async def test_refused_marks_are_left_out(engine: AsyncEngine, database: URL) -> None:
    await queue(engine, messages=(Message("<b>a</b> &lt;", ((Button("x", action="x"),),)),))
    async with working(engine, database, sender := Recorder(Refused("can't parse entities"))):
        await settled(engine)
    (_, _, part) = sender.arrived[0]
    assert (part.text, part.marked, len(part.buttons)) == ("a <", False, 1)


async def test_refused_buttons_are_left_out(engine: AsyncEngine, database: URL) -> None:
    await queue(engine, messages=(Message("<b>a</b>", ((Button("x", url="http://localhost"),),)),))
    async with working(engine, database, sender := Recorder(Refused("button", buttons=True))):
        await settled(engine)
    (_, _, part) = sender.arrived[0]
    assert (part.text, part.marked, part.buttons) == ("<b>a</b>", True, ())


async def test_refused_twice_is_given_up(engine: AsyncEngine, database: URL) -> None:
    await queue(engine, "a", "b")
    async with working(engine, database, sender := Recorder(Refused("no"), Refused("no"))):
        found = await settled(engine)
    assert [row.state for row in found] == ["failed", "sent"]
    assert sender.texts == ["b"]


@pytest.mark.parametrize("errors", [(), (Uneditable("old"),), (Refused("no"),)])
async def test_paging_edits_or_sends_anew(
    engine: AsyncEngine, database: URL, errors: tuple[DeliveryError, ...]
) -> None:
    await queue(engine, messages=(Message("trang 2", replaces=True),))
    async with working(engine, database, sender := Recorder(*errors)):
        await settled(engine)
    assert [how for how, _, _ in sender.arrived] == ["send" if errors else "edit"]


async def test_reader_who_is_gone_is_left_alone(engine: AsyncEngine, database: URL) -> None:
    await queue(engine, "a", "b", "c")
    async with working(engine, database, sender := Recorder(Gone("blocked"))):
        found = await settled(engine)
        assert [row.state for row in found] == ["failed"] * 3
        await queue(engine, "d")  # one who writes to us again is there again
        await settled(engine)
    assert sender.texts == ["d"]


async def test_chat_that_moved_is_followed(engine: AsyncEngine, database: URL) -> None:
    await queue(engine, "a", "b", address="-5")
    async with working(engine, database, sender := Recorder(Moved("-1005"))):
        await settled(engine)
    assert sender.addresses == ["-5", "-1005", "-1005"]
    assert sender.texts == ["a", "b"]


async def test_chat_that_moved_to_one_we_know_hands_its_messages_over(engine: AsyncEngine, database: URL) -> None:
    class Upgraded(Recorder):
        async def send(self, address: str, part: Part, origin: Mapping[str, Any]) -> str:
            if address == "-5":
                raise Moved("-1005")
            return await super().send(address, part, origin)

    await queue(engine, "a", address="-1005")
    await queue(engine, "b", "c", address="-5")
    async with working(engine, database, sender := Upgraded()):
        found = await settled(engine)
    assert sender.texts == ["a", "b", "c"]
    assert {row.state for row in found} == {"sent"}


async def test_part_that_arrived_is_not_sent_again_when_the_database_cannot_record_it(
    engine: AsyncEngine, database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, refusals = Held.sent, iter(range(3))

    async def full(held: Held, message: int, remote: str, *, last: bool) -> None:
        if next(refusals, None) is not None:
            raise OperationalError("UPDATE", {}, Exception("no space left on device"))
        await record(held, message, remote, last=last)

    monkeypatch.setattr(Held, "sent", full)
    monkeypatch.setattr(module, "_REST_SECONDS", 0.01)
    await queue(engine, "a", "b")
    async with working(engine, database, sender := Recorder()):
        await settled(engine)
    assert sender.texts == ["a", "b"]
    assert next(refusals, None) is None


async def test_message_that_shows_nothing_is_done(engine: AsyncEngine, database: URL) -> None:
    await queue(engine, messages=(Message("<b> </b>"),))
    async with working(engine, database, sender := Recorder()):
        found = await settled(engine)
    assert (found[0].state, sender.arrived) == ("sent", [])


async def test_lost_database_is_survived(engine: AsyncEngine, database: URL) -> None:
    async with working(engine, database, sender := Recorder()):
        await asyncio.sleep(0.2)
        async with engine.connect() as connection:
            await connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                     " AND pid <> pg_backend_pid()")
            )  # fmt: skip
        await queue(engine, "a")
        await settled(engine)
    assert sender.texts == ["a"]


def test_backoff_doubles_to_a_limit() -> None:
    for attempts in range(20):
        most = min(300, 2**attempts / 2)
        assert all(most / 2 <= backoff(attempts) <= most for _ in range(50))
