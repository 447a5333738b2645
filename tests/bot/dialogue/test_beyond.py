"""What no procedure answers: despair is heard first, fraud and bribes get their article, the rest kind words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import beyond, smalltalk
from bot.dialogue.turn import Turn, TurnKind
from bot.dialogue.upshot import Came
from knowledge.articles import Article, Articles
from knowledge.grouping import Reading
from knowledge.matching import Match, Outcome
from knowledge.procedure import Source
from tests.bot.dialogue.records import BIRTH, answer, offer, services
from tests.bot.dialogue.test_conversation import LINES, Person

FRAUD, TROUBLE, HOURS = (
    Article(id=name, title=title, body="Nội dung.", source=Source(name="A", read_on=date(2026, 1, 1), verified=True))
    for name, title in ((beyond.SCAM, "Lừa đảo"), (beyond.BRIBE, "Phản ánh"), (beyond.HOURS, "Giờ làm"))
)
KNOWN = Articles((FRAUD, TROUBLE, HOURS), Reading({}))


def known(lines: dict[str, Match]) -> Person:
    return Person(replace(services(LINES | lines), articles=KNOWN))


@pytest.mark.parametrize(
    "text",
    [
        "tôi muốn chết", "toi muon chet", "Mệt mỏi lắm rồi, muốn chết.", "tôi chán sống quá rồi, nợ nần không trả nổi",
        "con không muốn sống nữa", "em định tự tử", "sống làm gì nữa hả trời", "thà chết còn hơn", "vợ tôi đòi tự tử",
    ],
)  # fmt: skip
def test_despair_is_heard(text: str) -> None:
    person = known({text: offer("1.001193", "1.000894")})
    reply = person.does(Turn(TurnKind.TEXT, text))
    assert reply.messages[0].body == beyond.DESPAIR
    assert len(reply.messages) == 1, "no list of procedures below it"
    assert [upshot.came for upshot in reply.upshots] == [Came.OUTSIDE]
    assert person.session.asked is None


@pytest.mark.parametrize(
    "text",
    [
        "xếp hàng làm sổ đỏ mệt muốn chết", "bố tôi tự tử thì khai tử ở đâu", "bố tôi mới chết", "đi từ từ thôi",
        "di tu tu thoi", "người chết để lại đất", "nóng muốn chết đi được", "chân sóng",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_is_not(text: str) -> None:
    assert not beyond.despairs(text)


def test_despair_with_a_sure_question_is_heard_and_answered() -> None:
    said = "tôi muốn chết quách cho xong, làm khai sinh cho con thế nào"
    person = known({said: answer(BIRTH.code)})
    first, second = person.does(Turn(TurnKind.TEXT, said)).messages
    assert first.body == beyond.DESPAIR
    assert BIRTH.code in second.body


def test_despair_comes_before_what_was_asked_last() -> None:
    person = known({})
    person.session = person.session.model_copy(update={"placing": ()})
    assert person.says("tôi không muốn sống nữa").body == beyond.DESPAIR


@pytest.mark.parametrize(
    "text",
    [
        "chồng đang đánh tôi", "chong dang danh toi", "bố đánh em suốt ngày", "bo danh em suot", "nó đánh mẹ con tôi",
        "ông ấy đánh con gái tôi", "ong ay danh toi hoai", "chồng đang đánh tôi ở nhà tại hải châu",
    ],
)  # fmt: skip
def test_blows_are_heard_before_anything_is_offered(text: str) -> None:
    replied = known({text: offer(BIRTH.code, "1.000894")}).does(Turn(TurnKind.TEXT, text))
    assert replied.messages[0].body == beyond.DANGER
    assert [message.body for message in known({}).does(Turn(TurnKind.TEXT, text)).messages] == [beyond.DANGER]


def test_what_was_asked_with_it_is_answered_below() -> None:
    said = "bố đánh tôi, làm khai sinh cho con thế nào"
    for match in (answer(BIRTH.code), offer(BIRTH.code, "1.000894")):
        first, second = known({said: match}).does(Turn(TurnKind.TEXT, said)).messages
        assert first.body == beyond.DANGER
        assert "Đăng ký khai sinh" in second.body + "".join(b.label for row in second.buttons for b in row)


@pytest.mark.parametrize(
    "text",
    [
        "lam so dinh danh em be", "ghi danh em vao ho khau", "bi mao danh toi phai lam gi", "de danh cho con toi",
        "mã định danh con gái tôi", "đánh con dấu", "đánh máy sai tên con tôi", "giấy bị đánh mất",
        "đánh mất giấy em ạ", "liet si vo danh toi muon tim",
        "nhà cháy mất hết giấy tờ", "bố đánh bạc", "mẹ đánh rơi ví", "xin bo danh sach ho ngheo", "me danh gia toi",
    ],
)  # fmt: skip
def test_no_blows_are_heard_where_nobody_is_beaten(text: str) -> None:
    assert beyond.endangered(text) is None


def test_danger_is_no_name_of_a_commune() -> None:
    for said in ("có người đang phá cửa", "chồng đang đánh tôi"):
        person = known({})
        person.session = person.session.model_copy(update={"placing": ()})
        assert person.says(said).body == beyond.DANGER


@pytest.mark.parametrize("command", ["tracuu", "gopy", "noio"])
def test_despair_behind_a_command_is_heard(command: str) -> None:
    person = known({})
    reply = person.does(Turn(TurnKind.COMMAND, "tôi không muốn sống nữa", command))
    assert [message.body for message in reply.messages] == [beyond.DESPAIR]
    assert not reply.effects, "and is kept for nobody to read"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("con tôi sốt 39 độ uống thuốc gì", beyond.HEALTH), ("bị chó cắn tiêm ở đâu", beyond.HEALTH),
        ("bi cho can tiem o dau", beyond.HEALTH),
        ("li dị thì con ở với ai", beyond.LAW), ("hàng xóm lấn đất kiện sao", beyond.LAW),
        ("app vay tiền lãi cao quá", beyond.LOAN), ("chồng tôi đánh tôi hoài", beyond.DANGER),
        ("cháu 13 tuổi bố đánh cháu suốt", beyond.DANGER), ("em bị bạn trai cũ đánh", beyond.DANGER),
        ("dang bi danh", beyond.DANGER), ("nhà cháy rồi", beyond.DANGER),
        ("có người đang đập cửa nhà tôi", beyond.DANGER),
        ("how can I register my newborn", beyond.ENGLISH), ("mai trời mưa không", smalltalk.OFF_TOPIC),
    ],
)  # fmt: skip
def test_matters_of_others_get_words_of_their_own(text: str, words: str) -> None:
    assert known({}).says(text).body == words


def test_a_dog_that_bites_is_no_insult() -> None:
    assert not smalltalk.insults("bị chó cắn thì phải tiêm phòng ở đâu")
    assert smalltalk.insults("đồ chó")
    assert smalltalk.insults("chó thật")
    assert smalltalk.insults("làm ăn như thế này thì đm chúng mày hết cả lũ")


@pytest.mark.parametrize(
    "text",
    [
        "mất chứng chỉ hành nghề luật sư", "xin giấy xác nhận cư trú để khỏi bị đánh thuế hai lần",
        "đã ứng tiền bồi thường giải phóng mặt bằng", "lúa bị đạo ôn phun thuốc chi", "đăng ký kết hôn",
        "làm ơn cho biết đi how", "",
    ],
)  # fmt: skip
def test_what_may_be_a_procedure_is_left_to_the_matcher(text: str) -> None:
    assert beyond.answer(text) is None


def test_in_a_long_story_such_words_stand_by_the_way() -> None:
    story = (
        "hồi đó vợ chồng tôi ly hôn rồi " + "tôi về quê ở với mẹ và nuôi hai đứa con nhỏ " * 3 + "giờ tôi cần làm giấy"
    )
    assert beyond.answer("vợ chồng tôi ly hôn rồi") == beyond.LAW
    assert beyond.answer(story) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("có người xưng công an bảo cập nhật căn cước gửi mã otp", beyond.SCAM),
        ("tôi lỡ chuyển tiền rồi", beyond.SCAM),
        ("cán bộ đòi 2 triệu mới làm cho nhanh", beyond.BRIBE), ("có phải đút lót không", beyond.BRIBE),
        ("cán bộ xã bảo về chờ mãi", beyond.BRIBE),
        ("ủy ban phường làm tới mấy giờ", beyond.HOURS), ("thứ bảy công an xã có mở không", beyond.HOURS),
        ("chung chi hanh nghe het han", None), ("đăng ký tạm trú ở phường", None),
    ],
)  # fmt: skip
def test_fraud_bribes_and_hours_have_articles(text: str, name: str | None) -> None:
    assert beyond.article(text) == name


def test_fraud_is_warned_of_instead_of_an_offer_but_not_of_a_sure_answer() -> None:
    said = "công an gọi bảo cập nhật vneid, bắt đọc mã otp"
    assert "<b>Lừa đảo</b>" in known({said: offer("1.001193", "1.000894")}).says(said).body
    assert BIRTH.code in known({said: answer(BIRTH.code)}).says(said).body


def test_without_the_article_the_offer_stands() -> None:
    said = "công an gọi bảo cập nhật vneid, bắt đọc mã otp"
    assert "Lừa đảo" not in Person(services({said: offer("1.001193", "1.000894")})).says(said).body


def test_an_article_of_no_procedure_leaves_the_one_on_the_screen() -> None:
    person = known({})
    person.says("làm khai sinh")
    assert "<b>Giờ làm</b>" in person.says("ủy ban phường mấy giờ nghỉ trưa").body
    assert person.says("lệ phí bao nhiêu").body.startswith("<b>Đăng ký khai sinh</b>")


def test_a_known_procedure_elsewhere_is_named_though_it_is_about_a_lawsuit() -> None:
    said = "nộp đơn khởi kiện qua mạng"
    person = known({said: Match(Outcome.UNKNOWN, elsewhere=("3.000163", "Khởi kiện trực tuyến"))})
    assert "Khởi kiện trực tuyến" in person.says(said).body


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert beyond.despairs(text) in (True, False)
    assert beyond.answer(text) is None or beyond.answer(text)
    assert beyond.endangered(text) in (None, beyond.DESPAIR, beyond.DANGER)
