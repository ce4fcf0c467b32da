"""The decisions of a DMN file, with those that they require: read in the order in which they need each other, or refused.

A decision may require others of its file, and of files that it imports. Circles and what is missing are refused with their
place. This module decides nothing; `engine.decisions` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from engine.dmn_decision import Requirements, read_decision
from engine.dmn_file import File, children, open_file
from engine.errors import DecisionRefused
from engine.tables import Decision, Type

MAX_FILES = 20
"""Most files that are imported, one through another."""
MAX_REQUIRED = 100
"""Most requirements of one decision."""
MAX_NAMES = 300
"""Most simple values that one decision may speak of."""
MAX_ALL_NAMES = 5_000
"""The same, of all decisions that are read at once."""

Place = tuple[str, str]
"""A decision among several files: the name of its file, and its id."""


def read(source: bytes, *, name: str, beside: Mapping[str, bytes], cited: bool) -> dict[str, Decision]:
    """Read the decisions of a file, by id.

    Args:
        beside: other files, which it may import by their namespace.
        cited: whether every rule must name its source.

    Raises:
        DecisionRefused: with every finding: no DMN of a version that is read, no table, a cell that is not S-FEEL of its
            column's kind, rules that overlap under a policy that forbids it, a rule that does not name its source …
    """
    library = _Library(beside, cited)
    file = library.open(source, name)
    if not file.decisions and not file.findings:
        file.note(file.root, "no-decision")
    library.read()
    library.check_imports(file)
    if file.findings:
        raise DecisionRefused(tuple(sorted(file.findings, key=lambda finding: finding.line or 0)))
    return {id: decision for (of, id), decision in library.decisions.items() if of == name}


@dataclass
class _Library:
    """A file and those that it imports."""

    beside: Mapping[str, bytes]
    cited: bool
    files: dict[str, File] = field(default_factory=dict)
    by_namespace: dict[str, File] = field(default_factory=dict)
    types: dict[Place, Type | None] = field(default_factory=dict)
    decisions: dict[Place, Decision] = field(default_factory=dict)
    names: int = 0
    """How many names all decisions may speak of, so far."""

    # Files

    def open(self, source: bytes, name: str) -> File:
        """Open a file, and those that it imports, and those that they do."""
        first = open_file(source, name)
        self._keep(first)
        waiting = [first]
        others: dict[str, list[File]] | None = None
        while waiting:
            file = waiting.pop()
            for namespace, (_, at) in file.imports.items():
                if namespace in self.by_namespace:
                    continue
                others = self._others(name) if others is None else others
                holders = others.get(namespace, [])
                if len(holders) != 1 or len(self.files) >= MAX_FILES:
                    file.note(at, "import-unknown", namespace=namespace[:80], count=len(holders))
                    continue
                self._keep(holders[0])
                waiting.append(holders[0])
        return first

    def _keep(self, file: File) -> None:
        file.cited = self.cited
        self.files[file.name] = file
        self.by_namespace.setdefault(file.namespace, file)

    def _others(self, own: str) -> dict[str, list[File]]:
        """The files beside, by their namespace."""
        found: dict[str, list[File]] = {}
        for name, source in sorted(self.beside.items()):
            if name == own or b"definitions" not in source:
                continue
            try:
                file = open_file(source, name)
            except DecisionRefused:
                continue  # told where it is read itself
            found.setdefault(file.namespace, []).append(file)
        return found

    def check_imports(self, file: File) -> None:
        """What is imported must be in order itself; what is wrong with it is told where it is read itself."""
        for namespace, (_, at) in file.imports.items():
            imported = self.by_namespace.get(namespace)
            if imported and imported.findings:
                file.note(at, "import-refused", file=imported.name[:80], why=imported.findings[0].why)

    # Decisions

    def read(self) -> None:
        """Read every decision after those that it requires."""
        required = {
            (file.name, id): list(self._required(file, element))
            for file in self.files.values()
            for id, element in file.decisions.items()
        }
        for place in self._in_order(required):
            file = self.files[place[0]]
            requirements = self._requirements(file, place, required[place])
            if requirements:
                self.types[place], decision = read_decision(file, file.decisions[place[1]], requirements)
                if decision:
                    self.decisions[place] = decision

    def _required(self, file: File, element: etree._Element) -> Iterator[tuple[etree._Element, Place]]:
        """The decisions that a decision requires, and where it says so."""
        requirements = list(children(element, "informationRequirement"))
        if len(requirements) > MAX_REQUIRED:
            file.note(element, "too-many-requirements", count=len(requirements), most=MAX_REQUIRED)
            return
        for requirement in requirements:
            for reference in children(requirement, "requiredDecision"):
                found = self._referred(file, reference)
                if found and found[1] in found[0].decisions:
                    yield reference, (found[0].name, found[1])
                elif found:
                    file.note(reference, "required-missing", href=reference.get("href", "")[:80])

    def _referred(self, file: File, reference: etree._Element) -> tuple[File, str] | None:
        """What a reference leads to: `#id` here, `namespace#id` in what is imported."""
        href = reference.get("href", "")
        namespace, _, id = href.rpartition("#")
        if not namespace:
            return file, id
        if namespace in file.imports and namespace in self.by_namespace:
            return self.by_namespace[namespace], id
        if namespace not in file.imports:
            file.note(reference, "required-missing", href=href[:80])
        return None

    def _in_order(self, required: Mapping[Place, list[tuple[etree._Element, Place]]]) -> list[Place]:
        """Each after those that it requires; those in a circle, and those behind one, are left out."""
        order: list[Place] = []
        state: dict[Place, int] = {}
        for start in required:
            chain: list[tuple[Place, Iterator[tuple[etree._Element, Place]]]] = []
            if start not in state:
                state[start] = 1
                chain.append((start, iter(required[start])))
            while chain:
                place, rest = chain[-1]
                following = next(rest, None)
                if following is None:
                    state[place] = 2
                    order.append(place)
                    chain.pop()
                elif state.get(following[1]) == 1:
                    self._note_circle(following, [each for each, _ in chain])
                elif following[1] not in state:
                    state[following[1]] = 1
                    chain.append((following[1], iter(required[following[1]])))
        return order

    def _note_circle(self, closing: tuple[etree._Element, Place], chain: list[Place]) -> None:
        reference, back = closing
        circle = [id for _, id in [*chain[chain.index(back) :], back]]
        told = circle if len(circle) <= 8 else [*circle[:4], "…", *circle[-3:]]
        self.files[chain[-1][0]].note(reference, "circle", circle=" → ".join(told))

    def _requirements(
        self, file: File, place: Place, required: list[tuple[etree._Element, Place]]
    ) -> Requirements | None:
        """What the decision may speak of; None where that is not known, because something required is refused."""
        found = Requirements()
        element = file.decisions[place[1]]
        for requirement in children(element, "informationRequirement"):
            for reference in children(requirement, "requiredInput"):
                self._take_input(file, reference, found)
        known = True
        for reference, other in required:
            given = self.types.get(other)
            if given is None:
                known = False
                continue
            name = self._name(file, other)
            if not name or name in found.types:
                file.note(reference, "name-twice", name=name[:60])
                continue
            found.types[name] = given
            if other in self.decisions:
                found.decisions[name] = self.decisions[other]
        if not known or not self._few_enough(file, element, found):
            return None
        return found

    def _few_enough(self, file: File, element: etree._Element, found: Requirements) -> bool:
        """Whether the names are few enough to be looked for in every cell."""
        count = sum(1 for _ in islice(found.names(), MAX_NAMES + 1))
        self.names += count
        if count > MAX_NAMES or self.names > MAX_ALL_NAMES:
            file.note(element, "too-many-names", most=MAX_NAMES, most_all=MAX_ALL_NAMES)
            return False
        return True

    def _take_input(self, file: File, reference: etree._Element, found: Requirements) -> None:
        target = self._referred(file, reference)
        if target is None:
            return
        of, id = target
        if of is not file:
            file.note(reference, "input-imported")
            return
        if id not in of.inputs:
            file.note(reference, "required-missing", href=reference.get("href", "")[:80])
            return
        name, given = of.inputs[id]
        if not name or (name in found.types and found.types[name] != given):
            file.note(reference, "name-twice", name=name[:60])
            return
        found.types[name] = given

    def _name(self, file: File, place: Place) -> str:
        """What others call a decision: the name of its variable, or its own; of what is imported, behind its name."""
        of = self.files[place[0]]
        element = of.decisions[place[1]]
        variable = next(children(element, "variable"), None)
        name = (variable.get("name") if variable is not None else "") or element.get("name") or place[1]
        prefix = "" if of is file else file.imports.get(of.namespace, ("", None))[0]
        return f"{prefix}.{name}" if prefix else str(name)
