"""ISO 8601 as timers write it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine import moments
from engine.moments import NotAMoment


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        ("2026-01-31T08:00:00+00:00", "P1M", "2026-02-28T08:00:00+00:00"),
        ("2024-01-31T08:00:00+00:00", "P1M", "2024-02-29T08:00:00+00:00"),
        ("2026-01-31T08:00:00+00:00", "P2M", "2026-03-31T08:00:00+00:00"),
        ("2024-02-29T00:00:00+00:00", "P1Y", "2025-02-28T00:00:00+00:00"),
        ("2026-12-15T00:00:00+00:00", "P1M", "2027-01-15T00:00:00+00:00"),
        ("2026-01-01T00:00:00+00:00", "P1Y2M3DT4H5M6S", "2027-03-04T04:05:06+00:00"),
        ("2026-01-01T00:00:00+00:00", "P2W", "2026-01-15T00:00:00+00:00"),
        ("2026-01-01T00:00:00+00:00", "PT0.5S", "2026-01-01T00:00:00.500000+00:00"),
        ("2026-01-01T00:00:00+00:00", "PT1,5H", "2026-01-01T01:30:00+00:00"),
        ("2026-01-01T00:00:00+00:00", "pt2m", "2026-01-01T00:02:00+00:00"),
        ("2026-01-01T00:00:00+00:00", "PT0S", "2026-01-01T00:00:00+00:00"),
    ],
)
def test_a_duration_is_counted_on_the_calendar_and_the_day_clamps_to_the_months_end(start, text, end):
    assert moments.read_duration(text).after(datetime.fromisoformat(start)) == datetime.fromisoformat(end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "2 days",
        "P1",
        "1D",
        "P-1D",
        "-P1D",
        "PT1D",
        "P1S",
        "P1.5M",
        "P0.5Y",
        "P1DT",
        "P1D ago",
        "PT1H1H",
        "P1H",
        "P201Y",
        "P99999999999D",
        "P１D",
    ],
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(NotAMoment):
        moments.read_duration(text)


def test_a_duration_beyond_the_calendar_is_refused():
    with pytest.raises(NotAMoment, match="beyond the calendar"):
        moments.read_duration("P199Y").after(datetime(9900, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-01T09:00:00+08:00", datetime(2026, 5, 1, 1, tzinfo=UTC)),
        ("2026-05-01T09:00Z", datetime(2026, 5, 1, 9, tzinfo=UTC)),
        ("20260501T090000Z", datetime(2026, 5, 1, 9, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_its_zone(text, moment):
    assert moments.read_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-01",
        "2026-05-01T09:00:00",
        "2026-02-30T00:00:00Z",
        "tomorrow",
        "2026-05-01 09:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_date_without_time_or_zone_is_refused(text):
    with pytest.raises(NotAMoment):
        moments.read_date(text)


def test_a_cycle_has_rounds_a_period_and_perhaps_a_first_moment():
    cycle = moments.read_cycle("R3/2026-05-01T09:00:00+08:00/P1M")
    assert (cycle.rounds, cycle.first) == (3, datetime(2026, 5, 1, 1, tzinfo=UTC))
    assert moments.read_cycle("R/PT1H").rounds is None
    assert moments.read_cycle("R/PT1H").first is None


@pytest.mark.parametrize(
    "text",
    ["PT1H", "R3", "R0/PT1H", "R/PT0S", "R3/P1D/2026-05-01T09:00:00Z", "R-1/PT1H", "R/P1D/P1D", "R3//P1D", "R3/2 days"],
)
def test_what_is_no_cycle_is_refused(text):
    with pytest.raises(NotAMoment):
        moments.read_cycle(text)


def test_stamps_compare_as_moments_do():
    east = timezone(timedelta(hours=8))
    early, late = datetime(2026, 1, 1, 8, tzinfo=east), datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    assert moments.stamp(early) < moments.stamp(late)
    assert len(moments.stamp(early)) == len(moments.stamp(late))


@pytest.mark.parametrize("moment", [datetime(2026, 1, 1), "2026-01-01T00:00:00Z", None])  # noqa: DTZ001 - that is the point
def test_now_must_have_a_zone(moment):
    with pytest.raises(ValueError, match="must be a datetime with a zone"):
        moments.aware(moment)
