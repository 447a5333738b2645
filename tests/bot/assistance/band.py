"""Teams and volunteers made by hand, for tests."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.dialogue import conversation
from bot.dialogue.services import Services
from bot.dialogue.turn import Button, Reply, Turn, TurnKind
from bot.intake import APOLOGY, Intake
from bot.moment import Flow, Flows
from knowledge.places import Finder, load_gazetteer
from tests.bot.dialogue import records

BA_DINH = "00004"
"""A commune of Hanoi."""


async def run(engine: AsyncEngine, statement: str, **values: object) -> list[Any]:
    """Run a statement and return its rows."""
    async with engine.begin() as connection:
        result = await connection.execute(text(statement), values)
        return list(result.all()) if result.returns_rows else []


async def chat(connection: AsyncConnection, address: str, channel: str = "telegram") -> int:
    """Return a chat, made when it is not there."""
    made = text("""
        INSERT INTO chat (channel, address) VALUES (:channel, :address)
        ON CONFLICT (channel, address) DO UPDATE SET channel = EXCLUDED.channel RETURNING id
    """)
    return int((await connection.execute(made, {"channel": channel, "address": address})).scalar_one())


async def team(connection: AsyncConnection, name: str = "Thanh niên Ba Đình", commune: str = BA_DINH) -> int:
    """Make a team."""
    made = text("INSERT INTO team (name, commune) VALUES (:name, :commune) RETURNING id")
    return int((await connection.execute(made, {"name": name, "commune": commune})).scalar_one())


async def member(
    connection: AsyncConnection, team: int, name: str = "Lan", *, leader: bool = False, channel: str = "telegram"
) -> tuple[int, int]:
    """Make a volunteer with a chat of their own; return the numbers of both."""
    number = await chat(connection, f"chat of {name} in {team}", channel)
    made = text("""
        INSERT INTO volunteer (chat_id, team, name, leader, pledged_at) VALUES (:chat, :team, :name, :leader, now())
        RETURNING id
    """)
    values = {"chat": number, "team": team, "name": name, "leader": leader}
    return int((await connection.execute(made, values)).scalar_one()), number


class Person:
    """Somebody in their chat: what they say goes in as it does from a channel, through the flows given."""

    def __init__(
        self,
        engine: AsyncEngine,
        address: str,
        *flows: Flow,
        services: Services | None = None,
        channel: str = "telegram",
    ) -> None:
        self.known = services or placed()
        respond = partial(conversation.respond, services=self.known)
        self._intake = Intake(engine, respond, flows=Flows(flows, lambda: self.known))
        self._at = (channel, address)
        self._engine = engine
        self.last: Reply = Reply(())

    async def __call__(self, kind: TurnKind, value: str, command: str = "") -> str:
        """Take a turn and return what is answered."""
        reply = await self._intake.receive(*self._at, Turn(kind, value, command))
        assert reply
        assert reply != APOLOGY
        self.last = reply
        return "\n\n".join(message.body for message in reply.messages)

    async def says(self, words: str) -> str:
        """Type something."""
        if words.startswith("/"):
            command, _, argument = words[1:].partition(" ")
            return await self(TurnKind.COMMAND, argument, command)
        return await self(TurnKind.TEXT, words)

    async def presses(self, label: str) -> str:
        """Press the button of the last answer that is called so."""
        found = [button.action for button in self.buttons if button.label == label]
        assert found, [button.label for button in self.buttons]
        return await self(TurnKind.ACTION, found[0] or "")

    async def sends(self, *words: object) -> str:
        """Press a button that stands nowhere."""
        return await self(TurnKind.ACTION, ":".join(["aid", *map(str, words)]))

    @property
    def buttons(self) -> list[Button]:
        """The buttons of the last answer."""
        return [button for message in self.last.messages for row in message.buttons for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    async def told(self) -> list[str]:
        """Return what others' turns have left for this chat, and take it away."""
        return [str(payload["body"]) for payload in await self.taken()]

    async def taken(self) -> list[dict[str, Any]]:
        """Take away what others' turns have left for this chat, and return it as it was stored, oldest first."""
        rows = await run(
            self._engine,
            "WITH gone AS (DELETE FROM post USING chat WHERE chat.id = chat_id AND channel = :channel "
            "AND address = :address RETURNING post.id, payload) SELECT payload FROM gone ORDER BY id",
            channel=self._at[0],
            address=self._at[1],
        )
        return [row.payload for row in rows]


def placed() -> Services:
    """Return services that know the places."""
    return replace(records.services(), places=Finder(load_gazetteer()), page_url="https://mot.cua")
