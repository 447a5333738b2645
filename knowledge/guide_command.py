"""The command ``guide``: work out one case from the shipped records."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from knowledge import catalogue as catalogues
from knowledge.calendar import local
from knowledge.errors import CaseError
from knowledge.procedure import Procedure


def add_command(commands: Any) -> None:
    """Add ``guide`` to the subcommands of a parser."""
    guide = commands.add_parser("guide", help="work out one case: its papers, what it costs, when it is done")
    guide.add_argument("code")
    guide.add_argument("--answer", action="append", default=[], metavar="QUESTION=CHOICE", help="may be repeated")
    guide.add_argument("--channel", help="in_person, online or post")
    guide.add_argument("--submit", help="when it is handed in, local time: 2026-11-23T09:00; default: now")
    guide.add_argument("--copies", type=int, default=1, help="how many copies or pages the price is counted for")
    guide.add_argument("--province", default="", help="code of a province whose own sums and time limits count")
    guide.add_argument("--json", action="store_true", help="print JSON")
    guide.set_defaults(run=_guide)


def _guide(options: argparse.Namespace) -> int:
    from knowledge.briefing import as_json, as_text
    from knowledge.calendar import Calendar, load_changes, now
    from knowledge.guidance import guide
    from knowledge.places import load_gazetteer

    procedure = _in_force(options.code.strip())
    if not 1 <= options.copies <= 9999:
        raise CaseError("--copies phải từ 1 đến 9999.")
    province = load_gazetteer().provinces.get(options.province)
    if options.province and province is None:
        raise CaseError(f"--province “{options.province}” không phải mã tỉnh nào; viết như 01 (Hà Nội), 79 (TP.HCM).")
    answers = _answers(options.answer, options.channel)
    submitted = now() if options.submit is None else _moment(options.submit)
    calendar = Calendar(changes=load_changes())
    guidance = guide(procedure, answers, calendar, submitted, copies=options.copies, province=options.province)
    if options.json:
        print(json.dumps(as_json(guidance), ensure_ascii=False, indent=1))
    else:
        print(as_text(guidance, province.name if province else ""))
    return 0


def _in_force(code: str) -> Procedure:
    """Return the procedure of that code; raise ``CaseError`` when there is none, or none any more."""
    procedure = catalogues.load().get(code)
    if procedure is None:
        raise CaseError(f"Danh mục không có thủ tục mã “{code}”. Mã có dạng 1.001193.")
    if procedure.abolished_on is not None:
        heir = f" Thủ tục thay thế: {procedure.successor}." if procedure.successor else ""
        raise CaseError(f"Thủ tục {code} đã bị bãi bỏ từ ngày {procedure.abolished_on:%d/%m/%Y}.{heir}")
    return procedure


def _answers(given: Sequence[str], channel: str | None) -> dict[str, str]:
    """Read ``QUESTION=CHOICE`` pairs; raise ``CaseError`` for one that is none, or that contradicts another."""
    answers = {} if channel is None else {"channel": channel}
    for pair in given:
        question, equals, choice = (part.strip() for part in pair.partition("="))
        if not (question and equals and choice):
            raise CaseError(f"--answer “{pair}” không đúng dạng CÂU_HỎI=LỰA_CHỌN.")
        if answers.setdefault(question, choice) != choice:
            raise CaseError(f"Câu hỏi “{question}” được trả lời hai cách: “{answers[question]}” và “{choice}”.")
    return answers


def _moment(text: str) -> datetime:
    """Read a moment of local time; raise ``CaseError`` when it is none, or too far away to know its holidays."""
    try:
        moment = local(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError) as error:
        raise CaseError(f"--submit “{text}” không phải ngày giờ; viết dạng 2026-11-23T09:00.") from error
    if not 2020 <= moment.year <= 2100:
        raise CaseError(f"--submit “{text}” quá xa: chỉ tính được từ năm 2020 đến 2100.")
    return moment
