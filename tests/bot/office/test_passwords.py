from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office.passwords import LONGEST, TOO_EASY, TOO_LONG, TOO_SHORT, Passwords, fault
from tests.bot.office.desk import QUICK


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("ngắn quá", TOO_SHORT),
        ("", TOO_SHORT),
        ("x" * (LONGEST + 1), TOO_LONG),
        ("aaaaaaaaaaaaaa", TOO_EASY),
        ("1234567890", TOO_EASY),
        ("password123456", TOO_EASY),
        ("MatKhau@123456", TOO_EASY),
        ("nga.tran nga.tran", TOO_EASY),
        ("ba con mèo nằm phơi nắng", None),
        ("v7K!pq2#Zd", None),
    ],
)
def test_which_are_good_enough(password: str, words: str | None) -> None:
    assert fault(password, "nga.tran") == words


async def test_fits_whatever_keyboard_wrote_it() -> None:
    passwords = Passwords(QUICK)
    kept = await passwords.hashed(unicodedata.normalize("NFC", "đường về nhà mới"))
    assert "đường" not in kept
    assert await passwords.fits(kept, unicodedata.normalize("NFD", "đường về nhà mới"))
    assert not await passwords.fits(kept, "đường về nhà cũ")


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$m=8"])
async def test_nothing_fits_what_is_no_hash(kept: str | None) -> None:
    passwords = Passwords(QUICK)
    assert not await passwords.fits(kept, "nobody has this password")


@given(st.text(max_size=300), st.text(max_size=40))
def test_whatever_is_typed_is_judged(password: str, login: str) -> None:
    assert fault(password, login) in (None, TOO_SHORT, TOO_LONG, TOO_EASY)


def test_kept_as_rfc_9106_recommends() -> None:
    parameters = Passwords()._hasher
    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost) == ("ID", 65536, 3)
