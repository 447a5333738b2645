"""``python -m bot report`` on a real database."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.engine import URL

from bot import cli
from bot.storage.engine import connect
from tests.bot.office.ledger import HANOI, fill


async def _filled(database: URL) -> None:
    engine = connect(database)
    await fill(engine)
    await engine.dispose()


def test_report_at_the_keyboard(
    database: URL, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asyncio.run(_filled(database))
    monkeypatch.setenv("DATABASE_URL", database.render_as_string(hide_password=False))
    monkeypatch.chdir(tmp_path)
    week = ["report", "--from", "2026-11-16", "--to", "2026-11-22"]

    assert cli.main([*week, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["place"], data["from"], data["to"]) == ("Cả nước", "2026-11-16", "2026-11-22")
    assert data["headlines"][0] == {"label": "Câu hỏi", "value": "20", "detail": ""}

    assert cli.main([*week, "--scope", HANOI]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Thành phố Hà Nội, từ 16/11/2026 đến 22/11/2026.")
    assert "Câu hỏi\t4\n" in said
    assert "Trần Thị Bích" not in said

    assert cli.main([*week, "--xlsx", "a.xlsx"]) == 0
    assert load_workbook("a.xlsx")["Theo ngày"]["A4"].value == "Ngày"
    assert cli.main([*week, "--png", "a.png"]) == 0
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    capsys.readouterr()

    for wrong in (["--scope", "98"], ["--from", "mai"], ["--from", "2026-11-22", "--to", "2026-11-01"]):
        assert cli.main(["report", *wrong]) == 2
    assert cli.main([*week, "--png", "nowhere/a.png"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 4
