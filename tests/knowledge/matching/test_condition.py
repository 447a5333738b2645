"""A title that demands an age is never answered with outright when the question tells another one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.matching import Matcher, Outcome
from knowledge.matching.condition import DOUBTED, AgeLimits
from knowledge.matching.decide import SIGNALS, UNFIT
from knowledge.matching.family import twin_key
from knowledge.matching.model import Judge, Model
from knowledge.matching.rank import FEATURES, KEPT
from tests.knowledge.records import record
from tests.knowledge.texts import anything

TODAY = date(2026, 11, 22)
BELOW, FROM, OLD, ANY = range(4)
LIMITS = AgeLimits(
    (
        "Cấp thẻ bạn đọc cho người dưới 14 tuổi",
        "Cấp thẻ bạn đọc cho người từ đủ 14 tuổi trở lên",
        "Tặng quà mừng thọ cho người từ 75 tuổi",
        "Cấp lại thẻ bạn đọc",
    ),
    TODAY,
)


def against(question: str) -> list[int]:
    """The places of the titles that a question contradicts."""
    return LIMITS.against(question, range(4), TODAY)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("con tôi 7 tuổi làm thẻ", [FROM, OLD]),
        ("con toi 7 tuoi lam the", [FROM, OLD]),
        ("bé 8 tháng tuổi", [FROM, OLD]),
        ("cháu sinh năm 2018", [FROM, OLD]),
        ("con học lớp 2", [FROM, OLD]),
        ("con gái em 14 tuổi", [BELOW, OLD]),
        ("con gái em 13 tuổi", [FROM, OLD]),
        ("em 20 tuổi mới làm thẻ", [BELOW, OLD]),
        ("mẹ tôi 82 tuổi", [BELOW]),
        ("mẹ tôi sinh năm 1944", [BELOW]),
        ("con sắp tròn 14 tuổi", [FROM, OLD]),
        ("người dưới 14 tuổi", [FROM, OLD]),
        ("thẻ cho trẻ từ 10 đến 16 tuổi", [OLD]),
        ("con trai tôi 35 tuổi", [BELOW, OLD]),
        ("làm thẻ bạn đọc", []),
        ("làm thẻ cho con", []),
        ("mẹ tôi sinh ra ở quê", []),
    ],
)
def test_what_is_told_is_held_against_what_titles_demand(question: str, expected: list[int]) -> None:
    assert against(question) == expected


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("tôi 30 tuổi muốn làm thẻ cho con", {BELOW, FROM}),
        ("em 28 tuổi, cháu nhà em chưa có thẻ", {BELOW, FROM}),
        ("tôi 40 tuổi, mẹ tôi chưa được nhận quà", {FROM, OLD}),
        ("con 3 tuổi và con 15 tuổi", {BELOW, FROM}),
        ("con 3 tuổi, bà nội chưa nhận quà", {BELOW, OLD}),
    ],
)
def test_somebody_whose_age_is_not_told_may_be_meant(question: str, left: set[int]) -> None:
    assert not left & set(against(question))


@given(st.integers(0, 120), st.sampled_from(("tôi {} tuổi", "người {} tuổi", "{} tuổi làm thẻ", "{} tuoi lam the")))
def test_of_two_titles_that_share_out_all_ages_just_one_is_contradicted(age: int, said: str) -> None:
    assert len({BELOW, FROM} & set(against(said.format(age)))) == 1


@given(anything)
def test_text_without_an_age_contradicts_nothing(text: str) -> None:
    assert against(text.translate({ord(digit): None for digit in "0123456789"}).replace("t", "")) == []


@pytest.mark.parametrize(
    "question",
    [
        "chau noi toi 6 tuoi chua co the bao hiem thi xin o dau",
        "làm liên thông khai sinh, thường trú, bảo hiểm y tế cho con 10 tuổi",
        "đăng ký khai sinh, thường trú và cấp thẻ bảo hiểm cùng lúc cho cháu sinh năm 2016",
        "liên thông khai sinh và thẻ bhyt cho bé tám tuổi",
        "con học lớp 4 làm liên thông khai sinh, bảo hiểm y tế",
    ],
)
def test_children_of_six_and_more_are_never_surely_sent_to_what_is_for_smaller_ones(
    matcher: Matcher, question: str
) -> None:
    match = matcher.match(question)
    below_six = {code for code, name in matcher.names.items() if "dưới 6 tuổi" in name}
    assert match.outcome is not Outcome.ANSWER or match.candidates[0].code not in below_six
    assert match.candidates[0].code not in below_six or match.candidates[0].confidence <= DOUBTED


def test_what_fits_the_age_is_still_answered(matcher: Matcher) -> None:
    match = matcher.match("liên thông khai sinh, thường trú, thẻ bảo hiểm y tế cho con 2 tháng tuổi")
    assert match.outcome is Outcome.ANSWER
    assert "dưới 6 tuổi" in matcher.names[match.candidates[0].code]


def test_the_sibling_that_fits_rises_in_a_catalogue_never_seen() -> None:
    young = record("9.000001", "Trợ cấp sách vở cho người dưới 12 tuổi", names=("xin tiền sách vở",))
    older = record("9.000002", "Trợ cấp sách vở cho người từ đủ 12 tuổi trở lên", names=("tiền mua sách vở",))
    matcher = Matcher([young, older], today=lambda: TODAY)
    for age, code in ((5, young.code), (11, young.code), (12, older.code), (40, older.code)):
        assert matcher.match(f"xin trợ cấp tiền sách vở cho cháu {age} tuổi").candidates[0].code == code


def test_an_age_counts_from_the_day_of_the_question() -> None:
    young = record("9.000001", "Trợ cấp sách vở cho người dưới 12 tuổi")
    today = date(2020, 6, 1)
    matcher = Matcher([young], today=lambda: today)
    said = "xin trợ cấp sách vở cho cháu sinh năm 2010"
    assert matcher.read(said).ranking.doubt is None
    today = date(2026, 6, 1)
    assert matcher.read(said).ranking.doubt is not None
    assert matcher.renewed([young]).read(said).ranking.doubt is not None


def test_an_official_name_pasted_whole_is_answered_whatever_ages_it_holds(national_matcher: Matcher) -> None:
    aged = [name for name in national_matcher.names.values() if "tuổi" in name]
    assert aged
    for name in aged:
        match = national_matcher.match(name)
        assert match.outcome is Outcome.ANSWER
        assert twin_key(national_matcher.names[match.candidates[0].code]) == twin_key(name)


def test_the_explanation_says_what_a_contradiction_cost(matcher: Matcher) -> None:
    reading = matcher.read("liên thông khai sinh, thường trú, thẻ bảo hiểm y tế cho con 10 tuổi")
    doubt = reading.ranking.doubt
    assert doubt is not None
    for row, (score, added) in enumerate(
        zip(reading.ranking.scores.tolist(), matcher.contributions(reading, KEPT).values(), strict=True)
    ):
        assert added.get("contradicted", 0.0) == -doubt[row]
        assert sum(added.values()) == pytest.approx(score, abs=0.15)


@pytest.mark.parametrize(
    ("question", "sibling"),
    [
        ("đăng ký giám hộ cho cháu mà người giám hộ là người Mỹ", "Thủ tục đăng ký giám hộ"),
        ("thôi không giám hộ cháu nữa", "Thủ tục đăng ký chấm dứt giám hộ có yếu tố nước ngoài"),
        ("khai sinh cho con, cha mẹ đều là công dân Việt Nam", "Thủ tục đăng ký khai sinh có yếu tố nước ngoài"),
        ("ông người Úc hết hạn tạm trú muốn gia hạn", "Gia hạn tạm trú"),
    ],
)
def test_a_special_case_is_never_surely_taken_for_its_sibling(
    national_matcher: Matcher, question: str, sibling: str
) -> None:
    match = national_matcher.match(question)
    assert match.outcome is not Outcome.ANSWER or national_matcher.names[match.candidates[0].code] != sibling


def test_an_act_that_a_sibling_outdoes_is_offered_however_sure_the_judge_is() -> None:
    plain = record("9.000001", "Cấp giấy phép thả diều", names=("thả diều", "thả diều cho khách người mỹ"))
    abroad = record("9.000002", "Cấp giấy phép thả diều cho người nước ngoài", names=("khách nước ngoài thả diều",))
    certain = Judge(signals=SIGNALS, weights=(0.0,) * len(SIGNALS), bias=30)
    by_phrase = tuple(30.0 if feature == "phrase" else 0.0 for feature in FEATURES)
    model = Model(features=FEATURES, weights=by_phrase, first=certain, choices=certain, answer_from=0.9, offer_from=0.1)
    matcher = Matcher([plain, abroad], model=model)
    assert matcher.match("thả diều").outcome is Outcome.ANSWER
    match = matcher.match("thả diều cho khách người mỹ")
    assert match.outcome is Outcome.OFFER
    assert (match.candidates[0].code, match.candidates[0].confidence) == (plain.code, UNFIT)
