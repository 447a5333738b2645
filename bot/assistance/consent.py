"""Before a case at the kitchen table: the resident agrees, and may be given a first name."""

from __future__ import annotations

from bot.assistance import members, showing
from bot.assistance import scene as words
from bot.assistance import sitting as sittings
from bot.assistance.pressing import button
from bot.assistance.scene import Scene
from bot.assistance.sitting import Sitting
from bot.assistance.tables import Membership
from bot.dialogue import markup
from bot.dialogue.turn import Message
from bot.moment import Outcome
from bot.privacy import anonymous
from knowledge.vietnamese import fold

NEW = "Mở việc mới"
FULL = "Anh/chị đang có {count} hồ sơ, nhiều nhất có thể. Xin kết thúc bớt rồi mở việc mới."
PAUSED = "Anh/chị đang tạm nghỉ. Bấm “Hoạt động lại” ở /hotro rồi mở việc mới giúp."
CONSENT = (
    "<b>Xin người dân đồng ý trước</b>\n"
    "Anh/chị đọc cho người dân nghe:\n"
    "• Tôi chỉ ghi: làm thủ tục gì, các câu trả lời, giấy nào đã có, đang ở bước nào, mã hồ sơ, và tên gọi nếu muốn.\n"
    "• Không ghi họ tên đầy đủ, số căn cước, số điện thoại, địa chỉ. Không giữ ảnh giấy tờ.\n"
    "• Xong việc {days} ngày thì xóa hết.\n"
    "• Tình nguyện viên không ghi và không hỏi mật khẩu, mã OTP, số căn cước. Người dân tự gõ trên máy mình.\n"
    "• Giúp không lấy tiền. Người dân muốn thôi lúc nào cũng được."
)
AGREED, NOT_AGREED = "Người dân đồng ý", "Không đồng ý"
NAME = (
    "Gọi người dân là gì cho dễ nhớ? Gõ <b>tên gọi</b>, ví dụ: Lan, bác Hòa. Chỉ tên gọi, không gõ họ tên đầy đủ. "
    "Không cần thì bấm “{skip}”."
)
SKIP = "Bỏ qua"
BAD_NAME = (
    "Chỉ ghi tên gọi: chữ cái thôi, nhiều nhất {most} chữ và {words} từ. Không ghi số, họ tên đầy đủ hay giấy tờ. Gõ "
    "lại giúp, hoặc bấm “{skip}”."
)
MOST_LETTERS, MOST_WORDS = 20, 3
_MIDDLE = {"van", "thi"}


async def new(at: Scene, _: int | None) -> Outcome:
    """Show what the resident agrees to."""
    if at.helper.state is not Membership.ACTIVE:
        return at.say(Message(members.why_not(at.helper, PAUSED), (words.to_menu(),)))
    if len(await sittings.of(at.moment.connection, at.helper)) >= sittings.MOST_OPEN:
        return at.say(Message(FULL.format(count=sittings.MOST_OPEN), (words.to_menu(),)))
    ways = ((button(AGREED, "sitagree"),), (button(NOT_AGREED, "sitmenu"),))
    return at.say(Message(CONSENT.format(days=at.days), ways))


async def agreed(at: Scene, _: int | None) -> Outcome:
    """Open the case, and ask what to call its resident."""
    if at.helper.state is not Membership.ACTIVE:
        return at.say(Message(members.why_not(at.helper, PAUSED), (words.to_menu(),)))
    made = await sittings.opened(at.moment.connection, at.helper)
    return at.say(_ask_name(made, NAME.format(skip=SKIP)), sitting=made, awaiting="sitting:name")


def _ask_name(sitting: Sitting, said: str) -> Message:
    return Message(said, ((button(SKIP, "sitskip", sitting.id),),))


def first_name(said: str) -> bool:
    """Say whether words are what somebody is called, "bác Hòa", and no full name of theirs, "Nguyễn Văn Hòa"."""
    parts = said.split()
    if not 0 < len(parts) <= MOST_WORDS or len(said) > MOST_LETTERS or not all(map(str.isalpha, parts)):
        return False
    middle = fold(parts[1].lower()) if len(parts) == MOST_WORDS else ""
    return middle not in _MIDDLE and anonymous(said.title()) == said.title()


async def named(at: Scene, sitting: Sitting) -> Outcome:
    """Take the name typed; letters only, and no more than a first name has."""
    said = markup.tidy(at.moment.turn.value)
    if not first_name(said):
        refused = BAD_NAME.format(most=MOST_LETTERS, words=MOST_WORDS, skip=SKIP)
        return at.say(_ask_name(sitting, refused), sitting=sitting, awaiting="sitting:name")
    sitting = await sittings.change(at.moment.connection, sitting, first_name=said)
    return showing.home(at, sitting)


async def skip(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """Go on without a name."""
    return showing.home(at, sitting)
