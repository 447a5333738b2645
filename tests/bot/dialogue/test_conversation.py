"""Whole conversations, turn by turn, with a matcher that knows a few sentences by heart."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue import (
    absence,
    card,
    choice,
    commands,
    conversation,
    facets,
    fields,
    opening,
    proposal,
    question,
    smalltalk,
    welcome,
)
from bot.dialogue.action import Action, Verb, digest, parse
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.text import NO_WORDS, NOTHING_TO_PICK
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from bot.dossiers.receipt import Outcome
from knowledge.catalogue import Catalogue
from knowledge.matching import Facet, Match
from tests.bot.dialogue.records import RECORDS, answer, bare, offer, plain_case, services

LINES: dict[str, Match] = {
    "làm khai sinh": answer("1.001193"),
    "khai sinh": offer("1.001193", "2.000528", "1.004884", facets=(Facet.MONEY,), ask="Cháu bé thuộc trường hợp nào?"),
    "đổi bằng lái hết bao nhiêu": answer("1.002801", Facet.MONEY),
    "giấy tờ nhà": offer("1.012345", "1.002801"),
    "lệ phí bao nhiêu": bare(Facet.MONEY),
    "nộp ở đâu": bare(Facet.PLACE),
    "làm online được không": bare(Facet.ONLINE),
    "hồ sơ tới đâu rồi": bare(Facet.STATUS),
    "bay flycam mất bao lâu": Match(outcome=bare().outcome, facets=(Facet.TIME,)),
    "thế thời hạn thì sao": Match(outcome=bare().outcome, facets=(Facet.TIME,)),
    "đăng ký kết hôn cũ": answer("1.000001"),
    "mã ma": answer("9.999999"),
    "khai sinh lại từ đầu": answer("1.004884"),
}


@dataclass
class Person:
    """Someone talking to us."""

    services: Services = field(default_factory=lambda: services(LINES))
    session: Session = field(default_factory=Session)

    def does(self, turn: Turn) -> Reply:
        reply, self.session = conversation.respond(turn, self.session, self.services)
        return reply

    def says(self, text: str) -> Message:
        return self.does(Turn(TurnKind.TEXT, text)).messages[0]

    def presses(self, payload: str) -> Message:
        return self.does(Turn(TurnKind.ACTION, payload)).messages[0]

    def commands(self, command: str, argument: str = "") -> Message:
        return self.does(Turn(TurnKind.COMMAND, argument, command)).messages[0]


@pytest.fixture
def person() -> Person:
    return Person()


def actions(message: Message) -> list[str | None]:
    return [button.action for row in message.buttons for button in row]


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]


def test_clear_question_is_answered_and_becomes_the_focus(person: Person) -> None:
    assert "Đăng ký khai sinh" in person.says("làm khai sinh").body
    assert person.session.focus == "1.001193"
    assert person.session.asked == "làm khai sinh"


def test_what_was_asked_comes_first(person: Person) -> None:
    message = person.says("đổi bằng lái hết bao nhiêu")
    assert "135.000 đồng" in message.body
    assert "Giấy khám sức khỏe" not in message.body
    assert [row[0].label for row in message.buttons[:2]] == [card.PREPARE, card.WHOLE]
    assert "Giấy khám sức khỏe" in person.presses("show:1.002801").body


def test_follow_ups_are_about_the_procedure_shown(person: Person) -> None:
    person.says("đổi bằng lái hết bao nhiêu")
    assert "Điểm tiếp nhận của Công an tỉnh" in person.says("nộp ở đâu").body
    assert "được, tại" in person.says("làm online được không").body
    assert "115.000 đồng" in person.says("lệ phí bao nhiêu").body


def test_follow_up_without_a_procedure_asks_which_and_remembers_what(person: Person) -> None:
    assert person.says("lệ phí bao nhiêu").body.startswith("Anh/chị hỏi phí, lệ phí của thủ tục nào?")
    message = person.says("làm khai sinh")
    assert "miễn phí" in message.body
    assert "Tờ khai" not in message.body


def test_question_about_a_part_that_names_nothing_known_asks_back_about_the_focus(person: Person) -> None:
    person.says("làm khai sinh")
    assert "1 ngày làm việc" in person.says("thế thời hạn thì sao").body
    message = person.says("bay flycam mất bao lâu")
    assert message.body == question.ABOUT_THIS.format(title="Đăng ký khai sinh")
    assert "1 ngày làm việc" in person.says("đúng rồi").body


@pytest.mark.parametrize("way", ["2", "cái thứ hai", "pick:2.000528", "bố là người nước ngoài", "nuoc ngoai"])
def test_offer_is_picked_in_any_way_and_answers_what_was_asked(person: Person, way: str) -> None:
    message = person.says("khai sinh")
    assert message.body == "Về “Đăng ký khai sinh”: cháu bé thuộc trường hợp nào?"
    assert labels(message)[-1] == proposal.NONE_OF_THESE
    picked = person.presses(way) if ":" in way else person.says(way)
    assert "Đăng ký khai sinh có yếu tố nước ngoài" in picked.body
    assert "<b>Lệ phí:</b> miễn phí" in picked.body
    assert "Tờ khai" not in picked.body


def test_short_answer_is_read_together_with_the_question_before(person: Person) -> None:
    person.says("khai sinh")
    assert "Đăng ký lại khai sinh" in person.says("lại từ đầu").body


def test_number_beyond_the_list_offers_it_again(person: Person) -> None:
    person.says("khai sinh")
    message = person.says("số 7")
    assert "chỉ có 3 mục" in message.body
    assert actions(message)[:2] == ["pick:1.001193", "pick:2.000528"]


def test_plain_case_is_answered_at_once_with_the_other_cases_beside_it() -> None:
    lines = {"sinh con": plain_case("1.001193", "2.000528", "1.004884")}
    person = Person(services(lines))
    (answered,) = person.does(Turn(TurnKind.TEXT, "sinh con")).messages
    assert "<code>1.001193</code>" in answered.body
    assert answered.body.endswith(opening.OTHER_CASES)
    assert labels(answered)[-3:-1] == ["2. Có bố hoặc mẹ là người nước ngoài", "3. Đăng ký lại vì mất sổ gốc"]
    assert "<code>2.000528</code>" in person.says("2").body
    person.says("sinh con")
    assert actions(person.says("sai rồi"))[:2] == ["pick:2.000528", "pick:1.004884"]


def test_plain_case_that_is_not_certain_is_asked_about() -> None:
    person = Person(services({"sinh con": plain_case("1.001193", "2.000528", confidence=0.6)}))
    assert actions(person.says("sinh con"))[0] == "pick:1.001193"


def test_number_without_a_list_is_told(person: Person) -> None:
    assert person.says("2").body == NOTHING_TO_PICK


def test_none_of_these_asks_for_other_words(person: Person) -> None:
    person.says("khai sinh")
    assert person.presses("none").body == absence.REPHRASE
    person.says("khai sinh")
    assert welcome.person(person.services) in person.says("không phải").body


def test_wrong_procedure_is_put_aside_for_the_question_in_hand(person: Person) -> None:
    person.says("giấy tờ nhà")
    person.says("1")
    message = person.presses("reject:1.012345")
    assert message.body == question.NOT_THAT
    assert actions(message)[0] == "pick:1.002801"
    assert list(person.session.rejected) == ["1.012345"]
    person.says("làm khai sinh")
    assert not person.session.rejected


def test_wrong_procedure_without_a_question_asks_for_words(person: Person) -> None:
    person.commands("start", "p_1_001193")
    assert person.presses("reject:1.001193").body == absence.REPHRASE
    assert person.session.focus is None


def test_second_miss_in_a_row_offers_a_person(person: Person) -> None:
    first, second = person.says("xyz abc"), person.says("zzz yyy")
    assert first.body == absence.UNKNOWN
    assert "18001096" in second.body
    person.says("làm khai sinh")
    assert person.says("xyz abc").body == absence.UNKNOWN


def test_status_of_a_dossier_needs_its_code(person: Person) -> None:
    assert person.says("hồ sơ tới đâu rồi").body == facets.status(person.services)


def test_abolished_procedure_names_its_successor(person: Person) -> None:
    assert "show:1.000894" in actions(person.says("đăng ký kết hôn cũ"))


def test_code_gone_from_the_catalogue_is_told(person: Person) -> None:
    assert "9.999999 không có trong danh mục" in person.says("mã ma").body


@pytest.mark.parametrize("typed", ["1.001193", "1001193", "mã 1.001193", "1-001193 cần gì"])
def test_typed_code_opens_the_procedure(person: Person, typed: str) -> None:
    assert "<code>1.001193</code>" in person.says(typed).body


@pytest.mark.parametrize(("said", "opened"), [("2", "2.000528"), ("cái cuối", "1.004884"), ("1", "1.001193")])
def test_a_number_means_what_was_shown_though_a_release_took_another_choice_away(said: str, opened: str) -> None:
    person = Person(services(LINES))
    person.says("khai sinh")
    assert person.session.offered == ("1.001193", "2.000528", "1.004884")
    left = Catalogue.of([each for each in RECORDS if each.code != "1.001193"])
    person.services = replace(person.services, catalogue=left)
    message = person.says(said)
    assert opened in message.body
    assert ("không có trong danh mục" in message.body) == (said == "1")


def test_two_codes_offer_both(person: Person) -> None:
    message = person.says("mã 1.001193 với 1.000894 khác gì nhau")
    assert [button.label for row in message.buttons[:2] for button in row] == [
        "1. Đăng ký khai sinh", "2. Đăng ký kết hôn",
    ]  # fmt: skip
    assert "1.000894" in person.says("2").body


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("tiền", "lệ phí bao nhiêu"), ("Giấy gì ạ", "cần giấy tờ gì"), ("bao ngày", "mất bao lâu"),
        ("bao ngay", "mất bao lâu"), ("chỗ nào", "nộp ở đâu"), ("các bước", "các bước thế nào"),
    ],
)  # fmt: skip
def test_a_noun_alone_asks_for_a_part_of_what_is_open(noun: str, said: str) -> None:
    facet = {"lệ": Facet.MONEY, "cần": Facet.PAPERS, "mất": Facet.TIME, "nộp": Facet.PLACE, "các": Facet.STEPS}
    lines = {"làm khai sinh": answer("1.001193"), said: bare(facet[said.split()[0]])}
    short, long = Person(services(lines)), Person(services(lines))
    for each in (short, long):
        each.says("làm khai sinh")
    assert short.says(noun) == long.says(said)


def test_a_noun_alone_asks_of_which_when_nothing_is_open() -> None:
    assert "phí, lệ phí của thủ tục nào?" in Person(services({})).says("tiền").body


def test_numbers_that_only_look_like_codes_do_not() -> None:
    person = Person(services({"khai sinh, gọi 0912345678": answer("1.001193")}))
    message = person.says("khai sinh, gọi 0912345678")
    assert "Đăng ký khai sinh" in message.body
    assert question.PRIVATE in message.body
    assert person.session.asked == "khai sinh, gọi [số đã ẩn]"


@pytest.mark.parametrize("text", ["0912345678", "số điện thoại tôi 0912 345 678", "001203004567 ạ"])
def test_a_number_of_a_person_alone_is_kindly_not_wanted(person: Person, text: str) -> None:
    assert person.says(text).body == question.NOT_NEEDED


@pytest.mark.parametrize("text", ["VNeID: Ma OTP cua ban la 482913", "482913 là mã xác thực", "mật khẩu là hoa123"])
def test_a_one_time_code_is_warned_of_and_kept_nowhere(text: str) -> None:
    for known in ({text: offer("1.001193", "1.000894")}, {}):
        person = Person(services(known))
        reply = person.does(Turn(TurnKind.TEXT, text))
        assert [message.body for message in reply.messages] == [question.ONE_TIME]
        assert not reply.effects
        assert "482913" not in person.session.model_dump_json()
        assert "hoa123" not in person.session.model_dump_json()
    answered = Person(services({text: answer("1.001193")})).does(Turn(TurnKind.TEXT, text))
    assert answered.messages[0].body == question.ONE_TIME
    assert "1.001193" in answered.messages[1].body


def test_greeting_welcomes_once_and_never_hides_a_question(person: Person) -> None:
    assert person.says("chào em").body == welcome.WELCOME
    assert person.says("chào em").body == smalltalk.ANSWERS[smalltalk.Talk.GREETING]
    assert person.says("cảm ơn nhé").body == smalltalk.ANSWERS[smalltalk.Talk.THANKS]
    assert "thời tiết" not in person.says("thời tiết hôm nay").body


@pytest.mark.parametrize("payload", ["p_1_001193", "p_1.001193", "p_1001193"])
def test_deep_link_opens_the_procedure(person: Person, payload: str) -> None:
    assert "<code>1.001193</code>" in person.commands("start", payload).body


def test_commands(person: Person) -> None:
    assert person.commands("start").body == welcome.WELCOME
    assert person.commands("start", "x' OR 1=1").body == welcome.WELCOME
    assert "/tracuu" in person.commands("help").body
    assert person.commands("tracuu").body == commands.ASK
    assert "Đăng ký khai sinh" in person.commands("tracuu", "làm khai sinh").body
    assert person.commands("linhvuc").buttons
    assert person.commands("huy").body == commands.FORGOTTEN
    assert person.session == Session()
    assert person.commands("khonghieu").body == commands.NO_SUCH


def test_fields_are_browsed_in_place_down_to_an_answer(person: Person) -> None:
    first = person.commands("linhvuc")
    assert not first.replaces
    assert not person.presses("browse").replaces
    births = person.presses(f"field:{digest('Hộ tịch')}:0")
    assert births.replaces
    assert "Hộ tịch: 4 thủ tục" in births.body
    assert actions(births)[0] == "show:1.001193"
    assert "show:1.000001" not in actions(births)
    assert person.presses("fields:0").replaces
    assert "<code>1.001193</code>" in person.presses("show:1.001193").body


def test_pages_turn_and_stop_at_the_ends() -> None:
    many = tuple(RECORDS[0].model_copy(update={"code": f"3.{n:06}", "family": None}) for n in range(20))
    spread = tuple(record.model_copy(update={"field": f"Lĩnh vực {n:02}"}) for n, record in enumerate(many))
    person = Person(services(records=many))
    turned = person.presses(f"field:{digest('Hộ tịch')}:1")
    assert "Trang 2/4" in turned.body
    assert {fields.PREVIOUS, fields.NEXT} <= set(labels(turned))
    assert "Trang 4/4" in person.presses(f"field:{digest('Hộ tịch')}:999").body
    person = Person(services(records=spread))
    assert "Trang 3/3" in person.presses("fields:2").body
    assert fields.NEXT not in labels(person.presses("fields:2"))


def test_field_that_is_gone_shows_the_fields(person: Person) -> None:
    assert fields.GONE in person.presses("field:deadbeef:0").body


def test_empty_catalogue_still_answers() -> None:
    person = Person(services(records=()))
    assert person.commands("linhvuc").body == fields.EMPTY
    assert person.commands("start").body == welcome.WELCOME


def test_stale_and_forged_buttons_get_words(person: Person) -> None:
    reply = person.does(Turn(TurnKind.ACTION, "show:7.777777"))
    assert reply.toast == conversation.STALE_TOAST
    assert "7.777777 không có trong danh mục" in reply.messages[0].body
    for forged in (
        "",
        "drop table",
        "show:",
        "show:1.001193; --",
        "pick:../../etc",
        "field:zz:1",
        "none:1.001193",
        "💥",
    ):
        assert person.presses(forged).body == conversation.STALE


@pytest.mark.parametrize("verb", ["papers", "steps", "legal", "terms", "related"])
def test_parts_of_an_answer_open(person: Person, verb: str) -> None:
    message = person.presses(f"{verb}:1.001193")
    assert "show:1.001193" in actions(message)
    assert person.session.focus == "1.001193"


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "hologram"])
def test_content_we_cannot_read_is_answered_kindly(person: Person, kind: str) -> None:
    message = person.does(Turn(TurnKind.UNSUPPORTED, kind)).messages[0]
    assert "Xin lỗi" in message.body
    assert "hologram" not in message.body


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "\u202e\u200f", "\x00\x07", "?!…", "---"])
def test_texts_without_words(person: Person, text: str) -> None:
    assert person.says(text).body == NO_WORDS


def test_long_text_is_read_in_part_and_says_so() -> None:
    tail = "a" * (question.LONGEST - len(" làm khai sinh")) + " làm khai sinh"
    person = Person(services({tail: answer("1.001193")}))
    message = person.says("chuyện dài " * 900 + tail)
    assert question.TOO_LONG in message.body
    assert "Đăng ký khai sinh" in message.body
    assert max(map(len, person.services.matcher.heard)) <= question.LONGEST  # type: ignore[attr-defined]


def test_numbers_of_persons_are_not_remembered(person: Person) -> None:
    person.says("tôi số 001203004567 muốn hỏi việc lạ")
    assert "001203004567" not in person.session.model_dump_json()


_TAG = re.compile(r"<(/?)([a-z]+)(?: href=\"[^\"<>]*\")?>")


def well_formed(body: str) -> bool:
    """Say whether a body has only the tags Telegram accepts, balanced, and no stray angle bracket."""
    open_tags: list[str] = []
    for found in _TAG.finditer(body):
        if found[2] not in {"b", "i", "u", "a", "code", "blockquote"}:
            return False
        if not found[1]:
            open_tags.append(found[2])
        elif not open_tags or open_tags.pop() != found[2]:
            return False
    rest = _TAG.sub("", body)
    return not open_tags and "<" not in rest and ">" not in rest


_WAYS = (
    "2|không|sai rồi|cảm ơn|1.001193 <b>|' OR 1=1 --|<script>alert(1)</script>|số 9|quay lại|làm tiếp|có|👍|"
    "không có mã|quay lại chuyện khai sinh|nộp thay được không|có hiệu lực bao lâu|còn gì nữa không|nhầm, 1 cơ|"
    "không có <b> thì sao|1.001139|7.7777|https://x.vn/<b>|tôi muốn chết|bị chó cắn tiêm ở đâu|đọc mã otp cho ai|"
    "chờ tí|bỏ qua"
)
_TEXTS = st.one_of(st.text(max_size=80), st.sampled_from([*LINES, *_WAYS.split("|")]))
_SERVICES = services(LINES)
_TURNS = st.one_of(
    st.builds(Turn, st.just(TurnKind.TEXT), _TEXTS),
    st.builds(Turn, st.just(TurnKind.COMMAND), _TEXTS, st.sampled_from(["start", "tracuu", "linhvuc", "huy", "x"])),
    st.builds(
        Turn,
        st.just(TurnKind.ACTION),
        st.one_of(
            st.text(max_size=70),
            st.builds(
                lambda verb, record: f"{verb}:{record.code}", st.sampled_from(list(Verb)), st.sampled_from(RECORDS)
            ),
            st.builds(lambda page: f"fields:{page}", st.integers(0, 999)),
            st.just("none"),
        ),
    ),
    st.builds(Turn, st.just(TurnKind.UNSUPPORTED), st.text(max_size=10)),
    st.builds(Turn, st.just(TurnKind.PHOTO), st.sampled_from([*Outcome, "H48-220921-0099"]) | st.text(max_size=10)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_TURNS, min_size=1, max_size=6))
def test_any_turns_get_at_least_one_sound_message(turns: list[Turn]) -> None:
    person = Person(_SERVICES)
    for turn in turns:
        reply = person.does(turn)
        assert reply.messages or reply.effects
        for message in reply.messages:
            assert html.unescape(_TAG.sub("", message.body)).strip()
            assert well_formed(message.body), message.body
            for row in message.buttons:
                for button in row:
                    assert button.label
                    assert button.action is None or parse(button.action) is not None
                    assert button.action is None or len(button.action.encode()) <= 64
        Session.model_validate_json(person.session.model_dump_json())


_OF_DOSSIERS = (Verb.TRACK, Verb.FOLLOW, Verb.UNFOLLOW)


@given(st.sampled_from(list(Verb)), st.from_regex(r"\d\.\d{6}", fullmatch=True), st.integers(0, 999))
def test_payloads_read_back_as_written(verb: Verb, code: str, page: int) -> None:
    code = code.translate({ord(c): "7" for c in code if not c.isascii()})
    written = {
        Verb.FIELD: Action(verb, digest(code), page),
        Verb.FIELDS: Action(verb, page=page),
        Verb.NONE: Action(verb),
        Verb.HELP: Action(verb),
        Verb.BROWSE: Action(verb),
        Verb.PERSON: Action(verb),
        Verb.EVENT: Action(verb, detail="sinh-con"),
        Verb.AID: Action(verb, detail=f"team:{code}:{page}"),
        Verb.EVENTS: Action(verb),
        Verb.LIVE: Action(verb, detail=code.replace(".", "")[:5]),
        Verb.MOVE: Action(verb),
        Verb.UNLIVE: Action(verb),
        Verb.ARTICLE: Action(verb, detail="gio-lam-viec"),
        Verb.ARTICLES: Action(verb),
        Verb.WISH: Action(verb, digest(code)),
        Verb.UNWISH: Action(verb, digest(code)),
        Verb.DESK: Action(verb, detail=f"post:{page}"),
        Verb.BUNDLE: Action(verb, page=page, detail="co-nguoi-mat"),
        Verb.WHOLE: Action(verb, page=page, detail="co-nguoi-mat"),
        Verb.ANSWER: Action(verb, code, detail="submitter_of_papers1:somebody_else_by_law"),
        Verb.TICK: Action(verb, code, detail="0a1b2c"),
        Verb.FORM: Action(verb, code, detail="0a1b2c3d4e5f"),
        Verb.COPIES: Action(verb, code, page),
        Verb.REMIND: Action(verb, code, detail=str(page % 100)),
        **{each: Action(each, detail="000.00.53.H48-220921-0099-12345") for each in _OF_DOSSIERS},
        Verb.OPEN: Action(verb, detail=f"{code.replace('.', '')}_0a1b_0-z1"),
    }.get(verb, Action(verb, code))
    assert parse(written.payload()) == written


def test_offer_of_siblings_without_a_question_names_their_base() -> None:
    person = Person(services({"khai sinh": offer("1.001193", "2.000528")}))
    message = person.says("khai sinh")
    assert message.body == "Về “Đăng ký khai sinh”: anh/chị thuộc trường hợp nào?"
    assert choice.PLAIN_CASE in labels(message)[0]
