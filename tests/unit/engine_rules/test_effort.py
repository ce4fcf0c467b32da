"""The work of an expression is bounded before it is done."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.effort import MAX_STEPS, regex_size
from engine.errors import ExpressionFailed
from engine.expressions import compile, evaluate


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("rows.all(r, r >= 0)", True),
        ("rows.filter(r, r < 3).size()", 3),
        ("rows.map(r, {'n': r, 'name': '第' + string(r)}).size()", 1000),
        ("rows.exists(r, texts[0].contains('y'))", False),
        ("rows.map(r, r).map(r, [r, r]).size()", 1000),
        ("size(texts[0] + texts[0])", 20000),
        ("texts.filter(t, t.matches('^x+$')).size()", 20),
    ],
)
def test_ordinary_work_over_a_thousand_rows_is_done(source, value):
    rows = {"rows": list(range(1000)), "texts": ["x" * 10000] + ["x" * 100] * 19}
    assert evaluate(compile(source), rows) == value


@pytest.mark.parametrize(
    "source",
    [
        "rows.map(r, r).size()",  # the library copies the list in each round
        "rows.all(r, size(rows + rows) > 0)",
        "rows.all(r, rows == rows)",
        "rows.all(r, !(-1 in rows))",
        "rows.all(r, text.contains('yy'))",
        "rows.all(r, text.matches('(x?){30}y'))",
        "rows.all(r, size(text) > 0)",
        "rows.all(r, size(text + text) > 0)",
        "rows.exists(r, [" + ", ".join(["r"] * 200) + "].size() < 0)",
        "rows.all(r, rows.all(s, s >= 0))",
        "[rows]" + ".map(x, [x, x])" * 25,
        "['ab']" + ".map(x, x + x + x + x)" * 12,
        "[" + ", ".join([" + ".join(["text"] * 25)] * 15) + "].size()",
        "text.matches('" + "(x?)" * 500 + "')",
    ],
)
def test_a_bomb_is_refused_before_it_goes_off(source):
    with pytest.raises(ExpressionFailed) as failed:
        evaluate(compile(source), {"rows": list(range(9000)), "text": "x" * 1_000_000})
    assert failed.value.facts["reason"] == "too-much-work"


def test_the_same_expression_is_weighed_anew_with_each_values():
    grows = compile("rows.map(r, rows.map(s, s))")
    assert evaluate(grows, {"rows": [1, 2]}) == [[1, 2], [1, 2]]
    with pytest.raises(ExpressionFailed):
        evaluate(grows, {"rows": list(range(1500))})


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        ("abc", 3),
        ("a{100}", 100),
        ("(ab){50}", 100),
        ("((a?){30}){30}", 900),
        ("[^x]{100}", 100),
        (r"\pL{10}", 10_000),
        (r"\p{Han}{10}", 10_000),
        (r"(\pL|\pN){5}", 10_000),
        ("a{2}{3}{4}", 24),
        ("(a{1000}){1000}", 1_000_000),
        ("[[:alpha:]]{50}", 50),
    ],
)
def test_counted_repetitions_multiply_what_they_repeat(pattern, least):
    assert regex_size(pattern) >= least


@given(st.text(alphabet="ab()[]{}\\,0123456789pL?*+.^|", max_size=40))
@settings(deadline=None)
def test_every_text_has_a_size_between_its_length_and_the_limit(pattern):
    literals = len(re.sub(r"[^ab]", "", re.sub(r"\[.*", "", re.sub(r"\\.?", "", pattern))))
    assert min(literals, MAX_STEPS) <= regex_size(pattern) <= MAX_STEPS
