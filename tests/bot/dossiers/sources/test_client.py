"""The client against a real HTTP server that answers what each test tells it; only waiting is imagined."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bot.dossiers.sources.client import Client, Request, Timing, connections
from bot.errors import SourceDown, SourceError, SourceRefused, SourceUnreadable
from bot.server import Server
from tests.bot.dossiers.sources.doubles import Clock

Make = Callable[..., Client]
FINE = web.json_response


@dataclass
class Far:
    """The other side: answers in turn, then fine for ever."""

    answers: list[Callable[[], web.StreamResponse | Awaitable[web.StreamResponse]]] = field(default_factory=list)
    asked: list[web.Request] = field(default_factory=list)
    address: str = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if not self.answers:
            return web.json_response({"fine": True})
        answer = self.answers.pop(0)()
        return answer if isinstance(answer, web.StreamResponse) else await answer

    def request(self, **more: object) -> Request:
        return Request("POST", self.address, {"X-Key": "k"}, body={"code": "1"}, **more)  # type: ignore[arg-type]


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    far = Far()
    server = Server("127.0.0.1", 0)
    await server.start([web.post("/", far.serve)])
    far.address = server.address + "/"
    yield far
    await server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def make(clock: Clock) -> AsyncIterator[Make]:
    async with connections() as session:

        def client(seconds: float = 5.0, per_minute: int = 6000) -> Client:
            return Client(session, "cổng", seconds, per_minute, timing=Timing(clock, clock.sleep, lambda: 1.0))

        yield client


def failing(status: int, **headers: str) -> Callable[[], web.Response]:
    return lambda: web.Response(status=status, headers={name.replace("_", "-"): said for name, said in headers.items()})


def saying(body: bytes) -> Callable[[], web.Response]:
    return lambda: web.Response(body=body, content_type="application/json")


async def test_an_answer_is_read(far: Far, make: Make) -> None:
    assert (await make().ask(far.request())).data == {"fine": True}
    assert far.asked[0].headers["X-Key"] == "k"
    assert "Cookie" not in far.asked[0].headers


async def test_a_failure_is_tried_again_later_and_later(far: Far, make: Make, clock: Clock) -> None:
    far.answers = [failing(500), failing(502)]
    assert (await make().ask(far.request())).data == {"fine": True}
    assert clock.slept == [0.5, 1.0]


async def test_tries_are_bounded(far: Far, make: Make) -> None:
    far.answers = [failing(500)] * 5
    with pytest.raises(SourceDown, match="500"):
        await make().ask(far.request())
    assert len(far.asked) == 3


async def test_what_must_not_be_repeated_is_not(far: Far, make: Make) -> None:
    far.answers = [failing(500)]
    with pytest.raises(SourceDown):
        await make().ask(far.request(once=True))
    assert len(far.asked) == 1


async def test_a_short_rest_that_is_asked_for_is_waited_out(far: Far, make: Make, clock: Clock) -> None:
    far.answers = [failing(429, Retry_After="3")]
    assert (await make().ask(far.request())).data == {"fine": True}
    assert clock.slept == [3.0]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_long_rest_holds_for_all_requests_and_is_no_failure(
    far: Far, make: Make, clock: Clock, status: int
) -> None:
    client = make()
    far.answers = [failing(status, Retry_After="120")]
    for _ in range(9):
        with pytest.raises(SourceDown) as caught:
            await client.ask(far.request())
        assert caught.value.seconds == 120
    assert len(far.asked) == 1
    clock.now += 120
    assert (await client.ask(far.request())).data == {"fine": True}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("Thu, 01 Jan 1970 00:00:00 GMT", 1), ("mai", 5), ("-5", 5), ("", 5), ("9" * 400, 3600)],
)
async def test_a_rest_that_makes_no_sense_is_bounded(
    far: Far, make: Make, clock: Clock, header: str, seconds: float
) -> None:
    far.answers = [failing(429, Retry_After=header)]
    with pytest.raises(SourceDown) as caught:
        await make(seconds=0.9).ask(far.request())
    assert caught.value.seconds == seconds


async def test_the_rate_is_kept(far: Far, make: Make, clock: Clock) -> None:
    client = make(per_minute=30)  # a burst of three, then one in two seconds
    for _ in range(5):
        await client.ask(far.request())
    assert clock.slept == [2.0, 2.0]


async def test_what_finds_no_place_within_the_rate_is_not_sent_and_is_no_failure(far: Far, make: Make) -> None:
    client = make(seconds=1, per_minute=30)
    for _ in range(3):
        await client.ask(far.request())
    for _ in range(9):
        with pytest.raises(SourceDown, match="rate") as caught:
            await client.ask(far.request())
        assert caught.value.seconds == 2
    assert len(far.asked) == 3


async def test_what_nobody_waits_for_leaves_room_for_those_who_wait(far: Far, make: Make, clock: Clock) -> None:
    client = make(seconds=2, per_minute=60)  # a burst of six, then one a second; aside: a burst of three, then 0.7
    for _ in range(50):
        wait = client.turn(patience=30)
        assert wait <= 2
        await clock.sleep(wait)
        await client.ask(far.request())
    clock.slept.clear()
    for _ in range(4):
        await client.ask(far.request())
    assert clock.slept == []


async def test_who_finds_no_turn_within_patience_takes_no_place(make: Make) -> None:
    client = make(per_minute=6)
    assert client.turn(patience=0) == 0
    wait = client.turn(patience=1)
    assert wait == pytest.approx(60 / 6 / 0.7)
    assert client.turn(patience=1) == wait


async def test_a_source_that_keeps_failing_is_left_alone_until_a_probe_succeeds(
    far: Far, make: Make, clock: Clock
) -> None:
    client = make()
    far.answers = [failing(500)] * 15
    for _ in range(5):
        with pytest.raises(SourceDown):
            await client.ask(far.request())
    with pytest.raises(SourceDown, match="left alone"):
        await client.ask(far.request())
    assert len(far.asked) == 15
    clock.now += 15
    assert (await client.ask(far.request())).data == {"fine": True}
    assert (await client.ask(far.request())).data == {"fine": True}


async def test_a_failure_is_logged_without_what_was_asked_or_said(
    far: Far, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    far.answers = [saying(b"<html>Hoa 0912345678</html>")]
    with pytest.raises(SourceUnreadable):
        await make().ask(far.request())
    assert [record.getMessage() for record in caplog.records] == ["the source cổng: no JSON"]


async def test_who_does_not_let_us_in_is_not_knocked_at_again(far: Far, make: Make) -> None:
    client = make()
    far.answers = [failing(403)]
    with pytest.raises(SourceRefused):
        await client.ask(far.request())
    with pytest.raises(SourceDown, match="left alone"):
        await client.ask(far.request())
    assert len(far.asked) == 1


async def test_an_expected_status_is_an_answer(far: Far, make: Make) -> None:
    far.answers = [failing(404)]
    response = await make().ask(far.request(expected=frozenset({404})))
    assert (response.status, response.data) == (404, None)


async def test_a_redirect_is_not_followed(far: Far, make: Make) -> None:
    far.answers = [failing(307, Location=far.address)]
    with pytest.raises(SourceUnreadable, match="elsewhere"):
        await make().ask(far.request())
    assert len(far.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"result": [',
        b"<html></html>",
        b"\xff\xfe{}",
        b'{"a": NaN}',
        b"[" * 200_000,
        b'{"a": 1' + b"0" * 5000 + b"}",
        b'"' + b"x" * (1 << 20) + b'"',
    ],
)
async def test_what_is_no_json_or_too_much_is_unreadable(far: Far, make: Make, body: bytes) -> None:
    far.answers = [saying(body)]
    with pytest.raises(SourceUnreadable):
        await make().ask(far.request())


async def test_a_bomb_of_zeros_is_unreadable(far: Far, make: Make) -> None:
    def bomb() -> web.Response:
        response = saying(b'"' + b"0" * (20 << 20) + b'"')()
        response.enable_compression(web.ContentCoding.gzip)
        return response

    far.answers = [bomb]
    with pytest.raises(SourceUnreadable, match="large"):
        await make().ask(far.request())


async def test_a_body_broken_off_is_tried_again(far: Far, make: Make) -> None:
    async def broken() -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(far.asked[-1])
        await response.write(b'{"a')
        assert far.asked[-1].transport
        far.asked[-1].transport.close()
        return response

    far.answers = [broken]
    assert (await make().ask(far.request())).data == {"fine": True}


async def test_time_is_bounded(far: Far, make: Make) -> None:
    given_up = asyncio.Event()

    async def slow() -> web.StreamResponse:
        await given_up.wait()
        return web.Response()

    far.answers = [slow]
    with pytest.raises(SourceDown, match="in time"):
        await make(seconds=0.1).ask(far.request())
    given_up.set()
    assert len(far.asked) <= 1  # none where it took that long to be asked


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "http://nowhere.invalid/"])
async def test_nobody_there(make: Make, address: str) -> None:
    with pytest.raises(SourceDown):
        await make().ask(Request("GET", address, {}))


async def test_no_encryption_where_there_should_be(far: Far, make: Make) -> None:
    with pytest.raises(SourceDown, match="secure"):
        await make().ask(Request("GET", far.address.replace("http:", "https:"), {}))


async def test_something_else_than_http(make: Make) -> None:
    async def babble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\x01SSH-2.0 hello\r\n\r\n" * 100)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        with pytest.raises(SourceError):
            await make().ask(Request("GET", f"http://127.0.0.1:{port}/", {}))
    finally:
        server.close()
        await server.wait_closed()
