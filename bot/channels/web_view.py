"""What the browser gets to see: entries as plain data, the page as a template, assets under their content hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import resources
from typing import Any

from bot.channels.web_markup import blocks, web_address
from bot.dialogue.turn import Message
from bot.pages import assets, templates

_FOLDER = resources.files("bot.channels") / "page"
ASSETS = ("page.css", "page.js", "door.svg")


def entry(id_: int, author: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return one entry of a conversation as the page shows it; ``replaces`` is the id of the entry it takes over."""
    if author == "person":
        said = {"kind": "p", "items": [[_run(str(payload.get("text", "")))]], "start": 1, "gap": False}
        return {"id": id_, "author": "person", "blocks": [said], "buttons": [], "file": None, "replaces": None}
    pressed = (payload.get("origin") or {}).get("pressed") if payload.get("replaces") else None
    return {
        "id": id_,
        "author": "assistant",
        "blocks": [block.plain() for block in blocks(str(payload.get("body", "")))],
        "buttons": [[_button(button) for button in row] for row in payload.get("buttons") or ()],
        "file": _file(payload.get("file")),
        "replaces": pressed,
    }


def _run(text: str) -> dict[str, Any]:
    return {"text": text, "styles": [], "href": None}


def _button(button: Mapping[str, Any]) -> dict[str, Any]:
    return {"label": button["label"], "action": button.get("action"), "url": web_address(button.get("url"))}


def _file(file: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a file as a link of our own page."""
    return {"label": file["name"], "href": file["path"]} if file else None


def messages(said: Iterable[Message]) -> list[dict[str, Any]]:
    """Return messages that are shown without being part of a conversation."""
    return [entry(0, "assistant", asdict(message)) for message in said]


def fold(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a conversation with every entry that was taken over left out, its successor in its place."""
    shown: dict[int, dict[str, Any]] = {}
    for each in entries:
        if each["replaces"] in shown:
            shown = {each["id"] if id_ == each["replaces"] else id_: old for id_, old in shown.items()}
        shown[each["id"]] = each
    return list(shown.values())


def label_of(action: str, entries: Iterable[dict[str, Any]]) -> str | None:
    """Return the label under which a button with ``action`` was shown, latest first."""
    for each in reversed(list(entries)):
        for row in each["buttons"]:
            for button in row:
                if button["action"] == action:
                    return str(button["label"])
    return None


class Page:
    """Renders the page; one for the life of the program."""

    def __init__(self) -> None:
        self.assets = assets(_FOLDER, *ASSETS)
        self._template = templates(_FOLDER).get_template("page.html")

    def render(self, **values: Any) -> str:
        """Return the page as HTML; ``values`` are what ``page.html`` names."""
        return self._template.render(assets={plain: f"/assets/{a.name}" for plain, a in self.assets.items()}, **values)
