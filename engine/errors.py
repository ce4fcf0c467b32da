"""What can go wrong in the engine: one small tree. The docstring of an error is its sentence."""

from __future__ import annotations

from dataclasses import dataclass


class EngineError(Exception):
    """The engine could not carry out the move."""

    def __init__(self, message: str | None = None, **facts: object) -> None:
        """`facts` are the values a translated sentence needs (`task`, `node`, `limit` …)."""
        self.facts = facts
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing in an artefact that cannot be carried out faithfully, or (a warning) that may not be what was meant."""

    source: str
    """Name of the file."""
    line: int | None
    element: str
    """Id of the element; its tag where it has none."""
    name: str
    """Name of the element as drawn; empty where it has none."""
    rule: str
    """Stable code of the rule that is broken, such as `element-not-supported`."""
    why: str
    """English sentence: what is wrong in this artefact."""
    remedy: str
    """English sentence: what to draw or write instead."""
    why_zh: str = ""
    remedy_zh: str = ""
    warning: bool = False
    """Whether the artefact is carried out all the same."""


class ArtefactRefused(EngineError):
    """The artefact cannot be carried out faithfully."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        lines = [f"{f.source}:{f.line or '?'} {f.element}: {f.why} {f.remedy}" for f in findings]
        super().__init__("\n".join([(type(self).__doc__ or "").strip(), *lines]))


class DiagramRefused(ArtefactRefused):
    """The diagram cannot be carried out faithfully."""


class MigrationRefused(ArtefactRefused):
    """The proceeding cannot be moved to the other version of its diagram faithfully."""


class DecisionRefused(ArtefactRefused):
    """The decision table cannot be carried out faithfully."""


class ExpressionRefused(EngineError):
    """The expression cannot be compiled."""


class ExpressionFailed(EngineError):
    """The expression could not be evaluated."""


class NothingDecided(EngineError):
    """No rule of the decision table applies to these values."""


class TaskNotOpen(EngineError):
    """The task is not open: it was completed, cancelled, not yet reached, or belongs to another proceeding."""


class TimerNotOpen(EngineError):
    """The timer is not open: it has fired, was cancelled, belongs to another proceeding, or is not a statutory limit."""


class TriggerUnknown(EngineError):
    """Nothing in the diagram is started in this way."""


class AnswersRefused(EngineError):
    """The answers are not plain values that the proceeding can keep."""


class OperationUnknown(EngineError):
    """The diagram calls an operation that is not registered."""


class OperationFailed(EngineError):
    """A service operation raised an error."""


class BpmnError(Exception):
    """An operation raises it to throw an error of the diagram; the nearest event around the task that catches it takes over.

    Args:
        code: the error's code, as the diagram names it.
        message: what happened, in words: told where nobody catches it.
        payload: a plain value for the variable that the catching event names (`wz:payload`).
    """

    def __init__(self, code: str, message: str = "", payload: object = None) -> None:
        super().__init__(message or code)
        self.code, self.message, self.payload = code, message, payload


class BpmnEscalation(Exception):
    """An operation raises it when it has done its work and throws an escalation of the diagram.

    Args:
        code: the escalation's code, as the diagram names it.
        payload: a plain value for the variable that the catching event names (`wz:payload`).
        result: what the operation gives, as if it had returned it.
    """

    def __init__(self, code: str, payload: object = None, result: object = None) -> None:
        super().__init__(code)
        self.code, self.payload, self.result = code, payload, result


class ConversationMixed(EngineError):
    """A message was thrown that belongs to another conversation than the proceeding takes part in."""


class DataMissing(EngineError):
    """Data that a process or activity needs or promises have no value."""


class DataUnfit(EngineError):
    """A value is not of the type with which its variable is declared."""


class ErrorUncaught(EngineError):
    """An error of the diagram was caught by nobody: the proceeding has failed."""


class ProceedingStuck(EngineError):
    """The proceeding cannot go on: it loops without a person, or nears a limit of the library."""


class SnapshotRefused(EngineError):
    """The snapshot is of an unknown format, of another definition, or was altered."""


class CalendarRefused(ArtefactRefused):
    """The calendar contradicts itself or cannot be read."""


class PeriodRefused(EngineError):
    """The period cannot be counted as asked."""


class InputUnfit(EngineError):
    """An input of the decision is missing, or not of the kind that the table declares."""


class RulesDisagree(EngineError):
    """More rules of the decision table apply than its hit policy allows."""


class ResultUnfit(EngineError):
    """What the decision computes is not what it declares."""
