from __future__ import annotations

from typing import Any

from bot.channels import web_view
from bot.dialogue.turn import Button, Message


def listing(id_: int, replaces: int | None = None) -> dict[str, Any]:
    payload = {"body": f"trang {id_}", "replaces": replaces is not None, "origin": {"pressed": replaces}}
    return web_view.entry(id_, "assistant", payload)


def ids(entries: list[dict[str, Any]]) -> list[int]:
    return [each["id"] for each in entries]


def test_entry_that_takes_over_stands_in_the_old_place() -> None:
    assert ids(web_view.fold([listing(1), listing(2), listing(3, 1), listing(4, 3)])) == [4, 2]


def test_entry_whose_forerunner_is_not_shown_stands_last() -> None:
    assert ids(web_view.fold([listing(5), listing(6, 1)])) == [5, 6]


def test_origin_counts_only_for_messages_that_replace() -> None:
    entry = web_view.entry(2, "assistant", {"body": "x", "replaces": False, "origin": {"pressed": 1}})
    assert entry["replaces"] is None


def test_label_of_the_latest_button_with_that_action() -> None:
    said = web_view.messages(
        [Message("x", ((Button("Cũ", "show:1.001193"),),)), Message("y", ((Button("Mới", "show:1.001193"),),))]
    )
    assert web_view.label_of("show:1.001193", said) == "Mới"
    assert web_view.label_of("forged", said) is None
