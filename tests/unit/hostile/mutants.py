"""Diagrams and tables with something wrong in them, thousands of them: changed by chance, or grown from the words of BPMN.

A mutant is known by its number. `python -m tests.unit.hostile.mutants bpmn 0 5000` tries so many, each within limits of time and
memory, and says a line for each that was neither refused with words nor carried out; `--minutes 15` goes on from the first number
as long as that. What loads is started and driven some random steps, in which only the engine's own errors may come.
"""

from __future__ import annotations

import argparse
import copy
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from lxml import etree

from engine import decisions, diagrams, machine, vocabulary
from engine.errors import DecisionRefused, DiagramRefused, EngineError
from tests.unit.engine import random_diagrams, test_hostile, test_refusing
from tests.unit.engine.free_diagrams import free_sources
from tests.unit.engine.playing import DAWN
from tests.unit.engine_rules import conformance

SECONDS = 2.0
"""Processor time to read one, and for each step of what runs."""
MEGABYTES = 512
"""Memory that one may take beyond what the process has when it begins."""
SHIPPED = Path(__file__).parents[3] / "bpmn"
BPMN, WZ = vocabulary.BPMN, vocabulary.WZ
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
VALUES = (
    "", " ", "0", "1", "-1", "2", "1001", "9" * 30, "1.5", "true", "false", "yes", "p", "q", "a", "x", "n", "vars", "null", "a b",
    "a:b", ":a", "a:", "#a", "${x}", "{'n': 1}", "[1, 2]", "n + 1", "n > 1", "'t'", "xs.map(a, a)", "(" * 90, "PT1H", "R/PT0S",
    "R3/PT1H", "P1Y2M", "2026-01-01T00:00:00Z", "'PT1H'", "Parallel", "Exclusive", "One", "None", "Complex", "##WebService",
    "cel", "龘", "\u202e", "\x7f", "é" * 300, "x" * 5_000, "Start", "End", "p.EndJoin", "Root", "m_x", "s_y", "\n", "\t",
    "a\u00a0b",
    "-", "1..5", "[1..5]", "]1..5[", "not(1)", "> 5", '"A"', 'date("2024-01-01")', "COLLECT", "FIRST", "null, 1", "1 + ", "**",
)  # fmt: skip

Source = dict[str, bytes]


# --- What is changed -------------------------------------------------------------------------------------------------


@cache
def originals() -> tuple[tuple[Source, ...], ...]:
    """The diagrams that ship, those of the tests, and random ones: a group each."""
    shipped = [path.read_bytes() for path in sorted((SHIPPED / "liability").glob("*.bpmn"))]
    return (
        tuple({"shipped.bpmn": source} for source in shipped if len(source) < 40_000),
        ({"p.bpmn": test_hostile.sample()},),
        tuple({"p.bpmn": source} for _, source in test_refusing.REFUSED.values()),
        tuple(random_diagrams.random_sources(seed) for seed in range(40)),
        tuple(free_sources(seed) for seed in range(40)),
        tuple(random_diagrams.sources_of(Random(seed), deepest=2) for seed in range(200)),
    )


WEIGHTS = (1, 2, 4, 2, 4, 6)
"""How often each group is taken: the small ones say as much in less time."""


@cache
def tables() -> tuple[bytes, ...]:
    """The decision tables that ship, and those of the conformance suite."""
    return (
        *(path.read_bytes() for path in sorted((SHIPPED / "decisions").glob("*.dmn"))),
        *(case.source for case in conformance.CASES),
    )


class Mutating:
    """Changes a tree of elements."""

    def __init__(self, random: Random, root: etree._Element, words: tuple[str, ...]) -> None:
        self.random, self.root, self.words = random, root, words
        self.elements = [each for each in root.iter() if isinstance(each.tag, str)]

    def any(self, *, but_root: bool = True) -> etree._Element:
        return self.random.choice(self.elements[1:] or self.elements) if but_root else self.random.choice(self.elements)

    def change(self) -> None:
        self.random.choice(_CHANGES)(self)
        self.elements = [each for each in self.root.iter() if isinstance(each.tag, str)]

    def drop(self) -> None:
        element = self.any()
        if element.getparent() is not None:
            element.getparent().remove(element)

    def unwrap(self) -> None:
        element = self.any()
        parent = element.getparent()
        if parent is not None:
            at = parent.index(element)
            for child in reversed(list(element)):
                parent.insert(at, child)
            parent.remove(element)

    def double(self) -> None:
        self.any(but_root=False).append(copy.deepcopy(self.any()))

    def repeat(self) -> None:
        element = self.any()
        if element.getparent() is not None:
            element.addnext(copy.deepcopy(element))

    def move(self) -> None:
        element, into = self.any(), self.any(but_root=False)
        if into not in list(element.iter()):
            into.insert(self.random.randrange(len(into) + 1), element)

    def swap(self) -> None:
        one, other = self.any(), self.any()
        one.tag, other.tag = other.tag, one.tag

    def rename(self) -> None:
        space = self.random.choice([etree.QName(self.root).namespace] * 8 + [WZ, "urn:other", vocabulary.CAMUNDA, ""])
        name = self.random.choice(self.words)
        self.any(but_root=self.random.random() < 0.95).tag = f"{{{space}}}{name}" if space else name

    def new(self) -> None:
        space = etree.QName(self.root).namespace
        child = etree.SubElement(self.any(but_root=False), f"{{{space}}}{self.random.choice(self.words)}")
        if self.random.random() < 0.5:
            child.set("id", self.random.choice(["a", "new", "p"]))

    def nest(self) -> None:
        element, depth = self.any(), self.random.choice([1, 2, 60, 250, 900])
        parent = element.getparent()
        tag = self.random.choice([element.tag, f"{{{BPMN}}}subProcess", f"{{{BPMN}}}documentation"])
        if parent is not None:
            at = parent.index(element)
            outer = inner = etree.Element(tag)
            for number in range(depth):
                inner.set("id", f"deep{number}")
                inner = etree.SubElement(inner, tag)
            parent.insert(at, outer)
            inner.append(element)

    def lose(self) -> None:
        element = self.any(but_root=False)
        if element.attrib:
            del element.attrib[self.random.choice(list(element.attrib))]

    def take(self) -> None:
        one, other = self.any(), self.any()
        if other.attrib:
            name = self.random.choice(list(other.attrib))
            one.set(name, other.attrib[name])

    def exchange(self) -> None:
        """Two ids, or two other values."""
        name = self.random.choice(["id", "id", "sourceRef", "targetRef", "attachedToRef", "name", "default"])
        having = [each for each in self.elements if name in each.attrib]
        if len(having) > 1:
            one, other = self.random.sample(having, 2)
            one.attrib[name], other.attrib[name] = other.attrib[name], one.attrib[name]

    def value(self) -> None:
        element = self.any(but_root=False)
        name = self.random.choice(
            [*element.attrib, *_NAMES] if self.random.random() < 0.3 else list(element.attrib) or _NAMES
        )
        ids = [each.get("id", "") for each in self.elements[:50]]
        value = self.random.choice([*VALUES, *ids])
        element.set(name, _legible(value))

    def text(self) -> None:
        self.any(but_root=False).text = _legible(self.random.choice([*VALUES, self.any().text or ""]))

    def remark(self) -> None:
        what = self.random.choice([etree.Comment("x"), etree.ProcessingInstruction("x", "y"), etree.Entity("amp")])
        self.any(but_root=False).append(what)


_CHANGES: tuple[Callable[[Mutating], None], ...] = (
    Mutating.drop, Mutating.unwrap, Mutating.double, Mutating.repeat, Mutating.move, Mutating.swap, Mutating.rename, Mutating.new,
    Mutating.nest, Mutating.lose, Mutating.take, Mutating.exchange, Mutating.exchange, Mutating.value, Mutating.value,
    Mutating.value, Mutating.text, Mutating.remark,
)  # fmt: skip
_NAMES = sorted(
    {name for names in vocabulary.ATTRIBUTES.values() for name in names}
    | {f"{{{WZ}}}{name}" for names in vocabulary.EXTENSIONS.values() for name in names}
)
_WORDS = tuple(
    sorted(
        {
            *vocabulary.ATTRIBUTES,
            *vocabulary.CHILDREN,
            *vocabulary.REFUSED,
            *vocabulary.DRAWING,
            *vocabulary.CALLED,
            "pool",
        }
    )
)
_DMN_WORDS = tuple(
    sorted({str(each.tag).rpartition("}")[2] for table in tables() for each in etree.fromstring(table).iter("{*}*")})
)
_BYTES = (b"<", b">", b"&", b'"', b"\x00", b"\xff", b"<!DOCTYPE a>", b"<![CDATA[", b"&#0;", b"<a>")


def _legible(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")


def damaged(random: Random, source: bytes) -> bytes:
    """A few bytes changed, lost, added or moved."""
    data = bytearray(source)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(max(len(data), 1))
        match random.randrange(6):
            case 0:
                data[at : at + 1] = bytes([random.randrange(256)])
            case 1:
                del data[at : at + random.choice([1, 1, 5, 200])]
            case 2:
                data[at:at] = random.choice(_BYTES)
            case 3:
                data[at:at] = data[at : at + random.randrange(400)]
            case 4:
                del data[at:]
            case _:
                text = bytes(data).decode("utf-8", "replace")
                data = bytearray(text.encode(random.choice(["utf-16", "latin-1", "utf-8"]), "replace"))
    return bytes(data)


def grown(random: Random) -> bytes:
    """A diagram grown from the words: most are nonsense, put together as the vocabulary allows."""
    ids = [f"i{number}" for number in range(12)]

    def element(tag: str, depth: int) -> etree._Element:
        made = etree.Element(f"{{{BPMN}}}{tag}")
        for name in sorted(vocabulary.ATTRIBUTES.get(tag, {"id"})):
            if name == "id" and random.random() < 0.9:
                made.set(name, random.choice(ids) if random.random() < 0.2 else f"n{random.randrange(10**6)}")
            elif name.endswith("Ref") or name == "default":
                made.set(name, random.choice(ids))
            elif random.random() < 0.15:
                made.set(name, _legible(random.choice(VALUES)))
        inside = sorted(vocabulary.CHILDREN.get(tag, ()))
        if not inside:
            made.text = _legible(random.choice(VALUES))
        for child in (
            random.choices(inside, k=min(len(inside), random.randint(0, 12 if depth == 5 else 3))) if depth else ()
        ):
            made.append(element(child, depth - 1))
        return made

    root = etree.Element(f"{{{BPMN}}}definitions", nsmap={None: BPMN}, targetNamespace="urn:x")
    process = element("process", 5)
    process.attrib.update({"id": "p", "isExecutable": "true"})
    root.append(process)
    nodes = [each for each in process if etree.QName(each).localname in vocabulary.FLOW_NODES]
    for node, id in zip(nodes, ids, strict=False):
        node.set("id", id)
    for number, (one, other) in enumerate(pairwise(nodes)):
        flow = etree.SubElement(process, f"{{{BPMN}}}sequenceFlow", id=f"f{number}")
        flow.attrib.update({"sourceRef": one.get("id", ""), "targetRef": other.get("id", "")})
    for tag in vocabulary.CALLED:
        etree.SubElement(root, f"{{{BPMN}}}{tag}", id=random.choice(ids), name="x")
    return etree.tostring(root)


def diagram(number: int) -> Source:
    """The mutant of that number."""
    return diagram_of(Random(number))


def diagram_of(random: Random) -> Source:
    """A mutant by choices that may be made elsewhere."""
    if random.random() < 0.12:
        return {"p.bpmn": grown(random)}
    sources = dict(random.choice(random.choices(originals(), WEIGHTS)[0]))
    name = random.choice(list(sources))
    sources[name] = _mutated(random, sources[name], _WORDS)
    return sources


def table(number: int) -> bytes:
    return table_of(Random(number))


def table_of(random: Random) -> bytes:
    return _mutated(random, random.choice(tables()), _DMN_WORDS)


def _mutated(random: Random, source: bytes, words: tuple[str, ...]) -> bytes:
    if random.random() < 0.1:
        return damaged(random, source)
    try:
        root = etree.fromstring(source, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return damaged(random, source)
    mutating = Mutating(random, root, words)
    for _ in range(random.choice([1, 1, 1, 1, 2, 3, 5])):
        mutating.change()
    source = etree.tostring(root)
    return damaged(random, source) if random.random() < 0.05 else source


# --- Trying ----------------------------------------------------------------------------------------------------------


def try_diagram(number: int, sources: Source | None = None) -> str:
    """What becomes of a mutant: `refused`, `ran`, or `failed` with an error of the engine."""
    sources = diagram(number) if sources is None else sources
    process = "p" if "p.bpmn" in sources else _first_process(sources)
    try:
        with _within_limits():
            definition = diagrams.load(sources, process)
    except DiagramRefused as refused:
        said = [(each.why, each.why_zh, each.remedy, each.remedy_zh) for each in refused.findings]
        return "refused" if said and all(map(all, said)) else f"escaped: refused without words: {refused}"
    try:
        for _ in _driven(definition, Random(number)):
            pass
    except EngineError as failed:
        return "failed" if failed.facts.get("zh") else f"escaped: said in one language only: {failed}"
    return "ran"


def _first_process(sources: Source) -> str:
    try:
        return diagrams.processes(next(iter(sources.values())), name="x")[0]
    except (DiagramRefused, IndexError):
        return "p"


def _driven(definition: diagrams.Definition, random: Random) -> Iterator[Any]:
    now = DAWN
    how: dict[str, Any] = {"services": dict.fromkeys(definition.operations, _serve)}
    data = {"n": random.randint(0, 9), "m": 0, "xs": [1, 2], "x": True, "accepted": False, "level": "a"}
    trigger = definition.start_triggers[0].node if definition.start_triggers else None
    with _within_limits():
        step = machine.start(definition, data=data, now=now, trigger=trigger, **how)
    yield step
    for _ in range(4):
        now += timedelta(hours=random.choice([0, 1, 30]))
        with _within_limits():
            if step.open_tasks and random.random() < 0.6:
                task = random.choice(step.open_tasks)
                step = machine.complete(definition, step.snapshot, task.id, {"n": random.randint(0, 9)}, now=now, **how)
            elif step.waiting and random.random() < 0.6:
                waits = random.choice(step.waiting)
                told = waits.message or waits.signal or "x"
                step = machine.deliver(definition, step.snapshot, told, {"a": 1}, now=now, **how)
            else:
                step = machine.wake(definition, step.snapshot, now=now, **how)
        yield step


def _serve(**given: Any) -> Any:
    return len(given)


def try_table(number: int, source: bytes | None = None) -> str:
    try:
        with _within_limits():
            read = decisions.load(table(number) if source is None else source, name="t.dmn")
    except DecisionRefused as refused:
        said = [(each.why, each.why_zh) for each in refused.findings]
        return "refused" if said and all(map(all, said)) else f"escaped: refused without words: {refused}"
    given = {"age": 19, "risk": "High", "affordable": True, "A": None, "n": 1, "status": "EMPLOYED"}
    try:
        for each in read.values():
            with _within_limits():
                decisions.decide(each, given)
    except EngineError:
        return "failed"
    return "ran"


class _within_limits:  # noqa: N801 - used as a word
    """So much time and memory, and no more."""

    def __enter__(self) -> None:
        with open("/proc/self/statm") as statm:
            taken = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEGABYTES * 1024 * 1024, resource.RLIM_INFINITY))
        signal.setitimer(signal.ITIMER_PROF, SECONDS)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


TRIALS: dict[str, Callable[[int], str]] = {"bpmn": try_diagram, "dmn": try_table}


def outcome(kind: str, number: int) -> str:
    try:
        return TRIALS[kind](number)
    except Exception as escaped:  # noqa: BLE001 - whatever escapes is what is being looked for
        return f"escaped: {type(escaped).__name__}: {str(escaped)[:300]}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=TRIALS)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--minutes", type=float, default=0)
    given = parser.parse_args()
    until = time.monotonic() + given.minutes * 60
    counts: dict[str, int] = {}
    number = given.first
    while (number < given.last) if not given.minutes else (time.monotonic() < until):
        print(number, file=sys.stderr)  # whoever dies is named by the last line
        said = outcome(given.kind, number)
        key = said.partition(":")[0]
        counts[key] = counts.get(key, 0) + 1
        if key == "escaped":
            print(number, said.replace("\n", " "), flush=True)
        number += 1
    print(datetime.now(UTC).isoformat(timespec="seconds"), counts)


if __name__ == "__main__":
    main()
