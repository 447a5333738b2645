from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from knowledge.errors import PlacesError
from knowledge.places.gazetteer import FOLDER, bare, load_gazetteer


def test_all_of_vietnam_is_there() -> None:
    known = load_gazetteer()
    assert (len(known.provinces), len(known.communes), len(known.former_provinces)) == (34, 3321, 63)
    assert {each.province.code for each in known.communes.values()} == set(known.provinces)
    assert len({each.full for each in known.communes.values()}) == 3321
    reached = {commune.code for former in known.former for commune in former.communes}
    reached |= {commune.code for district in known.districts for commune in district.communes}
    assert reached == set(known.communes)


def test_names_and_provinces_agree_with_the_package() -> None:
    """The package is a second source; codes it took from a draft differ for some."""
    package = pytest.importorskip("vietnam_provinces")
    plain = str.maketrans({"’": "'", "–": "-"})
    theirs = {(int(ward.province_code), _form(ward.name.translate(plain))) for ward in package.Ward.iter_all()}
    known = load_gazetteer()
    assert {(int(each.province.code), _form(each.name)) for each in known.communes.values()} == theirs
    assert {int(province.code) for province in package.Province.iter_all()} == {int(code) for code in known.provinces}


def _form(name: str) -> str:
    from knowledge.vietnamese import normalise

    return normalise(name).lower()


def test_bare_names() -> None:
    assert [bare(name) for name in ("Phường Yên Nghĩa", "Thị xã Sơn Tây", "Quan Sơn")] == [
        "Yên Nghĩa",
        "Sơn Tây",
        "Quan Sơn",
    ]


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("communes.tsv", "99999\tXã A\t99\t1\t2", "99999"),
        ("communes.tsv", "99999\tXã A\t01\tx\t2", "99999"),
        ("communes.tsv", "99999\tXã A", "dòng 3323"),
        ("former.tsv", "Xã A\t99999", "Xã A"),
        ("provinces.tsv", "99", "provinces.tsv, dòng 36"),
    ],
)
def test_malformed_line_is_named(tmp_path: Path, file: str, line: str, said: str) -> None:
    folder = copytree(FOLDER, tmp_path / "data")
    with (folder / file).open("a", encoding="utf-8") as lines:
        lines.write(f"{line}\n")
    with pytest.raises(PlacesError, match=said):
        load_gazetteer(folder)


def test_missing_list_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(PlacesError, match=r"Không đọc được provinces\.tsv"):
        load_gazetteer(tmp_path)
