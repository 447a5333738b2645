from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.dialogue import card, forms
from bot.dialogue.conversation import respond
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Turn, TurnKind
from bot.forms import SAMPLES, Forms
from knowledge.matching import Facet
from knowledge.procedure import Procedure
from tests.bot.dialogue.records import BIRTH, LICENCE, OLD, answer, services

LINES = {"mẫu khai sinh": answer(BIRTH.code, Facet.FORM), "mẫu đổi bằng": answer(LICENCE.code, Facet.FORM)}


@pytest.fixture
def office(tmp_path: Path) -> Services:
    """An office that keeps a form and a filled sample for registering births."""
    (tmp_path / BIRTH.code / SAMPLES).mkdir(parents=True)
    (tmp_path / BIRTH.code / "Tờ khai <khai sinh>.pdf").write_bytes(b"%PDF")
    (tmp_path / BIRTH.code / SAMPLES / "Tờ khai.jpg").write_bytes(b"\xff\xd8")
    return replace(services(LINES), forms=Forms(tmp_path))


def says(known: Services, text: str) -> Message:
    reply, _ = respond(Turn(TurnKind.TEXT, text), Session(), known)
    return reply.messages[0]


def presses(known: Services, payload: str | None) -> Message:
    reply, session = respond(Turn(TurnKind.ACTION, payload or ""), Session(), known)
    assert session.focus == BIRTH.code
    return reply.messages[0]


def actions(message: Message) -> dict[str, str | None]:
    return {button.label: button.action for row in message.buttons for button in row}


def test_question_for_forms_offers_the_files(office: Services) -> None:
    message = says(office, "mẫu khai sinh")
    assert "• Tờ khai đăng ký khai sinh (Mẫu TP/HT-2012-TKKS): 1 bản chính" in message.body
    assert forms.FILES_BELOW in message.body
    assert list(actions(message))[:2] == ["Mẫu: Tờ khai <khai sinh>.pdf", "Mẫu điền sẵn: Tờ khai.jpg"]


def test_file_and_sample_are_given_and_told_apart(office: Services) -> None:
    offered = actions(says(office, "mẫu khai sinh"))
    blank = presses(office, offered["Mẫu: Tờ khai <khai sinh>.pdf"])
    sample = presses(office, offered["Mẫu điền sẵn: Tờ khai.jpg"])
    assert "anh/chị không nộp tờ này" in sample.body
    assert "Anh/chị điền rồi nộp cùng hồ sơ" in blank.body
    for message, name in ((blank, "Tờ khai <khai sinh>.pdf"), (sample, "Tờ khai.jpg")):
        assert message.file
        assert message.file.name == name
        assert message.file.path.startswith(f"/forms/{BIRTH.code}/")
    assert "Mẫu điền sẵn: Tờ khai.jpg" in actions(presses(office, actions(blank)[forms.ALL_FORMS]))


def test_file_that_is_gone_is_said_to_be(office: Services) -> None:
    message = presses(office, f"form:{BIRTH.code}:{'0' * 12}")
    assert message.body.startswith(forms.GONE)
    assert message.file is None
    assert "Mẫu điền sẵn: Tờ khai.jpg" in actions(message)


def test_button_stands_where_there_is_something_to_give(office: Services) -> None:
    assert card.FORMS in actions(card.card(BIRTH, office))
    assert card.FORMS not in actions(card.card(BIRTH, services()))
    assert not forms.any_to_give(OLD, replace(office, forms=Forms()))
    assert card.FORMS in actions(card.card(linked(), services()))


def test_link_of_a_form_is_given(office: Services) -> None:
    body = forms.block(linked(), services())
    assert '(<a href="https://motcua.example.vn/mau.docx">tải mẫu</a>)' in body
    assert "xin mẫu tại nơi nhận hồ sơ" not in body


def test_without_files_the_way_to_a_form_is_said() -> None:
    known = services(LINES)
    assert "Anh/chị xin mẫu tại nơi nhận hồ sơ" in says(known, "mẫu khai sinh").body
    assert forms.NO_FORMS in says(known, "mẫu đổi bằng").body


def linked() -> Procedure:
    first, *others = BIRTH.documents
    papers = (first.model_copy(update={"form_url": "https://motcua.example.vn/mau.docx"}), *others)
    return BIRTH.model_copy(update={"documents": papers})
