"""The sources against the simulator over real HTTP, with each fault: nothing invented, and back again afterwards."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.dossiers.report import Report
from bot.dossiers.routing import Routing
from bot.dossiers.simulator import pointing, portal
from bot.dossiers.simulator.serving import Running, running
from bot.dossiers.simulator.story import MARK, UNITS, Dossier, Kind
from bot.dossiers.sources import entries
from bot.dossiers.sources.building import usual
from bot.dossiers.sources.merged import Cause, Finding
from bot.dossiers.sources.opening import opened
from bot.dossiers.status import Status
from bot.errors import BotError
from tests.patience import until

KINDS = list(Kind)


@pytest.fixture
async def simulator() -> AsyncIterator[Running]:
    async with running() as simulator:
        yield simulator


@pytest.fixture
async def routing(simulator: Running) -> AsyncIterator[Routing]:
    """The sources as the simulator's own file names them, without a cache, and not too patient."""
    text = pointing.sources(simulator.address).replace("cache_seconds = 3", "cache_seconds = 0\ntimeout = 2")
    async with opened(entries.read(text, {}, "mô phỏng"), usual()) as routing:
        yield routing


def some(simulator: Running, kind: Kind, status: Status = Status.PROCESSING) -> Dossier:
    now = simulator.portal.now()
    return next(
        d for d in simulator.portal.dossiers.values() if d.kind is kind and d.happened(now)[-1].status is status
    )


async def order(simulator: Running, **fault: object) -> None:
    async with ClientSession() as session, session.post(f"{simulator.address}/faults", json=fault) as response:
        assert response.status == 200


async def test_every_dossier_is_reported_as_it_stands(simulator: Running, routing: Routing) -> None:
    now = simulator.portal.now()
    for dossier in simulator.portal.dossiers.values():
        finding = await routing.look_up(dossier.code)
        assert finding.report
        assert finding.report.status is dossier.happened(now)[-1].status
        assert finding.report.owner == dossier.owner
        assert dossier.phone[-4:] in finding.report.proofs
        assert MARK in finding.report.source
        assert finding.report.due == dossier.promised(dossier.story.due)


async def test_a_code_nobody_knows(routing: Routing) -> None:
    for kind in Kind:
        assert (await routing.look_up(f"{UNITS[kind]}-261115-0001")).unknown


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("slow", Cause.DOWN),
        ("error", Cause.DOWN),
        ("too_many", Cause.DOWN),
        ("dropped", Cause.DOWN),
        ("truncated", Cause.UNREADABLE),
        ("html", Cause.UNREADABLE),
        ("huge", Cause.UNREADABLE),
        ("redirect", Cause.UNREADABLE),
    ],
)
async def test_a_fault_yields_the_last_report_and_afterwards_a_new_one(
    simulator: Running, routing: Routing, kind: Kind, fault: str, cause: Cause
) -> None:
    code = some(
        simulator,
        kind,
        Status.DONE if kind is Kind.JSON else Status.PROCESSING if kind is Kind.NATIONAL else Status.SUPPLEMENT,
    ).code
    last = (await routing.look_up(code)).report
    assert last
    await order(simulator, fault=fault, seconds=2.3)
    finding = await routing.look_up(code, last)
    assert finding.report == replace(last, fresh=False)
    assert [trouble.cause for trouble in finding.troubles] == [cause]
    await order(simulator, fault="clear")
    if fault == "too_many":
        await asyncio.sleep(finding.troubles[0].seconds or 0)
    again = await routing.look_up(code, last)
    assert again.report
    assert (again.report.fresh, again.report.status) == (True, last.status)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["error", "dropped"])
async def test_a_fault_that_passes_is_not_noticed(simulator: Running, routing: Routing, kind: Kind, fault: str) -> None:
    code = next(d.code for d in simulator.portal.dossiers.values() if d.kind is kind)
    await routing.look_up(code)
    await order(simulator, fault=fault, times=1)
    finding = await routing.look_up(code)
    assert finding.report
    assert not finding.troubles


@pytest.mark.parametrize("kind", KINDS)
async def test_wrong_types_never_invent_anything(simulator: Running, routing: Routing, kind: Kind) -> None:
    code = next(d.code for d in simulator.portal.dossiers.values() if d.kind is kind)
    await routing.look_up(code)
    await order(simulator, fault="wrong_types")
    for _ in range(20):
        found = (await routing.look_up(code)).report
        assert found is None or isinstance(found, Report)


@pytest.mark.parametrize("kind", [Kind.NATIONAL, Kind.IGATE])
async def test_one_new_login_when_the_session_expires(simulator: Running, routing: Routing, kind: Kind) -> None:
    known = [d.code for d in simulator.portal.dossiers.values() if d.kind is kind][:4]
    for code in known:
        await routing.look_up(code)
    await order(simulator, fault="expired")
    before = simulator.portal.asked
    findings = await asyncio.gather(*(routing.look_up(code) for code in known))
    assert all(finding.report and not finding.troubles for finding in findings)
    assert simulator.portal.asked - before == 2 * len(known) + 1


async def test_many_who_ask_for_one_dossier_are_one_request(simulator: Running, routing: Routing) -> None:
    code = some(simulator, Kind.JSON, Status.DONE).code
    await asyncio.gather(*(routing.look_up(code) for _ in range(50)))
    assert simulator.portal.asked == 1


async def test_a_wrong_password_is_tried_once(simulator: Running) -> None:
    text = pointing.sources(simulator.address).replace('password = "mo-phong"', 'password = "sai"')
    async with opened(entries.read(text, {}, "mô phỏng"), usual()) as routing:
        code = some(simulator, Kind.NATIONAL).code
        first = await routing.look_up(code)
        second = await routing.look_up(code)
    assert [finding.troubles[0].cause for finding in (first, second)] == [Cause.REFUSED, Cause.DOWN]
    assert simulator.portal.asked == 1


async def test_the_page_lists_the_dossiers_and_says_that_they_are_made_up(simulator: Running) -> None:
    async with ClientSession() as session, session.get(simulator.address) as response:
        page = await response.text()
    assert all(code in page for code in simulator.portal.dossiers)
    assert MARK in page


async def test_faults_are_set_by_a_form_a_query_or_json_and_cleared(simulator: Running) -> None:
    async with ClientSession() as session:
        faults = f"{simulator.address}/faults"
        async with session.post(faults, data={"fault": "slow"}, allow_redirects=False) as response:
            assert response.status == 303
        async with session.post(f"{faults}?fault=html&times=2") as response:
            assert (await response.json())["faults"] == {"slow": None, "html": 2}
        wrongs: list[object] = [{"fault": "x"}, {"fault": "slow", "times": 0.5}, {"fault": "slow", "seconds": 1000}, []]
        for wrong in wrongs:
            async with session.post(faults, json=wrong) as response:
                assert response.status == 400
        async with session.delete(faults) as response:
            assert (await response.json())["faults"] == {}


async def test_a_login_needs_all_that_the_exchange_asks_for(simulator: Running) -> None:
    right = {"username": portal.USERNAME, "password": portal.PASSWORD}
    address = f"{simulator.address}/national/login"
    async with ClientSession() as session:
        async with session.post(address, json=right) as response:
            assert (await response.json())["error_code"] == 1
        async with session.post(address, json=right, headers={"dstcode": portal.DSTCODE}) as response:
            assert (await response.json())["session"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that nobody else vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    options = ["-subj", "/CN=mo-phong", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-nodes"]
    files = ["-keyout", str(key), "-out", str(cert)]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", *options, *files]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


async def test_tls_goes_and_comes_back(certificate: tuple[Path, Path]) -> None:
    async with running(certificate=certificate) as simulator:
        text = pointing.sources(simulator.tls_address).replace(
            "cache_seconds = 3", f'cache_seconds = 0\nca_file = "{certificate[0]}"'
        )
        async with opened(entries.read(text, {}, "mô phỏng"), usual()) as routing:
            code = some(simulator, Kind.NATIONAL).code
            last = (await routing.look_up(code)).report
            assert last
            await order(simulator, fault="tls_off")

            async def failed() -> Finding | None:
                finding = await routing.look_up(code, last)
                return finding if finding.troubles else None

            async def fresh() -> bool:
                report = (await routing.look_up(code, last)).report
                return report is not None and report.fresh

            finding = await until(failed)
            assert finding.troubles[0].cause is Cause.DOWN
            assert finding.report == replace(last, fresh=False)
            await order(simulator, fault="clear")
            assert await until(fresh)


async def test_a_certificate_nobody_vouches_for_is_not_trusted(certificate: tuple[Path, Path]) -> None:
    async with running(certificate=certificate) as simulator:
        async with opened(entries.read(pointing.sources(simulator.tls_address), {}, "mô phỏng"), usual()) as routing:
            finding = await routing.look_up(some(simulator, Kind.NATIONAL).code)
        assert finding.troubles[0].cause is Cause.DOWN
        assert simulator.portal.asked == 0


async def test_a_certificate_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="PEM"):
        async with running(certificate=(tmp_path / "a", tmp_path / "b")):
            pass
