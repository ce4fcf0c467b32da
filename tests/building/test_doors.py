"""Closed by default: every address says to whom it is open, and an application with one that does not never starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import url_for

from api import identity
from api.identity import DoorWithoutRule
from wenze.application import Application, create_app
from wenze.settings import Settings

OPEN_TO_ANYONE = {"healthz", "readyz", "metrics", "openapi", "session.sign_in", "session.sign_out"}
"""Whatever is added here is readable by the whole world: think twice."""


def test_every_route_says_to_whom_it_is_open(application: Application) -> None:
    doors = application.flask.extensions["wenze.doors"]

    assert {(endpoint, method) for endpoint, method, _ in identity.routes(application.flask)} == set(doors)


def test_only_these_routes_are_open_to_anyone(application: Application) -> None:
    doors = application.flask.extensions["wenze.doors"]
    of_machines = {
        endpoint for (endpoint, _), who in doors.items() if who == "anyone" and not endpoint.startswith("pages.")
    }

    assert of_machines == OPEN_TO_ANYONE


def test_a_route_that_does_not_say_stops_the_start(application: Application) -> None:
    application.flask.add_url_rule("/api/v1/forgotten", "forgotten", lambda: "secrets")

    with pytest.raises(DoorWithoutRule, match="GET forgotten"):
        identity.seal(application.flask)


def test_every_route_but_those_open_to_anyone_refuses_nobody_with_401(application: Application) -> None:
    stranger = application.flask.test_client()
    for rule in application.flask.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1") or rule.endpoint in OPEN_TO_ANYONE:
            continue
        with application.flask.test_request_context():
            address = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, "0" * 32))
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            assert stranger.open(address, method=method).status_code == 401, f"{method} {rule.rule}"


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    made = create_app(Settings(instance=tmp_path))
    yield made
    made.close()
