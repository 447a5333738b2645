"""A place with volunteers and officers who help from afar, for tests: everybody in their own chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import accepting, post
from bot.assistance.alerts import Alerts
from bot.assistance.asking import Asking
from bot.assistance.relay import Relay
from bot.dialogue.services import Services
from bot.dialogue.turn import Reply, Turn, TurnKind
from bot.dossiers.dates import Quiet
from bot.moment import Flow
from bot.storage.notices import Notices
from tests.bot.assistance import band
from tests.bot.assistance.band import BA_DINH, Person, run

ALWAYS = Quiet(0, 0)


class Somebody(Person):
    """Somebody in their chat, who also hears what others' turns leave there."""

    async def hears(self) -> list[str]:
        """Return what was left here; its last message is then the one whose buttons are pressed."""
        messages = tuple(post._message(payload) for payload in await self.taken())
        if messages:
            self.last = Reply(messages[-1:])
        return [message.body for message in messages]

    async def writes(self, words: str) -> str:
        """Type something on the page, which shows it as well as the answer."""
        reply = await self._intake.receive(*self._at, Turn(TurnKind.TEXT, words), said=words)
        assert reply
        self.last = reply
        return "\n\n".join(message.body for message in reply.messages)

    async def does(self, turn: Turn) -> str:
        """Do anything."""
        reply = await self._intake.receive(*self._at, turn)
        assert reply
        self.last = reply
        return "\n\n".join(message.body for message in reply.messages)


@dataclass
class Ward:
    """Where it happens; ``services`` knows all places, ``alerts`` go through the requests when asked to."""

    engine: AsyncEngine
    services: Services
    alerts: Alerts
    flows: list[Flow]

    def person(self, address: str, channel: str = "telegram") -> Somebody:
        return Somebody(self.engine, address, *self.flows, services=self.services, channel=channel)

    async def citizen(self, address: str = "citizen", channel: str = "telegram", commune: str = BA_DINH) -> Somebody:
        """Return somebody who said where they live."""
        somebody = self.person(address, channel)
        await somebody.says(f"/noio {self.services.places.gazetteer.communes[commune].full}")
        return somebody

    async def volunteer(self, name: str = "Lan", commune: str = BA_DINH, *, on_duty: bool = True) -> Somebody:
        """Return a volunteer of a team of the commune, with a chat of their own."""
        async with self.engine.begin() as connection:
            team = await band.team(connection, f"Đội {name}", commune)
            await band.member(connection, team, name)
        if on_duty:
            await self.run("UPDATE volunteer SET on_duty_until = now() + interval '1 hour' WHERE name = :n", n=name)
        return self.person(f"chat of {name} in {team}")

    async def officer(self, address: str = "70", scope: str = "01", role: str = "editor") -> Somebody:
        """Return an officer in their chat."""
        await self.run(
            "INSERT INTO staff (name, role, scope, telegram) VALUES ('Hoa', :role, :scope, :address)",
            role=role,
            scope=scope,
            address=address,
        )
        async with self.engine.begin() as connection:
            await band.chat(connection, address)
        return self.person(address)

    async def run(self, statement: str, **values: object) -> list[Any]:
        return await run(self.engine, statement, **values)

    async def asked(self, somebody: Somebody, subject: str = "không vào được VNeID") -> str:
        """Let somebody ask for help with something, now; return what they are told in the end."""
        await somebody.says("/nhogiup")
        await somebody.says(subject)
        await somebody.presses("Bây giờ")
        return await somebody.presses("Gửi")

    async def talking(self, citizen: Somebody, helper: Somebody) -> int:
        """Bring two together; return the number of their talk."""
        await self.asked(citizen)
        await helper.hears()
        await helper.presses("Nhận giúp")
        await citizen.hears()
        ((number,),) = await self.run("SELECT id FROM help_request WHERE state = 'live' ORDER BY id DESC LIMIT 1")
        return int(number)

    async def later(self, interval: str) -> None:
        """Let so much time pass for all requests."""
        await self.run(
            f"UPDATE help_request SET opens_at = opens_at - interval '{interval}', "
            f"escalates_at = escalates_at - interval '{interval}', asked_at = asked_at - interval '{interval}', "
            f"taken_at = taken_at - interval '{interval}', last_said_at = last_said_at - interval '{interval}', "
            f"handover_agreed_at = handover_agreed_at - interval '{interval}', "
            f"nudged_at = nudged_at - interval '{interval}', ended_at = ended_at - interval '{interval}'"
        )
        await self.run(f"UPDATE talked SET at = at - interval '{interval}'")


Make = Callable[..., Ward]


def ward(engine: AsyncEngine, *, closed: Quiet = ALWAYS, office: bool = True) -> Ward:
    """Make a place; ``closed`` are the hours in which nobody need be there."""
    services = replace(band.placed(), office=office)
    alerts = Alerts(engine, Notices(engine.url), lambda: services, closed, 10)
    return Ward(engine, services, alerts, [Relay(alerts).flow(), accepting.FLOW, Asking(alerts).flow()])
