"""The national portal's exchange of dossiers, service ``TraCuuHoSo``.

One logs in by name and password with the header ``dstcode``, and shows the session with each question. An answer is
``error_code`` and ``result[]``: dossiers with the fields of ``DongBoHoSoMC``, and their progress with those of
``CapNhatTienDoHoSoMC``, either beside the dossier or in a list of it. Dates are ``yyyyMMddHHmmss``.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.dossiers.report import Payment, Report, Step
from bot.dossiers.sources.answer import Response
from bot.dossiers.sources.building import Reader, distinct, in_order
from bot.dossiers.sources.client import Client, Request
from bot.dossiers.sources.entries import National as Entry
from bot.dossiers.sources.ticket import Ticket
from bot.dossiers.sources.values import Fields, items, last_four, moment, money, online, records, same_code, text, truth
from bot.errors import SourceRefused, SourceUnreadable

_UNKNOWN_SESSION = frozenset({401, 403})
_ABOUT_SESSION = ("session", "phiên", "phien", "token")
_YOUNG = 30.0


class National:
    """A source of kind ``national``."""

    def __init__(self, entry: Entry, client: Client, reader: Reader) -> None:
        self._entry = entry
        self._client = client
        self._reader = reader
        self._session = Ticket(self._log_in, client.clock)

    @property
    def name(self) -> str:
        """The name that readers are told."""
        return self._entry.name

    async def look_up(self, code: str) -> Report | None:
        """Return what the portal says of a dossier."""
        session = await self._session.current()
        response = await self._search(session, code)
        if self._expired(response):
            session = await self._session.instead_of(session)
            response = await self._search(session, code)
            if self._speaks_of_session(Fields(response.data)):
                raise self._client.refuse(SourceRefused("takes no session of ours"))
        if response.status in _UNKNOWN_SESSION:
            raise self._client.refuse(SourceRefused("does not accept a new session"))
        return self._read(code, response.data)

    async def _log_in(self) -> tuple[str, float | None]:
        body = {"username": self._entry.username, "password": self._entry.password}
        headers = {"dstcode": self._entry.dstcode}
        answer = Fields(
            (await self._client.ask(Request("POST", self._entry.login_url, headers, body=body, once=True))).data
        )
        session = text(answer["session"], 4000)
        if not session or not _fine(answer["error_code"], missing=True):
            raise self._client.refuse(SourceRefused("login refused"))
        return session, None

    async def _search(self, session: str, code: str) -> Response:
        body = {"session": session, "madonvi": self._entry.madonvi, "service": "TraCuuHoSo", "mahoso": code}
        headers = {"dstcode": self._entry.dstcode}
        return await self._client.ask(Request("POST", self._entry.url, headers, body=body, expected=_UNKNOWN_SESSION))

    def _expired(self, response: Response) -> bool:
        """Tell whether the answer may be due to an old session.

        There is no error code for that which all installations share. So an error whose message speaks of the session,
        or any error of an old session, is answered by a new login; another error of a session that is only seconds old
        is believed, lest unknown codes make us log in all the time. Who says so again of a new session lets us
        in no more.
        """
        if response.status in _UNKNOWN_SESSION:
            return True
        answer = Fields(response.data)
        return self._failed(answer) and (self._speaks_of_session(answer) or self._session.age > _YOUNG)

    def _failed(self, answer: Fields) -> bool:
        return "error_code" in answer and not _fine(answer["error_code"]) and not self._missing(answer)

    def _speaks_of_session(self, answer: Fields) -> bool:
        message = " ".join(text(answer[name]).casefold() for name in ("message", "error_message", "msg"))
        return self._failed(answer) and any(word in message for word in _ABOUT_SESSION)

    def _missing(self, answer: Fields) -> bool:
        return text(answer["error_code"], 40) in self._entry.missing_codes

    def _read(self, code: str, data: object) -> Report | None:
        answer = Fields(data)
        if self._missing(answer):
            return None
        if not _fine(answer["error_code"], missing="result" in answer):
            raise SourceUnreadable("an error of its own")
        result = answer["result"]
        if "result" not in answer or not (result is None or result == "" or isinstance(result, list | dict)):
            raise SourceUnreadable("no result")
        ours = [each for each in records(result) if same_code(each["MaHoSo"], code)]
        dossiers = [each for each in ours if "ThoiDiemXuLy" not in each]
        if not dossiers:
            if items(result):
                raise SourceUnreadable("no dossier of that code in the result")
            return None
        newest = max(dossiers, key=lambda each: self._report(code, each, ()).event)  # some list each state it was in
        return self._report(code, newest, (each for each in ours if "ThoiDiemXuLy" in each))

    def _report(self, code: str, dossier: Fields, progress: Iterable[Fields]) -> Report:
        status, said = self._reader.status(dossier["TrangThaiHoSo"])
        requests = [each for each in records(dossier["DanhSachHoSoBoSung"]) if not moment(each["NgayTiepNhanBoSung"])]
        nested = [each for value in dossier.values() for each in records(value) if "ThoiDiemXuLy" in each]
        fees = records(dossier["DanhSachLePhi"])
        more_fees = [fee for each in requests for fee in records(each["DanhSachLePhiBoSung"])]
        later = [due for each in records(dossier["DanhSachHoSoBoSung"]) if (due := moment(each["NgayHenTraMoi"]))]
        holders = [each["SoDinhDanh"] for each in records(dossier["DinhDanhCHS"])]
        return Report(
            code=code,
            source=self.name,
            read_at=self._reader.now(),
            status=status,
            status_text=said,
            procedure_code=text(dossier["MaTTHC"], 40) or None,
            procedure_name=text(dossier["TenTTHC"]),
            received=moment(dossier["NgayTiepNhan"]),
            due=moment(dossier["NgayHenTra"]),
            new_due=max(later, default=None),
            finished=moment(dossier["NgayTra"]) or moment(dossier["NgayKetThucXuLy"]),
            agency=text(dossier["DonViXuLy"]),
            owner=text(dossier["ChuHoSo"], 120),
            missing=distinct(line for each in requests for line in _asked_for(each)),
            money=tuple(paying for fee in [*fees, *more_fees] if (paying := _payment(fee))),
            steps=in_order(self._step(each) for each in [*nested, *progress]),
            note=text(dossier["GhiChu"]),
            proofs=last_four(dossier["SoDienThoai"], dossier["SoGiayToChuHoSo"], *holders),
            online=online(dossier["KenhThucHien"]),
        )

    def _step(self, progress: Fields) -> Step:
        status, said = self._reader.status(progress["TrangThai"])
        what = text(progress["NoiDungXuLy"]) or (status.official if status else said)
        return Step(
            moment(progress["ThoiDiemXuLy"]), what, text(progress["PhongBanXuLy"]), text(progress["NguoiXuLy"], 120)
        )


def _asked_for(request: Fields) -> list[str]:
    """Return the papers that a request for more names, else its words."""
    papers = [
        text(paper["TenGiayTo"]) or text(paper["TenTepDinhKem"]) for paper in records(request["DanhSachGiayToBoSung"])
    ]
    named = [paper for paper in papers if paper]
    return named or [text(request["NoiDungBoSung"])]


def _payment(fee: Fields) -> Payment | None:
    what, amount = text(fee["TenPhiLePhi"], 200), money(fee["Gia"])
    if not what and amount is None:
        return None
    return Payment(what, amount, truth(fee["TrangThai"]))


def _fine(code: object, *, missing: bool = False) -> bool:
    """Tell whether an error code says that there is no error: 0, "0", "00"; ``missing``: also when there is none."""
    said = text(code, 40)
    return missing if not said else not said.strip("0")
