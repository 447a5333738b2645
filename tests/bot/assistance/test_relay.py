from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import opinion, parting, relay, requests, speech, suggesting, waiting
from bot.assistance.catching.refusal import QUIET_WORDS, Secret, explanation
from bot.assistance.tables import Side
from bot.dialogue import beyond, commands, conversation
from bot.dialogue.turn import Attachment, Turn, TurnKind
from bot.dossiers.dates import Quiet
from bot.dossiers.receipt import Outcome as Photo
from tests.bot.assistance.helping import Somebody, Ward, ward


@pytest.fixture
def here(engine: AsyncEngine) -> Ward:
    return ward(engine)


@pytest.fixture
async def pair(here: Ward) -> tuple[Somebody, Somebody, int]:
    """A citizen and a volunteer who talk, and the number of their talk."""
    lan, citizen = await here.volunteer(), await here.citizen()
    return citizen, lan, await here.talking(citizen, lan)


Pair = tuple[Somebody, Somebody, int]


async def test_both_are_told_and_then_hear_each_other_and_not_us(here: Ward) -> None:
    lan, citizen = await here.volunteer(), await here.citizen()
    await here.asked(citizen)
    await lan.hears()
    taken = await lan.presses(speech.TAKE)
    assert "không vào được VNeID" in taken
    assert lan.labels == [speech.END, speech.REPORT, speech.TO_STAFF]
    (begun,) = await citizen.hears()
    assert "Anh/chị <b>Lan</b>, tình nguyện viên Đội Lan, Phường Ba Đình" in begun
    assert citizen.labels == [speech.END, speech.REPORT]
    assert await citizen.says("chào chị\nem <b>quên</b> cách vào") == ""
    assert await lan.hears() == ["<b>Người dân:</b>\nchào chị\nem &lt;b&gt;quên&lt;/b&gt; cách vào"]
    assert await lan.says("anh mở ứng dụng VNeID nhé") == ""
    assert await citizen.hears() == ["<b>Anh/chị Lan (tình nguyện viên):</b>\nanh mở ứng dụng VNeID nhé"]
    assert [side for (side,) in await here.run("SELECT side FROM talked ORDER BY id")] == ["citizen", "helper"]


async def test_neither_sees_who_the_other_is(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    await citizen.says("a lô")
    await lan.says("tôi đây")
    told = [*await lan.hears(), *await citizen.hears()]
    rows = await here.run("SELECT payload::text FROM message")
    for words in (*told, *(row for (row,) in rows)):
        assert "chat of" not in words


async def test_commands_and_buttons_are_ours_meanwhile(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    assert "/tracuu" in await citizen.says("/help")
    assert await citizen.says("/nhogiup")
    await citizen.presses(speech.REPORT)
    assert await lan.hears() == []
    assert await citizen.presses(parting.STAY) == parting.STAYED


async def test_a_correction_is_told_as_one(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    await citizen.does(Turn(TurnKind.TEXT, "hôm qua", edited=True))
    assert await lan.hears() == ["<b>Người dân, sửa lại tin trước:</b>\nhôm qua"]


async def test_despair_is_passed_on_and_the_writer_told_whom_to_call(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    assert await citizen.says("tôi không muốn sống nữa") == beyond.DESPAIR
    assert await lan.hears() == ["<b>Người dân:</b>\ntôi không muốn sống nữa"]
    assert await citizen.says("chồng đang đánh tôi") == beyond.DANGER
    assert await lan.hears() == ["<b>Người dân:</b>\nchồng đang đánh tôi"]


@pytest.mark.parametrize("words", ["mã OTP là 482913", "bốn tám hai chín một ba", "0 0 1 0 9 0 1 2 3 4 5 6"])
@pytest.mark.parametrize("side", [Side.CITIZEN, Side.HELPER])
async def test_secrets_go_nowhere(here: Ward, pair: Pair, side: Side, words: str) -> None:
    citizen, lan, _ = pair
    writer, reader = (citizen, lan) if side is Side.CITIZEN else (lan, citizen)
    assert "không chuyển" in await writer.writes(words)
    assert await reader.hears() == [QUIET_WORDS]
    rows = await here.run("SELECT payload::text FROM message UNION ALL SELECT session::text FROM chat")
    assert not [row for (row,) in rows if words in row]
    assert speech.HELD in str(rows)
    assert await here.run("SELECT body FROM talked") == [(speech.HELD,)]


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        ("Bác đọc mã OTP cho cháu với", True),
        ("bac nhan ma gui ve may cho chau", True),
        ("Anh cho em xin mật khẩu VNeID", True),
        ("Cô đọc mã xác nhận giúp cháu", True),
        ("Bác mang theo hai ảnh và mã hồ sơ nhé", False),
        ("Bác vào Cổng Dịch vụ công rồi bấm Đăng nhập", False),
    ],
)
async def test_a_helper_who_asks_for_a_code_is_warned_of(pair: Pair, words: str, warned: bool) -> None:
    citizen, lan, _ = pair
    await lan.says(words)
    (heard,) = await citizen.hears()
    assert words in heard
    assert (speech.CARE in heard) is warned
    await citizen.says(words)
    assert speech.CARE not in str(await lan.hears())


async def test_a_code_in_crumbs_is_caught_at_the_second(pair: Pair) -> None:
    citizen, lan, _ = pair
    assert await citizen.says("482") == ""
    assert await citizen.says("913") in (
        explanation([Secret.OTP], Side.CITIZEN),
        explanation([Secret.PHONE], Side.CITIZEN),
    )
    assert len(await lan.hears()) == 2


async def test_thirty_a_minute_and_no_endless_text(here: Ward, pair: Pair) -> None:
    citizen, lan, number = pair
    await here.run(
        "INSERT INTO talked (request, side, body) SELECT :id, 'citizen', 'a' FROM generate_series(1, 30)", id=number
    )
    assert await citizen.says("nữa") == relay.TOO_FAST
    assert await lan.says("tôi đây") == ""
    assert await lan.says("a " * 3000) == relay.TOO_LONG
    assert await lan.hears() == []


async def test_files_go_by_name_after_a_warning(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    asked = await citizen.does(Turn(TurnKind.PHOTO, Photo.UNAVAILABLE, file="photo:AgAC-1"))
    assert asked == relay.ASK_FILE.format(what="ảnh này")
    assert await lan.hears() == []
    assert await citizen.presses(relay.SEND_FILE) == relay.FILE_SENT.format(what="ảnh này")
    assert await lan.hears() == ["<b>Người dân</b> gửi một ảnh:"]
    assert lan.last.messages[0].file == Attachment("", "anh.jpg", "photo:AgAC-1")
    assert await citizen.sends("talk", "file", pair[2]) == relay.NO_FILE
    await lan.does(Turn(TurnKind.UNSUPPORTED, "document", file="document:BQ"))
    assert await lan.presses(relay.KEEP_FILE) == relay.FILE_KEPT
    assert await citizen.hears() == []
    assert await here.run("SELECT remote FROM enclosed") == [("photo:AgAC-1",)]


async def test_a_file_that_was_not_sent_is_forgotten_after_the_end(here: Ward, pair: Pair) -> None:
    citizen, lan, number = pair
    await citizen.does(Turn(TurnKind.PHOTO, Photo.UNAVAILABLE, file="photo:AgAC-1"))
    await lan.says("/ketthuc")
    assert await citizen.sends("talk", "file", number) == parting.OVER
    assert await here.run("SELECT FROM enclosed") == []
    assert len(await citizen.hears()) == 2


async def test_words_beside_a_photo_go_at_once(pair: Pair) -> None:
    citizen, lan, _ = pair
    assert await citizen.does(Turn(TurnKind.TEXT, "trang này", file="photo:a")) == relay.ASK_FILE.format(what="ảnh này")
    assert await lan.hears() == ["<b>Người dân:</b>\ntrang này"]


async def test_what_is_no_word_and_no_file_stays_here(pair: Pair) -> None:
    citizen, lan, _ = pair
    assert await citizen.does(Turn(TurnKind.UNSUPPORTED, "voice")) == relay.ONLY_WORDS
    assert await citizen.does(Turn(TurnKind.LOCATION, "21.0,105.8")) == relay.ONLY_WORDS
    assert await citizen.does(Turn(TurnKind.PHOTO, Photo.IDENTITY, file="photo:a")) == relay.IDENTITY
    assert await lan.hears() == []


async def test_what_the_page_shows_of_a_talk_is_marked_to_go_with_it(here: Ward) -> None:
    lan, citizen = await here.volunteer(), await here.citizen("w", "web")
    number = await here.talking(citizen, lan)
    await citizen.writes("chào chị")
    rows = await here.run("SELECT payload FROM message WHERE author = 'person'")
    assert [row.payload for row in rows] == [{"text": "chào chị", "talk": number}]


@pytest.mark.parametrize("by", [Side.CITIZEN, Side.HELPER])
async def test_either_ends_it_and_it_is_counted(here: Ward, pair: Pair, by: Side) -> None:
    citizen, lan, _ = pair
    one, other = (citizen, lan) if by is Side.CITIZEN else (lan, citizen)
    assert await one.says("/ketthuc") == speech.ENDED
    assert one.labels == [speech.BAR, speech.REPORT]
    words = speech.ENDED_BY_CITIZEN if by is Side.CITIZEN else speech.ENDED_BY_HELPER
    assert (await other.hears())[0] == words
    assert await here.run("SELECT about FROM asked_rating") == [(f"help.{pair[2]}",)]
    assert await here.run("SELECT state, ended_by, outcome FROM help_request") == [("ended", by, "done")]
    assert await here.run("SELECT kind, outcome, online FROM work") == [("talk", "done", None)]
    assert await one.says("/ketthuc") == commands.NO_SUCH
    assert await one.says("xyz") != ""
    assert await lan.hears() == []


async def test_old_buttons_and_those_of_others_do_nothing(here: Ward, pair: Pair) -> None:
    citizen, lan, number = pair
    stranger = await here.citizen("8")
    for act in ("end", "report", "bar", "agree", "staff", "file"):
        assert await stranger.sends("talk", act, number) == conversation.STALE
    assert await stranger.sends("talkflag", "otp", number) == conversation.STALE
    assert await lan.sends("talk", "agree", number) == conversation.STALE
    assert await citizen.sends("talk", "staff", number) == conversation.STALE
    assert await citizen.sends("talkflag", "why", number) == conversation.STALE
    await citizen.sends("talk", "end", number)
    assert await citizen.sends("talk", "end", number) == parting.OVER
    assert await citizen.sends("talk", "report", number) == parting.ASK_REASON_AFTER
    assert await here.run("SELECT FROM flag") == []


async def test_a_report_ends_it_and_keeps_them_apart(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    await lan.says("cho tôi xin ít tiền")
    await citizen.hears()
    await citizen.says("/nhogiup")
    await citizen.presses(speech.REPORT)
    assert await citizen.presses(parting.REASONS["money"]) == parting.REPORTED
    assert (await lan.hears())[-1] == speech.ENDED_BY_CITIZEN
    assert await here.run("SELECT side, reason, verdict FROM flag") == [("citizen", "money", None)]
    assert await here.run("SELECT outcome FROM work") == [("reported",)]
    await here.asked(citizen)
    assert await lan.hears() == []


async def test_a_report_may_come_after_the_end_and_only_once(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    await lan.says("/ketthuc")
    assert speech.ENDED_BY_HELPER in await citizen.hears()
    await citizen.sends("talk", "report", pair[2])
    await citizen.presses(parting.REASONS["rude"])
    assert await citizen.sends("talkflag", "rude", pair[2]) == parting.REPORTED_BEFORE
    assert await lan.hears() == []
    assert len(await here.run("SELECT FROM flag")) == 1


async def test_who_does_not_want_to_meet_again_does_not(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    await lan.says("/ketthuc")
    assert await lan.presses(speech.BAR) == parting.BARRED
    await citizen.hears()
    await here.asked(citizen)
    assert await lan.hears() == []
    assert len(await here.run("SELECT FROM barred")) == 1


async def test_handed_to_an_officer_with_leave(here: Ward, pair: Pair) -> None:
    citizen, lan, number = pair
    hoa = await here.officer()
    await citizen.says("máy báo sai căn cước")
    assert await lan.sends("talk", "staff", number) == parting.ASKED_LEAVE
    (asked,) = await citizen.hears()
    assert "đồng ý không" in asked
    assert await hoa.hears() == []
    await citizen.presses(speech.AGREE)
    assert (await lan.hears())[-1] == speech.HANDED
    assert await lan.says("xyz") != ""
    assert "Chưa có ai" in await citizen.says("/nhogiup") or "cán bộ" in citizen.last.messages[0].body
    (alert,) = await hoa.hears()
    assert "VNeID" in alert
    before = await hoa.presses(speech.TAKE)
    assert "máy báo sai căn cước" in before
    assert "<b>Hoa</b>, cán bộ bộ phận Một cửa" in (await citizen.hears())[0]
    assert speech.TO_STAFF not in hoa.labels
    await hoa.says("mai anh ra phường nhé")
    assert await citizen.hears() == ["<b>Hoa (cán bộ Một cửa):</b>\nmai anh ra phường nhé"]
    await citizen.says("/ketthuc")
    assert await here.run("SELECT outcome FROM work") == [("handed",)]
    assert [act for (act,) in await here.run("SELECT act FROM audit ORDER BY id")] == ["help.take", "help.read"]


async def test_without_leave_it_stays_where_it_is(here: Ward, pair: Pair) -> None:
    citizen, lan, number = pair
    await here.officer()
    await lan.sends("talk", "staff", number)
    await citizen.hears()
    await citizen.presses(speech.REFUSE)
    assert await lan.hears() == [speech.NOT_HANDED]
    assert await here.run("SELECT state FROM help_request") == [("live",)]
    assert await citizen.sends("talk", "agree", number) == parting.NOT_GIVEN


async def test_what_comes_when_it_just_ended_is_not_passed_on(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    await lan.says("/ketthuc")
    await citizen.hears()
    said = await citizen.says("xin cảm ơn")
    assert said != ""
    assert await lan.hears() == []


async def test_a_complaint_does_not_go_to_whom_it_is_about(here: Ward) -> None:
    here.flows += [opinion.FLOW, suggesting.FLOW]
    lan, citizen = await here.volunteer(), await here.citizen()
    await here.talking(citizen, lan)
    await citizen.says("/gopy")
    await citizen.presses("Phản ánh")
    assert "thô lỗ" in await citizen.says("tình nguyện viên này thô lỗ với tôi")
    assert await lan.hears() == []
    await citizen.presses(suggesting.SEND)
    assert await here.run("SELECT kind FROM feedback") == [("complaint",)]
    assert await citizen.says("chị ơi") == ""
    assert await lan.hears() == ["<b>Người dân:</b>\nchị ơi"]


async def test_who_begins_anew_hears_what_goes_on(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    assert (await citizen.says("/huy")).endswith(waiting.TALKING)
    assert citizen.labels[-2:] == [speech.END, speech.REPORT]
    assert (await lan.says("/huy")).endswith(relay.HELPING)
    assert lan.labels[-3:] == [speech.END, speech.REPORT, speech.TO_STAFF]
    other = await here.citizen("9")
    await here.asked(other)
    await other.says("/huy")
    assert other.labels[-1] == waiting.CANCEL


async def test_buttons_of_a_talk_that_waits_for_an_officer_say_so(here: Ward, pair: Pair) -> None:
    citizen, lan, number = pair
    await here.officer()
    assert await citizen.sends("talk", "agree", number) == parting.NOT_GIVEN
    await lan.sends("talk", "staff", number)
    await citizen.sends("talk", "agree", number)
    for act in ("agree", "end"):
        assert waiting.FOR_STAFF in await citizen.sends("talk", act, number)
    assert citizen.labels == [waiting.CANCEL]
    assert await lan.sends("talk", "end", number) == parting.OVER


async def test_words_that_are_held_count_as_well(here: Ward, pair: Pair) -> None:
    citizen, lan, _ = pair
    for _ in range(relay.MOST_A_MINUTE):
        await citizen.says("mã OTP là 482913")
    assert await citizen.says("mã OTP là 482913") == relay.TOO_FAST
    assert await lan.hears() == [QUIET_WORDS] * relay.MOST_A_MINUTE
    assert await here.run("SELECT DISTINCT body FROM talked") == [(speech.HELD,)]


async def test_officers_are_not_called_in_hours_that_are_closed(engine: AsyncEngine) -> None:
    here = ward(engine)
    lan, citizen, hoa = await here.volunteer(), await here.citizen(), await here.officer()
    number = await here.talking(citizen, lan)
    hour = (await clock(here)).hour
    here.alerts._closed = Quiet(hour, (hour + 2) % 24)
    await lan.sends("talk", "staff", number)
    assert "Giờ này cán bộ không trực. Từ" in await citizen.sends("talk", "agree", number)
    assert await hoa.hears() == []
    here.alerts._closed = Quiet(0, 0)
    await here.alerts.round()
    assert len(await hoa.hears()) == 1


async def clock(here: Ward) -> datetime:
    async with here.engine.connect() as connection:
        return await requests.clock(connection)
