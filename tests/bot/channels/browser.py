"""A visitor of the page: a cookie jar, and requests as our own page sends them."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout, CookieJar

from tests.bot.channels.house import House
from tests.patience import PATIENCE_SECONDS


class Browser:
    """A visitor: a cookie jar, and requests as our own page sends them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.session = ClientSession(
            house.url, cookie_jar=CookieJar(unsafe=True), timeout=ClientTimeout(PATIENCE_SECONDS)
        )

    async def get(self, path: str, **options: Any) -> tuple[ClientResponse, str]:
        async with self.session.get(path, **options) as response:
            return response, await response.text()

    async def post(self, path: str, **options: Any) -> tuple[ClientResponse, str]:
        headers = {"Origin": self.house.url, **options.pop("headers", {})}
        async with self.session.post(path, headers=headers, allow_redirects=False, **options) as response:
            return response, await response.text()

    async def turn(self, value: str, **more: Any) -> dict[str, Any]:
        response, body = await self.post("/turn", json={"kind": "text", "value": value, **more})
        assert response.status == 200, body
        answer: dict[str, Any] = json.loads(body)
        return answer


def words(entry: dict[str, Any]) -> str:
    return " ".join(run["text"] for block in entry["blocks"] for item in block["items"] for run in item)
