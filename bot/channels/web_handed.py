"""Links with a token that somebody was handed: what the page shows where they lead, to whoever has no scripts.

The link opens nothing by itself, for a browser fetches pages nobody has pressed for: the button does.
"""

from __future__ import annotations

import re

from bot.dialogue.action import Action, Verb
from bot.dialogue.turn import Button, Message

_PAYLOAD = re.compile(r"([a-z])_([A-Za-z0-9_-]{16,24})", re.ASCII)
_KINDS = {
    "v": ("Anh/chị được mời vào một đội tình nguyện giúp bà con làm thủ tục.", "Xem lời mời", "join"),
    "f": ("Đường dẫn này để anh/chị theo dõi hồ sơ của mình.", "Theo dõi hồ sơ này", "sitwatch"),
}
"""What a payload's first letter means: the words, the label of the button, and what it asks for."""


def known(payload: str) -> bool:
    """Say whether a payload ("v_<token>") is of a kind that we hand out."""
    found = _PAYLOAD.fullmatch(payload)
    return found is not None and found[1] in _KINDS


def message(payload: str) -> Message:
    """Return what stands where a known payload leads."""
    kind, _, token = payload.partition("_")
    words, label, act = _KINDS[kind]
    return Message(words, ((Button(label, Action(Verb.AID, detail=f"{act}:{token}").payload()),),))
