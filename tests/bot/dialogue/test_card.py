"""The answer: what it must say, what it must never say, and how long it may be."""

from __future__ import annotations

import pytest

from bot.dialogue import card, markup, papers
from bot.dialogue.turn import Message
from knowledge.procedure import Handling, Procedure, RequiredDocument
from tests.bot.dialogue.records import (
    BIRTH,
    BIRTH_FOREIGN,
    LAND,
    LICENCE,
    MARRIAGE,
    OLD,
    ORPHAN,
    PORTAL,
    RECORDS,
    THIN,
    UNVERIFIED,
    services,
)


def answer(procedure: Procedure) -> Message:
    return card.card(procedure, services())


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]


def actions(message: Message) -> list[str | None]:
    return [button.action for row in message.buttons for button in row]


def test_answer_has_all_one_needs_to_set_out() -> None:
    body = answer(BIRTH).body
    assert "<b>Đăng ký khai sinh</b>\nMã thủ tục: <code>1.001193</code>" in body
    assert "1. Tờ khai đăng ký khai sinh (Mẫu TP/HT-2012-TKKS): 1 bản chính" in body
    assert "<i>Nhờ người khác đi làm thay:</i>\n• Văn bản ủy quyền: 1 bản chính" in body
    assert f"<b>{papers.TO_SHOW}</b>\n• Căn cước của người đi khai: 1 bản chính" in body
    assert f"<b>{papers.LOOKED_UP}</b>\n• Giấy chứng nhận kết hôn của cha mẹ" in body
    assert "<b>Lệ phí:</b> miễn phí" in body
    assert "<b>Thời hạn:</b> 1 ngày làm việc" in body
    assert "Ủy ban nhân dân cấp xã" in body
    assert f'được, tại <a href="{PORTAL}/tthc/1">' in body
    assert "đọc ngày 12/6/2026; đã đối chiếu nguồn thứ hai." in body


def test_unverified_record_says_so_and_links_to_the_portal() -> None:
    body = answer(BIRTH_FOREIGN).body
    assert "chưa kiểm chứng" in body
    assert f'<a href="{PORTAL}">' in body


def test_money_that_differs_by_channel_is_told_by_channel() -> None:
    body = answer(LICENCE).body
    assert "• Nộp trực tiếp: 135.000 đồng/lần\n• Nộp trực tuyến: 115.000 đồng/lần" in body
    assert "<b>Thời hạn:</b> 5 ngày làm việc" in body
    assert "Lưu ý: Nguồn không ghi rõ mức phí tại địa phương." in body


def test_unknown_money_is_never_called_free() -> None:
    assert "do HĐND cấp tỉnh quyết định" in answer(LAND).body
    for procedure in (LAND, THIN):
        assert "miễn phí" not in answer(procedure).body.lower()


def test_time_without_unit_says_that_the_unit_is_missing() -> None:
    assert "nguồn không ghi rõ là giờ, ngày hay tháng" in answer(LAND).body


def test_only_a_channel_named_online_is_called_online() -> None:
    assert "nguồn không ghi cách nộp trực tuyến" in answer(MARRIAGE).body


def test_abolished_procedure_leads_to_its_successor() -> None:
    message = answer(OLD)
    assert "bị bãi bỏ từ ngày 1/7/2025" in message.body
    assert "show:1.000894" in actions(message)
    assert papers.PAPERS not in message.body


def test_abolished_procedure_without_successor_leads_to_a_person() -> None:
    message = answer(ORPHAN)
    assert card.NOT_REPLACED in message.body
    assert actions(message) == ["reject:1.000002"]


def test_successors_in_a_circle_lead_nowhere() -> None:
    one = OLD.model_copy(update={"code": "1.000003", "successor": "1.000004"})
    two = OLD.model_copy(update={"code": "1.000004", "successor": "1.000003"})
    assert card.successor(one, services(records=(one, two))) is None


@pytest.mark.parametrize("procedure", RECORDS, ids=lambda record: record.code)
def test_answer_fits_one_screen(procedure: Procedure) -> None:
    assert markup.visible(answer(procedure).body) <= card.SCREEN


def test_long_list_is_cut_with_a_button_for_all() -> None:
    message = answer(LAND)
    assert "giấy tờ nữa, anh/chị bấm" in message.body
    assert papers.ALL_PAPERS in labels(message)
    assert "14. Giấy tờ số 14" in papers.full(LAND)


def test_papers_for_certain_cases_never_stand_without_their_condition() -> None:
    case = "Người được ủy quyền làm thay cho người không thể tự đi vì ốm đau, già yếu"
    extra = tuple(RequiredDocument(name=f"Giấy tờ riêng {n} " + "x" * 80, condition=case) for n in range(12))
    crowded = BIRTH.model_copy(update={"documents": (*BIRTH.documents, *extra)})
    body = answer(crowded).body
    assert "2. Giấy chứng sinh: 1 bản chính" in body
    assert "3. Văn bản ủy quyền: 1 bản chính <i>(nhờ người khác đi làm thay)</i>" in body
    assert body.count("Giấy tờ riêng") == body.count("<i>(người được ủy quyền làm thay") >= 1
    assert "giấy tờ nữa, anh/chị bấm" in body
    assert f"<i>{case}:</i>" in papers.full(crowded)


def test_only_papers_to_show_are_still_listed() -> None:
    only = (RequiredDocument(name="Bản chính giấy tờ", handling=Handling.SHOW, originals=1),)
    assert "Bản chính giấy tờ: 1 bản chính" in answer(BIRTH.model_copy(update={"documents": only})).body


def test_buttons_show_only_what_the_record_has() -> None:
    shown = [card.PREPARE, card.STEPS, card.LEGAL, card.TERMS, card.RELATED, card.LEAFLET, card.WRONG]
    assert labels(answer(BIRTH)) == shown
    assert labels(answer(THIN)) == [card.LEAFLET, card.WRONG]


def test_markup_in_a_record_is_text() -> None:
    body = answer(THIN).body
    assert "&lt;b&gt;lạ&lt;/b&gt; &amp;" in body
    assert "<b>lạ" not in body


def test_link_of_another_scheme_is_not_a_link() -> None:
    evil = UNVERIFIED.model_copy(update={"url": "javascript:alert(1)"})
    assert "javascript:" not in answer(BIRTH.model_copy(update={"source": evil})).body
