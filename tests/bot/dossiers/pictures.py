"""Photos of receipts, made up."""

from io import BytesIO

import numpy as np
import zxingcpp
from PIL import Image

QR = zxingcpp.BarcodeFormat.QRCode
CODE128 = zxingcpp.BarcodeFormat.Code128


def symbol(text: str, kind: zxingcpp.BarcodeFormat = QR, scale: int = 6) -> Image.Image:
    """Draw a QR code or barcode; ``scale`` is the width of its smallest part in pixels."""
    return Image.fromarray(np.array(zxingcpp.create_barcode(text, kind).to_image(scale=scale)))


def sheet(*symbols: Image.Image, angle: float = 0, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    """Lay symbols on grey paper, one below the other, and turn the paper."""
    paper, below = Image.new("L", size, 205), size[1] // 12
    for each in symbols:
        paper.paste(each, (size[0] // 6, below))
        below += each.height + 40
    return paper.rotate(angle, expand=True, fillcolor=90)


def jpeg(image: Image.Image, quality: int = 75) -> bytes:
    return encoded(image, "JPEG", quality)


def encoded(image: Image.Image, kind: str, quality: int = 75) -> bytes:
    written = BytesIO()
    image.save(written, kind, quality=quality)
    return written.getvalue()
