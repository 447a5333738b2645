"""Made-up records of every shape, for properties that hold for all of them.

Words come from a small pool, so that two records often share papers, questions and channels.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TypeVar

from hypothesis import strategies as st

from knowledge.procedure import (
    Audience,
    CaseChoice,
    CaseQuestion,
    Channel,
    ChannelKind,
    Handling,
    LegalBasis,
    Level,
    LocalRule,
    Money,
    MoneyKind,
    Procedure,
    RequiredDocument,
    SetBy,
    Source,
    Step,
    TimeLimit,
    TimeUnit,
)

Item = TypeVar("Item")
_POOL = [
    "Tờ khai",
    "Giấy chứng sinh",
    "=1+1",
    "-5",
    "@ai",
    "+84",
    "một\nhai",
    "Đơn “xin”; a | b",
    "007",
    "1e5",
    "x_x0041_",
]
texts = st.sampled_from(_POOL) | st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Sm"), max_codepoint=0x1EF9), min_size=1, max_size=12
).map(lambda text: unicodedata.normalize("NFC", text))
slugs = st.sampled_from(["who", "term", "kin", "a1"])
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
maybe_text = st.none() | texts
answers = st.tuples(slugs) | st.tuples(slugs, slugs)
some_when = st.fixed_dictionaries({"who": answers}, optional={"term": answers})
whens = st.fixed_dictionaries({}, optional={"who": answers, "term": answers})


def few(items: st.SearchStrategy[Item], most: int = 2) -> st.SearchStrategy[tuple[Item, ...]]:
    return st.lists(items, max_size=most).map(lambda found: tuple(found))


limits = st.builds(
    TimeLimit,
    amount=st.none() | st.integers(0, 400),
    unit=st.none() | st.sampled_from(TimeUnit),
    condition=maybe_text,
    when=whens,
    note=maybe_text,
)
sums = st.builds(
    Money,
    kind=st.sampled_from(MoneyKind),
    amount=st.none() | st.integers(0, 10**10),
    unit=maybe_text,
    from_unit=st.integers(1, 9),
    to_unit=st.none() | st.integers(1, 99),
    condition=maybe_text,
    when=whens,
    set_by=st.sampled_from(SetBy),
    basis=maybe_text,
    note=maybe_text,
)
channels = st.builds(
    Channel, kind=st.sampled_from(ChannelKind), where=maybe_text, when=whens, time_limits=few(limits), money=few(sums)
)
documents = st.builds(
    RequiredDocument,
    name=texts,
    form=maybe_text,
    form_url=maybe_text,
    originals=st.integers(0, 9),
    copies=st.integers(0, 9),
    handling=st.sampled_from(Handling),
    condition=maybe_text,
    when=whens,
)
choices = st.builds(CaseChoice, id=slugs, text=texts, note=maybe_text)
questions = st.builds(
    CaseQuestion, id=slugs, text=texts, choices=st.lists(choices, min_size=2, max_size=4).map(tuple), when=whens
)
rules = st.builds(
    LocalRule,
    province=st.sampled_from(["01", "79"]),
    channel=st.none() | st.sampled_from(ChannelKind),
    money=few(sums, 2),
    time_limits=few(limits, 2),
    basis=texts,
    url=maybe_text,
    read_on=days,
    verified=st.booleans(),
)
sources = st.builds(Source, name=texts, url=maybe_text, read_on=days, verified=st.booleans(), note=maybe_text)
steps = texts | st.builds(Step, text=texts, when=some_when)


def procedures(code: str = "1.000001") -> st.SearchStrategy[Procedure]:
    """Records of one code, valid by the schema though not always sensible."""
    return st.builds(
        Procedure,
        code=st.just(code),
        name=texts,
        names=few(texts),
        field=texts,
        levels=st.lists(st.sampled_from(Level), max_size=4, unique=True).map(tuple),
        agency=maybe_text,
        audience=st.lists(st.sampled_from(Audience), max_size=3, unique=True).map(tuple),
        summary=maybe_text,
        channels=few(channels),
        exemptions=few(texts),
        documents=few(documents, 4),
        questions=few(questions),
        steps=few(steps),
        results=few(texts),
        conditions=few(texts),
        legal_basis=few(st.builds(LegalBasis, number=texts, title=texts)),
        decision=maybe_text,
        in_force_since=st.none() | days,
        abolished_on=st.none() | days,
        successor=st.none() | st.just("1.000009"),
        family=maybe_text,
        variant=maybe_text,
        provincial=st.booleans(),
        local_rules=few(rules, 2),
        prior=st.floats(0, 1).map(lambda share: round(share, 3)),
        source=sources,
        warnings=few(texts),
    )


@st.composite
def revised(draw: st.DrawFn, base: Procedure) -> Procedure:
    """``base`` with some fields changed, and often one paper of it, as an editor would."""
    other = draw(procedures(base.code))
    fields = draw(st.sets(st.sampled_from(sorted(Procedure.model_fields)), max_size=4))
    changed: Procedure = base.model_copy(update={field: getattr(other, field) for field in fields})
    papers = list(changed.documents)
    touched: bool = draw(st.booleans())
    if papers and touched:
        place: int = draw(st.integers(0, len(papers) - 1))
        papers[place] = papers[place].model_copy(update={"copies": draw(st.integers(0, 9))})
        changed = changed.model_copy(update={"documents": tuple(papers)})
    return changed
