"""What provinces and communes have otherwise, and records changed while the program runs."""

from __future__ import annotations

from knowledge.catalogue import Catalogue, digest_of
from knowledge.places import Commune
from knowledge.places.gazetteer import Province
from tests.knowledge.records import record

HANOI, HUE = Province("01", "Thành phố Hà Nội", ()), Province("46", "Thành phố Huế", ())
BA_DINH = Commune("00004", "Phường Ba Đình", HANOI, 21.0, 105.8)
NGOC_HA = Commune("00008", "Phường Ngọc Hà", HANOI, 21.0, 105.8)
THUAN_HOA = Commune("19753", "Phường Thuận Hóa", HUE, 16.4, 107.5)

CARD, LOAN, GATE = record("1.000001"), record("1.000002", "Mượn sách"), record("1.000003", "Mở cổng thư viện")
CITY_CARD = record("1.000001", "Cấp thẻ bạn đọc Thủ đô", names=("thẻ đỏ",))
WARD_CARD = record("1.000001", "Cấp thẻ bạn đọc phường")
NATION = Catalogue.of(
    [CARD, LOAN], {"01": {"1.000001": CITY_CARD, "1.000003": GATE}, "00004": {"1.000001": WARD_CARD, "1.000002": None}}
)


def test_a_commune_stands_over_its_province_over_the_country() -> None:
    assert NATION.for_place(BA_DINH).get("1.000001") == WARD_CARD
    assert NATION.for_place(BA_DINH).get("1.000002") is None
    assert NATION.for_place(BA_DINH).get("1.000003") == GATE
    assert NATION.for_place(NGOC_HA).get("1.000001") == CITY_CARD
    assert NATION.for_place(NGOC_HA).get("1.000002") == LOAN


def test_a_place_without_anything_of_its_own_has_the_national_records() -> None:
    assert NATION.for_place(THUAN_HOA) is NATION
    assert NATION.for_place(None) is NATION
    assert NATION.get("1.000003") is None


def test_what_only_others_have_is_named() -> None:
    assert NATION.elsewhere(NATION) == {"1.000003"}
    assert NATION.elsewhere(NATION.for_place(NGOC_HA)) == frozenset()
    assert NATION.elsewhere(NATION.for_place(BA_DINH)) == {"1.000002"}
    assert Catalogue.of([CARD]).elsewhere(Catalogue.of([CARD])) == frozenset()


def test_places_are_told_apart_by_release_and_made_once() -> None:
    releases = {NATION.for_place(place).release for place in (None, BA_DINH, NGOC_HA)}
    assert len(releases) == 3
    assert NATION.for_place(NGOC_HA) is NATION.for_place(NGOC_HA)


def test_a_matcher_knows_all_records_and_the_names_of_every_place() -> None:
    known = {each.code: each for each in NATION.everywhere()}
    assert set(known) == {"1.000001", "1.000002", "1.000003"}
    assert known["1.000001"].name == CARD.name
    assert set(known["1.000001"].names) == {"thẻ đỏ", CITY_CARD.name, WARD_CARD.name}


def test_amending_gives_the_same_as_building_anew() -> None:
    changed = CARD.model_copy(update={"family": "card"})
    amended = Catalogue.of([CARD, LOAN]).amended({"1.000001": changed, "1.000002": None, "1.000003": GATE})
    fresh = Catalogue.of([changed, GATE])
    assert list(amended) == list(fresh)
    assert (amended.release, amended.families) == (fresh.release, fresh.families)


def test_local_records_count_for_the_release() -> None:
    plain = Catalogue.of([CARD, LOAN])
    assert plain.release != NATION.release
    assert plain.amended({}, NATION.local).release == NATION.release


def test_digests_tell_content() -> None:
    assert digest_of(CARD) == digest_of(record("1.000001")) != digest_of(CITY_CARD)
    assert digest_of(None) == ""
