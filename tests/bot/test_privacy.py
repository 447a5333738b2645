from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import ADDRESS, HIDDEN, NAME, anonymous, mask, tells_secret

separator = st.sampled_from(["", " ", ".", "-", " - ", "\u200b", ") ", "\u00a0"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("cccd 001090123456 của tôi", f"cccd {HIDDEN} của tôi"),
        ("gọi 0912 345 678 nhé", f"gọi {HIDDEN} nhé"),
        ("gọi +84 (912) 345-678", f"gọi {HIDDEN}"),
        ("cmnd 123456789", f"cmnd {HIDDEN}"),
        ("hộ chiếu C12345678 hết hạn", f"hộ chiếu {HIDDEN} hết hạn"),
        ("thủ tục 1.001193 hay 1001193", "thủ tục 1.001193 hay 1001193"),
        ("lệ phí 1.000.000 đồng", "lệ phí 1.000.000 đồng"),
        ("vay 1.500.000.000đ", "vay 1.500.000.000đ"),
        ("mẫu CT01, NĐ 123/2015/NĐ-CP", "mẫu CT01, NĐ 123/2015/NĐ-CP"),
        ("số ٠٩١٢٣٤٥٦٧٨", f"số {HIDDEN}"),
    ],
)
def test_examples(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.lists(st.tuples(st.sampled_from("0123456789"), separator), min_size=9, max_size=20), st.text(max_size=20))
def test_no_long_number_survives(pieces: list[tuple[str, str]], tail: str) -> None:
    number = "".join(digit + between for digit, between in pieces)
    left = mask(f"số {number} {tail}".replace("đ", "").replace("Đ", "").replace("₫", "").replace("v", ""))
    assert not re.search(r"\d{9}", re.sub(r"[\s.\-)\u200b]", "", left.replace(HIDDEN, "x")))


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text().filter(lambda text: not any(char.isdigit() for char in text)))
def test_words_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("tôi là Nguyễn Văn Đức muốn làm hộ chiếu", f"tôi là {NAME} muốn làm hộ chiếu"),
        ("NGUYỄN VĂN ĐỨC xin đổi tên", f"{NAME} xin đổi tên"),
        ("tên tôi là trần thị b, làm khai sinh", f"tên tôi là {NAME}, làm khai sinh"),
        ("con tôi sinh 12/3/2015", f"con tôi sinh {HIDDEN}"),
        ("gửi về a.b@mail.vn nhé", f"gửi về {ADDRESS} nhé"),
        ("số nhà 12/3 phường X", f"{ADDRESS} phường X"),
        ("làm hộ chiếu ở Hồ Chí Minh", "làm hộ chiếu ở Hồ Chí Minh"),
        ("đường Nguyễn Trãi có cấm xe không", "đường Nguyễn Trãi có cấm xe không"),
        ("Cao Bằng, Thái Nguyên, Lâm Đồng", "Cao Bằng, Thái Nguyên, Lâm Đồng"),
        ("đổi tên là phải làm gì", "đổi tên là phải làm gì"),
    ],
)
def test_nothing_that_names_a_person_is_kept(text: str, kept: str) -> None:
    assert anonymous(text) == kept


@given(st.text())
def test_taking_names_off_never_fails_and_hides_what_masking_hides(text: str) -> None:
    assert mask(anonymous(text)) == anonymous(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mã OTP là 482913 đúng không", f"mã OTP là {HIDDEN} đúng không"),
        ("otp 48 29", f"otp {HIDDEN}"),
        ("mật khẩu của tôi là hoa123", f"mật khẩu của tôi là {HIDDEN}"),
        ("mật khẩu có 8 ký tự", "mật khẩu có 8 ký tự"),
        ("quên mật khẩu cấp 2 thì sao", "quên mật khẩu cấp 2 thì sao"),
        ("OTP hết hạn sau 180 giây", "OTP hết hạn sau 180 giây"),
        ("VNeID: Ma OTP cua ban la 482913. Khong chia se.", f"VNeID: Ma OTP cua ban la {HIDDEN}. Khong chia se."),
        ("482913 là mã xác thực của quý khách", f"{HIDDEN} là mã xác thực của quý khách"),
        ("Mat khau mot lan (OTP) la 482913", f"Mat khau mot lan (OTP) la {HIDDEN}"),
        ("OTP giao dich 500.000 VND la 482 913", f"OTP giao dich 500.000 VND la {HIDDEN}"),
        ("mã xác nhận gửi về máy là 4829 đấy", f"mã xác nhận gửi về máy là {HIDDEN} đấy"),
        ("mã OTP năm 2025, ngày 25/08/2026", "mã OTP năm 2025, ngày 25/08/2026"),
        ("mã xác nhận của thủ tục 1.001193", "mã xác nhận của thủ tục 1.001193"),
        ("giấy xác nhận 482913", "giấy xác nhận 482913"),
    ],
)
def test_codes_and_passwords_are_not_kept(text: str, kept: str) -> None:
    assert mask(text) == kept
    assert tells_secret(text) == (text != kept)


@given(
    st.sampled_from(["OTP", "Ma xac thuc", "mã PIN"]),
    st.from_regex(r"[a-z ]{0,30}", fullmatch=True),
    st.integers(0, 999_999),
)
def test_no_code_of_a_message_about_one_is_kept(name: str, between: str, number: int) -> None:
    assert f"{number:06}" not in mask(f"{name} {between} {number:06}. Khong chia se")
    assert f"{number:06}" not in mask(f"{number:06} {between} {name} cua ban")
