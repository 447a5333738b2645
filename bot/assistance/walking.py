"""Filing online on the screen: one step at a time, done, back, or stuck."""

from __future__ import annotations

from bot.assistance import filing, hitches, members, post, showing
from bot.assistance import scene as words
from bot.assistance import sitting as sittings
from bot.assistance.filing import STEPS, Filing, Step
from bot.assistance.hitches import HITCHES, Hitch
from bot.assistance.pressing import button
from bot.assistance.scene import Row, Scene
from bot.assistance.sitting import Sitting
from bot.dialogue import markup
from bot.dialogue.action import Action, Verb
from bot.dialogue.turn import Button, Message
from bot.moment import Outcome

SCREEN = "<b>Bước {number}/{all}. {title}</b>\n<i>{name}: {procedure}</i>\n\n{said}"
DONE, STUCK, BACK = "Xong", "Bị vướng", "← Quay lại"
LATER = "Chưa có mã, ghi sau"
TO_PORTAL = "Mở cổng dịch vụ công"
HERE = "Mình đang ở bước này."
WHAT = "Vướng gì ở bước “{title}”?"
GO_ON = "Làm tiếp bước này"
MORE = "Xem thêm: {title}"
HAND = "Chuyển đồng đội"
TELL = "Báo đội trưởng"
TOLD = "Đã báo đội trưởng ({names}). Hồ sơ vẫn ở chỗ anh/chị, đang ở bước này."
NO_LEADER = "Đội chưa có đội trưởng nào khác đang hoạt động. Anh/chị chuyển hồ sơ cho đồng đội, hoặc gọi 18001096."
CALL = (
    "Anh/chị <b>{name}</b> đang giúp người dân làm “{procedure}” thì vướng ở bước “{step}”: {cause}. Anh/chị liên hệ "
    "giúp bạn ấy nhé."
)
IN_PERSON = "Đi nộp trực tiếp"


async def show(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """Show the step that is to be taken now."""
    return await _screen(at, sitting)


async def done(at: Scene, sitting: Sitting, said: tuple[str, ...]) -> Outcome:
    """Go on to the next step; a button of a step that is behind changes nothing."""
    of = _filing(at, sitting)
    if of is None:
        return await _screen(at, sitting)
    _, here = filing.at(of, sitting.step)
    if here.name != said[-1] or here is STEPS[-1]:
        return await _screen(at, sitting, HERE)
    values = {"step": filing.after(here), "stuck": None, "online": True}
    return await _screen(at, await sittings.change(at.moment.connection, sitting, **values))


async def back(at: Scene, sitting: Sitting, said: tuple[str, ...]) -> Outcome:
    """Go back to the step before."""
    of = _filing(at, sitting)
    if of is None:
        return await _screen(at, sitting)
    _, here = filing.at(of, sitting.step)
    if here.name != said[-1]:
        return await _screen(at, sitting, HERE)
    values = {"step": filing.before(of, here), "stuck": None}
    return await _screen(at, await sittings.change(at.moment.connection, sitting, **values))


async def hitches_of(at: Scene, sitting: Sitting, said: tuple[str, ...]) -> Outcome:
    """Ask what stops them; the case stays where it is."""
    step = next((each for each in STEPS if each.name == said[-1]), None)
    if step is None:
        return await _screen(at, sitting)
    causes = [button(each.label, "stepwhy", sitting.id, f"{step.name}.{each.name}") for each in HITCHES[step.name]]
    rows = (*((each,) for each in causes), (button(GO_ON, "step", sitting.id),))
    return at.say(Message(WHAT.format(title=step.title), rows), sitting=sitting)


async def hitch(at: Scene, sitting: Sitting, said: tuple[str, ...]) -> Outcome:
    """Say what helps, and note what stopped them."""
    step, found = _cause(said[-1])
    if step is None or found is None:
        return await _screen(at, sitting)
    sitting = await sittings.change(at.moment.connection, sitting, stuck=f"{step.name}.{found.name}")
    article = at.services.articles.get(found.article) if found.article else None
    rows: list[Row] = []
    if article:
        label = markup.clip(MORE.format(title=article.title), 50)
        rows.append((Button(label, Action(Verb.ARTICLE, detail=article.id).payload()),))
    rows.append((button(GO_ON, "step", sitting.id),))
    rows.append((button(TELL, "steptell", sitting.id), button(HAND, "hand", sitting.id)))
    rows.append(words.back(sitting))
    return at.say(Message(f"{markup.bold(found.label)}\n{markup.escape(found.help)}", tuple(rows)), sitting=sitting)


async def tell(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """Tell the team's leaders what stops them; nothing of the resident is told."""
    connection, (step, found) = at.moment.connection, _cause(sitting.stuck or "")
    if step is None or found is None:
        return await _screen(at, sitting)
    team = await members.of_team(connection, at.helper.team)
    leaders = [each for each in team if each.leader and members.within_reach(each, at.helper)]
    said = CALL.format(
        name=markup.escape(at.helper.name),
        procedure=markup.escape(words.title(sitting, at.services)),
        step=step.title,
        cause=markup.lower_first(found.label),
    )
    for each in leaders:
        await post.send(connection, each.chat or 0, Message(said))
    await sittings.change(connection, sitting, stuck=None)
    names = ", ".join(markup.escape(each.name) for each in leaders)
    return await _screen(at, sitting, TOLD.format(names=names) if leaders else NO_LEADER)


def _cause(said: str) -> tuple[Step | None, Hitch | None]:
    name, _, cause = said.partition(".")
    return next((each for each in STEPS if each.name == name), None), hitches.find(name, cause)


def _filing(at: Scene, sitting: Sitting) -> Filing | None:
    procedure = at.procedure(sitting)
    return filing.filing(procedure, sitting.prepared, at.services) if procedure else None


async def _screen(at: Scene, sitting: Sitting, note: str = "") -> Outcome:
    procedure, of = at.procedure(sitting), _filing(at, sitting)
    if procedure is None or sitting.dossier:
        return showing.home(at, sitting)
    if of is None:
        ways = ((button(IN_PERSON, "sitclose", sitting.id, "in_person"),), words.back(sitting))
        said = filing.elsewhere(procedure, sitting.prepared, at.services)
        return at.say(Message(said, ways), sitting=sitting)
    number, step = filing.at(of, sitting.step)
    body = SCREEN.format(
        number=number,
        all=len(of.steps),
        title=step.title,
        name=markup.escape(words.name(sitting)),
        procedure=markup.escape(markup.title(procedure, 90)),
        said=step.said(of),
    )
    body = f"{markup.italic(note)}\n\n{body}" if note else body
    last = step is STEPS[-1]
    return at.say(
        Message(body, _rows(at, sitting, step, number)), sitting=sitting, awaiting="sitting:code" if last else None
    )


def _rows(at: Scene, sitting: Sitting, step: Step, number: int) -> tuple[Row, ...]:
    last, first = step is STEPS[-1], step is STEPS[0]
    on = button(LATER, "sitopen", sitting.id) if last else button(DONE, "stepdone", sitting.id, step.name)
    rows: list[Row] = [(Button(TO_PORTAL, url=at.services.portal_url),)] if first else []
    rows.append((on, button(STUCK, "stephelp", sitting.id, step.name)))
    behind = (button(BACK, "stepback", sitting.id, step.name),) if number > 1 else ()
    rows.append((*behind, *words.back(sitting)))
    return tuple(rows)
