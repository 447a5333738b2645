"""The ways to hand in a case, in words: how, and where."""

from __future__ import annotations

from bot.dialogue import markup, offices, parts
from bot.dialogue.services import Services
from knowledge.guidance import Guidance, Way
from knowledge.procedure import ChannelKind

WAYS = {
    ChannelKind.IN_PERSON: "trực tiếp",
    ChannelKind.ONLINE: "qua mạng",
    ChannelKind.POST: "qua bưu điện",
}
AT = "tại {place}"
WHERE = "Nộp ở đâu"
ONLINE_AT = "qua mạng tại {portal}"


def by(way: Way, guidance: Guidance) -> str:
    """Return how one hands in: the way, or the place when two places take it that way."""
    same = [other for other in guidance.ways if other.channel.kind is way.channel.kind]
    if len(same) > 1 and way.channel.where:
        return AT.format(place=markup.clip(way.channel.where.partition(",")[0], 70))
    return WAYS[way.channel.kind]


def where(guidance: Guidance, services: Services) -> str:
    """Return where to hand in, each way on a line of its own."""
    lines = list(dict.fromkeys(_place(way, guidance, services) for way in guidance.ways))
    counter = any(way.channel.kind is ChannelKind.IN_PERSON for way in guidance.ways)
    near = offices.near(guidance.procedure, services) if counter else ""
    if len(lines) < 2:
        told = f"{markup.bold(WHERE + ':')} {lines[0]}" if lines else parts.place(guidance.procedure)
    else:
        told = "\n".join([markup.bold(WHERE), *(f"• {markup.capital(line)}" for line in lines)])
    return f"{told}\n{near}" if near else told


def _place(way: Way, guidance: Guidance, services: Services) -> str:
    if way.channel.kind is ChannelKind.ONLINE:
        return ONLINE_AT.format(portal=parts.portal(guidance.procedure, services))
    said = way.channel.where or guidance.procedure.agency or parts.PLACE_UNKNOWN
    return markup.escape(f"{WAYS[way.channel.kind]}: {markup.clip(said, 200)}")
