"""The file that names the sources of dossiers: one TOML table ``[[source]]`` each, checked before anything starts.

A value ``"env:NAME"`` anywhere in the file stands for the environment variable NAME, so that no password need be in it.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from bot.dossiers.sources.complaint import in_words
from bot.dossiers.sources.mapping import Mapping as FieldMapping
from bot.errors import SettingsError, reason

_UNIT = r"^(\*|BHXH|[A-Z0-9]{1,6}(\.[A-Z0-9]{1,6}){0,5})$"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_FROM_ENVIRONMENT = "env:"
_BIGGEST_FILE = 1_000_000

Word = Annotated[str, Field(min_length=1, max_length=4000)]
Unit = Annotated[str, Field(pattern=_UNIT)]


class Entry(BaseModel):
    """What all kinds of sources have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: Annotated[str, Field(min_length=1, max_length=80)]
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    url: Word
    timeout: Annotated[float, Field(ge=0.1, le=60)] = 8.0
    requests_per_minute: Annotated[int, Field(ge=1, le=60_000)] = 60
    cache_seconds: Annotated[float, Field(ge=0, le=3600)] = 60.0
    link: Word | None = None
    ca_file: Path | None = None
    plain_http: bool = False

    @model_validator(mode="after")
    def _addresses_are_safe(self) -> Entry:
        for name in ("url", "login_url", "token_url", "link"):
            address = getattr(self, name, None)
            if address is not None:
                _check(name, address, plain=self.plain_http or name == "link")
        return self


class National(Entry):
    """The national portal's exchange of dossiers, or a provincial axis that speaks it."""

    kind: Literal["national"]
    login_url: Word
    username: Word
    password: Word
    dstcode: Word
    madonvi: Word
    missing_codes: tuple[Word, ...] = ()


class IGate(Entry):
    """VNPT iGate; ``url`` is the address of its gateway. Either a token, or what is needed to ask for one."""

    kind: Literal["igate"]
    token: Word | None = None
    token_url: Word | None = None
    client_id: Word | None = None
    client_secret: Word | None = None

    @model_validator(mode="after")
    def _has_a_way_in(self) -> IGate:
        asked = (self.token_url, self.client_id, self.client_secret)
        if bool(self.token) == any(asked) or (any(asked) and not all(asked)):
            raise ValueError("cần token, hoặc cần đủ token_url, client_id và client_secret")
        return self


class AnyJson(Entry):
    """Any address that answers JSON; ``{code}`` in ``url`` or ``body`` stands for the dossier code."""

    kind: Literal["json"]
    method: Literal["GET", "POST"] = "GET"
    headers: dict[str, str] = {}
    body: dict[str, Any] | None = None
    mapping: FieldMapping
    statuses: dict[str, Annotated[int, Field(ge=1, le=10)]] = {}
    missing_status: Annotated[int, Field(ge=400, le=499)] | None = 404

    @model_validator(mode="after")
    def _asks_for_one_dossier(self) -> AnyJson:
        if "{code}" not in self.url and "{code}" not in str(self.body):
            raise ValueError("url hoặc body phải có {code}, là chỗ đặt mã hồ sơ")
        if self.body is not None and self.method == "GET":
            raise ValueError('body chỉ dùng với method = "POST"')
        for name, value in self.headers.items():
            if not re.fullmatch(r"[A-Za-z0-9-]+", name) or not value.isprintable():
                raise ValueError("headers có tên hoặc giá trị không hợp lệ")
        return self


Entries = tuple[Annotated[National | IGate | AnyJson, Field(discriminator="kind")], ...]
_READER: TypeAdapter[Entries] = TypeAdapter(Entries)


def configured(path: Path | None) -> Entries:
    """Read the file that the setting names, with the environment and ``.env``; no setting, no sources."""
    return load(path, {**dotenv_values(".env"), **os.environ}) if path else ()


def load(path: Path, environment: Mapping[str, str | None]) -> Entries:
    """Read the file. Raises ``SettingsError``, naming the entry and what is wrong with it."""
    return read(_contents(path), environment, str(path))


def read(contents: str, environment: Mapping[str, str | None], place: str) -> Entries:
    """Read the contents of such a file; ``place`` names it in errors."""
    try:
        table = tomllib.loads(contents)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = re.search(r"at line (\d+)", str(error))
        line = f" ở dòng {where.group(1)}" if where else ""
        raise SettingsError(f"Tệp nguồn hồ sơ {place} viết sai quy cách TOML{line}.") from None
    raw = table.get("source")
    if set(table) != {"source"} or not isinstance(raw, list) or not raw:
        raise SettingsError(f"Tệp nguồn hồ sơ {place} phải gồm các mục [[source]], và chỉ các mục ấy.")
    filled = [_filled(entry, environment, f"{place}, {_called(raw, index)}") for index, entry in enumerate(raw)]
    try:
        entries = _READER.validate_python(filled)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SettingsError(f"Tệp nguồn hồ sơ {place}, {_called(raw, first['loc'][0])}: {in_words(first)}.") from None
    names = [entry.name for entry in entries]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise SettingsError(f"Tệp nguồn hồ sơ {place}, {_called(raw, index)}: tên này đã dùng cho nguồn khác.")
    return entries


def _contents(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_BIGGEST_FILE).decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise SettingsError(f"Không đọc được tệp nguồn hồ sơ {path} ({reason(error)}): sửa SOURCES.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"Tệp nguồn hồ sơ {path} phải là văn bản UTF-8.") from error


def _called(raw: list[Any], index: object) -> str:
    """Return how the person who wrote the file would call an entry."""
    number = index if isinstance(index, int) else 0
    name = raw[number].get("name") if isinstance(raw[number], dict) else None
    return f"nguồn thứ {number + 1}" + (f" ({name})" if isinstance(name, str) and len(name) <= 80 else "")


def _filled(value: Any, environment: Mapping[str, str | None], place: str) -> Any:
    """Return ``value`` with each ``env:NAME`` replaced."""
    if isinstance(value, dict):
        return {name: _filled(held, environment, place) for name, held in value.items()}
    if isinstance(value, list):
        return [_filled(held, environment, place) for held in value]
    if not isinstance(value, str) or not value.startswith(_FROM_ENVIRONMENT):
        return value
    name = value.removeprefix(_FROM_ENVIRONMENT)
    found = environment.get(name)
    if not found:
        raise SettingsError(f"Tệp nguồn hồ sơ {place}: biến môi trường {name} chưa được đặt.")
    return found


def _check(name: str, address: str, *, plain: bool) -> None:
    try:
        parts = urlsplit(address)
        host, fits = parts.hostname, parts.port != 0 and address.isprintable() and " " not in address
    except ValueError:
        host, fits = None, False
    if not host or not fits or parts.scheme not in {"http", "https"} or parts.username:
        raise ValueError(f"{name} phải là địa chỉ http:// hoặc https://, không kèm tên và mật khẩu")
    if parts.scheme == "http" and not plain and host not in _LOCAL:
        raise ValueError(f"{name} không có mã hóa: dùng https://, hoặc đặt plain_http = true nếu mạng nội bộ cho phép")
