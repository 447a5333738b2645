from __future__ import annotations

import struct
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, cast

import pytest
from PIL import Image
from telegram import Bot, Chat, Document, Message, PhotoSize
from telegram.error import BadRequest, TelegramError, TimedOut

from bot.channels.telegram_sender import TelegramSender
from bot.channels.telegram_uploads import Uploads
from bot.delivery.sender import Part
from bot.dialogue.turn import Attachment
from bot.errors import PrintingError, Refused, Unreachable
from bot.printing.files import JPEG, PDF, PNG, File, Files
from bot.storage.sent_files import SentFiles


def picture(width: int, height: int) -> bytes:
    """Return as much of a PNG as tells its size."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height)


def photo(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height)).save(out, "JPEG")
    return out.getvalue()


LEAFLET = Attachment("/leaflet/1.001193.pdf?size=a5", "Tờ hướng dẫn.pdf")
FILES = {
    LEAFLET.path: File("Tờ.pdf", PDF, b"%PDF-1"),
    "/checklist/x.png": File("Danh sách.png", PNG, picture(1000, 1414), personal=True),
    "/trao/x.jpg": File("anh.jpg", JPEG, photo(1000, 1333), personal=True),
    "/trao/tall.jpg": File("anh.jpg", JPEG, photo(1000, 2000), personal=True),
    "/checklist/tall.png": File("Danh sách.png", PNG, picture(1000, 2828), personal=True),
    "/checklist/x.pdf": File("Danh sách.pdf", PDF, b"%PDF-2", personal=True),
}


class Shelf:
    async def get(self, path: str) -> File | None:
        if path == "busy":
            raise PrintingError("later")
        return FILES.get(path)


class Memory:
    def __init__(self, leaflet: str | None = None) -> None:
        self.ids = {FILES[LEAFLET.path].digest: leaflet} if leaflet else {}

    async def known(self, digest: str) -> str | None:
        return self.ids.get(digest)

    async def keep(self, digest: str, file_id: str) -> None:
        self.ids[digest] = file_id

    async def forget(self, digest: str) -> None:
        del self.ids[digest]


class Recorder:
    """A bot that notes what it is asked to send, after raising the errors it was given."""

    def __init__(self, *errors: TelegramError) -> None:
        self.errors = list(errors)
        self.calls: list[tuple[str, int, Any, int | None, str | None]] = []

    async def send_document(self, chat: int, what: Any, **more: Any) -> Message:
        document = Document("new", "unique")
        return self._send("document", chat, what, more, document=document)

    async def send_photo(self, chat: int, what: Any, **more: Any) -> Message:
        return self._send("photo", chat, what, more, photo=(PhotoSize("idp", "uniquep", 9, 9),))

    def _send(self, kind: str, chat: int, what: Any, more: dict[str, Any], **sent: Any) -> Message:
        self.calls.append((kind, chat, what, more["message_thread_id"], more.get("filename")))
        if self.errors:
            raise self.errors.pop(0)
        return Message(len(self.calls), datetime.now(UTC), Chat(chat, "private"), **sent)


def uploads(bot: Recorder, memory: Memory) -> Uploads:
    return Uploads(cast(Bot, bot), cast(Files, Shelf()), cast(SentFiles, memory))


async def test_a_file_of_a_person_is_passed_on_by_its_name() -> None:
    bot = Recorder()
    for remote in ("photo:AgAC-1", "document:BQAC:2"):
        await uploads(bot, Memory()).send(7, None, Attachment("", "Ảnh", remote))
    assert bot.calls == [("photo", 7, "AgAC-1", None, None), ("document", 7, "BQAC:2", None, None)]


async def test_file_is_uploaded_once() -> None:
    bot, memory = Recorder(), Memory()
    for number in ("1", "2"):
        assert await uploads(bot, memory).send(5, 7, LEAFLET) == number
    assert bot.calls == [("document", 5, b"%PDF-1", 7, LEAFLET.name), ("document", 5, "new", 7, None)]


async def test_id_that_telegram_forgot_is_uploaded_again() -> None:
    bot, memory = Recorder(BadRequest("Wrong file identifier/HTTP URL specified")), Memory("old")
    await uploads(bot, memory).send(5, None, LEAFLET)
    assert [what for _, _, what, _, _ in bot.calls] == ["old", b"%PDF-1"]
    assert list(memory.ids.values()) == ["new"]


async def test_other_refusals_of_a_known_file_pass_through() -> None:
    bot, memory = Recorder(BadRequest("Chat not found")), Memory("old")
    with pytest.raises(BadRequest):
        await uploads(bot, memory).send(5, None, LEAFLET)
    assert list(memory.ids.values()) == ["old"]


async def test_what_is_personal_is_not_remembered_and_pictures_of_one_page_are_shown() -> None:
    bot, memory = Recorder(), Memory()
    for path in ("/checklist/x.png", "/checklist/x.pdf", "/checklist/tall.png", "/trao/x.jpg", "/trao/tall.jpg"):
        await uploads(bot, memory).send(5, None, Attachment(path, path.rpartition("/")[2]))
    assert [kind for kind, *_ in bot.calls] == ["photo", "document", "document", "photo", "document"]
    assert memory.ids == {}


@pytest.mark.parametrize(("path", "error"), [("/leaflet/9.999999.pdf", Refused), ("busy", Unreachable)])
async def test_file_that_cannot_be_had(path: str, error: type[Exception]) -> None:
    sender = TelegramSender(cast(Bot, Recorder()), cast(Files, Shelf()), cast(SentFiles, Memory()))
    part = Part("", file=Attachment(path, "Tờ hướng dẫn.pdf"))
    with pytest.raises(error):
        await sender.send("5", part, {})
    assert "“Tờ hướng dẫn.pdf”" in part.plainer().text


async def test_lost_line_is_worth_another_try() -> None:
    bot = Recorder(TimedOut())
    sender = TelegramSender(cast(Bot, bot), cast(Files, Shelf()), cast(SentFiles, Memory()))
    with pytest.raises(Unreachable):
        await sender.send("5/7", Part("", file=LEAFLET), {})
