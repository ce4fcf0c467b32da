"""Calls of a process that an expression chooses, and of tasks drawn beside the processes."""

from __future__ import annotations

import pytest

from engine.errors import ProceedingStuck
from tests.unit.engine.drawing import (
    boundary,
    call,
    definitions,
    duration,
    element,
    end,
    exclusive,
    files,
    many,
    process,
    script,
    start,
    user,
)
from tests.unit.engine.playing import Play, refusals
from tests.unit.engine_rules.tables import decision, dmn

CHOICE = element("callActivity", "c", wz_called="route", wz_among="q r")


def callee(id: str) -> str:
    return process(id, start(f"{id}0"), user(f"{id}.ask"), script(f"{id}.say", f"{{'said': '{id}'}}"), end(f"{id}1"),
                   f"{id}0 {id}.ask {id}.say {id}1")  # fmt: skip


def caller(*nodes: str) -> str:
    return process("p", start(), *nodes, end(), "start c end")


# --- A process that is chosen -----------------------------------------------------------------------------------------


@pytest.mark.shows("@wz:called", "@wz:among")
@pytest.mark.parametrize("which", ["q", "r"])
def test_an_expression_chooses_which_process_is_called(which: str):
    play = Play(definitions(caller(CHOICE), callee("q"), callee("r")), route=which)
    assert (play.open, play.step.open_tasks[0].path) == ([f"{which}.ask"], ("c",))
    # What it says now changes nothing for the call that runs.
    assert play.complete(f"{which}.ask", route="nobody").variables["said"] == which


def test_in_a_loop_each_call_chooses_anew():
    nodes = (exclusive("x"), CHOICE, exclusive("g", default="g.end"))
    whole = process("p", start(), *nodes, end(), "start x c g end", "g -[route != '']-> x")
    play = Play(definitions(whole, callee("q"), callee("r")), route="q")
    assert play.complete("q.ask", route="r").open == ["r.ask"]
    assert play.complete("r.ask", route="q").open == ["q.ask"]
    assert play.complete("q.ask", route="").ended


def test_each_instance_of_a_call_chooses_its_own():
    repeated = many(collection="['r', 'q']", element="route")
    each = element("callActivity", "c", repeated, wz_called="route", wz_among="q r")
    assert Play(definitions(caller(each), callee("q"), callee("r"))).open == ["r.ask", "q.ask"]


def test_a_process_that_is_not_among_them_is_not_called():
    with pytest.raises(ProceedingStuck, match="it is to call “s”, which is none of q, r"):
        Play(definitions(caller(CHOICE), callee("q"), callee("r")), route="s")


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ({}, "called-missing"),
        ({"calledElement": "q", "wz_called": "route", "wz_among": "q"}, "called-missing"),
        ({"wz_called": "route"}, "called-missing"),
        ({"calledElement": "q", "wz_among": "q"}, "called-missing"),
        ({"wz_called": "route", "wz_among": "q s"}, "called-unknown"),
        ({"wz_called": "route +", "wz_among": "q"}, "expression-malformed"),
    ],
)
def test_a_call_that_does_not_say_what_it_calls_is_refused(words: dict[str, object], rule: str):
    assert refusals(definitions(caller(element("callActivity", "c", **words)), callee("q"))) == [rule]


# --- Tasks drawn beside the processes ---------------------------------------------------------------------------------


@pytest.mark.shows("globalUserTask")
def test_a_call_of_a_global_user_task_is_that_task():
    task = element("globalUserTask", "ask", name="Ask", wz_form="F")
    late = boundary("t", "c", duration("PT1H"))
    whole = process("p", start(), call("c", "ask", wz_stage="s"), late, user("z"), end(), "start c end", "t z end")
    play = Play(definitions(whole, extra=task))
    [opened] = play.step.open_tasks
    assert (opened.node, opened.kind, dict(opened.extensions), opened.path) == (
        "c", "user", {"form": "F", "stage": "s"}, (),
    )  # fmt: skip
    assert play.complete("c", answer=1).variables == {"answer": 1}


@pytest.mark.shows("globalManualTask")
def test_a_global_manual_task_waits_for_a_person():
    play = Play(definitions(caller(call("c", "do")), extra=element("globalManualTask", "do")))
    assert [each.kind for each in play.step.open_tasks] == ["manual"]


@pytest.mark.shows("globalScriptTask", "@scriptLanguage")
def test_a_global_script_task_takes_and_gives_what_the_call_carries():
    io = (
        '<ioSpecification><dataInput id="{0}x" name="x"/><dataOutput id="{0}y" name="y"/>'
        "<inputSet><dataInputRefs>{0}x</dataInputRefs></inputSet>"
        "<outputSet><dataOutputRefs>{0}y</dataOutputRefs></outputSet></ioSpecification>"
    )
    task = element("globalScriptTask", "twice", io.format("g."), element("script", None, "{'y': x * 2, 'z': 1}"),
                   scriptLanguage="cel")  # fmt: skip
    carried = (
        "<dataInputAssociation><sourceRef>a</sourceRef><targetRef>c.x</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>c.y</sourceRef><targetRef>b</targetRef></dataOutputAssociation>"
    )
    data = '<dataObject id="a" name="a"/><dataObject id="b" name="b"/>'
    whole = process("p", data, start(), call("c", "twice", io.format("c.") + carried), end(), "start c end")
    assert Play(definitions(whole, extra=task), a=4).variables == {"a": 4, "b": 8}
    assert set(refusals(definitions(caller(call("c", "twice")), extra=task))) == {"called-without"}


@pytest.mark.shows("globalBusinessRuleTask", "globalBusinessRuleTask//wz:input")
def test_a_global_business_rule_task_asks_its_table():
    given = element("extensionElements", None, element("wz:input", None, name="amount", value="n * 10"))
    task = element("globalBusinessRuleTask", "grading", given, wz_decision="grade", wz_result="level")
    source = definitions(caller(call("c", "grading")), extra=task)
    table = dmn(decision(["amount: number"], ["level: string"], ['< 10 | "low"', '>= 10 | "high"'], id="grade"))
    assert Play({"p.bpmn": source, "grade.dmn": table}, n=3).variables == {"n": 3, "level": "high"}
    assert refusals(source) == ["decision-unknown"]


def test_a_global_task_may_stand_in_another_file():
    beside = definitions(extra=element("globalUserTask", "ask"))
    sources = files(caller(call("c", "ask"))) | {"tasks.bpmn": beside}
    assert Play(sources).open == ["c"]
