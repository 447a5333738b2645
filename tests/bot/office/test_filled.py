"""What a form of a record sends, read as the record's JSON: nothing lost, lists changed as the buttons say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office.filled import act, packed, performed, read, shown, tidied, unpacked
from bot.office.forms import Form
from bot.office.sections import SECTIONS, Blank, Part, section
from bot.office.standing import plain
from knowledge.catalogue import load
from knowledge.procedure import Procedure
from tests.bot.dialogue.records import BIRTH

PAPERS = section("giay-to")


def form(**fields: str) -> Form:
    return Form(tuple((name.replace("__", "."), value) for name, value in fields.items()))


def sent(tree: dict[str, Any]) -> Form:
    """Return all pages of the form as a browser sends them for a record, in one."""
    fields: list[tuple[str, str]] = []
    for page in SECTIONS:
        for blank in page.blanks:
            _send(blank, blank.field, tree, fields)
        for part in page.parts:
            _send_list(part, part.name, tree.get(part.name) or [], fields)
    return Form(tuple(fields))


def _send(blank: Blank, name: str, entry: dict[str, Any], fields: list[tuple[str, str]]) -> None:
    value: Any = entry
    for step in blank.field.split("."):
        value = (value or {}).get(step)
    if blank.kind == "several":
        fields += [(name, each) for each in value or []]
    elif blank.kind == "when":
        fields += [(name, f"{key}={each}") for key, choices in (value or {}).items() for each in choices] + [(name, "")]
    elif blank.kind == "yes":
        fields += [(name, "true")] if value else []
    elif blank.kind == "lines":
        fields.append((name, "\n".join(value or [])))
    else:
        fields.append((name, "" if value is None else str(value)))


def _send_list(part: Part, at: str, items: list[Any], fields: list[tuple[str, str]]) -> None:
    if part.name == "names":
        fields.append(("names", "\n".join(items)))
        return
    for place, item in enumerate(items):
        if part.plain:
            fields.append((f"{at}.{place}", item))
            continue
        for blank in part.blanks:
            _send(blank, f"{at}.{place}.{blank.field}", item, fields)
        for inner in part.parts:
            _send_list(inner, f"{at}.{place}.{inner.name}", item.get(inner.name) or [], fields)


def back(record: Procedure) -> Procedure:
    """Return what comes of a record that goes through the whole form unchanged."""
    whole = sent(shown(plain(record) or {}))
    tree: dict[str, Any] = {"code": record.code}
    for page in SECTIONS:
        tree |= read(page, whole)
    return Procedure.model_validate_json(json.dumps(tidied(tree)))


@pytest.mark.parametrize("record", list(load()), ids=lambda record: str(record.code))
def test_every_shipped_record_comes_through_the_form_unchanged(record: Procedure) -> None:
    assert back(record) == record


def test_a_button_names_a_list_or_an_entry_and_nothing_else() -> None:
    assert act("drop documents.2") is not None
    assert act("add channels.0.money") is not None
    for odd in ("", "luu", "go giay-to", "drop ../x", "add documents.99999", "drop documents.1; x"):
        assert act(odd) is None


def test_entries_are_added_moved_and_dropped() -> None:
    tree = {"documents": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}

    def after(button: str) -> tuple[list[str], str]:
        wanted = act(button)
        assert wanted
        changed, where = performed(tree, wanted)
        return [each.get("name", "") for each in changed["documents"]], where

    assert after("up documents.2") == (["A", "C", "B"], "documents-1")
    assert after("down documents.0") == (["B", "A", "C"], "documents-1")
    assert after("drop documents.1") == (["A", "C"], "documents")
    assert after("add documents") == (["A", "B", "C", ""], "documents-3")
    assert after("up documents.0") == (["A", "B", "C"], "documents-0")
    assert after("drop documents.9") == (["A", "B", "C"], "")
    assert tree["documents"][0] == {"name": "A"}


def test_what_cannot_be_read_stays_as_typed() -> None:
    (paper,) = read(PAPERS, form(documents__0__name="Đơn", documents__0__originals="hai"))["documents"]
    assert paper["originals"] == "hai"


@pytest.mark.parametrize("said", ["0,5", "1.5", "12.50", "1.0000", "8 nghìn", "1/2", "-3", "đ"])
def test_a_number_with_a_fraction_never_loses_its_comma(said: str) -> None:
    (paper,) = read(PAPERS, form(documents__0__name="Đơn", documents__0__originals=said))["documents"]
    assert paper["originals"] == said


@pytest.mark.parametrize("said", ["1200000", "1.200.000", "1,200,000", "1 200 000đ", "1.200.000 đồng"])
def test_thousands_may_be_set_apart(said: str) -> None:
    (paper,) = read(PAPERS, form(documents__0__name="Đơn", documents__0__originals=said))["documents"]
    assert paper["originals"] == 1_200_000


@pytest.mark.parametrize("said", ["nan", "inf", "-Infinity", "1e999"])
def test_a_number_without_an_end_stays_as_typed_for_no_database_keeps_it(said: str) -> None:
    assert read(section("can-cu"), form(prior=said))["prior"] == said


def test_sums_and_days_are_read_as_people_write_them() -> None:
    ways = section("cach-nop")
    (way,) = read(ways, form(channels__0__kind="online", channels__0__money__0__amount="50.000 đ"))["channels"]
    assert way["money"][0]["amount"] == 50000
    assert read(section("can-cu"), form(in_force_since="2/9/2026"))["in_force_since"] == "2026-09-02"


def test_a_sum_left_empty_is_a_sum_nobody_knows() -> None:
    ways = section("cach-nop")
    filled = read(ways, form(channels__0__kind="online", channels__0__money__0__kind="fee"))
    assert tidied(filled)["channels"][0]["money"] == [{"kind": "fee", "amount": None}]


def test_empty_entries_go_when_kept_but_not_while_one_works_on_the_list() -> None:
    filled = read(PAPERS, form(documents__0__name="", documents__0__handling="hand_in", documents__1__name="Đơn"))
    assert [each["name"] for each in tidied(filled)["documents"]] == ["Đơn"]
    assert len(tidied(filled, blanks=True)["documents"]) == 2


def test_questions_and_answers_get_names_from_their_words() -> None:
    questions = [{"text": "Ai đi nộp?", "choices": [{"text": "Bố"}, {"text": "bố"}]}, {"text": "2 lần?"}]
    named = tidied({"questions": questions})["questions"]
    assert [each["id"] for each in named] == ["ai_di_nop", "q_2_lan"]
    assert [each["id"] for each in named[0]["choices"]] == ["bo", "bo_2"]


def test_a_step_for_everybody_is_plain_text() -> None:
    steps = [{"text": "Nộp"}, {"text": "Chờ", "when": {"a": ["b"]}}]
    assert tidied({"steps": steps})["steps"] == ["Nộp", {"text": "Chờ", "when": {"a": ["b"]}}]
    assert shown({"steps": ["Nộp"]})["steps"] == [{"text": "Nộp"}]


def test_hidden_trees_are_read_back_and_bombs_are_not() -> None:
    tree = plain(BIRTH) or {}
    assert unpacked(packed(tree)) == tree
    assert unpacked(packed({"a": "x" * 5_000_000})) is None


@given(st.text())
def test_any_text_in_the_place_of_a_tree_is_refused(text: str) -> None:
    assert unpacked(text) is None


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=20))
def test_any_form_is_read(fields: list[tuple[str, str]]) -> None:
    for page in SECTIONS:
        json.dumps(tidied(read(page, Form(tuple(fields)))))


@given(
    st.sampled_from(["add", "drop", "up", "down"]),
    st.lists(st.sampled_from(["documents", "channels", "money", "0", "1", "7", "x"]), min_size=1, max_size=4),
)
def test_no_button_breaks_a_record(name: str, path: list[str]) -> None:
    wanted = act(f"{name} {'.'.join(path)}")
    if wanted:
        performed(plain(BIRTH) or {}, wanted)
