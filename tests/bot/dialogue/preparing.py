"""Somebody who gets a dossier ready, turn by turn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.dialogue import conversation
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from knowledge.catalogue import Catalogue
from knowledge.procedure import Channel, ChannelKind, Procedure
from tests.bot.dialogue.records import BIRTH, MARRIAGE, PORTAL, Script, answer
from tests.knowledge.cases import SUNDAY, days, fee, library_card

CARD = library_card()
LONG = "Giấy xác nhận của cơ quan có thẩm quyền về việc này việc kia " * 6
DESK = Channel(kind=ChannelKind.IN_PERSON, money=(fee(0),), time_limits=(days(1),))


def world(*records: Procedure, **changes: object) -> Services:
    script = Script({"đăng ký kết hôn": answer(MARRIAGE.code)})
    made = Services(Catalogue.of(records or (CARD, BIRTH, MARRIAGE)), script, PORTAL, "http://x.vn", "motcua_bot")
    return replace(made, **{"clock": lambda: SUNDAY, **changes})  # type: ignore[arg-type]


@dataclass
class Person:
    services: Services = field(default_factory=world)
    session: Session = field(default_factory=Session)
    last: Reply = field(default_factory=lambda: Reply(()))

    def does(self, turn: Turn) -> Message:
        self.last, self.session = conversation.respond(turn, self.session, self.services)
        self.session = Session.model_validate_json(self.session.model_dump_json())
        return self.last.messages[-1]

    def says(self, text: str) -> Message:
        return self.does(Turn(TurnKind.TEXT, text))

    def sends(self, action: Action) -> Message:
        return self.does(Turn(TurnKind.ACTION, action.payload()))

    def presses(self, label: str) -> Message:
        found = [b.action for row in self.last.messages[-1].buttons for b in row if b.label == label]
        assert any(found), f"no button {label!r} among {labels(self.last.messages[-1])}"
        return self.does(Turn(TurnKind.ACTION, found[0] or ""))

    def prepares(self, *choices: str) -> Message:
        message = self.sends(Action(Verb.CASE, CARD.code))
        for choice in choices:
            message = self.presses(choice)
        return message


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]
