"""What people tell or ask that no procedure answers: despair, danger, illness, quarrels, loans, fraud, other languages.

A list of procedures would hurt there, or lead astray. Despair is heard whatever else a text says and whomever it is
for, blows too when a few words tell of them; fraud and bribes when no procedure is surely meant; the others only when a
question was not understood.
"""

from __future__ import annotations

import re

from bot.dialogue import smalltalk
from bot.dialogue.phrases import Phrases, groups, words
from knowledge.vietnamese import fold

DESPAIR = (
    "Nghe chuyện này tôi rất lo. Tôi chỉ là chương trình tra cứu thủ tục, nhưng xin anh/chị đừng chịu đựng một mình."
    "\n\n"
    "• Gọi hoặc nhắn ngay cho một người thân, hàng xóm, nhờ họ đến ở bên.\n"
    "• Đang nguy cấp: gọi <b>115</b> (cấp cứu) hoặc <b>113</b> (công an), ngày đêm.\n"
    "• Trẻ em: gọi <b>111</b>, ngày đêm, không mất tiền.\n"
    "• Trạm y tế xã, phường có người nghe anh/chị nói và chỉ nơi chữa.\n\n"
    "Chuyện nợ nần, giấy tờ đều gỡ dần được. Lúc nào anh/chị muốn, tôi chỉ đường từng việc một."
)
DANGER = (
    "Đang bị đe dọa, bị đánh, xin gọi <b>113</b> (công an) ngay, ngày đêm. Có cháy gọi <b>114</b>, có người bị thương "
    "gọi <b>115</b>, trẻ em bị hại gọi <b>111</b>.\n\n"
    "Tạm yên rồi, anh/chị đến công an xã, phường trình báo, nhờ người nhà đi cùng."
)
HEALTH = (
    "Chuyện sức khỏe tôi không dám khuyên. Anh/chị hỏi trạm y tế xã, phường hoặc bác sĩ giúp. Đang nguy cấp thì gọi "
    "<b>115</b> ngay."
)
LAW = (
    "Việc tranh chấp, kiện tụng, phân chia tôi không dám khuyên, kẻo sai thì thiệt cho anh/chị. Anh/chị hỏi luật sư, "
    "hoặc Trung tâm trợ giúp pháp lý nhà nước của tỉnh: nhiều người được giúp không mất tiền, gõ “trợ giúp pháp lý” "
    "để xem."
)
LOAN = (
    "Việc vay tiền tôi không tra cứu được. Anh/chị hỏi Ngân hàng Chính sách xã hội, hoặc tổ tiết kiệm và vay vốn ở "
    "thôn, tổ dân phố. Ai bảo đóng tiền trước mới cho vay thì đừng đóng."
)
ENGLISH = (
    "Xin lỗi, tôi chỉ hiểu tiếng Việt.\n\nSorry, I only understand Vietnamese. Please ask somebody to write your "
    "question in Vietnamese, or go to the one-stop office of your commune or ward."
)
SCAM, BRIBE, HOURS = "lua-dao", "phan-anh", "gio-lam-viec"
"""The articles about fraud, about staff who make trouble, and about when offices are open."""

STORY = 25
"""Words from which a text is a story, in which such words may stand by the way."""

_GROUPS = groups("beyond.txt")
_DESPAIR = Phrases(_GROUPS["despair"])
_DANGER = Phrases(_GROUPS["danger"])
_SUBJECTS = (
    (DANGER, _DANGER),
    *(
        (said, Phrases(_GROUPS[name]))
        for said, name in ((DANGER, "fire"), (HEALTH, "health"), (LAW, "law"), (LOAN, "loan"))
    ),
)
_ARTICLES = {SCAM: Phrases(_GROUPS["scam"]), BRIBE: Phrases(_GROUPS["bribe"])}
_ENGLISH = {word for entry in _GROUPS["english"] for word in entry}
_LEAST_ENGLISH = 2
_OFFICES = r"ủy ban|ubnd|phường|xã|một cửa|trung tâm (?:phục vụ )?hành chính|công an|uy ban|phuong|mot cua|cong an"
_TIMES = (
    r"mấy giờ|thứ bảy|thứ 7|t7|chủ nhật|cuối tuần|giờ làm việc|may gio|thu bay|thu 7|chu nhat|cuoi tuan|gio lam viec"
)
_OPEN = re.compile(rf"\b(?:{_OFFICES})\b.*\b(?:{_TIMES})\b|\b(?:{_TIMES})\b.*\b(?:{_OFFICES})\b")
_WHO = "toi|tui|em|con|chau|minh|anh|chi|bac|co|chu|ong|ba|tao|no|that su|thuc su|lai|cu|nhieu luc"
_WANT_TO_DIE = re.compile(rf"(?:^|[.,!?;\n] *|\b(?:{_WHO}) )muon chet\b(?! (?:di duoc|luon|me|cha|khiep))")
_WHOM = (
    "tôi|tui|em|cháu|mình|vợ|chị|mẹ|má|bố|chúng tôi|"
    "(?:mẹ |vợ |bố |ba )?con (?:tôi|tui|em|cháu|mình|gái|trai|nhỏ|hoài|suốt)"
)
_ATTACKED = re.compile(rf"(?<!định )(?<!ghi )\bđánh (?:đập )?(?:{_WHOM})\b")
_BY = "chong|bo|cha|me|no|ong|han|xom|trai|yeu|duong|re|bon"
_BETWEEN = "toi|tui|em|chau|minh|cu|dang|lai|hay|ay|ta|suot|vua|con|kia|no"
_ATTACKED_BARE = re.compile(rf"\b(?:{_BY})(?: (?:{_BETWEEN})){{0,3}} danh (?:dap )?(?:{fold(_WHOM)})\b")
"""Typed without marks, "đánh" may as well be "danh" ("dinh danh em be"): there it must be said who does it."""


_NO_BLOW = re.compile(
    r"\bđánh (?:bạc|bài|đề|máy|giá|cá|bắt|thuế|số|dấu|rơi|mất|vần|răng|cờ)\b|"
    r"\bdanh (?:sach|gia|muc|bac|bai|de|may|ba|hieu|du|nghia|tinh|so|thue|dau|mat|roi|ca|bat|cap|cho|van|rang|co)\b"
)


def heard(text: str) -> str | None:
    """Return what must be said to a text whomever it was meant for: of despair, or of a person being beaten."""
    if despairs(text):
        return DESPAIR
    return DANGER if len(words(text)) < STORY and _attacked(text) else None


def endangered(text: str) -> str | None:
    """Return what is said to who tells of despair or danger where something else was asked; a burnt house is past."""
    return heard(text) or (DANGER if len(words(text)) < STORY and _DANGER.within(_blowless(text)) else None)


def _blowless(text: str) -> str:
    """Return a text without what is beaten and hurts nobody: cards, machines, lists typed without marks."""
    return _NO_BLOW.sub(lambda found: " – " if "đ" in found.group() else " ", " ".join(words(text)))


def _attacked(text: str) -> bool:
    said = " ".join(words(text))
    return (_ATTACKED_BARE if text.isascii() else _ATTACKED).search(said) is not None


def despairs(text: str) -> bool:
    """Say whether somebody says that they, or somebody near to them, want to die; "mệt muốn chết" does not say so."""
    return _DESPAIR.within(text) or _WANT_TO_DIE.search(fold(text.lower())) is not None


def article(text: str) -> str | None:
    """Return the id of the article that a text is about by what it speaks of: fraud, bribes, when offices are open."""
    if len(words(text)) < STORY and _OPEN.search(" ".join(words(text))):
        return HOURS
    return next((name for name, phrases in _ARTICLES.items() if phrases.within(text)), None)


def answer(text: str) -> str | None:
    """Return what to say to a text that was not understood and is about no procedure; None when it may be about one."""
    short = len(words(text)) < STORY
    told = _blowless(text)
    found = next((said for said, phrases in _SUBJECTS if short and phrases.within(told)), None)
    if found is None and len(_ENGLISH & set(words(text))) >= _LEAST_ENGLISH and text.isascii():
        return ENGLISH
    return found or (smalltalk.OFF_TOPIC if smalltalk.off_topic(text) else None)
