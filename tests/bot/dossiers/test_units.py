import re

import pytest
from vietnam_provinces import Province

from bot.dossiers import units

_KIND = re.compile(r"^(?:[Tt]ỉnh|[Tt]hành phố) ")


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("H48", "tỉnh Quảng Ngãi"),
        ("000.00.53.H48", "tỉnh Quảng Ngãi"),
        ("H26.149", "thành phố Hà Nội"),
        ("000.00.00.H22", "tỉnh Hà Giang cũ, nay thuộc tỉnh Tuyên Quang"),
        ("G01.899", "Bộ Công an"),
        ("H64", None),
        ("", None),
    ],
)
def test_name_of_a_unit(unit: str, name: str | None) -> None:
    assert units.name(unit) == name


def test_every_province_has_a_code_and_belongs_to_one_of_today() -> None:
    assert [code for code in units.known() if code.startswith("H")] == [f"H{number:02}" for number in range(1, 64)]
    today = {re.sub(_KIND, "", province.name) for province in Province.iter_all()}
    named = [units.name(code) or "" for code in units.known() if code.startswith("H")]
    assert {re.sub(_KIND, "", name.split("nay thuộc ")[-1]) for name in named} == today


@pytest.mark.parametrize(
    ("unit", "name"),
    [("000.00.00.H22", "tỉnh Tuyên Quang"), ("H26.149", "thành phố Hà Nội"), ("G05", "Bộ Tài chính"), ("H64", None)],
)
def test_what_a_unit_belongs_to_today(unit: str, name: str | None) -> None:
    assert units.today(unit) == name
