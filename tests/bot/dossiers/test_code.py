"""The grammar of dossier codes: found however typed, never seen where there is none."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.dossiers import units
from bot.dossiers.code import Code, Kind, Part, national, parse

TODAY = date(2026, 11, 22)
QUANG_NGAI = "000.00.53.H48-220921-0099"


def found(text: str) -> list[str]:
    return [code.code for code in parse(text, TODAY).codes]


@pytest.mark.parametrize(
    "typed",
    [
        QUANG_NGAI,
        "hồ sơ 000.00.53.h48-220921-0099 tới đâu rồi",
        "000 00 53 H48 220921 0099",
        "0000053H482209210099",
        "OOO.oo.53.H48–22O921–oo99",
        "000..00.53.H48--220921---0099",
        "000.00.53.H48 - 220921 - 0099.",
        "mã hs000.00.53.H48-220921-0099lần 2",
        "000,00,53,H48_220921_0099",
        "０００.００.５３.Ｈ４８－２２０９２１－００９９",
    ],
)
def test_one_code_however_typed(typed: str) -> None:
    assert found(typed) == [QUANG_NGAI]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("h48-220921-0099", "H48-220921-0099"),
        ("H48 .12 - 220921 - 00991", "H48.12-220921-00991"),
        ("h26.l49-2510l2-000005", "H26.149-251012-000005"),
        ("G01.899.108.000-230511-0001", "G01.899.108.000-230511-0001"),
        ("000.00.53.H48-220921-0099-12345", "000.00.53.H48-220921-0099-12345"),
        ("H48-22 09 21-0099", "H48-220921-0099"),
        ("H48-220921-0099 12345 hộ", "H48-220921-0099"),
        ("H48 220921 0099 12345", "H48-220921-0099-12345"),
        ("2.H48-220921-0099", "H48-220921-0099"),
        ("o37O6 / 2026 / o79O6", "03706/2026/07906"),
        ("03706 2026 07906", "03706/2026/07906"),
        ("000.00.53.H48/220921/0099/12345", "000.00.53.H48-220921-0099-12345"),
        ("H48 / 220921 / 0099", "H48-220921-0099"),
        ("https://a.vn/123/45/67/H48-220921-0099/12345", "H48-220921-0099"),
        ("H39.3771706033969", "H39.377-170603-3969"),
        ("H01.20.362011202055", "H01.20.36-201120-2055"),
        ("tầng 3 0000053H48-220921-0099", "000.00.53.H48-220921-0099"),
        ("000.0053.H48-220921-0099", "000.00.53.H48-220921-0099"),
    ],
)
def test_other_forms(typed: str, code: str) -> None:
    assert found(typed) == [code]


@pytest.mark.parametrize(
    "before",
    [
        "hộ chiếu C1234567 ",
        "B0012345. ",
        "039-223-6174. ",
        "sđt 030-351-6993\n",
        "091-001-2345 ",
        "091 234 5678 ",
        "9h30 ",
        "Luật 91/2025/QH15 250606\n",
    ],
)
@pytest.mark.parametrize("code", ["H48-220921-0099", "H48.12-220921-0099", "H26.149-220921-0099-12345"])
def test_numbers_of_something_else_are_no_part_of_a_unit(before: str, code: str) -> None:
    assert found(before + code) == [code]


@pytest.mark.parametrize(
    "typed",
    [
        "H48-22092-10099",
        "H48-2209213-4148",
        "H48.120-22060-26202",
        "H15 17041 841451",
        "H48-220921-99763593. 2 bản",
        "H48-220921-301 2 bản",
        "H48-220921-4746-92",
        "H48-220921-604230-114",
        "H48.2211111111099",
        "H48-220921-0099-1234. 0h",
        "2023/QH15 250606\n0000",
    ],
)
def test_digits_never_move_over_a_sign_to_make_another_code(typed: str) -> None:
    """What is mistyped may be the dossier of somebody else when it is cut otherwise: better to ask again."""
    assert found(typed) == []


def test_parts_of_a_code() -> None:
    assert parse("h26.149-251012-0005-00017", TODAY).codes == (
        Code(
            "H26.149-251012-0005-00017",
            Kind.NATIONAL,
            "H26.149",
            "thành phố Hà Nội",
            date(2025, 10, 12),
            "0005",
            "00017",
        ),
    )
    assert parse("03706/2026/07906", TODAY).codes == (
        Code("03706/2026/07906", Kind.SOCIAL_INSURANCE, "03706", "Bảo hiểm xã hội", None, "07906"),
    )


def test_several_codes_in_order_each_once() -> None:
    text = f"{QUANG_NGAI} 000.00.53.H48-220921-0100, H15-260101-0001 và {QUANG_NGAI.lower()}"
    assert found(text) == [QUANG_NGAI, "000.00.53.H48-220921-0100", "H15-260101-0001"]


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "gọi 0912 345 678 giúp",
        "cccd 001205123456",
        "H15 001205123456",
        "H15 0912345678",
        "hộ chiếu G12345678, B1234567, H1234567",
        "1.001193",
        "thủ tục 1.011442.000.00.00.H38 cần gì",
        "20/10/2026",
        "sinh ngày 20-10-1990 và 201026",
        "xe 29H-123.45 và 51G1-234.56",
        "8h30-11h30 hoặc 17h00 22.11.2026",
        "nghị định 118/2025/NĐ-CP, 61/2018/NĐ-CP",
        "lệ phí 250000-300000 đồng",
        "hội nghị G20 năm 2026",
        "đăng ký khai sinh ở H48 cần giấy tờ gì",
        "mẫu TH04-2023",
        "phòng H29.210.12 ở đâu",
        "thủ tục 1.001193.000.00.00.H01 0912345678",
        "thủ tục 2.012678.H26 031-733-4053",
        "thủ tục 1.001193.000.00.00.H01. 12/05/2026",
        "nộp 9h30 220828",
        "8h30. 0912 345 678",
        "số H12/2024/KS, công văn H48/1234",
        "",
    ],
)
def test_other_numbers_are_neither_codes_nor_nearly(text: str) -> None:
    reading = parse(text, TODAY)
    assert (reading.codes, reading.problems) == ((), ())


@pytest.mark.parametrize(
    ("typed", "part", "named"),
    [
        ("H48-291201-0099", Part.DATE, "chưa tới"),
        ("H48-261123-0099", Part.DATE, "23/11/2026"),
        ("H48-221321-0099", Part.DATE, "tháng 13"),
        ("H48-230229-0099", Part.DATE, "29/2/2023"),
        ("H48-090229-0099", Part.DATE, "29/2/2009"),
        ("H48-090228-0099", Part.DATE, "2009"),
        ("H48-22092-0099", Part.DATE, "5 số"),
        ("H48-0099", Part.DATE, "Thiếu phần ngày"),
        ("000.00.53.H48", Part.DATE, "Thiếu phần ngày"),
        ("H48-220921", Part.NUMBER, "Thiếu phần số"),
        ("H48-220921-099", Part.NUMBER, "“099” chỉ có 3 số"),
        ("000.00.53.H48-220921-0099123", Part.NUMBER, "7 số"),
        ("H48-220921-0099-123", Part.SUFFIX, "“123” có 3 số"),
        ("H48-220921-0099-12345-1", Part.SUFFIX, "“1” ở cuối là thừa"),
        ("H48.12.12.12.12-220921-0099", Part.UNIT, "mã nơi nhận ở đầu chưa đúng"),
        ("H77-220921-0099", Part.UNIT, "“H77”"),
        ("000.00.53.H00-220921-0099", Part.UNIT, "“H00”"),
        ("K48-220921-0099", Part.UNIT, "“K48”"),
        ("H4-220921-0099", Part.UNIT, "“H4”"),
        ("000.00.53.48-220921-0099", Part.UNIT, "000.00.53.48"),
        ("00.00.53.H48-220921-0099", Part.UNIT, "00.00.53.H48"),
        ("hồ sơ 220921-0099", Part.UNIT, "Thiếu phần đầu"),
        ("3706/2026/07906", Part.UNIT, "“3706”"),
        ("03706/26/07906", Part.DATE, "“26” có 2 số"),
        ("03706 / 206 / 07906", Part.DATE, "“206” có 3 số"),
        ("03706/2026/7906", Part.NUMBER, "“7906”"),
        ("03706/2027/07906", Part.DATE, "2027"),
    ],
)
def test_a_near_miss_names_the_wrong_part(typed: str, part: Part, named: str) -> None:
    reading = parse(f"cho hỏi {typed} nhé", TODAY)
    assert reading.codes == ()
    (problem,) = reading.problems
    assert (problem.part, problem.text) == (part, typed.removeprefix("hồ sơ "))
    assert named in problem.message


def test_a_good_code_beside_a_bad_one() -> None:
    reading = parse(f"{QUANG_NGAI} và H48-291201-0099", TODAY)
    assert [code.code for code in reading.codes] == [QUANG_NGAI]
    assert [problem.text for problem in reading.problems] == ["H48-291201-0099"]


DAYS = st.dates(date(2010, 1, 1), TODAY)
NUMBERS = st.integers(4, 6).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size))
SUFFIXES = st.none() | st.text("0123456789", min_size=5, max_size=5)
TOPS = st.sampled_from(units.known())


def legacy(most: int) -> st.SearchStrategy[str]:
    """Units of the long form whose first part is ``most`` or less."""
    parts = st.integers(0, most), st.integers(0, 99), st.integers(0, 99), TOPS
    return st.builds(lambda a, b, c, top: f"{a:03}.{b:02}.{c:02}.{top}", *parts)


SHORT = st.builds(
    lambda top, inner: ".".join([top, *inner]), TOPS, st.lists(st.from_regex(r"[0-9]{2,3}", fullmatch=True), max_size=3)
)
CODES = st.builds(national, legacy(999) | SHORT, DAYS, NUMBERS, SUFFIXES)


@given(CODES)
def test_a_code_survives_being_written_and_read(code: Code) -> None:
    assert parse(code.code, TODAY).codes == (code,)


@st.composite
def mangled(draw: st.DrawFn) -> tuple[Code, str]:
    """A code of the long form as people type it: any signs or none between its parts, case, letters for digits.

    Seven digits that are parted otherwise than in a unit may be a phone number unless they begin as units do.
    """
    code = draw(st.builds(national, legacy(9), DAYS, NUMBERS, st.none()))
    typed = ""
    for char in code.code:
        if char == ".":
            typed += draw(st.sampled_from([".", "", " ", "..", ". ", ",", "·", "-"]))
        elif char == "-":
            typed += draw(st.sampled_from(["-", "", " ", "--", " - ", "–", "—", "−", "‐", ".", "_"]))
        elif char in "01":
            typed += draw(st.sampled_from(["0", "0", "0", "O", "o"] if char == "0" else ["1", "1", "1", "l", "I"]))
        else:
            typed += draw(st.sampled_from([char, char.lower()]))
    return code, typed


@given(
    mangled(),
    st.sampled_from(["", "mã hồ sơ ", "hs: ", "Dạ em hỏi hồ sơ "]),
    st.sampled_from(["", " ạ", ".", "?", " tới đâu rồi"]),
)
def test_what_typing_does_to_a_code_is_undone(pair: tuple[Code, str], before: str, after: str) -> None:
    code, typed = pair
    assert code in parse(before + typed + after, TODAY).codes


@given(st.text() | st.text("0123456789OoIlHhGg.-/ –,\n", max_size=80))
@example("H" * 500)
@example("H48-" * 200)
@example("0.0.0.0." * 200)
def test_no_text_raises_and_every_code_found_is_canonical(text: str) -> None:
    for code in parse(text, TODAY).codes:
        assert code in parse(code.code, TODAY).codes
        assert code.date is None or date(2010, 1, 1) <= code.date <= TODAY


@given(st.integers(0, 10**12 - 1), st.sampled_from(["", "CCCD ", "căn cước: "]))
def test_an_identity_number_is_never_a_code(number: int, before: str) -> None:
    assert parse(f"{before}{number:012}", TODAY).codes == ()


@given(DAYS)
def test_a_code_of_tomorrow_is_one_tomorrow(day: date) -> None:
    code = national("H48", day + timedelta(days=1), "0001")
    assert parse(code.code, day).codes == ()
    assert parse(code.code, day + timedelta(days=1)).codes == (code,)
