"""Files fetched from a Bot API server: whole, within limits, and with words when they cannot be had."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels import telegram_files
from bot.channels.telegram_client import client
from bot.channels.telegram_files import Fetcher
from bot.errors import Impossible
from bot.settings import Settings
from tests.acceptance.botapi import TOKEN, BotApi, Fault

MOST = 1000


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    server = BotApi()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def fetcher(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Fetcher]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    monkeypatch.setattr(telegram_files, "_AGAIN_SECONDS", 0)
    bot = client(Settings.model_validate({"telegram_bot_token": TOKEN, "telegram_api_url": api.url}))
    await bot.initialize()
    opened = Fetcher(bot)
    yield opened
    await opened.close()
    await bot.shutdown()


async def test_a_file_arrives_whole_and_a_passing_fault_is_tried_again(
    api: BotApi, fetcher: Fetcher, tmp_path: Path
) -> None:
    number = await api.document(7, "a.json", b"x" * MOST)
    api.faults = [Fault("download", 502)]
    await fetcher.save(number, tmp_path / "a.json", MOST)
    assert (tmp_path / "a.json").read_bytes() == b"x" * MOST


async def test_what_cannot_be_had_is_told_in_words_and_without_the_token(
    api: BotApi, fetcher: Fetcher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    large = await api.document(7, "a.json", b"x" * (MOST + 1))
    huge = await api.document(7, "a.json", b"x" * (20 * 2**20 + 1))
    for number in (large, huge):
        with pytest.raises(Impossible, match="lớn quá"):
            await fetcher.save(number, tmp_path / "a.json", MOST)
    lost = await api.document(7, "a.json", b"x")
    api.faults = [Fault("download", 404, times=9)]
    with caplog.at_level(logging.INFO, "bot"):
        for number in ("nothing", lost):
            with pytest.raises(Impossible) as refused:
                await fetcher.save(number, tmp_path / "a.json", MOST)
            assert str(refused.value) == telegram_files.UNAVAILABLE
    assert TOKEN not in caplog.text
    assert not (tmp_path / "a.json").exists()
