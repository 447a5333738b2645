"""One turn of somebody who talks with another: which side they are on, and how they are called on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import members, post, speech
from bot.assistance.requests import Request
from bot.assistance.tables import Side
from bot.dialogue.turn import Message, Reply
from bot.moment import Moment, Outcome

_NAME = text("SELECT name FROM staff WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Talk:
    """A request as one of its two sides sees it, at one turn."""

    moment: Moment
    request: Request
    side: Side

    @property
    def connection(self) -> AsyncConnection:
        """The transaction of the turn."""
        return self.moment.connection

    def say(self, words: str, rows: speech.Rows = (), **session: Any) -> Outcome:
        """Answer whoever spoke, with buttons under it; ``session`` holds fields of theirs to change."""
        reply = Reply((Message(words, rows, talk=self.request.id),), talk=self.request.id)
        return reply, self.moment.session.model_copy(update=session)

    async def tell(self, message: Message) -> None:
        """Say something to the other side, where that has a chat."""
        chat = self.request.other(self.side)
        if chat is not None:
            await post.send(self.connection, chat, message)

    def rows(self) -> speech.Rows:
        """Return the buttons that the speaker's side has now."""
        return speech.buttons(self.request, self.side, office=self.moment.services.office)


async def speaker(connection: AsyncConnection, request: Request, side: Side) -> str:
    """Return how whoever is on a side is called above their words, as plain text."""
    if side is Side.CITIZEN:
        return speech.CITIZEN
    if request.staff is not None:
        name = (await connection.execute(_NAME, {"id": request.staff})).scalar_one_or_none()
        return speech.OFFICER.format(name=name or "")
    helper = await members.volunteer(connection, request.volunteer) if request.volunteer else None
    return speech.VOLUNTEER.format(name=f"Anh/chị {helper.name}") if helper else speech.VOLUNTEER_BEFORE
