"""Makes the sources that the file names, with what each needs around it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import ClientSession

from bot.dossiers.routing import Route, Routing
from bot.dossiers.sources.anyjson import AnyJson
from bot.dossiers.sources.building import Reader
from bot.dossiers.sources.cache import Cached
from bot.dossiers.sources.client import Client, Timing, connections
from bot.dossiers.sources.entries import AnyJson as AnyJsonEntry
from bot.dossiers.sources.entries import Entries, Entry
from bot.dossiers.sources.entries import IGate as IGateEntry
from bot.dossiers.sources.entries import National as NationalEntry
from bot.dossiers.sources.igate import IGate
from bot.dossiers.sources.national import National
from bot.dossiers.sources.source import Source
from bot.errors import SettingsError


@asynccontextmanager
async def opened(entries: Entries, reader: Reader, timing: Timing | None = None) -> AsyncIterator[Routing]:
    """Open the sources; they are closed with the context. Raises ``SettingsError`` for a certificate file."""
    timing = timing or Timing()
    trusts = [_trust(entry) for entry in entries]
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(connections())
        yield Routing(_routes(entries, trusts, session, reader, timing, stack))


def _routes(
    entries: Entries,
    trusts: Iterable[ssl.SSLContext | None],
    session: ClientSession,
    reader: Reader,
    timing: Timing,
    stack: AsyncExitStack,
) -> Iterable[Route]:
    for entry, trust in zip(entries, trusts, strict=True):
        client = Client(session, entry.name, entry.timeout, entry.requests_per_minute, trust, timing)
        source = Cached(_adapter(entry, client, reader), entry.cache_seconds, timing.clock)
        stack.push_async_callback(source.close)
        yield Route(entry.units, source, entry.link, client.turn)


def _adapter(entry: Entry, client: Client, reader: Reader) -> Source:
    match entry:
        case NationalEntry():
            return National(entry, client, reader)
        case IGateEntry():
            return IGate(entry, client, reader)
        case AnyJsonEntry():
            return AnyJson(entry, client, reader)
    raise AssertionError(entry)


def _trust(entry: Entry) -> ssl.SSLContext | None:
    if entry.ca_file is None:
        return None
    try:
        return ssl.create_default_context(cafile=entry.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"Nguồn hồ sơ {entry.name}: không đọc được chứng thư trong ca_file {entry.ca_file}."
        ) from error
