"""What one source said of one dossier at one moment. Every source fills this form; nothing in it is guessed.

All times are aware and in Vietnam's time (``VIETNAM``); ``local`` brings a source's time there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from bot.dossiers.status import Status

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""The country's one time zone, without summer time since 1975."""


_LONG_AGO = datetime(2000, 1, 1, tzinfo=VIETNAM)


def local(moment: datetime) -> datetime:
    """Return ``moment`` in Vietnam's time; one without a zone is taken to be in it already."""
    return moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment.astimezone(VIETNAM)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money asked for with a dossier: ``amount`` in VND, None when the source names no sum; ``paid`` None: not said."""

    what: str
    amount: int | None = None
    paid: bool | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done with the dossier."""

    at: datetime | None
    what: str
    unit: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One dossier as ``source`` described it at ``read_at``.

    ``status`` is None when the source's words (``status_text``, kept as said) could not be read as one of the ten.
    ``new_due`` is a later date the office has promised, ``supply_by`` the last day to bring missing papers or money.
    ``fresh`` is False when the source could not be asked now and this is what it said last. ``owner`` is the name as
    the source gives it: whoever shows it masks it. Steps are in order of time. ``proofs`` are the last four digits of
    the identity and phone numbers given with the dossier, for a second proof: never shown, and stored only hashed.
    ``since`` is when the source says that all this became so; None where it only tells how things stand. ``online``:
    whether the dossier was filed through a portal; None where the source does not say.
    """

    code: str
    source: str
    read_at: datetime
    status: Status | None = None
    status_text: str = ""
    procedure_code: str | None = None
    procedure_name: str = ""
    received: datetime | None = None
    due: datetime | None = None
    new_due: datetime | None = None
    finished: datetime | None = None
    supply_by: datetime | None = None
    agency: str = ""
    owner: str = ""
    missing: tuple[str, ...] = ()
    money: tuple[Payment, ...] = ()
    steps: tuple[Step, ...] = ()
    note: str = ""
    fresh: bool = True
    proofs: tuple[str, ...] = field(default=(), repr=False)
    since: datetime | None = None
    online: bool | None = None

    @property
    def event(self) -> datetime:
        """The time of the last thing that this tells to have happened, never one that is still to come."""
        times = [self.received, self.finished, self.since, *(step.at for step in self.steps)]
        return max((time for time in times if time and time <= self.read_at), default=_LONG_AGO)
