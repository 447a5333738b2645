from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office.totp import Codes, plausible

CODES = Codes(b"secret")
SEED = "0" * 32
NOW = 1_800_000_000.0


def by_the_book(secret: str, step: int) -> str:
    """RFC 6238 and RFC 4226, written out."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_codes_are_those_of_the_standard_a_step_around_now(drift: int) -> None:
    step = int(NOW // 30) + drift
    code = by_the_book(CODES.shown(7, SEED), step)
    assert CODES.step(7, SEED, code, NOW) == step
    assert CODES.step(7, SEED, f" {code[:3]} {code[3:]} ", NOW) == step


@pytest.mark.parametrize("drift", [-2, 2])
def test_codes_of_other_times_are_wrong(drift: int) -> None:
    code = by_the_book(CODES.shown(7, SEED), int(NOW // 30) + drift)
    assert CODES.step(7, SEED, code, NOW) is None


def test_secret_belongs_to_one_person_one_seed_and_one_installation() -> None:
    others = (CODES.shown(8, SEED), CODES.shown(7, "1" * 32), Codes(b"other").shown(7, SEED))
    assert CODES.shown(7, SEED) not in others
    assert SEED not in CODES.shown(7, SEED)
    assert len(CODES.shown(7, SEED)) == 32


def test_address_is_what_apps_read() -> None:
    address = CODES.address(7, SEED, "nga")
    assert address.startswith("otpauth://totp/M%E1%BB%99t%20C%E1%BB%ADa:nga?secret=")
    assert CODES.shown(7, SEED) in address


@given(st.text(max_size=20))
def test_whatever_is_typed_raises_nothing(code: str) -> None:
    assert CODES.step(7, SEED, code, NOW) in (None, *range(int(NOW // 30) - 1, int(NOW // 30) + 2))


def test_seeds() -> None:
    assert plausible(Codes.new_seed())
    assert not plausible("")
    assert not plausible("x" * 32)
