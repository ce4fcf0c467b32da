"""The library's script engine with our expressions behind it: the one place where a diagram's texts are evaluated while it runs.

Conditions, scripts, numbers of instances, timers and arguments all come through here, and leave as plain values. Errors name
the node, its expression and what is wrong. No Python of a diagram is ever run.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from engine import expressions, plain, variables
from engine.errors import BpmnError, BpmnEscalation, ExpressionFailed, OperationFailed, OperationUnknown
from engine.nodes import Formula, Node, ValueKind, named
from engine.step import Call

if TYPE_CHECKING:
    from engine.proceeding import Token

_TYPES: Mapping[ValueKind, type] = {"truth": bool, "integer": int, "list": list, "map": dict, "text": str}
_CALLED: Mapping[ValueKind, tuple[str, str]] = {
    "truth": ("true or false", "真假值"),
    "integer": ("a whole number", "整数"),
    "list": ("a list", "列表"),
    "map": ("a map", "映射"),
    "text": ("text", "文本"),
}


class Scripting(PythonScriptEngine):
    """Evaluates formulas over the variables that a token can read."""

    def __init__(self) -> None:
        """Without the library's environment, which would run Python."""

    def evaluate(self, task: Token, expression: Formula, external_context: Mapping[str, Any] | None = None) -> Any:
        """The value of a formula.

        Raises:
            ExpressionFailed: it cannot be evaluated, is of another kind than asked for, or is not a plain value.
        """
        values = variables.visible(task)
        if external_context:
            values = {**values, **external_context}
        try:
            result = expressions.evaluate(expression.compiled, values, meter=task.workflow.top_workflow.spend_effort)
            if type(result) is not bool:  # which is plain, and takes no room
                result = self.kept(task, result)
        except plain.NotPlain as wrong:
            raise _failed(
                task, expression, f"Its value cannot be kept: {wrong}.", f"结果不能保存：{wrong.chinese}。"
            ) from None
        except ExpressionFailed as failed:
            facts = failed.facts
            raise _failed(task, expression, facts.get("why") or failed, facts.get("zh") or failed) from failed
        if expression.gives != "any" and type(result) is not _TYPES[expression.gives]:
            needed, needed_zh = _CALLED[expression.gives]
            given = _kind(result)
            raise _failed(
                task, expression, f"It gives {given}, not {needed}.", f"给出的是 {given}，而不是{needed_zh}。"
            )
        return result

    def kept(self, task: Token, value: Any) -> Any:
        """A copy of a plain value; what a move makes in all is bounded."""
        copy, size = plain.measured(value)
        task.workflow.top_workflow.spend_room(size)
        return copy

    def execute(self, task: Token, script: Formula, external_context: Mapping[str, Any] | None = None) -> None:
        """Merge the map that a script gives into the variables.

        Raises:
            ExpressionFailed: as `evaluate`, or a name in it is empty or reserved.
        """
        result = self.evaluate(task, script, external_context)
        try:
            result = plain.variables(result)
        except plain.NotPlain as wrong:
            raise _failed(
                task, script, f"Its map cannot be kept: {wrong}.", f"映射不能保存：{wrong.chinese}。"
            ) from None
        for name, value in result.items():
            variables.assign(task, name, value)

    def call_service(self, task: Token, **kwargs: Any) -> Any:
        """Call a registered operation with the arguments the diagram gives.

        Raises:
            OperationUnknown: no operation of that name is registered.
            OperationFailed: the arguments do not fit, it raised an error (`__cause__`), or gave what is not plain.
            BpmnError: it threw an error of the diagram.
            BpmnEscalation: it has ended and threw an escalation of the diagram.
        """
        operation, arguments = kwargs["operation"], kwargs["arguments"]
        node: Node = task.task_spec.node
        top = task.workflow.top_workflow
        function = top.services.get(operation)
        if function is None:
            raise OperationUnknown(
                f"{named(node)}: no operation “{operation}” is registered.",
                node=node.id,
                operation=operation,
                zh=f"{named(node)}：没有登记操作“{operation}”。",
            )
        misfit = mismatch(function, arguments)
        if misfit:
            raise _operation_failed(node, operation, misfit)
        call = partial(
            Call, node=node.id, operation=operation, arguments=arguments, process=node.process, path=task.workflow.path
        )
        escalation: BpmnEscalation | None = None
        try:
            result = function(**arguments)
        except BpmnError as error:
            top.calls.append(call(result=None, raised=error.code))
            error.payload = self._carried(task, operation, error.code, error.payload)
            raise
        except BpmnEscalation as raised:
            escalation, result = raised, raised.result
        except Exception as error:  # whatever a service raises is told with its cause
            raise _operation_failed(node, operation, f"{type(error).__name__}: {error}") from error
        try:
            result = self.kept(task, result)
        except plain.NotPlain as wrong:
            raise _operation_failed(node, operation, f"its result cannot be kept: {wrong}") from None
        if escalation is not None:
            top.calls.append(call(result=result, raised=escalation.code))
            raise BpmnEscalation(
                escalation.code, self._carried(task, operation, escalation.code, escalation.payload), result
            )
        top.calls.append(call(result=result))
        return result

    def _carried(self, task: Token, operation: str, code: object, payload: Any) -> Any:
        """What an error or escalation out of an operation carries."""
        node: Node = task.task_spec.node
        if not isinstance(code, str) or not code:
            raise _operation_failed(node, operation, f"it throws something whose code is no text: {code!r}")
        try:
            return self.kept(task, payload)
        except plain.NotPlain as wrong:
            raise _operation_failed(node, operation, f"what “{code}” carries cannot be kept: {wrong}") from None

    def code(self, task: Token, expression: Formula | None) -> str | None:
        """The code that an expression gives; None (for an empty text or null) where there is none to throw.

        Raises:
            ExpressionFailed: as `evaluate`, or it gives something else.
        """
        result = None if expression is None else self.evaluate(task, expression)
        if expression is None or result in (None, ""):
            return None
        if not isinstance(result, str):
            raise _failed(task, expression, f"It gives {_kind(result)}, not a code.", "给出的不是代码。")
        return result


def mismatch(function: Callable[..., Any], arguments: Mapping[str, Any]) -> str:
    """Why the arguments do not fit the operation's signature; empty where they do."""
    try:
        parameters = _parameters(function)
    except (TypeError, ValueError, NameError) as unreadable:
        return f"its signature cannot be read ({unreadable})"
    takes_any = any(kind == inspect.Parameter.VAR_KEYWORD for kind, _, _ in parameters.values())
    for name, value in arguments.items():
        kind, annotation, _ = parameters.get(name, (None, None, False))
        if kind in (None, inspect.Parameter.VAR_KEYWORD):
            if not takes_any:
                return f"it takes no argument “{name}”"
        elif not agrees(value, annotation):
            return f"argument “{name}” is {_kind(value)}, not {_written(annotation)}"
    for name, (kind, _, required) in parameters.items():
        if required and name not in arguments and kind != inspect.Parameter.VAR_KEYWORD:
            return f"argument “{name}” is missing"
    return ""


def agrees(value: Any, annotation: Any) -> bool:
    """Whether a plain value is of an annotated type. What is no plain type agrees with nothing."""
    if annotation in (Any, inspect.Parameter.empty, object):
        return True
    if annotation in (None, type(None)):
        return value is None
    if annotation is float:
        return type(value) in (int, float)
    if annotation in (str, int, bool, list, dict):
        return type(value) is annotation
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return any(agrees(value, choice) for choice in inner)
    if origin is typing.Literal:
        return any(value == choice and type(value) is type(choice) for choice in inner)
    if origin is not None and isinstance(origin, type):
        if issubclass(list, origin):
            return type(value) is list and all(agrees(item, inner[0]) for item in value)
        if issubclass(dict, origin) and len(inner) == 2:
            return type(value) is dict and all(agrees(k, inner[0]) and agrees(v, inner[1]) for k, v in value.items())
    return False


def _parameters(function: Callable[..., Any]) -> dict[str, tuple[Any, Any, bool]]:
    hints = typing.get_type_hints(_annotated(function))
    return {
        name: (
            parameter.kind,
            hints.get(name, parameter.annotation),
            parameter.default is inspect.Parameter.empty and parameter.kind != inspect.Parameter.VAR_POSITIONAL,
        )
        for name, parameter in inspect.signature(function).parameters.items()
    }


def _annotated(function: Callable[..., Any]) -> Any:
    """Where the annotations of a callable are written."""
    while isinstance(function, partial):
        function = function.func
    return function if inspect.isroutine(function) else type(function).__call__


def _written(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _kind(value: Any) -> str:
    return "nothing" if value is None else type(value).__name__


def _failed(task: Token, formula: Formula, why: object, zh: object) -> ExpressionFailed:
    owner = task.workflow.owner
    node: Node = (owner if owner is not None and task is task.workflow.task_tree else task).task_spec.node
    text = formula.text if len(formula.text) <= 200 else f"{formula.text[:200]}…"
    return ExpressionFailed(
        f"{named(node)}: the expression “{text}” failed. {why}",
        node=node.id,
        expression=text,
        why=str(why),
        zh=f"{named(node)}：表达式“{text}”计算失败。{zh}",
    )


def _operation_failed(node: Node, operation: str, reason: str) -> OperationFailed:
    return OperationFailed(
        f"{named(node)}: the operation “{operation}” failed: {reason}.",
        node=node.id,
        operation=operation,
        why=reason,
        zh=f"{named(node)}：操作“{operation}”失败：{reason}。",
    )
