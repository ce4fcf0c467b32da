"""Variables belong to a scope, not to a token.

Every scope (a proceeding, a called process, a sub-process) has its own map. What a token alone knows (the item of a
multi-instance) lies on the token. Reading looks at the token, its scope, and the scopes around it up to the border of the called
process; writing goes to the innermost that knows the name, else to the process. So parallel branches see one another's work, a
join merges nothing, and nothing that was written is undone. It may never change a value in place: values are replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine import data_types
from engine.errors import ExpressionFailed
from engine.nodes import Binding, named

if TYPE_CHECKING:
    from engine.proceeding import Scope, Token


def visible(token: Token) -> Mapping[str, Any]:
    """Every variable the token can read, the nearer hiding the farther. Not to be changed."""
    scope = token.workflow
    if scope.is_border and not token.data:
        return scope.variables
    found: dict[str, Any] = {}
    for outer in reversed(list(_outwards(scope))):
        found.update(outer.variables)
    found.update(token.data)
    return found


def across(token: Token) -> dict[str, Any]:
    """Every variable of the scopes around a token, those beyond the borders of called processes too."""
    found: dict[str, Any] = dict(token.data)
    scope: Scope | None = token.workflow
    while scope is not None:
        found = {**scope.variables, **found}
        if scope.owner is not None:
            found = {**scope.owner.data, **found}
        scope = scope.owner.workflow if scope.owner is not None else None
    return found


def assign(token: Token, name: str, value: Any) -> None:
    """Write a variable: where the name is known, nearest first; else into the process."""
    top = token.workflow.top_workflow
    top.touched = True
    top.writes += 1
    if name in token.data or token.task_spec.keeps:
        data_types.judge(token.task_spec.declared.get(name), value, token.task_spec.node)
        token.data[name] = value
        return
    _assign(token, name, value)


def of_scope(token: Token, drawn: str, name: str) -> Any:
    """The value of a variable of one of the scopes around a token, even where a nearer one has that name too.

    Args:
        drawn: id of the process or sub-process.
    """
    return _scope(token, drawn).variables.get(name)


def assign_to(token: Token, drawn: str, name: str, value: Any) -> None:
    """Write a variable of one of the scopes around a token, even where a nearer one has that name too."""
    top = token.workflow.top_workflow
    top.touched = True
    top.writes += 1
    _write(token, _scope(token, drawn), name, value)


def _scope(token: Token, drawn: str) -> Scope:
    return next(scope for scope in _outwards(token.workflow) if scope.spec.drawn == drawn)


def _write(token: Token, scope: Scope, name: str, value: Any) -> None:
    data_types.judge(scope.spec.data.get(name), value, token.task_spec.node)
    scope.variables[name] = value
    if scope.is_border:
        scope.written[name] = None


def _assign(token: Token, name: str, value: Any) -> None:
    for scope in _outwards(token.workflow):
        if name in scope.variables or scope.is_border:
            _write(token, scope, name, value)
            return


def value(token: Token, name: str) -> Any:
    """The value of one variable.

    Raises:
        ExpressionFailed: there is no variable of that name.
    """
    found = visible(token)
    if name not in found:
        node = token.task_spec.node
        raise ExpressionFailed(
            f"{named(node)}: there is no variable “{name}”.",
            node=node.id,
            expression=name,
            zh=f"{named(node)}：没有变量“{name}”。",
        )
    return found[name]


def bound(token: Token, bindings: tuple[Binding, ...]) -> dict[str, Any]:
    """The values handed over under the names of the bindings."""
    engine = token.workflow.script_engine
    return {binding.name: engine.evaluate(token, binding.formula) for binding in bindings}


def _outwards(scope: Scope) -> Iterator[Scope]:
    """The scope and those around it, up to the border of the called process."""
    while True:
        yield scope
        if scope.owner is None or scope.is_border:
            return
        scope = scope.owner.workflow
