"""Articles that lead nowhere, or cannot be read, are named; those that ship are sound."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from knowledge import proofreading
from knowledge.articles import Article
from knowledge.catalogue import load, shipped_path
from knowledge.procedure import Source
from knowledge.proofreading import faults, read
from knowledge.validation import validate
from tests.knowledge.records import READ_ON, record

CARD = record("1.000001", "Cấp thẻ thư viện", names=("làm thẻ thư viện",))
GONE = record("1.000002", "Đổi thẻ", abolished_on=date(2026, 1, 1), successor="1.000001")
RECORDS = {CARD.code: CARD, GONE.code: GONE}


def article(**facts: Any) -> Article:
    source = Source(name="Trang của xã", url="https://xa.gov.vn/gio", read_on=READ_ON, verified=True)
    whole = {"id": "gio", "title": "Giờ mở cửa", "body": "Từ 7 giờ.", "phrases": ("mấy giờ mở cửa",), "source": source}
    return Article(**(whole | facts))


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"procedures": ("9.999999",)}, "không có thủ tục 9.999999"),
        ({"procedures": (GONE.code,)}, "đã bãi bỏ"),
        ({"phrases": ()}, "không có cách hỏi nào"),
        ({"phrases": ("Làm thẻ thư viện",)}, f"tên của thủ tục {CARD.code}"),
        ({"body": "Xem [trang](http://xa.gov.vn/a)"}, "đường dẫn viết sai"),
        ({"body": "Xem [trang] (https://xa.gov.vn/a)"}, "đường dẫn viết sai"),
        ({"body": "Xem https://xa.gov.vn/a"}, "đường dẫn viết sai"),
        ({"source": Source(name="A", url="xa.gov.vn", read_on=READ_ON, verified=True)}, "không phải trang web"),
        ({"source": Source(name="A", read_on=READ_ON + timedelta(days=2), verified=True)}, "còn chưa tới"),
    ],
)
def test_a_fault_is_named_with_its_article(facts: dict[str, Any], fault: str) -> None:
    found = list(faults([article(**facts)], RECORDS, READ_ON))
    assert found
    assert all(each.startswith("bài gio: ") for each in found)
    assert fault in found[0]


def test_what_is_sound_is_not_blamed() -> None:
    sound = article(body="Xem [trang này](https://xa.gov.vn/a?b=1) (mở cả ngày).\n- **Sáng**", procedures=(CARD.code,))
    assert list(faults([sound], RECORDS, READ_ON)) == []
    assert list(faults([article(procedures=("9.999999",))], {}, READ_ON)) == [], "without a catalogue nobody can say"


def test_one_way_of_asking_belongs_to_one_article() -> None:
    (fault,) = faults([article(), article(id="gio-hai", phrases=("may gio mo cua",))], RECORDS, READ_ON)
    assert fault == "bài gio-hai: cách hỏi “may gio mo cua” đã thuộc bài gio"


def test_each_article_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "articles.json"
    good = article().model_dump(mode="json")
    path.write_text(json.dumps([good, good | {"title": ""}, good, good | {"id": "?"}]), encoding="utf-8")
    articles, wrong = read(path)
    assert [each.id for each in articles] == ["gio"]
    assert ["bài thứ 2, mục title" in wrong[0], "tên gio đã có" in wrong[1], "bài thứ 4, mục id" in wrong[2]] == [
        True
    ] * 3
    for broken in ("{", "{}"):
        path.write_text(broken, encoding="utf-8")
        assert [len(each) for each in read(path)] == [0, 1]
    assert "articles.json" in read(tmp_path / "none" / "articles.json")[1][0]


def test_what_ships_is_sound_and_what_nobody_checked_twice_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    report = validate(shipped_path())
    articles, wrong = read()
    assert (wrong, report["articles"]) == ([], len(articles))
    assert report["articles_unverified"] == [each.id for each in articles if not each.source.verified]
    assert list(faults(articles, load().procedures, date.today())) == []
    lost = article(procedures=("9.999999",))
    monkeypatch.setattr(proofreading, "read", lambda: ([lost], ["articles.json: sai"]))
    assert validate(shipped_path())["errors"] == [
        "articles.json: sai",
        "bài gio: không có thủ tục 9.999999 trong danh mục",
    ]


def test_what_stands_twice_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "bai.json"
    path.write_text('[{"id": "a"}, {"id": "gio", "source": {"name": "A", "name": "B"}}]', encoding="utf-8")
    assert "bai.json, bài thứ 2, mục source.name: ghi hai lần" in read(path)[1]
    path.write_text('[{"id": "a",}]', encoding="utf-8")
    (fault,) = read(path)[1]
    assert fault.startswith("Không đọc được bai.json: dòng 1")
    assert read(tmp_path)[1] == [f"Không đọc được {tmp_path.name}: đây là thư mục, không phải tệp"]
