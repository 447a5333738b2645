from __future__ import annotations

import pytest

from bot.dialogue import card, leaflet
from bot.dialogue.conversation import respond
from bot.dialogue.session import Session
from bot.dialogue.turn import Attachment, Turn, TurnKind
from tests.bot.dialogue.records import BIRTH, LAND, OLD, answer, offer, services

KNOWN = services({"khai sinh": answer(BIRTH.code), "đất": offer(LAND.code, BIRTH.code)})
FILE = Attachment("/leaflet/1.001193.pdf?size=a5", "Tờ hướng dẫn 1.001193.pdf")


def inra(argument: str, session: Session | None = None) -> tuple[list[str], Attachment | None, Session]:
    reply, after = respond(Turn(TurnKind.COMMAND, argument, "inra"), session or Session(), KNOWN)
    (message,) = reply.messages
    return [button.label for row in message.buttons for button in row], message.file, after


@pytest.mark.parametrize("argument", ["1.001193", "1001193", " khai sinh "])
def test_command_gives_the_file(argument: str) -> None:
    labels, file, session = inra(argument)
    assert (labels, file, session.focus) == (["Lấy khổ A4", "Về thông tin chính"], FILE, BIRTH.code)


def test_command_alone_means_what_was_shown_last() -> None:
    assert inra("", Session(focus=BIRTH.code))[1] == FILE
    reply, _ = respond(Turn(TurnKind.COMMAND, "", "inra"), Session(), KNOWN)
    assert reply.messages[0].body == leaflet.ASK


def test_words_that_several_fit_are_offered_and_abolished_ones_are_said_to_be() -> None:
    assert inra("đất")[1] is None
    assert len(inra("đất")[2].offered) == 2
    labels, file, _ = inra(OLD.code)
    assert file is None
    assert "Xem thủ tục mới" in labels


def test_button_under_an_answer_gives_the_file_in_both_sizes() -> None:
    pressed = {button.label: button.action for row in card.card(BIRTH, KNOWN).buttons for button in row}
    for action, path in ((pressed[card.LEAFLET], FILE.path), ("leaflet:1.001193:a4", "/leaflet/1.001193.pdf?size=a4")):
        reply, session = respond(Turn(TurnKind.ACTION, action or ""), Session(), KNOWN)
        assert reply.messages[0].file == Attachment(path, FILE.name)
        assert session.focus == BIRTH.code


def test_old_button_of_an_abolished_one_says_so() -> None:
    reply, _ = respond(Turn(TurnKind.ACTION, f"leaflet:{OLD.code}"), Session(), KNOWN)
    assert "đã bị bãi bỏ" in reply.messages[0].body


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/leaflet/1.001193.pdf", leaflet.Wanted("1.001193", "a4")),
        (leaflet.path("1.001193"), leaflet.Wanted("1.001193", "a5")),
        ("/leaflet/1.001193.pdf?size=a3", None),
        ("/leaflet/../1.001193.pdf", None),
    ],
)
def test_paths(path: str, wanted: leaflet.Wanted | None) -> None:
    assert leaflet.read(path) == wanted
