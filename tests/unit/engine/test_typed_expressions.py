"""Expressions held at load against what is known of forms, tables, operations and calls: a slip is refused with its line."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine import diagrams, expressions, known
from engine.errors import DiagramRefused
from engine.known import ANY, EMPTY, INTEGER, NULL, NUMBER, TEXT, TRUTH, Known, either
from engine.variable_checks import World
from tests.unit.engine.drawing import (
    boundary,
    call,
    definitions,
    diagram,
    end,
    exclusive,
    files,
    many,
    message,
    process,
    rule,
    script,
    service,
    start,
    user,
)


def codes(*values: str) -> Known:
    return Known(kind="text", values=frozenset(values))


def rows(**fields: Known) -> Known:
    return Known(kind="list", member=Known(kind="map", fields=fields))


FORMS: Mapping[str, Mapping[str, Known]] = {
    "F-ACCEPT": {"acceptance": codes("accept", "refuse"), "accepted_at": TEXT, "amount": INTEGER, "urgent": TRUTH},
    "F-FINDINGS": {"findings": rows(party=TEXT, degree=codes("HEAVY", "LIGHT"), months=INTEGER)},
}
WORLD = World(forms=FORMS, told={"reason": TEXT}, operations={"count": INTEGER}, given={"case_id": TEXT})
TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">
  <decision id="advise" name="Advise"><decisionTable hitPolicy="UNIQUE">
    <input id="i"><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
    <output id="o" name="advice" typeRef="string"/><output id="p" name="weight" typeRef="number"/>
    <rule id="r"><inputEntry><text>-</text></inputEntry><outputEntry><text>"go"</text></outputEntry>
      <outputEntry><text>1</text></outputEntry></rule></decisionTable></decision></definitions>"""


def said(sources: bytes | Mapping[str, bytes], world: World = WORLD) -> list[tuple[str, str]]:
    """Rule and element of what is refused; of warnings where nothing is."""
    given = {"p.bpmn": sources} if isinstance(sources, bytes) else sources
    try:
        return [(each.rule, each.element) for each in diagrams.load(given, "p", world=world).warnings]
    except DiagramRefused as refused:
        return [(each.rule, each.element) for each in refused.findings]


def asking(condition: str, *nodes: str) -> bytes:
    """A form is answered, then a gateway asks."""
    chain = ["start ask g end", f"g -[{condition}]-> end0"]
    asked = user("ask", wz_form="F-ACCEPT")
    return diagram(asked, *nodes, exclusive("g", default="g.end"), end("end0"), *chain)


# Slips


@pytest.mark.parametrize(
    ("condition", "rule_"),
    [
        ("acept == 'accept'", "variable-unknown"),
        ("vars.acept == 'accept'", "variable-unknown"),
        ("vars['acept'] == 'accept'", "variable-unknown"),
        ("acceptance == 'acept'", "value-never"),
        ("'acept' == acceptance", "value-never"),
        ("acceptance in ['accept', 'transfr']", "value-never"),
        ("acceptance == true", "kinds-apart"),
        ("amount == '5'", "kinds-apart"),
        ("amount > accepted_at", "kinds-apart"),
        ("acceptance.code == 'accept'", "field-of-none"),
        ("urgent && amont > 3", "variable-unknown"),
        ("{'a': amount}.b == 1", "field-unknown"),
    ],
)
def test_a_slip_in_a_condition_is_refused(condition, rule_):
    assert said(asking(condition)) == [(rule_, "g.end0")]


@pytest.mark.parametrize(
    "condition",
    [
        "acceptance == 'accept' && amount > 3",
        "acceptance == null || accepted_at == null",
        "has(vars.acept) && acceptance == 'refuse'",
        "amount + 0 == 5 && double(amount) > 2.5",
        "(urgent ? 'accept' : 'refuse') == acceptance",
        "case_id == 'X'",
        "acceptance in ['accept', 'refuse']",
        "size(vars) > 3",
        "amount in [1, 2]",
        "string(amount) == '3'",
    ],
)
def test_what_may_be_meant_is_not_refused(condition):
    assert said(asking(condition)) == []


def test_the_refusal_names_the_line_of_the_expression_and_the_nearest_word():
    source = asking("acceptanse == 'accept'")
    with pytest.raises(DiagramRefused) as refused:
        diagrams.load({"p.bpmn": source}, "p", world=WORLD)
    (finding,) = refused.value.findings
    line = next(number for number, text in enumerate(source.decode().splitlines(), 1) if "acceptanse" in text)
    assert finding.line == line
    assert "“acceptanse”" in finding.why
    assert "acceptance" in finding.remedy
    assert "acceptance" in finding.remedy_zh


def test_without_a_world_nothing_is_known():
    assert diagrams.load({"p.bpmn": asking("acept == 'accept'")}, "p").warnings == ()


# What writes variables


def test_rows_of_a_form_are_known_inside_loops():
    def over(condition: str) -> bytes:
        nodes = (user("ask", wz_form="F-FINDINGS"), exclusive("g", default="g.end"), end("end0"))
        return diagram(*nodes, "start ask g end", f"g -[{condition}]-> end0")

    assert said(over("findings.exists(f, f.degree == 'HEAVY' && f.months > 3)")) == []
    assert said(over("findings.filter(f, f.months > 3)[0].party == 'x'")) == []
    assert said(over("findings.map(f, f.party).exists(p, p == 'x')")) == []
    assert said(over("findings.exists(f, f.degre == 'HEAVY')")) == [("field-unknown", "g.end0")]
    assert said(over("findings.exists(f, f.degree == 'HEAWY')")) == [("value-never", "g.end0")]
    assert said(over("findings.filter(f, f.months > 3)[0].part == 'x'")) == [("field-unknown", "g.end0")]
    assert said(over("findings.map(f, f.party).exists(p, p == 3)")) == [("kinds-apart", "g.end0")]


def test_a_script_says_what_its_map_gives():
    written = script("s", "{'state': urgent ? 'hot' : 'cold', 'sum': amount + 1}")
    ask = ("start ask s g end", "g -[{}]-> end0")

    def over(condition: str) -> bytes:
        nodes = (user("ask", wz_form="F-ACCEPT"), written, exclusive("g", default="g.end"), end("end0"))
        return diagram(*nodes, ask[0], ask[1].format(condition))

    assert said(over("state == 'hot' && sum > 3")) == []
    assert said(over("state == 'warm'")) == [("value-never", "g.end0")]
    assert said(over("sum == 'three'")) == [("kinds-apart", "g.end0")]


def test_several_that_write_one_name_are_all_believed():
    nodes = (
        script("s", "{'state': 'hot'}"),
        script("t", "{'state': 'cold'}"),
        exclusive("g", default="g.end"),
        end("end0"),
    )
    assert said(diagram(*nodes, "start s t g end", "g -[state == 'hot']-> end0")) == []
    nodes = (script("s", "{'state': 'hot'}"), script("t", "{'state': 5}"), exclusive("g", default="g.end"), end("end0"))
    assert said(diagram(*nodes, "start s t g end", "g -[state == 'warm']-> end0")) == []


def test_operations_and_tables_say_what_they_give():
    nodes = (user("ask", wz_form="F-ACCEPT"), service("o", "count", "number"), rule("r", "advise", "advice"))
    end_ = (exclusive("g", default="g.end"), end("end0"))

    def over(condition: str) -> dict[str, bytes]:
        return {"p": diagram(*nodes, *end_, "start ask o r g end", f"g -[{condition}]-> end0"), "t.dmn": TABLE}

    assert said(over("number > 3 && advice.advice == 'go' && advice.weight > 0.5")) == []
    assert said(over("number == 'three'")) == [("kinds-apart", "g.end0")]
    assert said(over("advice.advise == 'go'")) == [("field-unknown", "g.end0")]


def test_a_table_without_inputs_finds_its_variables():
    without = {"p": diagram(rule("r", "advise", "advice")), "t.dmn": TABLE}
    assert said(without) == [("variable-unknown", "r")]


def test_items_of_a_collection_and_what_instances_give_are_known():
    nodes = (user("ask", wz_form="F-FINDINGS"), exclusive("g", default="g.end"), end("end0"))

    def over(value: str, condition: str = "sums.exists(s, s > 3)") -> bytes:
        each = script("s", value, many(collection="findings", element="finding", output="sums", outputElement="months"))
        return diagram(*nodes, each, "start ask s g end", f"g -[{condition}]-> end0")

    assert said(over("{'months': finding.months + loopCounter}")) == []
    assert said(over("{'months': finding.month}")) == [("field-unknown", "s")]
    assert said(over("{'months': finding.months}", "sums.exists(s, s == 'x')")) == [("kinds-apart", "g.end0")]


def test_what_a_person_tells_carries_the_answers_of_its_form():
    told = boundary("b", "a", message("x"), wz_action="tell", wz_form="F-ACCEPT", wz_payload="told", wz_roles="clerk")
    end_ = (exclusive("g", default="g.end"), end("end0"))

    def over(condition: str) -> bytes:
        return diagram(user("a"), told, *end_, "start a end", "b g end", f"g -[{condition}]-> end0")

    assert said(over("told.acceptance == 'accept' && told.reason != ''")) == []
    assert said(over("told.acept == 'accept'")) == [("field-unknown", "g.end0")]


def test_what_grows_round_by_round_is_at_last_anything():
    nodes = (script("s", "{'x': {'a': x}}"), exclusive("g", default="g.end"))
    loop = diagram(script("r", "{'x': 1}"), *nodes, "start r s g end", "g -[x.a.a.a.b == 1]-> s")
    assert said(loop) == []


# Several processes


def test_a_called_process_knows_what_it_is_handed_and_gives_back():
    inner = process("q", start(), script("s", "{'result': amount + 1}"), end(), "start s end")

    def over(condition: str, inner: str = inner, **bindings: dict[str, str]) -> dict[str, bytes]:
        nodes = (
            user("ask", wz_form="F-ACCEPT"),
            call("c", "q", **bindings),
            exclusive("g", default="g.end"),
            end("end0"),
        )
        return files(process("p", start(), *nodes, end(), "start ask c g end", f"g -[{condition}]-> end0"), inner)

    assert said(over("result > 3")) == []
    assert said(over("resalt > 3")) == [("variable-unknown", "g.end0")]
    assert said(over("result == 'x'")) == [("kinds-apart", "g.end0")]
    named = {"inputs": {"amount": "amount"}, "outputs": {"given": "result"}}
    assert said(over("given > 3", **named)) == []
    assert said(over("result > 3", **named)) == [("variable-unknown", "g.end0")]
    wrong = process("q", start(), script("s", "{'result': amont + 1}"), end(), "start s end")
    assert said(over("given > 3", wrong, **named)) == [("variable-unknown", "s")]


def test_where_variables_may_come_from_outside_a_slip_is_only_a_warning():
    source = definitions(
        process("p", start("s", message("filed")), user("a", wz_form="F-ACCEPT"), exclusive("g", default="g.end"), end(),
                end("end0"), "s a g end", "g -[acceptanse == 'x' || other == 1]-> end0")
    )  # fmt: skip
    assert said(source) == [("variable-unwritten", "g.end0")]
    unknown = World(forms=FORMS)
    assert said(asking("acceptanse == 'x' || other == 1"), unknown) == [("variable-unwritten", "g.end0")]
    computed = asking("acceptanse == 'x'", script("s", "vars")).replace(
        b'sourceRef="start" targetRef="ask"', b'sourceRef="start" targetRef="s"'
    )
    computed = computed.replace(b"</process>", b'<sequenceFlow id="n" sourceRef="s" targetRef="ask"/></process>')
    assert said(computed) == [("variable-unwritten", "g.end0")]


# Values


def test_what_is_the_one_or_the_other_is_known_as_far_as_both_agree():
    assert either(codes("a"), codes("b")) == codes("a", "b")
    assert either(codes("a"), TEXT) == TEXT
    assert either(INTEGER, NUMBER) == NUMBER
    assert either(INTEGER, TEXT) == ANY
    assert either(NULL, TEXT) == TEXT
    assert either(EMPTY, Known(kind="list", member=TEXT)) == Known(kind="list", member=TEXT)
    one, other = (Known(kind="map", fields={name: TEXT}) for name in "ab")
    assert set(either(one, other).fields or ()) == {"a", "b"}


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("1", "integer"),
        ("1.5", "number"),
        ("'x' + 'y'", "text"),
        ("1 + 2", "integer"),
        ("[1] + [2]", "list"),
        ("size([1])", "integer"),
        ("{'a': 1}['a']", "integer"),
        ("[{'a': 'x'}][0].a", "text"),
        ("[1, 2].map(x, string(x))[0]", "text"),
        ("[1, 2].filter(x, x > 1)[0]", "integer"),
        ("{'a': 1}.all(k, k != 'b')", "truth"),
        ("null", "null"),
        ("timestamp('2024-01-01T00:00:00Z')", "any"),
    ],
)
def test_what_an_expression_gives_is_known(source, kind):
    assert known.of(expressions.compile(source).tree, {}, lambda code, facts: None).kind == kind
