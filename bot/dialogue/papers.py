"""The papers of a dossier as a list a person can tick off, as long as the room allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dialogue import markup, wording
from knowledge.procedure import Handling, Procedure, RequiredDocument

PAPERS = "Giấy tờ cần nộp"
TO_SHOW = "Mang theo để xuất trình, không phải nộp"
LOOKED_UP = "Cán bộ tự tra cứu, anh/chị không phải nộp"
NONE_LISTED = "Nguồn chưa ghi giấy tờ của thủ tục này. Anh/chị nên hỏi nơi nhận hồ sơ trước khi đi."
ALL_PAPERS = "Xem đủ giấy tờ"
MORE = f"… và {{count}} giấy tờ nữa, anh/chị bấm “{ALL_PAPERS}”."

_FULL = 400
_SHORT = 110
_SHORT_CONDITION = 60


def block(procedure: Procedure, room: int) -> tuple[str, bool]:
    """Return the paper list in about ``room`` visible characters, and whether something was left off.

    What everybody hands in comes first, then papers for certain cases with their condition, then what is only shown or
    looked up. When that is too long, names and conditions are shortened, then the list ends early and says so.
    """
    everything = full(procedure)
    if markup.visible(everything) <= room:
        return everything, False
    return _cut(procedure, room), True


def full(procedure: Procedure) -> str:
    """Return every paper with its condition, whatever the length."""
    if not procedure.documents:
        return f"{markup.bold(PAPERS)}\n{markup.escape(NONE_LISTED)}"
    always, cases = _to_hand_in(procedure)
    lines = [markup.bold(PAPERS), *_numbered(always, _FULL)] if always or cases else []
    for condition, papers in cases.items():
        lines.append(markup.italic(markup.capital(condition.rstrip(".:")) + ":"))
        lines += _dotted(papers, _FULL)
    for heading, handling in _OTHERS:
        rest = [document for document in procedure.documents if document.handling is handling]
        lines += [markup.bold(heading), *_dotted(rest, _FULL, _FULL)] if rest else []
    return "\n".join(lines)


_OTHERS = ((TO_SHOW, Handling.SHOW), (LOOKED_UP, Handling.LOOKED_UP))


def _to_hand_in(procedure: Procedure) -> tuple[list[RequiredDocument], dict[str, list[RequiredDocument]]]:
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


def _short(procedure: Procedure) -> list[str]:
    """Return the list line by line, conditions shortened and behind their paper; headings begin with a tag."""
    always, cases = _to_hand_in(procedure)
    every = [*always, *(document for group in cases.values() for document in group)]
    lines = [markup.bold(PAPERS), *_numbered(every, _SHORT, _SHORT_CONDITION)] if every else []
    for heading, handling in _OTHERS:
        rest = [document for document in procedure.documents if document.handling is handling]
        lines += [markup.bold(heading), *_dotted(rest, _SHORT, _SHORT_CONDITION)] if rest else []
    return lines


def _cut(procedure: Procedure, room: int) -> str:
    """Return the short list up to where the room ends, at least one paper, and how many more there are."""
    kept: list[str] = []
    waiting: list[str] = []
    papers = 0
    for line in _short(procedure):
        waiting.append(line)
        if line.startswith("<"):
            continue
        if papers and markup.visible("\n".join([*kept, *waiting])) > room - len(MORE):
            break
        kept += waiting
        waiting = []
        papers += 1
    left = len(procedure.documents) - papers
    return "\n".join([*kept, markup.italic(MORE.format(count=left))] if left else kept)


def _numbered(documents: Sequence[RequiredDocument], limit: int, condition: int = 0) -> list[str]:
    return [f"{n}. {_line(document, limit, condition)}" for n, document in enumerate(documents, 1)]


def _dotted(documents: Iterable[RequiredDocument], limit: int, condition: int = 0) -> list[str]:
    return [f"• {_line(document, limit, condition)}" for document in documents]


def _line(document: RequiredDocument, limit: int, condition: int = 0) -> str:
    """Say one paper; with ``condition`` also who needs it, in at most that many characters."""
    said = markup.escape(wording.paper(document, limit))
    if condition and document.condition:
        told = document.condition if condition == _FULL else document.condition.partition(";")[0]
        said += " " + markup.italic(f"({markup.lower_first(markup.clip(told.rstrip('.'), condition))})")
    return said
