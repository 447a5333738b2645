"""Any system that answers a question for one dossier with JSON, read by the mapping of its entry."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from bot.dossiers.report import Payment, Report, Step
from bot.dossiers.sources.building import Reader, distinct, in_order
from bot.dossiers.sources.client import Client, Request
from bot.dossiers.sources.entries import AnyJson as Entry
from bot.dossiers.sources.values import items, last_four, moment, money, records, same_code, text, truth
from bot.dossiers.status import Status
from bot.errors import SourceUnreadable

_PLACE = "{code}"


class AnyJson:
    """A source of kind ``json``."""

    def __init__(self, entry: Entry, client: Client, reader: Reader) -> None:
        self._entry = entry
        self._client = client
        self._reader = reader

    @property
    def name(self) -> str:
        """The name that readers are told."""
        return self._entry.name

    async def look_up(self, code: str) -> Report | None:
        """Return what the system says of a dossier."""
        entry, missing = self._entry, self._entry.missing_status
        response = await self._client.ask(
            Request(
                entry.method,
                entry.url.replace(_PLACE, quote(code, safe="")),
                entry.headers,
                body=None if entry.body is None else _filled(entry.body, code),
                expected=frozenset() if missing is None else frozenset({missing}),
            )
        )
        if response.status == missing or (entry.mapping.found and not entry.mapping.search("found", response.data)):
            return None
        return self._report(code, response.data)

    def _report(self, code: str, data: Any) -> Report:
        def find(name: str) -> Any:
            return self._entry.mapping.search(name, data)

        if not same_code(find("code"), code):
            raise SourceUnreadable("no dossier of that code in the answer")
        status, said = self._status(find("status"))
        return Report(
            code=code,
            source=self.name,
            read_at=self._reader.now(),
            status=status,
            status_text=said,
            procedure_code=text(find("procedure_code"), 40) or None,
            procedure_name=text(find("procedure_name")),
            received=moment(find("received")),
            due=moment(find("due")),
            new_due=moment(find("new_due")),
            finished=moment(find("finished")),
            supply_by=moment(find("supply_by")),
            agency=text(find("agency")),
            owner=text(find("owner"), 120),
            missing=distinct(text(paper) for paper in _list(find("missing"))),
            money=tuple(
                Payment(text(each["what"], 200), money(each["amount"]), truth(each["paid"]))
                for each in records(find("money"))
                if text(each["what"]) or money(each["amount"]) is not None
            ),
            steps=in_order(
                Step(moment(each["at"]), text(each["what"]), text(each["unit"]), text(each["who"], 120))
                for each in records(find("steps"))
            ),
            note=text(find("note")),
            proofs=last_four(*_list(find("proofs"))),
        )

    def _status(self, value: object) -> tuple[Status | None, str]:
        """Read a state by the table of the entry; without a table a number is a national one, a word is understood."""
        said = text(value, 200)
        number = self._entry.statuses.get(said)
        if number is not None:
            return Status(number), "" if said.isdigit() else said
        return (None, said) if self._entry.statuses and said.isdigit() else self._reader.status(value)


def _list(value: object) -> list[object]:
    return items(value) or [value]


def _filled(value: Any, code: str) -> Any:
    """Return a body with the code in its places."""
    if isinstance(value, dict):
        return {name: _filled(held, code) for name, held in value.items()}
    if isinstance(value, list):
        return [_filled(held, code) for held in value]
    return value.replace(_PLACE, code) if isinstance(value, str) else value
