"""Photos people send: fetched, read for dossier codes, and forgotten. Nothing of the picture goes on from here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date

from telegram import Message

from bot.channels.telegram_files import Fetcher, TooLargeError
from bot.dialogue.turn import Turn, TurnKind
from bot.dossiers.receipt import MOST_BYTES, Outcome, read

_AT_ONCE = 4
_READ_AT_ONCE = 2
_SECONDS = 30.0
_log = logging.getLogger(__name__)


class Photos:
    """Fetches and reads the pictures of one bot; a few at a time, each for half a minute at most."""

    def __init__(self, fetcher: Fetcher, today: Callable[[], date]) -> None:
        self._fetcher = fetcher
        self._today = today
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._cores = asyncio.Semaphore(_READ_AT_ONCE)

    async def read(self, picture: str) -> Turn:
        """Return the turn that tells what dossier codes are in a picture, named by its file id, or why none."""
        try:
            async with asyncio.timeout(_SECONDS), self._room:
                content = await self._fetcher.content(picture, MOST_BYTES)
        except TooLargeError:
            return Turn(TurnKind.PHOTO, Outcome.TOO_LARGE)
        except Exception as error:  # whatever it is, its words may hold the address of the file, and so the token
            _log.warning("a photo could not be fetched: %s", type(error).__name__)
            return Turn(TurnKind.PHOTO, Outcome.UNAVAILABLE)
        async with self._cores:
            found = await asyncio.to_thread(read, content, self._today())
        return Turn(TurnKind.PHOTO, " ".join(found.codes) or found.outcome)


def picture_of(message: Message) -> tuple[str | None, Turn] | None:
    """Return the file to read in a message, and the turn if it cannot be had; None when there is no picture.

    A photo comes in several sizes, the last the largest; a picture sent as a file has one, which may be too large.
    """
    if message.photo:
        sizes = [size for size in message.photo if (size.file_size or 0) <= MOST_BYTES]
        file = sizes[-1].file_id if sizes else None
    elif message.document and (message.document.mime_type or "").startswith("image/") and not message.animation:
        file = message.document.file_id if (message.document.file_size or 0) <= MOST_BYTES else None
    else:
        return None
    return file, Turn(TurnKind.PHOTO, Outcome.UNAVAILABLE if file else Outcome.TOO_LARGE)
