"""Made-up dossiers that move through their states on a clock. Nothing here is real, and everything says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from bot.dossiers.status import Status

MARK = "MÔ PHỎNG"
NOTE = f"{MARK}: hồ sơ bịa ra để thử, không phải của ai"

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ")
_GIVEN = ("Mô Phỏng", "Thí Dụ", "Minh Họa", "Làm Mẫu", "Ví Dụ", "Diễn Thử")
_COUNTER = "Bộ phận Một cửa (mô phỏng)"
_ROOM = "Phòng chuyên môn (mô phỏng)"
CLERK = "Cán bộ Mô Phỏng"


class Kind(StrEnum):
    """Which of the simulated systems knows a dossier."""

    NATIONAL = "national"
    IGATE = "igate"
    JSON = "json"


UNITS = {Kind.NATIONAL: "000.99.99.H48", Kind.IGATE: "000.99.99.H26", Kind.JSON: "000.99.99.H44"}


@dataclass(frozen=True, slots=True)
class Event:
    """What happens ``day`` days after the simulator's start; a negative day lies before it."""

    day: float
    status: Status
    what: str
    room: str = _COUNTER


@dataclass(frozen=True, slots=True)
class Story:
    """The life of a dossier: its events in order, the day it is due, and what it lacks while something is asked for.

    ``open_papers`` are still missing even in the states after the last request for them.
    """

    events: tuple[Event, ...]
    due: float
    papers: tuple[str, ...] = ()
    fees: tuple[tuple[str, int], ...] = ()
    new_due: float | None = None
    open_papers: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier at one moment, with real times."""

    code: str
    kind: Kind
    procedure_code: str
    procedure_name: str
    owner: str
    phone: str
    number: str
    story: Story
    began: datetime
    speed: float

    def at(self, day: float) -> datetime:
        """Return when a day of the story is: the past as it was, what is to come sooner by the speed."""
        return self.began + timedelta(days=day if day <= 0 else day / self.speed)

    def promised(self, day: float) -> datetime:
        """Return the end of office hours of a day that the office has promised; promises do not hurry."""
        return (self.began + timedelta(days=day)).replace(hour=17, minute=0, second=0, microsecond=0)

    def happened(self, now: datetime) -> tuple[Event, ...]:
        """Return the events up to now, at least the first."""
        done = tuple(event for event in self.story.events if self.at(event.day) <= now)
        return done or self.story.events[:1]

    def next(self, now: datetime) -> Event | None:
        """Return what comes next."""
        return next((event for event in self.story.events if self.at(event.day) > now), None)

    def lacking(self, now: datetime) -> bool:
        """Tell whether papers are missing now."""
        status = self.happened(now)[-1].status
        return bool(self.story.papers) and (status is Status.SUPPLEMENT or self.story.open_papers)


_PROCEDURES = (
    ("1.001193", "Thủ tục đăng ký khai sinh"),
    ("1.004222", "Đăng ký thường trú"),
    ("1.000894", "Thủ tục đăng ký kết hôn"),
    ("1.001612", "Đăng ký thành lập hộ kinh doanh"),
    ("1.004194", "Đăng ký tạm trú"),
    ("1.000656", "Thủ tục đăng ký khai tử"),
)


_TAKEN = (Status.RECEIVED, "Tiếp nhận hồ sơ")
_FILED = (Status.REGISTERED, "Nộp hồ sơ trực tuyến")
_CHECKED = (Status.PROCESSING, "Thẩm định", _ROOM)
_ASKED = (Status.SUPPLEMENT, "Yêu cầu bổ sung giấy tờ", _ROOM)
_CHARGED = (Status.PAYMENT, "Đề nghị nộp lệ phí", _ROOM)
_PAID = (Status.PROCESSING, "Đã ghi nhận nộp lệ phí", _ROOM)
_RESUMED = (Status.PROCESSING, "Xử lý tiếp", _ROOM)
_HELD = (Status.STOPPED, "Chờ ý kiến cơ quan khác", _ROOM)
_SIGNED = (Status.DONE, "Ký kết quả", _ROOM)
_GIVEN_BACK = (Status.RETURNED, "Trả kết quả")
_TURNED_AWAY = (Status.REFUSED, "Hồ sơ không thuộc thẩm quyền")
_TAKEN_BACK = (Status.WITHDRAWN, "Công dân xin rút hồ sơ")


def _life(*events: tuple[float, tuple[Status, str] | tuple[Status, str, str]]) -> tuple[Event, ...]:
    return tuple(Event(day, *happening) for day, happening in events)


_STORIES = (
    Story(_life((-2.2, _FILED), (-2, _TAKEN), (-1, _CHECKED), (1, _SIGNED), (2, _GIVEN_BACK)), due=3),
    Story(
        _life((-4, _TAKEN), (-3, _CHECKED), (-1, _ASKED), (2, _RESUMED), (4, _SIGNED), (5, _GIVEN_BACK)),
        due=2,
        papers=("Giấy chứng sinh", "Giấy tờ chứng minh nơi cư trú"),
        new_due=5,
    ),
    Story(
        _life((-3, _TAKEN), (-2, _CHECKED), (-1, _CHARGED), (1.5, _PAID), (3, _SIGNED), (4, _GIVEN_BACK)),
        due=4,
        fees=(("Lệ phí đăng ký", 100_000),),
    ),
    Story(_life((-20, _TAKEN), (-18, _CHECKED), (3, _SIGNED), (4, _GIVEN_BACK)), due=-3),
    Story(
        _life((-0.5, _FILED), (0.5, _TAKEN), (1.5, _CHECKED), (2.5, _ASKED), (4, _RESUMED), (6, _SIGNED)),
        due=7,
        papers=("Bản sao giấy tờ tùy thân",),
    ),
    Story(_life((-1, _FILED), (1, _TURNED_AWAY)), due=4),
    Story(_life((-6, _TAKEN), (-5, _CHECKED), (1, _TAKEN_BACK)), due=2),
    Story(_life((-8, _TAKEN), (-7, _CHECKED), (-2, _HELD), (3, _RESUMED)), due=1),
    Story(
        _life((-9, _TAKEN), (-7, _CHECKED), (-1, _SIGNED)),
        due=0,
        papers=("Bản chính giấy tờ để đối chiếu",),
        open_papers=True,
    ),
    Story(_life((-6, _TAKEN), (-4, _CHECKED), (-1, _SIGNED), (2, _GIVEN_BACK)), due=1),
    Story(_life((-12, _TAKEN), (-11, _CHECKED), (-5, _SIGNED), (-4, _GIVEN_BACK)), due=-4),
    Story(_life((-4, _TAKEN), (-3, _CHECKED), (2, _SIGNED)), due=1),
)


def dossiers(began: datetime, seed: int, speed: float) -> tuple[Dossier, ...]:
    """Make up dossiers: the same for the same seed and start, some for each simulated system, in all ten states.

    ``speed`` is how many days of a story pass in one day.
    """
    chance = Random(seed)  # noqa: S311
    kinds = list(Kind)
    made = [_made(chance, story, kinds[index % 3], began, speed) for index, story in enumerate(_STORIES)]
    others = [replace(dossier, code="", kind=Kind.NATIONAL) for dossier in made if dossier.kind is not Kind.NATIONAL]
    named = [*made, *others]  # the national system shows every story
    numbers = chance.sample(range(1000, 9999), len(named))
    return tuple(replace(dossier, code=_code(dossier, number)) for dossier, number in zip(named, numbers, strict=True))


def _made(chance: Random, story: Story, kind: Kind, began: datetime, speed: float) -> Dossier:
    procedure_code, procedure_name = chance.choice(_PROCEDURES)
    return Dossier(
        code="",
        kind=kind,
        procedure_code=procedure_code,
        procedure_name=procedure_name,
        owner=f"{chance.choice(_FAMILIES)} {chance.choice(_GIVEN)}",
        phone=f"0900000{chance.randrange(1000):03}",
        number=f"00000000{chance.randrange(10_000):04}",
        story=story,
        began=began,
        speed=speed,
    )


def _code(dossier: Dossier, number: int) -> str:
    return f"{UNITS[dossier.kind]}-{dossier.at(dossier.story.events[0].day):%y%m%d}-{number}"
