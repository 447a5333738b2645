"""Who is bound to an agency changes the procedures that it carries out, and no others, whichever way they come."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import AccountFault, Forbidden
from bot.office import accounts, drift, lots, review
from bot.office.accounts import Draft
from bot.office.agency import answers_for, carried_out, same
from bot.office.drafts import Proposal
from bot.office.staff import Clerk
from bot.office.stand import Stand
from bot.office.standing import plain
from bot.office.stock import Stock
from bot.office.tables import Effect, RevisionState, Role, Subject
from knowledge.catalogue import digest_of
from knowledge.catalogue_file import dump
from tests.bot.dialogue.records import BIRTH, LICENCE, RECORDS
from tests.bot.office.desk import TERRITORY, Desk, at_work, head, visitor
from tests.bot.office.newsroom import BA_DINH, GROUND, HANOI, PLACES, Newsroom, opened, priced
from tests.bot.office.test_exchange_pages import sent

POLICE = "Công an thành phố Hà Nội"


def of(agency: str, scope: str = HANOI) -> Clerk:
    return Clerk(1, "Lan", Role.PUBLISHER, scope, agency=agency)


@pytest.mark.parametrize(
    ("agency", "scope", "said", "answers"),
    [
        ("Sở Tư pháp", HANOI, "Sở Tư pháp; Chủ tịch nước quyết định", True),
        ("sở tư pháp  thành phố Hà Nội", HANOI, "Cục Hành chính tư pháp (Bộ Tư pháp), Sở Tư pháp", True),
        ("Sở Tư pháp tỉnh", HANOI, "Sở Tư pháp", True),
        ("Sở Tư pháp", HANOI, "Sở Nội vụ", False),
        ("Sở Tư pháp thành phố Hà Nội", "", "Sở Tư pháp", True),
        ("Uỷ ban nhân dân xã", BA_DINH, "Ủy ban nhân dân cấp xã", True),
        ("UBND phường Ba Đình", BA_DINH, "Chủ tịch Ủy ban nhân dân cấp xã", True),
        ("UBND phường Ba Đình", BA_DINH, "UBND phường Ba Đình", True),
        ("Ủy ban nhân dân xã", BA_DINH, "UBND cấp xã; Sở Nội vụ", True),
        ("UBND phường Ba Đình", BA_DINH, "Ủy ban nhân dân cấp tỉnh", False),
        ("Công an phường Ba Đình", BA_DINH, "Công an cấp xã, Công an tỉnh", True),
        ("Công an phường Ba Đình", BA_DINH, "Công an cấp tỉnh", False),
        ("Công an thành phố Hà Nội", HANOI, "Phòng Quản lý xuất nhập cảnh, Công an cấp tỉnh", True),
        ("BHXH thành phố Hà Nội", HANOI, "Bảo hiểm xã hội cấp tỉnh; Bảo hiểm xã hội cơ sở", True),
        ("Bảo hiểm xã hội cơ sở", HANOI, "BHXH tỉnh, BHXH cơ sở", True),
        ("Thuế Hà Nội", HANOI, "Thuế cơ sở, Thuế tỉnh, thành phố", True),
        ("Văn phòng đăng ký đất đai Hà Nội", HANOI, "Chi nhánh Văn phòng đăng ký đất đai", True),
        ("Hợp tác xã", HANOI, "Ủy ban nhân dân cấp xã", False),
        ("Công an", HANOI, "", False),
        (".", HANOI, "Công an", False),
    ],
)
def test_agency_is_found_among_those_that_carry_it_out(agency: str, scope: str, said: str, answers: bool) -> None:
    assert answers_for(of(agency, scope), PLACES, {"agency": said}) is answers


def test_who_has_no_agency_answers_for_all() -> None:
    assert answers_for(of(""), PLACES, None)
    assert not answers_for(of("Sở Tư pháp"), PLACES, None)
    assert carried_out(of("UBND phường Ba Đình", BA_DINH), PLACES, [BIRTH, LICENCE]) == 1


@given(st.text(max_size=80), st.sampled_from(["", HANOI, BA_DINH]))
def test_every_name_with_a_word_in_it_answers_for_itself(name: str, scope: str) -> None:
    try:
        agency = Draft("Lan", Role.EDITOR, scope, agency=name).checked(TERRITORY).agency
    except AccountFault:
        return
    assert same(agency, name)
    if agency:
        assert answers_for(of(agency, scope), PLACES, {"agency": agency})


async def bound(room: Newsroom, role: Role, agency: str = POLICE) -> Clerk:
    return replace(await room.hire(role), agency=agency)


async def test_others_procedures_are_neither_begun_nor_ended(engine: AsyncEngine) -> None:
    room = opened(engine)
    police = await bound(room, Role.PUBLISHER)
    for proposal in (
        Proposal(BIRTH.code, HANOI, priced(BIRTH, "Công an cấp tỉnh")),
        Proposal(BIRTH.code, "", None, Effect.REMOVED),
        Proposal("9.000001", HANOI, priced(BIRTH.model_copy(update={"code": "9.000001"}), "Sở Tư pháp")),
        Proposal("9.000001", HANOI, {"code": "9.000001", "name": "Không ghi cơ quan"}),
    ):
        with pytest.raises(Forbidden, match="Cơ quan thực hiện"):
            await room.begin(police, proposal)
    mine = await room.begin(police, Proposal(LICENCE.code, HANOI, priced(LICENCE, "Sở Xây dựng")))
    assert await room.write(police, mine, priced(LICENCE, "Sở Nội vụ")), "what it stands on is still theirs"
    article = Proposal("nghi-tet", HANOI, {"title": "Nghỉ Tết"}, subject=Subject.ARTICLE)
    assert await room.begin(police, article), "articles are of no agency"


async def test_others_changes_are_not_acted_on(engine: AsyncEngine) -> None:
    room = opened(engine)
    police, ours = await bound(room, Role.PUBLISHER), await bound(room, Role.PUBLISHER, "UBND xã")
    free = await room.hire(Role.EDITOR)
    change = await room.begin(free, Proposal(BIRTH.code, "", priced(BIRTH, "Công an cấp tỉnh")))
    change = await room.do(review.submit, free, change)
    for act, more in ((review.approve, ()), (review.send_back, ("Sai",)), (review.withdraw, ())):
        with pytest.raises(Forbidden, match="Cơ quan thực hiện"):
            await room.do(act, police, change, *more)
    change = await room.do(review.approve, ours, change)
    for act in (review.schedule, review.unschedule):
        with pytest.raises(Forbidden, match="Cơ quan thực hiện"):
            await room.do(act, police, change)
    with pytest.raises(Forbidden, match="Cơ quan thực hiện"):
        await room.publish(change, clerk=police)
    release = await room.publish(change, clerk=ours)
    assert await room.releases.rollback(police, release), "it was made theirs by this release"


async def test_what_was_published_is_taken_back_by_an_agency_of_either_side(engine: AsyncEngine) -> None:
    room = opened(engine)
    change = await room.approved(priced(BIRTH, "Sở Tư pháp"), scope=HANOI)
    release = await room.publish(change)
    with pytest.raises(Forbidden, match="Cơ quan thực hiện"):
        await room.releases.rollback(await bound(room, Role.PUBLISHER), release)
    seen = digest_of(BIRTH)
    async with engine.begin() as connection:
        with pytest.raises(Forbidden, match="Cơ quan thực hiện"):
            await drift.settle(connection, GROUND, await bound(room, Role.PUBLISHER), change.id, seen)
    async with engine.begin() as connection:
        await drift.settle(connection, GROUND, await bound(room, Role.PUBLISHER, "Sở Tư pháp"), change.id, seen)


async def test_what_there_was_not_yet_is_its_authors_and_whose_agency_it_names(engine: AsyncEngine) -> None:
    room = opened(engine)
    police, other = await bound(room, Role.EDITOR), await bound(room, Role.PUBLISHER, "Sở Tư pháp")
    new = LICENCE.model_copy(update={"code": "9.000001"})
    change = await room.begin(police, Proposal(new.code, "", plain(new)))
    change = await room.write(police, change, priced(new, "Sở Tư pháp"))
    change = await room.do(review.submit, police, change)
    change = await room.do(review.approve, other, change)
    assert change.state is RevisionState.APPROVED


async def test_a_lot_with_others_procedures_is_refused_whole(engine: AsyncEngine) -> None:
    room = opened(engine)
    police = await bound(room, Role.EDITOR)
    stand = await stood(room)
    changed = [each.model_copy(update={"summary": "Câu mới."}) for each in (BIRTH, LICENCE)]
    with pytest.raises(Forbidden, match="1 thủ tục"):
        await lots.begin(engine, police, stand, "", "tep.json", changed, lambda _: None)
    assert await lots.begin(engine, police, stand, "", "tep.json", changed[1:], lambda _: None)


async def stood(room: Newsroom) -> Stand:
    async with room.engine.connect() as connection:
        return await Stock(room.ground).now(connection)


async def test_pages_offer_only_what_the_agency_may_do(desk: Desk) -> None:
    async with (
        at_work(desk, Draft("Võ Công An", Role.PUBLISHER, agency="Công an cấp tỉnh")) as police,
        at_work(desk, Draft("Lê Thị Soạn", Role.EDITOR)) as free,
    ):
        assert "Soạn bản sửa" in (await police.get(f"/canbo/thu-tuc/{LICENCE.code}"))[1]
        birth = f"/canbo/thu-tuc/{BIRTH.code}"
        assert "Soạn bản sửa" not in (await police.get(birth))[1]
        status, page = await police.post(f"{birth}/sua", "/canbo/toi", lam="sua")
        assert (status, "Cơ quan thực hiện" in page) == (403, True)
        _, place = await free.post(f"{birth}/sua", birth, lam="sua")
        draft = place.removesuffix("/sua")
        assert (await police.get(place))[0] == 403
        assert (await police.post(place, "/canbo/toi", version="1", phan="chung", do="save"))[0] == 403
        for act in ("gui", "thoi", "duyet", "tra-lai", "hen", "bo-hen", "ghep"):
            status, _ = await police.post(f"{draft}/{act}", "/canbo/toi", version="1", note="x")
            assert status in (400, 403), act
        _, page = await police.get(draft)
        assert "<button" not in page.split("<main", 1)[1]
        await desk.run("UPDATE revision SET state = 'approved'")
        assert (await police.get(f"/canbo/phat-hanh/thu?ban={draft.rsplit('/', 1)[1]}"))[0] == 403
        assert 'name="ban"' not in (await police.get("/canbo/phat-hanh"))[1]
        assert "chờ công bố" not in (await police.get("/canbo"))[1]
    assert await desk.run("SELECT state FROM revision") == [("approved",)]


async def test_a_new_procedure_begins_with_the_agency_of_its_author(desk: Desk) -> None:
    async with at_work(desk, Draft("Võ Công An", Role.EDITOR, agency="Công an cấp tỉnh")) as police:
        _, place = await police.post("/canbo/thu-tuc", code="9.000001", name="Thủ tục mới")
        assert (await police.get(place))[0] == 200
    assert await desk.run("SELECT record->>'agency' FROM revision") == [("Công an cấp tỉnh",)]


async def test_a_file_may_hold_others_procedures_as_they_stand(desk: Desk) -> None:
    changed = LICENCE.model_copy(update={"summary": "Câu mới từ tệp."})
    rest = [each for each in RECORDS if each.code not in (LICENCE.code, BIRTH.code)]
    async with at_work(desk, Draft("Võ Công An", Role.EDITOR, agency="Công an cấp tỉnh")) as police:
        _, page = await sent(police, "tep.json", dump([changed, BIRTH, *rest]).encode())
        assert "Nhập thành 1 bản sửa" in page
        other = BIRTH.model_copy(update={"summary": "Câu của nơi khác."})
        _, page = await sent(police, "tep.json", dump([changed, other, *rest]).encode())
        assert "Nhập thành" not in page
        assert BIRTH.code in page


async def test_an_administrator_of_an_agency_sees_to_its_accounts_only(desk: Desk) -> None:
    chief = Draft("Trần Văn Chánh", Role.ADMINISTRATOR, HANOI, "chanh", "Sở Tư pháp")
    mine, _ = await desk.hire(Draft("Người của sở", Role.EDITOR, HANOI, agency="sở tư pháp"))
    other, _ = await desk.hire(Draft("Người sở khác", Role.EDITOR, HANOI, agency="Sở Nội vụ"))
    free, _ = await desk.hire(Draft("Người tự do", Role.EDITOR, HANOI))
    async with at_work(desk, chief) as browser:
        _, page = await browser.get("/canbo/tai-khoan")
        assert [each.name in page for each in (mine, other, free)] == [True, False, False]
        for account in (other, free):
            assert (await browser.post(f"/canbo/tai-khoan/{account.id}/khoa", "/canbo/toi"))[0] == 400
        for agency in ("", "Sở Nội vụ"):
            fields = {"name": "Người mới", "role": "publisher", "province": HANOI, "agency": agency}
            for path in ("/canbo/tai-khoan", f"/canbo/tai-khoan/{mine.id}"):
                status, page = await browser.post(path, "/canbo/toi", **fields)
                assert (status, "Sở Tư pháp" in page) == (400, True)
        fields = {"name": "Người mới", "role": "publisher", "province": HANOI, "agency": "Sở Tư pháp"}
        assert (await browser.post("/canbo/tai-khoan", "/canbo/toi", **fields))[0] == 200
        _, page = await browser.get(f"/canbo/tai-khoan/{mine.id}")
        assert "chưa sửa được thủ tục nào" in page, "no procedure of the small catalogue is theirs"


async def test_who_gets_another_agency_is_signed_out_and_oneself_gets_none(desk: Desk) -> None:
    nga, token = await desk.hire(head("nga2"))
    editor, theirs = await desk.hire(Draft("Người soạn", Role.EDITOR))
    async with visitor(desk, token) as browser, visitor(desk, theirs) as other:
        fields = {"name": "Người soạn", "role": "editor", "province": "", "agency": "Sở Nội vụ"}
        assert (await browser.post(f"/canbo/tai-khoan/{editor.id}", **fields))[0] == 303
        assert (await other.get("/canbo"))[0] == 303
        fields = {"name": "Nga", "role": "administrator", "province": "", "agency": "Sở Nội vụ", "login": "nga2"}
        status, page = await browser.post(f"/canbo/tai-khoan/{nga.id}", **fields)
        assert (status, accounts.NOT_SELF in page) == (400, True)


async def test_a_verdict_on_questions_counts_though_the_procedure_is_another_agencys(desk: Desk) -> None:
    asked = "INSERT INTO unanswered (text, kind, cluster) VALUES ('giấy cho em bé mới đẻ', 'unknown', 7)"
    await desk.run(asked)
    async with at_work(desk, Draft("Võ Công An", Role.EDITOR, agency="Công an cấp tỉnh")) as police:
        _, place = await police.post("/canbo/cau-hoi/7", la="procedure", ma=BIRTH.code)
        assert "của cơ quan khác" in (await police.get(place))[1]
    assert await desk.run("SELECT verdict, answer FROM unanswered") == [("procedure", BIRTH.code)]
    assert await desk.run("SELECT count(*) FROM revision") == [(0,)]
