"""Files for the browser: leaflets, checklists and forms, by the paths that messages name."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from bot.assistance import enclosures
from bot.channels import web_guard
from bot.channels.web_guard import Refusal
from bot.errors import PrintingError
from bot.printing.files import File, Files

PATHS = (
    r"/leaflet/{name}",
    r"/checklist/{name}",
    r"/forms/{code}/{name}",
    r"/doi/{name}",
    r"/slip/{name}",
    r"/trao/{name}",
)
NO_SUCH_FILE = "Không có tệp này. Có thể thủ tục đã được cập nhật, anh/chị hỏi lại rồi tải tệp mới giúp."
OVER = "Tệp này chỉ tải được trong lúc hai bên còn nhắn với nhau. Cần lại thì anh/chị nhờ người bên kia gửi lần nữa."
TOO_FAST = "Anh/chị tải hơi nhanh. Xin chờ {seconds} giây rồi tải lại."

_RETRY_SECONDS = 30


class Downloads:
    """Hands files out, at most so many a minute to one network address."""

    def __init__(self, files: Files, per_minute: int, behind_proxy: bool) -> None:
        self._files = files
        self._limiter = web_guard.Limiter(per_minute)
        self._behind_proxy = behind_proxy

    async def send(self, request: web.Request) -> web.Response:
        """Answer with the file that the path names; a browser that has it already hears only that it may keep it."""
        seconds = self._limiter.wait(web_guard.visitor(request, self._behind_proxy))
        if seconds:
            raise Refusal(429, TOO_FAST.format(seconds=seconds), seconds)
        try:
            file = await self._files.get(request.path_qs)
        except PrintingError as error:
            raise Refusal(503, str(error), _RETRY_SECONDS) from error
        if file is None:
            raise Refusal(404, OVER if request.path.startswith(enclosures.PATH) else NO_SUCH_FILE)
        return _response(request, file)


def _response(request: web.Request, file: File) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    if not file.personal:
        headers = {"Cache-Control": "no-cache", "ETag": f'"{file.digest}"'}
        if any(tag.value == file.digest for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
    headers["Content-Disposition"] = disposition(file.name)
    return web.Response(body=file.content, content_type=file.content_type, headers=headers)


def disposition(name: str) -> str:
    """Return the header that makes a browser keep a file under its name, in whatever letters (RFC 6266)."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in name)
    plain = plain.replace("\\", "_").replace('"', "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
