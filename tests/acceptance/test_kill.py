"""The process is killed again and again while questions come in: none may be lost.

``KILLS=8`` in the environment kills it that often each way; the usual run four times.
"""

from __future__ import annotations

import asyncio
import os
import random
import time

import pytest

from tests.acceptance.botapi import BotApi
from tests.acceptance.conftest import Launch, by_webhook, telegram

KILLS = int(os.environ.get("KILLS", "4"))
CHATS = range(1, 1 + 12 * KILLS)
QUESTIONS = [(chat, question) for question in ("1.001193", "/help") for chat in CHATS]
SHARE = len(QUESTIONS) // KILLS


@pytest.mark.parametrize(("way", "seed"), [("polling", 20260722), ("webhook", 20260723)])
async def test_every_question_is_answered_in_order_whatever_is_killed(
    api: BotApi, process: Launch, way: str, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)
    api.latency = 0.06  # a usual distance from Telegram: time to die between its acceptance and our note of it
    bot = process(**(telegram(api) if way == "polling" else by_webhook(api)))
    started = time.monotonic()
    at_work = 0
    for kill in range(KILLS):
        for chat, question in QUESTIONS[kill * SHARE : (kill + 1) * SHARE]:
            await api.text(chat, question)
        if kill % 4 == 3:  # one in four dies while it is still starting
            await bot.launch()
            await asyncio.sleep(chance.uniform(0.2, 2.0))
        else:
            await bot.start()
            enough = answered(api) + chance.randint(1, SHARE // 2)
            await api.until(lambda enough=enough: answered(api) >= enough)  # type: ignore[misc]
            await asyncio.sleep(chance.uniform(0, 0.1))
            at_work += answered(api) < (kill + 1) * SHARE
        await bot.kill()
    await bot.start()
    wanted = len(QUESTIONS)
    try:
        await api.until(lambda: answered(api) == wanted and not api.waiting)
    finally:
        await asyncio.sleep(0.5)
        twice = len(api.sent) - answered(api)
        with capsys.disabled():
            print(
                f"\nkill test by {way}: {wanted} questions, {KILLS} kills, {at_work} of them at work,"
                f" {wanted - answered(api)} lost, {twice} sent twice, {time.monotonic() - started:.0f} s"
            )
    assert at_work >= KILLS // 2, "the kills must fall while questions are being answered"
    assert twice <= KILLS * 8
    for chat in CHATS:
        firsts = list(dict.fromkeys(each.text for each in api.to(chat)))
        assert "khai sinh" in firsts[0]
        assert len(firsts) == 2
    assert "Traceback" not in bot.errors


def answered(api: BotApi) -> int:
    """Count the questions that have their answer."""
    return len({(each.chat, each.text) for each in api.sent})
