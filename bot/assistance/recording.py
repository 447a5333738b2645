"""The code of a dossier that was filed: typed or photographed, then shown with its day, a QR code and a slip."""

from __future__ import annotations

import re

from sqlalchemy import func

from bot.assistance import following, showing, tabling
from bot.assistance import scene as words
from bot.assistance import sitting as sittings
from bot.assistance.pressing import button
from bot.assistance.receipt import receipt
from bot.assistance.scene import Row, Scene
from bot.assistance.sitting import End, Sitting
from bot.dialogue import dossier, markup
from bot.dialogue.action import Action, Verb
from bot.dialogue.session import Session
from bot.dialogue.turn import Attachment, Button, Message, TurnKind
from bot.dossiers import code as codes
from bot.dossiers.receipt import Outcome as Photo
from bot.moment import Outcome
from bot.printing.links import Doors
from bot.printing.receipt import Receipt

ASK = (
    "Anh/chị gõ <b>mã hồ sơ</b>, ví dụ <code>000.00.53.H48-220921-0099</code>, hoặc gửi ảnh chụp mã QR trên giấy tiếp "
    "nhận. Chỉ gửi mã, không gửi ảnh giấy tờ khác."
)
NOT_YET = "Để sau"
NONE = "Tôi chưa thấy mã hồ sơ trong tin này. Mã có dạng <code>000.00.53.H48-220921-0099</code>, anh/chị gõ lại giúp."
SEVERAL = "Tin này có {count} mã. Anh/chị gửi riêng mã của hồ sơ này giúp."
WHOSE = "Mã <code>{code}</code> là của {name}? Bấm để ghi vào, hay chỉ tra xem hồ sơ ấy tới đâu?"
KEEP, LOOK = "Ghi cho {name}", "Chỉ tra cứu"
RECORDED = "<b>Đã ghi mã hồ sơ</b> <code>{code}</code>"
PROCEDURE = "Thủ tục: {title}"
DUE = "Hẹn trả: {due}"
PLACE = "Hỏi và nhận kết quả: {place}"
HOURS = "Giờ làm việc: {hours}"
SCAN = (
    "Người dân mở máy ảnh điện thoại, quét mã QR dưới đây thì tự theo dõi được hồ sơ. Mã dùng được trong {days} ngày, "
    "nhiều nhất {uses} máy."
)
NO_LINK = "Trang này chưa có địa chỉ ngoài mạng nên không làm mã QR được. Anh/chị in phiếu cho người dân."
SLIP = "Phiếu cho người dân mang về: mã hồ sơ, ngày hẹn, nơi nhận. Anh/chị in ra hoặc gửi vào máy của họ."
SLIP_FILE = "Phiếu theo dõi hồ sơ.pdf"
QR_FILE = "Mã QR theo dõi hồ sơ.png"
FILED = "Xong: đã nộp qua mạng"
FILED_AT_COUNTER = "Xong: đã nộp trực tiếp"
PRINT = "In phiếu cho người dân"

_DIGITS = re.compile(r"\d")
_LEAST_DIGITS = 4
_NOTED = "sitting code"


def path(token: str, ending: str) -> str:
    """Return the path of the slip (``pdf``) or of the QR code (``png``)."""
    return f"/slip/{token}.{ending}"


async def ask(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """Ask for the code."""
    if at.procedure(sitting) is None:
        return showing.home(at, sitting)
    return _again(at, sitting, ASK)


def _again(at: Scene, sitting: Sitting, said: str) -> Outcome:
    rows = ((button(NOT_YET, "sitopen", sitting.id),),)
    return at.say(Message(said, rows), sitting=sitting, awaiting="sitting:code")


async def read(at: Scene, sitting: Sitting) -> Outcome:
    """Read what was typed or photographed; what has hardly a digit in it is a question like any other."""
    turn = at.moment.turn
    if turn.kind is TurnKind.PHOTO and turn.value in set(Photo):
        return _again(at, sitting, dossier.photo(Photo(turn.value)).body)
    if turn.kind is TurnKind.TEXT and len(_DIGITS.findall(turn.value)) < _LEAST_DIGITS:
        return await _asked(at, sitting)
    found = codes.parse(turn.value, at.services.clock().date())
    if len(found.codes) == 1:
        return await _record(at, sitting, found.codes[0].code)
    if found.codes:
        return _again(at, sitting, SEVERAL.format(count=len(found.codes)))
    if found.problems:
        flaw = found.problems[0]
        near = dossier.NEARLY.format(text=markup.escape(flaw.text))
        return _again(at, sitting, f"{near}\n{markup.escape(flaw.message)}\n\n{dossier.LOOK_AGAIN}")
    return _again(at, sitting, NONE)


async def _asked(at: Scene, sitting: Sitting) -> Outcome:
    session = at.moment.session.model_copy(update={"awaiting": None})
    reply, after = await at.moment.answer(at.moment.turn, session)
    return tabling.dressed(reply, sitting), after


def named(at: Scene, sitting: Sitting) -> str | None:
    """Return the one code that was typed or photographed while this case, which has none yet, is on the screen."""
    turn = at.moment.turn
    if turn.kind not in (TurnKind.TEXT, TurnKind.PHOTO) or sitting.dossier or at.procedure(sitting) is None:
        return None
    found = codes.parse(turn.value, at.services.clock().date()).codes
    return found[0].code if len(found) == 1 else None


def whose(at: Scene, sitting: Sitting, code: str) -> Outcome:
    """Ask whether a code that nobody asked for belongs to the case on the screen."""
    name = markup.lower_first(words.name(sitting))
    look = Button(LOOK, Action(Verb.TRACK, detail=code).payload())
    rows = ((button(markup.clip(KEEP.format(name=name), 44), "sitkeep", sitting.id),), (look,), words.back(sitting))
    body = WHOSE.format(code=markup.escape(code), name=markup.escape(name))
    return at.say(Message(body, rows), sitting=sitting, noted={_NOTED: code})


def forgotten(session: Session) -> Session:
    """Return what a chat remembers without a code that was named and not kept."""
    noted = {name: said for name, said in session.noted.items() if name != _NOTED}
    return session.model_copy(update={"noted": noted})


async def keep(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """Write down the code that was named a moment ago."""
    code = at.moment.session.noted.get(_NOTED)
    return await _record(at, sitting, code) if code and not sitting.dossier else await ask(at, sitting, ())


async def _record(at: Scene, sitting: Sitting, code: str) -> Outcome:
    values = {"dossier": code, "recorded_at": func.now(), "follows_left": following.USES, "stuck": None}
    if sitting.dossier != code:
        sitting = await sittings.change(at.moment.connection, sitting, **values)
        digest = following.digest(await _token(at, sitting))
        sitting = await sittings.change(at.moment.connection, sitting, follow=digest)
    return await again(at, sitting, ())


async def _token(at: Scene, sitting: Sitting) -> str:
    if sitting.recorded_at is None:
        raise ValueError("no code was written down")
    return await following.token(at.moment.connection, sitting, sitting.recorded_at)


async def again(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """Show what the resident takes home, with the QR code for their own telephone."""
    found = receipt(sitting, at.services)
    if found is None:
        return showing.home(at, sitting)
    token = await _token(at, sitting)
    links = doors(at).handed(following.PREFIX + token)
    body = "\n".join(_lines(found))
    if not links:
        return at.say(Message(f"{body}\n\n{NO_LINK}", _rows(sitting)), sitting=sitting)
    scan = SCAN.format(days=following.DAYS, uses=following.USES)
    shown = Message(f"{body}\n\n{scan}", _rows(sitting), file=Attachment(path(token, "png"), QR_FILE))
    return at.say(shown, sitting=sitting)


async def slip(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """Give the slip to print."""
    if receipt(sitting, at.services) is None:
        return showing.home(at, sitting)
    file = Attachment(path(await _token(at, sitting), "pdf"), SLIP_FILE)
    return at.say(Message(SLIP, (words.back(sitting),), file=file), sitting=sitting)


def doors(at: Scene) -> Doors:
    """Return the ways in that links may lead through."""
    return Doors(at.services.page_url, at.services.bot_username)


def _lines(found: Receipt) -> list[str]:
    return [
        RECORDED.format(code=markup.escape(found.code)),
        markup.escape(PROCEDURE.format(title=found.procedure)),
        markup.escape(DUE.format(due=found.due)),
        markup.escape(PLACE.format(place=found.place)),
        markup.escape(HOURS.format(hours=found.hours)),
    ]


def _rows(sitting: Sitting) -> tuple[Row, ...]:
    how = End.ONLINE if sitting.online else End.IN_PERSON
    label = FILED if sitting.online else FILED_AT_COUNTER
    return (
        (button(PRINT, "slip", sitting.id),),
        (button(label, "sitclose", sitting.id, how.value),),
        words.back(sitting),
    )
