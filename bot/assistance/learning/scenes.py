"""Made-up residents to practise with: written ones, and others made of the case questions of any procedure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.dialogue import markup
from bot.numbers import natural
from knowledge import case
from knowledge.catalogue import Catalogue
from knowledge.errors import CaseError
from knowledge.procedure import CHANNEL, ChannelKind, Procedure

NAMES = ("Bà Tư", "Chú Hai", "Cô Bảy", "Anh Lộc", "Chị Yến", "Ông Chín", "Bác Thuận", "Em Trang")
WANTS = "Tôi muốn làm thủ tục này: {title}."
ASKED = "Hỏi thêm thì kể:"

_FILE = Path(__file__).with_name("scenes.toml")
_PREFERRED = (ChannelKind.ONLINE, ChannelKind.IN_PERSON, ChannelKind.POST)


@dataclass(frozen=True, slots=True)
class Scene:
    """A resident: ``words`` is what they say, ``told`` what else they tell when asked (question and answer).

    ``id`` names the scene on a button: a written one by its slug, a made one as "1.001193-7". ``also`` are
    the codes of procedures that would serve as well.
    """

    id: str
    name: str
    words: str
    code: str
    answers: Mapping[str, str]
    told: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The name as it stands within a sentence: "chị Hoa"."""
        return markup.lower_first(self.name)


def written() -> tuple[Scene, ...]:
    """Return the scenes of our file."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))["scene"]
    return tuple(Scene(**{**each, "also": tuple(each.get("also", ()))}) for each in found)


def usable(catalogue: Catalogue) -> tuple[Scene, ...]:
    """Return the written scenes that fit the catalogue as it is now."""
    return tuple(scene for scene in written() if fits(scene, catalogue))


def fits(scene: Scene, catalogue: Catalogue) -> bool:
    """Say whether the scene's procedure is in force, and its answers leave nothing open."""
    procedure = catalogue.get(scene.code)
    if procedure is None or procedure.abolished_on is not None:
        return False
    try:
        answers = case.checked(procedure, scene.answers)
    except CaseError:
        return False
    return case.pending(procedure, answers) is None


def find(scene: str, catalogue: Catalogue) -> Scene | None:
    """Return a scene by its id; None when there is none, or it no longer fits."""
    for each in written():
        if each.id == scene:
            return each if fits(each, catalogue) else None
    code, _, number = scene.partition("-")
    procedure = catalogue.get(code)
    which = natural(number, 3)
    return made(procedure, which) if procedure is not None and which is not None else None


def made(procedure: Procedure, number: int) -> Scene | None:
    """Return a scene of a procedure, the same for the same number; None when the procedure asks nothing."""
    if not procedure.questions or procedure.abolished_on is not None:
        return None
    answers = chanced(procedure, Random(f"{procedure.code}:{number}"), _way(procedure))  # noqa: S311
    told = [
        (question.text, choice.text)
        for question, choice in case.told(procedure, answers)
        if choice and question.id != CHANNEL
    ]
    words = WANTS.format(title=markup.title(procedure))
    return Scene(f"{procedure.code}-{number}", NAMES[number % len(NAMES)], words, procedure.code, answers, tuple(told))


def chanced(procedure: Procedure, chance: Random, given: Mapping[str, str]) -> dict[str, str]:
    """Return a whole case of a procedure, its questions answered by chance, but for those that are given."""
    answers = dict(given)
    while (question := case.pending(procedure, answers)) is not None:
        answers[question.id] = chance.choice(question.choices).id
    return answers


def _way(procedure: Procedure) -> dict[str, str]:
    """Return how a made-up resident hands in, where there is a choice whatever else they answer."""
    question = case.channel_question(procedure, {})
    if question is None or any(channel.when for channel in procedure.channels):
        return {}
    open_ = {choice.id for choice in question.choices}
    return {CHANNEL: next(kind.value for kind in _PREFERRED if kind.value in open_)}
