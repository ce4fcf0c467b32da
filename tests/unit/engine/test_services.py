"""Service tasks and business rule tasks: what is called, with what, and what comes of it."""

from __future__ import annotations

import re
from functools import partial
from typing import Any, Literal

import pytest

from engine.errors import (
    ExpressionFailed,
    InputUnfit,
    NothingDecided,
    OperationFailed,
    OperationUnknown,
)
from engine.scripting import agrees
from tests.unit.engine.drawing import (
    call,
    definitions,
    diagram,
    element,
    end,
    many,
    process,
    rule,
    service,
    start,
    sub,
    user,
)
from tests.unit.engine.playing import Play, findings, load


@pytest.mark.shows("serviceTask", "serviceTask//wz:input", "@wz:operation", "@wz:result", "extensionElements")
def test_an_operation_gets_its_arguments_and_gives_a_variable():
    def add(*, a: int, b: int) -> int:
        return a + b

    play = Play(diagram(service("s", "add", "sum", a="x", b="x * 2")), services={"add": add}, x=2)
    assert play.variables == {"x": 2, "sum": 6}
    [called] = play.step.calls
    assert (called.node, called.operation, called.arguments, called.result) == ("s", "add", {"a": 2, "b": 4}, 6)


def test_a_result_that_nobody_asked_for_is_told_and_not_kept():
    play = Play(diagram(service("s", "o")), services={"o": lambda: {"owner": "thief"}}, owner="me")
    assert play.variables == {"owner": "me"}
    assert play.step.calls[0].result == {"owner": "thief"}


def test_an_unknown_operation_is_an_error_that_names_it():
    with pytest.raises(OperationUnknown, match="s: no operation “o”") as unknown:
        Play(diagram(service("s", "o")))
    assert unknown.value.facts["operation"] == "o"
    assert unknown.value.facts["zh"] == "s：没有登记操作“o”。"


def test_an_operation_that_fails_is_told_with_its_cause():
    def broken() -> None:
        raise RuntimeError("no paper")

    with pytest.raises(OperationFailed, match="RuntimeError: no paper") as failed:
        Play(diagram(service("s", "broken")), services={"broken": broken})
    assert isinstance(failed.value.__cause__, RuntimeError)
    assert failed.value.facts["node"] == "s"


def test_an_exception_without_text_is_told_too():
    def broken() -> None:
        raise KeyError

    with pytest.raises(OperationFailed, match="KeyError"):
        Play(diagram(service("s", "broken")), services={"broken": broken})


def typed(
    *,
    name: str,
    count: int = 1,
    tags: list[str] | None = None,
    mode: Literal["a", "b"] = "a",
    ratio: float = 0.5,
    more: dict[str, Any] | None = None,
) -> str:
    return f"{name} {count} {tags} {mode} {ratio} {more}"


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({}, "argument “name” is missing"),
        ({"name": "1"}, "argument “name” is int, not str"),
        ({"name": "'x'", "count": "'1'"}, "argument “count” is str, not int"),
        ({"name": "'x'", "count": "true"}, "argument “count” is bool, not int"),
        ({"name": "'x'", "tags": "[1]"}, "argument “tags” is list"),
        ({"name": "'x'", "mode": "'c'"}, "argument “mode” is str"),
        ({"name": "'x'", "ratio": "'1'"}, "argument “ratio” is str, not float"),
        ({"name": "null"}, "argument “name” is nothing, not str"),
        ({"name": "'x'", "other": "1"}, "it takes no argument “other”"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_before_anything_is_called(inputs, why):
    with pytest.raises(OperationFailed, match=why):
        Play(diagram(service("s", "typed", None, **inputs)), services={"typed": typed})


def test_arguments_that_fit_are_taken():
    play = Play(
        diagram(
            service("s", "typed", "r", name="'x'", count="2", tags="['t']", mode="'b'", ratio="1", more="{'k': [1]}")
        ),
        services={"typed": typed},
    )
    assert play.variables["r"] == "x 2 ['t'] b 1 {'k': [1]}"


@pytest.mark.parametrize(
    "operation",
    [partial(typed, count=3), type("C", (), {"__call__": lambda self, *, name: name})(), lambda **given: given["name"]],
)
def test_any_callable_is_an_operation(operation):
    assert Play(diagram(service("s", "o", "r", name="'x'")), services={"o": operation}).variables["r"].startswith("x")


@pytest.mark.parametrize(
    ("value", "annotation", "fits"),
    [
        (1, Any, True),
        (None, None, True),
        (1, float, True),
        (True, int, False),
        ([1], list, True),
        ([1], list[int], True),
        ([1], list[str], False),
        ({"a": 1}, dict[str, int], True),
        ({"a": "1"}, dict[str, int], False),
        ("a", set, False),
        ("a", str | None, True),
        (None, str | None, True),
        (1, bytes, False),
        ({"a": 1}, dict, True),
        (1, Literal[1, 2], True),
        (True, Literal[1], False),
    ],
)
def test_a_plain_value_agrees_with_its_annotation(value, annotation, fits):
    assert agrees(value, annotation) is fits


@pytest.mark.parametrize("result", [object(), {1: 2}, float("nan"), (1,), b"x"])
def test_a_result_that_is_not_plain_is_refused(result):
    with pytest.raises(OperationFailed, match="its result cannot be kept"):
        Play(diagram(service("s", "o", "r")), services={"o": lambda: result})


def test_an_operation_cannot_change_the_variables_behind_our_back():
    def meddle(*, values: list[int]) -> list[int]:
        values.append(99)
        return values

    play = Play(
        diagram(service("s", "meddle", "r", values="values"), user("a")), services={"meddle": meddle}, values=[1]
    )
    assert play.variables == {"values": [1], "r": [1, 99]}


def test_what_an_operation_gave_is_kept_even_when_it_changes_it_later():
    given: list[int] = [1]
    play = Play(diagram(service("s", "o", "r"), user("a")), services={"o": lambda: given})
    given.append(2)
    assert play.look().variables == {"r": [1]}


def test_an_argument_that_cannot_be_computed_names_node_and_expression():
    with pytest.raises(ExpressionFailed) as failed:
        Play(diagram(service("s", "o", None, a="missing")), services={"o": lambda a: a})
    assert failed.value.facts["node"] == "s"
    assert failed.value.facts["expression"] == "missing"


def test_calls_say_in_which_activity_they_were_made():
    inner = sub("t", many("2"), start("s0"), service("s", "o", None, n="loopCounter"), end("s1"), "s0 s s1")
    play = Play(diagram(inner), services={"o": lambda n: n})
    assert [(called.arguments, called.path) for called in play.step.calls] == [({"n": 0}, ("t",)), ({"n": 1}, ("t",))]


# Decisions

TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
  <decision id="grade" name="grade">
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i" label="amount"><inputExpression id="ie" typeRef="number"><text>amount</text></inputExpression></input>
      <output id="o" name="grade" typeRef="string"/><annotation name="source"/>
      <rule id="r1"><inputEntry id="a1"><text>&lt; 10</text></inputEntry><outputEntry id="b1"><text>"low"</text></outputEntry>
        <annotationEntry><text>Art. 1 K</text></annotationEntry></rule>
      <rule id="r2"><inputEntry id="a2"><text>[10..20]</text></inputEntry><outputEntry id="b2"><text>"high"</text></outputEntry>
        <annotationEntry><text>Art. 2 K</text></annotationEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def ruled(*nodes: str) -> dict[str, bytes]:
    return {"p.bpmn": diagram(*nodes), "grade.dmn": TABLE}


@pytest.mark.shows("businessRuleTask", "@wz:decision", "@wz:result")
def test_a_table_is_asked_with_the_variables_and_its_rule_is_told():
    play = Play(ruled(rule("r", "grade", "level"), user("a")), amount=15)
    assert play.variables == {"amount": 15, "level": "high"}
    [decided] = play.step.decided
    assert (decided.node, decided.decision, decided.inputs, decided.result) == ("r", "grade", {"amount": 15}, "high")
    assert [each["number"] for each in decided.rules] == [2]


def test_a_table_of_another_tool_that_names_no_source_is_asked_all_the_same():
    bare = re.sub(rb"<annotationEntry>.*?</annotationEntry>|<annotation name[^>]*/>", b"", TABLE)
    assert b"annotation" not in bare
    assert Play({**ruled(rule("r", "grade", "level")), "grade.dmn": bare}, amount=15).variables["level"] == "high"


@pytest.mark.shows("@camunda:decisionRef", "@camunda:resultVariable")
def test_a_table_may_be_named_as_camunda_names_it():
    asks = element("businessRuleTask", "r", camunda_decisionRef="grade", camunda_resultVariable="level")
    assert Play(ruled(asks, user("a")), amount=15).variables == {"amount": 15, "level": "high"}


@pytest.mark.shows("@camunda:collection", "@camunda:elementVariable")
def test_instances_may_be_named_as_camunda_names_them():
    loop = element("multiInstanceLoopCharacteristics", None, camunda_collection="xs", camunda_elementVariable="x")
    assert [task.locals["x"] for task in Play(diagram(user("a", loop)), xs=["b", "c"]).step.open_tasks] == ["b", "c"]


@pytest.mark.shows("businessRuleTask//wz:input")
def test_a_table_may_be_given_its_inputs():
    assert Play(ruled(rule("r", "grade", "level", amount="n * 2")), n=3).variables == {"n": 3, "level": "low"}


def test_a_result_without_a_variable_is_told_and_not_kept():
    play = Play(ruled(rule("r", "grade")), amount=15)
    assert play.variables == {"amount": 15}
    assert play.step.decided[0].result == "high"


@pytest.mark.parametrize(("amount", "error"), [(99, NothingDecided), ("many", InputUnfit)])
def test_a_table_that_cannot_answer_is_an_error_that_names_the_node(amount, error):
    with pytest.raises(error, match="r: ") as failed:
        Play(ruled(rule("r", "grade")), amount=amount)
    assert failed.value.facts["node"] == "r"


def test_a_table_gets_exactly_what_it_asks_for():
    assert [each.rule for each in findings(ruled(rule("r", "grade", "x", amont="1")))] == ["decision-inputs"]


def test_two_tables_of_one_name_are_refused():
    assert [each.rule for each in findings({**ruled(rule("r", "grade")), "again.dmn": TABLE})] == ["decision-duplicate"]


def test_a_table_that_cannot_be_carried_out_is_refused_with_the_diagram():
    sources = {**ruled(user("a", startQuantity="0")), "grade.dmn": TABLE.replace(b"UNIQUE", b"SOMETIMES")}
    found = findings(sources)
    assert {each.source for each in found} == {"p.bpmn", "grade.dmn"}


def test_a_definition_names_the_operations_and_decisions_it_needs():
    definition = load(ruled(rule("r", "grade"), service("s", "b"), service("t", "a")))
    assert definition.operations == ("a", "b")
    assert definition.decisions == ("grade",)


def test_a_called_process_asks_its_own_tables():
    called = process("q", start(), rule("r", "grade", "level"), end(), "start r end")
    caller = process("p", start(), call("c", "q"), end(), "start c end")
    play = Play({"p": definitions(caller), "q": definitions(called), "t": TABLE}, amount=1)
    assert play.variables == {"amount": 1, "level": "low"}
    assert (play.step.decided[0].process, play.step.decided[0].path) == ("q", ("c",))
