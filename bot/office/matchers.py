"""Matchers for catalogues, built beside the event loop, one at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from knowledge.catalogue import Catalogue
from knowledge.matching import Matcher

_KEPT = 3


class Matchers:
    """Builds matchers and remembers the last few: what the gate has weighed need not be built again to be published."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "matcher")
        self._built: OrderedDict[str, Matcher] = OrderedDict()

    async def of(self, catalogue: Catalogue) -> Matcher:
        """Return the matcher of a catalogue, for all places; raise ``KnowledgeError`` when a word list is unusable."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._matcher, catalogue)

    def close(self) -> None:
        """Build nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _matcher(self, catalogue: Catalogue) -> Matcher:
        found = self._built.pop(catalogue.release, None) or self._build(catalogue)
        self._built[catalogue.release] = found
        while len(self._built) > _KEPT:
            self._built.popitem(last=False)
        return found

    def _build(self, catalogue: Catalogue) -> Matcher:
        last = next(reversed(self._built.values()), None)
        return last.renewed(catalogue.everywhere()) if last else Matcher(catalogue.everywhere())
