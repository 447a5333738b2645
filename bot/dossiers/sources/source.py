"""What every source of dossiers is to the rest of the program."""

from __future__ import annotations

from typing import Protocol

from bot.dossiers.report import Report


class Source(Protocol):
    """A system that knows dossiers, such as a public-service portal."""

    @property
    def name(self) -> str:
        """The name that readers are told."""
        ...

    async def look_up(self, code: str) -> Report | None:
        """Return what the source says of a dossier, None when it answers that it has no such dossier.

        ``code`` is in canonical form. Raises ``SourceError`` when the source does not tell.
        """
        ...
