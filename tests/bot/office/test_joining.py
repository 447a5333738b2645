"""Two people's changes of one draft, which need not be valid yet."""

from __future__ import annotations

from bot.office.joining import join
from bot.office.standing import plain
from knowledge.procedure import Procedure
from tests.bot.dialogue.records import BIRTH

BASE = plain(BIRTH) or {}


def test_different_fields_are_joined() -> None:
    merged, conflicts = join(BASE, BASE | {"summary": "Mới."}, BASE | {"agency": "Sở"})
    assert not conflicts
    assert (merged["summary"], merged["agency"]) == ("Mới.", "Sở")


def test_each_conflict_goes_as_it_is_chosen() -> None:
    mine, theirs = (BASE | {"summary": f"{who}.", "agency": f"Sở {who}"} for who in ("A", "B"))
    _, conflicts = join(BASE, mine, theirs)
    merged, _ = join(BASE, mine, theirs, [next(each.path for each in conflicts if each.path == ("agency",))])
    assert (merged["summary"], merged["agency"]) == ("A.", "Sở B")


def test_drafts_that_are_not_valid_are_joined_by_whole_fields() -> None:
    mine = BASE | {"documents": [{"originals": "hai"}]}
    theirs = BASE | {"documents": [{"name": "Đơn"}], "agency": "Sở"}
    merged, (conflict,) = join(BASE, mine, theirs)
    assert conflict.path == ("documents",)
    assert (merged["documents"], merged["agency"]) == ([{"originals": "hai"}], "Sở")
    assert join(BASE, mine, theirs, [("documents",)])[0]["documents"] == [{"name": "Đơn"}]


def test_a_field_somebody_emptied_is_gone() -> None:
    mine = {key: value for key, value in BASE.items() if key != "summary"}
    merged, conflicts = join(BASE, mine, BASE | {"agency": "Sở"})
    assert not conflicts
    assert Procedure.model_validate(merged).summary is None
