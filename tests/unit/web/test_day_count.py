from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.unit.web.samples import investigation_days, late_deadline, long_deadline, wording
from web.day_count import Cell, Folded, Week, rows
from web.page_values import Day, DayKind


def test_every_day_of_the_period_has_a_cell_in_its_week(cells):
    days = investigation_days()
    assert list(cells) == [day.on for day in days]
    weeks = rows(days, wording("zh"))
    assert all(isinstance(week, Week) and week.monday.weekday() == 0 and len(week.cells) == 7 for week in weeks)


def test_a_make_up_working_sunday_says_that_it_counts_and_as_which_day(cells):
    assert cells[date(2026, 9, 20)].word == "班14"
    assert cells[date(2026, 9, 20)].spoken == "9月20日，班，第14日"
    assert cells[date(2026, 9, 20)].classes == "counted makeup"


def test_a_feast_is_named_on_its_own_day_and_is_not_counted(cells):
    assert cells[date(2026, 9, 25)].word == "中秋"
    assert cells[date(2026, 9, 25)].spoken == "9月25日，中秋，不计入"
    assert cells[date(2026, 9, 26)].word == "假"


def test_the_past_the_present_and_the_future_look_different(cells):
    assert cells[date(2026, 9, 2)].classes == "counted"
    assert cells[date(2026, 10, 14)].classes == "counted today"
    assert cells[date(2026, 10, 15)].classes == "ahead"
    assert cells[date(2026, 10, 19)].classes == "due"
    assert cells[date(2026, 10, 19)].spoken == "10月19日，届满，第30日"
    assert cells[date(2026, 9, 1)].word == "起"


def test_a_long_period_folds_its_middle_into_months_and_hides_no_number():
    shown = rows(long_deadline().days, wording("zh"))
    folded = [row for row in shown if isinstance(row, Folded)]
    assert [type(row) for row in shown[:3]] == [Week, Week, Week]
    assert [type(row) for row in shown[-3:]] == [Week, Week, Week]
    assert folded[0].words.startswith("9月21日至30日：计入第10日至第19日")
    assert len(folded) == 4


def test_days_after_the_due_day_are_marked_as_late():
    cells = [cell for week in rows(late_deadline().days, wording("zh")) for cell in week.cells if cell]
    assert [cell.classes for cell in cells[-3:]] == ["due", "late", "late today"]


def test_a_suspended_day_is_a_band_of_its_own():
    start = date(2026, 9, 1)
    days = [Day(on=start + timedelta(days=n), kind=DayKind.PAUSED) for n in range(3)]
    cells = [cell for week in rows(days, wording("zh")) if isinstance(week, Week) for cell in week.cells if cell]
    assert {cell.classes for cell in cells} == {"paused"}
    assert cells[0].word == "停"


@pytest.fixture
def cells() -> dict[date, Cell]:
    weeks = [row for row in rows(investigation_days(), wording("zh")) if isinstance(row, Week)]
    return {cell.on: cell for week in weeks for cell in week.cells if cell}
