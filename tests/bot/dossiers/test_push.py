from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from jsonschema import Draft202012Validator
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dossiers import pushed
from bot.dossiers.openapi import MOST_ROWS, PATH, description
from bot.dossiers.push import MOST_BYTES, Push
from bot.dossiers.register import Register
from bot.dossiers.report import VIETNAM
from bot.dossiers.status import Status
from tests.bot.dossiers.desk import CODE, NOON, OTHER, SEALS

TOKEN = "a token of at least twenty-four characters"


def dossier(code: str = CODE, hours: float = 0, **more: Any) -> dict[str, Any]:
    at = (NOON - timedelta(hours=24 - hours)).isoformat()
    return {"code": code, "status": 4, "updated_at": at, **more}


WHOLE = dossier(
    status=5,
    status_text="Chờ bổ sung",
    procedure_code="1.001193",
    procedure_name="Đăng ký khai sinh",
    received="2026-11-02T08:00:00+07:00",
    due="2026-11-27T10:00:00Z",
    agency="UBND phường A",
    missing=["Giấy chứng sinh"],
    money=[{"what": "Lệ phí", "amount": 50000, "paid": False}],
    steps=[{"what": "Tiếp nhận", "at": "2026-11-02T08:00:00+07:00", "unit": "Một cửa"}],
    note="",
    online=True,
    identity_last4="1234",
    phone_last4="5678",
)


@dataclass
class Door:
    """The endpoint served for real; every request and answer is held to what the description says."""

    client: ClientSession
    url: str
    schema: dict[str, Any]

    async def push(self, *dossiers: Any, status: int = 200, key: str = "") -> dict[str, Any]:
        body = {"dossiers": list(dossiers)}
        headers = {"Idempotency-Key": key} if key else {}
        async with self.client.post(f"{self.url}{PATH}", json=body, headers=headers) as response:
            assert response.status == status
            answer = await response.json()
        operation = self.schema["paths"][PATH]["post"]
        self.check(operation["responses"][str(status)], answer)
        if status == 200 and not answer["errors"]:
            self.check(operation["requestBody"], body)
        return dict(answer)

    def check(self, part: dict[str, Any], value: Any) -> None:
        schema = part["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": self.schema["components"]}).validate(value)

    def fits(self, value: Any) -> bool:
        schema = self.schema["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": self.schema["components"]}
        return bool(Draft202012Validator(whole).is_valid({"dossiers": [value]}))


@asynccontextmanager
async def opened(engine: AsyncEngine) -> AsyncIterator[Door]:
    application = web.Application()
    application.add_routes(Push(Register(engine, SEALS), TOKEN, lambda: NOON).routes())
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        async with client.get(f"{url}/api/openapi.json") as response:
            schema = await response.json()
        yield Door(client, url, schema)
    await runner.cleanup()


async def test_pushed_dossiers_are_in_the_register(engine: AsyncEngine) -> None:
    async with opened(engine) as door:
        answer = await door.push(WHOLE, dossier(OTHER.lower().replace("-", " - ")))
    assert answer == {"received": 2, "new": 2, "changed": 0, "same": 0, "older": 0, "refused": 0, "errors": []}
    found = await Register(engine, SEALS).look_up(CODE)
    assert found
    assert (found.status, found.missing, found.money[0].amount) == (Status.SUPPLEMENT, ("Giấy chứng sinh",), 50000)
    assert found.due
    assert found.due.astimezone(VIETNAM).hour == 17
    assert found.online is True
    assert SEALS.fits(SEALS.proof(CODE, "5678"), CODE, found)
    assert SEALS.fits(SEALS.proof(CODE, "1234"), CODE, found)
    assert not SEALS.fits(SEALS.proof(CODE, "0000"), CODE, found)
    async with engine.connect() as connection:
        kept = str((await connection.execute(text("SELECT report::text FROM dossier"))).scalars().all())
    assert '"5678"' not in kept
    assert await Register(engine, SEALS).look_up(OTHER)


async def test_older_never_replaces_newer(engine: AsyncEngine) -> None:
    async with opened(engine) as door:
        await door.push(dossier(hours=5))
        assert (await door.push(dossier(hours=4, status=10)))["older"] == 1
        assert (await door.push(dossier(hours=5)))["same"] == 1
        assert (await door.push(dossier(hours=6, status=9), dossier(hours=7, status=10)))["changed"] == 2
        assert (await door.push(dossier(hours=9, status=3), dossier(hours=8)))["older"] == 1
    found = await Register(engine, SEALS).look_up(CODE)
    assert found
    assert found.status is Status.REFUSED


async def test_sound_rows_are_stored_beside_unsound_ones(engine: AsyncEngine) -> None:
    wrong = [
        dossier("nonsense"),
        dossier(status=11),
        dossier(updated_at="2026-11-22T10:00:00"),
        dossier(updated_at="2099-01-01T00:00:00Z"),
        dossier(owner="Nguyễn Văn An"),
        dossier(identity_last4="001090123456"),
        dossier(missing=["x"] * 51),
        dossier(money=[{"what": "a", "amount": -1}]),
        {"code": CODE},
        "no object",
        None,
        7,
    ]
    async with opened(engine) as door:
        answer = await door.push(*wrong, dossier(OTHER))
        assert (answer["new"], answer["refused"]) == (1, len(wrong))
        assert [each["row"] for each in answer["errors"]] == list(range(len(wrong)))
        assert "001090123456" not in str(answer)
        assert "Nguyễn" not in str(answer)
        by_rule = (wrong[0], wrong[2], wrong[3])  # the description cannot say when a code or a time makes sense
        assert [each for each in wrong if door.fits(each)] == [each for each in wrong if each in by_rule]


@pytest.mark.parametrize(
    "poison",
    [
        {"due": "9999-12-31T23:59:59+00:00"},
        {"updated_at": "0001-01-01T00:00:00+14:00"},
        {"steps": [{"what": "x", "at": "0001-01-01T00:00:00+14:00"}]},
        {"status": True},
        {"procedure_code": "１.００１１９３"},
    ],
)
def test_one_impossible_row_does_not_hold_up_its_batch(poison: dict[str, Any]) -> None:
    found = pushed.row(dossier(**poison), NOON)
    assert isinstance(found, list)
    assert found[0]["field"].partition(".")[0] == next(iter(poison))


async def test_a_field_of_any_name_does_not_hold_up_its_batch(engine: AsyncEngine) -> None:
    """PostgreSQL keeps the answer, and takes no NUL in it."""
    async with opened(engine) as door:
        unsound = (dossier(CODE, **{"a\0b": 1}), dossier(CODE, **{"x" * 5000: 1}), dossier(CODE, **{"\ud800": 1}))
        answer = await door.push(dossier(OTHER), *unsound, key="batch 7")
        assert (answer["new"], answer["refused"]) == (1, 3)
        assert answer["errors"][0]["problems"][0]["field"] == "a b"
        assert len(answer["errors"][1]["problems"][0]["field"]) <= 200
        assert await door.push(dossier(OTHER), *unsound, key="batch 7") == answer


async def test_a_key_gets_the_first_answer_again_and_stores_nothing(engine: AsyncEngine) -> None:
    async with opened(engine) as door:
        first = await door.push(dossier(), key="a")
        await door.push(dossier(hours=1, status=10))
        assert await door.push(dossier(), key="a") == first
        await door.push(dossier(OTHER), status=422, key="a")
        await door.push(dossier(), status=400, key="x" * 201)
    assert await Register(engine, SEALS).look_up(OTHER) is None


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (401, {"headers": {"Authorization": "Bearer wrong"}}),
        (401, {"headers": {"Authorization": f"Basic {TOKEN}"}}),
        (415, {"headers": {"Content-Type": "text/plain"}}),
        (400, {"data": b"{"}),
        (400, {"data": b"[" * 100_000}),
        (400, {"data": b'{"dossiers": []}'}),
        (400, {"data": b'{"dossiers": {}}'}),
        (400, {"data": b"[]"}),
        (400, {"data": b'{"dossiers": [' + b"1," * MOST_ROWS + b"1]}"}),
        (413, {"data": io.BytesIO(b" " * (MOST_BYTES + 1))}),
    ],
)
async def test_what_is_no_batch_is_refused_in_words(engine: AsyncEngine, status: int, changes: dict[str, Any]) -> None:
    async with opened(engine) as door:
        given = {"data": b'{"dossiers": [1]}'} | changes
        given["headers"] = {"Content-Type": "application/json", **changes.get("headers", {})}
        async with door.client.post(f"{door.url}{PATH}", **given) as response:
            assert response.status == status
            assert (await response.json())["error"]


async def test_without_its_tables_it_asks_to_send_again(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE dossier RENAME TO gone"))
    async with opened(engine) as door:
        assert "again" in (await door.push(dossier(), status=503))["error"]


def test_the_description_is_sound() -> None:
    schemas = description()["components"]["schemas"]
    assert {"Dossier", "Result", "Refusal"} <= set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
