from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from tests.unit.web.samples import limits, wording
from web.pictures import limits_picture


def test_the_picture_is_well_formed_and_has_a_name(picture):
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "本案各期限的起止"


def test_each_limit_has_a_row_with_its_name_and_its_length(picture):
    assert words(picture, "name") == ["受理", "告知举报人", "初核", "立案审批", "调查", "调查并作出决定", "案件总限"]
    assert words(picture, "under")[2] == "15个工作日，延长10"


def test_the_result_stands_in_words_at_the_end_of_the_bar(picture):
    assert words(picture, "good") == ["✓ 7月3日办结", "✓ 8月19日办结", "✓ 9月1日办结"]
    assert words(picture, "bad") == ["✕ 7月13日办结，逾期1个工作日"]
    assert words(picture, "near") == ["还有3个工作日"]
    assert words(picture, "plain") == ["11月30日，还有33个工作日"]


def test_words_that_would_run_out_of_the_picture_go_below_the_bar(picture):
    (end,) = [text for text in texts(picture) if "end" in text.get("class").split()]
    assert end.text == "2027年3月1日，暂定"
    assert end.get("text-anchor") == "end"


def test_later_days_stand_further_right_and_everything_stands_inside(picture):
    spans = [
        rect for rect in picture.iter("{*}rect") if rect.get("class") in ("run", "left", "over", "extended", "paused")
    ]
    width = float(picture.get("width"))
    assert all(0 < float(r.get("x")) < float(r.get("x")) + float(r.get("width")) < width for r in spans)
    run, paused, again, extended = (float(r.get("x")) for r in spans[3:7])
    assert run < paused < again < extended


def test_the_year_whose_calendar_is_not_published_is_hatched_only_if_there_is_one(picture):
    assert [rect for rect in picture.iter("{*}rect") if rect.get("class") == "unknown"]
    without = etree.fromstring(str(limits_picture(limits(), wording("zh"))))
    assert not [rect for rect in without.iter("{*}rect") if rect.get("class") == "unknown"]


def test_it_says_today_and_the_months_with_the_year_where_it_changes(picture):
    assert words(picture, "today-word") == ["今天10月14日"]
    assert words(picture, "month") == ["7月", "8月", "9月", "10月", "11月", "12月", "2027年1月", "2月", "3月"]


def test_it_carries_no_style_of_its_own(picture):
    assert not [element for element in picture.iter() if element.get("style") or element.get("fill")]


def texts(picture):
    return list(picture.iter("{*}text"))


def words(picture, kind):
    return [text.text for text in texts(picture) if text.get("class") == kind]


@pytest.fixture
def picture():
    drawn = limits_picture(limits(), wording("zh"), unpublished_from=date(2027, 1, 1))
    return etree.fromstring(str(drawn))
