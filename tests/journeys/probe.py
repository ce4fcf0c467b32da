"""A resource for tests of the envelope: adds an organ by a real verb, and can be told to fail in the ways verbs do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response
from marshmallow import fields

from api import identity, versions
from api.commands import carry_out
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.schemas import Strict, text, version
from wenze.application import Application
from workflows import people
from workflows.acting import Acting
from workflows.errors import NotFound, NotPossible, Stale
from workflows.records import Unit


class NewUnit(Strict):
    """An organ to add."""

    name = text(200)
    short_name = text(20)
    then = fields.String(load_default="")
    expected_version = version()


def build(application: Application) -> dict[str, str]:
    """Add the resource `POST /api/v1/probe` to an application.

    Returns:
        How its verb ends: `then` goes before what the request says.
    """
    ending: dict[str, str] = {}
    blueprint = Blueprint("probe", __name__, url_prefix=PREFIX)

    def verb(acting: Acting, name: str, short_name: str, then: str) -> Unit:
        unit = people.add_unit(acting, name=name, short_name=short_name)
        _FAILURES.get(ending.get("then", then), lambda _: None)(acting)
        return unit

    @blueprint.route("/probe", methods=["POST"])
    @open_to("signed-in")
    @blueprint.arguments(NewUnit)
    def add_unit(given: dict[str, Any]) -> Response:
        expected = versions.expected(given["expected_version"])
        return carry_out(
            lambda acting: verb(acting, given["name"], given["short_name"], given["then"]),
            lambda unit: {"id": unit.id, "name": unit.name},
            status=201,
            headers=lambda unit: {"ETag": versions.etag(expected), "Location": f"{PREFIX}/units/{unit.id}"},
        )

    application.flask.register_blueprint(blueprint)
    identity.seal(application.flask)
    return ending


def _stale(acting: Acting) -> None:
    raise Stale(by="张伟", at=acting.now.isoformat(), act="task.completed", expected=1, current=2)


def _refuse(acting: Acting) -> None:
    raise NotPossible("You have signed this already.", task_id="0" * 32)


def _hide(acting: Acting) -> None:
    raise NotFound()


def _break(acting: Acting) -> None:
    raise RuntimeError("the password of the database is hunter2")


_FAILURES: dict[str, Callable[[Acting], None]] = {
    "stale": _stale,
    "refuse": _refuse,
    "hide": _hide,
    "break": _break,
}
