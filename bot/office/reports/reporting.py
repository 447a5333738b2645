"""Makes reports: reads the numbers of a place and period, and puts the sections together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.office.reports import figures
from bot.office.reports import index as report_index
from bot.office.reports import link as report_link
from bot.office.reports.asked import Asked
from bot.office.reports.dossiers import Handled
from bot.office.reports.figures import Figures
from bot.office.reports.people import People
from bot.office.reports.period import Period
from bot.office.reports.report import Report, Titles
from bot.office.staff import Territory
from bot.printing.files import PNG, File, Make
from knowledge.catalogue import Catalogue
from knowledge.names import Named, load_names

PICTURE_NAME = "Báo cáo {period}.png"


@dataclass(frozen=True)
class Reporting:
    """``catalogue`` gives what stands at this moment, ``clock`` the local time of Vietnam."""

    engine: AsyncEngine
    territory: Territory
    catalogue: Callable[[], Catalogue]
    clock: Callable[[], datetime]

    async def make(self, period: Period, scope: str) -> Report:
        """Return the report of a period for a part of the country, all numbers of one moment."""
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            found = await self._figures(connection, period, scope)
        return await asyncio.to_thread(self._composed, found, period, scope)

    async def _figures(self, connection: AsyncConnection, period: Period, scope: str) -> Figures:
        return await figures.read(connection, period, self.territory.within(scope), self.clock().date())

    def _composed(self, found: Figures, period: Period, scope: str) -> Report:
        catalogue = self.catalogue()
        titles = Titles(catalogue, _named())
        asked = Asked(found, period, scope, self.territory, titles)
        handled = Handled(found, scope, self.territory, titles)
        people = People(found, self.territory)
        index = report_index.section(catalogue, found.changes, handled, people)
        return Report(
            self.territory.name(scope),
            period,
            self.clock(),
            (*asked.headlines(), *handled.headlines(), *people.headlines()),
            (*asked.sections(), *handled.sections(), *people.sections(), index),
        )

    async def picture(self, path: str) -> Make | None:
        """Return what draws the picture that ``path`` names; only our own messages and the console name any."""
        wanted = report_link.read_picture(path)
        if wanted is None:
            return None
        period, scope = wanted
        report = await self.make(period, scope)
        return partial(_drawn, report)


def _drawn(report: Report) -> File:
    from bot.office.reports.picture import draw  # loaded when the first picture is asked for

    return File(PICTURE_NAME.format(period=report.period.name), PNG, draw(report))


@cache
def _named() -> dict[str, Named]:
    return {each.code: each for each in load_names()}
