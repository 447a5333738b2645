"""A file of procedures that a member of staff sends to the bot: read, told what it would change, then made drafts of.

What was read is kept in memory like the jobs of the console: after a restart the file has to be sent again, and nothing
of it is half done.
"""

from __future__ import annotations

import asyncio
import html
import re
import shutil
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import requests
from bot.delivery import notice
from bot.dialogue import markup
from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.turn import Button, Message, Reply, TurnKind
from bot.errors import Impossible, OfficeError
from bot.moment import Moment, Outcome
from bot.office import lots, people
from bot.office.exchange_pages import HAS_ERRORS, NOTHING_NEW
from bot.office.jobs import FAILED, Job, Jobs
from bot.office.lot_page import LOT
from bot.office.press import Press
from bot.office.staff import Clerk, Territory
from bot.office.tables import Role
from bot.office.trial import Trial, plan_of, safe_name
from knowledge.errors import KnowledgeError
from knowledge.importing import Plan
from knowledge.incoming import SUFFIXES
from knowledge.revision import sentences

MOST_BYTES = 20 * 2**20
"""What Telegram lets a bot fetch (https://core.telegram.org/bots/api#getfile)."""

READING = (
    "Tôi đang đọc tệp <b>{name}</b>, xong sẽ báo ngay tại đây. Chưa ghi gì cả.\n"
    "Quá năm phút chưa thấy báo thì anh/chị gửi lại tệp giúp."
)
WRONG_KIND = (
    "Tôi không nhập được loại tệp này. Muốn nhập thủ tục, anh/chị gửi tệp Excel .xlsx không có macro, procedures.json, "
    "hoặc .jsonl, .jsonl.gz của Cổng Dịch vụ công quốc gia."
)
HEAD = "Tệp <b>{name}</b>, áp dụng cho <b>{place}</b>:"
ADDED, CHANGED, SAME = "{} thủ tục mới", "{} thủ tục thay đổi", "{} thủ tục như cũ"
FAULTY, DOUBTFUL = "{} chỗ lỗi", "{} chỗ nên xem lại, không cản việc nhập"
KEPT = "trong đó {} thủ tục giữ bản của mình vì đọc sau"
NEW, DIFFERENT, WRONG, DOUBTS = "Mới", "Thay đổi", "Chỗ lỗi", "Nên xem lại"
MORE = "và {} mục nữa"
ON_THE_PAGE = "Gửi tệp ở trang Nhập, xuất thì tải về được bản đánh dấu đỏ từng ô sai."
TAKE, LEAVE, OPEN = "Nhập vào bản nháp", "Thôi", "Mở các bản sửa"
TAKING = "Tôi đang ghi các bản sửa, xong sẽ báo ngay tại đây."
TAKEN = (
    "Đã nhận <b>{count}</b> bản sửa đang soạn từ tệp <b>{name}</b>. "
    "Chưa ai thấy cho tới khi được duyệt và công bố.\n{url}"
)
LEFT = "Đã thôi. Không có gì được ghi."
FORGOTTEN = "Tệp này đã nhập rồi, hoặc tôi không còn giữ. Anh/chị gửi lại tệp nếu cần."

Fetch = Callable[[str, Path, int], Awaitable[None]]
"""Puts a file of the channel where a path says, when it has no more than so many bytes; raises ``OfficeError``."""

_SHOWN = 5
_SENTENCES = 2
_FAULTS = 10
_CLIP = 160
_DOCUMENT = "document:"
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|heic|gif|bmp|tiff?)\Z", re.IGNORECASE)
_PRESSED = re.compile(r"(take|leave):([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent, and into which chat the outcome goes."""

    chat: int
    clerk: Clerk
    file: str
    name: str


class Parcels:
    """The flow; ``address`` is our own as browsers reach it."""

    def __init__(self, engine: AsyncEngine, press: Press, territory: Territory, fetch: Fetch, address: str) -> None:
        self._engine = engine
        self._press = press
        self._territory = territory
        self._fetch = fetch
        self._address = address
        self._jobs = Jobs()
        self._thread = ThreadPoolExecutor(1, "parcel")

    async def take(self, moment: Moment) -> Outcome | None:
        """Take a file, or a press on what was said of one, from whoever may write drafts; nobody else notices."""
        turn = moment.turn
        pressed = _pressed(turn.value) if turn.kind is TurnKind.ACTION else None
        if not (pressed or (turn.name and turn.file.startswith(_DOCUMENT) and not _PICTURE.search(turn.name))):
            return None
        clerk = await people.member(moment.connection, moment.channel, moment.address)
        if clerk is None or not clerk.may(Role.EDITOR):
            return None
        if not pressed and await requests.live_of(moment.connection, moment.chat):
            return None  # a file for the other side of the talk
        try:
            if pressed:
                return Reply((self._press_on(moment.chat, clerk, *pressed),)), moment.session
            sent = Sent(moment.chat, clerk, turn.file.removeprefix(_DOCUMENT), safe_name(turn.name))
            return Reply((self._begin(sent),)), moment.session
        except OfficeError as error:
            return Reply((Message(html.escape(str(error), quote=False)),)), moment.session

    def _begin(self, sent: Sent) -> Message:
        if not sent.name.lower().endswith(SUFFIXES):
            raise Impossible(WRONG_KIND)

        async def read(job: Job) -> Trial | None:
            found: Trial | None = None
            try:
                found = job.value = await self._read(sent, job)
                message = self._told(found, job.key)
            except (OfficeError, KnowledgeError) as error:
                message = Message(html.escape(str(error), quote=False))
            except Exception:
                await self._say(sent.chat, Message(FAILED))
                raise
            await self._say(sent.chat, message)
            return found

        self._jobs.start(sent.clerk.id, sent.name, read)
        return Message(READING.format(name=markup.escape(sent.name)))

    async def _read(self, sent: Sent, job: Job) -> Trial:
        folder = Path(await asyncio.to_thread(partial(mkdtemp, prefix="mot-cua-parcel-")))
        try:
            path = folder / sent.name
            await self._fetch(sent.file, path, MOST_BYTES)
            async with self._engine.connect() as connection:
                stand = await self._press.stock.now(connection)
            loop = asyncio.get_running_loop()
            scope = sent.clerk.scope
            found = await loop.run_in_executor(self._thread, plan_of, path, stand, scope, job.told)
            return Trial(sent.name, path, scope, stand, found)
        finally:
            await asyncio.to_thread(partial(shutil.rmtree, folder, ignore_errors=True))

    def _press_on(self, chat: int, clerk: Clerk, word: str, key: str) -> Message:
        job = self._jobs.get(key, clerk.id)
        trial = job.value if job else None
        if job is None or not isinstance(trial, Trial):
            return Message(FORGOTTEN)
        if word == "leave":
            job.value = None
            return Message(LEFT)
        if trial.plan.errors or not trial.records:
            raise Impossible(HAS_ERRORS if trial.plan.errors else NOTHING_NEW)

        async def write(taking: Job) -> None:
            records = trial.records
            try:
                lot = await lots.begin(self._engine, clerk, trial.stand, trial.scope, trial.name, records, taking.told)
                message = self._taken(trial.name, len(records), lot)
            except OfficeError as error:
                message = Message(html.escape(str(error), quote=False))
            except Exception:
                await self._say(chat, Message(FAILED))
                raise
            await self._say(chat, message)

        self._jobs.start(clerk.id, trial.name, write)
        job.value = None  # a second press finds nothing to take
        return Message(TAKING)

    async def _say(self, chat: int, message: Message) -> None:
        async with self._engine.begin() as connection:
            room = await notice.hold(connection, chat)
            if room:
                await notice.say(connection, room, message)

    def _told(self, trial: Trial, key: str) -> Message:
        place = markup.escape(self._territory.name(trial.scope))
        parts = [HEAD.format(name=markup.escape(trial.name), place=place) + "\n" + _counts(trial.plan)]
        if trial.plan.errors:
            parts.append(_listed(WRONG, map(str, trial.plan.errors), len(trial.plan.errors), _FAULTS))
            marked = any(fault.cell for fault in trial.plan.errors)
            parts += _doubts(trial.plan)
            return Message("\n\n".join([*parts, HAS_ERRORS, *([ON_THE_PAGE] if marked else [])]))
        parts += _doubts(trial.plan)
        if not trial.records:
            return Message("\n\n".join([*parts, NOTHING_NEW]))
        parts += _changes(trial.plan)
        return Message("\n\n".join(parts), ((_button(TAKE, f"take:{key}"), _button(LEAVE, f"leave:{key}")),))

    def _taken(self, name: str, count: int, lot: str) -> Message:
        url = f"{self._address}{LOT}/{lot}"
        words = TAKEN.format(count=count, name=markup.escape(name), url=html.escape(url, quote=False))
        return Message(words, ((Button(OPEN, url=url),),))


def _pressed(payload: str) -> tuple[str, str] | None:
    action = parse(payload)
    found = _PRESSED.fullmatch(action.detail) if action and action.verb is Verb.DESK else None
    return (found[1], found[2]) if found else None


def _counts(plan: Plan) -> str:
    counts = [
        (len(plan.added), ADDED),
        (len(plan.changed), CHANGED),
        (len(plan.same), SAME),
        (len(plan.kept), KEPT),
        (len(plan.errors), FAULTY),
        (len(plan.doubts), DOUBTFUL),
    ]
    return "\n".join(f"• {words.format(count)}" for count, words in counts if count)


def _doubts(plan: Plan) -> list[str]:
    return [_listed(DOUBTS, map(str, plan.doubts), len(plan.doubts), _SHOWN)] if plan.doubts else []


def _changes(plan: Plan) -> list[str]:
    """Return what is new and what changes, the first few of each."""
    names = plan.taken.names
    parts = []
    if plan.added:
        lines = (f"{names[code]} ({code})" for code in plan.added)
        parts.append(_listed(NEW, lines, len(plan.added), _SHOWN))
    if plan.changed:
        lines = (
            f"{names[code]} ({code}): {'; '.join(sentences(changes[:_SENTENCES], 60))}"
            for code, changes in plan.changed.items()
        )
        parts.append(_listed(DIFFERENT, lines, len(plan.changed), _SHOWN))
    return parts


def _listed(head: str, lines: Iterable[str], count: int, most: int) -> str:
    shown = [f"• {markup.escape(markup.clip(line, 2 * _CLIP))}" for _, line in zip(range(most), lines, strict=False)]
    more = [MORE.format(count - most)] if count > most else []
    return "\n".join([markup.bold(f"{head}:"), *shown, *more])


def _button(label: str, detail: str) -> Button:
    return Button(label, Action(Verb.DESK, detail=detail).payload())
