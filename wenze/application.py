"""Joins the rooms into one application. May never hold a rule of any of them."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from api import database, ground, identity, openapi, problems, resources, sessions
from api.answers import Json
from api.filestore import FileStore
from api.ground import Clock, Ground
from api.passwords import Passwords
from api.rates import Rates
from api.unit_of_work import UnitOfWork
from web import views
from wenze import envelope, health, instance
from wenze.clock import Sweeper, SystemClock
from wenze.measures import Measures
from wenze.settings import Settings
from workflows.protection import Vault
from workflows.releases import Releases

BODY_SLACK = 1024 * 1024
"""Bytes that an upload needs around the file."""
FORM_FIELDS = 2 * 1024 * 1024
"""Bytes of the fields of a form that are not files."""


class Synchronous(Flask):
    """A Flask whose views are plain functions: asking each one whether it is a coroutine, several times a request, costs."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


@dataclass(frozen=True, slots=True)
class Application:
    """An application and what keeps it going."""

    flask: Flask
    ground: Ground
    sweeper: Sweeper
    settings: Settings

    def close(self) -> None:
        """Let go of the database."""
        self.ground.database.engine.dispose()


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    passwords: Passwords | None = None,
    releases: Releases | None = None,
) -> Application:
    """Put an application together. Writes keys into the instance folder at first start, nothing into the database.

    Args:
        clock: tells the time; that of the machine unless given.
        passwords: hashes passwords; with the parameters of today unless given.
        releases: the law parsed so far, where several applications of one process share it.

    Raises:
        InstanceUnusable: the instance folder cannot be written.
        DoorWithoutRule: a route does not say to whom it is open.
    """
    app = Synchronous("wenze", static_folder=None)
    app.json = Json(app)
    measures = Measures()
    found = _ground(app, settings, clock or SystemClock(), passwords or Passwords(), releases or Releases())
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    envelope.install(app, measures, https=settings.secure_cookies)
    ground.install(app, found)
    problems.install(app)
    identity.install(app)
    health.install(app, settings, measures)
    document = openapi.install(app)
    for blueprint in (sessions.blueprint, *resources.BLUEPRINTS):
        document.register_blueprint(blueprint)
    openapi.publish(app, document)
    views.install(app)
    identity.seal(app)
    return Application(app, found, _sweeper(settings, found, measures), settings)


def _ground(app: Flask, settings: Settings, clock: Clock, passwords: Passwords, releases: Releases) -> Ground:
    keys = instance.prepare(settings)
    app.config |= {
        "SECRET_KEY": keys.signing,
        "SESSION_COOKIE_NAME": "__Host-wenze" if settings.secure_cookies else "wenze",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "MAX_CONTENT_LENGTH": settings.evidence_limit + BODY_SLACK,
        "MAX_FORM_MEMORY_SIZE": FORM_FIELDS,
        "WENZE_ZONE": settings.zone,
    }
    reached = database.attach(app, settings.database_url, threads=settings.threads)
    vault = Vault(keys.protection)
    return Ground(
        database=reached,
        unit_of_work=UnitOfWork(reached, releases, vault),
        clock=clock,
        releases=releases,
        vault=vault,
        passwords=passwords,
        rates=Rates(settings.rate_store),
        store=FileStore(settings.evidence_folder),
        evidence_limit=settings.evidence_limit,
        session_hours=settings.session_hours,
        token_days=settings.token_days,
        sign_in_by_address=settings.sign_in_by_address,
        sign_in_by_login=settings.sign_in_by_login,
        signing_key=keys.signing,
        trusts_headers=settings.proxies > 0,
    )


def _sweeper(settings: Settings, found: Ground, measures: Measures) -> Sweeper:
    return Sweeper(
        database=found.database,
        unit_of_work=found.unit_of_work,
        clock=found.clock,
        measures=measures,
        store=found.store,
        node=f"{socket.gethostname()[:50]}:{os.getpid()}",
        batch=settings.sweep_batch,
        stall=timedelta(minutes=settings.stall_minutes),
    )
