"""A small catalogue for tests: variants, money by channel, an abolished record, long lists, thin records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.dialogue.services import Services
from knowledge.catalogue import Catalogue
from knowledge.matching import Candidate, Facet, Match, Outcome
from knowledge.procedure import (
    Channel,
    ChannelKind,
    Handling,
    LegalBasis,
    Level,
    Money,
    MoneyKind,
    Procedure,
    RequiredDocument,
    SetBy,
    Source,
    TimeLimit,
    TimeUnit,
)

PORTAL = "https://dichvucong.gov.vn"
SOURCE = Source(name="Cổng Dịch vụ công quốc gia", url=f"{PORTAL}/tthc/1", read_on=date(2026, 6, 12), verified=True)
UNVERIFIED = Source(name="Cổng Dịch vụ công quốc gia", read_on=date(2026, 7, 1), verified=False)

FREE = Money(kind=MoneyKind.FEE, amount=0)
ONE_DAY = TimeLimit(amount=1, unit=TimeUnit.WORKING_DAY)

BIRTH = Procedure(
    code="1.001193",
    name="Thủ tục đăng ký khai sinh",
    names=("làm giấy khai sinh",),
    field="Hộ tịch",
    levels=(Level.COMMUNE,),
    agency="Ủy ban nhân dân cấp xã",
    summary="Ghi nhận việc sinh và cấp Giấy khai sinh cho trẻ.",
    channels=tuple(Channel(kind=kind, time_limits=(ONE_DAY,), money=(FREE,)) for kind in ChannelKind),
    documents=(
        RequiredDocument(name="Tờ khai đăng ký khai sinh", form="Mẫu TP/HT-2012-TKKS", originals=1),
        RequiredDocument(name="Giấy chứng sinh", originals=1),
        RequiredDocument(name="Văn bản ủy quyền", originals=1, condition="Nhờ người khác đi làm thay"),
        RequiredDocument(name="Căn cước của người đi khai", handling=Handling.SHOW, originals=1),
        RequiredDocument(name="Giấy chứng nhận kết hôn của cha mẹ", handling=Handling.LOOKED_UP),
    ),
    steps=("Anh/chị điền tờ khai.", "Nộp tại Ủy ban nhân dân xã, phường.", "Nhận Giấy khai sinh."),
    results=("Giấy khai sinh",),
    conditions=("Khai trong 60 ngày từ ngày sinh.",),
    legal_basis=(LegalBasis(number="60/2014/QH13", title="Luật Hộ tịch"),),
    decision="2066/QĐ-BTP",
    family="khai-sinh",
    prior=1.0,
    source=SOURCE,
)
BIRTH_FOREIGN = BIRTH.model_copy(
    update={
        "code": "2.000528",
        "name": "Thủ tục đăng ký khai sinh có yếu tố nước ngoài",
        "variant": "có bố hoặc mẹ là người nước ngoài",
        "prior": 0.4,
        "source": UNVERIFIED,
    }
)
BIRTH_AGAIN = BIRTH.model_copy(
    update={
        "code": "1.004884",
        "name": "Thủ tục đăng ký lại khai sinh",
        "variant": "đăng ký lại vì mất sổ gốc",
        "prior": 0.5,
    }
)
MARRIAGE = BIRTH.model_copy(
    update={
        "code": "1.000894",
        "name": "Thủ tục đăng ký kết hôn",
        "names": ("giấy kết hôn",),
        "family": None,
        "channels": (Channel(kind=ChannelKind.IN_PERSON, time_limits=(ONE_DAY,), money=(FREE,)),),
        "prior": 0.9,
    }
)
LICENCE = Procedure(
    code="1.002801",
    name="Đổi giấy phép lái xe",
    names=("đổi bằng lái",),
    field="Sát hạch, cấp giấy phép lái xe",
    agency="Công an cấp tỉnh",
    channels=(
        Channel(
            kind=ChannelKind.IN_PERSON,
            where="Điểm tiếp nhận của Công an tỉnh",
            time_limits=(TimeLimit(amount=5, unit=TimeUnit.WORKING_DAY),),
            money=(Money(kind=MoneyKind.FEE, amount=135000, unit="lần"),),
        ),
        Channel(
            kind=ChannelKind.ONLINE,
            time_limits=(TimeLimit(amount=5, unit=TimeUnit.WORKING_DAY),),
            money=(Money(kind=MoneyKind.FEE, amount=115000, unit="lần"),),
        ),
    ),
    documents=(RequiredDocument(name="Giấy khám sức khỏe của người lái xe", originals=1),),
    prior=0.8,
    source=UNVERIFIED,
    warnings=("Nguồn không ghi rõ mức phí tại địa phương.",),
)
LAND = Procedure(
    code="1.012345",
    name="Đăng ký, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất lần đầu "
    + "đối với cá nhân " * 6,
    names=("làm sổ đỏ lần đầu",),
    field="Đất đai",
    channels=(
        Channel(
            kind=ChannelKind.IN_PERSON,
            time_limits=(TimeLimit(amount=20, condition="Đất không có tranh chấp"), TimeLimit(note="Do tỉnh quy định")),
            money=(
                Money(kind=MoneyKind.FEE, amount=None, set_by=SetBy.PROVINCE),
                Money(kind=MoneyKind.CHARGE, amount=100000, condition="Đo đạc lại"),
            ),
        ),
    ),
    documents=tuple(
        RequiredDocument(name=f"Giấy tờ số {n} " + "về quyền sử dụng đất theo quy định của pháp luật " * 3, originals=1)
        for n in range(1, 15)
    ),
    prior=0.7,
    source=UNVERIFIED,
)
OLD = MARRIAGE.model_copy(
    update={
        "code": "1.000001",
        "name": "Đăng ký kết hôn kiểu cũ",
        "abolished_on": date(2025, 7, 1),
        "successor": "1.000894",
    }
)
ORPHAN = OLD.model_copy(update={"code": "1.000002", "name": "Cấp sổ hộ khẩu", "successor": None})
THIN = Procedure(code="9.000009", name='Thủ tục <b>lạ</b> & "khó"', field="Khác & <lạ>", source=UNVERIFIED)

RECORDS = (BIRTH, BIRTH_FOREIGN, BIRTH_AGAIN, MARRIAGE, LICENCE, LAND, OLD, ORPHAN, THIN)


def answer(code: str, *facets: Facet) -> Match:
    return Match(Outcome.ANSWER, (Candidate(code, 0.97),), facets=facets)


def offer(*codes: str, facets: tuple[Facet, ...] = (), ask: str | None = None) -> Match:
    return Match(Outcome.OFFER, tuple(Candidate(code, 0.3) for code in codes), codes, facets, ask=ask)


def plain_case(*codes: str, confidence: float = 0.95) -> Match:
    """The first code all but certain, the others its variants."""
    rest = tuple(Candidate(code, 0.01) for code in codes[1:])
    return Match(Outcome.OFFER, (Candidate(codes[0], confidence), *rest), codes)


def bare(*facets: Facet) -> Match:
    return Match(Outcome.UNKNOWN, facets=facets, bare=True)


class Script:
    """A matcher that knows a few sentences by heart, and nothing else."""

    def __init__(self, lines: dict[str, Match]) -> None:
        self.lines = lines
        self.heard: list[str] = []

    def match(self, question: str, rejected: tuple[str, ...] = ()) -> Match:
        self.heard.append(question)
        found = self.lines.get(question, Match(Outcome.UNKNOWN))
        left = tuple(candidate for candidate in found.candidates if candidate.code not in rejected)
        choices = tuple(code for code in found.choices if code not in rejected)
        if found.candidates and not left:
            return Match(Outcome.UNKNOWN, facets=found.facets)
        elsewhere = None if found.elsewhere and found.elsewhere[0] in rejected else found.elsewhere
        return replace(found, candidates=left, choices=choices, elsewhere=elsewhere)


def services(lines: dict[str, Match] | None = None, records: tuple[Procedure, ...] = RECORDS) -> Services:
    return Services(Catalogue.of(records), Script(lines or {}), PORTAL, "http://127.0.0.1:8080", "motcua_bot")
