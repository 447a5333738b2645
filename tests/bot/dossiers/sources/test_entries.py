from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.simulator import pointing
from bot.dossiers.sources import entries
from bot.dossiers.sources.building import usual
from bot.dossiers.sources.opening import opened
from bot.errors import SettingsError

EXAMPLE = Path(__file__).resolve().parents[4] / "docs" / "sources.example.toml"
FINE = """
[[source]]
kind = "json"
name = "Sổ của xã"
units = ["H48.12"]
url = "https://so.example.vn/{code}"
headers = { X-Key = "env:KHOA" }
[source.mapping]
code = "ma"
"""
NATIONAL = """
[[source]]
kind = "national"
name = "Cổng"
units = ["*"]
url = "https://a.example.vn/"
login_url = "https://a.example.vn/login"
username = "u"
password = "p"
dstcode = "d"
madonvi = "m"
"""


def read(text: str) -> entries.Entries:
    return entries.read(text, {"KHOA": "bí-mật"}, "tệp.toml")


def test_a_value_may_stand_in_the_environment() -> None:
    (entry,) = read(FINE)
    assert isinstance(entry, entries.AnyJson)
    assert entry.headers == {"X-Key": "bí-mật"}


def test_the_example_is_right_and_names_every_setting() -> None:
    names = {"CONG_QUOC_GIA_TAI_KHOAN", "CONG_QUOC_GIA_MAT_KHAU", "IGATE_CLIENT_ID", "IGATE_CLIENT_SECRET", "SO_KHOA"}
    found = entries.load(EXAMPLE, dict.fromkeys(names, "x"))
    assert [entry.kind for entry in found] == ["national", "igate", "json"]
    text = EXAMPLE.read_text(encoding="utf-8")
    fields = {name for entry in found for name in type(entry).model_fields}
    assert sorted(name for name in fields if f"{name} =" not in text and f"source.{name}]" not in text) == []


def test_the_simulators_file_is_right() -> None:
    assert len(read(pointing.sources("http://127.0.0.1:8090"))) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[source]\n", "TOML ở dòng 1"),
        ("", r"các mục \[\[source\]\]"),
        ("a = 1\n" + FINE, r"chỉ các mục ấy"),
        ("source = 3", r"các mục \[\[source\]\]"),
        (FINE.replace('"json"', '"fax"'), r"nguồn thứ 1 \(Sổ của xã\): kind phải là"),
        (FINE.replace('kind = "json"', ""), "kind phải là"),
        (FINE.replace('name = "Sổ của xã"', ""), "nguồn thứ 1: name còn thiếu"),
        (FINE.replace("env:KHOA", "env:KHONG_CO"), "biến môi trường KHONG_CO chưa được đặt"),
        (FINE.replace("https://so", "http://so"), "url không có mã hóa"),
        (FINE.replace("https://so", "ftp://so"), "url phải là địa chỉ http"),
        (FINE.replace("https://so", "https://ai:gi@so"), "không kèm tên và mật khẩu"),
        (FINE.replace("https://so.", "https://[so."), "url phải là địa chỉ"),
        (FINE.replace("{code}", ""), r"\{code\}"),
        (FINE.replace('"H48.12"', '"h48/12"'), "units.0 phải có dạng"),
        (FINE.replace('["H48.12"]', "[]"), "units không được để trống"),
        (FINE.replace('["H48.12"]', '"H48"'), "units phải là danh sách"),
        (FINE.replace("[source.mapping]", "timeout = 0\n[source.mapping]"), "timeout phải từ 0.1 trở lên"),
        (FINE.replace("[source.mapping]", 'timeout = "lâu"\n[source.mapping]'), "timeout phải là số"),
        (FINE.replace("[source.mapping]", "mau = 1\n[source.mapping]"), "mau là mục không có"),
        (FINE.replace("[source.mapping]", 'method = "PUT"\n[source.mapping]'), "method phải là một trong"),
        (FINE.replace("[source.mapping]", "body = {}\n[source.mapping]"), "body chỉ dùng với"),
        (FINE.replace("X-Key", '"X Key"'), "headers có tên"),
        (FINE.replace('"ma"', '"ma["'), "mapping.code không phải biểu thức JMESPath"),
        (FINE.replace('"ma"', '"lạ(@)"'), "mapping.code không phải biểu thức JMESPath"),
        (FINE.replace('"ma"', '"la(@)"'), "mapping.code gọi một hàm JMESPath không có"),
        (FINE.replace('"ma"', "5"), "mapping.code phải là chữ"),
        (FINE + 'mau = "x"', "mapping.mau là mục không có"),
        (FINE + "[source.statuses]\nX = 11", "statuses.X phải không quá 10"),
        (FINE + FINE, r"nguồn thứ 2 \(Sổ của xã\): tên này đã dùng"),
        (NATIONAL.replace('password = "p"', ""), r"nguồn thứ 1 \(Cổng\): password còn thiếu"),
        (NATIONAL.replace("https://a.example.vn/login", "http://a.example.vn/login"), "login_url không có mã hóa"),
        (
            '[[source]]\nkind="igate"\nname="i"\nunits=["*"]\nurl="https://i.example.vn"\ntoken_url="https://i.example.vn"',
            "cần token, hoặc cần đủ",
        ),
    ],
)
def test_what_is_wrong_is_said_in_words_that_name_the_entry(text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        read(text)
    assert "tệp.toml" in str(caught.value)
    assert "bí-mật" not in str(caught.value)


def test_an_expression_too_deep_to_read_is_told() -> None:
    with pytest.raises(SettingsError, match="JMESPath"):
        read(FINE.replace('"ma"', f'"{"(" * 5000}ma{")" * 5000}"'))
    deep = "!" * 3900 + "ma"
    with pytest.raises(SettingsError, match="JMESPath"):
        read(FINE.replace('"ma"', f'"{deep}"'))


@given(st.data())
def test_a_file_with_any_slip_is_read_or_refused_in_words(data: st.DataObject) -> None:
    text = NATIONAL + FINE
    at = data.draw(st.integers(0, len(text) - 1))
    until = data.draw(st.integers(at, min(len(text), at + 30)))
    slip = data.draw(st.sampled_from(["", '"', "=", "[", "]", "{", "1", "\n", "true", "0x", "[[source]]\n", "é"]))
    said = ""
    try:
        assert read(text[:at] + slip + text[until:])
    except SettingsError as error:
        said = str(error)
    assert "\n" not in said
    assert "bí-mật" not in said


def test_plain_http_where_the_entry_allows_it() -> None:
    plain = FINE.replace("https://so", "http://so").replace("[source.mapping]", "plain_http = true\n[source.mapping]")
    assert len(read(plain)) == 1


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "nguồn.toml"
    if content:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"nguồn\.toml"):
        entries.load(path, {})


async def test_a_certificate_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "ca.pem"
    text = FINE.replace("[source.mapping]", f'ca_file = "{missing}"\n[source.mapping]')
    with pytest.raises(SettingsError, match=r"Sổ của xã.*ca\.pem"):
        async with opened(read(text), usual()):
            pass
