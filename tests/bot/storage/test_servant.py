from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage import servant as module
from bot.storage.embedded import EmbeddedServer
from bot.storage.servant import place, programs, reaches, servant

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a servant")


@pytest.fixture
def closed(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that only root passes through, beside one for what is kept elsewhere."""
    monkeypatch.setattr(module, "ELSEWHERE", place / "elsewhere")
    home = place / "home"
    home.mkdir(mode=0o700)
    yield home
    assert home.stat().st_mode & 0o777 == 0o700


def test_data_in_a_closed_home_are_kept_elsewhere(closed: Path) -> None:
    for _ in range(2):
        server = EmbeddedServer(closed / "data/postgres")
        server.start()
        assert server.alive()
        server.stop()
    (kept,) = (closed.parent / "elsewhere").glob("data-*")
    assert (closed / "data/postgres").readlink() == kept
    assert (kept / "PG_VERSION").exists()
    assert kept.stat().st_mode & 0o777 == 0o700


def test_data_that_are_there_already_are_not_moved(closed: Path) -> None:
    (closed / "postgres").mkdir()
    (closed / "postgres/PG_VERSION").write_text("18")
    with pytest.raises(StorageError, match="MOT_CUA_DATA"):
        place(closed / "postgres")
    assert [path.name for path in closed.rglob("*")] == ["postgres", "PG_VERSION"]


def test_disk_of_its_own_is_not_left(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_disk", hash)
    with pytest.raises(StorageError, match="MOT_CUA_DATA"):
        place(closed / "postgres")


def test_programs_in_a_closed_home_are_copied_once(closed: Path) -> None:
    installed, libraries = closed / "package/pginstall18", closed / "package.libs"
    for file in (installed / "bin/postgres", installed / "include/a.h", libraries / "libpq.so"):
        file.parent.mkdir(parents=True)
        file.write_text("")
    (installed / "bin/postgres").chmod(0o700)
    user = pwd.getpwnam("nobody").pw_uid
    assert programs(installed, libraries, "1.2", None) == installed
    copy = programs(installed, libraries, "1.2", user)
    assert reaches(user, copy / "bin/postgres")
    assert (copy.parent.parent / "package.libs/libpq.so").stat().st_mode & 0o777 == 0o644
    assert not (copy / "include").exists()
    shutil.rmtree(libraries)
    assert programs(installed, libraries, "1.2", user) == copy


def test_owner_of_the_data_serves(tmp_path: Path) -> None:
    assert servant(tmp_path / "none") == servant(tmp_path)
    os.chown(tmp_path, 4242, -1)
    assert servant(tmp_path) == 4242
