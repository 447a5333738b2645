"""Articles in the conversation: shown for what they are, never in the place of a procedure that is surely meant."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import choice, markup, parts, proposal, welcome, wording
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply
from bot.privacy import mask
from knowledge.articles import Article, Likely
from knowledge.matching import Match, Outcome
from knowledge.procedure import Procedure

KIND = "Bài hướng dẫn, không phải thủ tục."
LABEL = "Bài hướng dẫn: {title}"
OTHERS = "Các bài hướng dẫn khác"
LIST = "Các bài hướng dẫn (không phải thủ tục):"
NONE = "Hiện chưa có bài hướng dẫn nào."
GONE = "Bài hướng dẫn này không còn nữa. Anh/chị xem các bài khác giúp:"
SOURCE = "Nguồn: {name}, đọc ngày {day}; {checked}."
NOTE = "Lưu ý: {note}"
NEWS = "Hôm trước anh/chị hỏi: “{asked}”. Nay tôi đã có bài hướng dẫn:"

LIKELY = 0.4
"""Likeness from which an article is offered beside what was not clear."""

ALONE = 0.85
"""Likeness from which procedures that may be meant are not offered beside an article."""

NAMED = 0.99
"""Likeness of a text that is a phrase of an article."""

_BULLET = re.compile(r"^[-*•] +")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\((https?://[^\s()<>*\"]{1,500})\)")
_BOLD = re.compile(r"\*\*([^\s*](?:[^*]*[^\s*])?)\*\*")
_ITALIC = re.compile(r"(?<!\*)\*([^\s*](?:[^*]*[^\s*])?)\*(?!\*)")


def html(body: str) -> str:
    """Return small Markdown as the small HTML of messages; whatever else it holds stays as it was typed."""
    lines = [_line(line) for line in body.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _line(line: str) -> str:
    """Turn one line; it is escaped first, so that every tag in it is ours."""
    bullet = "• " if _BULLET.match(line.lstrip()) else ""
    said = _LINK.sub(r'<a href="\2">\1</a>', markup.escape(_BULLET.sub("", line.lstrip())))
    return bullet + _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", said))


def message(article: Article, services: Services) -> Message:
    """Compose one article."""
    source = article.source
    checked = parts.VERIFIED if source.verified else parts.UNVERIFIED
    lines = [
        markup.italic(SOURCE.format(name=source.name, day=wording.day(source.read_on), checked=checked.rstrip(".")))
    ]
    if source.note:
        lines.append(markup.italic(NOTE.format(note=source.note)))
    head = f"{markup.bold(article.title)}\n{markup.italic(KIND)}"
    rows = [_to(each) for each in proposal.known(article.procedures, services) if each.abolished_on is None]
    rows.append((Button(OTHERS, Action(Verb.ARTICLES).payload()),))
    return Message("\n\n".join((head, html(article.body), "\n".join(lines))), tuple(rows))


def _to(procedure: Procedure) -> tuple[Button, ...]:
    label = markup.clip(choice.everyday(procedure), choice.LABEL)
    return (Button(label, Action(Verb.SHOW, procedure.code).payload()),)


def meant(likely: Likely | None, match: Match) -> bool:
    """Say whether a question is about an article, and surely about no procedure."""
    return likely is not None and likely.sure and match.outcome is not Outcome.ANSWER


def named(said: str, services: Services) -> bool:
    """Say whether a text is a phrase of an article and nothing else, though its words may be small talk too."""
    likely = services.articles.read(said)
    return likely is not None and likely.likeness >= NAMED


def show(article: Article, session: Session, services: Services, said: str | None = None) -> tuple[Reply, Session]:
    """Show an article; what was on the screen before is over, unless the article leads to no procedure of its own."""
    update = {
        "focus": None if article.procedures else session.focus,
        "asked": mask(said)[:2000] if said else None, "offered": (), "called": (), "choosing": False,
        "wanted": (), "rejected": (), "misses": 0, "absent": None, "event": None,
    }  # fmt: skip
    return Reply((message(article, services),)), session.model_copy(update=update)


def answer(likely: Likely, said: str, match: Match, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer by an article, with the procedures below it that may be meant all the same."""
    reply, session = show(likely.article, session, services, said)
    choices = proposal.found(match, services)
    if not choices or likely.likeness >= ALONE:
        return reply, session
    lead, names = proposal.lead(choices, match, services), proposal.names(choices, match)
    offered, session = proposal.offer(choices, lead, session, names)
    return Reply((*reply.messages, *offered.messages), effects=offered.effects), session


def beside(reply: Reply, likely: Likely | None, match: Match) -> Reply:
    """Add a button that opens an article which may help, under an answer that is not one."""
    least = LIKELY if match.outcome is not Outcome.ANSWER else 1.0
    if likely is None or not reply.messages or not (likely.sure or likely.likeness >= least):
        return reply
    *before, last = reply.messages
    return replace(reply, messages=(*before, replace(last, buttons=(*last.buttons, _open(likely.article)))))


def _open(article: Article) -> tuple[Button, ...]:
    label = markup.clip(LABEL.format(title=article.title), choice.LABEL + 16)
    return (Button(label, Action(Verb.ARTICLE, detail=article.id).payload()),)


def listed(services: Services, lead: str = LIST) -> Message:
    """Compose the list of all articles."""
    rows = tuple(
        (Button(markup.clip(each.title, choice.LABEL + 16), Action(Verb.ARTICLE, detail=each.id).payload()),)
        for each in services.articles
    )
    return Message(lead if rows else NONE, rows or ((welcome.browse_button(),),))


def act(action: Action, session: Session, services: Services) -> tuple[Reply, Session]:
    """Do what the buttons ask: open one article, or list them."""
    if action.verb is Verb.ARTICLES:
        return Reply((listed(services),)), session
    found = services.articles.get(action.detail)
    if found is None:
        return Reply((listed(services, GONE),)), session
    return show(found, session, services)


def news(asked: str, name: str, services: Services) -> Message | None:
    """Return what to say to whoever wanted to be told; None while there is no such article."""
    found = services.articles.get(name)
    if found is None:
        return None
    told = message(found, services)
    return replace(told, body=f"{markup.escape(NEWS.format(asked=markup.clip(asked, 120)))}\n\n{told.body}")
