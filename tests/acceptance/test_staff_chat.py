"""Staff on Telegram, with the whole program: a notice written in a chat reaches everybody, and each chat once."""

from __future__ import annotations

import asyncio

import psycopg
from aiohttp import ClientSession
from sqlalchemy.engine import URL

from bot.dialogue import commands
from bot.office import telegram as desk
from bot.storage.engine import driver_options
from tests.acceptance.botapi import BotApi
from tests.acceptance.conftest import Launch, as_setting, telegram

CLERK, CITIZEN = 7, 8
NOTICE = "Cổng dịch vụ công bảo trì đến hết hôm nay."


async def shown(address: str) -> bool:
    """Say whether the notice stands on the page."""
    async with ClientSession() as http, http.get(address) as page:
        return NOTICE in await page.text()


async def until_shown(address: str, wanted: bool) -> None:
    """Wait until the page shows the notice, or no longer does."""
    async with asyncio.timeout(20):
        while await shown(address) is not wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_notice_from_a_chat_to_everybody(process: Launch, api: BotApi, database: URL) -> None:
    address = await process(**telegram(api, DATABASE_URL=as_setting(database))).start()
    with psycopg.connect(autocommit=True, **driver_options(database)) as connection:
        connection.execute("INSERT INTO staff (name, role, telegram) VALUES ('Lan', 'publisher', '7')")
    await api.text(CITIZEN, "/canbo")
    assert (await api.reply(CITIZEN)).text == commands.NO_SUCH
    await api.text(CLERK, f"/canbo thongbao {NOTICE}\nđến: 31/12/2099")
    preview = await api.reply(CLERK)
    assert NOTICE in preview.text
    assert not await shown(address)
    await api.press(preview, preview.actions()[desk.POST])
    posted = await api.reply(CLERK, 2)
    assert posted.text == desk.POSTED
    await until_shown(address, True)

    await api.text(CITIZEN, "/help")
    await api.reply(CITIZEN, 3)
    await api.text(CITIZEN, "/help")
    await api.reply(CITIZEN, 4)
    assert [NOTICE in each.text for each in api.to(CITIZEN)] == [False, True, False, False]
    await api.press(posted, posted.actions()[desk.TAKE_DOWN])
    await api.until(lambda: api.to(CLERK)[-1].text == desk.TAKEN_DOWN)
    await until_shown(address, False)
