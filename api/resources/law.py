"""The law in force: releases, forms, and statutory limits with the day on which they end. May never count by itself."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from api import problems
from api.ground import ground
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import questions, shapes
from api.resources.questions import FormShape
from api.resources.shapes import Name, both_or_none, integer, many, moment, one, said, shown, yes_no
from api.schemas import Strict, text
from engine import periods
from engine.errors import PeriodRefused
from engine.periods import Period, Span, Unit
from forms import Problem
from workflows import catalogue, releases
from workflows.catalogue import DeadlineRule
from workflows.deadline_rules import Extension, both, explained, lapse_as_data
from workflows.errors import InvalidInput, NotPossible

MOST_WRITTEN = 400
"""Characters of a list of extensions or spans."""

blueprint = Blueprint("law", __name__, url_prefix=PREFIX, description="What the procedures and limits are.")


class KindShape(Schema):
    """A kind of case."""

    id = said(example="liability")
    name = one(Name)
    process = said("The diagram it opens.", "li_main")
    first_form = said("Key of the form of its first step; see `/forms/{key}`.", "F-CLUE")


class ReleaseShape(Schema):
    """An immutable, hashed set of artefacts."""

    id = said(example="0" * 32)
    name = said(example="2026.1")
    digest = said(example="9f86d081884c7d65" * 4)
    jurisdiction = said(example="REF")
    effective_from = said(example="2026-01-01")
    published_at = moment()
    in_force = yes_no("Whether a case opened today runs by it.")


class Releases(Schema):
    """All releases, the one that took effect last first; and what the one in force opens."""

    items = many(ReleaseShape)
    case_kinds = many(KindShape, "Of the release in force.")


class PeriodShape(Schema):
    """How long."""

    value = integer(example=60)
    unit = said("`working_days`, `days`, `months`, `years` or `hours`.", "working_days")


class EventShape(Schema):
    """Something that happens in a case."""

    code = said(example="filed")
    name = one(Name)


class ExtensionShape(Schema):
    """How far a limit may be extended."""

    period = one(PeriodShape, "The longest single extension; null where the text names none.", null=True)
    times = integer("How often; null where the text does not say.", 1, null=True)
    cap = one(PeriodShape, "The longest the limit may run in all.", null=True)
    mark = said("How well this is established.", "V:S2")


class LapseShape(Schema):
    """What the law attaches to a limit that passes unmet."""

    kind = said("One of the words of docs/time.md.", "deemed_accepted")
    name = one(Name)
    parameters = fields.Dict(
        required=True, metadata={"description": "What the kind needs.", "example": {"as_of": "trigger"}}
    )
    article = one(Name, "In the text of the limit; null where it is the article of the limit.", null=True)
    mark = said("How well this is established.", "V:S3")


class RuleShape(Schema):
    """One limit of the catalogue."""

    key = said(example="T-LI-06")
    name = one(Name)
    citation = one(Name, "The text and article.")
    mark = said("How well the number is established.", "V:S1")
    source_level = said(example="law")
    trigger = one(EventShape, "What it runs from.")
    met_by = one(EventShape, "What meets it.")
    period = one(PeriodShape)
    roll = said("`next_working_day` or `none`.", "next_working_day")
    direction = said("`forward` or `backward`.", "forward")
    extension = one(ExtensionShape, "Null where it cannot be extended.", null=True)
    binds = said("Whose time it is: `agency` or `party`.", "agency")
    consequence = one(Name, "What follows when it is missed.", null=True)
    lapse = many(LapseShape, "What the law attaches to it, as codes; empty where it attaches nothing.")
    note = one(Name, null=True)
    effective_from = said(example="2021-07-15")
    effective_to = said(null=True)
    jurisdiction = said(example="CN")
    profile = said("The profile that chose the number.", null=True)


class Rules(Schema):
    """All limits of the release in force."""

    items = many(RuleShape)


class DueQuery(Strict):
    """From when and until when, how it was extended, and what does not count."""

    begins = text(
        40,
        about="Day of the event it runs from; for hours the moment with its zone.",
        example="2024-09-09",
        data_key="from",
    )
    until = text(
        40, about="Day or moment of the act, to be judged.", required=False, load_default=None, example="2024-12-11"
    )
    extended_by = text(
        MOST_WRITTEN,
        about="Each extension granted, in the unit of the limit, with commas. What the rule forbids is refused.",
        required=False,
        load_default="",
        example="30",
    )
    excluded = text(
        MOST_WRITTEN,
        about="Time that does not count, such as an appraisal: first and last day, several with commas.",
        required=False,
        load_default="",
        example="2023-06-20/2023-07-01",
    )


class JudgementShape(Schema):
    """Whether the act came in time."""

    in_time = yes_no()
    late_by_days = integer("Calendar days after the due day.", 2)
    late_by_working_days = integer("Working days after the due day.", 2)


class DueShape(Schema):
    """When a limit ends and why, day by day; and whether an act kept it."""

    rule = fields.Dict(keys=fields.String(), required=True)
    due = said("The last day on which the act is in time; for hours the moment.", "2024-12-09")
    due_at = said("The moment after which it is missed.", "2024-12-09T16:00:00+00:00")
    provisional = yes_no("The date rests on a year whose holidays are not published yet.")
    rungs = many(fields.Dict(keys=fields.String()), "Moments at which somebody is told.")
    remaining = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    explanation = fields.Dict(keys=fields.String(), required=True)
    judgement = one(JudgementShape, "Of the act `until`.", null=True)


@blueprint.route("/releases", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, Releases)
def stored_releases() -> Response:
    """List the releases, and the kinds of case that can be opened now."""
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        found = releases.stored(session)
        items = [
            {name: getattr(each, name) for name in ReleaseShape._declared_fields if name != "in_force"}
            | {"in_force": each.id == law.release_id}
            for each in found
        ]
    kinds = [
        {
            "id": kind.id,
            "name": dict(kind.name),
            "process": kind.process,
            "first_form": law.first_form(kind.id).key,
        }
        for kind in law.kinds.values()
    ]
    return shown({"items": items, "case_kinds": kinds})


@blueprint.route("/forms/<key>", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, FormShape)
def form(key: str) -> Response:
    """A form of the release in force, in your language. What may be chosen in it depends on the case: see the task."""
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
    return shown(questions.form(law.form(key), problems.language()))


@blueprint.route("/deadline-rules", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, Rules)
def rules() -> Response:
    """List the statutory limits of the release in force, each with its article."""
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
    return shown({"items": [_rule(rule) for key in law.catalogue.keys for rule in law.catalogue.rules[key]]})


@blueprint.route("/deadline-rules/<key>/due", methods=["GET"])
@open_to("signed-in")
@blueprint.arguments(DueQuery, location="query")
@blueprint.response(200, DueShape)
def due(query: dict[str, Any], key: str) -> Response:
    """When a limit ends that began on a day, why, and whether an act came in time."""
    begins = _moment("from", query["begins"])
    until = _moment("until", query["until"]) if query["until"] is not None else None
    excluded = [_span(each) for each in _parts(query["excluded"])]
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
    rule = law.catalogue.rule(key, periods.local_day(begins))
    extended = [_period_of(each, rule.period.unit) for each in _parts(query["extended_by"])]
    at = "extended_by" if extended else "from"
    try:
        ends = catalogue.due_for(rule, begins, law.calendar, excluded=excluded, extensions=extended)
        at = "from" if until is None else "until"
        verdict = None
        if until is not None:
            verdict = catalogue.judge(rule, begins, until, law.calendar, excluded=excluded, extensions=extended)
        written = explained(rule, ends, law.calendar, until=until)
    except (PeriodRefused, NotPossible) as refused:
        raise _cannot(refused, at) from None
    judgement = None
    if verdict is not None:
        judgement = {name: getattr(verdict, name) for name in JudgementShape._declared_fields}
    return shown(written | {"judgement": judgement})


def _rule(rule: DeadlineRule) -> dict[str, Any]:
    return {
        "key": rule.key,
        "name": both(rule.name),
        "citation": both(rule.citation),
        "mark": rule.mark,
        "source_level": rule.statute.level,
        "trigger": {"code": rule.trigger.code, "name": both(rule.trigger.name)},
        "met_by": {"code": rule.met_by.code, "name": both(rule.met_by.name)},
        "period": _period(rule.period),
        "roll": rule.roll,
        "direction": rule.direction,
        "extension": _extension(rule.extension) if rule.extension is not None else None,
        "binds": rule.binds,
        "consequence": both_or_none(rule.consequence),
        "lapse": [lapse_as_data(lapse) for lapse in rule.lapse],
        "note": both_or_none(rule.note),
        "effective_from": rule.effective_from.isoformat(),
        "effective_to": rule.effective_to.isoformat() if rule.effective_to is not None else None,
        "jurisdiction": rule.jurisdiction,
        "profile": rule.profile,
    }


def _extension(extension: Extension) -> dict[str, Any]:
    return {
        "period": _period(extension.period) if extension.period is not None else None,
        "times": extension.times,
        "cap": _period(extension.cap) if extension.cap is not None else None,
        "mark": extension.mark,
    }


def _period(period: Period) -> dict[str, Any]:
    return {"value": period.value, "unit": period.unit}


def _moment(name: str, written: str) -> date:
    try:
        return periods.read_moment(written)
    except PeriodRefused as refused:
        raise _cannot(refused, name) from None


def _parts(written: str) -> list[str]:
    return [part.strip() for part in written.split(",") if part.strip()]


def _period_of(written: str, unit: Unit) -> Period:
    try:
        return Period(int(written) if re.fullmatch(r"[0-9]{1,6}", written) else 0, unit)
    except PeriodRefused as refused:
        raise _cannot(refused, "extended_by") from None


def _span(written: str) -> Span:
    first, _, last = written.partition("/")
    try:
        return Span(_moment("excluded", first), _moment("excluded", last or first))
    except PeriodRefused as refused:
        raise _cannot(refused, "excluded") from None


def _cannot(refused: PeriodRefused | NotPossible, path: str) -> InvalidInput:
    words = {"zh": str(refused.facts.get("zh", refused)), "en": str(refused)}
    return InvalidInput((Problem(path=path, code="period_refused", message=words),))
