"""Files to Telegram: what it has already is named, not uploaded; pictures of one page are shown as such."""

from __future__ import annotations

import logging
import struct
from io import BytesIO

from PIL import Image
from telegram import Bot, Message
from telegram.error import BadRequest

from bot.dialogue.turn import Attachment
from bot.errors import PrintingError, Refused, Unreachable
from bot.printing.files import JPEG, PNG, File, Files
from bot.storage.sent_files import SentFiles

_SECONDS = 60.0
_TALL = 1.6
_log = logging.getLogger(__name__)


class Uploads:
    """Sends the files that messages carry. Errors of Telegram pass through."""

    def __init__(self, bot: Bot, files: Files, sent: SentFiles) -> None:
        self._bot = bot
        self._files = files
        self._sent = sent

    async def send(self, chat: int, thread: int | None, wanted: Attachment) -> str:
        """Send one file and return the number of its message; ``Refused`` when there is no such file any more."""
        if wanted.remote:
            return await self._pass_on(chat, thread, wanted.remote)
        try:
            file = await self._files.get(wanted.path)
        except PrintingError as error:
            raise Unreachable("the file cannot be made now") from error
        if file is None:
            raise Refused("there is no such file any more")
        known = None if file.personal else await self._sent.known(file.digest)
        message = await self._again(chat, thread, file, known) if known else None
        if message is None:
            message = await self._put(chat, thread, file, file.content, wanted.name)
            if not file.personal and (number := _file_id(message)):
                await self._sent.keep(file.digest, number)
        return str(message.message_id)

    async def _pass_on(self, chat: int, thread: int | None, remote: str) -> str:
        """Send a file of somebody else's message by Telegram's id of it; we never see what is in it."""
        kind, _, number = remote.partition(":")
        if kind == "photo":
            message = await self._bot.send_photo(chat, number, message_thread_id=thread)
        else:
            message = await self._bot.send_document(chat, number, message_thread_id=thread)
        return str(message.message_id)

    async def _again(self, chat: int, thread: int | None, file: File, known: str) -> Message | None:
        """Send a file that Telegram has; None when it does not accept its own id any more."""
        try:
            return await self._put(chat, thread, file, known, None)
        except BadRequest as error:
            if "file" not in error.message.lower():
                raise
        _log.info("Telegram does not know a file any more; uploading it again")
        await self._sent.forget(file.digest)
        return None

    async def _put(self, chat: int, thread: int | None, file: File, what: bytes | str, name: str | None) -> Message:
        if _is_photo(file):
            return await self._bot.send_photo(
                chat, what, message_thread_id=thread, filename=name, read_timeout=_SECONDS, write_timeout=_SECONDS
            )
        return await self._bot.send_document(
            chat,
            what,
            message_thread_id=thread,
            filename=name,
            disable_content_type_detection=True,
            read_timeout=_SECONDS,
            write_timeout=_SECONDS,
        )


def _is_photo(file: File) -> bool:
    """Say whether Telegram can show this; it makes tall pictures so small that nobody can read them."""
    if file.content_type == PNG:
        width, height = struct.unpack(">II", file.content[16:24])
    elif file.content_type == JPEG:
        with Image.open(BytesIO(file.content)) as image:
            width, height = image.size
    else:
        return False
    return bool(height <= _TALL * width)


def _file_id(message: Message) -> str | None:
    if message.photo:
        return message.photo[-1].file_id
    return message.document.file_id if message.document else None
