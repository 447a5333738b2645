"""What the portal's money texts mean: a zero is believed only when words beside it say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.exchange.money import read_money
from knowledge.procedure import MoneyKind, SetBy
from tests.knowledge.texts import anything

KINDS = ["amount", "set-locally", "portal-zero-with-note", "portal-zero", "portal-no-data", "text", "not-stated", "?"]


@pytest.mark.parametrize(
    ("text", "amount", "kind"),
    [
        ("Lệ phí : 8.000 VNĐ", 8000, MoneyKind.FEE),
        ("Phí : 1.500.000 Đồng (một triệu năm trăm)", 1_500_000, MoneyKind.CHARGE),
        ("lệ phí\n 50,000 đ/lần", 50_000, MoneyKind.FEE),
        ("200000 VND", 200_000, MoneyKind.CHARGE),
        ("Phí : 30.000 Việt Nam Đồng", 30_000, MoneyKind.CHARGE),
    ],
)
def test_a_plain_sum(text: str, amount: int, kind: MoneyKind) -> None:
    (money,), warning = read_money(text, "amount")
    assert (money.amount, money.kind, money.set_by, warning) == (amount, kind, SetBy.NATION, None)
    assert money.note


@pytest.mark.parametrize(("text", "amount"), [("20 VNĐ", 20_000), ("Phí: 100 đồng", 100_000)])
def test_a_sum_in_thousands_is_read_as_such_and_said(text: str, amount: int) -> None:
    (money,), warning = read_money(text, "amount")
    assert money.amount == amount
    assert warning is not None
    assert str(amount // 1000) in warning


@pytest.mark.parametrize(
    "text", ["theo 2 mức", "", "10.000.0000 đồng", "3000.000 đồng", "0 VNĐ", "Miễn phí (1,50,000 đồng)", "1.234.56đ"]
)
def test_a_sum_that_cannot_be_read_is_not_guessed(text: str) -> None:
    (money,), warning = read_money(text, "amount")
    assert money.amount is None
    assert warning


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Miễn phí", "set-locally"),
        ("Miễn phí. Theo Nghị quyết của Hội đồng nhân dân tỉnh", "portal-zero-with-note"),
        ("Theo quy định của HĐND", "text"),
        ("Do địa phương quy định", "portal-zero"),
    ],
)
def test_what_the_province_sets_is_not_called_free(text: str, kind: str) -> None:
    (money,), warning = read_money(text, kind)
    assert (money.amount, money.set_by, warning) == (None, SetBy.PROVINCE, None)


@pytest.mark.parametrize("text", ["Miễn phí (không thu phí)", "Không mất phí", "Miễn lệ phí theo Luật Cư trú"])
def test_a_zero_with_words_that_say_free_is_free(text: str) -> None:
    (money,), warning = read_money(text, "portal-zero-with-note")
    assert (money.amount, money.set_by, warning) == (0, SetBy.NATION, None)


@pytest.mark.parametrize(
    ("text", "kind"), [("Miễn phí", "portal-zero"), ("Miễn phí. Xem ghi chú", "portal-zero-with-note")]
)
def test_a_bare_zero_is_not_believed(text: str, kind: str) -> None:
    (money,), warning = read_money(text, kind)
    assert money.amount is None
    assert warning


@pytest.mark.parametrize("text", [None, "", " \0\n"])
def test_nothing_said_is_nothing_known(text: str | None) -> None:
    for kind in ("portal-no-data", "not-stated", "text"):
        assert read_money(text, kind)[0] == ()
        assert read_money(text, kind)[1]


@given(anything, st.sampled_from(KINDS))
def test_only_words_make_anything_free(text: str, kind: str) -> None:
    money, warning = read_money(text, kind)
    assert len(money) <= 1
    for found in money:
        assert found.amount is None or found.amount > 0 or kind == "portal-zero-with-note"
        assert found.amount is not None or found.set_by is SetBy.PROVINCE or warning


@given(st.integers(1000, 10**9))
def test_every_written_sum_is_read(amount: int) -> None:
    for written in (f"{amount:,}".replace(",", "."), f"{amount:,}", str(amount)):
        assert read_money(f"Phí : {written} VNĐ", "amount")[0][0].amount == amount
