"""The product's own source, for tests about the building."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("engine", "forms", "workflows", "api", "web", "wenze")


def modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every module of these rooms (of all unless named), parsed."""
    for room in rooms or ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def calls(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a module, with the name of what is called: the last part of it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = node.func
            yield called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", ""), node
