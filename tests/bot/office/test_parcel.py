"""Files of procedures that staff send to the bot: read, told of, made drafts of; refused in words; not for others."""

from __future__ import annotations

import asyncio
import gzip
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue import conversation
from bot.dialogue.session import Session
from bot.dialogue.turn import Turn, TurnKind
from bot.dossiers.proof import Seals
from bot.effects import Effects
from bot.errors import Impossible
from bot.intake import Intake
from bot.moment import Flows
from bot.office import jobs, parcel
from bot.office.counter import Counter
from bot.office.exchange_pages import HAS_ERRORS, NOTHING_NEW
from bot.office.parcel import Parcels
from bot.office.press import Press
from bot.office.standing import Ground
from bot.office.tables import Role
from bot.office.telegram import StaffDesk
from knowledge.catalogue_file import dump
from knowledge.exchange.export import write_excel
from knowledge.places import Finder
from knowledge.procedure import Procedure
from tests.bot.dialogue import records
from tests.bot.dialogue.records import BIRTH, RECORDS
from tests.bot.office.desk import TERRITORY
from tests.bot.office.newsroom import HANOI, PLACES, Newsroom, opened
from tests.bot.office.test_broadcasting import run
from tests.patience import PATIENCE_SECONDS

CHANGED = BIRTH.model_copy(update={"summary": "Câu <mới> từ tệp."})
NEW = BIRTH.model_copy(update={"code": "9.000001", "name": "Thủ tục mới", "names": ("thủ tục chưa ai nghe",)})
OTHERS = [each for each in RECORDS if each.code != BIRTH.code]


@dataclass
class House:
    """The bot with staff in it; ``files`` is what Telegram keeps, and gives out while ``slow`` is set."""

    engine: AsyncEngine
    newsroom: Newsroom
    parcels: Parcels
    intake: Intake
    files: dict[str, bytes] = field(default_factory=dict)
    slow: asyncio.Event = field(default_factory=asyncio.Event)

    async def hire(self, role: Role, chat: str, scope: str = "") -> None:
        clerk = await self.newsroom.hire(role, scope)
        await run(self.engine, "UPDATE staff SET telegram = :chat WHERE id = :id", chat=chat, id=clerk.id)

    async def sends(self, name: str, content: bytes, chat: str = "7", words: str = "") -> str:
        """Let somebody send a file; return the first answer."""
        self.files["f"] = content
        turn = Turn(TurnKind.TEXT, words) if words else Turn(TurnKind.UNSUPPORTED, "document")
        return await self._does(replace(turn, file="document:f", name=name), chat)

    async def presses(self, payload: str, chat: str = "7") -> str:
        return await self._does(Turn(TurnKind.ACTION, payload), chat)

    async def _does(self, turn: Turn, chat: str) -> str:
        reply = await self.intake.receive("telegram", chat, turn)
        assert reply
        return reply.messages[-1].body if reply.messages else ""

    async def last(self, chat: str = "7") -> dict[str, Any]:
        rows = await run(
            self.engine,
            "SELECT payload FROM message JOIN chat ON chat.id = chat_id WHERE address = :chat "
            "ORDER BY message.id DESC LIMIT 1",
            chat=chat,
        )
        payload: dict[str, Any] = rows[0][0]
        return payload

    async def ended(self) -> dict[str, Any]:
        """Wait until all work is done and return what was said then."""
        tasks = [job.task for job in self.parcels._jobs._jobs.values() if job.task]
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), PATIENCE_SECONDS)
        return await self.last()

    async def told(self, name: str, content: bytes) -> dict[str, Any]:
        assert (await self.sends(name, content)) == parcel.READING.format(name=name)
        return await self.ended()

    async def drafts(self) -> list[str]:
        return [code for (code,) in await run(self.engine, "SELECT code FROM revision ORDER BY code")]


@pytest.fixture
async def house(engine: AsyncEngine) -> AsyncIterator[House]:
    services = replace(records.services(), office=True, places=Finder(PLACES))
    press = Press(engine, Ground(services.catalogue, PLACES), limit=0)
    files: dict[str, bytes] = {}
    slow = asyncio.Event()
    slow.set()

    async def fetch(file: str, path: Path, most: int) -> None:
        await slow.wait()
        if len(files[file]) > most:
            raise Impossible("lớn quá")
        await asyncio.to_thread(path.write_bytes, files[file])

    parcels = Parcels(engine, press, TERRITORY, fetch, "https://mot.cua")
    flows = Flows(Counter(engine, lambda: services, TERRITORY, parcels).flows(), lambda: services)
    effects = Effects(Seals(b"x" * 32), StaffDesk(Finder(PLACES), "https://mot.cua", services.clock).serve)
    intake = Intake(
        engine, lambda turn, session: conversation.respond(turn, session, services), effects.store, flows=flows
    )
    yield House(engine, opened(engine), parcels, intake, files, slow)
    press.close()


def own(*records_: Procedure) -> bytes:
    return dump(records_).encode()


def buttons(payload: dict[str, Any]) -> dict[str, str]:
    return {button["label"]: button["action"] for row in payload["buttons"] for button in row}


def workbook(tmp_path: Path) -> bytes:
    path = tmp_path / "x.xlsx"
    write_excel(path, RECORDS)
    return path.read_bytes()


async def test_it_is_told_first_and_then_made_drafts_of_once(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    told = await house.told("thu-tuc.json", own(CHANGED, NEW, *OTHERS))
    for words in (
        "Cả nước",
        "1 thủ tục mới",
        "1 thủ tục thay đổi",
        "Thủ tục mới (9.000001)",
        "Câu &lt;mới&gt; từ tệp.",
    ):
        assert words in told["body"]
    assert await house.drafts() == []
    take = buttons(told)[parcel.TAKE]
    assert await house.presses(take) == parcel.TAKING
    done = await house.ended()
    assert "<b>2</b> bản sửa" in done["body"]
    assert "https://mot.cua/canbo/nhap-xuat/lo/" in done["body"]
    assert await house.drafts() == sorted([BIRTH.code, "9.000001"])
    assert await house.presses(take) == parcel.FORGOTTEN
    assert await house.drafts() == sorted([BIRTH.code, "9.000001"])
    assert (await house.newsroom.trail())[-1] == "import.take"


async def test_what_is_hardly_meant_is_told_and_stops_nothing(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    odd = CHANGED.model_copy(update={"agency": "Ủy ban nhân dân huyện"})
    told = await house.told("thu-tuc.json", own(odd, *OTHERS))
    assert "1 chỗ nên xem lại" in told["body"]
    assert "còn nhắc cơ quan cấp huyện" in told["body"]
    assert parcel.TAKE in buttons(told)


async def test_one_may_leave_it(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    told = await house.told("thu-tuc.json", own(NEW, *RECORDS))
    assert await house.presses(buttons(told)[parcel.LEAVE]) == parcel.LEFT
    assert await house.presses(buttons(told)[parcel.TAKE]) == parcel.FORGOTTEN
    assert await house.drafts() == []


async def test_a_workbook_is_read_and_faults_are_told_by_their_cell(house: House, tmp_path: Path) -> None:
    await house.hire(Role.EDITOR, "7", HANOI)
    content = workbook(tmp_path)
    told = await house.told("bang.xlsx", content)
    assert NOTHING_NEW in told["body"]
    assert "Thành phố Hà Nội" in told["body"]
    book = load_workbook(BytesIO(content))
    book["Giấy tờ"]["E2"] = "=1+1"
    spoilt = BytesIO()
    book.save(spoilt)
    told = await house.told("bang.xlsx", spoilt.getvalue())
    assert HAS_ERRORS in told["body"]
    assert parcel.ON_THE_PAGE in told["body"]
    assert "E2" in told["body"]
    assert "có công thức" in told["body"]
    assert told["buttons"] == []


def archive(*names: str, content: bytes = b"x") -> bytes:
    """Return a zip that looks like a workbook, with more parts."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        for name in names:
            parts.writestr(name, content)
    return packed.getvalue()


HARMFUL = {
    "macro": ("a.xlsx", archive("xl/vbaProject.bin"), "macro"),
    "bomb": ("a.xlsx", archive(*(f"xl/{number}.xml" for number in range(500))), "giải nén quá lớn"),
    "path": ("a.xlsx", archive("../../etc/passwd"), "không an toàn"),
    "entity": ("a.xlsx", archive("xl/a.xml", content=b"<!DOCTYPE a>"), "không an toàn"),
    "program": ("a.xlsx", b"MZ", "không mở được"),
    "empty": ("a.xlsx", b"", "không mở được"),
    "half": ("a.json", b"{", "JSON"),
    "schema": ("a.json", json.dumps({"schema": 99}).encode(), "không phải procedures.json"),
    "no gzip": ("a.jsonl.gz", b"abc", "a.jsonl.gz"),
    "gzip bomb": ("a.jsonl.gz", gzip.compress(b"0" * 10_000_000), "dòng 1"),
    "large": ("a.json", b" " * (parcel.MOST_BYTES + 1), "lớn quá"),
}


async def test_what_is_harmful_or_broken_is_refused_in_words(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    for kind, (name, content, words) in HARMFUL.items():
        told = await house.told(name, content)
        assert words in told["body"], (kind, told["body"])
        assert jobs.FAILED not in told["body"]
        assert told["buttons"] == []


async def test_other_kinds_are_not_even_fetched(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    for name in ("a.pdf", "a.xls", "a.xlsm", "a.docx", "a", "a.json.exe", "tệp"):
        assert await house.sends(name, b"x") == parcel.WRONG_KIND, name
    assert house.parcels._jobs._jobs == {}


async def test_a_picture_is_no_file_to_import(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    usual = conversation.respond(Turn(TurnKind.UNSUPPORTED, "document"), Session(), records.services())[0].messages[0]
    for name in ("giay-hen.jpg", "IMG_0001.HEIC", "a.png"):
        assert await house.sends(name, b"x") == usual.body, name


async def test_paths_in_a_name_lead_nowhere(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    assert await house.sends("../../<b>a.json", own(NEW, *RECORDS)) == parcel.READING.format(name="b a.json")
    assert "1 thủ tục mới" in (await house.ended())["body"]


async def test_others_get_what_they_get_for_any_file(house: House) -> None:
    await house.hire(Role.VIEWER, "8")
    usual = conversation.respond(Turn(TurnKind.UNSUPPORTED, "document"), Session(), records.services())[0].messages[0]
    for chat in ("8", "9"):
        assert await house.sends("a.json", own(NEW), chat) == usual.body
        assert parcel.READING[:10] not in await house.sends("a.json", own(NEW), chat, "đăng ký kết hôn")
    assert house.parcels._jobs._jobs == {}
    assert parcel.FORGOTTEN not in await house.presses(f"desk:take:{'0' * 16}", "9")


async def test_words_beside_a_file_do_not_hide_it_and_another_cannot_take_it(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    await house.hire(Role.EDITOR, "8")
    assert (await house.sends("a.json", own(NEW, *RECORDS), words="bảng mới")).startswith("Tôi đang đọc tệp")
    told = await house.ended()
    assert await house.presses(buttons(told)[parcel.TAKE], "8") == parcel.FORGOTTEN
    assert await house.drafts() == []


async def test_a_second_file_waits_for_the_first(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    house.slow.clear()
    await house.sends("a.json", own(NEW, *RECORDS))
    assert await house.sends("b.json", own(NEW, *RECORDS)) == jobs.BUSY
    house.slow.set()
    assert "a.json" in (await house.ended())["body"]


async def test_a_file_for_the_other_side_of_a_talk_is_left_to_it(house: House) -> None:
    await house.hire(Role.EDITOR, "7")
    await house.presses("desk:wait")
    await run(
        house.engine,
        "INSERT INTO help_request (chat_id, commune, state) SELECT id, '00004', 'live' FROM chat WHERE address = '7'",
    )
    assert "Tôi đang đọc tệp" not in await house.sends("a.json", own(NEW, *RECORDS))
