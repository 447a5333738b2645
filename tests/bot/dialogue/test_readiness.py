"""The list of a case: its ticks, files, links and reminders; a case left, changed or forgotten."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.dialogue import cases, checklist, commands, cost, link, markup, preparation, readiness
from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.effect import Remind
from bot.dialogue.session import Session
from bot.dialogue.turn import Turn, TurnKind
from knowledge.case import token
from knowledge.places import Commune, Finder, Gazetteer, Province
from knowledge.procedure import CaseChoice, CaseQuestion, Channel, ChannelKind
from tests.bot.dialogue.preparing import CARD, LONG, Person, labels, world
from tests.bot.dialogue.records import BIRTH, MARRIAGE, OLD
from tests.knowledge.cases import SUNDAY, days, fee, library_card, paper, question


@pytest.fixture
def person() -> Person:
    return Person()


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


def test_what_only_this_case_does_stands_in_the_list(person: Person) -> None:
    own = f"<b>{checklist.OWN_STEPS}</b>"
    assert f"{own}\n• Chờ xác minh\n" in person.prepares("Late", "Self", preparation.NOT_SURE).body
    person.presses(readiness.AGAIN)
    for label in (preparation.NOT_SURE, "Self"):
        person.presses(label)
    assert f"{own}\n• Nếu “Late”: Chờ xác minh\n" in person.presses(preparation.NOT_SURE).body
    person.presses(readiness.AGAIN)
    for label in ("In_time", "Self"):
        person.presses(label)
    assert own not in person.presses(preparation.NOT_SURE).body


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
