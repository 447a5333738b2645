"""Articles in the conversation: found, shown for what they are, and never before a procedure that is surely meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web_markup import web_address
from bot.dialogue import article, parts
from bot.dialogue.action import Action, Verb
from bot.dialogue.effect import Missed
from bot.dialogue.turn import Turn, TurnKind
from knowledge.articles import Article, Articles
from knowledge.grouping import Reading
from knowledge.matching import Match, Outcome
from knowledge.procedure import Source
from tests.bot.dialogue.records import BIRTH, answer, offer, services
from tests.bot.dialogue.test_conversation import LINES, Person, actions, labels

HOURS = Article(
    id="gio-lam-viec",
    title="Giờ làm việc",
    body="Mở **thứ Hai** đến *thứ Sáu*.\n\n- sáng\n- chiều\n\n1. Xem [trang xã](https://xa.gov.vn/?a=1&b=2) <nhé>",
    phrases=("thứ bảy có làm việc không", "mấy giờ ủy ban mở cửa"),
    procedures=(BIRTH.code, "9.999999"),
    source=Source(name="Thông báo", read_on=date(2026, 11, 1), verified=False, note="Chưa đối chiếu."),
)
ARTICLES = Articles([HOURS], Reading({}))
SATURDAY = "thứ bảy có làm việc không"
NEARLY = "thứ bảy có làm việc ở xã không"
MORE: dict[str, Match] = LINES | {SATURDAY: Match(Outcome.UNKNOWN)}


def known(lines: dict[str, Match]) -> Person:
    return Person(replace(services(lines), articles=ARTICLES))


@pytest.fixture
def person() -> Person:
    return known(MORE)


def test_a_question_about_an_article_is_answered_by_it(person: Person) -> None:
    message = person.says(SATURDAY)
    assert message.body.startswith(f"<b>Giờ làm việc</b>\n<i>{article.KIND}</i>")
    assert "Thông báo, đọc ngày 1/11/2026" in message.body
    assert parts.UNVERIFIED.rstrip(".") in message.body
    assert "Chưa đối chiếu." in message.body
    assert actions(message) == [f"show:{BIRTH.code}", "articles"]


def test_its_markdown_becomes_the_html_of_messages(person: Person) -> None:
    body = person.says(SATURDAY).body
    assert "Mở <b>thứ Hai</b> đến <i>thứ Sáu</i>." in body
    assert "• sáng\n• chiều" in body
    assert '1. Xem <a href="https://xa.gov.vn/?a=1&amp;b=2">trang xã</a> &lt;nhé&gt;' in body


def test_a_sure_procedure_stands_first_with_the_article_one_button_away() -> None:
    person = known(LINES | {SATURDAY: answer("1.001193")})
    message = person.says(SATURDAY)
    assert "Đăng ký khai sinh" in message.body
    assert actions(message)[-1] == "article:gio-lam-viec"
    assert article.KIND in person.presses("article:gio-lam-viec").body


def test_procedures_that_may_be_meant_are_offered_below_an_article_that_is_nearly_meant() -> None:
    person = known(LINES | {NEARLY: offer("1.012345", "1.002801")})
    reply = person.does(_said(NEARLY))
    assert len(reply.messages) == 2
    assert person.session.offered == ("1.012345", "1.002801")


def test_an_article_that_may_help_is_a_button_below_what_is_not_understood() -> None:
    asked = "thứ bảy ở đó có làm việc hay nghỉ vậy"
    person = known({asked: Match(Outcome.UNKNOWN)})
    reply = person.does(_said(asked))
    assert any(isinstance(effect, Missed) for effect in reply.effects)
    assert actions(reply.messages[0])[-1] == "article:gio-lam-viec"


def test_nothing_of_it_is_kept_as_asked_in_vain(person: Person) -> None:
    assert person.does(_said(SATURDAY)).effects == ()


def test_follow_ups_after_an_article_are_not_about_what_was_shown_before(person: Person) -> None:
    person.says("làm khai sinh")
    person.says(SATURDAY)
    assert person.session.focus is None


@pytest.mark.parametrize(("said", "shown"), [("lừa đảo", True), ("đồ ngu", False), ("cảm ơn", False)])
def test_words_that_are_small_talk_too_are_an_article_when_they_are_its_phrase(said: str, shown: bool) -> None:
    scams = HOURS.model_copy(update={"id": "lua-dao", "title": "Lừa đảo", "phrases": ("cảm ơn",)})
    found = Person(replace(services({}), articles=Articles([scams], Reading({}))))
    assert (article.KIND in found.says(said).body) is shown


def test_the_list_names_them_and_a_gone_one_leads_there(person: Person) -> None:
    assert labels(person.commands("huongdan")) == ["Giờ làm việc"]
    assert person.presses("articles").body == article.LIST
    assert person.presses("article:khong-con").body == article.GONE


def test_without_articles_the_list_says_so() -> None:
    assert Person().commands("huongdan").body == article.NONE


def test_news_hold_the_article() -> None:
    told = article.news("thứ bảy <b>", HOURS.id, replace(services(LINES), articles=ARTICLES))
    assert told is not None
    assert "thứ bảy &lt;b&gt;" in told.body
    assert "Mở <b>thứ Hai</b>" in told.body
    assert article.news("x", "khong-con", services(LINES)) is None


@given(st.text())
def test_nothing_typed_becomes_a_tag_that_is_not_ours(text: str) -> None:
    left = article.html(text)
    for tag in ("<b>", "</b>", "<i>", "</i>", "</a>"):
        left = left.replace(tag, "")
    for piece in left.split('<a href="')[1:]:
        assert web_address(piece.partition('"')[0]) is not None
        left = left.replace(f'<a href="{piece.partition(">")[0]}>', "")
    assert "<" not in left


def test_payloads_fit_a_button() -> None:
    longest = Action(Verb.ARTICLE, detail="a" * 40).payload()
    assert len(longest) <= 64


def _said(text: str) -> Turn:
    return Turn(TurnKind.TEXT, text)
