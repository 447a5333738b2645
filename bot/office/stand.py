"""What stands after one release, or would: the catalogue file with all that the office has published laid on it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from bot.errors import Impossible
from bot.office.revisions import Revision, parsed
from bot.office.standing import NATION, Ground, Overlay
from bot.office.tables import Effect
from knowledge.catalogue import Catalogue, digest_of
from knowledge.procedure import Procedure

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Laid:
    """One change of a procedure, read: what stands in its scope from then on, by its effect."""

    code: str
    scope: str
    effect: Effect
    record: Procedure | None


def laid(name: str, code: str, scope: str, effect: Effect, record: str | None) -> Laid:
    """Return a change read from JSON; one that this program cannot read is let go, and what lies below stands."""
    try:
        read = None if record is None else parsed(record, code)
    except (Impossible, ValidationError) as error:
        _log.error("%s cannot be read: %s", name, error)
        return Laid(code, scope, Effect.BASE, None)
    return Laid(code, scope, effect, read)


@dataclass(frozen=True)
class Stand:
    """All that stands after one release: the procedures, and in ``overlay`` what the office has of articles."""

    ground: Ground
    overlay: Overlay
    catalogue: Catalogue

    @classmethod
    def bare(cls, ground: Ground) -> Stand:
        """Return what stands before anything is published."""
        return cls(ground, Overlay(), ground.base)

    @property
    def release(self) -> int:
        """The number of the last release, 0 for none."""
        return self.overlay.release

    def stands(self, code: str, scope: str) -> Procedure | None:
        """Return the record of ``code`` as it stands in ``scope``."""
        own = self.catalogue.local.get(scope, {})
        return own[code] if code in own else self.below(code, scope) if scope else self.catalogue.get(code)

    def below(self, code: str, scope: str) -> Procedure | None:
        """Return the record of ``code`` without what the office has changed in ``scope`` itself."""
        wider = self.ground.wider(scope)
        return self.stands(code, wider[-1]) if wider else self.ground.base.get(code)

    def digest_below(self, code: str, scope: str) -> str:
        """Return the digest of what lies below a scope; "" where nothing does."""
        wider = self.ground.wider(scope)
        if wider and any(code in self.catalogue.local.get(each, {}) for each in wider):
            return digest_of(self.below(code, scope))
        return (self.catalogue if wider else self.ground.base).digest(code)

    def with_these(self, changes: Iterable[Laid], articles: Iterable[Revision] = ()) -> Stand:
        """Return what stands once these are published."""
        base, local = self.ground.base, dict(self.catalogue.local)
        nation: dict[str, Procedure | None] = {}
        touched: dict[str, dict[str, Procedure | None]] = {}
        for each in changes:
            back = each.effect is Effect.BASE
            if each.scope == NATION:
                nation[each.code] = base.get(each.code) if back else each.record
                continue
            held = touched.setdefault(each.scope, dict(local.get(each.scope, {})))
            if back:
                held.pop(each.code, None)
            else:
                held[each.code] = each.record
        local = {scope: held for scope, held in (local | touched).items() if held}
        catalogue = self.catalogue.amended(nation, local) if nation or touched else self.catalogue
        return Stand(self.ground, self.overlay.with_these(articles), catalogue)
