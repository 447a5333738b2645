"""``guide`` as people call it: a case in words, as JSON, and what it says of wrong calls."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge import catalogue, catalogue_file, cli
from knowledge.briefing import as_json, as_text
from knowledge.calendar import Calendar
from knowledge.catalogue import Catalogue
from knowledge.guidance import guide
from tests.knowledge.cases import SUNDAY, library_card

CARD = library_card()


@pytest.fixture(autouse=True)
def one_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue that ships holds one card."""
    path = tmp_path / "procedures.json"
    path.write_text(catalogue_file.dump([CARD]), encoding="utf-8")
    monkeypatch.setattr(catalogue, "shipped_path", lambda: path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = cli.main(["guide", CARD.code, *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    status, out, err = run(capsys, *arguments, "--json", "--submit", "2026-11-22T09:00")
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_list_total_and_day_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--answer", "term=late", "--answer", "who=self", "--channel", "online")
    assert [paper["name"] for paper in found["checklist"] if paper["sure"]] == ["Tờ khai", "Đơn trình bày"]
    assert (found["total"], found["due_date"]) == (4000, "2026-11-27")
    assert found["next_question"] is None
    assert found["ways"][0]["money"][0]["sum"] == 4000


def test_open_case_names_the_next_question(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--answer", "term=late")
    assert [choice["id"] for choice in found["next_question"]["choices"]] == ["self", "other"]
    assert found["unsure"] == ["who", "kin"]
    assert {"depends": ["kin"], "sure": False}.items() <= found["checklist"][3].items()


def test_province_counts(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--answer", "who=self", "--channel", "online", "--province", "01")
    assert (found["total"], found["ways"][0]["money"][0]["province"]) == (5000, "01")
    assert found["ways"][0]["time_limits"][0]["province"] == "01"


def test_case_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--answer", "term=late", "--submit", "2026-11-22")
    assert status == 0
    assert "Đơn trình bày (1 bản chính, nộp)" in out
    assert "tiền: 8.000 đồng" in out
    assert "Câu hỏi tiếp theo: --answer who=... (self, other)" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--answer", "colour=red"], "không có câu hỏi “colour”"),
        (["--answer", "term=never"], "không có lựa chọn “never”"),
        (["--answer", "term"], "không đúng dạng"),
        (["--answer", "term=late", "--answer", "term=in_time"], "trả lời hai cách"),
        (["--channel", "fax"], "không nhận nộp theo cách “fax”"),
        (["--channel", ""], "không nhận nộp theo cách “”"),
        (["--channel", "online", "--answer", "who=other"], "không nộp được"),
        (["--submit", ""], "“” không phải ngày giờ"),
        (["--submit", "2026-02-31"], "không phải ngày giờ"),
        (["--submit", "0001-01-01T00:00+14:00"], "không phải ngày giờ"),
        (["--submit", "9999-12-31"], "quá xa"),
        (["--copies", "0"], "--copies"),
        (["--province", "hanoi"], "không phải mã tỉnh"),
    ],
)
def test_wrong_calls_are_refused_in_words(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert words in err


def test_price_says_which_act_and_which_province_set_it(capsys: pytest.CaptureFixture[str]) -> None:
    mine = ("--answer", "who=self", "--submit", "2026-11-22", "--answer", "term=late")
    assert "tiền: 8.000 đồng (theo Thông tư 1/2026)" in run(capsys, *mine, "--channel", "in_person")[1]
    _, out, _ = run(capsys, *mine, "--channel", "online", "--province", "01")
    assert "tiền: 5.000 đồng (mức của Thành phố Hà Nội, theo " in out


def test_who_pays_nothing_and_what_an_answer_entails_are_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = CARD.questions
    choices = tuple(choice.model_copy(update={"note": f"Biết rằng {choice.id}."}) for choice in first.choices)
    told_more = first.model_copy(update={"choices": choices})
    card = CARD.model_copy(update={"exemptions": ("Trẻ em dưới 6 tuổi",), "questions": (told_more, *others)})
    monkeypatch.setattr(catalogue, "load", lambda: Catalogue.of([card]))
    found = told(capsys, "--answer", "term=late")
    assert (found["exemptions"], found["notes"]) == (["Trẻ em dưới 6 tuổi"], ["Biết rằng late."])
    _, out, _ = run(capsys, "--answer", "term=late")
    assert "Miễn, giảm: Trẻ em dưới 6 tuổi" in out
    assert "Lưu ý: Biết rằng late." in out


def test_what_is_abolished_is_not_guided_to(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = CARD.model_copy(update={"abolished_on": date(2026, 1, 31), "successor": "1.000009"})
    monkeypatch.setattr(catalogue, "load", lambda: Catalogue.of([gone]))
    status, out, err = run(capsys)
    assert (status, out) == (2, "")
    assert "đã bị bãi bỏ từ ngày 31/01/2026. Thủ tục thay thế: 1.000009." in err


def test_unknown_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["guide", "9.999999"]) == 2
    assert "không có thủ tục" in capsys.readouterr().err


def test_moment_with_a_zone_is_converted(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--submit", "2026-11-23T02:00+00:00", "--json", "--channel", "in_person")
    assert json.loads(out)["received"] == "2026-11-23T09:00:00"


def test_every_shipped_case_can_be_told(shipped: Catalogue) -> None:
    calendar = Calendar()
    for procedure in shipped:
        made = guide(procedure, {}, calendar, SUNDAY)
        assert as_text(made).startswith(procedure.code)
        found = json.loads(json.dumps(as_json(made)))
        if found["due_date"]:
            assert date.fromisoformat(found["due_date"]) >= SUNDAY.date()
