"""What happens to answers: accepted and sorted, or refused with every problem at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import forms

TEXT = {"type": "textfield", "key": "name"}
LINES = {"type": "textarea", "key": "facts"}
NUMBER = {"type": "number", "key": "days"}
DATE = {"type": "datetime", "subtype": "date", "key": "filed_at"}
MOMENT = {"type": "datetime", "subtype": "datetime", "key": "began_at"}
CODE = {
    "type": "radio",
    "key": "result",
    "values": [
        {"value": "accept", "label": {"zh": "受理", "en": "Accept"}},
        {"value": "refuse", "label": {"zh": "不予受理", "en": "Refuse"}},
    ],
}
CODES = {**CODE, "type": "checklist", "key": "charges"}
YES_NO = {"type": "radio", "key": "anonymous", "valuesKey": "yes_no"}
FLAG = {"type": "checkbox", "key": "told"}
PERSON = {"type": "select", "key": "chair", "properties": {"source": "persons:panel"}}
PEOPLE = {"type": "taglist", "key": "members", "properties": {"source": "persons:panel"}}
REQUIRED = {"validate": {"required": True}}


class TestRequired:
    @pytest.mark.parametrize("question", [TEXT, LINES, NUMBER, DATE, MOMENT, CODE, CODES, YES_NO, PERSON, PEOPLE])
    def test_a_required_answer_may_not_be_missing_or_null(self, ask, problems, question):
        form = ask({**question, **REQUIRED})
        missing = [(question["key"], "required")]
        assert problems(form, {}) == missing
        assert problems(form, {question["key"]: None}) == missing

    @pytest.mark.parametrize("blank", ["", "   ", "\u3000", "\u200b\u200d", "\ufeff"])
    def test_a_text_that_shows_nothing_is_not_an_answer(self, ask, problems, blank):
        assert problems(ask({**TEXT, **REQUIRED}), {"name": blank}) == [("name", "required")]

    @pytest.mark.parametrize("question", [CODES, PEOPLE])
    def test_an_empty_list_is_not_an_answer(self, ask, problems, question):
        assert problems(ask({**question, **REQUIRED}), {question["key"]: []}) == [(question["key"], "required")]

    def test_no_is_an_answer(self, ask, read):
        assert read(ask({**YES_NO, **REQUIRED}), {"anonymous": False}).values == {"anonymous": False}

    def test_a_required_box_must_be_ticked(self, ask, problems):
        form = ask({**FLAG, **REQUIRED})
        assert problems(form, {"told": False}) == problems(form, {}) == [("told", "required")]
        assert problems(form, {"told": True}) == []

    def test_a_box_left_alone_is_recorded_as_not_ticked(self, ask, read):
        assert read(ask(FLAG), {}).values == {"told": False}

    def test_an_optional_answer_left_out_or_null_is_not_in_the_values(self, ask, read):
        assert read(ask(TEXT, NUMBER), {"days": None}).values == {}


class TestTypes:
    @pytest.mark.parametrize("given", [1, True, ["x"], {"x": 1}])
    def test_a_text_is_not_made_from_something_else(self, ask, problems, given):
        assert problems(ask(TEXT), {"name": given}) == [("name", "wrong_type")]

    @pytest.mark.parametrize("given", ["1", 1.0, True, [], {}, "一"])
    def test_a_whole_number_is_not_made_from_something_else(self, ask, problems, given):
        assert problems(ask(NUMBER), {"days": given}) == [("days", "wrong_type")]

    @pytest.mark.parametrize("given", ["true", 1, 0, "是"])
    def test_yes_and_no_are_not_made_from_something_else(self, ask, problems, given):
        assert problems(ask(YES_NO, FLAG), {"anonymous": given, "told": given}) == [
            ("anonymous", "wrong_type"),
            ("told", "wrong_type"),
        ]

    @pytest.mark.parametrize("given", ["accept", {"0": "accept"}, True])
    def test_several_choices_come_as_a_list(self, ask, problems, given):
        assert problems(ask(CODES), {"charges": given}) == [("charges", "wrong_type")]

    @pytest.mark.parametrize("given", [None, [], "text", 3, True])
    def test_answers_come_as_an_object(self, ask, problems, given):
        assert problems(ask(TEXT), given) == [("", "wrong_type")]


class TestTexts:
    def test_surrounding_blanks_are_taken_off_and_line_ends_made_equal(self, ask, read):
        values = read(ask(TEXT, LINES), {"name": "  云湖区　", "facts": "\n一\r\n二\r三\n\n"}).values
        assert values == {"name": "云湖区", "facts": "一\n二\n三"}

    @pytest.mark.parametrize("name", ["𠮷野家", "e\u0301", "㐂\U000e0100", "\uf8ff", "阿依古丽·买买提", "\U0002a6d6"])
    def test_rare_and_combining_characters_are_kept_as_typed(self, ask, read, name):
        assert read(ask(TEXT), {"name": name}).values == {"name": name}

    @pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\u202e"])
    @pytest.mark.parametrize("question", [TEXT, LINES])
    def test_control_characters_and_lone_surrogates_are_refused(self, ask, problems, question, sign):
        assert problems(ask(question), {question["key"]: f"甲{sign}乙"}) == [(question["key"], "bad_character")]

    @pytest.mark.parametrize("sign", ["\n", "\t", "\u2028"])
    def test_a_one_line_text_has_one_line(self, ask, problems, sign):
        assert problems(ask(TEXT), {"name": f"甲{sign}乙"}) == [("name", "one_line")]

    @pytest.mark.parametrize(("question", "limit"), [(TEXT, 5_000), (LINES, 20_000)])
    def test_a_text_has_a_limit_even_where_the_form_sets_none(self, ask, problems, read, question, limit):
        form, key = ask(question), question["key"]
        assert problems(form, {key: "字" * (limit + 1)}) == [(key, "too_long")]
        assert problems(form, {key: "x" * 1_000_000}) == [(key, "too_long")]
        assert read(form, {key: "𠮷" * limit}).values[key] == "𠮷" * limit

    def test_the_form_sets_its_own_lengths(self, ask, problems):
        form = ask({**TEXT, "validate": {"minLength": 2, "maxLength": 4}})
        assert problems(form, {"name": "甲"}) == [("name", "too_short")]
        assert problems(form, {"name": "甲乙丙丁戊"}) == [("name", "too_long")]
        assert problems(form, {}) == []

    def test_a_pattern_is_explained_in_the_words_of_the_form(self, ask, read):
        message = {"zh": "写成“问责〔2026〕0031”的样子。", "en": "Write it like the example."}
        form = ask(
            {**TEXT, "validate": {"pattern": r"问责〔\d{4}〕\d{1,5}", "maxLength": 40}, "pattern_message": message}
        )
        assert read(form, {"name": "问责〔2026〕0031"}).values == {"name": "问责〔2026〕0031"}
        with pytest.raises(forms.InvalidAnswers) as refused:
            read(form, {"name": "问责2026"})
        assert refused.value.problems == (forms.Problem(path="name", code="pattern", message=message),)


class TestNumbers:
    def test_a_number_stays_within_its_range(self, ask, problems):
        form = ask({**NUMBER, "validate": {"min": 1, "max": 30}})
        assert [problems(form, {"days": days}) for days in (0, 1, 30, 31)] == [
            [("days", "too_small")],
            [],
            [],
            [("days", "too_large")],
        ]

    @pytest.mark.parametrize("huge", [10**13, 10**400, -(10**400)])
    def test_a_number_has_a_range_even_where_the_form_sets_none(self, ask, problems, huge):
        assert problems(ask(NUMBER), {"days": huge}) == [("days", "too_large" if huge > 0 else "too_small")]

    @pytest.mark.parametrize("given", [float("nan"), float("inf"), -float("inf")])
    def test_a_decimal_is_finite(self, ask, problems, given):
        assert problems(ask({**NUMBER, "decimalDigits": 2}), {"days": given}) == [("days", "wrong_type")]

    def test_a_decimal_has_no_more_digits_than_asked(self, ask, problems, read):
        form = ask({**NUMBER, "decimalDigits": 2})
        assert problems(form, {"days": 1.005}) == [("days", "too_precise")]
        assert [read(form, {"days": days}).values["days"] for days in (1.25, 3, 1e3)] == [1.25, 3, 1000.0]

    def test_money_is_a_whole_number_of_fen_and_its_limit_is_told_in_yuan(self, ask, read):
        form = ask({**NUMBER, "money": True, "validate": {"max": 500_000}})
        assert read(form, {"days": 123_45}).values == {"days": 12345}
        with pytest.raises(forms.InvalidAnswers) as refused:
            read(form, {"days": 500_001})
        assert "5000.00" in refused.value.problems[0].message["zh"]


class TestDates:
    @pytest.mark.parametrize(
        "given",
        [
            "2025-02-30",
            "2025-2-3",
            "20250203",
            "2025-02-03T00:00",
            "２０２５-02-03",
            "昨天",
            "2025-13-01",
            20250203,
            "2025-W01-1",
        ],
    )
    def test_a_date_is_an_iso_date_that_exists(self, ask, problems, given):
        assert problems(ask(DATE), {"filed_at": given}) == [("filed_at", "not_a_date")]

    @pytest.mark.parametrize("given", ["1899-12-31", "2101-01-01", "0001-01-01", "9999-12-31"])
    def test_a_year_outside_the_known_ones_is_refused(self, ask, problems, given):
        assert problems(ask(DATE, MOMENT), {"filed_at": given, "began_at": f"{given}T10:00"}) == [
            ("filed_at", "year_unknown"),
            ("began_at", "year_unknown"),
        ]

    def test_a_leap_day_and_the_last_known_day_are_dates(self, ask, problems):
        assert problems(ask(DATE), {"filed_at": "2024-02-29"}) == problems(ask(DATE), {"filed_at": "2100-12-31"}) == []

    def test_now_is_a_day_of_the_jurisdiction_not_of_greenwich(self, ask, problems):
        form = ask({**DATE, "not_after": "now"})
        late_evening = datetime(2026, 10, 14, 16, 30, tzinfo=UTC)  # 00:30 on the 15th in Shanghai
        assert problems(form, {"filed_at": "2026-10-15"}, now=late_evening) == []
        assert problems(form, {"filed_at": "2026-10-16"}, now=late_evening) == [("filed_at", "in_future")]
        assert problems(form, {"filed_at": "2026-10-15"}) == [("filed_at", "in_future")]

    @pytest.mark.parametrize(
        "given", ["2026-10-14", "2026-10-14 09:30", "2026-10-14T25:00", "2026-10-14T09:30+99:00", 1]
    )
    def test_a_moment_is_an_iso_date_and_time_that_exists(self, ask, problems, given):
        assert problems(ask(MOMENT), {"began_at": given}) == [("began_at", "not_a_moment")]

    @pytest.mark.parametrize("given", ["2026-10-14T09:30", "2026-10-14T09:30:00+08:00", "2026-10-14T01:30:00Z"])
    def test_a_moment_is_kept_with_the_offset_of_the_jurisdiction(self, ask, read, given):
        assert read(ask(MOMENT), {"began_at": given}).values == {"began_at": "2026-10-14T09:30:00+08:00"}

    def test_a_moment_is_compared_with_now_to_the_second(self, ask, problems):
        form = ask({**MOMENT, "not_after": "now"})
        assert problems(form, {"began_at": "2026-10-14T09:30"}) == []
        assert problems(form, {"began_at": "2026-10-14T09:31"}) == [("began_at", "in_future")]

    def test_dates_keep_their_order(self, ask, problems):
        done = {**DATE, "key": "done_at", "not_before": "filed_at"}
        form = ask(DATE, done)
        assert problems(form, {"filed_at": "2026-10-12", "done_at": "2026-10-11"}) == [("done_at", "too_early")]
        assert problems(form, {"filed_at": "2026-10-12", "done_at": "2026-10-12"}) == []
        assert problems(form, {"done_at": "2026-10-11"}) == []

    def test_a_date_is_compared_with_the_variables_of_the_proceeding_where_they_are_there(self, ask, problems):
        form = ask({**DATE, "routing": True}, {**DATE, "key": "served_at", "not_before": "vars.filed_at"})
        late = {"served_at": "2026-10-01"}
        assert problems(form, late, variables={"filed_at": "2026-10-02"}) == [("served_at", "too_early")]
        assert problems(form, late, variables={"filed_at": None}) == problems(form, late) == []


class TestChoices:
    def test_a_code_is_one_of_the_options(self, ask, problems):
        assert problems(ask(CODE), {"result": "Accept"}) == [("result", "not_an_option")]
        assert problems(ask(CODES), {"charges": ["accept", "no"]}) == [("charges", "not_an_option")]

    def test_nothing_is_chosen_twice(self, ask, problems):
        assert problems(ask(CODES), {"charges": ["accept", "accept"]}) == [("charges", "repeated")]

    def test_as_many_are_chosen_as_asked(self, ask, problems):
        form = ask({**PEOPLE, "min_items": 2, "max_items": 2})
        assert problems(form, {"members": ["a"]}) == [("members", "too_few")]
        assert problems(form, {"members": ["a", "b", "c"]}) == [("members", "too_many")]
        assert problems(form, {"members": ["b", "a"]}) == problems(form, {}) == []

    @pytest.mark.parametrize("given", ["d", "A", "a ", "a" * 65, "甲", "", 1])
    def test_an_id_is_one_that_was_offered(self, ask, problems, given):
        assert problems(ask(PERSON), {"chair": given}) == [("chair", "not_offered")]
        assert problems(ask(PEOPLE), {"members": ["a", given]}) == [("members", "not_offered")]

    def test_a_caller_that_offers_nothing_is_told_so(self, ask, read):
        with pytest.raises(forms.ChoicesMissing, match="persons:panel"):
            read(ask(PERSON), {}, choices={})

    def test_two_answers_may_have_to_differ(self, ask, problems):
        form = ask(PERSON, {**PERSON, "key": "verifier", "differs_from": "chair"})
        assert problems(form, {"chair": "a", "verifier": "a"}) == [("verifier", "same_as")]
        assert problems(form, {"chair": "a", "verifier": "b"}) == problems(form, {"verifier": "b"}) == []

    def test_two_lists_may_have_to_have_none_in_common(self, ask, problems):
        form = ask(PEOPLE, {**PEOPLE, "key": "recused", "differs_from": "members"})
        assert problems(form, {"members": ["a", "b"], "recused": ["c", "b"]}) == [("recused", "same_as")]


class TestConditions:
    def test_what_is_not_asked_may_not_be_answered(self, form, problems):
        assert problems(form, {"result": "accept", "reason": "太晚"}) == [("reason", "not_asked")]

    def test_what_is_not_asked_need_not_be_answered(self, form, problems):
        assert problems(form, {"result": "accept"}) == problems(form, {"result": "accept", "reason": None}) == []

    def test_what_is_asked_must_be_answered(self, form, problems):
        assert problems(form, {"result": "refuse"}) == [("reason", "required")]

    def test_a_faulty_answer_raises_no_second_problem(self, form, problems):
        assert problems(form, {"result": "perhaps", "reason": "太晚"}) == [("result", "not_an_option")]
        assert problems(form, {"reason": "太晚"}) == [("result", "required")]

    def test_a_faulty_answer_that_is_not_asked_is_told_once(self, form, problems):
        assert problems(form, {"result": "accept", "reason": 1}) == [("reason", "not_asked")]

    def test_a_section_carries_its_condition_to_its_questions(self, ask, problems):
        form = ask(CODE, {"type": "group", "shown_when": {"field": "result", "equals": "refuse"}, "components": [TEXT]})
        assert problems(form, {"result": "accept", "name": "甲"}) == [("name", "not_asked")]
        assert problems(form, {"result": "refuse", "name": "甲"}) == []

    def test_several_answers_meet_a_condition_with_one_of_them(self, ask, problems):
        form = ask(CODES, {**TEXT, "required_when": {"field": "charges", "in": ["refuse"]}})
        assert problems(form, {"charges": ["accept", "refuse"]}) == [("name", "required")]
        assert problems(form, {"charges": ["accept"]}) == problems(form, {}) == []

    def test_a_condition_can_be_that_something_was_answered(self, ask, problems):
        form = ask(TEXT, FLAG, {**LINES, "required_when": {"field": "name", "not_empty": True}})
        assert problems(form, {"name": "甲"}) == [("facts", "required")]
        assert problems(form, {}) == []

    def test_a_box_left_alone_meets_the_condition_of_not_being_ticked(self, ask, problems):
        form = ask(FLAG, {**TEXT, "required_when": {"field": "told", "equals": False}})
        assert problems(form, {}) == [("name", "required")]
        assert problems(form, {"told": True}) == []

    def test_answers_that_do_not_fit_each_other_are_told_at_the_second(self, ask, read, problems):
        message = {"zh": "没有受理的，写明姓名。", "en": "Give the name."}
        rule = {"when": {"field": "anonymous", "equals": True}, "must": {"field": "result", "equals": "accept"}}
        form = ask(CODE, YES_NO, rules=[{**rule, "message": message}])
        with pytest.raises(forms.InvalidAnswers) as refused:
            read(form, {"result": "refuse", "anonymous": True})
        assert refused.value.problems == (forms.Problem(path="result", code="rule", message=message),)
        assert problems(form, {"result": "accept", "anonymous": True}) == []
        assert problems(form, {"result": "x", "anonymous": True}) == [("result", "not_an_option")]

    @pytest.fixture
    def form(self, ask):
        reason = {**LINES, "key": "reason", **REQUIRED, "shown_when": {"field": "result", "equals": "refuse"}}
        return ask({**CODE, **REQUIRED}, reason)


class TestRows:
    def test_every_row_is_read_and_every_problem_has_its_place(self, form, problems):
        rows = [{"party": "a"}, "text", {"party": "x", "began": "2026-02-30"}, {"party": "b", "note": 1, "other": 2}]
        assert problems(form, {"findings": rows}) == [
            ("findings.1", "wrong_type"),
            ("findings.2.party", "not_offered"),
            ("findings.2.began", "not_a_date"),
            ("findings.3.note", "wrong_type"),
            ("findings.3.other", "unknown_field"),
        ]

    @pytest.mark.parametrize("given", ["text", {"party": "a"}, 1, True])
    def test_rows_come_as_a_list(self, form, problems, given):
        assert problems(form, {"findings": given}) == [("findings", "wrong_type")]

    def test_rows_are_as_many_as_asked(self, form, problems):
        assert problems(form, {}) == problems(form, {"findings": []}) == [("findings", "required")]
        assert problems(form, {"findings": [{"party": "a"}]}) == [("findings", "too_few")]
        assert problems(form, {"findings": [{}] * 6}) == [("findings", "too_many")]

    def test_rows_differ_in_what_has_to_be_distinct(self, form, problems):
        rows = [{"party": "a"}, {"party": "b"}, {"party": "a"}]
        assert problems(form, {"findings": rows}, choices={"parties": {"a", "b"}}) == [("findings.2.party", "repeated")]

    def test_everyone_concerned_has_a_row(self, form, problems):
        rows = [{"party": "a"}, {"party": "b"}]
        assert problems(form, {"findings": rows}) == [("findings", "not_covered")]
        assert problems(form, {"findings": rows}, choices={"parties": {"a", "b"}}) == []

    def test_a_row_refers_to_itself_before_the_form(self, ask, problems):
        began = {**DATE, "key": "began"}
        ended = {**DATE, "key": "ended", "not_before": "began"}
        note = {**TEXT, "shown_when": {"field": "result", "equals": "refuse"}}
        form = ask(CODE, {"type": "dynamiclist", "path": "spans", "components": [began, ended, note]})
        spans = [
            {"began": "2026-10-02", "ended": "2026-10-01"},
            {"began": "2026-10-01", "ended": "2026-10-01", "name": "甲"},
        ]
        assert problems(form, {"result": "accept", "spans": spans}) == [
            ("spans.0.ended", "too_early"),
            ("spans.1.name", "not_asked"),
        ]

    @pytest.fixture
    def form(self, ask):
        party = {"type": "select", "key": "party", "properties": {"source": "parties"}, **REQUIRED}
        rows = {"type": "dynamiclist", "path": "findings", "min_items": 2, "max_items": 5, **REQUIRED}
        columns = [party, {**DATE, "key": "began"}, {**TEXT, "key": "note"}]
        return ask({**rows, "distinct": ["party"], "covers": "party", "components": columns})


class TestUnknown:
    def test_what_is_not_asked_at_all_is_refused_by_name(self, ask, problems):
        assert problems(ask(TEXT), {"nmae": "甲", "姓名": "乙"}) == [
            ("nmae", "unknown_field"),
            ("姓名", "unknown_field"),
        ]

    @pytest.mark.parametrize("name", ["", "a b", "x" * 65, "\ud800", "<b>", "a.b"])
    def test_a_name_that_is_no_identifier_is_not_repeated(self, ask, problems, name):
        assert problems(ask(TEXT), {name: 1}) == [("…", "unknown_field")]

    @pytest.mark.parametrize("name", ["_schema", "__class__", "load", "fields", "opts"])
    def test_names_of_the_library_mean_nothing(self, ask, problems, name):
        assert problems(ask(TEXT), {name: 1}) == [(name, "unknown_field")]

    @pytest.mark.parametrize("key", ["fields", "load", "validate", "opts", "context", "many", "partial", "data_key"])
    def test_a_question_may_have_the_name_of_a_method_of_the_library(self, ask, read, key):
        assert read(ask({**TEXT, "key": key}), {key: "甲"}).values == {key: "甲"}


class TestProblems:
    def test_all_problems_come_at_once_in_the_order_of_the_form(self, ask, problems):
        form = ask(TEXT, {**DATE, **REQUIRED}, CODE, NUMBER)
        assert problems(form, {"zzz": 1, "days": "x", "result": "x", "name": 1}) == [
            ("name", "wrong_type"),
            ("filed_at", "required"),
            ("result", "not_an_option"),
            ("days", "wrong_type"),
            ("zzz", "unknown_field"),
        ]

    def test_a_problem_never_repeats_what_was_typed(self, ask, read):
        secret = "举报人张三"
        form = ask(TEXT, LINES, NUMBER, DATE, CODE, CODES, PERSON)
        with pytest.raises(forms.InvalidAnswers) as refused:
            read(
                form,
                {question["key"]: {secret: secret} for question in (TEXT, LINES, NUMBER, DATE, CODE, CODES, PERSON)},
            )
        assert secret not in f"{refused.value} {refused.value.problems}"

    def test_a_flood_of_problems_is_cut_and_says_so(self, ask, problems):
        found = problems(ask(TEXT), {f"x{number}": 1 for number in range(10_000)})
        assert len(found) == 201
        assert found[-1] == ("", "too_many_problems")

    def test_a_problem_speaks_chinese_and_english(self, ask, read):
        with pytest.raises(forms.InvalidAnswers) as refused:
            read(ask({**TEXT, **REQUIRED, "label": {"zh": "姓名", "en": "Name"}}), {})
        assert refused.value.problems[0].message == {"zh": "填写“姓名”。", "en": "Fill in “Name”."}


class TestSorting:
    def test_protected_answers_are_cut_out(self, ask, read):
        rows = {
            "type": "dynamiclist",
            "path": "reporters",
            "protected": True,
            "components": [{**TEXT, "key": "contact"}],
        }
        reading = read(
            ask({**TEXT, "protected": True}, LINES, rows),
            {"name": "甲", "facts": "乙", "reporters": [{"contact": "丙"}]},
        )
        assert reading.values == {"facts": "乙"}
        assert reading.protected == {"name": "甲", "reporters": [{"contact": "丙"}]}

    def test_routing_answers_are_in_the_values_and_in_the_routing(self, ask, read):
        reading = read(ask({**CODE, "routing": True}, TEXT), {"result": "accept", "name": "甲"})
        assert reading.routing == {"result": "accept"}
        assert reading.values == {"result": "accept", "name": "甲"}

    def test_a_routing_question_without_an_answer_leaves_null_and_a_list_is_empty(self, ask, read):
        questions = [{**question, "routing": True} for question in (DATE, CODE, CODES, PEOPLE, FLAG)]
        assert read(ask(*questions), {}).routing == {
            "filed_at": None,
            "result": None,
            "charges": [],
            "members": [],
            "told": False,
        }

    def test_routing_rows_carry_their_routing_columns_only(self, ask, read):
        columns = [{**CODE, "routing": True}, {**DATE, "routing": True}, LINES]
        form = ask({"type": "dynamiclist", "path": "findings", "routing": True, "components": columns})
        reading = read(form, {"findings": [{"result": "accept", "facts": "甲"}]})
        assert reading.routing == {"findings": [{"result": "accept", "filed_at": None}]}
        assert read(form, {}).routing == {"findings": []}

    def test_values_come_in_the_order_of_the_form_and_are_plain(self, ask, read):
        answers: dict[str, Any] = {"charges": ["accept"], "days": 3, "name": "甲"}
        values = read(ask(TEXT, NUMBER, CODES), answers).values
        assert json.loads(json.dumps(values)) == {"name": "甲", "days": 3, "charges": ["accept"]}
        assert list(values) == ["name", "days", "charges"]

    def test_the_answers_given_are_left_as_they_were(self, ask, read):
        answers = {"name": " 甲 ", "charges": ["accept"]}
        read(ask(TEXT, CODES, FLAG), answers)
        assert answers == {"name": " 甲 ", "charges": ["accept"]}
