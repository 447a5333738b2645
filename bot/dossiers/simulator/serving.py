"""Runs the simulator: over HTTP, and over HTTPS as well when it is given a certificate."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.dossiers.report import VIETNAM
from bot.dossiers.simulator.faults import Fault
from bot.dossiers.simulator.portal import Portal
from bot.dossiers.simulator.story import dossiers
from bot.errors import BotError
from bot.server import Server

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that serves; ``tls_address`` is empty without a certificate."""

    portal: Portal
    address: str
    tls_address: str = ""


def _now() -> datetime:
    return datetime.now(VIETNAM)


@asynccontextmanager
async def running(
    port: int = 0, seed: int = 1, speed: float = 1440.0, certificate: tuple[Path, Path] | None = None
) -> AsyncIterator[Running]:
    """Serve on this machine only, until the context ends. ``certificate`` is the files of a certificate and its key.

    Raises ``AddressError`` when the port is taken, ``BotError`` for a certificate that cannot be used.
    """
    portal = Portal(dossiers(_now(), seed, speed), _now, seed)
    server = Server(_HOST, port)
    try:
        await server.start(portal.routes())
        if certificate is None:
            yield Running(portal, server.address)
            return
        async with _encrypted(portal, _context(certificate)) as tls_address:
            yield Running(portal, server.address, tls_address)
    finally:
        await server.stop()
        server.release()


def _context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(*certificate)
    except (OSError, ssl.SSLError) as error:
        raise BotError("Không dùng được chứng thư hoặc khóa đã cho: cần hai tệp PEM.") from error
    return context


@asynccontextmanager
async def _encrypted(portal: Portal, context: ssl.SSLContext) -> AsyncIterator[str]:
    """Serve HTTPS on a free port, in clear text while the fault is on."""
    own = socket.socket()
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.bind((_HOST, 0))
    application = web.Application()
    application.add_routes(portal.routes())
    application.on_response_prepare.append(_close)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    switching = asyncio.create_task(_switch(portal, runner, own, context))
    try:
        yield f"https://{_HOST}:{own.getsockname()[1]}"
    finally:
        switching.cancel()
        await asyncio.wait([switching])
        await runner.cleanup()
        own.close()


async def _switch(portal: Portal, runner: web.AppRunner, own: socket.socket, context: ssl.SSLContext) -> None:
    """Answer on the port with encryption or without, as the fault says."""
    while True:
        off = Fault.TLS_OFF in portal.faults.on
        portal.faults.changed.clear()
        site = web.SockSite(runner, own.dup(), ssl_context=None if off else context)
        await site.start()
        await portal.faults.changed.wait()
        await site.stop()


async def _close(_request: web.Request, response: web.StreamResponse) -> None:
    response.force_close()  # no connection outlives the switch
