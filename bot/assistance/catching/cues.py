"""Words that tell what a number is: a code that was sent, a card or account, a telephone."""

from __future__ import annotations

import re

from bot.assistance.catching.plain import folded
from bot.assistance.catching.runs import Page
from bot.assistance.catching.spoken import FILLERS

_SPOKEN_OF = re.compile(
    r"\b(?:o\W?t\W?p|ma\W+(?:\w+\W+)?(?:xac (?:thuc|nhan|minh)|bao mat|pin|sms)|cvv|mat khau|password|pass|mk|so the"
    r"|ma (?:vua |moi )?(?:gui|nhan) (?:ve|duoc|vao|qua))\b"
)
_FILLED = rf"(?:(?:{'|'.join(sorted(FILLERS))})[\W_]{{1,3}}){{0,2}}"
_SINGLY = rf"\d(?:(?:[\W_]{{1,3}}{_FILLED}|[a-z])\d){{3,7}}(?!\d)"
_BY_TWOS = rf"\d{{1,2}}(?:(?:[\s,-]{{1,3}}{_FILLED}|[a-z])\d{{1,2}}){{2,5}}(?!\d|[./]\d)"
_IN_A_ROW = r"(?:\d ?){4,8}(?!\d|[.,/]\d| ?dong)"
"""Digits as codes are told and sums of money, days and hours are not."""

CODE = re.compile(
    r"\b(?:otp|0tp|opt|mxt|ma xn|o t p|ot p|o te pe|ote ?pe|passcode|pin|code|verif\w*|sms|xac thuc|"
    r"so (?:bi mat|xac nhan)|mat ma|mk|mat khau (?:mot|1) lan|"
    r"(?:so|day so)\b[^.]{0,25}\b(?:tin nhan|gui ve|may bao|no gui|gui la)|"
    r"(?:tin nhan|no|may) (?:ghi|bao|gui)(?: \w{1,4}){0,2} so)\b|"
    r"\b(?:tin nhan|sms|may|dien thoai|no) (?:ghi|bao|gui|hien)(?: ve| la| co| len)?"
    rf"(?:(?: doc)? nguoc(?: lai)?)?(?=\W{{1,3}}{_FILLED}(?:{_IN_A_ROW}|{_SINGLY}|{_BY_TWOS}))"
)
_MARKED = re.compile(
    r"\bma (?:otp|xac|so(?! (?:thue|ho so|dinh danh|don vi))|pin|la|cua|bi mat|bao mat|kich hoat|dang nhap|gui|nhan|"
    r"vua|day|nay|do|tren|em|toi|chau|con|\d)\b|"
    r"(?<!nghề )(?<!ngành )"
    r"\bmã(?! (?:thủ tục|hồ sơ|bưu|zip|xã|tỉnh|huyện|phường|đơn vị|ngành|qr|vạch|tthc|dịch vụ|vùng|hs|số thuế|hộ|mẫu|"
    r"giới thiệu|tra cứu|biên nhận|phản ánh|góp ý|loại|cơ quan|lĩnh vực|số (?:hồ sơ|đơn vị)))\b"
)
BANK = re.compile(r"\b(?:tai khoan|stk|so tk|ngan hang|the|card|visa|atm)\b")
CALL = re.compile(r"\b(?:goi|dien thoai|sdt|dt|so dt|zalo|phone|lien he|alo)\b")


def speaks_of_secrets(text: str) -> bool:
    """Say whether a text names codes, passwords or cards, as who asks for them does: it may pass, with a warning."""
    return _SPOKEN_OF.search(folded(text)) is not None


def codes(page: Page) -> list[tuple[int, int]]:
    """Return the places that speak of codes, in order."""
    found = [match.span() for match in CODE.finditer(page.bare)]
    found += [match.span() for match in _MARKED.finditer(page.text.lower())]
    return sorted(found)
