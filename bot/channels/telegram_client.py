"""The connection to a Bot API server."""

from __future__ import annotations

import json
import os
from typing import Any

from telegram import Bot
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from bot.channels.telegram_reading import readable
from bot.settings import Settings


class CheckedRequest(HTTPXRequest):
    """Takes nothing for an answer but what the Bot API promises; the library itself would fail on anything else."""

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Do one call; raise ``NetworkError`` when what came back is none of the Bot API's."""
        return checked(*await super().do_request(*arguments, **options))


class UpdatesRequest(CheckedRequest):
    """Reads batches of updates so that one the library cannot parse does not hide the others, nor come for ever."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Decode what came back, updates without a number left out and the others made readable."""
        data: dict[str, Any] = json.loads(payload.decode(errors="replace"))
        if isinstance(data.get("result"), list):
            data["result"] = [readable(each) for each in data["result"] if not _nameless(each)]
        return data


def checked(code: int, payload: bytes) -> tuple[int, bytes]:
    """Return an HTTP answer in the form the Bot API promises; raise ``NetworkError`` when it claims success in another.

    An error whose body is not of that form (a page of some proxy) loses the body, and one sent as a success gets its
    own code.
    """
    try:
        data = json.loads(payload.decode(errors="replace"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        data = {}
    if not 200 <= code <= 299:
        kept = {name: value for name, value in data.items() if name != "parameters" or isinstance(value, dict)}
        return code, json.dumps(kept).encode()
    if data.get("ok") is True and "result" in data:
        return code, payload
    if isinstance(data.get("error_code"), int):
        return checked(max(int(data["error_code"]), 400), payload)
    raise NetworkError("not an answer of a Bot API server")


def _nameless(result: Any) -> bool:
    return not isinstance(result, dict) or not isinstance(result.get("update_id"), int)


def client(settings: Settings) -> Bot:
    """Return a bot for the token in the settings. It speaks to no one before its first call.

    A slow answer is waited for: to send again what may have arrived would show it twice.
    """
    assert settings.telegram_bot_token is not None
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's coming form of time spans; spares a warning each
    return Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=CheckedRequest(connection_pool_size=16, connect_timeout=5, read_timeout=30, pool_timeout=10),
        get_updates_request=UpdatesRequest(connection_pool_size=1, connect_timeout=5, read_timeout=10, pool_timeout=5),
    )
