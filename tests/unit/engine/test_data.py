"""Data objects, properties, what activities and events take and give, associations, data stores, and processes with data."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import BpmnError, DataMissing, DataUnfit, OperationFailed
from tests.unit.engine.drawing import (
    boundary,
    call,
    catch,
    definitions,
    diagram,
    element,
    end,
    error,
    exclusive,
    handler,
    looped,
    many,
    message,
    parallel,
    process,
    receive,
    script,
    send,
    service,
    signal,
    start,
    sub,
    throw,
    user,
)
from tests.unit.engine.playing import Play, refusals


def obj(name: str, item: str | None = None, **words: object) -> str:
    """A data object with a reference to it: `{name}.ref`."""
    return element("dataObject", f"{name}.object", name=name, itemSubjectRef=item, **words) + element(
        "dataObjectReference", f"{name}.ref", dataObjectRef=f"{name}.object"
    )


def prop(name: str, **words: object) -> str:
    return element("property", f"{name}.property", name=name, **words)


def io(takes: str = "", gives: str = "", *, optional: str = "", at: str = "") -> str:
    """An ioSpecification: names of inputs and outputs, of which some are optional. Ids are `{at}{name}.in` and `.out`."""

    def datum(tag: str, name: str, ending: str) -> str:
        return element(tag, f"{at}{name}.{ending}", name=name)

    def chosen(way: str, names: str, ending: str) -> str:
        kinds = {name: "optional" if name in optional.split() else "data" for name in names.split()}
        refs = [
            f"<{kind}{way}Refs>{at}{name}.{ending}</{kind}{way}Refs>"
            for kind in ("data", "optional")
            for name, is_a in kinds.items()
            if is_a == kind
        ]
        return f"<{way.lower()}Set>{''.join(refs)}</{way.lower()}Set>"

    data = [datum("dataInput", name, "in") for name in takes.split()]
    data += [datum("dataOutput", name, "out") for name in gives.split()]
    return element("ioSpecification", None, *data, chosen("Input", takes, "in"), chosen("Output", gives, "out"))


def carries(tag: str, sources: str, target: str, *more: str) -> str:
    named = "".join(f"<sourceRef>{source}</sourceRef>" for source in sources.split())
    return element(tag, None, named, f"<targetRef>{target}</targetRef>", *more)


def takes(sources: str, target: str, *more: str) -> str:
    return carries("dataInputAssociation", sources, target, *more)


def gives(sources: str, target: str, *more: str) -> str:
    return carries("dataOutputAssociation", sources, target, *more)


def transformed(text: str) -> str:
    return element("transformation", None, text)


def assigned(value: str, to: str) -> str:
    return element("assignment", None, element("from", None, value), element("to", None, to))


DOUBLES = script(
    "s", "{'y': x * 2, 'scrap': 1}", io("x", "y"), takes("amount.ref", "x.in"), gives("y.out", "twice.ref")
)  # fmt: skip
XSD = {"xmlns:xsd": "http://www.w3.org/2001/XMLSchema", "xmlns:tns": "urn:test"}
WORDS = ("ioSpecification", "dataInput", "dataOutput", "inputSet", "outputSet", "dataInputRefs", "dataOutputRefs")


# --- Data objects and properties --------------------------------------------------------------------------------------


@pytest.mark.shows("dataObject", "dataObjectReference", "@dataObjectRef")
def test_a_data_object_is_a_variable_without_a_value_until_one_is_written():
    play = Play(diagram(obj("report"), user("a"), "start a end"))
    assert play.variables == {"report": None}
    assert play.complete("a", report="done").variables == {"report": "done"}


@pytest.mark.shows("property")
def test_a_property_of_a_sub_process_ends_with_it_and_hides_what_is_around():
    inside = sub(
        "s", prop("note"), start("s0"), script("w", "{'note': 'inside', 'kept': note == null}"), end("s1"), "s0 w s1"
    )
    play = Play(diagram(inside), note="outside")
    assert play.ended
    assert play.variables == {"note": "outside", "kept": True}


def test_each_round_through_a_sub_process_has_data_of_its_own():
    inside = sub(
        "s",
        obj("note"),
        start("s0"),
        script("w", "{'seen': seen + [note], 'note': 'was'}"),
        user("a"),
        end("s1"),
        "s0 w a s1",
    )
    nodes = (exclusive("x"), inside, exclusive("g", default="g.end"))
    play = Play(diagram(*nodes, "start x s g end", "g -[again]-> x"), seen=[], again=True)
    play.complete("a").complete("a", again=False)
    assert play.variables["seen"] == [None, None]


def test_a_property_of_a_task_belongs_to_the_task_alone():
    own = user("a", prop("scratch"), takes("amount.ref", "scratch.property"))
    play = Play(diagram(obj("amount"), own, "start a end"), amount=3)
    assert play.step.open_tasks[0].locals == {"scratch": 3}
    assert play.complete("a", scratch=4).variables == {"amount": 3}


@pytest.mark.shows("@itemSubjectRef", "@isCollection")
@pytest.mark.parametrize(
    ("type_", "right", "wrong"),
    [
        ("xsd:string", "a", 1),
        ("xsd:int", 1, 1.5),
        ("decimal", 1.5, "1.5"),
        ("boolean", False, 0),
        ("xsd:date", "2026-02-28", "2026-02-30"),
        ("xsd:dateTime", "2026-02-28T10:00:00+08:00", "2026-02-28"),
        ("duration", "P1D", "a day"),
        ("list", [1], {}),
        ("map", {"a": 1}, []),
        ("tns:Report", {"a": 1}, None),
    ],
)
def test_a_typed_data_object_takes_only_what_fits(type_: str, right: Any, wrong: Any):
    item = element("itemDefinition", "item", structureRef=type_, **XSD)
    source = definitions(process("p", obj("d", "item"), start(), user("a"), end(), "start a end"), extra=item)
    assert Play(source, d=right).variables == {"d": right}
    if wrong is not None:
        with pytest.raises(DataUnfit, match="“d” is declared"):
            Play(source, d=wrong)
        with pytest.raises(DataUnfit, match=r"^a:"):
            Play(source).complete("a", d=wrong)
    many_ = definitions(
        process("p", obj("d", "item", isCollection="true"), start(), user("a"), end(), "start a end"), extra=item
    )
    assert Play(many_).complete("a", d=[right, right]).variables == {"d": [right, right]}


# --- What activities take and give ------------------------------------------------------------------------------------


@pytest.mark.shows(*WORDS, "dataInputAssociation", "dataOutputAssociation", "sourceRef", "targetRef")
def test_an_activity_that_says_what_it_gives_leaves_nothing_else_behind():
    play = Play(diagram(obj("amount"), obj("twice"), DOUBLES, "start s end"), amount=4)
    assert play.variables == {"amount": 4, "twice": 8}


def test_what_a_person_answers_reaches_only_what_it_is_mapped_to():
    decide = user("a", io("facts", "verdict"), takes("file.ref", "facts.in"), gives("verdict.out", "outcome.ref"))
    play = Play(diagram(obj("file"), obj("outcome"), decide, "start a end"), file="f", verdict="untouched")
    assert play.step.open_tasks[0].locals == {"facts": "f", "verdict": None}
    assert play.complete("a", verdict="guilty", remark="x").variables == {
        "file": "f", "outcome": "guilty", "verdict": "untouched",
    }  # fmt: skip


def test_it_waits_until_everything_it_needs_has_a_value():
    source = diagram(
        parallel("f"), user("b"), obj("amount"), obj("twice"), DOUBLES, parallel("j"), "start f s j end", "f b j"
    )
    play = Play(source)
    assert (play.open, play.happened("completed")) == (["b"], ["start", "f"])
    assert play.complete("b", amount=2).ended
    assert play.variables["twice"] == 4


def test_a_task_for_a_person_is_not_open_while_its_data_are_missing():
    waits = user("a", io("facts"), takes("file.ref", "facts.in"))
    source = diagram(obj("file"), parallel("f"), waits, user("b"), parallel("j"), "start f a j end", "f b j")
    play = Play(source)
    assert play.open == ["b"]
    assert [each.node for each in play.step.active] == ["b"]
    play.complete("b", file="here")
    assert play.open == ["a"]
    assert play.complete("a").ended


def test_data_that_can_never_come_are_a_deadlock_that_is_told():
    play = Play(diagram(obj("amount"), obj("twice"), DOUBLES, "start s end"))
    assert (play.step.failed.code, play.step.failed.node) == ("deadlock", "s")


@pytest.mark.shows("optionalInputRefs", "optionalOutputRefs")
def test_what_is_optional_is_not_waited_for_and_need_not_be_given():
    quiet = script("s", "{'seen': x == null}", io("x", "y seen", optional="x y"), takes("amount.ref", "x.in"),
                   gives("y.out", "twice.ref"), gives("seen.out", "flag.ref"))  # fmt: skip
    play = Play(diagram(obj("amount"), obj("twice"), obj("flag"), quiet, "start s end"))
    assert play.variables == {"amount": None, "twice": None, "flag": True}


def test_an_output_that_is_promised_and_not_given_leaves_everything_as_it_was():
    decide = user("a", io("", "verdict"), gives("verdict.out", "outcome.ref"))
    play = Play(diagram(obj("outcome"), decide, "start a end"))
    with pytest.raises(DataMissing, match="a does not give verdict"):
        play.complete("a", other=1)
    assert play.open == ["a"]
    assert play.complete("a", verdict=1).ended


def test_one_that_is_taken_and_given_under_one_name_is_changed_on_the_way():
    edit = user("a", io("text", "text"), takes("draft.ref", "text.in"), gives("text.out", "draft.ref"))
    play = Play(diagram(obj("draft"), edit, "start a end"), draft="one")
    assert play.complete("a", text="two").variables == {"draft": "two"}


def test_in_a_loop_each_round_takes_the_present_values():
    nodes = (obj("amount"), obj("twice"), exclusive("x"), DOUBLES, user("a"), exclusive("g", default="g.end"))
    play = Play(diagram(*nodes, "start x s a g end", "g -[amount < 9]-> x"), amount=1)
    for amount, twice in ((3, 2), (5, 6), (9, 10)):
        assert play.variables["twice"] == twice
        play.complete("a", amount=amount)
    assert play.ended


@pytest.mark.shows("transformation")
def test_a_transformation_makes_one_value_of_the_sources():
    adds = script(
        "s", "{'y': x}", io("x", "y"), takes("a.ref b.ref", "x.in", transformed("a + b")), gives("y.out", "sum.ref")
    )
    assert Play(diagram(obj("a"), obj("b"), obj("sum"), adds, "start s end"), a=1, b=2).variables["sum"] == 3


@pytest.mark.shows("assignment", "from", "to")
def test_assignments_fill_fields_of_the_target():
    fills = script("s", "{'y': 7}", io("", "y"),
                   gives("y.out", "report.ref", assigned("y", "report.sum.gross"), assigned("y - 1", "report.net")))  # fmt: skip
    play = Play(diagram(obj("report"), fills, "start s end"), report={"title": "t", "sum": {"tax": 1}})
    assert play.variables == {"report": {"title": "t", "sum": {"tax": 1, "gross": 7}, "net": 6}}


def test_an_operation_is_called_with_what_was_carried_in_and_its_result_is_the_output():
    told = []

    def add(left: int, right: int) -> int:
        told.append((left, right))
        return left + right

    adds = service("s", "add", None, io("left right", "sum"), takes("a.ref", "left.in"), takes("a.ref", "right.in"),
                   gives("sum.out", "b.ref"))  # fmt: skip
    play = Play(diagram(obj("a"), obj("b"), adds, "start s end"), services={"add": add}, a=2)
    assert (play.variables, told) == ({"a": 2, "b": 4}, [(2, 2)])


def test_of_several_outputs_the_result_of_an_operation_names_each():
    splits = service("s", "split", None, io("", "head tail"), gives("head.out", "a.ref"), gives("tail.out", "b.ref"))
    source = diagram(obj("a"), obj("b"), splits, "start s end")
    assert Play(source, services={"split": lambda: {"head": 1, "tail": 2}}).variables == {"a": 1, "b": 2}
    with pytest.raises(DataMissing, match="does not give tail"):
        Play(source, services={"split": lambda: {"head": 1}})


def test_a_task_that_is_interrupted_gives_nothing():
    decide = user("a", io("", "verdict"), gives("verdict.out", "outcome.ref"))
    source = diagram(obj("outcome"), decide, boundary("m", "a", message("stop")), "start a end", "m end")
    play = Play(source).deliver("stop")
    assert (play.ended, play.variables) == (True, {"outcome": None})


def same(name: str, at: str) -> tuple[str, str, str]:
    """An activity that takes and gives data under the names they have outside."""
    return io(name, name, at=at), takes(f"{name}.ref", f"{at}{name}.in"), gives(f"{at}{name}.out", f"{name}.ref")


def test_what_is_taken_may_have_the_name_of_its_source():
    source = diagram(
        obj("n"), script("s", "{'n': n + 1}", *same("n", "s.")), user("a", *same("n", "a.")), "start s a end"
    )
    play = Play(source, n=1)
    assert play.step.open_tasks[0].locals == {"n": 2}
    assert play.complete("a", n=7).variables == {"n": 7}
    says = throw("t", input_("n.ref", "n") + signal("s"))
    assert Play(diagram(obj("n"), says, "start t end"), n=3).step.messages[0].payload == 3
    keeps = user("b", prop("n"), takes("n.ref", "n.property"))
    assert Play(diagram(obj("n"), keeps, "start b end"), n=3).step.open_tasks[0].locals == {"n": 3}


def test_an_association_reaches_the_data_that_it_names_though_nearer_ones_have_their_name():
    edit = user("a", io("x", "y"), takes("outer", "x.in"), gives("y.out", "outer"))
    inside = sub("s", element("dataObject", "inner", name="d"), start("s0"), edit, end("s1"), "s0 a s1")
    play = Play(diagram(element("dataObject", "outer", name="d"), inside, "start s end"), d="far")
    assert play.step.open_tasks[0].locals == {"x": "far", "y": None}
    assert play.complete("a", y="changed").variables == {"d": "changed"}


def test_a_property_of_an_event_belongs_to_the_event_alone():
    keeps = prop("pp") + '<dataOutput id="o" name="o"/>' + gives("o", "pp.property") + gives("pp.property", "b.ref")
    play = Play(diagram(obj("b"), catch("c", keeps + message("m")), "start c end")).deliver("m", 3)
    assert play.variables == {"b": 3}


def test_where_one_of_several_outputs_does_not_fit_none_is_written():
    item = element("itemDefinition", "item", structureRef="int")
    written: list[Any] = []
    both = user("a", io("", "x y"), gives("x.out", "shelf"), gives("y.out", "n.ref"))
    nodes = (SHELF, obj("n", "item"), start(), both, end())
    source = definitions(process("p", *nodes, "start a end"), extra=STORE + item)
    play = Play(source, services={"register.write": lambda value: written.append(value)})
    with pytest.raises(DataUnfit):
        play.complete("a", x=1, y="text")
    assert written == []
    assert (play.complete("a", x=1, y=2).variables, written) == ({"n": 2}, [1])


def test_a_field_of_what_is_no_map_is_an_error_and_loses_nothing():
    fills = user("a", io("", "y"), gives("y.out", "r.ref", assigned("y", "r.sum.net")))
    play = Play(diagram(obj("r"), fills, "start a end"), r={"sum": 3})
    with pytest.raises(DataUnfit, match="has no field “net”"):
        play.complete("a", y=1)
    assert play.variables == {"r": {"sum": 3}}


def test_what_a_task_or_a_called_process_has_for_itself_is_of_its_type():
    item = element("itemDefinition", "item", structureRef="int")
    own = user("a", element("property", "k", name="k", itemSubjectRef="item"))
    play = Play(definitions(process("p", start(), own, end(), "start a end"), extra=item))
    with pytest.raises(DataUnfit, match="a: “k” is declared"):
        play.complete("a", k="text")
    inner = process("q", obj("m", "item"), start("q0"), end("q1"), "q0 q1")
    calls = process("p", start(), call("c", "q", inputs={"m": "'text'"}), end(), "start c end")
    with pytest.raises(DataUnfit, match="c: “m” is declared"):
        Play(definitions(calls, inner, extra=item))
    each = many(None, "<loopDataInputRef>xs.object</loopDataInputRef>",
                element("inputDataItem", "x", name="x", itemSubjectRef="item"))  # fmt: skip
    with pytest.raises(DataUnfit, match="b: “x” is declared"):
        Play(
            definitions(process("p", obj("xs"), start(), user("b", each), end(), "start b end"), extra=item),
            xs=[1, "t"],
        )


def test_a_manual_task_may_say_what_it_takes():
    signs = element("manualTask", "a", io("x"), takes("d.ref", "x.in"))
    play = Play(diagram(obj("d"), signs, "start a end"), d=1)
    assert play.step.open_tasks[0].locals == {"x": 1}


# --- Multi-instances and loops ----------------------------------------------------------------------------------------


@pytest.mark.shows("loopDataInputRef", "inputDataItem", "loopDataOutputRef", "outputDataItem")
@pytest.mark.parametrize("sequential", [False, True])
def test_a_multi_instance_takes_its_items_from_data_and_gathers_theirs(sequential: bool):
    repeated = many(
        None,
        "<loopDataInputRef>people.in</loopDataInputRef>",
        "<loopDataOutputRef>votes.out</loopDataOutputRef>",
        element("inputDataItem", "who", name="who"),
        element("outputDataItem", "vote", name="vote"),
        sequential=sequential,
    )
    asks = user("a", io("people rate", "votes"), takes("panel.ref", "people.in"), takes("fee.ref", "rate.in"),
                gives("votes.out", "result.ref"), repeated)  # fmt: skip
    play = Play(diagram(obj("panel"), obj("fee"), obj("result"), asks, "start a end"), panel=["x", "y"], fee=5)
    seen = []
    while play.open:
        [task, *_] = play.tasks("a")
        seen.append((task.locals["who"], task.locals["rate"]))
        play.finish(task.id, vote=f"{task.locals['who']}!")
    assert (seen, play.variables["result"]) == ([("x", 5), ("y", 5)], ["x!", "y!"])


def test_the_rounds_of_a_loop_hand_their_output_on():
    counts = script("s", "{'y': (y == null ? x : y) + 1}", io("x", "y"), takes("a.ref", "x.in"), gives("y.out", "b.ref"),
                    looped("loopCounter < 3"))  # fmt: skip
    assert Play(diagram(obj("a"), obj("b"), counts, "start s end"), a=10).variables["b"] == 13


# --- Events and messages ----------------------------------------------------------------------------------------------


def output(name: str, target: str) -> str:
    """What an event that catches does with what it carries."""
    return element("dataOutput", f"{name}.out", name=name) + gives(f"{name}.out", target)


def input_(source: str, name: str, *more: str) -> str:
    return element("dataInput", f"{name}.in", name=name) + takes(source, f"{name}.in", *more)


def test_what_a_message_carries_reaches_only_what_it_is_mapped_to():
    waits = catch("c", output("payload", "letter.ref") + message("m"))
    play = Play(diagram(obj("letter"), waits, "start c end"), mine="kept").deliver("m", {"payload": 1, "mine": 2})
    assert play.variables == {"letter": {"payload": 1, "mine": 2}, "mine": "kept"}


def test_without_mapping_a_message_changes_nothing():
    play = Play(diagram(obj("letter"), catch("c", message("m")), "start c end")).deliver("m", {"letter": 1})
    assert (play.ended, play.variables) == (True, {"letter": None})


def test_what_a_thrown_event_carries_is_transformed():
    says = throw("t", input_("sum.ref", "told", transformed("'sum ' + string(sum)")) + signal("s"))
    play = Play(diagram(obj("sum"), says, "start t end"), sum=3)
    assert [(each.name, each.payload) for each in play.step.messages] == [("s", "sum 3")]


def test_send_and_receive_tasks_hand_over_their_one_message():
    sends = send("t", "out", io("text"), takes("a.ref", "text.in"))
    takes_ = receive("r", "in", io("", "answer"), gives("answer.out", "b.ref"))
    play = Play(diagram(obj("a"), obj("b"), sends, takes_, "start t r end"), a="hello")
    assert play.step.messages[0].payload == "hello"
    assert play.deliver("in", "world").variables == {"a": "hello", "b": "world"}


def test_what_begins_a_process_goes_into_its_data_object():
    source = definitions(
        process("p", obj("letter"), start("start", output("payload", "letter.ref"), message("m")), end(), "start end")
    )
    assert Play(source, trigger="m", payload="hello").variables == {"letter": "hello"}


def test_what_an_attached_event_and_an_event_sub_process_catch_is_carried_out():
    raises = boundary("e", "s", output("why", "reason.ref") + error("E"))
    hears = handler("h", output("news", "letter.ref") + signal("n"), end("h1"), "h0 h1", interrupting=False)
    source = diagram(
        obj("reason"), obj("letter"), service("s", "fail"), raises, user("a"), hears, "start s end", "e a end"
    )

    def fail() -> None:
        raise BpmnError("E", payload="because")

    play = Play(source, services={"fail": fail}).signal("n", "new")
    assert play.variables == {"reason": "because", "letter": "new"}


# --- Processes that are called ----------------------------------------------------------------------------------------


def callee(body: str = "{'y': x * 2, 'scrap': 1}") -> str:
    return process("q", io("x", "y", at="q."), start("q0"), script("w", body), end("q1"), "q0 w q1")


def caller(*inner: str) -> str:
    return process("p", obj("a"), obj("b"), start(), call("c", "q", *inner), end(), "start c end")


MAPPED = (io("x", "y"), takes("a.ref", "x.in"), gives("y.out", "b.ref"))


def test_a_called_process_gets_and_gives_exactly_what_is_mapped():
    play = Play(definitions(caller(*MAPPED), callee()), a=4, x="mine")
    assert play.variables == {"a": 4, "b": 8, "x": "mine"}


def test_a_process_is_not_begun_without_the_data_it_needs():
    with pytest.raises(DataMissing, match="q is begun without x"):
        Play(definitions(callee()), "q")
    assert Play(definitions(callee()), "q", x=1).variables["y"] == 2
    without = (io("z", "y"), takes("a.ref", "z.in"), gives("y.out", "b.ref"))
    with pytest.raises(DataMissing, match="c is begun without x"):
        Play(definitions(caller(*without), callee()), a=4)


def test_a_process_does_not_end_without_the_data_it_promises():
    with pytest.raises(DataMissing, match="q does not give y"):
        Play(definitions(callee("{'scrap': x}")), "q", x=1)


# --- Data stores ------------------------------------------------------------------------------------------------------


STORE = element("dataStore", "ds", name="register")
SHELF = element("dataStoreReference", "shelf", dataStoreRef="ds")


@pytest.mark.shows("dataStoreReference", "@dataStoreRef")
def test_a_data_store_is_read_and_written_by_its_registered_operations():
    kept: dict[str, Any] = {"value": 5}

    def write(value: Any) -> None:
        kept["value"] = value

    adds = script("s", "{'y': x + 1}", io("x", "y"), takes("shelf", "x.in"), gives("y.out", "shelf"))
    source = definitions(process("p", SHELF, start(), adds, end(), "start s end"), extra=STORE)
    play = Play(source, services={"register.read": lambda: kept["value"], "register.write": write})
    assert (kept, play.definition.operations) == ({"value": 6}, ("register.read", "register.write"))
    assert [(each.operation, dict(each.arguments), each.result) for each in play.step.calls] == [
        ("register.read", {}, 5), ("register.write", {"value": 6}, None),
    ]  # fmt: skip


def test_a_store_is_read_once_by_an_activity_that_waits_for_something_else():
    read: list[int] = []
    waits = user("a", io("x y"), takes("shelf", "x.in"), takes("d.ref", "y.in"))
    nodes = (SHELF, obj("d"), start(), parallel("f"), waits, user("b"), user("c"), parallel("j"), end())
    source = definitions(process("p", *nodes, "start f a j end", "f b j", "f c j"), extra=STORE)
    play = Play(source, services={"register.read": lambda: read.append(1) or 5})
    play.complete("b", other=1).complete("c", d=2)
    assert (play.step.open_tasks[0].locals, len(read)) == ({"x": 5, "y": 2}, 1)


def test_a_store_that_throws_an_error_of_the_diagram_fails_with_words():
    def read() -> None:
        raise BpmnError("E")

    reads = user("a", io("x"), takes("shelf", "x.in"))
    source = definitions(process("p", SHELF, start(), reads, end(), "start a end"), extra=STORE)
    with pytest.raises(OperationFailed, match="data store “register” throws “E”"):
        Play(source, services={"register.read": read})


# --- Refused ----------------------------------------------------------------------------------------------------------


def inputs(*refs: str) -> str:
    return f"<inputSet>{''.join(f'<dataInputRefs>{ref}</dataInputRefs>' for ref in refs)}</inputSet>"


TASK = user("a", io("x", "y"), takes("d.ref", "x.in"), gives("y.out", "d.ref"))
REFUSED = {
    "two data objects of one name": ("data-twice", (obj("d"), prop("d"))),
    "an association from nowhere": ("data-out-of-reach", (user("a", io("x"), takes("z", "x.in")),)),
    "an association to another task's input": (
        "data-out-of-reach", (TASK, obj("d"), user("b", takes("d.ref", "x.in"))),
    ),
    "an association to data inside a sub-process": (
        "data-out-of-reach",
        (sub("s", obj("e"), start("s0"), end("s1"), "s0 s1"), user("b", io("", "y"), gives("y.out", "e.ref"))),
    ),
    "two input sets": (
        "data-sets",
        (user("a", element("ioSpecification", None, "<inputSet/><inputSet/><outputSet/>")),),
    ),
    "an input in no set": (
        "data-in-no-set",
        (user("a", element("ioSpecification", None, '<dataInput id="x"/><inputSet/><outputSet/>')),),
    ),
    "a set that names something else": (
        "data-out-of-reach",
        (
            user("a", io("x", at="a."), takes("d.ref", "a.x.in")),
            user("b", element("ioSpecification", None, inputs("a.x.in"), "<outputSet/>")),
            obj("d"),
        ),
    ),
    "an ioSpecification at a sub-process": ("data-not-here", (sub("s", io("", ""), start("s0"), end("s1"), "s0 s1"),)),
    "a timer that carries data": (
        "data-not-here",
        (catch("c", '<dataOutput id="o"/><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>'),),
    ),
    "a receive task with an input": ("data-one", (receive("r", "m", io("x"), takes("d.ref", "x.in")), obj("d"))),
    "a message with two contents": (
        "data-one", (catch("c", '<dataOutput id="o"/><dataOutput id="n"/>' + message("m")),),
    ),
    "wz:payload beside data": (
        "data-and-extension", (catch("c", '<dataOutput id="o"/>' + message("m"), wz_payload="x"),),
    ),
    "wz:input beside data": ("data-and-extension", (service("s", "o", None, io("x"), takes("d.ref", "x.in"), y="1"), obj("d"))),
    "a transformation of another type": (
        "data-type",
        (obj("n", "item"), user("a", io("", "y"), gives("y.out", "n.ref", transformed("'text'")))),
    ),
    "several sources without a transformation": (
        "association-unclear", (obj("d"), obj("e"), user("a", io("x"), takes("d.ref e.ref", "x.in"))),
    ),
    "an assignment to something else": (
        "assignment-astray", (obj("d"), user("a", io("", "y"), gives("y.out", "d.ref", assigned("1", "e")))),
    ),
    "a data store without a name": (
        "store-unnamed", (element("dataStoreReference", "shelf"), user("a", io("x"), takes("shelf", "x.in"))),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule_", "nodes"), REFUSED.values(), ids=REFUSED)
def test_data_that_cannot_be_carried_faithfully_are_refused(rule_: str, nodes: tuple[str, ...]):
    ids = [piece.split('id="')[1].split('"')[0] for piece in nodes if not piece.startswith(("<data", "<property"))]
    chain = " ".join(["start", *ids, "end"])
    item = element("itemDefinition", "item", structureRef="int")
    found = refusals(definitions(process("p", start(), *nodes, end(), chain), extra=item))
    assert set(found) == {rule_}


def test_what_begins_a_process_cannot_be_transformed_on_the_way():
    begins = start("start", element("dataOutput", "o") + gives("o", "d.ref", transformed("o + 1")), message("m"))
    assert refusals(definitions(process("p", obj("d"), begins, end(), "start end"))) == ["data-at-start"]


def test_an_association_that_says_nothing_is_picture_and_warned_of():
    drawn = user("a", element("dataOutputAssociation", "o", "<targetRef>d.ref</targetRef>"))
    play = Play(diagram(obj("d"), drawn, "start a end"))
    assert [warning.rule for warning in play.definition.warnings] == ["association-empty"]
