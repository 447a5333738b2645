"""What people thought of it, and who helped whom: the part of a report that comes from ratings, work and requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from bot.assistance.tables import Rated
from bot.office.reports.figures import Figures
from bot.office.reports.report import Cell, Headline, Section, Table, headline, number, share
from bot.office.staff import Territory

LEVELS = ("Rất hài lòng", "Hài lòng", "Chưa hài lòng lắm", "Không hài lòng")
USEFUL = ("Rất có ích", "Có ích", "Ít có ích", "Không có ích")
CONTENT = (1, 2)
RATED: dict[str, str] = {
    Rated.HELP: "Người giúp đỡ",
    Rated.RESULT: "Kết quả hồ sơ",
}
CRITERIA = {
    "access": "Tiếp cận dịch vụ",
    "conditions": "Điều kiện đón tiếp",
    "procedure": "Thủ tục hành chính",
    "conduct": "Thái độ phục vụ",
    "result": "Kết quả và thời hạn",
    "feedback": "Tiếp nhận, xử lý góp ý",
}
WHO = {
    "volunteer": "Tình nguyện viên",
    "staff": "Cán bộ một cửa",
    "gone": "Người nay không còn trong đội",
    "nobody": "Chưa có ai nhận",
}
EMPTY_RATINGS = "Trong kỳ này chưa có ai đánh giá."
EMPTY_WORK = "Trong kỳ này chưa có việc nào của tình nguyện viên."
EMPTY_HELP = "Trong kỳ này chưa có ai nhờ giúp."
EMPTY_FEEDBACK = "Trong kỳ này chưa có phản ánh, kiến nghị nào."
BY_TEAM = "Tính theo đội, không theo từng người: hồ sơ đã nộp, lượt giúp không bị phản ánh."
KEPT = "Yêu cầu giúp đỡ được xóa ít lâu sau khi xong, nên kỳ đã lâu có thể thiếu."


class People:
    """Opinions and help of a period; the figures are of one place already."""

    def __init__(self, figures: Figures, territory: Territory) -> None:
        self._figures = figures
        self._territory = territory

    def content(self, *kinds: Rated) -> tuple[int, int]:
        """Return how many were content or very content, or found it useful, of how many ratings of these kinds."""
        rows = [row for row in self._figures.ratings if row.kind in kinds]
        return sum(row.times for row in rows if row.level in CONTENT), sum(row.times for row in rows)

    def answered(self) -> tuple[int, int]:
        """Return how many suggestions and complaints of the period have an answer, of how many."""
        rows = self._figures.feedback
        return sum(row.times for row in rows if row.answered), sum(row.times for row in rows)

    def helped(self) -> tuple[int, int]:
        """Return how many requests somebody took within ten minutes, of how many."""
        rows = self._figures.help
        return sum(row.times for row in rows if row.soon), sum(row.times for row in rows)

    def headlines(self) -> tuple[Headline, ...]:
        """Return what matters most."""
        return (
            headline("Hài lòng", *self.content(Rated.HELP, Rated.RESULT)),
            headline("Nhờ giúp có người nhận trong 10 phút", *self.helped()),
        )

    def sections(self) -> tuple[Section, ...]:
        """Return the sections of satisfaction, of volunteers and of requests."""
        content = (self._ratings(), self._criteria(), self._useful(), self._feedback())
        return (
            Section("hai-long", "Hài lòng", "Không giữ ai đã đánh giá.", content),
            Section("tinh-nguyen", "Tình nguyện viên", BY_TEAM, (self._teams(),)),
            Section("nho-giup", "Nhờ giúp từ xa", KEPT, (self._requests(),)),
        )

    def _ratings(self) -> Table:
        rows = [(row.kind, row.level, row.times) for row in self._figures.ratings if row.kind in RATED]
        return Table("Mức độ hài lòng theo việc", _heading("Về"), _by_level(rows, RATED), EMPTY_RATINGS, bars=1)

    def _useful(self) -> Table:
        named: dict[str, str] = {Rated.ANSWER: "Câu trả lời của trợ lý"}
        rows = [(row.kind, row.level, row.times) for row in self._figures.ratings if row.kind in named]
        heading = ("Về", "Số lượt", *USEFUL, "Có ích trở lên")
        return Table("Câu trả lời có ích không", heading, _by_level(rows, named), EMPTY_RATINGS)

    def _criteria(self) -> Table:
        rows = [(row.criterion, row.level, row.times) for row in self._figures.criteria]
        return Table("Theo sáu tiêu chí", _heading("Tiêu chí"), _by_level(rows, CRITERIA), EMPTY_RATINGS)

    def _feedback(self) -> Table:
        done, whole = self.answered()
        rows = (("Phản ánh, kiến nghị", whole, done, share(done, whole)),) if whole else ()
        heading = ("Loại", "Nhận trong kỳ", "Đã trả lời", "Tỷ lệ")
        return Table("Phản ánh, kiến nghị", heading, rows, EMPTY_FEEDBACK)

    def _teams(self) -> Table:
        teams: dict[tuple[str, str], Counter[str]] = {}
        for row in self._figures.work:
            sums = teams.setdefault((row.name, row.commune), Counter())
            sums["cases" if row.kind == "sitting" else "talks"] += row.times
            sums["minutes"] += int(row.minutes)
            if row.online is not None:
                sums["filed"] += row.times
                sums["online"] += row.times if row.online else 0
        duty = {(row.name, row.commune): (row.people, float(row.hours)) for row in self._figures.duty}
        rows: list[tuple[Cell, ...]] = []
        for name, commune in sorted({*teams, *duty}):
            sums = teams.get((name, commune), Counter())
            people, hours = duty.get((name, commune), (0, 0.0))
            online = f"{number(sums['online'])}/{number(sums['filed'])}" if sums["filed"] else "–"
            place = self._territory.name(commune)
            helping = round(sums["minutes"] / 60, 1)
            rows.append((name, place, sums["cases"], sums["talks"], online, helping, people, round(hours, 1)))
        heading = (
            "Đội", "Địa bàn", "Hồ sơ giúp nộp", "Lượt giúp từ xa", "Nộp qua mạng", "Giờ giúp", "Người trực",
            "Giờ trực",
        )  # fmt: skip
        return Table("Theo đội", heading, tuple(rows), EMPTY_WORK)

    def _requests(self) -> Table:
        sums: dict[str, Counter[str]] = {who: Counter() for who in WHO}
        for row in self._figures.help:
            counted = sums[row.who]
            counted["all"] += row.times
            counted["soon"] += row.times if row.soon else 0
        whole = sum(counted["all"] for counted in sums.values())
        rows = [
            (WHO[who], counted["all"], share(counted["all"], whole), counted["soon"], counted["all"] - counted["soon"])
            for who, counted in sums.items()
            if counted["all"]
        ]
        heading = ("Ai nhận", "Số lượt", "Tỷ lệ", "Trong 10 phút", "Lâu hơn hoặc chưa")
        return Table("Ai nhận, nhanh hay chậm", heading, tuple(rows) if whole else (), EMPTY_HELP, bars=1)


def _heading(what: str) -> tuple[str, ...]:
    return (what, "Số lượt", *LEVELS, "Hài lòng trở lên")


def _by_level(rows: Iterable[tuple[str, int, int]], names: Mapping[str, str]) -> tuple[tuple[Cell, ...], ...]:
    """Return a row for each name: how many, how many of each level, the share that was content."""
    groups: dict[str, Counter[int]] = {}
    for name, level, times in rows:
        groups.setdefault(name, Counter())[level] += times
    ordered = [name for name in names if name in groups] + sorted(set(groups) - set(names))
    told: list[tuple[Cell, ...]] = []
    for name in ordered:
        levels = groups[name]
        counts = [levels[level] for level in range(1, len(LEVELS) + 1)]
        told.append(
            (names.get(name, name), sum(counts), *counts, share(sum(levels[each] for each in CONTENT), sum(counts)))
        )
    return tuple(told)
