"""Limits by urgency over HTTP: the own ones as a list and as a calendar, those of an organ for those who oversee its cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from icalendar import Calendar
from sqlalchemy import text

from tests.journeys.bureau import PARTS, Bureau, Casefile, right
from tests.journeys.visitors import Visitor
from workflows import people, urgency
from workflows.urgency import Moments


def test_those_who_oversee_read_the_limits_of_their_organ_by_urgency_and_count_them(bureau: Bureau) -> None:
    Casefile(bureau).opened().accepted().inquired().filed()
    Casefile(bureau).opened()
    bureau.pass_time(5)  # Saturday 7 March: the limit for acceptance ends on Monday
    lead = bureau.as_("督办员午")
    path = f"/units/{bureau.unit}/deadlines"

    first = right(lead.get(f"{path}?limit=1"))
    rest = right(lead.get(f"{path}?after={first['next']}"))
    lines = [*first["items"], *rest["items"]]
    assert [(line["rule"], line["urgency"], line["yellow"]) for line in lines] == [
        ("T-LI-01", "soon", True),
        ("T-LI-06", "later", False),
        ("T-LI-07", "later", False),
    ]
    assert [line["rule"] for line in right(lead.get(f"{path}?urgency=later&rule=T-LI-07"))["items"]] == ["T-LI-07"]
    assert right(lead.get(f"{path}?person_id={bureau.people['调查员丁']}"))["items"] == []

    bureau.pass_time(3)
    counts = right(lead.get(f"{path}/counts"))
    (accepting,) = [each for each in counts["by_kind"] if each["key"] == "T-LI-01"]
    assert (accepting["overdue"], accepting["red"], accepting["yellow"]) == (1, 1, 0)
    assert [(each["name"]["zh"], each["red"]) for each in counts["by_person"]] == [("待签收", 1)]
    assert bureau.as_("调查员丁").get(path).status_code == 403
    assert bureau.as_("调查员丁").get(f"{path}/counts").status_code == 403


def test_ones_own_limits_are_a_list_and_a_calendar_that_a_private_token_opens(
    bureau: Bureau, visitor: Callable[..., Visitor]
) -> None:
    Casefile(bureau).opened().accepted().inquired()
    task = bureau.task("approve_filing", "批准人丙")
    right(bureau.as_("批准人丙").post(f"/tasks/{task['id']}/claim", {"expected_version": task["version"]}))
    mine = right(bureau.as_("批准人丙").get("/deadlines"))["items"]
    assert [(line["rule"], line["due"]) for line in mine] == [("T-LI-05", "2026-03-05")]

    me = visitor(PARTS["批准人丙"], browser=True)
    made = right(me.post("/tokens", {"name": "手机日历", "purpose": "calendar"}))
    stranger = visitor()
    answer = stranger.get(f"/deadlines.ics?token={made['secret']}")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 3, 5), date(2026, 3, 6))
    assert "审批立案" in event["summary"]
    told = answer.get_data(as_text=True)
    assert not [name for name in ("王大力", "执法员", "处罚决定逾期") if name in told], "nobody's name, and no title"

    assert stranger.get("/deadlines.ics").status_code == 401
    by_header = stranger.get("/session", Authorization=f"Bearer {made['secret']}")
    assert by_header.status_code == 401, "it opens nothing else"
    other = bureau.as_("批准人丙").headers["Authorization"].removeprefix("Bearer ")
    assert stranger.get(f"/deadlines.ics?token={other}").status_code == 401, "another token does not open it"
    assert me.delete(f"/tokens/{made['id']}").status_code == 204
    assert stranger.get(f"/deadlines.ics?token={made['secret']}").status_code == 401


def test_the_limits_of_an_organ_are_read_in_order_from_their_index(bureau: Bureau) -> None:
    ground, now = bureau.application.ground, bureau.clock.now()
    with ground.database.reading() as session:
        bind, law = session.get_bind(), ground.releases.current(session, now.date())
        query = urgency.statement(
            people.actor(session, bureau.people["督办员午"]),
            law,
            bureau.unit,
            Moments.at(now, law.calendar),
            urgency="soon",
        )
        written = query.compile(bind, compile_kwargs={"literal_binds": True})
        # A table of few rows PostgreSQL would read whole.
        ask = "EXPLAIN QUERY PLAN" if bind.dialect.name == "sqlite" else "EXPLAIN"
        if bind.dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = " ".join(str(row) for row in session.execute(text(f"{ask} {written}")))
    assert "ix_deadline_unit" in plan
