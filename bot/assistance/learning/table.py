"""What every step of practice works with: the volunteer, the turn, and what was noted so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.assistance.learning import scenes
from bot.assistance.learning.quiz import Rules
from bot.assistance.learning.scenes import Scene
from bot.assistance.members import Helper
from bot.assistance.pressing import button
from bot.dialogue.turn import Button, Message, Reply
from bot.moment import Moment, Outcome
from knowledge.procedure import Procedure

PRACTICE, TO_MENU = "Luyện tập", "Về việc hỗ trợ"

_PREFIX = "learn "

Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One turn of a volunteer who practises."""

    moment: Moment
    helper: Helper

    @property
    def noted(self) -> dict[str, str]:
        """What of this exercise was noted, by name."""
        kept = self.moment.session.noted
        return {name.removeprefix(_PREFIX): value for name, value in kept.items() if name.startswith(_PREFIX)}

    @property
    def rules(self) -> Rules:
        """By what a case is worked out where the volunteer is."""
        services = self.moment.services
        return Rules(services.calendar, services.clock(), services.home.province.code if services.home else "")

    def procedure(self, code: str) -> Procedure | None:
        """Return a procedure to practise with: in force, and with case questions."""
        found = self.moment.services.catalogue.get(code)
        return found if found and found.questions and found.abolished_on is None else None

    def scenes(self) -> tuple[Scene, ...]:
        """Return the written scenes that fit what we answer from now."""
        return scenes.usable(self.moment.services.catalogue)

    def say(self, message: Message, *, awaiting: str | None = None, noted: Mapping[str, str] | None = None) -> Outcome:
        """Say something; note this of the exercise and forget the rest of it, and wait for what is typed, or not."""
        others = {name: value for name, value in self.moment.session.noted.items() if not name.startswith(_PREFIX)}
        ours = {_PREFIX + name: value for name, value in (noted or {}).items()}
        update = {"awaiting": awaiting, "noted": {**others, **ours}}
        return Reply((message,)), self.moment.session.model_copy(update=update)


def menu_row() -> Row:
    """Return the button that leads to practice."""
    return (button(PRACTICE, "learn"),)


def to_menu() -> Row:
    """Return the button that leads back to the volunteers' menu."""
    return (button(TO_MENU, "sitmenu"),)
