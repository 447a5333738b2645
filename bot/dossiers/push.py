"""One-stop software pushes what is new: ``POST /api/dossiers``, up to 1,000 dossiers at a time.

Sending the same again changes nothing: a row counts by its own time (``updated_at``), and a batch sent under an
``Idempotency-Key`` gets the answer it got the first time. ``GET /api/openapi.json`` describes it all.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dossiers import pushed
from bot.dossiers.openapi import DESCRIPTION_PATH, MOST_ROWS, PATH, description
from bot.dossiers.register import Register, Row, count
from bot.dossiers.sources.building import Now
from bot.logs import outline

MOST_BYTES = 8 * 1024 * 1024
_log = logging.getLogger(__name__)

_KEY_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 3))")
_ANSWERED = text("SELECT digest, answer FROM pushed WHERE key = :key")
_REMEMBER = text("INSERT INTO pushed (key, digest, answer) VALUES (:key, :digest, CAST(:answer AS jsonb))")


class Refused(Exception):  # noqa: N818 - it ends in an answer, not in an error
    """A request that is not served, with the reason for whoever reads the answer."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason


class Push:
    """Takes what is pushed by whoever has the token."""

    def __init__(self, register: Register, token: str, now: Now) -> None:
        self._register = register
        self._token = hashlib.sha256(token.encode()).digest()
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        """Return the endpoint and its description."""
        return [web.post(PATH, self._push), web.get(DESCRIPTION_PATH, self._describe)]

    async def _describe(self, _request: web.Request) -> web.Response:
        return web.json_response(description())

    async def _push(self, request: web.Request) -> web.Response:
        try:
            self._admit(request)
            body = await _body(request)
            answer = await self._take(body, request.headers.get("Idempotency-Key"))
        except Refused as refused:
            headers = {"WWW-Authenticate": "Bearer"} if refused.status == 401 else {}
            return _json({"error": refused.reason}, refused.status, headers)
        except SQLAlchemyError as error:
            _log.warning("a push could not be stored: %s", outline(error))
            return _json({"error": "the database is not available; send the batch again"}, 503, {"Retry-After": "10"})
        return _json(answer, 200)

    def _admit(self, request: web.Request) -> None:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        digest = hashlib.sha256(given.strip().encode()).digest()
        if kind.lower() != "bearer" or not hmac.compare_digest(digest, self._token):
            raise Refused(401, "a bearer token is needed")
        if request.content_type != "application/json":
            raise Refused(415, "the body must be application/json")

    async def _take(self, body: bytes, key: str | None) -> dict[str, Any]:
        if key is not None and not (1 <= len(key) <= 200 and key.isprintable()):
            raise Refused(400, "Idempotency-Key must be 1 to 200 printable characters")
        given = _given(body)
        async with self._register.begin() as connection:
            if key is None:
                return await self._store(connection, given)
            digest = hashlib.sha256(body).hexdigest()
            await connection.execute(_KEY_LOCK, {"key": key})
            before = (await connection.execute(_ANSWERED, {"key": key})).first()
            if before is not None and before.digest != digest:
                raise Refused(422, "this Idempotency-Key was used for another batch")
            if before is not None:
                return dict(before.answer)
            answer = await self._store(connection, given)
            await connection.execute(_REMEMBER, {"key": key, "digest": digest, "answer": json.dumps(answer)})
            return answer

    async def _store(self, connection: AsyncConnection, given: list[Any]) -> dict[str, Any]:
        """Store the rows that are sound; the others come back with what is wrong with them."""
        rows: list[Row] = []
        errors: list[dict[str, Any]] = []
        for at, entry in enumerate(given):
            read = pushed.row(entry, self._now())
            if isinstance(read, Row):
                rows.append(read)
            else:
                errors.append({"row": at, "problems": read})
        outcomes = await self._register.put_in(connection, rows) if rows else []
        return {"received": len(given), **count(outcomes), "refused": len(errors), "errors": errors}


def _given(body: bytes) -> list[Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is not JSON") from None
    rows = given.get("dossiers") if isinstance(given, Mapping) else None
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
        raise Refused(400, f'the body must be {{"dossiers": [...]}} with 1 to {MOST_ROWS} entries')
    return rows


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(413, "the body is larger than 8 MB")
    chunks, size = [], 0
    async for chunk in request.content.iter_chunked(1 << 16):
        size += len(chunk)
        if size > MOST_BYTES:
            raise Refused(413, "the body is larger than 8 MB")
        chunks.append(chunk)
    return b"".join(chunks)


def _json(body: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store", **(headers or {})})
