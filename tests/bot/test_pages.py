from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from bot.pages import assets, templates


def test_files_are_named_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "page.js").write_text("1;")
    before = assets(tmp_path, "page.js")["page.js"]
    (tmp_path / "page.js").write_text("2;")
    after = assets(tmp_path, "page.js")["page.js"]
    assert (before.body, after.body, after.content_type) == (b"1;", b"2;", "text/javascript")
    assert before.name.startswith("page.")
    assert before.name.endswith(".js")
    assert before.name != after.name


def test_templates_escape_and_want_all_their_values(tmp_path: Path) -> None:
    own, shared = tmp_path / "own", tmp_path / "shared"
    for folder in (own, shared):
        folder.mkdir()
        (folder / "both.html").write_text(f"{folder.name} {{{{ said }}}}")
    (shared / "other.html").write_text("{{ 'https://a.vn/b' | host }}")
    found = templates(own, shared)
    assert found.get_template("both.html").render(said="<b>") == "own &lt;b&gt;"
    assert found.get_template("other.html").render() == "a.vn"
    with pytest.raises(UndefinedError):
        found.get_template("both.html").render()
    with pytest.raises(TemplateNotFound):
        found.get_template("none.html")
