"""What people ask that is no administrative procedure: weather, prices, recipes, other countries, disputes.

The topics stand in the index beside the procedures, so that a question about one of them finds it there instead of the
least unlikely procedure. Kept as a plain text file, ``knowledge/lexicon/outside.txt``.
"""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.errors import PhraseBookError
from knowledge.vietnamese.lexicon import FOLDER
from knowledge.vietnamese.normal import normalise

PATH = FOLDER / "outside.txt"
_TOPIC = re.compile(r"\[([\w-]+)\]")

Topics = dict[str, tuple[str, ...]]


def load_outside(path: Path = PATH) -> Topics:
    """Read the topics and their phrases; raise ``PhraseBookError`` on a malformed line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PhraseBookError(f"Không đọc được {path.name}: {error}") from error
    topics: dict[str, list[str]] = {}
    said: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        line = normalise(line)
        topic = _TOPIC.match(line)
        if topic:
            said = topics.setdefault(topic.group(1), [])
        elif line.startswith("- ") and said is not None:
            said.append(line[2:].strip())
        elif line and not line.startswith("#"):
            raise PhraseBookError(f"{path.name}, dòng {number}: không hiểu dòng “{line[:60]}”")
    return {name: tuple(phrases) for name, phrases in topics.items() if phrases}
