"""What is refused when a form or a code list is loaded, and how it is said."""

from __future__ import annotations

import json

import pytest

import forms

TEXT = {"type": "textfield", "key": "name"}
DATE = {"type": "datetime", "subtype": "date", "key": "filed_at"}
CODE = {"type": "radio", "key": "result", "values": [{"value": "accept", "label": {"zh": "受理", "en": "Accept"}}]}
PERSON = {"type": "select", "key": "chair", "properties": {"source": "persons"}}
ROWS = {"type": "dynamiclist", "path": "spans", "components": [TEXT]}
SHOWN = {"shown_when": {"field": "result", "equals": "accept"}}


@pytest.mark.parametrize(
    ("components", "rule"),
    [
        ([{**TEXT, "lable": 1}], "unknown-attribute"),
        ([{**TEXT, "not_after": "now"}], "unknown-attribute"),
        ([{**TEXT, "validate": {"min": 1}}], "unknown-attribute"),
        ([{**DATE, "validate": {"minLength": 1}}], "unknown-attribute"),
        ([{**PERSON, "properties": {"source": "persons", "role": "x"}}], "unknown-attribute"),
        ([{**CODE, "values": [{**CODE["values"][0], "color": "red"}]}], "unknown-attribute"),
        ([{**CODE, **{"shown_when": {"field": "result", "equals": "accept", "and": 1}}}], "unknown-attribute"),
        ([{"type": "html", "key": "x"}], "unknown-component"),
        ([{"key": "x"}], "unknown-component"),
        ([{"type": "group", "components": [{"type": "group", "components": [TEXT]}]}], "unknown-component"),
        ([{**ROWS, "components": [ROWS]}], "unknown-component"),
        ([{"type": "textfield"}], "bad-key"),
        ([{**TEXT, "key": "Name"}], "bad-key"),
        ([{**TEXT, "key": "first-name"}], "bad-key"),
        ([{**TEXT, "key": "name_"}], "bad-key"),
        ([{**TEXT, "key": "x" * 65}], "bad-key"),
        ([TEXT, TEXT], "repeated-key"),
        ([TEXT, ROWS], "repeated-key"),
        ([{**ROWS, "components": [TEXT, TEXT]}], "repeated-key"),
        ([{**TEXT, "label": "姓名"}], "not-bilingual"),
        ([{**TEXT, "label": {"zh": "姓名"}}], "not-bilingual"),
        ([{**TEXT, "label": {"zh": "姓名", "en": " "}}], "not-bilingual"),
        ([{**TEXT, "label": {"zh": "Name", "en": "Name"}}], "not-bilingual"),
        ([{**TEXT, "label": {"zh": "姓名", "en": "姓名"}}], "not-bilingual"),
        ([{**TEXT, "label": {"zh": "姓名", "en": "Name", "de": "Name"}}], "not-bilingual"),
        ([{**TEXT, "label": {"zh": "名" * 201, "en": "Name"}}], "not-bilingual"),
        ([{**TEXT, "description": "提示"}], "not-bilingual"),
        ([TEXT, {"type": "text", "text": "说明"}], "not-bilingual"),
        ([{"type": "radio", "key": "result"}], "no-options"),
        ([{**CODE, "values": []}], "no-options"),
        ([{**CODE, "valuesKey": "yes_no"}], "no-options"),
        ([{"type": "filepicker", "key": "proof"}], "no-options"),
        ([{**CODE, "values": CODE["values"] * 2}], "repeated-option"),
        ([{**CODE, "values": [*CODE["values"], {"value": True, "label": {"zh": "是", "en": "Yes"}}]}], "mixed-options"),
        ([{"type": "checklist", "key": "x", "valuesKey": "yes_no"}], "mixed-options"),
        ([{**CODE, "values": [{"value": 1, "label": {"zh": "一", "en": "One"}}]}], "wrong-attribute"),
        ([{**CODE, "values": ["accept"]}], "not-an-object"),
        ([{"type": "radio", "key": "result", "valuesKey": "nowhere"}], "unknown-list"),
        ([{**PERSON, "properties": {"source": "everybody"}}], "unknown-source"),
        ([{**PERSON, "properties": {"source": "persons:"}}], "unknown-source"),
        ([{**DATE, "subtype": "time"}], "wrong-attribute"),
        ([{**TEXT, "routing": "yes"}], "wrong-attribute"),
        ([{**TEXT, "validate": {"required": 1}}], "wrong-attribute"),
        ([{"type": "number", "key": "days", "validate": {"min": "1"}}], "wrong-attribute"),
        ([{"type": "number", "key": "days", "validate": {"min": True}}], "wrong-attribute"),
        ([{**TEXT, "validate": {"minLength": 5, "maxLength": 4}}], "bad-limit"),
        ([{**TEXT, "validate": {"maxLength": 5_001}}], "bad-limit"),
        ([{"type": "number", "key": "days", "validate": {"min": 2, "max": 1}}], "bad-limit"),
        ([{"type": "number", "key": "days", "validate": {"max": 10**13}}], "bad-limit"),
        ([{"type": "number", "key": "days", "decimalDigits": 7}], "bad-limit"),
        ([{**ROWS, "min_items": 3, "max_items": 2}], "bad-limit"),
        ([{**ROWS, "max_items": 501}], "bad-limit"),
        ([{**TEXT, "validate": {"pattern": "(a+)+"}, "pattern_message": {"zh": "改", "en": "x"}}], "bad-pattern"),
        ([{**TEXT, "validate": {"pattern": "a+"}}], "missing-attribute"),
        ([{**TEXT, "pattern_message": {"zh": "改", "en": "x"}}], "missing-attribute"),
        ([{**TEXT, "shown_when": {"field": "result", "equals": "accept"}}], "unknown-field"),
        ([{**TEXT, **SHOWN}, CODE], "unknown-field"),
        ([CODE, {**TEXT, "shown_when": {"field": "result", "equals": "refuse"}}], "unfit-field"),
        ([CODE, {**TEXT, "shown_when": {"field": "result", "equals": True}}], "unfit-field"),
        ([CODE, {**TEXT, "shown_when": {"field": "result", "in": []}}], "unfit-field"),
        ([ROWS, {**DATE, "shown_when": {"field": "spans", "equals": "x"}}], "unfit-field"),
        ([CODE, {**TEXT, "shown_when": {"field": "result"}}], "wrong-attribute"),
        ([CODE, {**TEXT, "shown_when": {"field": "result", "equals": "accept", "not_empty": True}}], "wrong-attribute"),
        ([{**DATE, "not_before": "later"}], "unknown-field"),
        ([TEXT, {**DATE, "not_before": "name"}], "unfit-field"),
        ([{**DATE, "not_before": 2020}], "wrong-attribute"),
        ([{**DATE, "not_before": "vars.accepted_at"}], "unknown-variable"),
        ([{**PERSON, "differs_from": "owner"}], "unknown-field"),
        ([DATE, {**PERSON, "differs_from": "filed_at"}], "unfit-field"),
        ([{**ROWS, "distinct": ["nothing"]}], "unfit-field"),
        ([{**ROWS, "covers": "name"}], "unfit-field"),
        ([CODE, {**TEXT, "validate": {"required": True}, "required_when": SHOWN["shown_when"]}], "contradiction"),
        ([CODE, {**TEXT, **SHOWN, "defaultValue": "甲"}], "contradiction"),
        ([CODE, {**DATE, **SHOWN, "prefill": "today"}], "contradiction"),
        ([{**ROWS, "components": [{**TEXT, "defaultValue": "甲"}]}], "contradiction"),
        ([{"type": "number", "key": "sum", "money": True, "decimalDigits": 2}], "contradiction"),
        ([{"type": "filepicker", "key": "x", "min_items": 2, "properties": {"source": "evidence"}}], "contradiction"),
        ([{**DATE, "prefill": "yesterday"}], "wrong-attribute"),
        ([{**CODE, "routing": True, "protected": True}], "contradiction"),
        ([{**ROWS, "components": [{**TEXT, "protected": True}]}], "contradiction"),
        ([{**CODE, "defaultValue": "refuse"}], "bad-default"),
        ([{**PERSON, "defaultValue": "a"}], "bad-default"),
        ([{"type": "number", "key": "days", "defaultValue": "3"}], "bad-default"),
        ([{**TEXT, "routing": True}], "not-routable"),
        ([{"type": "textarea", "key": "facts", "routing": True}], "not-routable"),
        ([{**ROWS, "routing": True}], "not-routable"),
        ([{**ROWS, "components": [{**CODE, "routing": True}]}], "not-routable"),
        ([{**CODE, "key": "in", "routing": True}], "reserved-name"),
        ([{**CODE, "key": "vars", "routing": True}], "reserved-name"),
        ([], "missing-attribute"),
        ([{**ROWS, "components": []}], "missing-attribute"),
        ([{**TEXT, "key": f"n{number}"} for number in range(201)], "too-many-components"),
        ([{**ROWS, "components": [{**TEXT, "key": f"n{number}"} for number in range(200)]}], "too-many-components"),
    ],
)  # fmt: skip
def test_a_component_that_cannot_be_carried_out_is_refused(refused, components, rule):
    assert rule in {finding.rule for finding in refused(*components)}


@pytest.mark.parametrize(
    ("root", "rule"),
    [
        ({"id": "ACCEPT"}, "bad-id"),
        ({"id": "F-OTHER"}, "file-name"),
        ({"type": "custom"}, "wrong-attribute"),
        ({"vocabulary": "urn:wenze:form:2"}, "wrong-attribute"),
        ({"schemaVersion": 18}, "unknown-attribute"),
        ({"title": "试表"}, "not-bilingual"),
        ({"mark": "sure"}, "no-mark"),
        ({"source": ""}, "no-mark"),
        ({"components": {}}, "wrong-attribute"),
        ({"components": ["x"]}, "not-an-object"),
        ({"rules": [{"when": {"field": "name", "not_empty": True}}]}, "missing-attribute"),
        ({"rules": [{"when": {"field": "x", "equals": 1}}]}, "unknown-field"),
        ({"rules": "none"}, "wrong-attribute"),
    ],
)
def test_a_form_that_is_not_one_is_refused(refused, root, rule):
    assert rule in {finding.rule for finding in refused(TEXT, **root)}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"id": NaN}',
        b'{"id": 1, "id": 2}',
        b"[" * 100_000,
        b'{"x": ' + b"9" * 5_000 + b"}",
        b'"\\ud800',
    ],
)
def test_what_is_not_strict_json_is_refused(content):
    with pytest.raises(forms.FormsRefused) as refusal:
        forms.load({"F-TEST.json": content})
    assert [finding.rule for finding in refusal.value.findings] == ["not-json"]


@pytest.mark.parametrize("content", [b"[]", b"1", b"null", b'"F-TEST"'])
def test_a_file_that_holds_no_object_is_refused(content):
    with pytest.raises(forms.FormsRefused) as refusal:
        forms.load({"F-TEST.json": content})
    assert [finding.rule for finding in refusal.value.findings] == ["not-an-object"]


def test_a_huge_file_is_refused_unread():
    with pytest.raises(forms.FormsRefused) as refusal:
        forms.load({"F-TEST.json": b" " * (256 * 1024 + 1)})
    assert [finding.rule for finding in refusal.value.findings] == ["file-too-large"]


def test_all_findings_of_all_files_come_at_once(definition):
    broken = definition({**TEXT, "lable": 1}, {**DATE, "subtype": "time"}, TEXT)
    with pytest.raises(forms.FormsRefused) as refusal:
        forms.load({"F-BAD.json": b"{", **broken})
    assert [(f.source, f.element, f.rule) for f in refusal.value.findings] == [
        ("F-BAD.json", "", "not-json"),
        ("F-TEST.json", "name", "unknown-attribute"),
        ("F-TEST.json", "filed_at", "wrong-attribute"),
        ("F-TEST.json", "name", "repeated-key"),
    ]


def test_a_finding_says_where_why_and_what_to_do_in_both_languages(definition):
    source = definition({**TEXT, "lable": 1})
    source["F-TEST.json"] = json.dumps(json.loads(source["F-TEST.json"]), ensure_ascii=False, indent=1).encode()
    with pytest.raises(forms.FormsRefused, match=r"F-TEST\.json:\d+ name: ") as refusal:
        forms.load(source)
    (finding,) = refusal.value.findings
    assert source["F-TEST.json"].decode().splitlines()[finding.line - 1].strip().startswith('"key": "name"')
    assert finding.why == "The attribute “lable” is not known here."
    assert finding.why_zh == "这里没有“lable”这个属性。"
    assert finding.remedy
    assert finding.remedy_zh


def test_a_variable_has_one_type_in_all_forms(definition):
    one = definition({**CODE, "routing": True})["F-TEST.json"]
    other = definition({**DATE, "key": "result", "routing": True}, id="F-OTHER")["F-TEST.json"]
    with pytest.raises(forms.FormsRefused) as refusal:
        forms.load({"F-TEST.json": one, "F-OTHER.json": other})
    (finding,) = refusal.value.findings
    assert (finding.source, finding.element, finding.rule) == ("F-OTHER.json", "result", "routing-conflict")


def test_the_same_variable_of_the_same_type_may_come_from_two_forms(definition):
    one = definition({**DATE, "routing": True})["F-TEST.json"]
    other = definition({**DATE, "routing": True}, id="F-OTHER")["F-TEST.json"]
    assert set(forms.load({"F-TEST.json": one, "F-OTHER.json": other})) == {"F-TEST", "F-OTHER"}


def test_a_form_tells_what_it_leaves_in_the_proceeding(ask):
    columns = [{**CODE, "routing": True, "validate": {"required": True}}, {**DATE, "routing": True}]
    rows = {"type": "dynamiclist", "path": "findings", "routing": True, "components": columns}
    people = {**PERSON, "type": "taglist", "routing": True}
    flag = {"type": "radio", "key": "urgent", "valuesKey": "yes_no", "routing": True, "validate": {"required": True}}
    routing = ask(flag, people, rows).routing
    assert {name: (variable.type, variable.nullable) for name, variable in routing.items()} == {
        "urgent": ("bool", False),
        "chair": ("list<string>", False),
        "findings": ("list<map>", False),
    }
    assert [(column.name, column.type, column.nullable) for column in routing["findings"].columns] == [
        ("result", "string", False),
        ("filed_at", "string", True),
    ]
    assert routing["findings"].columns[0].values == ("accept",)


class TestCodeLists:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"id": "Kinds"}, "bad-id"),
            ({"id": "others"}, "file-name"),
            ({"title": {"zh": "种类", "en": ""}}, "not-bilingual"),
            ({"values": []}, "no-options"),
            ({"includes": ["yes_no"]}, "contradiction"),
            ({"values": [{"value": "A", "label": {"zh": "甲", "en": "A"}}]}, "no-mark"),
            ({"values": [{"value": "A", "label": {"zh": "甲", "en": "A"}, "source": "x", "mark": "V:X"}]}, "no-mark"),
            (
                {"values": [{"value": "A B", "label": {"zh": "甲", "en": "A"}, "source": "x", "mark": "K"}]},
                "wrong-attribute",
            ),
            ({"version": 1}, "unknown-attribute"),
        ],
    )
    def test_a_list_that_cannot_be_used_is_refused(self, kinds, change, rule):
        with pytest.raises(forms.FormsRefused) as refusal:
            forms.load_lists({"lists/kinds.json": json.dumps({**kinds, **change}).encode()})
        assert rule in {finding.rule for finding in refusal.value.findings}

    def test_a_list_may_join_others(self, kinds):
        both = {"id": "both", "title": kinds["title"], "includes": ["kinds", "more"]}
        more = {**kinds, "id": "more", "values": [{**kinds["values"][0], "value": "B"}]}
        lists = forms.load_lists(self._sources(both, kinds, more))
        assert [option.value for option in lists["both"]] == ["A", "B"]

    def test_joined_lists_may_not_share_a_code(self, kinds):
        both = {"id": "both", "title": kinds["title"], "includes": ["kinds", "more"]}
        with pytest.raises(forms.FormsRefused) as refusal:
            forms.load_lists(self._sources(both, kinds, {**kinds, "id": "more"}))
        assert [finding.rule for finding in refusal.value.findings] == ["repeated-option"]

    def test_a_list_joins_only_lists_that_have_entries(self, kinds):
        both = {"id": "both", "title": kinds["title"], "includes": ["nowhere"]}
        with pytest.raises(forms.FormsRefused) as refusal:
            forms.load_lists(self._sources(both, kinds))
        assert [finding.rule for finding in refusal.value.findings] == ["unknown-list", "no-options"]

    def test_an_entry_keeps_its_source_and_mark(self, kinds):
        (option,) = forms.load_lists(self._sources(kinds))["kinds"]
        assert (option.value, option.source, option.mark) == ("A", "行政处罚法 46", "V:S1")

    @staticmethod
    def _sources(*lists: dict) -> dict[str, bytes]:
        return {f"forms/lists/{entry['id']}.json": json.dumps(entry).encode() for entry in lists}

    @pytest.fixture
    def kinds(self):
        entry = {"value": "A", "label": {"zh": "甲", "en": "A"}, "source": "行政处罚法 46", "mark": "V:S1"}
        return {"id": "kinds", "title": {"zh": "种类", "en": "Kinds"}, "values": [entry]}


@pytest.fixture
def refused(definition):
    """The findings over a form with these components."""

    def findings(*components, **root):
        with pytest.raises(forms.FormsRefused) as refusal:
            forms.load(definition(*components, **root))
        return refusal.value.findings

    return findings
