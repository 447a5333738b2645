"""Look-ups without haste."""

from __future__ import annotations

import pytest

from bot.dossiers import lookup
from tests.patience import PATIENCE_SECONDS


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time before anybody is told that it takes a while."""
    monkeypatch.setattr(lookup, "_SILENT_SECONDS", PATIENCE_SECONDS)
