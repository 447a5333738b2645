from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import cli
from tests.bot.dialogue import records
from tests.bot.printing import reading


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("PUBLIC_URL", "CATALOGUE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_several_codes_go_into_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    told = ["leaflet", "1.001193", " 1000894 ", "1.001193", "--size", "a5", "--output", "to.pdf"]
    assert cli.main([*told, "--bot", "@motcua_bot", "--url", "https://motcua.example.vn/"]) == 0
    assert capsys.readouterr().out == "Đã ghi to.pdf: 2 thủ tục.\n"
    made = Path("to.pdf").read_bytes()
    assert set(reading.sizes(made)) == {(148, 210)}
    first, *_ = reading.pictures(made)
    assert reading.qr_codes(first) == {
        "https://motcua.example.vn/p/1.001193",
        "https://t.me/motcua_bot?start=p_1_001193",
    }
    assert "Mã thủ tục: 1.000894" in reading.whole(made)


def test_sheet_of_cards(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["leaflet", "1.001193", "--sheet", "--per-page", "8"]) == 0
    assert "Chú ý: tờ in không có mã QR" in capsys.readouterr().out
    assert reading.whole(Path("to-huong-dan.pdf").read_bytes()).count("Mã 1.001193") == 8


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["9.999999", "1.001193", "abc"], 1, "Danh mục không có thủ tục 9.999999, abc"),
        (["1.001193", "--output", "không/có/to.pdf"], 1, "Không ghi được tệp không/có/to.pdf (không tìm thấy)"),
        (["1.001193", "--output", "."], 1, "Không ghi được tệp . (đó là một thư mục, không phải tệp)"),
        (["1.001193", "--bot", "tên có dấu"], 1, "“tên có dấu” không phải tên bot Telegram"),
        (["1.001193", "--bot", "https://t.me/motcua_bot"], 1, "không phải tên bot Telegram"),
        (["1.001193", "--url", "motcua"], 2, "PUBLIC_URL phải là địa chỉ http:// hoặc https://"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["leaflet", *arguments]) == code
    assert words in capsys.readouterr().err


def test_abolished_one_is_not_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    kept = {"schema": 1, "procedures": [record.model_dump(mode="json") for record in records.RECORDS]}
    Path("c.json").write_text(json.dumps(kept), encoding="utf-8")
    monkeypatch.setenv("CATALOGUE", "c.json")
    assert cli.main(["leaflet", "1.001193", "1.000001"]) == 1
    assert "Thủ tục 1.000001 đã bị bãi bỏ" in capsys.readouterr().err
    assert cli.main(["leaflet", "1.001193"]) == 0


def test_size_and_codes_are_checked() -> None:
    for arguments in (["leaflet"], ["leaflet", "1.001193", "--size", "a3"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
