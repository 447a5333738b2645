"""What a conversation may ask of the rest of the house: knowledge to answer from, and addresses to name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from bot.dialogue.banner import Banner
from bot.dossiers.dates import Quiet
from bot.forms import Forms
from knowledge.articles import Articles
from knowledge.calendar import Calendar, now
from knowledge.catalogue import Catalogue
from knowledge.changes import Changes
from knowledge.events import Events
from knowledge.matching import Match
from knowledge.occasion import Occasions
from knowledge.offices import Directory
from knowledge.places import Commune, Finder, Gazetteer


class Matching(Protocol):
    """Anything that says which procedure a question means; ``knowledge.matching.Matcher`` is one."""

    def match(self, question: str, rejected: tuple[str, ...] = ()) -> Match:
        """Say which procedure ``question`` means; never one of the codes in ``rejected``."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A matcher for all places, used where the procedures ``hidden`` are not known."""

    matcher: Matching
    hidden: frozenset[str]

    def match(self, question: str, rejected: tuple[str, ...] = ()) -> Match:
        """Say which procedure ``question`` means, among those known here."""
        match = self.matcher.match(question, rejected)
        named = {*match.choices, *(each.code for each in match.candidates), *(match.elsewhere or ())[:1]}
        return self.matcher.match(question, (*rejected, *self.hidden)) if named & self.hidden else match


@dataclass(frozen=True, slots=True)
class Services:
    """Handed to every flow.

    ``page_url`` is our own page's address, ``bot_username`` the Telegram name without @. ``clock`` tells the local time
    of Vietnam; ``provinces`` names the provinces by code. ``look_ups``: dossiers can be asked for by code, and
    ``watched`` says whether a portal is asked for that one; in the hours of ``quiet`` nobody is written to.
    ``occasions`` reads life events out of questions, ``changes`` what is outdated in them. ``places``
    finds communes, ``offices`` are where to hand in; ``articles`` stand beside the procedures; ``home`` is the commune
    of the person whose turn it is. ``banners`` are notices of now and later; ``office``: staff may write to us.
    ``rehearsal`` are codes of made-up dossiers to practise with, in a demonstration.
    """

    catalogue: Catalogue
    matcher: Matching
    portal_url: str
    page_url: str = ""
    bot_username: str = ""
    calendar: Calendar = field(default_factory=Calendar)
    clock: Callable[[], datetime] = now
    provinces: Mapping[str, str] = field(default_factory=dict)
    forms: Forms = field(default_factory=Forms)
    look_ups: bool = False
    watched: Callable[[str], bool] = lambda _code: False
    quiet: Quiet = field(default_factory=Quiet)
    occasions: Occasions = field(default_factory=lambda: Occasions(Events()))
    changes: Changes = field(default_factory=Changes)
    places: Finder = field(default_factory=lambda: Finder(Gazetteer()))
    offices: Directory = field(default_factory=Directory)
    articles: Articles = field(default_factory=Articles)
    banners: tuple[Banner, ...] = ()
    office: bool = False
    home: Commune | None = None
    rehearsal: tuple[str, ...] = ()

    def at(self, commune: str | None) -> Services:
        """Return the services for a person of that commune (its code): the procedures as they hold there."""
        home = self.places.get(commune)
        catalogue = self.catalogue.for_place(home)
        hidden = self.catalogue.elsewhere(catalogue)
        matcher = Placed(self.matcher, hidden) if hidden else self.matcher
        articles = self.articles.at(home.province.code, home.code) if home else self.articles
        return replace(self, home=home, catalogue=catalogue, matcher=matcher, articles=articles)

    @property
    def events(self) -> Events:
        """The life events we know."""
        return self.occasions.events
