from __future__ import annotations

import re
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from aiohttp import FormData, web
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.web_guard import HEADERS, Refusal
from bot.office import csrf
from bot.office.accounts import Draft
from bot.office.signing import wanted
from bot.office.tables import Role
from bot.office.visit import HOME, Route, Visit
from tests.bot.office.desk import Desk, at_work, head, open_desk, visitor

MEGABYTE = 1024 * 1024


async def echo(visit: Visit) -> web.StreamResponse:
    """Say what came with the form."""
    sent = visit.form.files.get("file")
    told = f"{sent.name}|{sent.size}|{sent.body.read(4)!r}" if sent else "no file"
    return web.Response(text=f"{visit.form.raw('words')}|{told}")


async def fault(_visit: Visit) -> web.StreamResponse:
    raise ValueError("secret words of somebody")


async def refuse(_visit: Visit) -> web.StreamResponse:
    raise Refusal(409, "Có người vừa sửa.")


EXTRA = (
    Route("POST", "/canbo/thu", Role.EDITOR, echo, most_bytes=2 * MEGABYTE),
    Route("POST", "/canbo/thu-chu", Role.EDITOR, echo),
    Route("GET", "/canbo/thu-loi", Role.EDITOR, fault),
    Route("GET", "/canbo/thu-tu-choi", Role.EDITOR, refuse),
)


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    async with open_desk(engine, *EXTRA) as opened:
        yield opened


async def test_office_is_not_there_before_an_administrator_is(engine: AsyncEngine) -> None:
    async with open_desk(engine) as desk:
        await desk.hire(Draft("Người xem", Role.VIEWER))
        async with visitor(desk) as browser:
            for path in ("/canbo", "/canbo/vao", "/canbo/xyz"):
                status, words = await browser.get(path)
                assert status == 404
                assert "python -m bot staff add" in words
                assert "staff add" not in (await browser.get(path, Host="mot.cua"))[1]
            await desk.hire(head())
            assert (await browser.get("/canbo/vao"))[0] == 200


async def test_every_answer_carries_the_headers(desk: Desk) -> None:
    async with at_work(desk, head()) as browser:
        paths = ("/canbo", "/canbo/xyz", "/canbo/vao", "/canbo/thu-loi", "/canbo/thu-tu-choi", "/canbo/assets/x")
        for path in paths:
            async with browser.http.get(desk.url + path, allow_redirects=False) as answer:
                assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
                assert answer.headers["Cache-Control"] == "no-store"
                scripts = re.findall(r"<script[^>]*>|\son\w+=", await answer.text())
                assert all(' src="/canbo/assets/' in each for each in scripts)


async def test_fault_of_ours_tells_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    async with at_work(desk, head()) as browser:
        status, words = await browser.get("/canbo/thu-loi")
        assert status == 500
        assert "secret" not in words + caplog.text


async def test_an_address_that_is_no_text_is_no_page(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    async with at_work(desk, head()) as browser:
        for path in ("/canbo/thu-tuc/%00", "/canbo/nhap-xuat/lo/%00", "/canbo/cau-hoi/%00"):
            assert (await browser.get(path))[0] == 404, path
    assert caplog.records == []


async def test_refusal_is_said_on_a_page(desk: Desk) -> None:
    async with at_work(desk, head()) as browser:
        status, page = await browser.get("/canbo/thu-tu-choi")
        assert (status, "Có người vừa sửa." in page, "<nav" in page) == (409, True, True)


async def test_link_from_elsewhere_asks_once_more_from_here(desk: Desk) -> None:
    """A strict cookie does not come along when somebody follows a link out of Telegram."""
    await desk.hire(head())
    async with visitor(desk) as browser:
        status, page = await browser.get('/canbo/nhat-ky?tim="><b>', **{"Sec-Fetch-Site": "cross-site"})
        assert status == 200
        assert 'http-equiv="refresh"' in page
        assert "<b>" not in page
        assert (await browser.get("/canbo/nhat-ky", **{"Sec-Fetch-Site": "none"}))[0] == 303


async def test_token_of_one_session_is_no_good_for_another(desk: Desk) -> None:
    _, one = await desk.hire(head())
    _, two = await desk.hire(head("khac"))
    async with visitor(desk, one) as first, visitor(desk, two) as second:
        theirs = await first.token("/canbo")
        assert (await second.send("/canbo/ra-het", {"csrf": theirs}))[0] == 403
        assert (await first.get("/canbo"))[0] == 200


async def test_files_only_where_they_are_wanted_and_never_too_large(desk: Desk) -> None:
    async with at_work(desk, head()) as browser:
        mine = await browser.token("/canbo")

        def form(size: int, name: str = "bảng.xlsx", words: str = "Chào\x00") -> FormData:
            made = FormData({"csrf": mine, "words": words}, quote_fields=False)
            made.add_field("file", BytesIO(b"PK34" + b"x" * (size - 4)), filename=name)
            return made

        assert await browser.send("/canbo/thu", form(MEGABYTE)) == (200, f"Chào |bảng.xlsx|{MEGABYTE}|b'PK34'")
        status, page = await browser.send("/canbo/thu", form(2 * MEGABYTE + 1))
        assert (status, "2 MB" in page) == (413, True)
        assert (await browser.send("/canbo/thu", form(5 * MEGABYTE)))[0] == 413
        assert (await browser.send("/canbo/thu-chu", form(10)))[0] == 415
        assert (await browser.send("/canbo/thu", form(10, words="x" * 70_000)))[0] == 413
        status, told = await browser.send("/canbo/thu", form(10, "../../etc/passwd"))
        assert (status, told.split("|")[1]) == (200, "../../etc/passwd")  # a word to show, never a path of ours


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"csrf=" + b"x" * (MEGABYTE + 1), "application/x-www-form-urlencoded", 413),
        (b"&".join([b"a=1"] * 5000), "application/x-www-form-urlencoded", 400),
        (b"words=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"", "text/plain", 415),
        (b"nonsense", "multipart/form-data; boundary=abc", 400),
        (b"", "multipart/form-data", 400),
    ],
)
async def test_forms_that_are_none(desk: Desk, body: bytes, kind: str, status: int) -> None:
    async with at_work(desk, head()) as browser:
        headers = {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
        async with browser.http.post(desk.url + "/canbo/thu", data=BytesIO(body), headers=headers) as answer:
            assert answer.status == status


async def test_menu_shows_what_one_may_and_where_one_is(desk: Desk) -> None:
    _, token = await desk.hire(head())
    _, viewers = await desk.hire(Draft("Người xem", Role.VIEWER))
    async with visitor(desk, token) as nga, visitor(desk, viewers) as viewer:
        _, page = await nga.get("/canbo/tai-khoan/1")
        assert '<a href="/canbo/tai-khoan" aria-current="page">' in page
        assert page.count('aria-current="page"') == 1
        _, page = await viewer.get("/canbo")
        assert "/canbo/tai-khoan" not in page
        assert "/canbo/nhat-ky" not in page


@pytest.mark.parametrize(
    "path",
    [
        "", "https://evil.example", "//evil.example", "/canbo/../..//evil", "/canbo\\evil", "/canbo/vao?toi=/canbo/vao",
        "/canboo", "/canbo/\r\nX: y", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_sign_in_leads_nowhere_else(path: str) -> None:
    assert wanted(path) == HOME or path.startswith("/canbo/../")


def test_sign_in_leads_back() -> None:
    assert wanted("/canbo/nhat-ky?tim=a&tu=2026-01-01") == "/canbo/nhat-ky?tim=a&tu=2026-01-01"


@given(st.text())
def test_whatever_is_asked_for_after_sign_in_stays_in_the_office(path: str) -> None:
    assert wanted(path) == HOME or wanted(path).startswith(HOME + "/")


@given(st.text(max_size=80))
def test_tokens_nobody_gave(value: str) -> None:
    assert not csrf.same(csrf.before_sign_in(b"secret", "browser"), value)
    assert csrf.same(csrf.before_sign_in(b"secret", value), csrf.before_sign_in(b"secret", value)) or "\ud800" in value
