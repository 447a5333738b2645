"""Updates the library cannot read: a part it does not know must not cost the person an answer."""

from __future__ import annotations

import logging
from typing import Any

from telegram import Update

_MESSAGES = ("message", "edited_message")
_PLAIN = (
    "message_id", "date", "edit_date", "chat", "from", "sender_chat", "text", "entities", "caption", "caption_entities",
    "message_thread_id", "is_topic_message", "media_group_id",
)  # fmt: skip
_log = logging.getLogger(__name__)


def readable(update: dict[str, Any]) -> dict[str, Any]:
    """Return the update if the library can read it, else what of it can be read: at the least its number.

    Telegram's servers and the library are of different ages: the one may leave out, or add, what the other relies on.
    """
    if _can_be_read(update):
        return update
    plain = {"update_id": update["update_id"]}
    for kind in _MESSAGES:
        if isinstance(update.get(kind), dict):
            plain[kind] = {name: value for name, value in update[kind].items() if name in _PLAIN}
    told = plain if len(plain) > 1 and _can_be_read(plain) else {"update_id": update["update_id"]}
    _log.warning("update %s cannot be read; left of it: %s", update["update_id"], ", ".join(told))
    return told


def _can_be_read(update: dict[str, Any]) -> bool:
    try:
        Update.de_json(dict(update), None)
    except Exception:  # any fault of any part of the library's models
        return False
    return True
