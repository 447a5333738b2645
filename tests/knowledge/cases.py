"""A record with case questions of every kind: a chain, a reserved question, alternatives of money, time and channel."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from knowledge.procedure import (
    CaseChoice,
    CaseQuestion,
    Channel,
    ChannelKind,
    Handling,
    LocalRule,
    Money,
    MoneyKind,
    Procedure,
    RequiredDocument,
    SetBy,
    Step,
    TimeLimit,
    TimeUnit,
)
from tests.knowledge.records import record

SUNDAY = datetime(2026, 11, 22, 9, 0)


def question(name: str, *choices: str, when: dict[str, tuple[str, ...]] | None = None) -> CaseQuestion:
    made = tuple(CaseChoice(id=choice, text=choice.capitalize()) for choice in choices)
    return CaseQuestion(id=name, text=f"{name.capitalize()}?", choices=made, when=when or {})


def paper(
    name: str, condition: str | None = None, handling: Handling = Handling.HAND_IN, **when: Any
) -> RequiredDocument:
    return RequiredDocument(name=name, originals=1, condition=condition, handling=handling, when=when)


def fee(amount: int | None, condition: str | None = None, **facts: Any) -> Money:
    return Money(kind=MoneyKind.FEE, amount=amount, condition=condition, **facts)


def days(amount: int, condition: str | None = None, **when: Any) -> TimeLimit:
    return TimeLimit(amount=amount, unit=TimeUnit.WORKING_DAY, condition=condition, when=when)


LATE, IN_TIME = ("late",), ("in_time",)


def library_card(**facts: Any) -> Procedure:
    """A made-up card: late or in time; oneself or somebody else, who then is family or not."""
    plain: dict[str, Any] = {
        "questions": (
            question("term", "in_time", "late"),
            question("who", "self", "other"),
            question("kin", "family", "stranger", when={"who": ("other",)}),
        ),
        "channels": (
            Channel(
                kind=ChannelKind.IN_PERSON,
                where="Thư viện xã",
                money=(
                    fee(0, "đúng hạn", when={"term": IN_TIME}),
                    fee(8000, "quá hạn", when={"term": LATE}, basis="Thông tư 1/2026"),
                ),
                time_limits=(days(1, "đúng hạn", term=IN_TIME), days(5, "quá hạn", term=LATE)),
            ),
            Channel(
                kind=ChannelKind.ONLINE,
                when={"who": ("self",)},
                money=(fee(0, "đúng hạn", when={"term": IN_TIME}), fee(4000, "quá hạn", when={"term": LATE})),
                time_limits=(days(3),),
            ),
        ),
        "documents": (
            paper("Tờ khai"),
            paper("Ảnh thẻ", "nộp trực tiếp", channel=("in_person",)),
            paper("Đơn trình bày", "quá hạn", term=LATE),
            paper("Giấy ủy quyền có chứng thực", "người ngoài đi thay", kin=("stranger",)),
            paper("Giấy tờ chứng minh là người nhà", "người nhà đi thay", Handling.SHOW, kin=("family",)),
            paper("Giấy xác nhận dân tộc", "muốn ghi dân tộc khác"),
        ),
        "steps": ("Điền tờ khai", Step(text="Chờ xác minh", when={"term": LATE})),
        "local_rules": (
            LocalRule(
                province="01",
                money=(fee(5000, set_by=SetBy.PROVINCE),),
                basis="Nghị quyết 9/2026/NQ-HĐND",
                read_on=date(2026, 9, 1),
            ),
            LocalRule(
                province="01",
                channel=ChannelKind.ONLINE,
                time_limits=(days(2),),
                basis="Quyết định 7/QĐ-UBND",
                read_on=date(2026, 9, 1),
            ),
        ),
    }
    return record(**{**plain, **facts})
