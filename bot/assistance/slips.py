"""The files of a case whose code was written down: the slip, and the QR code on the volunteer's screen.

Their paths hold nothing but the token of the resident's link, so that no log on the way learns a code or a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import following, recording
from bot.assistance import sitting as sittings
from bot.assistance.receipt import receipt
from bot.dialogue.services import Services
from bot.printing.files import PDF, PNG, File, Make
from bot.printing.links import Doors, Link
from bot.printing.receipt import Receipt

_PATH = re.compile(r"/slip/([A-Za-z0-9_-]{22})\.(pdf|png)", re.ASCII)


class Slips:
    """Finds what makes the file that a path names."""

    def __init__(self, engine: AsyncEngine, services: Callable[[], Services]) -> None:
        self._engine = engine
        self._services = services

    async def find(self, path: str) -> Make | None:
        """Return what makes a slip or a QR code; None when ``path`` is neither, or its case is gone."""
        wanted = _PATH.fullmatch(path)
        if wanted is None:
            return None
        async with self._engine.connect() as connection:
            sitting = await sittings.linked(connection, following.digest(wanted[1]))
            if sitting is None:
                return None
            commune = await sittings.commune(connection, sitting)
        services = self._services().at(commune)
        found = receipt(sitting, services)
        links = Doors(services.page_url, services.bot_username).handed(following.PREFIX + wanted[1])
        if found is None or (wanted[2] == "png" and not links):
            return None
        return partial(_slip, found, links, services.portal_url) if wanted[2] == "pdf" else partial(_card, links)


def _slip(found: Receipt, links: tuple[Link, ...], portal_url: str) -> File:
    from bot.printing.slip import slip  # loaded when the first file is asked for

    made = slip(found, links, urlsplit(portal_url).hostname or portal_url)
    return File(recording.SLIP_FILE, PDF, made, personal=True)


def _card(links: tuple[Link, ...]) -> File:
    from bot.printing.slip import card

    return File(recording.QR_FILE, PNG, card(links), personal=True)
