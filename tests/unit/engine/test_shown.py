"""docs/bpmn.md says of every word what becomes of it and which test shows it, and says what is so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.engine import shown
from tests.unit.engine.drawing import diagram, element, user

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The document as the tests that are there now make it."""
    made = tmp_path_factory.mktemp("shown") / "bpmn.md"
    subprocess.run([sys.executable, "-m", "tests.unit.engine.shown", made], cwd=ROOT, check=True, timeout=120)
    return made.read_text("utf-8")


def test_every_word_has_a_test_that_shows_it(written):
    without = [line for line in written.splitlines() if "**no test**" in line]
    assert without == [], "mark a test with @pytest.mark.shows(word)"


def test_the_document_is_as_the_tests_make_it(written):
    assert shown.DOCUMENT.read_text("utf-8") == written, "run `make tables`"


def test_a_word_is_found_where_it_stands_and_nowhere_else():
    source = diagram(user("a", element("multiInstanceLoopCharacteristics"), wz_form="F"))
    for word in ("userTask", "userTask/multiInstanceLoopCharacteristics", "@wz:form", "userTask//@id"):
        assert shown.holds(source, word), word
    for word in (
        "manualTask",
        "process/multiInstanceLoopCharacteristics",
        "@form",
        "@camunda:form",
        "@implementation=other",
    ):
        assert not shown.holds(source, word), word


@pytest.mark.parametrize("value", ["true", "false"])
def test_another_value_of_an_attribute_is_told_from_one_that_is_carried_out(value):
    source = diagram(element("sequenceFlow", "a", isImmediate=value))
    assert shown.holds(source, "@isImmediate=other") == (value == "false")
