"""A family with a newborn goes through everything a birth brings, and uses old names, over Telegram."""

from __future__ import annotations

from sqlalchemy.engine import URL

from knowledge.catalogue import shipped_path
from tests.acceptance.botapi import BotApi, Sent
from tests.acceptance.conftest import Launch, telegram

DISTRICT = "Từ 1/7/2025 không còn cấp huyện"


async def test_a_birth_from_the_question_to_the_papers(
    api: BotApi, process: Launch, shared: str, database: URL
) -> None:
    bot = process(**telegram(api, DATABASE_URL=shared, CATALOGUE=str(shipped_path())))
    await bot.start()
    opened = await says(api, "vo toi moi sinh con thi can lam nhung gi a")
    assert "Sinh con: các việc cần làm" in opened.text
    assert "trong 60 ngày từ ngày sinh" in opened.text
    assert "Mã thủ tục: 1.001193" in (await says(api, "2")).text
    known = len(api.to(1))
    await api.press(opened, opened.actions()["Giấy tờ chung"])
    papers = await api.reply(1, known + 1)
    assert "Chưa tính việc tùy trường hợp: 5, 6, 7" in papers.text
    await turns(api, papers, "Tính cả việc 5, 6, 7")
    assert "Trang 1/" in papers.text
    await turns(api, papers, "Trang sau ›")
    assert "Trang 2/" in papers.text
    asked = await says(api, "làm giấy khai sinh cho con ở UBND huyện")
    assert DISTRICT in asked.text
    assert "72/2025/QH15" in asked.text
    again = await says(api, "đăng ký kết hôn ở UBND huyện")
    assert DISTRICT not in again.text


async def says(api: BotApi, text: str) -> Sent:
    known = len(api.to(1))
    await api.text(1, text)
    return await api.reply(1, known + 1)


async def turns(api: BotApi, message: Sent, label: str) -> None:
    """Press a button that changes the message it stands under."""
    versions = message.versions
    await api.press(message, message.actions()[label])
    await api.until(lambda: message.versions > versions)
