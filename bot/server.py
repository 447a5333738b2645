"""Our HTTP server, on an address that is ours before anything else starts."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable

from aiohttp import web

from bot.errors import AddressError, reason

_FINISH_SECONDS = 4.0


class Server:
    """Serves HTTP on one address."""

    def __init__(self, host: str, port: int) -> None:
        """Take the address now, so that a taken port is known before anything else is started."""
        self._socket = _taken(host, port)
        self._application = web.Application()
        self._application.on_response_prepare.append(_without_name)
        self._runner = web.AppRunner(self._application, access_log=None, shutdown_timeout=_FINISH_SECONDS)

    @property
    def address(self) -> str:
        """The address a browser on this machine opens."""
        host, port = self._socket.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        return f"http://{host}:{port}"

    async def start(self, routes: Iterable[web.RouteDef]) -> None:
        """Begin to answer; who connected before has waited."""
        self._application.add_routes(routes)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()

    async def stop(self) -> None:
        """Take no more connections and let the requests in hand finish."""
        await self._runner.cleanup()

    def release(self) -> None:
        """Give the address back, also when ``start`` was never reached."""
        self._socket.close()


def _taken(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise AddressError(f"Không hiểu địa chỉ HOST={host}: đặt HOST thành 127.0.0.1 hoặc 0.0.0.0.") from error
    family, kind, protocol, _, address = found[0]
    own = socket.socket(family, kind, protocol)
    try:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        own.bind(address)
        own.listen(128)
    except OSError as error:
        own.close()
        raise _address_error(host, port, error) from error
    return own


def _address_error(host: str, port: int, error: OSError) -> AddressError:
    advice = {
        errno.EADDRINUSE: "tắt chương trình kia, hoặc đặt PORT thành số khác",
        errno.EADDRNOTAVAIL: "đặt HOST thành 127.0.0.1 hoặc 0.0.0.0",
    }.get(error.errno or 0, "đặt PORT thành số khác, từ 1024 trở lên")
    return AddressError(f"Không mở được cổng {port} trên {host} ({reason(error)}): {advice}.")


async def _without_name(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.pop("Server", None)
