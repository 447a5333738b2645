"""Where a change holds: the part of the country somebody sees, and the one they choose to write for."""

from __future__ import annotations

from typing import Any

from bot.errors import AccountFault, Impossible
from bot.office.account_pages import place
from bot.office.visit import Visit


def covers(visit: Visit, scope: str) -> bool:
    """Say whether whoever is signed in answers for a scope."""
    return visit.office.territory.covers(visit.clerk.scope, scope)


def seen_scope(visit: Visit) -> str:
    """Return the scope that an address asks for (``noi``), when it is one of theirs or the country; else their own."""
    wanted = visit.request.query.get("noi")
    known = wanted is not None and visit.office.territory.knows(wanted)
    return wanted if wanted is not None and known and (wanted == "" or covers(visit, wanted)) else visit.clerk.scope


def chosen_scope(visit: Visit) -> str:
    """Return the scope that a form names by province and commune; raise ``Impossible`` when there is none such."""
    own, commune = visit.office.territory.split(visit.clerk.scope)
    if commune:
        return visit.clerk.scope
    try:
        return place(visit, visit.form.get("province") or own, visit.form.get("commune"))
    except AccountFault as fault:
        raise Impossible(str(fault)) from fault


def place_fields(visit: Visit, scope: str) -> dict[str, Any]:
    """Return what a form needs to let somebody choose where a change holds, ``scope`` when they choose nothing."""
    territory = visit.office.territory
    own, commune = territory.split(visit.clerk.scope)
    provinces = {code: name for code, name in territory.provinces().items() if own in ("", code)}
    chosen, inner = territory.split(scope)
    return {"provinces": provinces, "home": own, "fixed": bool(commune), "chosen": chosen, "inner": inner}
