"""The files that go with messages, made when somebody takes them: a path in, a file out.

The paths are those of ``bot.dialogue.turn.Attachment``; our page serves them as they are, Telegram's sender sends what
they name. Drawing is work for the processor: one thread does it, so that conversations go on beside it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

from bot.dialogue import leaflet
from bot.dialogue.services import Services
from bot.errors import PrintingError
from bot.printing.links import Doors

PDF = "application/pdf"
PNG = "image/png"
BUSY = "Đang có quá nhiều người lấy tệp cùng lúc, anh/chị thử lại sau ít phút."

_MOST_WAITING = 32
_KEPT = 200


@dataclass(frozen=True)
class File:
    """A file ready to be handed over. ``personal``: it tells of somebody's case, so nobody on the way may keep it."""

    name: str
    content_type: str
    content: bytes
    personal: bool = False

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


Make = Callable[[], File]


class Files:
    """Makes files one at a time, off the event loop, and remembers the leaflets made last."""

    def __init__(self, services: Callable[[], Services]) -> None:
        self._services = services
        self._thread = ThreadPoolExecutor(1, "printing")
        self._waiting = 0
        self._leaflets: OrderedDict[tuple[str, str, str, Doors], File] = OrderedDict()

    async def get(self, path: str) -> File | None:
        """Return the file that ``path`` names, or None; raise ``PrintingError`` when it cannot be made now."""
        services = self._services()
        make = self._maker(path, services)
        if make is None:
            return None
        if self._waiting >= _MOST_WAITING:
            raise PrintingError(BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, make)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Make nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _maker(self, path: str, services: Services) -> Make | None:
        wanted = leaflet.read(path)
        procedure = services.catalogue.get(wanted.code) if wanted else None
        if wanted and procedure and procedure.abolished_on is None:
            return partial(self._leaflet, wanted, services)
        return None

    def _leaflet(self, wanted: leaflet.Wanted, services: Services) -> File:
        doors = Doors(services.page_url, services.bot_username)
        key = (services.catalogue.release, wanted.code, wanted.size, doors)
        made = self._leaflets.pop(key, None) or _leaflet(wanted, services, doors)
        self._leaflets[key] = made
        while len(self._leaflets) > _KEPT:
            self._leaflets.popitem(last=False)
        return made


def _leaflet(wanted: leaflet.Wanted, services: Services, doors: Doors) -> File:
    from bot.printing.leaflet import leaflets  # loaded when the first file is asked for
    from bot.printing.paper import PAPERS

    procedure = services.catalogue.procedures[wanted.code]
    made = leaflets([procedure], PAPERS[wanted.size], doors, services.portal_url)
    return File(leaflet.file_name(procedure), PDF, made)
