"""The bot as its user runs it: ``python -m bot`` in a process of its own.

Given a nursery, a run is forked there instead of importing everything anew.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import IO

from tests.acceptance.nursery import Nursery, Run
from tests.patience import PATIENCE_SECONDS

_ROOT = Path(__file__).resolve().parents[2]
STARTED_WITHIN = 3 * PATIENCE_SECONDS
"""Seconds for a start, which reads and builds much, beside other tests that do the same."""

_PROMISE = "Mở trình duyệt tại: "


class BotProcess:
    """One run of the program. ``errors`` is what it wrote to stderr so far."""

    def __init__(self, folder: Path, nursery: Nursery | None = None, /, **settings: str) -> None:
        self.folder = folder
        self._nursery = nursery
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self._environment = kept | {"PYTHONPATH": str(_ROOT), "PORT": "0", "PYTHONWARNINGS": "default"} | settings
        self._log = folder / "stderr.txt"
        self._process: asyncio.subprocess.Process | Run | None = None
        self.address = ""

    @property
    def errors(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @property
    def _record(self) -> Path:
        return self.folder / "data/postgres/postmaster.pid"

    def database_process(self) -> int | None:
        """Return the process number of the embedded database, as its own record has it."""
        return int(self._record.read_text().split()[0]) if self._record.exists() else None

    def rename_database_process(self, number: int) -> None:
        """Let the record of the embedded database name another process."""
        _, rest = self._record.read_text().split("\n", 1)
        self._record.write_text(f"{number}\n{rest}")

    def cpu_seconds(self) -> float:
        """Return the processor time the process has used, its own and the system's for it."""
        assert self._process
        told = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    async def launch(self) -> None:
        """Start the process without waiting for it."""
        with self._log.open("ab") as log:
            self._process = await self._begin((), log)

    async def _begin(
        self, arguments: tuple[str, ...], errors: IO[bytes] | None = None
    ) -> asyncio.subprocess.Process | Run:
        """Start the program; what it complains of goes to ``errors``, or where it prints."""
        if self._nursery:
            return await self._nursery.run(arguments, self.folder, self._environment, errors)
        command = (sys.executable, "-m", "bot", *arguments)
        return await asyncio.create_subprocess_exec(
            *command, cwd=self.folder, env=self._environment, stdout=-1, stderr=errors or -2
        )

    async def run(self, *arguments: str) -> tuple[int, str]:
        """Run another command with the same settings beside this one; return its exit code and what it printed."""
        command = await self._begin(arguments)
        printed, _ = await asyncio.wait_for(command.communicate(), STARTED_WITHIN)
        assert command.returncode is not None
        return command.returncode, printed.decode()

    async def start(self, seconds: float = STARTED_WITHIN) -> str:
        """Start, and return the address it tells its user."""
        await self.launch()
        assert self._process
        assert self._process.stdout
        line = (await asyncio.wait_for(self._process.stdout.readline(), seconds)).decode()
        assert line.startswith(_PROMISE), f"said {line!r}, complained {self.errors}"
        self.address = line.removeprefix(_PROMISE).strip()
        return self.address

    async def wait(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Wait for the end and return the exit code."""
        assert self._process
        await asyncio.wait_for(self._process.communicate(), seconds)
        assert self._process.returncode is not None
        return self._process.returncode

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask the process to end and return its exit code."""
        self.send(number)
        return await self.wait()

    def send(self, number: int) -> None:
        """Send a signal."""
        assert self._process
        self._process.send_signal(number)

    async def kill(self) -> None:
        """End the process as a power cut would."""
        assert self._process
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()
