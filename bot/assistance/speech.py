"""What is said around a talk: to who asked, to who helps, and what stands above a message that is passed on."""

from __future__ import annotations

import html
from collections.abc import Sequence

from bot.assistance.catching.cues import speaks_of_secrets
from bot.assistance.enclosures import Enclosure
from bot.assistance.pressing import button
from bot.assistance.requests import Request
from bot.assistance.tables import Side
from bot.dialogue import markup
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.turn import Button, Message

ALERT = "Có người đang cần giúp ở <b>{place}</b>.\n{about}"
AGAIN = "Tình nguyện viên vừa giúp người này phải dừng, nên tôi nhờ người khác giúp tiếp."
SUBJECT = "Việc: “{subject}”"
PROCEDURE = "Thủ tục: {title}"
WANTED = "Muốn được giúp: {wanted}"
TAKE = "Nhận giúp"
SEE = "Xem thủ tục"

VOLUNTEER = "{name} (tình nguyện viên)"
OFFICER = "{name} (cán bộ Một cửa)"
CITIZEN = "Người dân"
VOLUNTEER_BEFORE = "Tình nguyện viên"
CORRECTED = "{who}, sửa lại tin trước"
WHO_VOLUNTEER = "Anh/chị <b>{name}</b>, tình nguyện viên {team}, {place}, sẽ giúp anh/chị."
WHO_OFFICER = "<b>{name}</b>, cán bộ bộ phận Một cửa ({place}), sẽ giúp anh/chị."
BEGUN = (
    "{who}\n\nTừ bây giờ anh/chị nhắn gì, tôi chuyển thẳng cho người ấy; tôi không trả lời xen vào. "
    "Người ấy không thấy tên, số điện thoại hay tài khoản của anh/chị.\n\n"
    "<b>Đừng gửi mật khẩu, mã OTP, số căn cước, số thẻ.</b> Không ai giúp thật lòng lại hỏi những thứ ấy.\n\n"
    "Xong việc, anh/chị bấm “Kết thúc” hoặc gõ /ketthuc."
)
TAKEN = (
    "Anh/chị đã nhận giúp một người ở <b>{place}</b>.\n{about}\n\n"
    "Từ bây giờ anh/chị nhắn gì, tôi chuyển thẳng cho người ấy; tôi không trả lời xen vào. Hai bên không thấy "
    "tài khoản hay số điện thoại của nhau. Đừng hỏi mật khẩu, mã OTP, số căn cước.\n\n"
    "Xong việc, anh/chị bấm “Kết thúc” hoặc gõ /ketthuc."
)
END, REPORT, TO_STAFF, BAR = "Kết thúc", "Báo cáo", "Nhờ cán bộ", "Không gặp người này nữa"

ENDED = "Đã kết thúc. Cảm ơn anh/chị."
ENDED_BY_CITIZEN = "Người dân đã kết thúc cuộc trò chuyện. Cảm ơn anh/chị đã giúp."
ENDED_BY_HELPER = "Người giúp đã kết thúc cuộc trò chuyện. Anh/chị cần hỏi thêm gì cứ nhắn, tôi lại trả lời như trước."
WENT_SILENT = "Đã lâu không ai nhắn gì nên tôi kết thúc cuộc trò chuyện này. Cần giúp thêm, anh/chị gõ /nhogiup."
HELPER_SILENT = "Đã lâu không ai nhắn gì nên tôi kết thúc cuộc trò chuyện này. Cảm ơn anh/chị đã giúp."
NUDGE = "Hai tiếng rồi không ai nhắn gì. Đã xong việc thì anh/chị bấm “Kết thúc”; còn cần thì cứ nhắn tiếp."
EXPIRED = (
    "Xin lỗi anh/chị, ba ngày nay chưa ai nhận giúp được việc anh/chị nhờ, nên tôi không giữ yêu cầu ấy nữa. "
    "Anh/chị đến bộ phận Một cửa của xã, phường, hoặc gọi 18001096."
)
OFFICER_LEFT = "Cán bộ đang giúp anh/chị vừa phải dừng. Tôi đang nhờ người khác giúp tiếp, anh/chị chờ giúp một lát."
HELPER_AWAY = "Người giúp không còn ở đây nữa. Tôi đang nhờ người khác giúp tiếp, anh/chị chờ giúp một lát."
WIDER = (
    "Ở nơi anh/chị chưa có ai nhận, nên tôi đang hỏi thêm các xã, phường bên cạnh.",
    "Chưa có tình nguyện viên nào nhận, nên tôi đã chuyển yêu cầu này cho cán bộ Một cửa.",
)
"""What is said of a request that went further, by its level from 1."""
TOLD_AT_ONCE = "Có người nhận, tôi báo anh/chị ngay."
OPENED_NOW = "Đến giờ rồi, tôi đang báo cho người có thể giúp anh/chị."

HANDED = "Người dân đã đồng ý. Cán bộ Một cửa sẽ giúp tiếp; phần của anh/chị đến đây là xong. Cảm ơn anh/chị."
NOT_HANDED = "Người dân chưa muốn nhờ cán bộ. Anh/chị giúp tiếp nhé, hoặc bấm “Kết thúc”."
ASK_LEAVE = (
    "{name} muốn nhờ cán bộ Một cửa giúp anh/chị tiếp. Cán bộ nhận việc sẽ đọc được những gì hai bên đã nhắn ở đây. "
    "Anh/chị có đồng ý không?"
)
AGREE, REFUSE = "Đồng ý", "Không"
FOR_STAFF = "Một người ở <b>{place}</b> nhờ cán bộ giúp.\n{about}"

CARE = (
    "Tôi nhắc thêm: mã OTP, mật khẩu anh/chị chỉ tự nhập trên máy của mình, không đọc cho ai, kể cả người đang giúp. "
    "Ai hỏi những thứ ấy, anh/chị bấm “Báo cáo”."
)
HELD = "(tin không được chuyển)"
"""What is kept in the place of words that must not be."""

_FORMS = {"photo": "ảnh", "document": "tệp"}
SENT = "gửi một {what}"
ONLY_MEANWHILE = "Tệp chỉ tải được trong lúc hai bên còn nhắn với nhau."

Rows = tuple[tuple[Button, ...], ...]


def place(services: Services, code: str) -> str:
    """Return the name of a commune, escaped."""
    commune = services.places.get(code)
    return markup.escape(commune.full if commune else code)


def about(services: Services, request: Request) -> str:
    """Say what somebody needs help with and when, one thing a line."""
    return told(services, request.subject, request.procedure, request.wanted)


def told(services: Services, subject: str, procedure: str | None, wanted: str | None) -> str:
    """Say the same of a request that is not stored yet."""
    lines = []
    if subject:
        lines.append(SUBJECT.format(subject=markup.escape(subject)))
    record = services.catalogue.get(procedure or "")
    if record:
        lines.append(PROCEDURE.format(title=markup.escape(markup.title(record, 110))))
    if wanted:
        lines.append(WANTED.format(wanted=markup.escape(wanted)))
    return "\n".join(lines)


def alert(services: Services, request: Request, words: str = ALERT) -> Message:
    """Compose what those who may help are told."""
    body = words.format(place=place(services, request.commune), about=about(services, request))
    return Message(body, ((button(TAKE, "help", "take", request.id),),), talk=request.id)


def taken(services: Services, request: Request) -> Message:
    """Compose what whoever took a request is told."""
    body = TAKEN.format(place=place(services, request.commune), about=about(services, request))
    record = services.catalogue.get(request.procedure or "")
    see: Rows = ((Button(SEE, Action(Verb.SHOW, record.code).payload()),),) if record else ()
    return Message(body, (*see, *buttons(request, Side.HELPER, office=services.office)), talk=request.id)


def further(level: int) -> str:
    """Say how far a request went that nobody took at once; ``level`` is 1 or more."""
    return f"{WIDER[min(level, len(WIDER)) - 1]} {TOLD_AT_ONCE}"


def begun(request: Request, who: str) -> Message:
    """Compose what the citizen is told when somebody took their request; ``who`` is HTML."""
    return Message(BEGUN.format(who=who), buttons(request, Side.CITIZEN), talk=request.id)


def buttons(request: Request, side: Side, *, office: bool = False) -> Rows:
    """Return what either side may press during a talk; only a volunteer can ask an officer to go on."""
    row = (button(END, "talk", "end", request.id), button(REPORT, "talk", "report", request.id))
    hand = side is Side.HELPER and request.staff is None and office
    return (row, (button(TO_STAFF, "talk", "staff", request.id),)) if hand else (row,)


def after(request: Request) -> Rows:
    """Return what either side may press once a talk with a volunteer is over."""
    report = button(REPORT, "talk", "report", request.id)
    return ((button(BAR, "talk", "bar", request.id), report),) if request.staff is None else ((report,),)


def passed(who: str, body: str, request: Request, side: Side, *, corrected: bool = False) -> Message:
    """Compose a message passed on; ``who`` and ``body`` are plain text, its lines are kept.

    Under a helper's words about codes or passwords stands a warning: whoever asks for them is not helping.
    """
    head = CORRECTED.format(who=who) if corrected else who
    warning = f"\n\n{markup.italic(CARE)}" if side is Side.HELPER and speaks_of_secrets(body) else ""
    return Message(f"<b>{markup.escape(head)}:</b>\n{lines(body)}{warning}", talk=request.id)


def lines(body: str) -> str:
    """Return a text of several lines as it may stand between tags."""
    return "\n".join(html.escape(markup.tidy(line), quote=False) for line in body.splitlines())


def sent(file: Enclosure) -> str:
    """Say that a file was sent."""
    return SENT.format(what=_FORMS[file.kind])


def counted(files: Sequence[Enclosure]) -> str:
    """Say what files there are: "2 ảnh, 1 tệp"; of one: "ảnh này"."""
    if len(files) == 1:
        return f"{_FORMS[files[0].kind]} này"
    numbers = {what: sum(file.kind == kind for file in files) for kind, what in _FORMS.items()}
    return ", ".join(f"{number} {what}" for what, number in numbers.items() if number)


def passed_file(who: str, file: Enclosure, request: Request, channel: str) -> Message:
    """Compose a file passed on to a reader on a channel."""
    head = f"<b>{markup.escape(who)}</b> {sent(file)}:"
    attachment = file.attachment(channel)
    if channel == "web":
        head = f"{head}\n{markup.italic(ONLY_MEANWHILE)}"
    return Message(head, file=attachment, talk=request.id)
