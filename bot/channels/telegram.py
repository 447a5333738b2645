"""The Telegram channel as a whole: sign in, say who we are, receive and send."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot, BotCommand, User
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.telegram_client import client
from bot.channels.telegram_files import Fetcher
from bot.channels.telegram_inbox import Choices, Inbox
from bot.channels.telegram_photos import Photos
from bot.channels.telegram_polling import Poller
from bot.channels.telegram_sender import CHANNEL, TelegramSender
from bot.channels.telegram_updates import COMMANDS, WANTED
from bot.channels.telegram_webhook import PATH, Webhook
from bot.delivery.outbox import Outbox
from bot.delivery.pace import Paces
from bot.delivery.worker import Worker, backoff
from bot.errors import ChannelError
from bot.intake import Intake
from bot.printing.files import Files
from bot.settings import Settings, TelegramMode
from bot.storage.notices import Notices
from bot.storage.sent_files import SentFiles
from knowledge.calendar import now

DESCRIPTION = (
    "Tôi giúp anh/chị biết một thủ tục hành chính cần giấy tờ gì, nộp ở đâu, mất bao lâu, lệ phí bao nhiêu. "
    "Anh/chị cứ hỏi bằng lời của mình, ví dụ: “làm giấy khai sinh cho con cần gì”.\n\n"
    "Xin đừng gửi số căn cước, số điện thoại hay ảnh giấy tờ."
)
SHORT_DESCRIPTION = "Hỏi thủ tục hành chính bằng lời của mình: giấy tờ, lệ phí, thời hạn, nơi nộp."
_SIGN_IN_SECONDS = 8.0
_log = logging.getLogger(__name__)


class Telegram:
    """One bot on Telegram. ``named`` is told the bot's user name as soon as Telegram says it."""

    def __init__(
        self,
        settings: Settings,
        engine: AsyncEngine,
        notices: Notices,
        intake: Intake,
        files: Files,
        choices: Choices,
        named: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._intake = intake
        self._choices = choices
        self._named = named
        self._bot: Bot = client(settings)
        self._webhook = Webhook(settings.hook_secret())
        sent = SentFiles(engine, int(self._bot.token.partition(":")[0]))
        self._worker = Worker(
            Outbox(engine, CHANNEL), TelegramSender(self._bot, files, sent), notices, Paces(engine, CHANNEL)
        )
        self._fetcher = Fetcher(self._bot)
        self._photos = Photos(self._fetcher, lambda: now().date())
        self._inbox: Inbox | None = None
        self._poller: Poller | None = None
        self._signed_in = asyncio.Event()
        self._hook = "webhook not set"

    def routes(self) -> list[web.RouteDef]:
        """Return what our HTTP server serves for Telegram."""
        return self._webhook.routes() if self._settings.telegram_mode is TelegramMode.WEBHOOK else []

    @property
    def state(self) -> str:
        """A word for /readyz; ``ok`` and ``standby`` (another replica polls) are well."""
        if not self._signed_in.is_set():
            return "unreachable"
        if self._settings.telegram_mode is TelegramMode.WEBHOOK:
            return self._hook
        return self._poller.state if self._poller else "standby"

    async def sign_in(self) -> bool:
        """Ask Telegram who we are; False when it cannot be reached, ``ChannelError`` when it rejects the token."""
        try:
            async with asyncio.timeout(_SIGN_IN_SECONDS):
                await self._bot.initialize()
        except InvalidToken as error:
            raise ChannelError(
                "Telegram không chấp nhận token này: "
                "kiểm tra TELEGRAM_BOT_TOKEN (lấy từ @BotFather) và TELEGRAM_API_URL."
            ) from error
        except Exception as error:  # whatever else comes back: a server that answers so may answer better later
            _log.warning("Telegram cannot be reached: %s", type(error).__name__)
            return False
        self._named(self._bot.username)
        self._signed_in.set()
        return True

    async def stop(self) -> None:
        """Finish the updates in hand; nothing new is taken. The caller has cancelled receiving already."""
        if self._poller:
            await self._poller.finish()

    async def close(self) -> None:
        """Let messages on their way arrive, and hang up."""
        await self._worker.stop(patience=3.0)
        if self._inbox:
            await self._inbox.close()
        await self._fetcher.close()
        await self._bot.shutdown()

    async def send(self) -> None:
        """Deliver what waits, until ``close``."""
        await self._worker.run()

    async def fetch(self, file: str, path: Path, most: int) -> None:
        """Put a file that somebody sent us where ``path`` says; raise ``Impossible`` when it cannot be had."""
        await self._fetcher.save(file, path, most)

    async def content(self, file: str, most: int) -> bytes:
        """Return a file that somebody sent us; raise ``Impossible`` when it cannot be had."""
        return await self._fetcher.whole(file, most)

    async def receive(self) -> None:
        """Take updates until cancelled; first, if need be, until Telegram can be reached."""
        await self._until_signed_in()
        me: User = self._bot.bot
        self._inbox = Inbox(self._bot, me, self._intake, self._engine, self._choices, self._photos)
        if self._settings.telegram_mode is TelegramMode.WEBHOOK:
            self._webhook.open(self._bot, self._inbox)
            await self._until_hooked()
            await self._introduce()
            await asyncio.Event().wait()
        self._poller = Poller(self._bot, self._inbox, self._engine)
        await asyncio.gather(self._introduce(), self._poller.run())

    async def _until_signed_in(self) -> None:
        failures = 0
        while not self._signed_in.is_set() and not await self.sign_in():
            await asyncio.sleep(backoff(failures))
            failures += 1

    async def _introduce(self) -> None:
        """Put our commands and descriptions where people see them; worth a warning only when it fails."""
        commands = [BotCommand(name, words) for name, words in COMMANDS.items()]
        try:
            await self._bot.set_my_commands(commands)
            await self._bot.set_my_description(DESCRIPTION)
            await self._bot.set_my_short_description(SHORT_DESCRIPTION)
        except TelegramError as error:
            _log.warning("Telegram did not take our descriptions: %s", type(error).__name__)

    async def _until_hooked(self) -> None:
        failures = 0
        while True:
            try:
                await self._set_webhook()
            except TelegramError as error:
                # Telegram's reason names our address, which the one who reads the log has to mend
                reason = error.message if isinstance(error, BadRequest) else type(error).__name__
                _log.warning("setting the webhook failed: %s", reason)
                self._hook = "webhook refused" if isinstance(error, BadRequest) else "unreachable"
                await asyncio.sleep(backoff(failures))
                failures += 1
            else:
                self._hook = "ok"
                _log.info("Telegram calls our webhook")
                return

    async def _set_webhook(self) -> None:
        await self._bot.set_webhook(
            f"{self._settings.hook_base}{PATH}",
            secret_token=self._settings.hook_secret(),
            allowed_updates=WANTED,
            max_connections=40,
            drop_pending_updates=False,
        )
