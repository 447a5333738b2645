from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from bot.printing import slip as module
from bot.printing.links import Doors, Link
from bot.printing.receipt import Receipt
from bot.printing.slip import card, slip
from tests.bot.printing.reading import qr_codes, whole

TOLD = Receipt(
    "000.00.53.H48-261122-0099",
    "Đăng ký khai sinh",
    "bác Hòa",
    date(2026, 11, 22),
    "thứ Năm 26/11/2026 (dự kiến)",
    "bộ phận Một cửa Phường Ba Đình, TP. Hà Nội",
    "thứ Hai đến thứ Sáu, 07:30–11:30, 13:30–17:00",
)
LINKS = Doors("https://mot.cua", "motcua_bot").handed("f_abcdefghijklmnopqrstuv")


def test_everything_stands_on_one_page_the_same_each_time() -> None:
    made = slip(TOLD, LINKS, "dichvucong.gov.vn")
    assert made == slip(TOLD, LINKS, "dichvucong.gov.vn")
    assert len(PdfDocument(made)) == 1
    said = whole(made)
    for part in (TOLD.code, TOLD.procedure, TOLD.first_name, "22/11/2026", TOLD.due, TOLD.hours, "18001096"):
        assert part in said


def test_without_a_name_nobody_is_named() -> None:
    assert module.FOR not in whole(slip(replace(TOLD, first_name=""), (), "dichvucong.gov.vn"))


def test_long_words_flow_on() -> None:
    long = replace(TOLD, procedure="Đăng ký đất đai " * 10, place="Trung tâm Phục vụ hành chính công " * 12)
    said = whole(slip(long, LINKS, "dichvucong.gov.vn"))
    assert said.count("Trung tâm") == 12
    assert module.NOT_OFFICIAL in said


@pytest.mark.parametrize("links", [LINKS, LINKS[:1], LINKS[1:]])
def test_codes_on_a_screen_are_read(links: tuple[Link, ...]) -> None:
    picture = Image.open(BytesIO(card(links)))
    assert picture.height <= picture.width
    assert qr_codes(picture.convert("L")) == {each.url for each in links}
