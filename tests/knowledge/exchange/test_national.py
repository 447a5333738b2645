"""The portal's records become ours; its defects are carried as warnings, never passed on as facts."""

from __future__ import annotations

import gzip
import json
import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import CatalogueError
from knowledge.exchange.national import PORTAL, read_line, read_national, read_time, to_procedure
from knowledge.procedure import Audience, ChannelKind, Level, Procedure, TimeLimit, TimeUnit
from tests.knowledge.conftest import shared
from tests.knowledge.records import portal, write_lines
from tests.knowledge.texts import anything


def test_a_record_as_the_portal_has_it() -> None:
    found = to_procedure(
        portal(
            level="Cấp Tỉnh, Cấp Xã",
            subjects=["Công dân Việt Nam", "Người nước ngoài", "Tổ chức khác"],
            agency=" Công an\u00a0Xã ",
            results=["- Thẻ bạn đọc", ""],
            conditions="Từ 14 tuổi trở lên\n\n• Có nơi ở",
            legal_basis=[
                {"name": "Luật Thư viện", "code": "46/2019/QH14"},
                {"name": "", "code": "46/2019/QH14"},
                {"name": "", "code": ""},
            ],
            decision_no="12/QĐ-BVHTTDL",
            url="https://dichvucong.gov.vn/x",
        )
    )
    assert (found.code, found.name, found.field, found.agency) == (
        "1.000001",
        "Cấp thẻ bạn đọc",
        "Thư viện",
        "Công an Xã",
    )
    assert found.levels == (Level.PROVINCE, Level.COMMUNE)
    assert found.audience == (Audience.CITIZEN, Audience.FOREIGNER, Audience.ORGANISATION)
    assert found.results == ("Thẻ bạn đọc",)
    assert found.conditions == ("Từ 14 tuổi trở lên", "Có nơi ở")
    assert found.steps == ("Nộp hồ sơ", "Nhận kết quả")
    assert [basis.number for basis in found.legal_basis] == ["46/2019/QH14"]
    assert (found.source.name, found.source.read_on, found.source.verified) == (PORTAL, date(2026, 6, 30), False)


def test_rows_of_one_channel_are_joined() -> None:
    rows = [
        {"channel": "Trực tiếp", "time_limit": "3 Ngày", "fee_text": "Phí : 5.000 VNĐ", "fee_kind": "amount"},
        {"channel": "Trực tuyến", "time_limit": "2 Ngày", "fee_text": None, "fee_kind": None},
        {"channel": "TRỰC TIẾP", "time_limit": "3 Ngày", "fee_text": "Phí : 9.000 VNĐ", "fee_kind": "amount"},
    ]
    desk, online = to_procedure(portal(channels=rows)).channels
    assert (desk.kind, online.kind) == (ChannelKind.IN_PERSON, ChannelKind.ONLINE)
    assert [limit.amount for limit in desk.time_limits] == [3]
    assert [money.amount for money in desk.money] == [5000, 9000]


def test_notes_among_the_papers_are_no_papers() -> None:
    found = to_procedure(
        portal(
            documents=[
                {"case": "* Lưu ý:", "items": [{"name": "Nộp bản chính để đối chiếu"}]},
                {"case": "Trường hợp ủy quyền:", "items": [{"name": "+ Giấy ủy quyền", "original": 1, "copies": -1}]},
                {
                    "case": None,
                    "items": [{"name": "Tờ khai theo Mẫu số TK-01 ban hành", "original": "1"}, {"name": " "}],
                },
            ]
        )
    )
    assert [(paper.name, paper.condition, paper.originals, paper.copies) for paper in found.documents] == [
        ("Giấy ủy quyền", "Trường hợp ủy quyền", 1, 0),
        ("Tờ khai theo Mẫu số TK-01 ban hành", None, 0, 0),
    ]
    assert found.documents[1].form == "Mẫu số TK-01"
    assert "Nguồn để ghi chú lẫn trong thành phần hồ sơ" in found.warnings


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("3 Ngày làm việc", TimeLimit(amount=3, unit=TimeUnit.WORKING_DAY)),
        ("không quá 15 ngày.", TimeLimit(amount=15, unit=TimeUnit.DAY)),
        ("8 Giờ", TimeLimit(amount=8, unit=TimeUnit.HOUR)),
        ("1 tháng", TimeLimit(amount=1, unit=TimeUnit.MONTH)),
        ("Ngay trong ngày", TimeLimit(note="Ngay trong ngày")),
        ("3 ngày hoặc 5 ngày", TimeLimit(note="3 ngày hoặc 5 ngày")),
        ("", None),
        (None, None),
        (" - ", None),
    ],
)
def test_time_limits(text: str | None, limit: TimeLimit | None) -> None:
    warnings: list[str] = []
    assert read_time(text, warnings) == limit
    assert warnings == []


@pytest.mark.parametrize("text", ["1", "7 (nguồn không hiện đơn vị)"])
def test_a_number_without_unit_is_not_a_time(text: str) -> None:
    warnings: list[str] = []
    limit = read_time(text, warnings)
    assert limit is not None
    assert (limit.amount, limit.unit) == (None, None)
    assert limit.note is not None
    assert warnings


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"documents": [], "steps": ""}, "Nguồn chỉ có tên thủ tục, chưa có nội dung"),
        ({"transcribed_by_hand": True}, "Chép tay từ nguồn công khai, chưa so lại"),
        ({"detail": "partial"}, "Nguồn chỉ có một phần nội dung"),
        ({"source_date": "2026-07"}, "Nguồn không ghi đủ ngày đọc"),
        ({"source_date": None}, "Nguồn không ghi đủ ngày đọc"),
    ],
)
def test_defects_become_warnings_once(fields: dict[str, Any], warning: str) -> None:
    warnings = to_procedure(portal(**fields)).warnings
    assert warnings.count(warning) == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-06-30", date(2026, 6, 30)),
        ("2026-06", date(2026, 6, 1)),
        ("", date(2000, 1, 1)),
        (None, date(2000, 1, 1)),
    ],
)
def test_a_date_that_lacks_its_day_is_not_later_than_it_was(written: str | None, read: date) -> None:
    assert to_procedure(portal(source_date=written)).source.read_on == read


# Files.


def _read(path: Path) -> list[Procedure]:
    return list(read_national(path))


def test_plain_and_gzip_files_read_alike(tmp_path: Path) -> None:
    plain = write_lines(tmp_path / "portal.jsonl", [portal("1.000001"), portal("1.000002")])
    packed = tmp_path / "portal.jsonl.gz"
    packed.write_bytes(gzip.compress(b"\n" + plain.read_bytes() + b"\n\n"))
    assert _read(plain) == _read(packed)
    assert [found.code for found in _read(plain)] == ["1.000001", "1.000002"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("{", id="cut short"),
        pytest.param("[]", id="a list"),
        pytest.param("null", id="null"),
        pytest.param("5", id="a number"),
        pytest.param("{}", id="empty"),
        pytest.param(json.dumps(portal(code="1.1")), id="bad code"),
        pytest.param(json.dumps(portal(name="")), id="no name"),
        pytest.param(json.dumps({**portal(), "name": None}), id="name is null"),
        pytest.param(json.dumps(portal(channels=[{"channel": "Bồ câu"}])), id="unknown channel"),
        pytest.param(json.dumps(portal(channels=[{}])), id="channel without kind"),
        pytest.param(json.dumps(portal(channels="Trực tiếp")), id="channels is text"),
        pytest.param(json.dumps(portal(documents=[{"items": ["Tờ khai"]}])), id="paper is text"),
        pytest.param(json.dumps(portal(steps=["a"])), id="steps is a list"),
        pytest.param(json.dumps(portal(level=1)), id="level is a number"),
        pytest.param(json.dumps(portal(source_date="2026-13-01")), id="month 13"),
        pytest.param(json.dumps(portal(legal_basis=["Luật"])), id="act is text"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "portal.jsonl"
    path.write_text(f"{json.dumps(portal())}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"portal\.jsonl, dòng 3"):
        _read(path)


_PACKED = gzip.compress("".join(json.dumps(portal(f"1.{n:06}")) + "\n" for n in range(40)).encode(), mtime=0)


@given(st.integers(0, len(_PACKED) - 1), st.integers(1, 255))
def test_a_byte_gone_wrong_in_a_packed_file_is_told_in_words(tmp_path_factory: Any, place: int, change: int) -> None:
    path = tmp_path_factory.mktemp("packed") / "portal.jsonl.gz"
    path.write_bytes(_PACKED[:place] + bytes([_PACKED[place] ^ change]) + _PACKED[place + 1 :])
    with suppress(CatalogueError):
        _read(path)


@pytest.mark.parametrize("length", [1, 10, len(_PACKED) // 2, len(_PACKED) - 1])
def test_a_packed_file_cut_short_is_told_in_words(tmp_path: Path, length: int) -> None:
    path = tmp_path / "portal.jsonl.gz"
    path.write_bytes(_PACKED[:length])
    with pytest.raises(CatalogueError, match=r"portal\.jsonl\.gz"):
        _read(path)


@pytest.mark.parametrize("name", ["portal.jsonl", "portal.jsonl.gz"])
def test_a_missing_or_foreign_file_is_told_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(CatalogueError, match="Không đọc được"):
        _read(tmp_path / name)
    (tmp_path / name).write_bytes(b"\xff\xfe\x00PK")
    with pytest.raises(CatalogueError, match="Không đọc được"):
        _read(tmp_path / name)


@given(anything, anything, anything)
def test_any_text_in_a_record_is_taken_or_refused_with_a_value_error(name: str, time: str, steps: str) -> None:
    raw = portal(name=name, steps=steps, channels=[{"channel": "Bưu chính", "time_limit": time, "fee_text": steps}])
    try:
        found = to_procedure(raw)
    except ValueError:
        return
    assert found.name == found.name.strip() != ""
    assert all(step.strip() == step != "" for step in found.step_texts)


# The whole national catalogue.


def test_every_record_of_the_country_is_read(national: list[Procedure]) -> None:
    assert len(national) == len({found.code for found in national}) > 2900
    assert sum(not found.documents and not found.steps for found in national) < 40


def test_nothing_in_the_country_is_free_because_a_portal_printed_zero(national: list[Procedure]) -> None:
    with gzip.open(shared("data/national.jsonl.gz"), "rt", encoding="utf-8") as lines:
        raw = {record["code"]: record for record in map(json.loads, lines)}
    for found in national:
        kinds = {row.get("fee_kind") for row in raw[found.code].get("channels") or []}
        free = any(money.amount == 0 for channel in found.channels for money in channel.money)
        assert not free or "portal-zero-with-note" in kinds, found.code


def test_every_time_in_the_country_has_its_unit_or_says_why_not(national: list[Procedure]) -> None:
    limits = [limit for found in national for channel in found.channels for limit in channel.time_limits]
    assert len(limits) > 3000
    assert all((limit.amount is None) == (limit.unit is None) for limit in limits)
    assert all(limit.amount is not None or limit.note for limit in limits)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"channels": {"a": 1}}, "mục “channels”: cần một danh sách"),
        ({"channels": [None]}, "mục “channels”: có chỗ bỏ trống"),
        ({"channels": [{"channel": "Trực tiếp", "time_limit": 3}]}, "mục “time_limit”: cần chữ"),
        ({"channels": [{"time_limit": "3 ngày"}]}, "thiếu hoặc không hiểu mục 'channel'"),
        ({"documents": [{"items": ["Đơn"]}]}, "mục “items”: cần một nhóm mục có tên"),
        ({"results": "Giấy"}, "mục “results”: cần một danh sách"),
        ({"steps": ["một"]}, "mục “steps”: cần chữ"),
        ({"code": 1.001193}, "mục “code”: cần chữ"),
        ({"name": None}, "thiếu hoặc không hiểu mục 'name'"),
        ({"subjects": [5]}, "mục “subjects”: cần chữ"),
    ],
)
def test_what_is_of_another_kind_is_told_by_its_field(tmp_path: Path, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(words)):
        _read(write_lines(tmp_path / "sai.jsonl", [portal(**fields)]))


ODD = st.none() | st.integers() | st.lists(anything) | st.dictionaries(anything, anything)


@given(ODD, st.sampled_from(sorted(portal())))
def test_whatever_stands_in_a_field_is_taken_or_told_of_in_vietnamese(value: Any, key: str) -> None:
    told = ""
    try:
        read_line(json.dumps(portal(**{key: value})).encode())
    except CatalogueError as error:
        told = str(error)
    assert not re.search(r"\b(object|attribute|must|expected|invalid|indices)\b", told.split(":")[0])


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-31", "99999-01-01", "0-0-0", "9" * 5000 + "-1-1"])
def test_a_day_that_is_none_is_told_of(day: str) -> None:
    with pytest.raises(CatalogueError, match=r"source_date|không đúng dạng"):
        read_line(json.dumps(portal(source_date=day)).encode())


def test_marks_of_html_are_not_read_out() -> None:
    record = to_procedure(
        portal(
            name="Cấp &amp; đổi <b>thẻ</b>",
            steps="<p>Nộp hồ sơ.</p><ul><li>Chờ &nbsp;kết quả</li><li>Dưới 18 tuổi (<18) nhờ cha mẹ<br/>ký</li></ul>",
        )
    )
    assert record.name == "Cấp & đổi thẻ"
    assert record.step_texts == ("Nộp hồ sơ.", "Chờ kết quả", "Dưới 18 tuổi (<18) nhờ cha mẹ", "ký")
