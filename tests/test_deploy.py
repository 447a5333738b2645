"""The servers that stand in front of us let through what the program allows, and no more elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

from bot.office import exchange_pages
from knowledge.incoming import LARGEST

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
_SIZE = re.compile(r"client_max_body_size (\d+)m;")


def test_nginx_lets_files_of_staff_through_and_nothing_else_as_large() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    locations = dict(re.findall(r"location (= \S+|/) \{(.*?)\n    \}", text, re.DOTALL))
    (size,) = _SIZE.findall(locations[f"= {exchange_pages.PATH}"])
    assert int(size) * 2**20 > LARGEST
    assert _SIZE.findall(locations["/"]) == []
    (elsewhere,) = _SIZE.findall(text.partition("\n    location ")[0])
    assert 8 < int(elsewhere) < 16
    assert all("proxy_pass http://127.0.0.1:8080;" in each for each in locations.values())
    assert not any("proxy_set_header" in each for each in locations.values()), "it would undo those of the server"
