"""The files that go with messages, made when somebody takes them: a path in, a file out.

The paths are those of ``bot.dialogue.turn.Attachment``; our page serves them as they are, Telegram's sender sends what
they name. Drawing is work for the processor: one thread does it, so that conversations go on beside it.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

from bot.dialogue import cases, leaflet, link, readiness
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared
from bot.errors import PrintingError
from bot.forms import Form
from bot.printing.links import Doors
from knowledge import case
from knowledge.errors import CaseError
from knowledge.procedure import Procedure

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
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


Make = Callable[[], File | None]

Find = Callable[[str], Awaitable[Make | None]]
"""Returns what makes the file that a path names, or None: whatever of it stands in the database has been read then."""

_FORM = re.compile(r"/forms/(\d\.\d{6})/([0-9a-f]{12})", re.ASCII)


class Files:
    """Makes files one at a time, off the event loop, and remembers the leaflets made last.

    ``others`` are asked for paths that name nothing the services know.
    """

    def __init__(self, services: Callable[[], Services], *others: Find) -> None:
        self._services = services
        self._others = others
        self._thread = ThreadPoolExecutor(1, "printing")
        self._waiting = 0
        self._leaflets: OrderedDict[tuple[str, str, str, Doors], File] = OrderedDict()

    async def get(self, path: str) -> File | None:
        """Return the file that ``path`` names, or None; raise ``PrintingError`` when it cannot be made now."""
        make = self._maker(path, self._services()) or await self._found(path)
        if make is None:
            return None
        if self._waiting >= _MOST_WAITING:
            raise PrintingError(BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, make)
        finally:
            self._waiting -= 1

    async def _found(self, path: str) -> Make | None:
        for find in self._others:
            make = await find(path)
            if make is not None:
                return make
        return None

    def close(self) -> None:
        """Make nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _maker(self, path: str, services: Services) -> Make | None:
        wanted = leaflet.read(path)
        procedure = services.catalogue.get(wanted.code) if wanted else None
        if wanted and procedure and procedure.abolished_on is None:
            return partial(self._leaflet, wanted, services)
        return _checklist(path, services) or _form(path, services)

    def _leaflet(self, wanted: leaflet.Wanted, services: Services) -> File:
        key = (services.catalogue.release, wanted.code, wanted.size, _doors(services))
        made = self._leaflets.pop(key, None) or _leaflet(wanted, services)
        self._leaflets[key] = made
        while len(self._leaflets) > _KEPT:
            self._leaflets.popitem(last=False)
        return made


def _doors(services: Services) -> Doors:
    return Doors(services.page_url, services.bot_username)


def _leaflet(wanted: leaflet.Wanted, services: Services) -> File:
    from bot.printing.leaflet import leaflets  # loaded when the first file is asked for
    from bot.printing.paper import PAPERS

    procedure = services.catalogue.procedures[wanted.code]
    made = leaflets([procedure], PAPERS[wanted.size], _doors(services), services.portal_url)
    return File(leaflet.file_name(procedure), PDF, made)


def _checklist(path: str, services: Services) -> Make | None:
    """Return what makes the checklist that ``path`` names; None when there is none, or its record asks otherwise."""
    wanted = link.read_checklist(path)
    if wanted is None:
        return None
    services = services.at(wanted.commune)
    procedure = services.catalogue.get(wanted.code)
    if procedure is None or procedure.abolished_on is not None:
        return None
    try:
        answers = case.read_token(wanted.token, procedure)
    except CaseError:
        return None
    prepared = Prepared(code=wanted.code, answers=answers, ticked=wanted.ticked, copies=wanted.copies)
    return partial(_made_checklist, wanted.ending, procedure, prepared, services)


def _made_checklist(ending: str, procedure: Procedure, prepared: Prepared, services: Services) -> File:
    from bot.printing.checklist import checklist
    from bot.printing.paper import A5
    from bot.printing.picture import png

    guidance = cases.guidance_of(procedure, prepared, services)
    token = case.token(procedure, prepared.answers)
    pdf = checklist(guidance, prepared, token, A5, _doors(services), services, services.clock())
    name = readiness.FILE.format(code=procedure.code, ending=ending)
    return File(name, PDF, pdf, personal=True) if ending == "pdf" else File(name, PNG, png(pdf), personal=True)


def _form(path: str, services: Services) -> Make | None:
    """Return what reads the file of the office that ``path`` names."""
    wanted = _FORM.fullmatch(path)
    form = services.forms.find(wanted[1], wanted[2]) if wanted and services.catalogue.get(wanted[1]) else None
    return partial(_read, form) if form else None


def _read(form: Form) -> File | None:
    content = form.read()
    return File(form.name, form.content_type, content) if content else None
