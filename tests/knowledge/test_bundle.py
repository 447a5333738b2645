"""One list of papers: nothing lost, nothing twice, numbers that make sense."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import catalogue
from knowledge.bundle import Paper, combine
from knowledge.events import load_events
from knowledge.procedure import Handling, Procedure, RequiredDocument, Source

SHIPPED = [record for record in catalogue.load() if record.abolished_on is None]
SAME = load_events().same_papers
STRICT = (Handling.HAND_IN, Handling.SHOW, Handling.LOOKED_UP)


def record(code: str, *documents: RequiredDocument) -> Procedure:
    source = Source(name="Nguồn", read_on=date(2026, 11, 1), verified=True)
    return Procedure(code=code, name=f"Thủ tục {code}", field="Hộ tịch", documents=documents, source=source)


def only(papers: tuple[Paper, ...]) -> Paper:
    assert len(papers) == 1
    return papers[0]


def every_need_is_met(records: list[Procedure], papers: tuple[Paper, ...]) -> None:
    met = [(need.place, need.document) for paper in papers for need in paper.needs]
    wanted = [(place, document) for place, each in enumerate(records) for document in each.documents]
    assert sorted(met, key=repr) == sorted(wanted, key=repr)
    for paper in papers:
        for need in paper.needs:
            assert paper.originals >= need.document.originals
            assert paper.copies >= need.document.copies
            assert STRICT.index(paper.handling) <= STRICT.index(need.document.handling)
            assert need.document.form is None or paper.form == need.document.form


@given(st.lists(st.sampled_from(SHIPPED), max_size=6, unique_by=lambda each: each.code))
@settings(max_examples=150, deadline=None)
def test_nothing_a_shipped_procedure_needs_is_missing(records: list[Procedure]) -> None:
    papers = combine(records, SAME)
    every_need_is_met(records, papers)
    assert len(set(map(repr, papers))) == len(papers)


DOCUMENTS = st.builds(
    RequiredDocument,
    name=st.sampled_from(["Tờ khai", "Đơn (mẫu mới)", "Giấy chứng sinh", "giấy chứng sinh", "Ảnh 4x6", "()", "Đơn"]),
    form=st.sampled_from([None, "CT01", "CT02"]),
    originals=st.integers(0, 3),
    copies=st.integers(0, 3),
    handling=st.sampled_from(Handling),
    condition=st.sampled_from([None, "có người đi thay"]),
)


@given(st.lists(st.lists(DOCUMENTS, max_size=5), max_size=4))
def test_nothing_any_record_needs_is_missing(dossiers: list[list[RequiredDocument]]) -> None:
    records = [record(f"1.{n:06}", *documents) for n, documents in enumerate(dossiers)]
    every_need_is_met(records, combine(records))


def test_one_paper_under_several_names_stands_once() -> None:
    first = record("1.000001", RequiredDocument(name="Thẻ căn cước còn giá trị", originals=1, handling=Handling.SHOW))
    second = record("1.000002", RequiredDocument(name="Giấy tờ tùy thân", originals=1, handling=Handling.SHOW))
    paper = only(
        combine([first, second], [("Giấy tờ tùy thân (có ảnh)", "Giấy tờ tùy thân", "Thẻ căn cước còn giá trị")])
    )
    assert (paper.name, paper.originals) == ("Giấy tờ tùy thân (có ảnh)", 1)


def test_brackets_case_and_tone_places_tell_no_papers_apart_and_the_fuller_name_is_shown() -> None:
    first = record("1.000001", RequiredDocument(name="Giấy ủy quyền", originals=1))
    second = record("1.000002", RequiredDocument(name="Giấy uỷ quyền (có chứng thực)", originals=1))
    assert only(combine([first, second])).name == "Giấy uỷ quyền (có chứng thực)"


def test_applications_add_up_and_other_originals_do_not() -> None:
    form = RequiredDocument(name="Tờ khai thay đổi thông tin cư trú", form="CT01", originals=1)
    birth = RequiredDocument(name="Giấy chứng sinh", originals=1, copies=1)
    papers = combine([record("1.000001", form, birth), record("1.000002", form, birth)])
    assert [(paper.originals, paper.copies) for paper in papers] == [(2, 0), (1, 2)]


def test_forms_of_several_numbers_and_nameless_applications_stay_apart() -> None:
    one = record("1.000001", RequiredDocument(name="Tờ khai", form="CT01"), RequiredDocument(name="Đơn đề nghị"))
    two = record("1.000002", RequiredDocument(name="Tờ khai", form="CT02"), RequiredDocument(name="Đơn đề nghị"))
    assert len(combine([one, two])) == 4


def test_a_paper_handed_in_anywhere_is_handed_in_and_needed_by_all_before_needed_by_some() -> None:
    shown = RequiredDocument(name="Sổ hồng", originals=1, handling=Handling.SHOW)
    some = RequiredDocument(name="Văn bản ủy quyền", originals=1, condition="nhờ người khác")
    papers = combine(
        [record("1.000001", some, shown), record("1.000002", RequiredDocument(name="Sổ hồng", originals=1))]
    )
    assert [(paper.name, paper.handling, paper.always) for paper in papers] == [
        ("Sổ hồng", Handling.HAND_IN, True),
        ("Văn bản ủy quyền", Handling.HAND_IN, False),
    ]
