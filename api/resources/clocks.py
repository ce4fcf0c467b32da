"""Running limits 期限: why one ends on its day, and what a person may do to it: suspend, resume, extend, except time, correct,
cancel; and a case that rests. May never count, and never decide what the law allows: the casework does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from api import versions
from api.commands import carry_out
from api.ground import caller, ground, now
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import shapes
from api.resources.shapes import ClockShape, DoneShape, Name, integer, many, moment, one, said, shown
from api.resources.tasks import REASON
from api.schemas import Strict, identifier, text, version, whole
from workflows import clocks, reckonings
from workflows.acting import Acting
from workflows.casework import REASON_LIMIT, Done

blueprint = Blueprint("clocks", __name__, url_prefix=PREFIX, description="Running statutory limits.")

DAY = "A day; for a limit in hours a moment with its zone."


# --- what is sent -----------------------------------------------------------------------------------------------------


class Because(Strict):
    """Why, and the version of the case you have read."""

    reason = text(REASON_LIMIT, about=REASON, example="委托鉴定")
    expected_version = version()


class Suspension(Because):
    """For what a limit stands, and from when."""

    ground = text(64, about="A kind of time that the limit does not count; see `grounds`.", example="appraisal")
    since = text(
        40, about=f"{DAY} It does not count. Now, unless said.", required=False, load_default=None, allow_none=True
    )


class Resumption(Because):
    """Until when a limit stood."""

    on = text(
        40,
        about=f"{DAY} The last that does not count. Now, unless said.",
        required=False,
        load_default=None,
        allow_none=True,
    )


class Granted(Because):
    """An extension as it is granted."""

    value = whole(1, 36_525, about="So many of the unit.", example=10)
    unit = text(16, about="`working_days`, `days`, `months`, `years` or `hours`.", example="working_days")
    basis = text(200, about="The legal ground.", example="案情复杂")
    asked_by = identifier("Who asked: somebody else, who works on the case.")


class Exclusion(Because):
    """Time that does not count, found afterwards."""

    kind = text(64, about="A kind of time that the limit does not count; see `grounds`.", example="appraisal")
    first = text(40, about=f"{DAY} It does not count.", example="2026-03-09")
    last = text(40, about=f"{DAY} It does not count.", example="2026-03-13")


class Correction(Because):
    """The event a limit really runs from."""

    trigger = text(40, about=DAY, example="2026-03-02")


class CaseSuspension(Because):
    """For what a case rests."""

    ground = text(64, about="A kind of time that limits do not count.", example="remedy_pending")


# --- what is shown ----------------------------------------------------------------------------------------------------


class FactShape(Schema):
    """Something that was done to a limit. Who and why are shown to those who may open the file."""

    kind = said("`extension`, `suspension`, `exclusion` or `correction`.", "suspension")
    words = one(Name, "What it did.")
    first = said("The first day (moment) that does not count.", "2026-03-09", null=True)
    last = said("The last; null while it lasts.", null=True)
    ground = one(Name, "The kind of time that does not count.", null=True)
    basis = said("The legal ground of an extension.", null=True)
    value = integer("Of an extension: so many of the unit.", null=True)
    unit = said(null=True)
    reason = said(null=True)
    by = said("Who did it.", null=True)
    asked_by = said("Who asked for it.", null=True)
    at = moment()
    resumed_by = said(null=True)
    resumed_because = said(null=True)
    resumed_at = moment(null=True)


class ProofShape(Schema):
    """The step that shows the event a limit runs from."""

    task_id = said(example="0" * 32)
    name = one(Name)
    at = moment()
    by = said(null=True)
    exhibits = many(fields.Integer(), "Numbers of the items of evidence that prove the service.")


class WaitsShape(Schema):
    """An open task under a limit."""

    task_id = said(example="0" * 32)
    name = one(Name)
    role = said("Role id of the lane it stands in.", "investigator", null=True)
    assignee = said("Who has it; null while nobody has taken it.", null=True)


class GroundShape(Schema):
    """A kind of time that a limit does not count."""

    ground = said(example="appraisal")
    name = one(Name)


class TextShape(Schema):
    """Sentences in both languages, one after another."""

    zh = many(fields.String())
    en = many(fields.String())


class ClockDetail(ClockShape):
    """A limit, and why it ends on that day."""

    explanation = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "Period, calendar, and every day counted or skipped with its reason."},
    )
    text = one(TextShape, "The same in sentences.")
    left = integer("While it is suspended: units that will be left when it is resumed.", null=True)
    facts = many(
        FactShape, "Extensions, suspensions, excepted time and corrections, in the order in which they were entered."
    )
    proof = one(ProofShape, "What shows the event it runs from.", null=True)
    waiting = many(WaitsShape, "Who is to act.")
    governed_by = said("Another limit over the same acts that ends before it.", null=True)
    actions = many(fields.String(), "What you may do: `suspend`, `resume`, `extend`, `exclude`, `correct`, `cancel`.")
    grounds = many(GroundShape, "For what it may be suspended, and what may be excepted.")
    case_version = integer("Name it with every change.", 7)


# --- reading ----------------------------------------------------------------------------------------------------------


@blueprint.route("/cases/<id:case_id>/clocks/<id:clock_id>", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, ClockDetail, headers=versions.DESCRIBED)
def clock(case_id: str, clock_id: str) -> Response:
    """One limit of a case, and why it ends on that day: rule, event and proof, every day counted or skipped, who is to act."""
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        found = reckonings.reckon(session, caller().actor, ground().releases, law, case_id, clock_id, now())
    told = shapes.clock(found.view) | reckonings.as_data(found) | {"case_version": found.case_version}
    return shown(told, version=found.case_version)


# --- doing ------------------------------------------------------------------------------------------------------------


@blueprint.route("/cases/<id:case_id>/clocks/<id:clock_id>/suspension", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Suspension)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def suspend(given: dict[str, Any], case_id: str, clock_id: str) -> Response:
    """Let a limit stand 中止: what is left of it is kept, and nothing of it fires."""
    return _do(given, lambda acting, told: clocks.suspend(acting, case_id, clock_id, **told))


@blueprint.route("/cases/<id:case_id>/clocks/<id:clock_id>/resumption", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Resumption)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def resume(given: dict[str, Any], case_id: str, clock_id: str) -> Response:
    """Let a suspended limit run on 恢复, with what was left of it."""
    return _do(given, lambda acting, told: clocks.resume(acting, case_id, clock_id, **told))


@blueprint.route("/cases/<id:case_id>/clocks/<id:clock_id>/extension", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Granted)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def extend(given: dict[str, Any], case_id: str, clock_id: str) -> Response:
    """Grant an extension 延长, as the approver whom the limit names; before its end, within its cap."""
    return _do(given, lambda acting, told: clocks.extend(acting, case_id, clock_id, **told))


@blueprint.route("/cases/<id:case_id>/clocks/<id:clock_id>/exclusion", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Exclusion)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def exclude(given: dict[str, Any], case_id: str, clock_id: str) -> Response:
    """Except time from a limit afterwards 扣除: an appraisal, a hearing, a public notice."""
    return _do(given, lambda acting, told: clocks.exclude(acting, case_id, clock_id, **told))


@blueprint.route("/cases/<id:case_id>/clocks/<id:clock_id>/correction", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Correction)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def correct(given: dict[str, Any], case_id: str, clock_id: str) -> Response:
    """Correct the day of the event a limit runs from 更正起算日."""
    return _do(given, lambda acting, told: clocks.correct(acting, case_id, clock_id, **told))


@blueprint.route("/cases/<id:case_id>/clocks/<id:clock_id>/cancellation", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Because)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def cancel(given: dict[str, Any], case_id: str, clock_id: str) -> Response:
    """Stop a limit for good 撤销, as whoever oversees the cases of the organ."""
    return _do(given, lambda acting, told: clocks.cancel(acting, case_id, clock_id, **told))


@blueprint.route("/cases/<id:case_id>/suspension", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(CaseSuspension)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def suspend_case(given: dict[str, Any], case_id: str) -> Response:
    """Let a case rest 中止, with every limit that the law lets rest for this reason."""
    return _do(given, lambda acting, told: clocks.suspend_case(acting, case_id, **told))


@blueprint.route("/cases/<id:case_id>/resumption", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Because)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def resume_case(given: dict[str, Any], case_id: str) -> Response:
    """Let a case go on 恢复, with every limit that stood with it."""
    return _do(given, lambda acting, told: clocks.resume_case(acting, case_id, **told))


def _do(given: dict[str, Any], verb: Callable[[Acting, dict[str, Any]], Done]) -> Response:
    expected = versions.expected(given.pop("expected_version"))
    return carry_out(
        lambda acting: verb(acting, {**given, "expected": expected}),
        shapes.done,
        headers=lambda left: {"ETag": versions.etag(left.version)},
    )
