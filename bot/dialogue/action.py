"""What a button carries: a verb and its argument, in ASCII and well under Telegram's 64 bytes.

A payload names procedures by code and fields by a digest of their name, never by a place in a list, so that a button
pressed under an older catalogue still means the same thing or is known to be gone.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

_CODE = r"\d\.\d{6}"
_PAYLOADS = re.compile(
    rf"(?:(?P<verb>[a-z]{{1,8}}):(?P<code>{_CODE})|(?P<browse>field):(?P<digest>[0-9a-f]{{8}}):(?P<page>\d{{1,3}})"
    rf"|(?P<fields>fields):(?P<at>\d{{1,3}})|(?P<bare>none|help|browse|person))",
    re.ASCII,
)


class Verb(StrEnum):
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


_BARE = (Verb.NONE, Verb.HELP, Verb.BROWSE, Verb.PERSON, Verb.FIELD, Verb.FIELDS)


@dataclass(frozen=True, slots=True)
class Action:
    """A pressed button: ``argument`` is a procedure code or a field digest, ``page`` counts from 0."""

    verb: Verb
    argument: str = ""
    page: int = 0

    def payload(self) -> str:
        if self.verb is Verb.FIELDS:
            return f"fields:{self.page}"
        if self.verb is Verb.FIELD:
            return f"field:{self.argument}:{self.page}"
        return f"{self.verb}:{self.argument}" if self.argument else str(self.verb)


def parse(payload: str) -> Action | None:
    """Read a payload; None when it is none of ours (forged, or of a program long gone)."""
    found = _PAYLOADS.fullmatch(payload)
    if found is None:
        return None
    if found["browse"]:
        return Action(Verb.FIELD, found["digest"], int(found["page"]))
    if found["fields"]:
        return Action(Verb.FIELDS, page=int(found["at"]))
    if found["bare"]:
        return Action(Verb(found["bare"]))
    try:
        verb = Verb(found["verb"])
    except ValueError:
        return None
    return None if verb in _BARE else Action(verb, found["code"])


def digest(name: str) -> str:
    """Return the eight hex digits by which a button names a field."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]
