from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.smalltalk import ANSWERS, Talk, gesture, insults, kind, off_topic, only_asks, wants_person


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("chào em", Talk.GREETING), ("Xin chào ạ!", Talk.GREETING), ("xin chao", Talk.GREETING),
        ("hello ad", Talk.GREETING),
        ("cảm ơn em nhiều nhé", Talk.THANKS), ("cam on ban nha", Talk.THANKS), ("thanks", Talk.THANKS),
        ("dạ vâng cảm ơn ạ", Talk.THANKS), ("tạm biệt", Talk.BYE), ("bye bye", Talk.BYE), ("test", Talk.TEST),
        ("bạn là ai vậy", Talk.WHO), ("may la bot a", Talk.WHO), ("em tên gì", Talk.WHO), ("giúp tôi với", Talk.HELP),
        ("bạn làm được gì", Talk.HELP), ("ngu quá", Talk.INSULT), ("đồ ngu", Talk.INSULT), ("ngu vay", Talk.INSULT),
        ("ok em", Talk.YES), ("vâng", Talk.YES), ("không", Talk.NO),
        ("không phải", Talk.WRONG), ("sai rồi em ơi", Talk.WRONG),
        ("alo", Talk.GREETING), ("em ơi", Talk.FILLER), ("có ai ở đó không", Talk.WELL),
    ],
)  # fmt: skip
def test_courtesies(text: str, talk: Talk) -> None:
    assert kind(text) is talk


@pytest.mark.parametrize(
    "text",
    [
        "chào em, cho hỏi làm lại cccd", "cảm ơn, còn lệ phí thì sao",
        "chao ban minh muon lam khai sinh", "đồ ngu, khai sinh cho con",
        "hello em đổi bằng lái", "vâng thế nộp ở đâu", "ok còn thời hạn", "bao nhiêu tuổi thì được",
        "điện", "đất", "biển số",
        "bán nhà", "kết hôn", "", "!!!", "😀",
    ],
)  # fmt: skip
def test_a_word_of_substance_makes_it_a_question(text: str) -> None:
    assert kind(text) is None


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("không", Talk.NO), ("dạ không ạ", Talk.NO), ("thôi không cần", Talk.NO), ("em không cần ạ", Talk.NO),
        ("chưa", Talk.NO), ("bỏ qua", Talk.NO), ("còn gì nữa không", None), ("cái này thật không", None),
        ("có", Talk.YES), ("dạ có ạ", Talk.YES), ("co", Talk.YES), ("có em", Talk.YES), ("tôi có con", Talk.FILLER),
        ("quay lại", Talk.BACK), ("quay lai di em", Talk.BACK), ("không phải, quay lại", Talk.BACK),
        ("làm tiếp đi", Talk.ON), ("đéo cần nữa", Talk.BYE), ("xin lỗi nãy nóng", Talk.FILLER),
        ("chữ bé quá em ơi", Talk.SMALL), ("lam on noi to hon", Talk.SMALL), ("chữ ký bé quá", None),
    ],
)  # fmt: skip
def test_yes_no_and_the_ways(text: str, talk: Talk | None) -> None:
    assert kind(text) is talk


def test_pictures_alone_say_something() -> None:
    assert gesture("👍🏻") is Talk.YES
    assert gesture("❤️") is Talk.THANKS
    assert gesture("👎") is Talk.NO
    assert gesture("🐱?") is None


def test_who_wants_a_person_is_heard_in_a_longer_text() -> None:
    assert wants_person("tôi muốn nói chuyện với người thật không muốn nói với máy")
    assert wants_person("co ai giup toi di lam giay to khong")
    assert not wants_person("người nước ngoài xin cấp thẻ")


@pytest.mark.parametrize("text", ["dien", "rac", "bien", "cho", "ban"])
def test_words_without_marks_are_not_taken_for_insults(text: str) -> None:
    assert kind(text) is not Talk.INSULT


def test_not_understood_texts_are_sorted() -> None:
    assert off_topic("hôm nay thời tiết Hà Nội ra sao")
    assert off_topic("gia vang hom nay")
    assert not off_topic("xin giấy phép xây dựng")
    assert insults("bọn mày ngu như bò hết cả lũ")
    assert not insults("đăng ký hộ kinh doanh")


@pytest.mark.parametrize(
    "text",
    [
        "làm online được không",
        "còn mất bao lâu thì sao",
        "điều kiện là gì",
        "the le phi bao nhieu",
        "cần mấy bản sao",
        "nộp ở đâu ạ",
    ],
)
def test_questions_about_a_part_name_no_need(text: str) -> None:
    assert only_asks(text)


@pytest.mark.parametrize("text", ["lệ phí cấp hộ chiếu", "làm cccd ở đâu", "bản sao khai sinh", "điện nước", ""])
def test_a_need_is_more_than_asking(text: str) -> None:
    assert not only_asks(text)


def test_every_kind_has_words_but_those_that_have_a_message_of_their_own() -> None:
    assert {talk for talk in Talk if not ANSWERS[talk]} == {Talk.HELP, Talk.PERSON}


@given(st.text(max_size=60), st.sampled_from(["khai sinh", "cccd", "sổ đỏ", "tạm trú", "xyzt"]))
def test_no_courtesy_swallows_a_question(courtesy: str, question: str) -> None:
    assert kind(f"{courtesy} {question}") is None
