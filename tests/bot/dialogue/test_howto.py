"""Cards for groups: what one needs, in few lines, whatever we ship."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue import howto, markup
from bot.dialogue.inline import CARDS, MOST, choices
from knowledge import catalogue as catalogues
from knowledge.procedure import Procedure, RequiredDocument
from tests.acceptance.botmarkup import parse, units
from tests.bot.dialogue.records import RECORDS, answer, services

SHIPPED = catalogues.load()
KNOWN = replace(services(), catalogue=SHIPPED)
BIRTH = "1.001193"


def record(code: str) -> Procedure:
    found = SHIPPED.get(code)
    assert found
    return found


def test_a_card_tells_papers_money_time_place_and_leads_back() -> None:
    said = howto.card(record(BIRTH), KNOWN)
    for words in ("Cách làm: Đăng ký khai sinh", "Giấy chứng sinh", "Lệ phí", "Thời hạn", "Nơi nộp", "Nguồn:"):
        assert words in said
    assert f"https://t.me/motcua_bot?start=p_{BIRTH.replace('.', '_')}" in said
    assert "anh/chị bấm" not in said, "a message in a group has no buttons of ours"


def test_without_a_name_on_telegram_it_leads_to_the_page_and_without_an_address_nowhere() -> None:
    page = replace(KNOWN, bot_username="", page_url="https://mot.cua")
    assert f"https://mot.cua/p/{BIRTH}" in howto.card(record(BIRTH), page)
    assert howto.ASK not in howto.card(record(BIRTH), replace(page, page_url=""))


@pytest.mark.parametrize("most", [1, 40])
def test_many_papers_are_counted(most: int) -> None:
    papers = tuple(RequiredDocument(name=f"Giấy thứ {n} " + "rất dài " * 12) for n in range(most))
    said = howto.card(record(BIRTH).model_copy(update={"documents": papers}), KNOWN)
    assert said.count("Giấy thứ") + (most - said.count("Giấy thứ")) == most
    assert (f"và {most - said.count('Giấy thứ')} giấy nữa" in said) == (most > 1)
    assert markup.visible(said) <= howto.LONGEST


def test_what_stands_in_a_record_cannot_break_the_markup() -> None:
    wild = record(BIRTH).model_copy(
        update={"name": "<b>Thử & <i", "documents": (RequiredDocument(name="</b><a href='x'>", condition="a < b & c"),)}
    )
    parse(howto.card(wild, KNOWN))


def test_whatever_we_ship_is_short_and_sound() -> None:
    for procedure in SHIPPED:
        said = howto.card(procedure, KNOWN)
        parse(said)
        assert units(said) < 4096
        assert markup.visible(said) <= howto.LONGEST + 500, procedure.code


def test_only_the_first_and_none_that_is_abolished_get_a_card() -> None:
    known = services({"đất": answer(RECORDS[0].code)})
    found = [each.id for each in choices("", KNOWN)]
    assert len(found) == MOST + CARDS
    assert len(set(found)) == len(found)
    gone = RECORDS[0].model_copy(update={"abolished_on": RECORDS[0].source.read_on})
    abolished = replace(known, catalogue=catalogues.Catalogue.of([gone]))
    assert [each.id for each in choices("đất", abolished)] == [gone.code]
