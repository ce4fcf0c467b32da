"""The people of an organ as clients of its HTTP API, each with a token of their own.

May never look behind the API: what it knows, it was answered.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

API = "/api/v1"


class WentWrong(Exception):
    """The API answered otherwise than the story tells."""


class Refused(WentWrong):
    """The API refused."""

    def __init__(self, status: int, problem: Any, what: str) -> None:
        """`problem`: the problem document. `what`: the request, for people."""
        self.problem: dict[str, Any] = problem if isinstance(problem, dict) else {}
        told = self.problem.get("detail") or self.problem.get("title") or "?"
        fields = "; ".join(f"{each['path']}: {each['message']}" for each in self.problem.get("errors", ()))
        super().__init__(f"{what} → {status}: {told}{' ' if fields else ''}{fields}")


class Colleague:
    """Somebody of the organ, on one connection that is kept open."""

    def __init__(self, address: str, login: str, token: str, language: str) -> None:
        parts = urlsplit(address)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._headers = {"Accept-Language": language, "Authorization": f"Bearer {token}"}
        self.login = login
        me = self.get("/session")
        self.id: str = me["person_id"]
        self.name: str = me["name"]
        self.unit_id: str = me["unit_id"]
        self.roles: tuple[tuple[str, str], ...] = tuple((each["role"], each["unit_id"]) for each in me["roles"])

    def get(self, path: str) -> Any:
        """Ask for something.

        Raises:
            Refused: it is not given.
        """
        return self._ask("GET", path)

    def post(self, path: str, body: Any) -> Any:
        """Do something.

        Raises:
            Refused: it is not done.
        """
        return self._ask("POST", path, json.dumps(body).encode(), "application/json")

    def upload(self, path: str, name: str, content: bytes) -> Any:
        """Hand in a file, as browsers do.

        Raises:
            Refused: it is not taken.
        """
        between = secrets.token_hex(16)
        head = f'--{between}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{between}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={between}")

    def leave(self) -> None:
        """Revoke the token, and hang up."""
        for token in self.get("/tokens")["items"]:
            self._ask("DELETE", f"/tokens/{token['id']}")
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        headers = self._headers | ({"Content-Type": kind} if body is not None else {})
        try:
            self._connection.request(method, API + path, body, headers)
            answer = self._connection.getresponse()
            said = answer.read()
        except (OSError, HTTPException) as broken:
            raise WentWrong(f"{self.login} {method} {path}: {broken or type(broken).__name__}") from broken
        found = json.loads(said) if said else None
        if answer.status >= 300:
            raise Refused(answer.status, found, f"{self.login} {method} {path}")
        return found


class Office:
    """Everybody of one organ."""

    def __init__(self, address: str, tokens: Mapping[str, str], language: str = "zh") -> None:
        """`tokens`: login → bearer token."""
        self._present = {login: Colleague(address, login, token, language) for login, token in tokens.items()}

    def __getitem__(self, login: str) -> Colleague:
        """Somebody, by login."""
        return self._present[login]

    def group(self, key: str) -> tuple[str, ...]:
        """Names of those who belong to a group `role@unit`, or the one person whose id it is."""
        role, _, unit = key.partition("@")
        return tuple(
            each.name for each in self._present.values() if each.id == key or (unit and (role, unit) in each.roles)
        )

    def close(self) -> None:
        """All leave."""
        for each in self._present.values():
            each.leave()
