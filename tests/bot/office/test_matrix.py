"""Who may do what: every route of the office, asked for by every role and by nobody, and with forms nobody of us wrote.

The walk is over the table itself: a route that somebody adds is walked too.
"""

from __future__ import annotations

import re

import pytest

from bot.office import routes
from bot.office.accounts import Draft
from bot.office.tables import Role
from bot.office.visit import Route
from tests.bot.office.desk import Desk, Visitor, at_work, visitor

OPEN = {
    ("GET", "/canbo/vao"),
    ("POST", "/canbo/vao"),
    ("POST", "/canbo/xin-vao"),
    ("GET", "/canbo/vao/{token}"),
    ("POST", "/canbo/vao/{token}"),
    ("GET", "/canbo/assets/{name}"),
}
"""What is open to everybody. Whoever adds a route here must say in review why it needs no role."""

TABLE = routes.table()
GUARDED = [route for route in TABLE if route.role is not None]
ROLES = list(Role)


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def filled(route: Route) -> str:
    """Return a path of the route, with numbers and names that exist nowhere in its holes."""
    return re.sub(r"\{(\w+)(:[^}]*)?\}", lambda hole: "khong-co" if hole.group(1) == "lost" else "999", route.path)


def test_only_the_listed_routes_are_open_to_everybody() -> None:
    assert {(route.method, route.path) for route in TABLE if route.role is None} == OPEN


def test_routes_are_of_the_office_and_each_stands_once() -> None:
    assert all(route.path == "/canbo" or route.path.startswith("/canbo/") for route in TABLE)
    assert all(route.method in ("GET", "POST") for route in TABLE)
    assert len({(route.method, route.path) for route in TABLE}) == len(TABLE)


def test_menu_holds_pages_without_holes() -> None:
    assert all(route.method == "GET" and "{" not in route.path and route.role for route in TABLE if route.menu)


async def test_nobody_gets_past_the_door_without_signing_in(desk: Desk) -> None:
    async with visitor(desk) as nobody:
        token = await nobody.token("/canbo/vao")
        for route in GUARDED:
            if route.method == "GET":
                status, place = await nobody.get(filled(route))
                assert (status, place.split("?")[0]) == (303, "/canbo/vao"), name(route)
            else:
                assert (await nobody.send(filled(route), {"csrf": token}))[0] == 403, name(route)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_reaches_what_it_may_and_nothing_else(desk: Desk, role: Role) -> None:
    for route in GUARDED:
        assert route.role
        clerk, token = await desk.hire(Draft("Người thử", role))
        async with visitor(desk, token) as somebody:
            token = await somebody.token("/canbo/toi")
            path = filled(route)
            status, _ = await (
                somebody.get(path) if route.method == "GET" else somebody.send(path, {"csrf": token})
            )  # fmt: skip
            refused = status in (401, 403)
            assert refused is not clerk.may(route.role), f"{role} at {name(route)}: {status}"
            assert status < 500


async def test_no_form_is_taken_without_our_token_or_from_elsewhere(desk: Desk) -> None:
    async with at_work(desk, Draft("Người thử", Role.ADMINISTRATOR)) as clerk, visitor(desk) as nobody:
        before = await desk.run("SELECT count(*) FROM audit")
        for route in TABLE:
            if route.method == "POST":
                await refused(route, clerk if route.role else nobody)
        assert await desk.run("SELECT count(*) FROM audit") == before


async def refused(route: Route, somebody: Visitor) -> None:
    """Check that a route refuses whatever form our own page did not write."""
    mine = await somebody.token("/canbo/toi" if route.role else "/canbo/vao")
    for fields, headers in (
        ({}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": "x" * 43}, {}),
        ({"csrf": mine}, {"Sec-Fetch-Site": "cross-site"}),
        ({"csrf": mine}, {"Sec-Fetch-Site": "same-site"}),
    ):
        status, _ = await somebody.send(filled(route), fields, **headers)
        assert status == 403, f"{name(route)}: {status}"


def test_roles_are_ranked() -> None:
    assert ROLES == [Role.VIEWER, Role.EDITOR, Role.PUBLISHER, Role.ADMINISTRATOR]
