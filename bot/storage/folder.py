"""The data folder: made when missing, and used by one instance at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StorageError, reason


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the lock ends with the process, however it ends.

    Raises ``StorageError`` when the folder cannot be written or another instance holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:  # the folder's owner must be able to start the program next time
            os.fchown(descriptor, folder.stat().st_uid, -1)
    except OSError as error:
        raise StorageError(
            f"Không ghi được vào thư mục dữ liệu {folder} ({reason(error)}): "
            "sửa quyền, dung lượng, hoặc đặt MOT_CUA_DATA thành thư mục khác."
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StorageError(
                f"Thư mục dữ liệu {folder} đang được một bản khác của chương trình dùng: "
                "tắt bản kia, hoặc đặt MOT_CUA_DATA thành thư mục khác."
            ) from error
        yield
    finally:
        os.close(descriptor)
