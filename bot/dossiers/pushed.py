"""The shape of one pushed dossier, and how it becomes a row of the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.dossiers import code as codes
from bot.dossiers.register import Register, Row
from bot.dossiers.report import Payment, Report, Step, local
from bot.dossiers.sources import values
from bot.dossiers.status import Status

_AHEAD_SECONDS = 300
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_LONGEST_FIELD = 200
"""Characters of a field's name that are said back; it may be anything, where no such field is known."""


def _clean(line: str) -> str:
    return values.text(line)


def _of_this_age(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year < _LAST_YEAR:
        raise ValueError(f"lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return moment


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("should be a number")
    return value


Line = Annotated[str, Field(max_length=500), AfterValidator(_clean)]
Moment = Annotated[AwareDatetime, AfterValidator(_of_this_age)]
Name = Annotated[str, Field(max_length=200), AfterValidator(_clean)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class PushedPayment(_Strict):
    """Money asked for with a dossier."""

    what: Name
    amount: int | None = Field(None, ge=0, le=10**13, description="VND")
    paid: bool | None = None


class PushedStep(_Strict):
    """Something that was done with the dossier."""

    what: Line
    at: Moment | None = None
    unit: Name = ""


class PushedDossier(_Strict):
    """One dossier as the one-stop software has it now. Names of people are not taken."""

    code: str = Field(max_length=80, description="Mã hồ sơ", examples=["000.00.53.H48-261102-0099"])
    updated_at: Moment = Field(description="When this became so; an older row never replaces a newer one.")
    status: Annotated[int, BeforeValidator(_number)] = Field(
        ge=1, le=10, description="Trạng thái hồ sơ, the national numbers 1 to 10"
    )
    status_text: Name = ""
    procedure_code: str | None = Field(None, pattern=r"^[0-9]\.[0-9]{6}(\.[0-9A-Za-z.]{1,20})?$")
    procedure_name: Line = ""
    received: Moment | None = None
    due: Moment | None = None
    new_due: Moment | None = Field(None, description="A later date the office has promised")
    finished: Moment | None = None
    supply_by: Moment | None = Field(None, description="Last day to bring missing papers or money")
    agency: Name = ""
    missing: list[Line] = Field(default_factory=list, max_length=50)
    money: list[PushedPayment] = Field(default_factory=list, max_length=50)
    steps: list[PushedStep] = Field(default_factory=list, max_length=200)
    note: Line = ""
    online: bool | None = Field(None, description="Whether it was filed through a portal")
    identity_last4: str | None = Field(None, pattern=r"^[0-9]{4}$", description="Last four digits of the ID number")
    phone_last4: str | None = Field(None, pattern=r"^[0-9]{4}$", description="Last four digits of the phone number")


def row(entry: Any, now: datetime) -> Row | list[dict[str, str]]:
    """Return the row that an entry stands for, or what is wrong with it, by field; no value is repeated."""
    try:
        sent = PushedDossier.model_validate(entry)
    except ValidationError as error:
        return [
            {"field": values.text(".".join(map(str, each["loc"])), _LONGEST_FIELD), "problem": each["msg"]}
            for each in error.errors(include_input=False, include_url=False, include_context=False)[:10]
        ]
    found = codes.parse(sent.code, now.date())
    if len(found.codes) != 1 or not values.same_code(sent.code, found.codes[0].code):
        return [{"field": "code", "problem": "not a dossier code"}]
    if (sent.updated_at - now).total_seconds() > _AHEAD_SECONDS:
        return [{"field": "updated_at", "problem": "lies in the future"}]
    return Row(_report(sent, found.codes[0].code), local(sent.updated_at))


def _report(sent: PushedDossier, code: str) -> Report:
    def moment(value: datetime | None) -> datetime | None:
        return local(value) if value else None

    report = Report(code, Register.name, local(sent.updated_at), Status(sent.status), sent.status_text)
    return replace(
        report,
        procedure_code=sent.procedure_code,
        procedure_name=sent.procedure_name,
        received=moment(sent.received),
        due=moment(sent.due),
        new_due=moment(sent.new_due),
        finished=moment(sent.finished),
        supply_by=moment(sent.supply_by),
        agency=sent.agency,
        missing=tuple(sent.missing),
        money=tuple(Payment(line.what, line.amount, line.paid) for line in sent.money),
        steps=tuple(Step(moment(step.at), step.what, step.unit) for step in sent.steps),
        note=sent.note,
        online=sent.online,
        proofs=tuple(dict.fromkeys(filter(None, (sent.identity_last4, sent.phone_last4)))),
    )
