"""Records kept small come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.exchange.pack import Pack
from knowledge.procedure import Procedure
from tests.knowledge.records import record
from tests.knowledge.strategies import procedures


@settings(max_examples=20, deadline=None)
@given(st.tuples(procedures("1.000002"), procedures("1.000001")))
def test_what_goes_in_comes_out_in_its_order(records: tuple[Procedure, ...]) -> None:
    pack = Pack()
    for each in records:
        pack.put(each)
    assert tuple(pack) == records
    assert (pack[0], pack[1:], len(pack)) == (records[0], [records[1]], 2)
    assert dict(pack.names) == {each.code: each.name for each in records}


def test_a_record_takes_the_place_of_its_code_and_can_go() -> None:
    pack = Pack()
    for each in (record("1.000001"), record("1.000002"), record("1.000001", "B")):
        pack.put(each)
    assert [each.name for each in pack] == ["B", "Cấp thẻ bạn đọc"]
    pack.drop("1.000001")
    assert list(pack.names) == ["1.000002"]
    with pytest.raises(KeyError):
        pack.of("1.000001")
