import json
from importlib.metadata import version

import pytest

from bot import cli, settings


def test_settings_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["settings"]) == 0
    assert capsys.readouterr().out == settings.table() + "\n"


def test_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == version("mot-cua")


def test_an_unknown_command_is_a_wrong_call() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["chay"])
    assert ended.value.code == 2


@pytest.mark.parametrize("arguments", [[], ["run"]])
def test_running_is_what_happens_without_a_command(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "many")
    assert cli.main(arguments) == 2
    assert "PORT phải là số nguyên" in capsys.readouterr().err


def test_dossier_codes_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["dossier", "parse", "hồ sơ h48.12 - 22o921 - 0099 và H77-220921-0099", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["codes"] == [
        {
            "code": "H48.12-220921-0099",
            "kind": "national",
            "unit": "H48.12",
            "unit_name": "tỉnh Quảng Ngãi",
            "date": "2022-09-21",
            "number": "0099",
            "suffix": None,
        }
    ]
    (problem,) = said["problems"]
    assert (problem["text"], problem["part"]) == ("H77-220921-0099", "unit")
    assert "“H77”" in problem["message"]


@pytest.mark.parametrize(
    ("text", "line"), [("cccd 001205123456", "Không có mã hồ sơ nào."), ("H48-220921-099", "“099” chỉ có 3 số")]
)
def test_no_dossier_code_is_exit_code_1(text: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["dossier", "parse", text]) == 1
    assert line in capsys.readouterr().out


def test_a_task_is_needed_for_dossiers(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["dossier"])
    assert ended.value.code == 2
