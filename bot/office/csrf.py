"""Tokens by which a form proves that our own page wrote it.

Signed in, the token is the session's, kept with it in the database. Before that, a random cookie of the browser stands
for the session, and the token is an HMAC of it; the same cookie binds a one-time link to the browser that asked for it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

FIELD = "csrf"
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def fresh() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def plausible(value: str | None) -> bool:
    """Say whether a value has the shape of ``fresh``."""
    return value is not None and bool(_SHAPE.fullmatch(value))


def before_sign_in(secret: bytes, browser: str) -> str:
    """Return the token of the forms shown to a browser that is not signed in."""
    return hmac.new(secret, f"form {browser}".encode(), hashlib.sha256).hexdigest()


def same(expected: str, given: str | None) -> bool:
    """Compare two tokens in a time that tells nothing."""
    return bool(given) and hmac.compare_digest(expected.encode(), str(given).encode("utf-8", "replace"))
