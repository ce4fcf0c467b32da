"""A proceeding stored with everything in it that a snapshot can hold: what is kept of each format, for ever.

    python -m tests.unit.engine.storing

writes the diagram and the snapshot of the present format into `stored`, once. Neither is ever changed or removed: proceedings
stored by that version are still open somewhere.
"""

from __future__ import annotations

from pathlib import Path

from engine import machine
from engine.snapshot import FORMAT
from engine.step import Step
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    compensation,
    complex_,
    condition,
    cycle,
    definitions,
    duration,
    element,
    end,
    exclusive,
    handler,
    looped,
    many,
    message,
    parallel,
    process,
    race,
    script,
    start,
    sub,
    throw,
    undone,
    user,
)
from tests.unit.engine.playing import DAWN, Play, load

STORED = Path(__file__).parent / "stored"


def files(format: int) -> tuple[Path, Path]:
    """Where the diagram and the snapshot of a format are kept."""
    return STORED / f"format-{format}.bpmn", STORED / f"format-{format}.json"


def begun(diagram: bytes) -> Play:
    """In the middle of what is `drawn`: a message has fixed a key, something can be undone, everything else waits."""
    play = Play(diagram, trigger="ask", payload={"order": 7}, items=[1, 2, 3], name="张三", ready=False)
    play.complete("x").complete("one", mine=5).complete("many").complete("round").complete("first").deliver("look")
    return play.wake(hours=1)


ENDS: dict[int, tuple[list[tuple[str, object]], dict[str, object]]] = {
    1: (
        [("u", {"mine": 6}), ("late", {}), ("word", "yes"), ("z", {})],
        {"items": [1, 2], "name": "张三", "got": [5, 6], "said": "yes"},
    ),
    2: (
        [
            *(("one", {"mine": 6}), ("one", {"mine": 7}), ("many", {}), ("many", {}), ("round", {}), ("round", {})),
            *(("asked", {}), ("looked", {}), ("late", {}), ("word", None), ("second", {"ready": True})),
            *(("z", {}), ("undo", {})),
        ],
        {"items": [1, 2, 3], "name": "张三", "ready": True, "seen": "张三", "got": [5, 6, 7]},
    ),
}
"""By format: what is done to bring what is stored to its end (a task completed, or a message told), and its variables then."""


def ended(format: int) -> Step:
    """What is stored of a format, brought to its end by the present version."""
    diagram, snapshot = files(format)
    definition, how = load(diagram.read_bytes()), {"now": DAWN, "services": {}}
    step = machine.look(definition, snapshot.read_bytes(), now=DAWN)
    for name, given in ENDS[format][0]:
        task = next((task.id for task in step.open_tasks if task.node == name), None)
        if task is not None:
            step = machine.complete(definition, step.snapshot, task, given, **how)
        else:
            step = machine.deliver(definition, step.snapshot, name, given, **how)
    return step


def drawn() -> bytes:
    """Every kind of part of which a snapshot keeps more than that a token is there."""
    inner = (start("s0"), user("one"), end("s9"), "s0 one s9")
    waits = many(collection="items", element="item", output="got", outputElement="mine")
    branches = (
        *(
            sub("s", waits, *inner),
            boundary("t", "s", cycle("R3/PT1H"), interrupting=False),
            user("late"),
            "t late end",
        ),
        *(user("many", many(collection="items", element="item", sequential=True)),),
        *(call("calls", "q"), user("round", looped("loopCounter < 3"))),
        *(race("r"), catch("told", message("word")), catch("waited", duration("PT9H")), exclusive("g")),
        *(catch("when", condition("ready")), parallel("f"), complex_("c", "activationCount >= 1"), parallel("j")),
        *(user("first"), user("second"), "f first c", "f second c", "c j"),
        *("f s j", "f many j", "f calls j", "f round j", "f r told g j", "r waited g", "f when j"),
    )
    beside = handler("h", message("look"), user("looked"), end("h9"), "h0 looked h9", interrupting=False)
    main = process(
        "p",
        *(start("begin", message("ask")), user("x"), undone("x", "undo"), user("undo", isForCompensation="true")),
        *(end(), beside, *branches, user("z"), throw("back", compensation()), "begin x f", "j z back end"),
    )
    called = process("q", start("q0"), script("sets", "{'seen': name}"), user("asked"), end("q9"), "q0 sets asked q9")
    return definitions(main, called, extra=_keys())


def _keys() -> str:
    reads = element("messagePath", None, "payload.order", xsi_type="tFormalExpression")
    read = element("correlationPropertyRetrievalExpression", None, reads, messageRef="m_ask")
    key = element("correlationKey", "by_order", element("correlationPropertyRef", None, "order"))
    pool = element("participant", "pool", processRef="p")
    return element("correlationProperty", "order", read, type="number") + element("collaboration", "talk", pool, key)


if __name__ == "__main__":
    diagram, snapshot = files(FORMAT)
    with diagram.open("xb") as file:
        file.write(drawn())
    with snapshot.open("xb") as file:
        file.write(begun(drawn()).step.snapshot)
