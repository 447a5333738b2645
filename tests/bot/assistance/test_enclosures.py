from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import enclosures, ending, parting, relay, speech
from bot.assistance.enclosures import MOST, MOST_BYTES, PAGE, PATH, Enclosures, clean
from bot.assistance.tables import Side
from bot.dialogue.turn import Attachment, Turn, TurnKind
from bot.dossiers.receipt import Outcome as Photo
from bot.errors import Impossible, PrintingError
from tests.bot.assistance.helping import Somebody, Ward, ward

PLACE = 0x8825
"""The tag of EXIF under which a camera writes where it was."""


@pytest.fixture
def here(engine: AsyncEngine) -> Ward:
    return ward(engine)


def photo(kind: str = "JPEG", size: tuple[int, int] = (400, 300)) -> bytes:
    """Return a picture that says where it was taken."""
    exif = Image.Exif()
    exif[PLACE] = {1: "N", 2: (21.0, 2.0, 5.0)}
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, exif=exif)
    return out.getvalue()


async def telegram(file: str, most: int) -> bytes:
    """Be Telegram, which has one photo and nothing else."""
    if file != "AgAC-1" or most != MOST_BYTES:
        raise Impossible
    return photo()


async def uploads(here: Ward, somebody: Somebody, content: bytes) -> str:
    """Send a file on the page, as its channel does."""
    file = await Enclosures(here.engine, None).take(*somebody._at, content)
    return await somebody.does(Turn(TurnKind.PHOTO, Photo.UNREADABLE, file=file))


async def gets(here: Ward, path: str) -> tuple[str, bytes] | None:
    """Fetch a file as a reader's browser does."""
    make = await Enclosures(here.engine, telegram).find(path)
    file = make() if make else None
    if file is None:
        return None
    assert file.personal
    return file.name, file.content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_redrawn_and_tells_no_place(kind: str) -> None:
    found = clean(photo(kind, (3000, 1500)))
    assert found
    assert found[0] == "photo"
    with Image.open(BytesIO(found[1])) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (2400, 1200), {})


def test_other_files_and_what_is_too_large_do_not_pass() -> None:
    assert clean(b"%PDF-1.7 ...") == ("document", b"%PDF-1.7 ...")
    for content in (b"", b"PK\x03\x04 an application", b"\xff\xd8\xff broken", b"%PDF-" + bytes(MOST_BYTES)):
        assert clean(content) is None


async def test_from_the_page_to_telegram_after_a_warning(here: Ward) -> None:
    lan, citizen = await here.volunteer(), await here.citizen("w", "web")
    await here.talking(citizen, lan)
    assert await uploads(here, citizen, photo()) == relay.ASK_FILE.format(what="ảnh này")
    assert await lan.hears() == []
    assert await citizen.presses(relay.SEND_FILE) == relay.FILE_SENT.format(what="ảnh này")
    assert await lan.hears() == ["<b>Người dân</b> gửi một ảnh:"]
    file = lan.last.messages[0].file
    assert file
    assert (file.name, file.remote) == ("anh.jpg", "")
    found = await gets(here, file.path)
    assert found
    assert found[0] == "anh.jpg"
    assert await gets(here, PATH + "A" * 22) is None
    await lan.says("/ketthuc")
    assert await gets(here, file.path) is None
    assert await here.run("SELECT FROM enclosed") == []


async def test_from_telegram_to_the_page_fetched_when_it_is_read(here: Ward) -> None:
    lan, citizen = await here.volunteer(), await here.citizen("w", "web")
    await here.talking(citizen, lan)
    await lan.does(Turn(TurnKind.PHOTO, Photo.UNREADABLE, file="photo:AgAC-1"))
    await lan.presses(relay.SEND_FILE)
    (heard,) = await citizen.hears()
    assert speech.ONLY_MEANWHILE in heard
    file = citizen.last.messages[0].file
    assert file
    assert (file.name, file.remote) == ("anh.jpg", "")
    found = await gets(here, file.path)
    assert found
    with Image.open(BytesIO(found[1])) as image:
        assert dict(image.getexif()) == {}
    assert await here.run("SELECT content FROM enclosed") == [(None,)]
    await citizen.says("/ketthuc")
    assert await gets(here, file.path) is None


async def test_what_telegram_does_not_hand_out_is_told(here: Ward) -> None:
    lan, citizen = await here.volunteer(), await here.citizen("w", "web")
    await here.talking(citizen, lan)
    await lan.does(Turn(TurnKind.UNSUPPORTED, "document", file="document:gone", name="don.pdf"))
    await lan.presses(relay.SEND_FILE)
    await citizen.hears()
    file = citizen.last.messages[0].file
    assert file
    for fetch in (telegram, None):
        with pytest.raises(PrintingError, match="gửi lại"):
            await Enclosures(here.engine, fetch).find(file.path)


async def test_a_whole_album_is_asked_about_once_and_sent(here: Ward) -> None:
    lan, citizen = await here.volunteer(), await here.citizen()
    await here.talking(citizen, lan)
    said = [
        await citizen.does(Turn(TurnKind.PHOTO, Photo.UNREADABLE, file=f"photo:{at}", album="m1")) for at in range(3)
    ]
    assert said == [relay.ASK_FILE.format(what=relay.ALBUM), "", ""]
    assert await citizen.does(Turn(TurnKind.PHOTO, Photo.UNREADABLE, file="photo:3")) == relay.ASK_FILE.format(
        what="4 ảnh"
    )
    assert await citizen.presses(relay.SEND_FILE) == relay.FILE_SENT.format(what="4 ảnh")
    assert len(await lan.hears()) == 4
    assert lan.last.messages[0].file == Attachment("", "anh.jpg", "photo:3")


@pytest.mark.parametrize("name", ["VNeID.apk", "don.docx", "otp 482913.pdf", "001090123456.jpg", "thu.pdf.exe"])
async def test_programs_and_names_that_tell_a_secret_do_not_pass(here: Ward, name: str) -> None:
    lan, citizen = await here.volunteer(), await here.citizen()
    await here.talking(citizen, lan)
    said = await lan.does(Turn(TurnKind.UNSUPPORTED, "document", file="document:a", name=name))
    assert said == relay.NOT_PASSED.format(size=8, most=MOST)
    assert await lan.sends("talk", "file", 1) == relay.NO_FILE
    assert await citizen.hears() == []


async def test_what_is_no_picture_on_the_page_and_too_many_do_not_pass(here: Ward) -> None:
    lan, citizen = await here.volunteer(), await here.citizen("w", "web")
    await here.talking(citizen, lan)
    refused = relay.NOT_PASSED.format(size=8, most=MOST)
    assert await uploads(here, citizen, b"PK\x03\x04") == refused
    for _ in range(MOST):
        assert await uploads(here, citizen, b"%PDF-1.7") != refused
    assert await uploads(here, citizen, b"%PDF-1.7") == refused
    assert await here.run("SELECT count(*) FROM enclosed") == [(MOST,)]


async def test_outside_of_a_talk_nothing_is_kept(here: Ward) -> None:
    citizen = await here.citizen("w", "web")
    assert await Enclosures(here.engine, None).take("web", "w", photo()) == ""
    await here.volunteer()
    await here.asked(citizen)
    assert await Enclosures(here.engine, None).take("web", "w", photo()) == ""
    assert await here.run("SELECT FROM enclosed") == []


async def test_files_of_a_talk_go_to_nobody_who_takes_it_on(here: Ward) -> None:
    lan, citizen = await here.volunteer(), await here.citizen("w", "web")
    number = await here.talking(citizen, lan)
    await here.officer()
    for again in (False, True):
        await uploads(here, citizen, b"%PDF-1.7")
        await citizen.presses(relay.SEND_FILE)
        await lan.hears()
        file = lan.last.messages[0].file
        assert file
        assert await gets(here, file.path)
        if again:
            await lan.sends("talk", "staff", number)
            assert await citizen.sends("talk", "agree", number) in (parting.GIVEN, parting.GIVEN_LATER)
        else:
            async with here.engine.begin() as connection:
                (waiting,) = await ending.forsake(connection, 1)
            await lan.sends("help", "take", waiting.id)
            await here.alerts.round()
            await lan.sends("help", "take", waiting.id)
        assert await gets(here, file.path) is None


async def test_who_forges_names_of_files_gets_none(here: Ward) -> None:
    lan, citizen = await here.volunteer(), await here.citizen("w", "web")
    number = await here.talking(citizen, lan)
    await uploads(here, citizen, b"%PDF-1.7")
    async with here.engine.connect() as connection:
        assert await enclosures.waiting(connection, number, Side.HELPER) == []
    assert await lan.sends("talk", "file", number) == relay.NO_FILE
    assert await gets(here, f"{PATH}{PAGE}1") is None
