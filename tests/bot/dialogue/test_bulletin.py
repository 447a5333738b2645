"""Notices: on while they should be, where they should be, and told once in a chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue import bulletin
from bot.dialogue.banner import Banner
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply
from knowledge.places import Finder, load_gazetteer
from tests.bot.dialogue import records

NOON = datetime(2026, 11, 22, 12)
HOUR = timedelta(hours=1)
BA_DINH, HUE = "00004", "19774"
PLACES = Finder(load_gazetteer())
HELLO = Reply((Message("chào"),))


def at(moment: datetime, *banners: Banner) -> Services:
    return replace(records.services(), banners=banners, places=PLACES, clock=lambda: moment)


def banner(number: int = 1, scope: str = "", ends: datetime | None = None) -> Banner:
    return Banner(number, f"tin <{number}>", scope, NOON, ends)


def seen(services: Services, commune: str | None = None) -> list[int]:
    return [each.id for each in bulletin.on(services, commune)]


def test_it_is_on_from_its_first_minute_until_its_last() -> None:
    notice = banner(ends=NOON + HOUR)
    moments = (NOON - timedelta(minutes=1), NOON, NOON + HOUR - timedelta(minutes=1), NOON + HOUR)
    assert [seen(at(moment, notice)) for moment in moments] == [[], [1], [1], []]
    assert seen(at(NOON + 9000 * HOUR, banner())) == [1]


def test_it_is_on_only_where_it_holds() -> None:
    services = at(NOON, banner(1), banner(2, "01"), banner(3, BA_DINH))
    assert seen(services) == [1]
    assert seen(services, BA_DINH) == [1, 2, 3]
    assert seen(services, HUE) == [1]
    assert seen(services, "99999") == [1]


def test_a_chat_is_told_once_before_the_reply() -> None:
    services = at(NOON, banner(1), banner(2, "01"))
    reply, session = bulletin.announced(HELLO, Session(), Session(), services)
    assert [each.body for each in reply.messages] == ["<b>Thông báo</b>\ntin &lt;1&gt;", "chào"]
    assert bulletin.announced(HELLO, session, session, services)[0] == HELLO
    moved = session.model_copy(update={"commune": BA_DINH})
    reply, session = bulletin.announced(HELLO, session, moved, services)
    assert [each.body for each in reply.messages] == ["<b>Thông báo</b>\ntin &lt;2&gt;", "chào"]
    assert session.noticed == (1, 2)


def test_forgetting_the_conversation_does_not_tell_it_again() -> None:
    services = at(NOON, banner())
    told = Session(noticed=(1,))
    assert bulletin.announced(HELLO, told, Session(), services) == (HELLO, told)


def test_it_waits_while_a_message_only_changes_or_an_answer_is_to_come() -> None:
    services = at(NOON, banner())
    for quiet in (Reply((Message("trang 2", replaces=True),)), Reply(())):
        assert bulletin.announced(quiet, Session(), Session(), services) == (quiet, Session())


def test_what_is_gone_is_not_remembered() -> None:
    _, session = bulletin.announced(HELLO, Session(noticed=(7, 8)), Session(), at(NOON, banner(8)))
    assert session.noticed == (8,)
