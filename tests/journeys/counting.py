"""Counts what reaches the database: every statement, and every commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from wenze.application import Application


@dataclass
class Counted:
    """What reached the database."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def __str__(self) -> str:
        lines = [f"{number:3}  {' '.join(text.split())[:160]}" for number, text in enumerate(self.statements, 1)]
        return "\n".join([*lines, f"{self.commits} commits"])


@contextmanager
def counting(application: Application) -> Iterator[Counted]:
    """Count from here to the end of the block."""
    counted, engine = Counted(), application.ground.database.engine

    def statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        counted.statements.append(text)

    def commit(_connection: Any) -> None:
        counted.commits += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)
