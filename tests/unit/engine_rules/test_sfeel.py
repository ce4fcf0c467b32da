"""What a cell admits."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.computing import read_output
from engine.kinds import CellUnfit, Kind, key_of
from engine.regions import everything, sample, union
from engine.sfeel import read_literals, read_test


@pytest.mark.parametrize(
    ("cell", "kind", "inside", "outside"),
    [
        ("5", "number", [5, 5.0], [4, 5.1, None]),
        ("< 5", "number", [4.999, -(10**9)], [5, 6, None]),
        ("<= 5", "number", [5, 0], [5.0001]),
        ("> 5", "number", [5.0001], [5]),
        (">= 5", "number", [5], [4.9999]),
        ("[1..5]", "number", [1, 3.3, 5], [0.999, 5.001]),
        ("(1..5)", "number", [1.001, 4.999], [1, 5]),
        ("]1..5[", "number", [1.001, 4.999], [1, 5]),
        ("[1..5)", "number", [1, 4.999], [5]),
        ("0.1", "number", [0.1], [0.10000001]),
        ("-1, [10..20], > 100", "number", [-1, 10, 20, 101], [0, 9, 21, 100]),
        ("not(-1, [10..20])", "number", [0, 9.9, 20.1, None], [-1, 15]),
        ("not(null)", "number", [0], [None]),
        ("null, 3", "number", [None, 3], [4]),
        ("-", "number", [0, -5.5, None], []),
        ('"A"', "string", ["A"], ["a", "A ", "", None]),
        ('"A", "B"', "string", ["A", "B"], ["C", None]),
        ('not("A", "B")', "string", ["C", "", None], ["A", "B"]),
        ('not("A", null)', "string", ["C"], ["A", None]),
        ('"他说：\\"不\\""', "string", ['他说："不"'], ["他说"]),
        ('"\\u91d1\\n"', "string", ["金\n"], ["金"]),
        ('"a, b"', "string", ["a, b"], ["a", "b"]),
        ("true", "boolean", [True], [False, None]),
        ("not(true)", "boolean", [False, None], [True]),
        ("true, false", "boolean", [True, False], [None]),
        ('>= date("2024-09-09")', "date", ["2024-09-09", "2025-01-01"], ["2024-09-08", None]),
        ('[date("2024-01-01")..date("2024-12-31")]', "date", ["2024-02-29"], ["2025-01-01"]),
        ('< duration("PT36H")', "dayTimeDuration", ["P1D", "PT35H59M"], ["P1DT12H", "P2D"]),
        ('duration("P1Y6M")', "yearMonthDuration", ["P18M"], ["P1Y"]),
        ("< 5", "integer", [4, -1], [5]),
        ("(3..5)", "integer", [4], [3, 5]),
    ],
)
def test_a_cell_admits_what_it_says(cell, kind, inside, outside):
    region = read_test(cell, kind)
    assert [value for value in inside if key_of(value, kind) not in region] == []
    assert [value for value in outside if key_of(value, kind) in region] == []


@pytest.mark.parametrize(
    ("cell", "kind", "word"),
    [
        ("", "number", "empty"),
        ("abc", "string", "`abc`"),
        ("“A”", "string", "straight quotes"),
        ('"A" "B"', "string", "cannot stand here"),
        ('"A",', "string", "too early"),
        ('"A', "string", "cannot stand here"),
        ('< "A"', "string", "no order"),
        ("> true", "boolean", "no order"),
        ("[1..5", "number", "too early"),
        ("[5..1]", "number", "empty"),
        ("(3..4)", "integer", "empty"),
        ("[1,5]", "number", "cannot stand here"),
        ("> null", "number", "null"),
        ("1e3", "number", "cannot stand here"),
        ("5.5", "integer", "exactly"),
        ('"5"', "number", "not a number"),
        ("5", "string", "not a text"),
        ("true", "number", "not a number"),
        ('"2024-09-09"', "date", 'written date("2024-09-09")'),
        ('date("2024-02-30")', "date", "not a date"),
        ('date("2024-09-09")', "string", "not a text"),
        ('time("08:30:00+08:00")', "time", "not a time of day"),
        ('date("2024-09-09")', "dateTime", "not a moment"),
        ('[date and time("2024-01-01T00:00:00")..date and time("2024-01-02T00:00:00Z")]', "dateTime", "one end"),
        ('duration("P1Y")', "dayTimeDuration", "not a duration"),
        ('duration("PT1H")', "yearMonthDuration", "not a duration"),
        ('duration("P")', "dayTimeDuration", "not a duration"),
        ('duration("P1DT")', "dayTimeDuration", "not a duration"),
        ("not(-)", "number", "cannot stand here"),
        ("not(not(1))", "number", "cannot stand here"),
        ("not 1", "number", "cannot stand here"),
        ("x > 5", "number", "cannot stand here"),
        ("= 5", "number", "cannot stand here"),
        ("5 + 1", "number", "cannot stand here"),
        ("> amount", "number", "cannot stand here"),
        ("> 1 and < 3", "number", "cannot stand here"),
        ("99999999999999999999", "number", "exactly"),
        ("0.1000000000000000055511151231257827", "number", "exactly"),
        ("- 1", "number", "cannot stand here"),
        ('"\\q"', "string", "escape"),
        ('"\\u0000"', "string", "NUL"),
        ("１", "number", "cannot stand here"),
        ("not(true, false, null)", "boolean", "No value"),
        ("x" * 2001, "string", "2001"),
    ],
)
def test_another_cell_is_refused_with_the_reason_in_both_languages(cell, kind, word):
    with pytest.raises(CellUnfit) as unfit:
        read_test(cell, kind)
    assert word in str(unfit.value)
    assert unfit.value.zh.endswith("。")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("5", "number"),
        (True, "number"),
        (True, "integer"),
        (5.0, "integer"),
        (2**63, "integer"),
        (10**400, "number"),
        (float("inf"), "number"),
        (1, "boolean"),
        ("true", "boolean"),
        (5, "string"),
        (["A"], "string"),
        ("2024-9-9", "date"),
        ("2024-09-09T00:00:00Z", "date"),
        ("20240909", "date"),
        ("0000-01-01", "date"),
        ("２０２４-09-09", "date"),
        (20240909, "date"),
        ("36 hours", "dayTimeDuration"),
        ({}, "yearMonthDuration"),
        ("08:30:00Z", "time"),
        ("24:00:00", "time"),
        ("8:30", "time"),
        ("08:60", "time"),
        ("2024-09-09", "dateTime"),
        ("2024-09-09 08:30:00", "dateTime"),
        ("2024-09-09T08:30:00+15:00", "dateTime"),
        ("2024-09-09T08:30:00+08", "dateTime"),
        ("0001-01-01T00:00:00+08:00", "dateTime"),
        ("2024-02-30T08:30:00", "dateTime"),
    ],
)
def test_a_value_of_another_kind_is_refused_and_not_converted(value, kind):
    with pytest.raises(CellUnfit):
        key_of(value, kind)


@pytest.mark.parametrize(
    ("cell", "kind", "plain"),
    [
        ('"INTENT"', "string", "INTENT"),
        ("12", "number", 12),
        ("12.0", "number", 12),
        ("0.5", "number", 0.5),
        ("-3", "integer", -3),
        ("false", "boolean", False),
        ("null", "string", None),
        ('date("2024-09-09")', "date", "2024-09-09"),
        ('duration("P1DT12H")', "dayTimeDuration", "P1DT12H"),
    ],
)
def test_an_output_is_one_literal(cell, kind, plain):
    value = read_output(cell, kind).plain
    assert value == plain
    assert type(value) is type(plain)


@pytest.mark.parametrize("cell", ["", "-", "> 5", "[1..2]", "1, 2", "not(1)", "1 2"])
def test_an_output_is_nothing_else(cell):
    with pytest.raises(CellUnfit):
        read_output(cell, "number")


def test_the_allowed_values_of_an_output_keep_their_order():
    assert [value.plain for value in read_literals('"B", "A", null', "string")] == ["B", "A", None]


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 10), st.booleans(), st.booleans()), min_size=1))
@settings(deadline=None)
def test_a_set_its_text_and_its_inverse_agree_on_every_number(ranges):
    cell = ", ".join(f"{'[' if a else '('}{low}..{low + size + 1}{']' if b else ')'}" for low, size, a, b in ranges)
    region = read_test(cell, "number")
    again, inverse = read_test(region.text(), "number"), region.inverse()
    for quarter in range(-100, 140):
        key = Decimal(quarter) / 4
        admitted = any(
            (low <= key if a else low < key) and (key <= low + size + 1 if b else key < low + size + 1)
            for low, size, a, b in ranges
        )
        assert (key in region, key in again, key in inverse) == (admitted, admitted, not admitted)


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 10)), min_size=1))
@settings(deadline=None)
def test_integers_between_two_neighbours_do_not_exist(ranges):
    region = union([read_test(f"[{low}..{low + size}]", "integer") for low, size in ranges])
    split = read_test(", ".join(str(n) for low, size in ranges for n in range(low, low + size + 1)), "integer")
    assert region == split


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ("not(1)", "integer", "<= 0, >= 2, null"),
        ("(1..3)", "integer", "2"),
        ('> date("2024-01-01")', "date", '>= date("2024-01-02")'),
        ('not("A")', "string", 'not("A")'),
        ('not("A", null)', "string", 'not("A", null)'),
        ("not(null)", "boolean", "not(null)"),
        ("-", "string", "-"),
    ],
)
def test_a_set_is_told_as_sfeel(cell, kind, text):
    assert read_test(cell, kind).text() == text


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_sample_lies_inside(kind):
    for cell in ("-", "null"):
        region = read_test(cell, kind)
        assert key_of(sample(region), kind) in region
    assert sample(everything(kind)) is not None


@given(st.integers(-5, 5), st.integers(0, 5), st.booleans(), st.booleans())
@settings(deadline=None)
def test_a_sample_of_a_range_lies_inside(low, size, first, last):
    cell = f"{'[' if first else '('}{low}..{low + size + 1}{']' if last else ')'}"
    region = read_test(cell, "number")
    assert key_of(sample(region), "number") in region
