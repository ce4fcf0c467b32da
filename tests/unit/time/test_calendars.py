"""Which days are worked."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from engine import calendars
from engine.calendars import Calendar
from engine.errors import CalendarRefused


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_every_day_from_2015_to_2026_agrees_with_an_independent_data_set(calendar):
    differing = [
        day
        for day in days(date(2015, 1, 1), date(2026, 12, 31))
        if calendar.is_working(day) != chinese_calendar.is_workday(day)
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("year", "off", "worked"),
    # Counted from the notices themselves: days off as announced, and weekend days worked.
    [
        (2015, 26, 5), (2016, 24, 6), (2017, 24, 5), (2018, 25, 7), (2019, 22, 6), (2020, 30, 6),
        (2021, 31, 7), (2022, 32, 7), (2023, 26, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6),
    ],
)  # fmt: skip
def test_each_year_has_as_many_days_as_its_notices_give(calendar, year, off, worked):
    kinds = [marking.kind for marking in calendar.year(year).days.values()]
    assert (kinds.count("holiday"), kinds.count("make_up")) == (off, worked)


def test_every_published_year_names_its_notice_with_number_and_date(calendar):
    for year in calendar.years:
        if year.state == "published":
            assert all(notice.number and notice.issued and notice.mark for notice in year.notices)


def test_the_years_2015_to_2026_are_published_and_the_next_five_are_forecast(calendar):
    states = {year.year: year.state for year in calendar.years}
    assert states == {
        **dict.fromkeys(range(2015, 2027), "published"),
        **dict.fromkeys(range(2027, 2032), "forecast"),
    }


def test_a_make_up_sunday_is_worked_and_says_for_which_feast(calendar):
    sunday = calendar.day(date(2026, 1, 4))
    assert (sunday.kind, sunday.is_working, sunday.name.zh) == ("make_up", True, "元旦")


def test_a_holiday_carries_its_name_in_both_languages(calendar):
    feast = calendar.day(date(2025, 10, 6))
    assert (feast.kind, feast.name.zh, feast.name.en) == (
        "holiday", "国庆节、中秋节", "National Day and Mid-Autumn Festival",
    )  # fmt: skip


def test_the_extension_of_2020_took_back_a_make_up_day(calendar):
    assert not calendar.is_working(date(2020, 2, 1))
    assert calendar.is_working(date(2020, 2, 3))


def test_the_notice_for_2019_reaches_into_december_2018(calendar):
    assert calendar.is_working(date(2018, 12, 29))
    assert not calendar.is_working(date(2018, 12, 31))


def test_an_unknown_year_has_plain_weekends_and_says_so(calendar):
    assert calendar.is_working(date(2040, 10, 1)) == (date(2040, 10, 1).weekday() < 5)
    assert calendar.state(2040) == "unknown"
    assert calendar.day(date(2040, 10, 1)).state == "unknown"


@pytest.mark.parametrize(
    "day", [date(1999, 6, 1), date(2014, 12, 31), date(2024, 10, 1), date(2031, 12, 31), date(2090, 5, 5)]
)
def test_counting_working_days_and_finding_them_are_inverse(calendar, day):
    for ordinal in range(day.toordinal() - 40, day.toordinal() + 40):
        number = calendar.worked_through(ordinal)
        found = calendar.nth_worked(number)
        assert calendar.works(found)
        assert found <= ordinal < calendar.nth_worked(number + 1)


def test_an_empty_calendar_counts_plain_weeks():
    empty = calendars.load({})
    assert empty.working_days(date(2025, 10, 3), date(2025, 10, 10)) == 5
    assert empty.state(2025) == "unknown"


def test_a_year_entered_later_replaces_the_forecast_and_changes_the_version(calendar):
    published = calendars.load({"y": year_file(2027)}).year(2027)
    entered = calendar.with_year(published)
    assert entered.state(2027) == "published"
    assert entered.version != calendar.version
    assert entered.state(2026) == calendar.state(2026)


def test_equal_content_has_an_equal_version_whatever_the_file_looks_like():
    one = calendars.load({"a.yaml": year_file(2027)})
    other = calendars.load({"b.yaml": b"# a comment\n" + year_file(2027)})
    assert one == other
    assert one.version == other.version


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("to: 2027-01-01", "to: 2027-01-01\n    make_up: [2027-01-01]"), "holiday-and-worked"),
        (("to: 2027-01-01", "to: 2027-01-01\n    make_up: [2027-01-05]"), "make-up-on-weekday"),
        (("to: 2027-01-01", "to: 2027-01-01\n    make_up: [2026-12-26]"), "wrong-year"),
        (("to: 2027-01-01", "to: 2028-01-01"), "span-too-long"),
        (("to: 2027-01-01", "to: 2026-12-31"), "span-backward"),
        (("from: 2027-10-01\n    to: 2027-10-03", "from: 2027-01-01\n    to: 2027-01-02"), "day-twice"),
        (("state: published", "state: official"), "unknown-choice"),
        (("state: published", "state: unknown"), "unknown-choice"),
        (("notice: main", "notice: other"), "notice-unknown"),
        (("mark: K", "mark: sure"), "wrong-kind"),
        (("from: 2027-01-01", "from: 2027-02-30"), "not-a-value"),
        (("year: 2027", "year: 12027"), "year-out-of-range"),
        (("year: 2027", "year: 2027\nyear: 2028"), "key-twice"),
        (("year: 2027", "year: 2027\nholliday: 1"), "unknown-key"),
        (("jurisdiction: CN\n", ""), "missing-key"),
        (("en: New Year", "fr: Nouvel an"), "unknown-key"),
    ],
)  # fmt: skip
def test_a_calendar_that_contradicts_itself_is_refused_with_its_line(change, rule):
    findings = refused({"cn-2027.yaml": year_file(2027).replace(*(part.encode() for part in change))})
    found = [finding for finding in findings if finding.rule == rule]
    assert found, [finding.rule for finding in findings]
    assert found[0].source == "cn-2027.yaml"
    assert found[0].line
    assert found[0].why_zh
    assert found[0].remedy_zh


def test_all_findings_come_at_once():
    broken = year_file(2027).replace(b"state: published", b"state: maybe").replace(b"to: 2027-01-01", b"to: 2026-01-01")
    findings = refused({"a": broken, "b": b"- not a calendar"})
    assert {finding.rule for finding in findings} >= {"unknown-choice", "span-backward", "wrong-kind"}


def test_a_year_left_out_and_a_year_twice_are_refused():
    assert {f.rule for f in refused({"a": year_file(2026), "b": year_file(2028)})} == {"year-missing"}
    assert {f.rule for f in refused({"a": year_file(2027), "b": year_file(2027)})} == {"year-twice"}


def test_years_of_different_places_are_not_mixed():
    elsewhere = year_file(2028).replace(b"jurisdiction: CN", b"jurisdiction: HK")
    assert {f.rule for f in refused({"a": year_file(2027), "b": elsewhere})} == {"jurisdictions-mixed"}


def test_a_forecast_cannot_know_make_up_days():
    forecast = year_file(2027).replace(b"state: published", b"state: forecast")
    with_make_up = forecast.replace(b"to: 2027-01-01", b"to: 2027-01-01\n    make_up: [2027-01-02]")
    assert {f.rule for f in refused({"a": with_make_up})} == {"make-up-forecast"}


def test_a_year_without_holidays_is_refused():
    bare = b"year: 2027\njurisdiction: CN\nstate: published\nnotices: []\nholidays: []\n"
    assert {f.rule for f in refused({"a": bare})} == {"no-holidays"}


def refused(files: dict[str, bytes]):
    with pytest.raises(CalendarRefused) as caught:
        calendars.load(files)
    return caught.value.findings


def year_file(year: int) -> bytes:
    return f"""\
year: {year}
jurisdiction: CN
state: published
notices:
  - id: main
    title: {{zh: 某通知, en: A notice}}
    mark: K
holidays:
  - name: {{zh: 元旦, en: New Year}}
    from: {year}-01-01
    to: {year}-01-01
    notice: main
  - name: {{zh: 国庆节, en: National Day}}
    from: {year}-10-01
    to: {year}-10-03
    notice: main
""".encode()


def test_a_calendar_can_be_compared_and_shown():
    calendar = calendars.load({"a": year_file(2027)})
    assert calendar == Calendar({2027: calendar.year(2027)})
    assert repr(calendar).startswith("Calendar(2027-2027, ")
