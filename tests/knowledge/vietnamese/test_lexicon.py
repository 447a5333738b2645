"""The word lists can be extended by hand: what is wrong in them is said with file and line, and what ships is sound."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from knowledge.errors import LexiconError
from knowledge.matching import Facet
from knowledge.vietnamese import fold, normalise
from knowledge.vietnamese.lexicon import FOLDER, load_lexicon

LEXICON = load_lexicon()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped word lists to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "lexicon"))


def test_words_are_read_in_whatever_form_they_were_saved(folder: Path) -> None:
    (folder / "abbreviations.txt").write_text("# note\n\nTKT = tờ khai thuế | thẻ kế toán\n", encoding="utf-8")
    (folder / "teencode.txt").write_text("hoa\u0300 = hòa\n", encoding="utf-8")
    (folder / "synonyms.txt").write_text("Bìa Đỏ = giấy chứng nhận\n", encoding="utf-8")
    found = load_lexicon(folder)
    assert found.abbreviations == {"tkt": (("tờ", "khai", "thuế"), ("thẻ", "kế", "toán"))}
    assert found.teencode == {"hoà": ("hoà",)}
    assert found.synonyms == {("bia", "do"): (("bìa", "đỏ"), ("giấy", "chứng", "nhận"))}


def test_two_empty_words_that_look_alike_without_marks_are_both_kept(folder: Path) -> None:
    (folder / "filler.txt").write_text("ạ\nà\n", encoding="utf-8")
    assert load_lexicon(folder).filler == {("a",): frozenset({("ạ",), ("à",)})}


@pytest.mark.parametrize("line", ["cccd", "cccd =", "= căn cước", "=", "cccd căn cước"])
@pytest.mark.parametrize("name", ["abbreviations.txt", "teencode.txt", "synonyms.txt"])
def test_a_line_without_two_sides_is_named(folder: Path, name: str, line: str) -> None:
    (folder / name).write_text(f"# first\na = b\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=f"{name}, dòng 3"):
        load_lexicon(folder)


@pytest.mark.parametrize("name", ["abbreviations.txt", "teencode.txt", "synonyms.txt", "filler.txt", "facets.txt"])
def test_a_missing_or_unreadable_list_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\xff\xfe\x00broken")
    with pytest.raises(LexiconError, match=name):
        load_lexicon(folder)
    (folder / name).unlink()
    with pytest.raises(LexiconError, match=name):
        load_lexicon(folder)


@pytest.mark.parametrize("name", ["abbreviations.txt", "teencode.txt", "synonyms.txt", "filler.txt", "facets.txt"])
def test_shipped_lists_say_nothing_twice(name: str) -> None:
    """A second line for one key would silently put the first out of force."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    keys = [line.split(":" if name == "facets.txt" else "=") for line in lines if line and not line.startswith("#")]
    said = Counter(normalise(parts[-1] if name == "facets.txt" else parts[0]).lower() for parts in keys)
    assert [key for key, times in said.items() if times > 1] == []


def test_shipped_abbreviations_and_chat_spellings_are_single_words_of_one_list() -> None:
    short = [*LEXICON.abbreviations, *LEXICON.teencode]
    assert [key for key in short if not key.isalnum()] == []
    assert LEXICON.abbreviations.keys() & LEXICON.teencode.keys() == set()
    assert all(long for longs in LEXICON.abbreviations.values() for long in longs)


def test_shipped_facets_are_known_to_the_program() -> None:
    facets = {facet for _, facet in LEXICON.facets.values()}
    assert facets <= set(Facet)
    assert facets >= set(Facet) - {Facet.LEGAL}


def test_nothing_that_tells_the_need_counts_as_empty() -> None:
    telling = {*LEXICON.synonyms, *((fold(word),) for word in LEXICON.abbreviations)}
    common = telling & LEXICON.filler.keys()
    assert all(len(phrase) == 1 for phrase in common), "a phrase cannot be both empty and a name for something"
    written = {ways for key in common for ways in LEXICON.filler[key]}
    assert written.isdisjoint(said for said, _ in LEXICON.synonyms.values())
