"""The conversation with its services bound: what it answers from may change between two turns."""

from __future__ import annotations

import gc
from dataclasses import replace

from bot.dialogue import article, bulletin, conversation, inline, missed, readiness
from bot.dialogue.banner import Banner
from bot.dialogue.inline import InlineChoice
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn
from bot.office import library
from bot.office.reload import Live
from bot.office.standing import Overlay
from bot.office.tables import Subject
from knowledge.articles import Articles


class Voice:
    """The dialogue with its services bound; Telegram tells our name there only after the start."""

    def __init__(self, services: Services, shipped: Articles, overlay: Overlay) -> None:
        self._shipped = shipped
        self._services = replace(services, articles=library.laid(shipped, overlay))

    @property
    def services(self) -> Services:
        """The services, with our name on Telegram once that is known."""
        return self._services

    def named(self, username: str) -> None:
        """Note our user name on Telegram."""
        self._services = replace(self._services, bot_username=username)

    def publish(self, live: Live) -> None:
        """Answer from another release, from the next turn on."""
        known = self._services
        occasions = known.occasions.knowing(live.catalogue)
        articles = library.laid(self._shipped, live.overlay)
        self._services = replace(
            known, catalogue=live.catalogue, matcher=live.matcher, occasions=occasions, articles=articles
        )
        gc.freeze()  # as at the start: records and an index are nothing for the collector to look through

    def respond(self, turn: Turn, session: Session) -> tuple[Reply, Session]:
        """Answer one turn."""
        return conversation.respond(turn, session, self._services)

    def reminder(self, code: str, session: Session) -> Message | None:
        """Return what to say when a reminder of one dossier is due."""
        return readiness.reminder(code, session, self._services.at(session.commune))

    def news(self, asked: str, verdict: str, answer: str, published: bool) -> Message | None:
        """Return what to say of a question asked in vain that may have an answer now."""
        if verdict == Subject.ARTICLE:
            return article.news(asked, answer, self._services)
        return missed.news(asked, answer, self._services, published=published)

    def post(self, banners: tuple[Banner, ...]) -> None:
        """Show these notices, from the next turn on."""
        self._services = replace(self._services, banners=banners)

    def announce(self, reply: Reply, before: Session, after: Session) -> tuple[Reply, Session]:
        """Put notices that a chat was not told yet in front of a reply."""
        return bulletin.announced(reply, before, after, self._services)

    def choices(self, query: str) -> tuple[InlineChoice, ...]:
        """Return what inline mode offers."""
        return inline.choices(query, self._services.at(None))
