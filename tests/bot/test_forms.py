from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings
from bot.errors import SettingsError
from bot.forms import MOST_BYTES, SAMPLES, Forms

CODE = "1.001193"
PDF = b"%PDF-1.7 a form"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one form and one sample of it."""
    (tmp_path / "forms" / CODE / SAMPLES).mkdir(parents=True)
    (tmp_path / "forms" / CODE / "Tờ khai.pdf").write_bytes(PDF)
    (tmp_path / "forms" / CODE / SAMPLES / "Tờ khai.docx").write_bytes(b"PK\x03\x04 a sample")
    return tmp_path / "forms"


def names(folder: Path, code: str = CODE) -> list[tuple[str, bool]]:
    return [(form.name, form.sample) for form in Forms(folder).of(code)]


def test_forms_come_before_samples(folder: Path) -> None:
    assert names(folder) == [("Tờ khai.pdf", False), ("Tờ khai.docx", True)]
    blank, sample = Forms(folder).of(CODE)
    assert (blank.content_type, blank.read()) == ("application/pdf", PDF)
    assert sample.digest != blank.digest


def test_new_and_changed_files_are_found_at_once(folder: Path) -> None:
    forms = Forms(folder)
    (before, _) = forms.of(CODE)
    (folder / CODE / "Tờ khai.pdf").write_bytes(PDF + b", newer")
    (folder / CODE / "a.png").write_bytes(b"\x89PNG")
    assert [form.name for form in forms.of(CODE)] == ["Tờ khai.pdf", "a.png", "Tờ khai.docx"]
    found = forms.find(CODE, before.digest)
    assert found
    assert found.read() == PDF + b", newer"
    (folder / CODE / "Tờ khai.pdf").unlink()
    assert forms.find(CODE, before.digest) is None
    assert found.read() is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ"), ("trang.html", b"<html>"), ("giả.pdf", b"<html>"), ("rỗng.pdf", b""), ("không đuôi", PDF),
        ("xấu\nhàng.pdf", PDF), ("lớn.pdf", PDF + b"x" * MOST_BYTES), (".pdf", PDF),
    ],
)  # fmt: skip
def test_other_files_are_named_in_the_log_once(
    folder: Path, name: str, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / CODE / name).write_bytes(content)
    forms = Forms(folder)
    with caplog.at_level(logging.WARNING):
        assert len(forms.of(CODE)) == len(forms.of(CODE)) == 2
    (record,) = caplog.records
    assert record.getMessage().startswith("a form is left out: 1.001193/")


def test_links_and_what_lies_outside_are_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(PDF)
    (folder / CODE / "link.pdf").symlink_to(secret)
    (folder / "1.000894").symlink_to(tmp_path)
    (folder / "1.000001").mkdir()
    (folder / "1.000001" / SAMPLES).symlink_to(folder / CODE)
    (folder / "1.000002").symlink_to(folder / CODE)
    assert len(names(folder)) == 2
    for code in ("1.000894", "1.000001", "1.000002", "..", "1.001193/..", "", "/"):
        assert names(folder, code) == []
    (found, _) = Forms(folder).of(CODE)
    found.path.unlink()
    found.path.symlink_to(secret)
    assert found.read() is None, "it became a link after it was listed"


def test_folder_itself_may_be_a_link_or_missing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(folder)
    assert len(names(tmp_path / "elsewhere")) == 2
    assert names(tmp_path / "nowhere") == []
    assert Forms().of(CODE) == ()


def test_no_more_than_a_message_can_offer(folder: Path) -> None:
    for number in range(30):
        (folder / CODE / f"{number:02}.pdf").write_bytes(PDF)
    assert len(names(folder)) == 20


@given(st.text(), st.text())
def test_whatever_is_asked_for_only_what_is_there_is_found(code: str, digest: str) -> None:
    assert Forms(Path("/")).find(code, digest) is None


def test_setting_that_is_no_folder_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FORMS phải là một thư mục có thật"):
        settings.load(forms=tmp_path / "nowhere")
