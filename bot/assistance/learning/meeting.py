"""A made-up resident says what they need, and a volunteer works their case out.

The volunteer finds the procedure, answers the case questions, and is told which papers the right list has.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping

from bot.assistance.learning import scenes
from bot.assistance.learning.quiz import choice_of
from bot.assistance.learning.scenes import ASKED, Scene
from bot.assistance.learning.table import Row, Table, menu_row
from bot.assistance.pressing import button
from bot.dialogue import markup, wording
from bot.dialogue.action import Action, Verb
from bot.dialogue.turn import Button, Message
from bot.moment import Outcome
from knowledge import case
from knowledge.matching import Outcome as Matched
from knowledge.procedure import CHANNEL, Procedure

RESIDENT = "<b>{name}</b> (người bịa ra để tập)"
FIND = "Anh/chị tìm thủ tục cho {name}: gõ vài chữ như khi hỏi tôi."
CHOOSE = "Anh/chị chọn thủ tục nào cho {name}?"
UNHEARD = "Tôi chưa hiểu. Anh/chị gõ ngắn gọn việc {name} cần, ví dụ: “làm lại bằng lái”."
RIGHT = "Đúng rồi: <b>{title}</b>. Giờ anh/chị trả lời thay {name}, theo lời kể."
ALSO = (
    "“{other}” cũng làm được việc này. Lần này mình tập với: <b>{title}</b>. Anh/chị trả lời thay {name}, theo lời kể."
)
WRONG = "Chưa đúng. “{title}” là việc khác{about}. Anh/chị đọc lại lời kể rồi gõ cách khác."
ANSWER = "Thủ tục đúng là: <b>{title}</b>. Giờ anh/chị trả lời thay {name}, theo lời kể."
ALL_RIGHT = "Anh/chị trả lời đúng hết. Danh sách giấy tờ cho {name} đúng rồi."
SAME_LIST = "Danh sách giấy tờ vẫn đúng, nhưng có câu trả lời khác lời kể:"
DIFFERENT = "Có câu trả lời khác lời kể:"
SLIP = "• {question} Anh/chị chọn “{given}”, lời kể là “{right}”."
LIST = "<b>Danh sách đúng</b>"
MISSING = "⚠ {paper} (danh sách của anh/chị thiếu)"
SURPLUS = "<b>Giấy không cần mà anh/chị đã ghi</b>"
MONEY = "<b>Tiền:</b> {sum}"
REHEARSAL = (
    "MÔ PHỎNG: nộp xong, cổng sẽ đưa một mã hồ sơ. Mã bịa ra để tập: <code>{code}</code>. "
    "Bấm “{look}” để xem bà con sẽ thấy gì."
)
LOOK = "Xem hồ sơ mô phỏng"
TELL, ANOTHER, AGAIN, QUIZ, WHOLE = "Xem đáp án", "Người khác", "Gặp người khác", "Câu hỏi nhanh", "Xem thủ tục này"
GONE = "Bài tập này không còn. Anh/chị bắt đầu bài khác giúp."

SEARCHING = "learn:find"


def begin(table: Table, procedure: Procedure | None) -> Outcome:
    """Bring in a resident: one who needs this procedure, or any of the written ones."""
    catalogue = table.moment.services.catalogue
    found = [scene for scene in table.scenes() if procedure is None or scene.code == procedure.code]
    if procedure is not None:
        more = scenes.made(procedure, secrets.randbelow(300))
        found += [more] if more else []
    before = table.noted.get("scene")
    others = [scene for scene in found if scene.id != before] or found
    scene = scenes.find(secrets.choice(others).id, catalogue) if others else None
    if scene is None:
        return _gone(table)
    return _search(table, scene, FIND.format(name=scene.called))


async def searched(table: Table) -> Outcome:
    """Offer the procedures that what the volunteer typed may mean."""
    scene = _scene(table)
    if scene is None:
        return _gone(table)
    services = table.moment.services
    match = await asyncio.to_thread(services.matcher.match, table.moment.turn.value)
    codes = dict.fromkeys((*match.choices, *(each.code for each in match.candidates)))
    meant = [found for code in codes if (found := services.catalogue.get(code)) and found.abolished_on is None]
    if match.outcome is Matched.UNKNOWN or not meant:
        return _search(table, scene, UNHEARD.format(name=scene.called))
    listed = tuple((button(markup.title(each, 60), "learnpick", each.code),) for each in meant[:4])
    return _search(table, scene, CHOOSE.format(name=scene.called), listed)


def picked(table: Table, code: str) -> Outcome:
    """Say whether this is the procedure the resident needs, and go on with the case when it is."""
    scene = _scene(table)
    procedure = table.moment.services.catalogue.get(code)
    wanted = _wanted(table, scene)
    if scene is None or procedure is None:
        return _gone(table)
    title = markup.escape(markup.title(procedure))
    if code == scene.code:
        return _ask(table, scene, _start(scene), RIGHT.format(title=title, name=scene.called))
    if code in scene.also:
        return _ask(table, scene, _start(scene), ALSO.format(other=title, title=wanted, name=scene.called))
    about = f": {markup.escape(markup.lower_first(markup.clip(procedure.summary, 160)))}" if procedure.summary else ""
    return _search(table, scene, WRONG.format(title=title, about=about.rstrip(".")))


def given_away(table: Table) -> Outcome:
    """Tell the procedure, and go on with the case."""
    scene = _scene(table)
    if scene is None:
        return _gone(table)
    return _ask(table, scene, _start(scene), ANSWER.format(title=_wanted(table, scene), name=scene.called))


def told(table: Table, question: str, choice: str) -> Outcome:
    """Take one answer of the case, given in the resident's place."""
    scene = _scene(table)
    answers = _answers(table)
    procedure = table.procedure(scene.code) if scene else None
    if scene is None or answers is None or procedure is None:
        return _gone(table)
    asked = case.pending(procedure, answers)
    if asked and asked.id == question and choice in {each.id for each in asked.choices}:
        answers = case.kept(procedure, {**answers, question: choice})
    return _ask(table, scene, answers)


def _scene(table: Table) -> Scene | None:
    return scenes.find(table.noted.get("scene", ""), table.moment.services.catalogue)


def _wanted(table: Table, scene: Scene | None) -> str:
    """Return what the procedure that the resident needs is called."""
    procedure = table.procedure(scene.code) if scene else None
    return markup.escape(markup.title(procedure)) if procedure else ""


def _start(scene: Scene) -> dict[str, str]:
    """Return what is known from the beginning: how the resident hands in is not asked."""
    return {CHANNEL: scene.answers[CHANNEL]} if CHANNEL in scene.answers else {}


def _answers(table: Table) -> dict[str, str] | None:
    """Return what was answered so far; None when the case was not begun."""
    kept = table.noted.get("answers")
    return None if kept is None else dict(pair.split("=", 1) for pair in kept.split())


def _note(scene: Scene, answers: Mapping[str, str] | None = None) -> dict[str, str]:
    noted = {"scene": scene.id}
    if answers is not None:
        noted["answers"] = " ".join(f"{question}={choice}" for question, choice in answers.items())
    return noted


def _told(scene: Scene) -> str:
    """Return who the resident is and what they tell."""
    lines = [markup.escape(f"“{scene.words}”")]
    lines += [ASKED] if scene.told else []
    lines += [markup.escape(f"• {question} {answer}.") for question, answer in scene.told]
    said = "\n".join(lines)
    return f"{RESIDENT.format(name=scene.name)}\n<blockquote>{said}</blockquote>"


def _search(table: Table, scene: Scene, words: str, listed: tuple[Row, ...] = ()) -> Outcome:
    last = (button(TELL, "learntell"), button(ANOTHER, "learnmeet"))
    message = Message(f"{_told(scene)}\n{words}", (*listed, last, menu_row()))
    return table.say(message, awaiting=SEARCHING, noted=_note(scene))


def _ask(table: Table, scene: Scene, answers: dict[str, str], before: str = "") -> Outcome:
    """Ask the next question of the case, or tell how it went."""
    procedure = table.procedure(scene.code)
    if procedure is None:
        return _gone(table)
    question = case.pending(procedure, answers)
    if question is None:
        return _judged(table, scene, procedure, answers)
    said = f"{_told(scene)}\n{before}\n\n<b>{markup.escape(question.text)}</b>".replace("\n\n\n", "\n\n")
    choices = tuple((button(choice.text, "learnsay", question.id, choice.id),) for choice in question.choices)
    return table.say(Message(said, (*choices, menu_row())), noted=_note(scene, answers))


def _judged(table: Table, scene: Scene, procedure: Procedure, answers: Mapping[str, str]) -> Outcome:
    """Compare the volunteer's list with the right one."""
    right = table.rules.guide(procedure, scene.answers)
    needed = dict.fromkeys(item.document.name for item in right.needed)
    has = dict.fromkeys(item.document.name for item in table.rules.guide(procedure, answers).needed)
    slips = list(_slips(scene, procedure, answers))
    same = needed.keys() == has.keys()
    heads = [ALL_RIGHT.format(name=scene.called)] if not slips else [SAME_LIST if same else DIFFERENT, *slips]
    lines = [*heads, "", LIST]
    for name in needed:
        paper = markup.escape(choice_of(name))
        lines.append(f"✓ {paper}" if name in has else MISSING.format(paper=paper))
    surplus = [f"• {markup.escape(choice_of(name))}" for name in has if name not in needed]
    lines += ["", SURPLUS, *surplus] if surplus else []
    if right.total is not None:
        lines += ["", MONEY.format(sum=wording.vnd(right.total) if right.total else wording.FREE)]
    rehearsal, look = _rehearsal(table, scene)
    lines += ["", rehearsal] if rehearsal else []
    ways = (
        *look,
        (button(AGAIN, "learnmeet"), button(QUIZ, "quizof", procedure.code)),
        (Button(WHOLE, Action(Verb.SHOW, procedure.code).payload()),),
        menu_row(),
    )
    return table.say(Message("\n".join(lines), ways))


def _slips(scene: Scene, procedure: Procedure, answers: Mapping[str, str]) -> list[str]:
    """Return each answer that is not as the resident told."""
    return [
        markup.escape(SLIP.format(question=question.text, given=given.text, right=right.text))
        for question, given in case.told(procedure, answers)
        if given and question.id in scene.answers and given.id != scene.answers[question.id]
        for right in question.choices
        if right.id == scene.answers[question.id]
    ]


def _rehearsal(table: Table, scene: Scene) -> tuple[str, tuple[Row, ...]]:
    """Return, in a demonstration, the code of a made-up dossier and a button that looks it up."""
    codes = table.moment.services.rehearsal
    if not codes:
        return "", ()
    code = codes[len(scene.words) % len(codes)]
    look = Button(LOOK, Action(Verb.TRACK, detail=code).payload())
    return REHEARSAL.format(code=markup.escape(code), look=LOOK), ((look,),)


def _gone(table: Table) -> Outcome:
    return table.say(Message(GONE, (menu_row(),)))
