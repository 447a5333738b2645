"""One word for many: whose, where and what is left out of an event, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import EventsError
from knowledge.standins import StandIns
from knowledge.vietnamese.tokens import words

STANDS = StandIns()


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("mẹ chồng em mới mất", "người nhà em mới mất"),
        ("me chong mat", "người nhà mat"),
        ("chuyển nhà từ Hà Nội vào Sài Gòn", "chuyển nhà nơi khác"),
        ("sang Úc du học", "đi nước ngoài du học"),
        ("đi lao động bên Đài Loan", "đi lao động nước ngoài"),
        ("mở quán bán cháo lòng", "mở quán món ăn"),
        ("mở shop mỹ phẩm", "mở shop món hàng"),
        ("mất ví có căn cước, bằng lái và thẻ bhyt", "mất ví có giấy này giấy kia"),
        ("ông bà và bố mẹ", "người nhà"),
        ("mo quan an", "mo quan an"),
        ("di nuoc ngoai", "di nước ngoài"),
        ("đăng ký kết hôn", "đăng ký kết hôn"),
        ("", ""),
    ],
)
def test_many_are_said_by_one(said: str, plain: str) -> None:
    assert " ".join(STANDS.plain(words(said))) == plain


@given(st.text(max_size=80))
def test_what_is_plain_stays_so(text: str) -> None:
    once = STANDS.plain(words(text))
    assert STANDS.plain(once) == once


def test_a_phrase_speaks_of_a_term_only_as_a_whole() -> None:
    assert STANDS.speaks_of(("người", "nhà", "mất"))
    assert STANDS.speaks_of(("đi", "nước", "ngoài"))
    assert not STANDS.speaks_of(("người", "mất"))


@pytest.mark.parametrize("content", ["bố", "[người nhà]\nbố,,mẹ", "[]\nbố", "[: ở]\nquê"])
def test_a_malformed_list_is_refused_in_words(tmp_path: Path, content: str) -> None:
    path = tmp_path / "standins.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EventsError, match=r"standins\.txt, dòng \d: không hiểu dòng"):
        StandIns(path)


def test_a_missing_list_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(EventsError, match="Không đọc được"):
        StandIns(tmp_path / "không.txt")
