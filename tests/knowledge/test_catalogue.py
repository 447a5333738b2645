"""Catalogues: what a file may hold, what is said when it is spoilt, and what the shipped one promises."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import catalogue as catalogues
from knowledge.catalogue import Catalogue, dump, enrich, load, parse, schema_text, shipped_path
from knowledge.errors import CatalogueError
from knowledge.procedure import Channel, ChannelKind, Money, MoneyKind, Procedure, SetBy, TimeLimit, TimeUnit
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


_text = st.text(min_size=1, max_size=20).map(str.strip).filter(bool)
_records = st.builds(
    record,
    code=st.from_regex(r"[0-9]\.[0-9]{6}", fullmatch=True).filter(str.isascii),
    name=_text,
    names=st.lists(_text, max_size=2).map(tuple),
    prior=st.floats(0, 1),
    summary=st.none() | _text,
    abolished_on=st.none() | st.dates(),
    channels=st.builds(
        Channel,
        kind=st.sampled_from(ChannelKind),
        where=st.none() | _text,
        time_limits=st.builds(
            TimeLimit, amount=st.none() | st.integers(0, 999), unit=st.sampled_from(TimeUnit), note=st.none() | _text
        ).map(lambda limit: (limit,)),
        money=st.builds(
            Money,
            kind=st.sampled_from(MoneyKind),
            amount=st.none() | st.integers(0, 10**9),
            set_by=st.sampled_from(SetBy),
        ).map(lambda money: (money,)),
    ).map(lambda channel: (channel,)),
)


@given(st.lists(_records, max_size=4, unique_by=lambda item: item.code))
def test_what_is_written_is_read_again(records: list[Procedure]) -> None:
    text = dump(records)
    read = parse(json.loads(text))
    assert sorted(read, key=lambda item: item.code) == sorted(records, key=lambda item: item.code)
    assert dump(reversed(records)) == dump(read) == text


@given(st.lists(_records, max_size=2, unique_by=lambda item: item.code))
def test_what_is_written_keeps_the_published_schema(records: list[Procedure]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(dump(records)))


def _file(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "procedures.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _document(**facts: Any) -> str:
    raw = json.loads(dump([record()]))
    raw["procedures"][0].update(facts)
    return json.dumps(raw)


_RECORD = json.dumps(json.loads(dump([record()]))["procedures"][0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("", "không phải JSON hợp lệ: dòng 1", id="empty file"),
        pytest.param('{"schema": 1,\n "procedures": [', "không phải JSON hợp lệ: dòng 2", id="cut short"),
        pytest.param(b"\xff\xfe{}", "Không đọc được", id="not UTF-8"),
        pytest.param("[" * 200_000, "lồng nhau quá sâu", id="too deep"),
        pytest.param('\ufeff{"schema": 1, "procedures": []}', "không phải JSON", id="byte order mark"),
        pytest.param("[]", "schema", id="a list"),
        pytest.param("null", "schema", id="null"),
        pytest.param('{"procedures": []}', "schema", id="no version"),
        pytest.param('{"schema": 2, "procedures": []}', "schema", id="a later version"),
        pytest.param('{"schema": 1}', 'thiếu danh sách "procedures"', id="no records"),
        pytest.param('{"schema": 1, "procedures": {}}', 'thiếu danh sách "procedures"', id="records not a list"),
        pytest.param('{"schema": 1, "procedures": [1]}', "thủ tục thứ 1", id="a record that is a number"),
        pytest.param('{"schema": 1, "procedures": [null]}', "thủ tục thứ 1", id="a record that is null"),
        pytest.param('{"schema": 1, "procedures": [{}]}', "mục code", id="an empty record"),
        pytest.param(_document(prior="nhiều"), r"1\.000001.*mục prior: cần là số", id="wrong type"),
        pytest.param(_document(prior=float("nan")), r"1\.000001.*mục prior: không phải con số", id="not a number"),
        pytest.param(_document(prior="0.5"), r"mục prior: cần là số \(đang là \"0\.5\"\)", id="text for a number"),
        pytest.param(_document(provincial=1), "mục provincial: cần là có hoặc không", id="a number for yes"),
        pytest.param(_document(code="١.٠٠٠٠٠١"), "mục code: viết sai dạng", id="digits of another script"),
        pytest.param(_document(in_force_since="2026-01-01T00:00:00"), "mục in_force_since: cần là ngày", id="an hour"),
        pytest.param(
            _document(documents=[{"name": "Đơn", "copies": "1"}]),
            r"mục documents\.0\.copies: cần là số nguyên \(đang là \"1\"\)",
            id="text for a count",
        ),
        pytest.param(
            _document(channels=[{"kind": "online", "money": [{"kind": "fee", "amount": "8000"}]}]),
            r"thủ tục thứ 1 \(1\.000001\), mục channels\.0\.money\.0\.amount: cần là số nguyên \(đang là \"8000\"\)",
            id="text for a sum",
        ),
        pytest.param(
            _document(channels=[{"kind": "online", "money": [{"kind": "fee", "amount": True}]}]),
            r"amount: cần là số nguyên \(đang là true\)",
            id="yes for a sum",
        ),
        pytest.param(
            _document(channels=[{"kind": "online", "time_limits": [{"amount": 3.0, "unit": "day"}]}]),
            r"time_limits\.0\.amount: cần là số nguyên \(đang là 3\.0\)",
            id="a fraction for a count",
        ),
        pytest.param(_document(steps=[{"text": "x", "when": {"who": "self"}}]), r"steps\.0\.when\.who: cần", id="step"),
        pytest.param(_document(steps=["Nộp", 3]), r"mục steps\.1: cần là chữ", id="a number for a step"),
        pytest.param(
            _document().replace('"code"', '"code": "1.000002", "code"'), "mục code: ghi hai lần", id="key twice"
        ),
        pytest.param(
            _document().replace('"amount": 8000', '"amount": 8000, "amount": 5000'),
            r"thủ tục thứ 1 \(1\.000001\), mục channels\.0\.money\.0\.amount: ghi hai lần",
            id="a sum twice",
        ),
        pytest.param(
            '{"schema": 1, "procedures": [], "procedures": []}', "mục procedures: ghi hai lần", id="two lists"
        ),
        pytest.param('{"schema": 1, "procedures": [], "more": []}', "không có mục “more”", id="unknown part"),
        pytest.param('{"schema": true, "procedures": []}', "schema", id="yes for a version"),
        pytest.param(
            f'{{"schema": 1, "procedures": [{_RECORD}, {_RECORD}]}}',
            r"thủ tục thứ 2 \(1\.000001\): mã thủ tục bị lặp, đã có ở thủ tục thứ 1",
            id="a code twice",
        ),
        pytest.param(_document(names="một tên"), "mục names", id="text for a list"),
        pytest.param(_document(channels=[{"kind": "pigeon"}]), r"mục channels\.0\.kind", id="unknown channel"),
        pytest.param(_document(giá=0), "mục giá: .*“giá”", id="unknown key"),
        pytest.param(_document(abolished_on="31/12/2026"), "mục abolished_on", id="date in another order"),
    ],
)
def test_a_spoilt_file_is_named_in_words(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(CatalogueError, match=said):
        load(_file(tmp_path, content))


def test_every_fault_is_found_and_what_is_sound_is_read() -> None:
    good = json.loads(_RECORD)
    rows = [good, {**good, "code": "1.000002", "prior": "0", "name": ""}, 7, {**good, "code": "1.000003"}]
    found = list(catalogues.read({"schema": 1, "procedures": rows}, "a.json"))
    assert [item.code for item, _ in found if item] == ["1.000001", "1.000003"]
    assert [fault for _, fault in found if fault] == [
        "a.json: thủ tục thứ 2 (1.000002), mục name: đang để trống",
        'a.json: thủ tục thứ 2 (1.000002), mục prior: cần là số (đang là "0")',
        "a.json: thủ tục thứ 3 (?): cần có từng mục con",
    ]


def test_text_is_kept_composed_however_it_was_typed(tmp_path: Path) -> None:
    """A Mac writes tone marks apart; fonts and look-ups want them with their letters."""
    name = "Thủ tục đăng ký khai tử"
    typed = _document(name=unicodedata.normalize("NFD", name), names=[unicodedata.normalize("NFD", "báo tử")])
    (read,) = load(_file(tmp_path, typed))
    assert (read.name, read.names) == (name, ("báo tử",))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"Không đọc được procedures\.json"):
        load(tmp_path / "procedures.json")
    with pytest.raises(CatalogueError, match="Không đọc được"):
        load(tmp_path)


# What ships.

SCHEMA = json.loads(schema_text())
PUBLISHED = ROOT / "docs" / "procedures.schema.json"
_CODE = re.compile(r"\d\.\d{6}")
_DISTRICT = re.compile(
    r"\b(cap huyen|(ubnd|uy ban nhan dan|cong an|phong [a-z ]{2,30}|toa an nhan dan) (cap )?(huyen|quan|thi xa)\b"
    r"(?! (doi|khu|ly|su))|phong tu phap|phong lao dong)"
)


def test_published_schema_is_the_one_in_force() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_schema_refuses_what_the_program_refuses() -> None:
    check = jsonschema.Draft202012Validator(SCHEMA)
    good = json.loads(dump([record()]))
    assert check.is_valid(good)
    spoilt: list[dict[str, Any]] = [{"code": "1.1"}, {"prior": 2}, {"fee": 0}, {"levels": ["district"]}, {"name": ""}]
    for facts in spoilt:
        assert not check.is_valid({**good, "procedures": [{**good["procedures"][0], **facts}]}), facts
    assert not check.is_valid({**good, "schema": 2})


def test_shipped_file_keeps_the_schema() -> None:
    document = json.loads(shipped_path().read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)] == []


def test_shipped_file_is_byte_stable(shipped: Catalogue) -> None:
    """Whoever changes a record by program changes that record's lines and no others."""
    assert dump(shipped) == shipped_path().read_text(encoding="utf-8")


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
