from __future__ import annotations

import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.places import Finder, Finding, load_gazetteer
from knowledge.vietnamese import fold


@cache
def finder() -> Finder:
    return Finder(load_gazetteer())


def find(text: str, near: str | None = None) -> Finding:
    return finder().find(text, near)


def named(text: str) -> list[str]:
    return [place.commune.full for place in find(text).places]


@pytest.mark.parametrize("text", ["Mỹ Đình", "my dinh ha noi", "phường mỹ đình", "mỹ đình, nam từ liêm"])
def test_a_name_without_its_number_offers_all_that_bear_it(text: str) -> None:
    """Nobody who lives there says "Mỹ Đình 1"."""
    found = find(text)
    assert [place.commune.full for place in found.places] == [
        "Phường Từ Liêm, TP. Hà Nội",
        "Phường Cầu Giấy, TP. Hà Nội",
    ]
    assert found.sure is None


def test_a_number_is_left_out_of_whole_names_only() -> None:
    assert "Xã Mậu A, Lào Cai" not in named("xã mậu"), "nobody calls it by one word"
    assert named("bình hưng hòa")[0] == "Phường Bình Hưng Hòa, TP. Hồ Chí Minh", "a name of today comes first"


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("phường Yên Hòa, Hà Nội", "Phường Yên Hòa, TP. Hà Nội"),
        ("yên hoà hn", "Phường Yên Hòa, TP. Hà Nội"),
        ("xã Củ Chi, TP.HCM", "Xã Củ Chi, TP. Hồ Chí Minh"),
        ("phường Bến Nghé, quận 1", "Phường Sài Gòn, TP. Hồ Chí Minh"),
        ("số 5 Lê Lợi, p. bến nghé, q1, tp hcm", "Phường Sài Gòn, TP. Hồ Chí Minh"),
        ("p12 q tân bình tphcm", "Phường Bảy Hiền, TP. Hồ Chí Minh"),
        ("phường 01, q. Tân Bình, sg", "Phường Tân Sơn Hòa, TP. Hồ Chí Minh"),
        ("tôi ở phường Láng", "Phường Láng, TP. Hà Nội"),
        ("xa cu m'gar, dak lak", "Xã Cư M'gar, Đắk Lắk"),
        ("xã Côn Lôn, tỉnh Tuyên Quang", "Xã Côn Lôn, Tuyên Quang"),
        ("thảo điền quận 2", "Phường An Khánh, TP. Hồ Chí Minh"),
        ("TP HCM, Củ Chi, xã Bình Mỹ", "Xã Bình Mỹ, TP. Hồ Chí Minh"),
    ],
)
def test_sure(text: str, commune: str) -> None:
    sure = find(text).sure
    assert sure
    assert sure.commune.full == commune


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("xa Yen Nghia ha dong", "Phường Yên Nghĩa, TP. Hà Nội"),
        ("yen ngia ha dong", "Phường Yên Nghĩa, TP. Hà Nội"),
        ("yeen nghiax haf ddoong", "Phường Yên Nghĩa, TP. Hà Nội"),
        ("Hà Nội, Hà Đông, Yên Nghĩa", "Phường Yên Nghĩa, TP. Hà Nội"),
        ("benthanh", "Phường Bến Thành, TP. Hồ Chí Minh"),
        ("thảo điền", "Phường An Khánh, TP. Hồ Chí Minh"),
        ("phường trấn biênn", "Phường Trấn Biên, Đồng Nai"),
    ],
)
def test_first_of_the_choices(text: str, commune: str) -> None:
    assert named(text)[0] == commune


@pytest.mark.parametrize(
    "text", ["Tân Phú", "Bình Dương", "phường 1", "thanhxuan", "Đông Anh", "thảo điền", "yen ngia ha dong", "sài gòn"]
)
def test_ambiguous_or_misspelt_is_never_sure(text: str) -> None:
    assert find(text)
    assert find(text).sure is None


def test_same_name_in_several_provinces_is_told_apart() -> None:
    provinces = {place.commune.province.short for place in find("Tân Phú").places}
    assert {"TP. Hồ Chí Minh", "Đồng Nai"} <= provinces
    assert named("xã tân phú đồng nai")[0] == "Xã Tân Phú, Đồng Nai"


def test_near_comes_first_among_equals() -> None:
    assert find("Xuân Hòa", near="79").places[0].commune.province.code == "79"
    assert find("Xuân Hòa", near="15").places[0].commune.province.code == "15"


def test_former_commune_says_by_which_name() -> None:
    assert find("bến nghé, quận 1").places[0].former == "Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh"


@pytest.mark.parametrize(
    ("text", "district", "communes"),
    [
        ("quan 1", "Quận 1", {"Phường Sài Gòn", "Phường Tân Định", "Phường Bến Thành", "Phường Cầu Ông Lãnh"}),
        ("huyện Đông Anh", "Huyện Đông Anh", {"Xã Đông Anh", "Xã Phúc Thịnh", "Xã Thư Lâm"}),
        ("xã Không Hề Có, huyện Đông Anh", "Huyện Đông Anh", {"Xã Đông Anh"}),
        ("Quận 2", "Quận 2", {"Phường An Khánh", "Phường Cát Lái", "Phường Bình Trưng"}),
    ],
)
def test_district_lists_its_communes(text: str, district: str, communes: set[str]) -> None:
    finding = find(text)
    assert not finding.places
    assert [each.name for each in finding.districts] == [district]
    assert communes <= {commune.name for commune in finding.districts[0].communes}


@pytest.mark.parametrize(
    ("text", "province"),
    [("hcm", "Thành phố Hồ Chí Minh"), ("tỉnh Bình Dương", "Tỉnh Bình Dương"), ("Huế", "Thành phố Huế")],
)
def test_province_alone(text: str, province: str) -> None:
    finding = find(text)
    assert not finding.places
    assert [each.name for each in finding.provinces] == [province]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "123",
        "12",
        "xã Không Có Thật",
        "đăng ký kết hôn",
        "làm căn cước cho con",
        "mất giấy tờ",
        "làm giấy khai sinh cần gì",
        "bao nhiêu tiền",
    ],
)
def test_nothing(text: str) -> None:
    assert not find(text)


def test_commune_that_is_not_in_the_province_said_is_not_found() -> None:
    finding = find("phường Bến Nghé, tỉnh Cà Mau")
    assert (finding.places, [each.name for each in finding.provinces]) == ((), ["Tỉnh Cà Mau"])


def test_every_commune_is_found_by_its_full_name() -> None:
    for commune in finder().gazetteer.communes.values():
        found = find(f"{commune.name}, {commune.province.name}").places
        assert found[0].commune == commune, commune.full


def test_every_former_commune_leads_to_what_it_became() -> None:
    for former in finder().gazetteer.former[::7]:
        found = {place.commune.code for place in find(f"{former.name}, {former.district.full}").places}
        assert {commune.code for commune in former.communes} <= found, former


@given(st.sampled_from(sorted(finder().gazetteer.communes)), st.booleans())
@settings(deadline=None)
def test_without_marks_the_commune_is_among_the_first(code: str, short: bool) -> None:
    commune = finder().gazetteer.communes[code]
    said = fold(f"{commune.name} {commune.province.short if short else commune.province.name}")
    assert commune in [place.commune for place in find(said).places[:4]]


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_is_survived(text: str) -> None:
    finding = find(text)
    assert all(0 < place.confidence <= 1 for place in finding.places)


def test_answers_are_quick() -> None:
    texts = [
        "yen ngia ha dongg hanoi",
        "xax khoong cos thaajt",
        "làm lại giấy khai sinh bị mất",
        "tân phú",
        "p1 q1 hcm",
    ]
    find("a")
    spent = []
    for text in texts * 20:
        start = time.thread_time()
        find(text)
        spent.append(time.thread_time() - start)
    assert sorted(spent)[len(spent) // 2] < 0.1, "6 ms on a machine that has nothing else to do"


@pytest.mark.parametrize(
    ("point", "first"),
    [((21.0285, 105.852), "Phường Hoàn Kiếm, TP. Hà Nội"), ((10.777, 106.7), "Phường Sài Gòn, TP. Hồ Chí Minh")],
)
def test_nearest_communes(point: tuple[float, float], first: str) -> None:
    found = finder().nearest(*point)
    assert len(found) == 4
    assert first in [commune.full for commune in found[:2]]


@pytest.mark.parametrize(
    "point", [(48.85, 2.35), (13.75, 100.5), (0.0, 0.0), (12.5, 112.0), (9.5, 107.3), (18.0, 103.5), (-21.0, 105.8)]
)
def test_no_commune_abroad_or_at_sea(point: tuple[float, float]) -> None:
    assert finder().nearest(*point) == ()


@pytest.mark.parametrize(
    ("point", "zone"),
    [
        ((8.645, 111.92), "Đặc khu Trường Sa, Khánh Hòa"),
        ((11.43, 114.33), "Đặc khu Trường Sa, Khánh Hòa"),
        ((16.53, 111.61), "Đặc khu Hoàng Sa, TP. Đà Nẵng"),
    ],
)
def test_far_islands_are_vietnam(point: tuple[float, float], zone: str) -> None:
    """Trường Sa Lớn lies 300 km from the middle of its zone."""
    assert [commune.full for commune in finder().nearest(*point)] == [zone]
