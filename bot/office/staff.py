"""Who works here: roles from viewer to administrator, and the part of the country each one answers for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Forbidden
from bot.office.tables import Role
from knowledge.places import Gazetteer
from knowledge.places.gazetteer import bare

NATION = ""
"""The scope of whoever answers for the whole country."""


NOT_YOURS = "Anh/chị không phụ trách địa bàn này."

LABELS = {
    Role.VIEWER: "Người xem",
    Role.EDITOR: "Người soạn",
    Role.PUBLISHER: "Người duyệt và công bố",
    Role.ADMINISTRATOR: "Quản trị",
}
"""The roles as staff read them, least first: each may do all that the ones before it may."""

_RANKS = {role: rank for rank, role in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Clerk:
    """One member of staff.

    ``scope``: the whole country (""), a province by its two digits, or a commune by its five. ``telegram`` is the chat
    with us; ``armed`` tells that a password and an authenticator app are set.
    """

    id: int
    name: str
    role: Role
    scope: str = NATION
    login: str | None = None
    telegram: str | None = None
    agency: str | None = None
    disabled: bool = False
    armed: bool = False

    def may(self, needed: Role) -> bool:
        """Say whether somebody of this role may do what needs role ``needed``."""
        return _RANKS[self.role] >= _RANKS[needed]


class Territory:
    """Says which places lie in which."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._provinces = {province.code: province.name for province in gazetteer.provinces.values()}
        self._communes = {commune.code: commune for commune in gazetteer.communes.values()}

    def knows(self, scope: str) -> bool:
        """Say whether there is such a place, or it is the whole country."""
        return scope == NATION or scope in self._provinces or scope in self._communes

    def name(self, scope: str) -> str:
        """Return the name of a place as staff read it."""
        if scope == NATION:
            return "Cả nước"
        commune = self._communes.get(scope)
        return commune.full if commune else self._provinces.get(scope, f"Mã {scope}")

    def let_publish(self, clerk: Clerk, scope: str, refusal: str) -> None:
        """Raise ``Forbidden``, in the words ``refusal``, unless the clerk publishes, and does so in ``scope``."""
        if not clerk.may(Role.PUBLISHER):
            raise Forbidden(refusal)
        if not (self.knows(scope) and self.covers(clerk.scope, scope)):
            raise Forbidden(NOT_YOURS)

    def covers(self, wider: str, scope: str) -> bool:
        """Say whether whoever answers for ``wider`` also answers for ``scope``."""
        if wider in (NATION, scope):
            return True
        commune = self._communes.get(scope)
        return commune is not None and commune.province.code == wider

    def split(self, scope: str) -> tuple[str, str]:
        """Return the province of a scope, and the name of its commune; empty where it has none."""
        commune = self._communes.get(scope)
        return (commune.province.code, commune.name) if commune else (scope, "")

    def commune(self, province: str, words: str) -> str | None:
        """Return the code of a province's commune by its code or its name, with or without its kind."""
        wanted = " ".join(words.split()).casefold()
        found = [
            code
            for code, commune in self._communes.items()
            if commune.province.code == province
            and wanted in (code, commune.name.casefold(), bare(commune.name).casefold())
        ]
        return found[0] if len(found) == 1 else None

    def within(self, scope: str) -> tuple[str, ...] | None:
        """Return all scopes that ``scope`` covers, or None when that is all there are."""
        if scope == NATION:
            return None
        inner = [code for code, commune in self._communes.items() if commune.province.code == scope]
        return (scope, *inner)

    def provinces(self) -> dict[str, str]:
        """Return the names of the provinces by code, in the order of their names."""
        return dict(sorted(self._provinces.items(), key=lambda item: item[1]))

    def communes(self, province: str) -> dict[str, str]:
        """Return the names of a province's communes by code, in the order of their names."""
        named = {code: each.name for code, each in self._communes.items() if each.province.code == province}
        return dict(sorted(named.items(), key=lambda item: item[1]))
