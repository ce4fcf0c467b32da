"""A tiny builder of decision tables for tests.

table(["amount: number"], ["level: string"], ['< 1000 | "A"', '>= 1000 | "B"'], policy="UNIQUE")

A column is `name: type`, perhaps with its allowed values after `=` and its default after `~`; a row is its cells between
bars. The source of each rule is filled in unless a row ends in `| @ text`.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from engine import decisions
from engine.decisions import Decision

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:wz="urn:wenze:bpmn:1" '
    'id="file" name="file" namespace="urn:test">\n'
)


def table(inputs: list[str], outputs: list[str], rows: list[str], **words: str) -> Decision:
    """Load a file with this table alone."""
    return decisions.load(dmn(decision(inputs, outputs, rows, **words)), name="test.dmn")["d"]


def dmn(*decisions: str) -> bytes:
    return (HEAD + "".join(decisions) + "</definitions>").encode()


def decision(
    inputs: list[str],
    outputs: list[str],
    rows: list[str],
    *,
    id: str = "d",
    policy: str = "UNIQUE",
    default: str = "",
    attributes: str = "",
    inside: str = "",
) -> str:
    name, _, aggregation = policy.partition("+")
    gather = f' aggregation="{aggregation}"' if aggregation else ""
    return (
        f'<decision id="{id}" name="决策">\n{inside}<decisionTable id="{id}_t" hitPolicy="{name}"{gather} {attributes}>\n'
        + "".join(map(_input, inputs))
        + "".join(_output(column, default) for column in outputs)
        + '<annotation name="source"/><annotation name="why"/><annotation name="why_en"/>\n'
        + "".join(_rule(number + 1, row, len(inputs)) for number, row in enumerate(rows))
        + "</decisionTable></decision>\n"
    )


def text(tag: str, content: str) -> str:
    return f"<{tag}><text>{escape(content)}</text></{tag}>"


def _column(column: str) -> tuple[str, str, str]:
    name, _, rest = column.partition(":")
    kind, _, allowed = rest.partition("=")
    return name.strip(), kind.strip(), allowed.strip()


def _input(column: str) -> str:
    name, kind, allowed = _column(column)
    values = text("inputValues", allowed) if allowed else ""
    expression = f"<inputExpression typeRef={quoteattr(kind)}><text>{escape(name)}</text></inputExpression>"
    return f"<input>{expression}{values}</input>\n"


def _output(column: str, default: str) -> str:
    column, _, own = column.partition("~")
    name, kind, allowed = _column(column)
    values = text("outputValues", allowed) if allowed else ""
    fallback = text("defaultOutputEntry", own.strip() or default) if own or default else ""
    return f"<output name={quoteattr(name)} typeRef={quoteattr(kind)}>{values}{fallback}</output>\n"


def _rule(number: int, row: str, inputs: int) -> str:
    row, _, source = row.partition("| @")
    cells = [cell.strip() for cell in row.split("|")]
    entries = "".join(text("inputEntry", cell) for cell in cells[:inputs])
    entries += "".join(text("outputEntry", cell) for cell in cells[inputs:])
    remarks = [source.strip() or f"测试办法 {number} PD", f"理由 {number}", f"reason {number}"]
    entries += "".join(text("annotationEntry", remark) for remark in remarks)
    return f'<rule id="r{number}">{entries}</rule>\n'


def expression(text: str, *, id: str = "e", name: str = "", kind: str = "", inside: str = "", source: str = "K") -> str:
    """A decision that is a literal expression; its variable is called like it."""
    declared = f" typeRef={quoteattr(kind)}" if kind else ""
    variable = f"<variable name={quoteattr(name or id)}{declared}/>"
    return (
        f'<decision id="{id}" name={quoteattr(name or id)}>{variable}{inside}'
        f'<literalExpression wz:source="{source}"><text>{escape(text)}</text></literalExpression></decision>\n'
    )


def given(name: str, kind: str, *, id: str = "") -> str:
    """Input data."""
    written = quoteattr(name)
    return (
        f'<inputData id="{id or "i_" + name.replace(" ", "_")}" name={written}>'
        f"<variable name={written} typeRef={quoteattr(kind)}/></inputData>\n"
    )


def requires(*hrefs: str) -> str:
    """Requirements: `i_…` for input data, other ids for decisions; `namespace#id` for what is imported."""
    return "".join(
        f"<informationRequirement><required{'Input' if href.rpartition('#')[2].startswith('i_') else 'Decision'} "
        f'href="{href if "#" in href else "#" + href}"/></informationRequirement>'
        for href in hrefs
    )
