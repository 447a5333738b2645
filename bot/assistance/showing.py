"""The screens of one case at the kitchen table: what it is, where it stands, what can be done."""

from __future__ import annotations

from bot.assistance import filing, tabling
from bot.assistance import scene as words
from bot.assistance.pressing import button
from bot.assistance.scene import Row, Scene
from bot.assistance.sitting import End, Sitting
from bot.dialogue import markup
from bot.dialogue.turn import Message
from bot.moment import Outcome

ASK = (
    "<b>{name}</b>\nNgười dân cần làm thủ tục gì? Anh/chị gõ như hỏi bình thường, ví dụ: “đăng ký khai sinh”. Thấy "
    "đúng thủ tục thì bấm “{take}” ở dưới."
)
SHOWN = "{take}: {title}"
HOME = "<b>{name}</b>\nThủ tục: {title}\nĐang ở: {stand}"
CODE = "Mã hồ sơ: <code>{code}</code>"
OFFERED = "Đang chờ đồng đội nhận."
CASE = "Câu hỏi và giấy tờ"
RECORD, RECORD_AGAIN = "Ghi mã hồ sơ", "Sửa mã hồ sơ"
HANDING, SLIP = "Mã QR theo dõi", "In phiếu cho người dân"
OTHER = "Chọn thủ tục khác"
HAND, TAKE_BACK = "Chuyển đồng đội", "Thôi chuyển"
FINISH = "Kết thúc"
PUT_OFF = "hẹn lại"
LINE = "• <b>{name}</b>: {title} ({stand})"
BARE = "• <b>{name}</b>: {title}"
NO_LONGER = "Thủ tục này không còn trong danh mục, anh/chị chọn thủ tục khác giúp."
STALE = "Nút này đã cũ. Hồ sơ lúc này như sau:"
NOTHING_CHOSEN = "chưa chọn thủ tục"
RECORDED = "đã có mã hồ sơ"
STEP = "nộp qua mạng, bước {number}/{all}: {title}"
PAPERS = "chuẩn bị giấy tờ, có {have}/{all}"
BEGUN = "vừa chọn thủ tục"


def stand(at: Scene, sitting: Sitting) -> str:
    """Say where a case stands, in a few words."""
    procedure = at.procedure(sitting)
    if sitting.outcome == End.LATER:
        return PUT_OFF
    if procedure is None:
        return NOTHING_CHOSEN
    if sitting.dossier:
        return RECORDED
    of = filing.filing(procedure, sitting.prepared, at.services) if sitting.step else None
    if of:
        number, step = filing.at(of, sitting.step)
        return STEP.format(number=number, all=len(of.steps), title=markup.lower_first(step.title))
    have, needed = words.papers(sitting, procedure, at.services)
    return PAPERS.format(have=have, all=needed) if needed else BEGUN


def home(at: Scene, sitting: Sitting, note: str = "", toast: str | None = None) -> Outcome:
    """Show one case: what it is, where it stands, and what can be done."""
    procedure = at.procedure(sitting)
    if procedure is None:
        return ask(at, sitting, note or (NO_LONGER if sitting.procedure else ""))
    title, where = markup.escape(words.title(sitting, at.services, 130)), stand(at, sitting)
    lines = [HOME.format(name=markup.escape(words.name(sitting)), title=title, stand=where)]
    lines += [CODE.format(code=markup.escape(sitting.dossier))] if sitting.dossier else []
    lines += [OFFERED] if sitting.offered_to else []
    body = "\n".join([*([markup.italic(note), ""] if note else []), *lines])
    return at.say(Message(body, _home_rows(sitting)), sitting=sitting, toast=toast)


def _home_rows(sitting: Sitting) -> tuple[Row, ...]:
    case = button(CASE, "sit", sitting.id, "case")
    online = button(tabling.ONLINE, "step", sitting.id)
    record = button(RECORD_AGAIN if sitting.dossier else RECORD, "sitcode", sitting.id)
    hand = button(TAKE_BACK, "handoff", sitting.id) if sitting.offered_to else button(HAND, "hand", sitting.id)
    rows: list[Row] = [(case,)] if sitting.dossier else [(case,), (online,)]
    if sitting.dossier:
        rows.append((button(HANDING, "sitqr", sitting.id), button(SLIP, "slip", sitting.id)))
    other = () if sitting.dossier else (button(OTHER, "sitask", sitting.id),)
    rows += [(record, *other), (hand, button(FINISH, "sitend", sitting.id)), words.to_menu()]
    return tuple(rows)


def ask(at: Scene, sitting: Sitting, note: str = "") -> Outcome:
    """Ask for the procedure; the one shown last may be taken at once."""
    said = ASK.format(name=markup.escape(words.name(sitting)), take=tabling.TAKE)
    shown = at.services.catalogue.get(at.moment.session.focus or "")
    rows: list[Row] = []
    if shown and shown.abolished_on is None and shown.code != sitting.procedure:
        label = SHOWN.format(take=tabling.TAKE, title=markup.title(shown, 60))
        rows.append((button(markup.clip(label, 60), "sittake", sitting.id, shown.code),))
    rows += [(button(HAND, "hand", sitting.id), button(FINISH, "sitend", sitting.id)), words.to_menu()]
    return at.say(Message(f"{markup.italic(note)}\n\n{said}" if note else said, tuple(rows)), sitting=sitting)


def line(sitting: Sitting, at: Scene) -> str:
    """Return a case as one line of the list."""
    name, title = markup.escape(words.short(sitting)), markup.escape(words.title(sitting, at.services, 60))
    where = stand(at, sitting)
    return (BARE if where == title else LINE).format(name=name, title=title, stand=where)


def label(sitting: Sitting, at: Scene) -> str:
    """Return a case as it stands on a button."""
    return markup.clip(f"{words.short(sitting)}: {words.title(sitting, at.services, 30)}", 44)
