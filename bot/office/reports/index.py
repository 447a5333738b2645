"""What our numbers can say of each group of the index by which offices are measured, and plainly where they cannot.

Decision 766/QĐ-TTg of 23 June 2022 approves the index; it has five groups, of which that of online services is shown in
two parts, as payment is counted by itself. The points are given by the national portal: we give none.
"""

from __future__ import annotations

from bot.assistance.tables import Rated
from bot.office.reports.dossiers import Handled
from bot.office.reports.people import People
from bot.office.reports.report import NONE, Section, Table, number, share
from knowledge.catalogue import Catalogue
from knowledge.procedure import ChannelKind

TITLE = "Theo nhóm chỉ số của Quyết định 766/QĐ-TTg"
LEAD = (
    "Đây không phải điểm chính thức: điểm do Cổng Dịch vụ công quốc gia chấm. Bảng này chỉ nêu những gì số liệu của "
    "trợ lý nói được về từng nhóm; chỗ nào không có thì ghi rõ là chưa có số liệu."
)
HEADING = ("Nội dung", "Số liệu của trợ lý")


def section(catalogue: Catalogue, changes: int, handled: Handled, people: People) -> Section:
    """Return the section; ``changes`` are the changes of procedures published in the period."""
    records = [each for each in catalogue.procedures.values() if each.abolished_on is None]
    verified = sum(each.source.verified for each in records)
    online = sum(any(channel.kind is ChannelKind.ONLINE for channel in each.channels) for each in records)
    groups: dict[str, tuple[tuple[str, str], ...]] = {
        "Công khai, minh bạch": (
            ("Thủ tục có hướng dẫn trong trợ lý", number(len(records))),
            ("Trong đó đã đối chiếu với nguồn thứ hai", _told(verified, len(records))),
            ("Thay đổi về thủ tục đã công bố trong kỳ", number(changes)),
            ("Thủ tục công khai đúng hạn trên Cơ sở dữ liệu quốc gia", NONE),
        ),
        "Tiến độ, kết quả giải quyết": (
            ("Hồ sơ xong đúng hoặc trước hạn", _told(*handled.settled)),
            ("Hồ sơ đang giải quyết đã quá hạn, lúc này", _told(*handled.overdue())),
        ),
        "Số hóa hồ sơ": (("Hồ sơ được số hóa; kết quả cấp bản điện tử", NONE),),
        "Cung cấp dịch vụ trực tuyến": (
            ("Thủ tục mà nguồn ghi là nộp được qua mạng", _told(online, len(records))),
            ("Hồ sơ nộp qua mạng", _told(*handled.online)),
        ),
        "Thanh toán trực tuyến": (("Hồ sơ trả tiền qua mạng", NONE),),
        "Mức độ hài lòng": (
            ("Hài lòng với kết quả hồ sơ", _told(*people.content(Rated.RESULT))),
            ("Hài lòng với người giúp đỡ", _told(*people.content(Rated.HELP))),
            ("Thấy câu trả lời của trợ lý có ích", _told(*people.content(Rated.ANSWER))),
            ("Phản ánh, kiến nghị nhận trong kỳ đã trả lời", _told(*people.answered())),
        ),
    }
    return Section("chi-so", TITLE, LEAD, tuple(Table(name, HEADING, rows, NONE) for name, rows in groups.items()))


def _told(part: int, whole: int) -> str:
    return f"{share(part, whole)} ({number(part)}/{number(whole)})" if whole else NONE
