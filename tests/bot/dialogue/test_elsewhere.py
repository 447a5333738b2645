"""A procedure of the national catalogue that we have no record of: named, never guessed at."""

from __future__ import annotations

import pytest

from bot.dialogue.conversation import respond
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Turn, TurnKind
from knowledge.catalogue import load
from knowledge.matching import Matcher
from knowledge.names import load_names

PORTAL = "https://dichvucong.example"


@pytest.fixture(scope="module")
def services() -> Services:
    catalogue = load()
    return Services(catalogue, Matcher(catalogue), PORTAL)


def test_a_code_known_by_name_only_is_named_and_sent_to_the_portal(services: Services) -> None:
    missing = next(
        named for named in load_names() if services.catalogue.get(named.code) is None and len(named.name) < 90
    )
    reply, session = respond(Turn(TurnKind.TEXT, missing.code), Session(), services)
    body = reply.messages[0].body
    assert missing.code in body
    assert PORTAL in body
    assert session.focus is None


def test_a_clear_question_about_it_is_not_answered_with_a_look_alike(services: Services) -> None:
    reply, session = respond(Turn(TurnKind.TEXT, "cấp phép nổ mìn khai thác mỏ đá"), Session(), services)
    assert session.focus is None
    assert "có lẽ là thủ tục" in reply.messages[0].body or "chưa có thông tin" in reply.messages[0].body


def test_an_unknown_code_is_still_unknown(services: Services) -> None:
    reply, _ = respond(Turn(TurnKind.TEXT, "9.999999"), Session(), services)
    assert "không có trong danh mục" in reply.messages[0].body


def test_the_end_of_a_code_opens_its_procedure(services: Services) -> None:
    _, session = respond(Turn(TurnKind.TEXT, "001193"), Session(), services)
    assert session.focus == "1.001193"
    _, session = respond(Turn(TurnKind.TEXT, "2025"), Session(), services)
    assert session.focus is None
