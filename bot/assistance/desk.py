"""/hotro: what a volunteer has in hand, and the case at the kitchen table from consent to its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.assistance import closing, consent, following, handing, menu, recording, showing, tabling, walking
from bot.assistance import scene as words
from bot.assistance import sitting as sittings
from bot.assistance.members import volunteer_of
from bot.assistance.pressing import number, pressed
from bot.assistance.scene import Scene, at_table
from bot.assistance.sitting import Sitting
from bot.dialogue import markup
from bot.dialogue.action import Verb, parse
from bot.dialogue.turn import Message, Reply, TurnKind
from bot.moment import Flow, Moment, Outcome, added

STRANGER = (
    "Lệnh này dành cho tình nguyện viên giúp bà con làm thủ tục. Muốn tham gia, anh/chị hỏi bộ phận Một cửa hoặc Đoàn "
    "Thanh niên xã, phường để nhận lời mời."
)
NOT_YOURS = "Hồ sơ này không còn ở chỗ anh/chị: đã kết thúc, đã chuyển người khác, hoặc đã xóa."
FILED = "Hồ sơ này đã có mã, không đổi thủ tục được nữa. Việc khác thì anh/chị mở việc mới."
LEFT = "{name} vẫn còn, gõ /hotro để mở lại."


_Act = Callable[[Scene, Sitting, tuple[str, ...]], Awaitable[Outcome]]


class Desk:
    """The flow of sittings. ``days``: how long one is kept after its end; ``rows``: the others' rows of the menu."""

    def __init__(self, days: int, rows: Sequence[menu.Rows] = ()) -> None:
        self._days = days
        self._rows = rows

    def flow(self) -> Flow:
        """Return what takes commands, buttons and awaited words of this flow."""
        return Flow(take=self.take)

    def last(self) -> Flow:
        """Return what stands around the conversation while a case is on the screen; it must be the last to take."""
        return Flow(take=self.around)

    async def take(self, moment: Moment) -> Outcome | None:
        """Answer /hotro, our buttons, a resident's link, and what we wait for."""
        turn, said = moment.turn, pressed(moment.turn)
        if turn.kind is TurnKind.COMMAND and turn.command == "start":
            return await following.visited(moment, turn.value)
        if said[:1] == (following.WORD,):
            return await following.visited(moment, f"{following.PREFIX}{said[-1]}")
        awaited = _awaited(moment)
        asked = turn.kind is TurnKind.COMMAND and turn.command == "hotro"
        if not (asked or awaited or (said and (said[0] == "sitmenu" or said[0] in _ACTS or said[0] in _OPENERS))):
            return None
        helper = await volunteer_of(moment.connection, moment.chat)
        if helper is None:
            return Reply((Message(STRANGER),)), moment.session.model_copy(update={"awaiting": None, "sitting": None})
        at = at_table(moment, helper, self._days)
        if awaited:
            return await self._awaited(at, awaited)
        if asked or said[0] == "sitmenu":
            return await menu.shown(at, self._rows)
        return await self._pressed(at, said)

    async def _pressed(self, at: Scene, said: tuple[str, ...]) -> Outcome:
        if said[0] in _OPENERS:
            return await _OPENERS[said[0]](at, number(said, 1))
        found = await sittings.held(at.moment.connection, at.helper, number(said, 1) or 0)
        if found is None:
            return at.say(Message(NOT_YOURS, (words.to_menu(),)))
        return await _ACTS[said[0]](at, found, said)

    async def _awaited(self, at: Scene, what: str) -> Outcome:
        found = await sittings.held(at.moment.connection, at.helper, at.moment.session.sitting or 0)
        if found is None:
            return at.say(Message(NOT_YOURS, (words.to_menu(),)))
        return await (consent.named(at, found) if what == "name" else recording.read(at, found))

    async def around(self, moment: Moment) -> Outcome | None:
        """Let the conversation answer for the case on the screen, and show the way back to it."""
        if moment.session.sitting is None:
            return None
        helper = await volunteer_of(moment.connection, moment.chat)
        found = await sittings.held(moment.connection, helper, moment.session.sitting) if helper else None
        if helper is None or found is None:
            return await moment.answer(moment.turn, moment.session.model_copy(update={"sitting": None}))
        moment = replace(moment, session=recording.forgotten(moment.session))
        at = at_table(moment, helper, self._days)
        if moment.turn.kind is TurnKind.COMMAND:
            return await _left(at, found)
        procedure = at.procedure(found)
        if moment.turn.kind is TurnKind.TEXT and procedure and moment.session.asking == procedure.code:
            return await tabling.typed(at, found, procedure)
        if code := recording.named(at, found):
            return recording.whose(at, found, code)
        action = parse(moment.turn.value) if moment.turn.kind is TurnKind.ACTION else None
        if action and action.verb in tabling.BOUND:
            return await _case_pressed(at, found, action.argument, begins=action.verb is Verb.CASE)
        reply, after = await moment.answer(moment.turn, moment.session)
        return tabling.dressed(reply, found), after


def _awaited(moment: Moment) -> str:
    """Return what we wait for, when this turn may be it."""
    owner, _, what = (moment.session.awaiting or "").partition(":")
    may = moment.turn.kind is TurnKind.TEXT or (moment.turn.kind is TurnKind.PHOTO and what == "code")
    return what if owner == "sitting" and may else ""


async def _left(at: Scene, sitting: Sitting) -> Outcome:
    """Answer a command; the case leaves the screen and loses nothing."""
    reply, after = await at.moment.answer(at.moment.turn, at.moment.session)
    after = after.model_copy(update={"sitting": None, "asking": None})
    if at.moment.turn.command == "huy":
        said = Message(markup.escape(LEFT.format(name=words.name(sitting))), (words.back(sitting), words.to_menu()))
        return added(reply, Reply((said,))), after
    return reply, after


async def _case_pressed(at: Scene, sitting: Sitting, code: str, *, begins: bool) -> Outcome:
    """Answer a button of a case that names no sitting: one's own case, unless it begins the one on the screen."""
    if begins and sitting.procedure in (None, code) and not sitting.dossier:
        return await _taken(at, sitting, ("", "", code))
    reply, after = await at.moment.answer(at.moment.turn, at.moment.session.model_copy(update={"sitting": None}))
    return reply, after


async def _open(at: Scene, wanted: int | None) -> Outcome:
    connection = at.moment.connection
    found = await sittings.held(connection, at.helper, wanted or 0)
    if found is None and (off := await sittings.put_off(connection, at.helper, wanted or 0)):
        found = await sittings.resume(connection, off)
    if found is None:
        return at.say(Message(NOT_YOURS, (words.to_menu(),)))
    return showing.home(at, found)


async def _taken(at: Scene, sitting: Sitting, said: tuple[str, ...]) -> Outcome:
    """Take the procedure that was shown for this case, and begin with its questions."""
    procedure = at.services.catalogue.get(said[2] if len(said) > 2 else "")
    if procedure is None or procedure.abolished_on is not None:
        return showing.ask(at, sitting, showing.NO_LONGER)
    if sitting.dossier and procedure.code != sitting.procedure:
        return showing.home(at, sitting, FILED)
    if procedure.code != sitting.procedure:
        fresh = {"procedure": procedure.code, "prepared": {}, "step": 0, "stuck": None, "online": None}
        sitting = await sittings.change(at.moment.connection, sitting, **fresh)
    if not procedure.documents and not procedure.questions:
        return showing.home(at, sitting)
    return await tabling.begun(at, sitting, procedure)


async def _case(at: Scene, sitting: Sitting, said: tuple[str, ...]) -> Outcome:
    procedure = at.procedure(sitting)
    if procedure is None:
        return showing.home(at, sitting)
    action = tabling.read(said[2:], procedure)
    return await tabling.pressed(at, sitting, procedure, action) if action else showing.home(at, sitting, showing.STALE)


async def _print(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    procedure = at.procedure(sitting)
    return tabling.printed(at, sitting, procedure) if procedure else showing.home(at, sitting)


async def _other(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    return showing.home(at, sitting, FILED) if sitting.dossier else showing.ask(at, sitting)


_OPENERS: dict[str, Callable[[Scene, int | None], Awaitable[Outcome]]] = {
    "sitnew": consent.new,
    "sitagree": consent.agreed,
    "sitopen": _open,
    "handsee": handing.see,
    "handyes": handing.accept,
    "handno": handing.refuse,
}
"""What buttons do that name no case, or one that is not, or not yet, the presser's."""

_ACTS: dict[str, _Act] = {
    "sit": _case,
    "sitskip": consent.skip,
    "sittake": _taken,
    "sitask": _other,
    "sitprint": _print,
    "sitcode": recording.ask,
    "sitkeep": recording.keep,
    "sitqr": recording.again,
    "slip": recording.slip,
    "sitend": closing.ask,
    "sitclose": closing.close,
    "step": walking.show,
    "stepdone": walking.done,
    "stepback": walking.back,
    "stephelp": walking.hitches_of,
    "stepwhy": walking.hitch,
    "steptell": walking.tell,
    "hand": handing.choose,
    "handto": handing.offer,
    "handoff": handing.take_back,
}
"""What buttons do with a case that the presser holds."""
