from __future__ import annotations

import pytest

from bot.printing.cards import FORMS, cards
from bot.printing.links import Doors
from knowledge import catalogue
from tests.bot.dialogue import records
from tests.bot.printing import reading

DOORS = Doors("https://motcua.example.vn", "motcua_bot")


@pytest.mark.parametrize("per_page", [4, 8])
def test_page_is_full_of_cards_that_lead_to_their_procedure(per_page: int) -> None:
    made = cards([records.BIRTH, records.LICENCE, records.LAND], per_page, DOORS)
    assert reading.sizes(made) == [(210, 297)]
    said = reading.whole(made)
    shares = {4: (2, 1, 1), 8: (3, 3, 2)}[per_page]
    for record, times in zip((records.BIRTH, records.LICENCE, records.LAND), shares, strict=True):
        assert said.count(f"Mã {record.code}") == times
    found = reading.qr_codes(reading.pictures(made, 3)[0])
    assert "https://motcua.example.vn/p/1.001193" in found
    assert len(found) == (6 if per_page == 4 else 3)


def test_card_says_what_matters() -> None:
    said = reading.whole(cards([records.BIRTH], 4, DOORS))
    for words in (
        "Đăng ký khai sinh", "Giấy chứng sinh: 1 bản chính", "Căn cước của người đi khai",
        "và 1 giấy tờ khác tùy trường hợp", "Lệ phí: miễn phí", "Thời hạn: 1 ngày làm việc", "Mã 1.001193",
    ):  # fmt: skip
        assert said.count(words) == 4, words
    assert "chưa kiểm chứng" not in said
    assert "chưa kiểm chứng" in reading.whole(cards([records.LICENCE], 4, DOORS))


def test_five_cards_need_two_pages() -> None:
    assert len(reading.sizes(cards(list(records.RECORDS[:5]), 4, DOORS))) == 2


@pytest.mark.parametrize(("per_page", "least"), [(4, 10), (8, 9)])
def test_type_is_readable(per_page: int, least: float) -> None:
    assert min(reading.type_sizes(cards([records.LAND, records.BIRTH], per_page, Doors()))) >= least


@pytest.mark.parametrize("per_page", [4, 8])
def test_every_record_we_ship_fits_its_card(per_page: int) -> None:
    procedures = list(catalogue.load(None).procedures.values())
    made = cards(procedures, per_page, DOORS)
    said = reading.whole(made)
    for procedure in procedures:
        assert f"Mã {procedure.code}" in said


def test_thin_record_and_no_address() -> None:
    said = reading.whole(cards([records.THIN], 8, Doors()))
    assert said.count("Giấy tờ: hỏi nơi nhận hồ sơ") == 8
    assert set(FORMS) == {4, 8}
