"""Matchers are dear to build: one over what we ship, one over the national catalogue, for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import catalogue as catalogues
from knowledge.catalogue import Catalogue
from knowledge.exchange.national import read_national
from knowledge.matching import Matcher
from knowledge.procedure import Procedure

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


def shared(name: str) -> Path:
    """Return a file of the real data that stands beside the repository; skip the test where there is none."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"needs the real data in shared/{name} beside the repository, which is not here")
    return path


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    return catalogues.load()


@pytest.fixture(scope="session")
def matcher(shipped: Catalogue) -> Matcher:
    """The matcher as the bot builds it."""
    return Matcher(shipped)


@pytest.fixture
def small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matchers of this test know the records they are given and nothing of the rest of the country: quick to build."""
    monkeypatch.setattr("knowledge.matching.matcher.load_names", list)
    monkeypatch.setattr("knowledge.matching.matcher.load_phrases", dict)


@pytest.fixture(scope="session")
def national() -> list[Procedure]:
    """All records of the national portal."""
    return list(read_national(shared("data/national.jsonl.gz")))


@pytest.fixture(scope="session")
def national_matcher(national: list[Procedure], shipped: Catalogue) -> Matcher:
    return Matcher(catalogues.enrich(national, shipped))
