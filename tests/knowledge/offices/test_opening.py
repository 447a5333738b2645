from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import OfficesError
from knowledge.offices import open_directory
from tests.knowledge.offices.test_workbook import GOOD, book, finder


def test_without_a_workbook_samples_serve() -> None:
    directory = open_directory(None, finder())
    assert len(directory)
    assert directory.nearest(21.0, 105.8) == ()


def test_workbook_serves_alone(tmp_path: Path) -> None:
    directory = open_directory(book(tmp_path / "a.xlsx", GOOD), finder())
    assert len(directory) == 1
    assert directory.nearest(21.0, 105.8)[0][1].name == GOOD["name"]


def test_faults_are_told_in_one_line_with_what_to_run(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", GOOD | {"kind": "x", "phone": "y"}, GOOD | {"name": None})
    with pytest.raises(OfficesError) as caught:
        open_directory(path, finder())
    assert str(caught.value).startswith("OFFICES: ô ")
    assert str(caught.value).endswith("(và 2 lỗi khác, xem: python -m knowledge offices check a.xlsx)")
    with pytest.raises(OfficesError, match=r"^OFFICES: b\.xlsx: không có tệp này$"):
        open_directory(tmp_path / "b.xlsx", finder())
