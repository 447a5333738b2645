"""Records that wait for a yes, kept small: opened, thousands of them take twelve times the memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import overload

from knowledge.procedure import Procedure

_QUICK = 1


class Pack(Sequence[Procedure]):
    """Records by code, in the order in which they came; each is opened anew whenever it is asked for."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._bodies: dict[str, bytes] = {}

    @property
    def names(self) -> Mapping[str, str]:
        """The name of each record by its code."""
        return MappingProxyType(self._names)

    def put(self, record: Procedure) -> None:
        """Take a record in, in the place of the one of its code, if there is one."""
        self._names[record.code] = record.name
        self._bodies[record.code] = zlib.compress(record.model_dump_json(exclude_defaults=True).encode(), _QUICK)

    def drop(self, code: str) -> None:
        """Let go of a record; raise ``KeyError`` when there is none of that code."""
        del self._names[code], self._bodies[code]

    def of(self, code: str) -> Procedure:
        """Return a record; raise ``KeyError`` when there is none of that code."""
        return Procedure.model_validate_json(zlib.decompress(self._bodies[code]))

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, place: int) -> Procedure: ...

    @overload
    def __getitem__(self, place: slice) -> list[Procedure]: ...

    def __getitem__(self, place: int | slice) -> Procedure | list[Procedure]:
        chosen = list(self._names)[place]
        return self.of(chosen) if isinstance(chosen, str) else [self.of(code) for code in chosen]

    def __iter__(self) -> Iterator[Procedure]:
        return map(self.of, tuple(self._names))
