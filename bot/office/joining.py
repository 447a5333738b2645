"""Two people's changes of one record as one, though a draft need not be a valid record yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.office.filled import Tree, tidied
from bot.office.preview import candidate
from bot.office.standing import plain
from knowledge.revision import Conflict, Path, merge
from knowledge.wording import in_words, label


def join(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], yielded: Collection[Path] = ()
) -> tuple[Tree, tuple[Conflict, ...]]:
    """Join field by field; where both changed one, ``mine`` is kept, at the paths ``yielded`` ``theirs``.

    When one of the three is not a valid record, whole fields of the record are joined.
    """
    trees = tidied(dict(base)), tidied(dict(mine)), tidied(dict(theirs))
    was, ours, other = map(candidate, trees)
    if was and ours and other:
        record, conflicts = merge(was, ours, other, yielded)
        return plain(record) or {}, conflicts
    return _coarse(*trees, yielded)


def _coarse(base: Tree, mine: Tree, theirs: Tree, yielded: Collection[Path]) -> tuple[Tree, tuple[Conflict, ...]]:
    merged, conflicts = dict(theirs), []
    for key in dict.fromkeys([*base, *mine, *theirs]):
        was, ours, other = (tree.get(key) for tree in (base, mine, theirs))
        if ours in (was, other):
            continue
        if other != was:
            words = (in_words("", key, value) for value in (was, ours, other))
            conflicts.append(Conflict((key,), label("", key), *words))
            if (key,) in yielded:
                continue
        if ours is None:
            merged.pop(key, None)
        else:
            merged[key] = ours
    return merged, tuple(conflicts)
