"""What a button carries: a verb and its argument, in ASCII and well under Telegram's 64 bytes.

A payload names procedures by code, questions, choices and papers by their own ids, fields by a digest of their name,
nothing by its place in a list, so that a button pressed under an older catalogue still means the same thing or is
known to be gone.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What a button asks for. Buttons live on in old messages, so a value never comes to mean something else."""

    SHOW = "show"
    PICK = "pick"
    PAPERS = "papers"
    COSTS = "costs"
    STEPS = "steps"
    LEGAL = "legal"
    TERMS = "terms"
    RELATED = "related"
    REJECT = "reject"
    NONE = "none"
    FIELD = "field"
    FIELDS = "fields"
    HELP = "help"
    BROWSE = "browse"
    PERSON = "person"
    CASE = "case"
    RESTART = "restart"
    ANSWER = "answer"
    BACK = "back"
    FINISH = "finish"
    TICK = "tick"
    READY = "ready"
    COPIES = "copies"
    KEEP = "keep"
    PICTURE = "picture"
    SHARE = "share"
    OPEN = "open"
    REMIND = "remind"
    EVENT = "event"
    EVENTS = "events"
    BUNDLE = "bundle"
    WHOLE = "whole"
    LEAFLET = "leaflet"
    FORMS = "forms"
    FORM = "form"
    TRACK = "track"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    LIVE = "live"
    MOVE = "move"
    UNLIVE = "unlive"
    ARTICLE = "article"
    ARTICLES = "articles"
    WISH = "wish"
    UNWISH = "unwish"
    DESK = "desk"
    AID = "aid"


_CODE = r"(?P<argument>\d\.\d{6})"
_DOSSIER = r":(?P<detail>[0-9A-Z][0-9A-Z./-]{4,42})"
_SLUG = r"[a-z][a-z0-9_]{0,19}"
_SHAPES: dict[Verb, str] = {
    Verb.NONE: "",
    Verb.HELP: "",
    Verb.BROWSE: "",
    Verb.PERSON: "",
    Verb.FIELD: r":(?P<argument>[0-9a-f]{8}):(?P<page>\d{1,3})",
    Verb.FIELDS: r":(?P<page>\d{1,3})",
    Verb.ANSWER: rf":{_CODE}:(?P<detail>{_SLUG}:{_SLUG})",
    Verb.TICK: rf":{_CODE}:(?P<detail>[0-9a-f]{{6}})",
    Verb.OPEN: r":(?P<detail>\d{7}_[0-9a-f]{4}_[0-9z-]{1,40})",
    Verb.COPIES: rf":{_CODE}:(?P<page>\d{{1,3}})",
    Verb.FORM: rf":{_CODE}:(?P<detail>[0-9a-f]{{12}})",
    Verb.LEAFLET: rf":{_CODE}(?::(?P<detail>a4|a5))?",
    Verb.TRACK: _DOSSIER,
    Verb.FOLLOW: _DOSSIER,
    Verb.UNFOLLOW: _DOSSIER,
    Verb.EVENT: r":(?P<detail>[a-z][a-z-]{1,23})",
    Verb.EVENTS: "",
    Verb.LIVE: r":(?P<detail>\d{5})",
    Verb.MOVE: "",
    Verb.UNLIVE: "",
    Verb.ARTICLE: r":(?P<detail>[a-z][a-z0-9-]{1,39})",
    Verb.ARTICLES: "",
    Verb.WISH: r":(?P<argument>[0-9a-f]{8})",
    Verb.UNWISH: r":(?P<argument>[0-9a-f]{8})",
    Verb.DESK: (
        r":(?P<detail>wait|link|write|answers|(?:post|drop|answer):\d{1,18}|send:\d{1,18}:[0-9a-f]{8}"
        r"|(?:take|leave):[0-9a-f]{16})"
    ),
    Verb.AID: r":(?P<detail>[a-z]{2,10}(?::[A-Za-z0-9_.-]{1,24}){0,2}|sit:\d{1,9}:[a-z]{4,7}:[a-z0-9_:]{1,41})",
    Verb.BUNDLE: r":(?P<detail>[a-z][a-z-]{1,23}):(?P<page>\d{1,3})",
    Verb.WHOLE: r":(?P<detail>[a-z][a-z-]{1,23}):(?P<page>\d{1,3})",
    Verb.REMIND: rf":{_CODE}(?::(?P<detail>[0-9]{{1,2}}|off))?",
}
_PAGED = (Verb.FIELD, Verb.FIELDS, Verb.COPIES, Verb.BUNDLE, Verb.WHOLE)
_PAYLOADS = {verb: re.compile(verb + _SHAPES.get(verb, f":{_CODE}"), re.ASCII) for verb in Verb}


@dataclass(frozen=True, slots=True)
class Action:
    """A pressed button: ``argument`` is a procedure code or a field digest, ``page`` counts from 0.

    ``detail`` is what else the verb needs: "question:choice", the key of a paper, a number of days, a
    dossier's code.
    """

    verb: Verb
    argument: str = ""
    page: int = 0
    detail: str = ""

    def payload(self) -> str:
        """Return it as a button carries it; ``parse`` reads it back."""
        number = str(self.page) if self.verb in _PAGED else ""
        return ":".join(part for part in (self.verb, self.argument, self.detail, number) if part)


def parse(payload: str) -> Action | None:
    """Read a payload; None when it is none of ours (forged, or of a program long gone)."""
    try:
        verb = Verb(payload.partition(":")[0])
    except ValueError:
        return None
    found = _PAYLOADS[verb].fullmatch(payload)
    if found is None:
        return None
    named = found.groupdict()
    return Action(verb, named.get("argument") or "", int(named.get("page") or 0), named.get("detail") or "")


def digest(name: str) -> str:
    """Return the eight hex digits by which a button names a field or a question."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]
