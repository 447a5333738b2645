"""A database that is lent again is as the migrations left it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import URL

from bot.storage.engine import driver_options
from tests.databases import Databases

CHAT = "INSERT INTO chat (channel, address) VALUES ('web', 'a') RETURNING id"
ACT = "INSERT INTO audit (act) VALUES ('a') RETURNING id"


def run(url: URL, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(autocommit=True, **driver_options(url)) as connection:
        done = connection.execute(statement.encode())
        return done.fetchall() if done.description else []


def test_nothing_is_left_and_rows_are_counted_from_one(databases: Databases) -> None:
    for statement in (CHAT, ACT):
        for _ in range(2):
            with databases.lent() as url:
                assert run(url, statement) == [(1,)]
                assert run(url, statement.replace("'a'", "'b'")) == [(2,)]
                name = url.database
    with databases.lent() as url:
        assert url.database == name
        assert run(url, "SELECT (SELECT count(*) FROM chat), (SELECT count(*) FROM audit)") == [(0, 0)]


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE chat ADD COLUMN more int",
        "DROP TRIGGER audit_whole ON audit",
        "UPDATE alembic_version SET version_num = 'x'",
    ],
)
def test_one_that_was_changed_is_not_lent_again(databases: Databases, change: str) -> None:
    with databases.lent() as url:
        run(url, change)
    with databases.lent() as other:
        assert other.database != url.database
