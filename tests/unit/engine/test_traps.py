"""What the library under us does silently wrong, and that it does not happen here. One test per trap."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta

import pytest

from engine import machine
from engine.decisions import decide
from engine.errors import (
    DecisionRefused,
    DiagramRefused,
    ExpressionFailed,
    OperationFailed,
    SnapshotRefused,
    TaskNotOpen,
)
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    compensation,
    date,
    definitions,
    diagram,
    duration,
    element,
    end,
    error,
    escalation,
    exclusive,
    files,
    handler,
    inclusive,
    lanes,
    many,
    message,
    parallel,
    process,
    race,
    script,
    service,
    signal,
    start,
    sub,
    task,
    terminate,
    throw,
    user,
)
from tests.unit.engine.playing import DAWN, Play, load, refusals
from tests.unit.engine_rules.tables import table


def rework(*inner: str, chain: str, **words: str) -> bytes:
    nodes = (exclusive("again"), *inner, exclusive("enough", default="enough.again"))
    return diagram(*nodes, f"start again {chain} enough", "enough -[done]-> end", "enough again", **words)


def test_01_a_long_case_goes_on():
    play = Play(rework(user("a"), chain="a"), done=False)
    for _ in range(1_200):
        play.complete("a")
        play.history.clear()
        assert play.open == ["a"]
        assert not play.ended
    assert play.complete("a", done=True).ended


def test_02_a_loop_with_a_parallel_join_goes_on():
    play = Play(rework(parallel("s"), user("a"), user("b"), parallel("j"), "s b j", chain="s a j"), done=False)
    for _ in range(600):
        play.complete("a").complete("b")
        play.history.clear()
    assert sorted(play.open) == ["a", "b"]


def test_02_three_thousand_rounds_with_a_parallel_and_an_inclusive_join_a_multi_instance_and_a_sub_process():
    nodes = (
        *(exclusive("again"), parallel("s"), user("a"), user("b"), parallel("j"), "start again s a j i", "s b j"),
        *(inclusive("i"), user("c"), user("d"), inclusive("k"), "i -[true]-> c", "i -[true]-> d", "c k", "d k"),
        *(user("m", many("2")), sub("q", start("q0"), user("e"), end("q1"), "q0 e q1"), "k m q enough"),
        *(exclusive("enough", default="enough.again"), "enough -[done]-> end", "enough again"),
    )
    play = Play(diagram(*nodes), done=False)
    one_round, sizes = ["a", "b", "c", "d", "m", "m", "e"], []
    for _ in range(3_000):
        for node in one_round:
            play.complete(node)
        assert play.happened("completed") == ["e", "q1", "q", "enough", "again", "s"]
        play.history.clear()
        sizes.append(len(play.step.snapshot))
    assert max(sizes) < sizes[0] + 40, "only the numbers of the tokens grow"
    for node in one_round[:-1]:
        play.complete(node)
    assert play.complete("e", done=True).ended


def test_02_a_long_chain_loads_and_runs():
    assert Play(diagram(*[task(f"t{n}") for n in range(5_000)])).ended
    play = Play(diagram(*[(task if n % 10 else user)(f"t{n}") for n in range(5_000)]))
    for number in range(0, 5_000, 10):
        play.complete(f"t{number}")
    assert play.ended


@pytest.mark.parametrize("definition", [error("E1"), escalation("U1"), signal("x"), message("x")])
def test_03_and_04_event_sub_processes_wait_until_they_are_triggered_and_interrupt(definition):
    inside = sub(
        "s", start("s0"), user("a"), end("s1"), "s0 a s1", handler("e", definition, user("b"), end("f"), "e0 b f")
    )
    play = Play(diagram(inside, user("z"), "start s z end"))
    assert play.open == ["a"]
    if "message" in definition or "signal" in definition:
        assert play.deliver("x").open == ["b"]
        assert play.complete("b").open == ["z"]


@pytest.mark.parametrize(
    "node",
    [
        throw("a", '<compensateEventDefinition activityRef="nobody"/>'),
        throw("a", '<linkEventDefinition name="x"/>'),
        catch("a", '<linkEventDefinition name="x"/>'),
        catch("a", "<eventDefinitionRef>x</eventDefinitionRef>"),
        user("a", startQuantity="0"),
        user("a", completionQuantity="-1"),
        user(
            "a",
            element("multiInstanceLoopCharacteristics", None, "<loopCardinality>2</loopCardinality>", behavior="None"),
        ),
        user("a", many("-1")),
    ],
)
def test_05_what_would_be_passed_through_without_a_word_is_refused(node):
    with pytest.raises(DiagramRefused):
        load(diagram(node))


def test_05_a_signal_end_event_is_refused():
    with pytest.raises(DiagramRefused):
        load(diagram(user("a"), end("b", "<signalEventDefinition/>"), "start a b", "a end"))


@pytest.mark.parametrize("definition", [message("x"), duration("PT0S")])
def test_06_a_boundary_event_interrupts_before_anything_else_runs(definition):
    inside = (throw("m", message("x")), script("s", "{'ran': true}"))
    inner = sub("s1", start("a0"), user("u"), *inside, end("e0"), "a0 u m s e0")
    play = Play(diagram(inner, boundary("b", "s1", definition), user("c"), "start s1 end", "b c end"))
    play = play.complete("u") if "message" in definition else play.wake()
    assert play.open == ["c"]
    assert "ran" not in play.variables


def test_07_timers_after_one_event_based_gateway_do_not_share_a_moment():
    nodes = (race("g"), catch("t", duration("PT2H")), catch("u", duration("PT1H")), user("a"), user("b"))
    play = Play(diagram(*nodes, "start g t a end", "g u b end"))
    assert len({timer.due for timer in play.step.timers}) == 2
    assert play.wake(hours=1).open == ["b"]


def test_08_only_an_open_task_is_run():
    play = Play(diagram(user("a"), user("b")))
    done = play.step.open_tasks[0].id
    play.complete("a")
    with pytest.raises(TaskNotOpen):
        play.finish(done)


def test_09_a_join_merges_nothing_and_undoes_nothing():
    source = diagram(parallel("s"), user("a"), user("b"), parallel("j"), user("c"), "start s a j c end", "s b j")
    first = Play(source, status="open", seen=[1, 2])
    first.complete("a", status="approved", seen=[2]).complete("b")
    assert first.variables == {"status": "approved", "seen": [2]}
    last = Play(source, status="open", seen=[1, 2])
    last.complete("b").complete("a", status="approved", seen=[2])
    assert last.variables == first.variables


def test_10_history_is_not_rewritten():
    play = Play(diagram(user("a"), user("b"), user("c")), nested={"x": 1})
    first = play.step
    play.complete("a", nested={"x": 2}).complete("b", nested={"x": 3})
    assert first.variables == {"nested": {"x": 1}}
    assert machine.look(play.definition, first.snapshot, now=DAWN).variables == {"nested": {"x": 1}}


@pytest.mark.parametrize("name", ["Start", "End", "p.EndJoin", "Root", "root", "s.EndJoin"])
def test_11_ids_that_the_library_uses_itself_are_ids_like_others(name):
    inner = sub("s", start("a0"), user(name), end("e0"), f"a0 {name} e0")
    for source in (diagram(user(name), user("b")), diagram(inner)):
        play = Play(source)
        assert play.open == [name]
        assert (play.complete(name).open or ["b"]) == ["b"]
    play = Play(definitions(process("p", start("Start"), user("a"), end("End"), "Start a End")))
    assert play.complete("a").ended


def test_12_sub_processes_of_two_processes_may_have_the_same_id():
    called = process(
        "q", start(), sub("s", start("a0"), user("theirs"), end("e0"), "a0 theirs e0"), end(), "start s end"
    )
    inner = sub("s", start("a0"), user("ours"), end("e0"), "a0 ours e0")
    caller = process("p", start(), inner, call("c", "q"), end(), "start s c end")
    play = Play(files(caller, called))
    assert play.open == ["ours"]
    assert play.complete("ours").open == ["theirs"]


def test_13_every_finding_is_told_and_not_only_the_first():
    source = diagram(element("adHocSubProcess", "a"), user("b", startQuantity="x"), throw("c", compensation("nobody")))
    assert len(refusals(source)) == 3


def test_14_an_error_leaves_the_stored_state_as_it_was():
    def fail() -> None:
        raise OSError("away")

    play = Play(diagram(user("a"), service("s", "fail")), services={"fail": fail})
    before = play.step.snapshot
    with pytest.raises(OperationFailed):
        play.complete("a")
    assert machine.look(play.definition, before, now=DAWN).open_tasks[0].node == "a"


def test_15_a_multi_instance_by_number_may_write_a_list_that_exists():
    play = Play(diagram(user("a", many("2", output="xs", outputElement="x"))), xs=[0])
    assert play.complete("a", x=1).complete("a", x=2).variables["xs"] == [1, 2]


def test_15_an_io_specification_links_what_is_taken_and_given():
    io = (
        '<ioSpecification><dataInput id="i" name="x"/><dataOutput id="o" name="y"/>'
        "<inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet><dataOutputRefs>o</dataOutputRefs></outputSet>"
        "</ioSpecification><dataInputAssociation><sourceRef>d</sourceRef><targetRef>i</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>o</sourceRef><targetRef>d</targetRef></dataOutputAssociation>"
    )
    nodes = ('<dataObject id="d" name="n"/>', script("s", "{'y': x + 1}", io))
    assert Play(diagram(*nodes, "start s end"), n=1).variables == {"n": 2}


def test_16_what_is_due_is_decided_by_the_argument():
    past, future = datetime(1990, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)
    for now in (past, future):
        play = Play(diagram(catch("t", duration("P1D")), user("a")), now=now)
        assert play.wake(hours=23).open == []
        assert play.wake(hours=1).open == ["a"]
        assert {each.at for each in play.step.trace} == {now + timedelta(days=1)}


def test_17_a_timer_fires_at_its_moment_and_everything_behind_it_runs():
    play = Play(diagram(catch("t", duration("PT1H")), script("s", "{'x': 1}"), throw("m", message("y")), user("a")))
    play.wake(hours=1)
    assert play.open == ["a"]
    assert play.variables == {"x": 1}
    assert [each.name for each in play.step.messages] == ["y"]


def test_18_a_month_is_a_month_and_a_moment_has_a_zone():
    play = Play(diagram(catch("t", duration("P1M"))), now=datetime(2026, 1, 31, tzinfo=UTC))
    assert play.step.timers[0].due.date().isoformat() == "2026-02-28"
    assert refusals(diagram(catch("t", date("2026-05-01T00:00:00")))) == ["timer-malformed"]


def test_19_a_bare_duration_is_one_and_a_malformed_one_is_found_at_load():
    assert Play(diagram(catch("t", duration("PT2M")), user("a"))).wake(minutes=2).open == ["a"]
    assert refusals(diagram(catch("t", duration("PT2X")))) == ["timer-malformed"]


def test_20_every_due_moment_is_told_so_that_it_can_be_indexed():
    play = Play(diagram(user("a"), boundary("t", "a", duration("PT1H")), "start a end", "t end"))
    assert [timer.due for timer in play.step.timers] == [DAWN + timedelta(hours=1)]


def test_21_a_snapshot_whose_keys_were_put_in_another_order_is_refused():
    play = Play(diagram(user("a")), b=1, a=2)
    with pytest.raises(SnapshotRefused):
        machine.look(play.definition, play.step.snapshot.replace(b'"b":1,"a":2', b'"a":2,"b":1'), now=DAWN)


def test_22_and_23_a_snapshot_does_not_grow_with_the_length_of_the_case():
    inner = sub(
        "q",
        start("a0"),
        inclusive("i", default="i.b"),
        user("b"),
        user("c"),
        inclusive("k"),
        end("e0"),
        "a0 i",
        "i -[true]-> c",
        "i b",
        "b k e0",
        "c k",
    )
    nodes = (
        inner,
        boundary("t", "q", duration("P999D")),
        parallel("s"),
        user("d"),
        parallel("j"),
        user("m", many("3")),
        end("e"),
        "s d j",
        "t e",
    )
    play = Play(rework(*nodes, chain="q s m j"), done=False)
    sizes = []
    for _ in range(400):
        play.complete(play.open[0])
        play.history.clear()
        sizes.append(len(play.step.snapshot))
    assert max(sizes[200:]) <= max(sizes[:100]) + 20  # a few digits more in the numbers of tokens


def test_24_the_diagram_is_not_in_the_snapshot():
    short, long_ = (
        Play(diagram(user("a"))),
        Play(diagram(user("a"), *[user(f"x{n}", name="a long name") for n in range(500)])),
    )
    assert abs(len(short.step.snapshot) - len(long_.step.snapshot)) < 10


def test_25_what_is_known_once_is_kept_once_however_many_tokens_there_are():
    source = diagram(user("a", many("n")))
    one, many_ = (Play(source, n=n, bulk="x" * 100_000).step.snapshot for n in (1, 100))
    assert len(many_) - len(one) < 10_000


def test_26_and_28_no_python_of_a_diagram_is_run_before_or_after_storing():
    for source in ("{'x': __import__('os').getcwd()}", "{'x': [].__class__}", "{'x': open('/etc/passwd')}"):
        with pytest.raises((DiagramRefused, ExpressionFailed)):
            Play(diagram(script("s", source))).complete("a")
        with pytest.raises((DiagramRefused, ExpressionFailed)):
            Play(diagram(user("a"), script("s", source))).complete("a")


def test_27_a_newer_snapshot_is_refused():
    play = Play(diagram(user("a")))
    with pytest.raises(SnapshotRefused, match="format 3"):
        machine.look(play.definition, play.step.snapshot.replace(b'{"wenze":2', b'{"wenze":3'), now=DAWN)


def test_29_the_real_error_is_told():
    def fail() -> None:
        raise ValueError(404)

    with pytest.raises(OperationFailed, match="ValueError: 404") as failed:
        Play(diagram(service("s", "fail")), services={"fail": fail})
    assert isinstance(failed.value.__cause__, ValueError)


def test_30_hit_policies_aggregations_and_cells_mean_what_dmn_says():
    rows = ["[1..5] | 1", "3 | 2", "not(9) | 3"]
    results = {
        policy: decide(table(["n: integer"], ["r: integer = 3, 2, 1"], rows, policy=policy), {"n": 3}).result
        for policy in ("FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT", "COLLECT+SUM", "COLLECT+MIN")
    }
    assert list(results.values()) == [1, 3, [1, 2, 3], [3, 2, 1], [1, 2, 3], 6, 1]
    words = table(["w: string"], ["r: integer"], ['"a","b" | 1', 'not("a","b") | 2'])
    assert [decide(words, {"w": word}).result for word in "abc"] == [1, 1, 2]
    with pytest.raises(DecisionRefused):
        table(["n: integer"], ["r: integer"], rows, policy="UNIQUE")


def test_31_a_message_writes_only_where_the_diagram_says():
    play = Play(diagram(catch("m", message("x")), user("a")), owner="me").deliver("x", {"owner": "thief"})
    assert play.variables == {"owner": "me"}


def test_32_a_proceeding_is_not_carried_over_to_another_version_without_a_word():
    play = Play(diagram(user("a"), user("b")))
    with pytest.raises(SnapshotRefused, match="another definition"):
        machine.look(load(diagram(user("a"), user("c"))), play.step.snapshot, now=DAWN)


def test_33_lanes_and_extensions_arrive_on_tasks():
    drawn = (lanes(clerk="a"), start(), user("a", wz_form="F", camunda_candidateGroups="g"), terminate("end"))
    task_ = Play(definitions(process("p", *drawn, "start a end"))).step.open_tasks[0]
    assert task_.lane == "clerk"
    assert dict(task_.extensions) == {"form": "F", "candidateGroups": "g"}


def test_every_row_of_the_traps_has_a_test():
    numbers = {
        int(number) for name in globals() if name.startswith("test_") for number in re.findall(r"_(\d\d)_", name)
    }
    assert numbers == set(range(1, 34))


def test_no_recursion_limit_is_near():
    """Everything above, and this, under a limit far below the usual one."""
    depth = len_of_stack() + 150
    limit = sys.getrecursionlimit()
    inner = user("deepest")
    for level in range(40):
        name = "deepest" if level == 0 else f"s{level - 1}"
        inner = sub(f"s{level}", start(f"a{level}"), inner, end(f"e{level}"), f"a{level} {name} e{level}")
    chain = diagram(*[task(f"t{n}") for n in range(3_000)])
    loop = rework(parallel("s"), user("a"), user("b"), parallel("j"), "s b j", chain="s a j")
    sys.setrecursionlimit(depth)
    try:
        assert Play(chain).ended
        play = Play(loop, done=False)
        for _ in range(100):
            play.complete("a").complete("b")
    finally:
        sys.setrecursionlimit(limit)
    assert Play(diagram(inner)).complete("deepest").ended


def len_of_stack() -> int:
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    return depth
