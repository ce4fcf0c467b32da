"""What `wenze check` finds in artefacts on disk: each kind is read by its own room. May never judge one itself.

Files stand together: a diagram is checked with the diagrams and tables of its `bpmn/` folder (else those beside it), a form
with its lists, a catalogue with its profiles, a calendar with its other years. Only findings in the named files are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import forms
from engine import calendars, decisions, diagrams
from engine.errors import ArtefactRefused, DiagramRefused
from engine.variable_checks import World
from wenze import law
from workflows import catalogue, knowledge, releases
from workflows.errors import ArtefactsRefused

LARGEST = 20 * 1024 * 1024
"""Bytes of an artefact. No diagram that a person can read comes near."""


class NothingToCheck(Exception):
    """There is no such file, or it is no artefact that can be checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One finding, in both languages."""

    source: str
    line: int | None
    element: str
    name: str
    rule: str
    why: Mapping[str, str]
    remedy: Mapping[str, str]
    warning: bool = False
    """Whether the artefact is carried out all the same."""

    def sentence(self, language: str) -> str:
        """One line: where, what, why, and what to do."""
        where = f"{self.source}:{self.line or '?'}"
        what = f" {self.element}" if self.element else ""
        note = _NOTE[language] if self.warning else ""
        return f"{where}{what}: {note}{self.why[language]} {self.remedy[language]}".rstrip()


_NOTE = {"zh": "提示：", "en": "note: "}


def check(paths: Iterable[Path]) -> list[Told]:
    """Everything found in these files and folders; nothing but warnings when all can be carried out faithfully.

    Raises:
        NothingToCheck: a path does not exist, or is no artefact.
    """
    found: list[Told] = []
    for path in paths:
        found += [finding for finding in _findings(path) if finding not in found]
    return found


def _findings(path: Path) -> list[Told]:
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        raise NothingToCheck(f"{path}: there is no such file")
    if path.stat().st_size > LARGEST:
        raise NothingToCheck(f"{path}: has more than {LARGEST // 1024 // 1024} MB, which no artefact has")
    reader = _READERS.get(_kind(path))
    if reader is None:
        raise NothingToCheck(f"{path}: is no diagram, table, form, list, calendar, catalogue or profile")
    return [told(finding, str(path)) for finding in reader(path)]


def _of_folder(path: Path) -> list[Told]:
    """A folder that holds `bpmn` and `forms` is a release and checked as a whole; of any other, each artefact in it."""
    if (path / "bpmn").is_dir() or (path / "forms").is_dir():
        return [told(finding, "") for finding in _findings_of(lambda: releases.build(law.read(path), "check"))]
    artefacts = [file for file in sorted(path.rglob("*")) if file.is_file() and _kind(file) in _READERS]
    if not artefacts:
        raise NothingToCheck(f"{path}: holds no artefact")
    return [finding for file in artefacts for finding in _findings(file)]


def _kind(path: Path) -> str:
    if path.suffix in (".bpmn", ".dmn"):
        return path.suffix
    if path.suffix == ".json" and not path.name.endswith(".moddle.json"):
        return ".json"
    return path.parent.name if path.suffix == ".yaml" else ""


def _of_diagram(path: Path) -> Iterator[Any]:
    root = next((folder for folder in path.absolute().parents if folder.name == "bpmn"), path.absolute().parent)
    name = path.absolute().relative_to(root).as_posix()
    beside = {file.relative_to(root).as_posix(): file.read_bytes() for file in _files(root, "**/*.bpmn", "**/*.dmn")}
    try:
        processes = diagrams.processes(path.read_bytes(), name=name)
    except DiagramRefused as refused:
        yield from refused.findings
        return
    world = _world(root.parent / "forms")
    for process in processes:
        loaded = partial(diagrams.load, beside, process, world=world)
        yield from _in_file(name, _findings_of(loaded))


def _world(folder: Path) -> World | None:
    """What the forms beside a `bpmn/` folder say of variables; None where there are none that can be read."""
    sources = {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in _files(folder, "*.json", "lists/*.json")
    }
    try:
        return knowledge.world(forms.load(sources), begins=False) if sources else None
    except forms.FormsRefused:
        return None


def _of_table(path: Path) -> Iterator[Any]:
    beside = {file.name: file.read_bytes() for file in _files(path.parent, "*.dmn")}
    yield from _findings_of(lambda: decisions.load(path.read_bytes(), name=path.name, beside=beside))


def _of_form(path: Path) -> Iterator[Any]:
    root = path.parent.parent if path.parent.name == "lists" else path.parent
    sources = {file.relative_to(root).as_posix(): file.read_bytes() for file in _files(root, "*.json", "lists/*.json")}
    yield from _in_file(path.relative_to(root).as_posix(), _findings_of(lambda: forms.load(sources)))


def _of_calendar(path: Path) -> Iterator[Any]:
    years = {file.name: file.read_bytes() for file in _files(path.parent, "*.yaml")}
    yield from _in_file(path.name, _findings_of(lambda: calendars.load(years)))


def _of_catalogue(path: Path) -> Iterator[Any]:
    root = path.parent.parent
    sources = {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in _files(root, "deadlines/*.yaml", "profiles/*.yaml")
    }
    yield from _in_file(path.relative_to(root).as_posix(), _findings_of(lambda: catalogue.load(sources)))


_READERS: Mapping[str, Callable[[Path], Iterator[Any]]] = {
    ".bpmn": _of_diagram,
    ".dmn": _of_table,
    ".json": _of_form,
    "calendars": _of_calendar,
    "deadlines": _of_catalogue,
    "profiles": _of_catalogue,
}


def _findings_of(read: Callable[[], Any]) -> tuple[Any, ...]:
    """The findings with which reading refuses; where it does not, what it warns of."""
    try:
        return tuple(getattr(read(), "warnings", ()))
    except (ArtefactRefused, ArtefactsRefused, forms.FormsRefused) as refused:
        return refused.findings


def _in_file(name: str, findings: Iterable[Any]) -> Iterator[Any]:
    return (finding for finding in findings if getattr(finding, "source", name) == name)


def _files(root: Path, *patterns: str) -> list[Path]:
    """The files of these patterns. One too large to be an artefact is not read."""
    found = (file for pattern in patterns for file in root.glob(pattern))
    return sorted(file for file in found if file.is_file() and file.stat().st_size <= LARGEST)


def told(finding: Any, path: str = "") -> Told:
    """A finding of any of the readers, ready to be told.

    Args:
        path: the file as the asking person named it.
    """
    return Told(
        source=path or finding.source,
        line=finding.line,
        element=finding.element,
        name=finding.name,
        rule=finding.rule,
        why={"zh": finding.why_zh or finding.why, "en": finding.why},
        remedy={"zh": finding.remedy_zh or finding.remedy, "en": finding.remedy},
        warning=getattr(finding, "warning", False),
    )
