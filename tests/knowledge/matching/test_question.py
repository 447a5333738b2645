"""A question as it is typed becomes the need it names: repaired, weighed, its side and its denials found."""

from __future__ import annotations

import pytest
from hypothesis import given

from knowledge.matching import Facet, Matcher
from knowledge.matching.question import (
    DENIED_WEIGHT,
    FACET_WEIGHT,
    FILLER_WEIGHT,
    LONGEST_QUESTION,
    Question,
    parts,
    points_back,
)
from tests.knowledge.texts import anything, vietnamese


def read(matcher: Matcher, text: str) -> Question:
    return matcher.read(text).question


def said(question: Question) -> str:
    return " ".join(word.folded for word in question.words)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("ddawng kys khai sinh", "dang ky khai sinh", id="telex"),
        pytest.param("d9a8ng ky1 ket61 hon6", "dang ky ket hon", id="vni"),
        pytest.param("lam lai cccd", "lam lai can cuoc cong dan", id="abbreviation"),
        pytest.param("ĐỔI GPLX", "doi giay phep lai xe", id="abbreviation in capitals"),
        pytest.param("e ko đc", "em khong duoc", id="chat spelling"),
        pytest.param("đăng ký khaisinh", "dang ky khai sinh", id="blank forgotten"),
        pytest.param("dăng ký thuờng trú", "dang ky thuong tru", id="wrong marks"),
        pytest.param("tách hộ khẩuu", "tach ho khau", id="letter doubled"),
        pytest.param("hòa giải", "hoa giai", id="old tone place"),
        pytest.param("mua xe máy cũ", "mua xe may cu", id="nothing to repair"),
    ],
)
def test_words_are_spelt_out(matcher: Matcher, typed: str, meant: str) -> None:
    assert said(read(matcher, typed)) == meant


def test_corrections_are_told(matcher: Matcher) -> None:
    notes = read(matcher, "ddawng ky gplx").notes
    assert "ddawng → dang" in notes
    assert "gplx = giấy phép lái xe" in notes
    assert read(matcher, "đăng ký khai sinh").notes == ()


def test_words_that_nobody_typed_are_known_as_guesses(matcher: Matcher) -> None:
    assert read(matcher, "ddawng ky gplx").guessed == {"dang"}
    assert read(matcher, "đăng ký khai sinh").guessed == frozenset()


def test_an_abbreviation_of_two_meanings_keeps_both_open(matcher: Matcher) -> None:
    question = read(matcher, "làm cc")
    assert said(question) == "lam cc"
    assert {words for words, _ in question.expansions} >= {("can", "cuoc"), ("cong", "chung")}


@pytest.mark.parametrize(
    ("text", "facets"),
    [
        ("làm khai sinh cần giấy tờ gì", (Facet.PAPERS,)),
        ("lam khai sinh can giay to gi", (Facet.PAPERS,)),
        ("đổi bằng lái hết bao nhiêu tiền, mất bao lâu", (Facet.MONEY, Facet.TIME)),
        ("lệ phí bao nhiêu", (Facet.MONEY,)),
        ("nộp ở đâu", (Facet.PLACE,)),
        ("lam khai sinh dau vay", (Facet.PLACE,)),
        ("lam cccd dau", (Facet.PLACE,)),
        ("cấp thẻ căn cước lần đầu", ()),
        ("lam cccd lan dau", ()),
        ("con dâu tôi muốn nhập khẩu", ()),
        ("con dau toi muon nhap khau", ()),
        ("chuyển đất phi nông nghiệp", ()),
        ("có làm online được không", (Facet.ONLINE,)),
        ("tách hộ", ()),
        ("tra hồ sơ", (Facet.STATUS,)),
        ("theo doi ho so", (Facet.STATUS,)),
        ("hồ sơ trễ hẹn thì kêu ai", (Facet.STATUS,)),
        ("tiền mai táng được bao nhiêu", ()),
        ("mỗi tháng được lãnh bao nhiêu", ()),
    ],
)
def test_the_side_that_is_asked_about(matcher: Matcher, text: str, facets: tuple[Facet, ...]) -> None:
    assert read(matcher, text).facets == facets


def test_asking_words_weigh_little_and_the_need_in_full(matcher: Matcher) -> None:
    weights = {word.said: word.weight for word in read(matcher, "cho em hỏi lệ phí kết hôn ạ").words}
    assert weights["kết"] == weights["hôn"] == 1.0
    assert weights["lệ"] == weights["phí"] == FACET_WEIGHT
    assert weights["hỏi"] == weights["ạ"] == FILLER_WEIGHT


def test_a_word_is_empty_only_as_it_is_written(matcher: Matcher) -> None:
    """The question words "ạ" and "à" are empty; with the marks of another word they are not."""
    weights = {word.said: word.weight for word in read(matcher, "mở quán ăn ạ, xin phép à").words}
    assert weights["ạ"] == weights["à"] == FILLER_WEIGHT
    assert weights["mở"] == 1.0


@pytest.mark.parametrize(
    ("text", "denied", "meant"),
    [
        ("làm thẻ căn cước, không phải hộ chiếu", {"ho", "chieu"}, {"can", "cuoc"}),
        ("đổi bằng lái chứ không phải thi mới", {"thi", "moi"}, {"bang", "lai"}),
        ("em không có khai sinh", set(), {"khai", "sinh"}),
    ],
)
def test_what_is_ruled_out_does_not_count(matcher: Matcher, text: str, denied: set[str], meant: set[str]) -> None:
    question = read(matcher, text)
    assert denied <= question.denied
    assert meant.isdisjoint(question.denied)
    weights = {word.folded: word.weight for word in question.words}
    assert all(weights[word] == DENIED_WEIGHT for word in denied)
    assert all(weights[word] > 0 for word in meant)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1.001193", ("1.001193",)),
        ("thủ tục 1001193 là gì", ("1.001193",)),
        ("Mã:2.000815?", ("2.000815",)),
        ("1.001193 và 1.004222", ("1.001193", "1.004222")),
        ("gọi 0912345678", ()),
        ("ngày 1.2.2026", ()),
        ("1.0011930", ()),
        ("11.001193", ()),
        ("Nghị định 1.001193.5", ()),
        ("lệ phí 1.500.000 đồng", ()),
    ],
)
def test_codes_are_seen(matcher: Matcher, text: str, codes: tuple[str, ...]) -> None:
    assert read(matcher, text).codes == codes


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("Em muốn đăng ký kết hôn. Em cần làm khai sinh cho con", 2),
        ("làm căn cước ở đâu? đổi bằng lái cần gì?", 2),
        ("em muốn tách hộ đồng thời xin xác nhận cư trú", 2),
        ("đăng ký khai sinh cần gì", 0),
        ("", 0),
        ("em chào. em cảm ơn.", 0),
        ("Em muốn làm giấy khai sinh. " * 20, 0),
        ("muốn làm a b? muốn làm c d? muốn làm e f? muốn làm g h?", 0),
    ],
)
def test_several_requests_in_one_message(text: str, requests: int) -> None:
    assert len(parts(text)) == requests


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("làm thủ tục này mất bao lâu", True),
        ("hồ sơ đó nộp ở đâu", True),
        ("việc này làm ở đâu", True),
        ("thủ tục đăng ký đó mất bao lâu", True),
        ("đăng ký khai sinh mất bao lâu", False),
        ("phải ghi sổ việc ly hôn kia", False),
        ("", False),
    ],
)
def test_pointing_back(matcher: Matcher, text: str, back: bool) -> None:
    assert points_back(read(matcher, text)) is back


@pytest.mark.parametrize(
    ("text", "facets"),
    [
        pytest.param("dat phi nong nghiep", (), id="without marks, phi is no phí"),
        pytest.param("phi nong nghiep", (), id="first word"),
        pytest.param("dang ky khai sinh phi bao nhieu", (Facet.MONEY,), id="without marks, phi is phí"),
        pytest.param("xin miễn học phí", (), id="one word"),
        pytest.param("xin mien hoc phi", (), id="one word without marks"),
        pytest.param("khai lệ phí trước bạ", (), id="known term"),
        pytest.param("lệ phí khai sinh", (Facet.MONEY,), id="asked"),
        pytest.param("có tính phí không", (Facet.MONEY,), id="one word that asks"),
        pytest.param("bán đâu", (Facet.PLACE,), id="another word but for its marks"),
    ],
)
def test_part_of_a_longer_term_asks_for_no_side(matcher: Matcher, text: str, facets: tuple[Facet, ...]) -> None:
    assert read(matcher, text).facets == facets


def test_part_of_a_longer_term_tells_of_the_need(matcher: Matcher) -> None:
    weights = {word.folded: word.weight for word in read(matcher, "đất phi nông nghiệp dat phi").words}
    assert weights["phi"] > FACET_WEIGHT
    assert all(word.weight > FACET_WEIGHT for word in read(matcher, "khai lệ phí trước bạ").words)


def test_the_office_one_goes_to_tells_little(matcher: Matcher) -> None:
    weights = {word.folded: word.weight for word in read(matcher, "làm hộ chiếu ở phòng xuất nhập cảnh").words}
    assert weights["xuat"] == weights["canh"] == FILLER_WEIGHT < weights["chieu"]


def test_what_is_too_long_is_cut(matcher: Matcher) -> None:
    text = "đất " * LONGEST_QUESTION
    assert len(read(matcher, text).words) <= LONGEST_QUESTION / 4


@given(text=anything)
def test_any_text_can_be_read(matcher: Matcher, text: str) -> None:
    question = read(matcher, text)
    assert all(0 <= word.weight <= 1 for word in question.words)
    assert all(word.folded and " " not in word.folded for word in question.words)
    assert [word.clause for word in question.words] == sorted(word.clause for word in question.words)
    assert len(set(question.facets)) == len(question.facets)
    assert len(parts(text)) in (0, 2, 3)


@given(text=vietnamese)
def test_correct_text_is_not_corrected(matcher: Matcher, text: str) -> None:
    assert not [note for note in read(matcher, text).notes if "→" in note]
