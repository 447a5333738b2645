"""A dossier as each simulated system tells of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.dossiers.report import VIETNAM
from bot.dossiers.simulator.story import CLERK, MARK, NOTE, Dossier, Event
from bot.dossiers.status import Status

_AGENCY = f"{MARK} - Ủy ban nhân dân phường Thí Dụ"
_WORDS = {
    Status.REGISTERED: "Mới đăng ký",
    Status.RECEIVED: "Được tiếp nhận",
    Status.REFUSED: "Từ chối tiếp nhận",
    Status.PROCESSING: "Đang xử lý",
    Status.SUPPLEMENT: "Yêu cầu bổ sung giấy tờ",
    Status.PAYMENT: "Yêu cầu thực hiện nghĩa vụ tài chính",
    Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    Status.STOPPED: "Dừng xử lý",
    Status.DONE: "Đã xử lý xong",
    Status.RETURNED: "Đã trả kết quả",
}
_ENDS = frozenset({Status.DONE, Status.REFUSED, Status.WITHDRAWN})


def national(dossier: Dossier, now: datetime) -> list[dict[str, Any]]:
    """Return the elements of ``result``: the dossier, then its progress."""
    happened = dossier.happened(now)
    told = {
        "MaHoSo": dossier.code,
        "MaTTHC": dossier.procedure_code,
        "TenTTHC": dossier.procedure_name,
        "ChuHoSo": dossier.owner,
        "SoDienThoai": dossier.phone,
        "SoGiayToChuHoSo": dossier.number,
        "NgayTiepNhan": _compact(_first(dossier, now, Status.RECEIVED)),
        "NgayHenTra": _compact(dossier.promised(dossier.story.due)),
        "TrangThaiHoSo": str(happened[-1].status.value),
        "NgayTra": _compact(_first(dossier, now, Status.RETURNED)),
        "NgayKetThucXuLy": _compact(_last_of(dossier, now)),
        "DonViXuLy": _AGENCY,
        "GhiChu": NOTE,
        "KenhThucHien": "2",
        "DanhSachHoSoBoSung": _requests(dossier, now),
        "DanhSachLePhi": [
            {"TenPhiLePhi": what, "MaPhiLePhi": "", "HinhThucThu": "1", "Gia": str(amount), "LoaiPhiLePhi": "2"}
            for what, amount in dossier.story.fees
        ],
    }
    progress = [
        {
            "MaHoSo": dossier.code,
            "NguoiXuLy": CLERK,
            "ThoiDiemXuLy": _compact(dossier.at(event.day)),
            "PhongBanXuLy": event.room,
            "NoiDungXuLy": event.what,
            "TrangThai": str(event.status.value),
        }
        for event in happened
    ]
    return [told, *progress]


def _requests(dossier: Dossier, now: datetime) -> list[dict[str, Any]]:
    """Return what was asked for in addition: still open, or handed in when the dossier went on."""
    happened = dossier.happened(now)
    if not dossier.story.papers or not (dossier.lacking(now) or any(e.status is Status.SUPPLEMENT for e in happened)):
        return []
    asked = next((event for event in happened if event.status is Status.SUPPLEMENT), happened[-1])
    later = dossier.story.new_due
    return [
        {
            "HoSoBoSungId": "1",
            "NguoiYeuCauBoSung": CLERK,
            "NoiDungBoSung": "Đề nghị bổ sung: " + "; ".join(dossier.story.papers),
            "NgayBoSung": _compact(dossier.at(asked.day)),
            "NgayTiepNhanBoSung": "" if dossier.lacking(now) else _compact(dossier.at(happened[-1].day)),
            "DanhSachGiayToBoSung": [{"TenGiayTo": paper} for paper in dossier.story.papers],
            "NgayHenTraMoi": "" if later is None or dossier.lacking(now) else _compact(dossier.promised(later)),
        }
    ]


def igate(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """Return an element of ``content``."""
    happened = dossier.happened(now)
    return {
        "code": dossier.code,
        "applicant": {
            "data": {"fullname": dossier.owner, "phoneNumber": dossier.phone, "identityNumber": dossier.number}
        },
        "procedure": {
            "code": dossier.procedure_code,
            "translate": [{"languageId": 228, "name": f"{dossier.procedure_name} ({MARK.lower()})"}],
        },
        "statusCurrentTask": _WORDS[happened[-1].status],
        "applyMethod": {"name": "Trực tuyến"},
        "appliedDate": _iso(dossier.at(dossier.story.events[0].day)),
        "acceptedDate": _iso(_first(dossier, now, Status.RECEIVED)),
        "appointmentDate": _iso(dossier.promised(dossier.story.due)),
        "completedDate": _iso(_last_of(dossier, now)),
    }


def plain(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """Return the dossier as a system of its own kind might."""
    happened = dossier.happened(now)
    return {
        "ghiChu": NOTE,
        "hoSo": {
            "ma": dossier.code,
            "thuTuc": {"ma": dossier.procedure_code, "ten": dossier.procedure_name},
            "trangThai": happened[-1].status.name,
            "nguoiNop": {"ten": dossier.owner, "dienThoai": dossier.phone},
            "henTra": _iso(dossier.promised(dossier.story.due)),
            "coQuan": _AGENCY,
            "conThieu": list(dossier.story.papers) if dossier.lacking(now) else [],
            "khoanThu": [{"ten": what, "soTien": amount} for what, amount in dossier.story.fees],
        },
        "quaTrinh": [
            {"luc": _iso(dossier.at(event.day)), "viec": event.what, "phong": event.room} for event in happened
        ],
    }


def _first(dossier: Dossier, now: datetime, status: Status) -> datetime | None:
    return next((dossier.at(event.day) for event in dossier.happened(now) if event.status is status), None)


def _last_of(dossier: Dossier, now: datetime) -> datetime | None:
    ends: list[Event] = [event for event in dossier.happened(now) if event.status in _ENDS]
    return dossier.at(ends[-1].day) if ends else None


def _compact(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%Y%m%d%H%M%S}" if moment else ""


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(VIETNAM).isoformat(timespec="milliseconds") if moment else None
