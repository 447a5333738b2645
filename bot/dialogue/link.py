"""Links back to a case: for sharing, for a QR on paper, and for the printed checklist.

A case in a link is its procedure and its answers, nothing that names a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from bot.dialogue.services import Services
from bot.dialogue.session import Prepared
from knowledge import case
from knowledge.procedure import Procedure

PREFIX = "c_"


@dataclass(frozen=True, slots=True)
class Printed:
    """What the path of a printed checklist names."""

    code: str
    token: str
    ending: str
    ticked: tuple[str, ...]
    copies: int
    commune: str = ""


def web(procedure: Procedure, prepared: Prepared, services: Services) -> str:
    """Return the address of the case on our page; empty when the page has no address."""
    return f"{services.page_url}/c/{case.token(procedure, prepared.answers)}" if services.page_url else ""


def telegram(procedure: Procedure, prepared: Prepared, services: Services) -> str:
    """Return the link that opens the case in Telegram; empty when the bot has no name."""
    if not services.bot_username:
        return ""
    return f"https://t.me/{services.bot_username}?start={PREFIX}{case.token(procedure, prepared.answers)}"


def share(address: str, words: str) -> str:
    """Return the link by which Telegram asks whom to send ``address`` to."""
    return f"https://t.me/share/url?url={quote(address, safe='')}&text={quote(words, safe='')}"


def checklist(procedure: Procedure, prepared: Prepared, ending: str, commune: str = "") -> str:
    """Return the path of the printed checklist as it is for ``commune``; ``ending`` is ``pdf`` or ``png``."""
    path = f"/checklist/{case.token(procedure, prepared.answers)}.{ending}"
    copies = str(prepared.copies) if prepared.copies > 1 else ""
    wanted = {"ticked": ".".join(prepared.ticked), "copies": copies, "at": commune}
    query = urlencode({key: value for key, value in wanted.items() if value})
    return f"{path}?{query}" if query else path


def read_checklist(path: str) -> Printed | None:
    """Read a path that ``checklist`` made; None when it is none."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return None
    token, _, ending = parts.path.removeprefix("/checklist/").rpartition(".")
    code = case.token_code(token)
    if code is None or ending not in ("pdf", "png"):
        return None
    query = parse_qs(parts.query)
    copies = query.get("copies", ["1"])[0]
    count = int(copies) if copies in {str(n) for n in range(1, 100)} else 1
    ticked = tuple(filter(None, query.get("ticked", [""])[0].split(".")))
    return Printed(code, token, ending, ticked[:99], count, query.get("at", [""])[0])
