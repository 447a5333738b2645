"""Whole journeys of photographed receipts on Telegram, through real HTTP and real PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest

from tests.acceptance.botapi import BotApi, Fault
from tests.acceptance.conftest import Launch, by_webhook, telegram
from tests.acceptance.process import BotProcess
from tests.bot.dossiers.pictures import CODE128, jpeg, sheet, symbol

CODE = "000.00.53.H48-220921-0099"
RECEIPT = jpeg(sheet(symbol(f"{CODE}|Nguyễn Văn An|001205123456"), angle=8))
CARD = jpeg(sheet(symbol("001205123456||Nguyễn Văn An|01012005|Nam|Hà Nội|01012022")))


async def begun(process: Launch, api: BotApi, way: str, shared: str) -> BotProcess:
    settings = telegram(api) if way == "polling" else by_webhook(api)
    bot = process(**settings, DATABASE_URL=shared)
    await bot.start()
    return bot


def told(bot: BotProcess) -> bool:
    """Say whether anything that was in a picture, or the token, stands in the log."""
    return any(secret in bot.errors for secret in ("0012051", "Nguyễn", "AAH-acceptance"))


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_receipt_is_read_from_its_photo(process: Launch, api: BotApi, shared: str, way: str) -> None:
    bot = await begun(process, api, way, shared)
    await api.photo(1, RECEIPT)
    assert CODE in (await api.reply(1)).text
    await api.photo(2, jpeg(sheet(symbol("H26.149-251012-0005", CODE128, scale=3))), as_file="image/jpeg")
    assert "H26.149-251012-0005" in (await api.reply(2)).text
    await api.photo(3, RECEIPT, caption="hồ sơ này tới đâu rồi em")
    assert CODE in (await api.reply(3)).text
    await api.photo(4, CARD, caption="1.001193")
    assert "thẻ căn cước" in (await api.reply(4)).text
    await api.photo(5, jpeg(sheet()), caption="1.001193")
    assert "khai sinh" in (await api.reply(5)).text
    await api.photo(6, jpeg(sheet()))
    assert "chụp lại" in (await api.reply(6)).text
    await api.photo(7, b"\0\0\0\x18ftypheic" + bytes(200), as_file="image/heic")
    assert "HEIC" in (await api.reply(7)).text
    assert not told(bot)
    assert "001205" not in "".join(each.text for each in api.sent)


async def test_a_photo_that_cannot_be_had_is_answered(process: Launch, api: BotApi, shared: str) -> None:
    bot = await begun(process, api, "polling", shared)
    api.faults.append(Fault("download", 500, times=1))
    await api.photo(1, RECEIPT)
    assert CODE in (await api.reply(1)).text
    api.faults.append(Fault("download", 500, times=9))
    await api.photo(2, RECEIPT)
    assert "chưa tải được ảnh" in (await api.reply(2)).text
    api.faults.clear()
    api.files.clear()
    await api.push(message=api.message(3, photo=[{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]))
    assert "chưa tải được ảnh" in (await api.reply(3)).text
    assert not told(bot)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_slow_photo_holds_up_nobody_else(process: Launch, api: BotApi, shared: str, way: str) -> None:
    await begun(process, api, way, shared)
    number = await api.photo(1, RECEIPT)
    api.stalls[number] = asyncio.Event()
    await asyncio.sleep(0.3)
    for chat in range(2, 12):
        await api.text(chat, "1.001193")
    for chat in range(2, 12):
        assert "khai sinh" in (await api.reply(chat)).text
    assert api.to(1) == []
    api.stalls[number].set()
    assert CODE in (await api.reply(1)).text
    await api.until(lambda: not api.waiting)
    assert [len(api.to(chat)) for chat in range(1, 12)] == [1] * 11


async def test_a_photo_in_hand_survives_a_kill(process: Launch, api: BotApi, shared: str) -> None:
    bot = await begun(process, api, "polling", shared)
    number = await api.photo(1, RECEIPT)
    api.stalls[number] = asyncio.Event()
    await api.text(2, "1.001193")
    await api.reply(2)
    await bot.kill()
    api.stalls.pop(number).set()
    await begun(process, api, "polling", shared)
    assert CODE in (await api.reply(1)).text
    await api.until(lambda: not api.waiting)
    assert len(api.to(1)) == 1
