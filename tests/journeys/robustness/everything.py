"""All there is in a database, to be compared before and after: nothing may have changed but that a refusal is on record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from wenze.application import Application
from workflows.records import Record

REFUSED = ("act.refused", "conflict.refused")
HEADS = {"case_file": {"ledger_count", "ledger_head"}, "ledger_chain": {"count", "head"}}
"""Columns that move on with every entry of the ledger."""


def everything(application: Application) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, without refusals."""
    with application.ground.database.reading() as session:
        return {
            name: [
                {key: value for key, value in row.items() if key not in HEADS.get(name, ())}
                for row in session.execute(select(table).order_by(*table.primary_key)).mappings()
                if row.get("act") not in REFUSED
            ]
            for name, table in Record.metadata.tables.items()
        }
