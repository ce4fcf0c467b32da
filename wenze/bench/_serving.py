"""The server under measure, in a process of its own: the application, and beside it the machine's floor.

The floor is what any server of this kind must do: a bare Flask route, on the same waitress, that commits one row of 8 KB in
the same database. May never run in the process that measures: it would wait for itself.
"""

from __future__ import annotations

import http.client
import multiprocessing
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from wenze import logs
from wenze.application import create_app
from wenze.bench import _floor
from wenze.serving import Server
from wenze.settings import Settings

FLOOR = "/floor"


@dataclass(slots=True)
class Watched:
    """What the database was asked for while somebody watched."""

    commits: int
    statements: list[str]


class Client:
    """One client on one connection that is kept open."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)

    def post(self, path: str, body: bytes, headers: Mapping[str, str], *, expecting: int) -> float:
        """Post and wait for the whole answer; how many seconds that took.

        Raises:
            RuntimeError: the answer is not the one expected: what was timed is not what was meant.
        """
        began = time.perf_counter()
        self._connection.request("POST", path, body, dict(headers))
        answer = self._connection.getresponse()
        said = answer.read()
        took = time.perf_counter() - began
        if answer.status != expecting:
            raise RuntimeError(f"{path} answered {answer.status}: {said[:500].decode(errors='replace')}")
        return took

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Served:
    """A running server process."""

    def __init__(self, address: str, line: Connection) -> None:
        self.address = address
        self._line = line

    @contextmanager
    def watched(self) -> Iterator[Watched]:
        """Count what the database is asked for. Costs time: never while something is timed."""
        found = Watched(0, [])
        self._line.send("watch")
        self._line.recv()
        yield found
        self._line.send("tell")
        found.commits, found.statements = self._line.recv()


@contextmanager
def served(settings: Settings) -> Iterator[Served]:
    """Serve an installation in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Served(ours.recv(), ours)
        ours.send("leave")
    finally:
        ours.close()
        process.join(timeout=10)
        process.terminate()


def _serve(settings: Settings, line: Connection) -> None:
    # The log is written as in production, to a file in the place.
    sys.stderr = (settings.instance / "server.log").open("a", buffering=1, encoding="utf-8")
    logs.configure(settings.log, settings.log_level)
    application = create_app(settings)
    engine = application.ground.database.engine
    flask = application.flask
    flask.wsgi_app = DispatcherMiddleware(flask.wsgi_app, {FLOOR: _bare(engine)})  # type: ignore[method-assign]
    watching = _Watch(engine)
    with Server(application) as server:
        line.send(server.address)
        while (asked := line.recv()) != "leave":
            if asked == "watch":
                watching.begin()
                line.send(None)
            else:
                line.send(watching.end())
    application.close()


def _bare(engine: Engine) -> Flask:
    _floor.prepare(engine)
    app = Flask("floor")

    @app.post("/")
    def commit() -> tuple[str, int]:
        _floor.commit_row(engine)
        return "", 204

    return app


class _Watch:
    """Listens to an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._commits = 0
        self._statements: list[str] = []

    def begin(self) -> None:
        self._commits, self._statements = 0, []
        event.listen(self._engine, "before_cursor_execute", self._executed)
        event.listen(self._engine, "commit", self._committed)

    def end(self) -> tuple[int, list[str]]:
        event.remove(self._engine, "before_cursor_execute", self._executed)
        event.remove(self._engine, "commit", self._committed)
        return self._commits, self._statements

    def _executed(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._statements.append(" ".join(statement.split()))

    def _committed(self, _connection: Any) -> None:
        self._commits += 1
