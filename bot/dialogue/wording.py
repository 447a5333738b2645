"""Numbers and papers in words: money, time limits, dates, counts. No flow, no buttons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from bot.dialogue.markup import clip, lower_first
from knowledge.procedure import Channel, ChannelKind, Money, MoneyKind, Procedure, RequiredDocument, SetBy, TimeLimit
from knowledge.procedure import TimeUnit as Unit

CHANNELS = {
    ChannelKind.IN_PERSON: "Nộp trực tiếp",
    ChannelKind.ONLINE: "Nộp trực tuyến",
    ChannelKind.POST: "Gửi bưu điện",
}
UNITS = {Unit.HOUR: "giờ", Unit.DAY: "ngày", Unit.WORKING_DAY: "ngày làm việc", Unit.MONTH: "tháng"}
KINDS = {MoneyKind.CHARGE: "Phí", MoneyKind.FEE: "Lệ phí"}
FREE = "miễn phí"
SET_LOCALLY = "do HĐND cấp tỉnh quyết định, mỗi nơi một khác"
UNKNOWN_SUM = "chưa rõ số tiền, anh/chị hỏi nơi nhận hồ sơ"
UNKNOWN_TIME = "chưa rõ, anh/chị hỏi nơi nhận hồ sơ"
UNIT_MISSING = "nguồn không ghi rõ là giờ, ngày hay tháng"
AT_ONCE = "giải quyết ngay"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
ORIGINAL = "bản chính"
COPY = "bản sao"
FORM = "mẫu"

_BRIEF, _LONG = 60, 200
_BRIEF_NOTE = 90

Read = Callable[[Channel], tuple[str, ...]]


def vnd(amount: int) -> str:
    """Return an amount in VND as people write it: 1500000 becomes "1.500.000 đồng"."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def day(when: date) -> str:
    """Return a date as people write it: "5/3/2026"."""
    return f"{when.day}/{when.month}/{when.year}"


def money(sum_: Money, with_kind: bool = False, brief: bool = False) -> str:
    """Say one charge or fee; never "miễn phí" unless its amount is known to be 0. ``brief`` leaves the note off."""
    note = sum_.note
    if sum_.amount == 0:
        said = FREE
    elif sum_.amount is not None:
        said = vnd(sum_.amount) + (f"/{sum_.unit}" if sum_.unit else "")
    elif sum_.set_by is SetBy.PROVINCE:
        said = SET_LOCALLY
        note = None if note and _says_so_too(note) else note
    else:
        said, note = (note or UNKNOWN_SUM).rstrip("."), None
        said = clip(said, _BRIEF_NOTE) if brief else said
    if with_kind:
        said = f"{KINDS[sum_.kind]}: {said}"
    return said + _beside(sum_.condition, None if brief else note, limit=_BRIEF if brief else _LONG)


def _says_so_too(note: str) -> bool:
    """Say whether a note only repeats that the province decides."""
    return len(note) < 80 and ("HĐND" in note or "Hội đồng nhân dân" in note)


def time_limit(limit: TimeLimit, brief: bool = False) -> str:
    """Say one time limit, counted from a complete dossier. ``brief`` leaves the note off."""
    if limit.amount is None:
        said = (limit.note or UNKNOWN_TIME).rstrip(".")
        return (clip(said, _BRIEF_NOTE) if brief else said) + _beside(limit.condition, limit=_BRIEF if brief else _LONG)
    note, most = (None, _BRIEF) if brief else (limit.note, _LONG)
    if limit.amount == 0:
        said = AT_ONCE
    elif limit.unit is None:
        return f"{limit.amount}" + _beside(limit.condition, limit.note or UNIT_MISSING)
    else:
        said = f"{limit.amount} {UNITS[limit.unit]}"
    return said + _beside(limit.condition, note, limit=most)


def _beside(*remarks: str | None, limit: int = 200) -> str:
    told = [lower_first(clip(remark.rstrip("."), limit)) for remark in remarks if remark]
    return f" ({'; '.join(told)})" if told else ""


def money_lines(channel: Channel, brief: bool = False) -> tuple[str, ...]:
    """Return the money of one way to hand in, each line once; that it is not known when there is none."""
    both = len({sum_.kind for sum_ in channel.money}) > 1
    return _once(money(sum_, both, brief) for sum_ in channel.money) or (UNKNOWN_SUM,)


def time_lines(channel: Channel, brief: bool = False) -> tuple[str, ...]:
    """Return the time limits of one way to hand in, each line once; that they are not known when there is none."""
    return _once(time_limit(limit, brief) for limit in channel.time_limits) or (UNKNOWN_TIME,)


def _once(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))


def money_heading(procedure: Procedure) -> str:
    """Return "Lệ phí", "Phí", or both, as the law calls what this procedure costs."""
    kinds = {sum_.kind for channel in procedure.channels for sum_ in channel.money}
    if kinds == {MoneyKind.CHARGE}:
        return "Phí"
    return "Phí, lệ phí" if len(kinds) == 2 else "Lệ phí"


def by_channel(procedure: Procedure, read: Read) -> list[tuple[str, tuple[str, ...]]]:
    """Group the channels that say the same: pairs of label and lines; one pair with an empty label when all agree."""
    repeated = {kind for kind, times in Counter(c.kind for c in procedure.channels).items() if times > 1}
    groups: dict[tuple[str, ...], list[str]] = {}
    for channel in procedure.channels:
        labels = groups.setdefault(read(channel), [])
        said = channel.where if channel.kind in repeated and channel.where else CHANNELS[channel.kind]
        if said not in labels:
            labels.append(clip(said.partition(" (")[0], 90))
    if len(groups) == 1:
        return [("", next(iter(groups)))]
    return [(_join(labels), lines) for lines, labels in groups.items()]


def _join(labels: list[str]) -> str:
    first, *rest = labels
    return ", ".join([first, *map(lower_first, rest)])


def copies(document: RequiredDocument) -> str:
    """Say how many of a paper: "1 bản chính, 2 bản sao"; empty when the record does not count them."""
    counts = ((document.originals, ORIGINAL), (document.copies, COPY))
    return ", ".join(f"{number} {word}" for number, word in counts if number)


def paper(document: RequiredDocument, limit: int = 400) -> str:
    """Say one paper: its name, its form number, and how many."""
    said = clip(document.name.rstrip(" .;,"), limit)
    if document.form and document.form.lower() not in said.lower():
        form = document.form if document.form.lower().startswith(("mẫu", "tờ khai")) else f"{FORM} {document.form}"
        said += f" ({clip(form, 90)})"
    count = copies(document)
    return f"{said}: {count}" if count else said
