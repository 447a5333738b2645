"""What people type at the last look, where they might press: that it be sent, or that it be let go."""

from __future__ import annotations

import re

from bot.dialogue import smalltalk
from bot.dialogue.smalltalk import Talk
from knowledge.vietnamese import fold, normalise

_FIRST = r"(?:ok|oke|okay|vang|da|u|uh|roi|duoc|dung|dung roi|dong y|xong|thi|vay|nho|ban|em|chau|con|cho|giup)"
_LAST = r"(?:di|nhe|nha|luon|ngay|giup|ho|cho|toi|em|minh|chau|con|tui|voi|a|ah|thoi|duoc roi|ngay di)"
_SEND = re.compile(rf"(?:{_FIRST} )*gui(?: {_LAST})*")
_KEEP = re.compile(
    r"(?:(?:thoi |toi )?(?:dung|khong|khoan|chua|ko|k) (?:can |muon )?gui\b.*|huy(?: bo| di)?|bo di|thoi khoi)"
)


def assents(said: str) -> bool | None:
    """Say whether somebody wants what they were just shown to be sent; None when they speak of something else."""
    bare = " ".join(re.findall(r"\w+", fold(normalise(said).lower())))
    if _KEEP.fullmatch(bare):
        return False
    if _SEND.fullmatch(bare):
        return True
    talk = smalltalk.kind(said)
    return talk is Talk.YES if talk in (Talk.YES, Talk.NO) else None
