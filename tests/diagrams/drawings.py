"""What a diagram looks like: the shapes, lines and labels of a file, read for the checks of `test_drawings`.

Sizes are pixels of the drawing; y grows downwards. The sizes of text are those of the viewer: tasks at 13 px, labels at 12 px,
a Chinese character as wide as it is high.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
WAY = "http://www.omg.org/spec/DD/20100524/DI"

TASK_FONT, LABEL_FONT = 13, 12
TASK_PADDING = 7
FIRST_OF_NO_LINE = "、，。；：？！）》”"
"""A line of Chinese may not begin with these."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def meets(self, other: Box) -> bool:
        """Whether the two share more than a border."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly inside."""
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom

    def smaller(self, by: float) -> Box:
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True, slots=True)
class Line:
    """One straight piece of a flow."""

    start: Point
    end: Point

    @property
    def upright(self) -> bool:
        return self.start[0] == self.end[0]

    @property
    def level(self) -> bool:
        return self.start[1] == self.end[1]

    @property
    def box(self) -> Box:
        """The line as a rectangle without width or height."""
        (x1, y1), (x2, y2) = self.start, self.end
        return Box(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))

    def meets(self, box: Box) -> bool:
        """Whether the line passes through the inside of the rectangle."""
        mine = self.box
        return mine.x < box.right and box.x < mine.right and mine.y < box.bottom and box.y < mine.bottom

    def crosses(self, other: Line) -> bool:
        """Whether one goes across the other, or both run on the same track for a while."""
        mine, theirs = self.box, other.box
        return mine.x <= theirs.right and theirs.x <= mine.right and mine.y <= theirs.bottom and theirs.y <= mine.bottom

    def beside(self, other: Line, distance: float) -> bool:
        """Whether both run the same way, side by side, nearer than this."""
        if self.upright != other.upright:
            return False
        across = 0 if self.upright else 1
        along = 1 - across
        mine, theirs = sorted((self.start[along], self.end[along])), sorted((other.start[along], other.end[along]))
        together = min(mine[1], theirs[1]) - max(mine[0], theirs[0])
        return together > 1 and abs(self.start[across] - other.start[across]) < distance


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A node, as drawn."""

    id: str
    name: str
    tag: str
    box: Box
    label: Box | None
    parent: str | None
    """The sub-process that holds it."""
    host: str | None
    """Of a boundary event: what it is attached to."""
    multiple: bool

    @property
    def kind(self) -> str:
        """`event`, `gateway` or `activity`."""
        return "event" if self.tag.endswith("Event") else "gateway" if self.tag.endswith("Gateway") else "activity"

    @property
    def open(self) -> bool:
        """Whether it is a sub-process whose inside is drawn."""
        return self.tag == "subProcess"

    def off_border(self, point: Point) -> float:
        """How far a point lies from the border."""
        dx, dy = (abs(a - b) for a, b in zip(point, self.box.middle, strict=True))
        half = self.box.width / 2
        if self.kind == "event":
            return abs(math.hypot(dx, dy) - half)
        if self.kind == "gateway":
            return abs(dx + dy - half) / math.sqrt(2)
        inside = min(half - dx, self.box.height / 2 - dy)
        return abs(inside)

    def covers(self, box: Box) -> bool:
        """Whether the rectangle reaches into the shape itself, not only into the square around it."""
        if not self.box.meets(box):
            return False
        if self.kind == "activity":
            return True
        x, y = self.box.middle
        nearest = min(max(x, box.x), box.right), min(max(y, box.y), box.bottom)
        dx, dy = abs(nearest[0] - x), abs(nearest[1] - y)
        half = self.box.width / 2
        return math.hypot(dx, dy) < half if self.kind == "event" else dx + dy < half


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A sequence flow, as drawn."""

    id: str
    name: str
    source: str
    target: str
    points: tuple[Point, ...]
    label: Box | None
    parent: str | None

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(Line(a, b) for a, b in pairwise(self.points))


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneShape:
    """A lane, as drawn."""

    id: str
    name: str
    box: Box
    nodes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Drawing:
    """The picture of one file."""

    name: str
    pool: Box
    shapes: dict[str, Shape] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    lanes: list[LaneShape] = field(default_factory=list)
    undrawn: list[str] = field(default_factory=list)
    """Ids of nodes, flows and lanes without a picture, and of pictures without an element."""

    def labels(self) -> Iterator[tuple[str, str, Box]]:
        """Whose, what text, where."""
        for each in (*self.shapes.values(), *self.edges.values()):
            if each.label is not None:
                yield each.id, each.name, each.label

    def within(self, inner: str | None, outer: str) -> bool:
        """Whether a scope is the inside of a sub-process, or deeper in it."""
        while inner is not None:
            if inner == outer:
                return True
            inner = self.shapes[inner].parent
        return False


def read(path: Path) -> Drawing:
    """Read the picture of a diagram."""
    root = etree.fromstring(path.read_bytes())
    boxes = {shape.get("bpmnElement", ""): shape for shape in root.iter(f"{{{DI}}}BPMNShape")}
    ways = {edge.get("bpmnElement", ""): edge for edge in root.iter(f"{{{DI}}}BPMNEdge")}
    drawn = {*boxes, *ways}
    pool = next(root.iter(f"{{{BPMN}}}participant"))
    drawing = Drawing(name=path.name, pool=_box(boxes[pool.get("id", "")]))
    known = {pool.get("id", "")}
    for process in root.iter(f"{{{BPMN}}}process"):
        for element in process.iter(f"{{{BPMN}}}*"):
            tag, id = etree.QName(element).localname, element.get("id", "")
            if tag == "lane":
                nodes = tuple(ref.text or "" for ref in element.iter(f"{{{BPMN}}}flowNodeRef"))
                if id in boxes:
                    drawing.lanes.append(
                        LaneShape(id=id, name=element.get("name", ""), box=_box(boxes[id]), nodes=nodes)
                    )
            elif tag == "sequenceFlow":
                if id in ways:
                    drawing.edges[id] = _edge(element, ways[id])
            elif tag.endswith(("Event", "Gateway", "Task", "subProcess", "callActivity")) or tag == "task":
                if id in boxes:
                    drawing.shapes[id] = _shape(element, boxes[id])
            else:
                continue
            known.add(id)
            if id not in drawn:
                drawing.undrawn.append(id)
    drawing.undrawn.extend(sorted(drawn - known))
    return drawing


def lines_of(text: str, width: float, font: int) -> list[str]:
    """How the viewer breaks a text without blanks into lines of this width."""
    lines, rest = [], text
    while rest:
        line = rest
        while _width(line, font) > width and len(line) > 1:
            fits = len(line) * width / _width(line, font)
            line = line[: max(math.floor(fits - 1 + 0.5), 1)]
        lines.append(line)
        rest = rest[len(line) :].strip()
    return lines


def _width(text: str, font: int) -> float:
    return sum(font if ord(letter) > 0x2E7F else font * 0.6 for letter in text)


def _shape(element: etree._Element, drawn: etree._Element) -> Shape:
    return Shape(
        id=element.get("id", ""),
        name=element.get("name", ""),
        tag=etree.QName(element).localname,
        box=_box(drawn),
        label=_label(drawn),
        parent=_parent(element),
        host=element.get("attachedToRef"),
        multiple=element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics") is not None,
    )


def _edge(element: etree._Element, drawn: etree._Element) -> Edge:
    points = tuple((float(p.get("x", "nan")), float(p.get("y", "nan"))) for p in drawn.iter(f"{{{WAY}}}waypoint"))
    return Edge(
        id=element.get("id", ""),
        name=element.get("name", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        points=points,
        label=_label(drawn),
        parent=_parent(element),
    )


def _parent(element: etree._Element) -> str | None:
    around = element.getparent()
    if around is not None and etree.QName(around).localname == "subProcess":
        return around.get("id")
    return None


def _box(drawn: etree._Element) -> Box:
    bounds = drawn.find(f"{{{DC}}}Bounds")
    assert bounds is not None, drawn.get("id")
    return _bounds(bounds)


def _label(drawn: etree._Element) -> Box | None:
    bounds = drawn.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")
    return None if bounds is None else _bounds(bounds)


def _bounds(bounds: etree._Element) -> Box:
    x, y, width, height = (float(bounds.get(name, "nan")) for name in ("x", "y", "width", "height"))
    return Box(x, y, width, height)
