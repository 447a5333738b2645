from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import filing, hitches, walking
from bot.assistance.filing import STEPS
from bot.assistance.filing import filing as filed_as
from bot.dialogue import cases
from bot.dialogue.turn import TurnKind
from knowledge.articles import load_articles
from knowledge.procedure import RequiredDocument
from tests.bot.assistance import band, table
from tests.bot.assistance.table import CASED
from tests.bot.dialogue.records import LICENCE, MARRIAGE


async def test_one_step_a_screen_there_and_back(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    await lan.presses("☐ 1")
    said = [await lan.presses("Hướng dẫn nộp qua mạng")]
    while "Xong" in lan.labels:
        said.append(await lan.presses("Xong"))
    assert [each.partition(". ")[2].partition("<")[0] for each in said] == [
        filing.PORTAL,
        filing.LOGIN,
        filing.CHOOSE,
        filing.FILL,
        filing.ATTACH,
        filing.SUBMIT,
        filing.CODE,
    ]  # free, so nothing is paid
    assert said[0].startswith("<b>Bước 1/7.")
    assert CASED.code in said[2]
    assert "Phường Ba Đình" in said[2]
    assert said[4].index("☑ Giấy chứng sinh") < said[4].index("☐ Giấy tờ nơi cư trú")
    assert "người làm chứng" not in said[4]
    assert "Bước 6/7" in await lan.presses("← Quay lại")
    assert "nộp qua mạng, bước 6/7" in await lan.presses("Về hồ sơ của Hòa")


async def test_a_button_of_a_step_that_is_behind_changes_nothing(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan)
    await lan.presses("Hướng dẫn nộp qua mạng")
    done = next(each.action for each in lan.buttons if each.label == "Xong") or ""
    await lan.presses("Xong")
    assert walking.HERE in await lan(TurnKind.ACTION, done)
    assert "Bước 2/7" in await lan(TurnKind.ACTION, done)
    assert await band.run(engine, "SELECT step FROM sitting") == [(1,)]


async def test_stuck_keeps_its_place_helps_and_tells_the_leader_nothing_of_the_resident(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan, minh = await laid.volunteer("Lan"), await laid.volunteer("Minh", leader=True)
    await table.begun(lan, "Hòa")
    await lan.presses("Hướng dẫn nộp qua mạng")
    await lan.presses("Xong")
    await lan.presses("Bị vướng")
    await lan.presses("Quên mật khẩu VNeID")
    assert await band.run(engine, "SELECT step, stuck FROM sitting") == [(1, "login.password")]
    assert any(label.startswith("Xem thêm") for label in lan.labels)
    assert "Bước 2/7" in await lan.presses(walking.TELL)
    (told,) = await minh.told()
    assert "quên mật khẩu VNeID" in told
    assert "Hòa" not in told
    await lan.presses("Bị vướng")
    article = await lan.presses("Quên mật khẩu VNeID")
    assert article
    label = next(label for label in lan.labels if label.startswith("Xem thêm"))
    assert "passcode" in await lan.presses(label)
    assert "nộp qua mạng, bước 2/7" in await lan.presses("Về hồ sơ của Hòa")


async def test_without_a_leader_at_work_the_way_is_named(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan, minh = await laid.volunteer("Lan", leader=True), await laid.volunteer("Minh", leader=True)
    await band.run(engine, "UPDATE volunteer SET state = 'paused' WHERE name = 'Minh'")
    await table.begun(lan)
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    await lan.sends("stepwhy", number, "portal.down")
    assert walking.NO_LEADER in await lan.presses(walking.TELL)
    assert await minh.told() == []


async def test_what_is_not_filed_online_says_where_to_go(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.agreed(lan)
    await lan.says("kết hôn")
    await lan.presses("Làm thủ tục này")
    assert "trực tiếp" in await lan.presses("Hướng dẫn nộp qua mạng")
    assert "Xong" not in lan.labels
    await lan.presses(walking.IN_PERSON)
    assert await band.run(engine, "SELECT outcome, online FROM work") == [("in_person", False)]


@pytest.mark.parametrize(
    "said", ["stepdone:{}:nothing", "stepback:{}", "stephelp:{}:pay.x", "stepwhy:{}:a.b", "steptell:{}"]
)
async def test_forged_steps_show_where_it_is(engine: AsyncEngine, said: str) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan)
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    assert "Bước 1/7" in await lan.sends(said.format(number))
    assert await band.run(engine, "SELECT step, stuck FROM sitting") == [(0, None)]


def test_money_is_asked_for_only_where_there_is_some() -> None:
    paid = filed_as(LICENCE, None, table.services())
    free = filed_as(CASED, cases.new(CASED), table.services())
    assert paid
    assert free
    assert "pay" in [step.name for step in paid.steps]
    assert "115.000" in next(step for step in STEPS if step.name == "pay").said(paid)
    assert "pay" not in [step.name for step in free.steps]
    assert filed_as(MARRIAGE, None, table.services()) is None


def test_the_way_chosen_before_does_not_hide_the_way_online() -> None:
    prepared = cases.new(CASED).model_copy(update={"answers": {"born": "yes", "channel": "in_person"}})
    found = filed_as(CASED, prepared, table.services())
    assert found
    assert found.guidance.answers == {"born": "yes", "channel": "online"}


def test_every_step_knows_what_may_stop_it_and_articles_exist() -> None:
    assert set(hitches.HITCHES) == {step.name for step in STEPS}
    shipped = {article.id for article in load_articles()}
    for causes in hitches.HITCHES.values():
        names = [each.name for each in causes]
        assert len(set(names)) == len(names)
        assert {each.article for each in causes if each.article} <= shipped


def test_papers_that_may_not_be_needed_do_not_fill_the_screen() -> None:
    papers = [RequiredDocument(name=f"Giấy {n}", originals=1, condition="nếu có") for n in range(12)]
    many = CASED.model_copy(update={"documents": (RequiredDocument(name="Tờ khai", originals=1), *papers)})
    found = filed_as(many, None, table.services())
    assert found
    said = next(step for step in STEPS if step.name == "attach").said(found)
    assert said.count("☐") == 1 + filing.MOST_UNSURE
    assert filing.OTHERS.format(count=8) in said
