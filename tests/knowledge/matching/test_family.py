"""Variants, twins and what tells them apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalogue import Catalogue
from knowledge.errors import LexiconError
from knowledge.matching.family import Modifiers, load_modifiers, tell_apart, title_words, twin_key
from knowledge.vietnamese import fold
from knowledge.vietnamese.lexicon import FOLDER
from knowledge.vietnamese.tokens import folded_words
from tests.knowledge.texts import vietnamese

WAYS = Modifiers([("đăng ký lại", "lại", "mất sổ"), ("nước ngoài", "việt kiều"), ("lưu động",)])


def asked(text: str) -> list[bool]:
    """Which modifiers a question asks for."""
    return [bool(found) for found in WAYS.asked(text.split(), fold(text).split())]


def test_titles_show_their_modifiers() -> None:
    found = WAYS.of_titles(["Đăng ký lại khai sinh", "Khai sinh có yếu tố nước ngoài", "Khai sinh", "Lưu động hoá"])
    assert found.tolist() == [
        [True, False, False],
        [False, True, False],
        [False, False, False],
        [False, False, True],
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("làm lại giấy khai sinh", [True, False, False]),
        ("thi bằng lái xe", [False, False, False]),
        ("em mặt số rồi", [False, False, False]),
        ("lam lai giay khai sinh", [True, False, False]),
        ("em mat so roi", [True, False, False]),
        ("chong viet kieu muon dang ky lai", [True, True, False]),
        ("lam khai sinh", [False, False, False]),
        ("lain khai", [False, False, False]),
        ("", [False, False, False]),
    ],
)
def test_questions_ask_for_modifiers(said: str, expected: list[bool]) -> None:
    assert asked(said) == expected


def test_marks_tell_modifiers_of_titles_apart() -> None:
    other = Modifiers([("đổi",)])
    assert other.of_titles(["Cấp đổi thẻ", "Chính sách đối với đội viên"]).tolist() == [[True], [False]]


@given(vietnamese)
def test_without_marks_nothing_less_is_asked_for(text: str) -> None:
    bare = WAYS.asked(fold(text).split(), fold(text).split()).tolist()
    assert all(either or not marked for marked, either in zip(asked(text), bare, strict=True))


def test_siblings_have_one_stem_and_others_another() -> None:
    titles = (
        "Thủ tục đăng ký khai sinh",
        "Đăng ký lại khai sinh có yếu tố nước ngoài",
        "Đăng ký khai sinh lưu động tại khu vực",
        "Đăng ký khai tử",
        "Thủ tục đăng ký lại",
    )
    base, again, mobile, other, nothing = WAYS.stems(titles).tolist()
    assert base == again == mobile != other
    assert nothing == 0 not in (base, other)
    assert WAYS.stems(titles[::-1]).tolist()[0] == 0


def test_no_titles_and_no_modifiers() -> None:
    assert WAYS.of_titles([]).shape == (0, 3)
    assert Modifiers([]).of_titles(["Khai sinh"]).shape == (1, 0)
    assert Modifiers([]).asked(["khai"], ["khai"]).shape == (0,)
    assert WAYS.stems([]).shape == (0,)


def test_modifier_file(tmp_path: Path) -> None:
    path = tmp_path / "modifiers.txt"
    path.write_text("# note\n\nĐăng ký lại = lại | mất sổ\nlưu động\n", encoding="utf-8")
    found = load_modifiers(path)
    assert found.asked(["mất", "sổ"], ["mat", "so"]).tolist() == [True, False]
    assert found.of_titles(["Khai tử lưu động"]).tolist() == [[False, True]]
    with pytest.raises(LexiconError, match=r"modifiers\.txt"):
        load_modifiers(tmp_path / "none" / "modifiers.txt")


def test_every_shipped_modifier_can_be_asked_for() -> None:
    """A way longer than the longest run of words looked at would never be heard."""
    modifiers = load_modifiers()
    lines = (FOLDER / "modifiers.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        phrase, _, ways = fold(line).partition("=")
        if phrase.strip() and not line.startswith("#"):
            for way in (phrase, *ways.split("|")):
                assert not way.strip() or modifiers.asked(way.split(), way.split()).any(), way


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thủ tục đăng ký khai sinh", "Đăng ký khai sinh"),
        ("Trình báo mất hộ chiếu phổ thông (thực hiện tại cấp tỉnh)", "Trình báo mất hộ chiếu phổ thông (cấp xã)"),
        (
            "Xác nhận số định danh cá nhân (thực hiện tại cấp xã)",
            "Xác nhận số định danh cá nhân thực hiện tại cấp tỉnh",
        ),
        ("Hòa giải ở cơ sở", "Hoà giải ở cơ sở."),
        ("Hỗ trợ học phí (tỉnh Lào Cai)", "Hỗ trợ học phí trên địa bàn tỉnh Sơn La"),
    ],
)
def test_one_act_at_several_levels_is_one(one: str, other: str) -> None:
    assert twin_key(one) == twin_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đăng ký khai sinh", "Đăng ký khai tử"),
        ("Đăng ký khai sinh", "Đăng ký lại khai sinh"),
        ("Cấp giấy phép lái xe", "Cấp lại giấy phép lái xe"),
        ("Đăng ký kết hôn", "Đăng ký kết hôn có yếu tố nước ngoài"),
    ],
)
def test_different_acts_stay_apart(one: str, other: str) -> None:
    assert twin_key(one) != twin_key(other)


def test_no_two_shipped_variants_of_different_meaning_are_twins(shipped: Catalogue) -> None:
    for family, codes in shipped.families.items():
        keys: dict[str, list[str]] = {}
        for code in codes:
            keys.setdefault(twin_key(shipped.procedures[code].name), []).append(code)
        twins = [found for found in keys.values() if len(found) > 1]
        levels = [{"tinh", "xa"} & set(folded_words(shipped.procedures[c].name)) for twin in twins for c in twin]
        assert all(levels), f"{family}: {twins}"


def _told(*titles: str) -> tuple[str, ...] | None:
    return tell_apart([title_words(title) for title in titles])


@pytest.mark.parametrize(
    ("titles", "labels"),
    [
        (
            ("Thủ tục đăng ký kết hôn", "Thủ tục đăng ký kết hôn có yếu tố nước ngoài"),
            ("", "có yếu tố nước ngoài"),
        ),
        (
            ("Cấp hộ chiếu phổ thông cho trẻ em ở trong nước", "Cấp hộ chiếu phổ thông ở trong nước"),
            ("cho trẻ em", ""),
        ),
        (
            ("Cấp Giấy phép xây dựng mới (nhà ở riêng lẻ)", "Cấp giấy phép xây dựng mới (công trình)"),
            ("nhà ở riêng lẻ", "công trình"),
        ),
    ],
)
def test_what_tells_look_alikes_apart(titles: tuple[str, ...], labels: tuple[str, ...]) -> None:
    assert _told(*titles) == labels


@pytest.mark.parametrize(
    "titles",
    [
        (),
        ("Đăng ký khai sinh",),
        ("Đăng ký khai sinh", "Cấp giấy phép lái xe hạng A1"),
        ("", "Đăng ký khai sinh"),
        ("Tách hộ", "Tách thửa"),
        ("Đăng ký lại khai sinh cho trẻ em", "Đăng ký khai sinh cho trẻ em"),
        ("Thủ tục đăng ký khai tử", "Đăng ký khai tử", "Việc đăng ký khai tử"),
    ],
)
def test_what_is_not_alike_is_not_one_question(titles: tuple[str, ...]) -> None:
    assert _told(*titles) is None


@given(vietnamese, vietnamese, st.lists(vietnamese, min_size=2, max_size=4))
def test_labels_are_words_of_their_own_titles(start: str, end: str, middles: list[str]) -> None:
    titles = [f"{start} {middle} {end}" for middle in middles]
    labels = _told(*titles)
    if labels is not None:
        assert len(labels) == len(titles)
        assert all(label in title for label, title in zip(labels, titles, strict=True))
        assert len(set(labels)) == len(set(titles))
