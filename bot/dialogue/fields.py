"""Browsing: the fields of the catalogue, and the procedures of one field, a page at a time in one message."""

from __future__ import annotations

from bot.dialogue import choice, markup
from bot.dialogue.action import Action, Verb, digest
from bot.dialogue.services import Services
from bot.dialogue.turn import Button, Message
from knowledge.procedure import Procedure

FIELDS = "Anh/chị chọn một lĩnh vực:"
FIELD = "{field}: {count} thủ tục. Anh/chị chọn một thủ tục:"
PAGE = "Trang {page}/{pages}"
PREVIOUS = "‹ Trang trước"
NEXT = "Trang sau ›"
ALL_FIELDS = "Các lĩnh vực khác"
EMPTY = "Danh mục thủ tục hiện đang trống. Anh/chị quay lại sau giúp."
GONE = "Lĩnh vực này không còn trong danh mục. Anh/chị chọn lại:"
FIELDS_A_PAGE = 8
PROCEDURES_A_PAGE = 6

Row = tuple[Button, ...]


def by_demand(services: Services) -> list[tuple[str, tuple[Procedure, ...]]]:
    """Return fields with their procedures in force, those that people ask for most in front."""
    groups = services.catalogue.by_field()
    ordered = sorted(groups.items(), key=lambda group: (-sum(record.prior for record in group[1]), group[0]))
    return [(name, tuple(sorted(group, key=lambda record: (-record.prior, record.name)))) for name, group in ordered]


def overview(page: int, services: Services, *, in_place: bool = False, lead: str = FIELDS) -> Message:
    """Compose a page of fields; a page beyond the last one shows the last."""
    groups = by_demand(services)
    if not groups:
        return Message(EMPTY, replaces=in_place)
    page, pages = _within(page, len(groups), FIELDS_A_PAGE)
    shown = groups[page * FIELDS_A_PAGE : (page + 1) * FIELDS_A_PAGE]
    rows: list[Row] = [
        (Button(f"{markup.clip(name, choice.LABEL - 6)} ({len(group)})", Action(Verb.FIELD, digest(name)).payload()),)
        for name, group in shown
    ]
    body = lead if pages == 1 else f"{lead}\n{markup.italic(PAGE.format(page=page + 1, pages=pages))}"
    return Message(body, (*rows, *_turning(Action(Verb.FIELDS), page, pages)), in_place)


def procedures(name_digest: str, page: int, services: Services) -> Message:
    """Compose a page of one field's procedures, in place; when the field is gone, the fields."""
    for name, group in by_demand(services):
        if digest(name) == name_digest:
            return _field(name, group, page)
    return overview(0, services, in_place=True, lead=GONE)


def _field(name: str, group: tuple[Procedure, ...], page: int) -> Message:
    page, pages = _within(page, len(group), PROCEDURES_A_PAGE)
    start = page * PROCEDURES_A_PAGE
    listing, rows = choice.listed(group[start : start + PROCEDURES_A_PAGE], start=start + 1)
    lines = [markup.escape(FIELD.format(field=name, count=len(group)))]
    lines += [listing] if listing else []
    lines += [markup.italic(PAGE.format(page=page + 1, pages=pages))] if pages > 1 else []
    back = (Button(ALL_FIELDS, Action(Verb.FIELDS).payload()),)
    return Message("\n".join(lines), (*rows, *_turning(Action(Verb.FIELD, digest(name)), page, pages), back), True)


def _within(page: int, count: int, size: int) -> tuple[int, int]:
    pages = -(-count // size)
    return min(page, pages - 1), pages


def _turning(action: Action, page: int, pages: int) -> tuple[Row, ...]:
    row: list[Button] = []
    if page > 0:
        row.append(Button(PREVIOUS, Action(action.verb, action.argument, page - 1).payload()))
    if page + 1 < pages:
        row.append(Button(NEXT, Action(action.verb, action.argument, page + 1).payload()))
    return (tuple(row),) if row else ()
