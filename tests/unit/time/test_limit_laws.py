"""What holds of every limit of the catalogue, whatever is suspended, excluded and extended within what it allows."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine import calendars, periods
from engine.calendars import Calendar
from engine.periods import Due, Period, Span
from workflows import catalogue
from workflows.catalogue import DeadlineRule

from .conftest import sources
from .test_period_laws import made_up_calendars, spans

SHIPPED = calendars.load(sources("calendars"))
RULES = [
    rule
    for versions in catalogue.load(sources("deadlines", "profiles"), profile="REF").rules.values()
    for rule in versions
]
FORWARD = [rule for rule in RULES if rule.direction == "forward" and rule.period.unit != "hours"]

days = st.dates(date(2024, 6, 1), date(2026, 6, 1))
arrangements = st.one_of(st.just(SHIPPED), made_up_calendars())


@st.composite
def extended(draw, rule: DeadlineRule) -> tuple[Period, ...]:
    """Extensions within what a rule allows; most often none."""
    allowed = rule.extension
    if allowed is None or draw(st.booleans()):
        return ()
    longest = allowed.period or (
        replace(allowed.cap, value=allowed.cap.value - rule.period.value) if allowed.cap else rule.period
    )
    return (replace(longest, value=draw(st.integers(1, longest.value))),)


@given(st.sampled_from(FORWARD), days, arrangements, st.data())
def test_no_limit_ends_before_its_event_and_suspending_or_extending_never_shortens_it(rule, start, calendar, data):
    plain = catalogue.due_for(rule, start, calendar)
    suspended, extensions = data.draw(spans(start)), data.draw(extended(rule))
    due = catalogue.due_for(rule, start, calendar, suspended=suspended, extensions=extensions)
    assert start <= plain.due <= due.due
    assert due.due_at > plain.due_at or due.due == plain.due


@given(st.sampled_from(FORWARD), days, arrangements, st.data())
def test_counted_again_from_the_same_facts_in_any_order_a_limit_ends_alike(rule, start, calendar, data):
    suspended, excluded = data.draw(spans(start)), data.draw(spans(start))
    extensions = data.draw(extended(rule))

    def counted(suspended: tuple[Span, ...], excluded: tuple[Span, ...]) -> Due:
        return catalogue.due_for(
            rule, start, calendar, suspended=suspended, excluded=excluded, extensions=extensions
        )  # fmt: skip

    once = counted(suspended, excluded)
    assert counted(suspended, excluded) == once
    assert counted(suspended[::-1], excluded[::-1]).due == once.due
    assert counted(excluded, suspended).due == once.due


@given(st.sampled_from([rule for rule in FORWARD if rule.period.unit == "working_days"]), days, arrangements, st.data())
def test_a_suspension_shifts_an_extended_limit_by_exactly_the_working_days_it_took(rule, start, calendar, data):
    extensions = data.draw(extended(rule))
    plain = catalogue.due_for(rule, start, calendar, extensions=extensions)
    begins = start + timedelta(days=data.draw(st.integers(1, (plain.due - start).days)))
    span = Span(begins, begins + timedelta(days=data.draw(st.integers(0, 30))))
    moved = catalogue.due_for(rule, start, calendar, extensions=extensions, suspended=[span])
    assert calendar.working_days(plain.due, moved.due) == took(calendar, span)


@given(
    st.sampled_from([rule for rule in FORWARD if rule.roll == "none" and rule.period.unit == "days"]), days, st.data()
)
def test_a_suspension_shifts_a_limit_that_does_not_roll_by_exactly_its_days(rule, start, data):
    plain = catalogue.due_for(rule, start, SHIPPED)
    begins = start + timedelta(days=data.draw(st.integers(1, (plain.due - start).days)))
    length = data.draw(st.integers(0, 30))
    moved = catalogue.due_for(rule, start, SHIPPED, suspended=[Span(begins, begins + timedelta(days=length))])
    assert (moved.due - plain.due).days == length + 1


@given(
    st.sampled_from([rule for rule in RULES if rule.period.unit == "hours"]), st.integers(1, 300), st.integers(0, 60)
)
def test_a_suspension_shifts_an_hour_limit_by_exactly_its_minutes(rule, minutes, after):
    start = datetime(2026, 9, 30, 22, 30, tzinfo=periods.ZONE)
    first = start + timedelta(minutes=after)
    moved = catalogue.due_for(rule, start, SHIPPED, suspended=[Span(first, first + timedelta(minutes=minutes))])
    assert moved.due_at - start == timedelta(hours=rule.period.value, minutes=minutes)


@given(st.sampled_from(FORWARD), days, st.integers(1, 20))
def test_a_longer_number_never_ends_a_limit_earlier(rule, start, more):
    longer = replace(rule, period=replace(rule.period, value=rule.period.value + more))
    assert catalogue.due_for(rule, start, SHIPPED).due <= catalogue.due_for(longer, start, SHIPPED).due


@given(st.sampled_from(FORWARD), days, st.data())
def test_every_rung_lies_between_the_event_and_the_end_or_after_it_as_it_says(rule, start, data):
    suspended, extensions = data.draw(spans(start)), data.draw(extended(rule))
    due = catalogue.due_for(rule, start, SHIPPED, suspended=suspended, extensions=extensions)
    moments = catalogue.rungs_of(rule, due, SHIPPED)
    assert [rung.at for rung in moments] == sorted(rung.at for rung in moments)
    assert all(periods.start_of(start) <= rung.at <= due.due_at for rung in moments)


def took(calendar: Calendar, span: Span) -> int:
    return calendar.working_days(span.first - timedelta(days=1), span.last)
