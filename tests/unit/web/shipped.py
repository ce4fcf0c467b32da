"""The law as it is shipped, built once for the tests of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from workflows import releases
from workflows.releases import Law

ROOT = Path(__file__).parents[3]


@cache
def law() -> Law:
    """The release of the project."""
    found: dict[str, bytes] = {}
    for folder, ending in (("bpmn", ".bpmn"), ("bpmn", ".dmn"), ("bpmn", ".yaml"), ("forms", ".json")):
        for path in (ROOT / folder).rglob(f"*{ending}"):
            found[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    return releases.build(found, "0" * 32)
