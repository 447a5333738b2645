"""Who runs PostgreSQL, which refuses to be run by root, and where that user finds data and programs.

For root another user runs it. That user reaches only what is open to all, and a home seldom is. Nobody's folder is
opened for it: data and programs out of its reach are kept in ``/var/lib/mot-cua`` instead.
"""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from bot.errors import StorageError

ELSEWHERE = Path("/var/lib/mot-cua")
_NAME = "pgserver"
_log = logging.getLogger(__name__)


def servant(folder: Path) -> int | None:
    """Return the number of the user to run PostgreSQL on ``folder``: its owner, or one made for it; None: ourselves."""
    if os.geteuid() != 0:
        return None
    if folder.is_dir() and (owner := folder.stat().st_uid):
        return owner
    try:
        return pwd.getpwnam(_NAME).pw_uid
    except KeyError:
        subprocess.run(["useradd", "--system", _NAME], check=True, capture_output=True)  # noqa: S603, S607
        return pwd.getpwnam(_NAME).pw_uid


def run_as(user: int | None) -> dict[str, object]:
    """Return what ``subprocess`` needs to run something as that user and no group of ours."""
    if user is None:
        return {}
    try:
        group = pwd.getpwuid(user).pw_gid
    except KeyError:
        group = user
    return {"user": user, "group": group, "extra_groups": []}


def reaches(user: int | None, path: Path) -> bool:
    """Say whether the user can pass through to an existing path and read it."""
    if user is None:
        return True
    words = ["test", "-r", str(path), "-a", "-x", str(path)]
    return subprocess.run(words, cwd="/", check=False, **run_as(user)).returncode == 0  # type: ignore[call-overload,no-any-return]  # noqa: S603


def place(folder: Path) -> Path:
    """Return where the data of ``folder`` are kept: there, or for root where the servant reaches them.

    The folder is then a link to that place. Raises ``StorageError`` when they cannot be moved out of the way unasked:
    there are data already, or the folder is on a disk of its own, which somebody has chosen.
    """
    folder = folder.resolve()
    user = servant(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if user is None or reaches(user, folder.parent):
        return folder
    if (folder.is_dir() and any(folder.iterdir())) or _disk(folder.parent) != _disk(ELSEWHERE.parent):
        raise StorageError(
            f"PostgreSQL không chạy bằng quyền root, và người dùng của nó không vào được {folder.parent}: "
            "chạy chương trình bằng một người dùng thường, hoặc đặt MOT_CUA_DATA thành thư mục mọi người đi qua được."
        )
    kept = Path(tempfile.mkdtemp(prefix="data-", dir=_elsewhere()))
    if folder.is_dir():
        folder.rmdir()
    folder.symlink_to(kept)
    _log.warning("the database's user does not reach %s: the data are kept in %s", folder, kept)
    return kept


def programs(installed: Path, libraries: Path, version: str, user: int | None) -> Path:
    """Return where the user finds the programs of ``installed``; for root, if need be, in the copy of that version."""
    if reaches(user, installed / "bin/postgres"):
        return installed
    copy = _elsewhere() / f"{installed.name}-{version}"
    inside = copy / installed.parent.name / installed.name
    if not copy.is_dir():
        fresh = Path(tempfile.mkdtemp(prefix="copying-", dir=copy.parent))
        shutil.copytree(installed, fresh / inside.relative_to(copy), ignore=shutil.ignore_patterns("include"))
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            fresh.rename(copy)
        except OSError:  # another start was quicker
            shutil.rmtree(fresh)
    return inside


def _elsewhere() -> Path:
    ELSEWHERE.mkdir(mode=0o755, exist_ok=True)
    ELSEWHERE.chmod(0o755)
    return ELSEWHERE


def _disk(path: Path) -> int:
    return path.stat().st_dev
