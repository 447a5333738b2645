"""The connection to a Bot API server."""

from __future__ import annotations

import json
import logging
import os
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.settings import Settings

_log = logging.getLogger(__name__)


class TolerantRequest(HTTPXRequest):
    """Reads batches of updates so that one the library cannot parse does not hide the others, nor come for ever."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            data = json.loads(payload.decode(errors="replace"))
        except ValueError as error:
            raise TelegramError("the server's answer is not JSON") from error
        if not isinstance(data, dict):
            raise TelegramError("the server's answer is not an object")
        if isinstance(data.get("result"), list):
            data["result"] = [_readable(each) for each in data["result"] if not _nameless(each)]
        return data


def _nameless(result: Any) -> bool:
    return not isinstance(result, dict) or not isinstance(result.get("update_id"), int)


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    """Return the update, or an empty one of the same number when the library cannot read it."""
    try:
        Update.de_json(dict(update), None)
    except Exception:  # any fault of any part of the library's models
        _log.warning("update %s cannot be read and is dropped", update["update_id"])
        return {"update_id": update["update_id"]}
    return update


def client(settings: Settings) -> Bot:
    """Return a bot for the token in the settings. It speaks to no one before its first call."""
    assert settings.telegram_bot_token is not None
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's coming form of time spans; spares a warning each
    return Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=HTTPXRequest(connection_pool_size=16, connect_timeout=5, read_timeout=10, pool_timeout=10),
        get_updates_request=TolerantRequest(connection_pool_size=1, connect_timeout=5, read_timeout=10, pool_timeout=5),
    )
