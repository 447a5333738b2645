"""The notices that stand where a person lives: on top of the page, and once in each chat that we write to."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import markup
from bot.dialogue.banner import Banner, standing
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply

HEAD = "<b>Thông báo</b>"


def on(services: Services, commune: str | None) -> tuple[Banner, ...]:
    """Return the notices for somebody of a commune (its code), newest first; None: those for everybody only."""
    home = services.places.get(commune)
    return standing(services.banners, services.clock(), *((home.province.code, home.code) if home else ()))


def announced(reply: Reply, before: Session, after: Session, services: Services) -> tuple[Reply, Session]:
    """Put what this chat was not told yet in front of a reply; a reply that only changes a message is left alone."""
    known = {each.id for each in services.banners}
    told = tuple(each for each in dict.fromkeys((*before.noticed, *after.noticed)) if each in known)
    news = [each for each in on(services, after.commune) if each.id not in told]
    if any(message.replaces for message in reply.messages) or not reply.messages:
        news = []
    after = after.model_copy(update={"noticed": (*told, *(each.id for each in news))})
    messages = tuple(message(each.text) for each in reversed(news))
    return replace(reply, messages=(*messages, *reply.messages)), after


def message(text: str) -> Message:
    """Return a notice as people read it in a chat."""
    return Message(f"{HEAD}\n{markup.escape(text)}")
