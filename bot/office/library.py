"""The articles as they stand: what ships, and what the office has published over it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.errors import Impossible
from bot.office.revisions import Revision
from bot.office.standing import NATION, Overlay
from bot.office.tables import Effect, Subject
from knowledge.articles import Article, Articles, article
from knowledge.errors import ArticlesError

OTHER_NAME = "Tên trong nội dung ({found}) không phải tên của bài ({name})."

_log = logging.getLogger(__name__)


def read_article(record: Mapping[str, Any] | None, name: str) -> Article | None:
    """Return the article a revision of ``name`` holds; raise ``Impossible`` naming the first field that is wrong."""
    if record is None:
        return None
    try:
        found = article(dict(record), "Bài viết")
    except ArticlesError as error:
        raise Impossible(str(error)) from error
    if found.id != name:
        raise Impossible(OTHER_NAME.format(found=found.id, name=name))
    return found


def laid(shipped: Articles, overlay: Overlay) -> Articles:
    """Return what ships with what the office has published over it; one that cannot be read is left out."""
    held = {scope: _articles(revisions) for scope, revisions in overlay.of(Subject.ARTICLE).items()}
    return shipped.amended(held.pop(NATION, {}), held)


def _articles(revisions: Mapping[str, Revision]) -> dict[str, Article | None]:
    found: dict[str, Article | None] = {}
    for name, revision in revisions.items():
        try:
            found[name] = None if revision.effect is Effect.REMOVED else read_article(revision.record, name)
        except Impossible as error:
            _log.error("%s cannot be read: %s", revision.name, error)
    return found
