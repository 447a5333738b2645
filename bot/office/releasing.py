"""Pages of publishing: what the gate says of the changes that were ticked, and a release of them."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.errors import GateClosed, Impossible
from bot.numbers import natural
from bot.office import lots, people
from bot.office.gauge import Gauge
from bot.office.places import covers
from bot.office.release_pages import PATH, shifts
from bot.office.releases import NOTHING
from bot.office.review import allow_on
from bot.office.revision_pages import row
from bot.office.revisions import Revision, get
from bot.office.tables import RevisionState, Role
from bot.office.visit import Route, Visit

_FEW = 20
_LOOK_SECONDS = "2"


class Releasing:
    """Handles the pages of publishing; ``gauge`` asks the gate for all of them."""

    def __init__(self, gauge: Gauge) -> None:
        self._gauge = gauge

    def routes(self) -> list[Route]:
        """Return the routes of publishing."""
        return [
            Route("GET", PATH + "/thu", Role.PUBLISHER, self.weigh),
            Route("POST", PATH, Role.PUBLISHER, self.publish),
        ]

    async def weigh(self, visit: Visit) -> web.StreamResponse:
        """Show what the gate says of publishing the changes that were ticked."""
        query = visit.request.query
        ticked = query.getall("ban", [])
        if "lo" in query:
            async with visit.office.engine.connect() as connection:
                lot = await lots.read(connection, query["lo"])
            ticked = [str(each.id) for each in lot.of(RevisionState.APPROVED)]
        return await self._weigh(visit, ticked)

    async def _weigh(self, visit: Visit, ticked: Sequence[str], status: int = 200, wrong: str = "") -> web.Response:
        numbers = _numbers(ticked)
        if not numbers:
            raise Impossible(NOTHING)
        await _own(visit, numbers)
        weighed = await self._gauge.ask(visit.office.press.releases, numbers)
        if weighed is None:
            page = visit.page("gate_wait.html", count=len(numbers))
            page.headers["Refresh"] = _LOOK_SECONDS
            return page
        async with visit.office.engine.connect() as connection:
            known = await people.names(connection, [each.author for each in weighed.revisions])
        limit = visit.office.press.releases.limit
        closed = len(weighed.report.broken) > limit
        return visit.page(
            "gate.html",
            status,
            wrong=wrong,
            rows=[row(visit, each, known) for each in weighed.revisions[:_FEW]],
            count=len(weighed.revisions),
            report=weighed.report,
            better=shifts(visit, weighed.report.improved),
            worse=shifts(visit, weighed.report.broken),
            limit=limit,
            closed=closed,
            administrator=visit.clerk.may(Role.ADMINISTRATOR),
            versions=packed_versions(weighed.revisions),
            summary=visit.form.get("summary") or _summary(weighed.revisions),
            reason=visit.form.get("reason"),
        )

    async def publish(self, visit: Visit) -> web.StreamResponse:
        """Publish what was weighed."""
        form = visit.form
        versions = unpacked_versions(form.get("versions"))
        releases = visit.office.press.releases
        summary, reason = form.get("summary")[:300], form.get("reason")[:1000] or None
        try:
            release = await releases.publish(visit.clerk, versions, summary, reason)
        except GateClosed as closed:
            return await self._weigh(visit, list(map(str, versions)), 400, str(closed))
        return visit.go(f"{PATH}/{release}", "published")


async def _own(visit: Visit, numbers: Sequence[int]) -> None:
    """Check, before the gate works for anybody, that changes are of the part of the country they see to."""
    async with visit.office.engine.connect() as connection:
        found = await get(connection, numbers, brief=True)
    if not all(covers(visit, each.scope) for each in found):
        raise web.HTTPNotFound
    for each in found:
        allow_on(visit.clerk, Role.PUBLISHER, each, visit.office.press.ground)


def packed_versions(revisions: Sequence[Revision]) -> str:
    """Return which version of each change was seen, for one field of a form."""
    return ",".join(f"{each.id}:{each.version}" for each in revisions)


def unpacked_versions(text: str) -> dict[int, int]:
    """Return the versions of ``packed_versions``; nothing when it is something else."""
    try:
        found = {int(number): int(version) for number, version in (pair.split(":") for pair in text.split(","))}
    except ValueError:
        return {}
    return found if all(0 < each < 2**31 for pair in found.items() for each in pair) else {}


def _numbers(ticked: Sequence[str]) -> list[int]:
    return [number for each in ticked if (number := natural(each, 9)) is not None]


def _summary(revisions: Sequence[Revision]) -> str:
    numbers = dict.fromkeys(each.decision_number for each in revisions if each.decision_number)
    names = [str((each.record or each.base or {}).get("name", each.code)) for each in revisions]
    said = f"{names[0]}" + (f" và {len(names) - 1} thủ tục khác" if len(names) > 1 else "")
    return f"Quyết định {', '.join(numbers)}: {said}"[:300] if numbers else said[:300]
