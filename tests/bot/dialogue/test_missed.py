"""Questions asked in vain are kept once, and who wants to is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue import missed
from bot.dialogue.action import Action, Verb, digest
from bot.dialogue.effect import Effect, Missed, Vain, Wish
from bot.dialogue.turn import Reply, Turn, TurnKind
from knowledge.matching import Candidate, Match, Outcome
from tests.bot.dialogue.records import BIRTH, answer, services
from tests.bot.dialogue.test_conversation import LINES, Person, actions, labels

LOST = "nuôi chim yến trong phố"
ABSENT = ("1.004359", "Thủ tục cấp Giấy phép khai thác thủy sản")
MORE: dict[str, Match] = LINES | {
    LOST: Match(Outcome.UNKNOWN, (Candidate("1.002801", 0.1), Candidate("1.000894", 0.05))),
    "đánh cá ngoài khơi": Match(Outcome.UNKNOWN, elsewhere=ABSENT),
}


class Kept(Person):
    """Somebody whose replies' effects are gathered."""

    def does(self, turn: Turn) -> Reply:
        reply = super().does(turn)
        self.effects = reply.effects
        return reply


@pytest.fixture
def person() -> Kept:
    found = Kept(services(MORE))
    found.effects = ()
    return found


def after(person: Kept, *said: str) -> tuple[Effect, ...]:
    for text in said:
        person.says(text)
    return person.effects


def test_what_is_not_understood_is_kept_with_what_came_near(person: Kept) -> None:
    assert after(person, LOST) == (Missed(LOST, Vain.UNKNOWN, ("1.002801", "1.000894")),)


def test_the_same_question_again_is_kept_once(person: Kept) -> None:
    assert after(person, LOST, LOST) == ()


def test_numbers_of_people_are_masked_before_they_are_kept(person: Kept) -> None:
    (effect,) = after(person, "sđt 0912345678 cho xyzzy")
    assert isinstance(effect, Missed)
    assert "0912345678" not in effect.text


def test_the_commune_goes_with_it_when_it_is_known(person: Kept) -> None:
    person.session = person.session.model_copy(update={"commune": "00004"})
    (effect,) = after(person, LOST)
    assert isinstance(effect, Missed)
    assert effect.commune == "00004"


def test_what_we_know_by_name_only_is_kept(person: Kept) -> None:
    assert after(person, "đánh cá ngoài khơi") == (Missed("đánh cá ngoài khơi", Vain.UNKNOWN, (ABSENT[0],)),)


@pytest.mark.parametrize("said", ["làm khai sinh", "chào em", "giấy tờ nhà", "giá vàng hôm nay", "đồ ngu"])
def test_what_has_an_answer_or_is_no_question_is_not_kept(person: Kept, said: str) -> None:
    assert after(person, said) == ()


def test_an_offer_that_is_taken_is_not_kept(person: Kept) -> None:
    assert after(person, "giấy tờ nhà", "2") == ()


def test_an_offer_left_for_another_matter_is_kept_with_what_was_offered(person: Kept) -> None:
    kept = after(person, "giấy tờ nhà", "làm khai sinh")
    assert kept == (Missed("giấy tờ nhà", Vain.OFFER, ("1.012345", "1.002801")),)


def test_none_of_these_is_kept_once_however_often_it_is_said(person: Kept) -> None:
    person.says("giấy tờ nhà")
    person.presses("none")
    kept = [person.effects]
    person.presses("none")
    kept.append(person.effects)
    assert kept == [(Missed("giấy tờ nhà", Vain.OFFER, ("1.012345", "1.002801")),), ()]
    assert after(person, "làm khai sinh") == ()


def test_not_this_procedure_is_kept(person: Kept) -> None:
    person.says("làm khai sinh")
    person.presses("reject:1.001193")
    assert person.effects == (Missed("làm khai sinh", Vain.WRONG, ("1.001193",)),)


def test_asking_again_about_one_side_is_counted(person: Kept) -> None:
    assert after(person, "làm khai sinh", "lệ phí bao nhiêu") == (
        Missed("lệ phí bao nhiêu", Vain.FOLLOWUP, ("1.001193",)),
    )
    assert person.session.missed is None


def test_who_wants_to_be_told_is_and_may_change_their_mind(person: Kept) -> None:
    message = person.says(LOST)
    assert missed.TELL_ME in labels(message)
    wish = next(action for action in actions(message) if action and action.startswith("wish:"))
    message = person.presses(wish)
    assert LOST in message.body
    assert person.effects == (Wish(LOST),)
    assert person.presses(actions(message)[0] or "").body == missed.WILL_NOT_TELL
    assert person.effects == (Wish(LOST, off=True),)


def test_the_wish_is_about_its_own_question_also_when_another_was_asked_since(person: Kept) -> None:
    wish = Action(Verb.WISH, digest(LOST)).payload()
    person.says(LOST)
    person.says("làm khai sinh")
    person.presses(wish)
    assert person.effects == (Wish(LOST),)


def test_a_button_of_a_question_long_gone_says_so(person: Kept) -> None:
    assert person.presses(Action(Verb.WISH, digest("gì đó")).payload()).body == missed.TOO_LATE
    assert person.effects == ()


def test_a_command_can_be_in_vain_too(person: Kept) -> None:
    person.does(Turn(TurnKind.COMMAND, LOST, "tracuu"))
    assert [type(effect) for effect in person.effects] == [Missed]


def test_news_come_when_the_question_finds_the_procedure() -> None:
    known = services({LOST: answer(BIRTH.code)})
    message = missed.news(LOST, BIRTH.code, known)
    assert message is not None
    assert LOST in message.body
    assert actions(message) == [f"show:{BIRTH.code}"]


def test_news_come_when_what_staff_added_is_published() -> None:
    known = services(MORE)
    assert missed.news(LOST, BIRTH.code, known) is None
    assert missed.news(LOST, BIRTH.code, known, published=True) is not None


def test_there_are_no_news_of_what_is_not_in_force() -> None:
    known = services(MORE)
    assert missed.news(LOST, "9.999999", known, published=True) is None
    assert missed.news(LOST, "1.000001", known, published=True) is None


def test_words_of_a_person_are_shown_as_words() -> None:
    message = missed.news("<b>x</b>", BIRTH.code, replace(services(MORE)), published=True)
    assert message is not None
    assert "<b>x</b>" not in message.body
