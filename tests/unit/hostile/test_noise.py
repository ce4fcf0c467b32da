"""Noise gives refusals with words, never another error."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import computing, decisions, expressions, kinds, markup, sfeel
from engine.errors import ArtefactRefused, ExpressionFailed, ExpressionRefused

PIECES = [
    "a", "vars", "x", "1", "2.5", "'t'", '"金"', "null", "true", "[", "]", "{", "}", "(", ")", ".", ",", ":", "?", "+", "-",
    "*", "/", "%", "!", "==", "<", ">=", "&&", "||", " in ", ".map(x, ", ".all(x, ", "has(", "size(", "timestamp(",
    "duration(", ".matches('", "'", '"', "\\", "b'", "u", "\n", "//", "type(", "int", "@", "金", "\x00", "\ud800", "`",
]  # fmt: skip
CELLS = [
    "-", '"A"', '"', "1", "2.5", "..", "[", "]", "(", ")", "<", ">=", ",", "not", "null", "true", "date(", 'date("2024-09-09")',
    "duration", '"P1D"', "金", "\\", " ", "x", "=", "“", "\x00", "\ud800",
]  # fmt: skip
TAGS = [
    b"<a>", b"</a>", b"<a ", b"/>", b"x='", b"'", b"&lt;", b"&#1;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"?>", b"x",
    b"<!DOCTYPE", b"xmlns:n='u'", b"<n:b/>", b"\xff", b"\x00", b"<?xml version='1.0'?>", b" ", b"\n",
    b"<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/'>", b"<decision id='d'>", b"<decisionTable>", b"<rule>",
    b"<input>", b"</definitions>", b"</decision>", b"</decisionTable>", b"</rule>", b"</input>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_an_expression_of_noise(source):
    with suppress(ExpressionRefused, ExpressionFailed):
        expressions.evaluate(expressions.compile(source), {"a": 1, "x": [1, {"b": "t"}]})


@given(
    st.lists(st.sampled_from(CELLS), max_size=10).map("".join) | st.text(max_size=30),
    st.sampled_from(get_args(kinds.Kind)),
)
@settings(max_examples=300, deadline=None)
def test_a_cell_of_noise(cell, kind):
    for read in (sfeel.read_test, sfeel.read_values, sfeel.read_literals, computing.read_output):
        with suppress(kinds.CellUnfit):
            read(cell, kind)


@given(st.lists(st.sampled_from(TAGS), max_size=14).map(b"".join) | st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_a_file_of_noise(source):
    with suppress(ArtefactRefused):
        markup.read(source, name="noise")
    with suppress(ArtefactRefused):
        decisions.load(source, name="noise")


def test_many_threads_compile_and_evaluate_at_once():
    def one(number: int) -> object:
        return expressions.evaluate(
            expressions.compile(f"rows.map(r, r + {number % 50}).size() + {number}"), {"rows": [1]}
        )

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(1000))) == [number + 1 for number in range(1000)]
