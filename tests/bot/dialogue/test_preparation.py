"""Getting a dossier ready, turn by turn: questions, list, ticks, links, reminders; half done, changed, forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import (
    answering,
    card,
    cases,
    checklist,
    commands,
    conversation,
    cost,
    link,
    markup,
    preparation,
    readiness,
)
from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.effect import Remind
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from knowledge.case import token
from knowledge.catalogue import Catalogue
from knowledge.places import Commune, Finder, Gazetteer, Province
from knowledge.procedure import CaseChoice, CaseQuestion, Channel, ChannelKind, Procedure
from tests.bot.dialogue.records import BIRTH, MARRIAGE, OLD, PORTAL, Script, answer
from tests.knowledge.cases import SUNDAY, days, fee, library_card, paper, question

CARD = library_card()
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


@pytest.fixture
def person() -> Person:
    return Person()


def test_answer_leads_to_preparing(person: Person) -> None:
    assert person.says("đăng ký kết hôn").buttons[0][0].label == card.PREPARE
    assert checklist.PAPERS in person.presses(card.PREPARE).body, "nothing to ask: the list at once"


def test_questions_then_the_list_of_this_case(person: Person) -> None:
    message = person.prepares()
    assert "<b>Term?</b>" in message.body
    assert labels(message) == ["In_time", "Late", preparation.NOT_SURE, preparation.SKIP]
    message = person.presses("Late")
    assert message.replaces
    assert "✓ Term? <b>Late</b>" in message.body
    assert preparation.BACK in labels(message)
    person.presses("Other")
    message = person.presses("Stranger")
    assert "☐ 1. Tờ khai: 1 bản chính" in message.body
    assert "Giấy ủy quyền có chứng thực" in message.body
    assert "Giấy tờ chứng minh là người nhà" not in message.body
    assert "8.000 đồng (theo Thông tư 1/2026)" in message.body
    assert "nộp thứ Hai 23/11 trực tiếp thì thứ Ba 1/12 có kết quả" in message.body, "closed on a Sunday"
    assert "nhận lúc 07:30 thứ Hai 23/11" in message.body


def test_when_it_is_done_is_counted_from_when_it_can_be_handed_in() -> None:
    limits = (days(1), days(5, "Phải xác minh."))
    kinds = (ChannelKind.IN_PERSON, ChannelKind.ONLINE, ChannelKind.POST)
    channels = tuple(Channel(kind=kind, money=(fee(0),), time_limits=limits) for kind in kinds)
    plain = library_card(questions=(), channels=channels, documents=(paper("Tờ khai"),), steps=(), local_rules=())
    closed = Person(world(plain)).prepares(preparation.SKIP).body
    assert "Nộp thứ Hai 23/11 trực tiếp thì thứ Tư 25/11 có kết quả (phải xác minh: thứ Ba 1/12)" in closed
    assert "Nộp hôm nay qua mạng thì thứ Tư 25/11 có kết quả (phải xác minh: thứ Ba 1/12)" in closed
    assert "Gửi qua bưu điện, hồ sơ tới nơi hôm nay thì thứ Tư 25/11 có kết quả" in closed
    monday = Person(world(plain, clock=lambda: SUNDAY + timedelta(days=1))).prepares(preparation.SKIP).body
    assert "Nộp hôm nay trực tiếp thì" in monday


def test_back_asks_the_question_before_again(person: Person) -> None:
    person.prepares("Late", "Self")
    assert "<b>Who?</b>" in person.presses(preparation.BACK).body
    assert "<b>Term?</b>" in person.presses(preparation.BACK).body
    assert preparation.BACK not in labels(person.last.messages[-1])


def test_unsure_keeps_everything_and_says_so(person: Person) -> None:
    person.prepares("Late")
    person.presses("Other")
    message = person.presses(preparation.NOT_SURE)
    assert "Giấy ủy quyền có chứng thực" in message.body
    assert "Giấy tờ chứng minh là người nhà" in message.body
    assert checklist.LEFT_OPEN.format(question="Kin") in message.body


def test_skip_shows_the_list_with_the_rest_open(person: Person) -> None:
    message = person.prepares(preparation.SKIP)
    assert checklist.LEFT_OPEN_MANY.format(count=3) in message.body
    assert "Kin" not in person.sends(Action(Verb.CASE, CARD.code)).body, "what was skipped is not asked again"


@pytest.mark.parametrize(
    ("said", "chosen"),
    [("2", "Late"), ("late", "Late"), ("lat", None), ("số 1 nhé", "In_time"), ("khong ro a", preparation.NOT_SURE)],
)
def test_answers_may_be_typed(person: Person, said: str, chosen: str | None) -> None:
    person.prepares()
    message = person.says(said)
    if chosen is None:
        assert preparation.AGAIN in message.body
        assert "<b>Term?</b>" in message.body, "the question stays open"
        assert "✓ Term? <b>Late</b>" in person.says("2").body
    else:
        assert f"✓ Term? <b>{chosen}</b>" in message.body
        assert not message.replaces


def test_typed_question_is_not_taken_for_an_answer(person: Person) -> None:
    person.prepares("Late")
    assert MARRIAGE.code in person.says("đăng ký kết hôn").body
    message = person.sends(Action(Verb.CASE, CARD.code))
    assert preparation.CONTINUED in message.body
    assert "<b>Who?</b>" in message.body, "the case goes on where it was left"


def test_typed_ways_on(person: Person) -> None:
    person.prepares("Late")
    assert "<b>Term?</b>" in person.says("quay lại").body
    assert checklist.PAPERS in person.says("bỏ qua").body


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("qua mang", "online"),
        ("ông bà", "kin"),
        ("bà ông", None),
        ("bo", None),
        ("rồi", None),
        ("qua", None),
        ("", None),
    ],
)
def test_a_few_words_of_a_label_are_an_answer(said: str, chosen: str | None) -> None:
    labels = {
        "online": "Nộp qua mạng",
        "post": "Gửi qua bưu điện",
        "kin": "Ông, bà, người thân",
        "left": "Bé bị bỏ rơi",
    }
    choices = tuple(CaseChoice(id=each, text=text) for each, text in labels.items())
    asked = CaseQuestion(id="way", text="Cách nào?", choices=choices)
    assert (answering.meaning(said, asked) or answering.part(said, asked)) == chosen


def test_words_of_a_label_that_name_a_procedure_are_a_question() -> None:
    first, *others = CARD.questions
    named = first.choices[0].model_copy(update={"text": "Đã đăng ký kết hôn rồi"})
    asked = first.model_copy(update={"choices": (named, *first.choices[1:])})
    record = CARD.model_copy(update={"questions": (asked, *others)})
    assert answering.part("đăng ký kết hôn", asked) == named.id
    person = Person(world(record, MARRIAGE))
    person.prepares()
    assert MARRIAGE.code in person.says("đăng ký kết hôn").body


@pytest.mark.parametrize("said", ["mất bao lâu?", "0912345678", "tôi muốn gặp người thật", "cảm ơn"])
def test_what_means_something_else_does_not_repeat_the_question(person: Person, said: str) -> None:
    person.prepares("Late")
    assert preparation.AGAIN not in person.says(said).body


def test_yes_and_no_are_answers_when_one_choice_says_so() -> None:
    yes, no = CaseChoice(id="yes", text="Có, đã nộp"), CaseChoice(id="no", text="Chưa nộp")
    asked = CaseQuestion(id="paid", text="Nộp chưa?", choices=(yes, no))
    assert answering.meaning("co roi a", asked) == "yes"
    assert answering.meaning("chưa", asked) == "no"
    two = CaseQuestion(id="who", text="Ai?", choices=(yes, yes.model_copy(update={"id": "too", "text": "Có cha"})))
    assert answering.meaning("có", two) is None


MARRIED = CaseQuestion(
    id="married",
    text="Cha mẹ đã đăng ký kết hôn chưa?",
    choices=(CaseChoice(id="yes", text="Đã đăng ký kết hôn"), CaseChoice(id="no", text="Chưa đăng ký kết hôn")),
)


@pytest.mark.parametrize(
    ("said", "chosen"),
    [("chưa kết hôn", "no"), ("chua ket hon", "no"), ("đã kết hôn", "yes"), ("hôn kết chưa", None), ("hôn", None)],
)
def test_words_of_a_label_in_their_order_are_an_answer(said: str, chosen: str | None) -> None:
    assert answering.part(said, MARRIED) == chosen


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("chưa có đăng ký gì", None), ("kết hôn rồi", "yes"), ("bố mẹ chưa kết hôn", None),
        ("chưa cha mẹ kết hôn", "no"),
        ("đủ rồi", None), ("xong rồi", None), ("chưa", None), ("chưa cưới", None), ("kết hôn chưa", None),
        ("có mất tiền không", None), ("làm ở đâu", None), ("rồi mai mốt kết hôn", None),
    ],
)  # fmt: skip
def test_a_few_words_lean_to_yes_or_no(said: str, chosen: str | None) -> None:
    assert answering.inclining(said, MARRIED) == chosen
    three = MARRIED.model_copy(update={"choices": (*MARRIED.choices, CaseChoice(id="third", text="Đã ly hôn"))})
    assert answering.inclining(said, three) is None


@given(st.text(max_size=60))
def test_any_text_is_an_answer_or_none(said: str) -> None:
    asked = question("who", "self", "other")
    assert answering.meaning(said, asked) in {"self", "other", "unsure", None, *answering.Way}
    assert answering.part(said, MARRIED) in {"yes", "no", None}
    assert answering.inclining(said, MARRIED) in {"yes", "no", None}


def test_ticks_stay(person: Person) -> None:
    person.prepares("Late", "Self", "Nộp trực tiếp")
    message = person.presses("☐ 2")
    assert "☑ 2. Ảnh thẻ" in message.body
    assert "đã có 1/4" in message.body
    assert person.last.toast == readiness.TICKED.format(number=2)
    assert "☑ 2" in labels(person.sends(Action(Verb.CASE, CARD.code)))
    assert "☐ 2. Ảnh thẻ" in person.presses("☑ 2").body


def test_tick_of_a_paper_that_is_gone_says_so(person: Person) -> None:
    person.prepares("Late", "Self", "Nộp trực tiếp")
    message = person.sends(Action(Verb.TICK, CARD.code, detail="ffffff"))
    assert person.last.toast == readiness.GONE
    assert checklist.PAPERS in message.body


def test_ready_says_where_what_and_when(person: Person) -> None:
    person.prepares("In_time", "Self", "Nộp qua mạng")
    message = person.presses(readiness.READY)
    assert readiness.COMPLETE.format(title=CARD.name) in message.body
    assert readiness.PERHAPS.format(count=1) in message.body
    assert "thứ Sáu 27/11" in message.body
    assert "VNeID" in message.body
    assert person.last.effects == (Remind(CARD.code, None),)
    assert "đã có 1/2" in person.presses(readiness.BACK_TO_LIST).body


def test_half_done_case_of_last_week_goes_on(person: Person) -> None:
    person.prepares("Late")
    person.services = world(clock=lambda: SUNDAY + timedelta(days=8))
    assert "✓ Term? <b>Late</b>" in person.sends(Action(Verb.CASE, CARD.code)).body


def test_record_that_changed_keeps_what_still_fits(person: Person) -> None:
    person.prepares("Late", "Self", "Nộp trực tiếp")
    person.presses("☐ 1")
    newer = library_card(questions=(CARD.questions[0], question("who", "self", "agent")), documents=CARD.documents[:3])
    person.services = world(newer)
    message = person.sends(Action(Verb.CASE, CARD.code))
    assert cases.CHANGED in message.body
    assert "☑ 1. Tờ khai" in message.body
    assert person.session.cases[0].answers == {"term": "late", "who": "self", "channel": "in_person"}
    assert cases.CHANGED not in person.sends(Action(Verb.CASE, CARD.code)).body, "said once"


@pytest.mark.parametrize("label", ["☐ 2", readiness.READY, readiness.PDF])
def test_papers_that_changed_are_told_once(person: Person, label: str) -> None:
    listed = person.prepares("Late", "Self", "Nộp trực tiếp")
    assert cases.OTHER_PAPERS not in listed.body
    person.services = world(library_card(documents=(*CARD.documents, paper("Giấy mới"))))
    message = person.presses(label)
    assert cases.OTHER_PAPERS in message.body
    assert cases.OTHER_PAPERS not in person.sends(Action(Verb.CASE, CARD.code)).body


def test_reminder_of_an_abolished_procedure_says_so(person: Person) -> None:
    person.prepares("Late", "Self", "Nộp trực tiếp")
    person.services = world(library_card(abolished_on=SUNDAY.date()))
    told = readiness.reminder(CARD.code, person.session, person.services)
    assert told is not None
    assert readiness.ABOLISHED in told.body
    assert readiness.STILL_MISSING not in told.body


def test_case_of_an_abolished_procedure_shows_what_replaced_it(person: Person) -> None:
    person.services = world(OLD, MARRIAGE)
    assert "bãi bỏ" in person.sends(Action(Verb.CASE, OLD.code)).body


@pytest.mark.parametrize("verb", [Verb.CASE, Verb.ANSWER, Verb.BACK, Verb.FINISH, Verb.TICK, Verb.READY, Verb.REMIND])
def test_buttons_work_though_the_case_was_forgotten(verb: Verb) -> None:
    person = Person()
    detail = {Verb.ANSWER: "term:late", Verb.TICK: "ffffff"}.get(verb, "")
    assert person.sends(Action(verb, CARD.code, detail=detail)).body


def test_stale_answer_changes_nothing(person: Person) -> None:
    person.prepares("Late")
    message = person.sends(Action(Verb.ANSWER, CARD.code, detail="term:never"))
    assert "<b>Term?</b>" in message.body
    assert person.sends(Action(Verb.ANSWER, CARD.code, detail="colour:red")).body


def test_link_opens_the_same_case_for_somebody_else(person: Person) -> None:
    person.prepares("Late", "Other", "Stranger")
    message = person.presses(readiness.SHARE)
    found = re.search(r"start=(c_[\w-]+)", message.body)
    assert found
    assert f"http://x.vn/c/{found[1].removeprefix('c_')}" in message.body
    other = Person()
    opened = other.does(Turn(TurnKind.COMMAND, found[1], "start"))
    assert "Giấy ủy quyền có chứng thực" in opened.body
    assert other.session.cases[0].answers == {"term": "late", "who": "other", "kin": "stranger"}


def test_page_without_scripts_invites_to_open_a_case() -> None:
    carried = token(CARD, {"term": "late"})
    message = preparation.invitation(carried, world())
    assert CARD.name in message.body
    pressed = message.buttons[0][0].action
    assert pressed
    assert parse(pressed) == Action(Verb.OPEN, detail=carried)
    assert checklist.PAPERS in Person().does(Turn(TurnKind.ACTION, pressed)).body
    assert preparation.invitation("9999999_0a1b_0", world()).body == preparation.LINK_GONE


def test_link_of_an_older_record_begins_again(person: Person) -> None:
    message = person.does(Turn(TurnKind.COMMAND, "c_1000001_ffff_0", "start"))
    assert preparation.LINK_OLD in message.body
    assert "<b>Term?</b>" in message.body


def test_link_without_addresses_points_to_the_file(person: Person) -> None:
    person.services = replace(person.services, page_url="", bot_username="")
    person.prepares("Late", "Self", "Nộp trực tiếp")
    assert person.presses(readiness.SHARE).body == readiness.NO_LINK


@pytest.mark.parametrize(("label", "ending"), [(readiness.PDF, "pdf"), (readiness.PICTURE, "png")])
def test_list_can_be_kept_as_a_file(person: Person, label: str, ending: str) -> None:
    person.prepares("Late", "Self", "Nộp trực tiếp")
    person.presses("☐ 1")
    file = person.presses(label).file
    assert file is not None
    assert file.name.endswith(ending)
    printed = link.read_checklist(file.path)
    assert printed == link.Printed(
        CARD.code, token(CARD, person.session.cases[0].answers), ending, person.session.cases[0].ticked, 1
    )


@pytest.mark.parametrize(
    "path", ["/checklist/x.pdf", "/checklist/1001193_0000_0.exe", "/leaflet/1.001193.pdf", "/checklist/", "", "//["]
)
def test_other_paths_are_no_checklist(path: str) -> None:
    assert link.read_checklist(path) is None


def test_reminder_is_promised_kept_and_called_off(person: Person) -> None:
    person.prepares("Late", "Self", "Nộp trực tiếp")
    person.presses("☐ 1")
    person.presses(readiness.REMIND)
    message = person.presses("3 ngày nữa")
    assert "08:00 thứ Tư 25/11" in message.body
    assert person.last.effects == (Remind(CARD.code, datetime(2026, 11, 25, 8, 0)),)
    told = readiness.reminder(CARD.code, person.session, person.services)
    assert told is not None
    assert "☐ Đơn trình bày" in told.body
    assert "Tờ khai" not in told.body, "only what is missing"
    person.presses(readiness.BACK_TO_LIST)
    person.presses(readiness.REMIND)
    person.presses(readiness.NO_REMINDER)
    assert person.last.effects == (Remind(CARD.code, None),)
    assert readiness.reminder("9.999999", person.session, person.services) is None


def test_copies_change_the_price() -> None:
    counted = library_card(channels=(CARD.channels[0].model_copy(update={"money": (fee(8000, unit="bản"),)}),))
    person = Person(world(counted))
    message = person.sends(Action(Verb.FINISH, CARD.code))
    assert "8.000 đồng" in message.body
    person.presses("+")
    assert "24.000 đồng (3 bản × 8.000 đồng)" in person.presses("+").body
    assert "1 bản" in labels(person.sends(Action(Verb.COPIES, CARD.code, 0)))


def test_list_of_dossiers_in_preparation(person: Person) -> None:
    assert person.does(Turn(TurnKind.COMMAND, "", "chuanbi")).body == readiness.NONE_YET
    person.prepares("Late", "Self", "Nộp trực tiếp")
    message = person.does(Turn(TurnKind.COMMAND, "", "chuanbi"))
    assert labels(message) == ["Cấp thẻ bạn đọc (0/4 giấy)"]
    assert commands.KEPT in person.does(Turn(TurnKind.COMMAND, "", "huy")).body
    assert person.session.cases, "starting over does not throw the list away"


def test_oldest_case_is_let_go() -> None:
    session = Session()
    for number in range(cases.MOST_CASES + 3):
        record = BIRTH.model_copy(update={"code": f"1.{number:06d}"})
        session = cases.put(session, cases.new(record))
    assert len(session.cases) == cases.MOST_CASES
    assert session.cases[0].code == f"1.{cases.MOST_CASES + 2:06d}"


def test_money_and_time_are_those_of_the_province_one_lives_in(person: Person) -> None:
    hanoi = Commune("00070", "Phường Hoàn Kiếm", Province("01", "Thành phố Hà Nội"), 21.0, 105.8)
    finder = Finder(Gazetteer({"01": hanoi.province}, {hanoi.code: hanoi}))
    person.services = replace(person.services, places=finder, provinces={"01": "Thành phố Hà Nội"})
    message = person.prepares("Late", "Self", "Nộp qua mạng")
    assert "4.000 đồng" in message.body
    assert cost.ELSEWHERE in message.body
    person.session = person.session.model_copy(update={"commune": hanoi.code})
    message = person.sends(Action(Verb.CASE, CARD.code))
    assert "5.000 đồng (mức của Thành phố Hà Nội, theo Nghị quyết 9/2026/NQ-HĐND)" in message.body
    assert "thứ Năm 26/11" in message.body, "the province has cut the online limit to two working days"
    assert cost.ELSEWHERE not in message.body


LONG = "Giấy xác nhận của cơ quan có thẩm quyền về việc này việc kia " * 6


@pytest.mark.parametrize(("papers", "asked"), [(21, 3), (40, 8), (120, 8)])
def test_the_longest_list_is_one_message_that_ticks_change_in_place(papers: int, asked: int) -> None:
    """Telegram takes 4096 characters and a hundred buttons; a second part would be sent anew with every tick."""
    told = [CaseChoice(id=name, text=f"{name} {LONG}", note=LONG) for name in ("a", "b")]
    questions = tuple(
        CaseQuestion(id=f"q{n}", text=f"{n} {LONG}", choices=tuple(told), when={f"q{n - 1}": ("a",)} if n else {})
        for n in range(asked)
    )
    when = [paper(f"q{n} {LONG}", LONG).model_copy(update={"when": {f"q{n}": ("a",)}}) for n in range(asked)]
    documents = (*(paper(f"{n} {LONG}") for n in range(papers)), *when)
    person = Person(world(library_card(questions=questions, documents=documents, steps=(), local_rules=())))
    message = person.sends(Action(Verb.CASE, CARD.code))
    while person.session.asking:
        assert markup.visible(message.body) <= 4096
        message = person.does(Turn(TurnKind.ACTION, message.buttons[0][0].action or ""))
    assert markup.visible(message.body) <= 4096
    assert sum(map(len, message.buttons)) <= 100
    left = re.search(r"… và (\d+) giấy nữa", message.body)
    assert bool(left) is (papers > 21)
    assert int(left[1] if left else 0) + len(re.findall(r"☐ \d+\. ", message.body)) == papers + asked
    assert f"đã có 0/{papers + asked}" in message.body


def test_choices_too_long_for_a_button_are_read_in_the_message() -> None:
    """Cut to the width of a button they would look the same."""
    told = [CaseChoice(id=name, text=f"{LONG[:100]} {name}") for name in ("first", "second")]
    asked = (CaseQuestion(id="which", text="Giấy nào?", choices=tuple(told)),)
    papers = (paper("Tờ khai"), paper("Đơn", "giấy sau", which=("second",)))
    person = Person(world(library_card(questions=asked, documents=papers, steps=(), local_rules=(), channels=(DESK,))))
    message = person.sends(Action(Verb.CASE, CARD.code))
    assert f"1. {told[0].text}\n2. {told[1].text}" in message.body
    assert [label[:3] for label in labels(message)[:2]] == ["1. ", "2. "]
    assert "☐ 2. Đơn" in person.says("2").body
