"""Dossier codes that people type or photograph, and states they ask about, as far as that needs no source to ask."""

from __future__ import annotations

import re

from bot.dialogue import markup, parts, welcome
from bot.dialogue.phrases import Phrases, groups, words
from bot.dialogue.services import Services
from bot.dialogue.turn import Message
from bot.dossiers import code as codes
from bot.dossiers import explanation, wording
from bot.dossiers.reading import Code, Kind, Problem
from bot.dossiers.receipt import Outcome
from knowledge.matching import Outcome as Matched
from knowledge.vietnamese import fold

_NO_CODE = Phrases(groups("courtesies.txt")["no-code"])
_OTHER_CODE = re.compile(r"\bm[ãa] (?:số|so|định|dinh|bưu|buu|qr|pin|otp|vạch|vach)\b")
_MOST_WORDS = 9
_NUMBERED = re.compile(r"\S*\d\S*")
_ASKS = re.compile(r"\?|\b(?:chua|khong|ko|sao|bao gio|khi nao|bao lau)\b")

FOUND = "Mã hồ sơ <code>{code}</code>"
PLACE = "Nơi nhận: {place}"
UNDER = "cơ quan của {name}"
FILED = "Ngày nộp: {day}"
NO_SOURCE = (
    "Mã này đúng dạng. Tôi chưa xem được hồ sơ đang ở bước nào. Anh/chị có thể:\n"
    "• Vào {portal}, mục tra cứu hồ sơ, nhập mã trên.\n"
    "• Mang giấy hẹn đến nơi đã nộp để hỏi, hoặc gọi 18001096.\n"
    "• Thấy báo trạng thái gì mà chưa rõ, chép lại gửi tôi, tôi giải thích."
)
NO_SOURCE_SEVERAL = NO_SOURCE.replace("Mã này", "Các mã này").replace("nhập mã trên", "nhập từng mã trên")
NEARLY = "Mã <code>{text}</code> gần giống mã hồ sơ nhưng chưa đúng."
LOOK_AGAIN = "Anh/chị so lại với giấy hẹn rồi gõ lại giúp."
PASTED = "Tin anh/chị gửi ghi trạng thái:\n\n{meaning}"
EXPLAINED = "Anh/chị hỏi về trạng thái hồ sơ:\n\n{meaning}"
ONLY_MEANING = (
    "Tôi chỉ giải thích câu chữ, chưa xem hồ sơ của anh/chị. "
    "Anh/chị gửi mã hồ sơ trên giấy hẹn, tôi kiểm tra mã và chỉ chỗ tra."
)
ASK = (
    "Anh/chị gửi tôi mã hồ sơ ghi trên giấy hẹn, ví dụ <code>000.00.53.H48-220921-0099</code>, "
    "hoặc ảnh chụp mã QR trên giấy đó.\n\n"
    "Anh/chị cũng có thể vào {portal}, mục tra cứu hồ sơ, hoặc mang giấy hẹn đến nơi đã nộp để hỏi."
)
NO_CODE = (
    "Mã hồ sơ in ở đầu giấy tiếp nhận và hẹn trả kết quả, cạnh mã QR. Không có giấy ấy thì:\n"
    "• Nộp qua mạng: vào {portal}, đăng nhập bằng VNeID, xem mục hồ sơ của tôi.\n"
    "• Nộp trực tiếp: mang thẻ căn cước đến nơi đã nộp, cán bộ tìm giúp."
)
OR_TYPE = "Hoặc anh/chị gõ mã hồ sơ ghi trên giấy hẹn."
NO_IDENTITY = "Xin đừng gửi ảnh giấy tờ tùy thân lên đây."
NOT_KEPT = "Tôi không giữ lại ảnh."
PHOTOS = {
    Outcome.UNREADABLE: (
        "Tôi chưa đọc được mã nào trong ảnh. Anh/chị chụp lại giúp: chỉ chụp mã QR hoặc mã vạch trên giấy hẹn, "
        "cho mã chiếm khoảng nửa ảnh, giấy phẳng, đủ sáng, giữ chắc máy cho nét."
    ),
    Outcome.OTHER: (
        "Ảnh có mã QR hoặc mã vạch, nhưng trong đó không có mã hồ sơ. "
        "Anh/chị chụp mã trên giấy tiếp nhận hồ sơ và hẹn trả kết quả giúp."
    ),
    Outcome.IDENTITY: (
        "Đây có vẻ là mã QR của thẻ căn cước. Tôi không đọc, không lưu gì từ ảnh này; anh/chị nên xóa ảnh đi. "
        "Muốn hỏi hồ sơ, anh/chị chụp mã trên giấy hẹn giúp."
    ),
    Outcome.HEIC: (
        "Ảnh này ở dạng HEIC của iPhone nên tôi chưa mở được. Anh/chị gửi lại theo cách gửi ảnh thường, không gửi dạng "
        "tệp; hoặc vào Cài đặt, Camera, Định dạng, chọn “Tương thích nhất” rồi chụp lại."
    ),
    Outcome.DAMAGED: "Tôi không mở được ảnh này: tệp bị hỏng, hoặc không phải ảnh JPEG, PNG. Anh/chị gửi lại giúp.",
    Outcome.TOO_LARGE: "Ảnh này lớn quá, tôi không đọc được. Anh/chị chỉ chụp phần có mã rồi gửi lại giúp.",
    Outcome.UNAVAILABLE: "Xin lỗi anh/chị, tôi chưa tải được ảnh. Anh/chị gửi lại sau ít phút giúp.",
}
_MOST = 5


def read(text: str, services: Services) -> Message | None:
    """Answer a text that holds dossier codes, nearly does, or is a state pasted from elsewhere; None for any other."""
    found = codes.parse(text, services.clock().date())
    if found.codes:
        return _confirmed(found.codes, services)
    answers = services.matcher.match(text).outcome is Matched.ANSWER if found.problems else False
    if found.problems and not answers:
        return _corrected(found.problems)
    return _explained(text, services)


def pasted(text: str) -> Message | None:
    """Explain the state in a message about a dossier that was pasted with its code; None when it is in other words."""
    seen = wording.read(_NUMBERED.sub(" ", text))
    if seen is None or not seen.literal or _ASKS.search(fold(text.lower())):
        return None
    return Message(PASTED.format(meaning=explanation.explained(seen.status)))


def photo(outcome: Outcome) -> Message:
    """Answer a photo in which no dossier code was found."""
    lines = [PHOTOS.get(outcome, PHOTOS[Outcome.UNREADABLE]), OR_TYPE, f"<i>{NOT_KEPT} {NO_IDENTITY}</i>"]
    return Message("\n\n".join(lines), welcome.ways_on())


def without_code(text: str, services: Services) -> Message | None:
    """Answer somebody who has no code of a dossier, or does not know where it stands; None when that is not said."""
    if len(words(text)) > _MOST_WORDS or not _NO_CODE.within(text) or _OTHER_CODE.search(text.lower()):
        return None
    return Message(NO_CODE.format(portal=_portal(services)), welcome.ways_on())


def ask(services: Services) -> str:
    """Return the body that asks whoever wants to know how far their dossier is for its code."""
    return ASK.format(portal=_portal(services))


def _confirmed(found: tuple[Code, ...], services: Services) -> Message:
    shown = ["\n".join(_lines(each)) for each in found[:_MOST]]
    words = NO_SOURCE if len(found) == 1 else NO_SOURCE_SEVERAL
    return Message("\n\n".join([*shown, words.format(portal=_portal(services))]), welcome.ways_on())


def _lines(found: Code) -> list[str]:
    place = UNDER.format(name=found.unit_name) if found.kind is Kind.NATIONAL else found.unit_name
    lines = [FOUND.format(code=markup.escape(found.code)), markup.escape(PLACE.format(place=place))]
    if found.date:
        lines.append(FILED.format(day=f"{found.date.day}/{found.date.month}/{found.date.year}"))
    return lines


def _corrected(problems: tuple[Problem, ...]) -> Message:
    told = [
        f"{NEARLY.format(text=markup.escape(each.text))}\n{markup.escape(each.message)}" for each in problems[:_MOST]
    ]
    return Message("\n\n".join([*told, LOOK_AGAIN]), welcome.ways_on())


def _explained(text: str, services: Services) -> Message | None:
    seen = wording.read(text)
    if seen is None or not seen.alone:
        return None
    if not seen.literal and services.matcher.match(text).outcome is Matched.ANSWER:
        return None
    body = EXPLAINED.format(meaning=explanation.explained(seen.status))
    return Message(f"{body}\n\n{markup.italic(ONLY_MEANING)}", welcome.ways_on())


def _portal(services: Services) -> str:
    return markup.link(parts.PORTAL, services.portal_url)
