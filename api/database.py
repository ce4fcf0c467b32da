"""The database at the rim: engine, pool, and the two kinds of session. May never commit: that is the unit of work's.

Flask-SQLAlchemy makes the engine and ties reading sessions to requests; the tables are plain SQLAlchemy and know nothing of
it. On SQLite a writing session begins with `BEGIN IMMEDIATE`, so that it never has to turn from reader to writer half-way,
which is where "database is locked" comes from; and writers of one process queue in order of arrival, because SQLite's own
waiting is a poll that starves whoever is unlucky.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from workflows.records import Record

SQLITE_WAIT_SECONDS = 30
BEGINNING = "wenze_beginning"
"""Execution option of an engine: the statement with which SQLite begins a transaction; empty for none."""

db = SQLAlchemy(metadata=Record.metadata, add_models_to_shell=False, session_options={"expire_on_commit": False})
"""Reading sessions: `db.session` lives as long as the request and is never committed."""


class TurnLost(Exception):
    """The queue of writers did not move for too long."""


class Turnstile:
    """Lets one writer at a time through, in order of arrival."""

    def __init__(self, patience: float) -> None:
        """`patience`: seconds after which waiting is given up."""
        self._patience = patience
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._busy = False
        self._holder: int | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn and hold it.

        Raises:
            TurnLost: waited longer than the patience.
            RuntimeError: this thread holds the turn already and would wait for itself.
        """
        self._enter()
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._leave()

    def _enter(self) -> None:
        if self._holder == threading.get_ident():
            raise RuntimeError("a unit of work may not be opened inside another one")
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            place = threading.Lock()
            place.acquire()
            self._waiting.append(place)
        if not place.acquire(timeout=self._patience):
            with self._guard:
                if place in self._waiting:
                    self._waiting.remove(place)
                    raise TurnLost(f"waited {self._patience:g} seconds to write")
            # The turn came in the very moment of giving up: take it.

    def _leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False


class Database:
    """The database of one application."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        embedded = engine.dialect.name == "sqlite"
        self._writer = engine.execution_options(**{BEGINNING: "BEGIN IMMEDIATE"})
        self._glancer = engine.execution_options(**({BEGINNING: ""} if embedded else {"isolation_level": "AUTOCOMMIT"}))
        self._turnstile = Turnstile(SQLITE_WAIT_SECONDS) if embedded else None

    def writing(self) -> Session:
        """A new session whose transaction writes. Whoever opens it closes it."""
        return Session(self._writer, expire_on_commit=False)

    def reading(self) -> Session:
        """A new session that reads, for work outside a request. Whoever opens it closes it."""
        return Session(self.engine, expire_on_commit=False)

    def glance(self) -> Connection:
        """A connection for one reading statement, without the cost of a transaction. Whoever opens it closes it."""
        return self._glancer.connect()

    @contextmanager
    def turn_to_write(self) -> Iterator[None]:
        """Hold the turn to write, where the database has but one."""
        if self._turnstile is None:
            yield
        else:
            with self._turnstile.turn():
                yield


def attach(app: Flask, url: str, *, threads: int) -> Database:
    """Give the application its database.

    Args:
        url: SQLite file or `postgresql+psycopg://…`.
        threads: how many requests are answered at once; each gets a connection without waiting.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url, threads)
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        tame(engine)
    return Database(engine)


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """Options for the engine. A request may hold two connections for a moment, the clock holds one: hence the reserve."""
    options: dict[str, Any] = {
        "pool_size": threads + 2,
        "max_overflow": threads,
        "pool_timeout": SQLITE_WAIT_SECONDS,
        "hide_parameters": True,  # an error that is logged must not repeat what people wrote
    }
    if make_url(url).get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": SQLITE_WAIT_SECONDS, "check_same_thread": False}
    else:
        options["pool_pre_ping"] = True
        options["isolation_level"] = "READ COMMITTED"
        # Every statement of ours is short: helpers for a parallel plan take longer to start than it takes to answer.
        session = {"timezone": "UTC", "max_parallel_workers_per_gather": "0", "jit": "off"}
        options["connect_args"] = {"options": " ".join(f"-c {name}={value}" for name, value in session.items())}
    return options


def tame(engine: Engine) -> None:
    """Make SQLite keep its promises: foreign keys, durable commits, and transactions that begin when we say so."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling begins late and commits by surprise: switch it off.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_SECONDS * 1000}")
        if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        statement = connection.get_execution_options().get(BEGINNING, "BEGIN")
        if statement:
            driver: Any = connection.connection.dbapi_connection
            driver.execute(statement)
