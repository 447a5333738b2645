from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web_guard import Refusal
from bot.channels.web_turns import number, read_turn, update_id
from bot.dialogue.turn import Turn, TurnKind


def test_typed_slash_is_a_command_and_a_lone_one_is_text() -> None:
    assert read_turn({"kind": "text", "value": "/TraCuu kết hôn"}) == Turn(TurnKind.COMMAND, "kết hôn", "tracuu")
    assert read_turn({"kind": "text", "value": "/"}) == Turn(TurnKind.TEXT, "/")
    assert read_turn({"kind": "text", "value": "1/2 bản sao"}).kind is TurnKind.TEXT


@pytest.mark.parametrize(
    "sent", [{}, {"kind": "text"}, {"kind": [], "value": ""}, {"kind": "command", "value": "", "command": 1}]
)
def test_what_is_no_turn_is_refused(sent: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        read_turn(sent)


def test_a_place_is_two_numbers() -> None:
    assert read_turn({"kind": "location", "value": "21.02851,-105.852"}) == Turn(TurnKind.LOCATION, "21.02851,-105.852")
    for value in ("", "21", "21,105,3", "21;105", "nan,1", "1e9,1", "٢١,١", "21.0,105.0\n"):
        with pytest.raises(Refusal):
            read_turn({"kind": "location", "value": value})


@pytest.mark.parametrize(
    ("value", "read"), [("12", 12), (7, 7), (True, 0), (-1, 0), ("²", 0), ("9" * 40, 0), (None, 0), ({}, 0), (1.5, 0)]
)
def test_ids_are_plain_numbers_or_nothing(value: object, read: int) -> None:
    assert number(value) == read


@given(st.text(min_size=1), st.text(min_size=32, max_size=32, alphabet="0123456789abcdef"))
def test_update_ids_are_stable_and_fit_a_bigint(nonce: str, address: str) -> None:
    first = update_id(address, nonce)
    assert first == update_id(address, nonce)
    assert first is not None
    assert 0 <= first < 2**63


def test_without_a_nonce_every_turn_counts() -> None:
    assert update_id("a", None) is None
    assert update_id("a", 5) is None
