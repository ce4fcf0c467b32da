"""The library's methods that we override or call, each with what we rely on. The version is pinned exactly.

When one of these fails after an update of the library, its meaning has changed: read `engine/proceeding.py` and `engine/specs.py`
again before touching the pin.
"""

from __future__ import annotations

import ast
import logging
import re
import tomllib
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import SpiffWorkflow
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec, _BpmnCondition
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.ExclusiveChoice import ExclusiveChoice
from SpiffWorkflow.specs.MultiChoice import MultiChoice
from SpiffWorkflow.task import Task

from engine import proceeding, specs
from engine.proceeding import Proceeding, Token
from tests.unit.engine.drawing import boundary, diagram, duration, end, exclusive, parallel, script, start, sub, user
from tests.unit.engine.playing import Play, load

ENGINE = Path(__file__).parents[3] / "engine"


def test_the_version_is_pinned_exactly():
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert f"spiffworkflow=={version('spiffworkflow')}" in project["dependencies"]


COINCIDENCES = {"_next"}
"""Names of ours that something of the library bears too, of which we neither inherit nor call anything."""


def test_every_name_with_an_underscore_that_we_use_of_the_library_has_a_test():
    """Found by reading: what our modules that know the library call, store or define, and the library defines or stores too."""
    theirs = {name for file in Path(SpiffWorkflow.__file__).parent.rglob("*.py") for name in underscored(file)}
    rooms = [
        file
        for file in ENGINE.glob("*.py")
        if re.search(r"SpiffWorkflow|engine\.(proceeding|specs) import", file.read_text())
    ]
    ours = {name for file in rooms for name in underscored(file)}
    tested = {
        name.value
        for each in ast.walk(ast.parse(Path(__file__).read_text()))
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "relies_on"
        for name in each.args
        if isinstance(name, ast.Constant)
    }
    assert len(rooms) > 6
    assert (ours & theirs) - COINCIDENCES == tested


def underscored(file: Path) -> set[str]:
    """Names with one underscore that a module defines, imports, stores or takes from something."""
    found: list[str] = []
    for each in ast.walk(ast.parse(file.read_text())):
        match each:
            case ast.FunctionDef() | ast.ClassDef():
                found.append(each.name)
            case ast.Attribute():
                found.append(each.attr)
            case ast.ImportFrom():
                found.extend(alias.name for alias in each.names)
            case ast.Constant(value=str()) if each.value.isidentifier():  # getattr and __slots__
                found.append(each.value)
    return {name for name in found if name.startswith("_") and not name.startswith("__")}


# Task


@pytest.mark.relies_on("_state")
def test_a_token_begins_as_a_task_does_but_for_the_clock_the_threads_and_the_ids_of_its_relatives():
    process = BpmnProcessSpec("x")
    flow, kept = Bare(), Proceeding(process, {}, clock=datetime(2026, 1, 1, tzinfo=UTC), services={})
    task = Task(flow, process.start, state=TaskState.COMPLETED, id=0)
    token = kept.task_tree
    assert vars(task).keys() - vars(token).keys() == {"_parent", "_children", "thread_id", "last_state_change"}
    assert (token.parent, token.children) == (task.parent, task.children) == (None, [])
    for name in ("_state", "triggered", "data", "internal_data"):
        assert getattr(token, name) == getattr(task, name), name
    assert (kept.tasks, flow.tasks) == ({token.id: token}, {task.id: task})


@pytest.mark.relies_on("_ready", "_on_ready")
def test_ready_sets_the_state_and_calls_the_spec_but_not_on_what_has_finished():
    flow = Bare()
    spec = Watching(flow.spec, "a")
    task = Task(flow, spec, state=TaskState.FUTURE, id=1)
    task._ready()
    assert task.state == TaskState.READY
    assert spec.seen == ["_on_ready"]
    for state in (TaskState.COMPLETED, TaskState.CANCELLED):
        done = Task(flow, spec, state=state, id=state)
        done._ready()
        assert done.state == state


@pytest.mark.relies_on("_set_state")
def test_set_state_is_the_one_way_a_state_changes_and_may_go_backwards():
    flow = Bare()
    seen: list[int] = []

    class Told(Task):
        def _set_state(self, value: int) -> None:
            seen.append(value)
            super()._set_state(value)

    task = Told(flow, Watching(flow.spec, "a"), state=TaskState.FUTURE, id=1)
    task._ready()
    task.run()
    assert seen == [TaskState.READY, TaskState.COMPLETED]
    task._set_state(TaskState.WAITING)
    assert task.state == TaskState.WAITING


@pytest.mark.relies_on("_run_hook")
@pytest.mark.parametrize(
    ("result", "state", "hooks"),
    [
        (True, TaskState.COMPLETED, ["_run_hook", "_on_complete_hook"]),
        (None, TaskState.STARTED, ["_run_hook"]),
        (False, TaskState.ERROR, ["_run_hook"]),
    ],
)
def test_running_completes_starts_or_fails_by_what_the_run_hook_gives(result, state, hooks):
    flow = Bare()
    spec = Watching(flow.spec, "a", result)
    task = Task(flow, spec, state=TaskState.READY, id=1)
    task.run()
    assert task.state == state
    assert spec.seen == hooks


def test_an_exception_in_the_run_hook_comes_out_unchanged():
    flow = Bare()
    task = Task(flow, Watching(flow.spec, "a", ValueError("mine")), state=TaskState.READY, id=1)
    with pytest.raises(ValueError, match="mine"):
        task.run()
    assert task.state == TaskState.ERROR


def test_run_does_not_look_at_the_state_so_the_caller_must():
    flow = Bare()
    spec = Watching(flow.spec, "a")
    Task(flow, spec, state=TaskState.CANCELLED, id=1).run()
    assert "_run_hook" in spec.seen


@pytest.mark.relies_on("_add_child")
def test_add_child_makes_a_child_in_the_state_that_is_asked_for():
    flow = Bare()
    spec = Watching(flow.spec, "a")
    parent = Task(flow, flow.spec.start, state=TaskState.COMPLETED, id=1)
    child = parent._add_child(spec, TaskState.FUTURE)
    assert (child.parent, child.task_spec, child.state) == (parent, spec, TaskState.FUTURE)
    assert parent.children == [child]
    assert spec.seen == []


@pytest.mark.relies_on("_on_cancel")
def test_cancelling_an_unfinished_task_sets_its_state_and_then_asks_the_spec():
    flow = Bare()
    spec = Watching(flow.spec, "a")
    for state in (TaskState.FUTURE, TaskState.WAITING, TaskState.READY, TaskState.STARTED):
        spec.seen.clear()
        task = Task(flow, spec, state=state, id=state)
        task.cancel()
        assert (task.state, spec.seen) == (TaskState.CANCELLED, ["_on_cancel"])
    done = Task(flow, spec, state=TaskState.COMPLETED, id=1)
    spec.seen.clear()
    done.cancel()
    assert (done.state, spec.seen) == (TaskState.COMPLETED, [])


# TaskSpec


@pytest.mark.relies_on("_on_complete_hook", "_update", "_task_completed_notify")
def test_when_a_task_completes_the_hook_comes_first_then_the_children_then_the_workflow():
    flow = Bare()
    a, b = Watching(flow.spec, "a"), Watching(flow.spec, "b")
    a.makes = b
    task = Task(flow, a, state=TaskState.READY, id=1)
    task.run()
    assert a.seen == ["_run_hook", "_on_complete_hook"]
    assert b.seen == ["_update", "_on_ready"]
    assert flow.seen == ["_task_completed_notify"]


@pytest.mark.relies_on("_inputs", "_wf_spec")
def test_specs_know_their_neighbours_by_name():
    process = BpmnProcessSpec("x")
    a, b = Watching(process, "a"), Watching(process, "b")
    a.connect(b)
    assert (a._outputs, b._inputs) == (["b"], ["a"])
    assert a.outputs == [b]
    assert process.get_task_spec_from_name("b") is b
    assert b._wf_spec is process


def test_the_library_keeps_these_names_for_itself():
    assert set(BpmnProcessSpec("x").task_specs) == {"Start", "End", "x.EndJoin"}
    with pytest.raises(KeyError):
        Watching(BpmnProcessSpec("x"), "Start")


# Choices


def test_a_choice_connects_with_and_without_condition():
    process = BpmnProcessSpec("x")
    choice, a, b = MultiGate(process, "g"), Watching(process, "a"), Watching(process, "b")
    choice.connect_outgoing_if("x > 1", a)
    choice.connect_outgoing_if(None, b)
    (condition, name), other = choice.cond_task_specs
    assert isinstance(condition, _BpmnCondition)
    assert condition.args == ("x > 1",)
    assert name == "a"
    assert other == (None, "b")


@pytest.mark.relies_on("_matches")
def test_a_condition_asks_the_script_engine_with_the_task_and_its_text():
    flow = Bare()
    task = Task(flow, flow.spec.start, state=TaskState.READY, id=1)
    assert _BpmnCondition("anything")._matches(task) == ("evaluated", "anything")


@pytest.mark.relies_on("_get_matching_outputs")
def test_matching_outputs_are_told_apart_from_those_without_condition():
    flow = Bare()
    choice, a, b = MultiGate(flow.spec, "g"), Watching(flow.spec, "a"), Watching(flow.spec, "b")
    choice.connect_outgoing_if("yes", a)
    choice.connect_outgoing_if(None, b)
    task = Task(flow, choice, state=TaskState.READY, id=1)
    assert choice._get_matching_outputs(task) == ([a], [b])


def test_an_exclusive_choice_keeps_what_has_no_condition_as_its_default():
    process = BpmnProcessSpec("x")
    gate, a, b = ExclusiveGate(process, "g"), Watching(process, "a"), Watching(process, "b")
    assert gate.default_task_spec is None
    gate.connect_outgoing_if("yes", a)
    gate.connect_outgoing_if(None, b)
    assert gate.default_task_spec == "b"
    assert [name for condition, name in gate.cond_task_specs if condition] == ["a"]


# Workflows


EVENTS = {"completed_event", "task_removed_event", "event_manager", "bpmn_events"}
UNUSED = EVENTS | {"correlations", "locks", "last_task", "success"}


def test_a_proceeding_begins_as_a_workflow_does_but_for_what_is_not_used_of_it():
    flow, kept = Bare(), Proceeding(BpmnProcessSpec("x"), {}, clock=datetime(2026, 1, 1, tzinfo=UTC), services={})
    assert vars(flow).keys() - vars(kept).keys() == UNUSED | {"seen", "engine"}
    for name in ("data", "completed", "subprocesses", "subprocess_specs"):
        assert getattr(kept, name) == getattr(flow, name), name
    assert kept.top_workflow is kept
    assert kept.get_subprocess(kept.task_tree) is None


def test_a_scope_begins_as_a_sub_workflow_does_but_for_what_is_not_used_of_it():
    flow, kept = Bare(), Proceeding(BpmnProcessSpec("x"), {}, clock=datetime(2026, 1, 1, tzinfo=UTC), services={})
    Task(flow, flow.spec.start, state=TaskState.STARTED, id=1)
    inner = BpmnSubWorkflow(BpmnProcessSpec("y"), 1, flow, deserializing=True)
    owner = Token(kept, load(diagram(sub("s", start("a"), end("b"), "a b"))).specs["p"].task_specs["s"], None, 32, 1)
    scope = proceeding.SubScope(BpmnProcessSpec("y"), owner)
    assert vars(inner).keys() - vars(scope).keys() == UNUSED - {"event_manager", "bpmn_events"} | {
        "parent_task_id",
        "depth",
    }
    assert (scope.top_workflow, scope.script_engine, scope.data) == (kept, kept.script_engine, inner.data)


def test_a_sub_workflow_task_keeps_the_name_of_its_scope():
    class Inner(SubWorkflowTask, BpmnTaskSpec):
        pass

    assert Inner(BpmnProcessSpec("x"), "s", "x/s").spec == "x/s"


# What we must not use: what would go wrong if a method of ours were lost


def test_everything_of_ours_that_the_library_calls_is_still_called_by_it():
    """Each override, by the library's class that must have a method of that name."""
    for ours, theirs, names in (
        (Token, Task, ["_add_child", "_set_state", "cancel"]),
        (specs.NodeSpec, TaskSpec, ["_update", "_on_ready", "_run_hook", "_on_complete_hook", "_on_cancel"]),
        (specs.CatchSpec, TaskSpec, ["_on_ready"]),
        (specs.ScriptSpec, TaskSpec, ["_run_hook"]),
        (specs.ScopeSpec, SubWorkflowTask, ["_on_cancel"]),
        (specs.InclusiveSpec, MultiChoice, ["_run_hook"]),
        (specs.ExclusiveSpec, ExclusiveChoice, ["_run_hook"]),
        (proceeding.Scope, BpmnWorkflow, ["_task_completed_notify"]),
    ):
        for name in names:
            assert name in vars(ours), (ours, name)
            assert callable(getattr(theirs, name)), (theirs, name)


def test_nothing_of_the_librarys_own_moving_is_called():
    """Predicting, its loops, its events, its iterator and its merging of data: a run of everything touches none of them."""
    forbidden = ["get_tasks_iterator", "refresh_timers", "do_engine_steps", "catch", "_predict", "is_completed"]
    inner = sub("s", start("a0"), user("a"), end("e0"), "a0 a e0")
    nodes = (
        parallel("p1"),
        inner,
        boundary("t", "s", duration("PT1H")),
        script("x", "{'y': 1}"),
        exclusive("g", default="g.u"),
        user("u"),
    )
    definition = load(diagram(*nodes, "start p1 s end", "p1 x g u end", "t end", "g -[false]-> end"))

    class Guarded(Proceeding):
        def __getattribute__(self, name: str) -> Any:
            assert name not in forbidden, name
            return super().__getattribute__(name)

    kept = Guarded(definition.specs["p"], definition.specs, clock=datetime(2026, 1, 1, tzinfo=UTC), services={})
    kept.enter(definition.specs["p"].plain_start)
    kept.settle()
    kept.fire_due("2027", {})
    kept.settle()
    assert [token.task_spec.name for token in kept.tokens()] == ["u"]


def test_the_library_is_not_asked_to_log_what_a_token_holds(caplog):
    with caplog.at_level(logging.DEBUG):
        Play(diagram(user("a")), secret="not for the log").complete("a")
    assert "not for the log" not in caplog.text
    assert not any(getattr(record, "data", None) for record in caplog.records)


# Bare parts of the library


class Engine(PythonScriptEngine):
    answer = True

    def __init__(self) -> None:
        """No environment."""

    def evaluate(self, task: Any, expression: Any, external_context: Any = None) -> Any:
        return self.answer and ("evaluated", expression)


class Bare(BpmnWorkflow):
    """A workflow of the library, restored and empty."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.engine = Engine()
        super().__init__(BpmnProcessSpec("x"), {}, script_engine=self.engine, deserializing=True)

    def _task_completed_notify(self, task: Any) -> None:
        self.seen.append("_task_completed_notify")


class Watching(BpmnTaskSpec):
    """A spec that writes down which hooks are called."""

    def __init__(self, process: Any, name: str, result: Any = True) -> None:
        super().__init__(process, name)
        self.seen: list[str] = []
        self.result = result
        self.makes: Any = None

    def _update(self, my_task: Any) -> None:
        self.seen.append("_update")
        my_task._ready()

    def _on_ready(self, my_task: Any) -> None:
        self.seen.append("_on_ready")

    def _run_hook(self, my_task: Any) -> Any:
        self.seen.append("_run_hook")
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def _on_cancel(self, my_task: Any) -> None:
        self.seen.append("_on_cancel")

    def _on_complete_hook(self, my_task: Any) -> None:
        self.seen.append("_on_complete_hook")
        if self.makes is not None:
            my_task._sync_children([self.makes], TaskState.FUTURE)


class MultiGate(MultiChoice, BpmnTaskSpec):
    """An inclusive choice as the library builds it."""


class ExclusiveGate(ExclusiveChoice, BpmnTaskSpec):
    """An exclusive choice as the library builds it."""
