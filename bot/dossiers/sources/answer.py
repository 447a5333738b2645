"""What comes back from a source over HTTP: JSON within bounds, or a reason why there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import ClientResponse

from bot.errors import SourceDown, SourceRefused, SourceUnreadable

_LARGEST = 1 << 20
_CHUNK = 1 << 16
_LONGEST_REST = 3600.0
_REST = 5.0


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: ``data`` is the JSON of a 2xx, None with an expected status."""

    status: int
    data: Any


class Busy(Exception):  # noqa: N818
    """The source wants to be left alone for ``rest`` seconds."""

    def __init__(self, rest: float) -> None:
        super().__init__()
        self.rest = rest


async def received(response: ClientResponse, expected: frozenset[int]) -> Response:
    """Read an answer to its end. Raises ``Busy`` or ``SourceError``; statuses of 4xx in ``expected`` are answers."""
    status = response.status
    if 200 <= status < 300:
        return Response(status, parsed(await _body(response)))
    if status in expected:
        return Response(status, None)
    if status == 429 or (status == 503 and "Retry-After" in response.headers):
        raise Busy(_rest(response.headers.get("Retry-After", "")))
    if status >= 500:
        raise SourceDown(f"status {status}")
    if 300 <= status < 400:
        raise SourceUnreadable("sends us elsewhere")  # with our password, to wherever it says: no
    raise SourceRefused(f"status {status}")


def _rest(header: str) -> float:
    """Read ``Retry-After``: seconds, or a date."""
    try:
        seconds = float(header) if header.strip().isdigit() else _until(header)
    except (ValueError, TypeError, OverflowError):
        seconds = _REST
    return min(max(seconds, 1.0), _LONGEST_REST)


def _until(header: str) -> float:
    moment = parsedate_to_datetime(header)
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


async def _body(response: ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > _LARGEST:
            response.close()
            raise SourceUnreadable("a body too large")
    return bytes(body)


def parsed(body: bytes) -> Any:
    """Return the JSON of a body. Raises ``SourceUnreadable``."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable("no JSON") from error


def _refuse(_name: str) -> None:
    raise ValueError("not a number")
