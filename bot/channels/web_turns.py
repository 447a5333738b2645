"""What a page sends, read with distrust: a turn, the ids in it, and the number under which it counts once."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from bot.channels.web_guard import Refusal
from bot.dialogue.turn import Turn, TurnKind
from bot.numbers import natural

BAD_FORM = "Trang gửi lên không đúng dạng. Anh/chị tải lại trang giúp."

_MOST_CHARACTERS = 12_000
_KINDS = {kind.value: kind for kind in (TurnKind.TEXT, TurnKind.ACTION, TurnKind.COMMAND, TurnKind.LOCATION)}
_PLACE = re.compile(r"-?\d{1,3}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?", re.ASCII)


def read_turn(sent: dict[str, Any]) -> Turn:
    """Return the turn that the page sent, still to be trusted in nothing; raise ``Refusal`` when it is none."""
    kind, value, command = _KINDS.get(str(sent.get("kind"))), sent.get("value"), sent.get("command", "")
    if kind is None or not isinstance(value, str) or not isinstance(command, str):
        raise Refusal(400, BAD_FORM)
    if kind is TurnKind.LOCATION and not _PLACE.fullmatch(value):
        raise Refusal(400, BAD_FORM)
    if kind is TurnKind.TEXT and value.startswith("/") and value[1:2].isalpha():
        command, _, value = value[1:].partition(" ")
        kind = TurnKind.COMMAND
    return Turn(kind, value[:_MOST_CHARACTERS], command.lower()[:40])


def number(value: Any) -> int:
    """Read an entry's id as the browser tells it; 0 when it is none."""
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return natural(text) or 0


def update_id(address: str, nonce: Any) -> int | None:
    """Return the number under which a turn counts once, so that a page may send it again when in doubt."""
    if not isinstance(nonce, str) or not nonce:
        return None
    digest = hashlib.blake2b(f"{address} {nonce[:64]}".encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
