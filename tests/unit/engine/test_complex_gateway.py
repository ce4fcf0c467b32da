"""Complex gateways: when enough tokens have come, what happens to the rest, and each round anew."""

from __future__ import annotations

import pytest

from engine.errors import ExpressionFailed, ProceedingStuck
from tests.unit.engine.drawing import (
    boundary,
    catch,
    complex_,
    condition,
    definitions,
    diagram,
    end,
    exclusive,
    inclusive,
    message,
    parallel,
    process,
    script,
    signal,
    start,
    sub,
    terminate,
    user,
)
from tests.unit.engine.playing import Play, findings, load, refusals


def of_three(activation: str, *ways: str, more: tuple[str, ...] = (), **words: object) -> bytes:
    """Three people side by side before a complex gateway; behind it `z`, or the ways given."""
    nodes = (parallel("split"), user("a"), user("b"), user("d"), complex_("c", activation, **words), user("z"), *more)
    chains = ("start split", "split a c", "split b c", "split d c", *(ways or ("c z end",)))
    return diagram(*nodes, *chains)


# Waiting for the start


@pytest.mark.shows("complexGateway", "activationCondition")
def test_the_gateway_is_activated_as_soon_as_its_condition_holds():
    play = Play(of_three("activationCount >= 2")).complete("a")
    assert play.open == ["b", "d"]
    assert play.complete("b").open == ["d", "z"]
    assert play.happened("completed") == ["b", "c"]


def test_the_rest_resets_the_gateway_and_nothing_more_leaves_it():
    play = Play(of_three("activationCount >= 2")).complete("a").complete("b")
    assert play.complete("d").open == ["z"]
    assert play.happened("completed") == ["d"]
    assert play.complete("z").ended


def test_the_rest_is_waited_for_before_the_proceeding_ends():
    play = Play(of_three("activationCount >= 1")).complete("a").complete("z")
    assert (play.open, play.ended) == (["b", "d"], False)
    assert play.complete("b").complete("d").ended


@pytest.mark.parametrize("order", ["abd", "dba", "bad"])
def test_all_of_them_may_be_asked_for(order):
    play = Play(of_three("activationCount >= 3"))
    for node in order:
        assert "z" not in play.open
        play.complete(node)
    assert play.open == ["z"]
    assert play.complete("z").ended


def test_the_condition_may_ask_the_variables_and_is_asked_again_when_one_is_written():
    source = of_three("activationCount >= 1 && urgent")
    play = Play(source, urgent=False).complete("a")
    assert play.open == ["b", "d"]
    assert play.complete("b", urgent=True).open == ["d", "z"]
    other = Play(diagram(parallel("s"), user("a"), user("x"), complex_("c", "urgent"), user("z"),
                         "start s a c z end", "s x end"), urgent=False).complete("a")  # fmt: skip
    assert other.open == ["x"]
    assert other.complete("x", urgent=True).open == ["z"]


def test_the_condition_is_not_asked_before_a_token_has_come():
    play = Play(of_three("unknown > 1"))
    with pytest.raises(ExpressionFailed, match="c: the expression “unknown > 1” failed"):
        play.complete("a")


def test_tokens_that_are_never_enough_are_told_as_a_deadlock():
    play = Play(of_three("activationCount >= 4")).complete("a").complete("b").complete("d")
    assert play.step.failed.code == "deadlock"
    assert play.step.failed.node == "c"


# Conditions on the ways out


@pytest.mark.shows("@default")
def test_conditions_choose_as_behind_an_inclusive_gateway_and_the_default_where_none_holds():
    ways = ("c -[n > 1]-> z", "c -[n > 2]-> y", "c w end", "z end", "y end")
    for n, taken in ((0, ["w"]), (2, ["z"]), (3, ["z", "y"])):
        source = of_three("activationCount >= 3", *ways, more=(user("y"), user("w")), default="c.w")
        # All have come at once, so the reset follows at once, and the conditions that do not ask the state hold again.
        assert Play(source, n=n).complete("a").complete("b").complete("d").open == taken * 2


def test_a_condition_says_whether_it_is_for_the_start_or_for_the_reset():
    ways = ("c -[waitingForStart]-> z", "c -[!waitingForStart]-> y", "z end", "y end")
    play = Play(of_three("activationCount >= 2", *ways, more=(user("y"),))).complete("a").complete("b")
    assert play.open == ["d", "z"]
    assert play.happened("taken") == ["b.c", "c.z"]
    play.complete("d")
    assert play.open == ["z", "y"]
    assert play.happened("taken") == ["d.c", "c.y"]
    assert play.complete("z").complete("y").ended


def test_no_way_at_the_start_is_an_error_and_at_the_reset_is_none():
    ways = ("c -[waitingForStart && n > 1]-> z", "c -[waitingForStart && n > 2]-> y", "z end", "y end")
    source = of_three("activationCount >= 2", *ways, more=(user("y"),))
    assert Play(source, n=3).complete("a").complete("b").complete("d").open == ["z", "y"]
    with pytest.raises(ProceedingStuck, match="c: no condition holds, and there is no default flow"):
        Play(source, n=0).complete("a").complete("b")


def test_one_that_only_splits_chooses_once():
    nodes = (user("a"), complex_("c", default="c.y"), user("z"), user("y"))
    source = diagram(*nodes, "start a c", "c -[n > 1]-> z", "c y end", "z end")
    assert Play(source, n=2).complete("a").open == ["z"]
    assert Play(source, n=0).complete("a").open == ["y"]


# What may still come


def test_a_way_on_which_nothing_may_come_is_not_waited_for():
    """As at an inclusive join: a branch that ended elsewhere does not hold the reset up."""
    nodes = (parallel("split"), user("a"), user("b"), exclusive("g", default="g.out"), end("out"),
             complex_("c", "activationCount >= 1"), user("z"))  # fmt: skip
    ways = ("c -[waitingForStart]-> z", "c -[!waitingForStart]-> end", "z end")
    source = diagram(*nodes, "start split", "split a c", "split b g out", "g -[n > 1]-> c", *ways)
    play = Play(source, n=0).complete("a")
    assert play.open == ["b", "z"]
    assert play.complete("b").happened("taken") == ["b.g", "g.out", "c.end"]
    assert play.complete("z").ended


def test_a_branch_that_is_interrupted_is_not_waited_for():
    nodes = (parallel("split"), user("a"), user("b"), boundary("m", "b", message("stop")), end("out"),
             complex_("c", "activationCount >= 1"), user("z"), user("y"))  # fmt: skip
    ways = ("c -[waitingForStart]-> z", "c -[!waitingForStart]-> y", "z end", "y end", "m out")
    play = Play(diagram(*nodes, "start split", "split a c", "split b c", *ways)).complete("a")
    assert play.deliver("stop").open == ["z", "y"]


def test_a_way_by_which_a_token_has_come_in_this_round_keeps_the_next_for_the_next_round():
    nodes = (
        user("a", completionQuantity="2"),
        parallel("split"),
        user("b"),
        complex_("c", "activationCount >= 1"),
        user("z"),
    )
    source = diagram(*nodes, "start split", "split a c z end", "split b c")
    play = Play(source).complete("a")
    assert play.open == ["b", "z"]  # the second token waits for the next round
    play.complete("b")
    assert play.open == ["z", "z"]
    assert play.complete("z").complete("z").ended


def test_a_token_that_could_also_come_where_one_has_come_is_not_waited_for():
    """The path to a flow by which a token was consumed rules it out, as the standard says."""
    nodes = (parallel("split"), user("a"), user("x"), exclusive("g", default="g.a2"), user("a2"), user("b"),
             exclusive("m"), complex_("c", "activationCount >= 1"), user("z"), user("y"))  # fmt: skip
    ways = ("start split", "split a m c", "split x g a2 m", "g -[n > 1]-> b", "b c",
            "c -[waitingForStart]-> z", "c -[!waitingForStart]-> y", "z end", "y end")  # fmt: skip
    play = Play(diagram(*nodes, *ways), n=0).complete("a")
    # x may come by m as well as by b: it is not waited for, so the gateway is reset at once.
    assert play.open == ["x", "z", "y"]


# Rounds


def looping(rounds: int) -> bytes:
    nodes = (exclusive("again"), parallel("split"), user("a"), user("b"), user("d"),
             complex_("c", "activationCount >= 2"), user("z"), script("count", "{'n': n + 1}"),
             exclusive("g", default="g.end"))  # fmt: skip
    ways = ("start again split", "split a c", "split b c", "split d c", "c z count g end", f"g -[n < {rounds}]-> again")
    return diagram(*nodes, *ways)


def test_each_round_begins_anew():
    play = Play(looping(3), n=0)
    for number in range(3):
        play.complete("a").complete("b")
        assert play.open == ["d", "z"]
        play.complete("d").complete("z")
        assert play.variables == {"n": number + 1}
    assert play.ended


def test_what_is_late_counts_for_the_round_it_comes_in():
    """The gateway is reset before it is activated again, however far the rest lags behind."""
    play = Play(looping(2), n=0).complete("a").complete("b").complete("z")
    assert play.open == ["d", "a", "b", "d"]
    play.complete("a").complete("b")
    assert play.open == ["d", "d"]  # two have come again, but the gateway still waits for its reset
    play.complete("d")
    assert play.open == ["d", "z"]
    assert play.complete("d").complete("z").ended


def test_a_hundred_rounds_leave_nothing_behind():
    play = Play(looping(101), n=0)
    size = len(play.step.snapshot)
    for _ in range(100):
        play.complete("a").complete("b").complete("d").complete("z")
    assert len(play.step.snapshot) < size + 40


def test_rounds_in_several_instances_do_not_mix():
    inner = (start("s0"), parallel("split"), user("a"), user("b"), complex_("c", "activationCount >= 1"), user("z"),
             end("s9"), "s0 split", "split a c", "split b c", "c z s9")  # fmt: skip
    several = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    play = Play(diagram(sub("s", several, *inner))).complete("a", 0)
    assert sorted(play.open) == ["a", "b", "b", "z"]
    assert sorted(play.complete("b", 1).open) == ["a", "b", "z", "z"]


def test_terminating_does_not_wait_for_the_rest():
    nodes = (parallel("split"), user("a"), user("b"), complex_("c", "activationCount >= 1"))
    source = definitions(process("p", start(), *nodes, terminate(), "start split", "split a c", "split b c", "c stop"))
    assert Play(source).complete("a").ended


def test_it_is_kept_between_any_two_steps_with_what_else_waits():
    ways = ("c -[waitingForStart]-> z", "c -[!waitingForStart]-> y", "z end", "y end")
    events = (catch("e", signal("go")), catch("f", condition("n > 1")))
    source = of_three("activationCount >= 2", *ways, "split e c", "split f z", more=(user("y"), *events))
    play = Play(source, n=0).complete("a").signal("go")
    assert play.open == ["b", "d", "z"]
    assert play.complete("b", n=2).complete("d").open == ["z", "z", "y"]


def test_an_inclusive_join_behind_it_waits_for_what_the_gateway_may_still_get():
    nodes = (parallel("split"), user("a"), user("b"), complex_("c", "activationCount >= 1"), parallel("out"),
             user("x"), inclusive("j"), user("z"))  # fmt: skip
    ways = ("start split", "split a c", "split b c", "c out", "out j z end", "out x j")
    play = Play(diagram(*nodes, *ways)).complete("a").complete("x")
    assert play.open == ["b", "z"]  # both its flows are filled


# Refused


def test_one_that_several_flows_enter_says_when_enough_have_come():
    nodes = (parallel("split"), user("a"), user("b"), complex_("c"))
    source = diagram(*nodes, "start split", "split a c end", "split b c")
    (finding,) = findings(source)
    assert (finding.rule, finding.element, finding.line) == ("activation-missing", "c", 7)
    assert "activationCondition" in finding.remedy
    assert "activationCondition" in finding.remedy_zh


def test_its_condition_is_a_truth_and_its_ways_have_conditions():
    assert "expression-kind" in refusals(of_three("1 + 1"))
    assert "expression-malformed" in refusals(of_three("activationCount >="))
    assert "condition-missing" in refusals(of_three("activationCount >= 2", "c z end", "c end"))
    assert "default-elsewhere" in refusals(of_three("activationCount >= 2", default="nowhere"))
    assert "gateway-direction" in refusals(of_three("activationCount >= 2", gatewayDirection="Diverging"))


def test_a_way_that_may_be_taken_twice_is_warned_about():
    def warned(*ways: str, **words: object) -> list[tuple[str, str]]:
        return [(w.rule, w.element) for w in load(of_three("activationCount >= 2", *ways, **words)).warnings]

    assert warned() == []
    assert warned("c -[waitingForStart]-> z", "c -[!waitingForStart]-> end", "z end") == [("default-absent", "c")]
    assert warned("c -[n > 1]-> z", "c end", "z end", default="c.end") == [
        ("taken-at-reset", "c.z"),
        ("taken-at-reset", "c.end"),
    ]
