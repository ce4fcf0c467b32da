"""Compensation, transactions and cancelling: what is undone, in which order, with which values, and how often."""

from __future__ import annotations

import pytest

from engine.errors import BpmnError
from tests.unit.engine.drawing import (
    boundary,
    call,
    compensation,
    definitions,
    diagram,
    duration,
    end,
    error,
    exclusive,
    files,
    handler,
    many,
    message,
    parallel,
    process,
    script,
    service,
    start,
    sub,
    terminate,
    throw,
    transaction,
    undone,
    user,
)
from tests.unit.engine.playing import Play

CANCEL = "<cancelEventDefinition/>"


def log(id: str, word: str, **words: object) -> str:
    """A script that writes down that it ran."""
    return script(id, f"{{'log': log + ['{word}']}}", **words)


def undoable(id: str) -> str:
    """A script with a handler that writes `-id`."""
    return log(id, id) + log(f"{id}h", f"-{id}", isForCompensation="true") + undone(id, f"{id}h")


def played(*nodes: str, **data: object) -> Play:
    return Play(diagram(*nodes), log=[], **data)


# Order and number


@pytest.mark.shows(
    "@isForCompensation",
    "association",
    "boundaryEvent/compensateEventDefinition",
    "intermediateThrowEvent/compensateEventDefinition",
)
def test_what_completed_is_undone_the_last_first():
    play = played(
        undoable("a"), undoable("b"), undoable("c"), throw("t", compensation()), user("z"), "start a b c t z end"
    )
    assert play.variables["log"] == ["a", "b", "c", "-c", "-b", "-a"]
    assert play.open == ["z"]
    says = [node for what, node in play.says() if what == "completed"]
    assert says == ["start", "a", "b", "c", "ch", "bh", "ah", "t"]


def test_only_what_completed_is_undone():
    nodes = (
        parallel("f"),
        undoable("a"),
        user("u"),
        user("uh", isForCompensation="true"),
        undone("u", "uh"),
        user("v"),
        throw("t", compensation()),
    )
    play = played(*nodes, "start f a t end", "f u end", "f v end")
    assert play.variables["log"] == ["a", "-a"]
    assert play.open == ["u", "v"]


def test_an_activity_without_a_handler_is_left_as_it_is():
    play = played(undoable("a"), log("b", "b"), throw("t", compensation()), "start a b t end")
    assert play.variables["log"] == ["a", "b", "-a"]


def test_nothing_is_undone_twice():
    play = played(undoable("a"), throw("t", compensation()), throw("t2", compensation()), "start a t t2 end")
    assert play.variables["log"] == ["a", "-a"]
    assert play.ended


@pytest.mark.shows("@activityRef", "intermediateThrowEvent/compensateEventDefinition")
def test_one_activity_may_be_named():
    play = played(
        undoable("a"), undoable("b"), throw("t", compensation("a")), throw("t2", compensation()), "start a b t t2 end"
    )
    assert play.variables["log"] == ["a", "b", "-a", "-b"]


@pytest.mark.shows("endEvent/compensateEventDefinition")
def test_an_end_event_undoes_before_the_scope_ends():
    source = definitions(process("p", start(), undoable("a"), end("e", compensation()), "start a e"))
    play = Play(source, log=[])
    assert play.variables["log"] == ["a", "-a"]
    assert play.ended


def test_what_completed_in_each_round_is_undone_for_each():
    nodes = (
        exclusive("again"),
        undoable("a"),
        script("n", "{'n': n + 1}"),
        exclusive("g", default="g.again"),
        throw("t", compensation()),
    )
    play = played(*nodes, "start again a n g again", "g -[n >= 3]-> t", "t end", n=0)
    assert play.variables["log"] == ["a"] * 3 + ["-a"] * 3


def test_undoing_in_a_loop_undoes_its_own_round():
    nodes = (
        exclusive("again"),
        undoable("a"),
        throw("t", compensation()),
        script("n", "{'n': n + 1}"),
        exclusive("g", default="g.again"),
    )
    play = played(*nodes, "start again a t n g again", "g -[n >= 2]-> end", n=0)
    assert play.variables["log"] == ["a", "-a", "a", "-a"]


# Handlers


def test_a_person_undoes_and_is_waited_for():
    nodes = (
        user("a"),
        user("h", isForCompensation="true"),
        undone("a", "h"),
        undoable("b"),
        throw("t", compensation()),
        user("z"),
    )
    play = played(*nodes, "start b a t z end").complete("a")
    assert play.open == ["h"]
    assert [(each.node, each.path) for each in play.step.open_tasks] == [("h", ())]
    assert [each.node for each in play.step.active] == ["h"]
    assert play.variables["log"] == ["b"]
    play.complete("h", done=True)
    assert play.variables == {"log": ["b", "-b"], "done": True}
    assert play.open == ["z"]


def test_a_handler_may_be_a_sub_process_a_call_or_many():
    called = process("q", start("q0"), log("ql", "called"), end("q9"), "q0 ql q9")
    nodes = (
        log("a", "a"),
        sub("ah", start("s0"), log("sl", "inside"), end("s9"), "s0 sl s9", isForCompensation="true"), undone("a", "ah"),
        log("b", "b"), call("bh", "q", isForCompensation="true"), undone("b", "bh"),
        log("c", "c"), script("ch", "{'log': log + ['each']}", many("2"), isForCompensation="true"), undone("c", "ch"),
    )  # fmt: skip
    main = process("p", start(), *nodes, throw("t", compensation()), end(), "start a b c t end")
    assert Play(files(main, called), log=[]).variables["log"] == ["a", "b", "c", "each", "each", "called", "inside"]


def test_an_event_that_ends_the_scope_ends_the_undoing():
    inner = sub(
        "s",
        start("s0"),
        user("a"),
        user("h", isForCompensation="true"),
        undone("a", "h"),
        throw("t", compensation()),
        end("s9"),
        "s0 a t s9",
    )
    play = played(inner, boundary("b", "s", duration("PT1H")), user("z"), "start s end", "b z end").complete("a")
    assert play.open == ["h"]
    assert play.wake(hours=1).open == ["z"]


def test_an_error_in_a_handler_leaves_the_scope_that_undoes():
    nodes = (log("a", "a"), service("h", "o"), throw("t", compensation()))
    inner = sub("s", start("s0"), *nodes, end("s9"), undone("a", "h"), "s0 a t s9").replace(
        '<serviceTask id="h"', '<serviceTask id="h" isForCompensation="true"'
    )

    def broken() -> None:
        raise BpmnError("E1")

    play = Play(
        diagram(inner, boundary("b", "s", error("E1")), user("z"), "start s end", "b z end"),
        services={"o": broken},
        log=[],
    )
    assert play.open == ["z"]


# Sub-processes


def test_a_sub_process_without_a_handler_is_undone_by_what_is_inside():
    deepest = sub("d", start("d0"), undoable("x"), end("d9"), "d0 x d9")
    inner = sub("s", start("s0"), undoable("a"), deepest, undoable("b"), end("s9"), "s0 a d b s9")
    play = played(undoable("o"), inner, throw("t", compensation()), "start o s t end")
    assert play.variables["log"] == ["o", "a", "x", "b", "-b", "-x", "-a", "-o"]
    assert next(each.path for each in play.step.trace if each.node == "xh") == ("s", "d")


def test_a_sub_process_with_a_handler_is_undone_by_it_alone():
    inner = sub("s", start("s0"), undoable("a"), end("s9"), "s0 a s9")
    play = played(
        inner, log("h", "-s", isForCompensation="true"), undone("s", "h"), throw("t", compensation()), "start s t end"
    )
    assert play.variables["log"] == ["a", "-s"]


@pytest.mark.shows("startEvent/compensateEventDefinition")
def test_an_event_sub_process_inside_undoes_its_sub_process():
    undo = handler(
        "e",
        compensation(),
        log("x", "before"),
        throw("et", compensation()),
        log("y", "after"),
        end("e9"),
        "e0 x et y e9",
    )
    inner = sub("s", start("s0"), undoable("a"), end("s9"), "s0 a s9", undo)
    play = played(inner, throw("t", compensation("s")), "start s t end")
    assert play.variables["log"] == ["a", "before", "-a", "after"]
    assert play.ended


def test_a_sub_process_that_was_interrupted_is_not_undone_from_outside():
    inner = sub("s", start("s0"), undoable("a"), user("u"), end("s9"), "s0 a u s9")
    play = played(
        inner, boundary("b", "s", duration("PT1H")), throw("t", compensation()), user("z"), "start s end", "b t z end"
    )
    play.wake(hours=1)
    assert play.open == ["z"]
    assert play.variables["log"] == ["a"]


def test_an_error_handler_undoes_what_the_body_did():
    repair = handler("e", error("E1"), throw("t", compensation()), user("u"), end("e9"), "e0 t u e9")
    inner = sub("s", start("s0"), undoable("a"), undoable("b"), end("s9", error("E1")), "s0 a b s9", repair)
    play = played(inner, user("z"), "start s z end")
    assert play.variables["log"] == ["a", "b", "-b", "-a"]
    assert play.open == ["u"]
    assert play.complete("u").open == ["z"]


def test_a_called_process_is_undone_by_the_handler_of_the_call():
    called = process("q", start("q0"), undoable("x"), end("q9"), "q0 x q9")
    main = process(
        "p",
        start(),
        call("c", "q"),
        log("h", "-c", isForCompensation="true"),
        undone("c", "h"),
        throw("t", compensation()),
        end(),
        "start c t end",
    )
    assert Play(files(main, called), log=[]).variables["log"] == ["x", "-c"]


@pytest.mark.parametrize("sequential", [True, False])
def test_instances_are_undone_one_by_one_with_their_items(sequential):
    loop = many(collection="['x', 'y']", element="item", sequential=sequential)
    nodes = (
        script("a", "{'log': log + [item]}", loop),
        script("h", "{'log': log + ['-' + item]}", isForCompensation="true"),
        undone("a", "h"),
    )
    play = played(*nodes, throw("t", compensation()), "start a t end")
    assert play.variables["log"] == ["x", "y", "-y", "-x"]
    inner = sub(
        "s",
        loop,
        start("s0"),
        script("i", "{'log': log + [item]}"),
        script("ih", "{'log': log + ['-' + item]}", isForCompensation="true"),
        undone("i", "ih"),
        end("s9"),
        "s0 i s9",
    )
    assert sorted(played(inner, throw("t", compensation()), "start s t end").variables["log"]) == ["-x", "-y", "x", "y"]


# Transactions


@pytest.mark.shows("transaction")
def test_a_transaction_that_succeeds_goes_on():
    inside = transaction("x", start("s0"), undoable("a"), end("s9"), "s0 a s9")
    play = played(inside, user("z"), "start x z end")
    assert play.open == ["z"]
    assert play.variables["log"] == ["a"]


@pytest.mark.shows("transaction", "endEvent/cancelEventDefinition", "boundaryEvent/cancelEventDefinition")
def test_a_cancelled_transaction_is_undone_and_left_by_its_event():
    inside = transaction(
        "x", start("s0"), parallel("f"), undoable("a"), undoable("b"), user("u"), user("v"), end("s8", CANCEL), end("s9"),
        "s0 f a b u s8", "f v s9",
    )  # fmt: skip
    nodes = (inside, boundary("k", "x", CANCEL), user("z"), user("no"))
    play = played(*nodes, "start x no end", "k z end")
    assert sorted(play.open) == ["u", "v"]
    play.complete("u")
    assert play.variables["log"] == ["a", "b", "-b", "-a"]
    assert play.open == ["z"]
    says = play.says()
    assert says.index(("cancelled", "v")) < says.index(("completed", "bh"))
    assert ("cancelled", "x") in says


def test_a_person_may_have_to_undo_before_a_transaction_is_left():
    inside = transaction(
        "x", start("s0"), user("a"), user("h", isForCompensation="true"), undone("a", "h"), end("s9", CANCEL), "s0 a s9"
    )
    play = played(inside, boundary("k", "x", CANCEL), user("z"), "start x end", "k z end").complete("a")
    assert play.open == ["h"]
    assert play.complete("h").open == ["z"]


def test_a_transaction_that_succeeded_may_be_undone_later():
    inside = transaction("x", start("s0"), undoable("a"), end("s9"), "s0 a s9")
    play = played(inside, throw("t", compensation("x")), "start x t end")
    assert play.variables["log"] == ["a", "-a"]


def test_an_error_leaves_a_transaction_without_undoing():
    inside = transaction("x", start("s0"), undoable("a"), end("s9", error("E1")), "s0 a s9")
    play = played(inside, boundary("b", "x", error("E1")), user("z"), "start x end", "b z end")
    assert play.variables["log"] == ["a"]
    assert play.open == ["z"]


def test_a_transaction_is_cancelled_in_every_round_of_a_loop():
    inside = transaction("x", start("s0"), undoable("a"), end("s9", CANCEL), "s0 a s9")
    nodes = (
        exclusive("again"),
        inside,
        boundary("k", "x", CANCEL),
        script("n", "{'n': n + 1}"),
        exclusive("g", default="g.again"),
    )
    play = played(*nodes, "start again x end", "k n g again", "g -[n >= 2]-> end", n=0)
    assert play.variables["log"] == ["a", "-a", "a", "-a"]
    assert play.ended


def test_a_terminate_end_undoes_nothing():
    inside = transaction("x", start("s0"), undoable("a"), terminate(), "s0 a stop")
    assert played(inside, "start x end").variables["log"] == ["a"]


def test_a_message_at_the_border_of_a_transaction_interrupts_it():
    inside = transaction("x", start("s0"), undoable("a"), user("u"), end("s9"), "s0 a u s9")
    play = played(inside, boundary("m", "x", message("stop")), user("z"), "start x end", "m z end").deliver("stop")
    assert play.open == ["z"]
    assert play.variables["log"] == ["a"]
