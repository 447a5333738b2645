"""Pages to bring files in and take them out: first what a file would change, then drafts of it, all or none."""

from __future__ import annotations

import asyncio
import shutil
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from aiohttp import web

from bot.errors import Impossible
from bot.office import audit, lots, tickets
from bot.office.forms import Sent
from bot.office.jobs import Job, Jobs, fresh
from bot.office.lot_page import LOT, NOTES, lot, read_lot
from bot.office.places import chosen_scope, covers, place_fields
from bot.office.review import allow
from bot.office.sheet import XLSX
from bot.office.shelf import Shelf
from bot.office.tables import Role
from bot.office.tickets import Kind, Ticket
from bot.office.trial import FILES, TEMPLATE, Made, Trial, plan_of, safe_name
from bot.office.trial_page import trial_page
from bot.office.visit import Route, Visit
from knowledge.errors import KnowledgeError
from knowledge.exchange.marking import mark
from knowledge.incoming import LARGEST

PATH = "/canbo/nhap-xuat"
NO_FILE = "Anh/chị chọn tệp trước."
NOTHING_NEW = "Tệp này không làm thay đổi gì, nên không có gì để nhập."
HAS_ERRORS = "Tệp còn lỗi nên không nhập được gì. Anh/chị sửa rồi gửi lại."
READING = "Đang đọc tệp {name}"
MAKING = "Đang làm tệp {name}"
TAKING = "Đang ghi các bản sửa từ tệp {name}"
WORKING = {"submit": "Đang gửi duyệt cả lô", "approve": "Đang duyệt cả lô", "withdraw": "Đang thôi cả lô"}

_LOOK_SECONDS = "1"
_PATIENCE = 3.0
_DEEDS: dict[str, tuple[Role, Callable[..., Awaitable[int]]]] = {
    "submit": (Role.EDITOR, lots.submit),
    "withdraw": (Role.EDITOR, lots.withdraw),
    "approve": (Role.PUBLISHER, lots.approve),
}


class Exchange:
    """Handles files. One is read at a time, in a thread of its own."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._thread = ThreadPoolExecutor(1, "import")

    def routes(self) -> list[Route]:
        """Return the routes of files."""
        return [
            Route("GET", PATH, Role.VIEWER, start, menu="Nhập, xuất"),
            Route("POST", PATH, Role.EDITOR, self.send, most_bytes=LARGEST),
            Route("GET", PATH + "/tai/{name}", Role.VIEWER, self.take_out),
            Route("GET", LOT + "/{key}", Role.VIEWER, lot, notes=NOTES),
            *(Route("POST", f"{LOT}/{{key}}/{name}", role, self._deed(name)) for name, (role, _) in _DEEDS.items()),
            Route("GET", PATH + "/viec/{key}", Role.VIEWER, self.look),
            Route("POST", PATH + "/viec/{key}", Role.EDITOR, self.take),
            Route("GET", PATH + "/viec/{key}/loi.xlsx", Role.EDITOR, self.marked),
        ]

    async def send(self, visit: Visit) -> web.StreamResponse:
        """Take a file and begin to read it."""
        sent, scope = visit.form.files.get("file"), chosen_scope(visit)
        allow(visit.clerk, Role.EDITOR, scope, visit.office.press.ground)
        if sent is None:
            return await _start(visit, 400, NO_FILE)
        self._jobs.room(visit.clerk.id)
        name = safe_name(sent.name)
        ticket = Ticket(fresh(), Kind.READ, name, scope, READING.format(name=name))
        folder, remove = await _folder()
        try:
            await asyncio.to_thread(_copy, sent, folder / name)
            await tickets.begin(visit.office.engine, visit.clerk.id, ticket, folder / name)
            self._begin(visit, ticket, self._reading(visit, ticket, folder / name), remove)
        except BaseException:
            remove()
            raise
        return visit.go(f"{PATH}/viec/{ticket.key}")

    def _reading(self, visit: Visit, ticket: Ticket, path: Path) -> Callable[[Job], Awaitable[Trial]]:
        """Return the work of reading a file; it is fetched from its ticket when it is not there."""

        async def read(job: Job) -> Trial:
            if not await asyncio.to_thread(path.exists):
                await tickets.fetch(visit.office.engine, ticket.key, path)
            async with visit.office.engine.connect() as connection:
                stand = await visit.office.press.stock.now(connection)
            loop = asyncio.get_running_loop()
            found = await loop.run_in_executor(self._thread, plan_of, path, stand, ticket.scope, job.told)
            return Trial(ticket.name, path, ticket.scope, stand, found)

        return read

    def _making(self, visit: Visit, ticket: Ticket, path: Path) -> Callable[[Job], Awaitable[Made]]:
        """Return the work of making a file of all that stands in a scope."""
        kind, write = FILES[ticket.name]
        catalogue, ground = visit.office.services().catalogue, visit.office.press.ground
        records = list(Shelf.of(catalogue, ground, ticket.scope).records.values())

        async def make(_job: Job) -> Made:
            await asyncio.get_running_loop().run_in_executor(self._thread, write, path, records)
            return Made(path, kind)

        return make

    def _begin(
        self,
        visit: Visit,
        ticket: Ticket,
        work: Callable[[Job], Awaitable[Any]],
        remove: Callable[[], None] = lambda: None,
    ) -> Job:
        """Begin some work on a folder, which goes when the work is forgotten, at the latest with the program."""
        work = tickets.told_of(visit.office.engine, work)
        job = self._jobs.start(visit.clerk.id, ticket.title, work, remove, ticket.key)
        weakref.finalize(job, remove)
        return job

    async def _write(self, visit: Visit, title: str, work: Callable[[Job], Awaitable[str]]) -> web.Response:
        """Begin work that writes into the database, and send the browser to where it is told of."""
        self._jobs.room(visit.clerk.id)
        ticket = Ticket(fresh(), Kind.WRITE, "", visit.clerk.scope, title)
        await tickets.begin(visit.office.engine, visit.clerk.id, ticket)
        self._begin(visit, ticket, work)
        return visit.go(f"{PATH}/viec/{ticket.key}")

    async def look(self, visit: Visit) -> web.StreamResponse:
        """Show how far some work is, or what came of it, whichever process does it."""
        key, engine, owner = visit.request.match_info["key"], visit.office.engine, visit.clerk.id
        job = self._jobs.get(key, owner)
        if job:
            return self._result(visit, job) if job.done else _running(visit, job.title, job.share)
        ticket = await tickets.read(engine, key, owner)
        if ticket is None:
            raise web.HTTPNotFound
        if ticket.fault or (ticket.silent and not ticket.done and ticket.kind is Kind.WRITE):
            return _failed(visit, ticket.fault or tickets.STOPPED)
        if ticket.place:
            return web.Response(status=303, headers={"Location": ticket.place})
        if ticket.done or ticket.silent:
            await self._again(visit, ticket)
        return _running(visit, ticket.title, 0.0 if ticket.done else ticket.share)

    async def _again(self, visit: Visit, ticket: Ticket) -> None:
        """Do over here what another process did: what was read or made lies in its memory and on its disk."""
        self._jobs.room(visit.clerk.id)
        if not covers(visit, ticket.scope):
            raise web.HTTPNotFound
        folder, remove = await _folder()
        again = self._reading if ticket.kind is Kind.READ else self._making
        self._begin(visit, ticket, again(visit, ticket, folder / ticket.name), remove)

    @staticmethod
    def _result(visit: Visit, job: Job) -> web.StreamResponse:
        if job.fault:
            return _failed(visit, job.fault)
        if isinstance(job.value, Made):
            return web.FileResponse(job.value.path, headers=_headers(job.value.path.name, job.value.kind))
        if isinstance(job.value, str):
            return web.Response(status=303, headers={"Location": job.value})
        return trial_page(visit, job, f"{PATH}/viec/{job.key}")

    async def take(self, visit: Visit) -> web.StreamResponse:
        """Make drafts of what was read."""
        reading = self._jobs.get(visit.request.match_info["key"], visit.clerk.id)
        if reading is None:
            await self.look(visit)  # read here too, then shown once more
            return visit.go(f"{PATH}/viec/{visit.request.match_info['key']}")
        trial = reading.value
        if not isinstance(trial, Trial):
            raise web.HTTPNotFound
        if trial.plan.errors or not trial.records:
            raise Impossible(HAS_ERRORS if trial.plan.errors else NOTHING_NEW)
        office, clerk = visit.office, visit.clerk

        async def write(job: Job) -> str:
            told = (trial.stand, trial.scope, trial.name, trial.records, job.told, reading.key)
            key = await lots.begin(office.engine, clerk, *told)
            self._jobs.drop(reading)
            return f"{LOT}/{key}?note=taken"

        return await self._write(visit, TAKING.format(name=trial.name), write)

    async def marked(self, visit: Visit) -> web.StreamResponse:
        """Give a workbook back with its faults marked."""
        job = self._jobs.get(visit.request.match_info["key"], visit.clerk.id)
        if job is None:
            await self.look(visit)
            return visit.go(f"{PATH}/viec/{visit.request.match_info['key']}")
        trial = job.value
        if not isinstance(trial, Trial) or not any(fault.cell for fault in trial.plan.errors):
            raise web.HTTPNotFound
        output = trial.path.with_name("loi.xlsx")
        try:
            await asyncio.to_thread(mark, trial.path, trial.plan.errors, output)
        except KnowledgeError as error:
            raise Impossible(str(error)) from error
        return web.FileResponse(output, headers=_headers(f"{Path(trial.name).stem}-loi.xlsx", XLSX))

    def _deed(self, name: str) -> Callable[[Visit], Awaitable[web.StreamResponse]]:
        """Return a handler that does one thing with all of a lot."""

        async def handle(visit: Visit) -> web.StreamResponse:
            key, (_, deed) = visit.request.match_info["key"], _DEEDS[name]
            await read_lot(visit, key)
            office, clerk = visit.office, visit.clerk

            async def work(job: Job) -> str:
                await deed(office.engine, office.press.ground, clerk, key, job.told)
                return f"{LOT}/{key}?note={name}"

            return await self._write(visit, WORKING[name], work)

        return handle

    async def take_out(self, visit: Visit) -> web.StreamResponse:
        """Send everything that stands in one's part of the country as a file."""
        name = visit.request.match_info["name"]
        if name not in FILES:
            raise web.HTTPNotFound
        clerk, engine = visit.clerk, visit.office.engine
        self._jobs.room(clerk.id)
        ticket = Ticket(fresh(), Kind.MAKE, name, clerk.scope, MAKING.format(name=name))
        folder, remove = await _folder()
        work = self._making(visit, ticket, folder / name)
        try:
            await tickets.begin(engine, clerk.id, ticket)
            if name != TEMPLATE:
                async with engine.begin() as connection:
                    await audit.record(connection, clerk.id, "catalogue.export", file=name, scope=clerk.scope)
            job = self._begin(visit, ticket, work, remove)
        except BaseException:
            remove()
            raise
        if job.task:
            await asyncio.wait([job.task], timeout=_PATIENCE)
        return visit.go(f"{PATH}/viec/{job.key}") if not job.done else self._result(visit, job)


async def _folder() -> tuple[Path, Callable[[], None]]:
    """Make a folder for a file, and return it with what removes it."""
    folder = Path(await asyncio.to_thread(partial(mkdtemp, prefix="mot-cua-file-")))
    return folder, partial(shutil.rmtree, folder, ignore_errors=True)


def _running(visit: Visit, title: str, share: float) -> web.Response:
    page = visit.page("job.html", title=title, percent=round(share * 100))
    page.headers["Refresh"] = _LOOK_SECONDS
    return page


def _failed(visit: Visit, fault: str) -> web.Response:
    return visit.page("job_fault.html", fault=fault, back=PATH)


def _copy(sent: Sent, path: Path) -> None:
    with path.open("xb") as file:
        shutil.copyfileobj(sent.body, file)


def _headers(name: str, kind: str) -> dict[str, str]:
    plain = name.encode("ascii", "ignore").decode() or "tep"
    return {"Content-Type": kind, "Content-Disposition": f'attachment; filename="{plain}"'}


async def start(visit: Visit) -> web.StreamResponse:
    """Show what can be brought in and taken out."""
    return await _start(visit)


async def _start(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    return visit.page(
        "exchange.html",
        status,
        wrong=wrong,
        may=visit.clerk.may(Role.EDITOR),
        most=LARGEST // 2**20,
        count=len(visit.office.services().catalogue),
        **place_fields(visit, visit.clerk.scope),
    )
