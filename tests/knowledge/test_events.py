"""The life events that ship, and what a file of events may not say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from knowledge import catalogue
from knowledge.bundle import combine
from knowledge.errors import EventsError
from knowledge.events import Event, Events, Stage, Step, available, faults, load_events, needed

SHIPPED = load_events()
CATALOGUE = catalogue.load()
ASKED_FOR = {
    "Sinh con", "Kết hôn", "Có người mất", "Mua bán nhà đất", "Mở quán, cửa hàng", "Chuyển nơi ở",
    "Đi làm, học, định cư nước ngoài", "Về hưu", "Mất giấy tờ",
}  # fmt: skip


def event(*steps: Step, name: str = "thu", phrases: tuple[str, ...] = ("thử",)) -> Event:
    return Event(id=name, name="Thử", phrases=phrases, first="thử.", stages=(Stage(title="Một", steps=steps),))


def test_what_ships_is_sound() -> None:
    assert list(faults(SHIPPED, CATALOGUE)) == []
    assert {each.name for each in SHIPPED.all} >= ASKED_FOR


def test_every_event_names_only_procedures_in_force_with_papers() -> None:
    for each in SHIPPED.all:
        steps = available(each, CATALOGUE)
        assert len(steps) == len(each.steps())
        assert combine([record for _, record in needed(steps, every_case=True)], SHIPPED.same_papers)


def test_the_joined_procedures_stand_first_and_their_separate_ways_do_not_count() -> None:
    birth = SHIPPED.get("sinh-con")
    assert birth is not None
    assert birth.steps()[0].covers == ("1.001193", "1.004222", "1.001939", "1.116410")
    steps = available(birth, CATALOGUE)
    assert [record.code for _, record in needed(steps, every_case=False)] == ["3.000722"]
    assert [record.code for _, record in needed(steps, every_case=True)][:2] == ["3.000722", "2.000693"]


def test_without_the_joined_procedure_the_separate_ways_count() -> None:
    birth = SHIPPED.get("sinh-con")
    assert birth is not None
    rest = catalogue.Catalogue.of(record for record in CATALOGUE if record.code != "3.000722")
    steps = needed(available(birth, rest), every_case=False)
    assert [(number, record.code) for number, record in steps][:2] == [(1, "1.001193"), (2, "1.004222")]


def test_when_all_is_for_some_people_only_all_of_it_counts() -> None:
    only = event(Step(code="1.001193", name="A", sometimes=True))
    assert len(needed(available(only, CATALOGUE), every_case=False)) == 1


def test_a_procedure_knows_its_events_the_one_it_begins_first() -> None:
    assert SHIPPED.holding("1.001193")[0].id == "sinh-con"
    assert SHIPPED.holding("1.004222")[0].id == "chuyen-noi-o"
    assert SHIPPED.holding("9.999999") == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (event(Step(code="9.999999", name="Không có")), "không có thủ tục 9.999999"),
        (event(Step(code="2.000986", name="Đã bỏ")), "thủ tục 2.000986 đã bị bãi bỏ"),
        (event(Step(code="1.001193", name="A", covers=("9.999999",))), "không có thủ tục 9.999999"),
        (event(Step(code="1.001193", name="A", instead_of="1.000894")), "thay cho 1.000894"),
        (event(Step(code="1.001193", name="A"), Step(code="1.001193", name="B")), "ghi hai lần"),
        (event(*(Step(code=record.code, name="A") for record in list(CATALOGUE)[:10])), "có 10 việc"),
    ],
)
def test_faults_are_named(wrong: Event, said: str) -> None:
    assert any(said in fault for fault in faults(Events((wrong,)), CATALOGUE))


def test_two_events_may_not_share_an_id_or_a_phrase() -> None:
    one = event(Step(code="1.001193", name="A"))
    other = event(Step(code="1.001193", name="A"), name="khac", phrases=("Thử",))
    assert any("“thu” đã có" in fault for fault in faults(Events((one, other)), CATALOGUE))
    assert any("“#thu”" in fault for fault in faults(Events((one, one)), CATALOGUE))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "json"),
        ({"events": [{"id": "X"}]}, "events.0.id"),
        ({"events": [], "thừa": 1}, "thừa: không có mục"),
        ({"events": [{"id": "thu", "name": 3}]}, "mục events.0.name: cần là chữ"),
        ('{"events": [], "events": []}', "mục events: ghi hai lần"),
        ('{"events": [],\n 5}', "không phải JSON hợp lệ: dòng 2"),
    ],
)
def test_a_malformed_file_is_refused_in_words(tmp_path: Path, content: Any, said: str) -> None:
    path = tmp_path / "events.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    with pytest.raises(EventsError, match=said):
        load_events(path)


def test_a_missing_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(EventsError, match=r"Không đọc được khong\.json"):
        load_events(tmp_path / "khong.json")
