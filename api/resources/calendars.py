"""Calendars 日历: the years that count, what administrators enter and approve, how far the open limits have been counted anew,
and the shorter dates that wait for a decision. May never judge a day.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api import versions
from api.commands import carry_out
from api.ground import caller, ground
from api.identity import open_to
from api.openapi import PREFIX, Blueprint
from api.resources import shapes
from api.resources.shapes import DoneShape, Name, integer, many, moment, one, said, shown, yes_no
from api.schemas import PageQuery, Strict, identifier, text, version
from engine.calendars import Notice
from workflows import almanac, policy, recounting
from workflows.acting import Acting
from workflows.almanac import EntryView, YearView
from workflows.casework import REASON_LIMIT
from workflows.deadline_rules import both

blueprint = Blueprint("calendars", __name__, url_prefix=PREFIX, description="Which days are worked.")

MOST_HOLIDAYS = 60
ADMINISTRATORS = ("administrator",)


# --- what is sent -----------------------------------------------------------------------------------------------------


class Both(Strict):
    """A name in both languages."""

    zh = text(200, example="元旦")
    en = text(200, example="New Year's Day")


class Source(Strict):
    """The notice."""

    title = fields.Nested(Both, required=True)
    number = text(100, about="Document number.", required=False, load_default=None, allow_none=True)
    issued = fields.Date(required=True, metadata={"example": "2026-11-05"})


class Holiday(Strict):
    """Days off in a row, and the weekend days that are worked in their place."""

    name = fields.Nested(Both, required=True)
    first = fields.Date(required=True, metadata={"example": "2027-01-01"})
    last = fields.Date(required=True, metadata={"example": "2027-01-03"})
    make_up = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=31, error="list_length 0 31"))


class NewCalendar(Strict):
    """The arrangement of a year, or days of one place."""

    year = fields.Integer(required=True, strict=True, metadata={"example": 2027})
    addition = fields.Boolean(
        load_default=False, metadata={"description": "Days of one place, laid over the year; else the whole year."}
    )
    jurisdiction = text(64, about="`CN` for a whole year.", required=False, load_default=almanac.COUNTRY)
    unit_id = identifier("The organ whose days they are.", required=False, load_default=None, allow_none=True)
    notice = fields.Nested(Source, required=True)
    holidays = fields.List(
        fields.Nested(Holiday),
        required=True,
        validate=validate.Length(max=MOST_HOLIDAYS, error=f"list_length 0 {MOST_HOLIDAYS}"),
    )


class Nothing(Strict):
    """No more than the address says."""


class Rejection(Strict):
    """Why it is not to count."""

    reason = text(REASON_LIMIT, about="Why. It stands in the ledger.", example="与通知原文不符")


class Decision(Strict):
    """Keep the longer date, or take the shorter one."""

    shorten = fields.Boolean(required=True, metadata={"description": "True: the shorter date counts from now on."})
    reason = text(REASON_LIMIT, about="Why. It stands in the ledger.", example="当事人已知悉原日期")
    expected_version = version()


# --- what is shown ----------------------------------------------------------------------------------------------------


class HolidayNoticeShape(Schema):
    """A notice a year rests on."""

    title = one(Name)
    number = said(null=True)
    issued = said(example="2026-11-05", null=True)


class YearShape(Schema):
    """One year as it counts now."""

    year = integer(example=2027)
    state = said("`published`, `forecast` or `unknown`.", "forecast")
    notices = many(HolidayNoticeShape)
    days_off = integer("Days off that the notices name.")
    make_up = integer("Weekend days that are worked.")


class DayShape(Schema):
    """A day that is not what its weekday says."""

    date = said(example="2027-01-01")
    kind = said("`holiday` or `make_up`.", "holiday")
    name = one(Name)


class ProgressShape(Schema):
    """How far the open limits have been counted anew."""

    total = integer("Open limits that touched the year when it began.")
    looked_at = integer()
    moved = integer("These end later, or are certain now.")
    held = integer("These would end earlier: somebody has to decide.")
    begun_at = moment(null=True)
    ended_at = moment(null=True)


class EntryShape(Schema):
    """A calendar that was entered."""

    id = said(example="0" * 32)
    year = integer(example=2027)
    jurisdiction = said(example="CN")
    unit_id = said(null=True)
    addition = yes_no()
    state = said("`entered`, `approved` or `rejected`.", "entered")
    source = one(Name)
    number = said(null=True)
    issued = said(null=True)
    digest = said("SHA-256 of the file.")
    days = many(DayShape)
    entered_by = said(null=True)
    entered_at = moment()
    decided_by = said(null=True)
    decided_at = moment(null=True)
    reason = said(null=True)
    recount = one(ProgressShape, "Null until it is approved.", null=True)


class CalendarsShape(Schema):
    """The years that count, and everything that was entered, the newest first."""

    version = said("Of the calendar that counts in the jurisdiction: the SHA-256 of its content.")
    years = many(YearShape)
    entries = many(EntryShape)


class EnteredShape(Schema):
    """A calendar, after a command."""

    id = said(example="0" * 32)
    state = said("`entered`, `approved` or `rejected`.", "entered")


class ShorteningShape(Schema):
    """A limit that would end earlier by a new calendar."""

    id = said(example="0" * 32)
    case_id = said(example="0" * 32)
    case_number = said(example="云湖问责〔2026〕0001")
    case_version = integer("Name it with the decision.", 7)
    clock_id = said(example="0" * 32)
    rule = said("Key in the catalogue.", "T-LI-06")
    due = said("The date that stands.", "2027-02-03")
    shorter = said("The date by the new calendar.", "2027-02-02")
    calendar_id = said(example="0" * 32)
    year = integer(example=2027)
    proposed_at = moment()


class Shortenings(Schema):
    """Shorter dates that wait for your decision, the oldest first."""

    items = many(ShorteningShape)
    next = said("`after` of the next page.", null=True)


# --- reading ----------------------------------------------------------------------------------------------------------


@blueprint.route("/calendars", methods=["GET"])
@open_to(roles=ADMINISTRATORS)
@blueprint.response(200, CalendarsShape)
def calendars() -> Response:
    """The years with their state and source; what was entered, by whom, and how far the limits have been counted anew."""
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        policy.may_administer(caller().actor, law.roles)
        found = almanac.entries(session)
    told = {
        "version": law.calendar.version,
        "years": [_year(each) for each in almanac.years(law.calendar)],
        "entries": [_entry(each) for each in found],
    }
    return shown(told)


@blueprint.route("/shortenings", methods=["GET"])
@open_to("staff")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, Shortenings)
def waiting(query: dict[str, Any]) -> Response:
    """Limits in the cases you oversee that would end earlier by a new calendar: decide on each."""
    limit = query["limit"]
    with ground().database.reading() as session:
        law = shapes.law_in_force(session)
        found = recounting.waiting(session, caller().actor, law, after=query["after"], limit=limit + 1)
    items = [asdict(each) for each in found[:limit]]
    return shown({"items": items, "next": found[limit - 1].id if len(found) > limit else None})


# --- doing ------------------------------------------------------------------------------------------------------------


@blueprint.route("/calendars", methods=["POST"])
@open_to(roles=ADMINISTRATORS)
@blueprint.arguments(NewCalendar)
@blueprint.response(201, EnteredShape)
def enter(given: dict[str, Any]) -> Response:
    """Enter the arrangement of a year, or days of one place. It counts when another administrator has approved it."""
    holidays = [
        {"name": each["name"], "from": each["first"], "to": each["last"], **_worked(each["make_up"])}
        for each in given["holidays"]
    ]
    content = almanac.written(
        given["year"], given["jurisdiction"], given["notice"], holidays, addition=given["addition"]
    )

    def verb(acting: Acting) -> dict[str, str]:
        law = shapes.law_in_force(acting.session)
        entry = almanac.enter(acting, law.roles, law.calendar, content, unit_id=given["unit_id"])
        return {"id": entry.id, "state": entry.state}

    return carry_out(verb, dict, status=201)


@blueprint.route("/calendars/<id:calendar_id>/approval", methods=["POST"])
@open_to(roles=ADMINISTRATORS)
@blueprint.arguments(Nothing)
@blueprint.response(200, EnteredShape)
def approve(given: dict[str, Any], calendar_id: str) -> Response:
    """Let a calendar count, as somebody else than who entered it. Open limits that touch the year are then counted anew."""

    def verb(acting: Acting) -> dict[str, str]:
        law = shapes.law_in_force(acting.session)
        entry = almanac.approve(acting, law.roles, calendar_id, law.calendar)
        return {"id": entry.id, "state": entry.state}

    return carry_out(verb, dict)


@blueprint.route("/calendars/<id:calendar_id>/rejection", methods=["POST"])
@open_to(roles=ADMINISTRATORS)
@blueprint.arguments(Rejection)
@blueprint.response(200, EnteredShape)
def reject(given: dict[str, Any], calendar_id: str) -> Response:
    """Refuse to let a calendar count, as somebody else than who entered it."""

    def verb(acting: Acting) -> dict[str, str]:
        entry = almanac.reject(acting, shapes.law_in_force(acting.session).roles, calendar_id, given["reason"])
        return {"id": entry.id, "state": entry.state}

    return carry_out(verb, dict)


@blueprint.route("/cases/<id:case_id>/clocks/<id:clock_id>/shortening", methods=["POST"], versioned=True)
@open_to("signed-in")
@blueprint.arguments(Decision)
@blueprint.response(200, DoneShape, headers=versions.DESCRIBED)
def decide(given: dict[str, Any], case_id: str, clock_id: str) -> Response:
    """Keep the longer date of a limit, or take the shorter one that a new calendar gives, as whoever oversees the case."""
    expected = versions.expected(given.pop("expected_version"))
    return carry_out(
        lambda acting: recounting.decide(acting, case_id, clock_id, **given, expected=expected),
        shapes.done,
        headers=lambda left: {"ETag": versions.etag(left.version)},
    )


def _worked(days: list[Any]) -> dict[str, Any]:
    return {"make_up": days} if days else {}


def _year(view: YearView) -> dict[str, Any]:
    return {
        "year": view.year,
        "state": view.state,
        "notices": [_notice(each) for each in view.notices],
        "days_off": view.days_off,
        "make_up": view.make_up,
    }


def _notice(notice: Notice) -> dict[str, Any]:
    issued = notice.issued.isoformat() if notice.issued else None
    return {"title": both(notice.title), "number": notice.number, "issued": issued}


def _entry(view: EntryView) -> dict[str, Any]:
    told = {name: getattr(view, name) for name in EntryShape._declared_fields}
    return told | {
        "source": both(view.source),
        "issued": view.issued.isoformat() if view.issued else None,
        "days": [{**each, "date": each["date"].isoformat()} for each in view.days],
        "recount": dict(view.recount) if view.recount else None,
    }
