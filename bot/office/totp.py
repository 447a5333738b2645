"""One-time codes of an authenticator app (RFC 6238: six digits, 30 seconds, SHA-1, as all apps understand).

Nothing that makes codes is kept with the account, only a random seed: the app's secret is an HMAC of it under the
secret of this installation. Who reads the table of staff cannot make codes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError

ISSUER = "Một Cửa"
_SEED = re.compile(r"[0-9a-f]{32}", re.ASCII)
_CODE = re.compile(r"\d{6}", re.ASCII)
_DRIFT = 1  # steps a telephone's clock may be early or late


class Codes:
    """Makes and checks one-time codes. ``secret`` is the installation's."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @staticmethod
    def new_seed() -> str:
        """Return a fresh seed."""
        return secrets.token_hex(16)

    def shown(self, staff: int, seed: str) -> str:
        """Return the secret to type into an app, in base 32."""
        told = hmac.new(self._secret, f"totp {staff} {seed}".encode(), hashlib.sha256).digest()
        return base64.b32encode(told[:20]).decode()

    def address(self, staff: int, seed: str, login: str) -> str:
        """Return the ``otpauth:`` address that an app reads from a QR code."""
        return TOTP(self.shown(staff, seed)).provisioning_uri(name=login, issuer_name=ISSUER)

    def step(self, staff: int, seed: str, code: str, now: float) -> int | None:
        """Return the 30-second step whose code this is, around ``now`` (seconds since 1970); None when it is wrong.

        Whoever accepts a code keeps its step and takes only later ones, so that no code serves twice.
        """
        digits = "".join(code.split())
        if not _CODE.fullmatch(digits):
            return None
        try:
            return TOTP(self.shown(staff, seed)).verify_and_get_timecode(digits, for_time=now, valid_window=_DRIFT)
        except OTPVerificationError:
            return None


def plausible(seed: str) -> bool:
    """Say whether ``seed`` has the shape of one of ours."""
    return bool(_SEED.fullmatch(seed))
