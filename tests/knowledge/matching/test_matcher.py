"""Whole questions through the matcher: needs are found however they are typed, and the contract always holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalogue import Catalogue
from knowledge.errors import CatalogueError
from knowledge.exchange.national import read_national
from knowledge.matching import Facet, Match, Matcher, Outcome
from knowledge.matching.decide import CHOICES
from knowledge.matching.match import RANKED
from knowledge.matching.matcher import ASK_CASE, ASK_SEVERAL
from knowledge.vietnamese import fold
from tests.knowledge.records import record, write_lines
from tests.knowledge.texts import anything, vietnamese

# Journeys: one need, asked in full, without marks, with an input method off, and as in a chat.

JOURNEYS = {
    "1.001193": (
        "vợ tôi vừa sinh bé trai, làm giấy khai sinh ở đâu",
        "vo toi vua sinh be trai, lam giay khai sinh o dau",
        "vợ tôi vừa sinh bé trai, lafm giaays khai sinh ở đâu",
        "vk vừa sinh bé trai làm gks ở đâu",
    ),
    "1.000656": (
        "ông nội tôi mới qua đời, muốn đăng ký khai tử",
        "ong noi toi moi qua doi, muon dang ky khai tu",
        "ông nội tôi mới qua đời, muốn ddawng kys khai tuwr",
        "ong noi mới mất mún đk khai tử",
    ),
    "1.000894": (
        "hai đứa tôi muốn đăng ký kết hôn cần giấy tờ gì",
        "hai dua toi muon dang ky ket hon can giay to gi",
        "hai đứa tôi muốn d9a8ng ky1 ke6t1 ho6n cần giấy tờ gì",
        "2 đứa mún đkkh cần giấy tờ j",
    ),
    "1.004194": (
        "sinh viên thuê trọ thì đăng ký tạm trú thế nào",
        "sinh vien thue tro thi dang ky tam tru the nao",
        "sinh viên thuê trọ thì đăng kys tamj trus thế nào",
        "sv thuê trọ đk tạm trú sao z",
    ),
    "3.000347": (
        "bằng lái xe sắp hết hạn muốn đổi",
        "bang lai xe sap het han muon doi",
        "bawngf lais xe sắp hết hạn muốn đổi",
        "gplx sắp hết hạn mún đổi",
    ),
    "1.012784": (
        "tách thửa đất cho hai đứa con",
        "tach thua dat cho hai dua con",
        "tách thuwar ddaats cho hai đứa con",
        "tách thửa đất cho 2 đứa con",
    ),
    "1.001612": (
        "tôi định mở quán cà phê nhỏ, đăng ký hộ kinh doanh",
        "toi dinh mo quan ca phe nho, dang ky ho kinh doanh",
        "tôi định mở quán cà phê nhỏ, đăng ký hoj kinh doanh",
        "mở quán cf nhỏ đk hkd",
    ),
    "2.000815": (
        "photo công chứng bằng tốt nghiệp có cần mang bản gốc",
        "photo cong chung bang tot nghiep co can mang ban goc",
        "photo coong chuwngs bằng tốt nghiệp có cần mang bản gốc",
        "photo cc bằng tốt nghiệp mang bản gốc k",
    ),
    "1.001456": (
        "làm hộ chiếu lần đầu để đi du lịch",
        "lam ho chieu lan dau de di du lich",
        "làm hooj chieeus lần đầu để đi du lịch",
        "làm passport lần đầu đi du lịch",
    ),
}
WAYS = [pytest.param(code, text, id=text) for code, texts in JOURNEYS.items() for text in texts]


@pytest.mark.parametrize(("code", "text"), WAYS)
def test_a_need_is_found_however_it_is_typed(matcher: Matcher, code: str, text: str) -> None:
    match = matcher.match(text)
    assert match.outcome is not Outcome.UNKNOWN
    assert match.candidates[0].code == code


@pytest.mark.parametrize(("code", "text"), WAYS)
def test_it_is_found_among_all_procedures_of_the_country(national_matcher: Matcher, code: str, text: str) -> None:
    assert national_matcher.match(text).candidates[0].code == code


@pytest.mark.parametrize("code", JOURNEYS)
def test_plain_questions_are_answered_outright(matcher: Matcher, code: str) -> None:
    plain, bare, *_ = JOURNEYS[code]
    assert {matcher.match(plain).outcome, matcher.match(bare).outcome} == {Outcome.ANSWER}


def test_an_official_name_pasted_whole_finds_its_procedure(matcher: Matcher, shipped: Catalogue) -> None:
    lost = [
        item.code
        for item in shipped
        if item.abolished_on is None and item.code not in {c.code for c in matcher.match(item.name).candidates[:4]}
    ]
    assert len(lost) <= 2, lost


def test_every_everyday_name_finds_its_procedure(matcher: Matcher, shipped: Catalogue) -> None:
    names = [(item.code, name) for item in shipped if item.abolished_on is None for name in item.names]
    lost = [(code, name) for code, name in names if code not in {c.code for c in matcher.match(name).candidates[:4]}]
    assert len(lost) <= 0.02 * len(names), lost


# Variants of one act.


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("đăng ký khai sinh", "1.001193"),
        ("đăng ký lại khai sinh do mất bản chính và sổ hộ tịch", "1.004884"),
        ("đăng ký khai sinh cho con có cha là người nước ngoài", "2.000528"),
        ("đăng ký khai sinh lưu động tại nhà", "1.003583"),
        ("đăng ký kết hôn", "1.000894"),
        ("đăng ký kết hôn có yếu tố nước ngoài", "2.000806"),
        ("đổi giấy phép lái xe", "3.000347"),
        ("cấp lại giấy phép lái xe bị mất", "3.000348"),
    ],
)
def test_the_base_wins_unless_the_question_names_the_variant(matcher: Matcher, text: str, code: str) -> None:
    assert matcher.match(text).candidates[0].code == code


# Several things at once, codes, follow-ups.


def test_two_requests_are_offered_in_the_order_in_which_they_were_made(matcher: Matcher) -> None:
    match = matcher.match("Em muốn đăng ký kết hôn. Em muốn xin xác nhận tình trạng hôn nhân")
    assert (match.outcome, match.ask) == (Outcome.OFFER, ASK_SEVERAL)
    assert match.choices == ("1.000894", "1.004873")
    assert match.labels == tuple(matcher.names[code] for code in match.choices)


def test_one_request_said_twice_is_one(matcher: Matcher) -> None:
    match = matcher.match("Em muốn đăng ký kết hôn. Cho em hỏi muốn đăng ký kết hôn")
    assert (match.outcome, match.candidates[0].code) == (Outcome.ANSWER, "1.000894")


@pytest.mark.parametrize(
    "text", ["1.001193", "mã 1001193 là gì", "thủ tục 1.001193 cần giấy tờ gì", "1.001193 1.001193"]
)
def test_a_code_is_answered_outright(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert (match.outcome, [found.code for found in match.candidates]) == (Outcome.ANSWER, ["1.001193"])


def test_several_codes_are_offered_once_each(matcher: Matcher) -> None:
    match = matcher.match("1.004222, 1.001193, 1.004222")
    assert (match.outcome, match.choices) == (Outcome.OFFER, ("1.004222", "1.001193"))


def test_more_codes_than_can_be_offered(matcher: Matcher) -> None:
    match = matcher.match(" ".join(sorted(matcher.names)[:30]))
    contract(matcher, match)
    assert (match.outcome, len(match.choices), len(match.candidates)) == (Outcome.OFFER, CHOICES, RANKED)


def test_a_code_nobody_knows_is_not_made_up(matcher: Matcher) -> None:
    match = matcher.match("9.999999")
    assert match.outcome is Outcome.UNKNOWN


def test_a_code_of_the_country_that_we_have_no_record_of(matcher: Matcher) -> None:
    match = matcher.match("1.000005")
    assert match.outcome is Outcome.UNKNOWN
    assert match.elsewhere is not None
    assert match.elsewhere[0] == "1.000005"


@pytest.mark.parametrize(
    ("text", "facets"),
    [("lệ phí bao nhiêu?", (Facet.MONEY,)), ("thế nộp ở đâu ạ", (Facet.PLACE,)), ("mat bao lau", (Facet.TIME,))],
)
def test_a_side_alone_is_about_what_was_shown_before(matcher: Matcher, text: str, facets: tuple[Facet, ...]) -> None:
    match = matcher.match(text)
    assert (match.outcome, match.bare, match.facets) == (Outcome.UNKNOWN, True, facets)


@pytest.mark.parametrize("text", ["đăng ký khai sinh mất bao lâu", "khai sinh", "xin chào", ""])
def test_a_need_or_nothing_at_all_is_no_follow_up(matcher: Matcher, text: str) -> None:
    assert not matcher.match(text).bare


# What is no procedure, and bad input.


@pytest.mark.parametrize(
    "text",
    [
        "chiều mai trời có mưa không",
        "nấu phở bò thế nào cho ngon",
        "xổ số miền nam hôm nay ra con gì",
        "đội tuyển việt nam đá mấy giờ",
        "hàng xóm mượn tiền không trả thì kiện sao",
        "thủ tục xin visa đi nhật",
        "em yêu anh",
        "the weather in London",
        "how much",
        "chủ tịch phường mình tên là gì",
        "SELECT * FROM users; DROP TABLE users; --",
        "<script>alert(1)</script>",
        "😀😀😀",
        "\u202e\u200b\u0000",
        "???",
        "",
        "a" * 10_000,
        "\n" * 10_000,
    ],
)
def test_what_is_no_procedure_is_not_answered_with_one(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    contract(matcher, match)
    assert match.outcome is not Outcome.ANSWER


def test_what_only_repairs_brought_in_is_asked_about(matcher: Matcher) -> None:
    for text in ("how much", "kahi sihn"):
        question = matcher.read(text).question
        assert question.guessed == {word.folded for word in question.words}
        assert matcher.match(text).outcome is not Outcome.ANSWER
    assert matcher.match("kahi sihn").choices[0] == "1.001193"


def test_a_long_story_is_heard_to_its_end(matcher: Matcher) -> None:
    story = "nhà em ở quê lên phố làm thuê đã mấy năm, trời thì nắng mà công việc lúc có lúc không, " * 6
    match = matcher.match(story + "giờ em muốn đăng ký tạm trú ở phòng trọ")
    assert "1.004194" in [found.code for found in match.candidates[:4]]


def test_ten_thousand_characters_take_no_longer_than_what_is_read(matcher: Matcher) -> None:
    match = matcher.match("đăng ký khai sinh " * 1000)
    assert match.candidates[0].code == "1.001193"


# The contract.


def contract(matcher: Matcher, match: Match, rejected: Sequence[str] = ()) -> None:
    """Hold ``match`` against what its docstring promises."""
    codes = [found.code for found in match.candidates]
    odds = [found.confidence for found in match.candidates]
    assert len(codes) == len(set(codes)) <= RANKED
    assert set(codes) <= matcher.names.keys()
    assert all(0 <= one <= 1 for one in odds)
    assert match.ask == ASK_SEVERAL or odds == sorted(odds, reverse=True)
    assert not {*codes, *match.choices, *(match.elsewhere or ())[:1]} & set(rejected)
    assert list(match.choices) == codes[: len(match.choices)]
    assert len(match.labels) in (0, len(match.choices))
    assert all(match.labels)
    assert (match.ask is None) == (not match.labels)
    assert match.elsewhere is None or match.elsewhere[0] not in matcher.names
    if match.outcome is Outcome.ANSWER:
        assert codes
        assert len(match.choices) <= 1
        assert match.elsewhere is None
    elif match.outcome is Outcome.OFFER:
        assert 1 <= len(match.choices) <= CHOICES
        assert not match.bare
    else:
        assert not match.choices
    assert not match.bare or match.outcome is Outcome.UNKNOWN


_need = st.sampled_from([text for texts in JOURNEYS.values() for text in texts])
_code = st.sampled_from(["1.001193", "1.004222", "1.000005", "9.999999", "1.014061"])
_asked = st.one_of(
    anything,
    vietnamese,
    _need,
    st.lists(st.one_of(_need, _code, vietnamese), min_size=2, max_size=4).flatmap(
        lambda parts: st.sampled_from([". ", "? ", " ", ", không phải ", "\n"]).map(lambda joint: joint.join(parts))
    ),
)


@given(text=_asked)
def test_any_question_gets_a_verdict_that_keeps_the_contract(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    contract(matcher, match)
    assert matcher.match(text) == match


@given(text=_asked, data=st.data())
def test_what_was_refused_does_not_come_back(matcher: Matcher, text: str, data: st.DataObject) -> None:
    before = matcher.match(text)
    shown = [*(found.code for found in before.candidates), *(before.elsewhere or ())[:1]]
    rejected = data.draw(st.lists(st.sampled_from(shown), unique=True)) if shown else []
    contract(matcher, matcher.match(text, rejected), rejected)


def test_after_a_refusal_others_are_offered(matcher: Matcher) -> None:
    text = "đăng ký khai sinh"
    refused = [matcher.match(text).candidates[0].code]
    match = matcher.match(text, refused)
    assert match.outcome is Outcome.OFFER
    assert not set(refused) & set(match.choices)


def test_a_code_that_was_refused_is_not_shown_even_by_its_number(matcher: Matcher) -> None:
    contract(matcher, matcher.match("1.001193", ["1.001193"]), ["1.001193"])
    contract(matcher, matcher.match("1.000005", ["1.000005"]), ["1.000005"])


@given(text=st.one_of(_need, vietnamese))
def test_the_way_of_sending_makes_no_difference(matcher: Matcher, text: str) -> None:
    plain = matcher.match(text)
    for sent in (unicodedata.normalize("NFD", text), text.upper(), f"  {text}\u200b\n", text.replace(" ", "\u00a0")):
        assert matcher.match(sent) == plain


def test_threads_share_one_matcher(matcher: Matcher) -> None:
    asked = [text for texts in JOURNEYS.values() for text in texts] * 3
    alone = [matcher.match(text) for text in asked]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(matcher.match, asked)) == alone


def test_variants_are_offered_with_what_sets_them_apart(matcher: Matcher, shipped: Catalogue) -> None:
    """Of all short questions that a family's base name makes, those offered as cases carry a label each."""
    asked = [match for name in matcher.names.values() if (match := matcher.match(name)).ask == ASK_CASE]
    for match in asked:
        contract(matcher, match)
        assert len(set(match.labels)) == len(match.labels)


# Small catalogues.


def test_an_empty_catalogue_answers_nothing() -> None:
    matcher = Matcher(())
    for text in ("đăng ký khai sinh", "1.001193", "", "lệ phí bao nhiêu"):
        match = matcher.match(text)
        contract(matcher, match)
        assert (match.outcome, match.candidates) == (Outcome.UNKNOWN, ())


@pytest.mark.usefixtures("small_world")
def test_a_catalogue_of_one() -> None:
    matcher = Matcher([record("9.000001", "Cấp thẻ bạn đọc của thư viện", names=("làm thẻ thư viện",))])
    match = matcher.match("em muốn làm thẻ thư viện")
    contract(matcher, match)
    assert match.candidates[0].code == "9.000001"
    assert matcher.match("9.000001").outcome is Outcome.ANSWER


@pytest.mark.usefixtures("small_world")
def test_what_was_abolished_leads_to_what_replaced_it() -> None:
    old = record(
        "9.000001",
        "Cấp sổ mượn sách",
        names=("làm sổ mượn sách thư viện",),
        abolished_on=date(2026, 1, 1),
        successor="9.000002",
    )
    matcher = Matcher([old, record("9.000002", "Cấp tài khoản bạn đọc điện tử")])
    assert [found.code for found in matcher.match("làm sổ mượn sách thư viện").candidates] == ["9.000002"]
    assert matcher.match("9.000001").candidates[0].code == "9.000001", "asked by its number it is shown as abolished"


def test_records_are_streamed_and_a_fault_among_them_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = write_lines(tmp_path_factory.mktemp("portal") / "portal.jsonl", [{"name": "Không có mã"}])
    with pytest.raises(CatalogueError, match="dòng 1"):
        Matcher(read_national(path))


@pytest.mark.parametrize("said", ["đăng ký thường trú", "dang ky thuong tru can giay to gi", "THỦ TỤC ĐĂNG KÝ KẾT HÔN"])
def test_an_official_name_and_nothing_else_is_answered(matcher: Matcher, said: str) -> None:
    match = matcher.match(said)
    assert match.outcome is Outcome.ANSWER
    assert match.candidates[0].confidence >= 0.99
    assert match.candidates[0].code in {"1.004222", "1.000894"}


def test_a_choice_nobody_believes_in_is_not_offered(matcher: Matcher) -> None:
    assert matcher.match("<script>alert(1)</script>").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("said", ["001193", "mã 001193"])
def test_part_of_a_code_is_enough_when_only_one_has_it(matcher: Matcher, said: str) -> None:
    match = matcher.match(said)
    assert (match.outcome, match.candidates[0].code) == (Outcome.ANSWER, "1.001193")
    assert matcher.match(said, ["1.001193"]).outcome is not Outcome.ANSWER


def test_the_beginning_of_a_code_offers_what_begins_so(matcher: Matcher) -> None:
    match = matcher.match("1.00119")
    assert match.outcome is Outcome.OFFER
    assert "1.001193" in match.choices


def test_a_number_that_is_part_of_many_codes_is_no_answer(matcher: Matcher) -> None:
    assert matcher.match("1.001").outcome is not Outcome.ANSWER


_ASKED = (
    "làm {}",
    "muốn làm {}",
    "cho hỏi {}",
    "xin lỗi cho hỏi {}",
    "bác muốn hỏi {}",
    "em muốn {}",
    "{} thế nào",
    "{} hết bao nhiêu tiền",
)


@pytest.mark.parametrize("written", [str, fold], ids=["marked", "bare"])
def test_how_one_asks_does_not_change_what_is_found(
    shipped: Catalogue, matcher: Matcher, written: Callable[[str], str]
) -> None:
    names = [(record.code, name) for record in shipped for name in record.names if len(name.split()) <= 4]
    found = [(code, name) for code, name in names if _first(matcher, written(name)) == code]
    asked = [(code, written(way.format(name))) for code, name in found for way in _ASKED]
    lost = [said for code, said in asked if _first(matcher, said) != code]
    assert len(lost) < len(asked) / 100, lost


@pytest.mark.parametrize("said", ["làm khai sinh", "lam khai sinh", "xin lỗi cho hỏi làm khai sinh"])
def test_to_make_something_tells_nothing_of_what(matcher: Matcher, said: str) -> None:
    assert _first(matcher, said) == "1.001193"


def _first(matcher: Matcher, said: str) -> str | None:
    match = matcher.match(said)
    return match.candidates[0].code if match.outcome is not Outcome.UNKNOWN and match.candidates else None
