from __future__ import annotations

from bot.dialogue.inline import choices
from tests.bot.dialogue.records import answer, offer, services

KNOWN = services({"khai sinh": offer("1.001193", "2.000528"), "bằng lái": answer("1.002801")})


def test_empty_query_shows_what_is_asked_for_most() -> None:
    found = choices("  ", KNOWN)
    assert found[0].id == "1.001193"
    assert "Giấy khai sinh" in found[0].description


def test_query_shows_what_may_be_meant_with_whole_answers() -> None:
    found = choices("khai sinh", KNOWN)
    assert [each.id for each in found] == ["1.001193", "1.001193 card", "2.000528", "2.000528 card"]
    licence, _ = choices("bằng lái", KNOWN)
    assert licence.title == "Đổi giấy phép lái xe"
    assert "135.000 đồng" in licence.body


def test_unknown_query_shows_nothing() -> None:
    assert choices("xyz", KNOWN) == ()
    assert choices("x" * 9000, KNOWN) == ()
