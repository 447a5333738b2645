"""What the demonstration hands over to the assistant."""

from __future__ import annotations

from bot.dialogue.action import Action, Verb, parse
from bot.dossiers.simulator import command
from bot.dossiers.simulator.serving import running
from bot.dossiers.simulator.story import Kind


async def test_codes_to_practise_with_are_of_dossiers_the_simulated_portal_has() -> None:
    async with running() as simulator:
        codes = command._rehearsal(simulator)
        known = {each.code for each in simulator.portal.dossiers.values() if each.kind is Kind.NATIONAL}
    assert codes
    assert set(codes) <= known
    assert all(Action(Verb.TRACK, detail=each) == parse(f"track:{each}") for each in codes), "each fits a button"
