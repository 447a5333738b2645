from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli, settings
from bot.dossiers.simulator import pointing
from bot.dossiers.simulator.faults import Fault
from bot.dossiers.simulator.serving import Running, running
from bot.dossiers.simulator.story import Kind


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Running]:
    """A simulator in a thread of its own, and SOURCES pointing at it."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    loop, served, made = asyncio.new_event_loop(), threading.Event(), []

    async def serve() -> None:
        async with running() as simulator:
            made.append(simulator)
            served.set()
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    served.wait(10)
    Path("sources.toml").write_text(pointing.sources(made[0].address), encoding="utf-8")
    monkeypatch.setenv("SOURCES", "sources.toml")
    yield made[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


def test_a_dossier_is_looked_up_and_no_person_named(simulator: Running, capsys: pytest.CaptureFixture[str]) -> None:
    dossier = next(each for each in simulator.portal.dossiers.values() if each.kind is Kind.NATIONAL)
    assert cli.main(["dossier", "look-up", dossier.code.lower()]) == 0
    plain = capsys.readouterr().out
    assert "Đang xử lý" in plain
    assert dossier.procedure_name in plain
    assert cli.main(["dossier", "look-up", dossier.code, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["report"]["status"], told["troubles"], told["asked"]) == (4, [], 1)
    for said in (plain, str(told)):
        assert dossier.owner not in said
        assert dossier.phone[-4:] not in said


def test_no_source_knows_the_dossier(simulator: Running, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["dossier", "look-up", "000.99.99.H48-261101-0001"]) == 1
    assert "Không nguồn nào có hồ sơ này" in capsys.readouterr().out


def test_a_source_that_fails_is_named(simulator: Running, capsys: pytest.CaptureFixture[str]) -> None:
    simulator.portal.faults.set(Fault.HTML, None, None)
    assert cli.main(["dossier", "look-up", "000.99.99.H44-261101-0001"]) == 1
    assert "Hệ thống riêng của sở: trả lời không đúng dạng" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "exit_code", "words"),
    [("H48", 2, "Không thấy đúng một mã"), ("000.00.01.H01-261101-0001", 1, "Không nguồn nào trong SOURCES")],
)
def test_a_code_that_cannot_be_asked_for(
    simulator: Running, capsys: pytest.CaptureFixture[str], code: str, exit_code: int, words: str
) -> None:
    assert cli.main(["dossier", "look-up", code]) == exit_code
    assert words in capsys.readouterr().err


def test_without_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["dossier", "look-up", "H48-261101-0001"]) == 2
    assert "đặt SOURCES" in capsys.readouterr().err


def test_a_password_in_the_env_file_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from bot.dossiers.sources import entries

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAT_KHAU_THU", raising=False)
    Path(".env").write_text("MAT_KHAU_THU=kín\n", encoding="utf-8")
    text = pointing.sources("http://127.0.0.1:1").replace('password = "mo-phong"', 'password = "env:MAT_KHAU_THU"')
    Path("s.toml").write_text(text, encoding="utf-8")
    entry = entries.configured(Path("s.toml"))[0]
    assert isinstance(entry, entries.National)
    assert entry.password == "kín"
    assert entries.configured(None) == ()
