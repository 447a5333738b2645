"""The file a catalogue is kept in: what is written is read again, and every fault is named with its place."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import catalogue_file
from knowledge.catalogue import Catalogue, load, parse, shipped_path
from knowledge.catalogue_file import dump, schema_text
from knowledge.errors import CatalogueError
from knowledge.procedure import Channel, ChannelKind, Money, MoneyKind, Procedure, SetBy, TimeLimit, TimeUnit
from tests.knowledge.conftest import ROOT
from tests.knowledge.records import record

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
    found = list(catalogue_file.read({"schema": 1, "procedures": rows}, "a.json"))
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


SCHEMA = json.loads(schema_text())
PUBLISHED = ROOT / "docs" / "procedures.schema.json"


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
