"""What is wrong with a draft, at the field where it is to be put right, in words without names of the file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.office.faults import Spot, spots
from bot.office.standing import plain
from knowledge.catalogue import Catalogue
from tests.bot.dialogue.records import BIRTH, MARRIAGE, RECORDS

TODAY = date(2026, 11, 22)
CATALOGUE = Catalogue.of(RECORDS)


def found(**changed: Any) -> list[Spot]:
    tree = {**(plain(BIRTH) or {}), **changed}
    return spots({key: value for key, value in tree.items() if value is not None}, BIRTH, CATALOGUE, TODAY)


def test_a_sound_record_has_nothing_wrong() -> None:
    assert found() == []


def test_a_missing_name_is_told_at_its_field() -> None:
    (spot,) = found(name=None)
    assert (spot.id, spot.section, spot.label, spot.words, spot.stops) == (
        "name",
        "chung",
        "Tên thủ tục",
        "còn thiếu",
        True,
    )


def test_a_number_in_words_is_told_at_the_paper() -> None:
    (spot,) = found(documents=[{"name": "Đơn", "originals": "hai"}])
    assert (spot.id, spot.section, spot.words) == ("documents-0-originals", "giay-to", "cần là số nguyên")


def test_an_empty_step_is_told_once() -> None:
    (spot,) = found(steps=["Nộp", {}])
    assert spot.id == "steps-1-text"


def test_a_condition_on_no_question_stops_and_names_the_paper() -> None:
    spot = found(documents=[{"name": "Đơn"}, {"name": "Ủy quyền", "condition": "đi thay", "when": {"who": ["other"]}}])[
        0
    ]
    assert (spot.path, spot.stops) == (("documents", 1), True)


def test_questions_are_called_by_their_words() -> None:
    question = {
        "id": "who",
        "text": "Ai đi nộp?",
        "choices": [{"id": "me", "text": "Tôi"}, {"id": "kin", "text": "Nhà"}],
    }
    told = found(questions=[question])
    assert [spot.path for spot in told] == [("questions", 0)] * len(told)
    assert all("Ai đi nộp?" in spot.words and "who" not in spot.words for spot in told)


def test_what_was_wrong_before_stops_nobody() -> None:
    thin = BIRTH.model_copy(update={"documents": ()})
    told = spots(plain(thin) or {}, thin, CATALOGUE, TODAY)
    assert [(spot.path, spot.stops) for spot in told] == [(("documents",), False)]


def test_a_successor_must_be_there_and_a_name_must_be_free() -> None:
    (heir,) = found(abolished_on="2026-12-01", successor="9.999999")
    assert (heir.id, heir.stops) == ("successor", True)
    (name,) = found(names=["làm giấy khai sinh", MARRIAGE.names[0].upper()])
    assert name.id == "names"
    assert MARRIAGE.code in name.words


def test_nobody_read_a_source_tomorrow() -> None:
    source = {"name": "Cổng", "read_on": "2027-01-01", "verified": False}
    (spot,) = found(source=source)
    assert (spot.id, spot.section) == ("source-read_on", "can-cu")


@pytest.mark.parametrize(
    ("changed", "place", "page"),
    [
        (
            {"source": {"name": "Cổng", "read_on": "2026-01-01", "verified": False, "url": "cong.vn"}},
            "source-url",
            "can-cu",
        ),
        ({"documents": [{"name": "A"}, {"name": "B", "form_url": "b.doc"}]}, "documents-1-form_url", "giay-to"),
        ({"summary": "giấy\u200bmới"}, "summary", "chung"),
        ({"names": ["khai\u200bsinh"]}, "names", "chung"),
        ({"steps": ["Nộp tại Ủy ban nhân dân huyện Ba Vì"]}, "steps-0-text", "cac-buoc"),
        ({"warnings": ["Hỏng \ufffd"]}, "warnings-0", "can-cu"),
        ({"in_force_since": "2026-05-01", "abolished_on": "2026-01-01"}, "abolished_on", "can-cu"),
        (
            {"local_rules": [{"province": "01", "basis": "NQ 1", "read_on": "2026-01-01", "verified": True}]},
            "local_rules-0",
            "can-cu",
        ),
    ],
)
def test_what_looks_odd_is_told_at_the_field_it_stands_in(changed: dict[str, Any], place: str, page: str) -> None:
    assert [(spot.id, spot.section) for spot in found(**changed) if spot not in found()] == [(place, page)]


def test_a_sum_nobody_knows_is_called_so() -> None:
    question = {
        "id": "late",
        "text": "Đã quá hạn chưa?",
        "choices": [{"id": "y", "text": "Rồi"}, {"id": "n", "text": "Chưa"}],
    }
    money = [
        {"kind": "fee", "amount": None, "when": {"late": ["y"]}},
        {"kind": "fee", "amount": 0, "when": {"late": ["n"]}},
    ]
    told = [spot.words for spot in found(questions=[question], channels=[{"kind": "online", "money": money}])]
    assert any("chưa ghi số" in words for words in told)
    assert not any("None" in words for words in told)


def test_nothing_is_told_twice() -> None:
    question = {"id": "idle", "text": "Hỏi thừa?", "choices": [{"id": "y", "text": "Có"}, {"id": "n", "text": "Không"}]}
    told = found(questions=[*(plain(BIRTH) or {}).get("questions", []), question])
    assert len(told) == len(set(told))
