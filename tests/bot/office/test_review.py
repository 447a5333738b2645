"""A change on its way: who may do what with it, and that nobody overwrites what somebody else did."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Forbidden, Impossible, OfficeError, Outdated
from bot.office import drafts, review
from bot.office.drafts import Proposal
from bot.office.joining import join
from bot.office.tables import Effect, RevisionState, Role
from knowledge.catalogue import digest_of
from knowledge.procedure import Procedure
from tests.bot.dialogue.records import BIRTH, LICENCE
from tests.bot.office.newsroom import BA_DINH, HANOI, HUE, opened, priced

WARD = priced(BIRTH, "Ủy ban nhân dân phường")
TOWN = priced(BIRTH, "Trung tâm Phục vụ hành chính công")


async def test_from_draft_to_approved_with_every_act_on_the_trail(engine: AsyncEngine) -> None:
    room = opened(engine)
    editor, second = await room.hire(Role.EDITOR), await room.hire(Role.PUBLISHER)
    draft = await room.begin(editor, Proposal(BIRTH.code, record=WARD, decision_number="12/QĐ-UBND"))
    assert (draft.state, draft.version, draft.author) == (RevisionState.DRAFT, 1, editor.id)
    draft = await room.write(editor, draft, TOWN)
    sent = await room.do(review.submit, editor, draft)
    back = await room.do(review.send_back, second, sent, "Thiếu địa chỉ")
    assert (back.state, back.note) == (RevisionState.RETURNED, "Thiếu địa chỉ")
    sent = await room.do(review.submit, editor, await room.write(editor, back, WARD))
    done = await room.do(review.approve, second, sent)
    assert (done.state, done.reviewer, done.record) == (RevisionState.APPROVED, second.id, WARD)
    acts = ["begin", "write", "submit", "return", "write", "submit", "approve"]
    assert await room.trail() == [f"revision.{act}" for act in acts]


async def test_nobody_approves_what_they_wrote_a_word_of(engine: AsyncEngine) -> None:
    room = opened(engine)
    author, helper = await room.hire(Role.ADMINISTRATOR), await room.hire(Role.PUBLISHER)
    draft = await room.begin(author, Proposal(BIRTH.code, record=WARD))
    sent = await room.do(review.submit, author, await room.write(helper, draft, TOWN))
    for clerk in (author, helper):
        with pytest.raises(Forbidden, match="không tự duyệt"):
            await room.do(review.approve, clerk, sent)
    assert (await room.do(review.approve, await room.hire(Role.PUBLISHER), sent)).state is RevisionState.APPROVED


@pytest.mark.parametrize(
    ("role", "scope", "where", "may"),
    [
        (Role.VIEWER, "", "", False),
        (Role.EDITOR, "", "", True),
        (Role.EDITOR, "", BA_DINH, True),
        (Role.EDITOR, HANOI, BA_DINH, True),
        (Role.EDITOR, BA_DINH, BA_DINH, True),
        (Role.EDITOR, HANOI, "", False),
        (Role.ADMINISTRATOR, HANOI, HUE, False),
        (Role.ADMINISTRATOR, BA_DINH, HANOI, False),
    ],
)
async def test_one_writes_within_ones_role_and_place(
    engine: AsyncEngine, role: Role, scope: str, where: str, may: bool
) -> None:
    room = opened(engine)
    clerk = await room.hire(role, scope)
    if may:
        assert (await room.begin(clerk, Proposal(BIRTH.code, where, WARD))).scope == where
        return
    with pytest.raises(Forbidden):
        await room.begin(clerk, Proposal(BIRTH.code, where, WARD))
    assert await room.trail() == []


async def test_an_editor_does_not_approve_return_or_schedule(engine: AsyncEngine) -> None:
    room = opened(engine)
    editor, other = await room.hire(Role.EDITOR), await room.hire(Role.EDITOR)
    sent = await room.do(review.submit, editor, await room.begin(editor, Proposal(BIRTH.code, record=WARD)))
    for act, more in ((review.approve, ()), (review.send_back, ("Không",))):
        with pytest.raises(Forbidden):
            await room.do(act, other, sent, *more)
    with pytest.raises(Forbidden):
        await room.do(review.withdraw, other, sent)
    assert (await room.do(review.withdraw, editor, sent)).state is RevisionState.WITHDRAWN


async def test_a_place_nobody_knows(engine: AsyncEngine) -> None:
    room = opened(engine)
    with pytest.raises(Impossible, match="99"):
        await room.begin(await room.hire(Role.EDITOR), Proposal(BIRTH.code, "99", WARD))


async def test_two_who_write_at_once_are_told_apart(engine: AsyncEngine) -> None:
    room = opened(engine)
    one, two = await room.hire(Role.EDITOR), await room.hire(Role.EDITOR)
    draft = await room.begin(one, Proposal(BIRTH.code, record=WARD))
    tries = [room.write(one, draft, WARD), room.write(two, draft, TOWN)]
    told = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(each).__name__ for each in told) == ["Outdated", "Revision"]
    assert (await room.again(draft)).version == 2


async def test_a_draft_may_be_unfinished_but_not_what_is_reviewed(engine: AsyncEngine) -> None:
    room = opened(engine)
    editor = await room.hire(Role.EDITOR)
    draft = await room.begin(editor, Proposal(BIRTH.code, record={**WARD, "name": ""}))
    with pytest.raises(Impossible, match="name"):
        await room.do(review.submit, editor, draft)
    draft = await room.write(editor, draft, {**WARD, "code": LICENCE.code})
    with pytest.raises(Impossible, match=LICENCE.code):
        await room.do(review.submit, editor, draft)
    draft = await room.write(editor, draft, {**WARD, "agency": "một\0hai\ud800"})
    assert (draft.record or {})["agency"] == "mộthai"


async def test_a_change_of_nothing_is_refused(engine: AsyncEngine) -> None:
    room = opened(engine)
    editor = await room.hire(Role.EDITOR)
    refused = [
        Proposal(BIRTH.code, record=BIRTH.model_dump(mode="json")),
        Proposal("9.999999", effect=Effect.REMOVED),
        Proposal(BIRTH.code, effect=Effect.BASE),
        Proposal(BIRTH.code),
    ]
    for proposal in refused:
        draft = await room.begin(editor, proposal)
        with pytest.raises(Impossible):
            await room.do(review.submit, editor, draft)


async def test_returning_needs_a_word(engine: AsyncEngine) -> None:
    room = opened(engine)
    editor, second = await room.hire(Role.EDITOR), await room.hire(Role.PUBLISHER)
    sent = await room.do(review.submit, editor, await room.begin(editor, Proposal(BIRTH.code, record=WARD)))
    with pytest.raises(Impossible, match="lý do"):
        await room.do(review.send_back, second, sent, "  ")


async def test_acts_out_of_turn_are_refused(engine: AsyncEngine) -> None:
    room = opened(engine)
    chief = await room.hire(Role.ADMINISTRATOR)
    draft = await room.begin(await room.hire(Role.EDITOR), Proposal(BIRTH.code, record=WARD))
    acts = [(review.approve, ()), (review.send_back, ("Không",)), (review.schedule, ()), (review.unschedule, ())]
    for act, more in acts:
        with pytest.raises(Impossible, match="đang soạn"):
            await room.do(act, chief, draft, *more)
    with pytest.raises(Impossible):
        await room.publish(draft)
    gone = await room.do(review.withdraw, chief, draft)
    with pytest.raises(OfficeError):
        await room.write(chief, gone, TOWN)


async def test_two_drafts_of_one_record_are_joined_by_field(engine: AsyncEngine) -> None:
    room = opened(engine)
    editor, second = await room.hire(Role.EDITOR), await room.hire(Role.PUBLISHER)
    named = {**BIRTH.model_dump(mode="json"), "names": ["làm giấy khai sinh", "khai sinh cho bé"]}
    late = await room.do(review.submit, editor, await room.begin(editor, Proposal(BIRTH.code, record=named)))
    await room.publish(await room.approved(WARD))
    with pytest.raises(Outdated, match="mới hơn"):
        await room.do(review.approve, second, late)
    stands = (await room.catalogue()).procedures[BIRTH.code]
    record, conflicts = join(late.base or {}, late.record or {}, stands.model_dump(mode="json"))
    assert conflicts == ()
    assert (record["agency"], record["names"][-1]) == ("Ủy ban nhân dân phường", "khai sinh cho bé")
    with pytest.raises(Outdated):
        await room.do(drafts.accept_merge, editor, late, record, digest_of(BIRTH))
    draft = await room.do(drafts.accept_merge, editor, late, record, digest_of(stands))
    assert draft.state is RevisionState.DRAFT
    done = await room.do(review.approve, second, await room.do(review.submit, editor, draft))
    await room.publish(done)
    assert (await room.catalogue()).procedures[BIRTH.code] == Procedure.model_validate(record)
