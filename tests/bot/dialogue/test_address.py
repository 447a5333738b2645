"""Web addresses that people send."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import address, beyond
from knowledge.case import token
from knowledge.matching import Facet
from tests.bot.dialogue.records import BIRTH, LICENCE, answer, bare, services
from tests.bot.dialogue.test_beyond import KNOWN
from tests.bot.dialogue.test_conversation import LINES, Person, labels

PAGE = str(BIRTH.source.url)


@pytest.mark.parametrize("sent", [PAGE, f"xem {PAGE}?a=1", f"{PAGE}/.", PAGE.upper().replace("/TTHC/", "/tthc/")])
def test_the_official_page_of_a_procedure_opens_it(sent: str) -> None:
    assert BIRTH.code in Person(services(LINES, (BIRTH, LICENCE))).says(sent).body


def test_what_is_asked_beside_the_page_comes_first() -> None:
    person = Person(services(LINES | {"hết bao nhiêu": bare(Facet.MONEY)}, (BIRTH,)))
    assert "miễn phí" in person.says(f"{PAGE} hết bao nhiêu").body.lower()


@pytest.mark.parametrize(
    "sent",
    [
        "https://t.me/motcua_bot?start=p_1_001193", "http://127.0.0.1:8080/p/1.001193", "xem http://x.vn/p/1001193 nhé",
        f"https://t.me/motcua_bot?start=c_{token(BIRTH, {})}", f"http://127.0.0.1:8080/c/{token(BIRTH, {})}",
    ],
)  # fmt: skip
def test_our_own_links_open_what_they_name(sent: str) -> None:
    assert "Đăng ký khai sinh" in Person(services(LINES)).says(sent).body


@pytest.mark.parametrize("sent", ["https://vneid-gov.xyz/a bấm vào được không", "www.abc.vn", "http://[::1"])
def test_other_addresses_are_not_opened_and_warned_of(sent: str) -> None:
    person = Person(replace(services(LINES), articles=KNOWN))
    message = person.says(sent)
    assert message.body == address.UNOPENED
    assert labels(message)[0] == address.ABOUT_FRAUD
    assert "Lừa đảo" in person.presses(f"article:{beyond.SCAM}").body


def test_a_sure_question_beside_an_address_is_answered() -> None:
    person = Person(services(LINES | {"đổi bằng lái": answer(LICENCE.code)}))
    assert LICENCE.code in person.says("đổi bằng lái https://a.vn/b").body


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert address.procedure(f"https://{text}", services()) is None
    assert not address.within(address.without(text)) or address.within(text)
