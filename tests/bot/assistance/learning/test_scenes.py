"""Made-up residents: the written ones fit what ships, and each procedure with case questions has some."""

from __future__ import annotations

import pytest

from bot.assistance.learning import scenes
from knowledge import catalogue as catalogues
from knowledge.catalogue import Catalogue
from knowledge.procedure import Procedure

SHIPPED = catalogues.load()
ASKING = [each for each in SHIPPED if each.questions and each.abolished_on is None]


def test_the_written_ones_fit_what_ships() -> None:
    written = scenes.written()
    assert len(written) >= 12
    assert len({each.id for each in written}) == len(written)
    assert len({each.code for each in written}) >= 12
    assert scenes.usable(SHIPPED) == written
    assert all(SHIPPED.get(code) for each in written for code in each.also)
    assert all(len(each.id) <= 24 for each in written)


@pytest.mark.parametrize("procedure", ASKING, ids=lambda each: each.code)
def test_each_procedure_with_case_questions_has_residents(procedure: Procedure) -> None:
    for number in (0, 1, 17, 299):
        scene = scenes.made(procedure, number)
        assert scene
        assert scenes.fits(scene, SHIPPED)
        assert scenes.find(scene.id, SHIPPED) == scene


@pytest.mark.parametrize("name", ["", "khong-co", "9.999999-1", "1.001193", "1.001193-", "1.001193-²", "1.001193-1000"])
def test_what_is_no_scene_is_not_found(name: str) -> None:
    assert scenes.find(name, SHIPPED) is None


def test_one_that_no_longer_fits_is_left_out() -> None:
    assert scenes.usable(Catalogue.of([])) == ()
    scene = scenes.written()[0]
    birth = SHIPPED.get(scene.code)
    assert birth
    changed = birth.model_copy(update={"questions": birth.questions[1:]})
    assert scenes.find(scene.id, Catalogue.of([changed])) is None
