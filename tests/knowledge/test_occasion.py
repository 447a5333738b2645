"""Which questions are nothing but a life event, and which are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import catalogue
from knowledge.errors import EventsError
from knowledge.events import load_events
from knowledge.occasion import Occasions
from knowledge.vietnamese import fold

ROOT = Path(__file__).resolve().parents[2]
EVENTS = load_events()
READ = Occasions.of(EVENTS, catalogue.load())
LABELLED = [
    ROOT / "tests/data/questions.jsonl",
    ROOT / "knowledge/questions.jsonl",
    ROOT / "knowledge/common.jsonl",
    ROOT.parent / "shared/eval/dev.jsonl",
]


@pytest.mark.parametrize(
    ("said", "event"),
    [
        ("tôi mới sinh con", "sinh-con"),
        ("vo toi moi sinh con thi can lam nhung gi a", "sinh-con"),
        ("Sinh con thì cần làm những thủ tục gì?", "sinh-con"),
        ("nha co nguoi mat phai lam gi", "co-nguoi-mat"),
        ("bố em mới mất thì phải làm những thủ tục gì ạ", "co-nguoi-mat"),
        ("sắp cưới cần làm gì", "ket-hon"),
        ("mất hết giấy tờ", "mat-giay-to"),
        ("em bị mất hết giấy tờ rồi", "mat-giay-to"),
        ("mat het giay too", "mat-giay-to"),
        ("mua bán nhà đất", "mua-ban-nha-dat"),
        ("muốn mở quán cà phê thì cần giấy tờ gì", "mo-quan"),
        ("chuyển nơi ở", "chuyen-noi-o"),
        ("tôi sắp đi làm nước ngoài", "di-lam-nuoc-ngoai"),
        ("sap ve huu can chuan bi gi", "ve-huu"),
        ("con tôi sắp vào lớp 1", "con-di-hoc"),
        ("vợ chồng tôi muốn ly hôn", "ly-hon"),
    ],
)
def test_an_event_is_read(said: str, event: str) -> None:
    assert READ.read(said) == event


@pytest.mark.parametrize(
    ("said", "event"),
    [
        ("dì em vừa mất", "co-nguoi-mat"),
        ("má chồng mất sáng nay thì làm gì", "co-nguoi-mat"),
        ("chồng tôi chết rồi giờ phải làm sao", "co-nguoi-mat"),
        ("em gái tôi sắp lấy chồng", "ket-hon"),
        ("cháu gái tôi mới sinh bé", "sinh-con"),
        ("chuyển nhà từ Hà Nội vào Sài Gòn cần làm gì", "chuyen-noi-o"),
        ("gia đình em chuyển từ Nghệ An vào Bình Dương sống", "chuyen-noi-o"),
        ("con trai tôi đi Hàn Quốc làm việc", "di-lam-nuoc-ngoai"),
        ("sang Đức du học thì cần giấy tờ gì", "di-lam-nuoc-ngoai"),
        ("tôi tính mở quán cháo lòng", "mo-quan"),
        ("mở tiệm sửa xe máy", "mo-quan"),
        ("mất bóp có cmnd, cà vẹt xe và thẻ atm", "mat-giay-to"),
        ("bố mẹ tôi sắp về hưu", "ve-huu"),
        ("mua đất ở Đà Lạt", "mua-ban-nha-dat"),
    ],
)
def test_an_event_is_read_whoever_and_wherever_it_befalls(said: str, event: str) -> None:
    assert READ.read(said) == event


@pytest.mark.parametrize(
    "said",
    [
        "mẹ", "Hà Nội", "phở", "bán phở", "mất tiền", "bố tôi mất căn cước", "mất căn cước và bằng lái", "ông mất tích",
        "mẹ tôi mất năng lực hành vi dân sự", "lấy chồng Đài Loan", "chồng tôi ở Nhật", "đi Nhật du lịch",
        "chuyển lương hưu về quê", "chuyển hộ khẩu từ Hà Nội vào Sài Gòn", "đăng ký tạm trú ở Sài Gòn", "mua nhà ở Mỹ",
        "đăng ký khai tử cho mẹ", "đổi hộ chiếu ở Nhật", "mua xe ở tỉnh khác",
    ],
)  # fmt: skip
def test_people_and_places_alone_make_no_event(said: str) -> None:
    assert READ.read(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "làm giấy khai sinh", "đăng ký khai sinh cho con mới sinh", "kết hôn", "đăng ký kết hôn cần gì", "làm khai tử",
        "em sắp lấy chồng nước ngoài", "sắp cười", "mất giấy tờ xe", "mặt hết giấy tờ", "mất sổ đỏ", "sinh con ở Mỹ",
        "người nhà mất cần làm giấy tờ gì", "mua bán đất", "xin giấy phép xây nhà", "tôi", "cần làm gì", "", "?!",
        "tôi mới sinh con mà chồng là người Hàn", "nhận con nuôi", "mất căn cước", "hưởng lương hưu",
    ],
)  # fmt: skip
def test_a_question_with_more_in_it_is_left_to_the_matcher(said: str) -> None:
    assert READ.read(said) is None


@pytest.mark.parametrize("phrase", [(each.id, phrase) for each in EVENTS.all for phrase in each.phrases], ids=str)
def test_every_phrase_opens_its_event_or_names_a_procedure(phrase: tuple[str, str]) -> None:
    event, said = phrase
    assert Occasions(EVENTS).read(said) == event
    assert Occasions(EVENTS).read(fold(said)) == event


@pytest.mark.parametrize("path", LABELLED, ids=lambda path: str(path.name))
def test_no_labelled_question_is_taken_from_its_procedure(path: Path) -> None:
    if not path.is_file():
        pytest.skip(f"needs the real data in shared/{path.name} beside the repository, which is not here")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["question"] for row in rows if READ.read(row["question"])] == []


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert READ.read(text) is None or EVENTS.get(READ.read(text) or "")


@pytest.mark.parametrize("content", ["tôi", "[khac]\ntôi", "[around]\n?!"])
def test_a_malformed_list_is_refused_in_words(tmp_path: Path, content: str) -> None:
    path = tmp_path / "occasions.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EventsError, match="không hiểu dòng"):
        Occasions(EVENTS, path=path)


def test_a_missing_list_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(EventsError, match="Không đọc được"):
        Occasions(EVENTS, path=tmp_path / "không.txt")


def test_the_names_of_another_catalogue_are_left_alone() -> None:
    shipped = catalogue.load()
    birth = shipped.procedures["1.001193"]
    named = birth.model_copy(update={"names": (*birth.names, "sinh con")})
    knowing = READ.knowing(shipped.amended({birth.code: named}))
    assert (READ.read("sinh con"), knowing.read("sinh con"), knowing.read("vợ tôi sinh con")) == (
        "sinh-con",
        None,
        "sinh-con",
    )
    assert knowing.knowing(shipped).read("sinh con") == "sinh-con"
