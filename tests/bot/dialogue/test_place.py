from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import offices, place
from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.conversation import respond
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from knowledge.calendar import OFFICE_HOURS
from knowledge.matching import Facet, Match, Outcome
from knowledge.offices import Directory, Kind, Office, load_samples
from knowledge.places import Finder, load_gazetteer
from tests.bot.dialogue import records

MONDAY = datetime(2026, 11, 23, 8)


@cache
def finder() -> Finder:
    return Finder(load_gazetteer())


YEN_NGHIA = finder().find("phường Yên Nghĩa, Hà Nội").places[0].commune
REAL = Office(
    "Một cửa <Yên Nghĩa>", Kind.ONE_STOP, YEN_NGHIA, "Số 1 đường A", OFFICE_HOURS, "024 3822 1234",
    "https://example.org/map", 20.95, 105.74, False, date(2026, 11, 20), "Gọi điện hỏi",
)  # fmt: skip
SAMPLES = load_samples(finder())


class Person:
    """One chat, its session kept from turn to turn."""

    def __init__(self, directory: Directory | None = None, now: datetime = MONDAY) -> None:
        lines = {
            "đăng ký kết hôn": records.answer("1.000894"),
            "nộp ở đâu": records.bare(Facet.PLACE),
            "khai sinh nộp ở đâu": records.answer("1.001193", Facet.PLACE),
            "nộp hồ sơ ở đâu": Match(Outcome.UNKNOWN, facets=(Facet.PLACE,)),
            "thôn Phí Thượng": Match(Outcome.UNKNOWN, facets=(Facet.MONEY,)),
            "tân hôn": Match(Outcome.OFFER, records.answer("1.000894").candidates, ("1.000894",)),
        }
        found = directory if directory is not None else Directory(SAMPLES)
        self.services = replace(records.services(lines), places=finder(), offices=found, clock=lambda: now)
        self.session = Session(greeted=True)

    def _turn(self, turn: Turn) -> Message:
        reply, session = respond(turn, self.session, self.services)
        self.session = Session.model_validate_json(session.model_dump_json())
        return reply.messages[0]

    def says(self, text: str) -> Message:
        return self._turn(Turn(TurnKind.TEXT, text))

    def commands(self, argument: str = "") -> Message:
        return self._turn(Turn(TurnKind.COMMAND, argument, "noio"))

    def is_at(self, where: str) -> Message:
        return self._turn(Turn(TurnKind.LOCATION, where))

    def presses(self, message: Message, label: str) -> Message:
        (action,) = [each.action for row in message.buttons for each in row if each.label.startswith(label)]
        assert action
        return self._turn(Turn(TurnKind.ACTION, action))


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]


def test_asks_notes_shows_changes_and_forgets() -> None:
    person = Person()
    assert person.commands().body == place.ASK
    noted = person.says("phường yên hòa, hà nội")
    assert "Đã ghi nơi ở: <b>Phường Yên Hòa, TP. Hà Nội</b>" in noted.body
    shown = person.commands()
    assert "Nơi ở của anh/chị: <b>Phường Yên Hòa, TP. Hà Nội</b>" in shown.body
    assert person.presses(shown, place.CHANGE).body == place.ASK
    person.says("p12 q tân bình hcm")
    assert person.services.places.get(person.session.commune) == finder().find("phường bảy hiền hcm").places[0].commune
    assert person.presses(person.commands(), place.FORGET).body == place.FORGOTTEN
    assert person.session.commune is None
    assert person.commands().body == place.ASK


def test_place_after_the_command_is_noted_at_once() -> None:
    person = Person()
    assert (
        "Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh nay thuộc Phường Sài Gòn." in person.commands("bến nghé quận 1").body
    )
    assert person.session.placing is None


def test_ambiguous_name_is_chosen_by_button_or_number() -> None:
    person = Person()
    person.commands()
    offered = person.says("Tân Phú")
    assert len(labels(offered)) == 4
    assert len({label.split(", ")[1] for label in labels(offered)}) == 4
    assert "gõ thêm tên huyện hoặc tỉnh" in offered.body
    assert "Quận Tân Phú, TP. Hồ Chí Minh" in offered.body
    second = labels(offered)[1]
    assert second in person.says("2").body
    person.commands("Tân Phú")
    assert second in person.presses(offered, second).body


def test_more_words_narrow_the_choice() -> None:
    person = Person()
    person.commands()
    person.says("Tân Phú")
    assert "Xã Tân Phú, Đồng Nai" in person.says("xã tân phú đồng nai").body


def test_misspelt_name_is_asked_back() -> None:
    person = Person()
    asked = person.commands("phường trấn biênn đồng nai")
    assert place.IS_IT in asked.body
    assert labels(asked) == ["Phường Trấn Biên, Đồng Nai"]
    assert "Đã ghi" in person.presses(asked, "Phường Trấn Biên").body


@pytest.mark.parametrize("said", ["thôi", "không biết", "không phải"])
def test_who_will_not_say_is_let_off(said: str) -> None:
    person = Person()
    person.commands()
    assert person.says(said).body == place.LATER
    assert person.session.placing is None


def test_yes_takes_the_only_choice() -> None:
    person = Person()
    person.commands("phường trấn biênn đồng nai")
    assert "Đã ghi nơi ở: <b>Phường Trấn Biên" in person.says("đúng rồi").body


def test_name_of_a_former_province_is_explained_beside_communes_of_that_name() -> None:
    assert "Tỉnh Bình Dương trước 1/7/2025, gõ thêm tên xã" in Person().commands("Bình Dương").body


@pytest.mark.parametrize(("said", "province"), [("Quảng Ngãi", "Tỉnh Quảng Ngãi"), ("thanh hoa", "Tỉnh Thanh Hóa")])
def test_name_of_a_province_asks_for_the_commune_before_it_offers_namesakes(said: str, province: str) -> None:
    person = Person()
    asked = person.commands(said)
    assert asked.body.startswith(f"{place.PROVINCE.format(province=province)}\n{place.OR_SAME_NAME}\n1. ")
    assert "trước 1/7/2025" not in asked.body
    assert "Phường Hạc Thành, Thanh Hóa" in person.says("hạc thành, thanh hóa").body


def test_question_without_a_procedure_is_not_looked_up_as_a_name() -> None:
    person = Person()
    person.is_at("15.12,108.80")
    assert "Tôi không thấy xã, phường nào" not in person.says("nộp hồ sơ ở đâu").body
    person.is_at("15.12,108.80")
    assert "Tôi không thấy xã, phường nào tên “thôn Phí Thượng”" in person.says("thôn Phí Thượng").body


def test_district_says_that_districts_ended_and_lists_its_communes() -> None:
    person = Person()
    told = person.commands("huyện Đông Anh")
    assert "Từ 1/7/2025 không còn cấp huyện. Huyện Đông Anh, TP. Hà Nội" in told.body
    assert {"Xã Đông Anh", "Xã Phúc Thịnh"} <= set(labels(told))
    assert "Đã ghi nơi ở: <b>Xã Đông Anh" in person.presses(told, "Xã Đông Anh").body


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("tỉnh Bình Dương", "Tỉnh Bình Dương nay thuộc Thành phố Hồ Chí Minh."),
        ("Hà Nội", "Anh/chị ở xã, phường nào của Thành phố Hà Nội?"),
        ("xã Không <Có> Thật", "Tôi không thấy xã, phường nào tên “xã Không &lt;Có&gt; Thật”."),
    ],
)
def test_what_is_no_commune_is_answered_in_a_sentence_and_asked_again(said: str, answer: str) -> None:
    person = Person()
    person.commands()
    assert answer in person.says(said).body
    assert person.session.placing == ()


@pytest.mark.parametrize(
    "said", ["đăng ký kết hôn", "nộp ở đâu", "cảm ơn", "làm lại bằng lái xe máy hết bao nhiêu tiền?"]
)
def test_question_is_not_swallowed_as_a_name(said: str) -> None:
    person = Person()
    person.commands()
    assert person.says(said).body == Person().says(said).body
    assert person.session.placing is None
    assert person.session.commune is None


def test_place_is_noted_when_told_unasked_and_only_when_sure() -> None:
    person = Person()
    assert "Đã ghi nơi ở" in person.says("tôi đang ở phường Yên Hòa, Hà Nội").body
    person.presses(person.commands(), place.FORGET)
    person.says("tôi ở phường Tân Phú")
    person.says("tôi ở trọ thì đăng ký tạm trú ở đâu")
    assert person.session.commune is None


def test_location_offers_communes_and_names_the_nearest_real_offices() -> None:
    person = Person(Directory([REAL, *SAMPLES]))
    near = person.is_at("20.95,105.74")
    assert "Một cửa &lt;Yên Nghĩa&gt;, cách 0,0 km, đang mở, đến 11:30" in near.body
    assert "MẪU" not in near.body
    assert "Phường Yên Nghĩa, TP. Hà Nội" in labels(near)
    assert "20.95" not in person.session.model_dump_json()
    assert "Đã ghi" in person.presses(near, "Phường Yên Nghĩa").body


@pytest.mark.parametrize("where", ["48.85,2.35", "nan,nan", "1e999,3", "x", "", "12.5,112.0"])
def test_location_abroad_is_answered_in_a_sentence(where: str) -> None:
    person = Person()
    assert person.is_at(where).body == place.ABROAD
    assert "Đã ghi" in person.says("phường Yên Hòa, Hà Nội").body


def test_sample_is_never_passed_off_as_real() -> None:
    person = Person()
    shown = person.commands("phường láng, hà nội").body
    assert offices.SAMPLE in shown
    assert shown.index(offices.SAMPLE) < shown.index("MẪU - Trung tâm")
    assert "0000" not in shown
    assert "href" not in shown
    assert offices.SAMPLE in person.says("khai sinh nộp ở đâu").body
    assert "MẪU" not in person.says("đăng ký kết hôn").body


def test_real_office_is_named_with_hours_phone_map_and_source() -> None:
    person = Person(Directory([REAL]))
    person.commands("phường yên nghĩa, hà đông, hà nội")
    person.session = person.session.model_copy(update={"commune": YEN_NGHIA.code})
    told = person.says("khai sinh nộp ở đâu").body
    for part in (
        "Một cửa &lt;Yên Nghĩa&gt;: Số 1 đường A",
        "Đang mở, đến 11:30.",
        "Điện thoại: 024 3822 1234",
        '<a href="https://example.org/map">Xem bản đồ</a>',
        "Nguồn: Gọi điện hỏi, 20/11/2026.",
    ):
        assert part in told
    card = person.says("đăng ký kết hôn").body
    assert "Gần anh/chị: Một cửa &lt;Yên Nghĩa&gt; (đang mở, đến 11:30)" in card


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 11, 23, 12), "đang đóng cửa, mở lại 13:30"),
        (datetime(2026, 11, 25, 18), "đang đóng cửa, mở lại 7:30 ngày mai"),
        (datetime(2026, 11, 24, 9), "nghỉ Ngày Văn hóa Việt Nam, mở lại 7:30 ngày mai"),
        (datetime(2026, 11, 28, 9), "đang đóng cửa, mở lại 7:30 thứ Hai 30/11"),
    ],
)
def test_closed_office_says_when_it_opens(now: datetime, said: str) -> None:
    assert offices.hours(REAL, Person(Directory([REAL]), now).services) == said


def test_unknown_hours_are_not_guessed() -> None:
    assert offices.hours(replace(REAL, hours=None), Person().services) == offices.NO_HOURS


def test_commune_without_office_says_how_to_find_one() -> None:
    told = Person().commands("phường sài gòn, hcm").body
    assert "Tôi chưa có địa chỉ nơi nộp ở Phường Sài Gòn, TP. Hồ Chí Minh." in told
    assert records.PORTAL in told


def test_where_to_hand_in_asks_to_note_the_commune_only_where_that_helps() -> None:
    person = Person()
    assert "/noio" in person.says("khai sinh nộp ở đâu").body
    licence = replace(person.services.catalogue, procedures={})
    assert not licence.procedures
    assert offices.at_home(records.LICENCE, person.services) == ""
    police = records.BIRTH.model_copy(update={"agency": "Công an cấp xã"})
    assert offices.at_home(police, person.services) == ""


def test_after_noting_the_way_back_is_a_button() -> None:
    person = Person()
    person.says("đăng ký kết hôn")
    noted = person.commands("phường yên hòa hà nội")
    assert "đăng ký kết hôn" in person.presses(noted, "Xem tiếp").body.lower()


def test_without_lists_the_command_says_so() -> None:
    services: Services = records.services()
    reply, _ = respond(Turn(TurnKind.COMMAND, "", "noio"), Session(), services)
    assert reply == Reply((Message(place.NO_PLACES),))


def test_buttons_survive_and_stale_codes_ask_again() -> None:
    payload = Action(Verb.LIVE, detail="00004").payload()
    assert parse(payload) == Action(Verb.LIVE, detail="00004")
    assert parse("live:4") is None
    gone = respond(Turn(TurnKind.ACTION, "live:99999"), Session(), Person().services)[0]
    assert gone.messages[0].body == place.ASK


@given(st.text(max_size=200))
def test_any_answer_gets_words(text: str) -> None:
    person = Person()
    person.commands()
    assert person.says(text).body.strip()
