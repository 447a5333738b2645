"""``python -m bot leaflet``: leaflets and cards into a file, to be printed."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from bot import settings
from bot.errors import PrintingError, reason
from bot.printing.links import Doors
from knowledge import catalogue
from knowledge.catalogue import Catalogue
from knowledge.procedure import Procedure

HELP = "in tờ hướng dẫn thủ tục ra tệp PDF"
DESCRIPTION = "In tờ hướng dẫn thủ tục ra tệp PDF: mỗi thủ tục một tờ A4 hoặc A5, hay thẻ nhỏ để cắt."
UNKNOWN = "Danh mục không có thủ tục {codes}: kiểm tra lại mã, ví dụ 1.001193."
ABOLISHED = "Thủ tục {code} đã bị bãi bỏ nên không in tờ hướng dẫn."
NOT_WRITTEN = "Không ghi được tệp {file} ({why})."
DONE = "Đã ghi {file}: {count} thủ tục."
NO_CODES = "Chú ý: tờ in không có mã QR. Thêm --url (địa chỉ trang web, hoặc đặt PUBLIC_URL) hay --bot (tên bot)."

NO_BOT = (
    "“{name}” không phải tên bot Telegram: tên có 5 đến 32 chữ không dấu, chữ số hoặc dấu gạch dưới, ví dụ motcua_bot."
)

_BOT = re.compile(r"[A-Za-z]\w{4,31}", re.ASCII)
_UNDOTTED = re.compile(r"^(\d)(\d{6})$", re.ASCII)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to a program's commands and return its parser."""
    parser = commands.add_parser("leaflet", help=HELP, description=DESCRIPTION)
    parser.add_argument("codes", nargs="+", metavar="MÃ", help="mã thủ tục, ví dụ 1.001193")
    parser.add_argument("--size", choices=("a4", "a5"), default="a4", help="khổ giấy (mặc định: a4)")
    parser.add_argument("--sheet", action="store_true", help="in thẻ nhỏ, nhiều thẻ trên một tờ A4, có dấu cắt")
    parser.add_argument("--per-page", type=int, choices=(4, 8), default=4, help="số thẻ trên một tờ (mặc định: 4)")
    parser.add_argument("--output", type=Path, default=Path("to-huong-dan.pdf"), help="tệp PDF ghi ra")
    parser.add_argument("--bot", default="", metavar="TÊN", help="tên bot Telegram, cho mã QR")
    parser.add_argument("--url", default="", metavar="ĐỊA_CHỈ", help="địa chỉ trang web, cho mã QR")
    return parser


def run(options: argparse.Namespace) -> str:
    """Write the file and return what to tell; raise ``BotError`` or ``KnowledgeError`` when it cannot be done."""
    chosen = settings.load(**({"public_url": options.url} if options.url else {}))
    procedures = _procedures(catalogue.load(chosen.catalogue), options.codes)
    doors = Doors(chosen.public_url or "", _bot(options.bot))
    from bot.printing import cards, leaflet, paper  # what draws takes a while to load

    if options.sheet:
        made = cards.cards(procedures, options.per_page, doors)
    else:
        made = leaflet.leaflets(procedures, paper.PAPERS[options.size], doors, chosen.portal_url)
    try:
        options.output.write_bytes(made)
    except OSError as error:
        raise PrintingError(NOT_WRITTEN.format(file=options.output, why=reason(error))) from error
    told = DONE.format(file=options.output, count=len(procedures))
    return told if doors.procedure(procedures[0].code) else f"{told}\n{NO_CODES}"


def _bot(given: str) -> str:
    """Return a Telegram name without @; raise ``PrintingError`` for one that no QR code could lead to."""
    name = given.strip().removeprefix("@")
    if name and not _BOT.fullmatch(name):
        raise PrintingError(NO_BOT.format(name=given))
    return name


def _procedures(known: Catalogue, given: list[str]) -> list[Procedure]:
    """Return the procedures with these codes, each once; dots may be missing."""
    codes = list(dict.fromkeys(_UNDOTTED.sub(r"\1.\2", text.strip()) for text in given))
    unknown = [code for code in codes if known.get(code) is None]
    if unknown:
        raise PrintingError(UNKNOWN.format(codes=", ".join(unknown)))
    found = [procedure for code in codes if (procedure := known.get(code))]
    for procedure in found:
        if procedure.abolished_on is not None:
            raise PrintingError(ABOLISHED.format(code=procedure.code))
    return found
