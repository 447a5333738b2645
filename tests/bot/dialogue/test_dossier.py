"""Dossier codes, near misses, pasted states and photos, as a conversation answers them without a source to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.dialogue import dossier, facets
from bot.dialogue.turn import Message, Turn, TurnKind
from bot.dossiers.receipt import Outcome
from knowledge.matching import Facet
from tests.bot.dialogue.records import answer, services
from tests.bot.dialogue.test_conversation import LINES, Person, actions

CODE = "000.00.53.H48-220921-0099"


@pytest.fixture
def person() -> Person:
    known = services(LINES | {"đổi bằng lái hết bao nhiêu hồ sơ": answer("1.002801", Facet.MONEY)})
    return Person(replace(known, clock=lambda: datetime(2026, 11, 22, 9)))


def photo(person: Person, value: str) -> Message:
    return person.does(Turn(TurnKind.PHOTO, value)).messages[0]


@pytest.mark.parametrize("text", [CODE, f"mã {CODE}", "hồ sơ 000 00 53 h48 220921 oo99 tới đâu rồi"])
def test_a_code_is_confirmed_with_place_day_and_where_to_look(person: Person, text: str) -> None:
    message = person.says(text)
    assert f"<code>{CODE}</code>" in message.body
    assert "cơ quan của tỉnh Quảng Ngãi" in message.body
    assert "21/9/2022" in message.body
    assert person.services.portal_url in message.body
    assert "person" in actions(message)


def test_social_insurance_and_several_codes(person: Person) -> None:
    body = person.says("03706/2026/07906 với H26.149-251012-0005").body
    assert "Nơi nhận: Bảo hiểm xã hội" in body
    assert "<code>H26.149-251012-0005</code>" in body
    assert "nhập từng mã" in body


def test_a_wrong_code_names_the_wrong_part(person: Person) -> None:
    body = person.says("hồ sơ H48-291201-0099 <b>").body
    assert "<code>H48-291201-0099</code> gần giống" in body
    assert "“291201” là ngày 1/12/2029, chưa tới" in body


@pytest.mark.parametrize("text", ["hồ sơ báo 'yêu cầu bổ sung giấy tờ' nghĩa là gì", "cho bo sung"])
def test_a_pasted_state_is_explained(person: Person, text: str) -> None:
    body = person.says(text).body
    assert "<b>Yêu cầu bổ sung giấy tờ</b>" in body
    assert "Thời hạn tạm dừng" in body
    assert "chưa xem hồ sơ của anh/chị" in body


def test_a_state_pasted_with_its_code_is_explained_before_the_code(person: Person) -> None:
    said = f"[DVC] Ho so {CODE} cua Ong/Ba da duoc tiep nhan. Ngay hen tra 25/08/2026."
    explained, confirmed = person.does(Turn(TurnKind.TEXT, said)).messages
    assert explained.body.startswith("Tin anh/chị gửi ghi trạng thái:")
    assert "tiếp nhận" in explained.body
    assert CODE in confirmed.body


@pytest.mark.parametrize("text", [f"{CODE} đã trả kết quả chưa", f"{CODE} sao đang xử lý mãi", f"mã {CODE} ạ"])
def test_a_question_with_a_code_is_no_state_that_was_pasted(person: Person, text: str) -> None:
    assert len(person.does(Turn(TurnKind.TEXT, text)).messages) == 1


def test_nothing_is_answered_beside_the_meaning_of_a_state() -> None:
    said = "hồ sơ đang chờ bổ sung nghĩa là gì"
    person = Person(services({said: answer("1.002801", Facet.PAPERS)}))
    (message,) = person.does(Turn(TurnKind.TEXT, said)).messages
    assert "Yêu cầu bổ sung" in message.body


def test_how_far_is_it_asks_for_the_code(person: Person) -> None:
    body = person.says("hồ sơ tới đâu rồi").body
    assert body == facets.status(person.services) == dossier.ask(person.services)
    assert "mã hồ sơ ghi trên giấy hẹn" in body


def test_a_question_of_a_procedure_beside_a_code_is_answered_too(person: Person) -> None:
    reply = person.does(Turn(TurnKind.TEXT, f"đổi bằng lái hết bao nhiêu hồ sơ {CODE}"))
    assert f"<code>{CODE}</code>" in reply.messages[0].body
    assert "135.000 đồng" in reply.messages[1].body


def test_a_question_with_a_number_stays_a_question(person: Person) -> None:
    assert "135.000 đồng" in person.says("đổi bằng lái hết bao nhiêu").body
    assert "Đăng ký khai sinh" in person.says("1.001193").body


def test_a_photo_with_a_code_is_as_good_as_typing_it(person: Person) -> None:
    assert photo(person, CODE) == person.says(CODE)


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.CODES])
def test_each_other_photo_has_words_of_its_own(person: Person, outcome: Outcome) -> None:
    body = photo(person, outcome).body
    assert body.startswith(dossier.PHOTOS[outcome])
    assert "Tôi không giữ lại ảnh" in body
    assert len({dossier.PHOTOS[each] for each in dossier.PHOTOS}) == len(Outcome) - 1
