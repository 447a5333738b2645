from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import settings
from bot.errors import SettingsError
from bot.settings import LogLevel, TelegramMode

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "123456789:AAH-acceptance_test_token_0123456789"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of this machine, no .env of this folder."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    chosen = settings.load()
    assert (chosen.host, chosen.port, chosen.telegram_mode) == ("127.0.0.1", 8080, TelegramMode.POLLING)
    assert chosen.telegram_bot_token is None


def test_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=9000\nLOG_LEVEL=warning\nTELEGRAM_BOT_TOKEN=\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "9001")
    chosen = settings.load()
    assert (chosen.port, chosen.log_level, chosen.telegram_bot_token) == (9001, LogLevel.WARNING, None)


def test_unreadable_env_file_is_named() -> None:
    Path(".env").write_bytes(b"PORT=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env"):
        settings.load()


def test_line_of_the_env_file_that_makes_no_sense_is_named() -> None:
    Path(".env").write_text("# cổng\nPORT 9000\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"dòng 2 trong tệp \.env"):
        settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "70000"),
        ("PORTAL_URL", "dichvucong.gov.vn"),
        ("PORTAL_URL", "http://[::1"),
        ("PORTAL_URL", "http://may:abc"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "99999999"),
        ("TELEGRAM_BOT_TOKEN", "123456:ABCđ-"),
        ("TELEGRAM_MODE", "fax"),
        ("LOG_LEVEL", "loud"),
        ("TELEGRAM_BOT_TOKEN", "abc"),
        ("WEBHOOK_SECRET", "có dấu và khoảng trắng"),
        ("BEHIND_PROXY", "perhaps"),
    ],
)
def test_wrong_value_is_named_and_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert name in str(caught.value)
    assert value not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_webhook_needs_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_MODE", "webhook")
    assert settings.load().hook_base is None
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    with pytest.raises(SettingsError, match="WEBHOOK_URL"):
        settings.load()
    monkeypatch.setenv("PUBLIC_URL", "https://mot-cua.example.vn/")
    assert settings.load().hook_base == "https://mot-cua.example.vn"


def test_webhook_secret_is_the_same_on_every_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    secret = settings.load().hook_secret()
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,256}", secret)
    assert secret == settings.load().hook_secret()
    assert TOKEN.split(":")[1] not in secret
    assert {TOKEN, secret} <= set(settings.load().secrets())


def test_secrets_do_not_show() -> None:
    shown = repr(settings.load(telegram_bot_token=TOKEN, database_url="postgresql://a:geheim@b/c"))
    assert TOKEN not in shown
    assert "geheim" not in shown


def test_every_setting_is_explained() -> None:
    assert all(field.description for field in settings.Settings.model_fields.values())


def test_example_file_agrees_with_the_code() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == settings.example()


def test_readme_agrees_with_the_code() -> None:
    """README shows what ``python -m bot settings`` prints."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert settings.table() in readme
