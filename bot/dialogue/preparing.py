"""Which button does what with a procedure one means to go through with: prepare, keep, share, print."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.dialogue import forms, leaflet, preparation, readiness
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Reply
from knowledge.procedure import Procedure

Act = Callable[[Procedure, Action, Session, Services], tuple[Reply, Session]]

ACTS: Mapping[Verb, Act] = {
    Verb.CASE: lambda procedure, _, session, services: preparation.start(procedure, session, services),
    Verb.RESTART: lambda procedure, _, session, services: preparation.restart(procedure, session, services),
    Verb.ANSWER: lambda procedure, pressed, session, services: preparation.answer(
        procedure, pressed.detail, session, services
    ),
    Verb.BACK: lambda procedure, _, session, services: preparation.back(procedure, session, services),
    Verb.FINISH: lambda procedure, _, session, services: preparation.finish(procedure, session, services),
    Verb.TICK: lambda procedure, pressed, session, services: readiness.tick(
        procedure, pressed.detail, session, services
    ),
    Verb.COPIES: lambda procedure, pressed, session, services: readiness.copies(
        procedure, pressed.page, session, services
    ),
    Verb.READY: lambda procedure, _, session, services: readiness.ready(procedure, session, services),
    Verb.KEEP: lambda procedure, _, session, __: readiness.keep(procedure, "pdf", session),
    Verb.PICTURE: lambda procedure, _, session, __: readiness.keep(procedure, "png", session),
    Verb.LEAFLET: lambda procedure, pressed, session, __: leaflet.given(procedure, pressed.detail, session),
    Verb.FORM: lambda procedure, pressed, session, services: forms.given(procedure, pressed.detail, session, services),
    Verb.SHARE: lambda procedure, _, session, services: readiness.share(procedure, session, services),
    Verb.REMIND: lambda procedure, pressed, session, services: readiness.remind(
        procedure, pressed.detail, session, services
    ),
}
