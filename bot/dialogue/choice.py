"""Named choices: what they are called, and how they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import markup
from bot.dialogue.action import Action, Verb
from bot.dialogue.turn import Button
from knowledge.procedure import Procedure
from knowledge.vietnamese import fold

PLAIN_CASE = "Trường hợp thông thường"
LABEL = 44
"""Characters of a button's label that a small phone still shows."""


def siblings(choices: Sequence[Procedure]) -> bool:
    """Say whether the choices are variants of one procedure, so that only what sets them apart need be named."""
    return len(choices) > 1 and choices[0].family is not None and len({each.family for each in choices}) == 1


def everyday(procedure: Procedure) -> str:
    """Return the official name when it fits a button, else the first name that people use for the procedure."""
    official = markup.title(procedure)
    if len(official) <= LABEL or not procedure.names:
        return official
    return markup.capital(markup.clip(procedure.names[0], 80))


def called(choices: Sequence[Procedure], given: Sequence[str]) -> tuple[str, ...]:
    """Return what to call each choice by the matcher's labels; empty when the names people use tell them apart as well.

    A label that is the official name again, or a rest of it that cannot stand alone ("lại kết hôn"), gives way to the
    everyday name.
    """
    own = {markup.clip(everyday(each), LABEL) for each in choices if len(everyday(each)) <= LABEL}
    if len(given) != len(choices) or siblings(choices) or len(own) == len(choices):
        return ()
    said = []
    for label, procedure in zip(given, choices, strict=True):
        poor = markup.tidy(label) == markup.tidy(procedure.name) or fold(label).startswith("lai ")
        said.append(everyday(procedure) if poor else markup.capital(markup.tidy(label)))
    return tuple(said)


def labels(choices: Sequence[Procedure], by_variant: bool = False, names: Sequence[str] = ()) -> list[str]:
    """Return one label per choice, no two alike: the given names, the variant's words, or the record's name."""
    if len(names) != len(choices):
        names = [(each.variant or PLAIN_CASE) if by_variant else everyday(each) for each in choices]
    said = [markup.capital(markup.clip(name, 120)) for name in names]
    return [
        text if said.count(text) == 1 else f"{markup.clip(text, 100)} ({procedure.code})"
        for text, procedure in zip(said, choices, strict=True)
    ]


def listed(
    choices: Sequence[Procedure],
    verb: Verb = Verb.SHOW,
    start: int = 1,
    by_variant: bool | None = None,
    names: Sequence[str] = (),
) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    """Return the choices as a numbered text (empty when the buttons say it all) and as one button a row."""
    if by_variant is None:
        by_variant = verb is Verb.PICK and siblings(choices)
    full = labels(choices, by_variant, names)
    short = [markup.clip(text, LABEL) for text in full]
    told = [markup.escape(text) for text in full]
    if not by_variant:
        told = [_with_official(*each) for each in zip(full, choices, strict=True)]
    says_more = told != [markup.escape(text) for text in short]
    body = "\n".join(f"{n}. {line}" for n, line in enumerate(told, start)) if says_more else ""
    rows = tuple(
        (Button(f"{n}. {text}", Action(verb, procedure.code).payload()),)
        for n, (procedure, text) in enumerate(zip(choices, short, strict=True), start)
    )
    return body, rows


def _with_official(name: str, procedure: Procedure) -> str:
    official = markup.title(procedure, 100)
    return markup.escape(name) if name.startswith(official) else f"{markup.bold(name)}: {markup.italic(official)}"
