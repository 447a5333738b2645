"""What was asked and what became of it: the part of a report that comes from the counts of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from bot.dialogue.upshot import Came
from bot.office.counting import CASE, DOSSIER, PROCEDURE, QUESTION
from bot.office.reports.figures import Figures
from bot.office.reports.period import Period
from bot.office.reports.report import Cell, Headline, Section, Table, Titles, headline, number, share, sums
from bot.office.staff import NATION, Territory

OUTCOMES = {
    Came.ANSWERED: "Trả lời bằng thủ tục",
    Came.ARTICLE: "Trả lời bằng bài hướng dẫn",
    Came.EVENT: "Trả lời bằng sự kiện đời sống",
    Came.OFFERED: "Hỏi lại, đưa lựa chọn",
    Came.ABSENT: "Thủ tục mới biết tên",
    Came.UNKNOWN: "Chưa hiểu",
    Came.OUTSIDE: "Ngoài việc hành chính",
}
ANSWERED = (Came.ANSWERED, Came.ARTICLE, Came.EVENT)
VAIN = (Came.UNKNOWN, Came.ABSENT)
STAGES = {
    Came.BEGUN: "Bắt đầu chuẩn bị hồ sơ",
    Came.LISTED: "Xem đến danh sách giấy tờ",
    Came.READY: "Báo đã đủ giấy tờ",
}
CHANNELS = {"telegram": "Telegram", "web": "Trang hỏi đáp"}
NOWHERE = "(chưa cho biết nơi ở)"
EMPTY = "Trong kỳ này chưa có câu hỏi nào."
EMPTY_CODES = "Trong kỳ này chưa có thủ tục nào được hỏi đến."
EMPTY_VAIN = "Trong kỳ này không có thủ tục nào bị hỏi hụt."
MOST = 20


class Asked:
    """The counts of a period, seen from a place."""

    def __init__(self, figures: Figures, period: Period, scope: str, territory: Territory, titles: Titles) -> None:
        self._figures = figures
        self._period = period
        self._scope = scope
        self._territory = territory
        self._titles = titles
        self._outcomes = sums(_questions(figures.by_code), lambda row: row.outcome)
        self._all = sum(self._outcomes.values())

    def headlines(self) -> tuple[Headline, ...]:
        """Return what matters most."""
        return (
            Headline("Câu hỏi", number(self._all)),
            headline("Trả lời ngay", self._of(ANSWERED), self._all),
            headline("Hỏi lại, đưa lựa chọn", self._of((Came.OFFERED,)), self._all),
            headline("Chưa hiểu, chưa có hướng dẫn", self._of(VAIN), self._all),
        )

    def sections(self) -> tuple[Section, ...]:
        """Return the sections of questions and of procedures."""
        questions = (self._by_outcome(), self._by_day(), self._by_field(), self._by_place(), self._by_channel())
        lead = "Mỗi câu người dân gõ hoặc nói được đếm một lần, không giữ câu chữ và không giữ ai hỏi."
        if self._scope != NATION:
            lead += " Chỉ tính người đã cho biết mình ở địa bàn này."
        return (
            Section("cau-hoi", "Câu hỏi", lead, questions),
            Section("thu-tuc", "Thủ tục", "", (self._wanted(), self._in_vain(), self._prepared())),
        )

    def _of(self, came: Iterable[Came]) -> int:
        return sum(self._outcomes[each] for each in came)

    def _by_outcome(self) -> Table:
        rows = [
            (label, self._outcomes[came], share(self._outcomes[came], self._all)) for came, label in OUTCOMES.items()
        ]
        counted = tuple(rows) if self._all else ()
        return Table("Câu hỏi được trả lời thế nào", ("Kết quả", "Số câu", "Tỷ lệ"), counted, EMPTY, bars=1)

    def _by_day(self) -> Table:
        counted = _questions(self._figures.by_day)
        groups = [
            sums([row for row in counted if row.outcome in came], lambda row: row.step)
            for came in (tuple(OUTCOMES), ANSWERED, (Came.OFFERED,), VAIN)
        ]
        shape = "%m/%Y" if self._period.by_month else "%d/%m"
        rows: list[tuple[Cell, ...]] = [
            (f"{day:{shape}}", *(group[day] for group in groups)) for day in self._period.steps()
        ]
        what = "tháng" if self._period.by_month else "ngày"
        heading = (what.capitalize(), "Số câu", "Trả lời ngay", "Hỏi lại", "Chưa hiểu, chưa có")
        return Table(f"Theo {what}", heading, tuple(rows) if self._all else (), EMPTY, bars=1, upright=True)

    def _of_kind(self, kind: str, came: Came) -> Counter[str]:
        """Return how often something came of what was about a procedure, by its code."""
        rows = [row for row in self._figures.by_code if row.kind == kind and row.outcome == came and row.code]
        return sums(rows, lambda row: row.code)

    def _by_field(self) -> Table:
        named = [row for row in _questions(self._figures.by_code) if row.code]
        fields = sums(named, lambda row: self._titles.field(row.code))
        note = "Chỉ tính câu hỏi đã rõ là về thủ tục nào."
        heading = ("Lĩnh vực", "Số câu", "Tỷ lệ")
        return Table("Theo lĩnh vực", heading, _ranked(fields), EMPTY_CODES, note=note if fields else "", bars=1)

    def _by_place(self) -> Table:
        def place(row: Any) -> str:
            if not row.commune:
                return NOWHERE
            province = self._territory.split(row.commune)[0]
            return self._territory.name(province if self._scope == NATION else row.commune)

        what = "tỉnh, thành phố" if self._scope == NATION else "xã, phường"
        rows = _ranked(sums(_questions(self._figures.by_place), place), 60)
        return Table(f"Theo {what}", ("Nơi ở", "Số câu", "Tỷ lệ"), rows, EMPTY, bars=1)

    def _by_channel(self) -> Table:
        channels = sums(_questions(self._figures.by_channel), lambda row: CHANNELS.get(row.channel, row.channel))
        return Table("Theo kênh", ("Kênh", "Số câu", "Tỷ lệ"), _ranked(channels), EMPTY)

    def _wanted(self) -> Table:
        answered, opened = self._of_kind(QUESTION, Came.ANSWERED), self._of_kind(PROCEDURE, Came.OPENED)
        total = answered + opened
        rows = [
            (self._titles.title(code), code, count, answered[code], opened[code]) for code, count in _first(total, MOST)
        ]
        heading = ("Thủ tục", "Mã", "Số lượt", "Hỏi thẳng", "Mở từ danh sách")
        return Table("Được hỏi nhiều nhất", heading, tuple(rows), EMPTY_CODES, bars=2)

    def _in_vain(self) -> Table:
        absent, wrong = self._of_kind(QUESTION, Came.ABSENT), self._of_kind(PROCEDURE, Came.REJECTED)
        total = absent + wrong
        rows = [
            (self._titles.title(code), code, count, absent[code], wrong[code]) for code, count in _first(total, MOST)
        ]
        heading = ("Thủ tục", "Mã", "Số lượt", "Mới biết tên", "Người hỏi nói không đúng")
        return Table("Hỏi hụt nhiều nhất", heading, tuple(rows), EMPTY_VAIN, bars=2)

    def _prepared(self) -> Table:
        cases = sums([row for row in self._figures.by_code if row.kind == CASE], lambda row: row.outcome)
        looked_up = sum(row.times for row in self._figures.by_code if row.kind == DOSSIER)
        begun = cases[Came.BEGUN]
        rows: list[tuple[Cell, ...]] = [
            (label, cases[came], share(cases[came], begun) if came is not Came.BEGUN else "")
            for came, label in STAGES.items()
        ]
        rows.append(("Tra cứu hồ sơ đã nộp", looked_up, ""))
        some = tuple(rows) if cases or looked_up else ()
        heading = ("Việc", "Số lượt", "So với số bắt đầu")
        return Table("Chuẩn bị và tra cứu hồ sơ", heading, some, "Trong kỳ này chưa ai chuẩn bị hay tra cứu hồ sơ.")


def _questions(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.kind == QUESTION]


def _first(found: Counter[Any], most: int) -> list[tuple[Any, int]]:
    """Return the largest first; of equal ones, those that come first in the alphabet."""
    return sorted(found.items(), key=lambda item: (-item[1], str(item[0])))[:most]


def _ranked(found: Counter[Any], most: int = 30) -> tuple[tuple[Cell, ...], ...]:
    whole = sum(found.values())
    return tuple((name, count, share(count, whole)) for name, count in _first(found, most))
