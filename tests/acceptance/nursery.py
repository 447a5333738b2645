"""Runs of the program that need not import it: a process that has done so forks one run after another.

Importing takes longer than all the rest of a start. From there on a run is what ``python -m bot`` is: a process of its
own, with its own settings, folder, signals and exit code. Tests of the start itself use a fresh interpreter.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

_ROOT = Path(__file__).resolve().parents[2]


class Run:
    """One forked run, as ``asyncio.subprocess.Process`` has it."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, told: asyncio.StreamReader, line: Any) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._ended = asyncio.create_task(self._watch(told, line))

    async def _watch(self, told: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        code = await told.readline()
        self.returncode = int(code) if code else -signal.SIGKILL
        line.close()  # only now is the number of the process free for others
        with suppress(OSError):
            await line.wait_closed()

    def send_signal(self, number: int) -> None:
        """Send a signal; raise ``ProcessLookupError`` when it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Wait for the end and return the exit code."""
        await asyncio.shield(self._ended)
        assert self.returncode is not None
        return self.returncode

    async def communicate(self) -> tuple[bytes, None]:
        """Read what it prints until it ends."""
        printed = await self.stdout.read()
        await self.wait()
        return printed, None


class Nursery:
    """Where runs are forked; it listens at ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    async def run(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], errors: IO[bytes] | None = None
    ) -> Run:
        """Start ``python -m bot`` with arguments; what it complains of goes to ``errors``, or where it prints."""
        task = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
        line = socket.socket(socket.AF_UNIX)
        line.connect(self._path)
        printed, printing = os.pipe()
        try:
            complaining = errors.fileno() if errors else printing
            socket.send_fds(line, [json.dumps(task).encode() + b"\n"], [printing, complaining])
        finally:
            os.close(printing)
        told, writer = await asyncio.open_unix_connection(sock=line)
        stdout = asyncio.StreamReader()
        reading = asyncio.StreamReaderProtocol(stdout)
        await asyncio.get_running_loop().connect_read_pipe(lambda: reading, os.fdopen(printed, "rb", 0))
        return Run(int(await told.readline()), stdout, told, writer)


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """Open a nursery whose socket stands in ``folder``, and close it afterwards."""
    path = folder / "nursery"
    # One thread of computing, for a process that forks should have no more.
    environment = os.environ | {"PYTHONPATH": str(_ROOT), "PYTHONWARNINGS": "default", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", __name__, str(path)]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        assert process.stdout.readline() == b"open\n"
        yield Nursery(path)
        process.stdin.close()


def main() -> None:
    """Fork until the other end of standard input is closed."""

    import bot.app
    import bot.cli  # noqa: F401

    gc.collect()
    gc.freeze()  # what is imported is never garbage: runs need not look at it again and again
    atexit.register(gc.unfreeze)  # at the end, libraries complain of what they made and nobody took away
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen(64)
        print("open", flush=True)
        while True:
            ready, _, _ = select.select([listener.fileno(), 0], [], [])
            if 0 in ready:
                return
            line, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _attend(line)
                return
            line.close()
            _bury()


def _attend(line: socket.socket) -> None:
    """Fork one run, and tell its number and, once it has ended, its exit code."""
    said, handles, _, _ = socket.recv_fds(line, 1 << 16, 2)
    while not said.endswith(b"\n"):
        said += line.recv(1 << 16)
    child = os.fork()
    if child == 0:
        line.close()
        _become(json.loads(said), *handles)
        return
    for handle in handles:
        os.close(handle)
    line.sendall(b"%d\n" % child)
    ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert ended
    code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
    with suppress(OSError):
        line.sendall(b"%d\n" % code)
        line.recv(1)
    os._exit(0)


def _become(task: dict[str, Any], printing: int, complaining: int) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for handle, place in ((nothing, 0), (printing, 1), (complaining, 2)):
        os.dup2(handle, place)
    for handle in {nothing, printing, complaining}:
        os.close(handle)
    # Those of before remember what stood at the other end.
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    os.chdir(task["folder"])
    os.environ.clear()
    os.environ.update(task["environment"])
    sys.argv[1:] = task["arguments"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


def _bury() -> None:
    """Forget attendants that are done."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
