"""What somebody types about a dossier on the screen instead of pressing its buttons: to be told of it, or no more."""

from __future__ import annotations

import re

from bot.dialogue.action import Verb
from knowledge.vietnamese import fold

_ME = r"(?:cho |giup |ho )*(?:toi|em|minh|con|chau|bac|tui)"
_TAIL = r"(?: (?:giup|ho|voi|nhe|nha|di|a|dum))*"
_IT = r"(?: (?:cai )?(?:ho so|don)(?: (?:nay|do|tren|cua (?:toi|em|minh|con)))?| (?:nay|do))?"
_TELL = r"(?:bao|bao tin|nhan|nhan tin|thong bao)"
_NEWS = r"(?:co (?:ket qua|tin|tin moi|gi moi|thay doi)|xong)"
_FOLLOW = re.compile(
    rf"(?:{_ME} )?(?:muon |xin |nho |hay )*theo doi(?: {_ME})?{_IT}(?: {_ME})?{_TAIL}"
    rf"|(?:khi nao |khi |bao gio ){_NEWS} thi {_TELL} {_ME}{_TAIL}"
    rf"|(?:nho )?{_TELL} {_ME} (?:khi nao|khi|luc nao) {_NEWS}{_TAIL}"
)
_UNFOLLOW = re.compile(
    rf"(?:{_ME} )?(?:khong|ko|thoi|ngung|dung|bo|huy)(?: muon)? theo doi{_IT}(?: nua)?{_TAIL}"
    rf"|(?:dung|khong|thoi)(?: can)? {_TELL}(?: {_ME})?{_IT}(?: nua)?{_TAIL}"
)


def wished(said: str) -> Verb | None:
    """Return which button of a dossier a text stands for: to follow it, or to follow it no longer; None for neither."""
    text = " ".join(fold(said.lower()).replace(".", " ").split()).strip(" !,;")
    if _UNFOLLOW.fullmatch(text):
        return Verb.UNFOLLOW
    return Verb.FOLLOW if _FOLLOW.fullmatch(text) else None
