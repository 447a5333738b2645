"""Nothing of a talk is left some days after its end."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance.post import Postman
from bot.storage.housekeeping import sweep
from bot.storage.notices import Notices
from tests.bot.assistance.helping import Ward, ward


async def everything(here: Ward) -> str:
    """Return all that stands in any table."""
    tables = await here.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    async with here.engine.connect() as connection:
        rows = [
            row for (table,) in tables for row in await connection.execute(text(f'SELECT t::text FROM "{table}" t'))
        ]
    return "\n".join(row for (row,) in rows)


async def test_nothing_of_a_talk_is_left_after_its_time(engine: AsyncEngine) -> None:
    here = ward(engine)
    postman = Postman(engine, Notices(engine.url))
    lan, _ = await here.volunteer("Lan"), await here.volunteer("Minh")
    citizen = await here.citizen("w", "web")
    await citizen.says("/nhogiup")
    await citizen.writes("giúp tôi việc cây khế")
    await citizen.presses("Bây giờ")
    await citizen.presses("Gửi")
    await postman.round()
    ((number,),) = await here.run("SELECT id FROM help_request")
    await lan.sends("help", "take", number)
    await citizen.writes("quả khế chua")
    await lan.says("cành khế ngọt")
    await postman.round()
    await citizen.sends("talk", "report", number)
    await citizen.presses("Lời lẽ không hay")
    await postman.round()
    assert (await everything(here)).count("khế") > 5
    await sweep(engine, 3650, 7)
    assert (await everything(here)).count("khế") > 5
    await here.later("8 days")
    await here.run("UPDATE message SET created_at = created_at - interval '8 days'")
    await sweep(engine, 8, 7)
    left = await everything(here)
    assert "khế" not in left
    assert await here.run("SELECT FROM help_request UNION ALL SELECT FROM talked UNION ALL SELECT FROM flag") == []
    assert await here.run("SELECT outcome FROM work") == [("reported",)]
