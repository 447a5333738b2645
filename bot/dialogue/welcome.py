"""Welcome, help, and where to find a person when we cannot help."""

from __future__ import annotations

from bot.dialogue import choice, markup, parts
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.turn import Button, Message
from knowledge.procedure import Procedure

WELCOME = (
    "Chào anh/chị. Tôi là <b>Một Cửa</b>, giúp tra cứu thủ tục hành chính: cần giấy tờ gì, hết bao nhiêu tiền, "
    "mất bao lâu, nộp ở đâu.\n\n"
    "Anh/chị cứ hỏi như nói chuyện, gõ không dấu cũng được. Ví dụ:\n"
    "• làm giấy khai sinh cho con cần giấy tờ gì\n"
    "• mất căn cước thì làm lại ở đâu\n\n"
    "<i>Xin đừng gửi số căn cước, số điện thoại hay ảnh giấy tờ.</i>"
)
HELP = (
    "<b>Cách hỏi</b>\n"
    "• Nói việc anh/chị cần, ví dụ: “đổi bằng lái xe hết hạn”.\n"
    "• Hỏi tiếp về thủ tục vừa xem: “lệ phí bao nhiêu”, “nộp ở đâu”, “làm online được không”.\n"
    "• Khi tôi đưa ra vài mục, bấm vào mục đúng hoặc gõ số, ví dụ “2”.\n"
    "• Biết mã thủ tục thì gõ mã, ví dụ <code>1.001193</code>.\n"
    "• Đã nộp hồ sơ thì gõ mã hồ sơ, hoặc gửi ảnh mã QR trên giấy hẹn.\n\n"
    "<b>Lệnh</b>\n"
    "/tracuu tìm thủ tục\n"
    "/linhvuc xem theo lĩnh vực\n"
    "/sukien sinh con, cưới, có người mất, chuyển nhà: cần làm những gì\n"
    "/huongdan giờ làm việc, số điện thoại, VNeID, phòng lừa đảo, chữ ký số\n"
    "/noio ghi xã, phường của anh/chị để chỉ nơi nộp gần nhà\n"
    "/thongbao nhận tin của xã, phường, bấm một nút là thôi\n"
    "/nhogiup nhờ tình nguyện viên hoặc cán bộ giúp qua tin nhắn\n"
    "/gopy gửi góp ý, phản ánh về việc phục vụ\n"
    "/hoso các hồ sơ anh/chị đang theo dõi\n"
    "/inra in tờ hướng dẫn một thủ tục\n"
    "/dulieu xem và xóa những gì tôi giữ về anh/chị\n"
    "/huy quên cuộc trò chuyện này, bắt đầu lại\n\n"
    "Tôi chỉ tra cứu, không nhận hồ sơ thay cơ quan nhà nước."
)
PERSON = (
    "Muốn hỏi người thật, anh/chị có thể:\n"
    "• Đến bộ phận Một cửa (trung tâm phục vụ hành chính công) của xã, phường.\n"
    "• Gọi 18001096, tổng đài hỗ trợ của {portal}.\n"
    "• Gọi 1022 nếu tỉnh, thành phố của anh/chị có tổng đài này."
)
BROWSE = "Xem theo lĩnh vực"
ASK_PERSON = "Hỏi người thật"
ASK_HELP = "Nhờ người giúp"
STARTERS = 4


def welcome(services: Services) -> Message:
    """Greet, with matters that many begin with."""
    rows = tuple((button,) for button in starters(services))
    return Message(WELCOME, (*rows, (browse_button(),)))


def guide(services: Services) -> Message:
    """Tell what can be asked and how, and which people can help."""
    return Message(f"{HELP}\n\n{person(services)}", ((browse_button(),),))


def person(services: Services) -> str:
    """Say which people can help; only contacts that hold for the whole country."""
    return PERSON.format(portal=markup.link(parts.PORTAL, services.portal_url))


def people(services: Services) -> Message:
    """Compose the message about people to ask."""
    return Message(person(services), ((help_button(),), (browse_button(),)))


def help_button() -> Button:
    """Return the button by which one asks for somebody who helps from afar."""
    return Button(ASK_HELP, Action(Verb.AID, detail="help").payload())


def browse_button() -> Button:
    """Return the button that leads to the list of fields."""
    return Button(BROWSE, Action(Verb.BROWSE).payload())


def ways_on() -> tuple[tuple[Button, ...], ...]:
    """Return the buttons under a message that could not help: look for oneself, or ask a person."""
    return ((browse_button(), Button(ASK_PERSON, Action(Verb.PERSON).payload())),)


def starters(services: Services) -> tuple[Button, ...]:
    """Return buttons for the procedures people ask for most, one per family of each field, for a newcomer to try."""
    return tuple(
        Button(markup.clip(choice.everyday(record), choice.LABEL), Action(Verb.SHOW, record.code).payload())
        for record in popular(services, STARTERS)
    )


def popular(services: Services, limit: int) -> list[Procedure]:
    """Return the procedures in force that are asked for most, at most one per field."""
    ranked = sorted(services.catalogue.procedures.values(), key=lambda record: (-record.prior, record.code))
    first: dict[str, Procedure] = {}
    for record in ranked:
        if record.abolished_on is None:
            first.setdefault(record.field, record)
        if len(first) == limit:
            break
    return list(first.values())
