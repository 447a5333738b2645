"""Every setting, typed, with one line that says what it does. Values come from the environment or a ``.env`` file."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError


class TelegramMode(StrEnum):
    """How updates reach us: we fetch them, or Telegram calls our server."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class LogLevel(StrEnum):
    """From which level on the log is written."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and " " not in value
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("phải là địa chỉ http:// hoặc https://")
    return value.rstrip("/")


def _token(value: SecretStr) -> SecretStr:
    number, _, rest = value.get_secret_value().partition(":")
    if not (number.isascii() and number.isdigit() and _PLAIN.fullmatch(rest)):
        raise ValueError("phải có dạng 123456:ABC-..., như BotFather cấp")
    return value


def _long(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < 24:
        raise ValueError("phải dài ít nhất 24 ký tự")
    return value


def _hook_secret(value: SecretStr) -> SecretStr:
    secret = value.get_secret_value()
    if not (16 <= len(secret) <= 256 and _PLAIN.fullmatch(secret)):
        raise ValueError("phải gồm 16 đến 256 ký tự A-Z a-z 0-9 _ -")
    return value


def _folder(value: Path) -> Path:
    if not value.is_dir():
        raise ValueError("phải là một thư mục có thật")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
PositiveInt = Annotated[int, Field(ge=1)]


class Settings(BaseSettings):
    """The settings of one instance; all are optional."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore")

    telegram_bot_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        None, description="Token from BotFather. Set: the same command also serves Telegram."
    )
    telegram_api_url: WebAddress = Field(
        "https://api.telegram.org", description="Bot API server to use (your own local one, or a test server)."
    )
    telegram_mode: TelegramMode = Field(
        TelegramMode.POLLING, description="`polling` asks Telegram for updates; `webhook` lets Telegram call us."
    )
    webhook_url: WebAddress | None = Field(
        None, description="Public https address Telegram calls in webhook mode; default: PUBLIC_URL."
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_hook_secret)] | None = Field(
        None, description="Secret Telegram sends with each call; default: derived from the token."
    )
    database_url: SecretStr | None = Field(
        None, description="PostgreSQL 14+ to use, `postgresql://user:password@host/name`; default: an embedded server."
    )
    mot_cua_data: Path = Field(Path("data"), description="Folder of the embedded database; one instance per folder.")
    host: str = Field("127.0.0.1", description="Address to listen on; `0.0.0.0` for all.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8080, description="Port to listen on; 0 picks a free one.")
    public_url: WebAddress | None = Field(
        None, description="Address at which people reach the page from outside, when it differs from HOST and PORT."
    )
    page_subtitle: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        "Hỏi thủ tục hành chính", description="Line under our name on the page, for example the name of your office."
    )
    behind_proxy: bool = Field(
        False, description="True when a reverse proxy of yours sets X-Forwarded-For; its last entry names the visitor."
    )
    portal_url: WebAddress = Field(
        "https://dichvucong.gov.vn", description="Public-service portal that answers link to."
    )
    catalogue: Path | None = Field(None, description="Catalogue file to answer from; default: the one we ship.")
    offices: Path | None = Field(
        None,
        description="Excel workbook of one-stop offices (`python -m knowledge offices template`); default: samples.",
    )
    sources: Path | None = Field(
        None,
        description="TOML file naming the portals to ask for dossiers, as docs/sources.example.toml; default: none.",
    )
    forms: Annotated[Path, AfterValidator(_folder)] | None = Field(
        None, description="Folder of forms: `<code>/<file>`; filled samples: `<code>/mau-dien-san/<file>`."
    )
    retention_days: Annotated[int, Field(ge=1, le=36500)] = Field(
        30, description="Days after which messages, silent chats and counted updates are deleted."
    )
    aid_days: Annotated[int, Field(ge=1, le=365)] = Field(
        30, description="Days after its end for which a volunteer's case or a talk with a volunteer is kept."
    )
    web_turns_per_minute: PositiveInt = Field(20, description="Questions one web conversation may send in a minute.")
    web_turns_per_minute_per_ip: PositiveInt = Field(
        120, description="Questions one network address may send to the page in a minute."
    )
    kiosk_idle_seconds: Annotated[int, Field(ge=10)] = Field(
        90, description="Seconds without a touch after which a kiosk forgets the conversation."
    )
    push_token: Annotated[SecretStr, AfterValidator(_long)] | None = Field(
        None, description="Bearer token with which one-stop software pushes dossiers to /api/dossiers; unset: closed."
    )
    proof_secret: Annotated[SecretStr, AfterValidator(_long)] | None = Field(
        None, description="Secret that seals the last digits of ID and phone numbers; default: kept in the database."
    )
    office: bool = Field(
        True, description="Serve the staff office at /canbo, once `python -m bot staff add` made an administrator."
    )
    office_secret: Annotated[SecretStr, AfterValidator(_long)] | None = Field(
        None,
        description="Secret behind staff's authenticator apps and forms; default: kept in the database.",
    )
    gate_limit: Annotated[int, Field(ge=0)] = Field(
        3, description="How many more of the sample questions a release may answer worse without a reason given."
    )
    staff_chat: Annotated[str, Field(pattern=r"^-?\d{1,19}(/\d{1,10})?$")] | None = Field(
        None,
        description="Telegram chat of your staff (number of a group or person) that gets the report of each week.",
    )
    follow_minutes: Annotated[int, Field(ge=1, le=10080)] = Field(
        60,
        description="Minutes after which a followed dossier is looked up again; pushes and imports are told at once.",
    )
    quiet_hours: Annotated[str, Field(pattern=r"^([01]?\d|2[0-3])-([01]?\d|2[0-3])$")] = Field(
        "21-7", description="Hours of the night without news of dossiers or offices, in Vietnam's time; `0-0`: none."
    )
    help_hours: Annotated[str, Field(pattern=r"^([01]?\d|2[0-3])-([01]?\d|2[0-3])$")] = Field(
        "7-21",
        description="Hours in which somebody is asked to help a citizen, in Vietnam's time; `0-0`: day and night.",
    )
    help_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        10, description="Minutes after which a request nobody took goes to the communes around, then to staff."
    )
    log_level: LogLevel = Field(LogLevel.INFO, description="`DEBUG`, `INFO`, `WARNING` or `ERROR`.")

    @model_validator(mode="before")
    @classmethod
    def _forgive_case(cls, values: Any) -> Any:
        """Accept ``Webhook`` or ``info`` for the choices."""
        if isinstance(values, dict):
            for name, change in (("log_level", str.upper), ("telegram_mode", str.lower)):
                if isinstance(values.get(name), str):
                    values[name] = change(values[name])
        return values

    @model_validator(mode="after")
    def _webhook_needs_an_address(self) -> Settings:
        if self.telegram_bot_token and self.telegram_mode is TelegramMode.WEBHOOK and not self.hook_base:
            raise ValueError("TELEGRAM_MODE=webhook cần WEBHOOK_URL hoặc PUBLIC_URL để Telegram gọi tới")
        return self

    @property
    def hook_base(self) -> str | None:
        """The address Telegram calls, without the path of the webhook."""
        return self.webhook_url or self.public_url

    def hook_secret(self) -> str:
        """Return the webhook secret; derived from the token when none is set, so that all replicas agree on it."""
        if self.webhook_secret is not None:
            return self.webhook_secret.get_secret_value()
        token = self.telegram_bot_token.get_secret_value() if self.telegram_bot_token else ""
        return hmac.new(token.encode(), b"mot-cua webhook", hashlib.sha256).hexdigest()

    def secrets(self) -> tuple[str, ...]:
        """Return what must never appear in a log."""
        given = (
            self.telegram_bot_token, self.webhook_secret, self.database_url, self.push_token, self.proof_secret,
            self.office_secret,
        )  # fmt: skip
        return (*(secret.get_secret_value() for secret in given if secret), self.hook_secret())


def plain(secret: SecretStr | None) -> str | None:
    """Return what a secret holds, if there is one."""
    return secret.get_secret_value() if secret else None


def load(**overrides: Any) -> Settings:
    """Read the settings; raise ``SettingsError`` naming the first wrong one in words."""
    try:
        with _strict_about_lines():
            return Settings(**overrides)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"][:1]).upper()
        message = _in_words(first["type"], first["msg"], first.get("ctx", {}))
        raise SettingsError(f"Cài đặt sai: {name} {message}." if name else f"Cài đặt sai: {message}.") from None
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsError("Không đọc được tệp .env: tệp phải là văn bản UTF-8 và đọc được.") from error


class _Strict(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        line = record.args[0] if isinstance(record.args, tuple) and record.args else "?"
        raise SettingsError(f"Không hiểu dòng {line} trong tệp .env: mỗi dòng phải có dạng TÊN=giá trị.")


@contextmanager
def _strict_about_lines() -> Iterator[None]:
    """Refuse a line of ``.env`` that makes no sense; its reader would only log it, and go on without the setting."""
    log, handler = logging.getLogger("dotenv.main"), _Strict()
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def _in_words(kind: str, message: str, context: dict[str, Any]) -> str:
    words = {
        "int_parsing": "phải là số nguyên",
        "string_pattern_mismatch": "không đúng dạng",
        "bool_parsing": "phải là true hoặc false",
        "greater_than_equal": f"phải từ {context.get('ge')} trở lên",
        "less_than_equal": f"phải từ {context.get('le')} trở xuống",
        "enum": f"phải là một trong: {str(context.get('expected')).replace(' or ', ', ')}",
    }
    return words.get(kind) or message.removeprefix("Value error, ")


def table() -> str:
    """Return the settings as the Markdown table that README shows."""
    lines = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{_plain(field.default)}`"
        lines.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines)


def example() -> str:
    """Return the text of ``.env.example``: every setting, commented out, with its meaning."""
    lines = ["# Copy to .env and uncomment what you need. Everything is optional."]
    for name, field in Settings.model_fields.items():
        value = "" if field.default is None else _plain(field.default)
        lines += ["", f"# {field.description}", f"# {name.upper()}={value}"]
    return "\n".join(lines) + "\n"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
