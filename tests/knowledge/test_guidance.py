"""A case worked out: which papers, what it costs, by when; for everything that ships, in every combination."""

from __future__ import annotations

from datetime import datetime

import pytest

from knowledge.calendar import Calendar
from knowledge.catalogue import Catalogue
from knowledge.consistency import cases
from knowledge.errors import CaseError
from knowledge.guidance import Guidance, guide, paper_key
from knowledge.procedure import UNSURE, ChannelKind, Handling, Step
from tests.knowledge.cases import SUNDAY, days, fee, library_card, paper
from tests.knowledge.records import record

CARD = library_card()
CALENDAR = Calendar()


def case(**answers: str) -> Guidance:
    return guide(CARD, answers, CALENDAR, SUNDAY)


def names(guidance: Guidance, sure: bool = True) -> list[str]:
    return [item.document.name for item in guidance.items if item.sure is sure]


def test_list_is_for_this_case_only() -> None:
    mine = case(term="late", who="other", kin="stranger")
    assert names(mine) == ["Tờ khai", "Ảnh thẻ", "Đơn trình bày", "Giấy ủy quyền có chứng thực"]
    assert "Giấy tờ chứng minh là người nhà" not in names(mine) + names(mine, sure=False)
    assert mine.next is None


def test_only_way_left_needs_its_papers_for_sure() -> None:
    assert "Ảnh thẻ" in names(case(term="late", who="other", kin="stranger"))
    assert "Ảnh thẻ" in names(case(term="late", who="self"), sure=False)
    assert "Ảnh thẻ" not in names(case(term="late", who="self", channel="online"), sure=False)


def test_unsure_keeps_the_union_and_says_which_question_is_open() -> None:
    open_ = case(term=UNSURE, who="other", kin=UNSURE)
    union = names(open_) + names(open_, sure=False)
    assert {"Đơn trình bày", "Giấy ủy quyền có chứng thực", "Giấy tờ chứng minh là người nhà"} <= set(union)
    assert [question.id for question in open_.unsure] == ["term", "kin"]
    by_name = {item.document.name: item for item in open_.items}
    assert by_name["Đơn trình bày"].depends == ("term",)


def test_paper_with_a_condition_in_words_only_stays_possible() -> None:
    mine = case(term="in_time", who="self", channel="online")
    assert names(mine, sure=False) == ["Giấy xác nhận dân tộc"]
    assert not mine.unsure


def test_papers_to_hand_in_come_before_those_to_show() -> None:
    order = [item.document.handling for item in case(who="other", kin=UNSURE).items]
    assert order == sorted(order, key=list(Handling).index)


def test_paper_listed_twice_is_named_once_with_both_conditions() -> None:
    twice = record(documents=(paper("Bản đồ", "nhà"), paper("Bản đồ", "đất"), paper("Tờ khai")))
    items = guide(twice, {}, CALENDAR, SUNDAY).items
    assert [item.document.name for item in items] == ["Tờ khai", "Bản đồ"]
    assert items[1].document.condition == "nhà; hoặc đất"
    assert not items[1].sure


def test_the_day_is_the_one_a_person_would_count() -> None:
    online = guide(record(channels=CARD.channels), {"channel": "online"}, CALENDAR, SUNDAY)
    assert online.ways[0].received == datetime(2026, 11, 23, 7, 30)
    assert online.ways[0].due == datetime(2026, 11, 27, 17, 0), "24/11 is a holiday"


def test_time_limit_follows_the_answers_and_the_way() -> None:
    late = case(term="late", who="self")
    assert [way.channel.kind for way in late.ways] == [ChannelKind.IN_PERSON, ChannelKind.ONLINE]
    assert [[limit.limit.amount for limit in way.deadlines] for way in late.ways] == [[5], [3]]
    assert case(term="late", who="self", channel="online").ways[0].channel.kind is ChannelKind.ONLINE


def test_open_time_limits_give_the_later_day() -> None:
    way = case(term=UNSURE, who="other", kin="family").ways[0]
    assert [limit.sure for limit in way.deadlines] == [False, False]
    assert way.due == max(limit.due for limit in way.deadlines if limit.due)


def test_way_without_a_number_has_no_day() -> None:
    channel = CARD.channels[0].model_copy(
        update={"time_limits": (days(1), days(1).model_copy(update={"amount": None}))}
    )
    assert guide(record(channels=(channel,)), {}, CALENDAR, SUNDAY).ways[0].due is None


def test_province_has_its_own_money_and_time() -> None:
    hanoi = guide(CARD, {"term": "late", "who": "self"}, CALENDAR, SUNDAY, province="01")
    assert [way.price.total for way in hanoi.ways] == [5000, 5000]
    assert [[limit.limit.amount for limit in way.deadlines] for way in hanoi.ways] == [[5], [2]]
    assert hanoi.ways[0].price.lines[0].rule is CARD.local_rules[0]
    assert hanoi.ways[1].deadlines[0].rule is CARD.local_rules[1]
    elsewhere = guide(CARD, {"term": "late", "who": "self"}, CALENDAR, SUNDAY, province="79")
    assert [way.price.total for way in elsewhere.ways] == [8000, 4000]


def test_steps_follow_the_answers() -> None:
    assert case(term="in_time").steps == ("Điền tờ khai",)
    assert case(term=UNSURE).steps == ("Điền tờ khai", "Chờ xác minh")


def own_steps(**answers: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(step.text, choices) for step, choices in case(**answers).own_steps]


def test_own_steps_are_those_of_this_case_only() -> None:
    assert own_steps(term="late") == [("Chờ xác minh", ())]
    assert own_steps(term="in_time") == []


def test_own_steps_name_the_answer_they_hang_on_when_the_person_does_not_know() -> None:
    assert own_steps(term=UNSURE) == [("Chờ xác minh", ("Late",))]
    assert own_steps() == [], "nothing was answered"


def test_own_step_is_sure_when_one_of_its_conditions_is() -> None:
    twice = tuple(Step(text="Ký sổ", when=when) for when in ({"term": ("late",)}, {"who": ("self",)}))
    mine = guide(library_card(steps=twice), {"term": UNSURE, "who": "self"}, CALENDAR, SUNDAY)
    assert [choices for _, choices in mine.own_steps] == [()]
    hard = (Step(text="Ký sổ", when={"term": ("late",), "who": ("self",)}),)
    open_ = guide(library_card(steps=hard), {"term": UNSURE, "who": UNSURE}, CALENDAR, SUNDAY)
    assert open_.own_steps == (), "hangs on two answers that are not known"


def test_total_is_one_figure_only_when_all_ways_agree() -> None:
    assert case(term="in_time", who="self").total == 0
    assert case(term="late", who="self").total is None
    assert case(term="late", who="self", channel="online").total == 4000


def test_copies_multiply_what_is_counted() -> None:
    copied = record(channels=(CARD.channels[0].model_copy(update={"money": (fee(8000, unit="bản"), fee(500))}),))
    price = guide(copied, {}, CALENDAR, SUNDAY, copies=3).ways[0].price
    assert (price.total, price.by_the_copy) == (24500, "bản")


def test_answers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(CaseError):
        case(colour="red")


def test_key_of_a_paper_is_its_name() -> None:
    assert paper_key(paper("Tờ khai")) == paper_key(paper("Tờ khai", "ai đó"))
    assert paper_key(paper("Tờ khai")) != paper_key(paper("Tờ khai", handling=Handling.SHOW))


def test_every_shipped_case_has_a_list_a_price_and_a_way(shipped: Catalogue) -> None:
    """Every record, every complete combination of answers, and every question left unsure."""
    for procedure in shipped:
        if procedure.abolished_on is not None:
            continue
        for answers in [*cases(procedure), {}, {question.id: UNSURE for question in procedure.questions}]:
            told = guide(procedure, answers, CALENDAR, SUNDAY)
            assert told.items, (procedure.code, answers)
            assert told.ways, (procedure.code, answers)
            assert len({item.key for item in told.items}) == len(told.items), (procedure.code, answers)
            for way in told.ways:
                assert way.received >= SUNDAY
                assert way.due is None or way.due >= way.received
                if way.channel.money:
                    assert way.price.lines, (procedure.code, answers)
                    assert way.price.total is None or way.price.total == way.price.at_least


def test_open_case_has_every_paper_of_every_case(shipped: Catalogue) -> None:
    for procedure in shipped:
        everything = {item.key for item in guide(procedure, {}, CALENDAR, SUNDAY).items}
        for answers in cases(procedure):
            assert {item.key for item in guide(procedure, answers, CALENDAR, SUNDAY).items} <= everything
