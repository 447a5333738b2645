from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dossiers.report import VIETNAM, Payment, Report, Step
from bot.dossiers.simulator import answers, story
from bot.dossiers.simulator.faults import mangled
from bot.dossiers.simulator.pointing import sources
from bot.dossiers.sources import entries
from bot.dossiers.sources.answer import Response
from bot.dossiers.sources.anyjson import AnyJson
from bot.dossiers.sources.client import Request
from bot.dossiers.sources.igate import IGate
from bot.dossiers.sources.national import National
from bot.dossiers.sources.source import Source
from bot.dossiers.status import Status
from bot.errors import SourceError, SourceRefused, SourceUnreadable
from tests.bot.dossiers.sources.doubles import CODE, NOW, READER, Answering, Clock
from tests.bot.dossiers.sources.test_values import ANYTHING

NATIONAL, IGATE, JSON = entries.read(sources("http://127.0.0.1:1"), {}, "thử")
LOGIN = {"error_code": 0, "session": "phiên"}


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=VIETNAM)


def national(answer: Any, clock: Clock | None = None) -> tuple[National, Answering]:
    """A national source that logs in, and then hears ``answer``, or what ``answer`` returns."""

    def told(request: Request) -> Any:
        if "login" in request.url:
            return LOGIN
        return answer(request) if callable(answer) else answer

    assert isinstance(NATIONAL, entries.National)
    client = Answering(told, clock)
    return National(NATIONAL, client, READER), client


def igate(answer: Any) -> IGate:
    assert isinstance(IGATE, entries.IGate)
    token = {"access_token": "t", "expires_in": 300}
    return IGate(IGATE, Answering(lambda request: token if "token" in request.url else answer), READER)


def anyjson(answer: Any, entry: entries.AnyJson | None = None) -> AnyJson:
    assert isinstance(JSON, entries.AnyJson)
    return AnyJson(entry or JSON, Answering(lambda _: answer), READER)


def noting(sent: list[Request], answer: object) -> Callable[[Request], object]:
    """Keep each request, and answer it."""

    def told(request: Request) -> object:
        sent.append(request)
        return answer

    return told


DOSSIER = {
    "MaHoSo": CODE,
    "MaTTHC": "1.001193",
    "TenTTHC": "Thủ tục đăng ký khai sinh",
    "ChuHoSo": "Nguyễn Thí Dụ",
    "NgayTiepNhan": "20261115080000",
    "NgayHenTra": "20261120080000",
    "TrangThaiHoSo": "5",
    "NgayTra": "",
    "DonViXuLy": "UBND phường Thí Dụ",
    "GhiChu": "ghi chú",
    "SoDienThoai": "0900000123",
    "DinhDanhCHS": [{"LoaiDinhDanh": "1", "SoDinhDanh": "001099004567"}],
    "DanhSachHoSoBoSung": [
        {"NoiDungBoSung": "cũ", "NgayTiepNhanBoSung": "20261116080000", "NgayHenTraMoi": "20261121080000"},
        {
            "NoiDungBoSung": "Bổ sung giấy tờ",
            "NgayTiepNhanBoSung": "",
            "DanhSachGiayToBoSung": [{"TenGiayTo": "Giấy chứng sinh"}, {"TenTepDinhKem": "Tờ khai.pdf"}, {}],
            "DanhSachLePhiBoSung": [{"TenPhiLePhi": "Phí thêm", "Gia": "5.000"}],
        },
        {"NoiDungBoSung": "Bản chính để đối chiếu"},
    ],
    "KenhThucHien": "2",
    "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "Gia": "8000"}, {"TenPhiLePhi": "", "Gia": "?"}],
}
STEPS = [
    {"MaHoSo": CODE, "ThoiDiemXuLy": "20261116080000", "NoiDungXuLy": "", "TrangThai": "4", "PhongBanXuLy": "Tư pháp"},
    {"MaHoSo": CODE, "ThoiDiemXuLy": "20261115080000", "NoiDungXuLy": "Tiếp nhận", "NguoiXuLy": "Cán bộ A"},
]


async def test_national_fields_become_a_report() -> None:
    source, _ = national({"error_code": "00", "result": [DOSSIER, *STEPS]})
    assert await source.look_up(CODE) == Report(
        code=CODE,
        source=source.name,
        read_at=NOW,
        status=Status.SUPPLEMENT,
        procedure_code="1.001193",
        procedure_name="Thủ tục đăng ký khai sinh",
        received=at(15),
        due=at(20),
        new_due=at(21),
        agency="UBND phường Thí Dụ",
        owner="Nguyễn Thí Dụ",
        missing=("Giấy chứng sinh", "Tờ khai.pdf", "Bản chính để đối chiếu"),
        money=(Payment("Lệ phí", 8000), Payment("Phí thêm", 5000)),
        steps=(Step(at(15), "Tiếp nhận", who="Cán bộ A"), Step(at(16), "Đang xử lý", "Tư pháp")),
        note="ghi chú",
        proofs=("0123", "4567"),
        online=True,
    )


async def test_national_progress_may_stand_in_the_dossier() -> None:
    source, _ = national({"error_code": 0, "result": {**DOSSIER, "TienDo": STEPS}})
    found = await source.look_up(CODE)
    assert found
    assert [step.at for step in found.steps] == [at(15), at(16)]


async def test_national_sends_what_the_exchange_asks_for() -> None:
    sent: list[Request] = []
    source, _ = national(noting(sent, {"error_code": 0, "result": []}))
    assert await source.look_up(CODE) is None
    assert sent[0].body == {"session": "phiên", "madonvi": "000.99.99.H48", "service": "TraCuuHoSo", "mahoso": CODE}
    assert sent[0].headers["dstcode"] == "VN:MO:PHONG"


@pytest.mark.parametrize("result", [[], None, ""])
async def test_national_has_no_such_dossier(result: object) -> None:
    source, _ = national({"error_code": "0", "result": result})
    assert await source.look_up(CODE) is None


@pytest.mark.parametrize(
    "answer",
    [
        {"error_code": "0"},
        {"result": 7, "error_code": "0"},
        {"error_code": "0", "result": [{**DOSSIER, "MaHoSo": "H48-261115-9999"}]},
        {"error_code": "0", "result": [{}]},
        {"error_code": "0", "result": ["lạ"]},
        {"error_code": "99", "result": []},
        [],
        None,
        "OK",
    ],
)
async def test_national_answers_that_are_none(answer: object) -> None:
    source, client = national(answer)
    with pytest.raises(SourceUnreadable):
        await source.look_up(CODE)
    assert client.refused == 0


async def test_national_error_code_that_the_entry_calls_missing() -> None:
    assert isinstance(NATIONAL, entries.National)
    entry = NATIONAL.model_copy(update={"missing_codes": ("-7",)})
    client = Answering(lambda request: LOGIN if "login" in request.url else {"error_code": -7})
    assert await National(entry, client, READER).look_up(CODE) is None


@pytest.mark.parametrize("expired", [{"error_code": "-2"}, Response(401, None)])
async def test_national_logs_in_again_once_when_an_old_session_has_expired(expired: object) -> None:
    clock, replies = Clock(), [{"error_code": 0, "result": [DOSSIER]}, expired, {"error_code": 0, "result": [DOSSIER]}]
    source, _ = national(lambda _: replies.pop(0), clock)
    await source.look_up(CODE)
    clock.now += 600
    assert await source.look_up(CODE)
    assert not replies


async def test_national_error_of_a_new_session_is_believed() -> None:
    sent: list[Request] = []
    source, _ = national(noting(sent, {"error_code": "5"}))
    for _ in range(3):
        with pytest.raises(SourceUnreadable):
            await source.look_up(CODE)
    assert len(sent) == 3


async def test_national_that_calls_each_new_session_expired_is_left_alone() -> None:
    """It says so with 200: without this each look-up would log in anew."""
    source, client = national({"error_code": "401", "message": "Session expired", "result": None})
    with pytest.raises(SourceRefused):
        await source.look_up(CODE)
    assert client.refused == 1


async def test_national_that_lists_a_dossier_twice_is_read_by_the_newest() -> None:
    done = {**DOSSIER, "TrangThaiHoSo": 10, "NgayTra": "20261119080000", "DanhSachHoSoBoSung": []}
    for result in ([DOSSIER, done, *STEPS], [done, *STEPS, DOSSIER]):
        found = await national({"error_code": 0, "result": result})[0].look_up(CODE)
        assert found
        assert (found.status, len(found.steps)) == (Status.RETURNED, 2)


async def test_national_that_accepts_no_session_is_left_alone() -> None:
    source, client = national(Response(403, None))
    with pytest.raises(SourceRefused):
        await source.look_up(CODE)
    assert client.refused == 1


@pytest.mark.parametrize("login", [{"error_code": 1, "session": "x"}, {"error_code": 0}, {"session": ["x"]}, None])
async def test_national_login_refused(login: object) -> None:
    assert isinstance(NATIONAL, entries.National)
    client = Answering(lambda _: login)
    with pytest.raises(SourceRefused):
        await National(NATIONAL, client, READER).look_up(CODE)
    assert client.refused == 1


SLICE = {
    "code": CODE,
    "applicant": {"data": {"fullname": "Trần Minh Họa", "phoneNumber": "0900000123"}},
    "procedure": {"translate": {"0": {"name": "Đăng ký thường trú"}}},
    "statusCurrentTask": "Đang xử lý",
    "applyMethod": {"name": "Trực tuyến"},
    "appliedDate": "2026-11-15T01:00:00.000+0000",
    "appointmentDate": "2026-11-20T01:00:00.000+0000",
    "completedDate": None,
}


async def test_igate_fields_become_a_report() -> None:
    source = igate({"content": [{"code": CODE + "9"}, SLICE], "last": True})
    assert await source.look_up(CODE) == Report(
        code=CODE,
        source=source.name,
        read_at=NOW,
        status=Status.PROCESSING,
        status_text="Đang xử lý",
        procedure_name="Đăng ký thường trú",
        due=at(20),
        owner="Trần Minh Họa",
        steps=(Step(at(15), "Nộp hồ sơ (Trực tuyến)"),),
        proofs=("0123",),
    )


async def test_igate_status_in_words_that_name_none_of_the_ten_stays_words() -> None:
    found = await igate({"content": [{**SLICE, "statusCurrentTask": {"name": "Chờ xếp lịch"}}]}).look_up(CODE)
    assert found
    assert (found.status, found.status_text) == (None, "Chờ xếp lịch")


async def test_igate_names_in_several_languages_are_read_in_vietnamese() -> None:
    names = [{"languageId": 46, "name": "Processing"}, {"languageId": 228, "name": "Đang xử lý"}]
    told = {**SLICE, "statusCurrentTask": {"id": 2, "name": names}, "procedure": {"translate": names}}
    found = await igate({"content": [told]}).look_up(CODE)
    assert found
    assert (found.status, found.procedure_name) == (Status.PROCESSING, "Đang xử lý")


async def test_igate_has_no_such_dossier() -> None:
    assert await igate({"content": []}).look_up(CODE) is None
    assert await igate({"content": [{**SLICE, "code": "H26-261115-0001"}]}).look_up(CODE) is None


@pytest.mark.parametrize("content", [[{**SLICE, "code": None}], [{"x": 1}], ["a"], [[]]])
async def test_igate_dossiers_without_a_code_do_not_say_that_there_is_none(content: list[object]) -> None:
    with pytest.raises(SourceUnreadable):
        await igate({"content": content}).look_up(CODE)


async def test_igate_goes_on_to_the_next_slice() -> None:
    others = [{"code": f"{CODE}{number}"} for number in range(10)]
    pages = [{"content": others, "last": False}, {"content": [SLICE], "last": True}]
    assert isinstance(IGATE, entries.IGate)
    seen: list[Request] = []

    def answer(request: Request) -> object:
        if "token" in request.url:
            return {"access_token": "t"}
        seen.append(request)
        return pages.pop(0)

    assert await IGate(IGATE, Answering(answer), READER).look_up(CODE)
    assert [(request.params or {})["page"] for request in seen] == ["0", "1"]


async def test_igate_that_never_ends_is_unreadable() -> None:
    others = [{"code": f"{CODE}{number}"} for number in range(10)]
    with pytest.raises(SourceUnreadable):
        await igate({"content": others, "last": False}).look_up(CODE)


@pytest.mark.parametrize("answer", [None, {}, {"content": None}, {"content": {"code": CODE}}])
async def test_igate_answers_that_are_none(answer: object) -> None:
    with pytest.raises(SourceUnreadable):
        await igate(answer).look_up(CODE)


async def test_igate_gets_a_new_token_when_the_old_is_refused() -> None:
    assert isinstance(IGATE, entries.IGate)
    replies: list[object] = [{"access_token": "1"}, Response(401, None), {"access_token": "2"}, {"content": [SLICE]}]
    assert await IGate(IGATE, Answering(lambda _: replies.pop(0)), READER).look_up(CODE)


async def test_igate_with_a_fixed_token_that_is_refused() -> None:
    assert isinstance(IGATE, entries.IGate)
    entry = IGATE.model_copy(update={"token": "t"})
    client = Answering(lambda _: Response(401, None))
    with pytest.raises(SourceRefused):
        await IGate(entry, client, READER).look_up(CODE)
    assert client.refused == 1


def json_answer(**more: object) -> dict[str, Any]:
    return {"hoSo": {"ma": CODE, "trangThai": "PAYMENT", "henTra": "2026-11-20T08:00:00", **more}}


async def test_json_is_read_by_its_mapping() -> None:
    answer = json_answer(khoanThu=[{"ten": "Lệ phí", "soTien": 8000}], conThieu=["Tờ khai"])
    source = anyjson(answer | {"quaTrinh": [{"luc": "2026-11-15T08:00:00", "viec": "Tiếp nhận"}]})
    assert await source.look_up(CODE) == Report(
        code=CODE,
        source=source.name,
        read_at=NOW,
        status=Status.PAYMENT,
        status_text="PAYMENT",
        due=at(20),
        missing=("Tờ khai",),
        money=(Payment("Lệ phí", 8000),),
        steps=(Step(at(15), "Tiếp nhận"),),
    )


async def test_json_status_outside_the_table_is_not_guessed() -> None:
    found = await anyjson(json_answer(trangThai="7")).look_up(CODE)
    assert found
    assert (found.status, found.status_text) == (None, "7")


async def test_json_status_404_means_no_dossier() -> None:
    assert await anyjson(Response(404, None)).look_up(CODE) is None


async def test_json_may_say_itself_that_there_is_none() -> None:
    assert isinstance(JSON, entries.AnyJson)
    mapping = JSON.mapping.model_copy(update={"found": "hoSo"})
    assert await anyjson({"hoSo": None}, JSON.model_copy(update={"mapping": mapping})).look_up(CODE) is None


async def test_json_of_another_dossier_is_never_told() -> None:
    with pytest.raises(SourceUnreadable):
        await anyjson(json_answer(ma="H44-261115-0001")).look_up(CODE)


async def test_json_puts_the_code_where_the_entry_says() -> None:
    assert isinstance(JSON, entries.AnyJson)
    sent: list[Request] = []
    entry = JSON.model_copy(update={"method": "POST", "url": "https://a/{code}", "body": {"q": [{"ma": "{code}!"}]}})
    client = Answering(noting(sent, Response(404, None)))
    await AnyJson(entry, client, READER).look_up("03706/2026/07906")
    assert sent[0].url == "https://a/03706%2F2026%2F07906"
    assert sent[0].body == {"q": [{"ma": "03706/2026/07906!"}]}


DOSSIERS = {d.code: d for d in story.dossiers(NOW, 3, 1440)}
WHOLE: list[tuple[Callable[[Any], Source], Callable[[story.Dossier], Any]]] = [
    (lambda answer: national(answer)[0], lambda d: {"error_code": "0", "result": answers.national(d, NOW)}),
    (igate, lambda d: {"content": [answers.igate(d, NOW)], "last": True}),
    (anyjson, lambda d: answers.plain(d, NOW)),
]


async def survives(source: Source, code: str) -> Report | None:
    """Ask, and check that what comes out can be stored and holds nothing of a wrong type."""
    try:
        found = await source.look_up(code)
    except SourceError:
        return None
    if found is not None:
        assert found.code == code
        assert found.status is None or isinstance(found.status, Status)
        repr(found).encode()
        assert "\\x00" not in repr(found)
        for when in (found.received, found.due, found.new_due, found.finished, *(step.at for step in found.steps)):
            assert when is None or when.tzinfo is VIETNAM
        assert all(payment.amount is None or payment.amount >= 0 for payment in found.money)
    return found


@pytest.mark.parametrize("kind", range(3))
@given(answer=ANYTHING)
async def test_any_json_at_all_is_survived(kind: int, answer: Any) -> None:
    await survives(WHOLE[kind][0](answer), CODE)


@pytest.mark.parametrize("kind", range(3))
@given(seed=st.integers(0, 10**6), kept=st.booleans())
@settings(max_examples=150)
async def test_an_answer_with_wrong_types_everywhere_is_survived(kind: int, seed: int, kept: bool) -> None:
    make, whole = WHOLE[kind]
    chance = Random(seed)
    dossier = chance.choice(list(DOSSIERS.values()))
    answer = mangled(whole(dossier), chance)
    if kept:  # the way to the dossier is right, so that its fields are reached
        answer = restored(answer, whole(dossier))
    await survives(make(answer), dossier.code)


def restored(answer: Any, right: Any) -> Any:
    """Put back what leads to the dossier: error code, lists, codes."""
    if isinstance(right, dict) and isinstance(answer, dict):
        keys = {"error_code", "MaHoSo", "code", "ma", "last"}
        return {name: right[name] if name in keys else restored(answer.get(name), right[name]) for name in right}
    if isinstance(right, list) and right:
        mangled_items = answer if isinstance(answer, list) and len(answer) == len(right) else right
        return [restored(one, other) for one, other in zip(mangled_items, right, strict=True)]
    return answer


@pytest.mark.parametrize("kind", range(3))
@given(data=st.data())
async def test_one_field_of_any_type_is_survived_and_the_others_are_told(kind: int, data: st.DataObject) -> None:
    make, whole = WHOLE[kind]
    dossier = data.draw(st.sampled_from(list(DOSSIERS.values())))
    answer = whole(dossier)
    holder = data.draw(st.sampled_from(list(holders(answer))))
    name = data.draw(st.sampled_from(sorted(set(holder) - {"code", "ma", "MaHoSo"})) | st.just("x"))
    holder[name] = data.draw(ANYTHING)
    await survives(make(answer), dossier.code)


def holders(value: Any) -> list[dict[str, Any]]:
    """Return all objects in JSON."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [holder for each in inner for holder in holders(each)]
    return [value, *found] if isinstance(value, dict) else found
