"""Limits by urgency 期限清单: the own ones, as a list and as a calendar feed; those of an organ, and how many are where, for
those who oversee its cases. May never show anybody's limits without asking the policy.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Response
from icalendar import Calendar, Event
from marshmallow import Schema, fields, validate

from api import paging, problems
from api.ground import caller, ground, now
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import shapes
from api.resources.shapes import ClockShape, Name, integer, many, one, said, shown, yes_no
from api.schemas import PageQuery, Strict, identifier, text
from engine.periods import read_moment
from workflows import urgency
from workflows.deadline_rules import both
from workflows.urgency import Count, LimitLine
from workflows.worklists import Page

blueprint = Blueprint("urgency", __name__, url_prefix=PREFIX, description="Limits by urgency, and how many are where.")


class OwnQuery(PageQuery):
    """Which of the own limits, and where the page begins."""

    urgency = fields.String(
        load_default="",
        validate=validate.OneOf(("", *urgency.URGENCIES)),
        metadata={
            "description": "`overdue`, `today`, `soon` (three working days), `later`, `suspended` or `provisional`."
        },
    )


class UnitQuery(OwnQuery):
    """Which limits of an organ, and where the page begins."""

    rule = text(64, least=0, about="Key in the catalogue.", required=False, load_default="")
    person_id = identifier("Those over the tasks this person holds.", required=False, load_default="")


class FeedQuery(Strict):
    """Whose feed."""

    token = text(100, about="A token made for the purpose `calendar`; see `/tokens`.", example="wz_…")


class LimitShape(ClockShape):
    """A running limit as a line of a list."""

    urgency = said("`overdue`, `today`, `soon`, `later` or `suspended`.", "soon")
    yellow = yes_no("A warning was given, and it has not ended yet 黄牌.")
    red = yes_no("It is overdue 红牌.")
    case_id = said(example="0" * 32)
    case_number = said(example="云湖问责〔2026〕0001")


class LimitPage(Schema):
    """One page of limits, the first to end first."""

    items = many(LimitShape)
    next = said("`after` of the next page.", null=True)


class CountShape(Schema):
    """How many running limits are where."""

    key = said("Key of the limit, or id of the person; null where nobody has taken the task.", "T-LI-06", null=True)
    name = one(Name)
    overdue = integer(example=1)
    today = integer(example=0)
    soon = integer("In three working days.", 2)
    later = integer(example=5)
    suspended = integer(example=0)
    provisional = integer("Of all of these, those whose date rests on an unpublished year.", 0)
    yellow = integer("Warned and not yet overdue 黄牌.", 2)
    red = integer("Overdue 红牌.", 1)


class Counts(Schema):
    """How many running limits of an organ are where."""

    by_kind = many(CountShape)
    by_person = many(CountShape, "A limit over tasks of several people is counted with each of them.")


@blueprint.route("/deadlines", methods=["GET"])
@open_to("signed-in")
@blueprint.arguments(OwnQuery, location="query")
@blueprint.response(200, LimitPage)
def own(query: dict[str, Any]) -> Response:
    """List your own running limits: over the tasks you hold, and yours as a party. The first to end first."""
    after, limit = paging.read(query["after"]), query["limit"]
    found = [
        line
        for line in _own()
        if (not query["urgency"] or _is(line, query["urgency"]))
        and (after is None or (line.view.due_at, line.view.id) > after)
    ]
    last = found[limit - 1].view if len(found) > limit else None
    return _page(Page(tuple(found[:limit]), (last.due_at, last.id) if last is not None else None))


@blueprint.route("/units/<id:unit_id>/deadlines", methods=["GET"])
@open_to("signed-in")
@blueprint.arguments(UnitQuery, location="query")
@blueprint.response(200, LimitPage)
def of_unit(query: dict[str, Any], unit_id: str) -> Response:
    """List the running limits of an organ whose cases you oversee, the first to end first."""
    after = paging.read(query.pop("after"))
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        me = caller().actor
        return _page(urgency.of_unit(session, me, ground().releases, law, unit_id, now(), after=after, **query))


@blueprint.route("/units/<id:unit_id>/deadlines/counts", methods=["GET"])
@open_to("signed-in")
@blueprint.response(200, Counts)
def counts(unit_id: str) -> Response:
    """Count the running limits of an organ whose cases you oversee, by kind and by who is to act."""
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        by_kind, by_person = urgency.counted(session, caller().actor, law, unit_id, now())
    return shown({"by_kind": [_count(each) for each in by_kind], "by_person": [_count(each) for each in by_person]})


@blueprint.route("/deadlines.ics", methods=["GET"])
@open_to("calendar")
@blueprint.arguments(FeedQuery, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/calendar")
def feed(_query: dict[str, Any]) -> Response:
    """Your own running limits as a calendar: what is due, by which rule, in which case, and nobody's name."""
    language, moment = problems.language(), now()
    calendar = Calendar()
    calendar.add("prodid", "-//Wenze//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "问责：我的期限" if language == "zh" else "Wenze: my limits")
    for line in _own():
        if line.urgency != urgency.SUSPENDED:  # nobody knows when it ends
            calendar.add_component(_event(line, language, moment))
    answer = Response(calendar.to_ical(), mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _own() -> tuple[LimitLine, ...]:
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        return urgency.own(session, caller().actor, ground().releases, law, now())


def _event(line: LimitLine, language: str, moment: datetime) -> Event:
    view, event = line.view, Event()
    name, cited = (each.zh if language == "zh" else each.en for each in (view.name, view.citation))
    event.add("uid", f"{view.id}@wenze")
    event.add("dtstamp", moment)
    event.add("summary", f"{name} {line.case_number}")
    event.add("description", f"{cited} [{view.rule}]")
    event.add("status", "TENTATIVE" if view.provisional else "CONFIRMED")
    due: date = read_moment(view.due)
    event.add("dtstart", due)
    if not isinstance(due, datetime):
        event.add("dtend", due + timedelta(days=1))
    return event


def _is(line: LimitLine, wanted: str) -> bool:
    return line.view.provisional if wanted == urgency.PROVISIONAL else line.urgency == wanted


def _page(page: Page) -> Response:
    return shown(paging.page(page.items, page.next, _line))


def _line(line: LimitLine) -> dict[str, Any]:
    return shapes.clock(line.view) | {
        "urgency": line.urgency,
        "yellow": line.yellow,
        "red": line.red,
        "case_id": line.case_id,
        "case_number": line.case_number,
    }


def _count(count: Count) -> dict[str, Any]:
    return {"key": count.key, "name": both(count.name), **count.counts, "yellow": count.yellow, "red": count.red}
