"""What is typed over the list of a case does what its buttons do; anything else stays a question."""

from __future__ import annotations

import pytest

from bot.dialogue import readiness, ticking
from bot.dialogue.action import Action, Verb
from bot.dialogue.session import Session
from knowledge.guidance import paper_key
from tests.bot.dialogue.preparing import CARD, Person
from tests.bot.dialogue.records import MARRIAGE

FORM, LETTER = (paper_key(document) for document in CARD.documents[:2])


@pytest.fixture
def reader() -> Person:
    """Somebody whose list, of two papers to hand in and one to show, is on the screen."""
    person = Person()
    person.prepares("Late", "Self", "Nộp trực tiếp")
    return person


@pytest.mark.parametrize(
    "said",
    ["đã đủ giấy tờ", "Đủ giấy tờ rồi!", "tôi có đủ rồi", "du roi", "chuẩn bị đủ hồ sơ rồi nhé", "em gom đủ hết rồi ạ"],
)
def test_enough_papers(reader: Person, said: str) -> None:
    assert "Vậy là đủ giấy tờ cho" in reader.says(said).body
    assert {FORM, LETTER} <= {*reader.session.cases[0].ticked}


@pytest.mark.parametrize(
    "said", ["có giấy số 1 rồi", "tôi đã có số 1", "giấy số 1 có rồi", "đánh dấu số 1", "xin được giấy 1 rồi"]
)
def test_a_paper_is_ticked_off_by_its_number(reader: Person, said: str) -> None:
    assert "☑ 1. " in reader.says(said).body
    assert reader.session.cases[0].ticked == (FORM,)
    reader.says(said)
    assert reader.session.cases[0].ticked == (FORM,), "said twice it is still there"


def test_several_at_once_and_back_again(reader: Person) -> None:
    reader.says("có giấy số 1, 2 rồi")
    assert {*reader.session.cases[0].ticked} == {FORM, LETTER}
    assert "☐ 1. " in reader.says("chưa có giấy số 1").body
    assert reader.session.cases[0].ticked == (LETTER,)
    reader.says("bỏ đánh dấu số 2")
    assert not reader.session.cases[0].ticked


def test_a_number_that_no_paper_has_changes_nothing(reader: Person) -> None:
    before = reader.session
    assert reader.says("có giấy số 1 và 9 rồi").body.startswith("Danh sách này chỉ có giấy từ số 1 đến số")
    assert reader.session == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("nhắc tôi", "khi nào?"),
        ("nhắc tôi ngày mai nhé", "08:00 thứ Hai 23/11"),
        ("chia sẻ", readiness.SHARED),
        ("in danh sách", "in ra hoặc gửi cho người nhà"),
        ("gửi tôi bản pdf", "in ra hoặc gửi cho người nhà"),
        ("lưu ảnh", "in ra hoặc gửi cho người nhà"),
    ],
)
def test_the_other_buttons_by_word(reader: Person, said: str, told: str) -> None:
    assert told in reader.says(said).body


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Làm lại từ đầu", "Term?"),
        ("trả lời lại từ đầu nhé", "Term?"),
        ("Sửa câu trả lời", "Anh/chị định nộp hồ sơ bằng cách nào?"),
        ("em sửa lại câu trả lời", "Anh/chị định nộp hồ sơ bằng cách nào?"),
    ],
)
def test_questions_are_asked_again_by_word(reader: Person, said: str, asked: str) -> None:
    message = reader.says(said)
    assert f"<b>{asked}</b>" in message.body
    assert not message.replaces


@pytest.mark.parametrize(
    "said",
    [
        "đủ giấy tờ chưa", "chưa đủ giấy tờ", "đủ 18 tuổi", "có số nhà rồi", "số 1", "1", "giấy số 1 là gì", "nhắc lại",
        "in giấy khai sinh", "có giấy chứng sinh rồi", "lưu trú", "chia sẻ đất cho con", "",
    ],
)  # fmt: skip
def test_what_asks_something_else_is_left_to_others(reader: Person, said: str) -> None:
    assert ticking.typed(said, reader.session, reader.services) is None


def test_without_a_list_on_the_screen_nothing_is_ticked(reader: Person) -> None:
    said = "đủ giấy tờ rồi"
    assert ticking.typed(said, Session(), reader.services) is None
    asking = Person()
    asking.prepares("Late")
    assert ticking.typed(said, asking.session, asking.services) is None, "questions are open still"
    reader.sends(Action(Verb.SHOW, MARRIAGE.code))
    assert ticking.typed(said, reader.session, reader.services) is None, "something else was looked at since"
