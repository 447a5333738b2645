"""A report in a chat: a few lines, and the picture below them."""

from __future__ import annotations

from bot.dialogue import markup
from bot.dialogue.turn import Attachment, Message
from bot.office.reports import link as report_link
from bot.office.reports.report import NONE, Headline, Report

HEAD = "Báo cáo: {title}"
FILE = "Báo cáo {period}.png"
NOTHING = "Trong kỳ này chưa có câu hỏi, hồ sơ, đánh giá hay lượt nhờ giúp nào."
MORE = "Bảng đầy đủ và tệp Excel ở mục Báo cáo của trang cán bộ. Nhắn riêng /canbo cho trợ lý để lấy đường dẫn vào."


def message(report: Report, scope: str) -> Message:
    """Return what is sent of a report; the picture is drawn when it goes out."""
    lines = [markup.bold(HEAD.format(title=report.title)), *_told(report), markup.italic(MORE)]
    picture = Attachment(
        report_link.picture(report.period, scope), FILE.format(period=report.period.name.replace("_", " "))
    )
    return Message("\n".join(lines), file=picture)


def _told(report: Report) -> list[str]:
    """Say what there is a number of; what there is none of is left to the page."""
    return [_line(each) for each in report.headlines if each.detail or each.value not in ("0", NONE)] or [NOTHING]


def _line(each: Headline) -> str:
    detail = f" ({each.detail})" if each.detail else ""
    return f"• {markup.escape(each.label)}: {markup.bold(each.value)}{detail}"
