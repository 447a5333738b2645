from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dossiers.proof import Seals, shared_seals
from tests.bot.dossiers.desk import CODE, OTHER, SEALS, report

_PROOFS = st.from_regex(r"[0-9]{4}", fullmatch=True)


@given(_PROOFS, st.lists(_PROOFS, max_size=4))
def test_a_proof_fits_when_it_is_one_of_the_dossiers(given_proof: str, known: list[str]) -> None:
    for proofs in (tuple(known), SEALS.close(CODE, known)):
        fits = SEALS.fits(SEALS.proof(CODE, given_proof), CODE, report(proofs=proofs))
        assert fits is (given_proof in known)


@given(_PROOFS)
def test_no_dossier_and_one_without_proofs_fit_nothing(proof: str) -> None:
    assert not SEALS.fits(SEALS.proof(CODE, proof), CODE, None)
    assert not SEALS.fits(SEALS.proof(CODE, proof), CODE, report(proofs=("", "123", "abcd")))


def test_equal_digits_look_different_on_every_dossier_and_under_every_secret() -> None:
    seals = {SEALS.proof(CODE, "1234"), SEALS.proof(OTHER, "1234"), Seals(b"other").proof(CODE, "1234")}
    assert len(seals) == 3
    assert SEALS.proof(CODE, SEALS.proof(CODE, "1234")) == SEALS.proof(CODE, "1234")


async def test_all_replicas_seal_alike(engine: AsyncEngine) -> None:
    kept, again, own = [await shared_seals(engine, given_secret) for given_secret in (None, None, "a secret")]
    assert kept.asker("a") == again.asker("a") != own.asker("a") == Seals(b"a secret").asker("a")
