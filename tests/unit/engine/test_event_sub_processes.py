"""Event sub-processes of every trigger, conditional events, and event definitions by reference."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import ExpressionFailed
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    condition,
    cycle,
    definitions,
    diagram,
    duration,
    end,
    error,
    escalation,
    exclusive,
    files,
    handler,
    limit,
    many,
    message,
    parallel,
    process,
    race,
    script,
    signal,
    start,
    sub,
    terminate,
    throw,
    user,
)
from tests.unit.engine.playing import DAWN, Play, load


def handling(id: str, definition: str, task: str, *, interrupting: bool = True, **words: object) -> str:
    """An event sub-process with one task."""
    return handler(id, definition, user(task), end(f"{id}9"), f"{id}0 {task} {id}9", interrupting=interrupting, **words)


def within(*pieces: str) -> bytes:
    """A process with a sub-process `s` that holds the task `a` and these pieces; then the task `z`."""
    return diagram(sub("s", start("s0"), user("a"), end("s9"), "s0 a s9", *pieces), user("z"), "start s z end")


# Beginning and ending


def test_it_does_nothing_until_it_is_triggered_and_ends_with_its_scope():
    play = Play(diagram(user("a"), handling("h", message("x"), "b"), "start a end"))
    assert play.open == ["a"]
    assert [(way.node, way.message, way.interrupting, way.path) for way in play.step.waiting] == [("h0", "x", True, ())]
    assert ("entered", "h0") not in play.says()
    play.complete("a")
    assert play.ended
    assert play.step.waiting == ()
    assert not {"h", "h0"} & {node for _, node in play.says()}


@pytest.mark.shows("@triggeredByEvent", "startEvent/messageEventDefinition")
@pytest.mark.parametrize("interrupting", [True, False])
def test_a_message_begins_one_in_the_process(interrupting):
    play = Play(
        diagram(user("a"), handling("h", message("x"), "b", interrupting=interrupting, wz_payload="why"), "start a end")
    )
    play.deliver("x", "because")
    assert play.open == (["b"] if interrupting else ["a", "b"])
    assert play.variables == {"why": "because"}
    says = play.says()
    assert says.index(("fired", "h0")) < says.index(("entered", "h")) < says.index(("entered", "h0"))
    assert bool(play.step.waiting) != interrupting
    play.complete("b")
    assert play.ended == interrupting
    if not interrupting:
        assert play.deliver("x").open == ["a", "b"]
        assert not play.complete("a").ended
        assert play.complete("b").ended


def test_a_scope_goes_on_by_its_flow_when_the_handler_that_interrupted_it_has_ended():
    play = Play(within(handling("h", message("x"), "b")))
    assert play.deliver("x").open == ["b"]
    assert [task.path for task in play.step.open_tasks] == [("s", "h")]
    assert play.complete("b").open == ["z"]
    assert not play.deliver("x").step.taken


@pytest.mark.shows("@isInterrupting")
def test_a_scope_waits_for_every_handler_that_runs():
    play = Play(within(handling("h", message("x"), "b", interrupting=False)))
    play.deliver("x").deliver("x").complete("a")
    assert play.open == ["b", "b"]
    assert play.complete("b").open == ["b"]
    assert play.complete("b").open == ["z"]


def test_one_that_interrupts_ends_the_handlers_that_run_and_the_others_that_wait():
    play = Play(within(handling("h", message("x"), "b", interrupting=False), handling("k", signal("y"), "c")))
    play.deliver("x")
    assert play.open == ["a", "b"]
    assert play.signal("y").open == ["c"]
    assert play.step.waiting == ()
    assert play.complete("c").open == ["z"]


def test_a_sub_process_that_is_not_running_does_not_listen():
    source = diagram(
        user("u"),
        sub("s", start("s0"), user("a"), end("s9"), "s0 a s9", handling("h", message("x"), "b")),
        user("z"),
        "start u s z end",
    )
    play = Play(source)
    assert not play.deliver("x").step.taken
    assert play.complete("u").deliver("x").open == ["b"]
    assert play.complete("b").open == ["z"]
    assert not play.deliver("x").step.taken


def test_an_event_at_the_border_ends_what_waits_inside():
    source = diagram(
        sub("s", start("s0"), user("a"), end("s9"), "s0 a s9", handling("h", message("x"), "b")),
        boundary("t", "s", duration("PT1H")), user("z"), "start s end", "t z end",
    )  # fmt: skip
    play = Play(source).wake(hours=2)
    assert play.open == ["z"]
    assert play.step.waiting == ()


def test_a_terminate_end_ends_what_waits_too():
    source = definitions(
        process("p", start(), user("a"), terminate(), handling("h", message("x"), "b"), "start a stop")
    )
    play = Play(source).complete("a")
    assert play.ended
    assert play.step.waiting == ()


def test_it_may_hold_everything_a_sub_process_may():
    inner = handler(
        "h", message("x"), parallel("f"), user("b"), sub("t", start("t0"), user("c"), end("t9"), "t0 c t9"), end("h8"), end("h9"),
        "h0 f b h8", "f t h9", interrupting=False,
    )  # fmt: skip
    play = Play(diagram(user("a"), inner, "start a end")).deliver("x")
    assert [task.path for task in play.step.open_tasks] == [(), ("h",), ("h", "t")]
    play.complete("a").complete("b").complete("c")
    assert play.ended


def test_it_may_hold_event_sub_processes_itself():
    inner = handler(
        "h", message("x"), user("b"), end("h9"), "h0 b h9", handling("k", message("y"), "c"), interrupting=False
    )
    play = Play(diagram(user("a"), inner, "start a end"))
    assert not play.deliver("y").step.taken
    play.deliver("x").deliver("y")
    assert play.open == ["a", "c"]
    assert play.complete("c").open == ["a"]


@pytest.mark.parametrize("sequential", [True, False])
def test_each_instance_listens_for_itself(sequential):
    loop = many("2", sequential=sequential)
    source = diagram(
        sub("s", loop, start("s0"), user("a"), end("s9"), "s0 a s9", handling("h", message("x"), "b")),
        user("z"),
        "start s z end",
    )
    play = Play(source)
    assert len(play.step.waiting) == (1 if sequential else 2)
    play.deliver("x")
    assert sorted(play.open) == (["b"] if sequential else ["a", "b"])
    play.complete("b").complete("a")
    assert play.open == ["z"]


def test_it_listens_in_every_round_of_a_loop():
    inner = sub("s", start("s0"), user("a"), end("s9"), "s0 a s9", handling("h", message("x"), "b"))
    source = diagram(
        exclusive("again"), inner, script("n", "{'n': n + 1}"), exclusive("g", default="g.again"),
        "start again s n g again", "g -[n >= 3]-> end",
    )  # fmt: skip
    play = Play(source, n=0)
    for _ in range(3):
        play.deliver("x").complete("b")
    assert play.ended


def test_it_listens_in_a_called_process():
    called = process("q", start("q0"), user("a"), end("q9"), "q0 a q9", handling("h", message("x"), "b"))
    play = Play(files(process("p", start(), call("c", "q"), user("z"), end(), "start c z end"), called))
    assert play.deliver("x").open == ["b"]
    assert play.complete("b").open == ["z"]


@pytest.mark.shows("@wz:action", "@wz:roles")
def test_a_person_may_tell_its_message():
    play = Play(
        diagram(user("a"), handling("h", message("x"), "b", wz_action="withdraw", wz_roles="respondent"), "start a end")
    )
    [way] = play.step.waiting
    assert dict(way.extensions) == {"action": "withdraw", "roles": "respondent"}
    assert play.deliver("x", to=way.id).open == ["b"]


# Triggers


@pytest.mark.shows("startEvent/timerEventDefinition")
@pytest.mark.parametrize("interrupting", [True, False])
def test_a_timer_begins_one(interrupting):
    play = Play(within(handling("h", duration("PT1H"), "b", interrupting=interrupting)))
    [timer] = play.step.timers
    assert (timer.node, timer.due, timer.interrupting) == ("h0", DAWN + timedelta(hours=1), interrupting)
    assert timer.attached == next(each.id for each in play.step.active if each.node == "s")
    play.wake(hours=3)
    assert play.open == (["b"] if interrupting else ["a", "b"])
    assert play.step.timers == ()


def test_a_cycle_begins_one_each_time():
    play = Play(diagram(user("a"), handling("h", cycle("R3/PT1H"), "b", interrupting=False), "start a end"))
    assert play.wake(hours=2).open == ["a", "b", "b"]
    assert play.wake(hours=5).open == ["a", "b", "b", "b"]


def test_a_limit_of_the_host_begins_one():
    play = Play(diagram(user("a"), handling("h", limit(), "b", wz_deadline="T", wz_from="'2026-01-01'"), "start a end"))
    [timer] = play.step.timers
    assert (timer.deadline, timer.trigger, timer.due) == ("T", "2026-01-01", None)
    assert play.wake({timer.id: DAWN}, hours=1).open == ["b"]


@pytest.mark.shows("startEvent/errorEventDefinition")
def test_an_error_inside_begins_one_and_the_sub_process_goes_on_behind_it():
    inner = sub("s", start("s0"), user("a"), end("s9", error("E1")), "s0 a s9", handling("h", error("E1"), "b"))
    play = Play(diagram(inner, boundary("far", "s", error()), user("no"), user("z"), "start s z end", "far no end"))
    assert play.complete("a").open == ["b"]
    assert play.complete("b").open == ["z"]


def test_an_error_in_the_process_begins_one_that_saves_the_proceeding():
    play = Play(
        definitions(process("p", start(), user("a"), end("e", error("E1")), handling("h", error(), "b"), "start a e"))
    )
    play.complete("a")
    assert play.open == ["b"]
    assert play.step.failed is None
    assert play.complete("b").ended
    assert play.step.failed is None


def test_an_error_thrown_inside_a_handler_goes_outwards():
    again = handler("h", error("E1"), end("h9", error("E1")), "h0 h9")
    inner = sub("s", start("s0"), user("a"), end("s9", error("E1")), "s0 a s9", again)
    play = Play(diagram(inner, boundary("b", "s", error("E1")), user("c"), "start s end", "b c end"))
    assert play.complete("a").open == ["c"]
    alone = diagram(
        user("a"),
        handler("k", message("x"), end("k9", error("E1")), "k0 k9", interrupting=False),
        handling("h", error("E1"), "b"),
        "start a end",
    )
    failing = Play(alone).deliver("x")
    assert failing.step.failed.code == "E1"


@pytest.mark.shows("startEvent/escalationEventDefinition")
@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_begins_one(interrupting):
    inner = sub(
        "s", start("s0"), throw("t", escalation("U1"), wz_payload="n"), user("a"), end("s9"), "s0 t a s9",
        handling("h", escalation("U1"), "b", interrupting=interrupting, wz_payload="heard"),
    )  # fmt: skip
    play = Play(diagram(inner), n=3)
    assert sorted(play.open) == (["b"] if interrupting else ["a", "b"])
    assert play.variables["heard"] == 3
    assert ("uncaught", "t") not in play.says()


@pytest.mark.shows("startEvent/signalEventDefinition")
@pytest.mark.parametrize("interrupting", [True, False])
def test_a_signal_begins_one_wherever_it_listens(interrupting):
    play = Play(within(handling("h", signal("go"), "b", interrupting=interrupting)))
    assert play.signal("go").open == (["b"] if interrupting else ["a", "b"])


@pytest.mark.shows("startEvent/conditionalEventDefinition", "condition")
@pytest.mark.parametrize("interrupting", [True, False])
def test_a_condition_begins_one(interrupting):
    source = diagram(
        user("u"),
        user("v"),
        user("w"),
        handling("h", condition("n > 5"), "b", interrupting=interrupting),
        "start u v w end",
    )
    play = Play(source, n=1)
    assert play.complete("u", n=9).open == (["b"] if interrupting else ["v", "b"])


# Conditions


@pytest.mark.shows("intermediateCatchEvent/conditionalEventDefinition")
def test_a_condition_is_waited_for_and_looked_at_when_variables_change():
    nodes = (parallel("f"), catch("c", condition("n > 5")), user("a"), user("b"), user("z"))
    play = Play(diagram(*nodes, "start f c z end", "f a b end"), n=1)
    assert [(way.node, way.condition, way.message) for way in play.step.waiting] == [("c", "n > 5", "")]
    assert play.complete("a", n=4).open == ["b"]
    assert play.complete("b", n=6).open == ["z"]


def test_a_condition_that_holds_already_is_not_waited_for():
    assert Play(diagram(catch("c", condition("n > 5")), user("z")), n=9).open == ["z"]


def test_a_condition_that_was_true_for_a_moment_has_been_true():
    nodes = (
        parallel("f"),
        catch("c", condition("n == 2")),
        script("x", "{'n': 2}"),
        script("y", "{'n': 3}"),
        user("z"),
    )
    play = Play(diagram(*nodes, "start f c z end", "f x y end"), n=1)
    assert play.open == ["z"]


def test_a_condition_that_does_not_interrupt_must_become_false_before_it_fires_again():
    nodes = (user("u"), boundary("b", "u", condition("n > 5"), interrupting=False), user("c"), parallel("f"))
    rest = [user(f"s{i}") for i in range(4)]
    play = Play(diagram(*nodes, *rest, "start f u end", "f s0 s1 s2 s3 end", "b c end"), n=1)
    assert play.complete("s0", n=6).open.count("c") == 1
    assert play.complete("s1", n=7).open.count("c") == 1
    assert play.complete("s2", n=1).open.count("c") == 1
    assert play.complete("s3", n=8).open.count("c") == 2


@pytest.mark.shows("boundaryEvent/conditionalEventDefinition")
def test_a_condition_interrupts_at_once():
    inner = sub("s", start("s0"), script("x", "{'n': 9}"), script("y", "{'seen': true}"), end("s9"), "s0 x y s9")
    play = Play(diagram(inner, boundary("b", "s", condition("n > 5")), user("c"), "start s end", "b c end"), n=1)
    assert play.open == ["c"]
    assert "seen" not in play.variables


def test_a_condition_races_behind_an_event_gateway():
    nodes = (
        parallel("f"),
        race("g"),
        catch("c", condition("done")),
        catch("t", duration("PT1H")),
        user("x"),
        user("y"),
        user("u"),
    )
    source = diagram(*nodes, "start f g c x end", "g t y end", "f u end")
    assert Play(source, done=False).complete("u", done=True).open == ["x"]
    assert Play(source, done=False).wake(hours=1).open == ["u", "y"]


def test_a_condition_on_what_is_not_there_is_an_error_that_names_it():
    with pytest.raises(ExpressionFailed, match="c: the expression “missing > 5”"):
        Play(diagram(catch("c", condition("missing > 5"))))


def test_a_condition_that_nobody_can_make_true_is_told():
    play = Play(diagram(catch("c", condition("n > 5"))), n=1)
    assert (play.step.failed.code, play.step.failed.node) == ("deadlock", "c")


@pytest.mark.shows("startEvent/conditionalEventDefinition")
def test_a_process_may_begin_by_a_condition_that_the_host_watches():
    source = definitions(process("p", start("s", condition("n > 5")), user("a"), end(), "s a end"))
    assert [(way.kind, way.condition, way.timer) for way in load(source).start_triggers] == [("condition", "n > 5", "")]
    assert Play(source, trigger="s").open == ["a"]


# By reference


@pytest.mark.shows("eventDefinitionRef")
def test_a_definition_may_stand_beside_the_process_and_be_used_more_than_once():
    reference = "<eventDefinitionRef>d</eventDefinitionRef>"
    nodes = (user("u"), boundary("b", "u", reference), user("c"), catch("e", reference))
    source = definitions(
        process("p", start(), *nodes, end(), "start u end", "b c e end"),
        extra='<signal id="y" name="go"/><signalEventDefinition id="d" signalRef="y"/>',
    )
    play = Play(source)
    assert play.signal("go").open == ["c"]
    assert play.complete("c").signal("go").ended
