"""Numbers that come from outside: out of a form, an address, a button."""

from __future__ import annotations


def natural(said: str, digits: int = 18) -> int | None:
    """Return the number from 0 on that a text writes in ASCII ``digits`` at most; None when it is anything else.

    Eighteen digits are what fits the number of a row (``bigint``) whatever they are; nine what fits an ``integer``.
    """
    return int(said) if said.isascii() and said.isdigit() and len(said) <= digits else None
