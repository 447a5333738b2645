"""The slip a resident takes home: the code of their dossier, when and where the result is, and how to ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from bot.dialogue import markup
from bot.printing import flow, fonts, qr
from bot.printing.links import Link
from bot.printing.panel import Invitation
from bot.printing.paper import A5, BRAND, INK, Paper, opened, style
from bot.printing.picture import png
from bot.printing.receipt import Receipt
from bot.printing.sheet import Sheet, printed

KIND = "PHIẾU THEO DÕI HỒ SƠ"
CODE = "Mã hồ sơ"
PROCEDURE = "Thủ tục:"
FOR = "Người nộp:"
FILED = "Ngày nộp:"
DUE = "Hẹn trả:"
PLACE = "Hỏi và nhận kết quả:"
HOURS = "Giờ làm việc:"
HOW = "Tra cứu"
WAYS = (
    "• Vào {portal}, mục tra cứu hồ sơ, gõ mã hồ sơ ở trên.\n"
    "• Gọi 18001096, đọc mã hồ sơ.\n"
    "• Mang phiếu này đến bộ phận Một cửa để hỏi."
)
BEWARE = "Không ai gọi điện đòi mã OTP, mật khẩu hay chuyển tiền để trả kết quả. Ai đòi là lừa đảo."
NOT_OFFICIAL = "Phiếu do tình nguyện viên ghi giúp, không thay giấy hẹn của cơ quan."
INVITATION = Invitation(
    "Báo tin qua điện thoại",
    "Mở máy ảnh, quét mã bên cạnh trong 30 ngày: được nhắc ngày hẹn, và được báo tin mới nếu xem được hồ sơ.",
)
SCAN = "Quét để theo dõi hồ sơ"

_CARD = (100 * mm, 62 * mm)
_SIDE = 44 * mm


def slip(told: Receipt, links: tuple[Link, ...], portal: str) -> bytes:
    """Return the slip as a PDF of one A5 page. The same input gives the same bytes."""
    sheet = Sheet(KIND, told.code, told.code, partial(story, told, portal), links, INVITATION)
    return printed([sheet], A5, KIND.capitalize())


def story(told: Receipt, portal: str, paper: Paper) -> list[Flowable]:
    """Return all that the slip says, in order."""
    facts = [
        (PROCEDURE, told.procedure),
        (FOR, told.first_name),
        (FILED, f"{told.filed.day}/{told.filed.month}/{told.filed.year}"),
        (DUE, told.due),
        (PLACE, told.place),
        (HOURS, told.hours),
    ]
    lines = [f"{markup.bold(name)} {markup.escape(said)}" for name, said in facts if said]
    return [
        flow.text(CODE, paper.lead),
        flow.text(told.code, style(paper.body * 1.5, bold=True, color=BRAND, spaceAfter=paper.body * 0.6)),
        *(flow.line(line, paper.text) for line in lines),
        flow.text(HOW, paper.heading),
        *flow.body(WAYS.format(portal=markup.escape(portal)), paper),
        flow.text(BEWARE, paper.opening),
        flow.text(NOT_OFFICIAL, paper.text),
    ]


def card(links: Sequence[Link]) -> bytes:
    """Return the QR codes as a PNG, large enough to be read from a telephone held across the table."""
    made = BytesIO()
    canvas = opened(made, _CARD, SCAN)
    canvas.setFillColor(BRAND)
    canvas.setFont(fonts.BOLD, 13)
    canvas.drawCentredString(_CARD[0] / 2, _CARD[1] - 7 * mm, SCAN)
    left = (_CARD[0] - len(links) * _SIDE) / (len(links) + 1)
    for number, link in enumerate(links):
        x = left + number * (_SIDE + left)
        qr.draw(canvas, link.url, x, 8 * mm, _SIDE)
        canvas.setFillColor(INK)
        canvas.setFont(fonts.FAMILY, 10)
        canvas.drawCentredString(x + _SIDE / 2, 4 * mm, link.caption)
    canvas.showPage()
    canvas.save()
    return png(made.getvalue())
