"""Diagrams from strangers: refused or loaded, never a crash, never a hang. Thousands more: `tests/unit/hostile`."""

from __future__ import annotations

import pytest

from engine.errors import EngineError, ProceedingStuck
from engine.limits import MAX_STEPS
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    definitions,
    diagram,
    duration,
    element,
    end,
    exclusive,
    inclusive,
    lanes,
    many,
    message,
    parallel,
    process,
    race,
    script,
    service,
    start,
    sub,
    throw,
    user,
)
from tests.unit.engine.playing import Play, refusals


@pytest.mark.parametrize("size", [0, 1, 50, 200, 500, 1_000])
def test_a_diagram_cut_short_is_refused(size):
    assert refusals(sample()[:size])


def test_a_diagram_that_loops_without_a_person_is_an_error_with_words():
    source = diagram(
        exclusive("m"), script("s", "{'n': n + 1}"), exclusive("g", default="g.m"), "start m s g m", "g -[n < 0]-> end"
    )
    with pytest.raises(ProceedingStuck, match=f"more than {MAX_STEPS} automatic steps"):
        Play(source, n=0)


def test_a_diagram_that_multiplies_its_tokens_is_an_error_with_words():
    source = diagram(exclusive("m"), parallel("s"), user("u"), "start m s m", "s u end")
    with pytest.raises(ProceedingStuck, match="tokens at once"):
        Play(source)


def test_instances_of_instances_are_bounded():
    inner = sub("s", many("1000"), start("a0"), user("u", many("1000")), end("e0"), "a0 u e0")
    with pytest.raises(ProceedingStuck, match="tokens at once"):
        Play(diagram(inner))


@pytest.mark.parametrize("n", [-1, 1_001, 10**12])
def test_a_number_of_instances_out_of_range_is_an_error_with_words(n):
    with pytest.raises(ProceedingStuck, match="instances"):
        Play(diagram(user("a", many("n"))), n=n)


def test_expressions_that_are_dear_each_are_bounded_together():
    work = script("s", "{'n': n + 1, 'x': xs.map(a, xs.map(b, a * b).size())}")
    source = diagram(exclusive("m"), work, exclusive("g", default="g.m"), "start m s g m", "g -[n < 0]-> end")
    with pytest.raises(ProceedingStuck, match="steps in one move"):
        Play(source, n=0, xs=list(range(60)))


def test_a_text_that_doubles_is_bounded():
    source = diagram(
        exclusive("m"),
        script("s", "{'t': t + t}"),
        exclusive("g", default="g.m"),
        "start m s g m",
        "g -[t == '']-> end",
    )
    with pytest.raises(EngineError):
        Play(source, t="x")


def test_variables_without_end_are_bounded():
    work = script("s", "{'n': n + 1, 'x' + string(n): t}")
    source = diagram(exclusive("m"), work, exclusive("g", default="g.m"), "start m s g m", "g -[n < 0]-> end")
    with pytest.raises(ProceedingStuck):
        Play(source, n=0, t="x" * 100_000)


def sample() -> bytes:
    """A diagram with a bit of everything."""
    inner = sub(
        "s",
        many(collection="xs", element="x", output="ys", outputElement="y"),
        start("a0"),
        user("sa", wz_party="x"),
        end("e0"),
        "a0 sa e0",
    )
    nodes = (
        lanes(clerk="b c", decider="s"),
        parallel("p1"),
        inner,
        boundary("t", "s", duration("PT1H"), interrupting=False),
        user("b", wz_form="F"),
        inclusive("i", default="i.k"),
        inclusive("k"),
        user("c", many("2", until="nrOfCompletedInstances > 0")),
        call("d", "q", inputs={"n": "n"}, outputs={"m": "n"}),
        boundary("m", "d", message("stop")),
        race("r"),
        catch("ra", message("go"), wz_payload="g"),
        catch("rb", duration("'PT9H'")),
        exclusive("g"),
        parallel("p2"),
        service("o", "o", "r", z="n"),
        throw("th", message("out"), wz_payload="n"),
        boundary("lim", "b", element("timerEventDefinition"), wz_deadline="T", wz_from="'2026-01-01'"),
    )
    chains = (
        "start p1 s i",
        "t b end",
        "lim end",
        "i -[n > 0]-> c",
        "c k",
        "i k",
        "k p2",
        "p1 d o th r ra g p2",
        "r rb g",
        "m g",
        "p2 end",
    )
    called = process("q", start("qs"), script("x", "{'n': n + 1}"), user("qa"), end("qe"), "qs x qa qe")
    return definitions(process("p", start(), *nodes, end(), *chains), called)


def test_the_sample_itself_runs():
    play = Play(sample(), services={"o": lambda z: z}, n=1, xs=[1])
    assert sorted(play.open) == ["qa", "sa"]
