from __future__ import annotations

import json
from dataclasses import replace

import pytest

from forms.outlines import outline
from tests.unit.web.samples import OFFERED, filled, form
from web.form_view import parts, problems
from web.page_values import Filled
from web.posted import ADD_ROW, ENVELOPE, REMOVE_ROW, with_rows_changed


def test_the_form_keeps_its_order_and_its_headings(shown_parts):
    assert [part.label for part in shown_parts] == ["一、事实与证据", "二、过错程度", "三、责任划分", "四、理由说明"]
    assert shown_parts[0].hint == "每项事实至少引用一份证据"


@pytest.mark.parametrize(
    ("path", "control"),
    [
        ("facts", "rows"),
        ("facts.0.fact", "textarea"),
        ("facts.0.evidence", "boxes"),
        ("fault", "radios"),
        ("shares.0.party", "radios"),
        ("shares.0.outcome", "select"),
        ("factors", "boxes"),
        ("reference", "input"),
        ("complete", "tick"),
    ],
)
def test_each_kind_of_question_gets_the_control_that_fits(shown, path, control):
    assert shown[path].control == control


def test_dates_amounts_and_numbers_say_so_to_the_keyboard(shown):
    assert shown["reported_at"].type == "date"
    assert shown["heard_at"].type == "datetime-local"
    assert (shown["pages"].input_mode, shown["shares.0.loss"].input_mode) == ("numeric", "decimal")


def test_what_was_answered_stands_in_the_controls(shown):
    assert shown["shares.0.loss"].value == "1234.56"
    assert [option.value for option in shown["facts.0.evidence"].options if option.checked] == ["e3", "e5"]
    assert [option.label for option in shown["fault"].options if option.checked] == ["重大过失"]
    assert [option.label for option in shown["hearing"].options if option.checked] == ["否"]


def test_a_question_that_depends_on_another_says_when_in_words_and_for_the_script(shown):
    assert "您的认定" in shown["deviation"].when
    assert json.loads(shown["deviation"].shown_when) == [{"name": "fault", "values": ["intent", "ordinary", "none"]}]
    assert shown["fault"].shown_when == ""


def test_a_suggestion_stands_above_its_question_and_chooses_nothing(fresh):
    by_path = paths(parts(fresh))
    assert by_path["fault"].suggestion.result == "重大过失"
    assert not any(option.checked for option in by_path["fault"].options)


def test_a_fresh_form_holds_what_is_given_beforehand_and_a_row_for_each_who_must_be_covered(fresh):
    by_path = paths(parts(fresh))
    assert by_path["reported_at"].value == "2026-10-14"
    assert len(by_path["shares"].rows) == 3


def test_the_summary_lists_every_error_in_the_order_of_the_form_and_leads_to_its_control():
    lines = problems(filled("zh", wrong=True))
    assert [line.id for line in lines] == ["facts-1-evidence", "deviation", "pages"]
    assert lines[0].message == "事实2没有引用证据"


def test_an_error_about_something_not_shown_leads_to_the_group_around_it_or_to_the_whole():
    given = replace(filled("zh"), errors={"facts.7.fact": "没有这一行", "": "已超过期限"})
    assert [line.id for line in problems(given)] == ["facts", ""]


def test_a_row_is_added_below_and_what_was_typed_stays():
    given = [("facts-0-fact", "甲"), ("facts-1-evidence", "e3"), ("reasons", "理由"), (ADD_ROW, "facts:2")]
    assert with_rows_changed(form(), given) == {
        "facts": [{"fact": "甲"}, {"evidence": ["e3"]}, {}],
        "reasons": "理由",
    }


def test_an_empty_row_keeps_its_place_while_rows_come_and_go():
    given = [("facts-1-fact", "乙"), (ADD_ROW, "facts:2")]
    assert with_rows_changed(form(), given) == {"facts": [{}, {"fact": "乙"}, {}]}


def test_the_row_that_was_pressed_is_taken_away():
    given = [("facts-0-fact", "甲"), ("facts-1-fact", "乙"), (REMOVE_ROW, "facts:0:2")]
    assert with_rows_changed(form(), given) == {"facts": [{"fact": "乙"}]}


@pytest.mark.parametrize("pressed", ["fault:1", "nothing:1", "facts", "facts:x", "facts:9999999"])
def test_a_button_the_form_does_not_have_changes_nothing(pressed):
    assert with_rows_changed(form(), [("reasons", "理由"), (ADD_ROW, pressed)]) == {"reasons": "理由"}


def test_without_such_a_button_the_post_is_a_submission():
    assert with_rows_changed(form(), [("reasons", "理由")]) is None
    assert {ADD_ROW, REMOVE_ROW, "csrf_token", "expected_version"} <= ENVELOPE


def paths(given):
    found = {}

    def walk(components):
        for component in components:
            if component.path:
                found[component.path] = component
            for row in component.rows:
                walk(row.parts)

    for part in given:
        walk(part.components)
    return found


@pytest.fixture
def shown_parts():
    return parts(filled("zh"))


@pytest.fixture
def shown(shown_parts):
    return paths(shown_parts)


@pytest.fixture
def fresh() -> Filled:
    blank = outline(form(), "zh", offered=OFFERED)
    return replace(filled("zh"), outline=blank, answers={}, fresh=True, beforehand={"today": "2026-10-14"})
