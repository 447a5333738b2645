from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.status import Status
from bot.dossiers.wording import LEAST, read
from knowledge.vietnamese import fold

LINES = resources.files("bot.dossiers").joinpath("states.txt").read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize("line", LINES)
def test_every_phrase_is_read_as_its_own_status_with_and_without_marks(line: str) -> None:
    number, phrase = line.split(": ", 1)
    for text in (phrase, fold(phrase), phrase.upper(), f"Trạng thái: {phrase}."):
        seen = read(text)
        assert seen is not None
        assert (seen.status, seen.alone) == (Status(int(number)), True), text


@pytest.mark.parametrize("status", Status)
def test_the_national_names_are_read(status: Status) -> None:
    seen = read(status.official)
    assert seen is not None
    assert seen.status is status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("hồ sơ đang chờ bổ sung", Status.SUPPLEMENT),
        ("da xu li xong", Status.DONE),
        ("yeu cau bo xung giay to", Status.SUPPLEMENT),
        ("hồ sơ báo 'yêu cầu bổ sung giấy tờ' nghĩa là gì", Status.SUPPLEMENT),
        ("trên cổng ghi trạng thái 6 là sao", Status.PAYMENT),
        ("hồ sơ của tôi báo chưa thanh toán", Status.PAYMENT),
        ("đã tiếp nhận, đang xử lý", Status.PROCESSING),
        ("chưa được tiếp nhận", Status.REGISTERED),
        ("không được tiếp nhận", Status.REFUSED),
    ],
)
def test_what_people_paste(text: str, status: Status) -> None:
    seen = read(text)
    assert seen is not None
    assert (seen.status, seen.alone) == (status, True)


@pytest.mark.parametrize(
    "text",
    [
        "hồ sơ của tôi tới đâu rồi",
        "chưa có kết quả",
        "khi nào có kết quả",
        "bao giờ được trả kết quả",
        "đã xử lý xong hay chưa",
        "có kết quả chưa",
        "muốn rút hồ sơ thì làm sao",
        "lãnh đạo phê duyệt",
        "trạng thái 11",
        "chưa trả kết quả",
        "đã thực hiện nghĩa vụ tài chính",
        "yêu cầu bổ sung đã hoàn thành",
        "",
    ],
)
def test_no_status_is_said(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "tôi mới đăng ký kết hôn",
        "đăng ký khai sinh hồ sơ cần bổ sung giấy tờ gì",
        "nghĩa vụ tài chính về đất đai là gì",
        "làm căn cước đã nộp hồ sơ rồi bao lâu có",
    ],
)
def test_a_question_in_passing_is_not_a_pasted_status(text: str) -> None:
    seen = read(text)
    assert seen is None or not seen.alone


def test_more_strange_words_mean_less_confidence() -> None:
    plain, more = read("Đang xử lý"), read("Đang xử lý tại phòng chuyên môn Sở Tư pháp")
    assert plain is not None
    assert more is not None
    assert plain.confidence > more.confidence >= LEAST


@given(st.text() | st.lists(st.sampled_from([word for line in LINES for word in line.split()])).map(" ".join))
def test_no_text_raises(text: str) -> None:
    seen = read(text)
    assert seen is None or LEAST <= seen.confidence <= 1
