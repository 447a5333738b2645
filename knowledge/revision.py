"""What two versions of a record differ in, in words a clerk reads, and how two people's changes become one record.

A record is compared as its JSON: field by field, papers by name, questions by id, channels by kind, other lists by
place. So an edit of one paper is one change, and edits of different papers never collide.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from pydantic import ValidationError

from knowledge.procedure import Procedure
from knowledge.wording import in_words, label

_KEYS: Mapping[str, tuple[str, ...]] = {
    "documents": ("name",),
    "channels": ("kind",),
    "questions": ("id",),
    "choices": ("id",),
    "legal_basis": ("number",),
    "local_rules": ("province", "channel"),
}
_SETS = {"names", "levels", "audience", "warnings"}
"""Lists whose entries stand for themselves: what one person adds never replaces what another does."""

_PARTS = {*_KEYS, "time_limits", "money", "steps", "source"}
_ABSENT: Any = object()

Path = tuple[str, ...]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``old`` and ``new`` in words, "" for nothing; ``path`` names the field for a program."""

    path: Path
    label: str
    old: str
    new: str

    def __str__(self) -> str:
        if not self.old:
            return f"{self.label}: thêm “{self.new}”"
        return f"{self.label}: “{self.old}” → “{self.new}”" if self.new else f"{self.label}: bỏ “{self.old}”"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two people changed differently; the merged record has ``mine``."""

    path: Path
    label: str
    base: str
    mine: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.label}: anh/chị ghi “{self.mine}”, người khác ghi “{self.theirs}” (trước đó: “{self.base}”)"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a record: the path, the words for it, the part whose fields are named here, and the field itself."""

    path: Path = ()
    words: str = ""
    part: str = ""
    field: str = ""

    def at(self, field: str) -> _Place:
        part = self.field if self.field in _PARTS else self.part
        named = label(part, field)
        return _Place((*self.path, field), f"{self.words} › {named}" if self.words else named, part, field)

    def item(self, key: Key) -> _Place:
        plain = " ".join(part for part in (key if key[-1] != "1" else key[:-1]) if part)
        return _Place((*self.path, plain), f"{self.words} “{self.name(key)}”", self.part, self.field)

    def name(self, key: Key) -> str:
        """Return what an item is called; the second of a name says so."""
        said = (in_words(self.field, field, value) for field, value in zip(_KEYS[self.field], key, strict=False))
        return " ".join([*said, f"({key[-1]})" if key[-1] != "1" else ""]).strip()

    def nth(self, number: int) -> _Place:
        return _Place((*self.path, str(number)), f"{self.words} {number}", self.part, self.field)

    def say(self, value: Any) -> str:
        return "" if value is _ABSENT else in_words(self.part, self.field, value)


@dataclass
class _Conflicts:
    """What two people changed differently so far; at the paths ``yielded`` the other one's value is taken."""

    yielded: frozenset[Path]
    all: list[Conflict]

    def settled(self, place: _Place, base: Any, mine: Any, theirs: Any) -> Any:
        """Note a conflict and return the value to go on with."""
        self.all.append(Conflict(place.path, place.words, *map(place.say, (base, mine, theirs))))
        return theirs if place.path in self.yielded else mine


def diff(old: Procedure | None, new: Procedure | None) -> tuple[Change, ...]:
    """Return what changes from ``old`` to ``new``, empty only when they are equal; None stands for no record."""
    if old is None or new is None:
        before, after = (f"{each.code} {each.name}" if each else "" for each in (old, new))
        return (Change((), "Thủ tục", before, after),) if old or new else ()
    return tuple(_compare(_Place(), _tree(old), _tree(new)))


def merge(
    base: Procedure, mine: Procedure, theirs: Procedure, yielded: Collection[Path] = ()
) -> tuple[Procedure, tuple[Conflict, ...]]:
    """Join two people's changes to ``base``, field by field.

    Where both changed one field differently the record keeps ``mine``, or ``theirs`` at the paths ``yielded``, and the
    conflict is reported. The record is always valid: a field whose joined value would not be is a conflict, too.
    """
    trees = _tree(base), _tree(mine), _tree(theirs)
    found = _Conflicts(frozenset(yielded), [])
    merged = _merge(_Place(), *trees, found)
    try:
        return Procedure.model_validate_json(json.dumps(merged)), tuple(found.all)
    except ValidationError as error:
        broken = dict.fromkeys(str(each["loc"][0]) for each in error.errors())
    found.all = [each for each in found.all if each.path[0] not in broken]
    for field in broken:
        merged[field] = found.settled(_Place().at(field), *(tree[field] for tree in trees))
    return Procedure.model_validate_json(json.dumps(merged)), tuple(found.all)


def _tree(record: Procedure) -> dict[str, Any]:
    tree: dict[str, Any] = record.model_dump(mode="json")
    return tree


def _keyed(field: str, items: Sequence[Any]) -> dict[Key, Any]:
    """Return the items by what names them; a name that comes again is counted."""
    seen: Counter[Key] = Counter()
    found = {}
    for item in items:
        key = tuple(str(item[name] or "") for name in _KEYS[field]) if field in _KEYS else (str(item),)
        seen[key] += 1
        found[(*key, str(seen[key]))] = item
    return found


def _compare(place: _Place, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and place.field != "when":
        for field in dict.fromkeys([*old, *new]):
            yield from _compare(place.at(field), old.get(field), new.get(field))
    elif isinstance(old, list) and isinstance(new, list):
        yield from (_compare_items if place.field in _KEYS else _compare_places)(place, old, new)
    else:
        yield Change(place.path, place.words, place.say(old), place.say(new))


def _compare_items(place: _Place, old: list[Any], new: list[Any]) -> Iterator[Change]:
    before, after = _keyed(place.field, old), _keyed(place.field, new)
    for key in dict.fromkeys([*before, *after]):
        if key in before and key in after:
            yield from _compare(place.item(key), before[key], after[key])
        else:
            one = place.item(key)
            yield Change(one.path, place.words, one.say(before.get(key, _ABSENT)), one.say(after.get(key, _ABSENT)))
    shared = [key for key in before if key in after]
    moved = [key for key in after if key in before]
    if shared != moved:
        words = ("; ".join(map(place.name, keys)) for keys in (shared, moved))
        yield Change((*place.path, "order"), f"{place.words} › thứ tự", *words)


def _compare_places(place: _Place, old: list[Any], new: list[Any]) -> Iterator[Change]:
    before_texts, after_texts = ([json.dumps(each, sort_keys=True) for each in items] for items in (old, new))
    for kind, start, end, first, last in SequenceMatcher(None, before_texts, after_texts, autojunk=False).get_opcodes():
        pairs = zip_longest(old[start:end], new[first:last], fillvalue=_ABSENT) if kind != "equal" else ()
        for number, (before, after) in enumerate(pairs, (first if kind == "insert" else start) + 1):
            at = place.nth(number)
            if _ABSENT in (before, after) or isinstance(before, str | int) or isinstance(after, str | int):
                yield Change(at.path, at.words, at.say(before), at.say(after))
            else:
                yield from _compare(at, before, after)


def _merge(place: _Place, base: Any, mine: Any, theirs: Any, conflicts: _Conflicts) -> Any:
    if theirs in (mine, base):
        return mine
    if mine == base:
        return theirs
    if isinstance(mine, dict) and isinstance(theirs, dict) and place.field != "when":
        was = base if isinstance(base, dict) else {}
        return {
            field: _merge(place.at(field), was.get(field, _ABSENT), mine[field], theirs[field], conflicts)
            for field in mine
        }
    if isinstance(mine, list) and isinstance(theirs, list):
        return _merge_lists(place, base if isinstance(base, list) else [], mine, theirs, conflicts)
    return conflicts.settled(place, base, mine, theirs)


def _merge_lists(place: _Place, base: list[Any], mine: list[Any], theirs: list[Any], conflicts: _Conflicts) -> Any:
    if place.field in _KEYS or place.field in _SETS:
        return _merge_items(place, base, mine, theirs, conflicts)
    if len(base) == len(mine) == len(theirs):
        three = zip(base, mine, theirs, strict=True)
        return [_merge(place.nth(number), *each, conflicts) for number, each in enumerate(three, 1)]
    return conflicts.settled(place, base, mine, theirs)


def _merge_items(place: _Place, base: list[Any], mine: list[Any], theirs: list[Any], conflicts: _Conflicts) -> Any:
    was, ours, other = (_keyed(place.field, items) for items in (base, mine, theirs))
    gone = {key for key in was if key not in ours and key not in other}
    if place.field in _KEYS and gone and _added(ours, was) != _added(other, was):
        return conflicts.settled(place, base, mine, theirs)  # one paper renamed twice would become two
    order = _order(list(was), list(ours), list(other))
    if order is None:
        return conflicts.settled(place, base, mine, theirs)
    merged = []
    for key in order:
        at = place.item(key) if place.field in _KEYS else place
        item = _merge(at, was.get(key, _ABSENT), ours.get(key, _ABSENT), other.get(key, _ABSENT), conflicts)
        if item is not _ABSENT:
            merged.append(item)
    return merged


def _added(items: Mapping[Key, Any], base: Mapping[Key, Any]) -> dict[Key, Any]:
    return {key: item for key, item in items.items() if key not in base}


def _order(base: list[Key], mine: list[Key], theirs: list[Key]) -> list[Key] | None:
    """Return all keys in the order of who moved them, the other's own beside their neighbours; None: both did."""
    shared = set(base) & set(mine) & set(theirs)
    was, ours, other = ([key for key in keys if key in shared] for keys in (base, mine, theirs))
    if ours not in (was, other) and other != was:
        return None
    lead, rest = (theirs, mine) if ours == was else (mine, theirs)
    order = list(lead)
    for place, key in enumerate(rest):
        if key not in order:
            before = next((each for each in reversed(rest[:place]) if each in order), None)
            order.insert(order.index(before) + 1 if before else 0, key)
    return order


def sentences(changes: Iterable[Change], longest: int = 160) -> list[str]:
    """Return changes as sentences for a list, each cut to ``longest`` characters a side."""
    return [str(Change(each.path, each.label, _cut(each.old, longest), _cut(each.new, longest))) for each in changes]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
