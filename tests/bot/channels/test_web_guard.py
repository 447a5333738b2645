from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.channels.web_guard import Cookie, Limiter, is_ours, visitor


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://bot.vn"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://bot.vn"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "http://bot.vn"}, True),
        ({"Origin": "https://bot.vn"}, True),
        ({"Origin": "https://hoi.example"}, True),
        ({"Origin": "http://evil.vn"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_only_our_own_page_may_change_something(headers: dict[str, str], ours: bool) -> None:
    request = make_mocked_request("POST", "/turn", headers={"Host": "bot.vn", **headers})
    assert is_ours(request, "https://hoi.example/x") is ours


@pytest.mark.parametrize(
    ("cookie", "address"),
    [("0123456789abcdef" * 2, "0123456789abcdef" * 2), ("zz", None), ("0" * 31, None), ("0" * 33, None), ("", None)],
)
def test_only_an_address_of_ours_is_read(cookie: str, address: str | None) -> None:
    request = make_mocked_request("GET", "/", headers={"Cookie": f"mot_cua={cookie}"})
    assert Cookie(secure=False, days=1).read(request) == address


def test_secure_cookie_has_a_name_that_only_https_may_set() -> None:
    address = Cookie.new()
    request = make_mocked_request("GET", "/", headers={"Cookie": f"mot_cua={address}"})
    assert Cookie(secure=True, days=1).read(request) is None
    request = make_mocked_request("GET", "/", headers={"Cookie": f"__Host-mot_cua={address}"})
    assert Cookie(secure=True, days=1).read(request) == address


def test_visitor_is_told_by_the_nearest_proxy_only() -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": "6.6.6.6, 10.0.0.7"})
    assert visitor(request, behind_proxy=True) == "10.0.0.7"
    assert visitor(request, behind_proxy=False) != "10.0.0.7"


def test_limiter_allows_a_burst_then_asks_to_wait_just_long_enough() -> None:
    now = [0.0]
    limiter = Limiter(6, lambda: now[0])
    assert [limiter.wait("a") for _ in range(6)] == [0] * 6
    assert limiter.wait("a") == 10
    assert limiter.wait("b") == 0
    now[0] = 9.0
    assert limiter.wait("a") == 1
    now[0] = 10.0
    assert limiter.wait("a") == 0
    assert limiter.wait("a") == 10


def test_limiter_forgets_who_has_been_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.web_guard._MOST_KEYS", 3)
    now = [0.0]
    limiter = Limiter(60, lambda: now[0])
    for key in "abc":
        limiter.wait(key)
    now[0] = 61.0
    limiter.wait("d")
    assert set(limiter._levels) == {"d"}
