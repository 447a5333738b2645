"""Delivery's hands on Telegram: send, edit, and what each refusal means."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import InlineKeyboardButtonLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram_updates import target
from bot.channels.telegram_uploads import Uploads
from bot.delivery.sender import Buttons, Part
from bot.errors import Gone, Moved, Refused, SlowDown, Uneditable, Unreachable
from bot.printing.files import Files
from bot.storage.sent_files import SentFiles

CHANNEL = "telegram"
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_log = logging.getLogger(__name__)


class TelegramSender:
    """Sends through one bot. Private chats take about a message a second, groups twenty a minute."""

    channel = CHANNEL

    def __init__(self, bot: Bot, files: Files, sent: SentFiles) -> None:
        self._bot = bot
        self._uploads = Uploads(bot, files, sent)

    def limits(self, address: str) -> tuple[float, int]:
        """Return what Telegram lets a bot send a second, and at once, in one chat; a group's address is negative."""
        return (20 / 60, 10) if address.startswith("-") else (1.0, 5)

    async def send(self, address: str, part: Part, origin: Mapping[str, Any]) -> str:
        """Send one part, as a reply where the turn asks for one; return Telegram's number of the message."""
        chat, thread = target(address)
        answered = origin.get("reply_to")
        if part.file:
            with _refusals():
                return await self._uploads.send(chat, thread, part.file)
        with _refusals():
            message = await self._bot.send_message(
                chat,
                part.text,
                parse_mode=ParseMode.HTML if part.marked else None,
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard(part.buttons),
                message_thread_id=thread,
                reply_parameters=ReplyParameters(answered, allow_sending_without_reply=True) if answered else None,
            )
        return str(message.message_id)

    async def edit(self, address: str, part: Part, origin: Mapping[str, Any]) -> str:
        """Put the part in the place of the message whose button was pressed; see ``Sender``."""
        number = origin.get("edit")
        if number is None:
            raise Uneditable("the turn did not come from a message of ours")
        chat, _ = target(address)
        try:
            with _refusals():
                await self._bot.edit_message_text(
                    part.text,
                    chat_id=chat,
                    message_id=number,
                    parse_mode=ParseMode.HTML if part.marked else None,
                    link_preview_options=_NO_PREVIEW,
                    reply_markup=keyboard(part.buttons),
                )
        except Refused as error:
            if "not modified" in str(error).lower():
                return str(number)
            raise Uneditable(str(error)) from error
        return str(number)


def keyboard(rows: Buttons) -> InlineKeyboardMarkup | None:
    """Return the buttons as Telegram wants them; one it would refuse is left out, for it would cost the message."""
    made = [[button for each in row if (button := _button(each))] for row in rows]
    made = [row for row in made if row]
    return InlineKeyboardMarkup(made) if made else None


def _button(button: Mapping[str, str | None]) -> InlineKeyboardButton | None:
    label, action, url = button.get("label") or "", button.get("action"), button.get("url")
    if url:
        return InlineKeyboardButton(label, url=url)
    if not label or not action or len(action.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        _log.error("a button was left out: its label is empty, or its action is empty or over 64 bytes")
        return None
    return InlineKeyboardButton(label, callback_data=action)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn Telegram's errors into those of delivery."""
    try:
        yield
    except RetryAfter as error:
        wait = error.retry_after
        raise SlowDown(wait.total_seconds() if isinstance(wait, timedelta) else float(wait)) from error
    except ChatMigrated as error:
        raise Moved(str(error.new_chat_id)) from error
    except Forbidden as error:
        raise Gone("forbidden") from error
    except BadRequest as error:
        reason = error.message
        if "chat not found" in reason.lower() or "user is deactivated" in reason.lower():
            raise Gone(reason) from error
        raise Refused(reason, buttons="button" in reason.lower() or "reply_markup" in reason.lower()) from error
    except TelegramError as error:
        raise Unreachable(type(error).__name__) from error
