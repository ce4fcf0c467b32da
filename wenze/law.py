"""Brings the artefacts on disk into the database as a release. May never judge them: the casework refuses what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from api.ground import Ground
from api.unit_of_work import Asking
from workflows import releases
from workflows.acting import CLOCK, Acting

ENDINGS = {"bpmn": (".bpmn", ".dmn", ".yaml"), "forms": (".json",)}
"""Folder → endings of the artefacts in it; the rest of a folder is code or description."""


class LawMissing(Exception):
    """There are no artefacts to load."""


def read(folder: Path) -> dict[str, bytes]:
    """The artefacts under a folder: path below it → content.

    Raises:
        LawMissing: there are none.
    """
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for room, endings in ENDINGS.items()
        for path in sorted((folder / room).rglob("*"))
        if path.is_file() and path.name.endswith(endings)
    }
    if not found:
        raise LawMissing(f"There are no artefacts under {folder}: expected {' and '.join(ENDINGS)}.")
    return found


def publish(ground: Ground, sources: Mapping[str, bytes], now: datetime) -> tuple[str, bool]:
    """Store the artefacts as a release, if they are not one already.

    Returns:
        The name of the release, and whether it is new.

    Raises:
        ArtefactsRefused: with every finding.
    """

    def work(acting: Acting) -> tuple[str, bool]:
        release, new = releases.publish(acting.session, sources, now)
        return release.name, new

    return ground.unit_of_work.run(work, Asking(by=CLOCK, now=now, request="publish"))
