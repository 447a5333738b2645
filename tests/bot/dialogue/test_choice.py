from __future__ import annotations

from bot.dialogue import choice
from bot.dialogue.action import Verb
from tests.bot.dialogue.records import BIRTH, BIRTH_FOREIGN, LAND, LICENCE, MARRIAGE


def test_variants_are_named_by_what_sets_them_apart() -> None:
    body, rows = choice.listed((BIRTH, BIRTH_FOREIGN), Verb.PICK)
    assert [row[0].label for row in rows] == [f"1. {choice.PLAIN_CASE}", "2. Có bố hoặc mẹ là người nước ngoài"]
    assert [row[0].action for row in rows] == ["pick:1.001193", "pick:2.000528"]
    assert body == ""


def test_long_names_are_called_what_people_call_them_with_the_official_name_above() -> None:
    body, rows = choice.listed((LICENCE, LAND))
    assert body.startswith("1. Đổi giấy phép lái xe\n2. <b>Làm sổ đỏ lần đầu</b>: <i>Đăng ký, cấp Giấy chứng nhận")
    assert rows[1][0].label == "2. Làm sổ đỏ lần đầu"
    assert all(len(row[0].label) <= choice.LABEL + 3 for row in rows)


def test_equal_names_are_told_apart_by_code() -> None:
    twin = LICENCE.model_copy(update={"code": "1.999999"})
    assert len(set(choice.labels((LICENCE, twin)))) == 2


def test_labels_stand_where_the_names_people_use_do_not_tell_the_choices_apart() -> None:
    one, two = (LAND.model_copy(update={"code": f"1.01000{n}", "names": ()}) for n in (1, 2))
    names = choice.called((one, two), ("cấp lần đầu", "cấp đổi"))
    body, rows = choice.listed((one, two), Verb.PICK, names=names)
    assert [row[0].label for row in rows] == ["1. Cấp lần đầu", "2. Cấp đổi"]
    assert body.startswith("1. <b>Cấp lần đầu</b>: <i>Đăng ký, cấp Giấy chứng nhận")


def test_labels_give_way_to_names_people_use_to_variants_and_to_sense() -> None:
    assert choice.called((LICENCE, MARRIAGE), ("đổi bằng", "kết hôn")) == ()
    assert choice.called((BIRTH, BIRTH_FOREIGN), ("trong nước", "nước ngoài")) == ()
    twins = tuple(LAND.model_copy(update={"code": f"1.01000{n}"}) for n in (1, 2))
    assert choice.called(twins, ("lại lần đầu", LAND.name)) == ("Làm sổ đỏ lần đầu",) * 2
    assert choice.called(twins, ("một nhãn thôi",)) == ()
