"""What we hold of a person: shown to them by /dulieu, deleted when they say so; and the dossiers they follow, /hoso.

Law 91/2025/QH15 gives everybody the right to see and to have deleted what is held of them. What others need stays until
its own time is over: an open request must be ended first, a volunteer leaves the team first, a talk that was reported
is kept until somebody of the office has looked at it, and who shall not meet again does not.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from bot.assistance.pressing import button, pressed
from bot.dialogue import markup
from bot.dialogue.action import Action, Verb
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply, TurnKind
from bot.dossiers import record
from bot.moment import Flow, Moment, Outcome

HEAD = "<b>Những gì tôi đang giữ về anh/chị</b>"
NOTHING = "Ngoài số của khung trò chuyện này, để nhắn trả lời, tôi không giữ gì về anh/chị."
NEVER = "Tôi không giữ họ tên, số căn cước, số điện thoại hay ảnh giấy tờ."
NEVER_OF_MEMBERS = "Tôi không giữ số căn cước, số điện thoại hay ảnh giấy tờ."
HOME = "Nơi ở: {place}"
CASES = "Hồ sơ đang chuẩn bị: {count}"
FOLLOWED = "Hồ sơ đang theo dõi: {codes}"
ASKED = "Câu vừa hỏi và thủ tục vừa xem, để trả lời câu tiếp theo"
COUNTED = {
    "reminders": "Lời nhắc đang hẹn: {count}",
    "wishes": "Câu hỏi đang chờ báo khi có câu trả lời: {count}",
    "requests": "Lần nhờ người giúp: {count}",
    "feedback": "Góp ý, phản ánh đang chờ trả lời: {count}",
    "messages": "Tin nhắn trong cuộc trò chuyện này: {count}",
}
SUBSCRIBED = "Đăng ký nhận tin của xã, phường"
MEMBER = "Anh/chị là tình nguyện viên của đội {team}, với tên {name}"
REMOVED = "Anh/chị từng ở đội tình nguyện {team}, với tên {name} (phần này đội giữ lại)"
DELETE, KEEP, SURE = "Xóa hết", "Thôi, giữ lại", "Vâng, xóa hết"
REALLY = (
    "Xóa xong thì không lấy lại được: hồ sơ đang chuẩn bị, hồ sơ đang theo dõi, lời nhắc, nơi ở, tin nhắn đã lưu. "
    "Tin đã nằm trên máy của anh/chị thì anh/chị tự xóa. Anh/chị chắc chứ?"
)
DONE = (
    "Đã xóa. Tôi chỉ còn số của khung trò chuyện, để gửi được tin này; nó cũng tự mất khi lâu không ai nhắn. "
    "Cần hỏi gì, anh/chị cứ gõ."
)
REPORTED = (
    "Riêng cuộc trò chuyện bị báo cáo thì còn giữ tới khi người phụ trách xem xong; sau đó anh/chị xóa lại là hết."
)
KEPT = "Vâng, tôi giữ nguyên."
OPEN_TALK = "Anh/chị đang nhờ người giúp. Xin kết thúc trước (gõ /ketthuc, hoặc /nhogiup để rút yêu cầu), rồi xóa sau."
STILL_MEMBER = "Anh/chị đang ở đội tình nguyện {team}. Xin rời đội trước (gõ /hotro), rồi xóa sau."
DOSSIERS = "<b>Hồ sơ anh/chị đang theo dõi</b>"
NO_DOSSIERS = (
    "Anh/chị chưa theo dõi hồ sơ nào. Gõ mã hồ sơ trên giấy hẹn, ví dụ <code>H48.12-260112-0099</code>, "
    "rồi bấm “Theo dõi hồ sơ này”."
)
AT = "{status}, xem lúc {at}"
NOT_READ = "chưa tra được"
LOOK = "Xem {code}"

_SUMS = text("""
    SELECT
        (SELECT count(*) FROM reminder WHERE chat_id = :chat) AS reminders,
        (SELECT count(*) FROM wish WHERE chat_id = :chat) AS wishes,
        (SELECT count(*) FROM help_request WHERE chat_id = :chat) AS requests,
        (SELECT count(*) FROM feedback WHERE chat_id = :chat) AS feedback,
        (SELECT count(*) FROM message WHERE chat_id = :chat) AS messages,
        EXISTS (SELECT FROM subscriber WHERE chat_id = :chat) AS subscribed,
        EXISTS (
            SELECT FROM help_request WHERE (chat_id = :chat OR helper_chat = :chat) AND ended_at IS NULL
        ) AS open_talk,
        team.name AS team, volunteer.name, volunteer.state = 'removed' AS removed
    FROM (SELECT) AS nothing LEFT JOIN (volunteer JOIN team ON team.id = team) ON volunteer.chat_id = :chat
""")
_FOLLOWED = text("""
    SELECT code, report FROM following JOIN known ON known.id = known_id WHERE chat_id = :chat ORDER BY following.since
""")
_TALKS = """
    SELECT id FROM help_request WHERE chat_id = :chat
    AND NOT EXISTS (SELECT FROM flag WHERE request = help_request.id AND seen_at IS NULL)
"""
_PASSED_ON = f"""
    chat_id IN (SELECT chat_id FROM alerted WHERE request IN ({_TALKS}))
    AND payload->>'talk' IN (SELECT id::text FROM ({_TALKS}) AS own)
"""  # noqa: S608
_DELETIONS = (
    text(f"DELETE FROM message WHERE {_PASSED_ON}"),  # noqa: S608
    text(f"DELETE FROM post WHERE {_PASSED_ON}"),  # noqa: S608
    text(f"DELETE FROM help_request WHERE id IN ({_TALKS})"),  # noqa: S608
    text("UPDATE feedback SET chat_id = NULL WHERE chat_id = :chat"),
    *(
        text(f"DELETE FROM {table} WHERE chat_id = :chat")  # noqa: S608
        for table in (
            "message", "post", "reminder", "following", "lookup", "proved", "wish", "subscriber", "broadcasted",
            "alerted", "asked_rating",
        )
    ),
)  # fmt: skip


async def take(moment: Moment) -> Outcome | None:
    """Answer /dulieu, /hoso and what their buttons say."""
    turn = moment.turn
    if turn.kind is TurnKind.COMMAND and turn.command == "hoso":
        return await _dossiers(moment), moment.session
    if turn.kind is TurnKind.COMMAND and turn.command == "dulieu":
        return await _shown(moment), moment.session
    words = pressed(turn)
    if words[:1] != ("own",):
        return None
    if words == ("own", "delete"):
        buttons = ((button(SURE, "own", "sure"),), (button(KEEP, "own", "keep"),))
        return await _hindered(moment) or Reply((Message(REALLY, buttons),)), moment.session
    if words == ("own", "sure"):
        return await _deleted(moment)
    return Reply((Message(KEPT),)), moment.session


FLOW = Flow(take=take)


async def _shown(moment: Moment) -> Reply:
    lines = _of_session(moment)
    followed = [row.code for row in await _rows(moment)]
    if followed:
        lines.append(FOLLOWED.format(codes=", ".join(f"<code>{markup.escape(code)}</code>" for code in followed)))
    sums = (await moment.connection.execute(_SUMS, {"chat": moment.chat})).one()
    counts = {name: getattr(sums, name) for name in COUNTED}
    lines += [words.format(count=counts[name]) for name, words in COUNTED.items() if counts[name]]
    lines += [SUBSCRIBED] if sums.subscribed else []
    if sums.team:
        words = REMOVED if sums.removed else MEMBER
        lines.append(words.format(team=markup.escape(sums.team), name=markup.escape(sums.name)))
    if not lines:
        return Reply((Message(f"{NOTHING}\n\n{NEVER}"),))
    body = "\n".join([HEAD, *(f"• {line}" for line in lines), "", NEVER_OF_MEMBERS if sums.team else NEVER])
    return Reply((Message(body, ((button(DELETE, "own", "delete"),),)),))


def _of_session(moment: Moment) -> list[str]:
    session, home = moment.session, moment.services.home
    lines = [HOME.format(place=markup.escape(home.full))] if home else []
    lines += [CASES.format(count=len(session.cases))] if session.cases else []
    return [*lines, ASKED] if session.asked or session.focus else lines


async def _rows(moment: Moment) -> list[Any]:
    return list((await moment.connection.execute(_FOLLOWED, {"chat": moment.chat})).all())


async def _hindered(moment: Moment) -> Reply | None:
    """Say what the person has to end first, if there is something."""
    sums = (await moment.connection.execute(_SUMS, {"chat": moment.chat})).one()
    if sums.open_talk:
        return Reply((Message(OPEN_TALK),))
    if sums.team and not sums.removed:
        return Reply((Message(STILL_MEMBER.format(team=markup.escape(sums.team))),))
    return None


async def _deleted(moment: Moment) -> Outcome:
    hindered = await _hindered(moment)
    if hindered:
        return hindered, moment.session
    for statement in _DELETIONS:
        await moment.connection.execute(statement, {"chat": moment.chat})
    left = (await moment.connection.execute(_SUMS, {"chat": moment.chat})).one()
    return Reply((Message(f"{DONE}\n\n{REPORTED}" if left.requests else DONE),)), Session(greeted=True)


async def _dossiers(moment: Moment) -> Reply:
    rows = await _rows(moment)
    if not rows:
        return Reply((Message(NO_DOSSIERS),))
    lines = [
        f"{number}. <code>{markup.escape(row.code)}</code>: {_state(row.report)}" for number, row in enumerate(rows, 1)
    ]
    buttons: list[tuple[Button, ...]] = [
        (Button(LOOK.format(code=row.code), Action(Verb.TRACK, detail=row.code).payload()),) for row in rows
    ]
    return Reply((Message("\n".join([DOSSIERS, *lines]), tuple(buttons)),))


def _state(found: dict[str, Any] | None) -> str:
    report = record.read(found) if found else None
    if report is None:
        return NOT_READ
    said = report.status.official if report.status else report.status_text or NOT_READ
    return AT.format(status=markup.escape(said.lower()), at=f"{report.read_at:%H:%M %d/%m}")
