"""How a form is shown: words, names of controls, rows, and what was answered."""

from __future__ import annotations

import re

import pytest

import forms
from forms.outlines import Choice, Fieldset, Question, Repeat, Trigger

TEXT = {"type": "textfield", "key": "name", "label": {"zh": "姓名", "en": "Name"}}
CODE = {
    "type": "radio",
    "key": "result",
    "label": {"zh": "受理决定", "en": "Decision"},
    "values": [
        {"value": "accept", "label": {"zh": "受理", "en": "Accept"}},
        {"value": "refuse", "label": {"zh": "不予受理", "en": "Refuse"}},
    ],
}
PARTY = {
    "type": "select",
    "key": "party",
    "label": {"zh": "当事人", "en": "Party"},
    "properties": {"source": "parties"},
}
ROWS = {"type": "dynamiclist", "path": "findings", "label": {"zh": "认定", "en": "Findings"}, "covers": "party"}


def test_a_question_is_shown_in_one_language_with_the_word_for_its_presence(ask):
    form = ask({**TEXT, "validate": {"required": True}}, {**TEXT, "key": "post"})
    assert [(q.label, q.presence) for q in forms.outline(form, "zh").blocks] == [("姓名", "必填"), ("姓名", "选填")]
    assert [(q.label, q.presence) for q in forms.outline(form, "en").blocks] == [
        ("Name", "Required"),
        ("Name", "Optional"),
    ]


def test_choices_are_as_a_browser_posts_them(ask):
    question, yes_no = forms.outline(ask(CODE, {"type": "radio", "key": "urgent", "valuesKey": "yes_no"}), "en").blocks
    assert question.choices == (
        Choice(id="result-1", value="accept", label="Accept"),
        Choice(id="result-2", value="refuse", label="Refuse"),
    )
    assert [choice.value for choice in yes_no.choices] == ["true", "false"]


def test_ids_are_offered_by_the_caller_under_their_names(ask):
    (question,) = forms.outline(ask(PARTY), "zh", offered={"parties": [("p1", "承办人甲")]}).blocks
    assert question.choices == (Choice(id="party-1", value="p1", label="承办人甲"),)
    assert forms.outline(ask(PARTY), "zh").blocks[0].choices == ()


def test_a_condition_is_a_sentence_for_people_and_a_trigger_for_scripts(ask):
    shown = {"shown_when": {"field": "result", "in": ["accept", "refuse"]}}
    zh = forms.outline(ask(CODE, {**TEXT, **shown}), "zh").blocks[1]
    en = forms.outline(ask(CODE, {**TEXT, **shown}), "en").blocks[1]
    assert zh.condition == "“受理决定”为“受理”或者“不予受理”时填写"
    assert en.condition == "Only when “Decision” is “Accept” or “Refuse”"
    assert zh.shown_when == (Trigger(name="result", values=("accept", "refuse")),)


def test_what_is_required_at_times_says_when(ask):
    required = {"required_when": {"field": "result", "not_empty": True}}
    question = forms.outline(ask(CODE, {**TEXT, **required}), "zh").blocks[1]
    assert (question.condition, question.presence) == ("“受理决定”已填写时必填", "")


def test_a_section_is_a_fieldset_whose_questions_carry_its_condition(ask):
    section = {"type": "group", "label": {"zh": "一、来源", "en": "1. Origin"}, "components": [TEXT]}
    form = ask(CODE, {**section, "shown_when": {"field": "result", "equals": "accept"}})
    fieldset = forms.outline(form, "zh").blocks[1]
    assert isinstance(fieldset, Fieldset)
    assert fieldset.label == "一、来源"
    assert fieldset.blocks[0].shown_when == fieldset.shown_when == (Trigger(name="result", values=("accept",)),)


class TestRows:
    def test_there_are_as_many_rows_as_were_answered(self, ask):
        repeat = self._repeat(ask)
        rows = repeat.rows({"findings": [{"party": "p1"}, {"party": "p2"}, {}]})
        assert [row.legend for row in rows] == ["第 1 条", "第 2 条", "第 3 条"]
        assert [(q.id, q.path) for q in rows[1].questions] == [
            ("findings-1-party", "findings.1.party"),
            ("findings-1-name", "findings.1.name"),
        ]

    def test_at_first_there_is_one_row_for_everyone_who_has_to_be_covered(self, ask):
        rows = self._repeat(ask, offered={"parties": [("p1", "甲"), ("p2", "乙")]}).rows({})
        assert [row.questions[0].default for row in rows] == ["p1", "p2"]

    def test_at_first_there_are_as_many_rows_as_are_needed(self, ask):
        assert len(self._repeat(ask).rows({})) == 1
        assert len(self._repeat(ask, min_items=2).rows({})) == 2

    def test_a_condition_inside_a_row_names_the_control_of_that_row(self, ask):
        inner = {**TEXT, "shown_when": {"field": "result", "equals": "accept"}}
        repeat = forms.outline(ask({**ROWS, "components": [PARTY, CODE, inner]}), "zh").blocks[0]
        assert repeat.row(3).questions[2].shown_when == (Trigger(name="findings-3-result", values=("accept",)),)

    def test_rows_that_came_in_another_shape_are_shown_anew(self, ask):
        assert len(self._repeat(ask).rows({"findings": "text"})) == 1

    @staticmethod
    def _repeat(ask, offered=None, **attributes) -> Repeat:
        (repeat,) = forms.outline(
            ask({**ROWS, **attributes, "components": [PARTY, TEXT]}), "zh", offered=offered
        ).blocks
        assert isinstance(repeat, Repeat)
        return repeat


@pytest.mark.parametrize(
    ("component", "answer", "shown"),
    [
        (TEXT, "甲", ("甲",)),
        ({"type": "number", "key": "name"}, 3, ("3",)),
        ({"type": "number", "key": "name", "money": True}, 12345, ("123.45",)),
        ({"type": "number", "key": "name", "money": True}, "一百", ("一百",)),
        (
            {"type": "datetime", "subtype": "datetime", "key": "name"},
            "2026-10-14T09:30:00+08:00",
            ("2026-10-14T09:30",),
        ),
        ({"type": "checkbox", "key": "name"}, True, ("true",)),
        ({"type": "taglist", "key": "name", "properties": {"source": "persons"}}, ["a", "b"], ("a", "b")),
        (TEXT, None, ()),
    ],
)
def test_a_control_shows_again_what_was_answered(ask, component, answer, shown):
    (question,) = forms.outline(ask(component), "zh").blocks
    assert forms.typed(question, {"name": answer}) == shown
    assert forms.typed(question, {}) == ()


def test_what_was_answered_is_told_in_words(ask):
    money = {"type": "number", "key": "amount", "money": True, "label": {"zh": "金额", "en": "Amount"}}
    flag = {"type": "checkbox", "key": "told", "label": {"zh": "已告知", "en": "Told"}}
    form = ask(CODE, money, flag, {**ROWS, "components": [PARTY, TEXT]})
    values = {"result": "refuse", "amount": 500, "told": False, "findings": [{"party": "p1", "name": "甲"}]}
    told = forms.answered(form, values, "zh", names={"p1": "承办人甲"})
    assert [(said.label, said.values) for said in told] == [
        ("受理决定", ("不予受理",)),
        ("金额", ("5.00",)),
        ("已告知", ("否",)),
        ("认定", ()),
    ]
    assert [(said.label, said.values) for said in told[3].rows[0]] == [("当事人", ("承办人甲",)), ("姓名", ("甲",))]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_shipped_form_can_be_shown_with_ids_of_its_own(shipped, language):
    for form in shipped.values():
        shown = forms.outline(form, language)
        ids = [question.id for question in _questions(shown.blocks)]
        assert len(set(ids)) == len(ids), form.key
        assert shown.title == form.title[language]


def test_no_english_page_shows_chinese(shipped):
    han = re.compile(r"[\u3400-\u9fff]")
    for form in shipped.values():
        for question in _questions(forms.outline(form, "en").blocks):
            words = [question.label, question.hint, question.presence, question.condition]
            assert not han.search(" ".join([*words, *(choice.label for choice in question.choices)])), question.id


def _questions(blocks):
    for block in blocks:
        if isinstance(block, Question):
            yield block
        elif isinstance(block, Fieldset):
            yield from _questions(block.blocks)
        elif isinstance(block, Repeat):
            yield from block.row(0).questions
