"""Filing online, one step a screen: only the steps that this procedure and this case have, and what may stop one.

Pure: a case and its record in, words out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.dialogue import cases, checklist, cost, markup, ways
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared, Session
from knowledge import case
from knowledge.guidance import Guidance, Item, Way
from knowledge.procedure import CHANNEL, ChannelKind, Handling, Level, Procedure

PORTAL = "Mở trang nộp hồ sơ"
LOGIN = "Đăng nhập bằng VNeID"
CHOOSE = "Chọn thủ tục và nơi nhận"
FILL = "Điền tờ khai"
ATTACH = "Đính kèm giấy tờ"
PAY = "Trả tiền"
SUBMIT = "Nộp hồ sơ"
CODE = "Ghi mã hồ sơ"

OPEN_PORTAL = (
    "Mở {portal} trên điện thoại của người dân, hoặc trên máy của anh/chị khi người dân ngồi cạnh.\n"
    "Xem kỹ địa chỉ là <b>{host}</b>. Đường dẫn do người lạ gửi thì không mở."
)
ELSEWHERE = "Nơi nộp ghi trong thủ tục: {where}."
SIGN_IN = (
    "Bấm “Đăng nhập”, chọn <b>VNeID</b>. Tài khoản phải là <b>mức 2</b>.\n"
    "Người dân tự gõ mật khẩu và mã OTP trên máy của mình. Anh/chị quay đi chỗ khác, không gõ hộ, không hỏi, không "
    "chép lại."
)
SEARCH = "Gõ mã <code>{code}</code> vào ô tìm kiếm, chọn “{title}”, rồi bấm nộp hồ sơ."
OFFICE = "Cơ quan nhận: chọn <b>{commune}</b> nếu người dân ở đây; ở nơi khác thì chọn đúng xã, phường của họ."
AGENCY = "Cơ quan nhận: {agency}."
FORM = (
    "Cùng người dân điền từng ô, đúng như trên thẻ căn cước. Ô đã có sẵn thì xem lại, sai thì không sửa liều: bấm “Bị "
    "vướng”.\nHết trang thì bấm lưu, để mất mạng vẫn còn."
)
ATTACH_THESE = "Chụp từng giấy cho rõ, đủ bốn góc, không lóa, rồi đính kèm đúng ô:"
ATTACH_FORM = "Tờ khai thì thường điền ngay trên trang, không phải chụp."
NOT_THERE = "Chưa đánh dấu là có:"
OTHERS = "Còn {count} giấy chỉ cần trong vài trường hợp: về hồ sơ, bấm “Câu hỏi và giấy tờ” để trả lời nốt rồi xem."
SHOW_LATER = "Mang theo khi đến lấy kết quả: {papers}."
DELETE_PHOTOS = "Chụp bằng máy của anh/chị thì nộp xong phải xóa ảnh."
PAY_SUM = (
    "Số tiền: {sum}.\nNgười dân tự trả bằng ngân hàng hoặc ví của mình. Anh/chị không cầm tiền, không trả hộ. Trang "
    "báo số khác thì theo trang; trang không đòi thì chưa phải trả."
)
LOOK_AGAIN = (
    "Đọc lại từng mục cho người dân nghe: họ tên, ngày sinh, giấy tờ, nơi nhận kết quả. Đúng hết thì <b>người dân</b> "
    "bấm nộp hồ sơ."
)
WRITE_CODE = (
    "Trang vừa hiện mã hồ sơ, ví dụ <code>000.00.53.H48-220921-0099</code>. Anh/chị <b>gõ mã đó vào đây</b>, hoặc gửi "
    "ảnh chụp mã QR trên giấy tiếp nhận."
)
NOT_ONLINE = "“{title}” chưa thấy ghi cách nộp qua mạng. Người dân đi nộp trực tiếp hoặc qua bưu điện."
NOT_THIS_CASE = "Trường hợp này không nộp qua mạng được. Người dân đi nộp trực tiếp hoặc qua bưu điện."

MOST_UNSURE = 4
"""Papers told at the step of attaching that may not be needed."""

_NATIONAL = "cổng dịch vụ công"


@dataclass(frozen=True, slots=True)
class Filing:
    """One case as it is filed online."""

    guidance: Guidance
    way: Way
    prepared: Prepared
    services: Services

    @property
    def procedure(self) -> Procedure:
        """The procedure that is handed in."""
        return self.guidance.procedure

    @property
    def handed_in(self) -> list[Item]:
        """The papers that are attached."""
        return [item for item in self.guidance.needed if item.document.handling is Handling.HAND_IN]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that this case has, in order."""
        return tuple(step for step in STEPS if step.applies(self))


@dataclass(frozen=True, slots=True)
class Step:
    """One screen: its name on buttons, its title, what it says, and whether a case has it."""

    name: str
    title: str
    said: Callable[[Filing], str]
    applies: Callable[[Filing], bool] = lambda _: True


def filing(procedure: Procedure, prepared: Prepared | None, services: Services) -> Filing | None:
    """Return a case as it is filed online; None when it cannot be."""
    kept, _ = cases.current(procedure, Session(cases=(prepared or cases.new(procedure),)))
    answers = {name: choice for name, choice in kept.answers.items() if name != CHANNEL}
    ways = case.channel_question(procedure, answers)
    if ways and any(choice.id == ChannelKind.ONLINE for choice in ways.choices):
        answers[CHANNEL] = ChannelKind.ONLINE.value
    kept = kept.model_copy(update={"answers": case.kept(procedure, answers)})
    guidance = cases.guidance_of(procedure, kept, services)
    way = next((way for way in guidance.ways if way.channel.kind is ChannelKind.ONLINE), None)
    return Filing(guidance, way, kept, services) if way else None


def elsewhere(procedure: Procedure, prepared: Prepared | None, services: Services) -> str:
    """Say where to go with a case that cannot be filed online."""
    kept, _ = cases.current(procedure, Session(cases=(prepared or cases.new(procedure),)))
    answers = {name: choice for name, choice in kept.answers.items() if name != CHANNEL}
    guidance = cases.guidance_of(procedure, kept.model_copy(update={"answers": answers}), services)
    ever = any(channel.kind is ChannelKind.ONLINE for channel in procedure.channels)
    words = NOT_THIS_CASE if ever else markup.escape(NOT_ONLINE.format(title=markup.title(procedure, 90)))
    return f"{words}\n\n{ways.where(guidance, services)}"


def _portal(of: Filing) -> str:
    host = urlsplit(of.services.portal_url).hostname or ""
    said = OPEN_PORTAL.format(portal=markup.link(host, of.services.portal_url), host=markup.escape(host))
    where = of.way.channel.where or ""
    if where and not where.lower().startswith(_NATIONAL):
        said += "\n" + markup.escape(ELSEWHERE.format(where=where.rstrip(".")))
    return said


def _choose(of: Filing) -> str:
    said = SEARCH.format(code=of.procedure.code, title=markup.escape(markup.title(of.procedure, 110)))
    home, local = of.services.home, Level.COMMUNE in of.procedure.levels
    if home and (local or not (of.procedure.levels or of.procedure.agency)):
        return f"{said}\n{OFFICE.format(commune=markup.escape(home.full))}"
    if of.procedure.agency:
        return f"{said}\n{markup.escape(AGENCY.format(agency=of.procedure.agency))}"
    return said


def _attach(of: Filing) -> str:
    there = [item for item in of.handed_in if item.key in of.prepared.ticked]
    missing = [item for item in of.handed_in if item.key not in of.prepared.ticked]
    lacking = [item for item in missing if item.sure] + [item for item in missing if not item.sure][:MOST_UNSURE]
    lines = [ATTACH_THESE, *(f"{checklist.HAS} {checklist.paper(item, 200, 110)}" for item in there)]
    if lacking:
        lines += [NOT_THERE] if there else []
        lines += [f"{checklist.HAS_NOT} {checklist.paper(item, 200, 110)}" for item in lacking]
    lines += [OTHERS.format(count=len(missing) - len(lacking))] if len(missing) > len(lacking) else []
    lines += [ATTACH_FORM] if any(item.document.form for item in of.handed_in) else []
    shown = [item.document.name for item in of.guidance.needed if item.document.handling is Handling.SHOW]
    lines += (
        [markup.escape(SHOW_LATER.format(papers="; ".join(markup.clip(each, 110) for each in shown)))] if shown else []
    )
    return "\n".join([*lines, DELETE_PHOTOS])


def _pay(of: Filing) -> str:
    return PAY_SUM.format(sum=markup.escape(cost.price(of.way, of.services)))


STEPS = (
    Step("portal", PORTAL, _portal),
    Step("login", LOGIN, lambda _: SIGN_IN),
    Step("choose", CHOOSE, _choose),
    Step("fill", FILL, lambda _: FORM),
    Step("attach", ATTACH, _attach, lambda of: bool(of.handed_in)),
    Step("pay", PAY, _pay, lambda of: of.way.price.total != 0),
    Step("submit", SUBMIT, lambda _: LOOK_AGAIN),
    Step("code", CODE, lambda _: WRITE_CODE),
)


def at(of: Filing, done: int) -> tuple[int, Step]:
    """Return the step to take when ``done`` of all ``STEPS`` are behind, and its number on the screen, from 1."""
    steps = of.steps
    here = next((step for step in steps if STEPS.index(step) >= done), steps[-1])
    return steps.index(here) + 1, here


def after(step: Step) -> int:
    """Return how many of all ``STEPS`` are behind once this one is done."""
    return STEPS.index(step) + 1


def before(of: Filing, step: Step) -> int:
    """Return how many of all ``STEPS`` are behind when the step before this one is to be taken again."""
    steps = of.steps
    return STEPS.index(steps[max(steps.index(step) - 1, 0)])
