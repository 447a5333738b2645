"""What the simulator does wrong when it is told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any


class Fault(StrEnum):
    """One way to fail; the value is its name over HTTP."""

    SLOW = "slow"
    ERROR = "error"
    TOO_MANY = "too_many"
    TRUNCATED = "truncated"
    WRONG_TYPES = "wrong_types"
    HTML = "html"
    HUGE = "huge"
    REDIRECT = "redirect"
    DROPPED = "dropped"
    EXPIRED = "expired"
    TLS_OFF = "tls_off"


MEANINGS = {
    Fault.SLOW: "trả lời chậm",
    Fault.ERROR: "lỗi 500",
    Fault.TOO_MANY: "429, yêu cầu chờ",
    Fault.TRUNCATED: "JSON bị cắt giữa chừng",
    Fault.WRONG_TYPES: "kiểu dữ liệu sai",
    Fault.HTML: "trang HTML thay cho JSON",
    Fault.HUGE: "trả lời quá lớn",
    Fault.REDIRECT: "chuyển hướng sang nơi khác",
    Fault.DROPPED: "ngắt kết nối",
    Fault.EXPIRED: "phiên làm việc hết hạn",
    Fault.TLS_OFF: "cổng HTTPS mất mã hóa",
}


@dataclass
class Faults:
    """The faults switched on now. ``seconds`` belongs to ``slow`` and ``too_many``; ``left`` counts down when set."""

    on: dict[Fault, int | None] = field(default_factory=dict)
    seconds: float = 5.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def set(self, fault: Fault, times: int | None, seconds: float | None) -> None:
        """Switch a fault on, for so many requests or until it is cleared."""
        self.on[fault] = times
        if seconds is not None:
            self.seconds = seconds
        self.changed.set()

    def clear(self) -> None:
        """Switch all faults off."""
        self.on.clear()
        self.changed.set()

    def strikes(self, fault: Fault) -> bool:
        """Tell whether a fault strikes this request, and count it."""
        if fault not in self.on:
            return False
        left = self.on[fault]
        if left is not None:
            self.on[fault] = left - 1
            if left <= 1:
                del self.on[fault]
        return True

    def shown(self) -> dict[str, Any]:
        """Return what is on, as JSON."""
        return {"faults": {fault.value: left for fault, left in self.on.items()}, "seconds": self.seconds}


def read(given: Mapping[str, Any]) -> tuple[Fault, int | None, float | None]:
    """Read an order from a form or JSON. Raises ``ValueError``."""
    fault = Fault(str(given.get("fault", "")))
    times = given.get("times") or None
    seconds = given.get("seconds") or None
    count = None if times is None else int(times)
    wait = None if seconds is None else float(seconds)
    if (count is not None and not 1 <= count <= 1000) or (wait is not None and not 0 <= wait <= 120):
        raise ValueError("out of bounds")
    return fault, count, wait


def mangled(value: Any, chance: Random) -> Any:
    """Return JSON of which every leaf, and some lists, have another type."""
    others: tuple[Callable[[], Any], ...] = (
        lambda: None,
        lambda: {"x": 1},
        lambda: [[], {}],
        lambda: -1.5,
        lambda: True,
        lambda: "\ud800\u0000\u202e" + json.dumps(value)[:10],
    )
    if isinstance(value, dict):
        return {name: mangled(held, chance) for name, held in value.items()}
    if isinstance(value, list) and value and chance.random() < 0.8:
        return [mangled(held, chance) for held in value]
    return chance.choice(others)()
