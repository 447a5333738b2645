from __future__ import annotations

from datetime import date

import pytest

from bot.printing import invitation, roll
from bot.printing.certificate import Certificate, certificates
from bot.printing.links import Doors
from bot.printing.roll import MOST, Line, Roll
from tests.bot.printing import reading

TODAY = date(2026, 11, 22)
FACTS = (("34,5", "giờ trực"), ("12", "hồ sơ, lượt giúp"), ("83%", "nộp trực tuyến"))
PLAIN = Certificate("Ngọc Lan", "Thanh niên", "Phường Ba Đình, TP. Hà Nội", "trong tháng 11/2026", FACTS)
LONG = Certificate(
    "Nguyễn Phước Bửu Tằng Tôn Nữ Hồng Ngọc Lan",
    "Thanh niên tình nguyện & cựu chiến binh <số hóa> khu phố mười hai",
    "Đặc khu Trường Sa, tỉnh Khánh Hòa, thuộc vùng biển đảo",
    "từ tháng 9/2026 đến tháng 11/2026",
    FACTS[:1],
)


def test_a_page_for_each_with_all_that_is_confirmed() -> None:
    made = certificates([PLAIN, LONG], TODAY)
    assert reading.sizes(made) == [(297, 210)] * 2
    one, two = reading.texts(made)
    for words in ("GIẤY XÁC NHẬN THAM GIA", "Ngọc Lan", "34,5", "hồ sơ, lượt giúp", "83%", "năm 2026", "đóng dấu"):
        assert words in one
    assert "cựu chiến binh <số hóa> khu phố mười hai" in two
    assert "83%" not in two
    assert all(reading.fonts(made).values())


@pytest.mark.parametrize("wanted", [PLAIN, LONG])
def test_words_keep_clear_of_the_numbers(wanted: Certificate) -> None:
    (picture,) = reading.pictures(certificates([wanted], TODAY), scale=1.0)
    bare = picture.convert("L").point(lambda value: 0 if value < 128 else 255)
    row = round(picture.height - 97.5 / 25.4 * 72)
    inside = bare.crop((60, row - 1, picture.width - 60, row + 1))
    assert inside.getextrema() == (255, 255)


def test_the_same_certificate_is_the_same_file() -> None:
    assert certificates([PLAIN], TODAY) == certificates([PLAIN], TODAY)


def test_a_month_of_many_is_one_picture() -> None:
    lines = [Line(f"Nguyễn Phước Bửu Tằng Tôn Nữ Hồng Ngọc {at}", ("1", "2", "3", "4%")) for at in range(MOST + 5)]
    wanted = Roll(LONG.team, LONG.commune, "tháng 11/2026", FACTS + FACTS[:1], ("Giờ trực", "b", "c", "d"), lines)
    assert roll.picture(wanted).startswith(b"\x89PNG")
    assert roll.picture(Roll("x", "", "", (), (), ())).startswith(b"\x89PNG")


@pytest.mark.parametrize("doors", [Doors("https://mot.cua", "bot"), Doors("", "bot"), Doors("https://mot.cua", "")])
def test_an_invitation_shows_every_way_in(doors: Doors) -> None:
    links = doors.handed("v_abcdefghijklmnopqrstuv")
    assert len(links) == bool(doors.page_url) + bool(doors.bot)
    assert invitation.picture(links).startswith(b"\x89PNG")
