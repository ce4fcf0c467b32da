"""How tokens move: tasks, gateways, sub-processes, called processes, multi-instances."""

from __future__ import annotations

import pytest

from engine.errors import ExpressionFailed, ProceedingStuck
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    diagram,
    duration,
    element,
    end,
    exclusive,
    files,
    inclusive,
    many,
    message,
    parallel,
    process,
    race,
    script,
    start,
    sub,
    task,
    terminate,
    throw,
    user,
)
from tests.unit.engine.playing import Play


@pytest.mark.shows(
    "userTask", "startEvent", "endEvent", "sequenceFlow", "process", "@isExecutable", "@sourceRef", "@targetRef"
)
def test_tasks_open_one_after_the_other():
    play = Play(diagram(user("a"), user("b")))
    assert play.open == ["a"]
    assert play.complete("a").open == ["b"]
    assert play.complete("b").ended


@pytest.mark.shows("manualTask")
def test_a_manual_task_waits_for_a_person_and_says_its_kind():
    play = Play(diagram(element("manualTask", "a")))
    assert [task.kind for task in play.step.open_tasks] == ["manual"]


@pytest.mark.shows("task")
def test_a_task_without_a_type_lets_the_token_pass():
    assert Play(diagram(task("a"))).ended


@pytest.mark.shows("scriptTask", "script")
def test_a_script_sets_variables():
    assert Play(diagram(script("s", "{'x': n + 1, 'y': [n]}")), n=1).variables == {"n": 1, "x": 2, "y": [1]}


# Exclusive


@pytest.mark.shows("exclusiveGateway", "conditionExpression")
def test_an_exclusive_gateway_takes_the_first_way_whose_condition_holds():
    nodes = (exclusive("g", default="g.end"), user("a"), user("b"))
    play = Play(diagram(*nodes, "start g", "g -[x > 1]-> a", "g -[x > 0]-> b", "g end", "a end", "b end"), x=2)
    assert play.open == ["a"]


@pytest.mark.shows("exclusiveGateway", "@default")
def test_an_exclusive_gateway_takes_the_default_where_none_holds():
    nodes = (exclusive("g", default="g.b"), user("a"), user("b"))
    assert Play(diagram(*nodes, "start g", "g -[x > 1]-> a", "g b", "a end", "b end"), x=0).open == ["b"]


def test_without_a_default_and_a_condition_that_holds_the_proceeding_cannot_go_on():
    nodes = (exclusive("g"), user("a"), user("b"))
    with pytest.raises(ProceedingStuck, match="g: no condition holds") as stuck:
        Play(diagram(*nodes, "start g", "g -[x > 1]-> a", "g -[x > 2]-> b", "a end", "b end"), x=0)
    assert stuck.value.facts["node"] == "g"


def test_a_condition_that_gives_no_truth_value_is_an_error_that_names_it():
    nodes = (exclusive("g", default="g.end"), user("a"))
    with pytest.raises(ExpressionFailed, match=r"vars\.x") as failed:
        Play(diagram(*nodes, "start g", "g -[vars.x]-> a", "g end", "a end"), x="yes")
    assert failed.value.facts["node"] == "g"


def test_an_exclusive_gateway_passes_every_token_that_comes():
    nodes = (parallel("p1"), exclusive("g"), user("a"))
    play = Play(diagram(*nodes, task("x"), task("y"), "start p1 x g a end", "p1 y g"))
    assert play.open == ["a", "a"]


# Parallel


@pytest.mark.shows("parallelGateway")
def test_a_parallel_gateway_splits_and_joins():
    play = Play(diagram(parallel("s"), parallel("j"), user("a"), user("b"), user("c"), "start s a j c end", "s b j"))
    assert play.open == ["a", "b"]
    assert play.complete("b").open == ["a"]
    assert play.complete("a").open == ["c"]


def test_a_join_does_not_undo_what_a_branch_did():
    play = Play(diagram(parallel("s"), parallel("j"), user("a"), user("b"), "start s a j end", "s b j"), status="open")
    play.complete("a", status="approved", note=[1]).complete("b")
    assert play.variables == {"status": "approved", "note": [1]}


def test_a_join_keeps_a_surplus_token_for_the_next_round():
    nodes = (parallel("s"), parallel("j"), exclusive("x"), user("a"), user("b"), user("c"), user("d"))
    play = Play(diagram(*nodes, "start s a x j d end", "s b x", "s c j"))
    play.complete("a").complete("b")
    assert play.open == ["c"]
    assert play.complete("c").open == ["d"]
    assert play.step.failed is None
    play.complete("d")
    assert not play.ended
    assert play.step.failed.code == "deadlock"  # a token is left at the join: that is what the diagram says
    assert "tokens wait at j" in play.step.failed.message


def test_a_proceeding_in_which_nothing_can_happen_any_more_says_so():
    both = ("start s g", "s c j", "g a j end", "g -[x]-> end")
    play = Play(diagram(parallel("s"), exclusive("g", default="g.a"), *map(user, "ac"), parallel("j"), *both), x=True)
    assert play.step.failed is None
    play.complete("c")
    assert (play.step.failed.code, play.step.failed.node, play.step.failed.process) == ("deadlock", "j", "p")
    assert play.look().failed == play.step.failed


def test_flows_between_the_same_nodes_count_each():
    play = Play(
        diagram(
            parallel("s"),
            parallel("j"),
            user("a"),
            "start s",
            "s j",
            element("sequenceFlow", "again", sourceRef="s", targetRef="j"),
            "j a end",
        )
    )
    assert play.open == ["a"]
    assert "again" in play.happened("taken")


def test_flows_and_lanes_may_have_no_id():
    between = [element("sequenceFlow", None, sourceRef="start", targetRef="a") for _ in range(2)]
    lane = element("laneSet", None, element("lane", None, "<flowNodeRef>a</flowNodeRef>", name="investigator"))
    play = Play(diagram(lane, user("a"), user("flow_start_a"), *between, "a flow_start_a end"))
    assert play.open == ["a", "a"]
    assert {"flow_start_a_2", "flow_start_a_3"} <= set(play.happened("taken"))


def test_several_flows_from_a_task_are_taken_all():
    play = Play(diagram(user("a"), user("b"), user("c"), "start a b end", "a c end"))
    assert play.complete("a").open == ["b", "c"]


# Inclusive


@pytest.mark.shows("inclusiveGateway")
@pytest.mark.parametrize(("x", "opened"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_an_inclusive_gateway_takes_every_way_whose_condition_holds(x, opened):
    nodes = (inclusive("g", default="g.c"), user("a"), user("b"), user("c"))
    chains = ("start g", "g -[x > 0]-> a", "g -[x > 1]-> b", "g c", "a end", "b end", "c end")
    assert Play(diagram(*nodes, *chains), x=x).open == opened


@pytest.mark.shows("inclusiveGateway")
@pytest.mark.parametrize("x", [0, 1, 2])
def test_an_inclusive_join_waits_for_the_tokens_that_may_still_come(x):
    nodes = (inclusive("g", default="g.c"), inclusive("j"), user("a"), user("b"), user("c"), user("d"))
    chains = ("start g", "g -[x > 0]-> a", "g -[x > 1]-> b", "g c", "a j", "b j", "c j", "j d end")
    play = Play(diagram(*nodes, *chains), x=x)
    for node in list(play.open):
        assert "d" not in play.open
        play.complete(node)
    assert play.open == ["d"]


def test_an_inclusive_join_goes_on_when_the_other_token_ends_elsewhere():
    nodes = (parallel("s"), inclusive("j"), exclusive("x"), user("a"), user("b"), user("c"))
    play = Play(diagram(*nodes, end("over"), "start s a j c end", "s b x", "x -[left]-> over", "x -[!left]-> j"))
    play.complete("a")
    assert play.open == ["b"]
    assert play.complete("b", left=True).open == ["c"]


# Event-based


@pytest.mark.shows("eventBasedGateway", "intermediateCatchEvent/messageEventDefinition")
def test_of_the_events_behind_an_event_based_gateway_the_first_wins():
    nodes = (race("g"), catch("m", message("paid")), catch("t", duration("P1D")), user("a"), user("b"))
    source = diagram(*nodes, "start g m a end", "g t b end")
    play = Play(source)
    assert play.deliver("paid").open == ["a"]
    assert play.step.timers == ()
    play = Play(source).wake(days=1)
    assert play.open == ["b"]
    assert play.step.waiting == ()


# Sub-processes


@pytest.mark.shows("subProcess")
def test_a_sub_process_ends_when_no_token_is_left_in_it():
    inner = sub("s", start("s0"), parallel("f"), user("a"), user("b"), end("s1"), "s0 f a s1", "f b s1")
    play = Play(diagram(inner, user("c")))
    assert [(each.node, each.path) for each in play.step.open_tasks] == [("a", ("s",)), ("b", ("s",))]
    assert [each.kind for each in play.step.active] == ["subprocess", "user", "user"]
    assert play.complete("a").complete("b").open == ["c"]


@pytest.mark.shows("endEvent/terminateEventDefinition")
def test_a_terminate_end_event_ends_its_scope_and_nothing_else():
    inner = sub("s", start("s0"), parallel("f"), user("a"), user("b"), terminate("s1"), "s0 f a s1", "f b s1")
    play = Play(diagram(parallel("g"), inner, user("c"), user("d"), "start g s c end", "g d end"))
    play.complete("a")
    assert play.happened("cancelled") == ["b"]
    assert play.open == ["d", "c"]


def test_a_terminate_end_event_of_the_process_ends_the_proceeding():
    inner = sub("s", start("s0"), user("a"), end("s1"), "s0 a s1")
    play = Play(diagram(parallel("g"), inner, user("c"), terminate(), "start g s end", "g c stop"))
    play.complete("c")
    assert play.ended
    assert play.step.open_tasks == ()
    assert set(play.happened("cancelled")) == {"s", "a"}


def test_what_a_sub_process_sets_is_seen_outside():
    inner = sub("s", start("s0"), script("x", "{'n': n + 1, 'm': 1}"), end("s1"), "s0 x s1")
    assert Play(diagram(inner), n=1).variables == {"n": 2, "m": 1}


# Called processes


@pytest.mark.shows("@calledElement", "callActivity")
def test_a_called_process_gets_a_copy_and_gives_back_what_it_wrote():
    called = process("q", start(), user("b"), script("x", "{'n': n + 1}"), end(), "start b x end")
    caller = process("p", start(), call("c", "q"), user("a"), end(), "start c a end")
    play = Play(files(caller, called), n=1, kept=1)
    assert [(each.node, each.process, each.path) for each in play.step.open_tasks] == [("b", "q", ("c",))]
    assert play.complete("b", m=5).variables == {"n": 2, "m": 5, "kept": 1}


def test_a_called_process_does_not_touch_the_caller_while_it_runs():
    called = process("q", start(), script("x", "{'n': n + 1}"), user("b"), end(), "start x b end")
    caller = process("p", start(), call("c", "q"), end(), "start c end")
    play = Play(files(caller, called), n=1)
    assert play.variables == {"n": 1}
    assert play.complete("b").variables == {"n": 2}


@pytest.mark.shows("callActivity//wz:input", "callActivity//wz:output")
def test_with_a_mapping_only_what_is_named_goes_in_and_out():
    called = process("q", start(), script("x", "{'r': a * 2, 'seen': has(vars.secret)}"), end(), "start x end")
    caller = process(
        "p", start(), call("c", "q", inputs={"a": "n + 1"}, outputs={"got": "r", "saw": "seen"}), end(), "start c end"
    )
    assert Play(files(caller, called), n=1, secret=1).variables == {"n": 1, "secret": 1, "got": 4, "saw": False}


# Boundary events


@pytest.mark.shows("@attachedToRef", "boundaryEvent", "boundaryEvent/timerEventDefinition")
def test_an_interrupting_boundary_event_cancels_the_task():
    nodes = (user("a"), boundary("t", "a", duration("P1D")), user("b"), user("c"))
    play = Play(diagram(*nodes, "start a b end", "t c end"))
    timer = play.timer("t")
    assert timer.attached == play.tasks("a")[0].id
    assert timer.interrupting
    assert play.wake(days=1).open == ["c"]
    assert play.says()[:3] == [("fired", "t"), ("cancelled", "a"), ("completed", "t")]


def test_a_task_that_completes_cancels_its_boundary_events():
    nodes = (user("a"), boundary("t", "a", duration("P1D")), user("b"), user("c"))
    play = Play(diagram(*nodes, "start a b end", "t c end")).complete("a")
    assert play.step.timers == ()
    assert play.happened("cancelled") == ["t"]
    assert play.wake(days=2).open == ["b"]


@pytest.mark.shows("@cancelActivity")
def test_a_non_interrupting_boundary_event_leaves_the_task_open():
    nodes = (user("a"), boundary("t", "a", duration("P1D"), interrupting=False), user("b"), user("c"))
    play = Play(diagram(*nodes, "start a b end", "t c end")).wake(days=1)
    assert play.open == ["a", "c"]
    assert play.step.timers == ()
    assert not play.complete("a").complete("b").ended
    assert play.complete("c").ended


@pytest.mark.shows("boundaryEvent/messageEventDefinition")
def test_a_non_interrupting_message_is_taken_again_and_again():
    nodes = (user("a"), boundary("m", "a", message("news"), interrupting=False), user("b"))
    play = Play(diagram(*nodes, "start a end", "m b end")).deliver("news").deliver("news")
    assert play.open == ["a", "b", "b"]
    assert play.step.taken
    play.complete("a")
    assert not play.deliver("news").step.taken


def test_an_interrupting_boundary_event_of_a_sub_process_cancels_everything_in_it_at_once():
    inner = sub(
        "s", start("s0"), throw("m", message("stop")), script("x", "{'ran': true}"), user("a"), end("s1"), "s0 m x a s1"
    )
    play = Play(diagram(inner, boundary("b", "s", message("stop")), user("c"), "start s end", "b c end"))
    assert play.open == ["c"]
    assert "ran" not in play.variables
    assert play.step.messages == ()


def test_a_boundary_event_of_a_called_process_cancels_it():
    called = process("q", start(), user("b"), end(), "start b end")
    caller = process(
        "p", start(), call("c", "q"), boundary("t", "c", duration("PT1H")), user("a"), end(), "start c end", "t a end"
    )
    play = Play(files(caller, called), n=1).wake(hours=1)
    assert play.open == ["a"]
    assert [each.node for each in play.step.active] == ["a"]


# Multi-instance


@pytest.mark.shows(
    "@isSequential",
    "@wz:collection",
    "@wz:element",
    "@wz:output",
    "@wz:outputElement",
    "multiInstanceLoopCharacteristics",
)
def test_a_parallel_multi_instance_opens_one_task_per_item():
    loop = many(collection="parties", element="party", output="votes", outputElement="vote")
    play = Play(diagram(user("a", loop)), parties=["x", "y"])
    assert [task.locals for task in play.tasks("a")] == [
        {"loopCounter": 0, "party": "x", "vote": None},
        {"loopCounter": 1, "party": "y", "vote": None},
    ]
    play.complete("a", 1, vote="no").complete("a", vote="yes")
    assert play.variables == {"parties": ["x", "y"], "votes": ["yes", "no"]}
    assert play.ended


@pytest.mark.shows("@isSequential", "loopCardinality", "multiInstanceLoopCharacteristics")
def test_a_sequential_multi_instance_opens_one_after_the_other():
    play = Play(diagram(user("a", many("n", sequential=True))), n=2)
    assert [task.locals for task in play.tasks("a")] == [{"loopCounter": 0}]
    play.complete("a")
    assert [task.locals for task in play.tasks("a")] == [{"loopCounter": 1}]
    assert play.complete("a").ended


def test_a_multi_instance_without_items_is_done_at_once():
    play = Play(diagram(user("a", many(collection="parties", output="votes", outputElement="vote"))), parties=[])
    assert play.ended
    assert play.variables == {"parties": [], "votes": []}


@pytest.mark.shows("completionCondition")
def test_a_completion_condition_ends_the_rest():
    loop = many(
        "3", until="nrOfCompletedInstances >= 2 && votes.all(v, v == 'yes')", output="votes", outputElement="vote"
    )
    play = Play(diagram(user("a", loop), user("b")))
    play.complete("a", vote="yes").complete("a", vote="yes")
    assert play.open == ["b"]
    assert play.happened("cancelled") == ["a"]
    assert play.variables == {"votes": ["yes", "yes"]}


def test_a_script_in_a_multi_instance_writes_its_own_output():
    play = Play(
        diagram(
            script("s", "{'r': item * 2}", many(collection="[1, 2]", element="item", output="rs", outputElement="r"))
        )
    )
    assert play.variables == {"rs": [2, 4]}


def test_a_sub_process_per_item_has_variables_of_its_own():
    loop = many(collection="xs", element="x", output="ys", outputElement="y")
    inner = sub("s", loop, start("s0"), user("a"), script("w", "{'y': x + n}"), end("s1"), "s0 a w s1")
    play = Play(diagram(inner), xs=[10, 20])
    assert [task.locals["x"] for task in play.tasks("a")] == [10, 20]
    play.complete("a", 1, n=1).complete("a", n=2)
    assert play.variables == {"xs": [10, 20], "ys": [12, 21], "n": 2}


def test_a_called_process_per_item_gives_back_its_result():
    called = process("q", start(), script("w", "{'y': x * x}"), end(), "start w end")
    loop = many(collection="xs", element="x", output="ys", outputElement="y")
    caller = process("p", start(), call("c", "q", loop, inputs={"x": "x"}, outputs={"y": "y"}), end(), "start c end")
    assert Play(files(caller, called), xs=[2, 3]).variables == {"xs": [2, 3], "ys": [4, 9]}


def test_a_boundary_event_of_a_multi_instance_cancels_all_instances():
    inner = sub("s", many("2"), start("s0"), user("a"), end("s1"), "s0 a s1")
    play = Play(diagram(inner, boundary("t", "s", duration("PT1H")), user("b"), "start s end", "t b end"))
    assert play.open == ["a", "a"]
    assert play.timer("t").attached == play.step.active[0].id
    assert play.wake(hours=1).open == ["b"]


# Messages


@pytest.mark.shows(
    "endEvent/messageEventDefinition", "intermediateThrowEvent", "intermediateThrowEvent/messageEventDefinition"
)
def test_a_message_thrown_goes_out_where_nobody_inside_waits():
    play = Play(
        diagram(
            throw("m", message("told"), wz_payload="x"),
            end("bye", message("gone")),
            parallel("g"),
            "start g m end",
            "g bye",
        ),
        x=[1],
    )
    assert [(each.name, each.payload, each.node) for each in play.step.messages] == [
        ("told", [1], "m"),
        ("gone", None, "bye"),
    ]


@pytest.mark.shows("@wz:payload")
def test_a_payload_goes_to_the_variable_named_and_nowhere_else():
    play = Play(diagram(catch("m", message("news"), wz_payload="got"), user("a")), owner="me")
    play.deliver("news", {"owner": "thief"})
    assert play.variables == {"owner": "me", "got": {"owner": "thief"}}


def test_a_message_nobody_waits_for_changes_nothing():
    play = Play(diagram(user("a")))
    before = play.step.snapshot
    assert not play.deliver("news").step.taken
    assert play.step.snapshot == before


def test_a_message_may_be_addressed_to_one_who_waits():
    play = Play(diagram(user("a", many("2")), boundary("m", "a", message("back")), user("b"), "start a end", "m b end"))
    second = Play(
        diagram(
            parallel("g"),
            catch("m", message("x")),
            catch("n", message("x")),
            user("a"),
            user("b"),
            "start g m a end",
            "g n b end",
        )
    )
    assert second.deliver("x", to=second.step.waiting[1].id).open == ["b"]
    assert not play.deliver("back", to="t999-00000000").step.taken
