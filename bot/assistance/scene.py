"""A turn of a volunteer at the kitchen table: what all parts of that flow are given, and how they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.assistance.members import Helper
from bot.assistance.pressing import button
from bot.assistance.sitting import Sitting
from bot.dialogue import cases, markup
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply
from bot.moment import Moment, Outcome
from knowledge.procedure import Procedure

NAMELESS = "Hồ sơ {number}"
OF = "Hồ sơ của {name}"
NO_PROCEDURE = "chưa chọn thủ tục"
GONE = "thủ tục không còn trong danh mục"
TO_SITTING = "Về {label}"
TO_MENU = "Việc hỗ trợ của tôi"

Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """``services`` are as they hold in the team's commune; ``days`` is how long a case is kept after its end."""

    moment: Moment
    helper: Helper
    services: Services
    days: int

    def say(
        self,
        *messages: Message,
        sitting: Sitting | None = None,
        awaiting: str | None = None,
        noted: Mapping[str, str] | None = None,
        session: Session | None = None,
        toast: str | None = None,
    ) -> Outcome:
        """Answer with ``sitting`` on the screen (None: with none), waiting for ``awaiting`` to be typed."""
        update: dict[str, object] = {
            "sitting": sitting.id if sitting else None,
            "awaiting": awaiting,
            "noted": noted or {},
            "asking": None,
            "placing": None,
            "choosing": False,
        }
        if sitting and sitting.procedure:  # what is asked next is about this case, not about the one shown before
            update |= {"focus": sitting.procedure, "absent": None}
        return Reply(messages, toast), (session or self.moment.session).model_copy(update=update)

    def procedure(self, sitting: Sitting) -> Procedure | None:
        """Return the procedure of a case, unless there is none, or none in force."""
        found = self.services.catalogue.get(sitting.procedure or "")
        return found if found and found.abolished_on is None else None


def at_table(moment: Moment, helper: Helper, days: int) -> Scene:
    """Return the scene of a turn."""
    services = moment.services.at(helper.commune)
    return Scene(moment, helper, services, days)


def name(sitting: Sitting) -> str:
    """Return what a case is called: by the first name of its resident, else by its number."""
    return OF.format(name=sitting.first_name) if sitting.first_name else NAMELESS.format(number=sitting.id)


def short(sitting: Sitting) -> str:
    """Return the few letters by which a case stands on a button."""
    return sitting.first_name or NAMELESS.format(number=sitting.id)


def title(sitting: Sitting, services: Services, limit: int = 90) -> str:
    """Return the procedure of a case in words."""
    if sitting.procedure is None:
        return NO_PROCEDURE
    found = services.catalogue.get(sitting.procedure)
    return markup.title(found, limit) if found else GONE


def papers(sitting: Sitting, procedure: Procedure, services: Services) -> tuple[int, int]:
    """Return how many papers are there, and how many are needed."""
    prepared = sitting.prepared or cases.new(procedure)
    session = Session(cases=(prepared,))
    kept, _ = cases.current(procedure, session)
    needed = cases.guidance_of(procedure, kept, services).needed
    return sum(item.key in kept.ticked for item in needed), len(needed)


def back(sitting: Sitting) -> Row:
    """Return the way back to a case."""
    label = markup.clip(TO_SITTING.format(label=markup.lower_first(name(sitting))), 40)
    return (button(label, "sitopen", sitting.id),)


def to_menu() -> Row:
    """Return the way back to the list of cases."""
    return (button(TO_MENU, "sitmenu"),)


def rows(buttons: Sequence[Button], width: int = 2) -> tuple[Row, ...]:
    """Return buttons in rows of that width."""
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))
