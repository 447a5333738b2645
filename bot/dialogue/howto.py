"""A card for a group: how one procedure is done, in few lines, with a link back to us."""

from __future__ import annotations

from bot.dialogue import markup, parts, wording
from bot.dialogue.services import Services
from knowledge.procedure import Handling, Procedure, RequiredDocument

TITLE = "Cách làm: {title}"
ABOUT = "Thẻ ngắn để gửi vào nhóm: giấy tờ, tiền, thời hạn, nơi nộp"
PAPERS = "Giấy tờ"
NO_PAPERS = "Nguồn chưa ghi giấy tờ, anh/chị hỏi nơi nhận hồ sơ."
MORE = "… và {count} giấy nữa, tùy trường hợp."
ASK = "Xem đủ, hỏi thêm"

LONGEST = 1200
"""Visible characters of a card: what a group reads without scrolling far."""

_MOST_PAPERS, _NAME, _CONDITION = 6, 100, 60


def card(procedure: Procedure, services: Services) -> str:
    """Return the card as small HTML, its paper list as long as there is room."""
    told = [parts.money(procedure, brief=True), parts.time(procedure, brief=True), parts.place(procedure, brief=True)]
    below = "\n".join([*told, parts.online(procedure, services), "", *_back(procedure, services)])
    head = markup.bold(TITLE.format(title=markup.title(procedure, 110)))
    for most in range(_MOST_PAPERS, 0, -1):
        body = f"{head}\n\n{_papers(procedure, most)}\n\n{below}"
        if markup.visible(body) <= LONGEST:
            break
    return body


def _papers(procedure: Procedure, most: int) -> str:
    """Return the papers one brings, those everybody needs first."""
    brought = [each for each in procedure.documents if each.handling is not Handling.LOOKED_UP]
    brought.sort(key=lambda each: each.condition is not None or bool(each.when))
    if not brought:
        return f"{markup.bold(PAPERS)}\n{NO_PAPERS}"
    lines = [f"{number}. {_paper(each)}" for number, each in enumerate(brought[:most], 1)]
    left = len(brought) - most
    return "\n".join([markup.bold(PAPERS), *lines, *([MORE.format(count=left)] if left > 0 else [])])


def _paper(document: RequiredDocument) -> str:
    said = markup.escape(wording.paper(document, _NAME))
    if document.condition:
        when = markup.clip(document.condition.partition(";")[0].rstrip("."), _CONDITION)
        said += " " + markup.italic(f"({markup.lower_first(when)})")
    return said


def _back(procedure: Procedure, services: Services) -> list[str]:
    """Return the source, and the link back where we have an address."""
    address = link(procedure, services)
    source = parts.source(procedure, brief=True)
    return [f"{markup.bold(ASK + ':')} {markup.escape(address)}", source] if address else [source]


def link(procedure: Procedure, services: Services) -> str:
    """Return the address that opens the procedure: in Telegram when we have a name there, else on our page."""
    if services.bot_username:
        return f"https://t.me/{services.bot_username}?start=p_{procedure.code.replace('.', '_')}"
    return f"{services.page_url}/p/{procedure.code}" if services.page_url else ""
