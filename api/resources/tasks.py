"""Tasks 任务: what waits for me, what one asks, and everything a person may do with it. May never decide who may: the casework
does, for every request anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from api import paging, problems, versions
from api.commands import carry_out
from api.ground import asking, caller, ground
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import questions, shapes
from api.resources.questions import ChoiceShape, FormShape
from api.resources.shapes import (
    ClockShape,
    DoneShape,
    PartyShape,
    TaskLineShape,
    anything,
    integer,
    many,
    moment,
    one,
    said,
    shown,
)
from api.schemas import PageQuery, Strict, identifier, text, version
from workflows import casework, worklists
from workflows.acting import Acting
from workflows.casework import REASON_LIMIT, Done

blueprint = Blueprint(
    "tasks", __name__, url_prefix=PREFIX, description="What waits for whom, and what is done with it."
)

REASON = "Why. It stands in the ledger."


class Answers(Strict):
    """The answers to a task's form."""

    answers = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "By key of the question; see `form` of the task.",
            "example": {"acceptance": "accept"},
        },
    )


class Completion(Answers):
    """The answers that complete a task."""

    rationale = text(
        REASON_LIMIT, about="Why so, in your own words.", required=False, load_default=None, allow_none=True
    )
    expected_version = version()


class Versioned(Strict):
    """The version you have read."""

    expected_version = version()


class WithReason(Versioned):
    """A reason, and the version you have read."""

    reason = text(REASON_LIMIT, about=REASON, example="近期外出")


class ToColleague(WithReason):
    """To whom, why, and the version you have read."""

    to = identifier("Whom; see `/people`.")


class Signer(WithReason):
    """Who is to sign too, why, and the version you have read."""

    person = identifier("Who; see `/people`.")


class Reason(Strict):
    """A reason."""

    reason = text(REASON_LIMIT, about=REASON, example="期限将届满")


class TaskPage(Schema):
    """One page of your tasks, the most urgent first."""

    items = many(TaskLineShape)
    next = said("`after` of the next page.", null=True)


class SignatureShape(Schema):
    """A signature that was asked for or given."""

    person_id = said(example="0" * 32)
    name = said(example="吴静怡")
    asked_at = moment()
    signed_at = moment(null=True)


class TaskShape(TaskLineShape):
    """A task with what belongs beside it."""

    case_state = said(example="INVESTIGATING")
    node = said("Its id in the diagram.", "approve_filing")
    process = said("The diagram it stands in.", "li_filing")
    proceeding_id = said(example="0" * 32)
    party = one(PartyShape, "The party it is about.", null=True)
    actions = many(
        fields.String(),
        "What you may do: `claim`, `complete`, `sign`, `give_back`, `reassign`, `delegate`, `add_signer`, `return`, `urge`,"
        " `take_back`.",
    )
    form = one(FormShape, "What it asks, in your language; null once it is no longer open.", null=True)
    choices = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(ChoiceShape)),
        required=True,
        metadata={"description": "By `source` of a question: what may be chosen."},
    )
    answers = anything("What was submitted; null before.")
    rationale = said(null=True)
    draft = anything("What you have typed and not submitted.")
    draft_saved_at = moment(null=True)
    other_drafts = many(fields.String(), "Names of others who are writing on it.")
    persons = integer("So many officers must sign.", 1)
    signatures = many(SignatureShape)
    clocks = many(ClockShape, "The limits over it.")
    completed_at = moment(null=True)


# --- reading ----------------------------------------------------------------------------------------------------------


@blueprint.route("/tasks", methods=["GET"])
@open_to("signed-in")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, TaskPage)
def my_tasks(query: dict[str, Any]) -> Response:
    """List what waits for you: taken, offered to your groups, by appointment, to sign. The most urgent first."""
    after = paging.read(query["after"])
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        page = worklists.my_tasks(session, caller().actor, law, after=after, limit=query["limit"])
    return shown(paging.page(page.items, page.next, lambda line: shapes.task_line(line, law)))


@blueprint.route("/tasks/<id:task_id>", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, TaskShape, headers=versions.DESCRIBED)
def task(task_id: str) -> Response:
    """One task: what it asks, what may be chosen, the limits over it, and what you may do with it."""
    actor, releases = caller().actor, ground().releases
    with ground().database.reading() as session:
        view = worklists.task(session, actor, releases, ground().vault, task_id)
        asked = worklists.asked_of_task(session, actor, releases, view)
        law = shapes.law_in_force(session)
    line = shapes.task_line(view.line, law)
    return shown(
        line
        | questions.asked(asked, problems.language())
        | {
            "case_state": view.case_state,
            "node": view.node,
            "process": view.process,
            "proceeding_id": view.proceeding_id,
            "party": shapes.party(view.party) if view.party is not None else None,
            "actions": list(view.actions),
            "answers": view.answers,
            "rationale": view.rationale,
            "draft": view.draft,
            "draft_saved_at": view.draft_saved_at,
            "other_drafts": list(view.other_drafts),
            "persons": view.persons,
            "signatures": [dict(signature) for signature in view.signatures],
            "clocks": [shapes.clock(clock) for clock in view.clocks],
            "completed_at": view.completed_at,
        },
        version=view.line.version,
    )


# --- doing ------------------------------------------------------------------------------------------------------------


@blueprint.route("/tasks/<id:task_id>/completion", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Completion)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def complete(given: dict[str, Any], task_id: str) -> Response:
    """Complete a task with its answers; where several officers must sign, as the first or next of them 办结。"""
    expected = versions.expected(given["expected_version"])
    return _do(
        lambda acting: casework.complete_task(
            acting, task_id, answers=given["answers"], rationale=given["rationale"], expected=expected
        )
    )


@blueprint.route("/tasks/<id:task_id>/claim", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Versioned)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def claim(given: dict[str, Any], task_id: str) -> Response:
    """Take a task out of the group's list 签收。"""
    expected = versions.expected(given["expected_version"])
    return _do(lambda acting: casework.claim_task(acting, task_id, expected=expected))


@blueprint.route("/tasks/<id:task_id>/give-back", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(WithReason)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def give_back(given: dict[str, Any], task_id: str) -> Response:
    """Put a claimed task back into the group's list 退回待办。"""
    expected = versions.expected(given["expected_version"])
    return _do(lambda acting: casework.give_back_task(acting, task_id, reason=given["reason"], expected=expected))


@blueprint.route("/tasks/<id:task_id>/reassignment", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(ToColleague)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def reassign(given: dict[str, Any], task_id: str) -> Response:
    """Hand a task to another person for good 转办。"""
    expected = versions.expected(given["expected_version"])
    return _do(
        lambda acting: casework.reassign_task(
            acting, task_id, to=given["to"], reason=given["reason"], expected=expected
        )
    )


@blueprint.route("/tasks/<id:task_id>/delegation", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(ToColleague)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def delegate(given: dict[str, Any], task_id: str) -> Response:
    """Let another person prepare a task, which then comes back 委托。"""
    expected = versions.expected(given["expected_version"])
    return _do(
        lambda acting: casework.delegate_task(
            acting, task_id, to=given["to"], reason=given["reason"], expected=expected
        )
    )


@blueprint.route("/tasks/<id:task_id>/signers", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Signer)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def add_signer(given: dict[str, Any], task_id: str) -> Response:
    """Ask one more person to sign before the task is complete 加签。"""
    expected = versions.expected(given["expected_version"])
    return _do(
        lambda acting: casework.add_signer(
            acting, task_id, person=given["person"], reason=given["reason"], expected=expected
        )
    )


@blueprint.route("/tasks/<id:task_id>/signature", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Versioned)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def sign(given: dict[str, Any], task_id: str) -> Response:
    """Sign what another officer has submitted 会签; the last signature needed completes the task."""
    expected = versions.expected(given["expected_version"])
    return _do(lambda acting: casework.sign_task(acting, task_id, expected=expected))


@blueprint.route("/tasks/<id:task_id>/return", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(WithReason)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def send_back(given: dict[str, Any], task_id: str) -> Response:
    """Send the matter back to an earlier step 退回, where the diagram draws a way back."""
    expected = versions.expected(given["expected_version"])
    return _do(lambda acting: casework.return_task(acting, task_id, reason=given["reason"], expected=expected))


@blueprint.route("/tasks/<id:task_id>/taking-back", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(WithReason)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def take_back(given: dict[str, Any], task_id: str) -> Response:
    """Take back what you have just submitted 撤回, before the next person acted."""
    expected = versions.expected(given["expected_version"])
    return _do(lambda acting: casework.take_back_task(acting, task_id, reason=given["reason"], expected=expected))


@blueprint.route("/tasks/<id:task_id>/urging", methods=["POST"])
@open_to("signed-in")
@blueprint.arguments(Reason)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def urge(given: dict[str, Any], task_id: str) -> Response:
    """Urge whoever has the task 催办, once a day at most. Nothing is changed by it, so no version is asked."""
    return _do(lambda acting: casework.urge_task(acting, task_id, reason=given["reason"]))


@blueprint.route("/tasks/<id:task_id>/draft", methods=["PUT"])
@open_to("signed-in")
@blueprint.arguments(Answers)
@blueprint.response(204)
def save_draft(given: dict[str, Any], task_id: str) -> None:
    """Keep what you have typed 暂存. It is yours alone, so no version is asked; the last one sent is kept."""
    ground().unit_of_work.run(lambda acting: casework.save_draft(acting, task_id, given["answers"]), asking())


def _do(verb: Callable[[Acting], Done]) -> Response:
    return carry_out(verb, shapes.done, headers=_of_task)


def _of_task(left: Done) -> dict[str, str]:
    return {"ETag": versions.etag(left.task_version or 0)}
