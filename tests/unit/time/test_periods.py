"""How long a limit runs and on which day it ends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine import calendars, periods
from engine.errors import PeriodRefused
from engine.periods import Period, Span, count, remaining


def test_the_day_of_the_event_is_not_counted(calendar):
    assert count(Period(1, "days"), date(2025, 3, 3), calendar=calendar).due == date(2025, 3, 4)


def test_the_end_is_the_moment_the_due_day_is_over_in_the_zone(calendar):
    due = count(Period(90, "days"), date(2025, 3, 3), calendar=calendar)
    assert due.due == date(2025, 6, 3)
    assert due.due_at == datetime(2025, 6, 3, 16, tzinfo=UTC)


def test_another_zone_ends_its_day_at_its_own_midnight(calendar):
    due = count(Period(1, "days"), date(2025, 3, 3), calendar=calendar, zone=ZoneInfo("Asia/Urumqi"))
    assert due.due_at == datetime(2025, 3, 4, 18, tzinfo=UTC)


def test_a_moment_late_in_the_evening_counts_as_its_day_in_the_zone(calendar):
    evening = datetime(2025, 3, 3, 17, tzinfo=UTC)  # 4 March, one o'clock, in Shanghai
    assert count(Period(1, "working_days"), evening, calendar=calendar).due == date(2025, 3, 5)


def test_hours_end_on_the_second_and_are_never_provisional(calendar):
    start = datetime(2030, 2, 1, 22, 30, 15, tzinfo=periods.ZONE)
    due = count(Period(24, "hours"), start, calendar=calendar)
    assert due.due == datetime(2030, 2, 2, 22, 30, 15, tzinfo=periods.ZONE)
    assert due.due_at == datetime(2030, 2, 2, 14, 30, 15, tzinfo=UTC)
    assert not due.provisional


def test_working_days_never_roll_and_never_need_to(calendar):
    rolling = count(Period(5, "working_days"), date(2025, 1, 24), calendar=calendar, roll="next_working_day")
    plain = count(Period(5, "working_days"), date(2025, 1, 24), calendar=calendar, roll="none")
    assert rolling.due == plain.due == date(2025, 2, 7)
    assert not rolling.explanation.rolled


def test_a_backward_limit_stays_on_a_holiday(calendar):
    due = count(Period(30, "days"), date(2025, 7, 1), calendar=calendar, direction="backward")
    assert due.due == date(2025, 6, 1)
    assert not calendar.is_working(due.due)


def test_a_backward_limit_skips_excluded_days(calendar):
    excluded = [Span(date(2026, 5, 7), date(2026, 5, 8))]
    due = count(
        Period(3, "working_days"), date(2026, 5, 13), calendar=calendar, direction="backward", excluded=excluded
    )
    assert due.due == date(2026, 5, 9)  # 12, 11, and the worked Saturday


def test_hours_can_be_counted_backward(calendar):
    start = datetime(2025, 7, 2, 8, tzinfo=periods.ZONE)
    excluded = [Span(datetime(2025, 7, 1, 20, tzinfo=periods.ZONE), datetime(2025, 7, 1, 22, tzinfo=periods.ZONE))]
    due = count(Period(24, "hours"), start, calendar=calendar, direction="backward", excluded=excluded)
    assert due.due == datetime(2025, 7, 1, 6, tzinfo=periods.ZONE)


def test_a_span_after_the_end_changes_nothing(calendar):
    later = [Span(date(2025, 4, 1), date(2025, 4, 30))]
    assert count(Period(5, "working_days"), date(2025, 3, 3), calendar=calendar, suspended=later).due == date(
        2025, 3, 10
    )


def test_a_span_before_the_start_changes_nothing(calendar):
    earlier = [Span(date(2025, 1, 1), date(2025, 3, 3))]
    assert count(Period(5, "working_days"), date(2025, 3, 3), calendar=calendar, excluded=earlier).due == date(
        2025, 3, 10
    )


def test_a_span_given_in_moments_takes_out_its_days(calendar):
    span = Span(datetime(2025, 11, 10, 9, tzinfo=periods.ZONE), datetime(2025, 11, 14, 17, tzinfo=periods.ZONE))
    due = count(Period(30, "days"), date(2025, 11, 3), calendar=calendar, roll="none", excluded=[span])
    assert due.due == date(2025, 12, 8)


def test_months_skip_excluded_days_one_for_one(calendar):
    excluded = [Span(date(2025, 7, 1), date(2025, 7, 10))]
    due = count(Period(2, "months"), date(2025, 6, 16), calendar=calendar, roll="none", excluded=excluded)
    assert due.due == date(2025, 8, 26)


def test_years_are_twelve_months(calendar):
    in_years = count(Period(2, "years"), date(2024, 2, 29), calendar=calendar, roll="none")
    in_months = count(Period(24, "months"), date(2024, 2, 29), calendar=calendar, roll="none")
    assert in_years.due == in_months.due == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2025, 3, 10), 6, date(2025, 9, 9)),
        (date(2025, 3, 1), 6, date(2025, 8, 31)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 8, 30), 6, date(2026, 2, 28)),
        (date(2025, 8, 28), 6, date(2026, 2, 27)),
        (date(2025, 12, 31), 24, date(2027, 12, 30)),
    ],
)
def test_a_sanction_ends_the_day_before_the_corresponding_day(calendar, start, months, last):
    due = count(Period(months, "months"), start, calendar=calendar, roll="none", first_day_counts=True)
    assert due.due == last


def test_working_days_may_begin_with_the_day_of_the_event(calendar):
    on_a_saturday = count(Period(2, "working_days"), date(2025, 3, 1), calendar=calendar, first_day_counts=True)
    on_a_monday = count(Period(2, "working_days"), date(2025, 3, 3), calendar=calendar, first_day_counts=True)
    assert on_a_saturday.due == on_a_monday.due == date(2025, 3, 4)


class TestProvisional:
    def test_working_days_that_touch_an_unpublished_year_are(self, calendar):
        assert count(Period(10, "working_days"), date(2026, 12, 28), calendar=calendar).provisional

    def test_working_days_that_end_on_the_last_of_a_published_year_are_not(self, calendar):
        due = count(Period(3, "working_days"), date(2026, 12, 28), calendar=calendar)
        assert (due.due, due.provisional) == (date(2026, 12, 31), False)

    def test_a_roll_in_an_unpublished_year_is(self, calendar):
        assert count(Period(30, "days"), date(2026, 12, 3), calendar=calendar).provisional

    def test_no_roll_needs_no_calendar(self, calendar):
        assert not count(Period(5, "years"), date(2026, 12, 3), calendar=calendar, roll="none").provisional

    def test_a_year_outside_everything_is_counted_with_plain_weekends(self, calendar):
        due = count(Period(5, "working_days"), date(2070, 10, 1), calendar=calendar)
        assert due.provisional
        assert due.due == count(Period(5, "working_days"), date(2070, 10, 1), calendar=calendars.load({})).due

    def test_a_backward_limit_into_an_unpublished_year_is(self, calendar):
        start = date(2015, 1, 5)
        due = count(Period(5, "working_days"), start, calendar=calendar, direction="backward")
        assert due.provisional


class TestRefused:
    @pytest.mark.parametrize("value", [0, -1, 10**9, 3.5, True, "7", None])
    def test_a_number_that_is_no_period(self, value):
        with pytest.raises(PeriodRefused) as caught:
            Period(value, "days")
        assert caught.value.facts["zh"]

    def test_a_unit_that_does_not_exist(self):
        with pytest.raises(PeriodRefused, match="weeks"):
            Period(1, "weeks")

    @pytest.mark.parametrize("start", [date(9999, 12, 31), date(1, 1, 1), date(1899, 12, 31), date(3000, 1, 1)])
    @pytest.mark.parametrize("unit", ["working_days", "days", "months", "years"])
    def test_a_start_beyond_all_calendars(self, calendar, start, unit):
        with pytest.raises(PeriodRefused, match="years that can be counted"):
            count(Period(1, unit), start, calendar=calendar)

    @pytest.mark.parametrize("unit", ["working_days", "days", "months", "years"])
    def test_an_end_beyond_all_calendars(self, calendar, unit):
        with pytest.raises(PeriodRefused, match="years that can be counted"):
            count(Period(100, unit), date(2999, 12, 1), calendar=calendar)

    def test_an_hour_limit_beyond_all_calendars(self, calendar):
        for start in (datetime(9999, 12, 31, 23, tzinfo=UTC), datetime(2999, 12, 31, 12, tzinfo=UTC)):
            with pytest.raises(PeriodRefused, match="years that can be counted"):
                count(Period(48, "hours"), start, calendar=calendar)

    def test_a_backward_limit_beyond_all_calendars(self, calendar):
        with pytest.raises(PeriodRefused, match="years that can be counted"):
            count(Period(2, "years"), date(1901, 1, 1), calendar=calendar, direction="backward")

    def test_an_hour_limit_that_starts_with_a_day_only(self, calendar):
        with pytest.raises(PeriodRefused, match="needs the moment"):
            count(Period(24, "hours"), date(2025, 7, 1), calendar=calendar)

    def test_an_hour_limit_whose_first_day_counts(self, calendar):
        with pytest.raises(PeriodRefused, match="no first day"):
            count(Period(1, "hours"), datetime(2025, 7, 1, tzinfo=UTC), calendar=calendar, first_day_counts=True)

    @pytest.mark.parametrize("unit", ["hours", "days"])
    def test_a_moment_without_a_zone(self, calendar, unit):
        with pytest.raises(PeriodRefused, match="no time zone"):
            count(Period(24, unit), datetime(2025, 7, 1, 8), calendar=calendar)  # noqa: DTZ001

    @pytest.mark.parametrize(
        ("unit", "other"), [("working_days", "days"), ("days", "working_days"), ("months", "hours"), ("hours", "days")]
    )
    def test_an_extension_in_a_unit_that_cannot_be_added(self, calendar, unit, other):
        start = datetime(2025, 7, 1, 8, tzinfo=periods.ZONE)
        with pytest.raises(PeriodRefused, match="cannot be extended"):
            count(Period(10, unit), start, calendar=calendar, extensions=[Period(1, other)])

    def test_extensions_that_add_up_to_more_than_a_hundred_years(self, calendar):
        long = Period(60, "years")
        with pytest.raises(PeriodRefused, match="hundred years"):
            count(long, date(2025, 1, 1), calendar=calendar, extensions=[long])

    def test_suspensions_that_overlap(self, calendar):
        spans = [Span(date(2025, 3, 10), date(2025, 3, 14)), Span(date(2025, 3, 14), date(2025, 3, 20))]
        with pytest.raises(PeriodRefused, match="overlap"):
            count(Period(10, "days"), date(2025, 3, 3), calendar=calendar, suspended=spans)

    def test_suspensions_of_one_day_that_do_not_overlap_are_counted_once(self, calendar):
        zone = periods.ZONE
        spans = [
            Span(datetime(2025, 3, 6, 9, tzinfo=zone), datetime(2025, 3, 7, 9, tzinfo=zone)),
            Span(datetime(2025, 3, 7, 15, tzinfo=zone), datetime(2025, 3, 7, 17, tzinfo=zone)),
        ]
        due = count(Period(5, "days"), date(2025, 3, 3), calendar=calendar, roll="none", suspended=spans)
        assert due.due == date(2025, 3, 10)

    @pytest.mark.parametrize("extra", ["suspended", "extensions"])
    def test_a_backward_limit_suspended_or_extended(self, calendar, extra):
        more = {"suspended": [Span(date(2026, 5, 7), date(2026, 5, 8))], "extensions": [Period(1, "working_days")]}
        with pytest.raises(PeriodRefused, match="backward"):
            count(
                Period(7, "working_days"), date(2026, 5, 13), calendar=calendar, direction="backward",
                **{extra: more[extra]},
            )  # fmt: skip

    def test_a_span_that_ends_before_it_begins(self):
        with pytest.raises(PeriodRefused, match="before it begins"):
            Span(date(2025, 3, 10), date(2025, 3, 9))

    def test_a_span_of_a_day_and_a_moment(self):
        with pytest.raises(PeriodRefused, match="differ in kind"):
            Span(date(2025, 3, 10), datetime(2025, 3, 11, tzinfo=UTC))

    def test_a_span_of_naive_moments(self):
        with pytest.raises(PeriodRefused, match="no time zone"):
            Span(datetime(2025, 3, 10), datetime(2025, 3, 11))  # noqa: DTZ001

    @pytest.mark.parametrize("text", ["", "2025-02-30", "yesterday", "2025-13-01", "20250101T99"])
    def test_a_text_that_is_no_day(self, text):
        with pytest.raises(PeriodRefused, match="neither a day"):
            periods.read_moment(text)


class TestRemaining:
    def test_today_is_not_counted_and_the_due_day_is(self, calendar):
        left = remaining(date(2025, 10, 13), date(2025, 9, 30), calendar=calendar)
        assert (left.state, left.days, left.working_days) == ("left", 13, 4)

    def test_the_last_day_is_today_and_not_zero_left(self, calendar):
        assert remaining(date(2025, 10, 13), date(2025, 10, 13), calendar=calendar).state == "today"

    def test_a_day_late_in_both_kinds_of_days(self, calendar):
        late = remaining(date(2024, 12, 9), date(2024, 12, 11), calendar=calendar)
        assert (late.state, late.days, late.working_days) == ("overdue", 2, 2)

    def test_the_weekend_after_the_due_day_is_late_by_no_working_day(self, calendar):
        late = remaining(date(2025, 3, 7), date(2025, 3, 9), calendar=calendar)
        assert (late.state, late.days, late.working_days) == ("overdue", 2, 0)

    def test_now_is_a_day_of_the_zone(self, calendar):
        assert remaining(date(2025, 3, 8), datetime(2025, 3, 7, 17, tzinfo=UTC), calendar=calendar).state == "today"

    def test_hours_are_compared_to_the_second(self, calendar):
        due = datetime(2025, 7, 2, 8, tzinfo=periods.ZONE)
        left = remaining(due, due - timedelta(hours=5, minutes=20), calendar=calendar)
        late = remaining(due, due + timedelta(seconds=30), calendar=calendar)
        assert (left.state, left.seconds) == ("left", 19200)
        assert (late.state, late.seconds) == ("overdue", 30)

    def test_hours_are_not_compared_with_a_day(self, calendar):
        with pytest.raises(PeriodRefused, match="compared with a moment"):
            remaining(datetime(2025, 7, 2, 8, tzinfo=periods.ZONE), date(2025, 7, 2), calendar=calendar)


class TestExplanation:
    def test_each_day_says_why_it_counted_or_not(self, calendar):
        due = count(Period(7, "working_days"), date(2025, 9, 26), calendar=calendar)
        told = [(day.date.day, day.kind, day.ordinal, day.reason) for day in due.explanation.days]
        assert told == [
            (26, "start", None, "event_day"),
            (27, "skipped", None, "weekend"),
            (28, "counted", 1, "make_up"),
            (29, "counted", 2, "working_day"),
            (30, "counted", 3, "working_day"),
            *((n, "skipped", None, "holiday") for n in range(1, 9)),
            (9, "counted", 4, "working_day"),
            (10, "counted", 5, "working_day"),
            (11, "counted", 6, "make_up"),
            (12, "skipped", None, "weekend"),
            (13, "due", 7, "working_day"),
        ]

    def test_the_reason_has_words_in_both_languages(self, calendar):
        by_day = days_of(count(Period(7, "working_days"), date(2025, 9, 26), calendar=calendar))
        assert by_day[date(2025, 9, 27)].label.zh == "周末"
        assert by_day[date(2025, 9, 28)].label.zh == "调休补班（国庆节、中秋节）"
        assert by_day[date(2025, 10, 6)].label.en == "National Day and Mid-Autumn Festival"

    def test_a_rolled_end_keeps_its_number_and_the_due_day_has_none(self, calendar):
        due = count(Period(90, "days"), date(2025, 3, 3), calendar=calendar)
        by_day = days_of(due)
        assert due.explanation.end == date(2025, 6, 1)
        assert (by_day[date(2025, 6, 1)].ordinal, by_day[date(2025, 6, 1)].kind) == (90, "counted")
        assert (by_day[date(2025, 6, 2)].kind, by_day[date(2025, 6, 2)].label.zh) == ("rolled", "端午节")
        assert (by_day[date(2025, 6, 3)].kind, by_day[date(2025, 6, 3)].reason) == ("due", "roll")
        assert by_day[date(2025, 6, 3)].ordinal is None

    def test_excluded_and_suspended_days_are_told_apart_with_their_reason(self, calendar):
        appraisal = periods.Wording("鉴定", "Appraisal")
        due = count(
            Period(10, "days"), date(2025, 11, 3), calendar=calendar,
            excluded=[Span(date(2025, 11, 5), date(2025, 11, 6), appraisal)],
            suspended=[Span(date(2025, 11, 8), date(2025, 11, 8))],
        )  # fmt: skip
        by_day = days_of(due)
        assert (by_day[date(2025, 11, 5)].kind, by_day[date(2025, 11, 5)].label) == ("excluded", appraisal)
        assert (by_day[date(2025, 11, 8)].kind, by_day[date(2025, 11, 8)].label.zh) == ("suspended", "期限中止")

    def test_days_of_an_extension_are_marked(self, calendar):
        due = count(
            Period(5, "working_days"), date(2025, 3, 3), calendar=calendar, extensions=[Period(2, "working_days")]
        )
        assert [day.ordinal for day in due.explanation.days if day.extended] == [6, 7]

    def test_months_are_told_day_by_day_too(self, calendar):
        due = count(Period(1, "months"), date(2025, 12, 31), calendar=calendar)
        assert due.explanation.size == 31
        assert [day.ordinal for day in due.explanation.days if day.ordinal] == list(range(1, 32))

    def test_unpublished_days_are_marked_where_the_date_rests_on_them(self, calendar):
        due = count(Period(6, "working_days"), date(2026, 12, 29), calendar=calendar)
        assert min(day.date for day in due.explanation.days if day.provisional) == date(2027, 1, 1)
        unrolled = count(Period(10, "days"), date(2026, 12, 29), calendar=calendar, roll="none")
        assert not any(day.provisional for day in unrolled.explanation.days)

    def test_hours_tell_their_days_without_numbers(self, calendar):
        due = count(Period(60, "hours"), datetime(2025, 10, 1, 22, tzinfo=periods.ZONE), calendar=calendar)
        told = [(day.date.day, day.kind, day.ordinal, day.reason) for day in due.explanation.days]
        assert told == [
            (1, "start", None, "hours"), (2, "counted", None, "hours"), (3, "counted", None, "hours"),
            (4, "due", None, "hours"),
        ]  # fmt: skip

    def test_hours_show_a_day_that_is_excluded_whole(self, calendar):
        zone = periods.ZONE
        spans = [Span(date(2025, 7, 2), date(2025, 7, 2)),
                 Span(datetime(2025, 7, 3, 8, tzinfo=zone), datetime(2025, 7, 3, 9, tzinfo=zone))]  # fmt: skip
        due = count(Period(60, "hours"), datetime(2025, 7, 1, 8, tzinfo=zone), calendar=calendar, excluded=spans)
        assert [day.date.day for day in due.explanation.days if day.kind == "excluded"] == [2]

    def test_the_days_of_a_run_can_be_looked_up_both_ways(self, calendar):
        run = count(
            Period(20, "working_days"), date(2025, 9, 15), calendar=calendar,
            suspended=[Span(date(2025, 9, 22), date(2025, 9, 26))],
        ).explanation  # fmt: skip
        for number in range(1, run.size + 1):
            assert run.counted_through(run.counted_day(number)) == number
        assert run.counted_through(date(2025, 9, 26)) == run.counted_through(date(2025, 9, 21))
        assert run.counted_through(date(2020, 1, 1)) == 0
        assert run.counted_through(date(2030, 1, 1)) == run.size

    def test_a_backward_run_can_be_looked_up_too(self, calendar):
        run = count(Period(7, "working_days"), date(2026, 5, 13), calendar=calendar, direction="backward").explanation
        assert [run.counted_day(n).day for n in range(1, 8)] == [12, 11, 9, 8, 7, 6, 30]
        assert run.counted_through(date(2026, 5, 9)) == 3

    def test_a_day_that_the_run_does_not_have_is_refused(self, calendar):
        run = count(Period(5, "days"), date(2025, 3, 3), calendar=calendar).explanation
        for number in (-1, 6):
            with pytest.raises(PeriodRefused, match="no day number"):
                run.counted_day(number)

    def test_hours_have_no_days_to_look_up(self, calendar):
        run = count(Period(5, "hours"), datetime(2025, 3, 3, tzinfo=UTC), calendar=calendar).explanation
        with pytest.raises(PeriodRefused, match="does not count days"):
            run.counted_through(date(2025, 3, 3))

    def test_it_names_the_calendar_and_the_state_of_each_year(self, calendar):
        run = count(Period(10, "working_days"), date(2026, 12, 28), calendar=calendar).explanation
        assert run.calendar.version == calendar.version
        assert run.years == ((2026, "published"), (2027, "forecast"))

    def test_as_data_is_plain_and_complete(self, calendar):
        data = count(
            Period(3, "days"), date(2025, 3, 7), calendar=calendar, excluded=[Span(date(2025, 3, 8), date(2025, 3, 8))]
        ).explanation.as_data()
        assert data["due"] == "2025-03-11"
        assert data["excluded"] == [{"from": "2025-03-08", "to": "2025-03-08", "reason": None}]
        assert data["days"][1] == {
            "date": "2025-03-08", "kind": "excluded", "ordinal": None, "reason": "excluded",
            "label": {"zh": "不计入期限", "en": "Does not count"}, "calendar": "weekend",
            "provisional": False, "extended": False,
        }  # fmt: skip


def days_of(due):
    return {day.date: day for day in due.explanation.days}
