"""Whole journeys on Telegram, by polling and by webhook, through real HTTP and real PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy.engine import URL

from bot.assistance.opinion import QUESTIONS
from bot.assistance.tables import Rated
from bot.channels.telegram_updates import COMMANDS
from bot.storage.engine import driver_options
from tests.acceptance.botapi import ME, NAME, BotApi, Fault
from tests.acceptance.conftest import as_setting, by_webhook, telegram
from tests.acceptance.nursery import Nursery
from tests.acceptance.process import BotProcess
from tests.conftest import folder_for_data
from tests.databases import Databases
from tests.patience import until

QUESTION = "làm giấy khai sinh cho con cần giấy tờ gì"
both_ways = pytest.mark.parametrize("way", ["polling", "webhook"])
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Running:
    """A bot that serves all tests of one way; each begins with an empty database."""

    api: BotApi
    bot: BotProcess
    database: URL

    async def settle(self) -> None:
        """Wait until the bot has nothing in hand, and empty its memory."""
        async with await psycopg.AsyncConnection.connect(autocommit=True, **driver_options(self.database)) as database:
            await until(partial(self._idle, database))
            # Not TRUNCATE: its locks of whole tables can meet those of the bot in a deadlock.
            await database.execute("DELETE FROM chat")
            await database.execute("DELETE FROM received")
        self.api.forget()

    async def _idle(self, database: psycopg.AsyncConnection[Any]) -> bool:
        queued = await (await database.execute("SELECT FROM message WHERE state = 'queued'")).fetchone()
        return not self.api.waiting and queued is None  # a row of no columns is an empty tuple


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started(
    databases: Databases, catalogue: Path, forks: Nursery
) -> AsyncIterator[Callable[[str], Awaitable[Running]]]:
    """Give the running bot of one way, starting it when it is first asked for."""
    made: dict[str, Running] = {}
    async with AsyncExitStack() as stack:

        async def give(way: str) -> Running:
            if way not in made:
                api = BotApi()
                await api.start()
                stack.push_async_callback(api.stop)
                database = stack.enter_context(databases.lent())
                settings = telegram(api) if way == "polling" else by_webhook(api)
                settings |= {"DATABASE_URL": as_setting(database), "CATALOGUE": str(catalogue)}
                bot = BotProcess(stack.enter_context(folder_for_data()), forks, **settings)
                stack.push_async_callback(bot.kill)
                await bot.start()
                made[way] = Running(api, bot, database)
            return made[way]

        yield give
        for running in made.values():
            assert await running.bot.stop() == 0


@pytest.fixture
def way() -> str:
    return "polling"


@pytest_asyncio.fixture(loop_scope="module")
async def bot(way: str, started: Callable[[str], Awaitable[Running]]) -> AsyncIterator[Running]:
    running = await started(way)
    await running.settle()
    before = len(running.bot.errors)
    yield running
    errors = running.bot.errors[before:]
    assert '"level": "error"' not in errors, errors
    assert "Traceback" not in errors


@pytest.fixture
def api(bot: Running) -> BotApi:
    return bot.api


@both_ways
async def test_a_citizen_asks_and_looks_closer(api: BotApi) -> None:
    await api.text(1, QUESTION)
    offer = await api.reply(1)
    if "1.001193" not in offer.text:
        await api.press(offer, next(action for action in offer.actions().values() if "1.001193" in action))
        offer = await api.reply(1, 2)
    assert "1.001193" in offer.text
    assert "Giấy chứng sinh" in offer.text
    steps = next(action for label, action in offer.actions().items() if "bước" in label.lower())
    press = await api.press(offer, steps)
    await api.until(lambda: press in api.confirmed)
    await api.until(lambda: any("điền tờ khai" in each.text for each in api.to(1)))


async def test_follow_up_is_about_the_procedure_shown(api: BotApi) -> None:
    await api.text(1, "/start p_1_001193")
    assert "khai sinh" in (await api.reply(1)).text
    await api.text(1, "/start p_1.001193")
    assert "khai sinh" in (await api.reply(1, 2)).text
    await api.text(1, "1.001193")
    assert "khai sinh" in (await api.reply(1, 3)).text


@both_ways
async def test_browsing_by_field_happens_in_place(api: BotApi) -> None:
    await api.text(1, "/linhvuc")
    fields = await api.reply(1)
    press = await api.press(fields, next(iter(fields.actions().values())))
    await api.until(lambda: fields.versions == 2 and press in api.confirmed)
    assert len(api.to(1)) == 1
    await api.press(fields, "khong-phai-cua-ai")
    await api.until(lambda: len(api.to(1)) > 1 or fields.versions > 2)


async def test_every_command_answers(api: BotApi) -> None:
    commands = ["/start", "/help", "/tracuu khai sinh", "/tracuu", "/linhvuc", "/huy", "/khongco", f"/help@{NAME}"]
    for number, command in enumerate(commands, 1):
        await api.text(1, command)
        await api.reply(1, number)
    await api.until(lambda: {"commands", "description", "short_description"} <= set(api.profile))
    assert [each["command"] for each in api.profile["commands"]] == list(COMMANDS)


async def test_groups_hear_us_only_when_they_speak_to_us(api: BotApi) -> None:
    group = -100200
    await api.text(group, "hôm nay họp tổ dân phố nhé, ai làm khai sinh cho cháu chưa")
    await api.text(group, "/help@someone_else_bot")
    await api.push(message=api.message(group, photo=[{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]))
    text = f"@{NAME} khai sinh cần gì"
    await api.text(group, text, entities=[{"type": "mention", "offset": 0, "length": len(NAME) + 1}])
    first = await api.reply(group)
    assert len(api.to(group)) == 1
    assert "reply_parameters" in first.extra
    await api.text(group, f"/tracuu@{NAME} khai sinh")
    second = await api.reply(group, 2)
    original = {**api.message(group, text=second.text), "from": ME}
    await api.text(group, "lệ phí bao nhiêu", reply_to_message=original)
    await api.reply(group, 3)
    await api.text(group, f"/help@{NAME}", message_thread_id=7, is_topic_message=True)
    assert (await api.reply(group, 4)).extra["message_thread_id"] == "7"


@both_ways
async def test_content_that_is_not_text_gets_a_kind_answer(api: BotApi) -> None:
    file = {"file_id": "a", "file_unique_id": "a"}
    photo = [{**file, "width": 1, "height": 1}]
    contents: list[dict[str, Any]] = [
        {"photo": photo},
        {"voice": {**file, "duration": 1}},
        {"location": {"latitude": 21.0, "longitude": 105.8}},
        {"contact": {"phone_number": "0912345678", "first_name": "Lan"}},
        {"sticker": {**file, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}},
        {"something_of_next_year": {"a": 1}},
    ]
    for chat, content in enumerate(contents, 1):
        await api.push(message=api.message(chat, **content))
    for chat in range(1, len(contents) + 1):
        await api.reply(chat)
    await api.push(message=api.message(50, photo=photo, caption="1.001193"))
    assert "khai sinh" in (await api.reply(50)).text
    for _ in range(3):
        await api.push(message=api.message(51, photo=photo, media_group_id="m1"))
    await api.push(message=api.message(51, pinned_message=api.message(51, text="x")))
    await api.text(51, "1.001193")
    await api.until(lambda: any("khai sinh" in each.text for each in api.to(51)))
    assert len(api.to(51)) == 2


async def test_edited_message_is_answered_again(api: BotApi) -> None:
    await api.text(1, "1.001193")
    await api.reply(1)
    await api.text(1, "/tracuu 1.001193", kind="edited_message")
    await api.reply(1, 2)


async def test_inline_mode_offers_procedures(api: BotApi) -> None:
    popular = await api.ask_inline(1, "")
    found = await api.ask_inline(1, "khai sinh")
    nothing = await api.ask_inline(1, "zzzzqqqq xxyyz")
    await api.until(lambda: {popular, found, nothing} <= set(api.inline))
    assert any(result["id"] == "1.001193" for result in api.inline[found])
    assert api.inline[popular]


BAD = [
    "",
    " \n\t ",
    "x" * 4096,
    ("làm giấy khai sinh " * 600)[:4096],
    "🙂" * 500,
    "👨‍👩‍👧‍👦❤️",
    "\x00\x01\x02\x1b[31m",
    "\u202e\u202dkhai sinh\u200f\u200b",
    "<b>không đóng <script>alert(1)</script> &nbsp; &",
    "'; DROP TABLE chat; --",
    '{"a": [1, 2',
    "\ud83d",
    "%s %d {0} ${x} \\u0000",
    "/",
    "/@@@",
    "a\u0300\u0301\u0302" * 300,
]


@both_ways
async def test_bad_input_gets_a_fitting_answer(api: BotApi) -> None:
    for chat, text in enumerate(BAD, 1):
        await api.text(chat, text)
    for chat in range(1, len(BAD) + 1):
        answer = await api.reply(chat)
        assert answer.text.strip()
    await api.push(message=api.message(99, text="x" * 10_000))
    await api.reply(99)


async def test_forged_and_stale_presses_get_an_answer(api: BotApi) -> None:
    await api.text(1, "1.001193")
    shown = await api.reply(1)
    real = list(shown.actions().values())
    forged = ["", "x", "::::", "🙂" * 16, "steps:9.999999", "a\x00b", "../../etc/passwd", "'; DROP TABLE chat; --"]
    forged += [data.replace("1.001193", "9.123456").replace("1001193", "9123456") for data in real]

    presses = {}
    for chat, data in enumerate(forged, 2):
        await api.text(chat, "1.001193")
        presses[chat] = await api.press(await api.reply(chat), data)
    for chat, press in presses.items():
        await api.until(lambda press=press: press in api.confirmed)  # type: ignore[misc]
        await api.until(lambda chat=chat: sum(each.versions for each in api.to(chat)) > 1)  # type: ignore[misc]


@both_ways
async def test_odd_updates_do_not_stop_the_others(api: BotApi) -> None:
    await api.push(something_new={"a": 1})
    await api.push(message={"message_id": "no", "chat": 7})
    await api.push(message=None)
    await api.push(channel_post=api.message(-5, text="x"))
    await api.push(message={**api.message(5, text="quảng cáo"), "from": {"id": 6, "is_bot": True, "first_name": "b"}})
    await api.text(1, "1.001193")
    assert "khai sinh" in (await api.reply(1)).text
    await api.until(lambda: api.waiting <= 6)
    assert api.to(5) == []


async def test_faults_of_telegram_are_survived(api: BotApi) -> None:
    api.faults = [
        Fault("sendMessage", 502),
        Fault("sendMessage", 500, "Internal Server Error"),
        Fault("sendMessage", 429, "Too Many Requests: retry after 1", {"retry_after": 1}),
        Fault("sendMessage", 400, "Bad Request: can't parse entities: odd"),
    ]
    started = time.monotonic()
    await api.text(1, "1.001193")
    answer = await api.reply(1)
    assert "khai sinh" in answer.text
    assert answer.marks == []
    assert time.monotonic() - started > 1
    await api.text(1, "1.001193")
    assert (await api.reply(1, 2)).marks


async def test_one_who_blocked_us_is_left_alone_and_may_return(api: BotApi) -> None:
    await api.text(1, "1.001193")
    await api.reply(1)
    api.blocked.add(1)
    await api.text(1, "/help")
    await api.until(lambda: [name for name, _ in api.calls].count("sendMessage") >= 2)
    api.blocked.discard(1)
    gone = {"user": ME, "status": "kicked", "until_date": 0}
    back = {"user": ME, "status": "member"}
    who = {"chat": {"id": 1, "type": "private"}, "from": {"id": 1, "is_bot": False, "first_name": "Lan"}, "date": 1}
    await api.push(my_chat_member={**who, "old_chat_member": back, "new_chat_member": gone})
    await api.push(my_chat_member={**who, "old_chat_member": gone, "new_chat_member": back})
    await api.text(1, "1.001193")
    await api.reply(1, 2)
    assert len(api.to(1)) == 2


@both_ways
async def test_long_answers_arrive_in_order(api: BotApi) -> None:
    for number in range(8):
        await api.text(1, "1.001193" if number % 2 else "/help")
    await api.reply(1, 9)  # below the third answer we ask what they thought
    answers = [each.text for each in api.to(1) if not each.text.startswith(QUESTIONS[Rated.ANSWER])]
    assert ["khai sinh" in each for each in answers] == [False, True] * 4


async def test_the_answer_is_quick(api: BotApi) -> None:
    took: list[float] = []
    for chat in range(1, 31):
        started = time.monotonic()
        await api.text(chat, QUESTION)
        await api.reply(chat)
        took.append(time.monotonic() - started)
        if took[-1] < 1:  # a machine that is busy has to be quick once
            return
    pytest.fail(f"none of {len(took)} was answered within a second; the quickest took {min(took):.1f}")
