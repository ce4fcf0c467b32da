"""What concerns me: the matters in which I am a party, as far as the law lets me know, and what I was told lately."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from api import versions
from api.ground import caller, ground
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import shapes
from api.resources.cases import ActionShape, way_out
from api.resources.shapes import ClockShape, TaskLineShape, anything, integer, many, moment, said, shown
from workflows import worklists

blueprint = Blueprint("matters", __name__, url_prefix=PREFIX, description="What concerns you as a party.")


class MatterLine(Schema):
    """A matter in which you are a party."""

    case_id = said(example="0" * 32)
    case_number = said(example="云湖问责〔2026〕0001")
    version = integer("Name it when you act on the case.", 7)
    title = said(example="处罚决定逾期")
    organ = said("The organ that has it.", "云湖区司法局")
    party_id = said("You, as a party.", "0" * 32)
    standing = said("How far it has come with you.", "told")
    outcome = anything("What was decided about you, once it was served.")


class Matters(Schema):
    """The matters in which you are a party, the newest first."""

    items = many(MatterLine)


class Matter(MatterLine):
    """One matter: your tasks, your limits, and what you may ask for."""

    tasks = many(TaskLineShape)
    clocks = many(ClockShape)
    actions = many(ActionShape)


class NoticeShape(Schema):
    """Something you were told."""

    kind = said(example="task.urged")
    case_id = said(example="0" * 32)
    case_number = said(example="云湖问责〔2026〕0001")
    facts = fields.Dict(keys=fields.String(), required=True)
    at = moment()


class Notices(Schema):
    """What you were told lately, the newest first."""

    items = many(NoticeShape)


@blueprint.route("/matters", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, Matters)
def matters() -> Response:
    """List the matters in which you are a party, once the law lets you know of them."""
    with ground().database.reading() as session:
        found = worklists.my_matters(session, caller().actor)
    return shown({"items": [_line(matter) for matter in found]})


@blueprint.route("/matters/<id:case_id>", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, Matter, headers=versions.DESCRIBED)
def matter(case_id: str) -> Response:
    """One matter as its party may see it."""
    actor, releases = caller().actor, ground().releases
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        found = worklists.own_matter(session, actor, releases, case_id)
        ways = [(way, worklists.asked_with(session, actor, releases, case_id, way)) for way in found["ways"]]
    written = _line(found) | {
        "tasks": [shapes.task_line(line, law) for line in found["tasks"]],
        "clocks": [shapes.clock(each) for each in found["clocks"]],
        "actions": [way_out(*way) for way in ways],
    }
    return shown(written, version=found["version"])


@blueprint.route("/notices", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, Notices)
def notices() -> Response:
    """What you were told lately: limits near their end, urgings, tasks that came back."""
    with ground().database.reading() as session:
        found = worklists.notices(session, caller().actor, shapes.law_in_force(session))
    return shown({"items": [dict(notice) for notice in found]})


def _line(matter: Mapping[str, Any]) -> dict[str, Any]:
    return {name: matter[name] for name in MatterLine._declared_fields}
