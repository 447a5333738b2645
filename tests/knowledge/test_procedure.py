"""A record takes what is meant and refuses what would mislead a reader."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.procedure import Money, Procedure, RequiredDocument, TimeLimit
from tests.knowledge.cases import library_card
from tests.knowledge.records import record


@pytest.mark.parametrize("code", ["", "1.00119", "1.0011930", "10.001193", "1,001193", "A.001193", " 1.001193", None])
def test_a_code_has_one_shape(code: Any) -> None:
    with pytest.raises(ValidationError):
        record(code)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"name": "   "}, id="blank name"),
        pytest.param({"field": ""}, id="no field"),
        pytest.param({"prior": 1.01}, id="prior above 1"),
        pytest.param({"prior": -0.1}, id="prior below 0"),
        pytest.param({"prior": float("nan")}, id="prior not a number"),
        pytest.param({"levels": ("district",)}, id="a level that was abolished"),
        pytest.param({"successor": "mới"}, id="successor is no code"),
        pytest.param({"fee": 0}, id="unknown key"),
        pytest.param({"names": ("thẻ thư viện", "")}, id="blank everyday name"),
        pytest.param({"source": None}, id="no source"),
    ],
)
def test_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        record(**facts)


@pytest.mark.parametrize(
    ("part", "facts"),
    [
        (Money, {"kind": "fee", "amount": -1}),
        (Money, {"kind": "tax", "amount": 1}),
        (Money, {"kind": "fee"}),
        (TimeLimit, {"amount": -1, "unit": "day"}),
        (TimeLimit, {"amount": 5, "unit": "week"}),
        (RequiredDocument, {"name": "Tờ khai", "copies": -1}),
        (RequiredDocument, {"name": " "}),
    ],
)
def test_parts_refused(part: Any, facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        part(**facts)


def test_free_and_unknown_are_not_the_same() -> None:
    assert Money(kind="fee", amount=0) != Money(kind="fee", amount=None)


def test_a_record_cannot_be_changed() -> None:
    held = record()
    with pytest.raises(ValidationError):
        held.name = "Khác"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        held.channels[0].where = None  # type: ignore[misc]


def test_blanks_around_text_are_dropped() -> None:
    assert record(name="  Cấp thẻ bạn đọc\n").name == "Cấp thẻ bạn đọc"


def test_a_record_survives_json() -> None:
    held = record(names=("thẻ thư viện",), prior=0.5, family="the", variant="cấp lại", successor="1.000002")
    assert Procedure.model_validate_json(held.model_dump_json()) == held


def test_records_with_conditions_can_be_told_apart_in_sets() -> None:
    assert len({library_card(), library_card(), library_card(questions=())}) == 2
