from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from knowledge.articles import Article, Articles, article, load_articles
from knowledge.catalogue import load
from knowledge.errors import ArticlesError
from knowledge.grouping import Reading
from knowledge.phrases import load_phrases
from knowledge.procedure import Source
from knowledge.questions import load_questions

SHIPPED = load_articles()
ROOT = Path(__file__).parents[2]
OURS = Article(
    id="cho-hoa-xuan",
    title="Chợ hoa xuân",
    body="Mở từ 23 tháng Chạp.",
    phrases=("chợ hoa tết mở khi nào",),
    source=Source(name="Thông báo của phường", read_on=date(2026, 11, 1), verified=True),
)


@pytest.fixture(scope="module")
def articles() -> Articles:
    return Articles(SHIPPED, Reading(load_phrases()))


def test_what_ships_is_well_formed_and_sourced() -> None:
    assert 6 <= len(SHIPPED) <= 12
    for each in SHIPPED:
        assert len(each.phrases) >= 10
        assert each.source.read_on <= date(2026, 12, 31)
        assert len(set(each.phrases)) == len(each.phrases)


def test_procedures_they_lead_to_are_in_the_catalogue() -> None:
    known = load(ROOT / "procedures.json")
    assert all(known.get(code) for each in SHIPPED for code in each.procedures)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("thứ bảy phường có làm việc không ạ", "gio-lam-viec"),
        ("công an xã thứ bảy có mở cửa không", "gio-lam-viec"),
        ("giờ làm việc của xã", "gio-lam-viec"),
        ("giờ làm việc ủy ban phường", "gio-lam-viec"),
        ("cho em xin số tổng đài", "so-dien-thoai"),
        ("em chào ad, em bị mất điện thoại mà có cài vneid thì phải làm sao ạ", "vneid-mat-dien-thoai"),
        ("mat khau vneid quen roi", "vneid-quen-mat-khau"),
        ("mã otp là gì vậy", "lua-dao"),
        ("cách đăng ký chữ ký số trên vneid", "chu-ky-so"),
        ("sáp nhập tỉnh rồi có phải đổi căn cước không", "giay-to-sau-sap-nhap"),
        ("phản ánh thái độ cán bộ ở đâu", "phan-anh"),
    ],
)
def test_questions_find_their_article(articles: Articles, question: str, name: str) -> None:
    found = articles.read(question)
    assert found is not None
    assert (found.article.id, found.sure) == (name, True)


@pytest.mark.parametrize(
    "question", ["làm khai sinh", "nộp ở đâu", "thứ bảy cưới được không", "vneid công ty", "", "?!"]
)
def test_other_questions_do_not(articles: Articles, question: str) -> None:
    found = articles.read(question)
    assert found is None or not found.sure


def test_no_labelled_question_about_a_procedure_is_taken_for_an_article(articles: Articles) -> None:
    """But for the one thing both are about: VNeID, where the procedure is sure and stands first."""
    asked = load_questions([ROOT / "knowledge" / "questions.jsonl", ROOT / "knowledge" / "common.jsonl"])
    taken = [(each.text, found.article.id) for each in asked if (found := articles.read(each.text)) and found.sure]
    assert {name for _, name in taken} <= {"vneid-muc-2", "gio-lam-viec"}
    assert len(taken) <= 8


def test_the_office_lays_its_own_over_what_ships(articles: Articles) -> None:
    changed = articles.amended({"cho-hoa-xuan": OURS, "lua-dao": None})
    found = changed.read("cho hoa tet mo khi nao")
    assert found is not None
    assert found.article is OURS
    assert changed.get("lua-dao") is None
    assert len(changed) == len(articles)


def test_a_province_and_a_commune_have_their_own(articles: Articles) -> None:
    local = articles.amended({}, {"01": {OURS.id: OURS, "lua-dao": None}, "00004": {OURS.id: None}})
    assert local.get(OURS.id) is None
    assert local.at("79", "26734") is local
    hanoi, ward = local.at("01", "00070"), local.at("01", "00004")
    assert (hanoi.get(OURS.id), ward.get(OURS.id)) == (OURS, None)
    assert ward.get("lua-dao") is None
    assert local.at("01", "00071") is hanoi


def test_without_a_reading_nothing_is_found() -> None:
    assert Articles([OURS]).read(OURS.title) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "Không đọc được"),
        ("{}", "danh sách"),
        ('[{"id": "a b"}]', "bài thứ 1"),
        (json.dumps([json.loads(OURS.model_dump_json())] * 2), "hai bài"),
    ],
)
def test_a_spoilt_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "articles.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArticlesError, match=told):
        load_articles(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArticlesError):
        load_articles(tmp_path / "none.json")


def test_one_article_that_is_too_long_is_refused() -> None:
    with pytest.raises(ArticlesError, match="body"):
        article(json.loads(OURS.model_dump_json()) | {"body": "x" * 4000}, "bài")
