"""Cut a long body into messages that a channel accepts, without breaking what a reader sees.

Bodies are the small HTML of ``bot.dialogue.turn``. Telegram counts a message in UTF-16 units after it has read tags and
entities (https://core.telegram.org/bots/api#sendmessage), so tags count nothing and ``&lt;`` counts one.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

LIMIT = 4096

_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z][a-z0-9-]*)(?:\s[^<>]*)?>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|\w{2,8});|.", re.S | re.I
)
_LINK = re.compile(r"<a\s[^<>]*?href=\"([^\"]*)\"[^<>]*>(.*?)</a>", re.S | re.I)
_TAG = re.compile(r"</?[a-z][a-z0-9-]*(?:\s[^<>]*)?>", re.I)
_JOINER = "\u200d"
_SENTENCE_END = frozenset(".!?…;:")


@dataclass(frozen=True, slots=True)
class _Token:
    source: str
    shown: str = ""
    """What the reader sees; empty for a tag."""
    opens: str = ""
    closes: str = ""

    @property
    def width(self) -> int:
        return len(self.shown.encode("utf-16-le", "surrogatepass")) // 2


def split(body: str, limit: int = LIMIT) -> tuple[str, ...]:
    """Return ``body`` in parts of at most ``limit`` UTF-16 units as the reader sees them, each with balanced tags.

    A cut falls between paragraphs if possible, else between lines, sentences, words, and never inside a character as a
    reader sees it. White space at a cut is dropped; a body that shows nothing gives no part.
    """
    tokens = [_token(found) for found in _TOKEN.finditer(body)]
    parts: list[str] = []
    opened: list[_Token] = []
    start = 0
    while start < len(tokens):
        end = _cut(tokens, start, limit)
        piece = tokens[start:end]
        prefix = "".join(token.source for token in opened)
        opened = _still_open(opened, piece)
        suffix = "".join(f"</{token.opens}>" for token in reversed(opened))
        if "".join(token.shown for token in piece).strip():
            parts.append(prefix + "".join(token.source for token in piece).strip() + suffix)
        start = end
        while start < len(tokens) and tokens[start].shown.isspace():
            start += 1
    return tuple(parts)


def plain(body: str) -> str:
    """Return the body as plain text; a link keeps its address in brackets."""
    return html.unescape(_TAG.sub("", _LINK.sub(r"\2 (\1)", body)))


def _token(found: re.Match[str]) -> _Token:
    source, tag = found.group(), found["tag"]
    if tag:
        return _Token(source, closes=tag.lower()) if found["close"] else _Token(source, opens=tag.lower())
    return _Token(source, html.unescape(source))


def _still_open(opened: list[_Token], piece: list[_Token]) -> list[_Token]:
    left = list(opened)
    for token in piece:
        if token.opens:
            left.append(token)
        elif token.closes and left and left[-1].opens == token.closes:
            left.pop()
    return left


def _cut(tokens: list[_Token], start: int, limit: int) -> int:
    """Return where the part that begins at ``start`` ends: the best break in what fits."""
    width = 0
    breaks: dict[int, tuple[int, int]] = {}
    for index in range(start, len(tokens)):
        width += tokens[index].width
        if width > limit:
            return _best(breaks, limit) or _whole_character(tokens, start, index)
        rank = _rank(tokens, start, index)
        if rank is not None:
            breaks[rank] = (index, width)
    return len(tokens)


def _rank(tokens: list[_Token], start: int, index: int) -> int | None:
    """Return how good a break is before this white space: 0 paragraph, 1 line, 2 sentence, 3 word; None: no break."""
    shown = tokens[index].shown
    if not shown.isspace() or index == start:
        return None
    before = next((t.shown for t in reversed(tokens[start:index]) if t.shown), "")
    if shown == "\n":
        return 0 if before == "\n" else 1
    return 2 if before in _SENTENCE_END else 3


def _best(breaks: dict[int, tuple[int, int]], limit: int) -> int | None:
    """Return the best break that still fills the part decently; a word break may come early, for want of better."""
    for rank, fill in ((0, 0.5), (1, 0.5), (2, 0.5), (3, 0.1)):
        if rank in breaks and breaks[rank][1] >= limit * fill:
            return breaks[rank][0]
    return max((index for index, _ in breaks.values()), default=None)


def _whole_character(tokens: list[_Token], start: int, end: int) -> int:
    """Move a forced cut back to where no combining mark, joined emoji or variation mark is torn off its base."""
    for cut in range(end, max(start, end - 32), -1):
        if not _clings(tokens[cut].shown) and not tokens[cut - 1].shown.endswith(_JOINER):
            return cut
    return max(end, start + 1)


def _clings(shown: str) -> bool:
    """Say whether this belongs to the character before it: a mark, a joiner, or a skin tone."""
    if not shown:
        return False
    first = shown[0]
    return first == _JOINER or unicodedata.category(first).startswith("M") or "\U0001f3fb" <= first <= "\U0001f3ff"
