"""Work that takes longer than a page may: it goes on beside the pages, which ask now and then how far it is.

What runs and what came of it is kept in memory, for whoever began it, for a while; a restart forgets it, and nothing of
it is half done, for whatever changes the database does so in one transaction at its end.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Impossible, OfficeError
from bot.logs import outline
from knowledge.errors import KnowledgeError

BUSY = "Anh/chị đang có một việc như vậy chạy. Chờ xong việc đó giúp."
FULL = "Đang có nhiều việc chạy quá. Anh/chị thử lại sau ít phút."
FAILED = "Xin lỗi, việc này gặp lỗi bất ngờ nên không có gì được ghi. Anh/chị thử lại giúp."

_KEPT_SECONDS = 3600.0
_MOST = 20
_log = logging.getLogger(__name__)


@dataclass
class Job:
    """One piece of work. ``share`` is how much is done, 0 to 1; then ``value`` is what came of it, ``fault`` why not.

    ``close`` is called when it is forgotten.
    """

    key: str
    owner: int
    title: str
    share: float = 0.0
    value: Any = None
    fault: str = ""
    close: Callable[[], None] = lambda: None
    task: asyncio.Task[None] | None = None
    since: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.task is None or self.task.done()

    def told(self, share: float) -> None:
        """Note how much is done; any thread may."""
        self.share = min(max(share, 0.0), 1.0)


def fresh() -> str:
    """Return a new key."""
    return secrets.token_hex(8)


class Jobs:
    """The work of one process."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def start(
        self,
        owner: int,
        title: str,
        work: Callable[[Job], Awaitable[Any]],
        close: Callable[[], None] = lambda: None,
        key: str = "",
    ) -> Job:
        """Begin some work; raise ``Impossible`` when its owner has some running, or too much runs already."""
        self.room(owner)
        job = Job(key or fresh(), owner, title, close=close)
        job.task = asyncio.create_task(self._run(job, work))
        self._jobs[job.key] = job
        return job

    def room(self, owner: int) -> None:
        """Raise ``Impossible`` when somebody has some running, or too much runs already."""
        self._forget()
        if any(not job.done and job.owner == owner for job in self._jobs.values()):
            raise Impossible(BUSY)
        if len(self._jobs) >= _MOST:
            raise Impossible(FULL)

    def get(self, key: str, owner: int) -> Job | None:
        """Return somebody's work by its key."""
        job = self._jobs.get(key)
        return job if job and job.owner == owner else None

    def drop(self, job: Job) -> None:
        """Forget some work whose outcome was used."""
        if self._jobs.pop(job.key, None):
            job.close()

    @staticmethod
    async def _run(job: Job, work: Callable[[Job], Awaitable[Any]]) -> None:
        try:
            job.value = await work(job)
        except (OfficeError, KnowledgeError) as error:
            job.fault = str(error)
        except SQLAlchemyError as error:
            _log.error("a job of the office could not reach the database: %s", outline(error))
            job.fault = FAILED
        except Exception as error:
            _log.error("a job of the office failed: %s", outline(error))
            job.fault = FAILED
        job.share = 1.0

    def _forget(self) -> None:
        """Let go of what ended long ago, and of the oldest that ended when there is much."""
        ended = sorted((job for job in self._jobs.values() if job.done), key=lambda job: job.since)
        old = [job for job in ended if time.monotonic() - job.since > _KEPT_SECONDS]
        for job in dict.fromkeys(job.key for job in [*old, *ended[: max(0, len(self._jobs) - _MOST + 1)]]):
            self._jobs.pop(job).close()
