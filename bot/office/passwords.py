"""Passwords: which are good enough, and how they are kept (Argon2id, RFC 9106's second recommended parameters)."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 128

TOO_SHORT = f"Mật khẩu cần ít nhất {SHORTEST} ký tự. Một câu ngắn dễ nhớ là tốt nhất."
TOO_LONG = f"Mật khẩu dài quá {LONGEST} ký tự."
TOO_EASY = "Mật khẩu này dễ đoán quá. Anh/chị chọn một câu khác giúp."

_AT_ONCE = 2  # each takes 64 MiB and a core for some hundredths of a second
_WIDELY_USED = ("password", "matkhau", "qwerty", "123456", "111111", "abc123", "iloveyou", "anhyeuem", "vietnam")
_FEWEST_LETTERS = 5


def fault(password: str, login: str) -> str | None:
    """Return in words why a password is not good enough, or None when it is."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        return TOO_SHORT
    if len(plain) > LONGEST:
        return TOO_LONG
    bare = _bare(plain)
    for word in sorted((*_WIDELY_USED, _bare(login)), key=len, reverse=True):
        bare = bare.replace(word, "") if word else bare
    return TOO_EASY if len(set(bare)) < _FEWEST_LETTERS else None


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


class Passwords:
    """Hashes and compares passwords off the event loop, so many at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._cores = asyncio.Semaphore(_AT_ONCE)
        self._nobody: str | None = None

    async def hashed(self, password: str) -> str:
        """Return what is kept of a password."""
        async with self._cores:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def fits(self, kept: str | None, password: str) -> bool:
        """Say whether a password is the one kept. Takes as long when there is none."""
        if self._nobody is None:
            self._nobody = await self.hashed(secrets.token_hex())
        async with self._cores:
            same = await asyncio.to_thread(self._compare, kept or self._nobody, _normal(password))
        return same and bool(kept)

    def _compare(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def _normal(password: str) -> str:
    """Return a password in one form: keyboards write the same Vietnamese letter in several ways."""
    return unicodedata.normalize("NFKC", password[: LONGEST * 4])
