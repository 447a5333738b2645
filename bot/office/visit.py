"""One request to the office: who makes it, by which route, with which form; and the ways to answer it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.services import Services
from bot.numbers import natural
from bot.office.access import Access
from bot.office.forms import Form
from bot.office.keys import Locksmith
from bot.office.press import Press
from bot.office.sessions import Session
from bot.office.staff import Clerk, Territory
from bot.office.tables import Role
from bot.office.totp import Codes
from bot.office.view import View

HOME = "/canbo"


@dataclass(frozen=True, slots=True)
class Office:
    """What the rooms of the office need of the house.

    ``services`` gives what the assistant answers from at this moment. ``telegram``: links can be sent there.
    """

    engine: AsyncEngine
    services: Callable[[], Services]
    territory: Territory
    view: View
    access: Access
    locksmith: Locksmith
    codes: Codes
    press: Press
    telegram: bool


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked of the office.

    ``role``: the least one that may; None: everybody, also who is not signed in. ``menu``: its name in the menu, for
    a page that stands there. ``notes``: what ``Visit.go`` may have said at the top of the page. ``most_bytes``: how
    large a file may be that is sent with its form.
    """

    method: str
    path: str
    role: Role | None
    handle: Callable[[Visit], Awaitable[web.StreamResponse]]
    menu: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    most_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the menu."""

    label: str
    path: str
    here: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for whoever looks at the first page: ``count`` things, to be seen to at ``path``."""

    label: str
    path: str
    count: int


@dataclass(slots=True)
class Visit:
    """One request; the form of a POST has been checked already.

    ``csrf`` is what the forms of the answer must carry, ``browser`` what names the browser before sign-in, ``address``
    its sealed network address. ``began``: the token of a session that begins with the answer; ``ended``: the session
    ends.
    """

    office: Office
    route: Route
    request: web.Request
    csrf: str
    browser: str
    address: str
    session: Session | None = None
    form: Form = field(default_factory=Form)
    menu: tuple[Route, ...] = ()
    began: str | None = None
    ended: bool = False

    @property
    def clerk(self) -> Clerk:
        """Who is signed in. Only routes with a role have one."""
        if self.session is None:
            raise RuntimeError(f"{self.route.path} is open to everybody: nobody need be signed in")
        return self.session.clerk

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """The provinces and communes that whoever is signed in sees to; None: the whole country."""
        return self.office.territory.within(self.clerk.scope)

    def number(self, name: str) -> int:
        """Return a number of the path; 404 when it is none that a row can have."""
        number = natural(self.request.match_info.get(name, ""))
        if number is None:
            raise web.HTTPNotFound
        return number

    def page(self, template: str, status: int = 200, **values: Any) -> web.Response:
        """Answer with a page; the frame takes its own values from the visit."""
        note = self.route.notes.get(self.request.query.get("note", ""), "")
        told: dict[str, Any] = {"note": note, "wrong": ""} | values
        text = self.office.view.render(
            template,
            me=self.session.clerk if self.session else None,
            menu=self._menu(),
            csrf=self.csrf,
            **told,
        )
        return web.Response(text=text, status=status, content_type="text/html")

    def go(self, path: str, note: str = "") -> web.Response:
        """Answer by sending the browser to another page of ours, which says ``note`` (a key of its route's notes)."""
        return web.Response(status=303, headers={"Location": f"{path}?note={note}" if note else path})

    def _menu(self) -> list[Item]:
        if self.session is None:
            return []
        clerk, here = self.session.clerk, self.request.path.rstrip("/")
        seen = [route for route in self.menu if route.role is not None and clerk.may(route.role)]
        return [Item(route.menu, route.path, _is_under(here, route.path)) for route in seen]


def _is_under(here: str, path: str) -> bool:
    return here == path or (path != HOME and here.startswith(f"{path}/"))
