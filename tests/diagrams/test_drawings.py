"""The diagrams are drawn so that a person can read them: nothing lies on anything else, and lines lead where they seem to."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tests.diagrams import drawings
from tests.diagrams.drawings import Box, Drawing, Line, Point, lines_of

DIAGRAMS = sorted(Path("bpmn").rglob("*.bpmn"))
NEAR = 45
"""How far a label may stand from what it names."""
APART = 10
"""How far lines that run side by side keep from each other."""


def test_everything_has_a_place_in_the_picture(drawing: Drawing):
    assert drawing.undrawn == []
    unlabelled = [s.id for s in drawing.shapes.values() if s.kind != "activity" and s.name and s.label is None]
    assert unlabelled + [e.id for e in drawing.edges.values() if e.name and e.label is None] == []


def test_shapes_keep_apart(drawing: Drawing):
    touching = [
        (a.id, b.id)
        for a, b in combinations(drawing.shapes.values(), 2)
        if a.parent == b.parent and a.host != b.id and b.host != a.id and a.box.meets(b.box)
    ]
    assert touching == []


def test_boundary_events_sit_on_the_border_of_their_activity(drawing: Drawing):
    astray = [
        shape.id
        for shape in drawing.shapes.values()
        if shape.host and drawing.shapes[shape.host].off_border(shape.box.middle) > 1
    ]
    assert astray == []


def test_lanes_fill_the_pool_and_hold_their_nodes(drawing: Drawing):
    if not drawing.lanes:
        return
    top = drawing.pool.y
    for lane in sorted(drawing.lanes, key=lambda lane: lane.box.y):
        assert (lane.box.y, lane.box.right) == (top, drawing.pool.right), lane.id
        top = lane.box.bottom
        outside = [id for id in lane.nodes if not lane.box.holds(drawing.shapes[id].box)]
        assert outside == [], lane.id
    assert top == drawing.pool.bottom
    placed = {id for lane in drawing.lanes for id in lane.nodes}
    assert {shape.id for shape in drawing.shapes.values() if shape.parent is None} == placed


def test_sub_processes_hold_what_they_contain(drawing: Drawing):
    for shape in drawing.shapes.values():
        around = drawing.shapes[shape.parent].box if shape.parent else drawing.pool
        assert around.holds(shape.box), shape.id
    for edge in drawing.edges.values():
        around = drawing.shapes[edge.parent].box if edge.parent else drawing.pool
        assert all(around.holds(line.box) for line in edge.lines), edge.id
    outside = [whose for whose, _, label in drawing.labels() if not drawing.pool.holds(label)]
    assert outside == []


def test_lines_run_level_or_upright(drawing: Drawing):
    slanting = [edge.id for edge in drawing.edges.values() if not all(li.upright or li.level for li in edge.lines)]
    assert slanting == []


def test_lines_begin_and_end_at_their_shapes(drawing: Drawing):
    loose = [
        edge.id
        for edge in drawing.edges.values()
        if drawing.shapes[edge.source].off_border(edge.points[0]) > 1
        or drawing.shapes[edge.target].off_border(edge.points[-1]) > 1
    ]
    assert loose == []


def test_lines_pass_through_no_shape(drawing: Drawing):
    through = [
        (edge.id, shape.id)
        for edge in drawing.edges.values()
        for shape in drawing.shapes.values()
        if not (shape.open and drawing.within(edge.parent, shape.id))
        for line in edge.lines
        if shape.covers(_body(line)) and not _leaves_or_enters(drawing, edge.id, shape.id, line)
    ]
    assert through == []


def test_lines_neither_cross_nor_run_on_one_track(drawing: Drawing):
    crossing = [
        (a.id, b.id)
        for a, b in combinations(drawing.edges.values(), 2)
        if any(mine.crosses(theirs) or mine.beside(theirs, APART) for mine in a.lines for theirs in b.lines)
    ]
    assert crossing == []


def test_labels_lie_on_nothing(drawing: Drawing):
    labels = list(drawing.labels())
    on_labels = [(a, b) for (a, _, one), (b, _, other) in combinations(labels, 2) if one.meets(other)]
    on_shapes = [
        (whose, shape.id)
        for whose, _, label in labels
        for shape in drawing.shapes.values()
        if shape.covers(label) and not (shape.open and shape.box.holds(label))
    ]
    on_lines = [
        (whose, edge.id)
        for whose, _, label in labels
        for edge in drawing.edges.values()
        if any(line.meets(label) for line in edge.lines)
    ]
    on_borders = [
        (whose, each.id)
        for whose, _, label in labels
        for each in (*drawing.lanes, *(shape for shape in drawing.shapes.values() if shape.open))
        if each.box.meets(label) and not each.box.holds(label)
    ]
    assert (on_labels, on_shapes, on_lines, on_borders) == ([], [], [], [])


def test_labels_stand_beside_what_they_name(drawing: Drawing):
    far = [s.id for s in drawing.shapes.values() if s.label and _gap(s.label, s.box) > NEAR]
    far += [
        e.id for e in drawing.edges.values() if e.label and min(_gap(e.label, line.box) for line in e.lines) > NEAR / 3
    ]
    assert far == []


def test_names_break_into_good_lines(drawing: Drawing):
    ugly = []
    for shape in drawing.shapes.values():
        if shape.kind == "activity" and not shape.open:
            width = shape.box.width - 2 * drawings.TASK_PADDING
            for font in (drawings.TASK_FONT - 1, drawings.TASK_FONT):
                lines = lines_of(shape.name, width, font)
                marker = shape.multiple or shape.tag == "callActivity"
                ugly += [(shape.id, lines)] if len(lines) > 2 or _breaks_badly(lines) else []
                ugly += [(shape.id, "no room for the marker")] if marker and len(lines) * 16 > shape.box.height else []
    for whose, text, label in drawing.labels():
        lines = lines_of(text, label.width, drawings.LABEL_FONT)
        ugly += [(whose, lines)] if len(lines) * 15 > label.height or _breaks_badly(lines) else []
    assert ugly == []


def _breaks_badly(lines: list[str]) -> bool:
    return any(line[0] in drawings.FIRST_OF_NO_LINE for line in lines) or (len(lines) > 1 and len(lines[-1]) < 2)


def _body(line: Line) -> Box:
    """The line with the width it is drawn with, its ends left out: there it may touch."""
    box = line.box
    return Box(box.x + 2, box.y - 1, box.width - 4, 2) if line.level else Box(box.x - 1, box.y + 2, 2, box.height - 4)


def _leaves_or_enters(drawing: Drawing, edge_id: str, shape_id: str, line: Line) -> bool:
    """Only the piece that touches a shape may come near it: the first at the source, the last at the target."""
    edge = drawing.edges[edge_id]
    shape = drawing.shapes[shape_id]

    def outward(tip: Point, other: Point) -> bool:
        return shape.off_border(tip) <= 1 and not shape.covers(Box(other[0] - 1, other[1] - 1, 2, 2))

    at_source = edge.source == shape_id and line == edge.lines[0] and outward(line.start, line.end)
    at_target = edge.target == shape_id and line == edge.lines[-1] and outward(line.end, line.start)
    at_host = drawing.shapes[edge.source].host == shape_id and line == edge.lines[0]
    return at_source or at_target or at_host


def _gap(one: Box, other: Box) -> float:
    """How far two rectangles stand apart."""
    across = max(one.x - other.right, other.x - one.right, 0)
    down = max(one.y - other.bottom, other.y - one.bottom, 0)
    return max(across, down)


@pytest.fixture(params=DIAGRAMS, ids=lambda path: path.stem)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return drawings.read(request.param)
