from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update, User

from bot.channels.telegram_updates import COMMANDS, Asked, Incoming, Presence, Stray, meaning, target
from bot.dialogue.turn import Turn, TurnKind

ME = User(1000, "Một Cửa", True, username="mot_cua_bot")
LAN = {"id": 5, "is_bot": False, "first_name": "Lan"}
PRIVATE = {"id": 5, "type": "private"}
GROUP = {"id": -100, "type": "supergroup", "title": "Tổ"}


@pytest.fixture(autouse=True)
def time_spans_as_in_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def read(**content: Any) -> Any:
    return meaning(Update.de_json({"update_id": 1, **content}, None), ME)


def said(chat: dict[str, Any] = PRIVATE, **content: Any) -> Any:
    return read(message={"message_id": 3, "date": 1, "chat": chat, "from": LAN, **content})


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        ("khai sinh", Turn(TurnKind.TEXT, "khai sinh")),
        ("/start", Turn(TurnKind.COMMAND, "", "start")),
        ("/start p_1_001193", Turn(TurnKind.COMMAND, "p_1_001193", "start")),
        ("/TraCuu@Mot_Cua_Bot  làm\nkhai sinh ", Turn(TurnKind.COMMAND, "làm\nkhai sinh", "tracuu")),
        ("/help@other_bot", Turn(TurnKind.COMMAND, "", "help")),
        ("/tra cứu", Turn(TurnKind.COMMAND, "cứu", "tra")),
        ("/tracứu", Turn(TurnKind.TEXT, "/tracứu")),
        ("/", Turn(TurnKind.TEXT, "/")),
        ("", Turn(TurnKind.TEXT, "")),
    ],
)
def test_words_in_private(text: str, turn: Turn) -> None:
    found = said(text=text)
    assert (found.address, found.turn, found.origin) == ("5", turn, {})


@pytest.mark.parametrize("text", ["khai sinh?", "/help@other_bot", "/unknown", "@someone khai sinh", "@mot_cua_bot2 a"])
def test_words_in_a_group_that_are_not_for_us(text: str) -> None:
    mentions = [{"type": "mention", "offset": 0, "length": len(text.split()[0])}] if text.startswith("@") else []
    assert said(GROUP, text=text, entities=mentions) is None


def test_words_in_a_group_that_are_for_us() -> None:
    mention = [{"type": "mention", "offset": 3, "length": 12}]
    found = said(GROUP, text="🙂 @Mot_Cua_Bot, khai sinh", entities=mention)
    assert (found.address, found.turn.value.split()) == ("-100", ["🙂", "khai", "sinh"])
    assert found.origin == {"reply_to": 3}
    assert said(GROUP, text="/help").turn.command == "help"
    assert said(GROUP, text="/help@MOT_CUA_BOT").turn.command == "help"
    ours = {"message_id": 2, "date": 1, "chat": GROUP, "from": {"id": 1000, "is_bot": True, "first_name": "M"}}
    assert said(GROUP, text="phí?", reply_to_message={**ours, "text": "x"}).turn.value == "phí?"
    us = {"id": 1000, "is_bot": True, "first_name": "M"}
    named = [{"type": "text_mention", "offset": 0, "length": 2, "user": us}]
    assert said(GROUP, text="Cửa ơi", entities=named).turn.value == "Cửa ơi"


def test_topic_of_a_forum_is_a_conversation_of_its_own() -> None:
    found = said(GROUP, text="/help", message_thread_id=9, is_topic_message=True)
    assert found.address == "-100/9"
    assert target(found.address) == (-100, 9)
    assert target("5") == (5, None)


def test_what_has_no_words_is_named() -> None:
    file = {"file_id": "a", "file_unique_id": "a"}
    size = {"width": 1, "height": 1}
    animation = {**file, **size, "duration": 1}
    assert said(animation=animation, document=file).turn.value == "animation"
    venue = {"location": {"latitude": 1, "longitude": 1}, "title": "a", "address": "b"}
    assert said(venue=venue, location=venue["location"]).turn.value == "venue"
    assert said(unheard_of={"a": 1}).turn.value == "other"


def test_location_is_told_in_degrees() -> None:
    here = {"latitude": 21.0285111, "longitude": 105.8542}
    assert said(location=here).turn == Turn(TurnKind.LOCATION, "21.02851,105.85420")


def test_pictures_are_to_be_looked_at() -> None:
    small = {"file_id": "s", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 2_000}
    large = {**small, "file_id": "l", "file_size": 200_000}
    huge = {**small, "file_id": "h", "file_size": 11 << 20}
    unread = Turn(TurnKind.PHOTO, "unavailable")
    assert said(photo=[small, large]) == Incoming("5", unread, picture="l", file="photo:l")
    assert said(photo=[small, large, huge]).picture == "l"
    spoken = said(photo=[small], caption="khai sinh")
    assert (spoken.turn, spoken.picture) == (Turn(TurnKind.TEXT, "khai sinh"), "s")
    ordered = said(photo=[small], caption="/help")
    assert (ordered.turn.kind, ordered.picture) == (TurnKind.COMMAND, None)
    file = {"file_id": "f", "file_unique_id": "f", "mime_type": "image/heic"}
    assert said(document=file).picture == "f"
    large_file = said(document={**file, "file_size": 11 << 20})
    assert large_file == Incoming("5", Turn(TurnKind.PHOTO, "large"), file="document:f")
    assert said(document={**file, "mime_type": "application/pdf"}).turn == Turn(TurnKind.UNSUPPORTED, "document")
    assert said(GROUP, photo=[small]) is None
    named = [{"type": "mention", "offset": 0, "length": 12}]
    grouped = said(GROUP, photo=[small], caption="@mot_cua_bot khai sinh", caption_entities=named)
    assert (grouped.picture, grouped.file) == (None, "")


def test_photos_and_documents_are_named_to_be_passed_on() -> None:
    size = {"file_id": "s", "file_unique_id": "s", "width": 90, "height": 60}
    pdf = {"file_id": "d", "file_unique_id": "d", "mime_type": "application/pdf"}
    assert said(document=pdf).file == "document:d"
    assert said(photo=[size], caption="đây").file == "photo:s"
    assert [said(text="a").file, said(photo=[size], caption="/help").file] == ["", ""]
    assert read(edited_message={"message_id": 3, "date": 1, "chat": PRIVATE, "from": LAN, "document": pdf}) is None


@pytest.mark.parametrize(
    "news",
    [
        {"new_chat_members": [LAN]},
        {"left_chat_member": LAN},
        {"group_chat_created": True},
        {"new_chat_title": "a"},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 1}},
    ],
)
def test_news_about_the_chat_is_not_for_us(news: dict[str, Any]) -> None:
    assert said(**news) is None


def test_our_own_and_other_bots_words_are_not_answered() -> None:
    assert said(text="x", via_bot={"id": 1000, "is_bot": True, "first_name": "M"}) is None
    bot = {"id": 6, "is_bot": True, "first_name": "b"}
    assert read(message={"message_id": 3, "date": 1, "chat": PRIVATE, "from": bot, "text": "x"}) is None
    assert read(channel_post={"message_id": 3, "date": 1, "chat": {"id": -9, "type": "channel"}, "text": "x"}) is None


def test_edits() -> None:
    message = {"message_id": 3, "date": 1, "chat": PRIVATE, "from": LAN, "edit_date": 2}
    assert read(edited_message={**message, "text": "a"}).turn == Turn(TurnKind.TEXT, "a", edited=True)
    assert read(edited_message={**message, "location": {"latitude": 1, "longitude": 1}}) is None


def test_presses() -> None:
    message = {"message_id": 3, "date": 1, "chat": PRIVATE, "text": "x"}
    press = {"id": "c", "from": LAN, "chat_instance": "1"}
    found = read(callback_query={**press, "message": message, "data": "steps"})
    assert found == Incoming("5", Turn(TurnKind.ACTION, "steps"), {"edit": 3}, "c")
    assert read(callback_query={**press, "message": message, "game_short_name": "g"}).turn.value == ""
    old = {"message_id": 3, "date": 0, "chat": PRIVATE}
    assert read(callback_query={**press, "message": old, "data": "a"}).origin == {"edit": 3}
    assert read(callback_query={**press, "inline_message_id": "i", "data": "a"}) == Stray("c")


def test_the_rest() -> None:
    assert read(inline_query={"id": "q", "from": LAN, "query": "a", "offset": ""}) == Asked("q", "a")
    status = {"user": {"id": 1000, "is_bot": True, "first_name": "M"}, "status": "member"}
    change = {"chat": PRIVATE, "from": LAN, "date": 1, "old_chat_member": status}
    kicked = {**status, "status": "kicked", "until_date": 0}
    assert read(my_chat_member={**change, "new_chat_member": kicked}) == Presence("5", True)
    assert read(my_chat_member={**change, "new_chat_member": status}) == Presence("5", False)
    assert read() is None


@given(st.text(), st.booleans())
def test_any_text_means_something_in_private(text: str, edited: bool) -> None:
    kind = "edited_message" if edited else "message"
    found = read(**{kind: {"message_id": 3, "date": 1, "chat": PRIVATE, "from": LAN, "text": text}})
    assert found.turn.kind in {TurnKind.TEXT, TurnKind.COMMAND}
    assert found.turn.edited == edited


def test_commands_are_what_telegram_allows() -> None:
    assert all(name.isascii() and name.islower() and 1 <= len(words) <= 256 for name, words in COMMANDS.items())


def test_a_file_keeps_its_name_but_none_in_a_group() -> None:
    known = {"file_id": "f", "file_unique_id": "u", "file_name": "thu-tuc.xlsx"}
    for caption in (None, "bảng mới"):
        found = said(document=known, caption=caption)
        assert (found.file, found.name) == ("document:f", "thu-tuc.xlsx")
    assert said(document={"file_id": "f", "file_unique_id": "u"}).name
    picture = {"file_id": "f", "file_unique_id": "u", "mime_type": "image/png"}
    assert said(document=picture | {"file_name": "001090123456.png"}).name == "001090123456.png"
    assert said(document=picture).name == ""
    assert said(document=known, caption="/help").name == ""
    assert said(GROUP, document=known, caption="@mot_cua_bot", caption_entities=[]) is None
