"""Logs without personal data or secrets: one line each, JSON for machines, plain text on a terminal."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from bot.privacy import mask

_TOKEN = re.compile(r"\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
_PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@/\s]+@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_TALKATIVE = (
    "httpx",
    "httpcore",
    "telegram",
    "aiohttp",
    "asyncio",
    "alembic",
    "sqlalchemy",
    "psycopg",
    "procrastinate",
    "PIL",
)


def outline(error: BaseException) -> str:
    """Say where an error came from, without its message: that may hold what a person wrote."""
    steps = [f"{step.filename.rsplit('/', 1)[-1]}:{step.lineno}" for step in traceback.extract_tb(error.__traceback__)]
    cause = error.__cause__
    told = f"{type(error).__name__} at {' > '.join(steps[-5:]) or 'unknown place'}"
    return told if cause is None else f"{told}, from {type(cause).__name__}"


def scrub(line: str, secrets: Iterable[str] = ()) -> str:
    """Return ``line`` without bot tokens, passwords in addresses, the given secrets, and personal numbers."""
    for secret in secrets:
        line = line.replace(secret, "[đã ẩn]")
    return mask(_PASSWORD.sub(r"\1[đã ẩn]@", _TOKEN.sub("[đã ẩn]", line)))


class Plain(logging.Formatter):
    """Text for a terminal. Tracebacks become outlines: their messages may hold personal data."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        return " ".join([at, record.levelname.lower(), record.name, self._event(record)])

    def _event(self, record: logging.LogRecord) -> str:
        known = record.name.partition(".")[0] not in _TALKATIVE
        event = record.getMessage() if known else str(record.msg)  # what libraries fill in may be what a person wrote
        if record.exc_info and record.exc_info[1]:
            event += f": {outline(record.exc_info[1])}"
        return _CONTROL.sub(" ", scrub(event, self._secrets))


class Structured(Plain):
    """One JSON object on one line, with whatever was given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._event(record),
        }
        for name, value in vars(record).items():
            if name not in _STANDARD:
                line[name] = scrub(str(value), self._secrets) if isinstance(value, str) else value
        return json.dumps(line, ensure_ascii=False, default=lambda value: scrub(str(value), self._secrets))


def configure(level: str = "INFO", secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send all logs to ``stream`` (stderr); libraries speak only of warnings."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Plain(secrets) if stream.isatty() else Structured(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    logging.captureWarnings(True)
