"""What a browser posts becomes the answers that a program would send."""

from __future__ import annotations

import pytest

import forms
from forms.outlines import Fieldset, Question, Repeat

TEXT = {"type": "textfield", "key": "name"}
NUMBER = {"type": "number", "key": "days"}
YES_NO = {"type": "radio", "key": "anonymous", "valuesKey": "yes_no"}
FLAG = {"type": "checkbox", "key": "told"}
PEOPLE = {"type": "taglist", "key": "members", "properties": {"source": "persons:panel"}}
ROWS = {
    "type": "dynamiclist",
    "path": "spans",
    "components": [{**TEXT, "key": "place"}, {**NUMBER, "key": "hours"}, FLAG],
}


def test_names_and_values_become_answers(ask):
    items = [
        ("name", " 云湖区 "),
        ("days", "12"),
        ("anonymous", "false"),
        ("told", "true"),
        ("members", "a"),
        ("members", "b"),
    ]
    assert forms.parse_form_post(ask(TEXT, NUMBER, YES_NO, FLAG, PEOPLE), items) == {
        "name": " 云湖区 ",
        "days": 12,
        "anonymous": False,
        "told": True,
        "members": ["a", "b"],
    }


def test_what_was_left_empty_is_left_out(ask):
    assert forms.parse_form_post(ask(TEXT, NUMBER), [("name", "  "), ("days", "")]) == {}


def test_rows_come_in_their_order_without_the_empty_ones(ask):
    items = [
        ("spans-7-place", "乙"),
        ("spans-2-place", "甲"),
        ("spans-2-hours", "3"),
        ("spans-4-place", ""),
        ("spans-7-told", "true"),
    ]
    assert forms.parse_form_post(ask(ROWS), items) == {
        "spans": [{"place": "甲", "hours": 3}, {"place": "乙", "told": True}]
    }


@pytest.mark.parametrize(
    ("typed", "days"), [("１２", 12), ("-3", -3), ("007", 7), ("1.5", 1.5), ("twelve", "twelve"), ("1e3", "1e3")]
)
def test_a_number_is_one_where_it_looks_like_one(ask, typed, days):
    assert forms.parse_form_post(ask(NUMBER), [("days", typed)]) == {"days": days}


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("0.07", 7),
        ("-1.05", -105),
        ("１．２", 120),
        ("1.234", "1.234"),
        ("1,000", "1,000"),
    ],
)
def test_money_is_typed_in_yuan_and_kept_in_fen(ask, typed, fen):
    assert forms.parse_form_post(ask({**NUMBER, "money": True}), [("days", typed)]) == {"days": fen}


def test_errors_are_left_to_the_reading(ask, problems):
    form = ask(TEXT, NUMBER, YES_NO, ROWS)
    items = [
        ("name", "甲"),
        ("name", "乙"),
        ("days", "x"),
        ("anonymous", "maybe"),
        ("spans-0-other", "1"),
        ("spans-99999-place", "x"),
    ]
    answers = forms.parse_form_post(form, [*items, ("stranger", "1"), ("name-0-x", "1")])
    assert problems(form, answers) == [
        ("name", "wrong_type"),
        ("days", "wrong_type"),
        ("anonymous", "wrong_type"),
        ("spans.0.other", "unknown_field"),
        ("…", "unknown_field"),
        ("…", "unknown_field"),
        ("stranger", "unknown_field"),
    ]


def test_names_that_belong_to_the_page_are_passed_over(ask):
    items = [("csrf_token", "x"), ("version", "3"), ("name", "甲")]
    assert forms.parse_form_post(ask(TEXT), items, ignore={"csrf_token", "version"}) == {"name": "甲"}


def test_what_a_form_shows_and_a_browser_posts_back_reads_the_same(shipped, fill, read):
    for form in shipped.values():
        answers = fill(form, **SPECIAL.get(form.key, {}))
        reading = read(form, answers)
        posted = forms.parse_form_post(form, posted_by_a_browser(form, {**reading.values, **reading.protected}))
        assert read(form, posted) == reading, form.key


def posted_by_a_browser(form, answers):
    """Name and value of every control that a page with these answers would post."""
    for block in blocks(forms.outline(form, "zh").blocks):
        questions = [block] if isinstance(block, Question) else []
        if isinstance(block, Repeat):
            questions = [question for row in block.rows(answers) for question in row.questions]
        for question in questions:
            for value in forms.typed(question, answers):
                if not (question.kind == "flag" and value == "false"):
                    yield question.id, value


def blocks(outline_blocks):
    for block in outline_blocks:
        if isinstance(block, Fieldset):
            yield from blocks(block.blocks)
        else:
            yield block


SPECIAL = {
    "F-APPEAL-REVIEW": {"review_findings": ["CORRECT"]},
    "F-APPEAL-DECISION": {"review_findings": ["CORRECT"]},
}
"""Where the first choices contradict each other."""
