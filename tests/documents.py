"""Tables of documents that are made of what is tested: each stands between `<!-- its name -->` and `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping


def filled(document: str, tables: Mapping[str, str]) -> str:
    """The document with these tables, each at its place.

    Raises:
        ValueError: the document has no such place, or several.
    """
    for place, table in tables.items():
        between = re.compile(rf"(<!-- {place} -->\n).*?(<!-- end -->)", re.DOTALL)
        document, count = between.subn(lambda found, table=table: f"{found[1]}{table}{found[2]}", document)  # type: ignore[misc]
        if count != 1:
            raise ValueError(f"{count} places for {place}")
    return document


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    escaped = [[cell.replace("|", r"\|") for cell in line] for line in lines]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in escaped) + "\n"
