"""Asking how far a dossier is, proving that it is one's own, and following it.

What is asked for is an effect; what is said when the answer is there is composed here too, so that all words of this
flow stand in one place. Nobody but the applicant learns more than the state, and not whether a proof or the code was
wrong.
"""

from __future__ import annotations

import re
from datetime import date

from bot.dialogue import dossier, due, markup, parts, watching, welcome, wording
from bot.dialogue.action import Action, Verb
from bot.dialogue.effect import Follow, LookUp, Unfollow
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply
from bot.dialogue.upshot import Came, Upshot
from bot.dossiers import code as codes
from bot.dossiers.explanation import told
from bot.dossiers.report import Report
from bot.dossiers.status import Status
from knowledge.procedure import ChannelKind

FOLLOW = "Theo dõi hồ sơ này"
UNFOLLOW = "Thôi theo dõi"
AGAIN = "Xem lại tình trạng"
CHECKLIST = "Xem danh sách giấy tờ"
WAITING = "Tôi đang tra cứu hồ sơ <code>{code}</code>, xin anh/chị chờ giây lát."
PROVE = (
    "Muốn xem đầy đủ (giấy tờ còn thiếu, tiền phải nộp, các bước), anh/chị nhắn <b>bốn số cuối</b> của số căn cước "
    "hoặc số điện thoại đã ghi trong hồ sơ. Xin đừng nhắn cả số."
)
NO_PROOF = (
    "Nơi lưu hồ sơ này không cho tôi cách nào để biết anh/chị là người nộp, nên tôi chỉ báo được tình trạng chung."
)
IN_GROUP = (
    "Ở đây có nhiều người cùng đọc, nên tôi chỉ báo tình trạng chung. Muốn xem đầy đủ, anh/chị mở khung trò chuyện "
    "riêng với tôi, nhắn mã hồ sơ rồi bốn số cuối. Tin nhắn có bốn số cuối ở nhóm này, anh/chị nên xóa đi."
)
UNMATCHED = (
    "Mã hồ sơ và bốn số cuối anh/chị nhắn không khớp với hồ sơ nào tôi tra được. Anh/chị xem lại cả hai trên giấy hẹn "
    "giúp: bốn số cuối là của số căn cước hoặc số điện thoại của người đứng tên nộp."
)
UNKNOWN = (
    "Tôi chưa tìm thấy hồ sơ <code>{code}</code>. Anh/chị so lại mã với giấy hẹn giúp. Hồ sơ mới nộp có khi vài giờ "
    "sau mới lên hệ thống."
)
STILL_FOLLOWED = "Tôi vẫn theo dõi, khi nào thấy thì báo anh/chị."
UNAVAILABLE = (
    "Xin lỗi anh/chị, lúc này tôi chưa hỏi được hệ thống đang giữ hồ sơ <code>{code}</code>. Anh/chị thử lại sau ít "
    "phút, hoặc tự tra cứu ở liên kết bên dưới."
)
OFFICIAL = "Tra cứu trên Cổng dịch vụ công"
MANY_CODES = (
    "Anh/chị vừa tra nhiều mã hồ sơ khác nhau. Để giữ kín hồ sơ của mọi người, tôi xin tạm dừng tra mã mới khoảng một "
    "giờ. Cần gấp, anh/chị hỏi bộ phận một cửa giúp."
)
MANY_PROOFS = (
    "Anh/chị đã nhắn sai bốn số cuối nhiều lần. Để giữ kín hồ sơ, tôi xin tạm dừng kiểm tra khoảng một giờ. "
    "Trong lúc đó anh/chị có thể hỏi bộ phận một cửa nơi nộp."
)
LOCKED = (
    "Hôm nay đã có nhiều lần thử bốn số cuối cho mã hồ sơ này, nên tôi tạm dừng kiểm tra đến ngày mai để giữ kín hồ "
    "sơ. Anh/chị cần xem đầy đủ thì hỏi bộ phận một cửa nơi nộp giúp."
)
FOLLOWED = (
    "Từ giờ tôi sẽ báo anh/chị khi hồ sơ <code>{code}</code> có thay đổi, trước ngày hẹn hai ngày làm việc, và khi trễ "
    "hẹn."
)
AT_NIGHT = " Từ {begins} giờ đến {ends} giờ tôi không nhắn."
FOLLOWED_ALREADY = "Hồ sơ <code>{code}</code> đang được theo dõi rồi. Có gì mới tôi báo anh/chị ngay."
NOTHING_TO_FOLLOW = "Hồ sơ <code>{code}</code> đã kết thúc nên không cần theo dõi nữa."
FULL = "Anh/chị đang theo dõi {count} hồ sơ, là nhiều nhất có thể. Xin bấm “Thôi theo dõi” ở một hồ sơ khác trước."
LEFT = "Tôi sẽ không báo tin về hồ sơ <code>{code}</code> nữa."
CHANGED = "🔔 Hồ sơ anh/chị theo dõi vừa có thay đổi."
SOON = "🔔 Sắp đến ngày hẹn trả kết quả hồ sơ anh/chị theo dõi."
LATE = "🔔 Hồ sơ anh/chị theo dõi đã quá ngày hẹn mà chưa thấy báo có kết quả."
HOURS = "Bộ phận một cửa thường mở thứ Hai đến thứ Sáu, {hours}; nơi anh/chị nộp có thể khác đôi chút."
OPENS_AGAIN = " Lúc này đang nghỉ, mở lại {moment}."
HANDED = "Hồ sơ của anh/chị: mã <code>{code}</code>{procedure}."
ABOUT = ", {title}"
WILL_TELL = "Từ nay có tin mới về hồ sơ này, tôi báo anh/chị tại đây."
CANNOT_SEE = (
    "Tôi chưa xem được hồ sơ của nơi nhận này, nên không biết hồ sơ đến bước nào để báo. Anh/chị vào {portal}, mục tra "
    "cứu hồ sơ, nhập mã trên; hoặc hỏi nơi đã nộp, gọi 18001096."
)
EXPECTED = "Ngày hẹn trả dự kiến: {day}."
WILL_REMIND = "Trước ngày đó hai ngày làm việc, tôi nhắc anh/chị."
NEAR = (
    "🔔 Sắp đến ngày hẹn trả kết quả hồ sơ <code>{code}</code>: dự kiến {day}. Ngày đúng là ngày ghi trên giấy hẹn.\n\n"
    "Tôi chưa xem được hồ sơ này nên không biết đã có kết quả chưa. Trước khi đi lấy, anh/chị vào {portal}, mục tra "
    "cứu hồ sơ, nhập mã trên; hoặc hỏi nơi đã nộp, gọi 18001096."
)
NEVER_SEEN = (
    "Đã {days} ngày mà tôi chưa xem được hồ sơ <code>{code}</code> ở hệ thống nào, nên tôi xin thôi theo dõi. Anh/chị "
    "so lại mã với giấy hẹn, vào {portal}, mục tra cứu hồ sơ, hoặc hỏi nơi đã nộp giúp."
)
ENDED = "Hồ sơ đã kết thúc nên tôi thôi theo dõi. Cảm ơn anh/chị."

_BARE = re.compile(r"\W*(\d)\s?(\d)\s?(\d)\s?(\d)\W*", re.ASCII)
_NAMED = re.compile(
    r"\b(?:số cuối|so cuoi|cccd|cmnd|căn cước|can cuoc|sđt|sdt|điện thoại|dien thoai)"
    r"(?:\W+(?:là|la|số|so|cuối|cuoi))*\W+([0-9]{4})\W*$",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"(.*\d)[\s,;:]+(\d{4})\W*", re.ASCII | re.DOTALL)
_PROCEDURE = re.compile(r"\d\.\d{6}", re.ASCII)
_MOST_AT_ONCE = 3


def read(said: str, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Look up the dossiers whose codes were typed, or the last one again with the proof that was typed; or follow it.

    None when nothing of this was said. A proof may stand beside a code.
    """
    found = [each.code for each in codes.parse(said, services.clock().date()).codes]
    if len(found) > 1:
        effects = tuple(LookUp(code) for code in found[:_MOST_AT_ONCE])
        looked_up = (Upshot(Came.LOOKED_UP),) * len(effects)
        reply = Reply((), effects=effects, upshots=looked_up)
        return reply, session.model_copy(update={"dossier": found[0]})
    proof = _proof(said)
    if found:
        return _effect(LookUp(found[0], proof or _beside(said, found[0], services)), session)
    if session.dossier and proof:
        return _effect(LookUp(session.dossier, proof), session)
    wish = watching.wished(said) if session.dossier else None
    return act(Action(wish, detail=session.dossier or ""), session, services) if wish else None


def again(session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Look the last dossier up again for somebody who asks how far it is; None when there was none."""
    return _effect(LookUp(session.dossier), session) if services.look_ups and session.dossier else None


def act(action: Action, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer a button under a dossier; one that names no possible code is forged or spoilt."""
    code = action.detail
    if [each.code for each in codes.parse(code, services.clock().date()).codes] != [code]:
        return Reply((Message(dossier.ask(services), ((welcome.browse_button(),),)),)), session
    if action.verb is Verb.UNFOLLOW:
        said = LEFT.format(code=markup.escape(code))
        message = Message(said, ((_button(FOLLOW, Verb.FOLLOW, code),),))
        return Reply((message,), effects=(Unfollow(code),)), session
    return _effect(Follow(code) if action.verb is Verb.FOLLOW else LookUp(code), session)


def _effect(effect: Follow | LookUp, session: Session) -> tuple[Reply, Session]:
    reply = Reply((), effects=(effect,))
    if isinstance(effect, LookUp):
        reply = reply.told(Came.LOOKED_UP)
    return reply, session.model_copy(update={"dossier": effect.code})


def _proof(said: str) -> str | None:
    """Return four digits that stand alone, or at the end behind words that say what they are."""
    bare = _BARE.fullmatch(said)
    if bare:
        return "".join(bare.groups())
    named = _NAMED.search(said)
    return named[1] if named else None


def _beside(said: str, code: str, services: Services) -> str | None:
    """Return four digits that stand behind a code and end the text; None where the code is not whole without them."""
    found = _BEHIND.fullmatch(said)
    if found is None or not found[1].endswith(code[-4:]):
        return None
    whole = codes.parse(found[1], services.clock().date()).codes
    return found[2] if [each.code for each in whole] == [code] else None


def waiting(code: str) -> Message:
    """Say that it takes a while."""
    return Message(WAITING.format(code=markup.escape(code)))


def answer(
    report: Report, services: Services, *, whole: bool, followed: bool, shared: bool = False, link: str | None = None
) -> Message:
    """Tell what a source says of a dossier; ``shared``: in a group, where nobody is asked for a proof.

    ``link`` is the official page to look at when the source could not be asked now.
    """
    said = [_told(report, services, whole)]
    if not whole and not shared:
        said.append(PROVE if report.proofs else NO_PROOF)
    official = () if report.fresh else ((Button(OFFICIAL, url=link or services.portal_url),),)
    papers = _checklist(report, services) if whole else ()
    return Message("\n\n".join(said), (*papers, *_buttons(report, followed), *official))


def unmatched(code: str) -> Message:
    """Say that code and proof do not fit together, and no more."""
    return Message(UNMATCHED, ((_button(AGAIN, Verb.TRACK, code),), (welcome.browse_button(),)))


def unknown(code: str, services: Services, link: str | None, *, followed: bool = False) -> Message:
    """Say that no source has such a dossier; who follows it all the same hears when one has."""
    said, ways = UNKNOWN.format(code=markup.escape(code)), _official(link or services.portal_url)
    if not followed:
        return Message(said, ways)
    return Message(f"{said} {STILL_FOLLOWED}", ((_button(UNFOLLOW, Verb.UNFOLLOW, code),), *ways))


def unasked(code: str, services: Services) -> Message:
    """Say what can be said of a code that nobody here can look up."""
    return dossier.read(code, services) or unknown(code, services, None)


def unavailable(code: str, services: Services, link: str | None) -> Message:
    """Say that no source could be asked, and nothing is known from before."""
    return Message(UNAVAILABLE.format(code=markup.escape(code)), _official(link or services.portal_url))


def held_back(words: str) -> Message:
    """Say why nothing is looked up for now."""
    return Message(words, ((welcome.browse_button(),),))


def followed(report: Report, services: Services, *, already: bool) -> Message:
    """Say that a dossier is followed from now on, and in which hours nothing is said."""
    quiet = services.quiet
    night = "" if quiet.begins == quiet.ends else AT_NIGHT.format(begins=quiet.begins, ends=quiet.ends)
    words = FOLLOWED_ALREADY if already else FOLLOWED + night
    return Message(words.format(code=markup.escape(report.code)), _buttons(report, followed=True))


def handed(code: str, title: str, services: Services, *, seen: bool, expected: date | None, remind: bool) -> Message:
    """Tell somebody who was given a link to their dossier what we shall do, and no more than we can.

    ``title`` names the procedure, empty when it is not known. ``seen``: somebody tells us of dossiers of that office.
    ``expected`` is the day the result is due by law, of which we ``remind``.
    """
    about = ABOUT.format(title=markup.escape(title)) if title else ""
    said = [HANDED.format(code=markup.escape(code), procedure=about)]
    said.append(WILL_TELL if seen else CANNOT_SEE.format(portal=_portal(services)))
    if expected:
        said.append(EXPECTED.format(day=_weekday(expected)) + (f" {WILL_REMIND}" if remind else ""))
    return Message("\n\n".join(said), ((_button(UNFOLLOW, Verb.UNFOLLOW, code),),))


def near(code: str, expected: date, services: Services) -> Message:
    """Remind a follower of the day on which the result is due by law, of a dossier that no source has told of."""
    words = NEAR.format(code=markup.escape(code), day=_weekday(expected), portal=_portal(services))
    return Message(words, ((_button(UNFOLLOW, Verb.UNFOLLOW, code),), _official(services.portal_url)[0]))


def never_seen(code: str, days: int, services: Services) -> Message:
    """Say that a dossier is followed no longer, for no source has told of it in all these days."""
    words = NEVER_SEEN.format(code=markup.escape(code), days=days, portal=_portal(services))
    return Message(words, _official(services.portal_url))


def not_followed(code: str, count: int | None = None) -> Message:
    """Say why a dossier is not followed: it has ended, or there are ``count`` others."""
    words = NOTHING_TO_FOLLOW.format(code=markup.escape(code)) if count is None else FULL.format(count=count)
    return Message(words, ((_button(AGAIN, Verb.TRACK, code),),))


def news(headline: str, report: Report, services: Services, *, whole: bool) -> Message:
    """Tell a follower of a change or a date; the last message of a dossier says that it is the last."""
    said = [headline, _told(report, services, whole)]
    ended = report.status is not None and report.status.final
    papers = _checklist(report, services) if whole else ()
    buttons = () if ended else (*papers, *_buttons(report, followed=True))
    return Message("\n\n".join([*said, ENDED] if ended else said), buttons)


def _told(report: Report, services: Services, whole: bool) -> str:
    said = told(report, services.clock(), whole, services.calendar.is_working)
    return f"{said}\n\n{_hours(services)}" if report.status is Status.DONE else said


def _hours(services: Services) -> str:
    """Say when a result can usually be collected, and when the counter opens again if it is closed now."""
    now, calendar = services.clock(), services.calendar
    spans = next(filter(None, calendar.hours.week), ())
    hours = ", ".join(f"{first:%H:%M}–{last:%H:%M}" for first, last in spans)
    opens = calendar.received(now, ChannelKind.IN_PERSON)
    again = OPENS_AGAIN.format(moment=due.moment(opens)) if opens > now else ""
    return markup.italic(HOURS.format(hours=hours) + again)


def _buttons(report: Report, followed: bool) -> tuple[tuple[Button, ...], ...]:
    if report.status is not None and report.status.final:
        return ()
    watch = _button(UNFOLLOW, Verb.UNFOLLOW, report.code) if followed else _button(FOLLOW, Verb.FOLLOW, report.code)
    return ((watch,), (_button(AGAIN, Verb.TRACK, report.code),))


def _checklist(report: Report, services: Services) -> tuple[tuple[Button, ...], ...]:
    """Return the way to the checklist of the procedure, when papers are asked for and we know which it is."""
    short = _PROCEDURE.match(report.procedure_code or "")
    procedure = services.catalogue.get(short.group()) if short else None
    if report.status is not Status.SUPPLEMENT or procedure is None or not procedure.documents:
        return ()
    return ((Button(CHECKLIST, Action(Verb.CASE, procedure.code).payload()),),)


def _button(label: str, verb: Verb, code: str) -> Button:
    return Button(label, Action(verb, detail=code).payload())


def _portal(services: Services) -> str:
    return markup.link(parts.PORTAL, services.portal_url)


def _weekday(day: date) -> str:
    return f"{wording.WEEKDAYS[day.weekday()]} {day.day}/{day.month}/{day.year}"


def _official(link: str) -> tuple[tuple[Button, ...], ...]:
    return ((Button(OFFICIAL, url=link),), (welcome.browse_button(),))
