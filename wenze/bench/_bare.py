"""SpiffWorkflow as it comes: its own parser, workflow and serializer on the diagrams of a measure, for comparison only.

The one module outside `engine` that imports the library, and the contract on imports names it: `engine` is where the library
is corrected, and a measure of what it does uncorrected must not go through there. Nothing of the product may use it.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from wenze.bench._diagrams import PROCESS


class Bare:
    """A proceeding of the library."""

    def __init__(self, source: bytes) -> None:
        """
        Raises:
            Exception: whatever the library raises; a `RecursionError` where the diagram is long.
        """
        parser = BpmnParser()
        parser.add_bpmn_str(source)
        self._serializer = BpmnWorkflowSerializer()
        self._workflow = BpmnWorkflow(parser.get_spec(PROCESS), parser.get_subprocess_specs(PROCESS))
        self._workflow.do_engine_steps()

    @property
    def open(self) -> list[Any]:
        """The tasks that wait for a person."""
        return list(self._workflow.get_tasks(state=TaskState.READY, manual=True))

    def complete(self) -> None:
        """Complete the first open task, and move on.

        Raises:
            Exception: whatever the library raises.
        """
        task = self.open[0]
        task.data["again"] = True
        task.run()
        self._workflow.do_engine_steps()

    def frozen(self) -> str:
        """As its own serializer writes it."""
        return str(self._serializer.serialize_json(self._workflow))

    def thawed(self, text: str) -> Bare:
        """Brought back from what the serializer wrote."""
        other = object.__new__(Bare)
        other._serializer = self._serializer
        other._workflow = self._serializer.deserialize_json(text)
        return other

    def step(self, text: str) -> str:
        """Thaw, complete, freeze: what `engine.machine.complete` does."""
        thawed = self.thawed(text)
        thawed.complete()
        return thawed.frozen()
