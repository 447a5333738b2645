"""Staff on Telegram, with the whole program: a notice written in a chat reaches everybody, and each chat once."""

from __future__ import annotations

import psycopg
from aiohttp import ClientSession
from sqlalchemy.engine import URL

from bot.dialogue import commands
from bot.office import news, parcel
from bot.office import telegram as desk
from bot.storage.engine import driver_options
from knowledge.catalogue_file import dump
from tests.acceptance.botapi import BotApi
from tests.acceptance.conftest import Launch, as_setting, telegram
from tests.bot.dialogue.records import BIRTH
from tests.patience import until

CLERK, CITIZEN = 7, 8
NOTICE = "Cổng dịch vụ công bảo trì đến hết hôm nay."


async def shown(address: str) -> bool:
    """Say whether the notice stands on the page."""
    async with ClientSession() as http, http.get(address) as page:
        return NOTICE in await page.text()


async def until_shown(address: str, wanted: bool) -> None:
    """Wait until the page shows the notice, or no longer does."""

    async def as_wanted() -> bool:
        return await shown(address) is wanted

    await until(as_wanted)


async def test_staff_in_their_chat_reach_everybody_and_bring_files_in(
    process: Launch, api: BotApi, database: URL
) -> None:
    address = await process(**telegram(api, DATABASE_URL=as_setting(database), QUIET_HOURS="0-0")).start()
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

    await a_file_becomes_drafts(api, database)
    await news_arrives_until_it_is_stopped(api, database)


async def a_file_becomes_drafts(api: BotApi, database: URL) -> None:
    """Send a file with one record changed, and take it."""
    changed = BIRTH.model_copy(update={"summary": "Câu mới từ tệp gửi cho trợ lý."})
    await api.document(CLERK, "sua.json", dump([changed]).encode())
    told = await api.until(lambda: next((each for each in api.to(CLERK) if parcel.TAKE in each.actions()), None))
    assert "1 thủ tục thay đổi" in told.text
    await api.press(told, told.actions()[parcel.TAKE])
    await api.until(lambda: "bản sửa đang soạn" in api.to(CLERK)[-1].text)
    with psycopg.connect(**driver_options(database)) as connection:
        assert connection.execute("SELECT code, state FROM revision").fetchall() == [(BIRTH.code, "draft")]


async def news_arrives_until_it_is_stopped(api: BotApi, database: URL) -> None:
    """Have news sent to a citizen who asked for it, and let them stop it."""
    await api.text(CITIZEN, "/thongbao")
    asked = await api.until(lambda: next((each for each in api.to(CITIZEN) if news.ON in each.actions()), None))
    await api.press(asked, asked.actions()[news.ON])
    await api.until(lambda: news.OFF in api.to(CITIZEN)[-1].actions())
    with psycopg.connect(autocommit=True, **driver_options(database)) as connection:
        connection.execute("INSERT INTO broadcast (text, state, starts_at) VALUES ('Tin mới', 'sending', now())")
        came = await api.until(lambda: next((each for each in api.to(CITIZEN) if "Tin mới" in each.text), None))
        await api.press(came, came.actions()[news.OFF])
        await api.until(lambda: api.to(CITIZEN)[-1].text == news.STOPPED)
        assert connection.execute("SELECT count(*) FROM subscriber").fetchall() == [(0,)]
