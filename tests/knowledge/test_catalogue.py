"""Catalogues: what is looked up in one, what its release tells, and what the shipped one promises."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date

import pytest

from knowledge import catalogue as catalogues
from knowledge.catalogue import Catalogue, enrich, load, parse, shipped_path
from knowledge.catalogue_file import dump
from knowledge.errors import CatalogueError
from knowledge.procedure import Procedure
from knowledge.vietnamese import fold
from tests.knowledge.conftest import ROOT
from tests.knowledge.records import record

GONE = date(2026, 1, 1)


def test_a_code_stands_once() -> None:
    with pytest.raises(CatalogueError, match=r"1\.000007"):
        Catalogue.of([record("1.000007"), record("1.000008"), record("1.000007", "Khác")])


def test_release_tells_content_and_nothing_else() -> None:
    first, second = record("1.000001"), record("1.000002", "Trả thẻ")
    release = Catalogue.of([first, second]).release
    assert Catalogue.of([second, first]).release == release
    assert Catalogue.of([first]).release != release
    assert Catalogue.of([first, second.model_copy(update={"prior": 0.1})]).release != release


def test_by_field_lists_what_is_in_force_in_order() -> None:
    found = Catalogue.of(
        [
            record("1.000001", "B", field="Y"),
            record("1.000002", "A", field="Y"),
            record("1.000003", "C", field="X"),
            record("1.000004", "D", field="Z", abolished_on=GONE),
        ]
    ).by_field()
    assert {name: [item.name for item in group] for name, group in found.items()} == {"X": ["C"], "Y": ["A", "B"]}
    assert list(found) == ["X", "Y"]


def test_related_are_family_first_then_the_most_asked_of_the_field() -> None:
    catalogue = Catalogue.of(
        [
            record("1.000001", family="f", field="X"),
            record("1.000002", family="f", field="Other", variant="lại"),
            record("1.000003", family="f", field="X", abolished_on=GONE, variant="cũ"),
            record("1.000004", field="X", prior=0.1),
            record("1.000005", field="X", prior=0.9),
            record("1.000006", field="Z", prior=1.0),
        ]
    )
    assert [item.code for item in catalogue.related("1.000001")] == ["1.000002", "1.000005", "1.000004"]
    assert [item.code for item in catalogue.related("1.000001", limit=1)] == ["1.000002"]
    assert catalogue.related("9.999999") == ()


def test_empty_catalogue() -> None:
    empty = parse({"schema": 1, "procedures": []})
    assert (len(empty), list(empty), empty.by_field(), empty.get("1.000001")) == (0, [], {}, None)
    assert parse(json.loads(dump(empty))).release == empty.release


def test_enriching_adds_what_people_say_and_keeps_the_facts() -> None:
    known = Catalogue.of([record("1.000001", names=("thẻ thư viện",), family="the", variant="lại", prior=0.7)])
    first, second = enrich([record("1.000001", "Tên mới", field="Mới"), record("1.000002")], known)
    assert (first.name, first.field) == ("Tên mới", "Mới")
    assert (first.names, first.family, first.variant, first.prior) == (("thẻ thư viện",), "the", "lại", 0.7)
    assert second == record("1.000002")


# What ships.

_CODE = re.compile(r"\d\.\d{6}")
_DISTRICT = re.compile(
    r"\b(cap huyen|(ubnd|uy ban nhan dan|cong an|phong [a-z ]{2,30}|toa an nhan dan) (cap )?(huyen|quan|thi xa)\b"
    r"(?! (doi|khu|ly|su))|phong tu phap|phong lao dong)"
)


def test_shipped_catalogue_has_the_fields_people_ask_for(shipped: Catalogue) -> None:
    in_force = [item for item in shipped if item.abolished_on is None]
    assert len(in_force) >= 80
    assert len(shipped.by_field()) >= 14


def test_no_shipped_record_sends_anyone_to_a_district(shipped: Catalogue) -> None:
    def places(item: Procedure) -> list[str]:
        return [item.agency or "", *(channel.where or "" for channel in item.channels), *item.step_texts]

    found = {(item.code, text[:100]) for item in shipped for text in places(item) if _DISTRICT.search(fold(text))}
    assert found == set()


def test_every_shipped_family_has_one_base_at_most(shipped: Catalogue) -> None:
    bases = Counter(item.family for item in shipped if item.family and item.variant is None)
    assert [family for family, times in bases.items() if times > 1] == []
    assert [item.code for item in shipped if item.variant and not item.family] == []


def test_variants_of_a_family_are_told_apart(shipped: Catalogue) -> None:
    for family, codes in shipped.families.items():
        variants = [shipped.procedures[code].variant for code in codes]
        assert len(set(variants)) == len(variants), family


def test_every_shipped_successor_is_a_code_that_can_be_found(shipped: Catalogue) -> None:
    for item in shipped:
        if item.successor:
            assert _CODE.fullmatch(item.successor)
            assert item.abolished_on is not None
            after = shipped.get(item.successor)
            assert after is not None, f"{item.code}: {item.successor} is not shipped"
            assert after.abolished_on is None


def test_every_shipped_record_says_where_it_was_read(shipped: Catalogue) -> None:
    for item in shipped:
        assert date(2025, 7, 1) <= item.source.read_on <= date.today(), item.code
        assert item.source.url is None or item.source.url.startswith("https://"), item.code


def test_no_shipped_sum_is_in_thousands_by_mistake(shipped: Catalogue) -> None:
    sums = [(item.code, money.amount) for item in shipped for channel in item.channels for money in channel.money]
    assert [found for found in sums if found[1] and not 1000 <= found[1] <= 100_000_000] == []


def test_shipped_path_is_found_beside_the_packages() -> None:
    assert shipped_path() == ROOT / "procedures.json"
    assert catalogues.load().release == load(shipped_path()).release
