"""Asking for a dossier, proving that it is one's own, following it; imports, pushes; on Telegram and the page."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from bot.dialogue import tracking
from bot.storage.embedded import EmbeddedServer
from tests.acceptance.botapi import BotApi, Sent
from tests.acceptance.conftest import Launch, as_setting, free_port, telegram
from tests.patience import until

CODE = "000.00.53.H48-251102-0099"
TOKEN = "a token of at least twenty-four characters"
EXPORT = (
    "DANH SÁCH HỒ SƠ,,,,\nSố hồ sơ,Người nộp,SĐT,Ngày hẹn trả,Tình trạng\n"
    f"{CODE},Nguyễn Văn An,0912345678,27/11/2099,Đang xử lý\n"
)


def settings(**more: str) -> dict[str, str]:
    return {"PUSH_TOKEN": TOKEN, "QUIET_HOURS": "0-0", "PORT": str(free_port()), **more}


def dossier(code: str = CODE, status: int = 5, **more: Any) -> dict[str, Any]:
    return {"code": code, "status": status, "updated_at": datetime.now(UTC).isoformat(), "phone_last4": "5678", **more}


async def push(address: str, *dossiers: dict[str, Any]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        ClientSession(headers=headers) as client,
        client.post(f"{address}/api/dossiers", json={"dossiers": dossiers}) as response,
    ):
        assert response.status == 200
        return dict(await response.json())


def answers(api: BotApi, chat: int) -> list[Sent]:
    """Return what a chat was told, but for the word that it takes a while: a busy machine may have to say that."""
    return [each for each in api.to(chat) if not each.text.startswith(tracking.WAITING.partition("<")[0])]


async def reply(api: BotApi, chat: int, count: int = 1) -> Sent:
    """Wait until a chat was told ``count`` times and return the last of it."""
    received: list[Sent] = await api.until(lambda: answers(api, chat)[count - 1 :])
    return received[0]


def press(message: Sent, label: str) -> str:
    return message.actions()[label]


async def test_imported_asked_for_proved_followed_and_told_on_telegram(
    api: BotApi, process: Launch, tmp_path: Path
) -> None:
    bot = process(**telegram(api, **settings()))
    address = await bot.start()
    export = tmp_path / "export.csv"
    export.write_text(EXPORT, encoding="utf-8-sig")
    status, printed = await bot.run("dossier", "import", str(export), "--json", "--yes")
    assert (status, json.loads(printed)["new"]) == (0, 1), "beside the running bot, on its embedded database"

    await api.text(7, "hồ sơ 000 00 53 h48-251102-OO99 tới đâu rồi")
    coarse = await reply(api, 7)
    assert "Đang xử lý" in coarse.text
    await api.text(7, "1111")
    assert (await reply(api, 7, 2)).text == tracking.UNMATCHED
    await api.text(7, "5678")
    whole = await reply(api, 7, 3)
    await api.press(whole, press(whole, tracking.FOLLOW))
    assert "sẽ báo" in (await reply(api, 7, 4)).text

    counted = await push(address, dossier(missing=["Giấy chứng sinh"]))
    assert (counted["changed"], counted["errors"]) == (1, [])
    told = await reply(api, 7, 5)
    assert told.text.startswith(tracking.CHANGED)
    assert "Giấy chứng sinh" in told.text
    await api.press(told, press(told, tracking.UNFOLLOW))
    await reply(api, 7, 6)
    await push(address, dossier(status=4))
    await asyncio.sleep(1)
    assert len(answers(api, 7)) == 6
    assert await bot.stop() == 0
    assert "5678" not in bot.errors
    assert "Traceback" not in bot.errors


async def until_shown(browser: ClientSession, address: str, words: str) -> str:
    """Open the page again until it has these words, which a busy machine may not have had at once, and return it."""

    async def page() -> str:
        async with browser.get(address) as answer:
            shown = await answer.text()
        return shown if words in shown else ""

    return str(await until(page))


async def test_a_browser_without_scripts_sees_the_answer(process: Launch) -> None:
    bot = process(**settings())
    address = await bot.start()
    await push(address, dossier())
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), headers={"Origin": address}) as browser:
        async with browser.post(address, data={"text": CODE}) as page:
            assert CODE in await page.text()
        await until_shown(browser, address, "Yêu cầu bổ sung giấy tờ")
        async with browser.post(address, data={"text": "5678"}) as page:
            assert "5678" not in await page.text()
        shown = await until_shown(browser, address, tracking.FOLLOW)
    assert "5678" not in shown
    assert "••••" in shown


@pytest.mark.parametrize("fault", ["program killed", "database killed", "database restarted"])
async def test_a_broadcast_is_finished_whatever_dies(
    api: BotApi, process: Launch, place: Path, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Forty people follow one dossier; the program, or its database, dies while they are told of a change."""
    chats = range(1, 41)
    own = EmbeddedServer(place / "own")
    if fault == "database restarted":
        await asyncio.to_thread(own.start)
    shared = {"DATABASE_URL": as_setting(own.url)} if own.alive() else {}
    bot = process(**telegram(api, **settings(**shared)))
    address = await bot.start()
    await push(address, dossier(status=4))
    for chat in chats:
        await api.text(chat, CODE)
    for chat in chats:
        answer = await reply(api, chat)
        await api.press(answer, press(answer, tracking.FOLLOW))
    for chat in chats:
        await reply(api, chat, 2)

    api.latency = 0.05
    await push(address, dossier())
    await api.until(lambda: news(api) >= 5)
    at_fault = news(api)
    if fault == "database restarted":
        await asyncio.to_thread(own.stop)
        await asyncio.to_thread(own.start)
    elif fault == "database killed":
        server = bot.database_process()
        assert server
        os.kill(server, signal.SIGKILL)
        assert await bot.wait() == 1
    else:
        await bot.kill()
    if fault != "database restarted":
        await bot.start()
    try:
        await api.until(lambda: len({each.chat for each in api.sent if is_news(each)}) == len(chats))
    finally:
        await asyncio.sleep(1)
        with capsys.disabled():
            print(f"\n{fault} after {at_fault} of {len(chats)} were told: {news(api) - len(chats)} told twice")
    assert at_fault < len(chats)
    assert news(api) - len(chats) <= 8, "twice only what was on its way"


def is_news(sent: Sent) -> bool:
    return sent.text.startswith(tracking.CHANGED)


def news(api: BotApi) -> int:
    return sum(map(is_news, api.sent))
