"""The ten states of a dossier, as every one-stop system in the country must report them.

Numbers and names are those of the national public-service portal's exchange of dossiers (field ``TrangThaiHoSo``).
"""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Where a dossier stands; the value is the national number."""

    REGISTERED = 1
    RECEIVED = 2
    REFUSED = 3
    PROCESSING = 4
    SUPPLEMENT = 5
    PAYMENT = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10

    @property
    def official(self) -> str:
        """The national name."""
        return _OFFICIAL[self]

    @property
    def clock_stopped(self) -> bool:
        """Whether the time limit does not run meanwhile."""
        return self in (Status.SUPPLEMENT, Status.PAYMENT, Status.STOPPED)

    @property
    def settled(self) -> bool:
        """Whether the office's work is over, so that no time limit runs any more."""
        return self.final or self is Status.DONE

    @property
    def final(self) -> bool:
        """Whether nothing more happens with the dossier; one that is done still waits to be collected."""
        return self in (Status.REFUSED, Status.WITHDRAWN, Status.RETURNED)


_OFFICIAL = {
    Status.REGISTERED: "Mới đăng ký",
    Status.RECEIVED: "Được tiếp nhận",
    Status.REFUSED: "Không được tiếp nhận",
    Status.PROCESSING: "Đang xử lý",
    Status.SUPPLEMENT: "Yêu cầu bổ sung giấy tờ",
    Status.PAYMENT: "Yêu cầu thực hiện nghĩa vụ tài chính",
    Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    Status.STOPPED: "Dừng xử lý",
    Status.DONE: "Đã xử lý xong",
    Status.RETURNED: "Đã trả kết quả",
}
