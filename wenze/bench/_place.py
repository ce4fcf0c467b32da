"""Where a measure works: a database of its own that is removed afterwards. May never open one that holds anything."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from wenze.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """A folder and an empty database."""

    folder: Path
    url: str

    @property
    def backend(self) -> str:
        """`sqlite` or `postgresql`."""
        return make_url(self.url).get_backend_name()

    def settings(self, **own: object) -> Settings:
        """Settings of an installation here; nothing of the environment reaches it."""
        values: dict[str, object] = {"instance": self.folder, "database": self.url, "port": 0, "log": "json"} | own
        return Settings(**values)  # type: ignore[arg-type] # each is of the type of its field


@contextmanager
def scratch(server: str | None = None, folder: Path | None = None) -> Iterator[Place]:
    """A place that exists as long as the measure does.

    Args:
        server: address of a PostgreSQL database; a new one is made beside it. None: SQLite.
        folder: where the files go; a temporary folder unless given. An SQLite file is as fast as the disk below it.
    """
    with tempfile.TemporaryDirectory(prefix="wenze-bench-", dir=folder) as made:
        if server is None:
            yield Place(Path(made), f"sqlite:///{Path(made) / 'bench.sqlite'}")
            return
        beside = make_url(server).set(drivername="postgresql+psycopg")
        own = beside.set(database=f"wenze_bench_{os.getpid()}")
        _run(beside, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", own)
        try:
            yield Place(Path(made), own.render_as_string(hide_password=False))
        finally:
            _run(beside, "DROP DATABASE {} WITH (FORCE)", own)


def _run(beside: URL, statement: str, own: URL) -> None:
    address = beside.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(own.database or "")))
