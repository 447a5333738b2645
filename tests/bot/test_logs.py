from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

from bot import logs

TOKEN = "123456789:AAH-acceptance_test_token_0123456789"
LIBRARIES = ["httpx", "httpcore.http11", "aiohttp.access", "aiohttp.server", "telegram.Bot", "telegram.ext", "asyncio"]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the program writes to its log at the most talkative level."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("DEBUG", (TOKEN, "another-secret"), stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)
    logging.captureWarnings(False)


@pytest.mark.parametrize("library", LIBRARIES)
def test_no_library_writes_the_token(written: io.StringIO, library: str) -> None:
    log = logging.getLogger(library)
    log.warning('HTTP Request: POST https://api.telegram.org/bot%s/sendMessage "HTTP/1.1 200 OK"', TOKEN)
    log.warning(f"POST https://api.telegram.org/bot{TOKEN}/getUpdates")
    log.warning("POST /bot987654321:BBH-somebody_elses_token_0123456789/getMe another-secret")
    log.error("cannot parse %s", {"text": "số cccd 001090123456"})
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len(lines) == 4
    assert "AAH-" not in written.getvalue()
    assert "BBH-" not in written.getvalue()
    assert "another-secret" not in written.getvalue()
    assert "cccd" not in written.getvalue()


def test_errors_are_outlined_without_their_words(written: io.StringIO) -> None:
    try:
        raise ValueError("hỏi về giấy khai sinh của Lan")
    except ValueError:
        logging.getLogger("bot.test").exception("it failed")
    line = json.loads(written.getvalue())
    assert line["event"].startswith("it failed: ValueError at test_logs.py:")
    assert "Lan" not in written.getvalue()


def test_extras_are_written_and_scrubbed(written: io.StringIO) -> None:
    extra = {"chat": 7, "url": "postgresql://me:geheim@host/db", "note": "gọi 0912345678", "odd": object()}
    logging.getLogger("bot.test").info("done", extra=extra)
    line = json.loads(written.getvalue())
    assert (line["chat"], line["level"], line["logger"]) == (7, "info", "bot.test")
    assert "geheim" not in written.getvalue()
    assert "0912345678" not in written.getvalue()


def test_one_line_each(written: io.StringIO) -> None:
    logging.getLogger("bot.test").info("one\ntwo\r\nthree\x1b[31m")
    assert len(written.getvalue().splitlines()) == 1


def test_a_terminal_gets_plain_text() -> None:
    record = logging.LogRecord("bot.x", logging.INFO, "", 1, "xin chào %s", (TOKEN,), None)
    assert logs.Plain().format(record).endswith("info bot.x xin chào [đã ẩn]")


def test_outline_names_the_cause() -> None:
    try:
        try:
            raise KeyError("a")
        except KeyError as cause:
            raise RuntimeError("b") from cause
    except RuntimeError as error:
        told = logs.outline(error)
    assert told.startswith("RuntimeError at ")
    assert told.endswith("from KeyError")
    assert sys.exc_info() == (None, None, None)
