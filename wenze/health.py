"""Whether this process lives, whether it can serve, and what it measured. May never tell a stranger more than that."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from zoneinfo import ZoneInfo

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from api.ground import address, ground, now
from api.identity import open_to
from wenze import clock
from wenze.measures import Measures
from wenze.settings import Settings
from workflows.errors import CaseworkError

PATIENCE = timedelta(seconds=60)
"""How long a sweep may take before the clock counts as standing still."""


def install(app: Flask, settings: Settings, measures: Measures) -> None:
    """Add `/healthz`, `/readyz` and `/metrics`."""
    networks = [ip_network(network) for network in settings.metrics_from]

    @app.get("/healthz")
    @open_to("anyone")
    def healthz() -> ResponseReturnValue:
        """The process lives."""
        return {"status": "ok"}

    @app.get("/readyz")
    @open_to("anyone")
    def readyz() -> ResponseReturnValue:
        """The process can serve: the database answers, a release is in force, the clock goes."""
        checks = _checks(settings)
        ready = all(state == "ok" for state in checks.values())
        return {"status": "ok" if ready else "not ready", "checks": checks}, 200 if ready else 503

    @app.get("/metrics")
    @open_to("anyone")
    def metrics() -> ResponseReturnValue:
        """What was measured, for those networks and tokens that may read it."""
        if not _may_measure(networks, settings.metrics_token):
            abort(404)
        return Response(measures.text(), mimetype="text/plain; version=0.0.4")


def _checks(settings: Settings) -> dict[str, str]:
    checks = {"database": "ok", "law": "ok", "clock": "ok"}
    try:
        with ground().database.reading() as session:
            beat = clock.last_beat(session)
            late = now() - timedelta(seconds=5 * settings.clock_seconds) - PATIENCE
            if beat is None or beat < late:
                checks["clock"] = "stands still"
            try:
                ground().releases.current(session, now().astimezone(ZoneInfo(settings.zone)).date())
            except CaseworkError:
                checks["law"] = "no release in force"
    except SQLAlchemyError:
        checks = {"database": "out of reach", "law": "unknown", "clock": "unknown"}
    return checks


def _may_measure(networks: Sequence[IPv4Network | IPv6Network], token: str) -> bool:
    given = request.authorization
    if token and given is not None and given.type == "bearer":
        return hmac.compare_digest((given.token or "").encode(), token.encode())
    try:
        here = ip_address(address())
    except ValueError:
        return False
    return any(here in network for network in networks)
