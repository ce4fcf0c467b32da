"""Somebody who uses the application over HTTP, as a browser or as a machine does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from werkzeug.test import TestResponse

from api import accounts
from api.unit_of_work import Asking
from wenze.application import Application
from workflows.acting import CLOCK

API = "/api/v1"
BOUNDARY = "between-the-parts"


class Visitor:
    """A client with a cookie jar. With a login it is signed in, by token unless told otherwise."""

    password: ClassVar[str] = "one for all of them"
    """Of all demo accounts."""

    def __init__(self, application: Application, login: str | None = None, *, browser: bool = False) -> None:
        self._application = application
        self._client = application.flask.test_client()
        self.headers: dict[str, str] = {}
        self.login = login
        self.after: Callable[[TestResponse], None] = lambda _: None
        """Looks at every answer."""
        if login is not None and browser:
            self.sign_in(login)
        elif login is not None:
            self.headers["Authorization"] = f"Bearer {self.token(login)}"

    def sign_in(self, login: str, password: str | None = None) -> TestResponse:
        """Sign in as a browser does, and keep the CSRF token."""
        answer = self.post("/session", {"login": login, "password": password or self.password})
        if answer.status_code == 201:
            self.headers["X-CSRF-Token"] = answer.json["csrf_token"]
        return answer

    def token(self, login: str, days: int = 30) -> str:
        """A bearer token of an account."""
        ground = self._application.ground

        def work(acting: Any) -> str:
            account = accounts.of_login(acting.session, login)
            return accounts.make_token(acting, account.id, name="test", days=days)[1]

        return ground.unit_of_work.run(work, Asking(by=CLOCK, now=ground.clock.now()))

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._open("GET", path, headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self._open("POST", path, headers, json=body)

    def put(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self._open("PUT", path, headers, json=body)

    def delete(self, path: str, **headers: str) -> TestResponse:
        return self._open("DELETE", path, headers)

    def send(self, path: str, raw: bytes, media_type: str = "application/json", **headers: str) -> TestResponse:
        """Post bytes as they are."""
        return self._open("POST", path, headers, data=raw, content_type=media_type)

    def upload(self, path: str, content: bytes, name: str, *, note: str = "", **headers: str) -> TestResponse:
        """Post a file as browsers do."""
        parts = [(f'form-data; name="file"; filename="{name}"', content)]
        parts += [('form-data; name="note"', note.encode())] if note else []
        whole = b"".join(
            f"--{BOUNDARY}\r\nContent-Disposition: {about}\r\n\r\n".encode() + part + b"\r\n" for about, part in parts
        )
        return self.send(
            path, whole + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}", **headers
        )

    def _open(self, method: str, path: str, headers: dict[str, str], **sent: Any) -> TestResponse:
        answer = self._client.open(API + path, method=method, headers=self._all(headers), **sent)
        self.after(answer)
        return answer

    def _all(self, headers: dict[str, str]) -> dict[str, str]:
        return self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
