"""Moving a proceeding to another version of its diagram: what goes on as if it had begun there, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine import machine
from engine.errors import MigrationRefused, SnapshotRefused
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    compensation,
    complex_,
    condition,
    cycle,
    definitions,
    diagram,
    duration,
    element,
    end,
    exclusive,
    files,
    handler,
    inclusive,
    lanes,
    looped,
    many,
    message,
    parallel,
    process,
    race,
    receive,
    script,
    signal,
    start,
    sub,
    throw,
    undone,
    user,
)
from tests.unit.engine.playing import DAWN, Play, load
from tests.unit.engine.random_diagrams import random_sources
from tests.unit.engine.scheduling import Drawn, Stepwise, played
from tests.unit.engine.test_correlation import KEYED, ORDER, POOL, answering, key


def migrate(play: Play, source: Any, process: str = "p", **ids: str) -> Play:
    """Go on in the other version."""
    new = load(source, process)
    step = machine.migrate(play.definition, new, play.step.snapshot, now=play.now, services=play.services, ids=ids)
    play.definition = new
    return play._take(step)


def obstacles(play: Play, source: Any, process: str = "p", **ids: str) -> list[tuple[str, str]]:
    """The rule and the element of each obstacle."""
    with pytest.raises(MigrationRefused) as refused:
        migrate(play, source, process, **ids)
    return [(finding.rule, finding.element) for finding in refused.value.findings]


def differs(play: Play, source: Any) -> set[str]:
    """What is said to differ."""
    with pytest.raises(MigrationRefused) as refused:
        migrate(play, source)
    return {finding.why.partition("differs: ")[2] for finding in refused.value.findings}


# What goes on


def test_a_task_goes_on_where_what_lies_before_and_behind_it_has_changed():
    play = Play(diagram(user("a"), user("b"), user("c")), n=1).complete("a")
    task = play.step.open_tasks[0]
    migrate(play, diagram(user("x"), user("b", name="B"), script("s", "{'n': n + 1}"), user("d")))
    assert play.says() == []
    assert [(each.id, each.node, each.name) for each in play.step.open_tasks] == [(task.id, "b", "B")]
    assert play.complete("b").open == ["d"]
    assert play.complete("d").variables == {"n": 2}
    assert play.ended


def test_ids_that_have_changed_are_said_by_the_caller():
    play = Play(diagram(sub("s", start("s0"), user("b"), end("s9"), "s0 b s9")))
    new = diagram(sub("inner", start("s0"), user("check"), end("s9"), "s0 check s9"), id="q")
    assert migrate(play, new, "q", p="q", s="inner", b="check").open == ["check"]
    assert play.step.open_tasks[0].path == ("inner",)
    assert play.complete("check").ended


WAITING: dict[str, tuple[bytes, Callable[[Play], Play], Callable[[Play], Play]]] = {
    "a timer that runs": (
        diagram(catch("t", duration("PT5H")), user("z")),
        lambda play: play.wake(hours=1),
        lambda play: play.wake(hours=4),
    ),
    "a cycle beside a task, in its second round": (
        diagram(user("a"), boundary("t", "a", cycle("R3/PT1H"), interrupting=False), user("z"), "start a end", "t z end"),
        lambda play: play.wake(hours=1.5).complete("z"),
        lambda play: play.wake(hours=1),
    ),
    "events behind a gateway": (
        diagram(race("g"), catch("m", message("x")), catch("t", duration("PT1H")), user("z"), "start g m z end", "g t z"),
        lambda play: play,
        lambda play: play.deliver("x"),
    ),
    "an event that waits for several things": (
        diagram(catch("m", message("x") + signal("y")), user("z")),
        lambda play: play,
        lambda play: play.signal("y"),
    ),
    "a parallel join with one of two": (
        diagram(parallel("f"), user("a"), user("b"), parallel("j"), user("z"), "start f a j z end", "f b j"),
        lambda play: play.complete("a"),
        lambda play: play.complete("b"),
    ),
    "an inclusive join with one of two": (
        diagram(parallel("f"), user("a"), user("b"), inclusive("j"), user("z"), "start f a j z end", "f b j"),
        lambda play: play.complete("a"),
        lambda play: play.complete("b"),
    ),
    "a complex gateway that waits for the rest": (
        diagram(
            parallel("f"), user("a"), user("b"), complex_("j", "activationCount >= 1"), user("z"), user("y"),
            "start f a j", "f b j", "j -[waitingForStart]-> y", "j -[!waitingForStart]-> z", "y end", "z end",
        ),
        lambda play: play.complete("a").complete("y"),
        lambda play: play.complete("b"),
    ),
    "a task that gathers tokens": (
        diagram(parallel("f"), user("a"), user("b"), user("z", startQuantity="2"), "start f a z end", "f b z"),
        lambda play: play.complete("a"),
        lambda play: play.complete("b"),
    ),
    "instances of which one has ended": (
        diagram(user("a", many(collection="[1, 2]", element="i", output="o", outputElement="m")), user("z")),
        lambda play: play.complete("a", m=1),
        lambda play: play.complete("a", m=2),
    ),
    "instances one after the other": (
        diagram(user("a", many(collection="[1, 2]", element="i", sequential=True)), user("z")),
        lambda play: play.complete("a"),
        lambda play: play.complete("a"),
    ),
    "a loop in its second round": (
        diagram(user("a", looped("loopCounter < 2")), user("z")),
        lambda play: play.complete("a"),
        lambda play: play.complete("a"),
    ),
    "an event sub-process that listens": (
        diagram(user("a"), handler("h", signal("stop"), user("z"), end("h9"), "h0 z h9"), "start a end"),
        lambda play: play,
        lambda play: play.signal("stop"),
    ),
    "a condition": (
        diagram(parallel("f"), user("a"), catch("c", condition("ready")), user("z"), "start f a end", "f c z end"),
        lambda play: play,
        lambda play: play.complete("a", ready=True),
    ),
    "what can be undone": (
        diagram(user("a"), user("z", isForCompensation="true"), undone("a", "z"), user("b"), throw("t", compensation()),
                "start a b t end"),
        lambda play: play.complete("a"),
        lambda play: play.complete("b"),
    ),
    "undoing that runs": (
        diagram(user("a"), user("z", isForCompensation="true"), undone("a", "z"), throw("t", compensation()),
                "start a t end"),
        lambda play: play.complete("a"),
        lambda play: play,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WAITING)
def test_what_waits_goes_on_as_it_would_have(what):
    source, before, after = WAITING[what]
    stayed, moved = (before(Play(source, ready=False)) for _ in range(2))
    migrate(moved, source.replace(b"</process>", b"</process><!-- another version -->"))
    stayed._take(stayed.look())
    assert moved.step.open_tasks == stayed.step.open_tasks
    assert moved.step.timers == stayed.step.timers
    assert moved.step.waiting == stayed.step.waiting
    after(stayed)
    after(moved)
    assert (moved.open, moved.variables, moved.says()) == (stayed.open, stayed.variables, stayed.says())
    assert "z" in moved.open


def test_a_called_process_goes_on_inside():
    caller = process("p", start(), call("c", "q", outputs={"n": "n"}), user("z"), end(), "start c z end")
    called = process("q", start("s"), user("a"), end("e"), "s a e")
    longer = process("q", start("s"), user("a"), script("x", "{'n': 5}"), end("e"), "s a x e")
    play = migrate(Play(files(caller, called), n=1), files(caller, longer))
    assert play.complete("a").variables == {"n": 5}


def test_it_keeps_its_conversation():
    play = Play(answering(), trigger="ask", payload={"order": 7})
    migrate(play, answering(more="<documentation>Another version</documentation>"))
    assert play.deliver("reply", {"of": 8}).step.untaken == "other_conversation"
    assert play.deliver("reply", {"of": 7}).step.taken


def test_what_can_go_on_there_does_at_once():
    """The inclusive join waits for a way that the other version does not have any more."""
    nodes = (parallel("f"), user("a"), user("b"), inclusive("j"), user("z"))
    play = Play(diagram(*nodes, exclusive("g"), "start f a j z end", "f b g j")).complete("a")
    assert play.open == ["b"]
    other = diagram(*nodes, exclusive("g"), user("never"), "start f a j z end", "f b end", "f never g j")
    assert migrate(play, other).open == ["b", "z"]
    assert play.says() == [("entered", "j"), ("completed", "j"), ("taken", "j.z"), ("entered", "z")]


def test_it_may_be_moved_again_and_again():
    play = Play(diagram(user("a", looped("true"))))
    for number in range(20):
        migrate(play, diagram(user("a", looped("true"), name=f"version {number}"))).complete("a")
    assert play.step.open_tasks[0].locals == {"loopCounter": 20}


# What stands against it


def test_what_is_gone_is_refused_with_its_line_and_all_of_it_at_once():
    source = diagram(parallel("f"), user("a"), catch("m", message("x")), "start f a end", "f m end")
    play = Play(source)
    assert obstacles(play, diagram(user("other"))) == [("migration-gone", "a"), ("migration-gone", "m")]
    with pytest.raises(MigrationRefused) as refused:
        migrate(play, diagram(user("other")))
    first = refused.value.findings[0]
    assert source.decode().splitlines()[first.line - 1].startswith('<userTask id="a"')
    assert "complete it first" in first.remedy
    assert "先办结" in first.remedy_zh


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (user("a", wz_form="F-1"), user("a", wz_form="F-2"), {"its wz: attributes."}),
        (user("a"), element("manualTask", "a"), {"its kind."}),
        (user("a"), user("a", many("2")), {"its kind."}),
        (user("a", many("2")), user("a", many("3")), {"its loop or instances."}),
        (catch("a", message("x")), catch("a", message("y")), {"what it waits for or throws."}),
        (catch("a", duration("PT1H")), catch("a", duration("PT2H")), {"what it waits for or throws."}),
        (catch("a", condition("n > 5")), catch("a", condition("n > 6")), {"what it waits for or throws."}),
        (receive("a", "x"), receive("a", "x", wz_payload="y"), {"what it waits for or throws.", "its wz: attributes."}),
    ],
)  # fmt: skip
def test_what_has_begun_must_be_the_same(old, new, what):
    assert differs(Play(diagram(old), n=1), diagram(new)) == what


def test_events_beside_a_task_must_be_the_same():
    def guarded(*events: str) -> bytes:
        ways = [f"{event} end" for event in ("t", "m") if any(f'id="{event}"' in each for each in events)]
        return diagram(user("a"), *events, "start a end", *ways)

    timer, told = boundary("t", "a", duration("PT1H")), boundary("m", "a", message("x"))
    assert set(obstacles(Play(guarded(timer)), guarded())) == {
        ("migration-gone", "a"), ("migration-gone", "t"), ("migration-differs", "a"),
    }  # fmt: skip
    assert obstacles(Play(guarded()), guarded(timer)) == [("migration-differs", "a")]
    assert obstacles(Play(guarded(timer)), guarded(timer, told)) == [("migration-differs", "a")]
    soft = boundary("t", "a", duration("PT1H"), interrupting=False)
    assert obstacles(Play(guarded(timer)), guarded(soft)) == [("migration-differs", "t")]


def test_a_join_must_wait_for_the_same_flows():
    def joined(*more: str) -> bytes:
        nodes = (parallel("f"), user("a"), user("b"), user("c"), parallel("j"))
        return diagram(*nodes, "start f a j end", "f b j", *(more or ("f c end",)))

    play = Play(joined()).complete("a")
    assert obstacles(play, joined("f c j")) == [("migration-differs", "j")]
    assert Play(joined()).complete("b").open == ["a", "c"]


def test_what_listens_and_what_can_be_undone_in_a_scope_that_runs_must_be_the_same():
    plain = diagram(user("a"))
    listening = diagram(user("a"), handler("h", signal("stop"), end("h9"), "h0 h9"), "start a end")
    undoing = diagram(user("a"), user("u", isForCompensation="true"), undone("a", "u"), "start a end")
    assert ("migration-differs", "p") in obstacles(Play(plain), listening)
    assert ("migration-gone", "h0") in obstacles(Play(listening), plain)
    assert ("migration-differs", "p") in obstacles(Play(plain), undoing)


def test_a_sub_process_that_runs_must_stay_one():
    inside = diagram(sub("s", start("s0"), user("a"), end("s9"), "s0 a s9"))
    assert obstacles(Play(inside), diagram(user("a"))) == [("migration-gone", "s")]


def test_lanes_keys_and_the_process_itself_must_be_the_same():
    laned = [definitions(process("p", lanes(**{lane: "a"}), start(), user("a"), end(), "start a end")) for lane in "xy"]
    assert obstacles(Play(laned[0]), laned[1]) == [("migration-differs", "a")]
    assert migrate(Play(laned[0]), laned[1], x="y").step.open_tasks[0].lane == "y"
    assert ("migration-gone", "p") in obstacles(Play(diagram(user("a"))), diagram(user("a"), id="q"), "q")
    told = Play(answering(), trigger="ask", payload={"order": 7})
    beside = ORDER.replace("payload.of", "payload.other") + element(
        "collaboration", "talk", POOL, key("by_order", "order")
    )
    other = answering().replace(KEYED.encode(), beside.encode())
    assert obstacles(told, other) == [("migration-differs", "p")]


def test_a_mapping_that_names_nothing_or_brings_two_together_is_refused():
    play = Play(diagram(parallel("f"), user("a"), user("b"), "start f a end", "f b end"))
    other = diagram(user("c"))
    assert ("migration-mapping", "p") in obstacles(play, other, nothing="c")
    assert ("migration-mapping", "p") in obstacles(play, other, a="nowhere")
    assert [rule for rule, _ in obstacles(play, other, a="c", b="c")].count("migration-mapping") >= 1


def test_what_has_ended_and_what_belongs_elsewhere_is_not_moved():
    ended = Play(diagram(user("a"))).complete("a")
    assert obstacles(ended, diagram(user("a"), user("b"))) == [("migration-ended", "p")]
    one, other = load(diagram(user("a"))), load(diagram(user("b")))
    with pytest.raises(SnapshotRefused, match="another definition"):
        machine.migrate(one, one, Play(other).step.snapshot, now=DAWN, services={})


def test_what_is_refused_leaves_the_proceeding_as_it_was():
    play = Play(diagram(user("a")))
    before = play.step.snapshot
    obstacles(play, diagram(user("b")))
    assert machine.look(play.definition, before, now=DAWN).open_tasks == play.step.open_tasks


# Random diagrams


class Moved(Stepwise):
    """Moved before each command to another version of the same diagram, and back."""

    def __init__(self, drawn: Drawn, data: Any) -> None:
        twin = {name: text.replace(b"</process>", b"</process><!-- twin -->") for name, text in drawn.sources.items()}
        self.other = load(twin)
        super().__init__(drawn, data)

    def between_commands(self) -> None:
        if not self.step.ended:
            there = machine.migrate(self.definition, self.other, self.step.snapshot, now=DAWN, services={})
            self.definition, self.other = self.other, self.definition
            assert there.trace == ()
            self.step = there


def test_moved_before_each_command_the_same_happens_as_where_it_began():
    compared = 0
    for seed in range(80):
        shown = [each.plain for each in played(Drawn(random_sources(seed)), seed, Stepwise, Moved)]
        assert shown[1:] == shown[:-1], seed
        compared += len(shown) > 1
    assert compared > 50
