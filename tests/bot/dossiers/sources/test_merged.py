from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dossiers.report import Step
from bot.dossiers.sources.merged import Cause, Trouble, ask
from bot.dossiers.status import Status
from bot.errors import SourceDown, SourceError, SourceRefused, SourceUnreadable
from tests.bot.dossiers.sources.doubles import CODE, NOW, Told, report
from tests.patience import until


async def test_the_report_of_the_latest_event_wins_and_lacks_no_fact_another_knows() -> None:
    newer = report("mới", steps=(Step(NOW - timedelta(hours=1), "Ký"),), status=Status.DONE, proofs=("1234",))
    older = report("cũ", procedure_name="Khai sinh", status=Status.PROCESSING, proofs=("5678", "1234"))
    finding = await ask([Told(older), Told(newer)], CODE)
    assert finding.report == replace(newer, procedure_name="Khai sinh", proofs=("1234", "5678"))


async def test_a_time_that_is_still_to_come_is_no_event() -> None:
    promised = report("hẹn", finished=NOW + timedelta(days=9))
    later = report("mới", hours=-1)
    finding = await ask([Told(promised), Told(later)], CODE)
    assert finding.report
    assert finding.report.source == "mới"


async def test_of_two_at_the_same_event_the_one_with_a_status_wins() -> None:
    finding = await ask([Told(report("a")), Told(report("b", status=Status.DONE))], CODE)
    assert finding.report
    assert finding.report.source == "b"


async def test_sources_are_asked_side_by_side() -> None:
    gate = asyncio.Event()
    sources = [Told(report(), gate=gate), Told(None, gate=gate)]
    asking = asyncio.create_task(ask(sources, CODE))
    await until(lambda: [source.asked for source in sources] == [1, 1])
    gate.set()
    assert (await asking).report == report()


async def test_all_answer_that_there_is_no_such_dossier() -> None:
    finding = await ask([Told(None), Told(None)], CODE, last=report())
    assert finding.unknown
    assert finding.report is None


async def test_without_sources_nothing_is_known() -> None:
    assert not (await ask([], CODE)).unknown


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (SourceDown("x", 7), Trouble("cổng", Cause.DOWN, 7)),
        (SourceRefused("x"), Trouble("cổng", Cause.REFUSED)),
        (SourceUnreadable("x"), Trouble("cổng", Cause.UNREADABLE)),
    ],
)
async def test_a_source_that_does_not_tell_yields_the_last_report_with_its_time(
    error: SourceError, trouble: Trouble
) -> None:
    last = report("cổng", read_at=NOW - timedelta(days=1), hours=-90)
    finding = await ask([Told(error, "cổng")], CODE, last)
    assert finding.report == replace(last, fresh=False)
    assert finding.troubles == (trouble,)
    assert not finding.unknown


async def test_a_source_that_does_not_tell_leaves_open_whether_there_is_a_dossier() -> None:
    finding = await ask([Told(None), Told(SourceDown("x"))], CODE)
    assert finding.report is None
    assert not finding.unknown


async def test_an_older_answer_does_not_replace_what_a_silent_source_told_last() -> None:
    last = report("cổng", hours=-1)
    finding = await ask([Told(report("sổ", hours=-9), "sổ"), Told(SourceDown("x"), "cổng")], CODE, last)
    assert finding.report == replace(last, fresh=False)


async def test_a_silent_source_does_not_lose_a_tie_that_it_won_when_it_answered() -> None:
    told, other = report("cổng", status=Status.SUPPLEMENT), report("sổ", status=Status.PROCESSING)
    assert (await ask([Told(told), Told(other)], CODE)).report == told
    finding = await ask([Told(SourceDown("x"), "cổng"), Told(other, "sổ")], CODE, told)
    assert finding.report == replace(told, fresh=False)


async def test_a_source_that_answers_replaces_what_it_told_last() -> None:
    last = report("sổ", hours=-1)
    finding = await ask([Told(report("sổ", hours=-9), "sổ"), Told(SourceDown("x"), "cổng")], CODE, last)
    assert finding.report == report("sổ", hours=-9)


async def test_patience_ends() -> None:
    finding = await ask([Told(None, "cổng", gate=asyncio.Event())], CODE, patience=0.01)
    assert finding.troubles == (Trouble("cổng", Cause.DOWN),)
