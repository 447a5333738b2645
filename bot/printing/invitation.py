"""An invitation as a picture: the QR codes by which a telephone opens it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.units import mm

from bot.printing import qr
from bot.printing.fonts import BOLD, FAMILY, printable
from bot.printing.links import Link
from bot.printing.paper import BRAND, INK, opened
from bot.printing.picture import png

HEAD = "Lời mời vào đội tình nguyện"
HOW = "Mở máy ảnh của điện thoại, đưa vào mã"

_SIDE = 62 * mm
_PAD = 8 * mm


def picture(links: Sequence[Link]) -> bytes:
    """Return the codes of one or two links side by side as a PNG; raise ``PrintingError`` when the type is missing."""
    width, height = max(len(links), 1) * (_SIDE + _PAD) + _PAD, _SIDE + 36 * mm
    width = max(width, 86 * mm)
    made = BytesIO()
    canvas = opened(made, (width, height), HEAD)
    for words, base, face, size, color in (
        (HEAD, height - 13 * mm, BOLD, 14, BRAND),
        (HOW, height - 20 * mm, FAMILY, 10, INK),
    ):
        canvas.setFillColor(color)
        canvas.setFont(face, size)
        canvas.drawCentredString(width / 2, base, printable(words))
    left = (width - len(links) * _SIDE - (len(links) - 1) * _PAD) / 2
    for at, link in enumerate(links):
        x = left + at * (_SIDE + _PAD)
        qr.draw(canvas, link.url, x, 12 * mm, _SIDE)
        canvas.setFillColor(INK)
        canvas.setFont(FAMILY, 11)
        canvas.drawCentredString(x + _SIDE / 2, 6.5 * mm, link.caption)
    canvas.showPage()
    canvas.save()
    return png(made.getvalue())
