"""A file that was right once and is mutilated is refused with words, or decides, or says why it cannot: nothing else.

`python -m tests.unit.engine_rules.test_mutations 100000` tries more of them.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from copy import deepcopy
from random import Random

import pytest
from lxml import etree

from engine import decisions
from engine.decisions import decide
from engine.errors import DecisionRefused, EngineError, Finding
from tests.unit.engine_rules.conformance import BEYOND, CASES, CELLS, COMPUTED

ROUNDS = 2_000
FILES = [case.source for case in CASES]
TEXTS = [row[1] for rows in (CELLS, COMPUTED, BEYOND) for row in rows] + [
    "",
    "n",
    "age",
    "*",
    "number",
    "string",
    "x" * 50,
]
VALUES = [
    "",
    "x",
    "#d",
    "#i_age",
    "string",
    "number",
    "boolean",
    "date",
    "COLLECT",
    "ANY",
    "MIN",
    "true",
    "age",
    "r",
    "d",
    "i_age",
]
INPUTS = [
    {"age": 18, "risk": "Low", "affordable": True, "loan": {"sum": 1, "rate": 0.1, "months": 2}, "A": None, "B": True},
    {"age": None, "risk": 5, "affordable": "x", "loan": 1, "status": "EMPLOYED", "Full Name": "张", "Monthly Salary": 1e300},
    {},
]  # fmt: skip


@pytest.mark.parametrize("part", range(4))
def test_a_mutilated_file_is_refused_or_decides(part):
    chance = Random(part)
    for number in range(ROUNDS // 4):
        for finding in tried(mutilated(chance, number)):
            assert finding.why
            assert finding.remedy
            assert finding.why_zh
            assert finding.remedy_zh


def tried(source: bytes) -> tuple[Finding, ...]:
    """Load a file and ask all its decisions; gives what is refused, and lets any error escape that has no words."""
    try:
        read = decisions.load(source, name="mutant")
    except DecisionRefused as refused:
        return refused.findings
    for decision in read.values():
        for inputs in INPUTS:
            with suppress(EngineError):
                decide(decision, inputs)
    return ()


def mutilated(chance: Random, number: int) -> bytes:
    """A file with a few of its parts changed."""
    root = etree.fromstring(FILES[number % len(FILES)])
    for _ in range(chance.randint(1, 4)):
        element = chance.choice(list(root.iter()))
        parent = element.getparent()
        match chance.randrange(6):
            case 0 if parent is not None:
                parent.remove(element)
            case 1 if parent is not None:
                parent.append(deepcopy(element))
            case 2:
                chance.choice(list(root.iter())).append(deepcopy(element))
            case 3 if element.attrib:
                element.set(chance.choice(list(element.attrib)), chance.choice(VALUES))
            case 4:
                element.text = chance.choice(TEXTS)
            case _:
                element.set(chance.choice(["typeRef", "hitPolicy", "name", "id", "href", "x"]), chance.choice(VALUES))
    return etree.tostring(root)


if __name__ == "__main__":
    more = Random(4)
    for at in range(int(sys.argv[1])):
        tried(mutilated(more, at))
