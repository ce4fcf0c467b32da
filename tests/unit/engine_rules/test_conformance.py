"""What the document says is read, is read; what it says is refused, is refused."""

from __future__ import annotations

import pytest
from lxml import etree

from engine import decisions
from engine.computing import leaving, read_expression
from engine.decisions import decide
from engine.dmn_file import _ATTRIBUTES, _BEYOND, _REMARKS, DMN
from engine.errors import DecisionRefused
from engine.kinds import CellUnfit, key_of
from engine.sfeel import read_test
from tests.unit.engine_rules.conformance import (
    BEYOND,
    CASES,
    CELLS,
    COMPUTED,
    DOCUMENT,
    ELEMENTS,
    OF_DECISION,
    REFUSED,
    REMARKS,
    written,
)
from tests.unit.engine_rules.tables import decision, dmn, expression, given, requires

PASSING = [case for case in CASES if not case.refused]


def test_the_tables_of_the_document_are_those_that_are_tried_here():
    document = DOCUMENT.read_text("utf-8")
    assert document == written(document)
    for place in ("cells", "computed", "beyond", "elements", "cases"):
        assert document.count(f"<!-- {place} -->") == 1


@pytest.mark.parametrize("case", PASSING, ids=[case.number for case in PASSING])
def test_a_case_of_the_conformance_suite_passes(case):
    read = decisions.load(case.source, name="case.dmn")
    for asked, inputs, result in case.asked:
        outcome = decide(read[asked], inputs).result
        if isinstance(result, float):
            assert outcome == pytest.approx(result, rel=1e-12)  # the suite has doubles; we have decimals
        else:
            assert outcome == result
            assert type(outcome) is type(result)


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=lambda case: case.number)
def test_a_case_that_is_beyond_us_is_refused_and_said_to_be(case):
    with pytest.raises(DecisionRefused) as refused:
        decisions.load(case.source, name="case.dmn")
    assert case.refused in [finding.rule for finding in refused.value.findings]
    assert case.why


@pytest.mark.parametrize(("what", "cell", "kind", "passes", "fails"), CELLS, ids=[row[0] for row in CELLS])
def test_a_cell_admits_what_the_document_says(what, cell, kind, passes, fails):
    region = read_test(cell, kind)
    assert [value for value in passes if key_of(value, kind) not in region] == []
    assert [value for value in fails if key_of(value, kind) in region] == []
    assert read_test(region.text(), kind) == region


@pytest.mark.parametrize(("what", "text", "value"), COMPUTED, ids=[row[0] for row in COMPUTED])
def test_an_expression_gives_what_the_document_says(what, text, value):
    read = read_expression(text)
    result = leaving(read.compute({}), read.kind or "number").plain
    assert (result, type(result)) == (value, type(value))


@pytest.mark.parametrize(("what", "text"), BEYOND, ids=[row[0] for row in BEYOND])
def test_what_is_beyond_is_refused_as_the_document_says(what, text):
    with pytest.raises(CellUnfit) as unfit:
        read_expression(text)
    assert unfit.value.zh.endswith("。")


@pytest.mark.parametrize("tag", REMARKS)
def test_a_remark_changes_nothing(tag):
    assert decide(decisions.load(dmn(REMARKS[tag], expression("1")), name="t")["e"], {}).result == 1


@pytest.mark.parametrize("tag", OF_DECISION)
def test_a_remark_inside_a_decision_changes_nothing(tag):
    assert decide(decisions.load(dmn(expression("1", inside=f"<{tag}/>")), name="t")["e"], {}).result == 1


@pytest.mark.parametrize("tag", REFUSED)
def test_an_element_beyond_level_2_is_refused_by_name(tag):
    with pytest.raises(DecisionRefused) as refused:
        decisions.load(dmn(expression("1"), REFUSED[tag]), name="t")
    found = [finding for finding in refused.value.findings if f"`{tag}`" in finding.why]
    assert [finding.rule for finding in found] in (["beyond-level-2"], ["business-knowledge"])


@pytest.mark.parametrize("tag", sorted(_ATTRIBUTES))
def test_an_element_that_is_not_known_is_refused_wherever_it_stands(tag):
    """And so is an attribute: nothing is read over in silence."""
    for change in (inside, beside):
        source, base = every_element()
        root = etree.fromstring(source)
        change(next(root.iter(f"{{*}}{tag}")))
        with pytest.raises(DecisionRefused) as refused:
            decisions.load(etree.tostring(root), name="whole", beside={"base": base})
        rules = {finding.rule for finding in refused.value.findings}
        assert rules & {"element-not-supported", "attribute-not-supported"}


def inside(element):
    etree.SubElement(element, f"{{{DMN}}}unheardOf")


def beside(element):
    element.set("unheardOf", "1")


def test_every_test_that_the_document_names_is_here():
    assert [test for _, _, test in ELEMENTS if test not in globals()] == []


def test_every_element_is_in_one_list_and_no_list_knows_more():
    assert set(_BEYOND) == set(REFUSED)
    assert set(_REMARKS) == {*REMARKS, *OF_DECISION}
    assert not set(_ATTRIBUTES) & ({*_BEYOND, *_REMARKS})


def test_one_file_with_every_element_that_is_read_decides():
    whole, base = every_element()
    missing = [tag for tag in _ATTRIBUTES if f"<{tag}".encode() not in whole]
    assert missing == []
    table = decisions.load(whole, name="whole", beside={"base": base})["d"]
    assert [decide(table, {"man": {"age": age}}).result for age in (17, 18)] == ["A", "B"]


def every_element() -> tuple[bytes, bytes]:
    """A file with every element that is read, and the one that it imports."""
    kind = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    base = dmn(expression("2", id="two", name="two")).replace(b"urn:test", b"urn:base")
    whole = dmn(
        f'<import name="base" namespace="urn:base" importType="{kind}"/>',
        '<itemDefinition name="tMan"><itemComponent name="age"><typeRef>number</typeRef><allowedValues><text>[0..150]'
        "</text></allowedValues></itemComponent></itemDefinition>",
        given("man", "tMan"),
        expression("man.age * base.two", id="double", inside=requires("i_man", "urn:base#two")),
        decision(
            ["man.age: number = [0..150]", "double: number"], ['r: string = "A", "B"'], ['< 18 | - | "A"'],
            default='"B"', attributes='wz:defaultSource="K"', inside=requires("i_man", "double"),
        ),
    )  # fmt: skip
    return whole, base
