"""Cases 案件: opening one, its file, its history, its limits, its diagrams, its parties, and what it can be told from outside
its tasks. May never show a part of a file before asking whether the file is open to the person.
"""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api import paging, problems, versions
from api.bodies import character_problem, keepable
from api.commands import carry_out
from api.ground import caller, ground
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import questions, shapes
from api.resources.questions import ChoiceShape, FormShape
from api.resources.shapes import (
    CaseLineShape,
    ClockShape,
    DoneShape,
    Name,
    PartyShape,
    TaskLineShape,
    anything,
    integer,
    many,
    moment,
    one,
    said,
    shown,
    yes_no,
)
from api.resources.tasks import REASON
from api.schemas import ID, PageQuery, Strict, identifier, text, version, whole
from workflows import casework, evidence, ledger, messages, moving, parties, worklists
from workflows.acting import Acting
from workflows.casework import REASON_LIMIT, Done
from workflows.deadline_rules import both
from workflows.errors import InvalidInput
from workflows.worklists import ApplicationView, Asked, CaseView, Happening, Way

blueprint = Blueprint("cases", __name__, url_prefix=PREFIX, description="Matters with a number, a file and parties.")

MOST_NAMES = 100


# --- what is sent -----------------------------------------------------------------------------------------------------


class NewCase(Strict):
    """A clue, and the case it opens."""

    unit_id = identifier("The organ that has it; see `/units`.")
    kind = text(64, about="Kind of case; see `case_kinds` of the release.", example="liability")
    title = text(200, example="处罚决定逾期")
    answers = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "To the form of the first step; see `first_form` of the kind.", "example": {}},
    )
    accounts = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 200, error="text_length 1 200")),
        values=fields.String(validate=validate.Regexp(ID, error="not_id")),
        validate=validate.Length(max=MOST_NAMES, error=f"text_length 0 {MOST_NAMES}"),
        load_default=dict,
        metadata={"description": "Name of a person the clue names → person id, where they have an account."},
    )


class Action(Strict):
    """What the procedure is told."""

    answers = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        metadata={"description": "To the form of the action, if it has one.", "example": {}},
    )
    reason = text(REASON_LIMIT, about=REASON, example="不服决定，申请复核。")
    expected_version = version()


class CaseMessage(Strict):
    """A message or signal from another system."""

    name = text(200, about="Of the message or signal, as the diagrams name it.", example="payment_made")
    kind = fields.String(
        load_default="message",
        validate=validate.OneOf(("message", "signal")),
        metadata={"description": "A message is taken by one, a signal by everybody who waits.", "example": "message"},
    )
    payload = fields.Raw(
        load_default=None, allow_none=True, metadata={"description": "What it carries: any JSON value.", "example": {}}
    )
    keep = fields.Boolean(
        load_default=False,
        metadata={"description": "Keep a message that nobody takes now until a proceeding of the case waits for it."},
    )
    reason = text(REASON_LIMIT, about=REASON, example="财政系统回执")
    expected_version = version()


class Move(Strict):
    """To which release a proceeding is moved."""

    release_id = identifier("See `/releases`.")
    ids = fields.Dict(
        keys=fields.String(validate=validate.Length(max=100)),
        values=fields.String(validate=validate.Length(max=100)),
        load_default=dict,
        validate=validate.Length(max=1000),
        metadata={"description": "Ids of nodes or processes that are called otherwise there.", "example": {}},
    )
    reason = text(REASON_LIMIT, about=REASON, example="规程图有误，按更正后的版本继续。")
    expected_version = version()


class ToldShape(DoneShape):
    """What became of a message or signal."""

    outcome = said("`taken`, `began` (a proceeding began by it), `kept`, or `not_taken`.", "taken")
    why = said(
        "Why nobody took it: `nobody_waits`, `no_key` (it carries no key of its conversation), `other_conversation`, "
        "`no_conversation` (no proceeding has its key yet).",
        "nobody_waits",
        null=True,
    )


class NewParty(Strict):
    """One more party."""

    name = text(200, example="刘强")
    kind = text(64, about="`person` or `unit`.", example="person")
    role = text(
        64,
        about="`concerned`, or a role of parties. Who is a respondent is decided with the filing.",
        example="concerned",
    )
    post = text(100, least=0, required=False, load_default="", example="科长")
    unit_name = text(200, least=0, required=False, load_default="")
    person_id = identifier("Who it is, where they have an account.", required=False, load_default=None, allow_none=True)
    reason = text(REASON_LIMIT, about=REASON, example="核查中发现")
    expected_version = version()


class PartyAccount(Strict):
    """Which person a party is."""

    person_id = identifier("Who it is; see `/people`, or the account of somebody outside the organ.")
    reason = text(REASON_LIMIT, about=REASON, example="本人已开通账号")
    expected_version = version()


class ReadingReason(Strict):
    """Why a protected value is read."""

    reason = text(REASON_LIMIT, about=REASON, example="答复举报人")


class HistoryQuery(Strict):
    """Which part of a history."""

    limit = PageQuery().fields["limit"]
    before = whole(1, 2**31 - 1, about="`next` of the page before.", required=False, load_default=None)


# --- what is shown ----------------------------------------------------------------------------------------------------


class CasesQuery(PageQuery):
    """Which cases, and where the page begins."""

    search = text(100, least=0, about="Stands in the number or in the title.", required=False, load_default="")
    state = text(64, least=0, about="Code of the state they are in.", required=False, load_default="")


class CasePage(Schema):
    """One page of the cases you may open, the newest first."""

    items = many(CaseLineShape)
    next = said("`after` of the next page.", null=True)


class ProceedingShape(Schema):
    """One running or ended diagram of a case, and where it stands."""

    id = said(example="0" * 32)
    process = said(example="li_main")
    name = said(example="行政执法责任追究")
    state = said("`running`, `ended` or `failed`.", "running")
    started_at = moment()
    ended_at = moment(null=True)
    follows_id = said("The proceeding it follows from.", null=True)
    failure = one(Name, "Why it failed.", null=True)
    here = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        required=True,
        metadata={"description": "Process → ids of its nodes that are open."},
    )
    done = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        required=True,
        metadata={"description": "Process → ids of its nodes and flows already passed."},
    )


class EvidenceShape(Schema):
    """An item of evidence."""

    id = said(example="0" * 32)
    number = integer("Exhibit number in the case.", 1)
    kind = said("`unexamined` until somebody said what it is.", "DOCUMENTARY")
    name = said(example="决定书.pdf")
    media_type = said(example="application/pdf")
    size = integer("Bytes.", 48213)
    sha256 = said(example="9f86d081884c7d65" * 4)
    proves = said(example="决定书的落款日期")
    admitted = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Found usable; false is excluded, null not yet examined."},
    )
    origin = said("Where it comes from.", "执法机关案卷", null=True)
    collected_at = said("When it was collected.", "2026-03-02T08:00:00+08:00", null=True)
    collected_by = many(fields.String(), "Names of the officers who collected it.")
    exclusion_reason = said("Why it may not be relied on.", null=True)
    party_id = said("Handed in by this party; null where the officers collected it.", null=True)
    registered_at = moment()


class ActionShape(Schema):
    """Something you may tell the procedure from outside its tasks."""

    action = said(example="appeal")
    name = one(Name)
    form = one(FormShape, "What has to be said with it; null for the reason alone.", null=True)
    choices = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Nested(ChoiceShape)), required=True, metadata={}
    )


class ApplicationShape(Schema):
    """What the procedure was told from outside its tasks, as it was said."""

    id = said(example="0" * 32)
    action = said(example="appeal")
    name = one(Name)
    form_key = said("Key of the form it answers.", "F-APPEAL", null=True)
    answers = anything("The answers to that form, without protected ones.")
    reason = said(example="不服决定，申请复核。")
    party_id = said("The party it is about; null where it is about the case.", null=True)
    by = said(example="王大力")
    at = moment()


class ProtectedShape(Schema):
    """A sealed value: that there is one, never what it says."""

    id = said(example="0" * 32)
    field = said(example="complainant_name")


class ChainShape(Schema):
    """Where the ledger of the case stands."""

    entries = integer(example=12)
    head = said("Hash of the last entry.", "9f86d081884c7d65" * 4)


class CaseShape(CaseLineShape):
    """The file of a case."""

    unit_id = said(example="0" * 32)
    secrecy = said(example="ORDINARY")
    closed_at = moment(null=True)
    stalled = said("Why the clock could not go on with it.", null=True)
    suspension = anything("While it rests: `from`, `ground`, `reason`, `by`, `at`; else null.")
    parties = many(PartyShape)
    proceedings = many(ProceedingShape)
    tasks = many(TaskLineShape, "The newest first.")
    clocks = many(ClockShape, "In the order in which they began.")
    evidence = many(EvidenceShape)
    applications = many(ApplicationShape, "The newest first.")
    actions = many(ActionShape)
    protected = many(ProtectedShape)
    ledger = one(ChainShape)


class HappeningShape(Schema):
    """One entry of the ledger of a case."""

    number = integer("Position in the chain.", 12)
    at = moment()
    act = said(example="task.completed")
    actor = said(example="陈志远")
    subject = said("What it was done to.", null=True)
    task = one(Name, "Name of the task it was done to.", null=True)
    reason = said(null=True)
    body = anything("What it changed.")
    hash = said(example="9f86d081884c7d65" * 4)


class History(Schema):
    """What happened in a case, newest first."""

    items = many(HappeningShape)
    next = integer("`before` of the next page.", null=True)


class VerificationShape(Schema):
    """The result of going through the ledger of a case."""

    entries = integer(example=12)
    head = said(example="9f86d081884c7d65" * 4)
    holds = yes_no("Whether every entry verifies and the head is the one on record.")
    broken_at = integer("Number of the first entry that does not verify.", null=True)
    reason = said("Why it does not hold.", null=True)


class Revealed(Schema):
    """A protected value. The reading stands in the ledger."""

    value = anything()


class AddedParty(DoneShape):
    """What the command left."""

    party_id = said("The new party.", "0" * 32)


# --- reading ----------------------------------------------------------------------------------------------------------


@blueprint.route("/cases", methods=["GET"])
@open_to("signed-in")
@blueprint.arguments(CasesQuery, location="query")
@blueprint.response(200, CasePage)
def cases(query: dict[str, Any]) -> Response:
    """List the cases you may open, the newest first."""
    after = paging.read(query["after"])
    unkeepable = [character_problem(name) for name in ("search", "state") if not keepable(query[name])]
    if unkeepable:
        raise InvalidInput(tuple(unkeepable))
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        page = worklists.cases(
            session,
            caller().actor,
            law,
            search=query["search"].strip(),
            state=query["state"],
            after=after,
            limit=query["limit"],
        )
    return shown(paging.page(page.items, page.next, lambda line: shapes.case_line(line, law)))


@blueprint.route("/cases/<id:case_id>", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, CaseShape, headers=versions.DESCRIBED)
def case(case_id: str) -> Response:
    """The file of a case."""
    actor, releases = caller().actor, ground().releases
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        view = worklists.case(session, actor, releases, law, case_id)
        ways = [(way, worklists.asked_with(session, actor, releases, case_id, way)) for way in view.ways]
        written = _file(view, law) | {"actions": [way_out(*way) for way in ways]}
    return shown(written, version=view.line.version)


@blueprint.route("/cases/<id:case_id>/history", methods=["GET"])
@open_to("signed-in")
@blueprint.arguments(HistoryQuery, location="query")
@blueprint.response(200, History)
def history(query: dict[str, Any], case_id: str) -> Response:
    """What happened in a case, newest first."""
    limit = query["limit"]
    with ground().database.reading() as session:
        worklists.may_look(session, caller().actor, shapes.law_in_force(session), case_id)
        found = worklists.history(session, case_id, beyond=query["before"], limit=limit + 1)
    more = len(found) > limit
    return shown(
        {"items": [_happening(each) for each in found[:limit]], "next": found[limit - 1].number if more else None}
    )


@blueprint.route("/cases/<id:case_id>/ledger", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, VerificationShape)
def verify(case_id: str) -> Response:
    """Go through the ledger of a case from its first entry, and tell whether it holds."""
    with ground().database.reading() as session:
        worklists.may_look(session, caller().actor, shapes.law_in_force(session), case_id)
        found = ledger.verify(session, case_id)
    return shown(
        {
            "entries": found.entries,
            "head": found.head,
            "holds": found.holds,
            "broken_at": found.broken_at,
            "reason": found.reason or None,
        }
    )


@blueprint.route("/cases/<id:case_id>/diagrams/<process>", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, {"type": "string"}, content_type="application/xml")
def diagram(case_id: str, process: str) -> Response:
    """A diagram as it is drawn in the release under which the case runs: BPMN 2.0 XML."""
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        drawn = worklists.diagram(session, caller().actor, ground().releases, law, case_id, process)
    return Response(drawn, mimetype="application/xml")


# --- doing ------------------------------------------------------------------------------------------------------------


@blueprint.route("/cases", methods=["POST"])
@open_to("signed-in")
@blueprint.arguments(NewCase)
@blueprint.response(201, DoneShape, headers=versions.DESCRIBED)
def open_case(given: dict[str, Any]) -> Response:
    """Register a clue, and open the case it begins: the first step of its diagram is done in the same act."""
    return carry_out(
        lambda acting: casework.open_case(acting, **given),
        shapes.done,
        status=201,
        headers=lambda left: {**_of_case(left), "Location": f"{PREFIX}/cases/{left.case_id}"},
    )


@blueprint.route("/cases/<id:case_id>/actions/<action>", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Action)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def act(given: dict[str, Any], case_id: str, action: str) -> Response:
    """Tell the procedure something from outside its tasks, where the diagram waits for it: appeal, recusal, transfer …"""
    expected = versions.expected(given["expected_version"])
    return carry_out(
        lambda acting: casework.act_on_case(
            acting, case_id, action, answers=given["answers"], reason=given["reason"], expected=expected
        ),
        shapes.done,
        headers=_of_case,
    )


@blueprint.route("/cases/<id:case_id>/messages", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(CaseMessage)
@blueprint.response(200, ToldShape, headers=versions.DESCRIBED)
def tell(given: dict[str, Any], case_id: str) -> Response:
    """Tell a case a message or signal from another system, and hear what became of it. For administrators."""
    expected = versions.expected(given.pop("expected_version"))
    return carry_out(
        lambda acting: messages.tell_case(acting, case_id, **given, expected=expected),
        lambda left: shapes.done(left.done) | {"outcome": left.outcome, "why": left.why},
        headers=lambda left: _of_case(left.done),
    )


@blueprint.route("/cases/<id:case_id>/proceedings/<id:proceeding_id>/release", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Move)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def move(given: dict[str, Any], case_id: str, proceeding_id: str) -> Response:
    """Move a running proceeding to another release, where that is faithful. For administrators."""
    expected = versions.expected(given.pop("expected_version"))
    return carry_out(
        lambda acting: moving.move_proceeding(acting, case_id, proceeding_id, **given, expected=expected),
        shapes.done,
        headers=_of_case,
    )


@blueprint.route("/cases/<id:case_id>/parties", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(NewParty)
@blueprint.response(201, AddedParty, headers=versions.DESCRIBED)
def add_party(given: dict[str, Any], case_id: str) -> Response:
    """Name one more party of a case 追加当事人。"""
    expected = versions.expected(given.pop("expected_version"))
    return carry_out(
        lambda acting: parties.add(acting, case_id, **given, expected=expected),
        lambda left: shapes.done(left[0]) | {"party_id": left[1]},
        status=201,
        headers=lambda left: {**_of_case(left[0]), "Location": f"{PREFIX}/cases/{case_id}"},
    )


@blueprint.route("/cases/<id:case_id>/parties/<id:party_id>/account", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(PartyAccount)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def link_party(given: dict[str, Any], case_id: str, party_id: str) -> Response:
    """Say which person a party is: from then on the party's own tasks are theirs."""
    expected = versions.expected(given.pop("expected_version"))
    return carry_out(
        lambda acting: parties.link(acting, case_id, party_id, **given, expected=expected),
        shapes.done,
        headers=_of_case,
    )


@blueprint.route("/cases/<id:case_id>/protected/<id:value_id>/reading", methods=["POST"], keyed=False)
@open_to("signed-in")
@blueprint.arguments(ReadingReason)
@blueprint.response(200, Revealed)
def reveal(given: dict[str, Any], case_id: str, value_id: str) -> Response:
    """Open a sealed value, such as who reported. Takes no idempotency key: what it reveals is not kept, and each reading is
    recorded."""

    def verb(acting: Acting) -> Any:
        return evidence.open_protected(acting, case_id, value_id, given["reason"])

    return carry_out(verb, lambda value: {"value": value}, keyed=False)


def way_out(way: Way, asked: Asked | None) -> dict[str, Any]:
    """Something the procedure can be told, with what has to be said."""
    return {"action": way.action, "name": both(way.name), **questions.asked(asked, problems.language())}


def _of_case(left: Done) -> dict[str, str]:
    return {"ETag": versions.etag(left.version)}


def _file(view: CaseView, law: Any) -> dict[str, Any]:
    entries, head = view.ledger
    return shapes.case_line(view.line, law) | {
        "unit_id": view.unit_id,
        "secrecy": view.secrecy,
        "closed_at": view.closed_at,
        "stalled": view.stalled,
        "suspension": dict(view.suspension) if view.suspension is not None else None,
        "parties": [shapes.party(each) for each in view.parties],
        "proceedings": [_proceeding(each) for each in view.proceedings],
        "tasks": [shapes.task_line(line, law) for line in view.tasks],
        "clocks": [shapes.clock(each) for each in view.clocks],
        "evidence": [dict(item) for item in view.evidence],
        "applications": [_application(each) for each in view.applications],
        "protected": [dict(value) for value in view.protected],
        "ledger": {"entries": entries, "head": head},
    }


def _application(view: ApplicationView) -> dict[str, Any]:
    return {
        "id": view.id,
        "action": view.action,
        "name": both(view.name),
        "form_key": view.form,
        "answers": dict(view.answers),
        "reason": view.reason,
        "party_id": view.party_id,
        "by": view.by,
        "at": view.at,
    }


def _proceeding(view: worklists.ProceedingView) -> dict[str, Any]:
    return {
        "id": view.id,
        "process": view.process,
        "name": view.name,
        "state": view.state,
        "started_at": view.started_at,
        "ended_at": view.ended_at,
        "follows_id": view.follows_id,
        "failure": dict(view.failure) if view.failure else None,
        "here": {process: list(nodes) for process, nodes in view.here.items()},
        "done": {process: list(nodes) for process, nodes in view.done.items()},
    }


def _happening(entry: Happening) -> dict[str, Any]:
    named = entry.task_name is not None
    return {
        "number": entry.number,
        "at": entry.at,
        "act": entry.act,
        "actor": entry.actor,
        "subject": entry.subject,
        "task": {"zh": entry.task_name, "en": entry.task_name_en} if named else None,
        "reason": entry.reason,
        "body": dict(entry.body),
        "hash": entry.hash,
    }
