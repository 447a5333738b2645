"""Addresses of the web that people send: our own links and the portal's page of a procedure open it, nothing else."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.dialogue.action import Action, Verb
from bot.dialogue.link import PREFIX
from bot.dialogue.services import Services
from bot.dialogue.turn import Button, Message
from bot.dialogue.welcome import browse_button

UNOPENED = (
    "Tôi không mở được đường dẫn. Anh/chị gõ giúp việc cần làm, ví dụ: “đăng ký kết hôn”.\n\n"
    "Trang của cơ quan nhà nước có địa chỉ kết thúc bằng <b>.gov.vn</b>. Đường dẫn lạ, hay do người lạ gửi, thì "
    "anh/chị đừng bấm, đừng cài gì theo đó."
)
ABOUT_FRAUD = "Phòng lừa đảo"

_STARTS = re.compile(r"[?&]start=([pc]_[\w.-]{1,80})", re.ASCII)
_PROCEDURE = re.compile(r"/p/(\d)[._-]?(\d{6})(?!\d)", re.ASCII)
_CASE = re.compile(r"/c/([\w-]{1,80})", re.ASCII)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def within(text: str) -> bool:
    """Say whether a text holds a web address."""
    return _ADDRESS.search(text) is not None


def without(text: str) -> str:
    """Return the text without its web addresses."""
    return " ".join(_ADDRESS.sub(" ", text).split())


def linked(text: str) -> str:
    """Return what a link of ours in the text would open, as the payload of a deep link; empty when there is none."""
    for sent in _ADDRESS.findall(text):
        if found := _STARTS.search(sent):
            return str(found[1])
        if found := _PROCEDURE.search(sent):
            return f"p_{found[1]}_{found[2]}"
        if found := _CASE.search(sent):
            return f"{PREFIX}{found[1]}"
    return ""


def procedure(text: str, services: Services) -> str | None:
    """Return the code of the procedure that an address in the text is the official page of."""
    sent = {_page(found) for found in _ADDRESS.findall(text)}
    pages = ((record.source.url, code) for code, record in services.catalogue.procedures.items())
    return next((code for url, code in pages if url and _page(url) in sent), None)


def _page(url: str) -> str:
    """Return what tells one page from another: host and path."""
    try:
        parts = urlsplit(url.rstrip(".,;:!?)”\"'"))
    except ValueError:
        return url
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}"


def unopened(services: Services, article: str) -> Message:
    """Say that addresses are not opened, and what to beware of; ``article`` is about fraud, where there is one."""
    rows: tuple[tuple[Button, ...], ...] = ((browse_button(),),)
    if services.articles.get(article) is not None:
        rows = ((Button(ABOUT_FRAUD, Action(Verb.ARTICLE, detail=article).payload()),), *rows)
    return Message(UNOPENED, rows)
