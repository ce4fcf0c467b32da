"""For now: the resource that completes a task."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import Response
from marshmallow import fields

from api import identity, versions
from api.commands import carry_out
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.schemas import Strict, text, version
from wenze.application import Application
from workflows import casework


class Completion(Strict):
    answers = fields.Dict(required=True)
    rationale = text(2000, required=False, load_default=None)
    expected_version = version()


def add(application: Application) -> None:
    if any("completion" in rule.rule for rule in application.flask.url_map.iter_rules()):
        return
    blueprint = Blueprint("temporary", __name__, url_prefix=PREFIX)

    @blueprint.route("/tasks/<id:task_id>/completion", methods=["POST"])
    @open_to("signed-in")
    @blueprint.arguments(Completion)
    def complete(given: dict[str, Any], task_id: str) -> Response:
        expected = versions.expected(given["expected_version"])
        return carry_out(
            lambda acting: casework.complete_task(
                acting, task_id, answers=given["answers"], rationale=given["rationale"], expected=expected
            ),
            dataclasses.asdict,
            headers=lambda done: {"ETag": versions.etag(done.task_version or 1)},
        )

    application.flask.register_blueprint(blueprint)
    identity.seal(application.flask)
