"""Every procedure we ship, shown every way: sound markup, one screen, and nothing called free that is not."""

from __future__ import annotations

import pytest

from bot.dialogue import card, facets, markup, parts, sections
from bot.dialogue.action import Verb
from bot.dialogue.services import Services
from knowledge.catalogue import load
from knowledge.matching import Facet
from knowledge.procedure import Procedure
from tests.bot.dialogue.records import Script
from tests.bot.dialogue.test_conversation import well_formed

KNOWN = Services(load(), Script({}), "https://dichvucong.gov.vn")
SCREEN_AND_A_BIT = card.SCREEN + 400
"""Few records need more than a screen even when told briefly; none may need two."""


@pytest.fixture(params=KNOWN.catalogue.procedures.values(), ids=lambda record: record.code)
def procedure(request: pytest.FixtureRequest) -> Procedure:
    found: Procedure = request.param
    return found


def test_card_fits_a_screen_and_is_sound(procedure: Procedure) -> None:
    message = card.card(procedure, KNOWN)
    assert markup.visible(message.body) <= SCREEN_AND_A_BIT
    assert well_formed(message.body)
    assert f"<code>{procedure.code}</code>" in message.body


def test_every_part_is_sound(procedure: Procedure) -> None:
    verbs = (Verb.PAPERS, Verb.COSTS, Verb.STEPS, Verb.LEGAL, Verb.TERMS, Verb.RELATED)
    bodies = [sections.section(verb, procedure, KNOWN).body for verb in verbs]
    bodies += [facets.answer(procedure, (facet,), KNOWN).body for facet in Facet]
    assert all(well_formed(body) for body in bodies)


def test_free_is_said_only_where_an_amount_is_known_to_be_zero(procedure: Procedure) -> None:
    sums = [sum_ for channel in procedure.channels for sum_ in channel.money]
    if not any(sum_.amount == 0 for sum_ in sums):
        notes = " ".join(filter(None, (part for sum_ in sums for part in (sum_.note, sum_.condition)))).lower()
        said = parts.money(procedure.model_copy(update={"exemptions": ()})).lower()
        assert "miễn phí" not in said or "miễn phí" in notes


def test_most_cards_fit_one_screen() -> None:
    lengths = [markup.visible(card.card(each, KNOWN).body) for each in KNOWN.catalogue.procedures.values()]
    assert sum(length <= card.SCREEN for length in lengths) >= 0.9 * len(lengths)
