"""What several resources show: the schema that describes a thing, and beside it the function that writes it.

The schemas are for the document; the functions write plain values, since a list of a hundred lines is asked for often. The test
`test_every_answer_is_as_the_document_says` holds the two together. May never leave out what a read has already chosen to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, current_app
from marshmallow import Schema, fields

from api import versions
from api.ground import ground, now
from engine.periods import ZONE
from engine.sheets import Wording
from workflows.casework import Done
from workflows.deadline_rules import both
from workflows.releases import Law
from workflows.worklists import CaseLine, ClockView, PartyView, TaskLine


def shown(value: Mapping[str, Any], *, version: int | None = None, status: int = 200) -> Response:
    """An answer that is complete: plain values as JSON, with the version as `ETag` where there is one."""
    response = Response(current_app.json.dumps(value), status=status, mimetype="application/json")
    if version is not None:
        response.headers["ETag"] = versions.etag(version)
    return response


def law_in_force(session: Any) -> Law:
    """The release in force today."""
    return ground().releases.current(session, now().astimezone(ZONE).date())


# --- fields -----------------------------------------------------------------------------------------------------------


def said(about: str = "", example: Any = None, *, null: bool = False) -> fields.String:
    """A text."""
    return fields.String(required=True, allow_none=null, metadata=_metadata(about, example))


def moment(about: str = "", *, null: bool = False) -> fields.AwareDateTime:
    """A moment with its zone."""
    return fields.AwareDateTime(required=True, allow_none=null, metadata=_metadata(about, "2026-03-02T01:00:00+00:00"))


def integer(about: str = "", example: int | None = None, *, null: bool = False) -> fields.Integer:
    """A whole number."""
    return fields.Integer(required=True, allow_none=null, metadata=_metadata(about, example))


def yes_no(about: str = "") -> fields.Boolean:
    """Yes or no."""
    return fields.Boolean(required=True, metadata=_metadata(about, None))


def one(schema: type[Schema] | Callable[[], Schema], about: str = "", *, null: bool = False) -> fields.Nested:
    """Another thing."""
    return fields.Nested(schema, required=True, allow_none=null, metadata=_metadata(about, None))


def many(inner: fields.Field[Any] | type[Schema], about: str = "") -> fields.List[Any]:
    """A list."""
    item = inner if isinstance(inner, fields.Field) else fields.Nested(inner)
    return fields.List(item, required=True, metadata=_metadata(about, None))


def anything(about: str = "") -> fields.Raw:
    """Any JSON value, as it was answered or as the procedure keeps it."""
    return fields.Raw(required=True, allow_none=True, metadata=_metadata(about, None))


def _metadata(about: str, example: Any) -> dict[str, Any]:
    return {key: value for key, value in (("description", about), ("example", example)) if value not in ("", None)}


# --- things -----------------------------------------------------------------------------------------------------------


class Name(Schema):
    """A name or a sentence in both languages."""

    zh = said(example="立案审批")
    en = said(example="Approve the filing")


class DoneShape(Schema):
    """What a command left: the case as it now stands, and the task it was about."""

    case_id = said(example="0" * 32)
    number = said("Number of the case.", "云湖问责〔2026〕0001")
    state = said("State of the case.", "INVESTIGATING")
    version = integer("Version of the case.", 7)
    task_id = said("The task it was about.", "0" * 32, null=True)
    task_state = said("`open`, `completed`, `returned`, `cancelled` or `taken_back`.", "completed", null=True)
    task_version = integer("Version of the task.", 2, null=True)
    entry = said("Hash of the entry in the ledger.", "9f86d081884c7d65" * 4)


class TaskLineShape(Schema):
    """A task as a line of a list."""

    id = said(example="0" * 32)
    version = integer("Name it with every change.", 1)
    state = said("`open`, `completed`, `returned`, `cancelled` or `taken_back`.", "open")
    name = one(Name)
    case_id = said(example="0" * 32)
    case_number = said(example="云湖问责〔2026〕0001")
    case_title = said(example="处罚决定逾期")
    role = said("Role id of the lane it stands in.", "investigator", null=True)
    role_name = one(Name, null=True)
    form_key = said("Key of the form it asks.", "F-FILING", null=True)
    assignee_id = said("Who has taken it.", "0" * 32, null=True)
    assignee = said("Their name.", "陈志远", null=True)
    owner_id = said("Who delegated it and gets it back.", null=True)
    opened_at = moment()
    due_at = moment("When the limit over it has passed.", null=True)
    to_sign = yes_no("Only a signature is asked.")


class ClockShape(Schema):
    """A statutory limit that runs or ran in a case, with its article."""

    id = said(example="0" * 32)
    rule = said("Key in the catalogue.", "T-LI-06")
    name = one(Name)
    citation = one(Name, "The text and article it rests on.")
    mark = said("How well the number is established: `V:S1` read, `V2:X7` excerpt, `K` knowledge, `PD` default.", "PD")
    unit = said("`working_days`, `days`, `months`, `years` or `hours`.", "working_days")
    binds = said("Whose time it is: `agency` or `party`.", "agency")
    consequence = one(Name, "What follows when it is missed.", null=True)
    state = said("`running`, `suspended`, `met`, `met_late`, `missed`, `passed` or `cancelled`.", "running")
    trigger = said("Date or moment of the event it runs from.", "2026-03-02")
    started_at = moment()
    due = said("The last day on which the act is in time; for hours the moment.", "2026-03-09")
    due_at = moment("The moment after which it is missed.")
    provisional = yes_no("The date rests on a year whose holidays are not published yet.")
    fired_at = moment("When the clock found it passed.", null=True)
    late_seconds = integer("How long after `due_at` that was.", null=True)
    ended_at = moment(null=True)
    node = said("Id of the timer in the diagram.")
    guards = said("Token of the activity it guards.", null=True)
    proceeding_id = said(example="0" * 32)
    party_id = said("The party it is about.", null=True)
    suspended_from = said("While it stands: the first day (moment) that does not count.", null=True)
    rungs = many(fields.Dict(keys=fields.String()), "Moments at which somebody is told: kind, at, to, fired_at.")


class PartyShape(Schema):
    """A party of a case."""

    id = said(example="0" * 32)
    role = said("`concerned`, `respondent` …", "respondent")
    kind = said("`person` or `unit`.", "person")
    name = said(example="王大力")
    post = said(example="执法队员")
    unit_name = said(example="云湖区市场监督管理局")
    standing = said("How far it has come with this party.", "told")
    finding = anything("What was found about this party.")
    outcome = anything("What was decided about this party.")
    has_account = yes_no("Whether the party can come in here.")


class CaseLineShape(Schema):
    """A case as a line of a list."""

    id = said(example="0" * 32)
    version = integer("Name it with every change of the case.", 1)
    number = said(example="云湖问责〔2026〕0001")
    title = said(example="处罚决定逾期")
    kind = said(example="liability")
    kind_name = one(Name, null=True)
    state = said(example="INVESTIGATING")
    unit = said("The organ that has it.", "云湖区司法局")
    opened_at = moment()
    due_at = moment("The next end of a running limit.", null=True)


def done(left: Done) -> dict[str, Any]:
    """What a command left."""
    return asdict(left)


def task_line(line: TaskLine, law: Law) -> dict[str, Any]:
    """A task as a line of a list."""
    role = law.roles[line.role] if line.role is not None and line.role in law.roles else None
    return {
        "id": line.id,
        "version": line.version,
        "state": line.state,
        "name": {"zh": line.name, "en": line.name_en},
        "case_id": line.case_id,
        "case_number": line.case_number,
        "case_title": line.case_title,
        "role": line.role,
        "role_name": dict(role.name) if role is not None else None,
        "form_key": line.form,
        "assignee_id": line.assignee_id,
        "assignee": line.assignee,
        "owner_id": line.owner_id,
        "opened_at": line.opened_at,
        "due_at": line.due_at,
        "to_sign": line.to_sign,
    }


def clock(view: ClockView) -> dict[str, Any]:
    """A statutory limit."""
    return {
        "id": view.id,
        "rule": view.rule,
        "name": both(view.name),
        "citation": both(view.citation),
        "mark": view.mark,
        "unit": view.unit,
        "binds": view.binds,
        "consequence": both_or_none(view.consequence),
        "state": view.state,
        "trigger": view.trigger,
        "started_at": view.started_at,
        "due": view.due,
        "due_at": view.due_at,
        "provisional": view.provisional,
        "fired_at": view.fired_at,
        "late_seconds": view.late_seconds,
        "ended_at": view.ended_at,
        "node": view.node,
        "guards": view.guards,
        "proceeding_id": view.proceeding_id,
        "party_id": view.party_id,
        "suspended_from": view.suspended_from,
        "rungs": [dict(rung) for rung in view.rungs],
    }


def party(view: PartyView) -> dict[str, Any]:
    """A party of a case."""
    return asdict(view)


def case_line(line: CaseLine, law: Law) -> dict[str, Any]:
    """A case as a line of a list."""
    kind = law.kinds.get(line.kind)
    return asdict(line) | {"kind_name": dict(kind.name) if kind is not None else None}


def both_or_none(wording: Wording | None) -> dict[str, str] | None:
    """A wording that may be missing."""
    return both(wording) if wording is not None else None
