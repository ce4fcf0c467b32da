"""Overlaps and gaps are found exactly: compared with asking every rule about every value."""

from __future__ import annotations

from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.coverage import Column, gaps, hidden, overlaps
from engine.kinds import key_of
from engine.regions import everything
from engine.sfeel import read_test, read_values

DOMAINS = {
    "integer": ("[0..6]", [0, 1, 2, 3, 4, 5, 6]),
    "string": ('"A", "B", "C"', ["A", "B", "C"]),
    "boolean": ("true, false", [True, False]),
    "number": ("[0..3]", [0, 0.5, 1, 1.5, 2, 2.5, 3]),
    "date": ('[date("2024-02-27")..date("2024-03-01")]', ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01"]),
    "time": ('time("08:00:00"), time("12:00:00"), time("18:00:00")', ["08:00:00", "12:00:00", "18:00:00"]),
    "dateTime": (
        'date and time("2024-01-01T00:00:00Z"), date and time("2024-01-01T08:00:01+08:00"), null',
        ["2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z", None],
    ),
    "dayTimeDuration": ('duration("P1D"), duration("PT36H"), duration("P2D")', ["PT24H", "P1DT12H", "PT48H"]),
    "yearMonthDuration": ('[duration("P11M")..duration("P1Y1M")]', ["P11M", "P1Y", "P13M"]),
}
CELLS = {
    "integer": ["-", "0", "< 3", ">= 3", "[2..4]", "not(5)", "1, 5, 6", "(0..6)"],
    "string": ["-", '"A"', '"A", "B"', 'not("A")', 'not("B", "C")'],
    "boolean": ["-", "true", "false", "not(true)"],
    "number": ["-", "< 1", "[0..1)", "[1..2]", "> 2", "not([1..2])", "0, 3"],
    "date": ["-", 'date("2024-02-29")', '<= date("2024-02-28")', 'not(date("2024-02-29"))', '> date("2024-02-29")'],
    "time": ["-", '< time("12:00:00")', 'time("12:00:00")', 'not(time("08:00:00"))', '[time("12:00:00")..time("18:00:00"))'],
    "dateTime": [
        "-", "null", "not(null)", 'date and time("2024-01-01T08:00:00+08:00")', '> date and time("2024-01-01T00:00:00Z")',
        'not(date and time("2024-01-01T00:00:00Z"), null)',
    ],
    "dayTimeDuration": ["-", 'duration("P1D")', '> duration("PT24H")', '(duration("P1D")..duration("P2D"))'],
    "yearMonthDuration": ["-", 'duration("P1Y")', '< duration("P12M")', 'not(duration("P1Y"))'],
}  # fmt: skip


@st.composite
def tables(draw):
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3))
    rows = draw(st.lists(st.tuples(*(st.sampled_from(CELLS[kind]) for kind in kinds)), min_size=1, max_size=6))
    cells = [[read_test(row[at], kind) for row in rows] for at, kind in enumerate(kinds)]
    columns = [Column(read_values(DOMAINS[kind][0], kind), column) for kind, column in zip(kinds, cells, strict=True)]
    every = [tuple(map(key_of, point, kinds)) for point in product(*(DOMAINS[kind][1] for kind in kinds))]
    admits = [
        [all(key in cells[at][row] for at, key in enumerate(point)) for point in every] for row in range(len(rows))
    ]
    return kinds, columns, every, admits


@given(tables())
@settings(deadline=None)
def test_two_rows_overlap_exactly_where_a_value_hits_both(made):
    kinds, columns, every, admits = made
    found = {(earlier, later): place for earlier, later, place in overlaps(columns, len(admits))}
    for later, earlier in ((b, a) for b in range(len(admits)) for a in range(b)):
        both = [point for at, point in enumerate(every) if admits[earlier][at] and admits[later][at]]
        assert bool(both) == ((earlier, later) in found)
    for (earlier, later), place in found.items():
        example = tuple(map(key_of, place.example, kinds))
        at = every.index(example)
        assert admits[earlier][at]
        assert admits[later][at]


@given(tables())
@settings(deadline=None)
def test_the_gaps_are_exactly_the_values_that_no_row_admits(made):
    kinds, columns, every, admits = made
    found, finished = gaps(columns, len(admits), most=1000)
    assert finished
    for at, point in enumerate(every):
        missed = not any(row[at] for row in admits)
        inside = [all(key in part for key, part in zip(point, place.regions, strict=True)) for place in found]
        assert sum(inside) == missed  # in one gap exactly, or in none
    for place in found:
        assert tuple(map(key_of, place.example, kinds)) in every


@given(tables())
@settings(deadline=None)
def test_a_row_is_hidden_exactly_where_the_rows_above_admit_all_it_admits(made):
    _, columns, every, admits = made
    found = set(hidden(columns, len(admits)))
    for row in range(1, len(admits)):
        rest = [at for at in range(len(every)) if admits[row][at] and not any(admits[a][at] for a in range(row))]
        assert (row in found) == (not rest)


def test_the_rest_of_all_texts_and_null_are_values_like_others():
    column = Column(
        everything("string", null=True), [read_test('"A"', "string"), read_test('not("A", null)', "string")]
    )
    (gap,), finished = gaps([column], 2)
    assert finished
    assert gap.example == (None,)


def test_a_table_that_is_too_tangled_is_never_called_complete():
    draw = Random(1)
    cells = ["0, 1", "1, 2", "2, 3", "0, 3", "0, 2", "-"]
    rows = [[read_test(draw.choice(cells), "integer") for _ in range(30)] for _ in range(200)]
    rows.append([read_test("-", "integer")] * 30)
    columns = [Column(read_values("[0..3]", "integer"), [row[at] for row in rows]) for at in range(30)]
    found, finished = gaps(columns, len(rows))
    assert not found
    assert not finished
