"""What is outdated in a question is noticed; what only looks like it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vietnam_provinces import Province

from knowledge import catalogue
from knowledge.changes import Change, load_outdated
from knowledge.errors import LexiconError
from knowledge.vietnamese import fold

CHANGES = load_outdated()


def named(text: str) -> list[str]:
    return [change.id for change in CHANGES.find(text)]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("nộp ở UBND huyện Đan Phượng được không", ["cap-huyen"]),
        ("ubnd huyen xac nhan", ["cap-huyen"]),
        ("Quận 7 làm căn cước", ["cap-huyen"]),
        ("q.3 hay Q1", ["cap-huyen"]),
        ("đổi cmnd ở công an huyện", ["chung-minh-nhan-dan", "cong-an-huyen"]),
        ("cong an quan", ["cong-an-huyen"]),
        ("phòng tư pháp huyện Thanh Trì", ["phong-tu-phap"]),
        ("toà án nhân dân quận", ["toa-an-huyen"]),
        ("BHXH quận 5", ["bao-hiem-huyen"]),
        ("chi cục thuế huyện Củ Chi", ["thue-huyen"]),
        ("sổ hộ khẩu", ["so-ho-khau"]),
        ("nhap ho khau cho vo", ["so-ho-khau"]),
        ("xin KT3", ["so-tam-tru"]),
        ("bằng lái b2 hết hạn", ["bang-b2"]),
        ("căn cước công dân gắn chip còn dùng không", ["can-cuoc-cong-dan"]),
        ("cccd còn hạn có phải đổi sang căn cước không", ["can-cuoc-cong-dan"]),
        ("tỉnh Hà Nam", ["tinh-ha-nam"]),
        ("o tinh ha nam dang ky ket hon", ["tinh-ha-nam"]),
        ("tôi ở Hòa Bình", ["tinh-hoa-binh"]),
        ("ở thị trấn", ["thi-tran"]),
    ],
)
def test_what_is_gone_is_noticed(said: str, found: list[str]) -> None:
    assert named(said) == found


@pytest.mark.parametrize(
    "said",
    [
        "chị Huyền làm căn cước", "chi huyen lam can cuoc", "mua quần áo", "mo quan 2 tang", "quân đội", "thi tran",
        "công an quản lý xuất nhập cảnh", "cong an quan ly xuat nhap canh", "toa an quan su", "thue quan", "chuyện này",
        "co quan thue quan ly",
        "ở Hà Nam cũ, nay là Ninh Bình", "bỏ thuế khoán rồi thì khai thuế sao", "bán hàng ở chợ huyện", "hoà bình",
        "làm căn cước công dân cho con", "can cuoc cong dan con toi", "mất cccd",
        "đăng ký tạm trú", "giấy chứng minh quan hệ", "tỉnh Ninh Bình", "", "!!",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_left_alone(said: str) -> None:
    assert named(said) == []


@pytest.mark.parametrize("office", ["phòng lao động thương binh xã hội", "phòng lđtbxh", "phong ld tbxh"])
@pytest.mark.parametrize("tail", ["", " huyện", " quan"])
def test_an_office_of_the_district_is_told_of_once(office: str, tail: str) -> None:
    assert named(f"nộp ở {office}{tail} được không") == ["phong-lao-dong"]


def test_in_a_long_story_a_district_is_scenery_but_an_office_of_it_is_not() -> None:
    story = "nhà tôi làm ruộng ở huyện miền núi " * 5
    assert named(story) == []
    assert named(story + "ra công an huyện") == ["cong-an-huyen"]


@pytest.mark.parametrize(
    ("said", "today"),
    [
        ("làm KT3", "làm tạm trú"),
        ("khai sinh ở thị trấn", "khai sinh"),
        ("tôi ở huyện Củ Chi muốn đăng ký kết hôn", "tôi muốn đăng ký kết hôn"),
        ("Quận 7, làm căn cước", ", làm căn cước"),
        ("rút tiền ở BHXH huyện được không?", "rút tiền ở bảo hiểm xã hội được không?"),
        ("nhập hộ khẩu", "nhập hộ khẩu"),
        ("làm  giấy khai sinh", "làm  giấy khai sinh"),
    ],
)
def test_a_question_is_put_in_todays_words(said: str, today: str) -> None:
    assert CHANGES.today(said) == today


@given(st.text(alphabet="ởquậnhuyện 7Củ,.", max_size=60))
def test_nothing_but_what_is_gone_is_left_out(text: str) -> None:
    today = CHANGES.today(text)
    assert today == text or len(today) < len(text)
    assert today == text or named(text)


def test_every_sentence_is_one_sentence_with_its_act() -> None:
    assert len(CHANGES.all) >= 45
    for change in CHANGES.all:
        assert change.act
        assert change.sentence[0].isupper()
        assert not change.sentence.endswith(".")
        assert len(change.sentence) <= 130


def test_the_provinces_that_are_gone_and_those_they_went_into() -> None:
    today = {fold(province.name).removeprefix("thanh pho ") for province in Province.iter_all()}
    moved = [change for change in CHANGES.all if change.id.startswith("tinh-")]
    assert len(moved) == 63 - 34
    for change in moved:
        old, _, into = change.sentence.removeprefix("Tỉnh ").removesuffix(" từ 1/7/2025").partition(" nhập vào ")
        assert fold(old) not in today
        assert fold(into).removeprefix("tinh ").removeprefix("thanh pho ") in today


def test_no_legal_basis_we_cite_organises_the_district() -> None:
    cited = {
        (record.code, basis.number)
        for record in catalogue.load()
        if record.abolished_on is None
        for basis in record.legal_basis
        if any(change.id == "cap-huyen" for change in CHANGES.find(basis.title))
    }
    assert cited == set()


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert all(isinstance(change, Change) for change in CHANGES.find(text))


@pytest.mark.parametrize("content", ["huyện", "[a]\n- huyện", "[a]\n= Câu\n- huyện", "[a]\n= Câu\n@ Luật\n[a]"])
def test_a_malformed_list_is_refused_with_its_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "outdated.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=r"outdated\.txt, dòng \d"):
        load_outdated(path)


def test_a_missing_list_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="Không đọc được"):
        load_outdated(tmp_path / "không.txt")
