"""The second proof that a dossier is one's own: the last four digits of the ID or phone number given with it.

Of those numbers nothing else is kept, and the four digits only sealed: as an HMAC under a secret of this installation,
together with the dossier's code, so that equal digits look different on every dossier. Collecting no more than the
purpose needs is what Law 91/2025/QH15 on personal data protection asks for.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dossiers.report import Report

_DIGITS = re.compile(r"\d{4}", re.ASCII)
_SEALED = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NAME = "dossier proofs"
_KEEP = text("INSERT INTO secret (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
_KEPT = text("SELECT value FROM secret WHERE name = :name")


class Seals:
    """Seals what must be compared but not kept."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def proof(self, code: str, digits: str) -> str:
        """Seal four digits given for a dossier; what is sealed already stays so."""
        return digits if _SEALED.fullmatch(digits) else self._seal("proof", code, digits)

    def asker(self, name: str) -> str:
        """Seal the name of a chat or a network address, to count by."""
        return self._seal("asker", name)

    def fits(self, sealed: str, code: str, report: Report | None) -> bool:
        """Say whether a sealed proof is one of the dossier's. Takes as long when there is no such dossier."""
        known = [proof for proof in (report.proofs if report else ()) if _usable(proof)]
        candidates = [*known, "0000", "0000"][: max(2, len(known))]
        found = [hmac.compare_digest(sealed, self.proof(code, candidate)) for candidate in candidates]
        return any(found[: len(known)])

    def close(self, code: str, proofs: Iterable[str]) -> tuple[str, ...]:
        """Return proofs ready to be stored: sealed, each once, in an order that tells nothing."""
        return tuple(sorted({self.proof(code, proof) for proof in proofs if _usable(proof)}))

    def _seal(self, *parts: str) -> str:
        return hmac.new(self._secret, "\x00".join(parts).encode(), hashlib.sha256).hexdigest()


def _usable(proof: str) -> bool:
    return bool(_DIGITS.fullmatch(proof) or _SEALED.fullmatch(proof))


async def shared_seals(engine: AsyncEngine, given: str | None) -> Seals:
    """Return the seals of this installation: under the secret ``given``, else under one kept in the database."""
    if given:
        return Seals(given.encode())
    async with engine.begin() as connection:
        await connection.execute(_KEEP, {"name": _NAME, "value": secrets.token_bytes(32)})
        return Seals(bytes((await connection.execute(_KEPT, {"name": _NAME})).scalar_one()))
