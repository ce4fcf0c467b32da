"""The examples in the documents are true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.decisions import decide, load
from engine.effort import MAX_INPUT, MAX_STEPS
from engine.errors import ExpressionFailed, ExpressionRefused
from engine.expressions import MAX_SOURCE, compile, evaluate

DOCS = Path(__file__).parents[3] / "docs"


def blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / document).read_text("utf-8"), re.DOTALL | re.MULTILINE)


def examples() -> list[tuple[str, str]]:
    lines = blocks("expressions.md", "cel")[0].splitlines()
    return [(source.strip(), value) for source, value in (line.split("// → ") for line in lines)]


@pytest.mark.parametrize(("source", "value"), examples())
def test_an_expression_gives_what_the_document_says(source, value):
    (variables,) = blocks("expressions.md", "json")
    assert evaluate(compile(source), json.loads(variables)) == json.loads(value)


@pytest.mark.parametrize(
    "source",
    re.findall(
        r"^\| `([^`]+)` \| (?:`|one|the regular|zones|a list)",
        (DOCS / "expressions.md").read_text("utf-8"),
        re.MULTILINE,
    ),
)
def test_a_trap_is_refused_as_the_document_says(source):
    with pytest.raises((ExpressionRefused, ExpressionFailed)):
        evaluate(compile(source), {"a": "x", "votes_by_name": {"li": 1}, "t": "2024-09-09T00:00:00Z"})


def test_the_table_of_the_document_decides_as_it_says():
    (source,), (inputs,) = blocks("dmn.md", "xml"), blocks("dmn.md", "json")
    table = load(source.encode(), name="dmn.md")["fault_degree"]
    assert table.gaps == ()
    outcome = decide(table, json.loads(inputs))
    assert outcome.result == "GROSS_NEGLIGENCE"
    assert [(rule["number"], rule["id"], rule["source"]) for rule in outcome.rules] == [
        (2, "great_loss", "示例办法 4 PD")
    ]
    assert [(cell["name"], cell["cell"]) for cell in outcome.rules[0]["inputs"]] == [
        ("knew", "false"),
        ("party.loss", "> 5000000"),
    ]


def test_the_limits_are_those_of_the_document():
    text = (DOCS / "expressions.md").read_text("utf-8")
    for limit in (MAX_SOURCE, MAX_INPUT, MAX_STEPS):
        assert f"{limit:,}" in text
