"""Articles beside the procedures: hours, telephone numbers, help with VNeID, scams. They are no procedures, and say so.

What ships stands in ``knowledge/articles.json``; what the office publishes is laid over it. A body is small Markdown:
paragraphs, lists with ``-`` or ``1.``, ``**bold**``, ``*italic*`` and ``[words](https://...)``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError

from knowledge.errors import ArticlesError
from knowledge.grouping import Gist, Reading, likeness
from knowledge.procedure import Code, Record, Source, Text

PATH = Path(__file__).resolve().parent / "articles.json"
LONGEST_BODY = 3000

SURE = 0.54
"""Likeness to one of its phrases from which a question is about an article."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
"""What buttons and addresses call an article: ``gio-lam-viec``."""


class Article(Record):
    """One article; ``procedures`` are those it leads to."""

    id: Name
    title: Annotated[Text, StringConstraints(max_length=100)]
    body: Annotated[Text, StringConstraints(max_length=LONGEST_BODY)]
    phrases: tuple[Annotated[Text, StringConstraints(max_length=200)], ...] = Field((), max_length=200)
    procedures: tuple[Code, ...] = Field((), max_length=8)
    source: Source


@dataclass(frozen=True, slots=True)
class Likely:
    """An article that a question is like, and how much, 0..1."""

    article: Article
    likeness: float

    @property
    def sure(self) -> bool:
        """Whether the question is about it."""
        return self.likeness >= SURE


Laid = Mapping[str, Article | None]
"""Articles by name that are laid over others; None takes one away."""


class Articles:
    """The articles in force, found by their phrases; ``local`` lays some over them by scope (province, commune).

    Nothing changes but what is remembered; safe to share between threads.
    """

    def __init__(
        self,
        articles: Iterable[Article] = (),
        reading: Reading | None = None,
        local: Mapping[str, Laid] | None = None,
    ) -> None:
        self._articles = {article.id: article for article in articles}
        self._reading = reading
        self._local = dict(local or {})
        self._placed: dict[tuple[str, ...], Articles] = {}

    def __iter__(self) -> Iterator[Article]:
        return iter(self._articles.values())

    def __len__(self) -> int:
        return len(self._articles)

    def get(self, name: str) -> Article | None:
        """Return the article of that name."""
        return self._articles.get(name)

    @property
    def reading(self) -> Reading | None:
        """What reads the questions, if anything does."""
        return self._reading

    def amended(self, changes: Laid, local: Mapping[str, Laid] | None = None) -> Articles:
        """Return the articles with ``changes`` laid over them everywhere, and ``local`` ones in their scopes."""
        found = {**self._articles, **changes}
        return Articles((article for article in found.values() if article is not None), self._reading, local)

    def at(self, *scopes: str) -> Articles:
        """Return the articles as they stand where all of ``scopes`` hold, the widest first."""
        held = tuple(scope for scope in scopes if scope in self._local)
        if not held:
            return self
        if held not in self._placed:
            changes: dict[str, Article | None] = {}
            for scope in held:
                changes |= self._local[scope]
            self._placed[held] = self.amended(changes)
        return self._placed[held]

    def read(self, question: str) -> Likely | None:
        """Return the article that ``question`` is most like, or None when it is like none."""
        if not self._phrases or self._reading is None:
            return None
        asked = self._reading.gist(question)
        best = max(self._phrases, key=lambda phrase: likeness(asked, phrase[1]))
        found = likeness(asked, best[1])
        return Likely(best[0], found) if found > 0 else None

    @cached_property
    def _phrases(self) -> list[tuple[Article, Gist]]:
        if self._reading is None:
            return []
        return [(each, self._reading.gist(said)) for each in self for said in (each.title, *each.phrases)]


def load_articles(path: Path = PATH) -> tuple[Article, ...]:
    """Read a file of articles; raise ``ArticlesError`` naming the first fault."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArticlesError(f"Không đọc được {path.name}: {error}") from error
    if not isinstance(raw, list):
        raise ArticlesError(f"{path.name}: cần một danh sách bài viết")
    found = tuple(article(each, f"{path.name}, bài thứ {number}") for number, each in enumerate(raw, 1))
    if len({each.id for each in found}) < len(found):
        raise ArticlesError(f"{path.name}: có hai bài cùng tên")
    return found


def article(raw: Any, place: str) -> Article:
    """Turn decoded JSON into an article; raise ``ArticlesError`` naming ``place`` and the first fault."""
    try:
        return Article.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ArticlesError(f"{place}, mục {where}: {first['msg']}") from error
