"""The papers of a dossier as a list a person can tick off, as long as the room allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dialogue import markup, wording
from knowledge.procedure import Handling, Procedure, RequiredDocument

PAPERS = "Giấy tờ cần nộp"
TO_SHOW = "Mang theo để xuất trình, không phải nộp"
LOOKED_UP = "Cán bộ tự tra cứu, anh/chị không phải nộp"
NONE_LISTED = "Nguồn chưa ghi giấy tờ của thủ tục này. Anh/chị nên hỏi nơi nhận hồ sơ trước khi đi."
NOTHING_ALWAYS = "Giấy tờ tùy theo trường hợp của anh/chị:"
ALL_PAPERS = "Xem đủ giấy tờ"
CASES_LATER = f"Có trường hợp cần thêm giấy tờ, anh/chị bấm “{ALL_PAPERS}”."
MORE = f"… và {{count}} giấy tờ nữa, anh/chị bấm “{ALL_PAPERS}”."


def block(procedure: Procedure, room: int) -> tuple[str, bool]:
    """Return the paper list in about ``room`` visible characters, and whether something was left off.

    What everybody hands in comes first, then papers for certain cases under their condition, then what is only shown or
    looked up. When that is too long the cases wait behind a button, then names are shortened, then the list is cut.
    """
    everything = full(procedure)
    if markup.visible(everything) <= room:
        return everything, False
    for limit in (200, 90):
        body = _short(procedure, limit)
        if markup.visible(body) <= room:
            return body, True
    return _cut(procedure, room), True


def full(procedure: Procedure) -> str:
    """Return every paper with its condition, whatever the length."""
    if not procedure.documents:
        return f"{markup.bold(PAPERS)}\n{markup.escape(NONE_LISTED)}"
    always, cases = _to_hand_in(procedure)
    parts = [markup.bold(PAPERS)]
    parts += _numbered(always) if always else [markup.escape(NOTHING_ALWAYS)]
    for condition, papers in cases.items():
        parts.append(markup.italic(markup.capital(condition.rstrip(".:")) + ":"))
        parts += _dotted(papers)
    for heading, handling in ((TO_SHOW, Handling.SHOW), (LOOKED_UP, Handling.LOOKED_UP)):
        rest = [d for d in procedure.documents if d.handling is handling]
        if rest:
            parts += [markup.bold(heading), *_dotted(rest, with_condition=True)]
    return "\n".join(parts)


def _to_hand_in(
    procedure: Procedure,
) -> tuple[list[RequiredDocument], dict[str, list[RequiredDocument]]]:
    always: list[RequiredDocument] = []
    cases: dict[str, list[RequiredDocument]] = {}
    for document in procedure.documents:
        if document.handling is not Handling.HAND_IN:
            continue
        if document.condition is None:
            always.append(document)
        else:
            cases.setdefault(document.condition, []).append(document)
    return always, cases


def _short(procedure: Procedure, limit: int) -> str:
    """What everybody needs, with names of at most ``limit`` characters; the rest is named, not listed."""
    always, _ = _to_hand_in(procedure)
    shown = [d for d in procedure.documents if d.handling is Handling.SHOW and d.condition is None]
    parts = [markup.bold(PAPERS), *_numbered(always, limit)]
    if not always:
        parts.append(markup.escape(NOTHING_ALWAYS))
        parts += _dotted([d for d in procedure.documents if d.handling is Handling.HAND_IN], True, limit)
    elif any(d.condition for d in procedure.documents):
        parts.append(markup.italic(CASES_LATER))
    if shown:
        parts += [markup.bold(TO_SHOW), *_dotted(shown, limit=limit)]
    return "\n".join(parts)


def _cut(procedure: Procedure, room: int) -> str:
    always, cases = _to_hand_in(procedure)
    lines = _numbered(always or [d for group in cases.values() for d in group], 90) or _dotted(procedure.documents)
    kept: list[str] = []
    for line in lines:
        if kept and markup.visible("\n".join([*kept, line])) > room - 100:
            break
        kept.append(line)
    left = len(procedure.documents) - len(kept)
    if left:
        kept.append(markup.italic(MORE.format(count=left)))
    return "\n".join([markup.bold(PAPERS), *kept])


def _numbered(documents: Sequence[RequiredDocument], limit: int = 400) -> list[str]:
    return [f"{n}. {_line(document, limit)}" for n, document in enumerate(documents, 1)]


def _dotted(documents: Iterable[RequiredDocument], with_condition: bool = False, limit: int = 400) -> list[str]:
    return [f"• {_line(document, limit, with_condition)}" for document in documents]


def _line(document: RequiredDocument, limit: int, with_condition: bool = False) -> str:
    said = markup.escape(wording.paper(document, limit))
    if with_condition and document.condition:
        said += " " + markup.italic(f"({markup.lower_first(markup.clip(document.condition, limit))})")
    return said
