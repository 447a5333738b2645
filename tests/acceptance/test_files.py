"""Files that go with messages, from the button to the paper: on Telegram and in a browser."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import psycopg
from PIL import Image
from playwright.async_api import Browser, expect
from sqlalchemy.engine import URL

from bot.storage.engine import driver_options
from tests.acceptance.botapi import NAME, BotApi, Fault, Sent, Upload
from tests.acceptance.conftest import Launch, telegram
from tests.acceptance.visit import Visit
from tests.bot.printing import reading
from tests.patience import until

PAGE = "https://motcua.example.vn"
LEAFLET = "Tờ hướng dẫn 1.001193.pdf"


def documents(api: BotApi, chat: int) -> list[Sent]:
    """Return the files a chat has received, in order."""
    return [each for each in api.to(chat) if "file" in each.extra]


def opened(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture))


def keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def content(path: Path) -> bytes:
    return path.read_bytes()


async def document(api: BotApi, chat: int, count: int = 1) -> Upload:
    """Wait until a chat has ``count`` files and return the last."""
    received = await api.until(lambda: documents(api, chat)[count - 1 :])
    upload: Upload = received[0].extra["file"]
    return upload


async def until_known(database: URL, count: int) -> None:
    """Wait until Telegram's names for so many files are kept, which is after the files have arrived."""

    async def known() -> bool:
        async with await psycopg.AsyncConnection.connect(**driver_options(database)) as connection:
            rows = await (await connection.execute("SELECT bot FROM telegram_file")).fetchall()
        return rows == [(123456789,)] * count

    await until(known)


async def test_leaflet_on_telegram_is_uploaded_once(api: BotApi, process: Launch, shared: str, database: URL) -> None:
    bot = process(**telegram(api, PUBLIC_URL=PAGE, DATABASE_URL=shared))
    await bot.start()
    await api.text(1, "1.001193")
    card = await api.reply(1)
    await api.press(card, card.actions()["Tờ hướng dẫn (PDF)"])
    file = await document(api, 1)
    assert (file.kind, file.name) == ("document", LEAFLET)
    assert reading.sizes(file.content) == [(148, 210)]
    assert reading.qr_codes(reading.pictures(file.content)[0]) == {
        f"{PAGE}/p/1.001193",
        f"https://t.me/{NAME}?start=p_1_001193",
    }
    words, paper = api.to(1)[-2:]
    assert "Lấy khổ A4" in words.actions()
    assert paper.text == ""

    await until_known(database, 1)
    await api.text(2, "/inra 1.001193")
    assert await document(api, 2) == file
    assert documents(api, 2)[-1].extra["again"]

    api.files.clear()  # Telegram does not promise to know its ids for ever
    await api.text(3, "/inra 1001193")
    assert (await document(api, 3)).content == file.content
    assert not documents(api, 3)[-1].extra["again"]
    await api.press(card, "leaflet:1.001193:a4")
    assert reading.sizes((await document(api, 1, 2)).content)[0] == (210, 297)
    await until_known(database, 2)
    assert '"level": "error"' not in bot.errors


async def test_file_survives_a_refusal_and_a_kill(api: BotApi, process: Launch, shared: str) -> None:
    bot = process(**telegram(api, DATABASE_URL=shared))
    await bot.start()
    api.faults = [Fault("sendDocument", 500, "Internal Server Error", times=1000)]
    await api.text(1, "/inra 1.001193")
    await api.until(lambda: any(method == "sendDocument" for method, _ in api.calls))
    assert len(api.to(1)) == 1
    await bot.kill()
    api.faults = []
    await bot.start()
    assert (await document(api, 1)).name == LEAFLET
    assert len(api.to(1)) == 2, "the words before the file are not said again"

    api.faults = [Fault("sendDocument", 400, "Bad Request: DOCUMENT_INVALID")]
    await api.text(1, "/inra 1.000894")
    apology = await api.reply(1, 4)
    assert apology.text == "Xin lỗi, tôi chưa gửi được tệp “Tờ hướng dẫn 1.000894.pdf”. Anh/chị thử lại sau giúp."


async def test_leaflet_is_downloaded_in_a_browser(person: Visit) -> None:
    await person.says("làm khai sinh")
    answer = await person.presses("Tờ hướng dẫn (PDF)")
    link = answer.get_by_role("link", name=f"Tải tệp: {LEAFLET}")
    async with person.page.expect_download() as started:
        await link.click()
    download = await started.value
    assert download.suggested_filename == LEAFLET
    assert "Đăng ký khai sinh" in reading.whole(content(await download.path()))
    assert await person.overflow() == 0
    await expect(await person.presses("Lấy khổ A4")).to_contain_text("khổ A4")


async def test_kiosk_and_browser_without_scripts(person: Visit, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{person.house.url}/p/1.001193")
    await page.get_by_role("button", name="Tờ hướng dẫn (PDF)", exact=True).click()
    link = page.get_by_role("link", name=f"Tải tệp: {LEAFLET}")
    async with page.expect_download() as started:
        await link.click()
    assert (await started.value).suggested_filename == LEAFLET
    await page.goto(f"{person.house.url}/kiosk")
    await expect(page.get_by_text("Mở trang này trên điện thoại")).to_be_visible()
    await expect(page.get_by_role("link", name=LEAFLET)).to_have_count(0)
    await context.close()


async def test_checklist_is_kept_on_telegram_and_leads_back(api: BotApi, process: Launch, shared: str) -> None:
    bot = process(**telegram(api, PUBLIC_URL=PAGE, DATABASE_URL=shared))
    await bot.start()
    await api.text(1, "1.000894")
    card = await api.reply(1)
    await api.press(card, card.actions()["Chuẩn bị hồ sơ"])
    ticking = await api.reply(1, 2)
    await api.press(ticking, ticking.actions()["☐ 1"])
    await api.until(lambda: "☑ 1" in ticking.actions())
    await api.press(ticking, ticking.actions()["Lưu PDF"])
    paper = await document(api, 1)
    assert (paper.kind, paper.name) == ("document", "Danh sách giấy tờ 1.000894.pdf")
    assert "Tờ khai đăng ký khai sinh" in reading.whole(paper.content)
    await api.press(ticking, ticking.actions()["Lưu ảnh"])
    picture = await document(api, 1, 2)
    assert picture.name == "Danh sách giấy tờ 1.000894.png"
    assert picture.kind == "photo"
    (back,) = (each for each in reading.qr_codes(opened(picture.content)) if each.startswith("https://t.me/"))
    await api.text(2, f"/start {back.partition('start=')[2]}")
    assert "Đăng ký kết hôn" in (await api.reply(2)).text
    assert '"level": "error"' not in bot.errors


async def test_checklist_is_kept_in_a_browser(person: Visit) -> None:
    await person.says("1.000894")
    await person.presses("Chuẩn bị hồ sơ")
    for label, ending in (("Lưu PDF", "pdf"), ("Lưu ảnh", "png")):
        answer = await person.presses(label)
        async with person.page.expect_download() as started:
            await answer.get_by_role("link", name="Tải tệp: Danh sách giấy tờ").click()
        assert (await started.value).suggested_filename == f"Danh sách giấy tờ 1.000894.{ending}"


async def test_forms_of_an_office_on_telegram(
    api: BotApi, process: Launch, shared: str, database: URL, place: Path
) -> None:
    folder = place / "mẫu đơn"
    for name, kept in (("Tờ khai.docx", b"PK form"), ("mau-dien-san/Tờ khai.pdf", b"%PDF sample")):
        keep(folder / "1.001193" / name, kept)
    bot = process(**telegram(api, DATABASE_URL=shared, FORMS=str(folder)))
    await bot.start()
    for chat in (1, 2):
        await api.text(chat, "1.001193")
        card = await api.reply(chat)
        await api.press(card, card.actions()["Mẫu đơn, tờ khai"])
        offer = await api.reply(chat, 2)
        await api.press(offer, offer.actions()["Mẫu điền sẵn: Tờ khai.pdf"])
        assert await document(api, chat) == Upload("document", "Tờ khai.pdf", b"%PDF sample")
        assert documents(api, chat)[0].extra["again"] == (chat == 2)
        assert "chỉ để xem cách ghi" in api.to(chat)[2].text
        await until_known(database, 1)
    await api.press(offer, offer.actions()["Mẫu: Tờ khai.docx"])
    assert (await document(api, 2, 2)).content == b"PK form"
    assert '"level": "error"' not in bot.errors
