"""The shape of one administrative procedure: documents, channels, money, time, case questions, sources.

Terms follow Decree 63/2010 (components of a procedure, article 8) and the Law on Charges and Fees 97/2015, which tells
a *charge* (phí, the price of a service) from a *fee* (lệ phí, a fixed sum for an act of the state).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated
from unicodedata import normalize

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[0-9]\.[0-9]{6}$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(partial(normalize, "NFC"))]
"""Words for people, composed (NFC): fonts, look-ups and comparisons rely on it, whatever wrote the file."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
ProvinceCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]

When = Mapping[Slug, Annotated[tuple[Slug, ...], Field(min_length=1)]]
"""On which answers something depends: for each case question named, the choices that let it hold. All must hold.

The question ``channel`` is always there; its choices are the kinds of channel: in_person, online, post.
"""

CHANNEL = "channel"
UNSURE = "unsure"


class Record(BaseModel):
    """Base of every part of a record: immutable, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __hash__(self) -> int:
        """Hash by content; conditions are mappings, which have no hash of their own."""
        return hash((type(self), self.model_dump_json()))


_WHEN = "Answers it depends on, by case question; empty: none. Its `condition` then says the same for a reader."


class Level(StrEnum):
    """Who decides, in the two-tier local government in force since 1 July 2025."""

    COMMUNE = "commune"
    PROVINCE = "province"
    MINISTRY = "ministry"
    OTHER = "other"


class Audience(StrEnum):
    """Who may use the procedure."""

    CITIZEN = "citizen"
    OVERSEAS_VIETNAMESE = "overseas_vietnamese"
    FOREIGNER = "foreigner"
    HOUSEHOLD_BUSINESS = "household_business"
    COOPERATIVE = "cooperative"
    ENTERPRISE = "enterprise"
    ORGANISATION = "organisation"
    OFFICIAL = "official"


class TimeUnit(StrEnum):
    """What a time limit is counted in; working days leave out weekends and days off."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"


class TimeLimit(Record):
    """How long the office may take, counted from a complete dossier.

    ``amount`` None with a ``note``: the source gives no plain number (for example "at once", "set by the province").
    """

    amount: Annotated[int, Field(ge=0)] | None = None
    unit: TimeUnit | None = None
    condition: Text | None = Field(None, description="When this limit applies; null: always.")
    when: When = Field(default_factory=dict, description=_WHEN)
    note: Text | None = Field(None, description="What a reader must know beside the number, in Vietnamese.")


class MoneyKind(StrEnum):
    """Phí, which pays for a service, or lệ phí, set for an act of the state: Law 97/2015/QH13, Article 3."""

    CHARGE = "charge"
    FEE = "fee"


class SetBy(StrEnum):
    """Whose act sets the sum: the nation's, or the people's council of a province."""

    NATION = "nation"
    PROVINCE = "province"


class Money(Record):
    """One charge or fee.

    ``amount`` is in VND; 0 means known to be free; None means the amount is not known nationally: the provincial
    People's Council sets it (``set_by`` province), or it depends on something the note explains.
    """

    kind: MoneyKind
    amount: Annotated[int, Field(ge=0)] | None
    unit: Text | None = Field(None, description="What is counted: 'bản', 'trang', 'hồ sơ', 'lần', ...")
    from_unit: Annotated[int, Field(ge=1)] = Field(1, description="First unit it is due for: 3 for 'from page 3 on'.")
    to_unit: Annotated[int, Field(ge=1)] | None = Field(None, description="Last unit it is due for; null: all others.")
    condition: Text | None = Field(None, description="When this sum applies; null: always.")
    when: When = Field(default_factory=dict, description=_WHEN)
    set_by: SetBy = SetBy.NATION
    basis: Text | None = Field(None, description="Number of the act that sets this sum, when the source names it.")
    note: Text | None = None


class ChannelKind(StrEnum):
    """A way to hand papers in."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    POST = "post"


class Channel(Record):
    """One way of handing the dossier in, with its own time limits and money."""

    kind: ChannelKind
    where: Text | None = Field(None, description="Where to go or which site to use, in Vietnamese.")
    when: When = Field(default_factory=dict, description=_WHEN)
    time_limits: tuple[TimeLimit, ...] = ()
    money: tuple[Money, ...] = ()


class Handling(StrEnum):
    """What becomes of a paper at the counter."""

    HAND_IN = "hand_in"
    SHOW = "show"
    LOOKED_UP = "looked_up"


class RequiredDocument(Record):
    """One paper of the dossier (thành phần hồ sơ)."""

    name: Text
    form: Text | None = Field(None, description="Number or name of the official form, when one is prescribed.")
    form_url: Text | None = Field(None, description="Where the form can be downloaded, when the source names it.")
    originals: Annotated[int, Field(ge=0)] = 0
    copies: Annotated[int, Field(ge=0)] = 0
    handling: Handling = Handling.HAND_IN
    condition: Text | None = Field(None, description="Who needs this paper; null: everybody.")
    when: When = Field(default_factory=dict, description=_WHEN)


class Step(Record):
    """One step that only some take; a step that everybody takes is plain text."""

    text: Text
    when: When = Field(default_factory=dict, description=_WHEN)


class CaseChoice(Record):
    """One answer a person can choose."""

    id: Slug
    text: Text = Field(description="The answer in a few words, as it stands on a button.")
    note: Text | None = Field(None, description="What a person who chooses this must know, in Vietnamese.")


class CaseQuestion(Record):
    """A question about the person's case that changes what they need."""

    id: Slug
    text: Text = Field(description="The question, in plain words.")
    choices: Annotated[tuple[CaseChoice, ...], Field(min_length=2, max_length=8)]
    when: When = Field(default_factory=dict, description="Answers to earlier questions that make this one matter.")


class LocalRule(Record):
    """What one province has set otherwise: the sums or time limits of one kind of channel, or of all.

    ``money`` and ``time_limits``, when given, stand in the place of all that the channel has nationally.
    """

    province: ProvinceCode = Field(description="Code of the province since 1 July 2025, such as 01 for Hà Nội.")
    channel: ChannelKind | None = None
    money: tuple[Money, ...] = ()
    time_limits: tuple[TimeLimit, ...] = ()
    basis: Text = Field(description="Number of the act of the province.")
    url: Text | None = None
    read_on: date
    verified: bool = False


class LegalBasis(Record):
    """An act the procedure rests on."""

    number: Text
    title: Text


class Source(Record):
    """Where the facts were read, and when."""

    name: Text
    url: Text | None = None
    read_on: date
    verified: bool = Field(description="True when the facts were compared with a second source.")
    note: Text | None = Field(None, description="What disagrees or is missing, in Vietnamese.")


class Procedure(Record):
    """One entry of the national catalogue of administrative procedures."""

    code: Code
    name: Text = Field(description="Official name, exact.")
    names: tuple[Text, ...] = Field((), description="Names people use.")
    field: Text = Field(description="Lĩnh vực.")
    levels: tuple[Level, ...] = ()
    agency: Text | None = None
    audience: tuple[Audience, ...] = ()
    summary: Text | None = Field(None, description="What it is for and who needs it, one plain sentence of ours.")
    channels: tuple[Channel, ...] = ()
    exemptions: tuple[Text, ...] = Field((), description="Who pays nothing or less.")
    documents: tuple[RequiredDocument, ...] = ()
    questions: tuple[CaseQuestion, ...] = Field((), description="Case questions, in the order in which to ask.")
    steps: tuple[Text | Step, ...] = ()
    results: tuple[Text, ...] = ()
    conditions: tuple[Text, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    decision: Text | None = Field(None, description="Number of the decision that announced it.")
    in_force_since: date | None = None
    abolished_on: date | None = None
    successor: Code | None = Field(None, description="What replaced it, when it is abolished.")
    family: Text | None = Field(None, description="Slug shared by a base procedure and its variants.")
    variant: Text | None = Field(None, description="What sets this variant apart, in Vietnamese; null: the base.")
    provincial: bool = Field(False, description="Announced by one province only.")
    local_rules: tuple[LocalRule, ...] = Field((), description="What provinces have set otherwise.")
    prior: Annotated[float, Field(ge=0, le=1)] = Field(0.0, description="How often citizens ask for it, 0..1.")
    source: Source
    warnings: tuple[Text, ...] = Field((), description="Known defects of the source, in Vietnamese.")

    @property
    def step_texts(self) -> tuple[str, ...]:
        """All steps in words, whoever takes them."""
        return tuple(step.text if isinstance(step, Step) else step for step in self.steps)
