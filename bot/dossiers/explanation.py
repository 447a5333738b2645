"""What a status means for the one who handed the papers in: in plain words, what to do now, and by when.

Says no more than the source does. Where it is late, the apology follows Decree 118/2025/NĐ-CP and form 04 of Circular
03/2025/TT-VPCP: regret, and a new date with its reason, which the office owes in writing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.dialogue import markup
from bot.dossiers.report import Payment, Report, Step, local
from bot.dossiers.status import Status
from knowledge.vietnamese import fold

IsWorking = Callable[[date], bool]

MEANS = {
    Status.REGISTERED: "Hồ sơ đã gửi đi nhưng cơ quan chưa nhận chính thức, nên thời hạn giải quyết chưa bắt đầu tính.",
    Status.RECEIVED: "Cơ quan đã nhận hồ sơ, thời hạn giải quyết bắt đầu tính.",
    Status.REFUSED: "Cơ quan không nhận hồ sơ này, nên sẽ không giải quyết.",
    Status.PROCESSING: "Cơ quan đang giải quyết hồ sơ, thời hạn vẫn đang tính.",
    Status.SUPPLEMENT: "Hồ sơ còn thiếu giấy tờ hoặc có chỗ chưa đúng. Thời hạn tạm dừng cho đến khi anh/chị nộp đủ.",
    Status.PAYMENT: (
        "Anh/chị cần nộp một khoản tiền (phí, lệ phí hoặc thuế) thì hồ sơ mới làm tiếp. "
        "Thời hạn tạm dừng cho đến khi nộp xong."
    ),
    Status.WITHDRAWN: "Người nộp đã yêu cầu rút hồ sơ, nên cơ quan không giải quyết nữa.",
    Status.STOPPED: "Cơ quan đã dừng giải quyết hồ sơ, thời hạn không chạy.",
    Status.DONE: "Cơ quan đã giải quyết xong, nguồn chưa ghi là đã trả kết quả.",
    Status.RETURNED: "Nguồn ghi kết quả đã được trả, hồ sơ kết thúc.",
}
NEXT = {
    Status.REGISTERED: (
        "Anh/chị chờ thông báo tiếp nhận. Sau một, hai ngày làm việc chưa thấy gì thì hỏi nơi nhận hồ sơ."
    ),
    Status.RECEIVED: "Anh/chị chưa phải làm gì, giữ giấy hẹn và chờ đến ngày hẹn.",
    Status.REFUSED: (
        "Anh/chị xem lý do trong phiếu từ chối, sửa hoặc bổ sung theo đó rồi nộp lại. "
        "Chưa có phiếu thì yêu cầu nơi nhận hồ sơ đưa."
    ),
    Status.PROCESSING: "Anh/chị chưa phải làm gì, chờ đến ngày hẹn.",
    Status.SUPPLEMENT: (
        "Anh/chị xem phiếu yêu cầu bổ sung ghi thiếu giấy gì và nộp trước ngày nào, "
        "rồi nộp thêm ở nơi đã nộp hồ sơ, hoặc trên cổng nếu đã nộp trực tuyến."
    ),
    Status.PAYMENT: (
        "Anh/chị xem thông báo nộp tiền, nộp trên cổng hoặc theo cách ghi trong thông báo, trước hạn ghi ở đó, "
        "và giữ biên lai. Xin đừng chuyển tiền vào tài khoản do người lạ nhắn."
    ),
    Status.WITHDRAWN: "Nếu anh/chị không yêu cầu rút, báo ngay cho nơi nhận hồ sơ. Muốn làm tiếp thì nộp hồ sơ mới.",
    Status.STOPPED: "Anh/chị xem lý do trong thông báo, hoặc hỏi nơi nhận hồ sơ vì sao dừng và có làm tiếp không.",
    Status.DONE: (
        "Anh/chị mang giấy hẹn và giấy tờ tùy thân đến nơi đã nộp, trong giờ làm việc, để nhận kết quả. "
        "Nếu đã chọn nhận qua bưu điện hoặc trực tuyến thì chờ gửi về."
    ),
    Status.RETURNED: (
        "Anh/chị xem lại họ tên, ngày sinh trên kết quả, sai thì báo ngay nơi trả. Chưa nhận được thì hỏi nơi đó."
    ),
}
HEADING = "Hồ sơ <code>{code}</code>"
AS_SAID = "{official} (nguồn ghi: “{said}”)"
NOT_CLEAR = "Nguồn ghi: “{said}”. Tôi không chắc câu này nghĩa là gì nên không dám đoán, anh/chị hỏi nơi nhận hồ sơ."
NOTHING_SAID = "Nguồn có hồ sơ này nhưng không ghi trạng thái rõ ràng, anh/chị hỏi nơi nhận hồ sơ."
STILL_MISSING = "Tuy vậy nguồn vẫn ghi hồ sơ còn thiếu giấy tờ. {then}"
THEN = {
    Status.RECEIVED: "Anh/chị hỏi nơi nhận hồ sơ xem có phải nộp thêm không.",
    Status.PROCESSING: "Anh/chị hỏi nơi nhận hồ sơ xem có phải nộp thêm không.",
    Status.DONE: "Anh/chị hỏi lại nơi nhận hồ sơ trước khi đi lấy kết quả.",
    Status.RETURNED: "Anh/chị hỏi lại nơi nhận hồ sơ cho chắc.",
}
RECEIVED = "Ngày nhận: {day}"
DUE = "Ngày hẹn trả: {day}"
NEW_DUE = "Ngày hẹn mới: {day}"
FINISHED = "Ngày xong: {day}"
HANDLED_BY = "Cơ quan giải quyết: {agency}."
LEFT = "còn {count} ngày làm việc"
TODAY = "hẹn trả hôm nay"
STOPPED = "Thời hạn đang tạm dừng nên ngày hẹn {day} có thể lùi lại."
SUPPLY_BY = "Anh/chị nộp trước hết ngày {day}."
LATE = "Xin lỗi anh/chị: hồ sơ đã quá ngày hẹn {day}{count}, làm anh/chị phải chờ."
LATE_BY = ", chậm {count} ngày làm việc"
LATE_OWED = "Theo quy định, cơ quan giải quyết phải gửi anh/chị văn bản xin lỗi, ghi rõ lý do và ngày hẹn mới."
LATE_PROMISED = "Cơ quan hẹn lại ngày {day}{left}."
LATE_NO_DATE = "Nguồn chưa ghi ngày hẹn mới."
WHOM = (
    "Anh/chị hỏi {agency}, đọc mã hồ sơ ở trên. Chưa được trả lời thì gọi 18001096, tổng đài của Cổng Dịch vụ công "
    "quốc gia."
)
AGENCY = "nơi đã nhận hồ sơ"
MISSING = "Giấy tờ còn thiếu"
MONEY = "Tiền phải nộp"
STEPS = "Đã làm đến đâu"
EARLIER = "và {count} bước trước đó"
OWNER = "Người nộp: {name}"
NOTE = "Nguồn ghi thêm: {note}"
AMOUNT_UNKNOWN = "nguồn không ghi số tiền"
PAID = "đã nộp"
UNPAID = "chưa nộp"
SOURCE = "Nguồn: {source}, đọc lúc {time} ngày {day}."
STALE = "Lúc này chưa hỏi lại được nguồn, đây là điều nguồn ghi lần trước."

_WAITING = (Status.RECEIVED, Status.PROCESSING)
"""States in which there is nothing to do but wait, unless something is missing or late."""

_MOST_STEPS = 6
_MOST_LINES = 12
_FARTHEST = 400
"""Days beyond which nobody counts working days."""


def told(report: Report, now: datetime, full: bool, is_working: IsWorking) -> str:
    """Return the body of an answer about one dossier.

    ``full`` is False for whoever has not proved that the dossier is theirs: then no names, papers, money or steps, and
    none of the source's own words, which may hold any of these.
    """
    blocks = [
        "\n".join(_standing(report, full, local(now).date())),
        "\n".join(_dates(report, local(now), full, is_working)),
    ]
    if full:
        blocks += [_missing(report), _money(report), _steps(report), _remarks(report)]
    blocks.append(markup.italic(_source(report)))
    return "\n\n".join(block for block in blocks if block)


def explained(status: Status) -> str:
    """Return the body that says what a status means and what to do next."""
    return f"{markup.bold(status.official)}\n{markup.escape(MEANS[status])}\n\n{markup.escape(NEXT[status])}"


def masked(name: str) -> str:
    """Return a name in which only the first word is whole: ``Nguyễn Văn An`` becomes ``Nguyễn V*** A***``."""
    first, *rest = markup.tidy(name).split(" ")
    return " ".join([first if rest else f"{first[:1]}***", *(f"{word[:1]}***" for word in rest)])


def working_days(after: date, until: date, is_working: IsWorking) -> int | None:
    """Count the working days after ``after`` up to and with ``until``; None when that is too far off to count."""
    span = (until - after).days
    if span > _FARTHEST:
        return None
    return sum(is_working(after + timedelta(days=step)) for step in range(1, span + 1))


def _standing(report: Report, full: bool, today: date) -> list[str]:
    lines = [HEADING.format(code=markup.escape(report.code))]
    if full and report.procedure_name:
        lines.append(markup.escape(markup.heading(report.procedure_name)))
    said = markup.clip(report.status_text, 160) if full else ""
    if report.status is None:
        return [*lines, markup.escape(NOT_CLEAR.format(said=said) if said else NOTHING_SAID)]
    official = report.status.official
    own_words = said and fold(said) != fold(official)
    lines.append(markup.bold(AS_SAID.format(official=official, said=said) if own_words else official))
    lines.append(markup.escape(MEANS[report.status]))
    if not (report.status in _WAITING and (report.missing or _overdue(report, today))):
        lines.append(markup.escape(NEXT[report.status]))
    if full and report.agency and report.status is Status.DONE:
        lines.append(markup.escape(HANDLED_BY.format(agency=markup.clip(report.agency, 120))))
    if report.missing and report.status in THEN:
        lines.append(markup.escape(STILL_MISSING.format(then=THEN[report.status])))
    return lines


def _overdue(report: Report, today: date) -> bool:
    return report.due is not None and local(report.due).date() < today


def _dates(report: Report, now: datetime, full: bool, is_working: IsWorking) -> list[str]:
    lines = [
        words.format(day=_day(when))
        for words, when in ((RECEIVED, report.received), (FINISHED, report.finished))
        if when is not None
    ]
    if report.supply_by and report.status in (Status.SUPPLEMENT, Status.PAYMENT):
        lines.append(SUPPLY_BY.format(day=_day(report.supply_by)))
    if report.due is None and report.new_due is None:
        return lines
    if report.status is None or report.status.settled or report.status is Status.REGISTERED:
        due = [DUE.format(day=_day(report.due))] if report.due else []
        return lines + due + ([NEW_DUE.format(day=_day(report.new_due))] if report.new_due else [])
    if report.status.clock_stopped:
        return [*lines, STOPPED.format(day=_day(report.new_due or report.due))]
    return lines + _running(report, now.date(), full, is_working)


def _running(report: Report, today: date, full: bool, is_working: IsWorking) -> list[str]:
    """Say how the time limit stands while it runs."""
    due = local(report.due).date() if report.due else None
    new = local(report.new_due).date() if report.new_due else None
    if due is None or due >= today:
        words, day = (NEW_DUE, new) if new else (DUE, due)
        return [words.format(day=_day(day)) + _left(today, day, is_working) + "."]
    late = working_days(due, today, is_working)
    lines = [LATE.format(day=_day(due), count=LATE_BY.format(count=late) if late else "")]
    if new and new >= today:
        lines.append(LATE_PROMISED.format(day=_day(new), left=_left(today, new, is_working)))
    else:
        lines.append(f"{LATE_OWED} {LATE_NO_DATE if new is None else NEW_DUE.format(day=_day(new)) + '.'}")
    return [*lines, markup.escape(WHOM.format(agency=(markup.clip(report.agency, 120) if full else "") or AGENCY))]


def _left(today: date, day: date | None, is_working: IsWorking) -> str:
    if day is None or day < today:
        return ""
    if day == today:
        return f" ({TODAY})"
    count = working_days(today, day, is_working)
    return "" if count is None else f" ({LEFT.format(count=count)})"


def _missing(report: Report) -> str:
    return _listed(MISSING, [markup.clip(paper, 200) for paper in report.missing])


def _money(report: Report) -> str:
    return _listed(MONEY, [_payment(line) for line in report.money])


def _payment(line: Payment) -> str:
    amount = AMOUNT_UNKNOWN if line.amount is None else f"{line.amount:,} đồng".replace(",", ".")
    paid = "" if line.paid is None else f", {PAID if line.paid else UNPAID}"
    return f"{markup.clip(line.what, 120)}: {amount}{paid}"


def _steps(report: Report) -> str:
    shown = report.steps[-_MOST_STEPS:]
    earlier = len(report.steps) - len(shown)
    return _listed(STEPS, [*([EARLIER.format(count=earlier)] if earlier else []), *map(_step, shown)])


def _step(step: Step) -> str:
    who = ", ".join(markup.clip(each, 80) for each in (step.who, step.unit) if each)
    said = markup.clip(step.what, 160) + (f" ({who})" if who else "")
    return f"{_day(step.at)}: {said}" if step.at else said


def _remarks(report: Report) -> str:
    lines = [OWNER.format(name=masked(report.owner))] if report.owner.strip() else []
    lines += [NOTE.format(note=markup.clip(report.note, 300))] if report.note.strip() else []
    return "\n".join(map(markup.escape, lines))


def _listed(name: str, lines: list[str]) -> str:
    return (
        "\n".join([markup.bold(name), *(f"• {markup.escape(line)}" for line in lines[:_MOST_LINES])]) if lines else ""
    )


def _source(report: Report) -> str:
    read = local(report.read_at)
    words = SOURCE.format(source=markup.clip(report.source, 120), time=f"{read:%H:%M}", day=_day(read))
    return words if report.fresh else f"{words} {STALE}"


def _day(when: date | None) -> str:
    """Return a day as people write it, in Vietnam's time."""
    day = local(when).date() if isinstance(when, datetime) else when
    return f"{day.day}/{day.month}/{day.year}" if day else ""
