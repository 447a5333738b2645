"""What somebody filled into the form of a record: read as the record's JSON, wrong or not, so that nothing is lost."""

from __future__ import annotations

import base64
import json
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.office.forms import Form
from bot.office.sections import LINES, Blank, Part, Section
from knowledge.vietnamese import fold

Tree = dict[str, Any]

ACT = re.compile(r"(add|drop|up|down) ([a-z_]{1,20}(?:\.\d{1,4}(?:\.[a-z_]{1,20})?)*)", re.ASCII)
_MOST_ENTRIES = 400
_MAY_BE_UNKNOWN = ("money", "amount")
"""The one field that a record must have even when it holds nothing: a sum that nobody knows."""
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_WHOLE = re.compile(r"\s*([0-9]{1,3}(?:(?:\s|[.,])[0-9]{3})+|[0-9]+)\s*(?:đồng|đ)?\s*")
_WHEN = re.compile(r"([a-z0-9_]{1,40})=([a-z0-9_]{1,40})", re.ASCII)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_MOST_UNPACKED = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do with a list: ``add`` to one, or move or ``drop`` an entry. ``path`` names it in the tree."""

    name: str
    path: tuple[str | int, ...]


def act(value: str) -> Act | None:
    """Return what a button of the form asks for; None when it asks for nothing with a list."""
    found = ACT.fullmatch(value)
    if not found:
        return None
    return Act(found[1], tuple(int(step) if step.isdigit() else step for step in found[2].split(".")))


def read(section: Section, form: Form) -> Tree:
    """Return the fields that a page of the form holds, as JSON; what is empty is left out of records, not of lists."""
    tree: Tree = {}
    for blank in section.blanks:
        _put(tree, blank, _value(blank, form, blank.field))
    for part in section.parts:
        tree[part.name] = _lines(form) if part.name == LINES else _entries(part, form, part.name)
    return tree


def _put(tree: Tree, blank: Blank, value: Any) -> None:
    head, _, rest = blank.field.rpartition(".")
    target = tree.setdefault(head, {}) if head else tree
    if value is not None or (blank.part, rest) == _MAY_BE_UNKNOWN:
        target[rest] = value


def _lines(form: Form) -> list[str]:
    return list(dict.fromkeys(filter(None, (line.strip() for line in form.get(LINES).split("\n")))))


def _entries(part: Part, form: Form, at: str) -> list[Any]:
    found = re.compile(rf"{re.escape(at)}\.(\d{{1,4}})(?:\.|$)", re.ASCII)
    places = sorted({int(match[1]) for name, _ in form.fields if (match := found.match(name))})[:_MOST_ENTRIES]
    if part.plain:
        return [form.get(f"{at}.{place}") for place in places]
    return [_entry(part, form, f"{at}.{place}") for place in places]


def _entry(part: Part, form: Form, at: str) -> Any:
    entry: Tree = {}
    for blank in part.blanks:
        _put(entry, blank, _value(blank, form, f"{at}.{blank.field}"))
    for inner in part.parts:
        entry[inner.name] = _entries(inner, form, f"{at}.{inner.name}")
    return entry


def _value(blank: Blank, form: Form, name: str) -> Any:
    """Return a field's value; text where the field should hold something else and it cannot be read as that."""
    if blank.kind == "several":
        return [value for value in form.all(name) if value]
    if blank.kind == "when":
        return _when(form.all(name))
    text = form.get(name)
    if blank.kind == "yes":
        return text == "true" or (False if blank.field.endswith("verified") else None)
    return _READ.get(blank.kind, lambda said: said)(text) if text else None


def _integer(text: str) -> int | str:
    """Return a whole number, its thousands set apart or not; what has a fraction is none, and stays as it was typed."""
    found = _WHOLE.fullmatch(text)
    digits = re.sub(r"\D", "", found[1]) if found else ""
    return int(digits) if 0 < len(digits) < 16 else text


def _number(text: str) -> float | str:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return text
    return found if math.isfinite(found) else text


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text


_READ = {"integer": _integer, "number": _number, "day": _day}


def _when(values: list[str]) -> dict[str, list[str]] | None:
    when: dict[str, list[str]] = {}
    for value in values:
        found = _WHEN.fullmatch(value)
        if found and found[2] not in when.setdefault(found[1], []):
            when[found[1]].append(found[2])
    return when or None


def performed(tree: Tree, wanted: Act) -> tuple[Tree, str]:
    """Return the tree with a list changed, and the anchor of what one wants to see next.

    What fits nothing in the tree, such as a button of an older page, changes nothing.
    """
    copied: Tree = json.loads(json.dumps(tree))
    *way, last = wanted.path
    target = _at(copied, [*way, last] if wanted.name == "add" else way)
    if not isinstance(target, list) or len(target) >= _MOST_ENTRIES:
        return copied, ""
    if wanted.name == "add":
        target.append("" if last in ("results", "conditions", "exemptions", "warnings") else {})
        return copied, anchor((*wanted.path, len(target) - 1))
    if not isinstance(last, int) or last >= len(target):
        return copied, ""
    item = target.pop(last)
    if wanted.name == "drop":
        return copied, anchor(tuple(way))
    place = max(last - 1, 0) if wanted.name == "up" else last + 1
    target.insert(place, item)
    return copied, anchor((*way, min(place, len(target) - 1)))


def _at(tree: Any, path: list[str | int]) -> Any:
    for step in path:
        if isinstance(tree, dict) and isinstance(step, str):
            tree = tree.setdefault(step, [])
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def anchor(path: tuple[str | int, ...]) -> str:
    """Return the id that a place of a record has on the page."""
    return "-".join(map(str, path)).replace(".", "-")


def tidied(tree: Tree, *, blanks: bool = False) -> Tree:
    """Return the tree as it is kept: questions and answers have names, plain steps are plain.

    Entries with nothing in them are gone, unless they are kept as ``blanks``.
    """
    kept = {key: _tidied(value, blanks) for key, value in tree.items()}
    kept["questions"] = _named(kept.get("questions"), "text", "q")
    if isinstance(kept["questions"], list):
        for question in kept["questions"]:
            if isinstance(question, dict):
                question["choices"] = _named(question.get("choices"), "text", "c")
    if isinstance(kept.get("steps"), list):
        kept["steps"] = [
            step["text"] if isinstance(step, dict) and step.get("text") and not step.get("when") else step
            for step in kept["steps"]
        ]
    return {key: value for key, value in kept.items() if value not in (None, [], {}, "")}


def _tidied(value: Any, blanks: bool) -> Any:
    if isinstance(value, list):
        return [_tidied(each, blanks) for each in value if blanks or not _empty(each)]
    if isinstance(value, dict):
        return {
            key: _tidied(each, blanks)
            for key, each in value.items()
            if key == _MAY_BE_UNKNOWN[1] or (each is not None and each not in ("", []))
        }
    return value


def _empty(value: Any) -> bool:
    """Say whether an entry says nothing: what a drop-down or a tick box holds says nothing by itself."""
    if isinstance(value, dict):
        return all(_empty(each) for key, each in value.items() if key not in ("id", "handling", "set_by"))
    return value in (None, "", [], {}, False)


def _named(items: Any, words: str, start: str) -> Any:
    """Give entries without an id one made of their words, different from all others."""
    if not isinstance(items, list):
        return items
    taken = {item.get("id") for item in items if isinstance(item, dict)}
    for item in items:
        if isinstance(item, dict) and not item.get("id"):
            stem = (_NOT_SLUG.sub("_", fold(str(item.get(words, "")).lower())).strip("_") or start)[:16].strip("_")
            stem = stem if stem[0].isalpha() else f"{start}_{stem}"[:16].strip("_")
            names = (stem if count == 1 else f"{stem}_{count}" for count in range(1, 1000))
            name = next(name for name in names if name not in taken)
            item["id"] = name
            taken.add(name)
    return items


def shown(record: Mapping[str, Any]) -> Tree:
    """Return a record's JSON as the form shows it: every step with its text and condition."""
    tree = dict(record)
    if isinstance(tree.get("steps"), list):
        tree["steps"] = [{"text": step} if isinstance(step, str) else step for step in tree["steps"]]
    return tree


def packed(tree: Mapping[str, Any]) -> str:
    """Return a tree as text for a hidden field."""
    plain = json.dumps(tree, ensure_ascii=False, sort_keys=True).encode()
    return base64.urlsafe_b64encode(zlib.compress(plain, 9)).decode()


def unpacked(text: str) -> Tree | None:
    """Return the tree of ``packed``; None for anything else, and for what would grow too large."""
    try:
        plain = zlib.decompressobj().decompress(base64.urlsafe_b64decode(text.encode()), _MOST_UNPACKED)
        tree = json.loads(plain)
    except (ValueError, zlib.error, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None
