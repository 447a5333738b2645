"""Direct answers to "how much, how long, where, online": the part that was asked first, the rest one button away."""

from __future__ import annotations

from bot.dialogue import card, dossier, forms, offices, papers, parts
from bot.dialogue.action import Verb
from bot.dialogue.phrases import bare, groups, words
from bot.dialogue.services import Services
from bot.dialogue.turn import Message
from knowledge.matching import Facet
from knowledge.procedure import Procedure

STATUS_LIMIT = "Với thủ tục này:"
WHICH = {
    Facet.PAPERS: "giấy tờ",
    Facet.MONEY: "phí, lệ phí",
    Facet.TIME: "thời hạn",
    Facet.PLACE: "nơi nộp",
    Facet.ONLINE: "cách làm trực tuyến",
    Facet.STEPS: "các bước",
    Facet.FORM: "mẫu đơn",
    Facet.STATUS: "tình trạng hồ sơ",
    Facet.CONDITIONS: "điều kiện",
    Facet.LEGAL: "căn cứ pháp lý",
}
_GROUPS = groups("sides.txt")
_SHORT = {
    phrase: facet for facet in WHICH for entry in _GROUPS.get(f"short-{facet}", ()) for phrase in (entry, bare(entry))
}
_SOFT = frozenset(("ạ", "a", "dạ", "vậy", "thế", "nhỉ", "hả", "ha", "em", "à", "nữa", "bot", "ơi"))


def short(text: str) -> tuple[Facet, ...]:
    """Return what is asked by a noun or two and no more: "tiền", "giấy gì", "bao ngày"."""
    facet = _SHORT.get(tuple(word for word in words(text) if word not in _SOFT))
    return (facet,) if facet else ()


def answer(procedure: Procedure, facets: tuple[Facet, ...], services: Services) -> Message:
    """Answer what was asked about ``procedure``; the whole card when nothing special, or its papers, was asked."""
    if procedure.abolished_on is not None or not facets or facets == (Facet.PAPERS,):
        return card.card(procedure, services)
    blocks = [parts.heading(procedure), *dict.fromkeys(_block(facet, procedure, services) for facet in facets)]
    cut = Facet.PAPERS in facets and papers.block(procedure, card.SCREEN // 2)[1]
    also = (Verb.SHOW, Verb.PAPERS) if cut else (Verb.SHOW,)
    body = "\n\n".join([*blocks, parts.source(procedure, brief=True)])
    files = forms.buttons(procedure, services) if Facet.FORM in facets else ()
    return Message(body, (*files, *card.buttons(procedure, services, also=also)))


def _block(facet: Facet, procedure: Procedure, services: Services) -> str:  # noqa: C901 - one flat choice of ten
    match facet:
        case Facet.PAPERS:
            return papers.block(procedure, card.SCREEN // 2)[0]
        case Facet.MONEY:
            return parts.money(procedure)
        case Facet.TIME:
            return parts.time(procedure)
        case Facet.PLACE:
            where = f"{parts.place(procedure)}\n{parts.online(procedure, services)}"
            return "\n\n".join(filter(None, (where, offices.at_home(procedure, services))))
        case Facet.ONLINE:
            return parts.online(procedure, services)
        case Facet.STEPS:
            return parts.steps(procedure)
        case Facet.FORM:
            return forms.block(procedure, services)
        case Facet.CONDITIONS:
            return parts.terms(procedure)
        case Facet.LEGAL:
            return parts.legal(procedure)
        case Facet.STATUS:
            return f"{status(services)}\n\n{STATUS_LIMIT}\n{parts.time(procedure)}"


def status(services: Services) -> str:
    """Ask for the code of the dossier whose state is wanted."""
    return dossier.ask(services)
