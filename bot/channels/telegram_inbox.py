"""What happens to one Telegram update, however it arrived."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from typing import Any, Protocol
from weakref import WeakValueDictionary

from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import (
    Bot,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
    User,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.assistance import requests
from bot.channels.telegram_photos import Photos
from bot.channels.telegram_sender import CHANNEL
from bot.channels.telegram_updates import Asked, Incoming, Presence, Stray, meaning
from bot.delivery.split import split
from bot.dialogue.turn import Turn, TurnKind
from bot.dossiers.receipt import Outcome
from bot.intake import Intake
from bot.logs import outline
from bot.storage.presence import mark

STRAY = "Nút này chỉ dùng được trong khung trò chuyện với tôi."
NOTHING_FOUND = "Chưa tìm thấy, bấm để hỏi riêng"
_ALBUMS_KEPT = 1000
_INLINE_AT_ONCE = 4
_log = logging.getLogger(__name__)


class Choice(Protocol):
    """One line that inline mode offers."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def body(self) -> str: ...


Choices = Callable[[str], tuple[Choice, ...]]
Room = AbstractAsyncContextManager[None]


class Inbox:
    """Handles updates of one bot. ``handle`` returns when the effects are committed, and raises when they cannot be."""

    def __init__(
        self, bot: Bot, me: User, intake: Intake, engine: AsyncEngine, choices: Choices, photos: Photos
    ) -> None:
        self._bot = bot
        self._me = me
        self._intake = intake
        self._engine = engine
        self._choices = choices
        self._photos = photos
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._inline = asyncio.Semaphore(_INLINE_AT_ONCE)
        self._asides: set[asyncio.Task[None]] = set()

    async def handle(self, update: Update, room: Room | None = None) -> None:
        """Take one update, its photo fetched and read first; ``room`` bounds how many are committed at once.

        Raise ``SQLAlchemyError`` or ``OSError`` when it should come again.
        A fault that would come again with the update is logged and the update let go: one update must not stop all.
        """
        try:
            await self._handle(update, room or nullcontext())
        except DataError as error:
            _log.error("update %d cannot be stored and is dropped: %s", update.update_id, outline(error))
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:
            _log.error("update %d cannot be handled and is dropped: %s", update.update_id, outline(error))

    async def close(self) -> None:
        """Wait a moment for answers to presses and inline questions that are on their way."""
        if self._asides:
            await asyncio.wait(list(self._asides), timeout=2)

    async def _handle(self, update: Update, room: Room) -> None:
        match meaning(update, self._me):
            case Incoming() as incoming:
                await self._take(incoming, update.update_id, room)
            case Asked(number, query):
                self._aside(self._suggest(number, query))
            case Presence(address, blocked):
                await mark(self._engine, CHANNEL, address, blocked=blocked)
            case Stray(callback):
                self._aside(self._confirm(callback, STRAY))

    async def _take(self, incoming: Incoming, update_id: int, room: Room) -> None:
        if incoming.album and not self._first_of(incoming.album) and not await self._wants_all(incoming.address):
            return
        try:
            async with self._order.setdefault(incoming.address, asyncio.Lock()):
                seen = await self._turn(incoming)
                turn = replace(seen, file=incoming.file, name=incoming.name, album=incoming.album or "")
                async with room:
                    reply = await self._intake.receive(
                        CHANNEL, incoming.address, turn, update_id=update_id, origin=incoming.origin
                    )
        except BaseException:
            self._albums.pop(incoming.album or "", None)
            raise
        if incoming.callback:
            self._aside(self._confirm(incoming.callback, reply.toast if reply else None))

    async def _turn(self, incoming: Incoming) -> Turn:
        """Return the turn, with what was read from its picture; words beside a picture count when nothing was."""
        if incoming.picture is None:
            return incoming.turn
        seen = await self._photos.read(incoming.picture)
        told = seen.value == Outcome.IDENTITY or seen.value not in set(Outcome)
        return seen if told or incoming.turn.kind is TurnKind.PHOTO else incoming.turn

    async def _wants_all(self, address: str) -> bool:
        """Say whether all pictures of an album count: they go to another person, not to us."""
        return await requests.talking(self._engine, CHANNEL, address)

    def _first_of(self, album: str) -> bool:
        """Say whether this is the first of an album: its pictures come as updates of their own; one answer will do."""
        if album in self._albums:
            return False
        self._albums[album] = None
        if len(self._albums) > _ALBUMS_KEPT:
            self._albums.popitem(last=False)
        return True

    async def _confirm(self, callback: str, toast: str | None) -> None:
        await self._bot.answer_callback_query(callback, text=toast[:200] if toast else None)

    async def _suggest(self, number: str, query: str) -> None:
        async with self._inline:
            found = await asyncio.to_thread(self._choices, query)
            results = [_article(choice) for choice in found[:50]]
            button = None if results else InlineQueryResultsButton(NOTHING_FOUND, start_parameter="help")
            await self._bot.answer_inline_query(number, results, cache_time=300, is_personal=False, button=button)

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something nobody waits for: it must not hold up the update, and is worthless later."""
        task = asyncio.create_task(_forgiving(work))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


async def _forgiving(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except TelegramError as error:
        _log.info("Telegram did not take a passing answer: %s", type(error).__name__)
    except Exception as error:
        _log.error("a passing answer failed: %s", outline(error))


def _article(choice: Choice) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        split(choice.body)[0], ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    return InlineQueryResultArticle(choice.id[:64], choice.title, content, description=choice.description)
