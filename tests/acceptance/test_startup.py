"""Starting, stopping, and what a person at the keyboard is told when something is wrong."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.acceptance.botapi import TOKEN, BotApi, Fault
from tests.acceptance.conftest import Launch, telegram
from tests.acceptance.process import STARTED_WITHIN, BotProcess
from tests.patience import until

UNREACHABLE = "postgresql://nobody:secret-word@127.0.0.1:1/none"


async def complaint(bot: BotProcess) -> tuple[int, str]:
    """Run a program that cannot start; return its exit code and what it told its user."""
    await bot.launch()
    code = await bot.wait(STARTED_WITHIN)
    told = [line for line in bot.errors.splitlines() if not line.startswith("{")]
    assert "Traceback" not in bot.errors
    assert len(told) == 1, bot.errors
    return code, told[0]


WRONG: list[tuple[dict[str, str], int, str]] = [
    ({"PORT": "abc"}, 2, "PORT"),
    ({"TELEGRAM_MODE": "carrier-pigeon"}, 2, "TELEGRAM_MODE"),
    ({"DATABASE_URL": "mysql://a/b"}, 2, "DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://host:port/name"}, 2, "DATABASE_URL"),
    ({"TELEGRAM_BOT_TOKEN": "not a token"}, 2, "BotFather"),
    ({"DATABASE_URL": UNREACHABLE}, 1, "Không kết nối được cơ sở dữ liệu"),
    ({"MOT_CUA_DATA": "/proc/no"}, 1, "thư mục dữ liệu"),
    ({"HOST": "no.such.host.invalid"}, 1, "HOST"),
    ({"CATALOGUE": "/no/such/procedures.json"}, 1, "procedures.json"),
]


async def test_wrong_surroundings_are_named_in_one_line(process: Launch) -> None:
    bots = [process(f"bot-{number}", **settings) for number, (settings, _, _) in enumerate(WRONG)]
    complaints = await asyncio.gather(*(complaint(bot) for bot in bots))
    for (_, code, words), (found, told) in zip(WRONG, complaints, strict=True):
        assert found == code, told
        assert words in told
        assert "secret-word" not in told


async def test_broken_catalogue_is_named(process: Launch, tmp_path: Path) -> None:
    contents = ["", "{", "[]", '{"schema": 1}', '{"schema": 1, "procedures": [{"code": "x"}]}', "\ufeff", "\x00\xff"]
    bots = []
    for number, content in enumerate(contents):
        path = tmp_path / str(number) / "procedures.json"
        path.parent.mkdir()
        path.write_text(content, encoding="utf-8")
        bots.append(process(f"bot-{number}", CATALOGUE=str(path)))
    for code, told in await asyncio.gather(*(complaint(bot) for bot in bots)):
        assert code == 1
        assert "procedures.json" in told


async def test_taken_port_is_named(process: Launch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, told = await complaint(process(PORT=str(port)))
    assert code == 1
    assert str(port) in told


async def test_rejected_token_is_named(api: BotApi, process: Launch, shared: str) -> None:
    api.token = "1:another"
    code, told = await complaint(process(DATABASE_URL=shared, **telegram(api)))
    assert code == 1
    assert "TELEGRAM_BOT_TOKEN" in told
    assert TOKEN not in told


async def test_two_instances_on_one_folder_are_told_apart(process: Launch, place: Path) -> None:
    folder = str(place / "dữ liệu chung, số 1")
    first = process("first", MOT_CUA_DATA=folder)
    await first.start()
    code, told = await complaint(process("second", MOT_CUA_DATA=folder))
    assert code == 1
    assert "đang được một bản khác" in told
    assert await first.stop() == 0
    third = process("third", MOT_CUA_DATA=folder)
    await third.start()
    assert await third.stop(signal.SIGINT) == 0


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    folder = place / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_full_disk_is_named(process: Launch, small_disk: Path) -> None:
    code, told = await complaint(process(MOT_CUA_DATA=str(small_disk / "data")))
    assert code == 1
    assert "Đĩa đã đầy" in told


async def test_second_start_finds_the_data_of_the_first_even_after_a_kill(api: BotApi, process: Launch) -> None:
    def answers() -> list[str]:  # a kill may send one twice, and a question about the help may stand behind them
        return list(dict.fromkeys(each.text for each in api.to(1) if "1.001193" in each.text))

    bot = process(**telegram(api))
    await bot.start()
    await api.text(1, "1.001193")
    await api.reply(1)
    await bot.kill()
    left_behind = bot.database_process()
    assert left_behind
    os.kill(left_behind, 0)
    await bot.start()
    await api.text(1, "lệ phí bao nhiêu")
    await api.until(lambda: len(answers()) == 2)
    assert bot.database_process() == left_behind

    # The machine goes down: nothing runs any more, and the server's number now belongs to another process.
    await bot.kill()
    os.kill(left_behind, signal.SIGKILL)
    await asyncio.sleep(0.5)
    bot.rename_database_process(os.getpid())
    await bot.start()
    await api.text(1, "nộp ở đâu")
    await api.until(lambda: len(answers()) == 3)
    assert "Cơ quan giải quyết" in answers()[-1]
    assert await bot.stop() == 0
    assert bot.database_process() is None


async def test_death_of_the_embedded_database_is_told(process: Launch) -> None:
    bot = process()
    await bot.start()
    server = bot.database_process()
    assert server
    os.kill(server, signal.SIGKILL)
    assert await bot.wait() == 1
    assert "PostgreSQL đi kèm đã dừng" in bot.errors
    assert "Traceback" not in bot.errors
    await bot.start()
    assert await bot.stop() == 0


async def test_health_is_told_and_the_page_is_served(process: Launch, shared: str) -> None:
    bot = process(DATABASE_URL=shared, fresh=True)
    address = await bot.start()
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{address}/healthz") as response:
            assert (response.status, await response.json()) == (200, {"status": "ok"})
        async with http.get(f"{address}/readyz") as response:
            body = await response.json()
            assert response.status == 200, body
            assert (body["database"], body["catalogue"], body["telegram"]) == ("ok", "ok", "off")
            assert "Server" not in response.headers
        async with http.get(address) as response:
            assert response.status == 200
            assert "<html" in await response.text()
    assert await bot.stop() == 0


async def test_turns_in_hand_are_finished_before_the_end(api: BotApi, process: Launch, shared: str) -> None:
    bot = process(DATABASE_URL=shared, **telegram(api))
    await bot.start()
    await api.text(99, "1.001193")
    await api.reply(99)
    for chat in range(1, 41):
        await api.text(chat, "1.001193")
    await api.until(lambda: len(api.sent) > 5)
    started = time.monotonic()
    assert await bot.stop() == 0
    assert time.monotonic() - started < 10
    again = process(DATABASE_URL=shared, **telegram(api))
    await again.start()
    await api.until(lambda: len({each.chat for each in api.sent}) == 41)
    assert len(api.sent) == 41


async def test_telegram_out_of_reach_does_not_keep_the_page_from_serving(
    api: BotApi, process: Launch, shared: str
) -> None:
    api.faults = [Fault("getMe", 502, times=3)]
    bot = process(DATABASE_URL=shared, **telegram(api))
    address = await bot.start()
    async with aiohttp.ClientSession() as http, http.get(f"{address}/readyz") as response:
        assert (await response.json())["telegram"] == "unreachable"
    await api.text(1, "1.001193")
    await api.reply(1)
    assert await bot.stop() == 0


async def test_another_program_polling_the_same_bot_is_said_once(api: BotApi, process: Launch, shared: str) -> None:
    api.faults = [Fault("getUpdates", 409, "Conflict: terminated by other getUpdates request", times=2)]
    bot = process(DATABASE_URL=shared, **telegram(api))
    await bot.start()
    await api.text(1, "1.001193")
    await api.reply(1)
    assert bot.errors.count("another program receives this bot's updates") == 1


async def test_signal_during_the_start_ends_it_cleanly(process: Launch) -> None:
    for number, spent in itertools.product((signal.SIGTERM, signal.SIGINT), (0.5, 1.3)):
        bot = process(f"early-{number}-{spent}", fresh=True)
        await bot.launch()
        await until(lambda bot=bot, spent=spent: bot.cpu_seconds() >= spent)  # type: ignore[misc]
        assert await bot.stop(number) in {0, -number}
        assert "Traceback" not in bot.errors
