"""VNPT iGate: one searches dossiers by code and gets them in slices.

The token is given, or asked for by OAuth 2 client credentials (RFC 6749, section 4.4).
"""

from __future__ import annotations

from base64 import b64encode

from bot.dossiers.report import Report, Step
from bot.dossiers.sources.answer import Response
from bot.dossiers.sources.building import Reader, in_order
from bot.dossiers.sources.client import Client, Request
from bot.dossiers.sources.entries import IGate as Entry
from bot.dossiers.sources.ticket import Ticket
from bot.dossiers.sources.values import Fields, items, last_four, moment, records, same_code, text, truth
from bot.errors import SourceRefused, SourceUnreadable

_PATH = "/pa/dossier-search/dvc"
_SLICE = 10
_MOST_SLICES = 3
_VIETNAMESE = "228"
_UNKNOWN_TOKEN = frozenset({401})


class IGate:
    """A source of kind ``igate``."""

    def __init__(self, entry: Entry, client: Client, reader: Reader) -> None:
        self._entry = entry
        self._client = client
        self._reader = reader
        self._token = Ticket(self._issue, client.clock)

    @property
    def name(self) -> str:
        """The name that readers are told."""
        return self._entry.name

    async def look_up(self, code: str) -> Report | None:
        """Return what the portal says of a dossier."""
        for number in range(_MOST_SLICES):
            answer = await self._slice(code, number)
            content = answer["content"]
            if not isinstance(content, list):
                raise SourceUnreadable("no content")
            found = records(content)
            for dossier in found:
                if same_code(dossier["code"], code):
                    return self._report(code, dossier)
            if len(found) < len(content) or not all(text(dossier["code"]) for dossier in found):
                raise SourceUnreadable("dossiers without a code")
            if len(content) < _SLICE or truth(answer["last"]):
                return None
        raise SourceUnreadable("too many dossiers for one code")

    async def _slice(self, code: str, number: int) -> Fields:
        token = await self._token.current()
        response = await self._search(token, code, number)
        if response.status in _UNKNOWN_TOKEN:
            response = await self._search(await self._token.instead_of(token), code, number)
        if response.status in _UNKNOWN_TOKEN:
            raise self._client.refuse(SourceRefused("does not accept the token"))
        return Fields(response.data)

    async def _search(self, token: str, code: str, number: int) -> Response:
        params = {"page": str(number), "size": str(_SLICE), "spec": "slice", "code": code}
        headers = {"Authorization": f"Bearer {token}"}
        address = self._entry.url.rstrip("/") + _PATH
        return await self._client.ask(Request("GET", address, headers, params, expected=_UNKNOWN_TOKEN))

    async def _issue(self) -> tuple[str, float | None]:
        if self._entry.token:
            return self._entry.token, None
        assert self._entry.token_url
        who = "Basic " + b64encode(f"{self._entry.client_id}:{self._entry.client_secret}".encode()).decode()
        form = {"grant_type": "client_credentials"}
        request = Request("POST", self._entry.token_url, {"Authorization": who}, form=form, once=True)
        answer = Fields((await self._client.ask(request)).data)
        token, seconds = text(answer["access_token"], 16_000), answer["expires_in"]
        if not token:
            raise self._client.refuse(SourceRefused("no token"))
        known = isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds < 10**7
        return token, float(seconds) if known else None  # type: ignore[arg-type]

    def _report(self, code: str, dossier: Fields) -> Report:
        current = dossier["statusCurrentTask"]
        status, said = self._reader.status(_named(current) if isinstance(current, dict) else current)
        applied, finished = moment(dossier["appliedDate"]), moment(dossier["completedDate"])
        method = text(dossier["applyMethod.name"], 120)
        person = Fields(dossier["applicant.data"])
        how = f"Nộp hồ sơ ({method})" if method else "Nộp hồ sơ"
        return Report(
            code=code,
            source=self.name,
            read_at=self._reader.now(),
            status=status,
            status_text=said,
            procedure_code=text(dossier["procedure.code"], 40) or None,
            procedure_name=_translated(dossier["procedure.translate"]) or text(dossier["procedure.name"]),
            received=moment(dossier["acceptedDate"]),
            due=moment(dossier["appointmentDate"]),
            finished=finished,
            agency=_translated(dossier["agency.name"]) or text(dossier["agency.name"]),
            owner=text(person["fullname"], 120),
            steps=in_order([Step(applied, how)] if applied else []),
            proofs=last_four(person["phoneNumber"], person["identityNumber"]),
        )


def _named(thing: object) -> object:
    """Return the name of an object, which may be a plain word or a list of translations."""
    named = Fields(thing)
    return _translated(named["name"]) or _translated(named["translate"]) or named["name"]


def _translated(translations: object) -> str:
    """Return the name among translations, in Vietnamese if there; they come as a list or a numbered object."""
    listed = list(Fields(translations).values()) if isinstance(translations, dict) else items(translations)
    named = [each for each in records(listed) if text(each["name"])]
    named.sort(key=lambda each: text(each["languageId"]) != _VIETNAMESE)
    return text(named[0]["name"]) if named else ""
