"""The answer: everything one needs to set out, on one screen of a small phone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from bot.dialogue import event, forms, markup, offices, papers, parts, wording
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.turn import Button, Message
from knowledge.procedure import Procedure

SCREEN = 1200
"""Visible characters that fit one screen of a small phone, about 34 lines of 35."""

ROOM_FOR_PAPERS = 500
LEAST_FOR_PAPERS = 400
COSTS = "Chi tiết phí, thời hạn"
STEPS = "Các bước"
LEGAL = "Căn cứ pháp lý"
TERMS = "Điều kiện"
RELATED = "Thủ tục liên quan"
FORMS = "Mẫu đơn, tờ khai"
LEAFLET = "Tờ hướng dẫn (PDF)"
PREPARE = "Chuẩn bị hồ sơ"
WRONG = "Không đúng thủ tục này"
WHOLE = "Xem giấy tờ cần có"
ABOLISHED = "Thủ tục này đã bị bãi bỏ{since}, anh/chị không nộp theo thủ tục này nữa."
SINCE = " từ ngày {day}"
REPLACED = "Nay làm theo thủ tục:"
NOT_REPLACED = "Nguồn không ghi thủ tục thay thế. Anh/chị hỏi bộ phận Một cửa của xã, phường giúp."
SEE_NEW = "Xem thủ tục mới"


def card(procedure: Procedure, services: Services) -> Message:
    """Compose the answer about one procedure."""
    if procedure.abolished_on is not None:
        return _abolished(procedure, services)
    fixed = _below(procedure, services, brief=False)
    brief = sum(map(markup.visible, fixed)) > SCREEN - ROOM_FOR_PAPERS
    fixed = _below(procedure, services, brief=brief)
    room = max(SCREEN - sum(map(markup.visible, fixed)), LEAST_FOR_PAPERS)
    listed, cut = papers.block(procedure, room)
    also = [verb for verb, needed in ((Verb.PAPERS, cut), (Verb.COSTS, brief)) if needed]
    return Message("\n\n".join([fixed[0], listed, *fixed[1:]]), buttons(procedure, services, also=tuple(also)))


def _below(procedure: Procedure, services: Services, brief: bool) -> tuple[str, str, str]:
    """Return what stands around the papers: heading, then money, time and place, then the source."""
    blocks = (
        parts.money(procedure, brief),
        parts.time(procedure, brief),
        "\n".join(filter(None, (parts.place(procedure, brief), offices.near(procedure, services)))),
        parts.online(procedure, services),
    )
    told = blocks[0]
    for before, block in pairwise(blocks):
        told += ("\n\n" if "\n" in before or "\n" in block else "\n") + block
    return parts.heading(procedure, with_summary=True), told, parts.source(procedure, brief=True)


def _abolished(procedure: Procedure, services: Services) -> Message:
    since = SINCE.format(day=wording.day(procedure.abolished_on)) if procedure.abolished_on else ""
    lines = [parts.heading(procedure), markup.escape(ABOLISHED.format(since=since))]
    rows: list[tuple[Button, ...]] = []
    heir = successor(procedure, services)
    if heir is None:
        lines.append(NOT_REPLACED)
    else:
        lines.append(f"{REPLACED} {markup.bold(markup.title(heir))} (mã <code>{heir.code}</code>).")
        rows.append((Button(SEE_NEW, Action(Verb.SHOW, heir.code).payload()),))
    lines.append(parts.source(procedure))
    rows.append((Button(WRONG, Action(Verb.REJECT, procedure.code).payload()),))
    return Message("\n\n".join(lines), tuple(rows))


def successor(procedure: Procedure, services: Services) -> Procedure | None:
    """Follow successors to the one in force; None when the catalogue has none (or they run in a circle)."""
    seen = {procedure.code}
    heir = services.catalogue.get(procedure.successor or "")
    while heir is not None and heir.abolished_on is not None and heir.code not in seen:
        seen.add(heir.code)
        heir = services.catalogue.get(heir.successor or "")
    return None if heir is None or heir.code in seen else heir


_LABELS = {
    Verb.SHOW: WHOLE,
    Verb.PAPERS: papers.ALL_PAPERS,
    Verb.COSTS: COSTS,
    Verb.STEPS: STEPS,
    Verb.LEGAL: LEGAL,
    Verb.TERMS: TERMS,
    Verb.RELATED: RELATED,
    Verb.FORMS: FORMS,
    Verb.LEAFLET: LEAFLET,
}
_HAS: dict[Verb, Callable[[Procedure, Services], bool]] = {
    Verb.STEPS: lambda procedure, _: bool(procedure.steps),
    Verb.LEGAL: lambda procedure, _: bool(procedure.legal_basis or procedure.decision),
    Verb.TERMS: lambda procedure, _: bool(procedure.conditions),
    Verb.RELATED: lambda procedure, services: bool(services.catalogue.related(procedure.code, 1)),
    Verb.FORMS: forms.any_to_give,
    Verb.LEAFLET: lambda procedure, _: procedure.abolished_on is None,
}


def buttons(
    procedure: Procedure, services: Services, *, also: tuple[Verb, ...] = (), without: Verb | None = None
) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons under an answer: getting the dossier ready, ``also``, every part the record has to show."""
    first = (Button(PREPARE, Action(Verb.CASE, procedure.code).payload()),) if _preparable(procedure) else ()
    verbs = [*also, *(verb for verb, has in _HAS.items() if verb is not without and has(procedure, services))]
    pressed = [Button(_LABELS[verb], Action(verb, procedure.code).payload()) for verb in verbs]
    rows = [tuple(pressed[at : at + 2]) for at in range(0, len(pressed), 2)]
    whole = event.button(procedure, services)
    rows += [whole] if whole else []
    return (*((first,) if first else ()), *rows, (Button(WRONG, Action(Verb.REJECT, procedure.code).payload()),))


def _preparable(procedure: Procedure) -> bool:
    """Say whether there is a list to prepare."""
    return procedure.abolished_on is None and bool(procedure.documents)
