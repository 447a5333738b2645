"""Databases of the tests: made from one that is migrated, and after a test emptied instead of made anew.

To copy one takes a quarter of a second, to empty one a few thousandths.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from bot.storage.embedded import EmbeddedServer
from bot.storage.engine import driver_options

TEMPLATE = "template_bot"

_numbers = itertools.count(1)

_OTHERS = """
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
_CATALOGUES = "attribute", "attrdef", "constraint", "index", "proc", "trigger", "type", "namespace", "rewrite"
_SHAPE = " UNION ALL ".join(f"SELECT max(xmin::text::bigint), count(*) FROM pg_{each}" for each in _CATALOGUES)
"""What changes with each change of tables, columns, rules, functions and triggers."""

_COUNT_ANEW = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""


def execute(url: URL, statement: str) -> None:
    """Run one statement outside of transactions."""
    with psycopg.connect(autocommit=True, **driver_options(url)) as connection:
        connection.execute(statement.encode())


@contextmanager
def copy_of(server: EmbeddedServer, template: str) -> Iterator[URL]:
    """Make a database, and drop it afterwards."""
    name = f"test_{next(_numbers)}"
    execute(server.url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url.set(database=name)
    execute(server.url, f"DROP DATABASE {name} WITH (FORCE)")


class Databases:
    """Lends databases that are as the migrations leave them."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._server = server
        self._free: list[str] = []
        with self._opened(TEMPLATE) as connection:
            tables = [name for (name,) in connection.execute(_TABLES)]
            full = set(_full(connection, tables))
            self._emptied = [name for name in tables if name not in full]
            self._kept = sorted(full)
            self._state = self._told(connection)

    @contextmanager
    def lent(self) -> Iterator[URL]:
        """Lend one for a test."""
        name = self._free.pop() if self._free else self._made()
        yield self._server.url.set(database=name)
        if self._cleaned(name):
            self._free.append(name)
        else:
            execute(self._server.url, f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self) -> str:
        name = f"test_{next(_numbers)}"
        execute(self._server.url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return name

    @contextmanager
    def _opened(self, name: str) -> Iterator[psycopg.Connection[Any]]:
        url = self._server.url.set(database=name)
        with psycopg.connect(autocommit=True, **driver_options(url)) as connection:
            yield connection

    def _cleaned(self, name: str) -> bool:
        """Empty a database; say whether to lend it again: not when its tables were changed, or somebody is back."""
        try:
            with self._opened(name) as connection:
                connection.execute(f"SELECT pg_terminate_backend(pid, 10000) {_OTHERS}")
                if self._told(connection) != self._state:
                    return False
                full = _full(connection, self._emptied)
                if full:
                    connection.execute("SET session_replication_role = replica")  # some triggers let nobody delete
                for table in full:  # not TRUNCATE, which makes files anew for all tables that refer to these
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                connection.execute(_COUNT_ANEW)
                return not connection.execute(f"SELECT {_OTHERS}").fetchall()
        except psycopg.Error:
            return False

    def _told(self, connection: psycopg.Connection[Any]) -> list[Any]:
        """Return what stands in the tables that are never empty, and the shape of all."""
        kept = [
            connection.execute(sql.SQL("SELECT * FROM {} ORDER BY 1").format(sql.Identifier(table))).fetchall()
            for table in self._kept
        ]
        return [*kept, connection.execute(_SHAPE).fetchall()]


def _full(connection: psycopg.Connection[Any], tables: list[str]) -> list[str]:
    """Return the tables with something in them."""
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier(table))
        for table in tables
    )
    return [name for (name,) in connection.execute(asked)]
