"""Where a person lives, said once: typed in any spelling, old names included, or by sharing a location.

Only the commune is kept. A location is used for the one answer and forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite

from bot.dialogue import aside, markup, offices, smalltalk
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.smalltalk import Talk
from bot.dialogue.turn import Button, Message, Reply
from knowledge.matching import Match, Outcome
from knowledge.places import Commune, District, Finding, Place, Region
from knowledge.vietnamese import fold, normalise

ASK = (
    "Anh/chị ở xã, phường nào? Gõ tên giúp, tên cũ hay không dấu cũng được, ví dụ: “yên nghĩa hà nội”, "
    "“phường 12 quận Tân Bình”. Anh/chị cũng có thể gửi vị trí của mình."
)
HOME = "Nơi ở của anh/chị: <b>{commune}</b>."
NOTED = "Đã ghi nơi ở: <b>{commune}</b>."
FORMER = "{former} nay thuộc {commune}."
WRONG = "Chưa đúng thì gõ /noio để đổi."
IS_IT = "Có phải anh/chị ở đây không?"
WHICH = "Anh/chị ở nơi nào dưới đây?"
WAS = "trước là {former}"
MORE = "Còn nơi khác cùng tên. Nếu không thấy nơi mình, gõ thêm tên huyện hoặc tỉnh, ví dụ: “{said}, {province}”."
DISTRICT = "Từ 1/7/2025 không còn cấp huyện. {district} nay chia về các xã, phường dưới đây. Anh/chị ở đâu?"
BEFORE = "Nếu anh/chị muốn nói {regions} trước 1/7/2025, gõ thêm tên xã, phường."
OR_SAME_NAME = "Hay anh/chị ở nơi có tên giống vậy dưới đây?"
PROVINCE = "Anh/chị ở xã, phường nào của {province}? Gõ tên giúp."
OLD_PROVINCE = "{former} nay thuộc {province}. Anh/chị gõ thêm tên xã, phường giúp."
NO_SUCH = "Tôi không thấy xã, phường nào tên “{said}”. Anh/chị xem lại chính tả, hoặc gõ thêm tên huyện, tỉnh."
NEAR_YOU = "Theo vị trí vừa gửi, anh/chị ở gần các xã, phường này. Anh/chị ở đâu?"
NEAREST = "Nơi nộp gần nhất"
ABROAD = (
    "Quanh vị trí này tôi không thấy xã, phường nào: có lẽ ở ngoài khơi hoặc ở nước ngoài. "
    "Anh/chị gõ tên xã, phường giúp."
)
LATER = "Không sao. Khi nào cần, anh/chị gõ /noio kèm tên xã, phường, ví dụ: /noio yên nghĩa hà nội."
FORGOTTEN = "Đã xóa nơi ở của anh/chị."
NOTHING_KEPT = "Tôi chưa ghi nơi ở nào của anh/chị."
NO_PLACES = "Xin lỗi, lúc này tôi chưa tra được xã, phường."
CHANGE, FORGET, BACK = "Đổi nơi ở", "Xóa nơi ở", "Xem tiếp: {title}"

MOST_CHOICES = 4
MOST_IN_DISTRICT = 24
LONGEST_NAME = 12
"""Words up to which a text that is no question may have been meant as a place."""

_LABEL = 40
_LIVES = re.compile(
    r"(?:tôi|mình|em|con|cháu|nhà tôi|nhà mình|nhà em)\s+(?:hiện\s+|đang\s+)*(?:sống\s+|thường trú\s+)?(?:ở|tại)"
    r"\s+(?:xã|phường|thị trấn|đặc khu)\b.*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[1-9]\d?")
_REGION = re.compile(r"\b(?:xa|phuong|thon|xom|ap|khu pho|quan|huyen|tinh|thanh pho)\b")


def command(argument: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer /noio: note the place named after it, else say what is noted, or ask."""
    if not services.places.gazetteer.communes:
        return _say(NO_PLACES), session
    if argument.strip():
        return _found(argument, services.places.find(argument, _near(services)), session, services)
    if services.home is None:
        return ask(session)
    body = f"{HOME.format(commune=markup.escape(services.home.full))}\n\n{offices.block(services.home, services)}"
    buttons = (Button(CHANGE, Action(Verb.MOVE).payload()), Button(FORGET, Action(Verb.UNLIVE).payload()))
    return Reply((Message(body, (buttons,)),)), session


def ask(session: Session) -> tuple[Reply, Session]:
    """Ask where the person lives; what is typed next is read as the answer when it can be one."""
    return _say(ASK), session.model_copy(update={"placing": ()})


def typed(text: str, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Read ``text`` as the answer to where one lives; None when it is rather something else."""
    said = normalise(text)
    if session.placing is None:
        return _told(said, session, services)
    if _NUMBER.fullmatch(said) and session.placing:
        return _picked(int(said), session, services)
    talk = smalltalk.kind(said)
    if talk is Talk.YES and len(session.placing) == 1:
        return _picked(1, session, services)
    if talk in (Talk.NO, Talk.WRONG, Talk.UNSURE):
        return _say(LATER), session.model_copy(update={"placing": None})
    finding = services.places.find(said, _near(services))
    if finding.sure:
        return _found(said, finding, session, services)
    match = services.matcher.match(said)
    if match.outcome is Outcome.ANSWER or match.bare or talk is not None:
        return None
    if not finding and (match.outcome is not Outcome.UNKNOWN or _asks(said, match, services)):
        return None
    return _found(said, finding, session, services)


def _asks(said: str, match: Match, services: Services) -> bool:
    """Say whether a text that names no place we know asks something ("nộp ở đâu", "mấy giờ mở cửa")."""
    if "?" in said or len(said.split()) > LONGEST_NAME or aside.asks(said, services):
        return True
    return bool(match.facets) and _REGION.search(fold(said.lower())) is None


def _told(said: str, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Note a commune that somebody mentions of their own accord ("tôi ở phường Yên Nghĩa, Hà Nội")."""
    finding = services.places.find(said) if _LIVES.fullmatch(said) else None
    return _found(said, finding, session, services) if finding and finding.sure else None


def located(value: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer a shared location, "latitude,longitude" in degrees: communes to choose from, the nearest offices."""
    try:
        latitude, longitude = (float(part) for part in value.split(","))
    except ValueError:
        latitude = longitude = float("nan")
    communes = services.places.nearest(latitude, longitude) if isfinite(latitude + longitude) else ()
    if not communes:
        return _say(ABROAD), session.model_copy(update={"placing": ()})
    near = services.offices.nearest(latitude, longitude)
    body = NEAR_YOU
    if near:
        listed = "\n".join(f"• {offices.brief(office, services, away)}" for away, office in near)
        body = f"<b>{NEAREST}</b>\n{listed}\n\n{NEAR_YOU}"
    return _offer(body, [Place(commune, 0.5) for commune in communes], session)


def act(action: Action, session: Session, services: Services) -> tuple[Reply, Session]:
    """Do what a button of this flow asks for."""
    if action.verb is Verb.MOVE:
        return ask(session)
    if action.verb is Verb.UNLIVE:
        words = FORGOTTEN if session.commune else NOTHING_KEPT
        return _say(words), session.model_copy(update={"commune": None, "placing": None})
    commune = services.places.get(action.detail)
    return _settled(commune, None, session, services) if commune else ask(session)


def _picked(number: int, session: Session, services: Services) -> tuple[Reply, Session] | None:
    offered = session.placing or ()
    commune = services.places.get(offered[number - 1]) if number <= len(offered) else None
    return _settled(commune, None, session, services) if commune else None


def _found(said: str, finding: Finding, session: Session, services: Services) -> tuple[Reply, Session]:
    if finding.sure:
        return _settled(finding.sure.commune, finding.sure.former, session, services)
    if finding.places:
        return _offer(_choices(said, finding, services), finding.places[:MOST_CHOICES], session)
    if finding.districts:
        return _district(finding.districts[0], session)
    waiting = session.model_copy(update={"placing": ()})
    if finding.provinces:
        return _say(_province(finding.provinces[0], services)), waiting
    return _say(NO_SUCH.format(said=markup.escape(markup.clip(said, 60)))), waiting


def _settled(commune: Commune, former: str | None, session: Session, services: Services) -> tuple[Reply, Session]:
    lines = [NOTED.format(commune=markup.escape(commune.full)), WRONG]
    if former:
        lines.insert(0, markup.escape(FORMER.format(former=former, commune=commune.name)))
    focus = services.catalogue.get(session.focus or "")
    label = BACK.format(title=markup.title(focus, _LABEL - 12)) if focus else ""
    rows = ((Button(label, Action(Verb.SHOW, focus.code).payload()),),) if focus else ()
    body = "\n".join([*lines, "", offices.block(commune, services)])
    update = {"commune": commune.code, "placing": None}
    return Reply((Message(body, rows),)), session.model_copy(update=update)


def _choices(said: str, finding: Finding, services: Services) -> str:
    """Say what is offered; a name that is a province's today ("Quảng Ngãi") rather means that than what is in it."""
    shown = finding.places[:MOST_CHOICES]
    province = next((each for each in finding.provinces[:1] if _today(each, services) == each.name), None)
    if province:
        return f"{markup.escape(PROVINCE.format(province=province.name))}\n{OR_SAME_NAME}"
    more = []
    if len(finding.places) > MOST_CHOICES:
        example = finding.places[MOST_CHOICES].commune.province.short
        more.append(MORE.format(said=markup.clip(said, 40), province=example))
    regions = [each.full for each in finding.districts[:2]] + [each.name for each in finding.provinces[:1]]
    if regions:
        more.append(BEFORE.format(regions="; ".join(regions)))
    return "\n".join([IS_IT if len(shown) == 1 else WHICH, *map(markup.escape, more)])


def _offer(lead: str, places: Sequence[Place], session: Session) -> tuple[Reply, Session]:
    lines = [lead]
    for number, place in enumerate(places, 1):
        was = f" ({WAS.format(former=place.former)})" if place.former else ""
        lines.append(f"{number}. {markup.escape(place.commune.full + was)}")
    rows = tuple((_button(place.commune, place.commune.full),) for place in places)
    codes = tuple(place.commune.code for place in places)
    return Reply((Message("\n".join(lines), rows),)), session.model_copy(update={"placing": codes})


def _district(district: District, session: Session) -> tuple[Reply, Session]:
    communes = district.communes[:MOST_IN_DISTRICT]
    buttons = [_button(commune, commune.name) for commune in communes]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    body = markup.escape(DISTRICT.format(district=district.full))
    codes = tuple(commune.code for commune in communes)
    return Reply((Message(body, rows),)), session.model_copy(update={"placing": codes})


def _province(region: Region, services: Services) -> str:
    today = _today(region, services)
    if today == region.name:
        return markup.escape(PROVINCE.format(province=region.name))
    return markup.escape(OLD_PROVINCE.format(former=region.name, province=today))


def _today(region: Region, services: Services) -> str:
    """Name the provinces in which a province of before 1 July 2025 lies."""
    today = {services.places.gazetteer.communes[code].province for code in region.communes}
    return ", ".join(sorted(province.name for province in today))


def _button(commune: Commune, label: str) -> Button:
    return Button(markup.clip(label, _LABEL), Action(Verb.LIVE, detail=commune.code).payload())


def _near(services: Services) -> str | None:
    return services.home.province.code if services.home else None


def _say(body: str) -> Reply:
    return Reply((Message(body),))
