"""The checklist of one case on paper: boxes to tick, what it costs, when it is done, and the way back to the case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import cast

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from bot.dialogue import checklist as words
from bot.dialogue import cost, due, markup, ways
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared
from bot.printing import flow
from bot.printing.leaflet import source
from bot.printing.links import Doors
from bot.printing.panel import Invitation
from bot.printing.paper import BRAND, INK, Paper
from bot.printing.sheet import Sheet, printed
from knowledge.guidance import Guidance, Item
from knowledge.procedure import Handling

KIND = "DANH SÁCH GIẤY TỜ"
CASE = "Trường hợp"
MADE = "Mã thủ tục: {code}. Lập ngày {day}."
INVITATION = Invitation(
    "Mở lại danh sách", "Mở máy ảnh điện thoại, quét mã để xem đúng trường hợp này, hoặc gửi cho người đi nộp thay."
)
THIS_HOUR = "Giờ này cơ quan nghỉ"
THAT_HOUR = "Lúc lập danh sách này cơ quan nghỉ"
ELSEWHERE = "Có tỉnh, thành phố thu mức khác, anh/chị hỏi nơi nhận hồ sơ."
TODAY = "hôm nay"
TOMORROW = "ngày mai, "
ON = "ngày {day}"

_WHOLE = 10_000
_TOGETHER = 8


def checklist(
    guidance: Guidance, prepared: Prepared, token: str, paper: Paper, doors: Doors, services: Services, now: datetime
) -> bytes:
    """Return the checklist of a case as a PDF; ``token`` is the case's own (``knowledge.case.token``)."""
    subject = markup.title(guidance.procedure, 100)
    told = partial(story, guidance, prepared, services, now)
    sheet = Sheet(KIND, subject, guidance.procedure.code, told, doors.case(token), INVITATION)
    return printed([sheet], paper, f"{KIND.capitalize()}: {subject}")


def story(guidance: Guidance, prepared: Prepared, services: Services, now: datetime, paper: Paper) -> list[Flowable]:
    """Return all that the checklist says, in order."""
    title = markup.title(guidance.procedure, _WHOLE)
    made = MADE.format(code=guidance.procedure.code, day=_day(now))
    after = (
        words.left_open(guidance),
        words.own_steps(guidance),
        cost.money(guidance, services).replace(cost.ELSEWHERE, ELSEWHERE),
        _dated(due.time(guidance, now), now),
        ways.where(guidance, services),
        source(guidance.procedure),
    )
    return [
        flow.text(title, paper.named(title)),
        flow.text(made, paper.text),
        *flow.body(_case(guidance), paper),
        *_papers(guidance, prepared, paper),
        *(each for block in after if block for each in flow.body(block, paper)),
    ]


def _case(guidance: Guidance) -> str:
    answered = words.case_words(guidance)
    if len(answered) < 2:
        return "".join(f"{markup.bold(CASE + ':')} {markup.escape(each)}" for each in answered)
    return "\n".join([f"{markup.bold(CASE + ':')}", *(f"• {markup.escape(each)}" for each in answered)])


def _papers(guidance: Guidance, prepared: Prepared, paper: Paper) -> Iterator[Flowable]:
    """Give the papers, numbered as in the chat."""
    if not guidance.items:
        yield from flow.body(words.papers(guidance, prepared), paper)
    numbers = {item.key: number for number, item in enumerate(guidance.needed, 1)}
    for heading, handling in ((words.PAPERS, Handling.HAND_IN), (words.SHOW, Handling.SHOW)):
        group = [item for item in guidance.needed if item.document.handling is handling]
        if group:
            yield flow.text(heading, paper.heading)
        sure = True
        for item in group:
            if sure and not item.sure:
                yield flow.text(words.PERHAPS, paper.lead)
            sure = item.sure
            yield _line(item, numbers[item.key], prepared, paper)
    known = [item for item in guidance.items if item.document.handling is Handling.LOOKED_UP]
    if known:
        yield flow.text(words.LOOKED_UP, paper.heading)
        yield from flow.body("\n".join(f"• {words.paper(item, _WHOLE, _WHOLE)}" for item in known), paper)


def _line(item: Item, number: int, prepared: Prepared, paper: Paper) -> Flowable:
    said = flow.line(words.paper(item, _WHOLE, _WHOLE), paper.boxed, f"{number}.")
    return Ticked(said, item.key in prepared.ticked)


def _dated(said: str, now: datetime) -> str:
    """Return words about "today" as words that are still true when the paper is read."""
    return said.replace(THIS_HOUR, THAT_HOUR).replace(TOMORROW, "").replace(TODAY, ON.format(day=_day(now)))


def _day(when: datetime) -> str:
    return f"{when.day}/{when.month}/{when.year}"


class Ticked(Flowable):
    """A paragraph with a box in front, ticked or to be ticked."""

    def __init__(self, said: Paragraph, done: bool) -> None:
        super().__init__()
        self.said = said
        self.done = done
        self.style = said.style

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size that is needed."""
        self.width, self.height = self.said.wrap(width, height)
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return the box with the lines that fit, and the other lines; a few lines stay together."""
        if self.wrap(width, height)[1] <= _TOGETHER * self.style.leading:
            return []
        pieces = cast(list[Paragraph], self.said.split(width, height))
        return [Ticked(pieces[0], self.done), *pieces[1:]] if pieces else []

    def draw(self) -> None:
        """Draw the box, and the words beside it."""
        canvas: Canvas = self.canv
        size = self.style.fontSize
        y = self.height - self.style.leading * 0.5 - size * 0.5
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1)
        canvas.rect(0.5, y, size, size)
        if self.done:
            canvas.setStrokeColor(BRAND)
            canvas.setLineWidth(size / 6)
            tick = ((0.2, 0.55), (0.42, 0.25), (0.85, 0.85))
            points = [(0.5 + across * size, y + up * size) for across, up in tick]
            canvas.lines([(*one, *other) for one, other in pairwise(points)])
        self.said.drawOn(canvas, 0, 0)
