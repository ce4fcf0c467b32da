"""Diagrams as other tools save them: they open, and what is found is said at once, in words, on the right line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine import diagrams
from engine.errors import DiagramRefused, Finding
from tests.unit.engine import interchange
from tests.unit.engine.drawing import HEAD

SAYS: list[tuple[str, str, str, list[tuple[str, str]]]] = [
    (
        "bpmn.io",
        interchange.BPMN_IO,
        "Process_1",
        [
            ("process-not-executable", "Process_1"),
            ("condition-missing", "Flow_3"),
            ("dead-end", "Activity_2"),
            ("condition-missing", "Flow_4"),
        ],
    ),
    (
        "Camunda 7",
        interchange.CAMUNDA_7,
        "invoice",
        [
            ("extension-foreign", "start"),
            ("extension-foreign", "approve"),
            ("expression-malformed", "f3"),
            ("extension-foreign", "pay"),
            ("operation-missing", "pay"),
        ],
    ),
    (
        "Camunda 8",
        interchange.CAMUNDA_8,
        "order",
        [("operation-missing", "charge"), ("extension-foreign", "charge"), ("extension-foreign", "Message_1")],
    ),
    ("Signavio", interchange.SIGNAVIO, "sid-x1", [("process-not-executable", "sid-x1")]),
    (
        "Flowable",
        interchange.FLOWABLE,
        "leave",
        [
            ("extension-foreign", "start"),
            ("extension-foreign", "ask"),
            ("extension-foreign", "book"),
            ("operation-missing", "book"),
        ],
    ),
    (
        "jBPM",
        interchange.JBPM,
        "eval.review",
        [
            ("extension-foreign", "eval.review"),
            ("element-not-supported", "_po"),
            ("language-not-supported", "_x"),
            ("unreachable", "_x"),
            ("dead-end", "_x"),
        ],
    ),
    (
        "Activiti",
        interchange.ACTIVITI,
        "vacation",
        [
            ("extension-foreign", "alert"),
            ("extension-foreign", "script"),
            ("language-not-supported", "script"),
            ("extension-foreign", "mail"),
            ("operation-missing", "mail"),
        ],
    ),
    (
        "SpiffArena",
        interchange.SPIFF_ARENA,
        "hello",
        [("expression-malformed", "set"), ("extension-foreign", "show")],
    ),
    (
        "an ad-hoc sub-process and a number of participants",
        interchange.VISUAL_PARADIGM,
        "p1",
        [
            ("process-not-executable", "p1"),
            ("element-not-supported", "a1"),
            ("gateway-direction", "g1"),
            ("element-not-supported", "pa1"),
        ],
    ),
]


@pytest.mark.parametrize(("source", "process", "expected"), [row[1:] for row in SAYS], ids=[row[0] for row in SAYS])
def test_what_another_tool_wrote_is_told_whole(source, process, expected):
    found = refused(source, process)
    assert {(each.rule, each.element) for each in found} >= set(expected)
    assert process in diagrams.processes(source.encode(), name="d.bpmn")
    for each in found:
        assert each.why.endswith((".", "]"))
        assert each.remedy
        assert each.why_zh
        assert each.remedy_zh


@pytest.mark.parametrize(("source", "process", "expected"), [row[1:] for row in SAYS], ids=[row[0] for row in SAYS])
def test_each_finding_points_at_the_line_on_which_its_element_begins(source, process, expected):
    lines = source.splitlines()
    for rule, element in expected:
        found = next(each for each in refused(source, process) if (each.rule, each.element) == (rule, element))
        near = "\n".join(lines[max(0, (found.line or 0) - 3) : found.line])
        assert f'id="{element}"' in near, (rule, element, found.line)


def test_a_diagram_that_only_has_to_be_marked_as_executable_runs_then():
    marked = interchange.SIGNAVIO.replace('isExecutable="false"', 'isExecutable="true"')
    definition = diagrams.load({"d.bpmn": marked.encode()}, "sid-x1")
    assert [node.lane for node in definition.nodes] == ["sid-l1"] * 3
    assert {warning.rule for warning in definition.warnings} == {"extension-ignored"}


def test_a_file_without_a_process_says_so():
    with pytest.raises(DiagramRefused) as said:
        diagrams.processes(interchange.CHOREOGRAPHY.encode(), name="d.bpmn")
    assert [each.rule for each in said.value.findings] == ["process-none"]


def test_an_element_over_several_lines_is_found_where_it_begins():
    source = HEAD + '<process id="p">\n<userTask\n  id="a"\n  candidates="b"\n/>\n</process></definitions>'
    found = next(each for each in refused(source, "p") if each.rule == "attribute-unknown")
    assert source.splitlines()[(found.line or 0) - 1] == "<userTask"


def refused(source: str, process: str) -> Sequence[Finding]:
    with pytest.raises(DiagramRefused) as said:
        diagrams.load({"d.bpmn": source.encode()}, process)
    return said.value.findings
