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
