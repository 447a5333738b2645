"""Greetings, thanks, farewells, insults and the like: short, courteous, and never in the way of a question.

A text is small talk only when nothing is left of it once every courtesy is taken out; one word of substance makes it a
question. "chào em, cho hỏi làm lại cccd" leaves "làm lại cccd"; "cảm ơn em nhiều nhé" leaves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from bot.dialogue.phrases import Phrase, Phrases, groups
from bot.dialogue.phrases import words as words_of
from knowledge.vietnamese import fold


class Talk(StrEnum):
    """What a text without a question is; a text that is several of these counts as the last one listed here."""

    FILLER = "filler"
    GREETING = "greeting"
    YES = "yes"
    NO = "no"
    WRONG = "wrong"
    BACK = "back"
    ON = "on"
    THANKS = "thanks"
    BYE = "bye"
    TEST = "test"
    UNSURE = "unsure"
    HELP = "help"
    WHO = "who"
    SMALL = "small"
    WELL = "well"
    PERSON = "person"
    INSULT = "insult"


ANSWERS = {
    Talk.FILLER: "Tôi đang nghe đây. Anh/chị cần làm giấy tờ gì, cứ nói tự nhiên, ví dụ: “con mới sinh làm giấy gì”.",
    Talk.GREETING: "Chào anh/chị. Anh/chị cần làm giấy tờ hay thủ tục gì, cứ nói theo cách của mình, tôi tìm giúp.",
    Talk.YES: "Vâng. Anh/chị cần hỏi thêm gì cứ nhắn, tôi trả lời ngay.",
    Talk.NO: "Vâng, không sao. Khi nào cần hỏi thủ tục gì, anh/chị cứ nhắn.",
    Talk.WRONG: "Xin lỗi anh/chị. Anh/chị nói lại việc cần làm bằng lời khác giúp, tôi tìm lại.",
    Talk.BACK: "Chưa có gì để quay lại. Anh/chị nói việc cần làm giúp, ví dụ: “đăng ký kết hôn”.",
    Talk.ON: "Anh/chị cần hỏi tiếp việc gì, cứ nhắn. Ví dụ: “lệ phí bao nhiêu”, “nộp ở đâu”.",
    Talk.THANKS: "Không có gì, rất vui được giúp anh/chị. Cần hỏi thêm anh/chị cứ nhắn nhé.",
    Talk.BYE: "Chào anh/chị, chúc anh/chị mọi việc thuận lợi. Lúc nào cần anh/chị cứ quay lại hỏi.",
    Talk.TEST: "Tôi nhận được tin nhắn rồi. Anh/chị thử hỏi một việc, ví dụ: “đổi bằng lái xe cần giấy tờ gì”.",
    Talk.UNSURE: (
        "Không sao, anh/chị cứ kể việc đang gặp, ví dụ: “con tôi sắp vào lớp 1 mà chưa có giấy khai sinh”. "
        "Hoặc xem theo lĩnh vực, hoặc hỏi người thật."
    ),
    Talk.HELP: "",
    Talk.PERSON: "",
    Talk.WHO: (
        "Tôi là Một Cửa, chương trình máy tính giúp tra cứu thủ tục hành chính: cần giấy tờ gì, hết bao nhiêu tiền, "
        "mất bao lâu, nộp ở đâu. Tôi không phải cán bộ và không nhận hồ sơ thay cơ quan nhà nước."
    ),
    Talk.SMALL: (
        "Muốn chữ to hơn, anh/chị đặt hai ngón tay lên màn hình rồi kéo ra. Trong Telegram thì vào Cài đặt, mục Trò "
        "chuyện, kéo cỡ chữ lên. Điện thoại nào cũng có cỡ chữ ở Cài đặt, mục Màn hình."
    ),
    Talk.WELL: "Cảm ơn anh/chị đã hỏi thăm, tôi vẫn sẵn sàng. Hôm nay anh/chị cần làm giấy tờ gì?",
    Talk.INSULT: (
        "Xin lỗi vì đã làm anh/chị chưa hài lòng. Anh/chị nói giúp việc cần làm bằng một câu ngắn, "
        "ví dụ: “làm lại căn cước bị mất”, tôi sẽ cố tìm đúng hơn."
    ),
}
INSULTED = ANSWERS[Talk.INSULT]
OFF_TOPIC = (
    "Việc này tôi không biết. Tôi chỉ biết về thủ tục hành chính: khai sinh, kết hôn, căn cước, cư trú, đất đai, "
    "bằng lái xe và nhiều việc khác. Anh/chị cần hỏi thủ tục nào?"
)

_MOST_WORDS = 16
_RANK = {talk: rank for rank, talk in enumerate(Talk)}


_GROUPS = groups("courtesies.txt")
_LEXICON: dict[tuple[str, ...], Talk] = {entry: talk for talk in Talk for entry in _GROUPS[talk]}
_LONGEST = max(map(len, _LEXICON))
_ASKING = frozenset(_GROUPS["asking"])
_ASKING_FOLDED = frozenset(tuple(map(fold, entry)) for entry in _ASKING)
_OFF = Phrases(_GROUPS["off-topic"])
_PEOPLE = Phrases(_GROUPS["people"])
_WAITS = Phrases(_GROUPS["waits"])
_PUZZLED = Phrases(_GROUPS["puzzled"])
_NOS = {"không", "ko", "k", "hông", "hổng", "hem", "hok", "hk", "chưa", "khong", "chua"}
_LEANING = {
    "dạ",
    "da",
    "vâng",
    "vang",
    "thôi",
    "thoi",
    "ừ",
    "u",
    "ok",
    "ạ",
    "a",
    "à",
    "nhé",
    "nhe",
    "nha",
    "đâu",
    "dau",
}
_PEOPLE_SAY = {
    "tôi", "tui", "em", "con", "cháu", "mình", "anh", "chị", "cô", "chú", "bác", "ông", "bà", "bạn",
    "toi", "chau", "minh", "chi", "co", "chu", "bac", "ong", "ba", "ban",
}  # fmt: skip
_SAYS_YES = re.compile(
    r"(?:(?:dạ|vâng|da|vang|ừ|u) )*(?:có|co)(?: (?:ạ|a|em|cháu|con|chị|anh|chau|chi|nhé|nhe|nha|chứ|mà|đấy))*"
)
_MILD = {
    "chó",
    "điên",
    "tệ",
    "dở",
    "chán",
    "rác",
    "biến",
    "cút",
    "câm",
    "láo",
    "hãm",
    "khùng",
    "dốt",
    "cc",
    "vl",
    "nhảm",
    "ngu",
}
"""Words that insult only when little else is said: a dog may bite, CC may be a certificate."""

_PUZZLED_WORDS = 8
_CURT = 4
"""Words up to which a mild word of abuse is meant as one."""

_GESTURES = {"👍": Talk.YES, "👌": Talk.YES, "✅": Talk.YES, "🙏": Talk.THANKS, "❤": Talk.THANKS, "🥰": Talk.THANKS,
             "😍": Talk.THANKS, "🌹": Talk.THANKS, "👎": Talk.NO, "😡": Talk.INSULT, "🤬": Talk.INSULT}  # fmt: skip


def _by_bare_letters() -> dict[tuple[str, ...], list[tuple[tuple[str, ...], Talk]]]:
    """Index the phrases by their letters without marks, the mildest first.

    A single insult that needs its marks is left out: "dien" is far more often "điện" than "điên".
    """
    index: dict[tuple[str, ...], list[tuple[tuple[str, ...], Talk]]] = {}
    for entry, talk in sorted(_LEXICON.items(), key=lambda item: _RANK[item[1]]):
        index.setdefault(tuple(map(fold, entry)), []).append((entry, talk))
    return index


_INDEX = _by_bare_letters()


def kind(text: str) -> Talk | None:
    """Return what small talk ``text`` is, or None when something of substance is in it (or nothing at all)."""
    words = words_of(text)
    if not words or len(words) > _MOST_WORDS:
        return None
    heard = _heard(words)
    if not heard:
        return None
    talk = max(heard, key=_RANK.__getitem__)
    if talk is Talk.NO and _asks_whether(words):
        return None
    return Talk.YES if talk is Talk.FILLER and _SAYS_YES.fullmatch(" ".join(words)) else talk


def _asks_whether(words: list[str]) -> bool:
    """Say whether a text ends in "không" as a question does ("còn gì nữa không"), rather than saying no."""
    said = [word for word in words if word not in _LEANING | _PEOPLE_SAY]
    return len(said) > 1 and said[-1] in _NOS and said[0] not in _NOS


def gesture(text: str) -> Talk | None:
    """Return what a text of pictures alone says: a thumb, folded hands, a heart; None when it says nothing clear."""
    return next((talk for sign, talk in _GESTURES.items() if sign in text), None)


def wants_person(text: str) -> bool:
    """Say whether a text that was not understood asks to talk to a person, whatever else is in it."""
    return _PEOPLE.within(text)


def only_asks(text: str, also: frozenset[Phrase] = frozenset()) -> bool:
    """Say whether ``text`` names no need at all, only what one asks about a need: "còn mất bao lâu thì sao".

    ``also`` are more phrases that name no need.
    """
    words = words_of(text)

    def known(phrase: list[str]) -> Talk | None:
        return Talk.FILLER if tuple(phrase) in also else _asking_or_talk(phrase)

    return 0 < len(words) <= _MOST_WORDS and _heard(words, known) is not None


def _heard(words: list[str], known: Callable[[list[str]], Talk | None] | None = None) -> list[Talk] | None:
    """Cover the words with as few phrases as will do; None when a word stays uncovered."""
    known = known or _talk
    best: list[list[Talk] | None] = [[]] + [None] * len(words)
    for end in range(1, len(words) + 1):
        options = [
            [*before, talk]
            for start in range(max(0, end - _LONGEST), end)
            if (before := best[start]) is not None and (talk := known(words[start:end])) is not None
        ]
        best[end] = min(options, key=len) if options else None
    return best[-1]


def _asking_or_talk(phrase: list[str]) -> Talk | None:
    asking = _ASKING_FOLDED if all(word.isascii() for word in phrase) else _ASKING
    return Talk.FILLER if tuple(phrase) in asking else _talk(phrase)


def _talk(phrase: list[str]) -> Talk | None:
    """Look a phrase up; a word typed without marks stands for every word of its letters, a marked one for itself."""
    for entry, talk in _INDEX.get(tuple(map(fold, phrase)), ()):
        if all(said in (word, fold(word)) for said, word in zip(phrase, entry, strict=True)):
            risky = talk is Talk.INSULT and len(entry) == 1 and phrase != list(entry)
            return None if risky else talk
    return None


def puzzled(text: str) -> bool:
    """Say whether a short text says that what was asked is not understood: "câu này nghĩa là gì"."""
    return len(words_of(text)) <= _PUZZLED_WORDS and _PUZZLED.within(text)


def waits(text: str) -> bool:
    """Say whether a short text asks us to wait: "chờ tí để hỏi vợ"."""
    return len(words_of(text)) <= _PUZZLED_WORDS and _WAITS.within(text)


def insults(text: str) -> bool:
    """Say whether a text that was not understood holds an insult of two or more letters, spelled with its marks.

    A word that is abuse only by itself ("chó", "tệ") counts in a text of a few words alone.
    """
    words = words_of(text)
    spans = (tuple(words[start:end]) for start in range(len(words)) for end in range(start + 1, start + 5))
    found = {span for span in spans if _LEXICON.get(span) is Talk.INSULT}
    return any(len(words) <= _CURT or not (len(span) == 1 and span[0] in _MILD) for span in found)


def off_topic(text: str) -> bool:
    """Say whether a text that was not understood is plainly about something else than the administration."""
    return _OFF.within(text)
