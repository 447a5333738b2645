from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL.Image import Image

from bot.dialogue import cases
from bot.dialogue import checklist as words
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared
from bot.printing.checklist import ELSEWHERE, checklist
from bot.printing.links import Doors
from bot.printing.paper import A5
from knowledge import case, catalogue
from knowledge.catalogue import Catalogue
from knowledge.guidance import paper_key
from knowledge.procedure import Procedure
from tests.bot.dialogue.records import PORTAL, Script
from tests.bot.printing import reading
from tests.knowledge.cases import SUNDAY, library_card

CARD = library_card()
DOORS = Doors("https://motcua.example.vn", "motcua_bot")
ALONE = {"term": "late", "who": "self", "channel": "online"}


def services(*records: Procedure) -> Services:
    return Services(Catalogue.of(records or (CARD,)), Script({}), PORTAL, clock=lambda: SUNDAY)


def printed(procedure: Procedure = CARD, **prepared: object) -> bytes:
    kept = Prepared.model_validate({"code": procedure.code, "answers": ALONE, **prepared})
    known = services(procedure)
    guidance = cases.guidance_of(procedure, kept, known)
    return checklist(guidance, kept, case.token(procedure, kept.answers), A5, DOORS, known, SUNDAY)


def crossed(picture: Image) -> int:
    """Count the ticks: strokes in our colour, inside a box at the left margin."""
    margin = picture.crop((0, 0, picture.width // 9, picture.height * 3 // 4)).convert("RGB")
    ours = np.abs(np.asarray(margin, dtype=int) - (10, 95, 115)).sum(axis=2) < 30
    rows = ours.any(axis=1).tolist()
    return sum(now and not before for before, now in zip([False, *rows], rows, strict=False))


def test_says_what_this_case_needs() -> None:
    said = reading.whole(printed())
    for expected in (
        "DANH SÁCH GIẤY TỜ", f"Mã thủ tục: {CARD.code}. Lập ngày 22/11/2026.", "Late • Self • Nộp qua mạng",
        "1. Tờ khai: 1 bản chính", "2. Đơn trình bày: 1 bản chính", "3. Giấy xác nhận dân tộc",
        "Tiền phải nộp: 4.000 đồng", "nộp ngày 22/11/2026 qua mạng thì thứ Sáu 27/11 có kết quả",
        "Lúc lập danh sách này cơ quan nghỉ", "qua mạng tại Cổng Dịch vụ công quốc gia (dichvucong.gov.vn)",
        "đọc ngày",
    ):  # fmt: skip
        assert expected in said, expected
    assert ELSEWHERE in said
    for other in ("/noio", "Ảnh thẻ", "ủy quyền", "hôm nay", "ngày mai"):
        assert other not in said


def test_what_is_not_known_is_said() -> None:
    said = reading.whole(printed(answers={"who": "unsure"}))
    assert "câu chưa rõ, danh sách này gồm cả giấy tờ của các trường hợp khác nhau" in said
    assert words.PERHAPS in said


def test_papers_one_has_are_ticked() -> None:
    keys = [paper_key(document) for document in CARD.documents[:3:2]]
    for ticked in range(3):
        first, *_ = reading.pictures(printed(ticked=keys[:ticked]), 3)
        assert crossed(first) - crossed(reading.pictures(printed(), 3)[0]) == ticked


def test_code_leads_back_to_the_case() -> None:
    made = printed()
    token = case.token(CARD, ALONE)
    assert reading.sizes(made)[0] == (148, 210)
    assert reading.qr_codes(reading.pictures(made)[0]) == {
        f"https://motcua.example.vn/c/{token}",
        f"https://t.me/motcua_bot?start=c_{token}",
    }


def test_record_without_papers() -> None:
    assert words.NO_PAPERS in reading.whole(printed(library_card(documents=(), questions=()), answers={}))


@pytest.mark.parametrize("answered", [False, True])
def test_whatever_we_ship_can_be_printed_whole(answered: bool) -> None:
    """Every fortieth record and the longest two: all papers of the case are on it, in readable type."""
    known = catalogue.load(None)
    by_length = sorted(known.procedures.values(), key=lambda each: len(each.model_dump_json()))
    world = replace(services(), catalogue=known)
    for procedure in (*by_length[::40], *by_length[-2:]):
        first = {each.id: each.choices[0].id for each in procedure.questions} if answered else {}
        kept = Prepared(code=procedure.code, answers=case.kept(procedure, first))
        guidance = cases.guidance_of(procedure, kept, world)
        made = checklist(guidance, kept, case.token(procedure, kept.answers), A5, DOORS, world, SUNDAY)
        said = "".join(reading.whole(made).split())
        for item in guidance.items:
            assert "".join(item.document.name.rstrip(" .;,").split()) in said, (procedure.code, item.document.name)
        assert min(reading.type_sizes(made)) >= 10
