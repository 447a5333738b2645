"""Two versions of a record: what differs, in words, and how two people's changes are joined."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.procedure import Money, MoneyKind, Procedure, RequiredDocument, Step
from knowledge.revision import diff, merge, sentences
from tests.knowledge.cases import library_card, paper
from tests.knowledge.records import record
from tests.knowledge.strategies import procedures, revised

many = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def with_papers(*papers: RequiredDocument, **facts: Any) -> Procedure:
    return record(documents=papers, **facts)


def test_a_change_of_one_sum_is_one_sentence() -> None:
    old = record()
    channel = old.channels[0].model_copy(update={"money": (Money(kind=MoneyKind.FEE, amount=12000),)})
    (change,) = diff(old, old.model_copy(update={"channels": (channel,)}))
    assert str(change) == "Cách nộp “Trực tiếp” › Tiền 1 › Số tiền (đồng): “8.000” → “12.000”"
    assert change.path == ("channels", "in_person", "money", "1", "amount")


def test_papers_are_told_apart_by_name() -> None:
    changes = diff(with_papers(paper("A"), paper("B")), with_papers(paper("B", "đi thay"), paper("C")))
    assert sentences(changes) == [
        "Giấy tờ: bỏ “A, bản chính 1, nộp hay xuất trình Nộp”",
        "Giấy tờ “B” › Khi nào (bằng lời): thêm “đi thay”",
        "Giấy tờ: thêm “C, bản chính 1, nộp hay xuất trình Nộp”",
    ]


def test_another_order_is_a_change() -> None:
    (change,) = diff(with_papers(paper("A"), paper("B")), with_papers(paper("B"), paper("A")))
    assert str(change) == "Giấy tờ › thứ tự: “A; B” → “B; A”"


def test_steps_are_compared_place_by_place() -> None:
    old, new = record(steps=("Nộp", "Chờ", "Nhận")), record(steps=("Nộp", "Trả tiền", "Chờ", "Nhận kết quả"))
    assert sentences(diff(old, new)) == ["Các bước 2: thêm “Trả tiền”", "Các bước 3: “Nhận” → “Nhận kết quả”"]
    (change,) = diff(record(steps=(Step(text="A", when={"who": ("x",)}),)), record(steps=(Step(text="A", when={}),)))
    assert str(change) == "Các bước 1 › Tùy câu trả lời: bỏ “who = x”"


def test_a_whole_record_added_or_gone_is_one_change() -> None:
    assert str(diff(None, record())[0]) == "Thủ tục: thêm “1.000001 Cấp thẻ bạn đọc”"
    assert str(diff(record(), None)[0]) == "Thủ tục: bỏ “1.000001 Cấp thẻ bạn đọc”"
    assert diff(None, None) == ()


def test_long_texts_are_cut_in_lists() -> None:
    (said,) = sentences(diff(record(summary=None), record(summary="x" * 500)), 20)
    assert said == f"Tóm tắt: thêm “{'x' * 19}…”"


def test_edits_of_different_papers_are_joined() -> None:
    base = with_papers(paper("A"), paper("B"))
    mine = with_papers(paper("A", "của tôi"), paper("B"), paper("Của tôi"))
    theirs = with_papers(paper("Của họ"), paper("A"), paper("B", "của họ"), agency="Xã")
    merged, conflicts = merge(base, mine, theirs)
    assert not conflicts
    assert [(each.name, each.condition) for each in merged.documents] == [
        ("Của họ", None),
        ("A", "của tôi"),
        ("B", "của họ"),
        ("Của tôi", None),
    ]
    assert merged.agency == "Xã"


def test_two_answers_to_one_field_are_a_conflict() -> None:
    base, mine, theirs = record(agency="A"), record(agency="B"), record(agency="C")
    merged, (conflict,) = merge(base, mine, theirs)
    assert merged.agency == "B"
    assert str(conflict) == "Cơ quan thực hiện: anh/chị ghi “B”, người khác ghi “C” (trước đó: “A”)"


def test_a_paper_renamed_twice_does_not_become_two() -> None:
    merged, (conflict,) = merge(with_papers(paper("A")), with_papers(paper("B")), with_papers(paper("C")))
    assert [each.name for each in merged.documents] == ["B"]
    assert conflict.path == ("documents",)


def test_a_paper_that_one_removes_and_another_changes_is_a_conflict() -> None:
    base, theirs = with_papers(paper("A"), paper("B")), with_papers(paper("A"), paper("B", "đi thay"))
    merged, (conflict,) = merge(base, with_papers(paper("A")), theirs)
    assert [each.name for each in merged.documents] == ["A"]
    assert conflict.path == ("documents", "B")


def test_names_of_both_are_kept() -> None:
    merged, conflicts = merge(record(names=("a",)), record(names=("a", "b")), record(names=("c", "a")))
    assert (merged.names, conflicts) == (("c", "a", "b"), ())


def test_what_would_not_be_valid_is_a_conflict() -> None:
    base = library_card()
    first = base.questions[0]
    other = first.choices[0].model_copy(update={"id": "other", "text": "Khác"})
    base = base.model_copy(update={"questions": (first.model_copy(update={"choices": (*first.choices, other)}),)})

    def without(name: str) -> Procedure:
        question = base.questions[0]
        left = tuple(choice for choice in question.choices if choice.id != name)
        return base.model_copy(update={"questions": (question.model_copy(update={"choices": left}),)})

    merged, (conflict,) = merge(base, without("late"), without("other"))
    assert merged.questions == without("late").questions
    assert conflict.path == ("questions",)


@many
@given(st.data())
def test_nothing_differs_only_between_equals(data: st.DataObject) -> None:
    old = data.draw(procedures())
    new = data.draw(st.just(old) | revised(old))
    assert bool(diff(old, new)) == (old != new)
    assert diff(old, old) == ()


@many
@given(st.data())
def test_one_side_alone_wins(data: st.DataObject) -> None:
    base = data.draw(procedures())
    changed = data.draw(revised(base))
    assert merge(base, changed, base) == (changed, ())
    assert merge(base, base, changed) == (changed, ())
    assert merge(base, changed, changed) == (changed, ())


@many
@given(st.data())
def test_conflicts_stand_where_both_changed_one_field_differently(data: st.DataObject) -> None:
    base = data.draw(procedures())
    mine, theirs = data.draw(revised(base)), data.draw(revised(base))
    merged, conflicts = merge(base, mine, theirs)
    collided = {conflict.path[0] for conflict in conflicts}
    for field in Procedure.model_fields:
        was, ours, other, now = (getattr(each, field) for each in (base, mine, theirs, merged))
        if field in collided:
            assert was != ours != other != was
        elif ours == was:
            assert now == other
        elif other in (was, ours):
            assert now == ours


def test_the_other_answer_is_taken_where_it_is_yielded_to() -> None:
    base, mine, theirs = (record(agency=agency) for agency in "ABC")
    merged, (conflict,) = merge(base, mine, theirs, [("agency",)])
    assert merged == theirs
    assert conflict.path == ("agency",)
