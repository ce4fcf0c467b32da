"""Snapshots: what they hold, what is refused, and that definitions are shared and never changed."""

from __future__ import annotations

import copy
import hashlib
import json
import pickle
from typing import Any

import pytest

from engine import machine
from engine.diagrams import Definition
from engine.errors import ProceedingStuck, SnapshotRefused
from engine.snapshot import FORMAT, READ
from tests.unit.engine import storing
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    cycle,
    definitions,
    diagram,
    duration,
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
    user,
)
from tests.unit.engine.playing import DAWN, Play, load


def test_a_snapshot_is_compact_json_with_its_format_and_definition(play):
    whole = json.loads(play.step.snapshot)
    assert whole["wenze"] == FORMAT
    assert whole["state"]["definition"] == play.definition.digest
    assert "张三".encode() in play.step.snapshot
    assert b": " not in play.step.snapshot


def test_a_small_proceeding_has_a_small_snapshot():
    assert len(Play(diagram(user("a"))).step.snapshot) < 400


@pytest.mark.parametrize("length", [0, 1, 20, 100, -1, -2])
def test_a_snapshot_cut_short_is_refused(play, length):
    with pytest.raises(SnapshotRefused):
        look(play, play.step.snapshot[:length])


def test_a_snapshot_altered_anywhere_is_refused(play):
    for at in range(len(play.step.snapshot)):
        altered = bytearray(play.step.snapshot)
        altered[at] ^= 1
        with pytest.raises(SnapshotRefused):
            look(play, bytes(altered))


def test_a_snapshot_with_something_behind_it_is_refused(play):
    with pytest.raises(SnapshotRefused):
        look(play, play.step.snapshot + b" ")


@pytest.mark.parametrize("snapshot", [b"", b"{}", b"null", b"\x80\x04", "text", None, 5, b'{"wenze":1}'])
def test_what_is_no_snapshot_is_refused(play, snapshot):
    with pytest.raises(SnapshotRefused):
        look(play, snapshot)


def test_a_snapshot_of_an_older_or_newer_format_is_refused_by_name(play):
    for number in (0, FORMAT + 1, 99):
        with pytest.raises(SnapshotRefused, match=f"format {number}") as refused:
            look(play, play.step.snapshot.replace(b'{"wenze":%d' % FORMAT, b'{"wenze":%d' % number))
        assert refused.value.facts["format"] == number


@pytest.mark.parametrize("format", sorted(READ))
def test_a_snapshot_of_every_format_ever_written_is_read_and_goes_on_to_its_end(format):
    """Stored by the version that wrote it; kept for ever."""
    _, stored = storing.files(format)
    assert stored.read_bytes().startswith(b'{"wenze":%d,' % format)
    step = storing.ended(format)
    assert step.ended
    assert step.variables == storing.ENDS[format][1]
    assert step.snapshot.startswith(b'{"wenze":%d,' % FORMAT)


def test_what_is_written_is_what_is_stored_of_its_format():
    """Where this fails, what a snapshot holds has changed: raise `FORMAT` (see CONTRIBUTING)."""
    diagram, stored = storing.files(FORMAT)
    assert storing.begun(diagram.read_bytes()).step.snapshot == stored.read_bytes()


def test_no_format_is_forgotten():
    assert sorted(READ) == list(range(1, FORMAT + 1))


def test_a_snapshot_of_another_definition_is_refused(play):
    other = Play(diagram(user("a"), user("b")))
    with pytest.raises(SnapshotRefused, match="another definition"):
        look(other, play.step.snapshot)


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state.pop("scopes"),
        lambda state: state["scopes"].clear(),
        lambda state: state["scopes"][0].update(spec="nowhere"),
        lambda state: state["scopes"][1].update(owner=999),
        lambda state: state["scopes"][0]["tokens"].append([99, 98, "a", 16]),
        lambda state: state["scopes"][0]["tokens"].append([99, 0, "nowhere", 16]),
        lambda state: state["scopes"][0]["tokens"].append(["x", 0]),
        lambda state: state["scopes"][0].update(tokens=5),
        lambda state: state.pop("number"),
    ],
)
def test_a_snapshot_that_contradicts_itself_is_refused(play, change):
    state = opened(play.step.snapshot)
    change(state)
    with pytest.raises(SnapshotRefused, match="contradicts itself"):
        look(play, sealed(state))


@pytest.mark.parametrize("body", [b"", b"nothing", b"null", b"[]", b"5", b"[" * 100_000, b"\xff"])
def test_what_is_sealed_but_no_state_is_refused(play, body):
    with pytest.raises(SnapshotRefused):
        look(play, b'{"wenze":%d,"sha256":"%s","state":%s}' % (FORMAT, hashlib.sha256(body).hexdigest().encode(), body))


def test_snapshots_are_taken_in_any_form_of_bytes(play):
    assert look(play, bytearray(play.step.snapshot)).open_tasks == play.step.open_tasks
    assert look(play, memoryview(play.step.snapshot)).open_tasks == play.step.open_tasks


def test_values_come_back_as_they_were():
    values = {
        "i": 2**63 - 1,
        "f": 0.1 + 0.2,
        "t": True,
        "n": None,
        "s": '𠮷\u2028"\\',
        "l": [[], {}],
        "m": {"b": 1, "a": 2},
        "z": -0.0,
        "e": 1e300,
    }
    play = Play(diagram(user("a"), user("b")), **values).complete("a")
    assert play.variables == values
    assert list(play.variables["m"]) == ["b", "a"]
    assert [type(value) for value in play.variables.values()] == [type(value) for value in values.values()]


def test_more_than_can_be_kept_is_refused_and_the_stored_state_stands():
    play = Play(diagram(user("a"), user("b"), "start a b a", "b end"))
    kept = 8 * 1024 * 1024 // 250_000
    for number in range(kept):
        play.complete(play.open[0], **{f"x{number}": "x" * 250_000})
    with pytest.raises(ProceedingStuck, match="bytes"):
        play.complete(play.open[0], last="x" * 250_000)
    assert play.open
    assert len(play.look().variables) == kept


# Definitions


def test_running_never_changes_a_definition():
    definition = load(everything())
    before = shape(dict(definition.specs))
    play = Play(definition, n=0, xs=[1, 2])
    play.complete("sa", y=1).wake(hours=2).complete("sa", y=2).complete("c").complete("qa").deliver("go")
    for node in list(play.open):
        play.complete(node)
    assert play.ended
    Play(definition, n=0, xs=[]).deliver("stop")
    assert shape(dict(definition.specs)) == before


def test_a_definition_is_shared_by_proceedings_that_do_not_disturb_one_another():
    definition = load(everything())
    one, other = Play(definition, n=0, xs=[1]), Play(definition, n=5, xs=[7, 8])
    one.complete("qa")
    assert one.variables["n"] == 1
    assert other.variables["n"] == 5
    assert other.complete("qa").variables["n"] == 6
    assert [task.locals["x"] for task in other.tasks("sa")] == [7, 8]


def test_the_same_sources_give_the_same_definition_whatever_they_are_called():
    sources = everything()
    renamed = {f"x{name}": text for name, text in reversed(sources.items())}
    one, other = load(sources), load(renamed)
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other}) == 1
    assert load({**sources, "more": definitions(process("z", start(), end(), "start end"))}).digest == one.digest


def test_another_text_or_process_gives_another_definition():
    sources = everything()
    assert load(sources, "q") != load(sources)
    assert load({**sources, "1.bpmn": sources["1.bpmn"].replace(b"n + 1", b"n + 2")}).digest != load(sources).digest
    assert load(sources) != "something else"


def test_a_called_process_that_changes_changes_the_caller():
    sources = everything()
    play = Play(sources, n=0, xs=[])
    changed = load({**sources, "1.bpmn": sources["1.bpmn"].replace(b"n + 1", b"n + 2")})
    with pytest.raises(SnapshotRefused):
        machine.look(changed, play.step.snapshot, now=DAWN)


def test_a_definition_tells_what_is_drawn():
    definition: Definition = load(everything())
    assert definition.calls == ("q",)
    node = definition.node("sa")
    assert (node.kind, node.process, node.parent, node.event) == ("user", "p", "s", "")
    assert definition.node("qa", "q").source == "1.bpmn"
    assert definition.node("t").attached == "s"
    assert not definition.node("t").interrupting
    assert definition.node("d").calls == "q"
    assert definition.node("s").multiple
    assert {flow.id for flow in definition.flows if flow.source == "i"} == {"i.c", "i.k"}
    assert next(flow for flow in definition.flows if flow.id == "i.c").condition == "true"
    with pytest.raises(KeyError):
        definition.node("nobody")


def test_steps_are_values(play):
    again = machine.look(play.definition, play.step.snapshot, now=DAWN)
    assert again == machine.look(play.definition, play.step.snapshot, now=DAWN)
    assert copy.copy(again) == again
    assert pickle.loads(pickle.dumps(again.snapshot)) == again.snapshot


def opened(snapshot: bytes) -> dict[str, Any]:
    return json.loads(snapshot)["state"]


def sealed(state: dict[str, Any]) -> bytes:
    """A snapshot of another content, with a digest that fits."""
    body = json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()
    return b'{"wenze":1,"sha256":"%s","state":%s}' % (hashlib.sha256(body).hexdigest().encode(), body)


def look(play: Play, snapshot: Any) -> Any:
    return machine.look(play.definition, snapshot, now=DAWN)


@pytest.fixture
def play() -> Play:
    inner = sub("s", many("2"), start("a0"), user("a"), end("e0"), "a0 a e0")
    return Play(
        diagram(inner, boundary("t", "s", cycle("R/PT1H"), interrupting=False), user("b"), "start s end", "t b end"),
        name="张三",
    )


def everything() -> dict[str, bytes]:
    """A diagram with every kind of part."""
    called = process("q", start(), script("x", "{'n': n + 1}"), user("qa"), end(), "start x qa end")
    inner = sub(
        "s",
        many(collection="xs", element="x", output="ys", outputElement="y"),
        start("a0"),
        user("sa"),
        end("e0"),
        "a0 sa e0",
    )
    nodes = (
        parallel("p1"),
        inner,
        boundary("t", "s", cycle("R3/PT1H"), interrupting=False),
        user("b"),
        inclusive("i", default="i.k"),
        inclusive("k"),
        user("c"),
        call("d", "q"),
        boundary("m", "d", message("stop")),
        race("r"),
        catch("ra", message("go")),
        catch("rb", duration("PT9H")),
        exclusive("g"),
        parallel("p2"),
    )
    chains = (
        "start p1 s i",
        "t b end",
        "i -[true]-> c",
        "c k",
        "i k",
        "k p2",
        "p1 d r ra g p2",
        "r rb g",
        "m g",
        "p2 end",
    )
    return files(process("p", start(), *nodes, end(), *chains), called)


def shape(value: Any, seen: set[int] | None = None) -> Any:
    """Everything reachable from a spec, by value."""
    seen = seen if seen is not None else set()
    if isinstance(value, dict):
        return {str(key): shape(each, seen) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [shape(each, seen) for each in value]
    if hasattr(value, "__dict__") and id(value) not in seen:
        seen.add(id(value))
        return {name: shape(each, seen) for name, each in vars(value).items() if name != "_ways"}
    return repr(value) if not hasattr(value, "__dict__") else "…"
