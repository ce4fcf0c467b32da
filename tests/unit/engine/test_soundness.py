"""Gateways that cannot work, and gateways that may not: what is refused can never happen whatever is chosen, and a warning names
a way that leads there. Held against a token game of the tests that tries everything.
"""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest

from engine.errors import DiagramRefused
from tests.unit.engine.drawing import (
    boundary,
    compensation,
    definitions,
    diagram,
    duration,
    end,
    exclusive,
    handler,
    inclusive,
    link,
    message,
    parallel,
    process,
    start,
    sub,
    task,
    terminate,
    throw,
    undone,
    user,
)
from tests.unit.engine.playing import findings, load


def said(source: bytes) -> list[tuple[str, str, str]]:
    """What is said of the gateways of a diagram: refused or warned, of which rule, at which element."""
    rules = ("join-never", "quantity-never", "loop-without-exit", "join-stuck", "runs-twice", "no-way-to-an-end")
    try:
        found = [("warned", each) for each in load(source).warnings]
    except DiagramRefused as refused:
        found = [("refused", each) for each in refused.findings]
    return [(how, each.rule, each.element) for how, each in found if each.rule in rules]


# What is refused


def test_a_parallel_join_of_what_only_one_way_reaches_is_refused():
    source = diagram(
        exclusive("g", default="g.b"), user("a"), user("b"), parallel("j"), "start g b j end", "g -[x]-> a", "a j"
    )
    assert said(source) == [("refused", "join-never", "j")]
    finding = findings(source)[0]
    assert "“a.j” (a)" in finding.why
    assert "“b.j” (b)" in finding.why


def test_a_join_that_waits_for_what_comes_behind_it_is_refused():
    source = diagram(parallel("j"), user("a"), exclusive("g", default="g.end"), "start j a g end", "g -[again]-> j")
    assert said(source) == [("refused", "join-never", "j")]


def test_a_join_that_waits_for_an_interrupting_event_and_what_it_interrupts_is_refused():
    source = diagram(user("a"), boundary("b", "a", duration("PT1H")), parallel("j"), "start a j end", "b j")
    assert said(source) == [("refused", "join-never", "j")]


def test_two_joins_that_wait_for_each_other_are_both_refused():
    nodes = (parallel("s"), parallel("t"), parallel("u"), parallel("j"), parallel("k"))
    source = diagram(*nodes, "start s j t end", "s k u end", "t k", "u j")
    assert said(source) == [("refused", "join-never", "j"), ("refused", "join-never", "k")]


def test_a_join_behind_one_that_never_goes_on_is_not_blamed():
    nodes = (
        parallel("s"),
        exclusive("g", default="g.b"),
        user("a"),
        user("b"),
        parallel("j"),
        user("c"),
        parallel("k"),
    )
    source = diagram(*nodes, "start s g b j k end", "g -[x]-> a", "a j", "s c k")
    assert said(source) == [("refused", "join-never", "j")]


def test_more_tokens_than_ever_come_are_refused():
    assert said(diagram(user("a", startQuantity="2"))) == [("refused", "quantity-never", "a")]
    assert said(diagram(task("a", completionQuantity="2"), user("b", startQuantity="2"))) == []
    assert said(diagram(parallel("s"), user("a", startQuantity="2"), "start s a end", "s x a", task("x"))) == []


def test_a_loop_without_a_way_out_is_refused_unless_something_drawn_could_end_it():
    round_ = (exclusive("g", default="g.end"), user("a"), user("b"), "start g end", "g -[x]-> a", "a b a")
    assert said(diagram(*round_)) == [("refused", "loop-without-exit", "a"), ("refused", "loop-without-exit", "b")]
    stopped = handler("h", message("stop"), end("h9"), "h0 h9")
    assert {how for how, _, _ in said(diagram(*round_, stopped))} == {"warned"}
    beside = (parallel("s"), user("c"), terminate(), "start s a", "s c stop", user("a"), exclusive("g"), "a g a")
    assert {how for how, _, _ in said(definitions(process("p", start(), *beside)))} == {"warned"}
    inside = sub(
        "o",
        start("o0"),
        exclusive("g", default="g.o9"),
        user("a"),
        end("o9"),
        "o0 g o9",
        "g -[x]-> a",
        "a b a",
        user("b"),
    )
    limited = diagram(inside, boundary("t", "o", duration("PT1H")), "start o end", "t end")
    assert {how for how, _, _ in said(limited)} == {"warned"}
    assert {how for how, _, _ in said(diagram(inside))} == {"refused"}


def test_inside_a_sub_process_it_is_looked_at_too():
    inside = ("o0 g b j o9", "g -[x]-> a", "a j")
    nodes = (start("o0"), exclusive("g", default="g.b"), user("a"), user("b"), parallel("j"), end("o9"))
    assert said(diagram(sub("o", *nodes, *inside))) == [("refused", "join-never", "j")]


# Not refused


@pytest.mark.parametrize(
    "source",
    [
        diagram(parallel("s"), user("a"), user("b"), parallel("j"), "start s a j end", "s b j"),
        diagram(inclusive("s", default="s.b"), user("a"), user("b"), inclusive("j"), "start s b j end", "s -[x]-> a", "a j"),
        diagram(user("a"), user("b"), user("c"), parallel("j"), "start a b j end", "a c j"),
        diagram(user("a"), throw("t", link("L")), throw("u", link("L")), parallel("s"), "start s a t", "s u", *()).replace(
            b"</process>", b'<intermediateCatchEvent id="c"><linkEventDefinition name="L"/></intermediateCatchEvent>'
            b'<sequenceFlow id="cf" sourceRef="c" targetRef="end"/></process>'
        ),
        diagram(user("a"), user("h", isForCompensation="true"), undone("a", "h"), throw("t", compensation()), "start a t end"),
        diagram(user("a"), user("b"), user("c"), "start a b end", "a c end"),
        diagram(parallel("s"), exclusive("m"), user("a"), user("b"), "start s a m end", "s b m"),
    ],
)  # fmt: skip
def test_nothing_is_said_of_what_works(source):
    assert said(source) == []


def test_an_event_beside_what_goes_on_may_do_something_a_second_time():
    source = diagram(
        user("a"), boundary("r", "a", duration("PT1H"), interrupting=False), user("b"), "start a b end", "r b"
    )
    assert said(source) == []


# Warned about, with a way that leads there


def test_a_join_that_may_wait_for_ever_is_a_warning_with_the_way():
    nodes = (parallel("s"), exclusive("g", default="out", name="Agreed?"), user("a"), parallel("j"))
    source = diagram(*nodes, "start s g", "g -[yes]-> j", "s a j end").replace(
        b"</process>", b'<sequenceFlow id="out" name="no" sourceRef="g" targetRef="end"/></process>'
    )
    assert said(source) == [("warned", "join-stuck", "j")]
    warning = next(each for each in load(source).warnings if each.rule == "join-stuck")
    assert "Agreed?: no" in warning.why
    assert "Agreed?: no" in warning.why_zh


def test_a_join_of_an_event_that_need_not_happen_is_a_warning():
    beside = boundary("r", "a", duration("PT1H"), interrupting=False)
    assert said(diagram(user("a"), beside, parallel("j"), "start a j end", "r j")) == [("warned", "join-stuck", "j")]


def test_ways_that_meet_without_joining_are_a_warning_where_something_follows():
    nodes = (parallel("s"), user("a"), user("b"), user("c"))
    source = diagram(*nodes, "start s a c end", "s b c")
    assert said(source) == [("warned", "runs-twice", "c")]


def test_flows_out_of_an_activity_that_meet_again_are_a_warning():
    source = diagram(user("a"), user("b"), user("c"), user("d"), "start a b d end", "a c d")
    assert said(source) == [("warned", "runs-twice", "d")]


# Everything tried


@pytest.mark.parametrize("seed", range(40))
def test_what_is_refused_never_happens_and_what_may_go_wrong_is_warned_about(seed):
    chance = random.Random(seed)
    for _ in range(15):
        drawn = Drawn(chance)
        fired, reached, stuck, twice, whole = drawn.everything()
        verdict = said(drawn.source())
        never = {id for how, rule, id in verdict if rule == "join-never"}
        assert not never & fired, drawn.flows
        if whole and not any(how == "refused" for how, _, _ in verdict):
            assert {id for _, rule, id in verdict if rule == "join-stuck"} == stuck - never, drawn.flows
            assert {id for _, rule, id in verdict if rule == "runs-twice"} <= twice, drawn.flows
        if whole and not any(rule == "loop-without-exit" for _, rule, _ in verdict):
            assert bool(never) == bool(reached - fired), (drawn.flows, reached, fired)


class Drawn:
    """A few gateways and tasks, joined at random, each of them on a way from the start to the end."""

    def __init__(self, chance: random.Random) -> None:
        while True:
            count = chance.randint(3, 7)
            self.kinds = {f"n{i}": chance.choice(("exclusive", "parallel", "parallel", "task")) for i in range(count)}
            ids = list(self.kinds)
            pairs = {("start", ids[0])} | set(pairwise(ids)) | {(ids[-1], "end")}
            for _ in range(chance.randint(1, 4)):
                one, other = chance.choice(ids), chance.choice([*ids, "end"])
                if one != other and self.kinds[one] != "task":
                    pairs.add((one, other))
            self.flows = sorted(pairs)
            if all(self.way(("start",), id) and self.way((id,), "end") for id in ids):
                return

    def way(self, begin: tuple[str, ...], goal: str) -> bool:
        met, waiting = set(begin), list(begin)
        while waiting:
            here = waiting.pop()
            new = {other for one, other in self.flows if one == here} - met
            met |= new
            waiting += new
        return goal in met

    def source(self) -> bytes:
        nodes, chains = [], []
        for id, kind in self.kinds.items():
            out = [pair for pair in self.flows if pair[0] == id]
            default = f"{id}.{out[0][1]}" if kind == "exclusive" and len(out) > 1 else None
            make: Any = {"exclusive": exclusive, "parallel": parallel, "task": user}[kind]
            nodes.append(make(id, default=default) if default else make(id))
            chains += [f"{id} -[x]-> {b}" if default and (id, b) != out[0] else f"{id} {b}" for _, b in out]
        return diagram(*nodes, f"start {self.flows[-1][1] if self.flows[-1][0] == 'start' else 'n0'}", *chains)

    def everything(self) -> tuple[set[str], set[str], set[str], set[str], bool]:
        """Every state that any choice leads to, up to a bound: the joins that went on, those that tokens reached, those that wait
        where nothing else can happen, the other nodes that held two tokens at once, and whether that was all.
        """
        into = {id: [pair for pair in self.flows if pair[1] == id] for id in (*self.kinds, "end")}
        out = {id: [pair for pair in self.flows if pair[0] == id] for id in (*self.kinds, "start")}
        joins = {id for id, kind in self.kinds.items() if kind == "parallel" and len(into[id]) > 1}
        first = tuple(out["start"])
        met, waiting = {first}, [first]
        fired: set[str] = set()
        reached: set[str] = set()
        stuck: set[str] = set()
        twice: set[str] = set()
        whole = True
        while waiting:
            state = waiting.pop()
            reached |= {flow[1] for flow in state} & joins
            held = [flow[1] for flow in state if flow[1] not in joins]
            twice |= {id for id in held if held.count(id) > 1}
            going = False
            for id in {flow[1] for flow in state}:
                taken = [into[id]] if id in joins else [[flow] for flow in into[id] if flow in state]
                for flows in taken:
                    rest = list(state)
                    if any(flow not in rest for flow in flows):
                        continue
                    for flow in flows:
                        rest.remove(flow)
                    going = True
                    fired |= {id} & joins
                    given = (
                        [[]] if id == "end" else [[f] for f in out[id]] if self.kinds[id] == "exclusive" else [out[id]]
                    )
                    for gives in given:
                        after = tuple(sorted((*rest, *gives)))
                        if len(after) > 5 or len(met) > 3_000:
                            whole = False
                        elif after not in met:
                            met.add(after)
                            waiting.append(after)
            if not going:
                stuck |= {flow[1] for flow in state}
        return fired, reached, stuck, twice, whole
