"""Proceedings that have failed, for administrators. May never show what is in a case."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from api import paging
from api.ground import caller, ground
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import shapes
from api.resources.shapes import Name, many, moment, one, said, shown
from api.schemas import PageQuery
from workflows import incidents

blueprint = Blueprint("incidents", __name__, url_prefix=PREFIX, description="Proceedings that have failed.")


class TraceShape(Schema):
    """One thing that happened in the move that failed."""

    what = said("`entered`, `completed`, `cancelled`, `fired`, `taken` (a flow) or `uncaught`.", "uncaught")
    node = said("Id of the node or flow.", "check_limits")
    path = many(fields.String(), "Ids of the activities around it.")
    process = said("The diagram that draws it.", "li_main")


class IncidentShape(Schema):
    """One proceeding that has failed; what is stored of it stands as before the move that failed."""

    proceeding_id = said(example="0" * 32)
    case_id = said(example="0" * 32)
    case_number = said(example="云湖问责〔2026〕0001")
    process = said(example="li_main")
    name = said("Of the diagram.", "行政执法责任追究")
    release_id = said(example="0" * 32)
    started_at = moment()
    failed_at = moment()
    code = said("`deadlock`, or the code of the error that nobody caught.", "E-REGISTER")
    node = said("Where.", "check_limits")
    words = one(Name, "Why, in a sentence.")
    trace = many(TraceShape, "What happened in the move that failed, in order.")


class IncidentPage(Schema):
    """One page of incidents, the last first."""

    items = many(IncidentShape)
    next = said("`after` of the next page.", null=True)


@blueprint.route("/incidents", methods=["GET"])
@open_to("signed-in")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, IncidentPage)
def list_incidents(query: dict[str, Any]) -> Response:
    """List the proceedings that have failed, with the reason and the way they had come. For administrators."""
    after = paging.read(query["after"])
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        found, onward = incidents.failures(session, caller().actor, law, after=after, limit=query["limit"])
    return shown(paging.page(found, onward, asdict))
