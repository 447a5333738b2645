"""Advisory lock keys: who may do what, one at a time, across all replicas on one database."""

from __future__ import annotations

import hashlib
from enum import IntEnum


class Lock(IntEnum):
    """Keys for work that only one replica does at a time. Chat keys below never take these small values."""

    MIGRATION = 1
    POLLING = 2
    HOUSEKEEPING = 3
    PUBLISHING = 4
    CALENDAR = 5
    SORTING = 6
    ERRANDS = 7
    HELPING = 9
    BROADCASTING = 8
    REPORTING = 10


def chat_key(purpose: str, *names: str) -> int:
    """Return a 64-bit lock key for one chat and one purpose ("turn", "delivery")."""
    digest = hashlib.sha256("\x00".join((purpose, *names)).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
