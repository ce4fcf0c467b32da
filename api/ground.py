"""What the requests of one application stand on: database, clock, keys, limits. Given by `wenze`, the same for every request.

May never hold anything of a single request, nor a rule.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import Flask, current_app, g, request

from api.accounts import Caller
from api.database import Database
from api.filestore import FileStore
from api.passwords import Passwords
from api.rates import Rates
from api.unit_of_work import Asking, UnitOfWork
from workflows.protection import Vault
from workflows.releases import Releases

EXTENSION = "wenze"
REQUEST_ID = "X-Request-Id"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Clock(Protocol):
    """Tells the time; the only one who does."""

    def now(self) -> datetime:
        """The moment, with a time zone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every request of the application may use."""

    database: Database
    unit_of_work: UnitOfWork
    clock: Clock
    releases: Releases
    vault: Vault
    passwords: Passwords
    rates: Rates
    store: FileStore
    evidence_limit: int
    """Bytes."""
    session_hours: int
    token_days: int
    sign_in_by_address: str
    sign_in_by_login: str
    signing_key: str
    """Signs page cursors."""
    trusts_headers: bool = False
    """Whether a proxy of ours stands in front, whose request ids are taken over."""


def install(app: Flask, found: Ground) -> None:
    """Put an application on its ground: from now on each request has an id and a moment."""
    app.extensions[EXTENSION] = found

    @app.before_request
    def begin() -> None:
        g.now = found.clock.now()
        given = request.headers.get(REQUEST_ID, "") if found.trusts_headers else ""
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def ground() -> Ground:
    """What the current application stands on."""
    found: Ground = current_app.extensions[EXTENSION]
    return found


def now() -> datetime:
    """The moment of the current request: one for all that happens in it."""
    moment: datetime = g.now
    return moment


def caller() -> Caller:
    """Who sent the current request. Only where the route is not open to anyone."""
    found: Caller = g.caller
    return found


def caller_if_any() -> Caller | None:
    """Who sent the current request, if they signed in."""
    found: Caller | None = g.get("caller")
    return found


def asking() -> Asking:
    """The caller of the current request, as a unit of work wants it."""
    return Asking(by=caller().actor, now=now(), request=g.request_id)


def address() -> str:
    """The address the request came from, as far as trusted proxies tell."""
    return request.remote_addr or ""
