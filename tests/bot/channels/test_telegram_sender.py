from __future__ import annotations

import json
from datetime import timedelta
from typing import cast

import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels import telegram
from bot.channels.telegram_client import UpdatesRequest, checked
from bot.channels.telegram_reading import readable
from bot.channels.telegram_sender import TelegramSender, keyboard
from bot.delivery.sender import Part
from bot.errors import DeliveryError, Gone, Moved, Refused, SlowDown, Uneditable, Unreachable
from bot.printing.files import Files
from bot.storage.sent_files import SentFiles


class Failing:
    """A bot whose every call fails with one error."""

    def __init__(self, error: TelegramError) -> None:
        self._error = error

    async def send_message(self, *_: object, **__: object) -> None:
        raise self._error

    edit_message_text = send_message


def sender_of(bot: Failing) -> TelegramSender:
    """Return a sender that has no files to send."""
    return TelegramSender(cast(Bot, bot), cast(Files, None), cast(SentFiles, None))


@pytest.fixture(autouse=True)
def time_spans_as_in_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def errors() -> list[tuple[TelegramError, type[DeliveryError], type[DeliveryError]]]:
    return [
        (Forbidden("bot was blocked by the user"), Gone, Gone),
        (BadRequest("Chat not found"), Gone, Gone),
        (BadRequest("can't parse entities"), Refused, Uneditable),
        (BadRequest("message to edit not found"), Refused, Uneditable),
        (ChatMigrated(-1005), Moved, Moved),
        (TimedOut(), Unreachable, Unreachable),
        (NetworkError("Bad Gateway"), Unreachable, Unreachable),
        (InvalidToken(), Unreachable, Unreachable),
    ]


@pytest.mark.parametrize("number", range(8))
async def test_each_error_has_its_meaning(number: int) -> None:
    error, sending, editing = errors()[number]
    sender = sender_of(Failing(error))
    with pytest.raises(sending):
        await sender.send("5", Part("a"), {})
    with pytest.raises(editing):
        await sender.edit("5", Part("a"), {"edit": 3})


async def test_asked_to_wait() -> None:
    sender = sender_of(Failing(RetryAfter(timedelta(seconds=7))))
    with pytest.raises(SlowDown) as caught:
        await sender.send("5", Part("a"), {})
    assert caught.value.seconds == 7


async def test_refused_buttons_are_told_apart() -> None:
    for reason in ("BUTTON_DATA_INVALID", "inline keyboard button URL 'x' is invalid"):
        with pytest.raises(Refused) as caught:
            await sender_of(Failing(BadRequest(reason))).send("5", Part("a"), {})
        assert caught.value.buttons


async def test_edit_that_changes_nothing_has_succeeded() -> None:
    bot = Failing(BadRequest("Message is not modified: specified new message content is the same"))
    assert await sender_of(bot).edit("5", Part("a"), {"edit": 3}) == "3"


async def test_nothing_to_edit() -> None:
    with pytest.raises(Uneditable):
        await sender_of(Failing(TimedOut())).edit("5", Part("a"), {})


def test_buttons_telegram_would_refuse_are_left_out() -> None:
    rows: tuple[tuple[dict[str, str | None], ...], ...] = (
        ({"label": "a", "action": "x" * 64}, {"label": "b", "action": "đ" * 33}),
        ({"label": "c", "action": ""}, {"label": "", "action": "d"}),
        ({"label": "e", "url": "https://dichvucong.gov.vn"},),
    )
    made = keyboard(rows)
    assert made
    assert [[button.text for button in row] for row in made.inline_keyboard] == [["a"], ["e"]]
    assert keyboard(()) is None


def test_unreadable_update_hides_no_other() -> None:
    chat = {"id": 5, "type": "private"}
    good = {"update_id": 2, "message": {"message_id": 1, "date": 1, "chat": chat, "text": "a"}}
    payload = {"ok": True, "result": [{"update_id": 1, "message": {"message_id": "x"}}, good, "rubbish", {"a": 1}]}
    read = UpdatesRequest.parse_json_payload(json.dumps(payload).encode())
    assert read["result"] == [{"update_id": 1}, good]


@pytest.mark.parametrize(
    "payload",
    [b"", b"<html>", b"[]", b"\xff", b"null", b'{"ok": true, "res', b'{"ok": true}', b'{"ok": false}', b"[" * 99999],
)
def test_answer_that_is_not_the_servers(payload: bytes) -> None:
    with pytest.raises(NetworkError):
        checked(200, payload)
    code, kept = checked(502, payload)
    assert (code, type(json.loads(kept))) == (502, dict)


def test_answer_of_the_server_is_taken() -> None:
    good = b'{"ok": true, "result": []}'
    assert checked(200, good) == (200, good)
    assert checked(200, b'{"ok": false, "error_code": 429, "parameters": {"retry_after": 3}}')[0] == 429
    assert json.loads(checked(400, b'{"description": "a", "parameters": []}')[1]) == {"description": "a"}


def test_message_with_a_part_the_library_cannot_read_keeps_the_rest() -> None:
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}
    update = {"update_id": 1, "message": {**message, "poll": {"of": "another age"}, "caption": "khai sinh"}}
    assert readable(update) == {"update_id": 1, "message": {**message, "caption": "khai sinh"}}
    for nothing in ({"update_id": 1, "message": "x"}, {"update_id": 1, "callback_query": {}}):
        assert readable(nothing) == {"update_id": 1}


def test_descriptions_fit() -> None:
    assert len(telegram.DESCRIPTION) <= 512
    assert len(telegram.SHORT_DESCRIPTION) <= 120
