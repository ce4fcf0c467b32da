"""Errors and escalations: who catches them, what is interrupted, and what happens when nobody does."""

from __future__ import annotations

import pytest

from engine import machine
from engine.errors import BpmnError, BpmnEscalation, ExpressionFailed, OperationFailed
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    diagram,
    duration,
    end,
    error,
    escalation,
    exclusive,
    files,
    link,
    many,
    parallel,
    process,
    script,
    service,
    start,
    sub,
    task,
    throw,
    user,
)
from tests.unit.engine.playing import DAWN, Play, load

FAILING = sub("s", start("s0"), user("a"), end("s1", error("E1")), "s0 a s1")


def raising(code: str, message: str = "", payload: object = None):
    def operation() -> None:
        raise BpmnError(code, message, payload)

    return {"o": operation}


# Errors: who catches


def test_an_error_leaves_by_the_event_of_the_sub_process_that_ends_with_it():
    nodes = (FAILING, boundary("b", "s", error("E1")), user("c"), user("d"))
    play = Play(diagram(*nodes, "start s d end", "b c end"))
    play.complete("a")
    assert play.open == ["c"]
    assert ("completed", "s1") in play.says()
    assert ("cancelled", "s") in play.says()


def test_an_error_interrupts_at_once_what_runs_beside_it():
    inner = sub(
        "s", start("s0"), parallel("f"), user("a"), script("x", "{'seen': true}"), user("b"),
        end("s1", error("E1")), end("s2"), "s0 f a s1", "f b x s2",
    )  # fmt: skip
    play = Play(diagram(inner, boundary("b1", "s", error("E1")), user("c"), "start s end", "b1 c end"))
    play.complete("a")
    assert play.open == ["c"]
    assert ("cancelled", "b") in play.says()


@pytest.mark.shows("@errorRef", "error", "boundaryEvent/errorEventDefinition")
@pytest.mark.parametrize(("code", "taken"), [("E1", "one"), ("E2", "other"), ("E3", "rest")])
def test_the_event_that_names_the_code_goes_before_the_one_that_catches_all(code, taken):
    nodes = (
        service("s", "o"), boundary("b0", "s", error()), boundary("b1", "s", error("E1")), boundary("b2", "s", error("E2")),
        user("rest"), user("one"), user("other"),
    )  # fmt: skip
    source = diagram(*nodes, "start s end", "b0 rest end", "b1 one end", "b2 other end")
    assert Play(source, services=raising(code)).open == [taken]


def test_an_error_without_a_code_at_the_catching_end_is_every_error():
    declared = "<error id='plain' name='anything'/>"
    source = diagram(
        service("s", "o"),
        boundary("b", "s", "<errorEventDefinition errorRef='plain'/>"),
        user("c"),
        "start s end",
        "b c end",
    )
    assert Play(source.replace(b"<process", declared.encode() + b"<process"), services=raising("X")).open == ["c"]


def test_an_error_is_looked_for_outwards_and_never_beside():
    inner = sub("s", start("s0"), service("x", "o"), end("s1"), "s0 x s1")
    beside = sub("n", start("n0"), user("u"), end("n1"), "n0 u n1")
    nodes = (parallel("f"), inner, beside, boundary("bn", "n", error("E1")), user("no"), end("e2"), end("e3"))
    around = sub("outer", start("o0"), *nodes, end("o1"), "o0 f s o1", "f n e2", "bn no e3")
    play = Play(
        diagram(around, boundary("b", "outer", error("E1")), user("c"), "start outer end", "b c end"),
        services=raising("E1"),
    )
    assert play.open == ["c"]


def test_the_nearest_catches_and_an_outer_one_does_not_see_it():
    inner = sub(
        "s",
        start("s0"),
        service("x", "o"),
        boundary("near", "x", error()),
        user("a"),
        end("s1"),
        "s0 x s1",
        "near a s1",
    )
    play = Play(
        diagram(inner, boundary("far", "s", error("E1")), user("c"), "start s end", "far c end"), services=raising("E1")
    )
    assert play.open == ["a"]


def test_a_code_that_is_not_caught_here_goes_on_outwards():
    inner = sub(
        "s",
        start("s0"),
        service("x", "o"),
        boundary("near", "x", error("E2")),
        user("a"),
        end("s1"),
        "s0 x s1",
        "near a s1",
    )
    play = Play(
        diagram(inner, boundary("far", "s", error("E1")), user("c"), "start s end", "far c end"), services=raising("E1")
    )
    assert play.open == ["c"]


def test_an_error_leaves_a_called_process_by_the_event_of_the_call():
    called = process("q", start("q0"), user("a"), end("q1", error("E1")), "q0 a q1")
    main = process(
        "p", start(), call("c", "q"), boundary("b", "c", error("E1")), user("d"), end(), "start c end", "b d end"
    )
    assert Play(files(main, called)).complete("a").open == ["d"]


@pytest.mark.parametrize("sequential", [True, False])
def test_an_error_in_one_instance_ends_the_whole_multi_instance(sequential):
    loop = many(collection="[1, 2, 3]", element="i", sequential=sequential)
    inner = sub(
        "s",
        loop,
        start("s0"),
        user("a"),
        exclusive("g", default="g.s1"),
        end("s1"),
        end("s2", error("E1")),
        "s0 a g s1",
        "g -[i == bad]-> s2",
    )
    play = Play(diagram(inner, boundary("b", "s", error("E1")), user("c"), "start s end", "b c end"), bad=2)
    play.complete("a")
    assert play.complete("a").open == ["c"]


def test_an_operation_carries_a_payload_to_the_variable_of_the_event():
    nodes = (service("s", "o"), boundary("b", "s", error("E1"), wz_payload="why"), user("c"))
    play = Play(diagram(*nodes, "start s end", "b c end"), services=raising("E1", payload={"n": 1}))
    assert play.variables == {"why": {"n": 1}}
    [called] = play.step.calls
    assert (called.operation, called.result, called.raised) == ("o", None, "E1")


@pytest.mark.shows("@wz:error")
def test_a_script_throws_by_the_code_it_gives():
    nodes = (script("s", "{'n': n + 1}", wz_error="n > 2 ? 'E1' : ''"), boundary("b", "s", error("E1")), user("c"))
    source = diagram(*nodes, "start s end", "b c end")
    assert Play(source, n=1).ended
    play = Play(source, n=2)
    assert play.open == ["c"]
    assert play.variables == {"n": 3}


def test_a_code_that_is_no_text_is_an_error_that_names_its_place():
    with pytest.raises(ExpressionFailed, match="s: the expression “n”"):
        Play(diagram(script("s", "{'x': 1}", wz_error="n")), n=5)
    with pytest.raises(OperationFailed, match="code is no text"):
        Play(diagram(service("s", "o")), services=raising(5))
    with pytest.raises(OperationFailed, match="cannot be kept"):
        Play(diagram(service("s", "o")), services=raising("E1", payload=object()))


def test_an_exception_of_python_is_no_error_of_the_diagram():
    def broken() -> None:
        raise RuntimeError

    with pytest.raises(OperationFailed):
        Play(diagram(service("s", "o"), boundary("b", "s", error()), "start s end", "b end"), services={"o": broken})


def test_what_the_other_events_of_the_activity_waited_for_is_over():
    nodes = (FAILING, boundary("t", "s", duration("PT1H")), boundary("b", "s", error("E1")), user("c"))
    play = Play(diagram(*nodes, "start s end", "t end", "b c end")).complete("a")
    assert play.step.timers == ()
    assert play.wake(hours=2).open == ["c"]


def test_an_error_is_caught_in_every_round_of_a_loop():
    source = diagram(
        exclusive("again"), FAILING, boundary("b", "s", error("E1")), script("n", "{'n': n + 1}"),
        exclusive("g", default="g.again"), "start again s end", "b n g again", "g -[n >= 3]-> end",
    )  # fmt: skip
    play = Play(source, n=0)
    for _ in range(3):
        play.complete("a")
    assert play.ended


# Errors that nobody catches


@pytest.mark.shows("endEvent/errorEventDefinition")
def test_an_error_that_nobody_catches_fails_the_proceeding_and_leaves_what_is_stored():
    play = Play(diagram(parallel("f"), user("b"), FAILING, "start f s end", "f b end"), n=1)
    stored = play.step.snapshot
    play.complete("a", n=2)
    step = play.step
    assert step.failed is not None
    assert (step.failed.code, step.failed.node, step.failed.process) == ("E1", "s1", "p")
    assert "no event around it catches it" in step.failed.message
    assert step.ended
    assert (step.open_tasks, step.timers, step.waiting, step.active, step.messages) == ((), (), (), (), ())
    assert step.snapshot == stored
    assert ("uncaught", "s1") in play.says()
    assert ("cancelled", "b") in play.says()
    again = machine.look(play.definition, step.snapshot, now=DAWN)
    assert [task_.node for task_ in again.open_tasks] == ["b", "a"]
    assert again.variables == {"n": 1}


def test_an_operation_says_in_words_what_nobody_catches():
    play = Play(diagram(service("s", "o")), services=raising("E1", "The register is closed."))
    assert play.ended
    assert play.step.failed.code == "E1"
    assert play.step.failed.said == "The register is closed."
    assert "The register is closed." in play.step.failed.message
    assert play.step.failed.words == {
        "en": "s: the error “E1” was thrown, and no event around it catches it. The register is closed.",
        "zh": "s：抛出了错误“E1”，其外没有事件捕获它。The register is closed。",
    }
    assert machine.look(play.definition, play.step.snapshot, now=DAWN).ended


def test_an_error_of_another_code_is_not_caught():
    play = Play(diagram(FAILING, boundary("b", "s", error("E2")), "start s end", "b end")).complete("a")
    assert play.step.failed.code == "E1"


def test_what_was_sent_in_a_move_that_fails_is_not_sent():
    nodes = (user("u"), throw("t", escalation("X")), end("e", error("E1")))
    play = Play(diagram(*nodes, "start u t e", "u end"))
    assert play.complete("u").step.messages == ()


def test_an_error_noticed_by_a_late_wake_fails_the_proceeding():
    inner = sub("s", start("s0"), catch("t", duration("PT1H")), end("s1", error("E1")), "s0 t s1")
    play = Play(diagram(inner))
    stored = play.step.snapshot
    play.wake(hours=3)
    assert play.step.failed.code == "E1"
    assert play.step.snapshot == stored


# Escalations


@pytest.mark.shows(
    "@escalationRef",
    "escalation",
    "boundaryEvent/escalationEventDefinition",
    "intermediateThrowEvent/escalationEventDefinition",
)
@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_thrown_on_the_way(interrupting):
    inner = sub("s", start("s0"), throw("t", escalation("U1"), wz_payload="n"), user("a"), end("s1"), "s0 t a s1")
    event = boundary("b", "s", escalation("U1"), interrupting=interrupting, wz_payload="heard")
    play = Play(diagram(inner, event, user("c"), "start s end", "b c end"), n=4)
    assert sorted(play.open) == (["c"] if interrupting else ["a", "c"])
    assert play.variables["heard"] == 4
    assert play.step.messages == ()
    assert ("completed", "t") in play.says()
    if interrupting:
        assert ("entered", "a") not in play.says()


def test_an_escalation_that_does_not_interrupt_is_taken_each_time():
    inner = sub(
        "s", start("s0"), exclusive("again"), user("a"), throw("t", escalation("U1")), end("s1"),
        exclusive("g", default="g.again"), "s0 again a t g again", "g -[done]-> s1",
    )  # fmt: skip
    play = Play(
        diagram(inner, boundary("b", "s", escalation(), interrupting=False), user("c"), "start s end", "b c end"),
        done=False,
    )
    play.complete("a").complete("a")
    assert play.open.count("c") == 2
    play.complete("a", done=True).complete("c").complete("c").complete("c")
    assert play.ended


@pytest.mark.shows("endEvent/escalationEventDefinition")
def test_an_end_event_escalates_and_the_sub_process_ends():
    inner = sub("s", start("s0"), user("a"), end("s1", escalation("U1")), "s0 a s1")
    nodes = (inner, boundary("b", "s", escalation("U1"), interrupting=False), user("c"), user("d"))
    play = Play(diagram(*nodes, "start s d end", "b c end")).complete("a")
    assert sorted(play.open) == ["c", "d"]


def test_an_escalation_leaves_a_called_process_and_goes_outwards_only():
    called = process("q", start("q0"), throw("t", escalation("U1")), user("a"), end("q1"), "q0 t a q1")
    main = process(
        "p", start(), call("c", "q"), boundary("b", "c", escalation("U1"), interrupting=False), user("d"), end(),
        "start c end", "b d end",
    )  # fmt: skip
    assert sorted(Play(files(main, called)).open) == ["a", "d"]


def test_an_escalation_that_nobody_takes_is_told_and_passes():
    play = Play(diagram(throw("t", escalation("U1"), wz_payload="n"), user("a")), n=2)
    assert play.open == ["a"]
    assert ("uncaught", "t") in play.says()
    assert [(each.kind, each.name, each.payload, each.node) for each in play.step.messages] == [
        ("escalation", "U1", 2, "t")
    ]
    assert play.step.failed is None


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_operation_escalates_when_it_has_done_its_work(interrupting):
    def operation() -> None:
        raise BpmnEscalation("U1", payload="late", result=7)

    nodes = (
        service("s", "o", "got"),
        boundary("b", "s", escalation("U1"), interrupting=interrupting, wz_payload="why"),
        user("c"),
        user("d"),
    )
    play = Play(diagram(*nodes, "start s d end", "b c end"), services={"o": operation})
    assert sorted(play.open) == (["c"] if interrupting else ["c", "d"])
    assert play.variables == {"got": 7, "why": "late"}
    [called] = play.step.calls
    assert (called.result, called.raised) == (7, "U1")


@pytest.mark.shows("@wz:escalation")
@pytest.mark.parametrize("interrupting", [True, False])
def test_a_script_escalates(interrupting):
    nodes = (
        script("s", "{'n': 1}", wz_escalation="'U1'"),
        boundary("b", "s", escalation(), interrupting=interrupting),
        user("c"),
        user("d"),
    )
    assert sorted(Play(diagram(*nodes, "start s d end", "b c end")).open) == (["c"] if interrupting else ["c", "d"])


# Warned about


def test_an_event_for_what_nothing_throws_is_warned_about():
    source = diagram(user("a"), boundary("b", "a", error("E1")), "start a end", "b end")
    assert [warning.rule for warning in load(source).warnings] == ["never-thrown"]


def test_links_and_plain_tasks_beside_errors_change_nothing():
    inner = sub(
        "s",
        start("s0"),
        throw("o", link("x")),
        catch("i", link("x")),
        task("k"),
        end("s1", error("E1")),
        "s0 o",
        "i k s1",
    )
    assert Play(diagram(inner, boundary("b", "s", error()), user("c"), "start s end", "b c end")).open == ["c"]
