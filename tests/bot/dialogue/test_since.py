"""What changed is said in one sentence under today's answer, once a conversation."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import since, smalltalk
from bot.dialogue.conversation import respond
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Turn, TurnKind
from knowledge.catalogue import Catalogue
from knowledge.changes import load_outdated
from knowledge.matching import Match, Outcome
from tests.bot.dialogue.records import MARRIAGE, PORTAL, RECORDS, Script, answer, offer

OLD_BOOK = "Luật Cư trú 68/2020/QH14"
DISTRICT = "Luật Tổ chức chính quyền địa phương 72/2025/QH15"
OLD_CARD = "Luật Căn cước 26/2023/QH15"


def services(lines: dict[str, Match]) -> Services:
    return Services(Catalogue.of(RECORDS), Script(lines), PORTAL, changes=load_outdated())


def said(text: str, session: Session, given: Services) -> tuple[str, Session]:
    reply, session = respond(Turn(TurnKind.TEXT, text), session, given)
    return reply.messages[-1].body, session


def test_todays_answer_then_one_sentence_with_the_act() -> None:
    question = "làm giấy khai sinh ở UBND huyện"
    body, session = said(question, Session(), services({question: answer("1.001193")}))
    assert "<code>1.001193</code>" in body
    assert body.endswith(f"<i>Từ 1/7/2025 không còn cấp huyện (quận, huyện, thị xã); việc trước làm ở huyện nay làm ở "
                         f"xã, phường hoặc ở tỉnh ({DISTRICT}).</i>")  # fmt: skip
    assert session.told == ("cap-huyen",)


def test_a_sentence_is_told_once_and_the_next_thing_is_still_told() -> None:
    given = services({"mất sổ hộ khẩu": answer("1.001193"), "sổ hộ khẩu với cmnd": answer("1.000894")})
    first, session = said("mất sổ hộ khẩu", Session(), given)
    assert OLD_BOOK in first
    second, session = said("sổ hộ khẩu với cmnd", session, given)
    assert OLD_BOOK not in second
    assert OLD_CARD in second
    third, session = said("sổ hộ khẩu với cmnd", session, given)
    assert OLD_CARD not in third


def test_two_sentences_at_most_the_rest_when_named_again() -> None:
    question = "cmnd, sổ hộ khẩu, kt3 nộp công an huyện"
    given = services({question: answer("1.001193")})
    body, session = said(question, Session(), given)
    assert body.count("QH1") == 2
    again, session = said(question, session, given)
    assert "KT3" in again
    assert "Công an quận, huyện" in again
    assert len(session.told) == 4


def test_an_offer_and_a_question_not_understood_say_it_too() -> None:
    offered, _ = said("giấy tờ ở huyện", Session(), services({"giấy tờ ở huyện": offer("1.001193", "1.000894")}))
    assert DISTRICT in offered
    unknown, _ = said("toà án huyện", Session(), services({"toà án huyện": Match(Outcome.UNKNOWN)}))
    assert "tòa án nhân dân khu vực" in unknown


def test_the_body_that_is_gone_does_not_decide_what_is_meant() -> None:
    lines = {"khai sinh ở công an huyện": answer("1.000894"), "khai sinh ở công an": answer("1.001193")}
    body, _ = said("khai sinh ở công an huyện", Session(), services(lines))
    assert "<code>1.001193</code>" in body
    assert "Công an quận, huyện" in body


def test_an_answer_stays_when_it_is_the_same_without_what_is_gone() -> None:
    lines = {"khai sinh ở công an huyện": answer("1.001193"), "khai sinh ở công an": offer("1.001193", "1.000894")}
    body, _ = said("khai sinh ở công an huyện", Session(), services(lines))
    assert "<code>1.001193</code>" in body


def test_what_is_none_of_our_business_gets_no_lesson() -> None:
    body, session = said("thời tiết quận 7 hôm nay", Session(), services({}))
    assert body == smalltalk.OFF_TOPIC
    assert session.told == ()


def test_a_question_without_anything_outdated_is_left_as_it_is() -> None:
    question = "làm giấy khai sinh"
    given = services({question: answer("1.001193")})
    body, _ = said(question, Session(), given)
    assert "không còn" not in body


def test_starting_over_forgets_what_was_told() -> None:
    given = services({"mất sổ hộ khẩu": answer("1.001193")})
    _, session = said("mất sổ hộ khẩu", Session(), given)
    _, session = respond(Turn(TurnKind.COMMAND, "", "huy"), session, given)
    body, _ = said("mất sổ hộ khẩu", session, given)
    assert OLD_BOOK in body


def test_a_question_not_understood_is_read_again_in_todays_words() -> None:
    given = services({"làm tạm trú": answer("1.001193")})
    body, _ = said("làm KT3", Session(), given)
    assert "<code>1.001193</code>" in body
    assert "KT3 đã bỏ" in body


def test_a_question_that_is_clear_with_what_is_gone_only_stays() -> None:
    body, _ = said("làm KT3", Session(), services({"làm KT3": answer("1.000894")}))
    assert "<code>1.000894</code>" in body


def test_who_asks_whether_it_still_counts_hears_that_first_and_again() -> None:
    question = "cmnd cũ còn dùng được không"
    given = services({question: answer("1.001193")})
    body, session = said(question, Session(), given)
    assert body.startswith("<i>Chứng minh nhân dân")
    again, session = said("ubnd quận còn không", session, given)
    assert again.startswith("<i>Từ 1/7/2025 không còn cấp huyện")
    assert again.endswith(since.NEXT), "the office was all that was asked about"
    again, _ = said("ubnd quận còn không", session, given)
    assert again.startswith("<i>Từ 1/7/2025 không còn cấp huyện"), "nothing else is known to say"


def test_what_changed_comes_before_a_procedure_known_by_name_only() -> None:
    question = "phòng tư pháp huyện dọn đi mô"
    given = services({question: Match(Outcome.UNKNOWN, elsewhere=("2.002193", "Bồi thường"))})
    body, _ = said(question, Session(), given)
    assert body.startswith("<i>Phòng tư pháp của huyện không còn")
    assert "Bồi thường" in body


def test_a_need_that_is_not_understood_is_still_asked_for_in_other_words() -> None:
    body, _ = said("tôi muốn xin cái giấy xanh xanh gì đó ở ubnd huyện hồi trước vẫn cấp", Session(), services({}))
    assert body.startswith("<i>Từ 1/7/2025 không còn cấp huyện")
    assert "tôi chưa biết thủ tục nào" in body


def test_a_procedure_gone_is_said_to_be_so_once_when_its_whole_name_was_typed() -> None:
    lines = ("Đăng ký kết hôn kiểu cũ", "thu tuc dang ky ket hon kieu cu can giay to gi", "đăng ký kết hôn kiểu")
    given = services(dict.fromkeys(lines, answer("1.000894")))
    sentence = "“Đăng ký kết hôn kiểu cũ” (mã 1.000001) đã bãi bỏ từ ngày 1/7/2025, nay thay bằng thủ tục mã 1.000894."
    body, session = said(lines[0], Session(), given)
    assert body.endswith(f"<i>Thủ tục {sentence}</i>")
    assert session.told == ("1.000001",)
    assert sentence not in said(lines[0], session, given)[0]
    assert sentence in said(lines[1], Session(), given)[0]
    assert sentence not in said(lines[2], Session(), given)[0]


def test_an_old_name_that_is_part_of_the_new_one_or_answered_by_another_is_no_old_name() -> None:
    heir = MARRIAGE.model_copy(update={"name": "Đăng ký, đăng ký kết hôn kiểu cũ"})
    whole = "đăng ký, đăng ký kết hôn kiểu cũ"
    given = services({whole: answer("1.000894")})
    given = replace(given, catalogue=Catalogue.of([heir, *(each for each in RECORDS if each.code != heir.code)]))
    assert "bãi bỏ" not in said(whole, Session(), given)[0]
    other = services({"đăng ký kết hôn kiểu cũ": answer("1.001193")})
    assert "bãi bỏ" not in said("đăng ký kết hôn kiểu cũ", Session(), other)[0]
