from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import markup, wording
from knowledge.procedure import Money, MoneyKind, RequiredDocument, SetBy, TimeLimit, TimeUnit


def fee(amount: int | None, **rest: object) -> Money:
    return Money.model_validate({"kind": MoneyKind.FEE, "amount": amount, **rest})


def test_money_in_words() -> None:
    assert wording.money(fee(0)) == "miễn phí"
    assert wording.money(fee(1500000, unit="hồ sơ")) == "1.500.000 đồng/hồ sơ"
    assert wording.money(fee(5000, condition="Nộp trực tuyến")) == "5.000 đồng (nộp trực tuyến)"
    assert wording.money(fee(None, set_by=SetBy.PROVINCE)) == wording.SET_LOCALLY
    assert wording.money(fee(None)) == wording.UNKNOWN_SUM
    assert wording.money(fee(None, note="Theo giá dịch vụ của tổ chức công chứng")).startswith("Theo giá dịch vụ")


@given(st.integers(min_value=1), st.sampled_from(list(SetBy)), st.text())
def test_only_zero_is_free(amount: int, set_by: SetBy, condition: str) -> None:
    said = wording.money(fee(amount, set_by=set_by))
    assert wording.FREE not in said
    assert said.removesuffix(" đồng").replace(".", "") == str(amount)
    assert wording.FREE not in wording.money(fee(None, set_by=set_by))


def test_time_in_words() -> None:
    assert wording.time_limit(TimeLimit(amount=3, unit=TimeUnit.WORKING_DAY)) == "3 ngày làm việc"
    assert wording.time_limit(TimeLimit(amount=0, unit=TimeUnit.DAY)) == wording.AT_ONCE
    assert wording.time_limit(TimeLimit(note="Ngay trong ngày")) == "Ngay trong ngày"
    assert wording.UNIT_MISSING in wording.time_limit(TimeLimit(amount=1))
    said = wording.time_limit(TimeLimit(amount=8, unit=TimeUnit.DAY, condition="Khi cần xác minh"))
    assert said == "8 ngày (khi cần xác minh)"


def test_paper_in_words() -> None:
    assert wording.paper(RequiredDocument(name="Đơn", form="CT01", originals=1, copies=2)) == (
        "Đơn (mẫu CT01): 1 bản chính, 2 bản sao"
    )
    assert wording.paper(RequiredDocument(name="Tờ khai mẫu CT01", form="mẫu CT01")) == "Tờ khai mẫu CT01"


@given(st.text(max_size=300), st.integers(min_value=2, max_value=200))
def test_clip_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(markup.clip(text, limit)) <= limit


@given(st.text(max_size=200))
def test_escaped_text_reads_the_same_and_holds_no_tag(text: str) -> None:
    escaped = markup.escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert markup.visible(escaped) == len(markup.tidy(text))


def test_a_name_that_shouts_is_calmed() -> None:
    assert markup.heading("ĐĂNG KÝ HOẠT ĐỘNG TÍN NGƯỠNG (CẤP XÃ)") == "Đăng ký hoạt động tín ngưỡng (cấp xã)"
    assert markup.heading("Thủ tục cấp thẻ BHYT") == "Cấp thẻ BHYT"
    assert markup.heading("UBND XÃ") == "UBND XÃ"
