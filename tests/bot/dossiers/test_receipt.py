import logging
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from bot.dossiers.receipt import MOST_BYTES, Outcome, Receipt, read
from tests.bot.dossiers.pictures import CODE128, encoded, jpeg, sheet, symbol

TODAY = date(2026, 11, 22)
CODE = "000.00.53.H48-220921-0099"
PRIVATE = f"{CODE}|Nguyễn Văn An|001205123456"
FOUND = Receipt(Outcome.CODES, (CODE,))


@pytest.mark.parametrize("angle", [0, 17, 45, 90, 180, 263])
@pytest.mark.parametrize("kind", ["QR", "bars"])
def test_turned_by_any_angle(angle: int, kind: str) -> None:
    drawn = symbol(PRIVATE) if kind == "QR" else symbol(CODE, CODE128, scale=3)
    assert read(jpeg(sheet(drawn, angle=angle)), TODAY) == FOUND


def test_a_little_blurred() -> None:
    assert read(jpeg(sheet(symbol(PRIVATE)).filter(ImageFilter.GaussianBlur(2))), TODAY) == FOUND


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_small(kind: str) -> None:
    assert read(encoded(sheet(symbol(CODE, scale=2), size=(240, 200)), kind), TODAY) == FOUND


def test_a_huge_photo_is_made_smaller() -> None:
    assert read(jpeg(sheet(symbol(CODE, scale=16), size=(9000, 7000)), 50), TODAY) == FOUND


@pytest.mark.parametrize("mode", ["1", "P", "RGBA", "CMYK", "I;16"])
def test_colours_of_every_kind(mode: str) -> None:
    picture = sheet(symbol(CODE)).convert(mode)
    assert read(encoded(picture, "JPEG" if mode == "CMYK" else "PNG"), TODAY) == FOUND


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_black_on_nothing(mode: str) -> None:
    """Codes saved from a screen often have no white at all, only what is transparent."""
    drawn = symbol(CODE)
    ink = Image.new("L", drawn.size, 0)
    ink.putalpha(drawn.point(lambda shade: 255 - shade))
    picture = ink.convert("RGBA").quantize() if mode == "P" else ink.convert(mode)
    assert read(encoded(picture, "PNG"), TODAY) == FOUND


def test_several_codes_in_one_picture() -> None:
    others = (symbol("https://so.gov.vn/tra?ma=h26.149-251012-0005&cccd=001205123456"), symbol("https://example.com"))
    found = read(jpeg(sheet(symbol(PRIVATE), *others)), TODAY)
    assert found.outcome is Outcome.CODES
    assert set(found.codes) == {CODE, "H26.149-251012-0005"}


@pytest.mark.parametrize(
    "payload",
    ["000.00.53.H48 220921 0099", "An|Mã hồ sơ: 000.00.53.H48 - 220921 - 0099 nộp ngày 21/9/2022|001205123456"],
)
def test_code_written_with_spaces(payload: str) -> None:
    assert read(jpeg(sheet(symbol(payload))), TODAY) == FOUND


def test_what_stands_beside_a_code_does_not_change_it() -> None:
    assert read(jpeg(sheet(symbol(f"Nguyễn Văn An 001205123456 {CODE} 00017 0912345678"))), TODAY) == FOUND


@pytest.mark.parametrize(
    ("payload", "outcome"),
    [
        ("001205123456||Nguyễn Văn An|01012005|Nam|Hà Nội|01012022", Outcome.IDENTITY),
        ("001205123456|123456789|Nguyễn Văn An|01012005|Nam|Hà Nội|01012022", Outcome.IDENTITY),
        ("001205123456|123456789|Nguyễn Văn An|01012005|Nam|số H48-220921-0099 Hà Nội|01012022", Outcome.IDENTITY),
        ("https://example.com", Outcome.OTHER),
        ("H48-291201-0099", Outcome.OTHER),
        ("Tỉnh H48, số 001205123456", Outcome.OTHER),
        ("Tỉnh H48 001205123456 Nguyễn Văn An 0912345678", Outcome.OTHER),
    ],
)
def test_something_else_than_a_receipt(
    payload: str, outcome: Outcome, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    found = read(jpeg(sheet(symbol(payload))), TODAY)
    assert found == Receipt(outcome)
    assert caplog.text + "".join(capfd.readouterr()) == ""


def test_nothing_to_read() -> None:
    assert read(jpeg(sheet()), TODAY) == Receipt(Outcome.UNREADABLE)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1", b"avif"])
def test_heic_is_named(brand: bytes) -> None:
    assert read(b"\0\0\0\x18ftyp" + brand + bytes(100), TODAY) == Receipt(Outcome.HEIC)


def test_damaged_files() -> None:
    whole = jpeg(sheet(symbol(CODE)))
    for picture in (b"", b"hello", whole[:2000], b"GIF89a" + bytes(50), encoded(sheet(), "PNG")[:300]):
        assert read(picture, TODAY) == Receipt(Outcome.DAMAGED)


def test_bombs_and_files_beyond_measure() -> None:
    assert read(encoded(Image.new("1", (20_000, 20_000)), "PNG"), TODAY) == Receipt(Outcome.TOO_LARGE)
    assert read(encoded(Image.new("1", (7_000, 7_000)), "PNG"), TODAY) == Receipt(Outcome.TOO_LARGE)
    assert read(bytes(MOST_BYTES + 1), TODAY) == Receipt(Outcome.TOO_LARGE)


@given(st.binary(max_size=2000), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]))
def test_no_bytes_raise(tail: bytes, head: bytes) -> None:
    assert read(head + tail, TODAY).codes == ()
