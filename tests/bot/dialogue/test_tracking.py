from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.dialogue import dossier, question, tracking
from bot.dialogue.action import Action, Verb
from bot.dialogue.conversation import respond
from bot.dialogue.effect import Follow, LookUp, Unfollow
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Turn, TurnKind
from bot.dossiers.dates import Quiet
from bot.dossiers.status import Status
from knowledge.matching import Facet, Match, Outcome
from tests.bot.dialogue import records
from tests.bot.dossiers.desk import report

CODE = "000.00.53.H48-261102-0099"
OTHER = "H26.149-261102-00100"
SERVICES = replace(records.services(), look_ups=True, clock=lambda: datetime(2026, 11, 23, 12))
ASKED = Session(dossier=CODE)


@pytest.mark.parametrize(
    ("said", "proof"),
    [
        (CODE, None),
        (f"hồ sơ {CODE} tới đâu rồi", None),
        ("mã hồ sơ 000 00 53 h48 261102 0099 của tôi nộp năm 2026", None),
        ("sđt tôi gửi rồi, mã 000 00 53 h48-261102-0099", None),
        (f"{CODE} số cuối 5678", "5678"),
        (f"{CODE}, cccd: 5678", "5678"),
        (f"{CODE} 4 so cuoi la 5678.", "5678"),
        (f"{CODE} 5678", "5678"),
        (f"hồ sơ {CODE}, 5678.", "5678"),
        ("000 00 53 h48 261102 0099 5678", "5678"),
        ("000 00 53 h48 261102 0099", None),
        (f"{CODE} nộp ngày 2026", None),
        (f"{CODE} 56789", None),
    ],
)
def test_a_code_is_looked_up_with_the_proof_beside_it(said: str, proof: str | None) -> None:
    found = tracking.read(said, Session(), SERVICES)
    assert found
    assert found[0].effects == (LookUp(CODE, proof),)
    assert found[1].dossier == CODE


@pytest.mark.parametrize(
    "said", ["5678", " 5 6 7 8", "“5678”.", "số cuối là 5678", "CCCD số cuối: 5678", "sđt 5678 ạ"[:8]]
)
def test_four_digits_prove_the_dossier_asked_for_last(said: str) -> None:
    found = tracking.read(said, ASKED, SERVICES)
    assert found
    assert found[0].effects == (LookUp(CODE, "5678"),)
    assert tracking.read(said, Session(), SERVICES) is None


@pytest.mark.parametrize(
    "said",
    [
        "2",
        "567",
        "56789",
        "cuối năm 2026 nộp thuế gì",
        "năm 2026",
        "đổi bằng lái 2026",
        "1.001193",
        "cccd 001090123456",
    ],
)
def test_other_numbers_are_no_proof(said: str) -> None:
    assert tracking.read(said, ASKED, SERVICES) is None


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        ("theo dõi", Follow(CODE)),
        ("Theo dõi hồ sơ này", Follow(CODE)),
        ("theo doi giup toi nhe", Follow(CODE)),
        ("cho tôi theo dõi hồ sơ này với", Follow(CODE)),
        ("khi nào có kết quả thì báo cho tôi", Follow(CODE)),
        ("báo em khi có tin mới nhé", Follow(CODE)),
        ("Thôi theo dõi", Unfollow(CODE)),
        ("ngừng theo dõi hồ sơ này", Unfollow(CODE)),
        ("không theo dõi nữa", Unfollow(CODE)),
        ("đừng nhắn cho tôi nữa", Unfollow(CODE)),
    ],
)
def test_what_the_buttons_say_may_be_typed(said: str, effect: object) -> None:
    found = tracking.read(said, ASKED, SERVICES)
    assert found
    assert found[0].effects == (effect,)
    assert tracking.read(said, Session(), SERVICES) is None


@pytest.mark.parametrize(
    "said",
    ["sổ theo dõi", "lập sổ theo dõi", "ai theo dõi hộ kinh doanh", "không nhận được", "báo mất căn cước", "báo tử"],
)
def test_other_words_follow_nothing(said: str) -> None:
    assert tracking.read(said, ASKED, SERVICES) is None


def test_several_codes_are_all_looked_up() -> None:
    found = tracking.read(f"{CODE} và {OTHER}", Session(), SERVICES)
    assert found
    assert found[0].effects == (LookUp(CODE), LookUp(OTHER))


@pytest.mark.parametrize(
    ("verb", "effect"),
    [(Verb.TRACK, LookUp(CODE)), (Verb.FOLLOW, Follow(CODE)), (Verb.UNFOLLOW, Unfollow(CODE))],
)
def test_buttons(verb: Verb, effect: object) -> None:
    reply, session = tracking.act(Action(verb, detail=CODE), Session(), SERVICES)
    assert reply.effects == (effect,)
    assert bool(reply.messages) is (verb is Verb.UNFOLLOW)
    assert session.dossier == (None if verb is Verb.UNFOLLOW else CODE)


@pytest.mark.parametrize("code", ["00000", "H48-991102-0001", "..-..-..", f"{CODE}.{CODE}"[:40]])
def test_a_forged_button_looks_nothing_up(code: str) -> None:
    reply, _ = tracking.act(Action(Verb.TRACK, detail=code), Session(), SERVICES)
    assert not reply.effects
    assert "mã hồ sơ" in reply.messages[0].body


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]


@pytest.mark.parametrize("code", [records.BIRTH.code, f"{records.BIRTH.code}.000.00.00.H48"])
def test_papers_asked_for_lead_the_applicant_to_the_checklist(code: str) -> None:
    asked = report(CODE, Status.SUPPLEMENT, procedure_code=code)
    for message in (
        tracking.answer(asked, SERVICES, whole=True, followed=False),
        tracking.news(tracking.CHANGED, asked, SERVICES, whole=True),
    ):
        assert Button(tracking.CHECKLIST, Action(Verb.CASE, records.BIRTH.code).payload()) in message.buttons[0]
    for other, whole in (
        (asked, False),
        (replace(asked, procedure_code="9.999999"), True),
        (replace(asked, procedure_code=None), True),
        (replace(asked, status=Status.PROCESSING), True),
    ):
        assert tracking.CHECKLIST not in labels(tracking.answer(other, SERVICES, whole=whole, followed=False))


def test_what_is_only_known_from_before_comes_with_the_official_page() -> None:
    old = report(CODE, fresh=False)
    answer = tracking.answer(old, SERVICES, whole=False, followed=False, link="https://tra-cuu.example.vn")
    assert answer.buttons[-1] == (Button(tracking.OFFICIAL, url="https://tra-cuu.example.vn"),)
    assert tracking.OFFICIAL in labels(tracking.answer(old, SERVICES, whole=False, followed=False))
    assert tracking.OFFICIAL not in labels(tracking.answer(report(CODE), SERVICES, whole=False, followed=False))


def test_a_result_to_collect_comes_with_opening_hours() -> None:
    sunday = replace(SERVICES, clock=lambda: datetime(2026, 11, 22, 9, 0))
    body = tracking.answer(report(CODE, Status.DONE), sunday, whole=False, followed=False).body
    assert "07:30–11:30, 13:30–17:00" in body
    assert "mở lại 07:30 thứ Hai 23/11" in body
    monday = replace(SERVICES, clock=lambda: datetime(2026, 11, 23, 9, 0))
    assert "mở lại" not in tracking.answer(report(CODE, Status.DONE), monday, whole=False, followed=False).body
    assert "13:30" not in tracking.answer(report(CODE, Status.PROCESSING), monday, whole=True, followed=False).body


def test_quiet_hours_are_told_as_they_are_set() -> None:
    for quiet, words in ((Quiet(22, 6), "Từ 22 giờ đến 6 giờ"), (Quiet(0, 0), None)):
        body = tracking.followed(report(CODE), replace(SERVICES, quiet=quiet), already=False).body
        assert words in body if words else "không nhắn" not in body


def test_how_far_it_is_with_a_number_of_a_person_says_that_it_is_not_kept() -> None:
    said = "hồ sơ của 0912345678 tới đâu rồi"
    given = replace(records.services({said: Match(Outcome.UNKNOWN, facets=(Facet.STATUS,), bare=True)}), look_ups=True)
    reply, _ = respond(Turn(TurnKind.TEXT, said), ASKED, given)
    assert [message.body for message in reply.messages] == [f"<i>{question.PRIVATE}</i>"]
    assert reply.effects == (LookUp(CODE),)


@pytest.mark.parametrize("said", ["hồ sơ tới đâu rồi", "mất bao lâu nữa"])
def test_how_far_it_is_looks_the_last_dossier_up_again(said: str) -> None:
    lines = {"hồ sơ tới đâu rồi": records.bare(Facet.STATUS), "mất bao lâu nữa": records.bare(Facet.TIME)}
    given = replace(records.services(lines), look_ups=True)
    reply, _ = respond(Turn(TurnKind.TEXT, said), ASKED, given)
    assert reply.effects == (LookUp(CODE),)
    about = ASKED.model_copy(update={"focus": records.BIRTH.code})
    if said != "hồ sơ tới đâu rồi":
        assert respond(Turn(TurnKind.TEXT, said), about, given)[0].effects != (LookUp(CODE),)
    assert not respond(Turn(TurnKind.TEXT, said), Session(), given)[0].effects


@pytest.mark.parametrize("said", ["không có mã", "tôi làm mất giấy hẹn rồi", "ma ho so o dau", "quên mã hồ sơ rồi"])
def test_who_has_no_code_is_told_where_it_stands(said: str) -> None:
    lines = {said: Match(Outcome.UNKNOWN, elsewhere=("1.014776", "Cấp mã số vùng trồng"))}
    body = respond(Turn(TurnKind.TEXT, said), Session(), records.services(lines))[0].messages[0].body
    assert "giấy tiếp nhận và hẹn trả kết quả" in body


@pytest.mark.parametrize("said", ["không có mã số thuế thì đăng ký ở đâu", "quên mã pin", "xin mã số định danh"])
def test_other_codes_are_not_taken_for_that_of_a_dossier(said: str) -> None:
    assert dossier.without_code(said, records.services()) is None
