"""A statutory limit as the pages show it, from what the casework reads and the engine counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine import calendars, periods
from engine.periods import Due, Period
from engine.sheets import Wording as Both
from web import limits
from web.page_values import ClockState, DayKind, SpanKind, Unit
from web.presentation import Wording
from workflows.worklists import ClockView

ZONE = ZoneInfo("Asia/Shanghai")
ROOM = Path(__file__).parents[3] / "bpmn/calendars"
CALENDAR = calendars.load({path.name: path.read_bytes() for path in sorted(ROOM.glob("*.yaml"))})


@pytest.mark.parametrize(
    ("today", "state", "words"),
    [
        (date(2026, 2, 3), ClockState.LATER, "还有16个工作日"),
        (date(2026, 2, 27), ClockState.SOON, "还有3个工作日"),
        (date(2026, 2, 28), ClockState.SOON, "还有2个工作日"),
        (date(2026, 3, 3), ClockState.TODAY, "今日到期"),
        (date(2026, 3, 5), ClockState.OVERDUE, "逾期2个工作日"),
    ],
)
def test_a_running_limit_is_said_in_the_days_it_is_counted_in(today, state, words):
    """17 working days after 2 February 2026, with the Spring Festival in between."""
    found = shown(view("working_days", 17, date(2026, 2, 2)), today)
    assert (found.state, say(today).remaining(found)) == (state, words)


def test_a_limit_missed_by_days_off_alone_is_late_by_calendar_days():
    found = shown(view("working_days", 5, date(2026, 3, 6)), date(2026, 3, 14))
    assert say(date(2026, 3, 14)).remaining(found) == "逾期1天"


def test_a_limit_is_yellow_once_its_warning_has_been_given():
    warned = [{"kind": "warn", "at": "2026-03-03T00:00:00+00:00", "to": [], "fired_at": None}]
    early = [{"kind": "remind", "at": "2026-03-03T00:00:00+00:00", "to": [], "fired_at": None}]
    assert shown(view("days", 30, date(2026, 3, 2), rungs=warned), date(2026, 3, 4)).state is ClockState.SOON
    assert shown(view("days", 30, date(2026, 3, 2), rungs=early), date(2026, 3, 4)).state is ClockState.LATER


def test_a_limit_in_hours_is_said_in_hours_and_minutes():
    begins = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
    due = periods.count(Period(24, "hours"), begins, calendar=CALENDAR)
    seen = view("hours", 24, begins, due=due)
    found = limits.clock(seen, begins + timedelta(hours=18, minutes=40), say(begins.date()), CALENDAR)
    assert say(begins.date()).remaining(found) == "还有5小时20分"


def test_the_day_shown_is_the_last_day_and_not_the_one_on_which_it_is_over():
    found = shown(view("days", 30, date(2026, 3, 2)), date(2026, 3, 5))
    words = say(date(2026, 3, 5))
    assert (words.day(found.due), words.end_of_day(found)) == ("4月1日", "24:00")


@pytest.mark.parametrize(
    ("state", "ended", "words"),
    [
        ("met", date(2026, 3, 5), "按期办结"),
        ("met_late", date(2026, 3, 11), "逾期2个工作日办结"),
        ("passed", date(2026, 3, 10), "已期满"),
        ("cancelled", date(2026, 3, 5), "不再计算"),
    ],
)
def test_a_limit_that_ended_says_how(state, ended, words):
    at = datetime(ended.year, ended.month, ended.day, 10, tzinfo=ZONE)
    today = date(2026, 5, 6)
    found = shown(view("working_days", 5, date(2026, 3, 2), state=state, ended_at=at), today)
    assert say(today).remaining(found) == words
    assert found.met_on == ended


def test_the_card_shows_every_day_and_why_it_counts_or_not():
    card = card_of("working_days", 17, date(2026, 2, 2), date(2026, 2, 24))
    kinds = {day.on: day.kind for day in card.days}
    assert kinds[date(2026, 2, 2)] is DayKind.START
    assert kinds[date(2026, 2, 14)] is DayKind.MAKEUP
    assert kinds[date(2026, 2, 17)] is DayKind.HOLIDAY
    assert kinds[date(2026, 2, 7)] is DayKind.WEEKEND
    assert [day.ordinal for day in card.days if day.ordinal] == list(range(1, 18))
    assert [day.on for day in card.days if day.due] == [date(2026, 3, 3)]
    assert card.today_is == 11
    assert card.why == (
        "2月2日收到线索，期限从次日起算，只算工作日。",
        "中间的假期不计入：春节。",
        "2月14日、2月28日是调休上班日，计入。",
    )


def test_the_card_of_a_missed_limit_goes_on_to_today():
    card = card_of("working_days", 5, date(2026, 3, 2), date(2026, 3, 12), state="missed")
    assert [(day.on.day, day.ordinal) for day in card.days[-3:]] == [(10, 6), (11, 7), (12, 8)]
    assert [day.on for day in card.days if day.due] == [date(2026, 3, 9)]
    assert card.today_is == 8


def test_the_card_says_that_the_end_moved_from_a_day_off():
    card = card_of("days", 5, date(2026, 3, 2), date(2026, 3, 4), due_on=date(2026, 3, 7))
    assert card.rolled_from == date(2026, 3, 7)
    assert say(date(2026, 3, 4)).due_day(card.clock) == date(2026, 3, 9)


def test_the_card_names_its_article_and_how_well_it_is_established():
    (source,) = card_of("working_days", 5, date(2026, 3, 2), date(2026, 3, 4)).sources
    assert (source.text, source.key, source.mark) == ("参考规则包", "T-LI-01", "PD")


def test_the_card_of_a_year_without_published_days_off_says_so():
    card = card_of("working_days", 30, date(2031, 12, 1), date(2031, 12, 2))
    assert card.clock.provisional
    assert card.why[-1] == "期间有放假安排尚未公布的年份，届满日是暂定的。"


def test_a_bar_is_counted_to_today_and_the_rest_is_left():
    assert spans(view("days", 30, date(2026, 3, 2)), date(2026, 3, 12)) == [
        (SpanKind.RUN, date(2026, 3, 3), date(2026, 3, 12)),
        (SpanKind.LEFT, date(2026, 3, 13), date(2026, 4, 1)),
    ]


def test_a_bar_beyond_its_due_day_is_over():
    assert spans(view("working_days", 5, date(2026, 3, 2), state="missed"), date(2026, 3, 12)) == [
        (SpanKind.RUN, date(2026, 3, 3), date(2026, 3, 9)),
        (SpanKind.OVER, date(2026, 3, 10), date(2026, 3, 12)),
    ]


def test_a_bar_stops_where_the_limit_was_met():
    ended = datetime(2026, 3, 5, 10, tzinfo=ZONE)
    assert spans(view("working_days", 5, date(2026, 3, 2), state="met", ended_at=ended), date(2026, 4, 1)) == [
        (SpanKind.RUN, date(2026, 3, 3), date(2026, 3, 5))
    ]


def test_the_first_year_without_published_days_off_is_found():
    now = datetime(2031, 12, 2, 9, tzinfo=ZONE)
    bars = [limits.bar(view("working_days", 30, date(2031, 12, 1)), now, say(now.date()), CALENDAR)]
    first = limits.unpublished_from(bars, CALENDAR, say(now.date()))
    assert first is not None
    assert CALENDAR.state(first.year) != "published"
    assert limits.unpublished_from([], CALENDAR, say(now.date())) is None


def test_in_english_the_names_are_the_english_ones():
    now = datetime(2026, 3, 4, 9, tzinfo=ZONE)
    found = limits.clock(view("days", 30, date(2026, 3, 2)), now, Wording("en", now.date(), ZONE), CALENDAR)
    assert found.name == "Accept the clue or not"


# --- what they need


def say(today: date) -> Wording:
    return Wording("zh", today, ZONE)


def shown(seen: ClockView, today: date) -> Any:
    return limits.clock(seen, noon(today), say(today), CALENDAR)


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=ZONE)


def spans(seen: ClockView, today: date) -> list[tuple[SpanKind, date, date]]:
    found = limits.bar(seen, noon(today), say(today), CALENDAR)
    return [(span.kind, span.first, span.last) for span in found.spans]


def card_of(unit: Any, length: int, begins: date, today: date, due_on: date | None = None, **more: Any) -> Any:
    due = periods.count(Period(length, unit), begins, calendar=CALENDAR)
    assert due_on is None or due.explanation.end == due_on
    return limits.card(view(unit, length, begins, due=due, **more), due, noon(today), say(today), CALENDAR)


def view(unit: Any, length: int, begins: date, due: Due | None = None, **more: Any) -> ClockView:
    """A limit of the catalogue that began on a day, as the casework reads it."""
    due = due or periods.count(Period(length, unit), begins, calendar=CALENDAR)
    return ClockView(
        **{
            "id": "d1",
            "rule": "T-LI-01",
            "name": Both("决定是否受理线索", "Accept the clue or not"),
            "citation": Both("参考规则包", "Reference profile"),
            "mark": "PD",
            "length": length,
            "unit": Unit(unit).value,
            "event": Both("收到线索", "clue received"),
            "note": None,
            "binds": "agency",
            "consequence": None,
            "node": "acceptance_due",
            "guards": "t1",
            "proceeding_id": "p1",
            "party_id": None,
            "trigger": begins.isoformat(),
            "started_at": noon(begins),
            "due": due.due.isoformat(),
            "due_at": due.due_at,
            "provisional": due.provisional,
            "state": "running",
            "fired_at": None,
            "late_seconds": None,
            "ended_at": None,
            "rungs": (),
        }
        | more
    )
