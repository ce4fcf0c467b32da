"""Mutants of the code that clears away, freezes and thaws: its source with one thing left out, compiled beside the engine.

Nothing is chosen by hand: of the functions named here every statement is left out once, every condition is taken for true and for
false once, and of every `and`, `or` and `A | B` each part is left out once. The engine itself is never touched.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from engine import snapshot

MUTATED = ("_compact_scope", "_has_siblings", "_frozen", "_token", "_thawed", "_thaw_token")


def mutants() -> Iterator[tuple[str, ModuleType]]:
    """Each with its name: the function, and what was done to it."""
    path = Path(snapshot.__file__)
    tree = ast.parse(path.read_text("utf-8"))
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name in MUTATED:
            for name, changed in _changed(function):
                body = [changed if each is function else each for each in tree.body]
                module = ModuleType("engine.snapshot_mutant")
                mutant = ast.fix_missing_locations(ast.Module(body, []))
                exec(compile(mutant, f"{path.name}: {name}", "exec"), module.__dict__)
                yield f"{function.name}: {name}", module


_SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete)


def _changed(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    for number, each in enumerate(_walk(function)):
        for what, change in _changes(each):
            changed = copy.deepcopy(function)
            change(_walk(changed)[number])
            yield what, changed


def _walk(function: ast.FunctionDef) -> list[ast.AST]:
    """The function and what happens in it, without its arguments and their types."""
    return [function, *(each for statement in function.body for each in ast.walk(statement))]


def _changes(each: ast.AST) -> Iterator[tuple[str, Any]]:
    for part in ("body", "orelse"):
        statements = getattr(each, part, None)
        if isinstance(statements, list):
            for at, statement in enumerate(statements):
                if isinstance(statement, _SIMPLE) and not _says(statement):
                    yield (
                        f"without `{_line(statement)}`",
                        lambda node, part=part, at=at: _leave_out(getattr(node, part), at),
                    )
    if isinstance(each, ast.If | ast.IfExp):
        for value in (True, False):
            yield (
                f"`{_line(each.test)}` is {value}",
                lambda node, value=value: setattr(node, "test", ast.Constant(value)),
            )
    if isinstance(each, ast.BoolOp):
        for at, value in enumerate(each.values):
            yield f"without `{_line(value)}` in `{_line(each)}`", lambda node, at=at: _without(node, at)
    if isinstance(each, ast.BinOp) and isinstance(each.op, ast.BitOr):
        for side in ("left", "right"):
            yield f"only `{_line(getattr(each, side))}` of `{_line(each)}`", lambda node, side=side: _only(node, side)


def _says(statement: ast.stmt) -> bool:
    """Whether it is a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _leave_out(statements: list[ast.stmt], at: int) -> None:
    statements[at] = ast.Pass()


def _without(node: ast.BoolOp, at: int) -> None:
    """`A and B` without `B` is `A and A`."""
    node.values[at] = node.values[at - 1]


def _only(node: ast.BinOp, side: str) -> None:
    """`A | A` is `A`."""
    node.left = node.right = getattr(node, side)


def _line(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:90]
