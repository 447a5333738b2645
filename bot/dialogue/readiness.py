"""The list of a dossier in preparation and what its buttons do: tick off, count copies, keep, share, be reminded."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.dialogue import card, cases, checklist, cost, due, link, markup, parts, ways
from bot.dialogue.action import Action, Verb
from bot.dialogue.effect import Remind
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared, Session
from bot.dialogue.turn import Attachment, Button, Message, Reply
from bot.dialogue.upshot import Came
from knowledge import case
from knowledge.guidance import Guidance
from knowledge.procedure import ChannelKind, Procedure

READY = "Đã đủ giấy tờ"
REDO = "Sửa câu trả lời"
AGAIN = "Làm lại từ đầu"
PDF = "Lưu PDF"
PICTURE = "Lưu ảnh"
SHARE = "Chia sẻ"
REMIND = "Nhắc tôi"
BACK_TO_LIST = "Về danh sách"
COMPLETE = "Vậy là đủ giấy tờ cho “{title}”."
PERHAPS = "Còn {count} giấy chỉ cần trong một số trường hợp, anh/chị xem lại phần in nghiêng trong danh sách."
GO_ONLINE = (
    "Nộp qua mạng: vào {portal}, đăng nhập bằng VNeID, tìm thủ tục có mã <code>{code}</code> rồi làm theo hướng dẫn."
)
KEEP_RECEIPT = "Nộp xong, anh/chị giữ giấy hẹn hoặc mã hồ sơ để sau này hỏi hồ sơ tới đâu."
KEEP = "Danh sách giấy tờ của “{title}”, anh/chị in ra hoặc gửi cho người nhà được:"
FILE = "Danh sách giấy tờ {code}.{ending}"
SHARED = (
    "Anh/chị gửi đường dẫn này cho người nhà hoặc người đi nộp thay. "
    "Trong đó chỉ có tên thủ tục và các câu trả lời, không có tên ai."
)
SHARE_TO = "Gửi qua Telegram"
SHARE_WORDS = "Giấy tờ cần chuẩn bị: {title}"
NO_LINK = "Trang này chưa có địa chỉ để chia sẻ. Anh/chị lưu PDF hoặc ảnh rồi gửi giúp."
COPIES = "{count} {unit}"
TICKED, UNTICKED = "Đã có giấy số {number}", "Bỏ đánh dấu giấy số {number}"
GONE = "Giấy này không còn trong danh sách."
MINE = "Hồ sơ anh/chị đang chuẩn bị:"
NONE_YET = f"Anh/chị chưa chuẩn bị hồ sơ nào. Cứ hỏi việc cần làm, rồi bấm “{card.PREPARE}” dưới câu trả lời."
ON_LIST = "{title} ({have}/{all} giấy)"
REMIND_WHEN = "Tôi nhắc anh/chị về hồ sơ “{title}” khi nào?"
REMIND_DAYS = {"1": "Sáng mai", "3": "3 ngày nữa", "7": "Tuần sau"}
NO_REMINDER = "Thôi, không nhắc"
WILL_REMIND = "Vâng, {when} tôi sẽ nhắc anh/chị về hồ sơ “{title}”."
WONT_REMIND = "Vâng, tôi sẽ không nhắc về hồ sơ này nữa."
REMINDER = "Anh/chị nhờ tôi nhắc về hồ sơ “{title}”."
ABOLISHED = "Thủ tục này đã bị bãi bỏ từ khi anh/chị nhờ nhắc. Anh/chị bấm nút dưới đây xem nay làm theo thủ tục nào."
STILL_MISSING = "Còn thiếu:"
ALL_THERE = "Các giấy chắc chắn cần thì anh/chị đã có đủ."

REMIND_AT = time(8, 0)
LONGEST_NOTE = 200
TICKS_A_ROW = 5

Row = tuple[Button, ...]


def show(
    procedure: Procedure,
    prepared: Prepared,
    session: Session,
    services: Services,
    note: str = "",
    in_place: bool = False,
) -> tuple[Reply, Session]:
    """Show the list of a case and keep the case."""
    guidance = cases.guidance_of(procedure, prepared, services)
    chosen = [choice for _, choice in case.told(procedure, prepared.answers) if choice]
    told = (note, *(markup.clip(choice.note or "", LONGEST_NOTE) for choice in chosen))
    notes = "\n".join(markup.italic(each) for each in told if each)
    body = checklist.body(guidance, prepared, services, services.clock(), markup.visible(notes))
    message = Message(f"{notes}\n\n{body}" if notes else body, _buttons(procedure, prepared, guidance), in_place)
    update = {"focus": procedure.code, "choosing": False, "asking": None}
    return Reply((message,)), cases.put(session, prepared).model_copy(update=update)


def tick(procedure: Procedure, key: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Mark a paper as there, or no longer."""
    prepared, note = cases.current(procedure, session)
    keys = [item.key for item in cases.guidance_of(procedure, prepared, services).needed]
    if key not in keys:
        reply, session = show(procedure, prepared, session, services, note, in_place=True)
        return Reply(reply.messages, GONE), session
    had = key in prepared.ticked
    ticked = tuple(each for each in prepared.ticked if each != key) if had else (*prepared.ticked, key)
    prepared = prepared.model_copy(update={"ticked": ticked, "closed": True})
    reply, session = show(procedure, prepared, session, services, note, in_place=True)
    return Reply(reply.messages, (UNTICKED if had else TICKED).format(number=keys.index(key) + 1)), session


def copies(procedure: Procedure, count: int, session: Session, services: Services) -> tuple[Reply, Session]:
    """Count the price for ``count`` copies."""
    prepared, note = cases.current(procedure, session)
    prepared = prepared.model_copy(update={"copies": min(max(count, 1), 99), "closed": True})
    return show(procedure, prepared, session, services, note, in_place=True)


def ready(procedure: Procedure, session: Session, services: Services) -> tuple[Reply, Session]:
    """Mark every paper that is surely needed as there, and say where to go now."""
    prepared, note = cases.current(procedure, session)
    guidance = cases.guidance_of(procedure, prepared, services)
    have = tuple(dict.fromkeys((*prepared.ticked, *(item.key for item in guidance.needed if item.sure))))
    prepared = prepared.model_copy(update={"ticked": have, "closed": True, "remind_on": None})
    perhaps = sum(item.key not in have for item in guidance.needed)
    head = [markup.bold(COMPLETE.format(title=markup.title(procedure, 110)))]
    head += [markup.italic(note)] if note else []
    head += [PERHAPS.format(count=perhaps)] if perhaps else []
    now = services.clock()
    blocks = ["\n".join(head), ways.where(guidance, services), cost.money(guidance, services)]
    blocks.append(due.time(guidance, now))
    if any(way.channel.kind is ChannelKind.ONLINE for way in guidance.ways):
        blocks.append(GO_ONLINE.format(portal=markup.link(parts.PORTAL, services.portal_url), code=procedure.code))
    blocks.append(KEEP_RECEIPT)
    message = Message("\n\n".join(blocks), (_back(procedure),))
    reply = Reply((message,), effects=(Remind(procedure.code, None),)).told(Came.READY, procedure.code)
    return reply, cases.put(session, prepared)


def keep(procedure: Procedure, ending: str, session: Session) -> tuple[Reply, Session]:
    """Give the checklist as a file: ``ending`` is ``pdf`` or ``png``."""
    prepared, note = cases.current(procedure, session)
    name = FILE.format(code=procedure.code, ending=ending)
    file = Attachment(link.checklist(procedure, prepared, ending, session.commune or ""), name)
    body = markup.escape(KEEP.format(title=markup.title(procedure, 110)))
    body = f"{markup.italic(note)}\n{body}" if note else body
    return Reply((Message(body, (_back(procedure),), file=file),)), cases.put(session, prepared)


def share(procedure: Procedure, session: Session, services: Services) -> tuple[Reply, Session]:
    """Give a link that opens the same case for somebody else."""
    prepared, _ = cases.current(procedure, session)
    words = SHARE_WORDS.format(title=markup.title(procedure, 90))
    made = (link.telegram(procedure, prepared, services), link.web(procedure, prepared, services))
    addresses = [address for address in made if address]
    if not addresses:
        return Reply((Message(NO_LINK, (_back(procedure),)),)), session
    body = "\n".join([SHARED, "", markup.bold(words), *(markup.link(each, each) for each in addresses)])
    to = (Button(SHARE_TO, url=link.share(addresses[0], words)),)
    return Reply((Message(body, (to, _back(procedure))),)), cases.put(session, prepared)


def remind(procedure: Procedure, days: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Ask when to remind (``days`` empty), promise it in that many days at eight, or call it off (``off``)."""
    prepared, _ = cases.current(procedure, session)
    title = markup.title(procedure, 110)
    if not days:
        rows = [_remind_button(procedure, number, label) for number, label in REMIND_DAYS.items()]
        rows += [_remind_button(procedure, "off", NO_REMINDER)] if prepared.remind_on else []
        body = markup.escape(REMIND_WHEN.format(title=title))
        return Reply((Message(body, (*rows, _back(procedure))),)), session
    if days == "off":
        prepared = prepared.model_copy(update={"remind_on": None})
        message = Message(WONT_REMIND, (_back(procedure),))
        return Reply((message,), effects=(Remind(procedure.code, None),)), cases.put(session, prepared)
    at = datetime.combine(services.clock().date() + timedelta(days=max(int(days), 1)), REMIND_AT)
    prepared = prepared.model_copy(update={"remind_on": at.date()})
    body = markup.escape(WILL_REMIND.format(when=due.moment(at), title=title))
    effects = (Remind(procedure.code, at),)
    return Reply((Message(body, (_back(procedure),)),), effects=effects), cases.put(session, prepared)


def reminder(code: str, session: Session, services: Services) -> Message | None:
    """Compose the reminder that is due now; None when the case or its procedure is gone from the catalogue."""
    procedure = services.catalogue.get(code)
    if procedure is None or cases.find(session, code) is None:
        return None
    head = markup.bold(REMINDER.format(title=markup.title(procedure, 110)))
    if procedure.abolished_on is not None:
        return Message(f"{head}\n{ABOLISHED}", (_back(procedure),))
    prepared, _ = cases.current(procedure, session)
    guidance = cases.guidance_of(procedure, prepared, services)
    missing = [item for item in guidance.needed if item.sure and item.key not in prepared.ticked]
    lines = [head]
    lines += [STILL_MISSING, *(f"{checklist.HAS_NOT} {checklist.paper(item, 110)}" for item in missing)]
    if not missing:
        lines[1:] = [ALL_THERE]
    return Message("\n".join(lines), (_back(procedure),))


def mine(session: Session, services: Services) -> Message:
    """List the dossiers in preparation."""
    rows: list[Row] = []
    for kept in session.cases:
        procedure = services.catalogue.get(kept.code)
        if procedure is None:
            continue
        prepared, _ = cases.current(procedure, session)
        needed = cases.guidance_of(procedure, prepared, services).needed
        have = sum(item.key in prepared.ticked for item in needed)
        label = ON_LIST.format(title=markup.title(procedure, 32), have=have, all=len(needed))
        rows.append((Button(label, Action(Verb.CASE, procedure.code).payload()),))
    return Message(MINE if rows else NONE_YET, tuple(rows))


def _back(procedure: Procedure) -> Row:
    return (Button(BACK_TO_LIST, Action(Verb.CASE, procedure.code).payload()),)


def _remind_button(procedure: Procedure, days: str, label: str) -> Row:
    return (Button(label, Action(Verb.REMIND, procedure.code, detail=days).payload()),)


def _buttons(procedure: Procedure, prepared: Prepared, guidance: Guidance) -> tuple[Row, ...]:
    ticks = [
        Button(
            f"{checklist.HAS if item.key in prepared.ticked else checklist.HAS_NOT} {number}",
            Action(Verb.TICK, procedure.code, detail=item.key).payload(),
        )
        for number, item in enumerate(guidance.needed[: checklist.MOST_PAPERS], 1)
    ]
    rows = [tuple(ticks[at : at + TICKS_A_ROW]) for at in range(0, len(ticks), TICKS_A_ROW)]
    rows += _copies(procedure, prepared, guidance)
    rows.append(_pressed(procedure, ((READY, Verb.READY), (REMIND, Verb.REMIND))))
    rows.append(_pressed(procedure, ((PDF, Verb.KEEP), (PICTURE, Verb.PICTURE), (SHARE, Verb.SHARE))))
    if procedure.questions or case.channel_question(procedure, {}):
        again = ((REDO, Verb.BACK), (AGAIN, Verb.RESTART)) if prepared.answers else ((REDO, Verb.RESTART),)
        rows.append(_pressed(procedure, again))
    return tuple(rows)


def _pressed(procedure: Procedure, labels: tuple[tuple[str, Verb], ...]) -> Row:
    return tuple(Button(label, Action(verb, procedure.code).payload()) for label, verb in labels)


def _copies(procedure: Procedure, prepared: Prepared, guidance: Guidance) -> list[Row]:
    """Return the row that counts copies, when the price depends on a count."""
    unit = next((way.price.by_the_copy for way in guidance.ways if way.price.by_the_copy), None)
    if unit is None:
        return []
    said = COPIES.format(unit=markup.clip(unit, 14), count=prepared.copies)
    numbers = (("−", prepared.copies - 1), (said, prepared.copies), ("+", prepared.copies + 1))
    return [
        tuple(Button(label, Action(Verb.COPIES, procedure.code, max(count, 1)).payload()) for label, count in numbers)
    ]
