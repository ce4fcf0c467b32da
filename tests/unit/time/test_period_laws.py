"""What holds of every period, calendar and span, whatever the numbers."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import calendars, periods
from engine.calendars import Calendar, Marking, Year
from engine.periods import Due, Period, Span, count
from engine.sheets import Wording

from .conftest import sources

SHIPPED = calendars.load(sources("calendars"))
COUNTABLE = ("working_days", "days", "months", "years")

starts = st.dates(date(2013, 1, 1), date(2034, 12, 31))
known_starts = st.dates(date(2015, 1, 1), date(2026, 6, 30))
units = st.sampled_from(COUNTABLE)
rolls = st.sampled_from(("next_working_day", "none"))
directions = st.sampled_from(("forward", "backward"))


@st.composite
def spans(draw, start: date) -> tuple[Span, ...]:
    """Spans that do not overlap, before and in and after a run."""
    day, found = start - timedelta(days=20), []
    for _ in range(draw(st.integers(0, 4))):
        day += timedelta(days=draw(st.integers(1, 40)))
        last = day + timedelta(days=draw(st.integers(0, 15)))
        found.append(Span(day, last))
        day = last
    return tuple(found)


@st.composite
def made_up_calendars(draw) -> Calendar:
    """Any arrangement at all, so that no law rests on the shipped one."""
    feast = Wording("节", "feast")
    days = {}
    for day in draw(st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=60, unique=True)):
        weekend = day.weekday() >= 5
        kind = "make_up" if weekend and draw(st.booleans()) else "holiday"
        days[day] = Marking(kind=kind, name=feast, notice="n")
    return Calendar({2025: Year(year=2025, state="published", days=days)})


@st.composite
def runs(draw) -> Due:
    """Any run that can be counted."""
    start, unit = draw(starts), draw(units)
    size = draw(st.integers(1, {"years": 2, "months": 14}.get(unit, 40)))
    direction = draw(directions)
    forward = direction == "forward"
    return count(
        Period(size, unit),
        start,
        calendar=SHIPPED,
        roll=draw(rolls),
        direction=direction,
        first_day_counts=draw(st.booleans()),
        excluded=draw(spans(start)),
        suspended=draw(spans(start)) if forward else (),
        extensions=[Period(draw(st.integers(1, 2)), unit)] if forward and draw(st.booleans()) else (),
    )


@given(runs())
def test_a_limit_never_ends_on_the_wrong_side_of_its_start(due):
    run = due.explanation
    assert due.due <= run.start if run.direction == "backward" else due.due >= run.start


@given(runs())
def test_the_counted_days_are_numbered_from_one_without_a_gap(due):
    numbers = [day.ordinal for day in due.explanation.days if day.ordinal is not None]
    assert numbers == list(range(1, due.explanation.size + 1))


@given(runs())
def test_the_days_told_are_all_the_days_there_are(due):
    days = [day.date for day in due.explanation.days]
    assert days[0] == due.explanation.start
    assert days[-1] == due.due
    assert len(days) == abs((due.due - due.explanation.start).days) + 1


@given(runs())
def test_the_last_day_told_is_the_due_day_and_no_other_is(due):
    assert [day.date for day in due.explanation.days if day.kind == "due"] == [due.due]


@given(runs())
def test_nothing_counts_inside_excluded_or_suspended_time(due):
    run = due.explanation
    for day in due.explanation.days:
        inside = any(span.first <= day.date <= span.last for span in (*run.excluded, *run.suspended))
        assert not (inside and day.ordinal is not None)


@given(runs())
def test_the_lookups_agree_with_the_days_told(due):
    run = due.explanation
    for day in run.days:
        if day.ordinal is not None:
            assert run.counted_day(day.ordinal) == day.date
            assert run.counted_through(day.date) == day.ordinal


@given(runs())
def test_a_working_day_limit_ends_on_a_working_day(due):
    if due.explanation.unit == "working_days":
        assert SHIPPED.is_working(due.due)
        assert not due.explanation.rolled


@given(runs())
def test_a_rolled_end_is_the_first_free_working_day_after_the_last_day(due):
    run = due.explanation
    if run.roll == "none" or run.direction == "backward" or run.unit == "working_days":
        assert not run.rolled
        return
    day = run.end
    while not SHIPPED.is_working(day) or any(s.first <= day <= s.last for s in (*run.excluded, *run.suspended)):
        day += timedelta(days=1)
    assert due.due == day


@given(runs())
def test_counting_again_gives_the_same(due):
    run = due.explanation
    again = count(
        run.period, run.start, calendar=run.calendar, roll=run.roll, direction=run.direction,
        first_day_counts=run.first_day_counts, excluded=run.excluded, suspended=run.suspended,
        extensions=run.extensions, zone=run.zone,
    )  # fmt: skip
    assert again == due
    assert again.explanation.days == run.days


@given(runs())
def test_the_end_in_utc_is_midnight_after_the_due_day(due):
    assert due.due_at.astimezone(periods.ZONE) == datetime.combine(
        due.due + timedelta(days=1), datetime.min.time(), periods.ZONE
    )


@given(known_starts, st.integers(1, 60))
def test_working_days_agree_with_walking_an_independent_calendar(start, size):
    day, left = start, size
    while left:
        day += timedelta(days=1)
        left -= chinese_calendar.is_workday(day)
    assert count(Period(size, "working_days"), start, calendar=SHIPPED).due == day


@given(st.dates(date(2015, 6, 1), date(2026, 12, 31)), st.integers(1, 60))
def test_backward_working_days_agree_with_walking_an_independent_calendar(start, size):
    day, left = start, size
    while left:
        day -= timedelta(days=1)
        left -= chinese_calendar.is_workday(day)
    assert count(Period(size, "working_days"), start, calendar=SHIPPED, direction="backward").due == day


@given(made_up_calendars(), st.dates(date(2024, 11, 1), date(2026, 2, 1)), st.integers(1, 90), st.data())
def test_any_calendar_is_counted_as_if_walked_day_by_day(calendar, start, size, data):
    blocked = data.draw(spans(start))
    day, left = start, size
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working(day) and not any(span.first <= day <= span.last for span in blocked)
    assert count(Period(size, "working_days"), start, calendar=calendar, excluded=blocked).due == day


@given(starts, units, st.integers(1, 30), rolls)
def test_a_longer_period_never_ends_earlier(start, unit, size, roll):
    shorter = count(Period(size, unit), start, calendar=SHIPPED, roll=roll)
    longer = count(Period(size + 1, unit), start, calendar=SHIPPED, roll=roll)
    assert shorter.due <= longer.due


@given(starts, units, st.integers(1, 30), rolls)
def test_a_later_start_never_ends_earlier(start, unit, size, roll):
    earlier = count(Period(size, unit), start, calendar=SHIPPED, roll=roll)
    later = count(Period(size, unit), start + timedelta(days=1), calendar=SHIPPED, roll=roll)
    assert earlier.due <= later.due


@given(starts, units, st.integers(1, 20), st.integers(1, 20), rolls)
def test_an_extension_is_one_run_with_its_period(start, unit, size, more, roll):
    extended = count(Period(size, unit), start, calendar=SHIPPED, roll=roll, extensions=[Period(more, unit)])
    whole = count(Period(size + more, unit), start, calendar=SHIPPED, roll=roll)
    assert extended.due == whole.due


@given(starts, st.sampled_from(("working_days", "days")), st.integers(2, 60), st.data())
def test_suspending_shifts_the_end_by_exactly_the_suspended_countable_days(start, unit, size, data):
    plain = count(Period(size, unit), start, calendar=SHIPPED, roll="none")
    first = start + timedelta(days=data.draw(st.integers(1, (plain.due - start).days)))
    last = first + timedelta(days=data.draw(st.integers(0, 40)))
    suspended = count(Period(size, unit), start, calendar=SHIPPED, roll="none", suspended=[Span(first, last)])
    lost = sum(unit == "days" or SHIPPED.is_working(first + timedelta(days=n)) for n in range((last - first).days + 1))
    if lost:
        moved = count(Period(lost, unit), plain.due, calendar=SHIPPED, roll="none")
        assert suspended.due == moved.due
    else:
        assert suspended.due == plain.due


@given(starts, st.sampled_from(("working_days", "days", "months")), st.integers(1, 20), st.data())
def test_excluding_and_suspending_the_same_days_end_alike(start, unit, size, data):
    blocked = data.draw(spans(start))
    excluded = count(Period(size, unit), start, calendar=SHIPPED, excluded=blocked)
    suspended = count(Period(size, unit), start, calendar=SHIPPED, suspended=blocked)
    both = count(Period(size, unit), start, calendar=SHIPPED, excluded=blocked, suspended=blocked)
    assert excluded.due == suspended.due == both.due


@given(starts, st.integers(1, 30), st.integers(1, 30), st.data())
def test_the_order_of_suspending_and_extending_does_not_matter(start, size, more, data):
    blocked = data.draw(spans(start))
    one = count(
        Period(size, "working_days"), start, calendar=SHIPPED, suspended=blocked,
        extensions=[Period(more, "working_days")],
    )  # fmt: skip
    other = count(Period(size + more, "working_days"), start, calendar=SHIPPED, suspended=tuple(reversed(blocked)))
    assert one.due == other.due


@given(starts, st.integers(1, 40))
def test_forward_and_backward_working_days_undo_each_other(start, size):
    base = SHIPPED.next_working_day(start)
    there = count(Period(size, "working_days"), base, calendar=SHIPPED).due
    assert count(Period(size, "working_days"), there, calendar=SHIPPED, direction="backward").due == base


@given(st.datetimes(datetime(2015, 1, 1), datetime(2034, 1, 1)), st.integers(1, 2000), st.integers(0, 500))  # noqa: DTZ001
def test_hours_are_exact_and_excluded_hours_are_added(naive, size, lost):
    start = naive.replace(tzinfo=periods.ZONE)
    blocked = [Span(start + timedelta(minutes=30), start + timedelta(minutes=30, hours=lost))]
    due = count(Period(size, "hours"), start, calendar=SHIPPED, excluded=blocked)
    assert due.due_at - start == timedelta(hours=size + lost)


@given(starts, units, st.integers(1, 30))
def test_a_date_is_certain_only_if_every_year_it_rests_on_is_published(start, unit, size):
    due = count(Period(size, unit), start, calendar=SHIPPED)
    rests_from = start + timedelta(days=1) if unit == "working_days" else due.explanation.end
    years = range(rests_from.year, due.due.year + 1)
    assert due.provisional == any(SHIPPED.state(year) != "published" for year in years)


@given(starts, st.integers(1, 400))
def test_a_month_ends_on_the_corresponding_day_or_at_its_end(start, months):
    end = periods.add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


@pytest.mark.parametrize("unit", COUNTABLE)
def test_a_limit_of_a_hundred_years_can_be_counted_and_told(unit):
    due = count(Period(100, unit), date(2025, 1, 1), calendar=SHIPPED)
    assert len(due.explanation.days) == (due.due - date(2025, 1, 1)).days + 1


@given(runs())
def test_the_stretches_are_the_days_without_a_gap_each_as_long_as_the_same_is_to_be_said(due):
    run = due.explanation
    step = -1 if run.direction == "backward" else 1
    assert run.stretches[0].first == run.start.toordinal()
    assert run.stretches[-1].last == run.due.toordinal()
    for one, other in pairwise(run.stretches):
        assert other.first == one.last + step
    assert sum(abs(stretch.last - stretch.first) + 1 for stretch in run.stretches) == len(run.days)


@given(runs())
def test_every_day_is_told_as_its_calendar_has_it(due):
    for day in due.explanation.days:
        about = SHIPPED.day(day.date)
        assert day.calendar == about.kind
        assert not day.provisional or about.state != "published"


@given(made_up_calendars(), st.dates(date(2024, 6, 1), date(2026, 6, 1)), st.integers(0, 400))
def test_the_stretches_of_a_calendar_are_its_days(calendar, first, length):
    stretches = calendar.stretches(first.toordinal(), first.toordinal() + length)
    told = [(ordinal, stretch) for stretch in stretches for ordinal in range(stretch.first, stretch.last + 1)]
    assert [ordinal for ordinal, _ in told] == list(range(first.toordinal(), first.toordinal() + length + 1))
    for ordinal, stretch in told:
        about = calendar.day(date.fromordinal(ordinal))
        assert (stretch.kind, stretch.name, stretch.certain) == (about.kind, about.name, about.state == "published")
