from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.web.samples import clock, wording
from web.page_values import Clock, ClockState, FindingState, Unit
from web.presentation import Wording


@pytest.mark.parametrize(
    ("state", "more", "zh", "en"),
    [
        (ClockState.OVERDUE, {"count": 2}, "逾期2个工作日", "2 working days late"),
        (ClockState.OVERDUE, {"count": 1, "unit": Unit.DAYS}, "逾期1天", "1 day late"),
        (ClockState.TODAY, {}, "今日到期", "Due today"),
        (ClockState.SOON, {"count": 1}, "还有1个工作日", "1 working day left"),
        (ClockState.LATER, {"count": 26, "unit": Unit.DAYS}, "还有26天", "26 days left"),
        (ClockState.SOON, {"count": 320, "unit": Unit.HOURS}, "还有5小时20分", "5 hours 20 minutes left"),
        (ClockState.SOON, {"count": 180, "unit": Unit.HOURS}, "还有3小时", "3 hours left"),
        (ClockState.SOON, {"count": 45, "unit": Unit.HOURS}, "还有45分钟", "45 minutes left"),
        (ClockState.SUSPENDED, {"count": 11}, "期限中止", "Clock suspended"),
        (ClockState.MET, {}, "按期办结", "Done in time"),
        (ClockState.MET_LATE, {"count": 1}, "逾期1个工作日办结", "Done 1 working day late"),
    ],
)
def test_a_badge_says_how_much_is_left_in_the_unit_the_law_uses(state, more, zh, en):
    given = clock(state, 10, 19, **more)
    assert wording("zh").badge(given).words == zh
    assert wording("en").badge(given).words == en


def test_every_state_has_its_own_ground_and_none_is_told_by_colour_alone(every_badge):
    assert len({badge.tone for badge in every_badge}) == len(ClockState)
    assert all(badge.icon and badge.words for badge in every_badge)


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        (ClockState.OVERDUE, "应于10月12日办结", "was due 12 Oct"),
        (ClockState.TODAY, "24:00前", "until 24:00"),
        (ClockState.LATER, "10月12日到期", "due 12 Oct"),
        (ClockState.SUSPENDED, "恢复后余11个工作日", "11 working days left once it resumes"),
        (ClockState.MET, "10月12日办结", "done 12 Oct"),
    ],
)
def test_the_line_under_a_badge_gives_the_date(state, zh, en):
    given = clock(state, 10, 12, 11)
    assert (wording("zh").under_badge(given), wording("en").under_badge(given)) == (zh, en)


def test_a_late_limit_says_since_when():
    late = clock(ClockState.OVERDUE, 10, 12, 2)
    assert wording("zh").lateness(late) == "已逾期，自10月13日起第2个工作日"
    assert wording("zh").lateness(replace(late, unit=Unit.DAYS)) == "已逾期，自10月13日起第2天"
    assert wording("en").lateness(late) == "Overdue: working day 2 since 13 Oct"
    assert wording("zh").lateness(replace(late, unit=Unit.HOURS, count=90)) == "已逾期1小时30分"


def test_a_date_shows_its_year_only_where_it_is_another_year():
    assert wording("zh").day(date(2026, 10, 14)) == "10月14日"
    assert wording("zh").day(date(2027, 3, 1)) == "2027年3月1日"
    assert wording("en").day(date(2026, 10, 14)) == "14 Oct"
    assert wording("en").day(date(2027, 3, 1)) == "1 March 2027"


def test_days_of_one_month_are_said_once():
    assert wording("zh").days(date(2026, 10, 26), date(2026, 10, 30)) == "10月26日至30日"
    assert wording("en").days(date(2026, 10, 26), date(2026, 10, 30)) == "26 to 30 Oct"
    assert wording("zh").days(date(2026, 9, 30), date(2026, 10, 8)) == "9月30日至10月8日"
    assert wording("zh").days(date(2026, 10, 8), date(2026, 10, 8)) == "10月8日"


def test_a_moment_is_told_on_the_clock_of_the_jurisdiction():
    at = datetime(2026, 10, 13, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert wording("zh").moment(at) == "10月14日 00:30"
    assert wording("zh").iso(at) == "2026-10-14T00:30+08:00"


def test_a_limit_that_ends_with_its_day_ends_at_24_hours():
    day = clock(ClockState.LATER, 10, 19)
    noon = replace(day, due=datetime(2026, 10, 19, 4, 0, tzinfo=ZoneInfo("UTC")), unit=Unit.HOURS)
    assert wording("zh").end_of_day(day) == "24:00"
    assert wording("zh").end_of_day(noon) == "12:00"
    assert wording("zh").under_badge(noon) == "10月19日 12:00到期"


def test_proposed_and_decided_never_look_the_same():
    say = wording("zh")
    proposed, found = say.finding(FindingState.PROPOSED, "直接责任"), say.finding(FindingState.FOUND, "直接责任")
    assert (proposed.words, found.words) == ("拟：直接责任", "认定：直接责任")
    assert proposed.tone != found.tone
    assert proposed.icon != found.icon


def test_what_a_person_wrote_is_printed_as_text_and_marked_as_chinese_on_an_english_page():
    assert str(wording("en").text("<b>甲</b>")) == '<span lang="zh-CN">&lt;b&gt;甲&lt;/b&gt;</span>'
    assert str(wording("en").text("plain & simple")) == "plain &amp; simple"
    assert str(wording("zh").text("<script>")) == "&lt;script&gt;"


def test_case_numbers_and_dates_do_not_break_across_lines():
    said = str(wording("zh").text("见问责〔2026〕0031，3月12日送达"))
    assert '<span class="no">见问责〔2026〕0031</span>' in said
    assert '<span class="no">3月12日</span>' in said


def test_a_wait_is_rounded_up():
    assert wording("zh").wait(40) == "40秒"
    assert wording("zh").wait(841) == "15分钟"


@pytest.fixture
def every_badge():
    say: Wording = wording("zh")
    clocks: list[Clock] = [clock(state, 10, 19, 1) for state in ClockState]
    return [say.badge(given) for given in clocks]
