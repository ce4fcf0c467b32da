"""How a database means to carry out a statement, and whether it reads a whole table for it. May never change a statement."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ClauseElement, Connection, Executable, Select
from sqlalchemy.ext.compiler import compiles


class _Explained(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement


@compiles(_Explained, "postgresql")
def _on_postgresql(element: _Explained, compiler: Any, **how: Any) -> str:
    return f"EXPLAIN (COSTS OFF) {compiler.process(element.statement, **how)}"


@compiles(_Explained, "sqlite")
def _on_sqlite(element: _Explained, compiler: Any, **how: Any) -> str:
    return f"EXPLAIN QUERY PLAN {compiler.process(element.statement, **how)}"


def plan(connection: Connection, statement: Select[*tuple[Any, ...]]) -> list[str]:
    """The plan of a statement, a line for each step, as this database words it."""
    return [str(row[-1]) for row in connection.execute(_Explained(statement))]


def scanned(steps: list[str]) -> set[str]:
    """The tables that a plan reads from beginning to end."""
    # SQLite: `SCAN task`, `SCAN task USING INDEX …`; a subquery it has made itself is `SCAN (subquery-1)` or `SCAN anon_1`.
    # PostgreSQL: `Seq Scan on task`, `Parallel Seq Scan on task task_1`.
    found = (re.search(r"(?:\bSCAN|Seq Scan on) (\w+)", step) for step in steps)
    return {step[1] for step in found if step is not None}
