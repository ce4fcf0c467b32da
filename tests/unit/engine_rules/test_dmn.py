"""What is read of a DMN file, and what is refused with its place."""

from __future__ import annotations

import pytest

from engine import decisions
from engine.decisions import decide
from engine.dmn_file import DMN, VERSIONS
from engine.errors import DecisionRefused, InputUnfit, NothingDecided
from tests.unit.engine_rules.tables import HEAD, decision, dmn, table, text

# --- Overlaps and gaps ---


def test_rules_that_overlap_are_refused_with_an_example():
    finding = only_finding(["n: number", "s: string"], ["r: string"], ['[0..5] | - | "A"', '[5..9] | "X" | "B"'])
    assert finding.rule == "rules-overlap"
    assert finding.element == "r2"
    assert 'n = 5, s = "X"' in finding.why
    assert "第 1 条和第 2 条" in finding.why_zh


def test_any_refuses_only_overlaps_with_other_results():
    rows = ['< 10 | "A"', '< 20 | "A"']
    assert table(["n: number"], ["r: string"], rows, policy="ANY")
    assert only_finding(["n: number"], ["r: string"], [*rows, '> 15 | "B"'], policy="ANY").rule == "rules-overlap"


def test_the_same_duration_in_other_words_is_the_same_result():
    assert table(
        ["n: number"], ["r: dayTimeDuration"], ['< 10 | duration("P1D")', '< 20 | duration("PT24H")'], policy="ANY"
    )


def test_gaps_are_told_with_an_example_and_the_table_loads():
    fault = table(["knew: boolean", "n: integer"], ["r: string"], ['true | - | "A"', 'false | >= 5 | "B"'])
    (gap,) = fault.gaps
    assert gap.region == {"knew": "false", "n": "<= 4"}
    assert fault.gaps_examined
    with pytest.raises(NothingDecided):
        decide(fault, gap.example)


def test_a_complete_table_and_one_with_a_default_have_no_gaps():
    assert table(["n: number"], ["r: string"], ['< 5 | "A"', '>= 5 | "B"']).gaps == ()
    source = 'wz:defaultSource="条例 1 PD"'
    assert table(["n: number"], ["r: string"], ['< 5 | "A"'], default='"B"', attributes=source).gaps == ()


def test_allowed_values_close_a_gap():
    assert table(['s: string = "A", "B"'], ["r: boolean"], ['"A" | true', '"B" | false']).gaps == ()
    (gap,) = table(["s: string"], ["r: boolean"], ['"A" | true', '"B" | false']).gaps
    assert gap.region == {"s": 'not("A", "B", null)'}


def test_a_rule_that_never_applies_is_told():
    first = table(["n: number"], ["r: string"], ['< 10 | "A"', '< 5 | "B"', '- | "C"'], policy="FIRST")
    assert first.hidden == (2,)


# --- Several decisions, remarks, pictures ---


def test_a_file_may_hold_several_decisions():
    one = decision(["n: number"], ["r: string"], ['- | "A"'], id="one")
    other = decision(["n: number"], ["r: string"], ['- | "B"'], id="other")
    assert sorted(decisions.load(dmn(one, other), name="t")) == ["one", "other"]


def test_pictures_remarks_and_drawn_inputs_change_nothing():
    drawn = (
        '<inputData id="i" name="金额"><variable name="金额" typeRef="number"/></inputData>'
        '<knowledgeSource id="k" name="处罚法"/><textAnnotation id="t"><text>x</text></textAnnotation>'
        '<dmndi:DMNDI xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"><dmndi:DMNDiagram/></dmndi:DMNDI>'
    )
    inside = (
        "<description>受理</description><extensionElements/>"
        '<informationRequirement id="ir"><requiredInput href="#i"/></informationRequirement>'
        '<authorityRequirement id="ar"><requiredAuthority href="#k"/></authorityRequirement>'
    )
    plain = decision(["n: number"], ["r: string"], ['- | "A"'], inside=inside)
    assert decisions.load(dmn(drawn, plain), name="t")["d"].rules[0].outputs[0].plain == "A"


def test_names_are_kept_in_both_languages():
    named = dmn(decision(["n: number"], ["r: string"], ['- | "A"'])).replace(
        b'name="\xe5', b'wz:en="Decision" name="\xe5'
    )
    found = decisions.load(named, name="t")["d"]
    assert (found.name, found.name_en, found.source, found.line) == ("决策", "Decision", "t", 3)


# --- Types ---

DEGREE = (
    '<itemDefinition name="degree"><typeRef>string</typeRef><allowedValues><text>"GRAVE", "SLIGHT"</text></allowedValues>'
    "</itemDefinition>"
)


def test_a_type_says_which_values_are_allowed_and_closes_the_gaps():
    typed = decision(["d: degree"], ["r: degree"], ['"GRAVE" | "SLIGHT"', '"SLIGHT" | "GRAVE"'])
    table = decisions.load(dmn(DEGREE, typed), name="t")["d"]
    assert table.gaps == ()
    with pytest.raises(InputUnfit, match=r'`d` cannot be decided. `d`: "NONE" is not among the allowed values'):
        decide(table, {"d": "NONE"})


def test_a_type_ranks_the_outputs():
    ranked = decision(["n: number"], ["r: degree"], ['> 1 | "SLIGHT"', '> 2 | "GRAVE"'], policy="PRIORITY")
    assert decide(decisions.load(dmn(DEGREE, ranked), name="t")["d"], {"n": 3}).result == "GRAVE"


@pytest.mark.parametrize(
    ("types", "rule"),
    [
        ('<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>', "type"),
        ('<itemDefinition name="number"><typeRef>string</typeRef></itemDefinition>', "type-twice"),
        ('<itemDefinition name="a"><typeRef>a</typeRef></itemDefinition>', "type-circle"),
        ('<itemDefinition name="a"><itemComponent name="x"><typeRef>a</typeRef></itemComponent></itemDefinition>', "type-circle"),
        ('<itemDefinition name="a"><itemComponent><typeRef>date</typeRef></itemComponent></itemDefinition>', "type-twice"),
        ('<itemDefinition name="a"><typeRef>date</typeRef><allowedValues><text/></allowedValues></itemDefinition>', "cell"),
        (
            DEGREE.replace('"degree"', '"a"').replace("<typeRef>string</typeRef>", "")
            .replace("<allowedValues>", '<itemComponent name="x"><typeRef>date</typeRef></itemComponent><allowedValues>'),
            "type-values",
        ),
    ],
)  # fmt: skip
def test_a_type_that_says_nothing_clear_is_refused(types, rule):
    assert rule in rules_refused(dmn(types, decision(["n: number"], ["r: string"], ['- | "A"'])))


def test_the_result_is_what_the_decision_declares():
    pair = (
        '<itemDefinition name="pair"><itemComponent name="r"><typeRef>string</typeRef></itemComponent>'
        '<itemComponent name="s"><typeRef>number</typeRef></itemComponent></itemDefinition>'
    )
    declared = '<variable name="x" typeRef="pair"/>'
    both = decision(["n: number"], ["r: string", "s: number"], ['- | "A" | 1'], inside=declared)
    assert decide(decisions.load(dmn(pair, both), name="t")["d"], {"n": 1}).result == {"r": "A", "s": 1}
    one = decision(["n: number"], ["r: string"], ['- | "A"'], inside=declared)
    assert rules_refused(dmn(pair, one)) == ["result-type"]
    many = both.replace('hitPolicy="UNIQUE"', 'hitPolicy="RULE ORDER"')
    assert rules_refused(dmn(pair, many)) == ["result-type"]
    assert decisions.load(dmn(pair.replace('name="pair"', 'name="pair" isCollection="true"'), many), name="t")


# --- Moments and times ---


def test_moments_are_compared_across_offsets_and_only_with_their_own_sort():
    rows = [
        '< date and time("2024-09-09T08:00:00+08:00") | "before"',
        '>= date and time("2024-09-09T00:00:00Z") | "after"',
    ]
    table_ = table(["m: date and time"], ["r: string"], rows)
    assert table_.gaps == ()
    assert decide(table_, {"m": "2024-09-08T19:00:00-05:00"}).result == "after"
    with pytest.raises(InputUnfit, match="with an offset and without are not compared"):
        decide(table_, {"m": "2024-09-09T00:00:00"})
    rows[0] = rows[0].replace("+08:00", "")
    assert only_finding(["m: dateTime"], ["r: string"], rows).rule == "moments-mixed"


@pytest.mark.parametrize(
    ("kind", "cell", "example"),
    [
        ("date", '>= date("2024-01-01")', "2023-12-31"),
        ("time", '< time("12:00:00")', "12:00:00"),
        ("dateTime", 'not(date and time("2024-01-01T00:00:00Z"))', "2024-01-01T00:00:00Z"),
        ("dateTime", '> date and time("2024-01-01T00:00:00")', "2024-01-01T00:00:00"),
        ("dayTimeDuration", 'not(duration("P1D"))', "P1D"),
        ("yearMonthDuration", 'not(duration("P18M"))', "P1Y6M"),
        ("boolean", "true", False),
        ("string", 'not("A")', "A"),
        ("integer", "not(3)", 3),
        ("number", "< 2, > 2", 2),
    ],
)
def test_a_gap_and_an_overlap_are_shown_by_an_example_of_every_kind(kind, cell, example):
    (gap,) = table([f"v: {kind}"], ["r: string"], [f'{cell} | "A"']).gaps
    assert gap.example == {"v": example}
    finding = only_finding([f"v: {kind}"], ["r: string"], [f'{cell} | "A"', f'{cell} | "B"'])
    assert finding.rule == "rules-overlap"
    assert "v = " in finding.why


# --- Refused ---


@pytest.mark.parametrize(
    ("inputs", "outputs", "rows", "words", "rule"),
    [
        (["n: number"], ["r: string"], ['"5" | "A"'], {}, "cell"),
        (["n: number"], ["r: string"], ['5 | "A" | "B"'], {}, "cell-count"),
        (["n: number"], ["r: string"], [], {}, "rule-count"),
        (["n: number"], ["r: string"], ["- | A"], {}, "cell"),
        (["n: number"], ["r: string"], ["- | -"], {}, "cell"),
        (["n: decimal"], ["r: string"], ['- | "A"'], {}, "type"),
        (["n:"], ["r: string"], ['- | "A"'], {}, "type"),
        (["n: number"], ["r:"], ['- | "A"'], {}, "type"),
        (["n + 1: number"], ["r: string"], ['- | "A"'], {}, "input-computed"),
        (["f(x): number"], ["r: string"], ['- | "A"'], {}, "input-computed"),
        (["1n: number"], ["r: string"], ['- | "A"'], {}, "input-computed"),
        ([": number"], ["r: string"], ['- | "A"'], {}, "input-expression"),
        (["n: number", "n: number"], ["r: string"], ['- | - | "A"'], {}, "column-twice"),
        (["n: number"], ["r: string", "r: string"], ['- | "A" | "B"'], {}, "column-twice"),
        (["n: number"], [": string", "r: string"], ['- | "A" | "B"'], {}, "output-without-name"),
        ([], ["r: string"], ['"A"'], {}, "no-input"),
        (["n: number"], [], ["-"], {}, "no-output"),
        (["n: number"], ["r: string"], ['- | "A"'], {"policy": "Unique"}, "hit-policy"),
        (["n: number"], ["r: string"], ['- | "A"'], {"policy": "BEST"}, "hit-policy"),
        (["n: number"], ["r: number"], ["- | 1"], {"policy": "FIRST+SUM"}, "hit-policy"),
        (["n: number"], ["r: number"], ["- | 1"], {"policy": "COLLECT+AVERAGE"}, "hit-policy"),
        (["n: number"], ["r: string"], ['- | "A"'], {"policy": "COLLECT+SUM"}, "aggregation-of-texts"),
        (["n: number"], ["r: number"], ["- | null"], {"policy": "COLLECT+MAX"}, "aggregation-of-texts"),
        (["n: number"], ["r: number", "s: number"], ["- | 1 | 2"], {"policy": "COLLECT+SUM"}, "aggregation-of-many"),
        (["n: number"], ["r: string"], ['- | "A"'], {"policy": "PRIORITY"}, "no-ranking"),
        (["n: number"], ["r: string"], ['- | "A"'], {"policy": "OUTPUT ORDER"}, "no-ranking"),
        (["n: number"], ['r: string = "A", "B"'], ['- | "C"'], {}, "not-allowed"),
        (['s: string = "A", "B"'], ["r: string"], ['"A" | "X"', '"C" | "Y"'], {}, "not-allowed"),
        (['s: string = "A", "B"'], ["r: string"], ['not("C") | "X"'], {}, "not-allowed"),
        (['s: string = "A", "B"'], ["r: string"], ['"A", null | "X"'], {}, "not-allowed"),
        (["n: number = [0..10]"], ["r: string"], ['> 10 | "X"'], {}, "not-allowed"),
        (["n: number"], ["r: string"], ['- | "A" | @ 处罚法 57'], {}, "no-mark"),
        (["n: number"], ["r: string"], ['> 5 | "A"'], {"default": '"B"'}, "default-no-source"),
        (
            ["n: number"], ["r: string"], ['> 5 | "A"'],
            {"default": '"B"', "attributes": 'wz:defaultSource="条例 1"'}, "default-no-mark",
        ),
        (
            ["n: number"], ["r: number"], ["> 5 | 1"],
            {"default": "1", "attributes": 'wz:defaultSource="K"', "policy": "COLLECT+COUNT"}, "default-of-count",
        ),
        (["n: number"], ["r: string"], ['- | "A"'], {"attributes": 'hitpolicy="FIRST"'}, "attribute-not-supported"),
        (["n: number"], ["r: string"], ['- | "A"'], {"attributes": 'wz:sauce="x"'}, "attribute-not-supported"),
        (
            ["n: number"], ["r: string"], ['- | "A"'],
            {"attributes": 'x:inputVariable="y" xmlns:x="http://camunda.org/schema/1.0/dmn"'}, "attribute-not-supported",
        ),
        (["n: number"], ["r: string"], ['- | "A"'], {"inside": '<variable name="x" typeRef="number"/>'}, "result-type"),
        (
            ["n: number"], ["r: string"], ['- | "A"'],
            {"inside": '<informationRequirement><requiredDecision href="#x"/></informationRequirement>'},
            "required-missing",
        ),
        (["n: number"], ["r: string"], ['- | "A"'], {"inside": "<knowledgeRequirement/>"}, "business-knowledge"),
        (
            ["n: number"], ["r: string"], ['- | "A"'],
            {"inside": '<extensionElements><wz:input name="x"/></extensionElements>'}, "element-not-supported",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_out_is_refused(inputs, outputs, rows, words, rule):
    finding = only_finding(inputs, outputs, rows, **words)
    assert finding.rule == rule
    assert finding.source == "test.dmn"
    assert finding.line
    for sentence in (finding.why, finding.remedy):
        assert sentence.endswith(".")
    for sentence in (finding.why_zh, finding.remedy_zh):
        assert sentence.endswith("。")
    assert "{" not in finding.why + finding.why_zh + finding.remedy + finding.remedy_zh


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ('<decision id="d"><literalExpression><text>1</text></literalExpression></decision>', "expression-no-source"),
        ('<decision id="d"><invocation/></decision>', "beyond-level-2"),
        ('<decision id="d"/>', "no-table"),
        ('<itemDefinition name="t"/>', "type-empty"),
        ('<businessKnowledgeModel id="b"/>', "business-knowledge"),
        ('<decisionService id="s"/>', "beyond-level-2"),
        ('<import importType="x" namespace="y"/>', "import-other"),
        ("", "no-decision"),
    ],
)
def test_other_parts_of_the_standard_are_refused(content, rule):
    assert rule in rules_refused(dmn(content))


def test_a_rule_that_does_not_name_its_source_is_refused():
    bare = dmn(decision(["n: number"], ["r: string"], ['- | "A"'])).replace(
        text("annotationEntry", "测试办法 1 PD").encode(), b"<annotationEntry><text/></annotationEntry>"
    )
    assert rules_refused(bare) == ["no-source"]
    assert decide(decisions.load(bare, name="t", cited=False)["d"], {"n": 1}).result == "A"


@pytest.mark.parametrize("mark", ["V:S8", "V:S6,S8", "V2:X8a", "V2", "K", "PD"])
def test_every_evidence_mark_is_known(mark):
    assert table(["n: number"], ["r: string"], [f'- | "A" | @ 处分条例 14 {mark}'])


def test_all_findings_come_at_once_in_the_order_of_lines():
    found = refused(["n: number", "m: date"], ["r: string"], ['"x" | - | "A"', "- | 5 | B | @ 条例", '- | - | "C"'])
    assert [finding.rule for finding in found] == ["cell", "no-mark", "cell", "cell"]
    assert [finding.line for finding in found] == sorted(finding.line for finding in found)


@pytest.mark.parametrize(
    ("namespace", "rule"),
    [
        (b"http://www.omg.org/spec/DMN/20130901", "version"),
        (b"https://www.omg.org/spec/DMN/20240513/MODEL/", "version"),
        (b"http://www.omg.org/spec/DMN/20191111/MODEL/", "version"),
        (b"x", "not-dmn"),
    ],
)
def test_another_version_is_refused(namespace, rule):
    other = dmn(decision(["n: number"], ["r: string"], ['- | "A"'])).replace(DMN.encode(), namespace)
    assert rules_refused(other) == [rule]


@pytest.mark.parametrize("namespace", VERSIONS)
def test_versions_that_mean_the_same_are_read(namespace):
    other = dmn(decision(["n: number"], ["r: string"], ['- | "A"'])).replace(DMN.encode(), namespace.encode())
    assert decide(decisions.load(other, name="t")["d"], {"n": 1}).result == "A"


def test_a_decision_of_another_version_inside_a_file_is_not_passed_over():
    inside = '<other:decision xmlns:other="http://www.omg.org/spec/DMN/20180521/MODEL/" id="x"/>'
    one = decision(["n: number"], ["r: string"], ['- | "A"'])
    assert rules_refused(dmn(one, inside)) == ["element-not-supported"]


def test_another_language_is_refused():
    other = HEAD.replace('id="file"', 'id="file" expressionLanguage="http://juel"')
    source = other + decision(["n: number"], ["r: string"], ['- | "A"']) + "</definitions>"
    assert rules_refused(source.encode()) == ["language"]


def test_two_decisions_of_one_id_are_refused():
    one = decision(["n: number"], ["r: string"], ['- | "A"'])
    assert rules_refused(dmn(one, one)) == ["id-twice"]


def test_a_file_with_too_many_rules_or_too_much_text_is_refused():
    assert only_finding(["n: number"], ["r: string"], ['- | "A"'] * 501).rule == "rule-count"
    long = f'"{"x" * 1900}"'
    assert only_finding(["s: string"], ["r: string"], [f"{long} | {long}"] * 60).rule == "too-large"


# --- Fixtures ---


def refused(inputs, outputs, rows, **words):
    with pytest.raises(DecisionRefused) as caught:
        table(inputs, outputs, rows, **words)
    return caught.value.findings


def only_finding(inputs, outputs, rows, **words):
    (finding,) = refused(inputs, outputs, rows, **words)
    return finding


def rules_refused(source):
    with pytest.raises(DecisionRefused) as caught:
        decisions.load(source, name="test.dmn")
    return [finding.rule for finding in caught.value.findings]
