"""`startQuantity` and `completionQuantity`: how many tokens an activity needs and gives."""

from __future__ import annotations

import pytest

from tests.unit.engine.drawing import (
    boundary,
    diagram,
    duration,
    exclusive,
    inclusive,
    many,
    parallel,
    script,
    user,
)
from tests.unit.engine.playing import Play


@pytest.mark.shows("@startQuantity")
def test_an_activity_begins_when_so_many_tokens_have_come():
    nodes = (parallel("f"), user("u"), user("v"), user("w"), user("a", startQuantity=2))
    play = Play(diagram(*nodes, "start f u a end", "f v a", "f w a"))
    assert play.complete("u").open == ["v", "w"]
    assert play.complete("w").open == ["v", "a"]
    play.complete("a").complete("v")
    assert (play.step.failed.code, play.step.failed.node) == ("deadlock", "a"), "the third token waits for a fourth"


def test_tokens_may_come_by_one_way():
    nodes = (script("s", "{'x': 1}", completionQuantity=4), user("a", startQuantity=2))
    assert Play(diagram(*nodes)).open == ["a", "a"]


@pytest.mark.shows("@completionQuantity")
def test_an_activity_gives_so_many_tokens_to_each_of_its_flows():
    nodes = (user("a", completionQuantity=3), user("b"), user("c"))
    play = Play(diagram(*nodes, "start a b end", "a c end")).complete("a")
    assert sorted(play.open) == ["b"] * 3 + ["c"] * 3
    assert play.happened("taken").count("a.b") == 3


def test_each_token_that_leaves_is_chosen_for():
    nodes = (user("a", completionQuantity=2, default="a.c"), user("b"), user("c"))
    source = diagram(*nodes, "start a", "a -[x]-> b", "a c end", "b end")
    assert Play(source, x=True).complete("a").open == ["b", "b"]
    assert Play(source, x=False).complete("a").open == ["c", "c"]


def test_events_at_the_border_wait_only_when_the_activity_has_begun():
    nodes = (
        parallel("f"),
        user("u"),
        user("v"),
        user("a", startQuantity=2),
        boundary("t", "a", duration("PT1H")),
        user("z"),
    )
    play = Play(diagram(*nodes, "start f u a end", "f v a", "t z end")).complete("u")
    assert play.step.timers == ()
    play.complete("v")
    assert [timer.node for timer in play.step.timers] == ["t"]
    assert play.wake(hours=1).open == ["z"]


def test_quantities_and_instances_go_together():
    nodes = (
        script("s", "{'x': 1}", completionQuantity=2),
        user("a", many("2"), startQuantity=2, completionQuantity=2),
        user("b"),
    )
    play = Play(diagram(*nodes))
    assert play.open == ["a", "a"]
    assert play.complete("a").complete("a").open == ["b", "b"]


def test_they_count_anew_in_every_round_of_a_loop():
    nodes = (
        exclusive("again"), parallel("f"), user("a", startQuantity=2), script("n", "{'n': n + 1}"),
        exclusive("g", default="g.again"), exclusive("m"),
    )  # fmt: skip
    play = Play(diagram(*nodes, "start again f a n g again", "f m a", "g -[n >= 3]-> end"), n=0)
    for _ in range(3):
        assert play.open == ["a"]
        play.complete("a")
    assert play.ended


def test_an_inclusive_join_sees_the_tokens_that_are_gathered():
    nodes = (parallel("f"), user("u"), user("v"), user("w"), user("a", startQuantity=2), inclusive("j"), user("z"))
    play = Play(diagram(*nodes, "start f u a j z end", "f v a", "f w j")).complete("w").complete("u")
    assert play.open == ["v"]
    assert play.complete("v").complete("a").open == ["z"]
