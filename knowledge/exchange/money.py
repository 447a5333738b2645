"""What the national portal's money texts really say.

The portal prints "Miễn phí" whenever its number is 0, even where the province sets the sum, so a zero is believed only
when a note beside it says so. A few sums stand in thousands ("20 VNĐ" for 20.000).
"""

from __future__ import annotations

import re

from knowledge.procedure import Money, MoneyKind, SetBy
from knowledge.vietnamese import fold

_AMOUNT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{3})+|\d+)\s*(?:VNĐ|VND|Việt Nam Đồng|đồng|đ\b)", re.IGNORECASE)
_LOCAL = re.compile(r"hoi dong nhan dan|hdnd|uy ban nhan dan .*quy dinh|cap tinh (quyet|quy) dinh|dia phuong")
_FREE = re.compile(r"khong (thu|mat|phai nop|co) (le )?phi|khong thu phi|mien (le )?phi theo")
_SMALLEST_SUM = 1000


def read_money(text: str | None, kind: str) -> tuple[tuple[Money, ...], str | None]:
    """Turn a portal money text and its ``fee_kind`` into money and, where it cannot be trusted, a warning."""
    text = (text or "").encode("utf-8", "ignore").decode()  # half a surrogate pair is no text
    text = re.sub(r"\s+", " ", text.replace("\0", " ")).strip()
    money_kind = MoneyKind.FEE if "lệ phí" in text.lower() else MoneyKind.CHARGE
    note = text[:300] or None
    if kind == "amount":
        return _amount(text, money_kind)
    if kind == "set-locally" or _LOCAL.search(fold(text)):
        return (Money(kind=money_kind, amount=None, set_by=SetBy.PROVINCE, note=note),), None
    if kind == "portal-zero-with-note" and _FREE.search(fold(text)):
        return (Money(kind=money_kind, amount=0, note=note),), None
    if kind in ("portal-zero", "portal-zero-with-note"):
        unsure = "Cổng ghi “Miễn phí” nhưng chưa rõ có đúng là không thu hay do địa phương quy định"
        return (Money(kind=money_kind, amount=None, note=note),), unsure
    if kind == "text" and note:
        return (Money(kind=money_kind, amount=None, note=note),), "Nguồn ghi tiền bằng lời, chưa đọc được con số"
    return (), "Nguồn không có thông tin về phí, lệ phí"


def _amount(text: str, kind: MoneyKind) -> tuple[tuple[Money, ...], str | None]:
    found = _AMOUNT.search(text)
    note = text[:300] or None
    amount = int(re.sub(r"[.,]", "", found.group(1))) if found else 0
    if not amount:
        return (Money(kind=kind, amount=None, note=note),), "Không đọc được số tiền trong nguồn"
    if amount < _SMALLEST_SUM:
        return (
            Money(kind=kind, amount=amount * 1000, note=note),
        ), f"Nguồn ghi {amount} VNĐ, hiểu là {amount}.000 đồng"
    return (Money(kind=kind, amount=amount, note=note),), None
