"""Text for property tests: Vietnamese as it may arrive, and text of any kind at all."""

from __future__ import annotations

import unicodedata
from typing import Literal

from hypothesis import strategies as st

from knowledge.vietnamese.spelling import load_syllables

SYLLABLES = sorted(load_syllables())
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
TONES = {"\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j"}
"""The five tone marks, with their Telex keys."""

anything = st.text(st.characters(), max_size=200)
"""Any code points whatever, lone surrogates and unassigned ones among them."""

vietnamese = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=12).map(" ".join)
"""Syllables in the one form in which the project keeps them."""


@st.composite
def as_typed(draw: st.DrawFn) -> tuple[str, str]:
    """Draw Vietnamese text in its kept form, and the same text as some program may send it."""
    text = draw(vietnamese)
    sent = " ".join(draw(st.sampled_from((word, old_place(word)))) for word in text.split())
    form: Form = draw(st.sampled_from(("NFC", "NFD", "NFKC", "NFKD")))
    return text, unicodedata.normalize(form, sent)


def old_place(syllable: str) -> str:
    """Return ``syllable`` with the tone where schools taught it before: hoà as hòa, thuỷ as thủy."""
    bare, tone = apart(syllable)
    if tone and bare.endswith(("oa", "oe", "uy")):
        return unicodedata.normalize("NFC", bare[:-1] + tone + bare[-1])
    return syllable


def apart(syllable: str) -> tuple[str, str]:
    """Return a syllable without its tone, and the tone mark ("" for none)."""
    parts = unicodedata.normalize("NFD", syllable)
    tone = "".join(mark for mark in parts if mark in TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES)), tone
