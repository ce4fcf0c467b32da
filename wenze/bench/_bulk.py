"""Many rows at once: copies of rows that verbs have made, poured into the same tables past the verbs.

For measures that ask what a list or a sweep costs when very much is open: opening a hundred thousand cases one by one would
take longer than the measure. May never make up a row: a copy differs from its model in ids, holders and moments only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Table, select

from api.database import BEGINNING
from workflows.records import Record

TOLD_EVERY = 100_000
"""Rows between two lines that tell how far it is."""


def model(engine: Engine, record: type[Record], record_id: str) -> dict[str, Any]:
    """A row that verbs have made, by its columns."""
    table = table_of(record)
    with engine.connect() as connection:
        return dict(connection.execute(select(table).where(table.c.id == record_id)).one()._mapping)


def pour(
    engine: Engine,
    record: type[Record],
    like: Mapping[str, Any],
    differing: Sequence[str],
    rows: Iterable[Sequence[Any]],
    tell: Callable[[str], None],
) -> None:
    """Insert copies of one row in one transaction.

    Args:
        like: the model: every column with its value.
        differing: names of the columns in which a copy is not like it.
        rows: for each copy the values of these columns.
        tell: is told how far it is.
    """
    table, dialect = table_of(record), engine.dialect
    names = [*differing, *(name for name in like if name not in differing)]
    processors = [table.c[name].type.bind_processor(dialect) for name in names]
    same = [
        like[name] if process is None else process(like[name]) for name, process in zip(names, processors, strict=True)
    ][len(differing) :]
    own = processors[: len(differing)]
    copies = (
        [value if process is None else process(value) for process, value in zip(own, row, strict=True)] + same
        for row in _counted(rows, table.name, tell)
    )
    quoted = [dialect.identifier_preparer.quote(name) for name in names]
    with engine.begin() as connection:
        cursor: Any = connection.connection.cursor()
        if dialect.name == "postgresql":
            with cursor.copy(f"COPY {table.name} ({', '.join(quoted)}) FROM STDIN") as stream:
                for copy in copies:
                    stream.write_row(copy)
        else:
            marks = ", ".join("?" * len(names))
            cursor.executemany(f"INSERT INTO {table.name} ({', '.join(quoted)}) VALUES ({marks})", copies)  # noqa: S608
        cursor.close()


def settle(engine: Engine) -> None:
    """Let the database do what it does by itself a while after so many rows came in: count them, clear its log."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    else:
        with engine.execution_options(**{BEGINNING: ""}).connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def identifier(kind: str, number: int) -> str:
    """An id of a copied row: 32 hex digits, in order. `kind`: one digit, so that two tables never share an id."""
    return f"{kind}{number:031x}"


def table_of(record: type[Record]) -> Table:
    """The table in which a record lies."""
    return Record.metadata.tables[record.__tablename__]


def _counted(rows: Iterable[Any], name: str, tell: Callable[[str], None]) -> Iterator[Any]:
    number = 0
    for number, row in enumerate(rows, start=1):
        yield row
        if number % TOLD_EVERY == 0:
            tell(f"{number:,} rows of {name}")
    if number % TOLD_EVERY:
        tell(f"{number:,} rows of {name}")
