"""The machine's own floor: what nobody who keeps 8 KB safely can do without. May never do more than that."""

from __future__ import annotations

import time

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, insert

ROW = bytes(range(256)) * 32
"""8 KB."""

_TABLE = Table("bench_floor", MetaData(), Column("id", Integer, primary_key=True), Column("row", LargeBinary))
_INSERT = insert(_TABLE).inline()


def prepare(engine: Engine) -> None:
    """Make the table of the floor."""
    _TABLE.metadata.create_all(engine)


def commit_row(engine: Engine) -> None:
    """One transaction that commits one row of 8 KB."""
    with engine.begin() as connection:
        connection.execute(_INSERT, {"row": ROW})


def transactions(engine: Engine, number: int) -> list[float]:
    """So many of these, one after the other: the seconds each took."""
    took = []
    for _ in range(number):
        began = time.perf_counter()
        commit_row(engine)
        took.append(time.perf_counter() - began)
    return took
