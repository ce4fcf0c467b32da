"""People and organs, for choosing among them; and relations that forbid handling each other's cases. May never show more of a
person than name and post.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import Schema

from api import paging
from api.commands import carry_out
from api.ground import ground
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import shapes
from api.resources.shapes import many, said, shown
from api.schemas import PageQuery, Strict, identifier, text
from workflows import people
from workflows.acting import Acting

blueprint = Blueprint("people", __name__, url_prefix=PREFIX, description="Members of the organs, and the organs.")


class PeopleQuery(PageQuery):
    """Whom to list."""

    role = text(64, required=False, load_default=None, about="Holders of this role.", example="investigator")
    unit = identifier("Holders of a role in this organ.", required=False, load_default=None)


class NewRelation(Strict):
    """A relation that forbids handling each other's cases."""

    person_id = identifier("You, or anybody if you administer people.")
    other_id = identifier("Who is related.")
    kind = text(64, about="What ties them.", example="spouse")


class PersonShape(Schema):
    """A member of an organ."""

    id = said(example="0" * 32)
    name = said(example="陈志远")
    post = said(example="执法监督科科员")


class People(Schema):
    """One page of people, by name."""

    items = many(PersonShape)
    next = said("`after` of the next page.", null=True)


class UnitShape(Schema):
    """An organ or a part of one."""

    id = said(example="0" * 32)
    name = said(example="云湖区司法局")
    short_name = said("As it stands in case numbers.", "云湖")
    parent_id = said("The organ it is a part of.", null=True)


class Units(Schema):
    """All organs, by name."""

    items = many(UnitShape)


class RelationShape(Schema):
    """A declared relation."""

    person_id = said(example="0" * 32)
    other_id = said(example="0" * 32)
    kind = said(example="spouse")


@blueprint.route("/people", methods=["GET"])
@open_to("staff")
@blueprint.arguments(PeopleQuery, location="query")
@blueprint.response(200, People)
def colleagues(query: dict[str, Any]) -> Response:
    """List members of the organs, for choosing among them."""
    after, limit = paging.read_names(query["after"]), query["limit"]
    with ground().database.reading() as session:
        found = people.colleagues(session, role=query["role"], unit_id=query["unit"], after=after, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    onward = paging.write_names(last.name, last.id) if last is not None else None
    return shown({"items": [asdict(each) for each in found[:limit]], "next": onward})


@blueprint.route("/units", methods=["GET"])
@open_to("staff")
@blueprint.response(200, Units)
def units() -> Response:
    """List the organs and their parts."""
    with ground().database.reading() as session:
        found = people.units(session)
    return shown({"items": [{name: getattr(each, name) for name in UnitShape._declared_fields} for each in found]})


@blueprint.route("/relations", methods=["POST"])
@open_to("signed-in")
@blueprint.arguments(NewRelation)
@blueprint.response(201, RelationShape)
def declare(given: dict[str, str]) -> Response:
    """Declare a relation that forbids handling each other's cases 回避关系. It is added and takes nothing away, so no version
    is asked."""

    def verb(acting: Acting) -> dict[str, str]:
        people.declare_relation(acting, **given, roles=shapes.law_in_force(acting.session).roles)
        return given

    return carry_out(verb, dict, status=201)
