"""Buttons of volunteers and of those they help: a word and up to two arguments, made and read in one place."""

from __future__ import annotations

from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.turn import Button, Turn, TurnKind
from bot.numbers import natural


def button(label: str, *said: object) -> Button:
    """Return a button that says its words when pressed: ``button("Nghỉ trực", "duty", "off")``."""
    return Button(label, Action(Verb.AID, detail=":".join(map(str, said))).payload())


def pressed(turn: Turn) -> tuple[str, ...]:
    """Return the words of the button that was pressed; empty when none of these was."""
    action = parse(turn.value) if turn.kind is TurnKind.ACTION else None
    return tuple(action.detail.split(":")) if action and action.verb is Verb.AID else ()


def number(words: tuple[str, ...], at: int) -> int | None:
    """Return the number that stands among the words; None when none does that a row can have."""
    return natural(words[at]) if at < len(words) else None
