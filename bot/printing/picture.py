"""A PDF as one picture, for whoever opens pictures more easily than documents."""

from __future__ import annotations

from io import BytesIO
from threading import Lock

import pypdfium2
from PIL import Image

_SCALE = 2.6
"""Pixels for a point: an A5 page becomes 1091 by 1547, sharp on a phone, small to send."""

_ONE_AT_A_TIME = Lock()
"""PDFium must not be entered by two threads, and the office draws beside the conversations."""

_MOST_PIXELS = 9_500
"""Width and height together, of what Telegram still takes for a picture (https://core.telegram.org/bots/api#sendphoto)."""


def png(pdf: bytes) -> bytes:
    """Return the pages of a PDF below each other in one PNG."""
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = [page.render(scale=_SCALE).to_pil() for page in document]
        finally:
            document.close()
    width, height = max(page.width for page in pages), sum(page.height for page in pages)
    whole = Image.new("RGB", (width, height), "white")
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height
    if width + height > _MOST_PIXELS:
        whole.thumbnail((_MOST_PIXELS, _MOST_PIXELS - width))
    made = BytesIO()
    whole.quantize(64, Image.Quantize.FASTOCTREE).save(made, "PNG")
    return made.getvalue()
