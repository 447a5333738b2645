"""Life events in the conversation: opened by a question, a command, a button; walked by number; one list of papers."""

from __future__ import annotations

import html
import re

import pytest

from bot.dialogue import card, choice, event, markup, proposal
from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.conversation import respond
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from knowledge.bundle import combine
from knowledge.catalogue import Catalogue, load
from knowledge.events import Event, available, load_events, needed
from knowledge.matching import Facet, Match
from knowledge.occasion import Occasions
from tests.bot.dialogue.records import PORTAL, Script, answer, bare, offer
from tests.bot.dialogue.test_conversation import well_formed

CATALOGUE = load()
READ = Occasions.of(load_events(), CATALOGUE)
EVENTS = READ.events.all
BIRTH = "tôi mới sinh con"


def services(lines: dict[str, Match] | None = None, catalogue: Catalogue = CATALOGUE) -> Services:
    return Services(catalogue, Script(lines or {}), PORTAL, occasions=READ)


class Person:
    """Somebody who talks to us, turn by turn."""

    def __init__(self, given: Services) -> None:
        self.services = given
        self.session = Session()

    def take(self, turn: Turn) -> Message:
        reply, self.session = respond(turn, self.session, self.services)
        return only(reply)

    def says(self, text: str) -> Message:
        return self.take(Turn(TurnKind.TEXT, text))

    def commands(self, command: str, argument: str = "") -> Message:
        return self.take(Turn(TurnKind.COMMAND, argument, command))

    def presses(self, payload: str) -> Message:
        return self.take(Turn(TurnKind.ACTION, payload))


def only(reply: Reply) -> Message:
    assert len(reply.messages) == 1
    return reply.messages[0]


def seen(message: Message) -> str:
    return html.unescape(re.sub("<[^>]*>", "", message.body))


def pressed(message: Message, label: str) -> str:
    found = [button.action for row in message.buttons for button in row if label in button.label]
    assert len(found) == 1, (label, message.buttons)
    assert found[0]
    return found[0]


@pytest.mark.parametrize("each", EVENTS, ids=lambda each: str(each.id))
def test_an_event_fits_one_screen_and_every_step_can_be_pressed(each: Event) -> None:
    message = Person(services()).presses(Action(Verb.EVENT, detail=each.id).payload())
    assert markup.visible(message.body) <= card.SCREEN
    assert well_formed(message.body)
    assert each.first in html.unescape(message.body)
    steps = each.steps()
    assert [row[0].action for row in message.buttons[: len(steps)]] == [f"pick:{step.code}" for step in steps]
    labels = [button.label for row in message.buttons for button in row]
    assert all(len(label) <= choice.LABEL + 3 for label in labels)
    for step in steps:
        assert step.name in seen(message)
        assert step.deadline is None or step.deadline.source in seen(message)
    assert all(place in seen(message) for place in each.elsewhere)


@pytest.mark.parametrize("every_case", [False, True])
@pytest.mark.parametrize("each", EVENTS, ids=lambda each: str(each.id))
def test_the_pages_of_papers_hold_every_paper_and_fit_a_screen(each: Event, every_case: bool) -> None:
    given = services()
    shown, page = "", 1
    while True:
        message = event.papers(each, page, given, every_case=every_case)
        assert message.replaces
        assert markup.visible(message.body) <= card.SCREEN
        assert well_formed(message.body)
        shown += seen(message)
        turning = [button for row in message.buttons for button in row if button.label == "Trang sau ›"]
        if not turning:
            break
        action = parse(turning[0].action or "")
        assert action == Action(Verb.WHOLE if every_case else Verb.BUNDLE, page=page + 1, detail=each.id)
        page += 1
    steps = needed(available(each, CATALOGUE), every_case=every_case)
    papers = combine([record for _, record in steps], READ.events.same_papers)
    assert shown.count("• ") == len(papers)
    for number, _ in steps:
        assert re.search(rf"\b{number}\b", shown)


def test_a_question_that_is_nothing_but_an_event_opens_it() -> None:
    person = Person(services())
    message = person.says(BIRTH)
    assert "Sinh con: các việc cần làm" in seen(message)
    assert "Luật Hộ tịch 60/2014/QH13, Điều 15" in seen(message)


def test_a_question_with_a_procedure_in_it_goes_to_the_matcher() -> None:
    lines = {"làm giấy khai sinh cho con mới sinh": answer("1.001193")}
    assert "1.001193" in Person(services(lines)).says("làm giấy khai sinh cho con mới sinh").body


def test_a_number_opens_a_step_and_the_next_number_another() -> None:
    person = Person(services())
    person.says(BIRTH)
    assert "<code>1.001193</code>" in person.says("2").body
    assert "<code>2.000693</code>" in person.says("số 5").body


def test_the_name_of_a_step_opens_it_though_others_begin_alike() -> None:
    person = Person(services())
    message = person.says(BIRTH)
    name = next(step for step in person.session.called if sum(step in other for other in person.session.called) > 1)
    code = person.session.offered[person.session.called.index(name)]
    assert name in seen(message)
    assert code in seen(person.says(name.lower()))


def test_a_number_beyond_the_list_shows_the_list_again() -> None:
    person = Person(services())
    person.says(BIRTH)
    message = person.says("9")
    assert "chỉ có 7 mục" in seen(message)
    assert "7. Đăng ký người phụ thuộc" in seen(message)


def test_papers_asked_for_while_an_event_is_open_are_its_papers() -> None:
    person = Person(services({"cần giấy tờ gì": bare(Facet.PAPERS)}))
    person.says("tôi sắp cưới")
    message = person.says("cần giấy tờ gì")
    assert "Kết hôn: giấy tờ chung" in seen(message)
    assert "Tờ khai đăng ký kết hôn" in seen(message)


def test_another_side_asked_for_is_answered_for_the_step_picked_next() -> None:
    person = Person(services({"lệ phí bao nhiêu": bare(Facet.MONEY)}))
    person.says(BIRTH)
    asked = seen(person.says("lệ phí bao nhiêu"))
    assert "phí, lệ phí của việc nào" in asked
    assert "Làm trước:" in asked, "what comes first is said again"
    message = person.says("3")
    assert "20.000 đồng" in seen(message)
    assert "Giấy tờ cần nộp" not in seen(message)


def test_an_event_whose_step_was_opened_no_longer_answers_for_it() -> None:
    person = Person(services({"cần giấy tờ gì": bare(Facet.PAPERS)}))
    person.says(BIRTH)
    person.says("2")
    assert "<code>1.001193</code>" in person.says("cần giấy tờ gì").body


def test_papers_open_as_a_new_message_turn_in_place_and_lead_back() -> None:
    person = Person(services())
    opened = person.says("mất hết giấy tờ")
    first = person.presses(pressed(opened, "Giấy tờ chung"))
    assert not first.replaces
    second = person.presses(pressed(first, "Trang sau"))
    assert second.replaces
    assert "Trang 2/" in seen(second)
    assert "Mất giấy tờ: các việc cần làm" in seen(person.presses(pressed(second, event.BACK)))


def test_steps_for_some_people_are_counted_on_request() -> None:
    person = Person(services())
    papers = person.presses(pressed(person.says(BIRTH), "Giấy tờ chung"))
    assert "Chưa tính việc tùy trường hợp: 5, 6, 7." in seen(papers)
    assert "Mẫu số 14-HSB" not in seen(papers)
    whole = person.presses(pressed(papers, "Tính cả việc 5, 6, 7"))
    assert "Mẫu số 14-HSB" in seen(whole)
    assert "Chưa tính" not in seen(whole)


def test_the_command_lists_all_events_and_opens_the_one_named() -> None:
    person = Person(services())
    listed = person.commands("sukien")
    labels = [button.label for row in listed.buttons for button in row]
    assert labels == [each.name for each in EVENTS]
    assert "Chuyển nơi ở: các việc cần làm" in seen(person.commands("sukien", "chuyen nha"))
    assert [button.label for row in person.commands("sukien", "xyz").buttons for button in row] == labels


def test_the_command_opens_every_event_by_its_name() -> None:
    """Also one that is named as a procedure is: "kết hôn"."""
    person = Person(services())
    for each in EVENTS:
        for named in (each.name, each.name.lower(), *each.name.split(",")):
            assert f"{each.name}: các việc cần làm" in seen(person.commands("sukien", named)), named
    assert "Kết hôn: các việc cần làm" in seen(person.commands("sukien", "ket hon"))


def test_the_very_name_of_an_event_offers_all_of_it_beside_the_procedure_of_that_name() -> None:
    variants = offer("1.000894", "1.004746", ask="Trường hợp nào?")
    house = services({"kết hôn": variants, "cưới vợ nước ngoài": variants})
    assert "Cả gói việc" not in str(Person(house).says("cưới vợ nước ngoài").buttons)
    person = Person(house)
    offered = person.says("kết hôn")
    *_, whole, none = [button.label for row in offered.buttons for button in row]
    assert (whole, none) == ("Cả gói việc: kết hôn", proposal.NONE_OF_THESE)
    turn = Turn(TurnKind.ACTION, pressed(offered, "Cả gói việc: kết hôn"))
    reply, _ = respond(turn, person.session, house)
    assert "Kết hôn: các việc cần làm" in seen(only(reply))
    assert not reply.effects, "the question was not asked in vain"


def test_a_card_offers_the_event_its_procedure_belongs_to() -> None:
    record = CATALOGUE.get("1.001193")
    assert record is not None
    message = card.card(record, services())
    assert "Sinh con: các việc cần làm" in seen(Person(services()).presses(pressed(message, "Cả gói việc: sinh con")))


def test_a_card_of_a_procedure_in_no_event_offers_none() -> None:
    record = CATALOGUE.get("1.004088")
    assert record is not None
    assert "Cả gói việc" not in str(card.card(record, services()).buttons)


def test_events_without_their_procedures_are_not_there() -> None:
    bare_house = services(catalogue=Catalogue.of([]))
    person = Person(bare_house)
    assert seen(person.commands("sukien")) == event.NONE
    assert event.asked(BIRTH, bare_house) is None
    assert seen(person.presses("event:sinh-con")) == event.NONE


def test_a_button_of_an_event_that_is_gone_leads_to_the_list() -> None:
    for payload in ("event:khong-co", "bundle:khong-co:0", "whole:khong-co:3"):
        message = Person(services()).presses(payload)
        assert seen(message) == event.GONE
        assert len(message.buttons) > 5


def test_a_page_beyond_the_last_shows_the_last() -> None:
    message = Person(services()).presses("bundle:sinh-con:999")
    assert "giấy tờ chung" in seen(message)


def test_payloads_are_short_and_read_back() -> None:
    for each in EVENTS:
        for action in (
            Action(Verb.EVENT, detail=each.id),
            Action(Verb.BUNDLE, page=999, detail=each.id),
            Action(Verb.WHOLE, page=0, detail=each.id),
        ):
            assert len(action.payload().encode("ascii")) <= 64
            assert parse(action.payload()) == action
    assert parse(Action(Verb.EVENTS).payload()) == Action(Verb.EVENTS)
