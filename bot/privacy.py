"""Personal data that must not be kept: numbers that name a person."""

from __future__ import annotations

import re

HIDDEN = "[số đã ẩn]"
NAME = "[tên đã ẩn]"
ADDRESS = "[địa chỉ đã ẩn]"

# Digits with at most three separators between two of them, as people write numbers ("0912 345-678", "+84 (91) 234...").
_BETWEEN = r"[\s.,·•_()\-‐-―\u200b-\u200f\u2060\ufeff]{0,3}"
_NUMBER = re.compile(rf"\+?\d(?:{_BETWEEN}\d)+")
_PASSPORT = re.compile(r"(?<![^\W\d_])[A-Za-z]\d{7,8}(?!\d)")
_SECRET = re.compile(
    r"(?i)(?<!\w)(otp|mã (?:otp|pin|xác (?:thực|nhận|minh))|ma (?:otp|pin|xac (?:thuc|nhan|minh))|mật khẩu|mat khau|mk|"
    r"password|pass)((?:\s+(?:là|la|của|cua|tôi|toi|em|con|cháu|mình|vneid|mới|đó|này))*[\s:=]+)"
    r"(\d(?:[\s.-]?\d){3,7}(?!\w)|(?!https?:|www\.)(?=[^\s\d]*\d)[^\s]{6,64})"
)
_ONE_TIME = re.compile(
    r"(?i)(?<!\w)(?:otp|passcode|(?:verification|security|login) code|m[ãa] (?:otp|pin|x[áa]c (?:th[ựu]c|nh[ậa]n|minh)|"
    r"k[íi]ch ho[ạa]t|[đd][ăa]ng nh[ậa]p|b[ảa]o m[ậa]t|giao d[ịi]ch)|m[ậa]t kh[ẩa]u)(?!\w)"
)
_CODE_ALONE = re.compile(r"(?<![\w.,/-])(?:(?!(?:19|20)\d\d(?!\d))\d{4}|\d{5,8}|\d{3}[ -]\d{3})(?![\w/]|[.,-]\d)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_CURRENCY = re.compile(r"\s*(?:đồng|đ|₫|vnđ|vnd|dong)(?!\w)", re.IGNORECASE)
_SURNAMES = (
    "nguyễn|trần|lê|phạm|huỳnh|hoàng|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|đinh|trịnh|đoàn|mai|lương|đào|phùng|tô|"
    "trương|châu|tạ|chu|nông|lò|giàng|sùng|thạch|danh|quách|tăng|triệu|lưu|khổng|nghiêm|lại|cù|đàm|vi|hứa|văn"
)
_NAMED = re.compile(rf"(?i)(?<!\w)(?:{_SURNAMES})(?: [^\W\d_]+){{2,4}}")
_CALLED = re.compile(
    r"(?i)(?<!\w)((?:họ và |họ )?tên(?: (?:tôi|em|con|cháu|mình|bố|mẹ|vợ|chồng))?(?: là|:)? *)"
    rf"((?:{_SURNAMES})(?: [^\W\d_]+){{1,3}})"
)
_FAMOUS = {"hồ chí minh"}
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_HOUSE = re.compile(r"(?i)\b(?:số nhà|nhà số|địa chỉ(?: là|:)?|ngõ|hẻm|ngách) *\d[\w/.-]*")
_DAY = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d(?!\d)")
_LEAST_NAME = 3
_SHORTEST = 9  # an old identity card; the codes and sums people ask about are shorter


def mask(text: str) -> str:
    """Return ``text`` with identity-card, passport, insurance, tax and phone numbers replaced by a fixed mark.

    Any number of nine digits or more goes, however it is spaced, except a sum of money written in thousands and
    followed by its currency. Procedure codes (``1.001193``) have seven digits and stay. What is said to be a one-time
    code or a password goes too, wherever it stands in a message that speaks of one, as those sent by banks do.
    """
    return _PASSPORT.sub(HIDDEN, _NUMBER.sub(_hide, _secretless(text)))


def tells_secret(text: str) -> bool:
    """Say whether a text holds a one-time code or a password."""
    return _secretless(text) != text


def _secretless(text: str) -> str:
    text = _SECRET.sub(rf"\1\2{HIDDEN}", text)
    return _CODE_ALONE.sub(HIDDEN, text) if _ONE_TIME.search(text) else text


def _hide(found: re.Match[str]) -> str:
    number = found.group()
    if sum(char.isdigit() for char in number) < _SHORTEST:
        return number
    if _THOUSANDS.fullmatch(number) and _CURRENCY.match(found.string, found.end()):
        return number
    return HIDDEN


def anonymous(text: str) -> str:
    """Return ``text`` masked, and without what else may name a person: names, e-mail addresses, houses, birthdays.

    A name is a family name and two words or more in capitals ("Nguyễn Văn An"), or what somebody says they are called.
    """
    text = _HOUSE.sub(ADDRESS, _MAIL.sub(ADDRESS, mask(text)))
    text = _NAMED.sub(_unnamed, _CALLED.sub(rf"\1{NAME}", text))
    return _DAY.sub(HIDDEN, text)


def _unnamed(found: re.Match[str]) -> str:
    words = found.group().split(" ")
    length = next((at for at, word in enumerate(words) if not word[0].isupper()), len(words))
    if length < _LEAST_NAME or " ".join(words[:3]).lower() in _FAMOUS:
        return found.group()
    return " ".join((NAME, *words[length:]))
