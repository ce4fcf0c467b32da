"""Errands: commands over HTTP, each under an idempotency key, sent until an answer has come.

Whoever misses an answer, because the server died over it, sends the same again under the same key. What was answered is kept,
so that it can be held against what the database says in the end.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.journeys.robustness.lives import PATIENCE, Installation

API = "/api/v1"
BOUNDARY = "between-the-parts"


@dataclass(frozen=True)
class Errand:
    """A command as it is sent: now, and again if need be."""

    kind: str
    who: str
    path: str
    body: bytes
    key: str
    media_type: str = "application/json"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def said(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass
class Book:
    """Every errand that was acknowledged, with its answer."""

    entries: list[tuple[Errand, Answer]] = field(default_factory=list)
    lost: int = 0
    """Answers that never came."""
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def enter(self, errand: Errand, answer: Answer) -> None:
        with self._changed:
            self.entries.append((errand, answer))
            self._changed.notify_all()

    def miss(self) -> None:
        with self._changed:
            self.lost += 1

    def wait_for(self, number: int, unless: Callable[[], bool]) -> None:
        """Wait until so many errands are acknowledged, or there is a reason to wait no longer."""
        with self._changed:
            while len(self.entries) < number and not unless():
                before = len(self.entries)
                self._changed.wait(timeout=PATIENCE)
                assert len(self.entries) > before or unless(), f"nothing was acknowledged any more after {before}"

    def of(self, kind: str) -> list[Any]:
        """The bodies of the answers to errands of a kind."""
        return [answer.said for errand, answer in self.entries if errand.kind == kind]


class Runner:
    """Runs errands for several people over one connection of its own, kept open while the server lives."""

    def __init__(self, installation: Installation, tokens: Mapping[str, str], book: Book, name: str) -> None:
        self._installation = installation
        self._tokens = tokens
        self._book = book
        self._name = name
        self._sent = 0
        self._connection: http.client.HTTPConnection | None = None

    def look(self, who: str, path: str) -> Any:
        """Read something, as often as it takes."""
        answer = self._insist("GET", path, who, b"", {})
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer.said

    def do(self, kind: str, who: str, path: str, body: Mapping[str, Any]) -> Any:
        """Run an errand and enter it; what was answered."""
        return self._run(Errand(kind, who, path, json.dumps(body).encode(), self._key()))

    def do_on_newest(self, kind: str, who: str, address: str, path: str, body: Mapping[str, Any]) -> Any:
        """Run an errand on the newest version of something that others change too: a lost race is run again."""
        key = self._key()
        while True:
            whole = {**body, "expected_version": self.look(who, address)["version"]}
            errand = Errand(kind, who, path, json.dumps(whole).encode(), key)
            answer = self.send(errand)
            if answer.status != 409:
                return self._entered(errand, answer)

    def upload(self, kind: str, who: str, path: str, name: str, content: bytes) -> Any:
        """Hand in a file."""
        about = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        body = f"--{BOUNDARY}\r\n{about}\r\n\r\n".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self._run(Errand(kind, who, path, body, self._key(), f"multipart/form-data; boundary={BOUNDARY}"))

    def send(self, errand: Errand) -> Answer:
        """Send an errand until it is answered."""
        headers = {"Content-Type": errand.media_type, "Idempotency-Key": errand.key}
        return self._insist("POST", errand.path, errand.who, errand.body, headers)

    def leave(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _run(self, errand: Errand) -> Any:
        return self._entered(errand, self.send(errand))

    def _entered(self, errand: Errand, answer: Answer) -> Any:
        assert answer.status in (200, 201), (errand.kind, answer.status, answer.body)
        self._book.enter(errand, answer)
        return answer.said

    def _key(self) -> str:
        self._sent += 1
        return f"{self._name}-{self._sent}"

    def _insist(self, method: str, path: str, who: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        headers = {**headers, "Authorization": f"Bearer {self._tokens[who]}"}
        while True:
            address = self._installation.address()
            try:
                return self._once(address, method, path, body, headers)
            except (OSError, http.client.HTTPException):
                self.leave()
                self._book.miss()

    def _once(self, address: str, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        self._connection.request(method, API + path, body, dict(headers))
        answer = self._connection.getresponse()
        return Answer(answer.status, answer.read(), dict(answer.getheaders()))


@contextmanager
def running(installation: Installation, tokens: Mapping[str, str], book: Book, name: str) -> Iterator[Runner]:
    """A runner whose connection is closed at the end."""
    runner = Runner(installation, tokens, book, name)
    try:
        yield runner
    finally:
        runner.leave()
